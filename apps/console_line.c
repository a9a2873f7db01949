/* Lines of what the console's keeper is asked. */
#include "apps/console_files.h"

struct bytes console_files_line(struct cursor *in)
{
	const uint8_t *end = cursor_left(in) ? memchr(in->at, '\n', cursor_left(in)) : NULL;
	struct bytes line = cursor_bytes(in, end ? (size_t)(end - in->at) : cursor_left(in));

	cursor_skip(in, end ? 1 : 0);
	return line;
}
