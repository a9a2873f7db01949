/* The thread of a device: a block is read, then what waits is written. It makes no memory and takes no lock.
 */
#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "io/sdr/parts.h"

enum { READ_US = 100000 };

void device_tell_loop(struct device *d)
{
	const uint64_t one = 1;

	while (write(d->watch.fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static bool end(struct device *d, const char *why)
{
	atomic_store(&d->wrong, why);
	device_tell_loop(d);
	return false;
}

/* The number of the sample of this time; below what came before where time went backwards. */
static uint64_t index_of(struct device *d, long long time_ns)
{
	long long at;

	if (!d->timed) {
		d->timed = true;
		d->first_ns = time_ns;
	}
	at = llround((double)(time_ns - d->first_ns) * d->config.rate_hz / 1e9);
	if (at >= (long long)d->next - 1 && at <= (long long)d->next + 1) /* as time was rounded */
		return d->next;
	return at < 0 ? 0 : (uint64_t)at;
}

static bool receive(struct device *d)
{
	struct ring_block *b = ring_free(&d->received);
	void *const buffers[] = { b ? b->samples : d->burst };
	long long time_ns = 0;
	int flags = 0, n = d->soapy.readStream(d->sdr, d->in, buffers, d->block, &flags, &time_ns, READ_US);
	uint64_t index;

	if (n == SOAPY_SDR_OVERFLOW)
		device_count(d, DEVICE_STAT(overflows), 1);
	if (n == SOAPY_SDR_TIMEOUT && ++d->silent >= DEVICE_SILENT_MS * 1000 / READ_US)
		return end(d, "it gives no samples any more");
	if (n == SOAPY_SDR_OVERFLOW || n == SOAPY_SDR_TIMEOUT || n == 0)
		return true;
	if (n < 0)
		return end(d, "it cannot be read");
	if (!(flags & SOAPY_SDR_HAS_TIME))
		return end(d, "it gives no time stamps");
	d->silent = 0;
	index = index_of(d, time_ns);
	if (index < d->next)
		return end(d, "its time went backwards");
	d->next = index + (uint64_t)n;
	device_count(d, DEVICE_STAT(in), (uint64_t)n);
	if (!b) { /* the loop will find a gap */
		device_count(d, DEVICE_STAT(behind), 1);
		return true;
	}
	b->index = index;
	b->n = (uint32_t)n;
	b->read_ns = device_clock_ns();
	ring_put(&d->received);
	device_tell_loop(d);
	return true;
}

static void scale(struct device *d, const struct ring_block *b)
{
	uint64_t clipped = 0;

	for (size_t i = 0; i < 2 * (size_t)b->n; i++) {
		float v = b->samples[i] * d->gain;

		clipped += v > 1 || v < -1;
		d->burst[i] = v > 1 ? 1 : v < -1 ? -1 : v;
	}
	device_count(d, DEVICE_STAT(clipped), clipped);
}

/* A block whose time is over would only delay those behind it. */
static void transmit(struct device *d, const struct ring_block *b)
{
	uint64_t advance = (uint64_t)llround(d->config.advance_ns * d->config.rate_hz / 1e9);
	long long time_ns =
		d->first_ns + llround((double)b->index * 1e9 / d->config.rate_hz) - d->config.advance_ns;
	uint32_t done = 0;
	uint64_t due = d->next + advance, margin = b->index < due ? 0 : b->index - due;

	device_time_add(&d->times, DEVICE_MARGIN, device_clock_ns(),
		(uint64_t)((double)margin * 1e9 / d->config.rate_hz));
	if (b->index < due) {
		device_count(d, DEVICE_STAT(late), 1);
		return;
	}
	scale(d, b);
	while (done < b->n) {
		const void *const buffers[] = { d->burst + 2 * done };
		int flags = done == 0 ? SOAPY_SDR_HAS_TIME : 0;
		int n = d->soapy.writeStream(d->sdr, d->out, buffers, b->n - done, &flags, time_ns, READ_US);

		if (n <= 0) {
			device_count(d, DEVICE_STAT(refused), 1);
			return;
		}
		done += (uint32_t)n;
	}
	device_count(d, DEVICE_STAT(out), done);
}

/* What the device has to say of what was written. */
static void ask_status(struct device *d)
{
	for (int i = 0; i < DEVICE_RING; i++) {
		size_t channels = 0;
		long long time_ns = 0;
		int flags = 0,
		    said = d->soapy.readStreamStatus(d->sdr, d->out, &channels, &flags, &time_ns, 0);

		if (said == SOAPY_SDR_UNDERFLOW)
			device_count(d, DEVICE_STAT(underflows), 1);
		else if (said == SOAPY_SDR_TIME_ERROR)
			device_count(d, DEVICE_STAT(late), 1);
		else
			return;
	}
}

void *device_main(void *arg)
{
	struct device *d = arg;

	while (!atomic_load_explicit(&d->stop, memory_order_relaxed) && receive(d)) {
		const struct ring_block *b;

		while ((b = ring_oldest(&d->sent))) {
			transmit(d, b);
			ring_take(&d->sent);
		}
		ask_status(d);
	}
	return NULL;
}
