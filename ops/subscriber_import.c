/*
 * First the core judges the whole file, and keeps room for it; then it takes it, in batches of a message
 * each: a line that is refused, or a disk that is too small, leaves all as it was.
 */
#include "ops/subscriber_import.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/text.h"
#include "core/core.h"
#include "core/subscriber_line.h"
#include "io/file.h"
#include "io/unix_socket.h"
#include "ops/control_client.h"
#include "ops/subscriber_source.h"

enum { IMPORT_MAX = 256 << 20, BATCH_MAX = 2048, BAR = 40, SUBSCRIBER_OCTETS = 128 };
_Static_assert(SUBSCRIBER_LINE_MAX + 64 <= UNIX_MSG_MAX, "a line fits a message");

/* What the core says of a line, and how many. */
enum planned { PLAN_ADD, PLAN_CHANGE, PLAN_SAME, PLAN_REFUSE, PLANS };
static const char *const plan_names[PLANS] = { "add", "change", "same", "refuse" };

/* Where a line of a batch is in the file. */
struct origin {
	unsigned long line, document;
};

/* A static address of the file, whose it is, and where: batches are judged each by itself. */
struct claim {
	uint32_t ipv4;
	struct supi supi;
	struct origin at;
};

struct import {
	int fd;
	const char *name; /* of the file */
	struct bytes file;
	struct subscriber_source source;
	bool held; /* `line` is read and not sent */
	struct writer line;
	uint8_t octets[SUBSCRIBER_LINE_MAX];
	struct origin at[BATCH_MAX]; /* of the batch's lines */
	size_t claim_count, claim_room;
	struct claim *claims;
	unsigned long total;   /* subscribers that the core took */
	uint64_t lines_octets; /* of their lines */
	unsigned shown;        /* percent on the terminal */
	bool second;           /* pass */
};

static void progress(struct import *in, bool end)
{
	size_t done = in->file.len - cursor_left(&in->source.c);
	unsigned percent = in->file.len ? (unsigned)(done * 50 / in->file.len) + 50 * in->second : 100;

	if (!isatty(STDERR_FILENO) || (!end && percent == in->shown))
		return;
	in->shown = percent;
	if (end)
		fprintf(stderr, "\r\033[K");
	else
		fprintf(stderr, "\r%s [%-*.*s] %3u%%", in->second ? "importing" : "checking ", BAR,
			(int)(percent * BAR / 100), "########################################", percent);
}

static bool refused(struct import *in, struct origin at, const char *what)
{
	progress(in, true);
	fprintf(stderr, "freehold: %s:%lu: ", in->name, at.line);
	if (at.document)
		fprintf(stderr, "document %lu: ", at.document);
	fprintf(stderr, "%s\n", what);
	return false;
}

/* The core counts the lines of its batch. */
static bool core_refused(struct import *in, struct bytes body, unsigned count)
{
	char text[256];
	unsigned line;
	int at = 0;

	str_copy(text, body.len < sizeof(text) ? body.len + 1 : sizeof(text), (const char *)body.data);
	text[strcspn(text, "\n")] = '\0';
	if (sscanf(text, "line %u: %n", &line, &at) == 1 && at > 0 && line > 0 && line <= count)
		return refused(in, in->at[line - 1], text + at);
	progress(in, true);
	fprintf(stderr, "freehold: %s: %s\n", in->name, text);
	return false;
}

/* The value behind `key` at the begin of a word or behind a colon, as text; the next one with *at moved on.
 */
static bool value_of(struct bytes line, const char *key, size_t *at, char *out, size_t cap)
{
	size_t n = strlen(key), len = 0;

	for (; *at + n < line.len; (*at)++) {
		const uint8_t *here = line.data + *at;

		if (memcmp(here, key, n) != 0 || (*at > 0 && !strchr(" ,\t:", here[-1])))
			continue;
		*at += n;
		while (*at + len < line.len && len + 1 < cap && !strchr(" ,\t\r:", here[n + len]))
			len++;
		str_copy(out, len + 1, (const char *)here + n);
		return true;
	}
	return false;
}

