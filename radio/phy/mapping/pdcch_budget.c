#include "radio/phy/mapping/pdcch_budget.h"

#include <assert.h>

enum { CCES_MAX = PHY_CORESET_RBS * PHY_CORESET_SYMBOLS / 6 };

struct phy_pdcch_budget phy_pdcch_budget_max(unsigned mu)
{
	static const struct phy_pdcch_budget most[] = { { 44, 56 }, { 36, 56 }, { 22, 48 }, { 20, 32 } };

	assert(mu < ARRAY_LEN(most));
	return most[mu];
}

static bool same_cces(struct phy_candidate a, struct phy_candidate b)
{
	return a.cce == b.cce && a.al == b.al;
}

/* Whether a candidate of a size in a symbol is also one of a set, of its first `before` candidates. */
static bool is_in(const struct phy_pdcch_set *s, unsigned before, const struct phy_pdcch_set *of,
	struct phy_candidate at, unsigned size, unsigned symbol)
{
	bool listened = false;

	if (s->coreset_id != of->coreset_id || s->scrambling != of->scrambling || !(s->symbols >> symbol & 1))
		return false;
	for (unsigned i = 0; i < s->sizes; i++)
		listened = listened || s->size[i] == size;
	for (unsigned i = 0; i < before && listened; i++) {
		if (same_cces(s->candidate[i], at))
			return true;
	}
	return false;
}

/* What a set adds to those of the mask: candidates on the same CCEs, alike in scrambling and size, count
 * once; CCEs are others in another CORESET or from another symbol on. */
static struct phy_pdcch_budget added(const struct phy_pdcch_set *sets, unsigned n, uint16_t mask, unsigned at)
{
	const struct phy_pdcch_set *s = &sets[at];
	struct phy_pdcch_budget sum = { 0, 0 };

	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++) {
		bool taken[CCES_MAX] = { false };

		if (!(s->symbols >> l & 1))
			continue;
		for (unsigned i = 0; i < n; i++) {
			const struct phy_pdcch_set *o = &sets[i];
			bool counts = mask >> i & 1 && o->coreset_id == s->coreset_id && o->symbols >> l & 1;

			for (unsigned c = 0; c < o->candidates && counts; c++)
				for (unsigned k = 0; k < o->candidate[c].al; k++)
					taken[(o->candidate[c].cce + k) % CCES_MAX] = true;
		}
		for (unsigned c = 0; c < s->candidates; c++) {
			for (unsigned z = 0; z < s->sizes; z++) {
				bool twice = is_in(s, c, s, s->candidate[c], s->size[z], l);

				for (unsigned i = 0; i < n && !twice; i++)
					twice = mask >> i & 1 && is_in(&sets[i], sets[i].candidates, s,
									 s->candidate[c], s->size[z], l);
				sum.candidates += !twice;
			}
			for (unsigned k = 0; k < s->candidate[c].al; k++) {
				bool *cce = &taken[(s->candidate[c].cce + k) % CCES_MAX];

				sum.cces += !*cce;
				*cce = true;
			}
		}
	}
	return sum;
}

/* The UE-specific set with the lowest index above this one; n if there is none. */
static unsigned next_set(const struct phy_pdcch_set *sets, unsigned n, int above)
{
	unsigned best = n;

	for (unsigned i = 0; i < n; i++) {
		if (sets[i].ue_specific && sets[i].index > above &&
			(best == n || sets[i].index < sets[best].index))
			best = i;
	}
	return best;
}

uint16_t phy_pdcch_monitored(
	const struct phy_pdcch_set *sets, unsigned n, unsigned mu, struct phy_pdcch_budget *used)
{
	struct phy_pdcch_budget most = phy_pdcch_budget_max(mu), more;
	uint16_t mask = 0;

	*used = (struct phy_pdcch_budget){ 0, 0 };
	for (unsigned i = 0; i < n; i++) {
		if (sets[i].ue_specific)
			continue;
		more = added(sets, n, mask, i);
		used->candidates += more.candidates;
		used->cces += more.cces;
		mask |= (uint16_t)(1 << i);
	}
	for (unsigned i = next_set(sets, n, -1); i < n; i = next_set(sets, n, sets[i].index)) {
		more = added(sets, n, mask, i);
		if (used->candidates + more.candidates > most.candidates ||
			used->cces + more.cces > most.cces)
			break;
		used->candidates += more.candidates;
		used->cces += more.cces;
		mask |= (uint16_t)(1 << i);
	}
	return mask;
}
