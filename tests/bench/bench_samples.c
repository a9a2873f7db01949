/*
 * What streams of radio samples cost (io/zmq): two processes in lock step over the loopback, 23.04 Ms/s each
 * way in blocks of a slot, `name value unit` lines. CPU of both ends together a second of air.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/bind.h"
#include "io/env.h"

enum { PORT = 1, RATE_HZ = 23040000, SLOT = RATE_HZ / 1000, SECONDS = 5, OUTBOX = 4 << 20 };

static const float slot[2 * SLOT];

/* Sends a slot for each that it takes, and one ahead where it begins. */
struct end {
	struct io_env env;
	struct loop *loop;
	bool begins;
	uint64_t taken;
};

static void send_samples(struct end *e, const struct msg *m, size_t octets)
{
	if (!outbox_send(e->env.env.outbox, m->port, 0, 0, bytes_of(slot, octets)))
		abort();
}

static void end_on_msg(void *self, const struct msg *m)
{
	struct end *e = self;

	if (m->kind == MSG_UP && e->begins)
		send_samples(e, m, sizeof(slot));
	if (m->kind == MSG_DOWN && e->taken > 0)
		loop_stop(e->loop); /* the other end has all */
	if (m->kind != MSG_DATA)
		return;
	send_samples(e, m, m->data.len);
	e->taken += m->data.len / SAMPLES_OCTETS;
	if (e->taken >= (uint64_t)SECONDS * RATE_HZ)
		loop_stop(e->loop);
}

static uint64_t end_next_deadline_ns(void *self)
{
	return NEVER;
}

static void end_on_deadline(void *self, uint64_t now_ns)
{
}

static const struct room_ops ops = { end_on_msg, end_next_deadline_ns, end_on_deadline, NULL };

static void no_sink(void *arg, enum log_level level, const char *room, const char *line)
{
}

static uint64_t no_clock(void *arg)
{
	return 0;
}

static void run(uint16_t ours, uint16_t theirs, bool begins)
{
	struct samples_config c = { addr_from_v4(0x7f000001, ours), addr_from_v4(0x7f000001, theirs) };
	struct end e = { .loop = loop_new(), .begins = begins };
	struct room room = { &ops, &e };
	struct outbox outbox;
	struct log log;
	struct bind *b;

	outbox_init(&outbox, OUTBOX);
	log_init(&log, LOG_ERROR, no_sink, no_clock, NULL);
	io_env_init(&e.env, e.loop, NULL, &log, &outbox);
	b = bind_new(e.loop, &e.env.env);
	exit(b && bind_samples(b, &room, PORT, &c) && loop_run(e.loop) ? 0 : 1);
}

static double wall_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu_s(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

int main(void)
{
	double start = wall_s();
	uint16_t port = (uint16_t)(20000 + getpid() % 10000);
	struct rusage u;
	int status, failed = 0;

	for (unsigned i = 0; i < 2; i++)
		if (fork() == 0)
			run((uint16_t)(port + i), (uint16_t)(port + 1 - i), i == 0);
	while (wait(&status) > 0)
		failed |= status;
	getrusage(RUSAGE_CHILDREN, &u);
	printf("samples_both_ends_cpu %.3f s/s\n", cpu_s(&u) / SECONDS);
	printf("samples_wall %.3f s/s\n", (wall_s() - start) / SECONDS);
	return failed != 0;
}
