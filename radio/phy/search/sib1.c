#include "radio/phy/search/sib1.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/signals/ofdm.h"
#include "radio/phy/channels/pdsch_fallback.h"

enum {
	SI_RNTI = 0xffff,
	SSB_CRB = 1000, /* of the SS/PBCH block, in numbers of our own: SIB1 will give the real ones */
	TURNS_MAX = 8,  /* guesses at how symbols turn where it is known only modulo one over their length */
	TURN_STEP = 17, /* which changes what the longer prefix of 15 kHz does by an eighth of a turn */
	SLOT_SAMPLES_MAX = 2048 * 16,
};

struct phy_sib1_reader {
	struct phy_pdcch_receiver *pdcch;
	struct phy_chest_filters *filters;
	struct phy_pdsch_receiver *pdsch;
	struct phy_harq *harq;
	uint32_t harq_a; /* what is in it: bits of the block, and the MCS, as the base graph goes by that too
			  */
	uint8_t harq_mcs;
	struct phy_pdsch plan;
	struct phy_cf samples[SLOT_SAMPLES_MAX];
	struct phy_cf re[96 * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX];
};

void phy_sib1_reader_free(struct phy_sib1_reader *r)
{
	if (!r)
		return;
	phy_pdsch_receiver_free(r->pdsch);
	phy_chest_filters_free(r->filters);
	phy_pdcch_receiver_free(r->pdcch);
	phy_harq_free(r->harq);
	free(r);
}

struct phy_sib1_reader *phy_sib1_reader_new(void)
{
	struct phy_sib1_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->pdcch = phy_pdcch_receiver_new();
	r->filters = phy_chest_filters_new();
	r->pdsch = r->filters ? phy_pdsch_receiver_new(r->filters, 1, 1) : NULL;
	r->harq = phy_harq_new(PHY_SIB1_OCTETS_MAX * 8);
	if (r->pdcch && r->pdsch && r->harq)
		return r;
	phy_sib1_reader_free(r);
	return NULL;
}

const char *phy_sib1_outcome_text(enum phy_sib1_outcome o)
{
	static const char *const texts[] = { "read", "the MIB names no CORESET 0", "outside the recording",
		"no PDCCH found in CORESET 0", "its PDSCH could not be decoded", "out of memory" };

	return (size_t)o < ARRAY_LEN(texts) ? texts[o] : "?";
}

/* A reading under way. */
struct reading {
	const struct phy_recording *in;
	const struct phy_sib1_place *place;
	struct phy_type0_pdcch type0;
	struct phy_resampler resampler;
	struct phy_ofdm ofdm;
	unsigned mu;
	double scs_hz, middle_hz;
	double frame_start; /* the sample where the frame with the cell's first SS/PBCH block begins */
	enum phy_sib1_outcome outcome;
};

/* No SS/PBCH block has the longer prefix (38.211 5.3.1). */
double phy_symbol_start_s(unsigned mu, unsigned n)
{
	double scs_hz = 15000 << mu;

	return n * (1 + 9.0 / 128) / scs_hz + 9.0 / 128 / scs_hz +
	       (n + (7 << mu) - 1) / (7 << mu) * 16 / 30.72e6;
}

static double slot_time_s(unsigned mu, unsigned slot)
{
	unsigned n = slot * PHY_SYMBOLS_MAX;

	return n * (1 + 9.0 / 128) / (15000 << mu) + (n + (7 << mu) - 1) / (7 << mu) * 16 / 30.72e6;
}

static bool in_fr2(const struct phy_cell *c)
{
	return c->l_max == 64;
}

static bool find_place(struct reading *r, struct phy_sib1 *sib1)
{
	const struct phy_cell *c = r->place->cell;
	const struct phy_mib *mib = r->place->mib;
	unsigned first = phy_ssb_first_symbol(r->place->pattern, c->payload.ssb_index);
	struct phy_coreset0_cell cell = { (uint16_t)(c->scs_hz / 1000), 15, r->place->band, mib->k_ssb };
	double ssb_hz = r->place->carrier->nominal_hz + r->place->carrier->cfo_hz;

	r->mu = (in_fr2(c) ? 2u : 0u) + mib->scs_common_high;
	r->scs_hz = 15000 << r->mu;
	cell.pdcch_scs_khz = (uint16_t)(r->scs_hz / 1000);
	if (!phy_mib_has_coreset0(mib, c->l_max) ||
		!phy_type0_pdcch_init(&r->type0, &cell,
			(uint8_t)(mib->coreset_zero << 4 | mib->search_space_zero), c->n_cell_id, SSB_CRB,
			c->payload.ssb_index, mib->half_frame))
		return false;
	r->type0.layout.tolerant = true; /* of reserved bits that a later release fills */
	sib1->coreset0 = r->type0.table;
	/* down from the middle of the SS/PBCH block to its first subcarrier that is there, to that of its
	 * common block, to CORESET 0 */
	r->middle_hz = ssb_hz - phy_ssb_width(r->place->band == PHY_BAND_3_MHZ) / 2 * c->scs_hz -
		       mib->k_ssb * (in_fr2(c) ? r->scs_hz : 15e3) +
		       (r->type0.table.n_rb / 2.0 - r->type0.table.offset_rb) * PHY_SC_PER_PRB * r->scs_hz;
	sib1->coreset0_hz = r->middle_hz;
	r->frame_start =
		c->start - r->in->rate_hz * (0.005 * mib->half_frame +
						    phy_symbol_start_s(phy_ssb_mu(r->place->pattern), first));
	return true;
}

