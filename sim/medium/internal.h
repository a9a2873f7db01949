/* Inside the medium: what waits of a UE, and what is moved. */
#pragma once

#include "radio/phy/signals/sequence.h"
#include "sim/channel/channel.h"
#include "sim/medium/medium.h"

enum {
	MEDIUM_CHUNK = 1 << 15,       /* samples moved at once */
	MEDIUM_PACES_A_SECOND = 2000, /* pieces in which samples leave in real time */
	MEDIUM_BEHIND_MS = 10,        /* what is later than this is not caught up */
};

enum medium_stat { MEDIUM_STAT_DOWNLINK, MEDIUM_STAT_UPLINK, MEDIUM_STAT_LOST, MEDIUM_STAT_COUNT };
enum medium_gauge { MEDIUM_GAUGE_GNB, MEDIUM_GAUGE_UES, MEDIUM_GAUGE_COUNT };

/* Samples are numbered as the gNB hears them. */
struct medium_ue {
	bool joined;
	float gain; /* of its uplink: what the noise is, is the gNB's */
	struct channel *downlink, *uplink;
	uint64_t next;  /* number of the first that waits */
	size_t at, len; /* those that wait, in the queue */
	struct phy_cf *queue;
};

struct medium {
	struct medium_config config;
	struct env *env;
	bool gnb_joined;
	uint64_t given, heard; /* samples of the gNB, and those that it was given */
	uint64_t pace_ns, pace_heard;
	struct channel *noise;
	struct medium_ue ues[MEDIUM_UES_MAX];
	struct phy_cf sum[MEDIUM_CHUNK], part[MEDIUM_CHUNK];
	uint64_t stat[MEDIUM_STAT_COUNT], gauge[MEDIUM_GAUGE_COUNT];
};

/* The channels of one of the UEs, and of the gNB's receiver; NULL for what they cannot be, or when memory is
 * out. */
struct channel_config medium_channel(
	const struct medium_config *c, const struct medium_ue_config *ue, bool uplink);
struct channel_config medium_noise(const struct medium_config *c);

/* uplink.c: what waits, and what moves to the gNB as far as all who are there let it. */
void medium_uplink_put(struct medium *m, struct medium_ue *ue, const struct phy_cf *in, size_t n);
/* The gNB begins anew: what it has not heard it hears from 0 on. */
void medium_uplink_restart(struct medium *m);
void medium_uplink_move(struct medium *m);
/* When it may move further; NEVER: it waits for samples. */
uint64_t medium_uplink_next_ns(const struct medium *m);
