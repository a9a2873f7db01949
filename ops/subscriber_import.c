/*
 * First the core judges the whole file, then it takes it, in batches of a message each: a line that is
 * refused leaves all as it was.
 */
#include "ops/subscriber_import.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "core/subscriber_line.h"
#include "io/file.h"
#include "io/unix_socket.h"
#include "ops/control_client.h"
#include "ops/subscriber_source.h"

enum { IMPORT_MAX = 256 << 20, BATCH_MAX = 2048, BAR = 40 };
_Static_assert(SUBSCRIBER_LINE_MAX + 64 <= UNIX_MSG_MAX, "a line fits a message");

/* Where a line of a batch is in the file. */
struct origin {
	unsigned long line, document;
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
	unsigned long total;         /* subscribers that the core took */
	unsigned shown;              /* percent on the terminal */
	bool second;                 /* pass */
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

/* As many lines as a message has room for. False with a message; *end: there are no more. */
static bool batch(struct import *in, const char *command, bool *end)
{
	static uint8_t request[UNIX_MSG_MAX];
	struct writer w = writer_of(request, sizeof(request));
	struct bytes body;
	unsigned count = 0;
	bool ok = true, answered;

	text_put(&w, "%s\n", command);
	while (count < BATCH_MAX && hold(in, end) && w.len + in->line.len < w.cap) {
		in->at[count++] = (struct origin){ in->source.line, in->source.document };
		writer_put(&w, writer_bytes(&in->line));
		writer_u8(&w, '\n');
		in->held = false;
	}
	ok = in->held || *end || count == BATCH_MAX;
	if (ok && count > 0) {
		ok = control_exchange(in->fd, writer_bytes(&w), &answered, &body);
		if (!ok && answered)
			core_refused(in, body, count);
		in->total += ok ? count : 0;
	}
	explicit_bzero(request, w.len);
	return ok;
}

/* All of the file by one command. */
static bool pass(struct import *in, const char *command, bool second)
{
	char error[SOURCE_ERROR];
	bool ok, end = false;

	in->total = 0;
	in->held = false;
	in->second = second;
	ok = subscriber_source_open(&in->source, in->file, error);
	if (!ok)
		refused(in, (struct origin){ in->source.line, 0 }, error);
	while (ok && !end) {
		ok = batch(in, command, &end);
		if (ok)
			progress(in, false);
	}
	if (ok && second)
		progress(in, true);
	subscriber_source_close(&in->source);
	return ok;
}

bool subscriber_import(int fd, const char *path)
{
	static struct import in;
	bool is_stdin = !strcmp(path, "-");
	bool ok;

	in = (struct import){ .fd = fd, .name = is_stdin ? "stdin" : path, .shown = UINT_MAX };
	if (!file_read(is_stdin ? "/dev/stdin" : path, IMPORT_MAX, &in.file)) {
		fprintf(stderr, "freehold: %s: %m\n", in.name);
		return false;
	}
	ok = pass(&in, "subscriber check", false);
	if (!ok) {
		fprintf(stderr, "freehold: nothing is imported\n");
	} else {
		ok = pass(&in, "subscriber add", true);
		fprintf(ok ? stdout : stderr,
			ok ? "%lu imported\n" : "freehold: only the first %lu are imported\n", in.total);
	}
	file_free(&in.file);
	explicit_bzero(in.octets, sizeof(in.octets));
	return ok;
}
