/*
 * freehold why, freehold events: what happened to a subscriber, in plain words, and what to do about it. The
 * core has facts (core/nf/event.h, as a table); here are the words.
 */
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ops/ops.h"
#include "ops/why.h"

static const char why_help[] =
	"freehold why IMSI|imei-IMEI [--json]\n\n"
	"Prints the last hundred events of a subscriber, the newest last: registrations, sessions, refusals, "
	"each\n"
	"in plain words with its cause as it was sent, and what to do about it. Times are UTC.\n"
	"A UE without SIM, that called for an emergency, goes by its IMEI.\n"
	"How many events are kept is core.events_max of network.yaml.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

enum { SHOWN_MAX = 100, FOLLOW_FIRST = 10, FOLLOW_MS = 500, GOES_ON = -1 };

/* The columns that the words need. */
struct event_columns {
	int number, time, imsi, proved, event, reason, cause, session, dnn, slice, gnb;
};

static bool find_columns(const struct table_text *t, struct event_columns *c)
{
	const struct {
		const char *name;
		int *to;
	} all[] = { { "number", &c->number }, { "time", &c->time }, { "imsi", &c->imsi },
		{ "proved", &c->proved }, { "event", &c->event }, { "reason", &c->reason },
		{ "cause", &c->cause }, { "session", &c->session }, { "dnn", &c->dnn },
		{ "slice", &c->slice }, { "gnb", &c->gnb } };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		*all[i].to = table_text_column(t, all[i].name, strlen(all[i].name));
		if (*all[i].to < 0)
			return false;
	}
	return true;
}

/* Text with {words} replaced by cells of the row. */
static void put_words(
	const struct table_text *t, const struct event_columns *c, size_t row, const char *text, FILE *to)
{
	const struct {
		const char *word, *none;
		int column;
	} words[] = { { "{imsi}", "IMSI", c->imsi }, { "{dnn}", "the default one", c->dnn },
		{ "{slice}", "none", c->slice }, { "{session}", "?", c->session },
		{ "{gnb}", "its gNB", c->gnb } };

	while (*text) {
		size_t len = strcspn(text, "{");
		bool known = false;

		fwrite(text, 1, len, to);
		text += len;
		for (size_t i = 0; *text && i < ARRAY_LEN(words) && !known; i++) {
			const char *cell = table_text_cell(t, row, words[i].column);

			len = strlen(words[i].word);
			known = !strncmp(text, words[i].word, len);
			if (known)
				fputs(*cell ? cell : words[i].none, to);
		}
		if (*text)
			text += known ? len : 1;
	}
}

static void print_event(const struct table_text *t, const struct event_columns *c, size_t row, FILE *to)
{
	const char *cause = table_text_cell(t, row, c->cause), *imsi = table_text_cell(t, row, c->imsi);
	const struct why_words *w =
		why_words(table_text_cell(t, row, c->event), table_text_cell(t, row, c->reason), cause);
	char when[32];

	fprintf(to, "%s  %s%s%s  ", table_text_shown(t, row, c->time, when),
		isdigit((unsigned char)*imsi) ? "imsi-" : "", *imsi ? imsi : "concealed identity",
		strcmp(table_text_cell(t, row, c->proved), "no") ? "" : " (not proved)");
	put_words(t, c, row, w->words, to);
	fprintf(to, "%s%s%s\n", *cause ? " (" : "", cause, *cause ? ")" : "");
	if (!w->advice)
		return;
	fprintf(to, "    ");
	put_words(t, c, row, w->advice, to);
	fprintf(to, "\n");
}

static bool print_events(const struct table_text *t, enum table_format format)
{
	int columns[TABLE_COLUMNS_MAX];
	struct event_columns c;

	if (!find_columns(t, &c)) {
		fprintf(stderr, "freehold: the core's events are of another version\n");
		return false;
	}
	for (size_t i = 0; i < t->columns; i++)
		columns[i] = (int)i;
	if (format != TABLE_AS_TEXT)
		table_text_print(t, format, columns, t->columns, stdout);
	for (size_t i = 0; format == TABLE_AS_TEXT && i < t->row_count; i++)
		print_event(t, &c, i, stdout);
	return fflush(stdout) == 0;
}

