#include <math.h>
#include <stdlib.h>

#include "radio/phy/search/band.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/search/sib1.h"
#include "radio/phy/waveform/waveform.h"

const char *phy_waveform_error_text(enum phy_waveform_error e)
{
	static const char *const texts[] = {
		[PHY_WAVEFORM_OK] = "legal",
		[PHY_WAVEFORM_IDENTITY] = "physical cell identities are 0 to 1007 (38.211 7.4.2.1)",
		[PHY_WAVEFORM_CARRIER] =
			"no carrier of this spacing, prefix and bandwidth (38.211 4.2, 4.4.2)",
		[PHY_WAVEFORM_NARROW] =
			("a channel of 3 MHz has 15 resource blocks and SS/PBCH blocks of 15 kHz (38.104 "
			 "5.3.2, 5.4.3.3)"),
		[PHY_WAVEFORM_RATE] =
			("the sample rate does not hold the carrier, or its transform is not offered "
			 "(128 to 8192, a power of two or three times such, for the SS/PBCH block too)"),
		[PHY_WAVEFORM_TDD] = "no such TDD pattern (38.213 11.1)",
		[PHY_WAVEFORM_SSB_SPACING] =
			"the SS/PBCH block's spacing does not go with the carrier's (38.213 13)",
		[PHY_WAVEFORM_SSB_L_MAX] = "the SS/PBCH block's pattern has no such L_max (38.213 4.1)",
		[PHY_WAVEFORM_SSB_INDEX] = "no SS/PBCH block, or one beyond L_max (38.213 4.1)",
		[PHY_WAVEFORM_SSB_PERIOD] =
			"SS/PBCH blocks come every 5, 10, 20, 40, 80 or 160 ms (38.213 4.1)",
		[PHY_WAVEFORM_SSB_OUTSIDE] = "the SS/PBCH block does not lie within the carrier",
		[PHY_WAVEFORM_SSB_RASTER] =
			"the SS/PBCH block's distance from point A is no whole k_SSB (38.211 7.4.3.1)",
		[PHY_WAVEFORM_SSB_UPLINK] = "an SS/PBCH block lies in uplink symbols (38.213 11.1)",
		[PHY_WAVEFORM_MIB] = "a field of the MIB is out of its range (38.331 6.2.2)",
		[PHY_WAVEFORM_TYPE_A_POSITION] =
			"a CORESET of three symbols needs dmrs-TypeA-Position 3 (38.211 7.3.2.2)",
		[PHY_WAVEFORM_CORESET0] = "controlResourceSetZero has no such row (38.213 13)",
		[PHY_WAVEFORM_CORESET0_OUTSIDE] = "CORESET 0 does not lie within the carrier",
		[PHY_WAVEFORM_SEARCH_SPACE0] = "searchSpaceZero has no such row (38.213 13)",
		[PHY_WAVEFORM_CORESET0_TAKEN] = "CORESET 0 would meet an SS/PBCH block, uplink or itself",
		[PHY_WAVEFORM_SIB1_LENGTH] = "SIB1 has at most 2976 bits (38.331 5.2.1)",
		[PHY_WAVEFORM_SIB1_EXTENDED] = "no SIB1 with the extended cyclic prefix",
		[PHY_WAVEFORM_SIB1_PLACE] = "there is no place for the PDSCH of SIB1",
		[PHY_WAVEFORM_TEST_MCS] = "the test PDSCH has no such MCS",
		[PHY_WAVEFORM_TEST_MODEL] =
			"no such test model, or one with SIB1, a test PDSCH, the extended prefix or "
			"less than 11 resource blocks",
		[PHY_WAVEFORM_AMPLITUDE] = "the amplitude is not above zero, or too much",
		[PHY_WAVEFORM_MEMORY] = "out of memory",
	};

	return (size_t)e < ARRAY_LEN(texts) ? texts[e] : "?";
}

static bool fr2(const struct phy_waveform_config *c)
{
	return c->pattern >= PHY_SSB_CASE_D;
}

