/* The input of fuzz_phy as numbers. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz_phy.h"

uint8_t fuzz_u8(struct fuzz *f)
{
	return cursor_left(&f->c) ? cursor_u8(&f->c) : 0;
}

uint16_t fuzz_u16(struct fuzz *f)
{
	unsigned high = fuzz_u8(f);

	return (uint16_t)(high << 8 | fuzz_u8(f));
}

uint32_t fuzz_u32(struct fuzz *f)
{
	uint32_t high = fuzz_u16(f);

	return high << 16 | fuzz_u16(f);
}

uint64_t fuzz_u64(struct fuzz *f)
{
	uint64_t high = fuzz_u32(f);

	return high << 32 | fuzz_u32(f);
}

uint32_t fuzz_upto(struct fuzz *f, uint32_t n)
{
	uint8_t v = fuzz_u8(f);

	if (v == 255)
		return fuzz_u32(f);
	if (n < 255)
		return v % (n + 1);
	return (uint32_t)(((unsigned)v << 8 | fuzz_u8(f)) % (n + 1));
}

float fuzz_float(struct fuzz *f)
{
	static const float odd[] = { 0, -0.0f, 1, -1, NAN, INFINITY, -INFINITY, FLT_MAX, -FLT_MAX, FLT_MIN,
		1e-45f, 1e9f, -1e9f, 1e-9f, 1e19f, 1e-19f, 3e38f, 127, 32768, 0.5f };
	uint8_t v = fuzz_u8(f);
	union {
		uint32_t bits;
		float value;
	} any;

	if (v < ARRAY_LEN(odd))
		return odd[v];
	any.bits = fuzz_u32(f);
	return any.value;
}

double fuzz_double(struct fuzz *f)
{
	static const double odd[] = { 0, -0.0, 1, -1, (double)NAN, (double)INFINITY, (double)-INFINITY,
		DBL_MAX, -DBL_MAX, DBL_MIN, 5e-324, 1e9, -1e9, 1e-9, 1e300, 1e-300, 2147483648.0, 9.3e18,
		15e3, 30e3, 120e3, 240e3, 3.84e6, 7.68e6, 30.72e6, 122.88e6, 3.5e9, 24.25e9, 1e3, 1e12 };
	uint8_t v = fuzz_u8(f);
	union {
		uint64_t bits;
		double value;
	} any;

	if (v < ARRAY_LEN(odd))
		return odd[v];
	if (v < 128) /* whole numbers of a usual size */
		return (double)(int32_t)fuzz_u32(f);
	any.bits = fuzz_u64(f);
	return any.value;
}

void *fuzz_room(struct fuzz *f, size_t n)
{
	void *room = f->rooms < FUZZ_ROOMS ? calloc(1, n > 0 ? n : 1) : NULL;

	if (!room)
		abort();
	f->room[f->rooms++] = room;
	return room;
}

static uint64_t next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

float *fuzz_floats(struct fuzz *f, size_t n)
{
	static const float scales[] = { 1, 0, 1e-30f, 1e-20f, 1e-10f, 1e-3f, 1e3f, 1e9f, 1e18f, 1e19f, 1e30f,
		3e38f, 1e-45f };
	float *out = fuzz_room(f, n * sizeof(*out)), scale = scales[fuzz_u8(f) % ARRAY_LEN(scales)];
	uint64_t state = fuzz_u16(f);

	for (size_t i = 0; i < n; i++)
		out[i] = (float)(int32_t)next(&state) * 0x1p-31f * scale;
	for (unsigned odd = n > 0 ? fuzz_u8(f) % 16 : 0; odd > 0; odd--) {
		size_t from = fuzz_u32(f) % n, count = fuzz_u16(f) % n + 1;
		float v = fuzz_float(f);

		for (size_t i = from; i < n && i < from + count; i++)
			out[i] = v;
	}
	return out;
}

struct phy_cf *fuzz_samples(struct fuzz *f, size_t n)
{
	return (struct phy_cf *)fuzz_floats(f, 2 * n);
}

uint8_t *fuzz_octets(struct fuzz *f, size_t n)
{
	uint8_t *out = fuzz_room(f, n), mode = fuzz_u8(f);
	uint64_t state = fuzz_u16(f);

	for (size_t i = 0; i < n; i++)
		out[i] = mode % 4 == 0 ? (uint8_t)state : (uint8_t)next(&state);
	for (unsigned i = 0; i < n && mode % 4 == 3; i++)
		out[i] = fuzz_u8(f);
	return out;
}
