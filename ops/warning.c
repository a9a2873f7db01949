/* freehold warning: public warnings of the running core. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ops/control_client.h"
#include "ops/ops.h"

enum { REQUEST_MAX = 8192 };

static const char help[] =
	"freehold warning send --id ID --serial NUMBER --text TEXT [--area TAC,...] [--repeat 60] [--count "
	"N]\n"
	"freehold warning cancel --id ID --serial NUMBER\n"
	"freehold warning list\n\n"
	"Has gNBs broadcast a public warning (3GPP TS 23.041), those that come later too, in all cells or in "
	"those of\n"
	"the tracking areas, every so many seconds, so many times or (0, without --count) until it is "
	"cancelled. The id\n"
	"is the kind of message that phones look for, 4370 for the highest alert; with another text it needs "
	"another\n"
	"serial number. list shows which there are, and how many gNBs and cells broadcast them.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

static bool tell(
	int fd, const char *command, const char *const *keys, const char *const *values, size_t count)
{
	char request[REQUEST_MAX];
	struct writer w = writer_of((uint8_t *)request, sizeof(request));
	bool answered, ok;
	struct bytes body;

	text_put(&w, "%s\n", command);
	for (size_t i = 0; i < count; i++) {
		if (values[i] && strchr(values[i], '\n'))
			w.failed = true;
		if (values[i])
			text_put(&w, "%s=%s\n", keys[i], values[i]);
	}
	if (w.failed) {
		fprintf(stderr, "freehold: too long, or of several lines\n");
		return false;
	}
	ok = control_exchange(fd, writer_bytes(&w), &answered, &body);
	if (!ok && answered)
		fprintf(stderr, "freehold: %.*s", (int)body.len, (const char *)body.data);
	return ok;
}

static int list(struct options *args)
{
	static char name[] = "warnings";

	args->argc--;
	args->argv++;
	args->argv[0] = name;
	return ops_table(args);
}

int ops_warning(struct options *args)
{
	static const char *const keys[] = { "id", "serial", "text", "area", "repeat", "count" };
	static const char *const names[] = { "--id", "--serial", "--text", "--area", "--repeat", "--count" };
	const char *values[ARRAY_LEN(keys)];
	struct control_place place;
	bool send, ok;
	int fd;

	if (options_help(args, help))
		return 0;
	if (args->argc > 1 && !strcmp(args->argv[1], "list"))
		return list(args);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		values[i] = options_text(args, names[i]);
	place = control_take(args);
	if (!control_words(args, 2))
		return 2;
	send = args->argc > 1 && !strcmp(args->argv[1], "send");
	if ((!send && (args->argc < 2 || strcmp(args->argv[1], "cancel") != 0)) || !values[0] || !values[1] ||
		send != (values[2] != NULL)) {
		fprintf(stderr, "freehold warning: expected send, cancel or list, with --id and --serial "
				"(see --help)\n");
		return 2;
	}
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = tell(fd, send ? "warning send" : "warning cancel", keys, values, ARRAY_LEN(keys));
	close(fd);
	return ok ? 0 : 1;
}
