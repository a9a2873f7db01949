/* The DUs of a gNB process: one a cell, joined to the gNB by wires, to UEs by samples. */
#pragma once

#include "gnb/du/room.h"
#include "io/bind.h"
#include "ops/network.h"

struct gnb_radio_dus {
	size_t count;
	struct du_room *dus[GNB_CELLS_MAX];
};

/* False, said on stderr. gnb and env must outlive it. */
MUST_USE bool gnb_radio_begin(struct gnb_radio_dus *r, struct bind *bind, struct env *env,
	const struct room *gnb, const struct network_gnb *n);
/* A DU's end of F1. */
bool gnb_radio_is_f1(uint16_t port);
void gnb_radio_end(struct gnb_radio_dus *r);
void gnb_radio_figures(struct gnb_radio_dus *r, struct stats_list *l);
