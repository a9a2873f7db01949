#include "radio/phy/mapping/search_space.h"

/* monitoringSlotPeriodicityAndOffset of 38.331. */
static bool legal_period(unsigned period)
{
	static const uint16_t periods[] = { 1, 2, 4, 5, 8, 10, 16, 20, 40, 80, 160, 320, 640, 1280, 2560 };

	for (unsigned i = 0; i < ARRAY_LEN(periods); i++) {
		if (periods[i] == period)
			return true;
	}
	return false;
}

bool phy_search_space_valid(const struct phy_search_space *s, unsigned n_symb)
{
	uint32_t symbols = s->symbols;

	if (!legal_period(s->period) || s->offset >= s->period || s->duration < 1 ||
		(s->duration > 1 && s->duration >= s->period) || s->coreset_id > 15 || n_symb < 1 ||
		n_symb > PHY_CORESET_SYMBOLS)
		return false;
	if (symbols == 0 || symbols << (n_symb - 1) >> PHY_SYMBOLS_MAX)
		return false;
	for (unsigned i = 1; i < n_symb; i++) { /* occasions do not overlap */
		if (symbols & symbols << i)
			return false;
	}
	for (unsigned i = 0; i < PHY_ALS; i++) {
		if (s->candidates[i] > PHY_CANDIDATES_OF_AL || s->candidates[i] == 7)
			return false;
	}
	return true;
}

uint16_t phy_search_space_monitored(
	const struct phy_search_space *s, unsigned sfn, unsigned slot, unsigned slots_per_frame)
{
	uint32_t at = (sfn % 1024) * slots_per_frame + slot;

	if (s->period == 0 || (at + s->period - s->offset % s->period) % s->period >= s->duration)
		return 0;
	return s->symbols;
}

/* Y of 10.1 in a slot of the frame. */
static uint32_t hash(const struct phy_search_space *s, unsigned slot, uint16_t rnti)
{
	static const uint32_t a[3] = { 39827, 39829, 39839 };
	uint64_t y = rnti;

	if (!s->ue_specific)
		return 0;
	for (unsigned i = 0; i <= slot; i++)
		y = y * a[s->coreset_id % 3] % 65537;
	return (uint32_t)y;
}

static bool listed(const struct phy_candidate *list, unsigned n, struct phy_candidate c)
{
	for (unsigned i = 0; i < n; i++) {
		if (list[i].cce == c.cce && list[i].al == c.al)
			return true;
	}
	return false;
}

unsigned phy_search_space_candidates(const struct phy_search_space *s, const struct phy_coreset *c,
	unsigned slot, uint16_t rnti, struct phy_candidate out[PHY_CANDIDATES_MAX])
{
	uint32_t y = hash(s, slot % 640, rnti); /* a frame has no more slots than that */
	unsigned count = 0;

	for (unsigned i = PHY_ALS; i-- > 0;) {
		unsigned al = 1u << i, places = c->n_cce / al, m_max = s->candidates[i];

		for (unsigned m = 0; m < m_max && m < PHY_CANDIDATES_OF_AL && places > 0; m++) {
			unsigned place = (y + m * c->n_cce / (al * m_max)) % places;
			struct phy_candidate found = { (uint8_t)(al * place), (uint8_t)al };

			if (!listed(out, count, found))
				out[count++] = found;
		}
	}
	return count;
}
