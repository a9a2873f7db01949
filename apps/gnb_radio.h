/* Below the CU-CP of a gNB process: a CU-UP, and a DU a cell; joined by wires, to UEs by samples, to UPFs by
 * UDP. */
#pragma once

#include "gnb/cuup/room.h"
#include "gnb/du/room.h"
#include "io/bind.h"
#include "ops/network.h"

enum { GNB_RADIO_CUUP_PORT = 128 /* of the CU-UP, apart from those of the gNB */ };

struct gnb_radio {
	struct cuup_room *cuup;
	size_t count;
	struct du_room *dus[GNB_CELLS_MAX];
};

/* False, said on stderr. gnb and env must outlive it; N3 of the CU-UP is the caller's to bind. */
MUST_USE bool gnb_radio_begin(struct gnb_radio *r, struct bind *bind, struct env *env, const struct room *gnb,
	const struct network_gnb *n);
/* A DU's end of F1. */
bool gnb_radio_is_f1(uint16_t port);
void gnb_radio_end(struct gnb_radio *r);
void gnb_radio_figures(struct gnb_radio *r, struct stats_list *l);
