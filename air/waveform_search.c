/* The place of SS/PBCH block, CORESET 0 and SIB1 in a carrier: what is not given is tried in turn. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "air/waveform.h"
#include "radio/phy/search/band.h"
#include "radio/phy/waveform/sib1_message.h"

enum {
	CHECKS_MAX = 400, /* of when SIB1 could be sent, before giving up */
	GSCN_MAX = 512,
};

bool waveform_refuse(const char *format, ...)
{
	va_list list;

	fprintf(stderr, "freehold waveform: ");
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fprintf(stderr, "\n");
	return false;
}

void waveform_list_add(char list[WAVEFORM_LIST_SIZE], unsigned value)
{
	size_t len = strlen(list);

	snprintf(list + len, WAVEFORM_LIST_SIZE - len, "%s%u", len ? ", " : "", value);
}

/* Uplink a fifth of the period, then less, for bands that have TDD; the first that leaves all to send is
 * taken. */
static bool tdd_choice(const struct waveform_cell *c, unsigned i, struct phy_waveform_tdd *t)
{
	unsigned frame = 10u << c->config.mu;
	const unsigned periods[] = { c->config.mu >= 2 ? frame / 8 : frame / 2, frame / 2, frame, frame };

	*t = (struct phy_waveform_tdd){ 0 };
	if (phy_band_find(c->band)->duplex != PHY_DUPLEX_TDD)
		return i == 0;
	if (i >= ARRAY_LEN(periods))
		return false;
	t->period_slots = (uint16_t)periods[i];
	t->ul_slots = (uint16_t)(i == 3 ? 1 : periods[i] / 5);
	t->dl_slots = (uint16_t)(t->period_slots - t->ul_slots - 1);
	t->dl_symbols = 6;
	t->ul_symbols = 4;
	return true;
}

/* Its octets into the cell's configuration; false for what ours cannot hold. */
static bool fill_sib1(const struct waveform_options *o, struct waveform_cell *c)
{
	struct phy_sib1_message m = { &c->config, &c->place, c->band, c->bandwidth_mhz, c->dl_hz, { 0 },
		{ 0 }, o->mnc_digits, o->tac, (uint64_t)o->pci, .prach_zone = PHY_SIB1_ZONE };
	struct writer w = writer_of(c->sib1, sizeof(c->sib1));

	if (o->sib1.len > 0) {
		c->config.sib1 = o->sib1;
		return true;
	}
	bytes_copy(m.mcc, sizeof(m.mcc), BYTES(o->mcc));
	bytes_copy(m.mnc, sizeof(m.mnc), BYTES(o->mnc));
	if (!phy_sib1_message_encode(&m, &w))
		return false;
	c->config.sib1 = bytes_of(c->sib1, w.len);
	return true;
}

/* What is tried in turn, and how far it came. */
struct search {
	const struct waveform_options *o;
	struct waveform_cell *c;
	enum phy_waveform_error furthest;
	unsigned checks;
	bool sib1_cannot;
};

/* How far the SS/PBCH block's middle may be from the carrier's, Hz: it lies within the carrier, and keeps the
 * guard band of its own spacing (38.104 5.3.3). Negative if it does not go in. */
static double ssb_room(const struct waveform_cell *c)
{
	static const struct {
		unsigned mhz;
		double guard_hz;
	} guards_240[] = { { 100, 3.8e6 }, { 200, 7.72e6 }, { 400, 15.56e6 } }; /* Table 5.3.3-3 */
	unsigned own = phy_max_rb_of(phy_band_fr2(c->band), c->bandwidth_mhz,
		c->ssb_scs_khz == 15   ? 0
		: c->ssb_scs_khz == 30 ? 1
				       : 3);
	double half = c->config.prbs * 6e3 * c->scs_khz,
	       own_half = own > 0 ? own * 6e3 * c->ssb_scs_khz : half;

	if (c->ssb_scs_khz == 240) {
		own_half = 0;
		for (size_t i = 0; i < ARRAY_LEN(guards_240); i++)
			if (guards_240[i].mhz == c->bandwidth_mhz)
				own_half = c->bandwidth_mhz * 5e5 - guards_240[i].guard_hz;
	}
	return (own_half < half ? own_half : half) - phy_ssb_width(c->narrow) / 2 * 1e3 * c->ssb_scs_khz;
}

