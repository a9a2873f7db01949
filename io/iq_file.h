/* Recorded radio samples in a file: interleaved I and Q, little endian, as float32 ("cf32") or int16
 * ("ci16"). */
#pragma once

#include "base/bytes.h"

enum iq_format {
	IQ_CF32,
	IQ_CI16,
};

struct iq_file {
	int fd;
	enum iq_format format;
	uint64_t count; /* whole samples */
};

/* False with errno; ENOTSUP for what is no file but a device or a pipe. What is not a whole sample at the end
 * does not count. */
MUST_USE bool iq_file_open(struct iq_file *f, const char *path, enum iq_format format);
void iq_file_close(struct iq_file *f);

/*
 * n samples from `first` on as 2n floats, int16 by 2^-15; what is not finite becomes 0, what is above 1e9 is
 * cut. odd (may be NULL) counts the values that had to be changed. False with errno, or 0 at the file's end.
 */
MUST_USE bool iq_file_read(const struct iq_file *f, uint64_t first, size_t n, float *out, uint64_t *odd);

/* The same of values that came another way; how many were changed. */
uint64_t iq_tame(float *values, size_t n);
