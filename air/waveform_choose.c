/* From what was asked for to a carrier that the standard allows: bands, bandwidths, rasters, sample rates. */
#include <math.h>

#include "air/waveform.h"
#include "radio/phy/search/band.h"

enum { CARRIERS_TRIED = 500 };

static unsigned mu_of(unsigned scs_khz)
{
	return scs_khz == 15    ? 0
	       : scs_khz == 30  ? 1
	       : scs_khz == 60  ? 2
	       : scs_khz == 120 ? 3
	       : scs_khz == 240 ? 4
				: 9;
}

static bool choose_band(const struct waveform_options *o, struct waveform_cell *c)
{
	static const uint8_t spacings[] = { 15, 30, 120, 240 };
	const struct phy_band_raster *b = phy_band_find(o->band);
	enum phy_ssb_case pattern;
	unsigned first = 0;
	char list[WAVEFORM_LIST_SIZE] = "";

	if (!b || b->dl_high_khz == 0)
		return waveform_refuse(
			"--band %u: no band with a downlink that is known here (38.104 5.2)", o->band);
	if (phy_band_class_of(o->band, false) == PHY_BAND_SHARED)
		return waveform_refuse("--band %u: shared spectrum is not offered", o->band);
	for (size_t i = 0; i < ARRAY_LEN(spacings); i++)
		if (phy_band_ssb_case(o->band, spacings[i], &pattern))
			waveform_list_add(list, spacings[i]);
	for (size_t i = ARRAY_LEN(spacings); i-- > 0;)
		if (phy_band_ssb_case(o->band, spacings[i], &pattern))
			first = spacings[i];
	if (!*list)
		return waveform_refuse("--band %u: its synchronisation raster is not known here", o->band);
	c->band = o->band;
	c->scs_khz = o->scs_khz;
	if (c->scs_khz == 0)
		c->scs_khz = phy_band_fr2(o->band) ? 120
			     : o->bandwidth_mhz != PHY_NARROW_MHZ && phy_band_ssb_case(o->band, 30, &pattern)
				     ? 30
				     : 15;
	c->ssb_scs_khz = o->ssb_scs_khz;
	if (c->ssb_scs_khz == 0)
		c->ssb_scs_khz = phy_band_ssb_case(o->band, c->scs_khz, &pattern) ? c->scs_khz : first;
	if (!phy_band_ssb_case(o->band, c->ssb_scs_khz, &c->config.pattern))
		return waveform_refuse(
			"--ssb-scs %u: n%u has SS/PBCH blocks of %s kHz (38.104 Table 5.4.3.3-1)",
			c->ssb_scs_khz, o->band, list);
	return true;
}

static bool choose_bandwidth(const struct waveform_options *o, struct waveform_cell *c)
{
	const struct phy_band_raster *b = phy_band_find(c->band);
	bool fr2 = phy_band_fr2(c->band);
	unsigned mu = mu_of(c->scs_khz), width_mhz = (b->dl_high_khz - b->dl_low_khz + 30) / 1000;
	enum phy_band_class usual = phy_band_class_of(c->band, false);
	char list[WAVEFORM_LIST_SIZE] = "";

	for (unsigned mhz = phy_bandwidth_after(fr2, 0, mu); mhz; mhz = phy_bandwidth_after(fr2, mhz, mu)) {
		if (mhz > width_mhz || (mhz == PHY_NARROW_MHZ && !phy_band_is_narrow(c->band)))
			continue;
		waveform_list_add(list, mhz);
		/* the default: the widest up to this */
		if (o->bandwidth_mhz == 0 &&
			(c->bandwidth_mhz == 0 || mhz <= (fr2                               ? 100
								 : usual == PHY_BAND_40_MHZ ? 40
											    : 20)))
			c->bandwidth_mhz = mhz;
		if (mhz == o->bandwidth_mhz)
			c->bandwidth_mhz = mhz;
	}
	if (!*list)
		return waveform_refuse(
			"--scs %u: no carriers of this spacing in n%u (38.104 5.3.2)", c->scs_khz, c->band);
	if (c->bandwidth_mhz == 0)
		return waveform_refuse("--bandwidth %u: at %u kHz in n%u it may be %s MHz (38.104 5.3.2)",
			o->bandwidth_mhz, c->scs_khz, c->band, list);
	c->narrow = c->bandwidth_mhz == PHY_NARROW_MHZ;
	if (c->narrow && c->ssb_scs_khz != 15)
		return waveform_refuse(
			"--ssb-scs %u: a channel of 3 MHz has SS/PBCH blocks of 15 kHz (38.104 "
			"Table 5.4.3.3-4)",
			c->ssb_scs_khz);
	c->config.band = phy_band_class_of(c->band, c->narrow);
	c->config.mu = (uint8_t)mu;
	c->config.prbs = (uint16_t)phy_max_rb_of(fr2, c->bandwidth_mhz, mu);
	return true;
}

