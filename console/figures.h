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
	FIGURE_LEVELS, /* of these the samples' sum is kept */
	FIGURE_UES_REGISTERED = FIGURE_LEVELS,
	FIGURE_UES_CONNECTED,
	FIGURE_SESSIONS,
	FIGURE_ADDRESSES_IN_USE,
	FIGURE_ADDRESSES,
	FIGURES
};

/* A step of a ring. */
struct figure_step {
	uint64_t utc_s;   /* its beginning */
	uint32_t samples; /* 0: there is none */
	uint64_t values[FIGURES];
};

enum figure_ring { FIGURES_MINUTES, FIGURES_TENS, FIGURES_HOURS, FIGURE_RINGS };
extern const uint32_t figure_step_s[FIGURE_RINGS];

/* What the step that utc_s is in has; false: it is not kept. */
MUST_USE bool figures_get(struct console *c, enum figure_ring ring, uint64_t utc_s, struct figure_step *out);