/* Notes the static addresses of the line; false, with a message, without memory. */
static bool claim(struct import *in, struct origin origin)
{
	struct bytes line = writer_bytes(&in->line);
	char imsi[20], ip[ADDR_STR_SIZE];
	size_t at = 0, imsi_at = 0;
	struct claim c = { .at = origin };
	struct addr a;

	while (value_of(line, "ip=", &at, ip, sizeof(ip))) {
		if (!addr_parse(ip, &a) || a.len != 4 ||
			!value_of(line, "imsi=", &imsi_at, imsi, sizeof(imsi)) || !supi_parse(imsi, &c.supi))
			continue; /* for the core to refuse */
		imsi_at = 0;
		if (in->claim_count == in->claim_room) {
			size_t room = in->claim_room ? 2 * in->claim_room : 1024;
			struct claim *more = reallocarray(in->claims, room, sizeof(*more));

			if (!more)
				return refused(in, origin, "out of memory");
			in->claims = more;
			in->claim_room = room;
		}
		c.ipv4 = addr_v4(&a);
		in->claims[in->claim_count++] = c;
	}
	return true;
}

static int claim_order(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->ipv4 != y->ipv4)
		return x->ipv4 < y->ipv4 ? -1 : 1;
	return x->at.line == y->at.line && x->at.document == y->at.document ? 0
	       : x->at.line < y->at.line || x->at.document < y->at.document ? -1
									    : 1;
}

/* No two subscribers of the file have the same address. */
static bool claims_differ(struct import *in)
{
	char what[160], ip[ADDR_STR_SIZE];

	if (in->claim_count > 0)
		qsort(in->claims, in->claim_count, sizeof(*in->claims), claim_order);
	for (size_t i = 1; i < in->claim_count; i++) {
		const struct claim *a = &in->claims[i - 1], *b = &in->claims[i];
		struct addr addr = addr_from_v4(b->ipv4, 0);

		if (a->ipv4 != b->ipv4 || supi_key(&a->supi) == supi_key(&b->supi))
			continue;
		snprintf(what, sizeof(what), "ip: %s is the static address of imsi-%s (line %lu)",
			addr_str(&addr, ip), a->supi.imsi, a->at.line);
		return refused(in, b->at, what);
	}
	return true;
}

/* Reads on into in->line; false with a message, or at the end (*end). */
static bool hold(struct import *in, bool *end)
{
	char error[SOURCE_ERROR];
	enum source_next next;

	if (in->held)
		return true;
	in->line = writer_of(in->octets, sizeof(in->octets));
	next = subscriber_source_next(&in->source, &in->line, error);
	in->held = next == SOURCE_SUBSCRIBER;
	*end = next == SOURCE_END;
	if (next == SOURCE_WRONG)
		refused(in, (struct origin){ in->source.line, in->source.document }, error);
	return in->held;
}

/* As many lines as a message has room for, and no more than `most`; their number, and the answer. False with
 * a message; *end: there are no more. */
static bool batch(
	struct import *in, const char *command, unsigned most, unsigned *count, bool *end, struct bytes *body)
{
	static uint8_t request[UNIX_MSG_MAX];
	struct writer w = writer_of(request, sizeof(request));
	bool ok = true, answered;

	text_put(&w, "%s\n", command);
	while (ok && *count < most && hold(in, end) && w.len + in->line.len < w.cap) {
		ok = in->second || claim(in, (struct origin){ in->source.line, in->source.document });
		in->at[(*count)++] = (struct origin){ in->source.line, in->source.document };
		writer_put(&w, writer_bytes(&in->line));
		writer_u8(&w, '\n');
		in->held = false;
	}
	ok = ok && (in->held || *end || *count == most);
	*body = BYTES_NONE;
	if (ok && *count > 0) {
		ok = control_exchange(in->fd, writer_bytes(&w), &answered, body);
		if (!ok && answered)
			core_refused(in, *body, *count);
		in->total += ok ? *count : 0;
		in->lines_octets += ok ? w.len : 0;
	}
	explicit_bzero(request, w.len);
	return ok;
}

/* All of the file by one command. */
static bool pass(struct import *in, const char *command, bool second)
{
	char error[SOURCE_ERROR];
	struct bytes body;
	bool ok, end = false;

	in->total = 0;
	in->held = false;
	in->second = second;
	ok = subscriber_source_open(&in->source, in->file, error);
	if (!ok)
		refused(in, (struct origin){ in->source.line, 0 }, error);
	while (ok && !end) {
		unsigned count = 0;

		ok = batch(in, command, BATCH_MAX, &count, &end, &body);
		if (ok)
			progress(in, false);
	}
	if (ok && second)
		progress(in, true);
	subscriber_source_close(&in->source);
	return ok;
}