/* Where the carrier's middle may be. */
static void carrier_range(const struct waveform_cell *c, uint64_t *low, uint64_t *high)
{
	const struct phy_band_raster *b = phy_band_find(c->band);
	uint64_t half = c->bandwidth_mhz * UINT64_C(500000);

	/* bands end at multiples of 100 kHz; the table has the outermost raster entries */
	*low = b->dl_low_khz / 100 * UINT64_C(100000) + half;
	*high = (b->dl_high_khz + 99) / 100 * UINT64_C(100000) - half;
}

static void set_carrier(const struct waveform_options *o, struct waveform_cell *c, unsigned arfcn)
{
	c->arfcn = arfcn;
	c->dl_hz = phy_arfcn_hz(arfcn);
	c->config.carrier_hz = o->no_phase ? 0 : c->dl_hz;
	c->config.l_max = (uint8_t)phy_ssb_l_max(
		c->config.pattern, c->dl_hz, phy_band_find(c->band)->duplex == PHY_DUPLEX_TDD);
}

static bool asked_carrier(const struct waveform_options *o, struct waveform_cell *c)
{
	const char *option = o->freq_hz ? "--freq" : "--arfcn";
	uint64_t asked = o->freq_hz ? o->freq_hz : phy_arfcn_hz(o->arfcn), low, high;

	carrier_range(c, &low, &high);
	if (o->freq_hz && o->arfcn)
		return waveform_refuse("--arfcn and --freq: only one of them");
	set_carrier(o, c, phy_band_arfcn_from(c->band, c->scs_khz, c->ssb_scs_khz, phy_arfcn_near(asked)));
	if (asked < low || asked > high || c->arfcn == 0)
		return waveform_refuse("%s: the middle of %u MHz in n%u may be from %.2f to %.2f MHz", option,
			c->bandwidth_mhz, c->band, (double)low / 1e6, (double)high / 1e6);
	if ((o->arfcn && c->arfcn != o->arfcn) || (o->freq_hz && c->dl_hz != o->freq_hz))
		return waveform_refuse(
			"%s: not on the channel raster of n%u (38.104 5.4.2.3); the next is %u, %llu Hz",
			option, c->band, c->arfcn, (unsigned long long)c->dl_hz);
	return true;
}

/*
 * In the middle of the band, or around the SS/PBCH block that was asked for; on a raster that the subcarriers
 * of both spacings can share.
 */
static bool default_carrier(const struct waveform_options *o, struct waveform_cell *c, unsigned from)
{
	unsigned wide_khz = c->scs_khz > c->ssb_scs_khz ? c->scs_khz : c->ssb_scs_khz;
	uint64_t low, high, middle;

	carrier_range(c, &low, &high);
	middle = o->gscn ? (uint64_t)phy_gscn_hz(o->gscn) : (low + high) / 2;
	middle = middle < low ? low : middle > high ? high : middle;
	set_carrier(
		o, c, phy_band_arfcn_from(c->band, wide_khz, wide_khz, from ? from : phy_arfcn_near(middle)));
	return c->arfcn != 0 && c->dl_hz <= high;
}

/* Transforms that hold the carrier, and whose SS/PBCH block's counterpart is offered too. */
static bool choose_rate(const struct waveform_options *o, struct waveform_cell *c)
{
	struct phy_waveform_config f = c->config;
	struct phy_waveform_place place;
	char list[WAVEFORM_LIST_SIZE] = "";

	for (unsigned n = 128; n <= 8192; n = n & (n - 1) ? n / 3 * 4 : n / 2 * 3) {
		uint64_t rate = (uint64_t)n * c->scs_khz * 1000;

		f.fft_size = (uint16_t)n;
		f.amplitude = 1;
		if (phy_waveform_place(&f, &place) == PHY_WAVEFORM_RATE)
			continue;
		waveform_list_add(list, (unsigned)rate);
		if (c->rate_hz == 0 && (o->rate_hz == 0 || o->rate_hz == rate)) {
			c->rate_hz = rate;
			c->config.fft_size = (uint16_t)n;
		}
	}
	if (c->rate_hz == 0)
		return waveform_refuse("--rate %llu: for this carrier it may be %s Hz",
			(unsigned long long)o->rate_hz, list);
	c->config.amplitude =
		(float)(pow(10, -15.0 / 20) * sqrt(c->config.fft_size / (12.0 * c->config.prbs)));
	return true;
}