static int64_t scs_hz(unsigned mu)
{
	return INT64_C(15000) << mu;
}

static bool transform_legal(uint64_t n, unsigned used)
{
	uint64_t odd = n;

	while (odd > 0 && odd % 2 == 0)
		odd /= 2;
	return n >= 128 && n <= PHY_OFDM_FFT_MAX && n % 128 == 0 && (odd == 1 || odd == 3) && used < n;
}

static enum phy_waveform_error check_carrier(const struct phy_waveform_config *c)
{
	unsigned ssb_mu;

	if (c->n_cell_id > PHY_CORESET_SHIFT_MAX)
		return PHY_WAVEFORM_IDENTITY;
	if ((unsigned)c->pattern >= PHY_SSB_CASES)
		return PHY_WAVEFORM_SSB_SPACING;
	if (c->mu > 3 || (c->extended && c->mu != 2) || c->prbs < 1 || c->prbs > PHY_PRB_MAX ||
		c->first_crb >= PHY_CRB_END - PHY_PRB_MAX || c->carrier_hz >> 40 != 0)
		return PHY_WAVEFORM_CARRIER;
	if (fr2(c) ? c->mu < 2 : c->mu > 2)
		return PHY_WAVEFORM_SSB_SPACING;
	if (c->band == PHY_BAND_3_MHZ && (c->mu != 0 || c->prbs != phy_max_rb_of(false, PHY_NARROW_MHZ, 0) ||
						 c->pattern != PHY_SSB_CASE_A))
		return PHY_WAVEFORM_NARROW;
	ssb_mu = phy_ssb_mu(c->pattern);
	if (!transform_legal(c->fft_size, c->prbs * PHY_SC_PER_PRB) ||
		!transform_legal(((uint64_t)c->fft_size << c->mu) >> ssb_mu, PHY_SSB_SUBCARRIERS))
		return PHY_WAVEFORM_RATE;
	if (!(c->amplitude > 0 && c->amplitude < 1e6f))
		return PHY_WAVEFORM_AMPLITUDE;
	return PHY_WAVEFORM_OK;
}

/* TDD periods are 0.5 to 10 ms (38.331): those that divide 20 ms. */
static bool tdd_legal(const struct phy_waveform_config *c)
{
	static const uint16_t periods_us[] = { 500, 625, 1000, 1250, 2000, 2500, 5000, 10000 };
	const struct phy_waveform_tdd *t = &c->tdd;
	unsigned symbols = c->extended ? 12 : 14,
		 partial = (t->dl_symbols + t->ul_symbols + symbols - 1) / symbols;

	if (t->period_slots == 0)
		return true;
	if (t->dl_symbols >= symbols || t->ul_symbols >= symbols ||
		t->dl_slots + t->ul_slots + partial > t->period_slots)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(periods_us); i++)
		if (t->period_slots * 1000u == (unsigned)periods_us[i] << c->mu)
			return true;
	return false;
}

static enum phy_waveform_error check_blocks(const struct phy_waveform_config *c)
{
	unsigned p = c->period_ms;

	if (!tdd_legal(c))
		return PHY_WAVEFORM_TDD;
	if (fr2(c) ? c->l_max != 64 : c->l_max != 4 && c->l_max != 8)
		return PHY_WAVEFORM_SSB_L_MAX;
	if (c->sent == 0 || (c->l_max < 64 && c->sent >> c->l_max != 0))
		return PHY_WAVEFORM_SSB_INDEX;
	if (p != 5 && p != 10 && p != 20 && p != 40 && p != 80 && p != 160)
		return PHY_WAVEFORM_SSB_PERIOD;
	if (c->sfn > 1023 || c->dmrs_type_a_position < 2 || c->dmrs_type_a_position > 3 ||
		c->coreset_zero > 15 || c->search_space_zero > 15)
		return PHY_WAVEFORM_MIB;
	return PHY_WAVEFORM_OK;
}

