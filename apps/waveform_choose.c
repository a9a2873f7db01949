/* From what was asked for to a cell that the standard allows: bands, rasters, CORESET 0. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/waveform.h"
#include "radio/phy/band.h"
#include "radio/phy/sib1_message.h"

enum {
	CHECKS_MAX = 400, /* of when SIB1 could be sent, before giving up */
	GSCN_MAX = 512,
	LIST_SIZE = 256,
};

static bool refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

static bool refuse(const char *format, ...)
{
	va_list list;

	fprintf(stderr, "freehold waveform: ");
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fprintf(stderr, "\n");
	return false;
}

static void list_add(char list[LIST_SIZE], unsigned value)
{
	size_t len = strlen(list);

	snprintf(list + len, LIST_SIZE - len, "%s%u", len ? ", " : "", value);
}

static unsigned mu_of(unsigned scs_khz)
{
	return scs_khz == 15	? 0
	       : scs_khz == 30	? 1
	       : scs_khz == 60	? 2
	       : scs_khz == 120 ? 3
	       : scs_khz == 240 ? 4
				: 9;
}

static bool choose_band(const struct waveform_options *o, struct waveform_cell *c)
{
	static const uint8_t spacings[] = { 15, 30, 120, 240 };
	const struct phy_band_raster *b = phy_band_find(o->band);
	enum phy_ssb_case pattern;
	char list[LIST_SIZE] = "";

	if (!b || b->dl_high_khz == 0)
		return refuse("--band %u: no band with a downlink (38.104 5.2)", o->band);
	if (phy_band_class_of(o->band) == PHY_BAND_SHARED)
		return refuse("--band %u: shared spectrum is not offered", o->band);
	for (size_t i = 0; i < ARRAY_LEN(spacings); i++)
		if (phy_band_ssb_case(o->band, spacings[i], &pattern))
			list_add(list, spacings[i]);
	if (!*list)
		return refuse("--band %u: its synchronisation raster is not known here", o->band);
	c->band = o->band;
	c->scs_khz = o->scs_khz;
	if (c->scs_khz == 0)
		c->scs_khz = phy_band_fr2(o->band) ? 120 : phy_band_ssb_case(o->band, 30, &pattern) ? 30 : 15;
	c->ssb_scs_khz = o->ssb_scs_khz;
	if (c->ssb_scs_khz == 0)
		c->ssb_scs_khz =
			phy_band_ssb_case(o->band, c->scs_khz, &pattern) ? c->scs_khz : (unsigned)atol(list);
	if (!phy_band_ssb_case(o->band, c->ssb_scs_khz, &c->config.pattern))
		return refuse("--ssb-scs %u: n%u has SS/PBCH blocks of %s kHz (38.104 Table 5.4.3.3-1)",
			c->ssb_scs_khz, o->band, list);
	c->config.band = phy_band_class_of(o->band);
	return true;
}

static bool choose_bandwidth(const struct waveform_options *o, struct waveform_cell *c)
{
	const struct phy_band_raster *b = phy_band_find(c->band);
	bool fr2 = phy_band_fr2(c->band);
	unsigned mu = mu_of(c->scs_khz), width_mhz = (b->dl_high_khz - b->dl_low_khz + 30) / 1000;
	char list[LIST_SIZE] = "";

	for (unsigned mhz = phy_bandwidth_after(fr2, 0, mu); mhz; mhz = phy_bandwidth_after(fr2, mhz, mu)) {
		if (mhz > width_mhz)
			continue;
		list_add(list, mhz);
		/* the default: the widest up to this */
		if (o->bandwidth_mhz == 0 &&
			(c->bandwidth_mhz == 0 || mhz <= (fr2					     ? 100
								 : c->config.band == PHY_BAND_40_MHZ ? 40
												     : 20)))
			c->bandwidth_mhz = mhz;
		if (mhz == o->bandwidth_mhz)
			c->bandwidth_mhz = mhz;
	}
	if (!*list)
		return refuse(
			"--scs %u: no carriers of this spacing in n%u (38.104 5.3.2)", c->scs_khz, c->band);
	if (c->bandwidth_mhz == 0)
		return refuse("--bandwidth %u: at %u kHz in n%u it may be %s MHz (38.104 5.3.2)",
			o->bandwidth_mhz, c->scs_khz, c->band, list);
	c->config.mu = (uint8_t)mu;
	c->config.prbs = (uint16_t)phy_max_rb_of(fr2, c->bandwidth_mhz, mu);
	return true;
}

