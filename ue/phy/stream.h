/*
 * A UE's physical layer over a stream of samples, one antenna each way: a cell is searched for, then followed
 * - its slots cut out, frequency and timing tracked by its SS/PBCH blocks - and uplink is sent by its timing,
 * earlier by what the timing advance says. For each sample that comes one goes.
 */
#pragma once

#include "ue/phy/cell_search.h"
#include "ue/phy/ue_phy.h"

enum {
	UE_STREAM_AHEAD = 3,      /* slots: uplink is made so much ahead, or a slot more than it is given */
	UE_STREAM_SEARCH_MS = 60, /* of samples that a search looks at: SIB1 comes every 20 */
	UE_STREAM_PAUSE_MS = 100, /* after one in vain: it costs more than following a cell */
	UE_STREAM_BLOCK_OCTETS = 40000, /* of the largest transport block either way */
};

struct ue_stream_config {
	double rate_hz;
	uint64_t downlink_hz; /* what it is tuned to; uplink: the middle of the cell's carrier */
	/* Uplink is given so many samples before those that come at its time; less than a whole number of
	 * slots, six at most, by the timing advance at least: with three the slot is made when the fourth
	 * before it has come, so K1 and K2 are 4 or more. The first of them are the caller's to send. */
	size_t ahead;
};

/* An SS/PBCH block: of a resource element the power and that of noise, in units of power.h. */
struct ue_stream_block {
	float power, noise;
};

struct ue_stream_upper {
	void *arg;
	ue_cell_suitable_fn *suitable;
	/* Such a cell was found: the answer is the UE in it (ue_phy_new over ue_stream_l1()), which is the
	 * caller's. */
	struct ue_phy *(*found)(void *arg, const struct ue_found *f);
	/* Nothing was; the search goes on. */
	void (*not_found)(void *arg, const struct ue_found *best);
	/* A slot begins, or while none is followed a millisecond: timers, what waits to be sent. Time goes on
	 * from one cell to the next. */
	void (*slot)(void *arg, uint64_t now_ns);
	/* What came in it is taken; what is sent ahead is not made yet. */
	void (*received)(void *arg);
	/* An SS/PBCH block was heard, or, NULL, was not (38.133 8.1: in sync, out of sync); one that tells
	 * another time than the cell had is none of it. */
	void (*sync)(void *arg, const struct ue_stream_block *heard);
};

struct ue_stream;

/* NULL: out of memory. */
MUST_USE struct ue_stream *ue_stream_new(
	const struct ue_stream_config *c, const struct ue_stream_upper *upper);
void ue_stream_free(struct ue_stream *s);

/* n samples came, and as many go; out may be in. */
void ue_stream_run(struct ue_stream *s, const struct phy_cf *in, struct phy_cf *out, size_t n);

/* The cell is given up: the UE in it is called no more, and with the samples to come one is searched for. */
void ue_stream_search(struct ue_stream *s);

struct l1_ue ue_stream_l1(struct ue_stream *s);
/* N_TA of 38.211 4.3.1. */
void ue_stream_advance(struct ue_stream *s, uint32_t tc);

struct ue_stream_state {
	bool found;
	float snr_db;
	double cfo_hz;
	uint32_t advance_tc;
};
struct ue_stream_state ue_stream_state(const struct ue_stream *s);

/* What a stack has beneath it besides what it is told (struct ue_stream_upper): a stream of samples, or
 * another that does the same (slots.h). */
struct ue_phy_radio {
	void *self; /* NULL: there is none */
	struct l1_ue l1;
	void (*advance)(void *self, uint32_t tc); /* N_TA of 38.211 4.3.1 */
	void (*search)(void *self);               /* as ue_stream_search() */
	struct ue_stream_state (*state)(void *self);
};
struct ue_phy_radio ue_stream_radio(struct ue_stream *s);
