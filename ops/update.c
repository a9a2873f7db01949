/* freehold update: the home network gives a UE other parameters (UE parameters update, 23.502 4.20). */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold update IMSI [slices=SLICE,...] [routing=DIGITS] [--register] [-c network.yaml]\n"
	"freehold update IMSI                    what the UE has not acknowledged yet\n"
	"freehold update IMSI --again            tell it now once more\n"
	"freehold update IMSI --cancel           tell it no more\n\n"
	"Gives a UE other parameters by the running core, protected from end to end: the slices that it asks "
	"for\n"
	"where it has none configured (default configured NSSAI), and the routing indicator of its SUCIs. "
	"With\n"
	"--register it registers once it has gone idle. An idle UE is paged. What it has not acknowledged it "
	"is told\n"
	"again, also after a restart and when it registers. freehold why IMSI has what became of it.\n\n"
	"freehold update 001010000000001 slices=1,2-000001 --register\n\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

/* The words of the order, a line each. */
static bool order_of(const struct options *args, const char *imsi, bool re_register, const char *other,
	char *out, size_t size)
{
	int n = snprintf(out, size, "%.16s", imsi);

	for (int i = 2; i < args->argc && (size_t)n < size; i++)
		n += snprintf(out + n, size - (size_t)n, "\n%s", args->argv[i]);
	if ((size_t)n < size && (re_register || other))
		n += snprintf(out + n, size - (size_t)n, "\n%s", re_register ? "register" : other);
	return (size_t)n < size;
}

int ops_update(struct options *args)
{
	struct control_place place;
	bool again, cancel, re_register, ok;
	const char *imsi;
	char order[256];
	struct bytes body;
	int fd;

	if (options_help(args, help))
		return 0;
	again = options_flag(args, "--again");
	cancel = options_flag(args, "--cancel");
	re_register = options_flag(args, "--register");
	place = control_take(args);
	if (!control_words(args, 4))
		return 2;
	if (again + cancel + re_register > 1 || ((again || cancel) && args->argc > 2)) {
		fprintf(stderr, "freehold update: --again and --cancel stand alone (see --help)\n");
		return 2;
	}
	imsi = control_imsi(args);
	if (!imsi)
		return 2;
	if (!order_of(args, imsi, re_register,
		    again    ? "again"
		    : cancel ? "cancel"
			     : NULL,
		    order, sizeof(order))) {
		fprintf(stderr, "freehold update: the order is too long\n");
		return 2;
	}
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = control_ask_line(fd, "update", order, &body);
	if (ok)
		fwrite(body.data, 1, body.len, stdout);
	close(fd);
	return ok ? 0 : 1;
}
