/* A group of bursts, from SSS and DM-RS to the payload of its PBCH. */
#include "radio/phy/search/cell_search_parts.h"

#include <math.h>

enum { I_BARS_TRIED = 2 };

/* Half as many DM-RS are more often alike by chance. */
static const float least_sss = 0.08f, least_dmrs = 0.2f, least_dmrs_punctured = 0.25f;

unsigned cell_ids_likely(const struct phy_cell_search *s, unsigned n_id_2, uint16_t id[CELL_IDS_TRIED])
{
	float sum[PHY_CELL_ID_1S] = { 0 };
	unsigned found = 0;

	for (unsigned i = 0; i < s->group.count; i++) {
		struct phy_cf like[PHY_CELL_ID_1S];

		phy_sss_correlate(like, s->together[i], s->group.burst[i].re.re[2] + PHY_SSB_SYNC_AT, n_id_2);
		for (unsigned n = 0; n < PHY_CELL_ID_1S; n++)
			sum[n] += hypotf(like[n].re, like[n].im);
	}
	for (; found < CELL_IDS_TRIED; found++) {
		unsigned best = 0;

		for (unsigned n = 1; n < PHY_CELL_ID_1S; n++)
			best = sum[n] > sum[best] ? n : best;
		if (!(sum[best] > least_sss * (float)s->group.count))
			break;
		id[found] = (uint16_t)(3 * best + n_id_2);
		sum[best] = 0;
	}
	return found;
}

/* The i_bars in the order of their likelihood. */
static void find_i_bars(
	const struct phy_cell_search *s, unsigned n_cell_id, unsigned order[PHY_SSB_I_BARS], float *share)
{
	float sum[PHY_SSB_I_BARS] = { 0 };

	for (unsigned i = 0; i < s->group.count; i++) {
		float like[PHY_SSB_I_BARS];

		phy_ssb_dmrs_correlate(like, &s->group.burst[i].re, n_cell_id);
		for (unsigned b = 0; b < PHY_SSB_I_BARS; b++)
			sum[b] += like[b] / (float)s->group.count;
	}
	for (unsigned b = 0; b < PHY_SSB_I_BARS; b++) {
		unsigned at = b;

		for (; at > 0 && sum[order[at - 1]] < sum[b]; at--)
			order[at] = order[at - 1];
		order[at] = b;
	}
	*share = sum[order[0]];
}

/* The group's bursts as of one cell and i_bar: those that can be received, to coded[]; how many. */
static unsigned receive(struct phy_cell_search *s, unsigned n_cell_id, unsigned i_bar)
{
	unsigned count = 0;

	for (unsigned i = 0; i < s->group.count; i++) {
		struct phy_burst *b = &s->group.burst[i];

		if (phy_ssb_receive(&b->re, n_cell_id, i_bar, s->coded[count].llr, &b->measure))
			s->coded[count++].half_frames_on = 4 * b->period; /* 5 ms each */
	}
	return count;
}

/* Decodes coded[], each alone and then all together. True: payload is of the first place of the group. */
static bool decode(struct phy_cell_search *s, const struct kern *k, unsigned count, unsigned l_max,
	unsigned n_cell_id, unsigned i_bar, struct phy_pbch_payload *payload)
{
	for (unsigned i = 0; i < count; i++) {
		struct phy_pbch_burst *c = &s->coded[i];
		unsigned half_frames = c->half_frames_on;
		bool ok;

		c->half_frames_on = 0;
		ok = phy_pbch_receive(&s->pbch, k, c, 1, l_max, n_cell_id, i_bar, payload);
		c->half_frames_on = half_frames;
		if (ok) {
			payload->sfn = (uint16_t)((payload->sfn + 1024 - half_frames / 2 % 1024) % 1024);
			return true;
		}
	}
	/* all of them, if the first is there to count from */
	return count > 1 && s->coded[0].half_frames_on == 0 &&
	       phy_pbch_receive(&s->pbch, k, s->coded, count, l_max, n_cell_id, i_bar, payload);
}

/* Decodes the group's bursts as of one cell; true with payload and L_max. */
static bool decode_as(struct phy_cell_search *s, const struct kern *k, unsigned l_max, struct phy_cell *cell)
{
	unsigned i_bars[PHY_SSB_I_BARS];
	float share;

	find_i_bars(s, cell->n_cell_id, i_bars, &share);
	if (share < (s->group.punctured ? least_dmrs_punctured : least_dmrs))
		return false;
	for (unsigned i = 0; i < I_BARS_TRIED; i++) {
		unsigned count = receive(s, cell->n_cell_id, i_bars[i]);

		cell->l_max = (uint8_t)l_max;
		if (decode(s, k, count, l_max, cell->n_cell_id, i_bars[i], &cell->payload))
			return true;
		cell->l_max = 4; /* blocks 0 to 3 of the first half frame are the same either way */
		if (l_max == 8 && i_bars[i] >= 4 &&
			decode(s, k, count, 4, cell->n_cell_id, i_bars[i], &cell->payload))
			return true;
	}
	return false;
}

struct phy_bursts_sent cell_sent_by(const struct phy_cell_search *s, const struct phy_cell *cell)
{
	return (struct phy_bursts_sent){ &s->pbch, &cell->payload, cell->l_max, cell->n_cell_id,
		cell->punctured, 1 };
}

void cell_puncture(struct phy_cell_search *s)
{
	s->group.punctured = true;
	for (unsigned i = 0; i < s->group.count; i++)
		phy_ssb_puncture(&s->group.burst[i].re);
}

bool cell_decode(struct phy_cell_search *s, const struct kern *k, unsigned l_max, struct phy_cell *cell)
{
	struct phy_bursts_sent sent;

	if (!decode_as(s, k, l_max, cell))
		return false;
	sent = cell_sent_by(s, cell);
	cell->punctured = s->group.punctured ||
			  (s->blocks == PHY_CELL_BLOCKS_ANY && phy_bursts_look_punctured(&s->group, &sent));
	return true;
}
