/*
 * A thread with a loop of its own, for rooms whose work must not wait for the process's: the slots of a cell.
 * Its rooms are the same as in the process's loop, and joined to those there by bind_wire_between(). It waits
 * for nobody: its log goes through a ring to the process's thread, which alone writes.
 */
#pragma once

#include <pthread.h>
#include <semaphore.h>

#include "io/octet_ring.h"
#include "ops/process.h"

struct process_todo {
	void (*run)(void *arg);
	void *arg;
};

struct process_thread {
	struct process *p;
	struct process_thread *next; /* of the process's */
	struct loop *loop;
	struct io_env env;
	struct log log;
	struct outbox outbox;
	void *outbox_memory; /* what a turn sends, as a rule: slots ask no allocator */
	struct bind *bind;
	pthread_t thread;
	bool running;
	atomic_int failed; /* errno its loop ended with; 0: none */
	atomic_bool stop;
	struct octet_ring lines; /* of its log */
	struct loop_watch said;  /* in the process's loop: there are lines, or it failed */
	/* What the process's thread wants done in between its turns. */
	struct loop_watch asked;
	_Atomic(const struct process_todo *) todo;
	sem_t done;
};

/* Before the process is confined; process_run() starts it, and it ends with process_thread_end(). False with
 * a message on stderr. */
MUST_USE bool process_thread_begin(struct process_thread *t, struct process *p);
/* Calls run(arg) in the thread, between two of its turns, and waits for that; here while it does not run. */
void process_thread_do(struct process_thread *t, void (*run)(void *arg), void *arg);
/* Ends it; its binding stays until process_thread_end(). */
void process_thread_stop(struct process_thread *t);
void process_thread_end(struct process_thread *t);

/* process_run()'s. False: none can be made. */
MUST_USE bool process_threads_start(struct process *p);
/* They log as the process does now. */
void process_threads_log(struct process *p);