/* A subscriber takes more of the store than its line, where that is short. */
static bool room(struct import *in)
{
	uint8_t request[64];
	struct writer w = writer_of(request, sizeof(request));
	struct bytes body;
	unsigned long long octets = in->lines_octets + in->total * (uint64_t)SUBSCRIBER_OCTETS;
	bool answered;

	text_put(&w, "subscriber room\n%llu", octets);
	if (control_exchange(in->fd, writer_bytes(&w), &answered, &body))
		return true;
	return answered ? core_refused(in, body, 0) : false;
}

/* "NUMBER\twhat\tIMSI\twhy" of a line of the batch, for people; counts what it would do. */
static void print_planned(struct import *in, struct bytes row, unsigned count, unsigned long counts[PLANS])
{
	struct cursor c = cursor_of(row);
	struct bytes cells[4] = { 0 };
	uint64_t number;

	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		const uint8_t *end = cursor_left(&c) ? memchr(c.at, '\t', cursor_left(&c)) : NULL;

		cells[i] = cursor_bytes(&c, end ? (size_t)(end - c.at) : cursor_left(&c));
		cursor_skip(&c, end ? 1 : 0);
	}
	if (!text_uint(cells[0], count, &number) || number == 0)
		return;
	for (size_t i = 0; i < PLANS; i++)
		counts[i] += bytes_equal(cells[1], bytes_of_str(plan_names[i]));
	printf("%s:%lu: %.*s", in->name, in->at[number - 1].line, (int)cells[1].len,
		(const char *)cells[1].data);
	if (cells[2].len > 0)
		printf(" imsi-%.*s", (int)cells[2].len, (const char *)cells[2].data);
	if (cells[3].len > 0)
		printf(": %.*s", (int)cells[3].len, (const char *)cells[3].data);
	printf("\n");
}

/* The core says of a batch what it would do. */
static bool plan_batch(struct import *in, bool *end, unsigned long counts[PLANS])
{
	unsigned count = 0;
	struct bytes body, row;
	struct cursor c;

	if (!batch(in, "subscriber plan", CORE_PLAN_LINES_MAX, &count, end, &body))
		return false;
	for (c = cursor_of(body); count > 0 && cursor_left(&c) > 0;) {
		const uint8_t *at = memchr(c.at, '\n', cursor_left(&c));

		row = cursor_bytes(&c, at ? (size_t)(at - c.at) : cursor_left(&c));
		cursor_skip(&c, at ? 1 : 0);
		print_planned(in, row, count, counts);
	}
	return true;
}

/* Line by line what an import would do; false: something is refused, or does not read. */
static bool plan(struct import *in)
{
	unsigned long counts[PLANS] = { 0 };
	char error[SOURCE_ERROR];
	bool ok, end = false;

	in->held = false;
	ok = subscriber_source_open(&in->source, in->file, error);
	if (!ok)
		refused(in, (struct origin){ in->source.line, 0 }, error);
	while (ok && !end)
		ok = plan_batch(in, &end, counts);
	subscriber_source_close(&in->source);
	ok = ok && claims_differ(in);
	printf("%lu to add, %lu to change, %lu the same, %lu refused\n", counts[PLAN_ADD],
		counts[PLAN_CHANGE], counts[PLAN_SAME], counts[PLAN_REFUSE]);
	return ok && counts[PLAN_REFUSE] == 0;
}

static bool import(struct import *in)
{
	bool ok = pass(in, "subscriber check", false) && claims_differ(in) && room(in);

	if (!ok) {
		fprintf(stderr, "freehold: nothing is imported\n");
		return false;
	}
	ok = pass(in, "subscriber add", true);
	fprintf(ok ? stdout : stderr, ok ? "%lu imported\n" : "freehold: only the first %lu are imported\n",
		in->total);
	return ok;
}

bool subscriber_import(int fd, const char *path, bool dry_run)
{
	static struct import in;
	bool is_stdin = !strcmp(path, "-");
	bool ok;

	in = (struct import){ .fd = fd, .name = is_stdin ? "stdin" : path, .shown = UINT_MAX };
	if (!file_read(is_stdin ? "/dev/stdin" : path, IMPORT_MAX, &in.file)) {
		fprintf(stderr, "freehold: %s: %m\n", in.name);
		return false;
	}
	ok = dry_run ? plan(&in) : import(&in);
	free(in.claims);
	file_free(&in.file);
	explicit_bzero(in.octets, sizeof(in.octets));
	return ok;
}
