/* Sums of windows by sums of 1, 2, 4... values, which are exact where what was loud becomes silent. One text,
 * made vectors of by each level's flags. */
#pragma once

#include <stddef.h>

static void sum_windows(float *sums, float *values, size_t places, size_t length)
{
	size_t done = 0;

	for (size_t i = 0; i < places; i++)
		sums[i] = 0;
	for (size_t of = 1; of <= length; of *= 2) {
		if (length & of) {
			for (size_t i = 0; i < places; i++)
				sums[i] += values[i + done];
			done += of;
		}
/* what is read is ahead of what is written */
#pragma GCC ivdep
		for (size_t i = 0; i < places + length - 1 - of; i++)
			values[i] += values[i + of];
	}
}
