#include "io/iq_file.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK = 4096, /* samples read at once */
	SIDE_BY_SIDE = 32,
};

static const float largest = 1e9f;

static size_t sample_octets(enum iq_format format)
{
	return format == IQ_CF32 ? 8 : 4;
}

bool iq_file_open(struct iq_file *f, const char *path, enum iq_format format)
{
	struct stat st;

	/* a pipe without a writer would be waited for */
	*f = (struct iq_file){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), .format = format };
	if (f->fd < 0)
		return false;
	if (fstat(f->fd, &st) != 0) {
		iq_file_close(f);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		iq_file_close(f);
		errno = S_ISDIR(st.st_mode) ? EISDIR : ENOTSUP;
		return false;
	}
	f->count = (uint64_t)st.st_size / sample_octets(format);
	return true;
}

void iq_file_close(struct iq_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* All octets, however they come; false at the end of the file. */
static bool read_all(int fd, uint64_t at, uint8_t *to, size_t octets)
{
	while (octets > 0) {
		ssize_t n = pread(fd, to, octets, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? 0 : errno;
			return false;
		}
		to += n;
		at += (uint64_t)n;
		octets -= (size_t)n;
	}
	return true;
}

static float tamed(float v, uint64_t *odd)
{
	if (v >= -largest && v <= largest)
		return v;
	(*odd)++;
	return isnan(v) || isinf(v) ? 0 : copysignf(largest, v);
}

/* So many at once that the compiler looks at them side by side. */
static bool is_tame(const float *v)
{
	unsigned odd = 0;

	for (unsigned i = 0; i < SIDE_BY_SIDE; i++)
		odd |= !(fabsf(v[i]) <= largest);
	return odd == 0;
}

uint64_t iq_tame(float *values, size_t n)
{
	uint64_t odd = 0;

	for (size_t i = 0; i < n; i++) {
		while (n - i >= SIDE_BY_SIDE && is_tame(values + i))
			i += SIDE_BY_SIDE;
		if (i < n)
			values[i] = tamed(values[i], &odd);
	}
	return odd;
}

static float float_of(uint32_t bits)
{
	union {
		uint32_t bits;
		float value;
	} word = { .bits = bits };

	return word.value;
}

bool iq_file_read(const struct iq_file *f, uint64_t first, size_t n, float *out, uint64_t *odd)
{
	union {
		uint8_t octets[CHUNK * 8];
		uint32_t words[CHUNK * 2];
		uint16_t halves[CHUNK * 2];
	} raw = { 0 };
	size_t octets = sample_octets(f->format);
	uint64_t changed = 0;

	for (size_t done = 0; done < n; done += CHUNK) {
		size_t count = n - done < CHUNK ? n - done : CHUNK;

		if (!read_all(f->fd, (first + done) * octets, raw.octets, count * octets))
			return false;
		for (size_t i = 0; i < 2 * count; i++) {
			if (f->format == IQ_CF32)
				out[2 * done + i] = float_of(le32toh(raw.words[i]));
			else
				out[2 * done + i] = (float)(int16_t)le16toh(raw.halves[i]) / 32768;
		}
		changed += iq_tame(out + 2 * done, 2 * count);
	}
	if (odd)
		*odd += changed;
	return true;
}
