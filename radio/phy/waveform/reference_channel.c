#include "radio/phy/waveform/reference_channel.h"

#include <stdlib.h>

#include "radio/phy/signals/ofdm.h"
#include "radio/phy/waveform/tables.h"

struct phy_reference {
	struct phy_waveform_config config;
	struct phy_pusch plan;
	struct phy_ofdm ofdm;
	struct phy_dfts *dfts;
	struct phy_pusch_sender *sender;
	struct phy_cf *re[PHY_UL_PORTS_MAX]; /* of a slot */
	uint8_t *tb;
	uint64_t subframe;
};

const struct phy_frc *phy_frc_find(const char *name)
{
	for (size_t i = 0; i < phy_frc_fr1_pusch_n; i++)
		if (strcmp(phy_frc_fr1_pusch[i].name, name) == 0)
			return &phy_frc_fr1_pusch[i];
	return NULL;
}

static bool mcs_of(struct phy_pusch_config *p, const struct phy_frc *f)
{
	static const enum phy_mcs_table plain[] = { PHY_MCS_64QAM, PHY_MCS_256QAM, PHY_MCS_64QAM_LOW_SE };
	static const enum phy_mcs_table transform[] = { PHY_MCS_TP_64QAM };
	size_t n = f->transform_precoding ? ARRAY_LEN(transform) : ARRAY_LEN(plain);

	for (size_t t = 0; t < n; t++) {
		p->mcs_table = f->transform_precoding ? transform[t] : plain[t];
		for (p->mcs = 0; p->mcs < PHY_MCS_ROWS; p->mcs++) {
			const struct phy_mcs *m = phy_mcs_row(p->mcs_table, p->mcs);

			if (m && m->q_m == f->q_m && m->rate_x2048 == f->rate_x2048)
				return true;
		}
	}
	return false;
}

bool phy_frc_pusch(struct phy_pusch_config *p, const struct phy_frc *f, const struct phy_waveform_config *c)
{
	*p = (struct phy_pusch_config){ .mu = c->mu,
		.bwp_start = c->first_crb,
		.bwp_prbs = c->prbs,
		.time = { .l = PHY_SYMBOLS_MAX },
		.dmrs = { .additional = f->additional,
			.type_a_position = 2,
			.groups_without_data = 2,
			.n_id = { c->n_cell_id, c->n_cell_id } },
		.layers = f->layers,
		.ports = { 0, 1, 2, 3 },
		.transform_precoding = f->transform_precoding,
		.rnti = PHY_WAVEFORM_TEST_RNTI,
		.n_id = c->n_cell_id };
	if (f->n_rb > c->prbs || 15u << c->mu != f->scs_khz)
		return false;
	for (p->prbs.n = 0; p->prbs.n < f->n_rb; p->prbs.n++)
		p->prbs.at[p->prbs.n] = p->prbs.n;
	return mcs_of(p, f);
}

static bool open_reference(struct phy_reference *r, const struct phy_frc *f)
{
	const struct phy_waveform_config *c = &r->config;
	struct phy_ofdm_config o = { c->mu, false, c->prbs, c->fft_size, 0, c->carrier_hz };
	struct phy_pusch_config p;

	if (!phy_frc_pusch(&p, f, c) || phy_pusch_init(&r->plan, &p) != PHY_PUSCH_OK)
		return false;
	r->dfts = phy_dfts_new();
	r->sender = r->dfts ? phy_pusch_sender_new(r->dfts) : NULL;
	r->tb = calloc((r->plan.sch.a + 7) / 8, 1);
	for (unsigned i = 0; i < f->layers; i++) {
		r->re[i] = calloc((size_t)c->prbs * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX, sizeof(*r->re[i]));
		if (!r->re[i])
			return false;
	}
	return r->sender && r->tb && phy_ofdm_init(&r->ofdm, &o);
}

struct phy_reference *phy_reference_new(const struct phy_frc *f, const struct phy_waveform_config *c)
{
	struct phy_reference *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->config = *c;
	r->subframe = c->sfn * 10u;
	if (open_reference(r, f))
		return r;
	phy_reference_free(r);
	return NULL;
}

void phy_reference_free(struct phy_reference *r)
{
	if (!r)
		return;
	phy_ofdm_fini(&r->ofdm);
	phy_pusch_sender_free(r->sender);
	phy_dfts_free(r->dfts);
	for (unsigned i = 0; i < ARRAY_LEN(r->re); i++)
		free(r->re[i]);
	free(r->tb);
	free(r);
}

static bool is_uplink(const struct phy_waveform_config *c, unsigned sfn, unsigned slot)
{
	return c->tdd.period_slots == 0 ||
	       (sfn % 2 * (10u << c->mu) + slot) % c->tdd.period_slots + c->tdd.ul_slots >=
		       c->tdd.period_slots;
}

void phy_reference_run(struct phy_reference *r, const struct kern *k, struct phy_cf *const *out)
{
	const struct phy_waveform_config *c = &r->config;
	unsigned sfn = (unsigned)(r->subframe / 10 % 1024), first = (unsigned)(r->subframe % 10) << c->mu;
	size_t re = (size_t)c->prbs * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX, at = 0;
	struct phy_grid ports[PHY_UL_PORTS_MAX];

	for (unsigned s = 0; s < 1u << c->mu; s++) {
		for (unsigned i = 0; i < r->plan.config.layers; i++) {
			ports[i] = (struct phy_grid){ r->re[i], c->prbs, c->first_crb, PHY_SYMBOLS_MAX };
			memset(r->re[i], 0, re * sizeof(*r->re[i]));
		}
		if (is_uplink(c, sfn, first + s)) {
			phy_waveform_test_data(c, sfn, first + s, r->tb, (r->plan.sch.a + 7) / 8);
			(void)phy_pusch_send(r->sender, k, &r->plan, first + s, r->tb, ports);
		}
		for (unsigned i = 0; i < r->plan.config.layers; i++)
			phy_ofdm_modulate(&r->ofdm, k, out[i] + at, r->re[i], s);
		at += phy_ofdm_slot_samples(&r->ofdm, s);
	}
	for (unsigned i = 0; i < r->plan.config.layers; i++)
		k->cf_scale(&out[i]->re, &out[i]->re, at, c->amplitude, 0);
	r->subframe++;
}
