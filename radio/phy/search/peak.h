/* Peaks of what was sampled. */
#pragma once

/* Where between its neighbours the top of a parabola through three values lies, from the middle one: 0 if
 * there is none. */
static inline double phy_parabola_top(double before, double at, double after)
{
	double bend = before - 2 * at + after;

	return bend < 0 ? 0.5 * (before - after) / bend : 0;
}
