/* What the process has of its allocator, so that what is left over shows. */
#include <malloc.h>

#include "tests/scenario/scenario.h"

enum { KB = 1024 };

/* 0: another allocator, as a sanitizer's, which does not say. */
static size_t in_use(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

bool scn_memory_note(struct scn *s, const struct scn_args *a)
{
	s->memory = in_use();
	return true;
}

bool scn_memory_grown(struct scn *s, const struct scn_args *a)
{
	size_t now = in_use(), grown = now > s->memory ? (now - s->memory) / KB : 0;

	snprintf(s->seen, sizeof(s->seen), "%zu kb", grown);
	if (s->verbose)
		printf("memory: %zu kb, %zu kb more than was noted\n", now / KB, grown);
	return grown <= a->n[0];
}
