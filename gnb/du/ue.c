/* The UEs of a cell, by place: from the response to their preamble to their end. */
#include "gnb/du/parts.h"

struct du_cell_ue *du_ue_at(struct du *d, uint16_t ue)
{
	return ue < DU_UES_MAX && d->ues[ue].state != DU_UE_NONE ? &d->ues[ue] : NULL;
}

static void on_ccch(void *arg, struct bytes sdu)
{
	struct du_cell_ue *u = arg;

	/* The identity that wins the contention (38.321 6.1.3.3): what the UE sent, 48 bits. */
	if (u->state != DU_UE_MSG3 || sdu.len < MAC_CONTENTION_RESOLUTION_LEN)
		return;
	u->state = DU_UE_CONTENTION;
	u->heard = sdu;
}

static void on_c_rnti(void *arg, uint16_t c_rnti)
{
	struct du_cell_ue *u = arg;

	if (u->state == DU_UE_MSG3)
		u->returns = c_rnti;
}

struct du_cell_ue *du_ue_begin(struct du *d)
{
	struct mac_drx_config drx;

	for (uint16_t i = 0; i < DU_UES_MAX; i++) {
		struct du_cell_ue *u = &d->ues[i];

		if (u->state != DU_UE_NONE)
			continue;
		*u = (struct du_cell_ue){ .state = DU_UE_MSG3, .c_rnti = d->next_c_rnti };
		u->mac = du_ue_new(&(struct du_ue_upper){ u, on_ccch, on_c_rnti }, &d->blocks);
		if (!u->mac || !served_cell_own(&u->own, &d->cell, i)) {
			du_ue_free(u->mac);
			*u = (struct du_cell_ue){ .state = DU_UE_NONE };
			return NULL;
		}
		drx = served_cell_drx(&d->cell, i);
		mac_drx_init(&u->drx, &drx, slot_ns(d->cell.cell.mu));
		if (i >= d->ues_end)
			d->ues_end = (uint16_t)(i + 1);
		d->next_c_rnti =
			(uint16_t)(d->next_c_rnti >= DU_C_RNTI_LAST ? DU_C_RNTI_FIRST : d->next_c_rnti + 1);
		return u;
	}
	return NULL;
}

void du_ue_release(struct du *d, uint16_t ue)
{
	struct du_cell_ue *u = du_ue_at(d, ue);

	if (!u)
		return;
	for (unsigned s = 0; s < DU_RING; s++) {
		struct du_due *due = &d->due[s];
		uint8_t n = 0;

		for (uint8_t i = 0; i < due->pusch_n; i++)
			if (due->pusch[i].ue != ue)
				due->pusch[n++] = due->pusch[i];
		due->pusch_n = n;
		n = 0;
		for (uint8_t i = 0; i < due->ack_n; i++)
			if (due->ack[i].ue != ue)
				due->ack[n++] = due->ack[i];
		due->ack_n = n;
	}
	sched_ue_remove(&d->downlink, ue);
	sched_ue_remove(&d->uplink, ue);
	du_ue_free(u->mac);
	*u = (struct du_cell_ue){ .state = DU_UE_NONE };
	while (d->ues_end > 0 && d->ues[d->ues_end - 1].state == DU_UE_NONE)
		d->ues_end--;
}

/* One that is silent for long where it should have been heard: whoever is above ends it. */
void du_ue_heard(struct du *d, struct du_cell_ue *u, bool heard)
{
	if (heard)
		du_timing_alive(d, u);
	if (heard || u->silent_ns == 0)
		u->silent_ns = heard ? 0 : d->now_ns;
	if (u->silent_ns == 0 || u->lost || d->now_ns - u->silent_ns < DU_LOST_MS * UINT64_C(1000000))
		return;
	u->lost = true;
	d->stat[DU_STAT_UES_LOST]++;
	d->upper.lost(d->upper.arg, du_place(d, u));
}

unsigned du_ues(const struct du *d)
{
	unsigned n = 0;

	for (uint16_t i = 0; i < d->ues_end; i++)
		n += d->ues[i].state != DU_UE_NONE;
	return n;
}

bool du_ccch_send(struct du *d, uint16_t ue, struct bytes sdu)
{
	struct du_cell_ue *u = du_ue_at(d, ue);

	if (!u || u->state != DU_UE_CONTENTION || u->ccch_octets > 0 || sdu.len == 0 ||
		!bytes_copy(u->ccch, sizeof(u->ccch), sdu))
		return false;
	u->ccch_octets = (uint16_t)sdu.len;
	return true;
}

const struct cell_own *du_ue_own(const struct du *d, uint16_t ue)
{
	return ue < DU_UES_MAX && d->ues[ue].state != DU_UE_NONE ? &d->ues[ue].own : NULL;
}

void du_ue_configured(struct du *d, uint16_t ue)
{
	struct du_cell_ue *u = du_ue_at(d, ue);

	if (!u)
		return;
	u->configured = true;
	u->unsure = false;
}

void du_ue_reconfigured(struct du *d, uint16_t ue)
{
	struct du_cell_ue *u = du_ue_at(d, ue);

	if (!u)
		return;
	du_ue_configured(d, ue);
	u->changing_ns = 0;
}

void du_ue_changing(struct du *d, uint16_t ue)
{
	struct du_cell_ue *u = du_ue_at(d, ue);

	if (!u)
		return;
	u->reports = false;
	if (u->configured)
		u->changing_ns = d->now_ns;
}

void du_ue_run(struct du *d, struct du_cell_ue *u)
{
	uint8_t mu = d->cell.cell.mu;

	mac_drx_slot(
		&u->drx, d->now.sfn * 10u + (d->now.slot >> mu), d->now.slot & ((1u << mu) - 1), d->now_ns);
	du_timing_run(d, u);
	if (u->changing_ns > 0 && d->now_ns - u->changing_ns > DU_CHANGING_MS * UINT64_C(1000000))
		u->changing_ns = 0;
}

bool du_ue_adapt(struct du *d, uint16_t ue, const struct du_capability *c)
{
	struct du_cell_ue *u = du_ue_at(d, ue);
	struct cell_shared was[2];

	if (!u || !u->own.spaces[0].configured) /* DCI 1_0 and 0_0 have nothing else */
		return false;
	was[0] = u->own.pdsch.shared;
	was[1] = u->own.pusch.shared;
	u->own.pdsch.shared.mcs_table = c->pdsch_256qam ? PHY_MCS_256QAM : PHY_MCS_64QAM;
	u->own.pusch.shared.mcs_table = c->pusch_256qam ? PHY_MCS_256QAM : PHY_MCS_64QAM;
	if (was[0].mcs_table == u->own.pdsch.shared.mcs_table &&
		was[1].mcs_table == u->own.pusch.shared.mcs_table)
		return false;
	u->own.report.table = c->pdsch_256qam ? PHY_CQI_256QAM : PHY_CQI_64QAM;
	u->own.lbrm_bits =
		phy_tbs_lbrm(d->cell.cell.downlink.widest_prbs, u->own.layers, c->pdsch_256qam ? 8 : 6);
	u->reports = false; /* what comes may be of either table */
	if (u->configured)
		u->changing_ns = d->now_ns;
	return true;
}

struct du_ue *du_ue_mac(struct du *d, uint16_t ue)
{
	struct du_cell_ue *u = du_ue_at(d, ue);

	return u ? u->mac : NULL;
}
