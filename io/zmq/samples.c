#include "io/zmq/samples.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#include "base/room.h"
#include "io/zmq/receive.h"
#include "io/zmq/transmit.h"

struct samples {
	struct loop *loop;
	struct loop_hook hook;
	struct samples_user user;
	struct samples_config config;
	struct samples_stats stats;
	struct receive receive;
	struct transmit transmit;
};

/* Both sides begin anew, so what was meant for the peer before is of no use. */
static void samples_up(void *arg)
{
	struct samples *s = arg;

	transmit_drop(&s->transmit);
	s->user.up(s->user.arg);
}

static void samples_data(void *arg, struct bytes data)
{
	struct samples *s = arg;

	s->user.data(s->user.arg, data);
}

static void samples_down(void *arg)
{
	struct samples *s = arg;

	transmit_drop(&s->transmit);
	s->user.down(s->user.arg);
}

/* Who asked us is gone, and with it some of the stream: whom we ask is its other half. */
static void samples_lost(void *arg)
{
	struct samples *s = arg;

	if (s->config.receive.len > 0)
		receive_restart(&s->receive);
}

static uint64_t samples_next_ns(void *arg)
{
	const struct samples *s = arg;
	uint64_t transmit = s->config.transmit.len > 0 ? transmit_next_ns(&s->transmit) : NEVER;
	uint64_t receive = s->config.receive.len > 0 ? receive_next_ns(&s->receive) : NEVER;

	return transmit < receive ? transmit : receive;
}

static void samples_due(void *arg, uint64_t now_ns)
{
	struct samples *s = arg;

	if (s->config.transmit.len > 0)
		transmit_due(&s->transmit, now_ns);
	if (s->config.receive.len > 0)
		receive_due(&s->receive, now_ns);
}

void samples_keep_memory(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, SAMPLES_QUEUE_MAX);
	(void)mallopt(M_TRIM_THRESHOLD, 4 * SAMPLES_QUEUE_MAX);
}

struct samples *samples_open(
	struct loop *l, struct log *log, const struct samples_config *c, const struct samples_user *user)
{
	struct samples *s = aligned_alloc(ZMQ_ALIGN, sizeof(*s));
	int error;

	if (!s)
		return NULL;
	samples_keep_memory();
	*s = (struct samples){ .loop = l, .user = *user, .config = *c };
	s->receive.log = s->transmit.log = log;
	s->receive.stats = s->transmit.stats = &s->stats;
	s->receive.user = (struct samples_user){ samples_up, samples_data, samples_down, s };
	s->transmit.lost = samples_lost;
	s->transmit.arg = s;
	s->hook = (struct loop_hook){ .next_ns = samples_next_ns, .due = samples_due, .arg = s };
	loop_hook_add(l, &s->hook);
	if ((c->transmit.len == 0 || transmit_open(&s->transmit, l, &c->transmit)) &&
		(c->receive.len == 0 || receive_open(&s->receive, l, &c->receive)))
		return s;
	error = errno;
	samples_free(s);
	errno = error;
	return NULL;
}

void samples_free(struct samples *s)
{
	if (!s)
		return;
	loop_hook_remove(s->loop, &s->hook);
	transmit_close(&s->transmit);
	receive_close(&s->receive);
	free(s);
}

/* What a room said before it heard of MSG_DOWN, in the same turn, is not for the next who asks. */
bool samples_send(struct samples *s, struct bytes data)
{
	if (s->config.transmit.len == 0 || data.len == 0 || data.len % SAMPLES_OCTETS != 0)
		return false;
	return (s->config.receive.len == 0 || s->receive.state == RECEIVE_UP) &&
	       transmit_put(&s->transmit, data);
}

struct addr samples_local(const struct samples *s)
{
	return s->transmit.local;
}

struct samples_stats samples_stats(const struct samples *s)
{
	return s->stats;
}

static const struct stat_def defs[] = {
	{ "blocks_in", "blocks of radio samples that were received" },
	{ "received", "radio samples received" },
	{ "blocks_out", "requests answered with a block of radio samples" },
	{ "sent", "radio samples sent" },
	{ "tamed", "values of received samples that were no number or above 1e9, and were changed" },
	{ "joined", "times that the stream was joined at whom we ask" },
	{ "broken", "times that this stream broke" },
	{ "clients", "clients that came to ask us for samples" },
	{ "clients_refused", "clients that came while another was there" },
	{ "malformed", "connections ended for what came on them" },
	{ "timed_out", "connections that took too long to begin" },
};
const struct stat_group samples_stat_group = { "samples", defs, ARRAY_LEN(defs) };
_Static_assert(sizeof(struct samples_stats) == sizeof(uint64_t) * ARRAY_LEN(defs), "a row for each");
