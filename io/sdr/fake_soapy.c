/*
 * In SoapySDR's place for tests: a device that hears at each time what was written for it, and does what its
 * args say: "gap_at=N,gap=M" (M samples from the N-th on are lost, with an overflow), "dies_at=N",
 * "untimed=1", "nan_at=N", "rate=R" (the only one). Its time goes on as what is written allows, and in steps
 * of at most mtu=N.
 *
 * With "air=FILE" two of them share an air and the machine's clock, of which slow=N makes seconds of N: what
 * the one with side=0 sends is what the other hears, 20 dB weaker, and the other way round; time does not
 * wait.
 */
#include <SoapySDR/Device.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { RING = 1 << 20, FIRST_NS = 123456789, FREE_READS = 16, AIR_OCTETS = 2 * 2 * RING * sizeof(float) };

struct SoapySDRDevice {
	double rate;
	long gap_at, gap, dies_at, untimed, nan_at, only_rate, mtu, slow;
	long now, reads, written; /* samples; written: up to which */
	long next_write;
	unsigned late;
	float *sends, *hears; /* a ring of samples each */
	float own[2 * RING];
	bool shared;
};

/* Of the machine's clock; the air begins with it. */
static long samples_now(const SoapySDRDevice *d)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return lround(
		((double)t.tv_sec + (double)t.tv_nsec / 1e9) * d->rate / (double)(d->slow ? d->slow : 1));
}

