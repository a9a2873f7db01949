/*
 * A UE below its NAS (TS 38.300): RRC, SDAP, PDCP, RLC, MAC and the physical layer over a stream of samples.
 * Its RRC speaks to the NAS; packets of DRBs go in and come out here.
 */
#pragma once

#include "radio/sdap/sdap.h"
#include "ue/phy/stream.h"
#include "ue/rrc/connection.h"

/* Where it camps: as SIB1 says of the PLMN that was looked for. */
struct ue_stack_cell {
	const struct ue_found *found;
	uint64_t nci;
	struct tai tai;
};

struct ue_stack_config {
	struct env *env;
	struct ue_rrc_upper upper; /* the NAS */
	struct ue_stream_config stream;
	struct ue_phy_radio radio; /* in place of the stream; its self NULL: there is none */
	uint16_t band;
	struct plmn plmn; /* that it looks for: cells of others are not suitable (38.304 4.5) */
	void *arg;
	uint32_t (*random)(void *arg);
	/* A packet of a PDU session. */
	void (*packet)(void *arg, uint8_t psi, uint8_t qfi, struct bytes packet);
	/* Before it: RQI was set (37.324 5.4). NULL: nobody wants to know. */
	void (*reflective_qos)(void *arg, uint8_t psi, uint8_t qfi, struct bytes packet);
	/* A suitable cell was found, or, NULL, none was, or it was left. */
	void (*camped)(void *arg, const struct ue_stack_cell *cell);
};

struct ue_stack;

/* NULL: out of memory. */
MUST_USE struct ue_stack *ue_stack_new(const struct ue_stack_config *c);
void ue_stack_free(struct ue_stack *s);

struct ue_stack_state {
	bool camped;
	uint16_t pci;
	struct ue_stream_state radio;
	uint64_t stat[UE_PHY_STATS]; /* since it came into the cell */
};
struct ue_stack_state ue_stack_state(const struct ue_stack *s);

/* What a radio in place of the stream has to tell. Between slots it may leave out all that come before the
 * deadline and in which it has nothing for this UE; 0: none. Whoever calls into the stack meanwhile says what
 * time it is first. */
struct ue_stream_upper ue_stack_upper(struct ue_stack *s);
MUST_USE uint64_t ue_stack_deadline_ns(const struct ue_stack *s);
void ue_stack_now(struct ue_stack *s, uint64_t now_ns);

/* By what it is paged while idle; NULL: by nothing. */
void ue_stack_paged_as(struct ue_stack *s, const struct s_tmsi *s_tmsi);
struct ue_rrc_connection *ue_stack_rrc(struct ue_stack *s);
/* n samples came, and as many go. */
void ue_stack_run(struct ue_stack *s, const struct phy_cf *in, struct phy_cf *out, size_t n);
/* False: the session has no DRB for the flow, or there is no memory. */
MUST_USE bool ue_stack_send(struct ue_stack *s, uint8_t psi, uint8_t qfi, struct bytes packet);