static bool choose_carrier(const struct waveform_options *o, struct waveform_cell *c)
{
	const struct phy_band_raster *b = phy_band_find(c->band);
	/* edges of bands of the 15 kHz raster are rounded to it; so is half a channel */
	uint64_t half = c->bandwidth_mhz * UINT64_C(500000), slack = phy_band_fr2(c->band) ? 120000 : 30000;
	uint64_t low = b->dl_low_khz * UINT64_C(1000) + half - slack,
		 high = b->dl_high_khz * UINT64_C(1000) - half + slack;
	uint64_t asked = o->freq_hz ? o->freq_hz : o->arfcn ? phy_arfcn_hz(o->arfcn) : (low + high) / 2;
	unsigned near = phy_arfcn_near(asked);
	const char *option = o->freq_hz ? "--freq" : o->arfcn ? "--arfcn" : "--bandwidth";

	if (o->freq_hz && o->arfcn)
		return refuse("--arfcn and --freq: only one of them");
	c->arfcn = phy_band_arfcn_from(c->band, c->scs_khz, c->ssb_scs_khz, near);
	c->dl_hz = phy_arfcn_hz(c->arfcn);
	if (asked < low || asked > high || c->arfcn == 0)
		return refuse("%s: the middle of %u MHz in n%u may be from %.2f to %.2f MHz", option,
			c->bandwidth_mhz, c->band, (double)(low + slack) / 1e6, (double)(high - slack) / 1e6);
	if ((o->arfcn && c->arfcn != o->arfcn) || (o->freq_hz && c->dl_hz != o->freq_hz))
		return refuse(
			"%s: not on the channel raster of n%u (38.104 5.4.2.3); the next is %u, %llu Hz",
			option, c->band, c->arfcn, (unsigned long long)c->dl_hz);
	c->config.carrier_hz = o->no_phase ? 0 : c->dl_hz;
	c->config.l_max = (uint8_t)phy_ssb_l_max(c->config.pattern, c->dl_hz, b->duplex == PHY_DUPLEX_TDD);
	return true;
}

/* Transforms that hold the carrier, and whose SS/PBCH block's counterpart is offered too. */
static bool choose_rate(const struct waveform_options *o, struct waveform_cell *c)
{
	struct phy_waveform_config f = c->config;
	struct phy_waveform_place place;
	char list[LIST_SIZE] = "";

	for (unsigned n = 128; n <= 8192; n = n & (n - 1) ? n / 3 * 4 : n / 2 * 3) {
		uint64_t rate = (uint64_t)n * c->scs_khz * 1000;

		f.fft_size = (uint16_t)n;
		f.amplitude = 1;
		if (phy_waveform_place(&f, &place) == PHY_WAVEFORM_RATE)
			continue;
		list_add(list, (unsigned)rate);
		if (c->rate_hz == 0 && (o->rate_hz == 0 || o->rate_hz == rate)) {
			c->rate_hz = rate;
			c->config.fft_size = (uint16_t)n;
		}
	}
	if (c->rate_hz == 0)
		return refuse("--rate %llu: for this carrier it may be %s Hz", (unsigned long long)o->rate_hz,
			list);
	c->config.amplitude =
		(float)(pow(10, -15.0 / 20) * sqrt(c->config.fft_size / (12.0 * c->config.prbs)));
	return true;
}

/* Uplink a fifth of the period, then less, for bands that have TDD; the first that leaves all to send is
 * taken. */
