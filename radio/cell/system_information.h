/* When system information other than SIB1 is sent: SI-SchedulingInfo of SIB1 (38.331 5.2.2.3.2). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct rrc_si_scheduling_info;

enum {
	CELL_SI_MESSAGES_MAX = 32, /* maxSI-Message */
	CELL_SIB6 = 1 << 6,
	CELL_SIB7 = 1 << 7,
	CELL_SIB8 = 1 << 8,
	CELL_SIB_WARNINGS = CELL_SIB6 | CELL_SIB7 | CELL_SIB8,
};

struct cell_si {
	uint16_t window_slots;
	uint8_t n;
	struct {
		uint16_t period; /* frames */
		uint16_t sibs;   /* bit i: SIB i, of those up to SIB9 that are broadcast now */
	} message[CELL_SI_MESSAGES_MAX];
};

/* NULL: there is none, nor of values that are no window or period. */
void cell_si_read(struct cell_si *out, const struct rrc_si_scheduling_info *in);

/* Whether this slot of the frame is in a window of SI message i. */
bool cell_si_in_window(
	const struct cell_si *s, unsigned i, unsigned sfn, unsigned slot, unsigned frame_slots);

/* The SIBs that may come in this slot. */
uint16_t cell_si_sibs(const struct cell_si *s, unsigned sfn, unsigned slot, unsigned frame_slots);
