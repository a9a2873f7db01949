/*
 * Uplink timing (38.213 4.2): Timing Advance Commands that keep what is heard of a UE where a slot begins. A
 * UE of which nothing is heard for a while gets one that changes nothing, for its answer: without any it is
 * lost (du_ue_heard()).
 */
#include <math.h>

#include "gnb/du/parts.h"

enum {
	TA_NO_CHANGE = 31,
	TA_MAX = 63,
	SAMPLES_MIN = 4,
	SETTLES_MS = 100, /* until a command shows in what is filtered */
	QUIET_MS = 2000,  /* of which nothing was heard */
	AGAIN_MS = 200,   /* while nothing is */
};

/* Paths come a little late, so that none is early: a sample of the next symbol's prefix in the transform's
 * window is noise at -26 dB of 5 MHz. Nearly a step more or less is left alone. */
#define WANTED_S 0.4e-6f
#define STEPS    0.8f
#define FILTER   0.125f

static float step_s(const struct du *d)
{
	return 16.0f * 64.0f / (float)(1u << d->cell.cell.mu) / (480e3f * 4096.0f);
}

void du_timing_heard(struct du_cell_ue *u, float delay_s)
{
	struct du_timing *t = &u->timing;

	if (!isfinite(delay_s))
		return;
	t->late_s += t->samples > 0 ? FILTER * (delay_s - t->late_s) : delay_s - t->late_s;
	t->samples += t->samples < SAMPLES_MIN;
}

/* How many steps earlier it is to send, in a command. */
static uint8_t correct(struct du *d, struct du_timing *t)
{
	float steps = (t->late_s - WANTED_S) / step_s(d);
	long command;

	if (t->samples < SAMPLES_MIN || d->now_ns < t->next_ns || fabsf(steps) < STEPS)
		return TA_NO_CHANGE;
	command = TA_NO_CHANGE + lroundf(steps);
	command = command < 0 ? 0 : command > TA_MAX ? TA_MAX : command;
	t->late_s -= (float)(command - TA_NO_CHANGE) * step_s(d);
	t->next_ns = d->now_ns + SETTLES_MS * UINT64_C(1000000);
	return (uint8_t)command;
}

void du_timing_run(struct du *d, struct du_cell_ue *u)
{
	uint8_t command = u->configured ? correct(d, &u->timing) : TA_NO_CHANGE;
	bool quiet = d->now_ns >= u->timing.probe_ns;

	if (command == TA_NO_CHANGE && !quiet)
		return;
	u->timing.probe_ns = d->now_ns + (quiet ? AGAIN_MS : QUIET_MS) * UINT64_C(1000000);
	du_timing_advance(u->mac, (struct mac_timing_advance){ 0, command });
	d->stat[command == TA_NO_CHANGE ? DU_STAT_PROBES : DU_STAT_TIMING_ADVANCES]++;
}

void du_timing_alive(const struct du *d, struct du_cell_ue *u)
{
	u->timing.probe_ns = d->now_ns + QUIET_MS * UINT64_C(1000000);
}
