#include "base/stats.h"

#include <inttypes.h>

#include "base/text.h"

bool stats_print(const struct stats *s, struct writer *w)
{
	for (size_t i = 0; i < s->count; i++)
		text_put(w, "%s_%s %" PRIu64 "\n", s->room, s->defs[i].name, s->values[i]);
	return !w->failed;
}
