/*
 * The parts of a network as child processes of one: started in order, each once the one before reports that
 * it is ready, watched, and ended together.
 */
#pragma once

#include <signal.h>
#include <sys/types.h>

#include "base/bytes.h"

enum { CHILDREN_MAX = 128, CHILD_ARGS_MAX = 12 };

struct child {
	const char *name;
	const char *args[CHILD_ARGS_MAX]; /* of `freehold`, ending with NULL */
	const char *log;                  /* file for its standard error; NULL: ours */
	int netns;                        /* network namespace to run in, or -1 */
	int out;                          /* descriptor for its standard output, or -1: ours */
	int orders;   /* where it may give orders to the parent, an octet each; 0: it may not */
	bool started; /* once */
	pid_t pid;    /* 0: not running */
	int status;   /* as waitpid gave it */
};

/*
 * Starts the child and waits until it is ready; false with a message on stderr when it ends before that or
 * is not ready within timeout_ms, or a signal sets *ended (NULL: none does). With 0 nobody waits for it.
 */
bool child_start(struct child *c, int timeout_ms, const volatile sig_atomic_t *ended);

/* Whether it still runs; takes its exit status when not. */
bool child_alive(struct child *c);

/* Asks all to end, the last started first, and kills those that do not within timeout_ms. */
void children_stop(struct child *children, size_t count, int timeout_ms);

/* Proportional set size, in KiB; 0 when it is gone. */
uint64_t child_memory_kib(const struct child *c);

/* Reaches whoever wants to hear that this process is ready, as long as it may open sockets. */
void child_ready_begin(void);
/* Reports to the parent, and to systemd, if they asked for it, that this process is ready. */
void child_say_ready(void);
/* What a child may order. */
enum child_order {
	ORDER_RELOAD = 'r',
	/* all parts read their configuration again */ ORDER_RESTORE =
		's' /* the core begins anew with the store that is staged */
};
/* In a child: where such an octet goes; -1: nobody hears. The next child of this process has
 * it too, once this one has forgotten it. */
int child_orders(void);
void child_orders_forget(void);
/* How often systemd wants to hear that this process is not stuck (WatchdogSec=); 0: never. */
uint64_t child_alive_every_ns(void);
void child_say_alive(void);
