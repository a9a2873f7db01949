/*
 * A model of the physical layer beneath radio/l1.h: one cell and its UEs, slot by slot, without a sample.
 * What is lost is drawn by curves that our own receivers were measured by, in white noise at an SNR for each
 * UE; HARQ combines, who sends into one place is noise to the other. Slots in which nobody has anything to
 * send, await or look for are left out, which changes nothing but the time it takes. It is a library for
 * whoever has the clock; its chance is of a seed.
 */
#pragma once

#include "base/env.h"
#include "gnb/du/room.h"
#include "ue/air.h"

enum { L1_UES_MAX = 1024, L1_GNB = L1_UES_MAX /* for the number of a UE: the gNB */ };

struct l1_way {
	double snr_db;  /* of a resource element, both ways */
	double delay_s; /* each way */
};

struct l1_air_config {
	uint64_t seed;
	uint32_t ues_max;
	void *arg;
	/* A UE, or L1_GNB, was run: what it wants sent may leave. NULL: whoever runs it knows. */
	void (*ran)(void *arg, uint32_t ue);
	struct env *env; /* whose clock it goes by */
};

struct l1_air;

/* NULL: no memory, or more UEs than there may be. */
MUST_USE struct l1_air *l1_air_new(const struct l1_air_config *c);
void l1_air_free(struct l1_air *a);

/* For the configuration of the DU's room and of a UE's host, by_slots and l1_wake with it: then they are
 * joined. Both must outlive the air. */
void l1_air_gnb(struct l1_air *a, struct du_room_config *c);
void l1_air_ue(struct l1_air *a, uint32_t ue, const struct l1_way *way, struct ue_air_config *c);
void l1_air_join_gnb(struct l1_air *a, struct du_room *du);
void l1_air_join_ue(struct l1_air *a, uint32_t ue, struct ue_host *host);

/* From now on it hears nothing and is not heard, or as before. */
void l1_air_set_silent(struct l1_air *a, uint32_t ue, bool silent);
/* Another SNR and delay. */
void l1_air_set_way(struct l1_air *a, uint32_t ue, const struct l1_way *way);

/* When the next slot begins that must be run; NEVER: none. */
MUST_USE uint64_t l1_air_next_ns(const struct l1_air *a);
/* That slot, when its time has come: none is left out that must be run, however late it is. */
void l1_air_run(struct l1_air *a);

/* The nth transport block from now on is lost, however often it is sent. */
void l1_air_lose(struct l1_air *a, uint32_t nth);

/* Slots that were run, and those of UEs; transport blocks sent for the first time, either way. */
enum l1_stat { L1_STAT_SLOTS, L1_STAT_UE_SLOTS, L1_STAT_BLOCKS, L1_STATS };
MUST_USE uint64_t l1_air_stat(const struct l1_air *a, enum l1_stat s);
