#include "gnb/du/cell/served_cell.h"

#include <string.h>

#include "gnb/du/cell/slots.h"
#include "radio/rrc/drx.h"
#include "radio/phy/search/band.h"

enum { CORESETS = 16, ZONES = 16, PAGING_SLOT = 5, SPECIAL_SYMBOLS_MIN = 4 };

/* dl-UL-TransmissionPeriodicity */
static bool is_period(unsigned us)
{
	static const uint16_t periods_us[] = { 500, 625, 1000, 1250, 2000, 2500, 5000, 10000 };
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(periods_us); i++)
		found = found || periods_us[i] == us;
	return found;
}

/* D, then S or not, then U. */
static bool read_pattern(struct phy_waveform_tdd *t, const struct served_cell_config *c)
{
	const char *at = c->tdd_pattern;
	uint16_t special = 0;

	*t = (struct phy_waveform_tdd){ .period_slots = (uint16_t)strlen(at) };
	for (; *at == 'D'; at++)
		t->dl_slots++;
	for (; *at == 'S'; at++)
		special++;
	for (; *at == 'U'; at++)
		t->ul_slots++;
	if (special == 1) {
		t->dl_symbols = c->tdd_downlink_symbols;
		t->ul_symbols = c->tdd_uplink_symbols;
	}
	return *at == '\0' && special <= 1 && t->dl_slots > 0 && t->ul_slots > 0 &&
	       t->dl_symbols + t->ul_symbols < PHY_SYMBOLS_MAX && is_period(t->period_slots * 1000u >> c->mu);
}

unsigned served_cell_fft_size(unsigned prbs)
{
	unsigned n = 256; /* which an SS/PBCH block needs */

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
	if (band->duplex != PHY_DUPLEX_FDD && !read_pattern(&w->tdd, c))
		return "a tdd_pattern that cannot be: D, at most one S, U, in a period of 0.5 to 10 ms";
	if (c->mu > 1 || phy_max_rb_of(false, c->bandwidth_mhz, c->mu) == 0)
		return "no such channel bandwidth at this spacing (38.104 5.3.2)";
	if (c->bandwidth_mhz == PHY_NARROW_MHZ && !phy_band_is_narrow(c->band))
		return "a channel of 3 MHz, which the band does not have (38.101-1 5.3.5)";
	if (c->bandwidth_mhz == PHY_NARROW_MHZ && c->space == SERVED_CELL_SPACE_UE_SPECIFIC)
		return "a search_space of its own for each UE in a channel of 3 MHz, whose CORESET 0 is "
		       "punctured";
	if (phy_band_arfcn_from(c->band, 15u << c->mu, 15u << c->mu, c->arfcn) != c->arfcn)
		return "an ARFCN that is not on the band's channel raster (38.104 5.4.2.3)";
	if (!phy_band_ssb_case(c->band, 15u << c->mu, &w->pattern))
		return "SS/PBCH blocks of the carrier's spacing, which the band does not have (38.104 "
		       "5.4.3.3)";
	w->n_cell_id = c->pci;
	w->mu = c->mu;
	w->prbs = (uint16_t)phy_max_rb_of(false, c->bandwidth_mhz, c->mu);
	w->carrier_hz = phy_arfcn_hz(c->arfcn);
	w->l_max = (uint8_t)phy_ssb_l_max(w->pattern, w->carrier_hz, band->duplex != PHY_DUPLEX_FDD);
	w->period_ms = c->ssb_period_ms ? c->ssb_period_ms : SERVED_CELL_SSB_PERIOD_MS;
	w->sent = 1;
	w->band = phy_band_class_of(c->band, c->bandwidth_mhz == PHY_NARROW_MHZ);
	w->dmrs_type_a_position = 2;
	w->amplitude = 1;
	w->fft_size = c->fft_size ? c->fft_size : (uint16_t)served_cell_fft_size(w->prbs);
	return NULL;
}

/* In the middle of a frame, in a slot that is all downlink: the monitoring occasions before it are those of
 * slots that are not uplink. */
static uint8_t paging_occasion(const struct served_cell *s)
{
	unsigned slot = PAGING_SLOT, n = 0;

	while (!served_slot_has_symbols(s, slot, PHY_SYMBOLS_MAX))
		slot++;
	for (unsigned i = 0; i < slot; i++)
		n += s->broadcast.tdd.period_slots == 0 || !served_slot_is_uplink(s, i);
	return (uint8_t)n;
}