static int why(int fd, const struct supi *whose, enum table_format format)
{
	struct table_text t = { 0 };
	char name[SUPI_STR_SIZE];
	bool ok = control_ask_table(fd, "events", "", supi_plain(whose, name), &t);

	if (ok && t.row_count == 0 && format == TABLE_AS_TEXT)
		fprintf(stderr,
			"freehold: there is no event of %s. It never came here, or its events are older "
			"than what\nis kept (core.events_max), or it conceals who it is: see freehold "
			"events, and whether gnbs has its gNB\n",
			supi_str(whose, name));
	if (ok)
		table_text_last(&t, SHOWN_MAX);
	ok = ok && print_events(&t, format);
	table_text_fini(&t);
	return ok ? 0 : 1;
}

int ops_why(struct options *args)
{
	struct control_place place;
	enum table_format format;
	struct supi whose;
	int fd, status;

	if (options_help(args, why_help))
		return 0;
	format = options_flag(args, "--json") ? TABLE_AS_JSON : TABLE_AS_TEXT;
	place = control_take(args);
	if (!control_whose(args, &whose) || !control_words(args, 2))
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	status = why(fd, &whose, format);
	close(fd);
	return status;
}

static volatile sig_atomic_t ended;

static void on_signal(int signal)
{
	ended = 1;
}

/* A terminal's Ctrl-C ends it, and what it has asked is still answered. */
static void end_by_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

struct follow {
	int fd;
	bool json;
	/* Number and time of the last event that came, before filters; empty: none yet. */
	char last[24], last_time[24];
};

/* Takes out of t what came before: the last one is asked for again each time, and that it is not there, or is
 * of another time, shows that the core has another store, whose events are asked for next. True: t has what
 * is there at the beginning. */
static bool begins(struct follow *f, struct table_text *t)
{
	int number = table_text_column(t, "number", strlen("number"));
	int time = table_text_column(t, "time", strlen("time"));
	bool first = !f->last[0];

	if (number < 0 || time < 0)
		return first; /* print_events() refuses it */
	if (!first &&
		(t->row_count == 0 || (!strcmp(table_text_cell(t, 0, number), f->last) &&
					      strcmp(table_text_cell(t, 0, time), f->last_time) != 0))) {
		f->last[0] = '\0';
		table_text_last(t, 0);
	} else if (!first && !strcmp(table_text_cell(t, 0, number), f->last)) {
		table_text_last(t, t->row_count - 1);
	}
	if (t->row_count > 0) {
		str_copy(f->last, sizeof(f->last), table_text_cell(t, t->row_count - 1, number));
		str_copy(f->last_time, sizeof(f->last_time), table_text_cell(t, t->row_count - 1, time));
	}
	return first;
}

/* An exit status, or GOES_ON. */
static int follow_once(struct follow *f, bool (*filter)(void *arg, struct table_text *t), void *arg)
{
	struct table_text t = { 0 };
	int status = GOES_ON;
	bool first;

	if (!control_ask_table(f->fd, "events", f->last, "", &t)) {
		close(f->fd);
		f->fd = -1;
		table_text_fini(&t);
		return GOES_ON;
	}
	first = begins(f, &t);
	if (!filter(arg, &t))
		status = 2;
	if (first)
		table_text_last(&t, FOLLOW_FIRST);
	if (status == GOES_ON && t.row_count &&
		!print_events(&t, f->json ? TABLE_AS_JSON_LINES : TABLE_AS_TEXT))
		status = 1;
	table_text_fini(&t);
	return status;
}

int ops_follow(const struct control_place *place, int fd, bool json,
	bool (*filter)(void *arg, struct table_text *t), void *arg)
{
	const struct timespec pause = { 0, FOLLOW_MS * 1000000L };
	struct follow f = { .fd = fd, .json = json };
	int status = GOES_ON;

	end_by_signals();
	while (status == GOES_ON && !ended) {
		status = follow_once(&f, filter, arg);
		if (f.fd < 0) {
			f.fd = control_connect_again(place, &ended);
			if (f.fd < 0)
				status = ended ? 0 : 1;
		} else if (status == GOES_ON && !ended) {
			nanosleep(&pause, NULL);
		}
	}
	if (f.fd >= 0)
		close(f.fd);
	return status == GOES_ON ? 0 : status;
}
