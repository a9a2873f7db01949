#include "gnb/du/cell/served_cell.h"

#include "radio/phy/search/band.h"

enum { SHIFTS = 6, OCCS = SERVED_CELL_UES_MAX / SHIFTS, CORESETS = 16, PAGING_SLOT = 5 };

unsigned served_cell_fft_size(unsigned prbs)
{
	unsigned n = 128;

	while (n < prbs * 12u + 12u)
		n = n & (n - 1) ? n / 3 * 4 : n / 2 * 3;
	return n;
}

static const char *carrier(struct served_cell *s)
{
	struct served_cell_config *c = &s->config;
	struct phy_waveform_config *w = &s->broadcast;
	const struct phy_band_raster *band = phy_band_find(c->band);

	if (!band || phy_band_fr2(c->band) || band->dl_high_khz == 0 || band->ul_high_khz == 0)
		return "no band of frequency range 1 with downlink and uplink";
	if (band->duplex != PHY_DUPLEX_FDD)
		return "a band without paired spectrum, which this DU does not serve yet";
	if (c->mu > 1 || phy_max_rb_of(false, c->bandwidth_mhz, c->mu) == 0)
		return "no such channel bandwidth at this spacing (38.104 5.3.2)";
	if (phy_band_arfcn_from(c->band, 15u << c->mu, 15u << c->mu, c->arfcn) != c->arfcn)
		return "an ARFCN that is not on the band's channel raster (38.104 5.4.2.3)";
	if (!phy_band_ssb_case(c->band, 15u << c->mu, &w->pattern))
		return "SS/PBCH blocks of the carrier's spacing, which the band does not have (38.104 "
		       "5.4.3.3)";
	w->n_cell_id = c->pci;
	w->mu = c->mu;
	w->prbs = (uint16_t)phy_max_rb_of(false, c->bandwidth_mhz, c->mu);
	w->carrier_hz = phy_arfcn_hz(c->arfcn);
	w->l_max = (uint8_t)phy_ssb_l_max(w->pattern, w->carrier_hz, false);
	w->period_ms = c->ssb_period_ms ? c->ssb_period_ms : SERVED_CELL_SSB_PERIOD_MS;
	w->sent = 1;
	w->band = phy_band_class_of(c->band);
	w->dmrs_type_a_position = 2;
	w->amplitude = 1;
	w->fft_size = c->fft_size ? c->fft_size : (uint16_t)served_cell_fft_size(w->prbs);
	return NULL;
}

static bool make_sib1(struct served_cell *s, const struct phy_coreset0 *z)
{
	const struct served_cell_config *c = &s->config;
	struct phy_sib1_message m = { .cell = &s->broadcast,
		.place = &s->place,
		.band = c->band,
		.bandwidth_mhz = c->bandwidth_mhz,
		.dl_hz = s->broadcast.carrier_hz,
		.mnc_digits = c->mnc_digits,
		.tac = c->tac,
		.cell_identity = c->cell_identity,
		.k2 = SERVED_CELL_K2,
		.pdsch_start = z->n_symb,
		.msg1_start = SERVED_CELL_PUCCH_PRBS,
		.pucch_resource_common = 11,
		.paging_slot = PAGING_SLOT };
	struct writer w = writer_of(s->sib1, sizeof(s->sib1));

	for (unsigned i = 0; i < 3; i++) {
		m.mcc[i] = c->mcc[i];
		m.mnc[i] = c->mnc[i];
	}
	if (!phy_sib1_message_encode(&m, &w))
		return false;
	s->sib1_octets = (uint16_t)w.len;
	s->broadcast.sib1 = bytes_of(s->sib1, w.len);
	return true;
}

/* SIB1 and its times for this CORESET 0. */
static bool schedule(struct served_cell *s, unsigned coreset_zero, const struct phy_coreset0 *z)
{
	struct phy_waveform_config *w = &s->broadcast;

	w->coreset_zero = (uint8_t)coreset_zero;
	w->sib1 = BYTES_NONE;
	return phy_waveform_place(w, &s->place) == PHY_WAVEFORM_OK && make_sib1(s, z) &&
	       phy_waveform_check(w, &s->place, &s->schedule) == PHY_WAVEFORM_OK && s->schedule.n > 0;
}

static bool is_wide(const struct served_cell *s, unsigned coreset_zero, unsigned prbs, struct phy_coreset0 *c)
{
	struct phy_coreset0_cell z = { (uint16_t)(15u << s->config.mu), (uint16_t)(15u << s->config.mu),
		s->broadcast.band, s->place.k_ssb };

	return phy_coreset0_find(c, &z, coreset_zero) && c->pattern == 1 && c->n_symb <= 2 && c->n_rb == prbs;
}

/* A CORESET 0 of so many blocks with where the SS/PBCH block is; rows begin with the fewest symbols. */
static bool choose_coreset(struct served_cell *s, unsigned prbs)
{
	struct phy_coreset0 z;

	s->broadcast.sib1 = BYTES_NONE;
	if (phy_waveform_place(&s->broadcast, &s->place) != PHY_WAVEFORM_OK)
		return false;
	for (unsigned i = 0; i < CORESETS; i++)
		if (is_wide(s, i, prbs, &z) && schedule(s, i, &z))
			return true;
	return false;
}

/* The widest CORESET 0 that the carrier holds, with the SS/PBCH block as low on the synchronisation raster as
 * it goes with that. */