static enum phy_waveform_error place_block(
	const struct phy_waveform_config *c, struct phy_waveform_place *place)
{
	int64_t half_carrier = c->prbs * PHY_SC_PER_PRB / 2 * scs_hz(c->mu),
		block_hz = PHY_SC_PER_PRB * scs_hz(c->mu);
	int64_t half_ssb = phy_waveform_half_ssb_hz(c);
	int64_t unit = fr2(c) ? scs_hz(c->mu) : 15000, from_a;

	if (c->ssb_offset_hz < half_ssb - half_carrier || c->ssb_offset_hz > half_carrier - half_ssb)
		return PHY_WAVEFORM_SSB_OUTSIDE;
	from_a = c->ssb_offset_hz - half_ssb + half_carrier + c->first_crb * block_hz;
	if (from_a % unit != 0)
		return PHY_WAVEFORM_SSB_RASTER;
	place->ssb_crb = (uint16_t)(from_a / block_hz);
	place->offset_to_point_a = (uint16_t)(place->ssb_crb * (scs_hz(c->mu) / (fr2(c) ? 60000 : 15000)));
	place->k_ssb = (uint8_t)(from_a % block_hz / unit);
	return PHY_WAVEFORM_OK;
}

static enum phy_waveform_error place_coreset0(
	const struct phy_waveform_config *c, struct phy_waveform_place *place)
{
	int first;

	if (c->sib1.len > PHY_SIB1_OCTETS_MAX)
		return PHY_WAVEFORM_SIB1_LENGTH;
	if (c->extended)
		return PHY_WAVEFORM_SIB1_EXTENDED;
	/* subCarrierSpacingCommon is 15 or 30 kHz in FR1 */
	if (!fr2(c) && c->mu > 1)
		return PHY_WAVEFORM_SSB_SPACING;
	place->cell = (struct phy_coreset0_cell){ (uint16_t)(15 << phy_ssb_mu(c->pattern)),
		(uint16_t)(15 << c->mu), c->band, place->k_ssb };
	if (c->band == PHY_BAND_SHARED || !phy_coreset0_find(&place->coreset0, &place->cell, c->coreset_zero))
		return PHY_WAVEFORM_CORESET0;
	first = (int)place->ssb_crb - place->coreset0.offset_rb;
	if (first < c->first_crb || first + place->coreset0.n_rb > c->first_crb + c->prbs)
		return PHY_WAVEFORM_CORESET0_OUTSIDE;
	place->coreset_crb = (uint16_t)first;
	if (place->coreset0.n_symb == 3 && c->dmrs_type_a_position != 3)
		return PHY_WAVEFORM_TYPE_A_POSITION;
	return PHY_WAVEFORM_OK;
}

enum phy_waveform_error phy_waveform_place(
	const struct phy_waveform_config *c, struct phy_waveform_place *place)
{
	enum phy_waveform_error e = check_carrier(c);

	*place = (struct phy_waveform_place){ 0 };
	if (e == PHY_WAVEFORM_OK)
		e = check_blocks(c);
	if (e == PHY_WAVEFORM_OK)
		e = place_block(c, place);
	if (e != PHY_WAVEFORM_OK)
		return e;
	if (c->test_pdsch && ((unsigned)c->test_mcs_table >= PHY_MCS_1024QAM ||
				     !phy_mcs_row(c->test_mcs_table, c->test_mcs) ||
				     phy_mcs_row(c->test_mcs_table, c->test_mcs)->rate_x2048 == 0))
		return PHY_WAVEFORM_TEST_MCS;
	if ((unsigned)c->model >= PHY_TEST_MODELS ||
		(c->model != PHY_TEST_MODEL_NONE && (c->sib1.len > 0 || c->test_pdsch || c->extended ||
							    c->prbs < PHY_TEST_MODEL_PRBS_MIN)))
		return PHY_WAVEFORM_TEST_MODEL;
	if (c->sib1.len > 0)
		return place_coreset0(c, place);
	/* 38.213 13: no CORESET 0, and no other block that would have one (Tables 13-16 and 13-17) */
	place->k_ssb = fr2(c) ? 15 : 31;
	return PHY_WAVEFORM_OK;
}