/* PDSCHs from behind CORESET 0 to the slot's end, and to that of the downlink of S. */
static void pdsch_times(struct phy_sib1_message *m, const struct served_cell *s, unsigned first)
{
	unsigned ends[] = { PHY_SYMBOLS_MAX, s->broadcast.tdd.dl_symbols };

	for (unsigned i = 0; i < ARRAY_LEN(ends); i++)
		if (ends[i] >= first + SPECIAL_SYMBOLS_MIN)
			m->pdsch_times[m->pdsch_times_n++] = (struct phy_time_domain){ false, 0,
				(uint8_t)first, (uint8_t)(ends[i] - first) };
}

/* All symbols of a slot, so many behind the grant as any slot needs. */
static void pusch_times(struct phy_sib1_message *m, const struct served_cell *s, unsigned symbols)
{
	unsigned slots = 20u << s->config.mu;
	bool needed[SERVED_CELL_K2_MAX + 1] = { false };

	for (unsigned slot = 0; slot < slots; slot++)
		if (served_slot_is_uplink(s, slot))
			needed[served_slot_k2(s, slot, symbols)] = true;
	for (uint8_t k2 = (uint8_t)served_cell_k_min(s); k2 <= SERVED_CELL_K2_MAX; k2++)
		if (needed[k2] && m->pusch_times_n < PHY_SIB1_TIMES_MAX)
			m->pusch_times[m->pusch_times_n++] =
				(struct phy_time_domain){ false, k2, 0, PHY_SYMBOLS_MAX };
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
		.msg1_start = served_cell_low_prbs(s),
		.contention_preambles = c->alignment_ms > 0 ? SERVED_CELL_CONTENTION_PREAMBLES : 0,
		.pucch_resource_common = 11,
		.paging_slot = paging_occasion(s),
		.si_n = s->si_n,
		.prach_zone = s->prach_zone };
	struct writer w = writer_of(s->sib1, sizeof(s->sib1));

	for (uint8_t i = 0; i < s->si_n; i++)
		m.si_sib[i] = s->si_sib[i];
	pdsch_times(&m, s, z->n_symb);
	pusch_times(&m, s, z->n_symb);
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

	/* of a punctured one the first CCEs are whole if it is not interleaved */
	return phy_coreset0_find(c, &z, coreset_zero) && c->pattern == 1 && c->n_symb <= 2 &&
	       c->n_rb == prbs && (c->punctured == 0 || c->plain);
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
	static const uint8_t widths[] = { 96, 48, 24, 15 };
	struct phy_waveform_config *w = &s->broadcast;
	uint64_t half = w->prbs * UINT64_C(6) * (15000u << w->mu);
	bool narrow = w->band == PHY_BAND_3_MHZ;
	unsigned first = phy_band_gscn_from(
		s->config.band, 15u << w->mu, narrow, phy_gscn_near((double)(w->carrier_hz - half), narrow));

	for (unsigned i = 0; i < ARRAY_LEN(widths); i++)
		for (unsigned gscn = first; gscn != 0 && phy_gscn_hz(gscn) < (double)(w->carrier_hz + half);
			gscn = phy_band_gscn_from(s->config.band, 15u << w->mu, narrow, gscn + 1)) {
			w->ssb_offset_hz = (int64_t)phy_gscn_hz(gscn) - (int64_t)w->carrier_hz;
			if (choose_coreset(s, widths[i]))
				return NULL;
		}
	return "no place for the SS/PBCH block and CORESET 0 within the carrier";
}

/* Msg4 comes in a slot that is all downlink. */
static bool is_answered(const struct served_cell *s)
{
	bool any = false;

	for (unsigned slot = 0; slot < cell_frame_slots(&s->cell); slot++)
		any = any || (cell_slot_is_downlink(&s->cell, 0, slot) && served_cell_k1(s, 0, slot) > 0);
	return any;
}

/*
 * What RRC can say of what is configured (it may be a little longer); HARQ comes again a slot behind an
 * answer at the soonest, and within 24 more.
 */
static bool discontinuous(struct served_cell *s)
{
	const struct served_cell_config *c = &s->config;
	struct mac_drx_config d = { .there = c->drx_cycle_ms > 0,
		.on_us = 1000u * c->drx_on_ms,
		.inactivity_ms = c->drx_inactivity_ms,
		.cycle_ms = c->drx_cycle_ms,
		.short_ms = c->drx_short_cycle_ms,
		.short_cycles = c->drx_short_cycles,
		.rtt_dl_symbols = 14,
		.rtt_ul_symbols = 14,
		.again_dl_slots = 24,
		.again_ul_slots = 24 };
	struct rrc_drx_config_short_drx short_drx;
	struct rrc_drx_config rrc;

	return !d.there || (rrc_drx_make(&d, &rrc, &short_drx) && rrc_drx_read(&s->drx, &rrc) &&
				   s->drx.on_us < 1000u * d.cycle_ms &&
				   (d.short_ms == 0 || (d.cycle_ms % d.short_ms == 0 && d.short_cycles > 0)));
}