static const char *synchronisation(struct served_cell *s)
{
	static const uint8_t widths[] = { 96, 48, 24 };
	struct phy_waveform_config *w = &s->broadcast;
	uint64_t half = w->prbs * UINT64_C(6) * (15000u << w->mu);
	unsigned first = phy_band_gscn_from(
		s->config.band, 15u << w->mu, phy_gscn_near((double)(w->carrier_hz - half)));

	for (unsigned i = 0; i < ARRAY_LEN(widths); i++)
		for (unsigned gscn = first; gscn != 0 && phy_gscn_hz(gscn) < (double)(w->carrier_hz + half);
			gscn = phy_band_gscn_from(s->config.band, 15u << w->mu, gscn + 1)) {
			w->ssb_offset_hz = (int64_t)phy_gscn_hz(gscn) - (int64_t)w->carrier_hz;
			if (choose_coreset(s, widths[i]))
				return NULL;
		}
	return "no place for the SS/PBCH block and CORESET 0 within the carrier";
}

const char *served_cell_init(struct served_cell *s, const struct served_cell_config *c)
{
	struct cell_found found;
	const char *wrong;
	enum cell_error e;

	*s = (struct served_cell){ .config = *c };
	wrong = carrier(s);
	if (!wrong)
		wrong = synchronisation(s);
	if (wrong)
		return wrong;
	s->mib = (struct phy_mib){ .scs_common_high = c->mu == 1,
		.k_ssb = s->place.k_ssb,
		.dmrs_type_a_position = s->broadcast.dmrs_type_a_position,
		.coreset_zero = s->broadcast.coreset_zero,
		.search_space_zero = s->broadcast.search_space_zero,
		.intra_freq_reselection = true };
	found = (struct cell_found){ .pci = c->pci,
		.mu = c->mu,
		.l_max = s->broadcast.l_max,
		.ssb_hz = (uint64_t)((int64_t)s->broadcast.carrier_hz + s->broadcast.ssb_offset_hz),
		.mib = s->mib };
	e = cell_read(&s->cell, &found, s->broadcast.sib1);
	return e == CELL_OK ? NULL : cell_error_text(e);
}

/* PUCCH format 1 over the whole slot, hopping from one edge to the other: users by cyclic shift, every second
 * one, and the covers of seven symbols' halves. */
static struct phy_pucch_config format1(const struct cell *c, unsigned block, unsigned user, unsigned bits)
{
	return (struct phy_pucch_config){ .format = 1,
		.mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.first_prb = (uint16_t)block,
		.second_prb = (uint16_t)(c->uplink.bwp_prbs - 1 - block),
		.hopping = true,
		.prbs = 1,
		.symbols = PHY_SYMBOLS_MAX,
		.groups = c->pucch_groups,
		.hopping_id = c->pucch_hopping_id,
		.initial_shift = (uint8_t)(user % SHIFTS * 2 + 1),
		.occ = (uint8_t)(user / SHIFTS % OCCS),
		.bits = (uint16_t)bits };
}

/* Candidates of 4 and 8 CCEs, as many as find place beside one another, of 4 at most four. */
static struct cell_space space(const struct served_cell *s)
{
	const struct phy_coreset *z = &s->cell.type0.coreset;
	uint8_t of_4 = (uint8_t)(z->n_cce / 4 < 4 ? z->n_cce / 4 : 4);

	return (struct cell_space){ .there = true,
		.id = 2,
		.space = { .period = 1,
			.duration = 1,
			.symbols = 1,
			.candidates = { 0, 0, of_4, of_4 / 2, 0 },
			.ue_specific = s->config.space == SERVED_CELL_SPACE_UE_SPECIFIC },
		.coreset = *z };
}

/* Block 0 is that of the common resources too, which have even shifts and cover 0: 38.213 Table 9.2.1-1. */
bool served_cell_own(struct cell_own *o, const struct served_cell *s, unsigned place)
{
	const struct cell *c = &s->cell;

	cell_own_init(o, c);
	if (place >= SERVED_CELL_UES_MAX)
		return false;
	o->space = space(s);
	o->has_transform_precoding = true;
	o->ack_n = 1;
	o->ack[0] = format1(c, 0, place, 1);
	o->more = (struct phy_pucch_config){ .format = 2, /* nothing is asked for that would go there */
		.mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.first_prb = 1,
		.prbs = 1,
		.first_symbol = PHY_SYMBOLS_MAX - 2,
		.symbols = 2 };
	o->sr = (struct cell_sr){ .there = true,
		.period = SERVED_CELL_SR_PERIOD,
		.offset = (uint16_t)(place * 7 % SERVED_CELL_SR_PERIOD),
		.at = format1(c, 1, place, 0) };
	o->harqs = 16;
	o->beta_ack = 9;
	return true;
}

void served_cell_pusch_prbs(
	const struct served_cell *s, unsigned sfn, unsigned slot, uint16_t *first, uint16_t *prbs)
{
	struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];
	unsigned low = SERVED_CELL_PUCCH_PRBS, end = s->cell.uplink.bwp_prbs - SERVED_CELL_PUCCH_PRBS;

	if (phy_rach_occasions(&s->cell.rach, sfn, slot >> s->cell.mu, at) > 0)
		low += s->cell.rach.prbs * s->cell.rach.fdm;
	*first = (uint16_t)low;
	*prbs = (uint16_t)(end - low);
}