static bool check(struct search *s)
{
	struct waveform_cell *c = s->c;
	enum phy_waveform_error e;

	c->config.sib1 = s->o->no_sib1 ? BYTES_NONE : bytes_of(c->sib1, 1);
	e = phy_waveform_place(&c->config, &c->place);
	if (e == PHY_WAVEFORM_OK && llabs(c->config.ssb_offset_hz) > ssb_room(c))
		e = PHY_WAVEFORM_SSB_OUTSIDE;
	if (e == PHY_WAVEFORM_OK && !s->o->no_sib1 && !fill_sib1(s->o, c)) {
		s->sib1_cannot = true;
		return false;
	}
	if (e == PHY_WAVEFORM_OK && s->checks++ < CHECKS_MAX)
		e = phy_waveform_check(&c->config, &c->place, &c->schedule);
	if (e > s->furthest)
		s->furthest = e;
	return e == PHY_WAVEFORM_OK;
}

static bool check_tdd(struct search *s)
{
	for (unsigned i = 0; tdd_choice(s->c, i, &s->c->config.tdd); i++)
		if (check(s))
			return true;
	return false;
}

static bool check_search_spaces(struct search *s)
{
	/* first those that keep SIB1 clear of the SS/PBCH blocks */
	static const uint8_t order[] = { 4, 2, 6, 0, 5, 3, 7, 1, 8, 9, 10, 11, 12, 13, 14, 15 };
	int asked = s->o->searchspace0;

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		s->c->config.search_space_zero = asked < 0 ? order[i] : (uint8_t)asked;
		if (check_tdd(s))
			return true;
		if (asked >= 0 || s->o->no_sib1 || s->furthest < PHY_WAVEFORM_SEARCH_SPACE0)
			return false;
	}
	return false;
}

/* Two symbols rather than one or three, then 48 blocks rather than others, pattern 1 rather than others. */
static unsigned coreset_rank(const struct waveform_cell *c, unsigned index)
{
	struct phy_coreset0_cell cell = { (uint16_t)c->ssb_scs_khz, (uint16_t)c->scs_khz, c->config.band, 0 };
	struct phy_coreset0 z;

	if (!phy_coreset0_find(&z, &cell, index))
		return 1000;
	return (z.pattern - 1u) * 100 +
	       (z.n_symb == 2          ? 0
		       : z.n_symb == 1 ? 10
				       : 20) +
	       (z.n_rb == 48          ? 0
		       : z.n_rb == 24 ? 1
				      : 2);
}

static bool check_coresets(struct search *s)
{
	int asked = s->o->coreset0;

	if (s->o->no_sib1 || asked >= 0) {
		struct phy_coreset0_cell cell = { (uint16_t)s->c->ssb_scs_khz, (uint16_t)s->c->scs_khz,
			s->c->config.band, 0 };
		struct phy_coreset0 z;

		s->c->config.coreset_zero = s->o->no_sib1 ? 0 : (uint8_t)asked;
		s->c->config.dmrs_type_a_position =
			phy_coreset0_find(&z, &cell, s->c->config.coreset_zero) && z.n_symb == 3 ? 3 : 2;
		return check_search_spaces(s);
	}
	for (unsigned rank = 0; rank < 300; rank++) {
		for (unsigned i = 0; i < 16; i++) {
			if (coreset_rank(s->c, i) != rank)
				continue;
			s->c->config.coreset_zero = (uint8_t)i;
			s->c->config.dmrs_type_a_position = rank / 10 % 10 == 2 ? 3 : 2;
			if (check_search_spaces(s))
				return true;
		}
	}
	return false;
}

/* Of the raster entries that are left, the one nearest to the carrier's middle; those whose subcarriers fall
 * together with the carrier's first. 0 when all were taken. */
static unsigned next_gscn(const struct waveform_cell *c, const bool used[GSCN_MAX], unsigned first)
{
	double best = INFINITY, grid = 1000.0 * (c->scs_khz > c->ssb_scs_khz ? c->scs_khz : c->ssb_scs_khz);
	unsigned found = 0;

	for (unsigned g = phy_band_gscn_from(c->band, c->ssb_scs_khz, c->narrow, first);
		g && g < first + GSCN_MAX;
		g = phy_band_gscn_from(c->band, c->ssb_scs_khz, c->narrow, g + 1)) {
		double off = phy_gscn_hz(g) - (double)c->dl_hz,
		       cost = fabs(off) + (fmod(off, grid) == 0 ? 0 : 1e9);

		if (!used[g - first] && cost < best) {
			best = cost;
			found = g;
		}
	}
	return found;
}

static bool search_place(struct search *s)
{
	struct waveform_cell *c = s->c;
	double low = (double)c->dl_hz - c->bandwidth_mhz * 5e5;
	unsigned first = phy_gscn_near(low, c->narrow), g;
	bool used[GSCN_MAX] = { false };

	if (s->o->gscn) {
		c->gscn = s->o->gscn;
		c->config.ssb_offset_hz = llround(phy_gscn_hz(c->gscn) - (double)c->dl_hz);
		return check_coresets(s);
	}
	first = first > 3 ? first - 3 : 1;
	while ((g = next_gscn(c, used, first)) != 0 && s->checks < CHECKS_MAX) {
		used[g - first] = true;
		c->gscn = g;
		c->config.ssb_offset_hz = llround(phy_gscn_hz(g) - (double)c->dl_hz);
		if (check_coresets(s))
			return true;
	}
	return false;
}