/* The cell as a UE reads it that has found it. */
static enum cell_error read_as_found(struct served_cell *s)
{
	struct cell_found found = { .pci = s->config.pci,
		.mu = s->config.mu,
		.l_max = s->broadcast.l_max,
		.ssb_hz = (uint64_t)((int64_t)s->broadcast.carrier_hz + s->broadcast.ssb_offset_hz),
		.ssb_punctured = s->broadcast.band == PHY_BAND_3_MHZ,
		.mib = s->mib };

	return cell_read(&s->cell, &found, s->broadcast.sib1);
}

bool served_cell_inform(struct served_cell *s, const uint8_t *sibs, uint8_t n)
{
	struct served_cell next = *s;
	struct phy_coreset0 z = s->cell.type0.table;

	if (n > PHY_SIB1_SI_MAX)
		return false;
	for (next.si_n = 0; next.si_n < n; next.si_n++)
		next.si_sib[next.si_n] = sibs[next.si_n];
	memset(next.sib1, 0, sizeof(next.sib1));
	if (!schedule(&next, s->broadcast.coreset_zero, &z) || read_as_found(&next) != CELL_OK)
		return false;
	*s = next;
	s->broadcast.sib1 = bytes_of(s->sib1, s->sib1_octets);
	return true;
}

/* TimeAlignmentTimer (38.331). */
static bool is_alignment(unsigned ms)
{
	static const uint16_t values[] = { 0, 500, 750, 1280, 1920, 2560, 5120, 10240 };

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		if (values[i] == ms)
			return true;
	return false;
}

/* As few roots as tell preambles of UEs so far away apart. */
static bool choose_zone(struct served_cell *s)
{
	struct phy_prach_config c = s->cell.rach.plan[0].config;

	for (unsigned i = 1; i <= ZONES; i++) {
		struct phy_prach p;

		c.zone = (uint8_t)(i % ZONES); /* the last has a root for each preamble */
		if (phy_prach_init(&p, &c) != PHY_PRACH_OK || phy_prach_reach_m(&p) < s->config.reach_m)
			continue;
		s->prach_zone = c.zone;
		return served_cell_inform(s, s->si_sib, s->si_n);
	}
	return false;
}

const char *served_cell_init(struct served_cell *s, const struct served_cell_config *c)
{
	const char *wrong;
	struct cell_own own;
	enum cell_error e;

	*s = (struct served_cell){ .config = *c, .prach_zone = PHY_SIB1_ZONE };
	if (s->config.ues_max == 0)
		s->config.ues_max = SERVED_CELL_UES;
	if (!is_alignment(c->alignment_ms))
		return "an alignment_ms that 38.331 does not have: 500, 750, 1280, 1920, 2560, 5120 or 10240";
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
	e = read_as_found(s);
	if (e != CELL_OK)
		return cell_error_text(e);
	if (c->reach_m > 0 && !choose_zone(s))
		return "a reach_m beyond that of preambles: 14,000 in paired spectrum, else 3,700 at 15 kHz "
		       "and 1,700 "
		       "at 30";
	served_cell_csi_rs(s);
	served_cell_sounding(s);
	if (!discontinuous(s))
		return "DRX timers that 38.331 does not have, or that do not go together";
	if (s->config.ues_max > SERVED_CELL_UES_MAX)
		return "more UEs than a cell can have";
	if (!is_answered(s))
		return "a tdd_pattern that has no uplink 4 to 8 slots behind a downlink slot";
	if (s->config.space == SERVED_CELL_SPACE_AUTO)
		s->config.space = s->cell.paired ? SERVED_CELL_SPACE_COMMON : SERVED_CELL_SPACE_UE_SPECIFIC;
	if (!served_cell_own(&own, s, 0) || !served_cell_within_budget(s, &own))
		return "more PDCCH candidates than a UE looks for in a slot (38.213 10.1)";
	return NULL;
}

uint32_t served_cell_ssb_arfcn(const struct served_cell *s)
{
	return phy_arfcn_near(
		(uint64_t)((double)s->broadcast.carrier_hz + (double)s->broadcast.ssb_offset_hz));
}