/*
 * How many guesses there are at how symbols turn, which is known modulo one over the SSB's symbols: that
 * leaves open what the longer prefix in the middle of a slot of 15 kHz does, and symbols shorter than the
 * SSB's.
 */
static unsigned guesses(const struct reading *r)
{
	if (r->mu == 0)
		return TURNS_MAX;
	return r->scs_hz > r->place->cell->scs_hz ? 2 : 1;
}

/* OFDM by a guess; the first is the carrier's own. */
static bool start_ofdm(struct reading *r, unsigned guess)
{
	const struct phy_cell *c = r->place->cell;
	unsigned prbs = r->type0.table.n_rb, fft = prbs <= 24 ? 512 : prbs <= 48 ? 1024 : 2048;
	double rate = fft * r->scs_hz, symbol_rate = c->scs_hz / (1 + 9.0 / 128);
	/* the turn is that of the SSB's subcarrier 120; nominally CORESET 0 lies so far from it */
	double apart = r->middle_hz - r->place->carrier->nominal_hz - r->place->carrier->cfo_hz;
	double turn = r->place->carrier->turn_hz + apart + guess * (r->mu == 0 ? TURN_STEP : 1) * symbol_rate;
	struct phy_ofdm_config config = { .mu = r->mu, .prbs = prbs, .fft_size = fft };

	turn = fmod(turn, rate);
	config.carrier_hz = (uint64_t)llround(turn < 0 ? turn + rate : turn);
	return phy_ofdm_init(&r->ofdm, &config);
}

/* The slot's resource elements; false if the recording does not hold it. */
static bool take_slot(struct phy_sib1_reader *s, const struct kern *k, struct reading *r, double frame,
	unsigned slot, struct phy_grid *grid)
{
	double rate = r->ofdm.config.fft_size * r->scs_hz, per_sample = r->in->rate_hz / rate;
	unsigned in_subframe = slot & ((1u << r->mu) - 1), n = phy_ofdm_slot_samples(&r->ofdm, in_subframe);
	unsigned early = r->ofdm.config.fft_size / 128 * 2; /* of a prefix of 9 / 128 */
	double start = r->frame_start + r->in->rate_hz * (0.01 * frame + slot_time_s(r->mu, slot));

	if (start < 0 || start + n * per_sample > (double)r->in->count || n > SLOT_SAMPLES_MAX)
		return false;
	phy_resample(&r->resampler, k, r->in, r->middle_hz, start - early * per_sample, s->samples, n);
	*grid = (struct phy_grid){ s->re, (uint16_t)r->ofdm.config.prbs, r->type0.coreset.first_crb,
		(uint8_t)r->ofdm.symbols };
	phy_ofdm_demodulate(&r->ofdm, k, grid->re, s->samples, in_subframe);
	return true;
}

static bool plan_pdsch(struct phy_sib1_reader *s, const struct reading *r, const struct phy_dci *dci,
	struct phy_time_domain *time)
{
	const struct phy_cell *c = r->place->cell;
	struct phy_pdsch_dci_1_0 d = {
		.kind = PHY_PDSCH_SI_TYPE0,
		.rnti = SI_RNTI,
		.riv = dci->field[PHY_DCI_FREQUENCY],
		.time = (uint8_t)dci->field[PHY_DCI_TIME],
		.interleaved = dci->field[PHY_DCI_VRB_TO_PRB],
		.mcs = (uint8_t)dci->field[PHY_DCI_MCS],
		.rv = (uint8_t)dci->field[PHY_DCI_RV],
		.mu = (uint8_t)r->mu,
		.n_id = c->n_cell_id,
		.dmrs_n_id = c->n_cell_id,
		.pattern = r->type0.table.pattern,
		.type_a_position = r->place->mib->dmrs_type_a_position,
		.bwp_start = r->type0.coreset.first_crb,
		.bwp_prbs = r->type0.table.n_rb,
		.riv_prbs = r->type0.table.n_rb,
	};
	struct phy_pdsch_config config;

