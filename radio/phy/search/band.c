#include "radio/phy/search/band.h"

#include <math.h>

#include "radio/phy/search/tables.h"

const struct phy_band_raster *phy_band_find(unsigned band)
{
	for (size_t i = 0; i < phy_nr_bands_arfcn_n; i++)
		if (phy_nr_bands_arfcn[i].band == band)
			return &phy_nr_bands_arfcn[i];
	return NULL;
}

unsigned phy_band_holding(uint64_t hz, unsigned after)
{
	bool past = after == 0;

	for (size_t i = 0; i < phy_nr_bands_arfcn_n; i++) {
		const struct phy_band_raster *b = &phy_nr_bands_arfcn[i];

		if (past && b->band != after && phy_band_find(b->band) == b &&
			hz >= b->dl_low_khz * UINT64_C(1000) && hz <= b->dl_high_khz * UINT64_C(1000))
			return b->band;
		past = past || b->band == after;
	}
	return 0;
}

enum phy_band_class phy_band_class_of(unsigned band, bool narrow)
{
	if (narrow)
		return PHY_BAND_3_MHZ;
	switch (band) {
	case 46:
	case 96:
	case 102:
		return PHY_BAND_SHARED;
	case 79:
	case 104:
		return PHY_BAND_40_MHZ;
	default:
		return phy_band_fr2(band) ? PHY_BAND_FR2_1 : PHY_BAND_5_MHZ;
	}
}

unsigned phy_max_rb_of(bool fr2, unsigned bandwidth_mhz, unsigned mu)
{
	for (size_t i = 0; i < phy_max_rb_n && mu < ARRAY_LEN(phy_max_rb[0].n_rb); i++)
		if (phy_max_rb[i].fr2 == fr2 && phy_max_rb[i].mhz == bandwidth_mhz)
			return phy_max_rb[i].n_rb[mu];
	return 0;
}

unsigned phy_bandwidth_after(bool fr2, unsigned bandwidth_mhz, unsigned mu)
{
	for (size_t i = 0; i < phy_max_rb_n; i++)
		if (phy_max_rb[i].fr2 == fr2 && phy_max_rb[i].mhz > bandwidth_mhz &&
			phy_max_rb_of(fr2, phy_max_rb[i].mhz, mu) > 0)
			return phy_max_rb[i].mhz;
	return 0;
}

/* Table 5.4.2.1-1: F_REF = F_REF-Offs + Delta F_Global (N_REF - N_REF-Offs) */
static const struct arfcn_range {
	uint32_t first, last, step_hz;
	uint64_t offset_hz;
} arfcn_ranges[] = {
	{ 0, 599999, 5000, 0 },
	{ 600000, 2016666, 15000, UINT64_C(3000000000) },
	{ 2016667, 3279165, 60000, UINT64_C(24250080000) },
};

uint64_t phy_arfcn_hz(unsigned arfcn)
{
	for (size_t i = 0; i < ARRAY_LEN(arfcn_ranges); i++) {
		const struct arfcn_range *r = &arfcn_ranges[i];

		if (arfcn >= r->first && arfcn <= r->last)
			return r->offset_hz + (uint64_t)(arfcn - r->first) * r->step_hz;
	}
	return 0;
}

unsigned phy_arfcn_near(uint64_t hz)
{
	for (size_t i = ARRAY_LEN(arfcn_ranges); i-- > 0;) {
		const struct arfcn_range *r = &arfcn_ranges[i];
		uint64_t n;

		if (hz + r->step_hz / 2 < r->offset_hz)
			continue;
		n = hz < r->offset_hz ? 0 : (hz - r->offset_hz + r->step_hz / 2) / r->step_hz;
		return n > r->last - r->first ? r->last : r->first + (unsigned)n;
	}
	return 0;
}

unsigned phy_band_arfcn_from(unsigned band, unsigned scs_khz, unsigned ssb_scs_khz, unsigned arfcn)
{
	unsigned least = scs_khz < ssb_scs_khz ? scs_khz : ssb_scs_khz, widest = 0, next = 0;

	for (size_t i = 0; i < phy_nr_bands_arfcn_n; i++) {
		const struct phy_band_raster *b = &phy_nr_bands_arfcn[i];

		if (b->band == band && b->raster_khz <= least && b->raster_khz != 100 &&
			b->raster_khz > widest)
			widest = b->raster_khz;
	}
	for (size_t i = 0; i < phy_nr_bands_arfcn_n; i++) {
		const struct phy_band_raster *b = &phy_nr_bands_arfcn[i];
		unsigned up = arfcn > b->dl_first ? arfcn - b->dl_first : 0, at = b->dl_first;

		if (b->band != band || b->dl_first == 0 || (b->raster_khz != 100 && b->raster_khz != widest))
			continue;
		if (b->dl_step > 0)
			at += (up + b->dl_step - 1) / b->dl_step * b->dl_step;
		if (at >= arfcn && at <= b->dl_last && (next == 0 || at < next))
			next = at;
	}
	return next;
}

enum { GSCN_MIN = 2, GSCN_3_GHZ = 7499, GSCN_24_GHZ = 22256, GSCN_MAX = 26639 }; /* 38.104 Table 5.4.3.1-1 */

/*
 * Table 5.4.3.1-2, of channels of 3 MHz: 26638 + 3 N + (M - 3) / 2 for N * 600 kHz + M * 50 kHz + 300 kHz, M
 * 1, 3 or 5: below 1 GHz, and three entries of n110.
 */
