/* What the checks of a network share. */
#include <stdio.h>

#include "ops/network_check.h"

bool network_doubt(struct config_doubt *doubt, const void *where, const char *what)
{
	doubt->where = where;
	snprintf(doubt->what, sizeof(doubt->what), "%s", what);
	return false;
}

void network_name(char *name, size_t size, const char *what, unsigned number)
{
	if (!name[0])
		snprintf(name, size, "%s%u", what, number);
}

/* No two of count texts `size` apart are the same. */
bool network_distinct(
	struct config_doubt *doubt, const char *first, uint8_t count, size_t size, const char *what)
{
	for (uint8_t i = 1; i < count; i++)
		for (uint8_t k = 0; k < i; k++)
			if (!strcmp(first + i * size, first + k * size))
				return network_doubt(doubt, first + i * size, what);
	return true;
}
