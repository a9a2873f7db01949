/* A word of a line for the core, from a text of somebody else. */
#include <stdio.h>

#include "base/text.h"
#include "ops/subscriber_source.h"

bool source_put(struct writer *line, const char *before, const char *text, char error[SOURCE_ERROR])
{
	if (!text || !*text)
		return true;
	text_put(line, "%s", before);
	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (*text < ' ' || *text > '~' || strchr(",:@=", *text)) {
			snprintf(error, SOURCE_ERROR, "%.20s: unexpected characters",
				before + (*before == ' '));
			return false;
		}
		writer_u8(line, (uint8_t)*text);
	}
	return true;
}