static const struct {
	uint16_t first, last;
} narrow_ranges[] = { { 26640, 31634 }, { 33802, 33804 } };

enum { GSCN_NARROW_ZERO = 26638 };

bool phy_gscn_is_narrow(unsigned gscn)
{
	bool is = false;

	for (size_t i = 0; i < ARRAY_LEN(narrow_ranges); i++)
		is = is || (gscn >= narrow_ranges[i].first && gscn <= narrow_ranges[i].last);
	return is;
}

/* By n = 3 N + (M - 3) / 2: entries of a period, and the first of them at 50 kHz. */
static double cluster_hz(unsigned n, double period_hz)
{
	return (n + 1) / 3 * period_hz + ((int)((n + 1) % 3) * 2 + 1) * 50e3;
}

double phy_gscn_hz(unsigned gscn)
{
	if (phy_gscn_is_narrow(gscn))
		return cluster_hz(gscn - GSCN_NARROW_ZERO, 600e3) + 300e3;
	if (gscn < GSCN_MIN || gscn > GSCN_MAX)
		return 0;
	if (gscn >= GSCN_24_GHZ)
		return 24250.08e6 + (gscn - GSCN_24_GHZ) * 17.28e6;
	if (gscn >= GSCN_3_GHZ)
		return 3000e6 + (gscn - GSCN_3_GHZ) * 1.44e6;
	return cluster_hz(gscn, 1.2e6); /* N * 1200 kHz + M * 50 kHz */
}

/* The last of three clusters' entries that is near enough, as 3 N + (M - 3) / 2; 0 below all. */
static unsigned cluster_near(double hz, double period_hz)
{
	double at = floor((hz - 150e3) / period_hz + 0.5), left = hz - at * period_hz;
	unsigned m = left < 100e3 ? 0 : left < 200e3 ? 1 : 2;

	return at >= 1 ? (unsigned)at * 3 + m - 1 : 0;
}

static unsigned narrow_near(double hz)
{
	unsigned n = cluster_near(hz - 300e3, 600e3);

	return n > 0 && phy_gscn_is_narrow(GSCN_NARROW_ZERO + n) ? GSCN_NARROW_ZERO + n : 0;
}

unsigned phy_gscn_near(double frequency_hz, bool narrow)
{
	double n;

	if (!(frequency_hz > (narrow ? 0.9e6 : 1.2e6) && frequency_hz < 100e9))
		return 0;
	if (narrow)
		return narrow_near(frequency_hz);
	if (frequency_hz >= 24250e6) {
		n = GSCN_24_GHZ + floor((frequency_hz - 24250.08e6) / 17.28e6 + 0.5);
		return n < GSCN_24_GHZ ? GSCN_24_GHZ : n > GSCN_MAX ? GSCN_MAX : (unsigned)n;
	}
	if (frequency_hz >= 3000e6 - 0.475e6) {
		n = GSCN_3_GHZ + floor((frequency_hz - 3000e6) / 1.44e6 + 0.5);
		return n < GSCN_3_GHZ ? GSCN_3_GHZ : (unsigned)n;
	}
	return cluster_near(frequency_hz, 1.2e6);
}

/* Table 5.4.3.3-1: at 30 kHz these have case B, all others C. */
static bool has_case_b(unsigned band)
{
	return band == 5 || band == 24 || band == 66;
}

bool phy_band_ssb_case(unsigned band, unsigned ssb_scs_khz, enum phy_ssb_case *c)
{
	if (phy_band_gscn_from(band, ssb_scs_khz, false, 0) == 0)
		return false;
	switch (ssb_scs_khz) {
	case 15:
		*c = PHY_SSB_CASE_A;
		return true;
	case 30:
		*c = has_case_b(band) ? PHY_SSB_CASE_B : PHY_SSB_CASE_C;
		return true;
	case 120:
		*c = PHY_SSB_CASE_D;
		return true;
	default:
		*c = PHY_SSB_CASE_E;
		return ssb_scs_khz == 240;
	}
}

/* The next of a table's ranges, of which a band may have several. */
static unsigned range_from(
	const struct phy_gscn_range *rows, size_t n, unsigned band, unsigned ssb_scs_khz, unsigned gscn)
{
	unsigned next = 0;

	for (size_t i = 0; i < n; i++) {
		const struct phy_gscn_range *r = &rows[i];
		unsigned up = gscn > r->first ? gscn - r->first : 0;
		unsigned at = r->first + (up + r->step - 1) / r->step * r->step;

		if (r->band == band && r->scs_khz == ssb_scs_khz && at <= r->last && (next == 0 || at < next))
			next = at;
	}
	return next;
}

unsigned phy_band_gscn_from(unsigned band, unsigned ssb_scs_khz, bool narrow, unsigned gscn)
{
	if (narrow)
		return range_from(
			phy_gscn_per_band_3_mhz, phy_gscn_per_band_3_mhz_n, band, ssb_scs_khz, gscn);
	for (size_t i = 0; i < phy_gscn_lists_n; i++) {
		const struct phy_gscn_list *l = &phy_gscn_lists[i];

		if (l->band != band || l->scs_khz != ssb_scs_khz)
			continue;
		for (unsigned k = 0; k < l->n; k++)
			if (l->values[k] >= gscn)
				return l->values[k];
		return 0;
	}
	return range_from(phy_gscn_per_band, phy_gscn_per_band_n, band, ssb_scs_khz, gscn);
}

bool phy_band_is_narrow(unsigned band)
{
	return phy_band_find(band) && phy_band_gscn_from(band, 15, true, 0) != 0;
}
