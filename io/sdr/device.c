#include "io/sdr/device.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "io/iq_file.h"
#include "io/realtime.h"
#include "io/sdr/parts.h"

#define LOG_ROOM "io"

enum { SAMPLE_OCTETS = 2 * sizeof(float), MS = 1000, BLOCKS_A_TURN = 4 };

static const struct stat_def defs[] = {
	{ "received", "radio samples read from the device" },
	{ "sent", "radio samples written to the device" },
	{ "overflows", "times that the device was not read in time" },
	{ "behind", "blocks of samples that were read and not taken in time by the slots" },
	{ "filled", "samples of silence in place of lost ones" },
	{ "late", "blocks of samples that were not sent for their time was over" },
	{ "refused", "blocks of samples that the device or its queue did not take" },
	{ "underflows", "times that the device had nothing to send in the middle" },
	{ "clipped", "values to be sent that were above full scale" },
	{ "tamed", "values of received samples that were no number or above 1e9, and were changed" },
	{ "begun", "times that both ways began anew" },
};
const struct stat_group device_stat_group = { "device", defs, ARRAY_LEN(defs) };
_Static_assert((int)DEVICE_STATS == (int)ARRAY_LEN(defs), "a row for each");

struct device_stats device_stats(const struct device *d)
{
	union {
		struct device_stats s;
		uint64_t v[DEVICE_STATS];
	} u;

	for (size_t i = 0; i < DEVICE_STATS; i++)
		u.v[i] = atomic_load_explicit(&d->stats[i], memory_order_relaxed);
	return u.s;
}

void device_figures(struct device *d, struct stats_list *l)
{
	d->shown = device_stats(d);
	stats_add(l, (struct stats){ .group = &device_stat_group,
			     .values = (const uint64_t *)(const void *)&d->shown,
			     .label = "device",
			     .name = d->config.args });
	device_times_figures(&d->times, d->config.args, l);
}

/* --- what comes */

static void begin_anew(struct device *d, uint64_t at)
{
	if (d->up)
		d->user.down(d->user.arg);
	d->up = true;
	d->expected = d->next_out = at;
	device_count(d, DEVICE_STAT(begun), 1);
	d->user.up(d->user.arg);
}

/* A block of silence in place of what was lost. */
static void fill(struct device *d, uint64_t missing)
{
	size_t n = missing < d->block ? (size_t)missing : d->block;

	device_count(d, DEVICE_STAT(filled), n);
	d->expected += n;
	d->user.data(d->user.arg, bytes_of(d->silence, n * SAMPLE_OCTETS));
}

/* How long it waited, and how long the work on each millisecond of samples took. */
static void note_times(struct device *d, const struct ring_block *b, uint64_t begun_ns, uint64_t end_ns)
{
	uint64_t ms = (uint64_t)(d->config.rate_hz / MS);

	device_time_add(&d->times, DEVICE_WAITED, begun_ns, begun_ns - b->read_ns);
	d->work_ns += end_ns - begun_ns;
	if ((b->index + b->n) / ms == b->index / ms)
		return;
	device_time_add(&d->times, DEVICE_WORK, end_ns, d->work_ns);
	d->work_ns = 0;
}

/* The block, or as much of what is missing before it. False: it is not used up. */
static bool take(struct device *d, const struct ring_block *b)
{
	uint64_t begun_ns = device_clock_ns();

	if (!d->up || b->index - d->expected > d->config.rate_hz * DEVICE_GAP_MS / MS)
		begin_anew(d, b->index);
	if (d->expected < b->index) {
		fill(d, b->index - d->expected);
		return false;
	}
	device_count(d, DEVICE_STAT(tamed), iq_tame(b->samples, 2 * (size_t)b->n));
	d->expected = b->index + b->n;
	d->user.data(d->user.arg, bytes_of(b->samples, b->n * SAMPLE_OCTETS));
	note_times(d, b, begun_ns, device_clock_ns());
	return true;
}

static void on_ready(void *arg, uint32_t events)
{
	struct device *d = arg;
	const struct ring_block *b;
	const char *wrong;
	uint64_t n;

	if (read(d->watch.fd, &n, sizeof(n)) < 0)
		return;
	/* What is answered goes at the end of the turn: of few blocks, and soon. */
	for (size_t i = 0; i < BLOCKS_A_TURN && (b = ring_oldest(&d->received)); i++)
		if (take(d, b))
			ring_take(&d->received);
	if (ring_oldest(&d->received))
		device_tell_loop(d);
	wrong = atomic_load(&d->wrong);
	if (!wrong)
		return;
	log_error(d->log,
		"radio device %s: %s (%s): the process ends, and one that begins anew opens it again",
		d->config.args, wrong, d->soapy.lastError());
	loop_unwatch(d->loop, &d->watch);
	if (d->up)
		d->user.down(d->user.arg);
	d->up = false;
	loop_fail(d->loop, EIO);
}

/* --- what goes */

bool device_send(struct device *d, struct bytes data)
{
	const float *in = (const void *)data.data;
	size_t left = data.len / SAMPLE_OCTETS;
	bool all = true;

	while (left > 0) {
		struct ring_block *b = d->up ? ring_free(&d->sent) : NULL;
		size_t n = left < d->block ? left : d->block;

		if (b) {
			for (size_t i = 0; i < 2 * n; i++)
				b->samples[i] = in[i];
			b->index = d->next_out;
			b->n = (uint32_t)n;
			ring_put(&d->sent);
		} else {
			device_count(d, DEVICE_STAT(refused), 1);
		}
		d->next_out += n;
		in += 2 * n;
		left -= n;
		all = all && b;
	}
	return all;
}

