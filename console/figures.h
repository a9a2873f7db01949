/*
 * Figures over time: what the core counts, looked at once a minute and kept in rings of three steps, so that
 * the last day is there by the minute and the last fifteen months by the hour. Inside console/.
 */
#pragma once

#include "console/operations.h"

enum figure {
	FIGURE_REGISTRATION_REQUESTS, /* TS 28.552 RM.RegInitReq, RM.RegMobReq, RM.RegPeriodReq */
	FIGURE_REGISTRATIONS,
	FIGURE_REGISTRATION_TIMES, /* RM.RegTimeMean: how many, and of all together */
	FIGURE_REGISTRATION_US,
	FIGURE_SESSION_REQUESTS, /* SM.PduSessionCreationReq */
	FIGURE_SESSIONS_CREATED,
	FIGURE_SESSION_TIMES,
	FIGURE_SESSION_US,
	FIGURE_UES_REGISTERED, /* of these, to FIGURE_ADDRESSES, the samples' sum is kept */
	FIGURE_UES_CONNECTED,
	FIGURE_SESSIONS,
	FIGURE_ADDRESSES_IN_USE,
	FIGURE_ADDRESSES,
	FIGURE_MOBILITY_REQUESTS, /* RM.RegMobReq; places in the store: never renumber */
	FIGURE_MOBILITY_UPDATES,
	FIGURE_PERIODIC_UPDATES, /* RM.RegPeriodSucc */
	FIGURE_HANDOVERS,        /* N2 handovers that gNBs required, and UEs that arrived by them */
	FIGURE_HANDOVERS_DONE,
	FIGURES
};

/* A step of a ring. */
struct figure_step {
	uint64_t utc_s;   /* its beginning */
	uint32_t samples; /* 0: there is none */
	uint32_t known;   /* so many of the values: steps of versions before have fewer */
	uint64_t values[FIGURES];
};

static inline bool figure_is_level(size_t figure)
{
	return figure >= FIGURE_UES_REGISTERED && figure <= FIGURE_ADDRESSES;
}

enum figure_ring { FIGURES_MINUTES, FIGURES_TENS, FIGURES_HOURS, FIGURE_RINGS };
extern const uint32_t figure_step_s[FIGURE_RINGS];

/* What the step that utc_s is in has; false: it is not kept. */
MUST_USE bool figures_get(struct console *c, enum figure_ring ring, uint64_t utc_s, struct figure_step *out);