/* With one of the fixed numbers left open: which values of it would do. */
static void suggest(const struct search *failed, const char *name, bool search_space)
{
	struct waveform_options o = *failed->o;
	char list[WAVEFORM_LIST_SIZE] = "";

	for (int i = 0; i < 16; i++) {
		struct waveform_cell *c = calloc(1, sizeof(*c));
		struct search s = { .o = &o, .c = c };

		*(search_space ? &o.searchspace0 : &o.coreset0) = i;
		if (!c)
			return;
		*c = *failed->c;
		if (search_place(&s))
			waveform_list_add(list, (unsigned)i);
		free(c);
	}
	if (*list)
		fprintf(stderr, "  %s would do with %s\n", name, list);
}

/* The entries of the synchronisation raster whose block lies within the carrier. */
static bool explain_outside(const struct search *s)
{
	const struct waveform_cell *c = s->c;
	double half = ssb_room(c), low = (double)c->dl_hz - half, high = (double)c->dl_hz + half;
	unsigned first = 0, last = 0;

	if (half < 0)
		return waveform_refuse(
			"--bandwidth %u: %u blocks of %u kHz are narrower than an SS/PBCH block of %u kHz",
			c->bandwidth_mhz, c->config.prbs, c->scs_khz, c->ssb_scs_khz);
	for (unsigned g = phy_band_gscn_from(c->band, c->ssb_scs_khz, c->narrow, 0); g;
		g = phy_band_gscn_from(c->band, c->ssb_scs_khz, c->narrow, g + 1)) {
		if (phy_gscn_hz(g) < low || phy_gscn_hz(g) > high)
			continue;
		first = first ? first : g;
		last = g;
	}
	if (first == 0)
		return waveform_refuse("--freq, --bandwidth: no entry of the synchronisation raster has an "
				       "SS/PBCH block within this carrier");
	return waveform_refuse("--gscn %u: within this carrier are %u to %u", c->gscn, first, last);
}

static bool explain(const struct search *s)
{
	const struct waveform_options *o = s->o;
	const struct waveform_cell *c = s->c;
	char fixed[WAVEFORM_LIST_SIZE] = "";
	size_t len = 0;

	if (s->sib1_cannot)
		return waveform_refuse("no SIB1 can say this: n%u has no uplink (--no-sib1), or --ssb-index "
				       "is not the same in each "
				       "group of eight that has any (38.331 ssb-PositionsInBurst)",
			c->band);
	if (s->furthest == PHY_WAVEFORM_SSB_INDEX)
		return waveform_refuse(
			"--ssb-index: L_max is %u here (38.213 4.1), so that it may be 0 to %u",
			c->config.l_max, c->config.l_max - 1u);
	if (s->furthest == PHY_WAVEFORM_SSB_PERIOD)
		return waveform_refuse(
			"--ssb-period %u: %s", o->ssb_period_ms, phy_waveform_error_text(s->furthest));
	if (s->furthest == PHY_WAVEFORM_TEST_MCS)
		return waveform_refuse("--test-pdsch %d: %s in this --mcs-table", o->test_mcs,
			phy_waveform_error_text(s->furthest));
	if (s->furthest == PHY_WAVEFORM_SSB_OUTSIDE)
		return explain_outside(s);
	if (o->gscn)
		len += (size_t)snprintf(
			fixed + len, sizeof(fixed) - len, "%s--gscn %u", len ? " " : "", o->gscn);
	if (o->coreset0 >= 0)
		len += (size_t)snprintf(
			fixed + len, sizeof(fixed) - len, "%s--coreset0 %d", len ? " " : "", o->coreset0);
	if (o->searchspace0 >= 0)
		len += (size_t)snprintf(fixed + len, sizeof(fixed) - len, "%s--searchspace0 %d",
			len ? " " : "", o->searchspace0);
	waveform_refuse("%s%s%s", fixed, len ? ": " : "", phy_waveform_error_text(s->furthest));
	if (s->furthest >= PHY_WAVEFORM_CORESET0 && !o->no_sib1) {
		suggest(s, "--coreset0", false);
		suggest(s, "--searchspace0", true);
	}
	return false;
}

bool waveform_search(const struct waveform_options *o, struct waveform_cell *c, bool may_go_on, bool *go_on)
{
	struct search s = { .o = o, .c = c };

	*go_on = false;
	if (search_place(&s))
		return true;
	*go_on = may_go_on && s.furthest == PHY_WAVEFORM_SSB_RASTER;
	return *go_on ? false : explain(&s);
}
