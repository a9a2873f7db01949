/* The reference of the passes of the Fourier transform. */
#include "radio/phy/kern/kern.h"

/* out = (ar + j ai) w */
static void put(float *out, float ar, float ai, const float *w)
{
	out[0] = ar * w[0] - ai * w[1];
	out[1] = ar * w[1] + ai * w[0];
}

static void radix2(float *out, const float *in, const float *w, size_t m, size_t s)
{
	for (size_t p = 0; p < m; p++) {
		for (size_t q = 0; q < s; q++) {
			const float *a = in + 2 * (q + s * p), *b = a + 2 * s * m;
			float *o = out + 2 * (q + s * 2 * p);

			o[0] = a[0] + b[0];
			o[1] = a[1] + b[1];
			put(o + 2 * s, a[0] - b[0], a[1] - b[1], w + 2 * p);
		}
	}
}

static void radix3(float *out, const float *in, const float *w, size_t m, size_t s, float sign)
{
	const float half_root = sign * 0.86602540378f;

	for (size_t p = 0; p < m; p++) {
		for (size_t q = 0; q < s; q++) {
			const float *a = in + 2 * (q + s * p), *b = a + 2 * s * m, *c = b + 2 * s * m;
			float *o = out + 2 * (q + s * 3 * p);
			float tr = b[0] + c[0], ti = b[1] + c[1];
			float ur = a[0] - 0.5f * tr, ui = a[1] - 0.5f * ti;
			float vr = -half_root * (b[1] - c[1]), vi = half_root * (b[0] - c[0]);

			o[0] = a[0] + tr;
			o[1] = a[1] + ti;
			put(o + 2 * s, ur + vr, ui + vi, w + 2 * p);
			put(o + 4 * s, ur - vr, ui - vi, w + 2 * (m + p));
		}
	}
}

static void radix4(float *out, const float *in, const float *w, size_t m, size_t s, float sign)
{
	for (size_t p = 0; p < m; p++) {
		for (size_t q = 0; q < s; q++) {
			const float *a = in + 2 * (q + s * p), *b = a + 2 * s * m, *c = b + 2 * s * m;
			const float *d = c + 2 * s * m;
			float *o = out + 2 * (q + s * 4 * p);
			float acr = a[0] + c[0], aci = a[1] + c[1], amr = a[0] - c[0], ami = a[1] - c[1];
			float bdr = b[0] + d[0], bdi = b[1] + d[1];
			float tr = -sign * (b[1] - d[1]), ti = sign * (b[0] - d[0]);

			o[0] = acr + bdr;
			o[1] = aci + bdi;
			put(o + 2 * s, amr + tr, ami + ti, w + 2 * p);
			put(o + 4 * s, acr - bdr, aci - bdi, w + 2 * (m + p));
			put(o + 6 * s, amr - tr, ami - ti, w + 2 * (2 * m + p));
		}
	}
}

static void fft_pass(
	float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign)
{
	if (radix == 4)
		radix4(out, in, w, m, s, sign);
	else if (radix == 3)
		radix3(out, in, w, m, s, sign);
	else
		radix2(out, in, w, m, s);
}

void kern_ref_fft(struct kern *k)
{
	k->fft_pass = fft_pass;
}
