/* Sums of windows by sums of 1, 2, 4... values, which are exact where what was loud becomes silent. One text,
 * made vectors of by each level's flags. */
#pragma once

#include <stddef.h>

/* What is read is ahead of what is written: the loop may be made vectors of. clang finds that by itself, at
 * run time. */
#ifdef __clang__
#define SUM_WINDOWS_AHEAD
#else
#define SUM_WINDOWS_AHEAD _Pragma("GCC ivdep")
#endif

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
		SUM_WINDOWS_AHEAD
		for (size_t i = 0; i < places + length - 1 - of; i++)
			values[i] += values[i + of];
	}
}
