#include "ops/figures.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/openmetrics.h"
#include "base/text.h"

#define LOG_ROOM "process"

static const uint64_t one = 1;

static const struct stat_def build_defs[] = {
	{ "build", "which program this is, and which part of a network it runs", NULL, STAT_INFO },
};
const struct stat_group figures_build_group = { "process", build_defs, ARRAY_LEN(build_defs),
	"version, commit, build, part, name" };

static void build_label(const void *arg, size_t row, struct writer *w)
{
	const struct figures_build *b = arg;

	stat_label(w, "version", b->version);
	stat_label(w, "commit", b->commit);
	stat_label(w, "build", b->text);
	stat_label(w, "part", b->part);
	stat_label(w, "name", b->name ? b->name : b->part);
}

static void collect(struct figures *f, struct stats_list *l)
{
	struct stats s;

	l->count = 0;
	if (f->more)
		f->more(f->arg, l);
	bind_figures(f->bind, l);
	loop_figures(f->p->loop, l);
	log_figures(&f->p->log.log, l);
	if (f->http) {
		http_stats(f->http, &s);
		stats_add(l, s);
	}
	io_process_figures(&f->process, l);
	stats_add(l, (struct stats){ .group = &figures_build_group,
			     .values = &one,
			     .rows = 1,
			     .shown = 1,
			     .labels = build_label,
			     .arg = &f->build });
}

static bool part(void *arg, uint64_t *place, struct writer *w)
{
	struct stats_list list;

	collect(arg, &list);
	return openmetrics_write(&list, place, w);
}

bool figures_begin(struct figures *f, struct process *p, struct bind *bind, const struct figures_build *build,
	const struct network_metrics *port)
{
	struct http_document document = { FIGURES_PATH, OPENMETRICS_TYPE, part, f };
	struct addr local = port->address;
	char text[ADDR_STR_SIZE];

	f->p = p;
	f->bind = bind;
	f->build = *build;
	io_process_open(&f->process);
	if (local.len == 0)
		return true;
	local.port = port->port;
	f->http = http_listen(p->loop, &local, &document);
	if (!f->http) {
		fprintf(stderr, "freehold %s: metrics %s: %m\n", build->part, addr_str(&local, text));
		return false;
	}
	log_info(&p->log.log, "figures at http://%s" FIGURES_PATH, addr_str(&local, text));
	return true;
}

void figures_end(struct figures *f)
{
	if (!f->p)
		return;
	http_free(f->http);
	io_process_close(&f->process);
}

/* "metrics\n", and on the next line where the part begins: "ok\n", where the next one does, or "end", and the
 * text. */
static struct bytes metrics(struct figures *f, struct bytes request)
{
	static const char word[] = "metrics";
	static uint8_t answer[UNIX_MSG_MAX], text[UNIX_MSG_MAX - 64];
	struct writer w = writer_of(answer, sizeof(answer)), t = writer_of(text, sizeof(text));
	size_t len = sizeof(word) - 1;
	uint64_t place = 0;
	bool more;

	if (request.len < len || memcmp(request.data, word, len) != 0 ||
		(request.len > len && request.data[len] != '\n'))
		return BYTES_NONE;
	if (request.len > len + 1 &&
		!text_uint(bytes_of(request.data + len + 1, request.len - len - 1), UINT64_MAX, &place))
		return bytes_of_str("error\nexpected a place in the figures\n");
	more = part(f, &place, &t);
	text_put(&w, more ? "ok\n%" PRIu64 "\n" : "ok\nend\n", place);
	writer_put(&w, writer_bytes(&t));
	return writer_bytes(&w);
}

static struct bytes on_control(void *arg, struct bytes request)
{
	struct figures *f = arg;
	struct bytes answer = process_answer(f->p, request);

	return answer.len > 0 ? answer : metrics(f, request);
}

void figures_on_control(struct figures *f, uint16_t port)
{
	bind_unix_own(f->bind, port, on_control, f);
}
