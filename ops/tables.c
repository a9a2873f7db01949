/* freehold subscribers, profiles, ues, sessions, flows, gnbs, upfs, events: the tables of the running core.
 */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"
#include "ops/table_text.h"
#include "ops/why.h"

static const char help[] =
	"freehold subscribers, freehold profiles, freehold ues, freehold sessions, freehold flows, freehold "
	"gnbs, freehold upfs, freehold events:\n"
	"    [COLUMN=PATTERN]... [--sort COLUMN] [--columns A,B,...] [--json | --csv] [--watch SECONDS]\n"
	"freehold events --follow [COLUMN=PATTERN]... [--json]\n\n"
	"Prints what the running core has, a row each; those whose cell is like the pattern (* and ? as in a "
	"shell).\n"
	"--sort -COLUMN begins with the greatest. --watch prints it again and again until Ctrl-C. Times are "
	"UTC.\n"
	"--follow prints the last ten events and each that comes, a line each with --json, until Ctrl-C.\n"
	"Both wait for a core that restarts.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

enum { FILTERS_MAX = 16 };

struct wish {
	const char *table, *sort, *columns;
	const char *filters[FILTERS_MAX];
	size_t filter_count;
	enum table_format format;
	double watch_s;
	bool follow; /* events */
};

static volatile sig_atomic_t ended;

static void on_signal(int signal)
{
	ended = 1;
}

/* The column that a word begins with, up to `end`; -1 with a message that lists them. */
static int column_of(const struct table_text *t, const char *word, size_t len)
{
	int column = table_text_column(t, word, len);

	if (column >= 0)
		return column;
	fprintf(stderr, "freehold: there is no column \"%.*s\"; there are:", (int)len, word);
	for (size_t i = 0; i < t->columns; i++)
		fprintf(stderr, " %s", t->names[i]);
	fprintf(stderr, "\n");
	return -1;
}

static bool filter(void *arg, struct table_text *t)
{
	const struct wish *wish = arg;

	for (size_t i = 0; i < wish->filter_count; i++) {
		size_t len = strcspn(wish->filters[i], "=");
		int column = column_of(t, wish->filters[i], len);

		if (column < 0)
			return false;
		table_text_filter(t, column, wish->filters[i] + len + 1);
	}
	return true;
}

static bool arrange(struct wish *wish, struct table_text *t, int *columns, size_t *count)
{
	if (!filter(wish, t))
		return false;
	if (wish->sort) {
		bool descending = wish->sort[0] == '-';
		int column = column_of(t, wish->sort + descending, strlen(wish->sort + descending));

		if (column < 0)
			return false;
		table_text_sort(t, column, descending);
	}
	*count = 0;
	for (const char *at = wish->columns; at && *count < TABLE_COLUMNS_MAX;) {
		size_t len = strcspn(at, ",");

		columns[*count] = column_of(t, at, len);
		if (columns[(*count)++] < 0)
			return false;
		at = at[len] ? at + len + 1 : NULL;
	}
	for (; !wish->columns && *count < t->columns; ++*count)
		columns[*count] = (int)*count;
	return true;
}

static int show(int fd, struct wish *wish)
{
	struct table_text t = { 0 };
	int columns[TABLE_COLUMNS_MAX], status = 1;
	size_t count;

	if (control_ask_table(fd, wish->table, "", "", &t)) {
		status = arrange(wish, &t, columns, &count) ? 0 : 2;
		if (status == 0)
			table_text_print(&t, wish->format, columns, count, stdout);
		if (fflush(stdout) != 0)
			status = 1;
	}
	table_text_fini(&t);
	return status;
}

/* Goes on past the end of the core, which is waited for. Closes fd. */
static int watch(const struct control_place *place, int fd, struct wish *wish)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct timespec pause = { (time_t)wish->watch_s,
		(long)((wish->watch_s - (double)(time_t)wish->watch_s) * 1e9) };
	bool terminal = isatty(STDOUT_FILENO);
	int status;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	do {
		if (terminal)
			printf("\033[H\033[2J"); /* home, and what was there before away */
		status = show(fd, wish);
		if (status == 1 && !ferror(stdout) && !ended) { /* the core has gone */
			close(fd);
			fd = control_connect_again(place, &ended);
			status = fd >= 0 || ended ? 0 : 1;
		} else if (status == 0 && !ended) {
			nanosleep(&pause, NULL);
		}
	} while (status == 0 && !ended);
	if (fd >= 0)
		close(fd);
	return status;
}

/* What is left when the options are taken: COLUMN=PATTERN. */
static bool take_filters(struct options *args, struct wish *wish)
{
	for (int i = 1; i < args->argc; i++) {
		if (!strchr(args->argv[i], '=') || wish->filter_count == FILTERS_MAX) {
			fprintf(stderr, "freehold %s: expected COLUMN=PATTERN, got \"%s\" (see --help)\n",
				args->argv[0], args->argv[i]);
			return false;
		}
		wish->filters[wish->filter_count++] = args->argv[i];
	}
	args->argc = 1;
	return true;
}

static bool take_wish(struct options *args, struct wish *wish)
{
	bool json = options_flag(args, "--json"), csv = options_flag(args, "--csv");

	wish->table = args->argv[0];
	wish->follow = !strcmp(wish->table, "events") && options_flag(args, "--follow");
	wish->sort = options_text(args, "--sort");
	wish->columns = options_text(args, "--columns");
	wish->format = json ? TABLE_AS_JSON : csv ? TABLE_AS_CSV : TABLE_AS_TEXT;
	if (json && csv)
		return options_refuse(args, "--csv", "one of --json and --csv", "both");
	if (wish->follow && (csv || wish->sort || wish->columns))
		return options_refuse(args, "--follow", "filters and --json beside it", "another option");
	return options_number(args, "--watch", 0.1, 86400, &wish->watch_s);
}

int ops_table(struct options *args)
{
	struct control_place place;
	struct wish wish = { 0 };
	int fd, status;

	if (options_help(args, help))
		return 0;
	if (!take_wish(args, &wish))
		return 2;
	place = control_take(args);
	if (!take_filters(args, &wish))
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	if (wish.follow)
		return ops_follow(&place, fd, wish.format == TABLE_AS_JSON, filter, &wish);
	if (wish.watch_s > 0)
		return watch(&place, fd, &wish);
	status = show(fd, &wish);
	close(fd);
	return status;
}
