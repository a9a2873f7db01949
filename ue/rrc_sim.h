/* What the files over the simulated link share: link.c below, then mobility.c, then rrc_sim.c. */
#pragma once

#include "radio/uu.h"
#include "radio/uu_rrc.h"
#include "ue/rrc.h"

/* Where the UE comes from and where it goes. */
struct ue_move {
	struct timer timer;  /* T304, then T301 */
	struct timer repeat; /* what it sends, until it hears something */
	struct ue *ue;
	bool returning;
	struct ue_as source_as;
	struct addr source;
	struct ue_reconfiguration target;
};

/* link.c */
uint32_t ue_link_index(const struct ue *ue);
bool ue_rrc_send(struct ue *ue, const struct uu_rrc_msg *m);
void ue_link_send(struct ue *ue, enum uu_link what);
void ue_move_end(struct ue *ue);
/* The connection ends, of itself. */
void ue_link_end(struct ue *ue);
/* The same, reported as a failure. */
void ue_link_failed(struct ue *ue);

/* mobility.c */
void ue_as_begin(struct ue *ue, uint8_t ia);
void ue_rrc_reconfigured(struct ue *ue, struct bytes rrc);
void ue_rrc_reestablished(struct ue *ue, uint8_t ncc);
/* A message of the present cell has come. */
void ue_move_heard(struct ue *ue);
/* It has said that it does not have the UE; false: that is no matter of a move. */
bool ue_move_refused(struct ue *ue);
