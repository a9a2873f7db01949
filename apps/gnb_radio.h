/* Below the CU-CP of a gNB that is whole: a CU-UP, and a DU a cell; joined by wires, to UEs by samples, to
 * UPFs by UDP. And what of them is the same where they are processes. */
#pragma once

#include "gnb/cuup/room.h"
#include "gnb/du/room.h"
#include "io/bind.h"
#include "ops/network.h"
#include "ops/process_thread.h"

enum { GNB_RADIO_CUUP_PORT = 128 /* of the CU-UP, apart from those of the gNB */ };

struct gnb_radio_du {
	struct du_room *room;
	struct process_thread thread; /* where its samples come from a device: they do not wait */
	char name[NETWORK_NAME_SIZE + 16];
};

struct gnb_radio {
	struct cuup_room *cuup;
	size_t count;
	struct gnb_radio_du dus[GNB_CELLS_MAX];
};

/* What is above. */
struct gnb_radio_upper {
	struct process *p;
	struct bind *bind;
	struct env *env;
	struct room gnb;
	bool traced; /* what DUs do is written down as it happens: they stay in the process's thread */
};

/* False, said on stderr. gnb and env must outlive it; N3 of the CU-UP is the caller's to bind. */
MUST_USE bool gnb_radio_begin(
	struct gnb_radio *r, const struct gnb_radio_upper *upper, const struct network_gnb *n);
void gnb_radio_end(struct gnb_radio *r);
void gnb_radio_figures(struct gnb_radio *r, struct stats_list *l);

/* Of the gNB: all but env, identity, addresses and ports. */
struct cuup_room_config gnb_radio_cuup_of(const struct network_gnb *n);
/* Of a cell of it: all but env, addresses and ports. */
struct du_room_config gnb_radio_du_of(const struct network_gnb *n, const struct network_cell *cell);
/* What the samples of its cells ask of the kernel: SANDBOX_... */
uint32_t gnb_radio_may(const struct network_gnb *n);
/* A DU's samples: by its cell's device, or TCP. False, said. */
MUST_USE bool gnb_radio_bind_samples(
	struct bind *bind, struct du_room *du, uint16_t port, const struct network_cell *cell);
