/*
 * Closed-loop uplink power (38.213 7.1.1, 7.2.1): TPC commands that bring what is heard of a UE to what its
 * modulation needs, and its PUCCH to what is heard for sure. A command is believed at once, and the next one
 * waits until it shows.
 */
#include <math.h>

#include "gnb/du/parts.h"

enum { SHOWS_MS = 15, PRBS_MIN = 4 };

enum { TPC_DOWN, TPC_STAY, TPC_UP, TPC_UP_MORE }; /* Table 7.1.1-1: -1, 0, 1, 3 dB */

/* Above noise, on an RE: a dB or two over what the highest MCS needs. */
#define PUSCH_DB        26.0f
#define PUSCH_256QAM_DB 33.0f
#define PUCCH_DB        15.0f
#define FILTER          0.25f
#define GAP_DB          1.5f /* that receiver and code lose against capacity */
/* What is left alone: between a step down too many, and two up. */
#define ABOVE_DB  2.0f
#define BELOW_DB  1.5f
#define FAR_DB    4.0f
#define HEARD_MIN 1e-9f

enum { HEADROOM_NONE = 33 /* 38.133 Table 10.1.17.1-1: 0 dB */ };

static void heard(struct du_power *p, float db)
{
	if (!isfinite(db))
		return;
	p->db += p->known ? FILTER * (db - p->db) : db - p->db;
	p->known = true;
}

static uint8_t command(struct du_power *p, float wanted_db, bool may_rise, uint64_t now_ns)
{
	static const float steps_db[] = { -1, 0, 1, 3 };
	float below = wanted_db - p->db;
	uint8_t tpc = TPC_STAY;

	if (!p->known || now_ns < p->next_ns)
		return TPC_STAY;
	if (below < -ABOVE_DB)
		tpc = TPC_DOWN;
	else if (below > BELOW_DB && may_rise)
		tpc = below > FAR_DB ? TPC_UP_MORE : TPC_UP;
	if (tpc == TPC_STAY)
		return tpc;
	p->db += steps_db[tpc];
	p->next_ns = now_ns + SHOWS_MS * UINT64_C(1000000);
	return tpc;
}

/* What a UE would report of the uplink, if the gNB did not hear it itself. */
static uint8_t cqi_of(enum phy_cqi_table table, float db)
{
	float efficiency = log2f(1 + powf(10, (db - GAP_DB) / 10));
	uint8_t cqi = 0;

	while (cqi + 1 < PHY_CQI_ROWS && phy_cqi_efficiency(table, cqi + 1u) <= efficiency)
		cqi++;
	return cqi;
}

/* Few blocks show too little of the noise. */
void du_power_pusch_heard(struct du *d, struct du_cell_ue *u, const struct phy_ul_pusch_rx *rx)
{
	enum phy_cqi_table table = du_cqi_table(du_ul_table(d, u));

	if (rx->config.prbs.n < PRBS_MIN)
		return;
	heard(&u->pusch_power, rx->result.channel.channel.snr_db);
	if (rx->result.ok)
		du_timing_heard(u, rx->result.channel.channel.delay_s);
	sched_cqi(&d->uplink.ues[du_place(d, u)], cqi_of(table, u->pusch_power.db));
}

void du_power_pucch_heard(struct du_cell_ue *u, const struct phy_pucch_user *r)
{
	if (r->detected && r->noise > HEARD_MIN && r->power > HEARD_MIN)
		heard(&u->pucch_power, 10 * log10f(r->power / r->noise));
}

void du_power_srs_heard(struct du *d, struct du_cell_ue *u, float snr_db)
{
	struct sched_ue *s = &d->uplink.ues[du_place(d, u)];

	if (u->pusch_power.known || !isfinite(snr_db))
		return;
	sched_cqi_guess(s, cqi_of(du_cqi_table(du_ul_table(d, u)), snr_db));
}

uint8_t du_power_pusch_tpc(struct du *d, struct du_cell_ue *u)
{
	bool can = !u->mac->has_phr || u->mac->phr.ph > HEADROOM_NONE;

	return command(&u->pusch_power, du_ul_table(d, u) == PHY_MCS_256QAM ? PUSCH_256QAM_DB : PUSCH_DB, can,
		d->now_ns);
}

uint8_t du_power_pucch_tpc(struct du *d, struct du_cell_ue *u)
{
	return command(&u->pucch_power, PUCCH_DB, true, d->now_ns);
}
