#include "ops/process_thread.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOG_ROOM "process"

enum { LINES_OCTETS = 256 << 10, STACK_OCTETS = 2 << 20, OUTBOX_OCTETS = 1 << 20 };

/* A line of the log on its way, its text behind it. */
struct line {
	const char *room;
	enum log_level level;
};

static void wake(const struct loop_watch *w)
{
	const uint64_t one = 1;

	while (write(w->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void rest(const struct loop_watch *w)
{
	uint64_t n;

	while (read(w->fd, &n, sizeof(n)) < 0 && errno == EINTR)
		;
}

/* --- in the thread */

static void on_line(void *arg, enum log_level level, const char *room, const char *text)
{
	struct process_thread *t = arg;
	const struct line line = { room, level };
	bool woken;

	if (!octet_ring_put(
		    &t->lines, bytes_of(&line, sizeof(line)), bytes_of(text, strlen(text) + 1), &woken))
		t->log.suppressed++;
	else if (woken)
		wake(&t->said);
}

static uint64_t now_ns(void *arg)
{
	return loop_now_ns(((struct process_thread *)arg)->loop);
}

static void do_asked(struct process_thread *t)
{
	const struct process_todo *todo = atomic_exchange(&t->todo, NULL);

	if (!todo)
		return;
	todo->run(todo->arg);
	sem_post(&t->done);
}

static void on_asked(void *arg, uint32_t events)
{
	struct process_thread *t = arg;

	rest(&t->asked);
	do_asked(t);
	if (atomic_load(&t->stop))
		loop_stop(t->loop);
}

static void *thread_main(void *arg)
{
	struct process_thread *t = arg;

	if (loop_run(t->loop))
		return NULL;
	atomic_store(&t->failed, errno);
	do_asked(t); /* who asks from now on sees that it failed */
	wake(&t->said);
	return NULL;
}

/* --- in the process's */

static void on_said(void *arg, uint32_t events)
{
	struct process_thread *t = arg;
	struct log *log = &t->p->log.log;
	struct bytes record;

	rest(&t->said);
	for (; (record = octet_ring_oldest(&t->lines)).len > 0; octet_ring_take(&t->lines)) {
		const struct line *line = (const void *)record.data;

		log->lines[line->level]++;
		log->sink(log->arg, line->level, line->room, (const char *)(line + 1));
	}
	if (atomic_load(&t->failed))
		loop_fail(t->p->loop, atomic_load(&t->failed));
}

static void log_as_process(void *arg)
{
	struct process_thread *t = arg;
	const struct log *log = &t->p->log.log;

	log_set_levels(&t->log, log->room_count > 0 ? log->other : log->level, log->rooms, log->room_count);
	t->log.mask_supi = log->mask_supi;
}

void process_threads_log(struct process *p)
{
	for (struct process_thread *t = p->threads; t; t = t->next)
		process_thread_do(t, log_as_process, t);
}

static bool watch(struct loop *l, struct loop_watch *w, void (*ready)(void *arg, uint32_t events), void *arg)
{
	*w = (struct loop_watch){ eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), EPOLLIN, ready, arg, 0 };
	return w->fd >= 0 && loop_watch(l, w);
}

bool process_thread_begin(struct process_thread *t, struct process *p)
{
	*t = (struct process_thread){ .p = p, .loop = loop_new(), .said.fd = -1, .asked.fd = -1 };
	t->outbox_memory = malloc(OUTBOX_OCTETS);
	outbox_init_in(
		&t->outbox, t->outbox_memory, t->outbox_memory ? OUTBOX_OCTETS : 0, PROCESS_OUTBOX_MAX);
	sem_init(&t->done, 0, 0);
	log_init(&t->log, LOG_INFO, on_line, now_ns, t);
	log_as_process(t);
	if (t->loop && octet_ring_init(&t->lines, LINES_OCTETS) && watch(t->loop, &t->asked, on_asked, t) &&
		watch(p->loop, &t->said, on_said, t)) {
		io_env_init(&t->env, t->loop, NULL, &t->log, &t->outbox);
		t->bind = bind_new(t->loop, &t->env.env);
	}
	t->next = p->threads;
	p->threads = t;
	if (!t->bind)
		fprintf(stderr, "freehold: a thread's loop: %m\n");
	return t->bind != NULL;
}

bool process_threads_start(struct process *p)
{
	pthread_attr_t attr;
	int error = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_OCTETS);
	for (struct process_thread *t = p->threads; t && error == 0; t = t->next) {
		error = pthread_create(&t->thread, &attr, thread_main, t);
		t->running = error == 0;
	}
	pthread_attr_destroy(&attr);
	errno = error;
	if (error)
		log_error(&p->log.log, "no thread for the radio's slots: %m");
	return error == 0;
}

void process_thread_do(struct process_thread *t, void (*run)(void *arg), void *arg)
{
	const struct process_todo todo = { run, arg };

	if (!t->running) {
		run(arg);
		return;
	}
	atomic_store(&t->todo, &todo);
	wake(&t->asked);
	if (atomic_load(&t->failed) && atomic_exchange(&t->todo, NULL)) {
		run(arg); /* it ended before it saw that */
		return;
	}
	while (sem_wait(&t->done) != 0)
		;
}

void process_thread_stop(struct process_thread *t)
{
	if (!t->running)
		return;
	atomic_store(&t->stop, true);
	wake(&t->asked);
	pthread_join(t->thread, NULL);
	t->running = false;
	on_said(t, 0);
}

static void watch_end(struct loop *l, struct loop_watch *w)
{
	if (w->fd < 0)
		return;
	loop_unwatch(l, w);
	close(w->fd);
}

void process_thread_end(struct process_thread *t)
{
	if (!t->p)
		return;
	process_thread_stop(t);
	bind_free(t->bind);
	io_env_fini(&t->env);
	outbox_fini(&t->outbox);
	free(t->outbox_memory);
	watch_end(t->p->loop, &t->said);
	watch_end(t->loop, &t->asked);
	loop_free(t->loop);
	octet_ring_fini(&t->lines);
	sem_destroy(&t->done);
	t->p = NULL;
}
