/* GPRS timers (TS 24.008 clauses 10.5.7.3, 10.5.7.4, 10.5.7.4a). */
#include "wire/nas/nas.h"

enum { UNIT_SHIFT = 5, VALUE_MASK = 31, DEACTIVATED = 0xe0 };

/* Seconds of each unit; 0 for deactivated. Unassigned units of timer 2 are minutes. */
static const uint32_t timer2_units[8] = { 2, 60, 360, 60, 60, 60, 60, 0 };
static const uint32_t timer3_units[8] = { 600, 3600, 36000, 2, 30, 60, 1152000, 0 };

static uint32_t seconds(const uint32_t *units, uint8_t value)
{
	uint32_t unit = units[value >> UNIT_SHIFT];

	return unit ? unit * (value & VALUE_MASK) : NAS_TIMER_DEACTIVATED;
}

/* The smallest of all values not below s; the greatest there is when none reaches it. */
static uint8_t value_of(const uint32_t *units, uint32_t s)
{
	uint8_t best = 0;
	uint32_t best_s = 0;

	if (s == NAS_TIMER_DEACTIVATED)
		return DEACTIVATED;
	for (unsigned unit = 0; unit < 7; unit++) {
		uint32_t n = s / units[unit] + (s % units[unit] != 0);
		uint32_t got = (n > VALUE_MASK ? VALUE_MASK : n) * units[unit];
		bool reaches = got >= s, best_reaches = best_s >= s && unit > 0;

		if (unit == 0 || (reaches && (!best_reaches || got < best_s)) ||
			(!best_reaches && got > best_s)) {
			best = (uint8_t)(unit << UNIT_SHIFT | (n > VALUE_MASK ? VALUE_MASK : n));
			best_s = got;
		}
	}
	return best;
}

uint32_t nas_timer2_s(uint8_t value)
{
	return seconds(timer2_units, value);
}

uint32_t nas_timer3_s(uint8_t value)
{
	return seconds(timer3_units, value);
}

uint8_t nas_timer2_of(uint32_t s)
{
	return value_of(timer2_units, s);
}

uint8_t nas_timer3_of(uint32_t s)
{
	return value_of(timer3_units, s);
}