/* From the middle on, until the synchronisation raster agrees with a carrier. */
static bool try_carriers(const struct waveform_options *o, struct waveform_cell *c)
{
	bool go_on = true;

	for (unsigned i = 0, from = 0; go_on && i < CARRIERS_TRIED; i++, from = c->arfcn + 1) {
		struct waveform_cell next = *c;

		if (!default_carrier(o, c, from)) {
			if (i == 0)
				return waveform_refuse(
					"--bandwidth %u: n%u has no such channel", c->bandwidth_mhz, c->band);
			*c = next;
			return waveform_search(o, c, false, &go_on);
		}
		c->rate_hz = 0;
		if (!choose_rate(o, c))
			return false;
		if (waveform_search(o, c, i + 1 < CARRIERS_TRIED, &go_on))
			return true;
	}
	return false;
}

/* The narrowest carrier that holds the reference channel, unless another one was asked for. */
static bool fit_reference(struct waveform_options *o)
{
	const struct phy_frc *f = o->frc;
	unsigned mu = mu_of(f->scs_khz);

	if (o->scs_khz && o->scs_khz != f->scs_khz)
		return waveform_refuse("--scs %u: %s has %u kHz", o->scs_khz, f->name, f->scs_khz);
	o->scs_khz = f->scs_khz;
	if (o->bandwidth_mhz && phy_max_rb_of(false, o->bandwidth_mhz, mu) < f->n_rb)
		return waveform_refuse(
			"--bandwidth %u: %s has %u blocks", o->bandwidth_mhz, f->name, f->n_rb);
	if (o->bandwidth_mhz == 0)
		o->bandwidth_mhz = phy_bandwidth_after(false, PHY_NARROW_MHZ, mu);
	while (phy_max_rb_of(false, o->bandwidth_mhz, mu) < f->n_rb) {
		o->bandwidth_mhz = phy_bandwidth_after(false, o->bandwidth_mhz, mu);
		if (o->bandwidth_mhz == 0)
			return waveform_refuse("--bandwidth: none has the %u blocks of %s", f->n_rb, f->name);
	}
	return true;
}

bool waveform_choose(const struct waveform_options *asked, struct waveform_cell *c)
{
	struct waveform_options options = *asked, *o = &options;
	struct phy_waveform_config *f = &c->config;
	bool go_on;

	f->n_cell_id = (uint16_t)o->pci;
	f->period_ms = (uint8_t)o->ssb_period_ms;
	f->sent = o->ssb_index;
	f->sfn = (uint16_t)o->sfn;
	f->test_pdsch = o->test_mcs >= 0;
	f->test_mcs = (uint8_t)(o->test_mcs < 0 ? 0 : o->test_mcs);
	f->test_mcs_table = o->mcs_table;
	f->model = o->model;
	f->seed = o->seed;
	f->dmrs_type_a_position = 2;
	if (o->frc && !fit_reference(o))
		return false;
	if (!choose_band(o, c) || !choose_bandwidth(o, c))
		return false;
	c->test_preamble = o->test_preamble ? phy_test_preamble_find(o->test_preamble, c->scs_khz) : NULL;
	if (o->test_preamble && !c->test_preamble)
		return waveform_refuse("--test-preamble %s: none of 38.104 Annex A.6 beside %u kHz (--scs)",
			o->test_preamble, c->scs_khz);
	if (!phy_band_fr2(c->band) && c->scs_khz == 60 && !o->no_sib1)
		return waveform_refuse(
			"--scs 60: subCarrierSpacingCommon is 15 or 30 kHz here, so such a carrier has no "
			"SIB1 (38.331 MIB): --no-sib1");
	if (o->gscn && phy_band_gscn_from(c->band, c->ssb_scs_khz, c->narrow, o->gscn) != o->gscn)
		return waveform_refuse(
			"--gscn %u: not on the synchronisation raster of n%u at %u kHz%s; the next is %u",
			o->gscn, c->band, c->ssb_scs_khz, c->narrow ? " with 3 MHz" : "",
			phy_band_gscn_from(c->band, c->ssb_scs_khz, c->narrow, o->gscn));
	return o->freq_hz || o->arfcn
		       ? asked_carrier(o, c) && choose_rate(o, c) && waveform_search(o, c, false, &go_on)
		       : try_carriers(o, c);
}
