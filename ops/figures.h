/*
 * What a process tells scrapers and operators in figures: those of its rooms, of its sockets and of itself,
 * as OpenMetrics text, on a port of HTTP where one is configured, and by the core's control socket
 * (`freehold metrics`).
 */
#pragma once

#include "io/http_server.h"
#include "io/process.h"
#include "ops/options.h"
#include "ops/process.h"

#define FIGURES_PATH "/metrics"

/* How the program was built, and which part of a network it runs. */
struct figures_build {
	const char *version, *commit, *text;
	const char *part, *name; /* "upf", "upf-1"; name NULL: there is one */
};

struct figures {
	struct process *p;
	struct bind *bind;
	struct figures_build build;
	/* What else there is: rooms, SCTP, the store. */
	void (*more)(void *arg, struct stats_list *l);
	void *arg;
	struct io_process process;
	struct http_server *http; /* NULL: no port */
};

extern const struct stat_group figures_build_group;

/*
 * Before the process is confined. bind is of the rooms; address without length: no port. False with a message
 * on stderr.
 */
MUST_USE bool figures_begin(struct figures *f, struct process *p, struct bind *bind,
	const struct figures_build *build, const struct network_metrics *port);
/* Also of one that has not begun. */
void figures_end(struct figures *f);
/* What the process answers itself at a control socket: "metrics", a part at a time, and "reload". */
void figures_on_control(struct figures *f, uint16_t port);

/* freehold metrics */
int ops_metrics(struct options *args);