	if (dci->field[PHY_DCI_SI] != 0 || phy_pdsch_from_dci_1_0(&config, &d) != PHY_PDSCH_OK ||
		phy_pdsch_init(&s->plan, &config) != PHY_PDSCH_OK ||
		s->plan.sch[0].a > PHY_SIB1_OCTETS_MAX * 8)
		return false;
	*time = config.time;
	return true;
}

/* Looks into one slot: PDCCH, and if it schedules SIB1, its PDSCH, added to what came before. True when it
 * was read. */
static bool read_slot(struct phy_sib1_reader *s, const struct kern *k, struct reading *r, int frame,
	unsigned slot, struct phy_sib1 *sib1)
{
	unsigned slots = 10u << r->mu;
	struct phy_time_domain time;
	struct phy_pdcch_found found;
	struct phy_pdsch_result result;
	struct phy_grid grid;
	struct phy_dci dci;
	uint8_t *tb = sib1->data;

	if (!take_slot(s, k, r, frame, slot, &grid))
		return false;
	if (r->outcome == PHY_SIB1_OUTSIDE)
		r->outcome = PHY_SIB1_NO_PDCCH;
	if (!phy_type0_pdcch_receive(&r->type0, s->pdcch, k, slot, &grid, &dci, &found) ||
		!plan_pdsch(s, r, &dci, &time))
		return false;
	r->outcome = PHY_SIB1_NO_PDSCH;
	slot += time.k0;
	if (time.k0 > 0 && !take_slot(s, k, r, frame + (double)(slot / slots), slot % slots, &grid))
		return false;
	if (s->harq_a != s->plan.sch[0].a || s->harq_mcs != s->plan.config.codeword[0].mcs) {
		phy_harq_reset(s->harq);
		s->harq_a = s->plan.sch[0].a;
		s->harq_mcs = s->plan.config.codeword[0].mcs;
		sib1->transmissions = 0;
	}
	if (!phy_pdsch_receive(s->pdsch, k, &s->plan, slot % slots, &grid, 1, &s->harq, &tb, &result))
		return false;
	sib1->transmissions++;
	sib1->octets = (uint16_t)(s->plan.sch[0].a / 8);
	sib1->sfn = (uint16_t)((r->place->mib->sfn + 1024 + frame) % 1024);
	sib1->slot = (uint8_t)(slot % slots);
	sib1->al = found.at.al;
	sib1->mcs = s->plan.config.codeword[0].mcs;
	sib1->snr_db = result.channel.channel.snr_db;
	if (!result.ok)
		return false;
	r->outcome = PHY_SIB1_READ;
	return true;
}

/* All slots of the recording where the cell's PDCCH may be. */
static void read_all(
	struct phy_sib1_reader *s, const struct kern *k, struct reading *r, struct phy_sib1 *sib1)
{
	double frame_samples = 0.01 * r->in->rate_hz;
	int first = -(int)floor(r->frame_start / frame_samples) - 1;
	int last = (int)floor(((double)r->in->count - r->frame_start) / frame_samples);

	s->harq_a = 0;
	for (int frame = first; frame <= last; frame++) {
		unsigned sfn = (unsigned)(r->place->mib->sfn + 1024 * 1024 + frame) % 1024;

		for (unsigned slot = 0; slot < 10u << r->mu; slot++) {
			if (phy_type0_monitored(&r->type0.occasions, sfn, slot, frame % 2 == 0) &&
				read_slot(s, k, r, frame, slot, sib1))
				return;
		}
	}
}

enum phy_sib1_outcome phy_sib1_read(struct phy_sib1_reader *s, const struct kern *k,
	const struct phy_recording *in, const struct phy_sib1_place *place, struct phy_sib1 *sib1)
{
	struct reading r = { .in = in, .place = place, .outcome = PHY_SIB1_OUTSIDE };
	double half_band;

	*sib1 = (struct phy_sib1){ 0 };
	if (!find_place(&r, sib1))
		return PHY_SIB1_NO_CORESET0;
	half_band = r.type0.table.n_rb / 2.0 * PHY_SC_PER_PRB * r.scs_hz;
	if (!(fabs(r.middle_hz) + half_band <= in->rate_hz / 2) || /* or no number */
		!(place->cell->start > -in->rate_hz && place->cell->start < (double)in->count + in->rate_hz))
		return PHY_SIB1_OUTSIDE;
	for (unsigned g = 0; g < guesses(&r) && r.outcome != PHY_SIB1_READ && r.outcome != PHY_SIB1_MEMORY;
		g++) {
		if (!start_ofdm(&r, g))
			return PHY_SIB1_MEMORY;
		if (phy_resampler_init(&r.resampler, in->rate_hz, r.ofdm.config.fft_size * r.scs_hz))
			read_all(s, k, &r, sib1);
		else
			r.outcome = PHY_SIB1_MEMORY;
		phy_resampler_fini(&r.resampler);
		phy_ofdm_fini(&r.ofdm);
	}
	return r.outcome;
}