static bool share(SoapySDRDevice *d, const char *args)
{
	char path[128];
	int fd = sscanf(strstr(args, ",air=") + 5, "%127[^,]", path) == 1 ? open(path, O_RDWR | O_CREAT, 0600)
									  : -1;
	int side = strstr(args, ",side=1") != NULL;
	float *both = fd >= 0 && ftruncate(fd, AIR_OCTETS) == 0
			      ? mmap(NULL, AIR_OCTETS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
			      : MAP_FAILED;

	if (fd >= 0)
		close(fd);
	if (both == MAP_FAILED)
		return false;
	d->sends = both + 2 * RING * side;
	d->hears = both + 2 * RING * !side;
	d->shared = true;
	return true;
}

static long number(const char *args, const char *key)
{
	const char *at = strstr(args, key);

	return at ? strtol(at + strlen(key), NULL, 10) : 0;
}

SoapySDRDevice *SoapySDRDevice_makeStrArgs(const char *args)
{
	SoapySDRDevice *d = strstr(args, "driver=fake") ? calloc(1, sizeof(*d)) : NULL;

	if (!d)
		return NULL;
	d->gap_at = number(args, ",gap_at=");
	d->gap = number(args, ",gap=");
	d->dies_at = number(args, ",dies_at=");
	d->untimed = number(args, ",untimed=");
	d->nan_at = number(args, ",nan_at=");
	d->only_rate = number(args, ",rate=");
	d->mtu = number(args, ",mtu=");
	d->slow = number(args, ",slow=");
	d->sends = d->hears = d->own;
	if (!strstr(args, ",air=") || share(d, args))
		return d;
	free(d);
	return NULL;
}

int SoapySDRDevice_unmake(SoapySDRDevice *d)
{
	free(d);
	return 0;
}

const char *SoapySDRDevice_lastError(void)
{
	return "the fake's word";
}

int SoapySDRDevice_setSampleRate(
	SoapySDRDevice *d, const int direction, const size_t channel, const double rate)
{
	d->rate = d->only_rate ? (double)d->only_rate : rate;
	return 0;
}

double SoapySDRDevice_getSampleRate(const SoapySDRDevice *d, const int direction, const size_t channel)
{
	return d->rate;
}

int SoapySDRDevice_setFrequency(SoapySDRDevice *d, const int direction, const size_t channel, const double hz,
	const SoapySDRKwargs *args)
{
	return hz > 0 ? 0 : -1;
}

int SoapySDRDevice_setGain(SoapySDRDevice *d, const int direction, const size_t channel, const double db)
{
	return 0;
}

int SoapySDRDevice_setAntenna(SoapySDRDevice *d, const int direction, const size_t channel, const char *name)
{
	return strcmp(name, "A") == 0 ? 0 : -1;
}

SoapySDRStream *SoapySDRDevice_setupStream(SoapySDRDevice *d, const int direction, const char *format,
	const size_t *channels, const size_t count, const SoapySDRKwargs *args)
{
	return (SoapySDRStream *)(direction == SOAPY_SDR_RX ? &d->now : &d->written);
}

int SoapySDRDevice_closeStream(SoapySDRDevice *d, SoapySDRStream *s)
{
	return 0;
}

int SoapySDRDevice_activateStream(
	SoapySDRDevice *d, SoapySDRStream *s, const int flags, const long long time_ns, const size_t n)
{
	return 0;
}

int SoapySDRDevice_deactivateStream(
	SoapySDRDevice *d, SoapySDRStream *s, const int flags, const long long time_ns)
{
	return 0;
}

static long long time_of(const SoapySDRDevice *d, long index)
{
	return FIRST_NS + llround((double)index * 1e9 / d->rate);
}

/* Time is waited for, and what was sent for it has to be there by then: it fades where it is read. */
static int read_shared(SoapySDRDevice *d, float *out, long n, int *flags, long long *time_ns)
{
	if (d->now == 0)
		d->now = samples_now(d);
	for (long left; (left = d->now + n - samples_now(d)) > 0;) {
		const struct timespec until_then = { 0,
			(long)((double)left * 1e9 * (double)(d->slow ? d->slow : 1) / d->rate) };

		nanosleep(&until_then, NULL);
	}
	*flags = SOAPY_SDR_HAS_TIME;
	*time_ns = time_of(d, d->now);
	for (long i = 0; i < n; i++, d->now++)
		for (int k = 0; k < 2; k++) {
			float *at = &d->hears[2 * (d->now % RING) + k];

			out[2 * i + k] = *at / 10;
			*at = 0;
		}
	return (int)n;
}

int SoapySDRDevice_readStream(SoapySDRDevice *d, SoapySDRStream *s, void *const *buffers, const size_t count,
	int *flags, long long *time_ns, const long timeout_us)
{
	float *out = buffers[0];
	long n = d->mtu && d->mtu < (long)count ? d->mtu : (long)count;

	if (d->shared)
		return read_shared(d, out, n, flags, time_ns);
	if (d->dies_at && d->now >= d->dies_at)
		return SOAPY_SDR_STREAM_ERROR;
	if (++d->reads > FREE_READS && d->written < d->now + n) {
		const struct timespec a_moment = { 0, 200000 };

		nanosleep(&a_moment, NULL);
		return 0;
	}
	if (d->gap_at && d->now >= d->gap_at) {
		d->now += d->gap;
		d->gap_at = d->reads = 0; /* it goes on by itself */
		return SOAPY_SDR_OVERFLOW;
	}
	*flags = d->untimed ? 0 : SOAPY_SDR_HAS_TIME;
	*time_ns = time_of(d, d->now);
	for (long i = 0; i < n; i++, d->now++)
		for (int k = 0; k < 2; k++) {
			out[2 * i + k] =
				d->nan_at && d->now == d->nan_at ? NAN : d->own[2 * (d->now % RING) + k];
			d->own[2 * (d->now % RING) + k] = 0;
		}
	return (int)n;
}

int SoapySDRDevice_writeStream(SoapySDRDevice *d, SoapySDRStream *s, const void *const *buffers,
	const size_t count, int *flags, const long long time_ns, const long timeout_us)
{
	const float *in = buffers[0];
	size_t n = d->mtu && d->mtu < (long)count ? (size_t)d->mtu : count;

	if (*flags & SOAPY_SDR_HAS_TIME)
		d->next_write = lround((double)(time_ns - FIRST_NS) * d->rate / 1e9);
	if (d->next_write < (d->shared ? samples_now(d) : d->now)) {
		d->late++;
		return (int)n;
	}
	for (size_t i = 0; i < n; i++, d->next_write++)
		for (int k = 0; k < 2; k++)
			d->sends[2 * (d->next_write % RING) + k] = in[2 * i + k];
	d->written = d->next_write;
	return (int)n;
}

int SoapySDRDevice_readStreamStatus(SoapySDRDevice *d, SoapySDRStream *s, size_t *channels, int *flags,
	long long *time_ns, const long timeout_us)
{
	if (d->late == 0)
		return SOAPY_SDR_TIMEOUT;
	d->late--;
	return SOAPY_SDR_TIME_ERROR;
}