static bool tdd_choice(const struct waveform_cell *c, unsigned i, struct phy_tdd *t)
{
	unsigned frame = 10u << c->config.mu;
	const unsigned periods[] = { c->config.mu >= 2 ? frame / 8 : frame / 2, frame / 2, frame, frame };

	*t = (struct phy_tdd){ 0 };
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

/* Its octets into the cell's configuration; false for what our own cannot say. */
static bool fill_sib1(const struct waveform_options *o, struct waveform_cell *c)
{
	struct phy_sib1_message m = { &c->config, &c->place, c->band, c->bandwidth_mhz, c->dl_hz, { 0 },
		{ 0 }, o->mnc_digits, o->tac, (uint64_t)o->pci };
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

static bool check(struct search *s)
{
	struct waveform_cell *c = s->c;
	enum phy_waveform_error e;

	c->config.sib1 = s->o->no_sib1 ? BYTES_NONE : bytes_of(c->sib1, 1);
	e = phy_waveform_place(&c->config, &c->place);
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
	       (z.n_symb == 2	       ? 0
		       : z.n_symb == 1 ? 10
				       : 20) +
	       (z.n_rb == 48	      ? 0
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

	for (unsigned g = phy_band_gscn_from(c->band, c->ssb_scs_khz, first); g && g < first + GSCN_MAX;
		g = phy_band_gscn_from(c->band, c->ssb_scs_khz, g + 1)) {
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
	unsigned first = phy_gscn_near(low), g;
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
	char list[LIST_SIZE] = "";

	for (int i = 0; i < 16; i++) {
		struct waveform_cell *c = calloc(1, sizeof(*c));
		struct search s = { .o = &o, .c = c };

		*(search_space ? &o.searchspace0 : &o.coreset0) = i;
		if (!c)
			return;
		*c = *failed->c;
		if (search_place(&s))
			list_add(list, (unsigned)i);
		free(c);
	}
	if (*list)
		fprintf(stderr, "  %s would do with %s\n", name, list);
}

static bool explain(const struct search *s)
{
	const struct waveform_options *o = s->o;

	if (s->sib1_cannot)
		return refuse("a SIB1 cannot say this: a band without uplink (--no-sib1), or --ssb-index not "
			      "the same in each "
			      "group of eight (38.331 ssb-PositionsInBurst)");
	fprintf(stderr, "freehold waveform: %s%s%s%s: %s\n", o->gscn ? "--gscn " : "",
		o->coreset0 >= 0 ? "--coreset0 " : "", o->searchspace0 >= 0 ? "--searchspace0 " : "",
		"no such cell in this carrier", phy_waveform_error_text(s->furthest));
	if (s->furthest >= PHY_WAVEFORM_CORESET0 && !o->no_sib1) {
		suggest(s, "--coreset0", false);
		suggest(s, "--searchspace0", true);
	}
	return false;
}

bool waveform_choose(const struct waveform_options *o, struct waveform_cell *c)
{
	struct search s = { .o = o, .c = c };
	struct phy_waveform_config *f = &c->config;

	f->n_cell_id = (uint16_t)o->pci;
	f->period_ms = (uint8_t)o->ssb_period_ms;
	f->sent = o->ssb_index;
	f->sfn = (uint16_t)o->sfn;
	f->test_pdsch = o->test_mcs >= 0;
	f->test_mcs = (uint8_t)(o->test_mcs < 0 ? 0 : o->test_mcs);
	f->test_mcs_table = o->mcs_table;
	f->seed = o->seed;
	f->dmrs_type_a_position = 2;
	if (!choose_band(o, c) || !choose_bandwidth(o, c) || !choose_carrier(o, c) || !choose_rate(o, c))
		return false;
	if (!phy_band_fr2(c->band) && c->scs_khz == 60 && !o->no_sib1)
		return refuse("--scs 60: subCarrierSpacingCommon is 15 or 30 kHz here, so such a carrier has "
			      "no SIB1 (38.331 MIB): "
			      "--no-sib1");
	if (o->gscn && phy_band_gscn_from(c->band, c->ssb_scs_khz, o->gscn) != o->gscn)
		return refuse("--gscn %u: not on the synchronisation raster of n%u at %u kHz; the next is %u",
			o->gscn, c->band, c->ssb_scs_khz,
			phy_band_gscn_from(c->band, c->ssb_scs_khz, o->gscn));
	return search_place(&s) || explain(&s);
}