/* --- opening */

static bool is_rate(double has, double wanted)
{
	return fabs(has - wanted) <= wanted * 1e-6;
}

/* NULL, or which of its settings the device refuses. */
static const char *set_up(struct device *d, int direction)
{
	const struct device_config *c = &d->config;
	const struct soapy *s = &d->soapy;
	bool in = direction == SOAPY_SDR_RX;
	const char *antenna = in ? c->receive_antenna : c->transmit_antenna;

	if (s->setSampleRate(d->sdr, direction, 0, c->rate_hz) ||
		!is_rate(s->getSampleRate(d->sdr, direction, 0), c->rate_hz))
		return "it has not this sample rate";
	if (antenna && antenna[0] && s->setAntenna(d->sdr, direction, 0, antenna))
		return "it has no such antenna";
	if (s->setFrequency(d->sdr, direction, 0, in ? c->receive_hz : c->transmit_hz, NULL))
		return "it has not this frequency";
	if (s->setGain(d->sdr, direction, 0, in ? c->receive_gain_db : c->transmit_gain_db))
		return "it has not this gain";
	return NULL;
}

static const char *streams_open(struct device *d)
{
	const struct soapy *s = &d->soapy;
	const size_t channel = 0;
	const char *wrong = set_up(d, SOAPY_SDR_RX);

	wrong = wrong ? wrong : set_up(d, SOAPY_SDR_TX);
	if (wrong)
		return wrong;
	d->in = s->setupStream(d->sdr, SOAPY_SDR_RX, "CF32", &channel, 1, NULL);
	d->out = d->in ? s->setupStream(d->sdr, SOAPY_SDR_TX, "CF32", &channel, 1, NULL) : NULL;
	if (!d->out)
		return "it cannot send and receive samples";
	if (s->activateStream(d->sdr, d->out, 0, 0, 0) || s->activateStream(d->sdr, d->in, 0, 0, 0))
		return "it does not begin";
	return NULL;
}

static const char *begin(struct device *d)
{
	const char *wrong = soapy_load(&d->soapy, d->config.library);
	bool raised;

	if (wrong)
		return wrong;
	d->sdr = d->soapy.makeStrArgs(d->config.args);
	if (!d->sdr)
		return "there is none";
	wrong = streams_open(d);
	if (wrong)
		return wrong;
	d->watch = (struct loop_watch){ eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), EPOLLIN, on_ready, d, 0 };
	if (d->watch.fd < 0 || !loop_watch(d->loop, &d->watch))
		return "descriptors are out";
	raised = realtime_raise(
		REALTIME_DEVICE); /* the thread inherits it; whose loop it is says if it may not */
	d->running = pthread_create(&d->thread, NULL, device_main, d) == 0;
	if (raised)
		realtime_lower();
	return d->running ? NULL : "no thread can be made";
}

struct device *device_open(
	struct loop *l, struct log *log, const struct device_config *c, const struct device_user *user)
{
	struct device *d = calloc(1, sizeof(*d));
	const char *wrong = "memory is out";

	if (!d)
		return NULL;
	d->loop = l;
	d->log = log;
	d->config = *c;
	d->user = *user;
	d->watch.fd = -1;
	device_times_init(&d->times);
	d->block = (size_t)(c->rate_hz / DEVICE_BLOCKS_S);
	d->gain = (float)pow(10, c->level_db / 20);
	d->burst = calloc(d->block, SAMPLE_OCTETS);
	d->silence = aligned_alloc(64, (d->block * SAMPLE_OCTETS + 63) & ~(size_t)63);
	if (d->burst && d->silence && ring_init(&d->received, DEVICE_RING, d->block) &&
		ring_init(&d->sent, DEVICE_RING, d->block)) {
		for (size_t i = 0; i < 2 * d->block; i++)
			d->silence[i] = 0;
		wrong = begin(d);
	}
	if (!wrong)
		return d;
	log_error(log, "radio device %s: %s%s%s", c->args, wrong, d->sdr ? ": " : "",
		d->sdr ? d->soapy.lastError() : "");
	device_free(d);
	return NULL;
}

static void stream_close(struct device *d, SoapySDRStream *stream)
{
	if (!stream)
		return;
	d->soapy.deactivateStream(d->sdr, stream, 0, 0);
	d->soapy.closeStream(d->sdr, stream);
}

void device_free(struct device *d)
{
	if (!d)
		return;
	atomic_store(&d->stop, true);
	if (d->running)
		pthread_join(d->thread, NULL);
	if (d->watch.fd >= 0) {
		loop_unwatch(d->loop, &d->watch);
		close(d->watch.fd);
	}
	stream_close(d, d->in);
	stream_close(d, d->out);
	if (d->sdr)
		d->soapy.unmake(d->sdr);
	soapy_unload(&d->soapy);
	ring_fini(&d->received);
	ring_fini(&d->sent);
	free(d->burst);
	free(d->silence);
	free(d);
}
