/* Memory for arrays that kernels read and write: a vector that lies across two cache lines costs as much as
 * two. */
#pragma once

#include <stdlib.h>
#include <string.h>

enum { PHY_LINE = 64 }; /* octets of a cache line, and of the widest vector */

/* Octets of 0 from the beginning of a line on, for free(); NULL when memory is out. */
static inline void *phy_lines_new(size_t octets)
{
	size_t size = (octets + PHY_LINE - 1) / PHY_LINE * PHY_LINE;
	void *p = aligned_alloc(PHY_LINE, size);

	if (p)
		memset(p, 0, size);
	return p;
}
