#include "radio/phy/codes/ratematch.h"

#include "radio/phy/codes/bits.h"

uint32_t rate_match_e(uint32_t g, unsigned layers, unsigned q_m, unsigned c, unsigned r)
{
	uint32_t symbols = g / (layers * q_m);

	return layers * q_m * (symbols / c + (r >= c - symbols % c ? 1 : 0));
}

/* k0, Table 5.4.2.1-2. */
static uint16_t start_of(const struct segmentation *s, uint32_t n_cb, unsigned rv)
{
	static const uint8_t numerator[2][4] = { { 0, 17, 33, 56 }, { 0, 13, 25, 43 } };

	return (uint16_t)(numerator[s->bg == LDPC_BG2][rv] * n_cb / s->n * s->z);
}

bool rate_match_init(struct rate_match *m, const struct segmentation *s, uint32_t lbrm_bits, unsigned rv,
	unsigned q_m, uint32_t e)
{
	uint64_t n_ref = (uint64_t)lbrm_bits * 3 / (2 * s->blocks); /* R_LBRM = 2/3 */

	if (rv > 3 || (q_m != 1 && q_m % 2) || q_m == 0 || q_m > 10 || e == 0 || e > RATE_MATCH_E_MAX ||
		e % q_m)
		return false;
	*m = (struct rate_match){ .e = e, .n = s->n, .n_cb = s->n, .q_m = (uint8_t)q_m };
	if (lbrm_bits > 0 && n_ref < s->n)
		m->n_cb = (uint16_t)n_ref;
	m->fill_at = (uint16_t)(s->k_prime > 2 * s->z ? s->k_prime - 2 * s->z : 0);
	m->fill_end = (uint16_t)(s->k - 2 * s->z);
	m->k0 = start_of(s, m->n_cb, rv);
	return m->n_cb > 0 && (m->fill_at > 0 || m->n_cb > m->fill_end);
}

/*
 * The next run of the circular buffer from *at that has no filler, at most left bits; *at moves behind it.
 * Returns its length and puts its beginning in *from.
 */
static uint32_t next_run(const struct rate_match *m, uint32_t *at, uint32_t left, uint32_t *from)
{
	uint32_t end;

	if (*at >= m->fill_at && *at < m->fill_end)
		*at = m->fill_end;
	if (*at >= m->n_cb)
		*at = m->fill_at > 0 ? 0 : m->fill_end;
	end = *at < m->fill_at && m->fill_at < m->n_cb ? m->fill_at : m->n_cb;
	*from = *at;
	if (end - *at > left)
		end = *at + left;
	*at = end;
	return end - *from;
}

unsigned rate_match_rows(const struct rate_match *m, const struct segmentation *s)
{
	uint32_t at = m->k0;
	uint32_t last = 0;
	uint32_t from, n, rows;

	for (uint32_t done = 0; done < m->e; done += n) {
		n = next_run(m, &at, m->e - done, &from);
		if (from + n > last)
			last = from + n;
	}
	rows = last > m->fill_end ? (last - m->fill_end + s->z - 1) / s->z : 0;
	return rows < 4 ? 4 : rows;
}

void rate_match(const struct kern *k, struct rate_match_work *w, const struct rate_match *m, const uint8_t *d,
	uint8_t *out)
{
	uint32_t at = m->k0;
	uint32_t from, n;

	for (uint32_t done = 0; done < m->e; done += n) {
		n = next_run(m, &at, m->e - done, &from);
		bits_copy(m->q_m == 1 ? out : w->bits, done, d, from, n);
	}
	if (m->q_m > 1)
		k->bits_interleave(out, w->bits, m->e / m->q_m, m->q_m);
}

void rate_dematch(const struct kern *k, struct rate_match_work *w, const struct rate_match *m,
	const int8_t *llrs, int8_t *soft)
{
	uint32_t at = m->k0;
	uint32_t from, n;

	if (m->q_m > 1) {
		k->llr_deinterleave(w->llrs, llrs, m->e / m->q_m, m->q_m);
		llrs = w->llrs;
	}
	for (uint32_t done = 0; done < m->e; done += n) {
		n = next_run(m, &at, m->e - done, &from);
		k->llr_add(soft + from, llrs + done, n);
	}
}
