#include "ue/phy/power.h"

#include <math.h>

#include "radio/phy/channels/tables.h"

enum { RE = 12, F1_SYMBOLS = 14, F0_SYMBOLS = 2, PHR_MAX = 63 };

/* A block each 10 or 20 ms: some tenths of a second of them. */
#define FILTER 0.25f

void ue_power_init(struct ue_power *p)
{
	*p = (struct ue_power){ .path_loss_db = UE_POWER_SENT_DBM - UE_POWER_HEARD_DBM };
}

void ue_power_heard(struct ue_power *p, const struct cell *c, float power)
{
	float loss = (float)c->ssb_power_dbm - ((float)UE_POWER_HEARD_DBM + 10 * log10f(power));

	if (!isfinite(loss))
		return;
	p->path_loss_db += p->measured ? FILTER * (loss - p->path_loss_db) : loss - p->path_loss_db;
	p->measured = true;
}

void ue_power_response(struct ue_power *p, uint8_t ramped_db, uint8_t tpc)
{
	p->f_db = p->g_db = (int16_t)(ramped_db + 2 * (tpc % 8) - 6);
}

/* 38.213 Table 7.1.1-1, as it is accumulated and as it is absolute; Table 7.2.1-1 has the first too. */
static const int8_t accumulated_db[] = { -1, 0, 1, 3 }, absolute_db[] = { -4, -1, 1, 4 };

void ue_power_tpc_pusch(struct ue_power *p, const struct cell_own *own, uint8_t tpc, bool at_most)
{
	int8_t db = accumulated_db[tpc % 4];

	if (own && own->power.absolute)
		p->f_db = absolute_db[tpc % 4];
	else if (!at_most || db < 0)
		p->f_db = (int16_t)(p->f_db + db);
}

void ue_power_tpc_pucch(struct ue_power *p, uint8_t tpc, bool at_most)
{
	int8_t db = accumulated_db[tpc % 4];

	if (!at_most || db < 0)
		p->g_db = (int16_t)(p->g_db + db);
}

/* Without UL-SCH BPRE is what the MCS has over beta_offset. */
static float more_for_csi(const struct phy_pusch_config *pusch)
{
	float beta = (float)phy_beta_offsets_csi[pusch->uci.beta[PHY_PUSCH_CSI_1] % 32] / 1000;
	const struct phy_mcs *row = phy_mcs_row(pusch->mcs_table, pusch->mcs);
	float rate = row ? (float)(row->q_m * row->rate_x2048) / 2048 : 0;

	return rate > 0 && beta > 0 ? 10 * log10f((exp2f(1.25f * rate / beta) - 1) * beta) : 0;
}

/* Delta_TF of a PUSCH with UL-SCH: K_s is 1.25 (7.1.1). */
static float more_for_rate(const struct phy_pusch_config *pusch, size_t octets)
{
	uint16_t dmrs = phy_dmrs_pusch_symbols(&pusch->dmrs, &pusch->time, pusch->hopping);
	unsigned res = pusch->prbs.n * (RE * pusch->time.l - phy_dmrs_groups_re(&pusch->dmrs) *
								     (unsigned)__builtin_popcount(dmrs));

	if (octets == 0)
		return more_for_csi(pusch);
	return res > 0 ? 10 * log10f(exp2f(1.25f * 8 * (float)octets / (float)res) - 1) : 0;
}

float ue_power_pusch_dbm(const struct ue_power *p, const struct cell *c, const struct cell_own *own,
	const struct phy_pusch_config *pusch, size_t octets, bool msg3)
{
	int msg3_dbm = c->access.received_target_power_dbm + c->msg3_delta_db;
	float p0 = (float)(msg3 || !c->has_p0_pusch ? msg3_dbm : c->p0_pusch_dbm), alpha = 1;

	if (own && !msg3) {
		p0 += (float)own->power.p0_pusch_db;
		alpha = (float)own->power.alpha_tenths / 10;
	}
	return p0 + 10 * log10f((float)(pusch->prbs.n << c->mu)) + alpha * p->path_loss_db + (float)p->f_db +
	       (own && !msg3 && own->power.delta_mcs ? more_for_rate(pusch, octets) : 0);
}

/* Delta_TF of PUCCH (7.2.1): what is shorter, or carries more, needs more. */
static float more_for_bits(const struct phy_pucch_config *c)
{
	float bits = c->bits > 0 ? c->bits : 1, res = 8.0f * c->prbs * c->symbols;

	if (c->format == 0)
		return 10 * log10f((float)F0_SYMBOLS / c->symbols);
	if (c->format == 1)
		return 10 * log10f((float)F1_SYMBOLS / c->symbols) + 10 * log10f(bits);
	if (c->bits <= 11)
		return 10 * log10f(6 * bits / res);
	return 10 * log10f(exp2f(2.4f * (bits + 6) / res) - 1);
}

float ue_power_pucch_dbm(const struct ue_power *p, const struct cell *c, const struct cell_own *own,
	const struct phy_pucch_config *pucch)
{
	float p0 = (float)c->p0_pucch_dbm;

	if (own)
		p0 += (float)(own->power.p0_pucch_db +
			      own->power.delta_f_db[pucch->format % CELL_PUCCH_FORMATS]);
	return p0 + 10 * log10f((float)(pucch->prbs << c->mu)) + p->path_loss_db + more_for_bits(pucch) +
	       (float)p->g_db;
}

float ue_power_srs_dbm(
	const struct ue_power *p, const struct cell *c, const struct cell_srs *srs, unsigned prbs)
{
	return (float)srs->p0_dbm + 10 * log10f((float)(prbs << c->mu)) +
	       (float)srs->alpha_tenths / 10 * p->path_loss_db + (float)p->f_db;
}

float ue_power_limited_dbm(float dbm)
{
	return dbm > UE_POWER_CMAX_DBM ? UE_POWER_CMAX_DBM : dbm < UE_POWER_MIN_DBM ? UE_POWER_MIN_DBM : dbm;
}

static float amplitude(float dbm, float res)
{
	return powf(10, (ue_power_limited_dbm(dbm) - (float)UE_POWER_SENT_DBM) / 20) / sqrtf(res);
}

float ue_power_amplitude(float dbm, unsigned prbs)
{
	return amplitude(dbm, (float)(RE * prbs));
}

float ue_power_re_amplitude(float dbm, unsigned res)
{
	return amplitude(dbm, (float)res);
}

/* Its subcarriers are that much narrower than REs, and of their density. */
float ue_power_preamble_amplitude(
	const struct ue_power *p, int target_dbm, const struct phy_prach *preamble, unsigned mu)
{
	float res = (float)preamble->config.l_ra * (float)preamble->spacing_hz / (float)(15000u << mu);

	return amplitude((float)target_dbm + p->path_loss_db, res);
}

/* Steps of 1 dB from -32 to 22, of 2 dB to 38; of P_CMAX from -29 dBm on. */
struct mac_phr ue_power_headroom(float pusch_dbm)
{
	float db = UE_POWER_CMAX_DBM - pusch_dbm;
	int ph = db < 22 ? (int)floorf(db) + 33 : 55 + (int)floorf((db - 22) / 2);

	return (struct mac_phr){ .ph = (uint8_t)(ph < 0         ? 0
						 : ph > PHR_MAX ? PHR_MAX
								: ph),
		.p_cmax = UE_POWER_CMAX_DBM + 30 };
}
