/*
 * The radio medium between a gNB and UEs that are joined to it by streams of samples, as a room with a port
 * for each. The gNB's samples reach each UE through a channel of its own; what the UEs send goes through
 * theirs, adds up, and meets the noise of the gNB's receiver. All keep step by the numbers of the samples:
 * what the UE sends with the n-th that it heard reaches the gNB with the n-th after the UE came. Who is not
 * there is silent; who is there is waited for. Without a gNB nothing moves.
 */
#pragma once

#include "base/config.h"
#include "base/env.h"
#include "base/stats.h"

enum {
	MEDIUM_UES_MAX = 8,
	MEDIUM_PORT_GNB = 0,
	MEDIUM_PORT_UE = 1, /* the first; the others follow */
	MEDIUM_PORTS = MEDIUM_PORT_UE + MEDIUM_UES_MAX,
	MEDIUM_AHEAD_MAX = 1 << 19, /* samples of a UE that wait for others; more are lost */
};

/* How an end is joined, seen from here. */
struct medium_end {
	struct addr transmit_address; /* where its receiver asks us for what it hears */
	struct addr receive_address;  /* where we ask its transmitter */
	uint16_t transmit_port, receive_port;
};

struct medium_ue_config {
	struct medium_end end;
	double snr_db;   /* of a resource element as it is sent with level_db, both ways */
	uint8_t profile; /* enum channel_profile */
	uint32_t delay_spread_ns, doppler_hz;
	uint16_t delay_samples; /* each way, beside the CHANNEL_LATENCY that there is anyway */
	double cfo_hz; /* the UE's oscillator is so much too low: it hears higher, and is heard lower */
};

struct medium_config {
	struct medium_end gnb;
	uint8_t ue_count;
	struct medium_ue_config ues[MEDIUM_UES_MAX];
	uint32_t rate_hz; /* samples a second */
	double level_db;  /* mean power of a resource element as gNB and UEs send it */
	uint64_t seed;
	bool realtime; /* no faster than the clock */
};

/* Without addresses, ports and rate where they are not told: medium_config_complete() gives those that are
 * left and checks all. False with what is wrong, and where. */
extern const struct config_section medium_config_section;
MUST_USE bool medium_config_complete(struct medium_config *c, struct config_doubt *doubt);

extern const struct stat_group medium_stat_group, medium_gauge_group;

struct medium;

/* c is copied, and must be complete. NULL: memory is out. */
MUST_USE struct medium *medium_new(const struct medium_config *c, struct env *env);
void medium_free(struct medium *m);
struct room medium_room(struct medium *m);
/* Valid until the next call. */
void medium_figures(struct medium *m, struct stats_list *l);
