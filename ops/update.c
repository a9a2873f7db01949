/* freehold update, freehold steer: the home network gives a UE other parameters (UE parameters
 * update, 23.502 4.20), or the PLMNs that it is to prefer (steering of roaming, 23.122 annex C). */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

#define PENDING(command)                                                                                     \
	"freehold " command " IMSI                    what the UE has not acknowledged yet\n"                \
	"freehold " command " IMSI --again            tell it now once more\n"                               \
	"freehold " command " IMSI --cancel           tell it no more\n\n"

#define UNTIL                                                                                                \
	"An idle UE is paged. What it has not acknowledged it is told\n"                                     \
	"again, also after a restart and when it registers. freehold why IMSI has what became of it.\n\n"

#define PLACE "\n\nOptions: -c network.yaml (for core.control), or --control SOCKET\n"

static const char update_help[] =
	"freehold update IMSI [slices=SLICE,...] [routing=DIGITS] [--register] [-c network.yaml]\n" PENDING(
		"update") "Gives a UE other parameters by the running core, protected from end to end: the "
			  "slices that it asks for\n"
			  "where it has none configured (default configured NSSAI), and the routing "
			  "indicator of its SUCIs. With\n"
			  "--register it registers once it has gone idle. " UNTIL
			  "freehold update 001010000000001 slices=1,2-000001 --register" PLACE;

static const char steer_help[] =
	"freehold steer IMSI plmns=PLMN[:ACCESS+...],... [-c network.yaml]\n"
	"freehold steer IMSI --no-change          let it keep the list that it has\n" PENDING(
		"steer") "Gives a UE the PLMNs that it is to prefer away from home, the first most, "
			 "protected "
			 "from end to end\n"
			 "(steering of roaming). ACCESS is nr (without any), eutra, utra or gsm. One that "
			 "registers gets them with its\n"
			 "accept. " UNTIL "freehold steer 001010000000001 plmns=00102:nr+eutra,00103" PLACE;

/* The words of the order, a line each. */
static bool order_of(const struct options *args, const char *imsi, const char *flag, char *out, size_t size)
{
	int n = snprintf(out, size, "%.16s", imsi);

	for (int i = 2; i < args->argc && (size_t)n < size; i++)
		n += snprintf(out + n, size - (size_t)n, "\n%s", args->argv[i]);
	if ((size_t)n < size && flag)
		n += snprintf(out + n, size - (size_t)n, "\n%s", flag);
	return (size_t)n < size;
}

/* own: the flag of this command alone; beside: whether words may stand beside it. */
static int tell(struct options *args, const char *command, const char *help, const char *own, bool beside)
{
	struct control_place place;
	bool again, cancel, has_own, ok;
	char flag[32], order[512];
	const char *imsi;
	struct bytes body;
	int fd;

	if (options_help(args, help))
		return 0;
	again = options_flag(args, "--again");
	cancel = options_flag(args, "--cancel");
	snprintf(flag, sizeof(flag), "--%s", own);
	has_own = options_flag(args, flag);
	place = control_take(args);
	if (!control_words(args, 4))
		return 2;
	if (again + cancel + has_own > 1 || ((again || cancel || (has_own && !beside)) && args->argc > 2)) {
		fprintf(stderr, "freehold %s: --again%s%s and --cancel stand alone (see --help)\n", command,
			beside ? "" : ", ", beside ? "" : flag);
		return 2;
	}
	imsi = control_imsi(args);
	if (!imsi)
		return 2;
	if (!order_of(args, imsi,
		    again     ? "again"
		    : cancel  ? "cancel"
		    : has_own ? own
			      : NULL,
		    order, sizeof(order))) {
		fprintf(stderr, "freehold %s: the order is too long\n", command);
		return 2;
	}
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = control_ask_line(fd, command, order, &body);
	if (ok)
		fwrite(body.data, 1, body.len, stdout);
	close(fd);
	return ok ? 0 : 1;
}

int ops_update(struct options *args)
{
	return tell(args, "update", update_help, "register", true);
}

int ops_steer(struct options *args)
{
	return tell(args, "steer", steer_help, "no-change", false);
}
