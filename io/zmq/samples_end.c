#include "io/zmq/samples_end.h"

#include <stdlib.h>

enum { END_OUTBOX = 8 << 20 };

static void no_sink(void *arg, enum log_level level, const char *room, const char *line)
{
}

static uint64_t no_clock(void *arg)
{
	return 0;
}

void end_send(struct end *e, size_t n)
{
	static float block[2 * END_BLOCK_MAX];

	for (size_t i = 0; i < n; i++) {
		block[2 * i] = (float)((e->sent + i) % END_NUMBERS);
		block[2 * i + 1] = -block[2 * i];
	}
	e->sent += n;
	if (!outbox_send(&e->outbox, END_PORT, 0, 0, bytes_of(block, n * SAMPLES_OCTETS)))
		abort();
}

static void hear(struct end *e, struct bytes data)
{
	const float *in = (const float *)(const void *)data.data;
	size_t n = data.len / SAMPLES_OCTETS;

	e->misaligned += (uintptr_t)data.data % 64 != 0;
	e->first[0] = in[0];
	e->first[1] = in[1];
	for (size_t i = 0; i < n && !e->echo; i++) {
		float number = (float)((e->heard + i) % END_NUMBERS);

		e->disorder += in[2 * i] != number || in[2 * i + 1] != -number;
	}
	e->heard += n;
	if (!e->echo)
		end_send(e, n);
	else if (!outbox_send(&e->outbox, END_PORT, 0, 0, data))
		abort();
}

static void end_on_msg(void *self, const struct msg *m)
{
	struct end *e = self;

	switch (m->kind) {
	case MSG_UP:
		e->ups++;
		e->sent = e->heard = 0;
		if (e->lead > 0)
			end_send(e, e->lead);
		break;
	case MSG_DATA:
		hear(e, m->data);
		break;
	case MSG_DOWN:
		e->downs++;
		break;
	}
}

static uint64_t end_next_deadline_ns(void *self)
{
	return NEVER;
}

static void end_on_deadline(void *self, uint64_t now_ns)
{
}

static const struct room_ops end_ops = { end_on_msg, end_next_deadline_ns, end_on_deadline, NULL };

bool end_open(struct end *e, struct loop *l, const struct samples_config *c)
{
	struct room room = { &end_ops, e };

	e->loop = l;
	outbox_init(&e->outbox, END_OUTBOX);
	log_init(&e->log, LOG_ERROR, no_sink, no_clock, NULL);
	io_env_init(&e->env, l, NULL, &e->log, &e->outbox);
	e->bind = bind_new(l, &e->env.env);
	return e->bind && bind_samples(e->bind, &room, END_PORT, c);
}

void end_close(struct end *e)
{
	bind_free(e->bind);
	io_env_fini(&e->env);
	outbox_fini(&e->outbox);
}

bool end_wait(struct loop *l, const uint64_t *counter, uint64_t value)
{
	uint64_t until_ns = loop_now_ns(l) + 5 * NS_PER_S;

	while (*counter < value && loop_now_ns(l) < until_ns)
		if (!loop_turn(l, 5 * NS_PER_MS))
			return false;
	return *counter >= value;
}

struct samples_stats end_stats(const struct end *e)
{
	struct samples_stats stats = { 0 };
	struct stats_list list = { 0 };
	uint64_t *to = (uint64_t *)(void *)&stats;

	bind_figures(e->bind, &list);
	for (size_t i = 0; i < list.count; i++)
		for (size_t k = 0; list.items[i].group == &samples_stat_group && k < samples_stat_group.count;
			k++)
			to[k] = list.items[i].values[k];
	return stats;
}
