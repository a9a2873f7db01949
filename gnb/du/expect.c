/* What is expected in a slot, and where (38.213 9): UCI goes on a PUSCH where there is one. */
#include "gnb/du/parts.h"

const struct du_due_ack *du_acks_of(const struct du_due *due, uint16_t ue)
{
	for (uint8_t i = 0; i < due->ack_n; i++)
		if (due->ack[i].ue == ue)
			return &due->ack[i];
	return NULL;
}

struct phy_ul_pusch_rx *du_pusch_of(struct du *d, const struct du_due *due, uint16_t ue)
{
	for (uint8_t i = 0; i < due->pusch_n; i++)
		if (due->pusch[i].ue == ue && !due->pusch[i].msg3)
			return &d->ul->pusch[i];
	return NULL;
}

/* 38.213 9.3. */
void du_report_on_pusch(struct phy_pusch_config *p, const struct du_cell_ue *u)
{
	p->uci.bits[PHY_PUSCH_CSI_1] = CELL_CQI_BITS;
	p->uci.beta[PHY_PUSCH_CSI_1] = u->own.beta_csi[0];
	p->uci.alpha = PHY_ALPHA_1;
}

static void expect_pucch(struct du *d, const struct du_pucch_use *use, const struct phy_pucch_config *config)
{
	size_t n = d->ul->slot.pucch_n;

	if (n == L1_PUCCH_MAX)
		return;
	d->ul->pucch[n] = (struct phy_ul_pucch_rx){ .config = *config, .result.uci = d->ul->uci[n] };
	d->use[n] = *use;
	d->ul->slot.pucch_n++;
}

static bool has_request(const struct du *d, const struct du_cell_ue *u)
{
	return u->state == DU_UE_CONNECTED && u->own.sr.there &&
	       d->up_slots % u->own.sr.period == u->own.sr.offset;
}

/* A report goes along with HARQ-ACK, and with the request's bit where there is an occasion (38.213 9.2.5.2).
 */
static bool goes_along(const struct du *d, const struct du_cell_ue *u, unsigned acks)
{
	return du_report_is_due(u, d->up_slots) && u->reports &&
	       cell_own_reports_along(&u->own, 0, acks + has_request(d, u) + CELL_CQI_BITS);
}

/* On its own resource, behind the request's bit, where nothing is answered and nothing sent on PUSCH. */
static void expect_reports(struct du *d, const struct du_due *due)
{
	for (uint16_t i = 0; i < d->ues_end; i++) {
		const struct du_cell_ue *u = &d->ues[i];
		struct du_pucch_use use = { .ue = i, .csi = true, .sr = has_request(d, u) };
		struct phy_pucch_config at;

		if (!du_report_is_due(u, d->up_slots) || du_pusch_of(d, due, i) || du_acks_of(due, i))
			continue;
		at = cell_own_format2(&d->cell.cell, &u->own, &u->own.report.at, u->c_rnti);
		at.bits = (uint16_t)(use.sr + CELL_CQI_BITS);
		expect_pucch(d, &use, &at);
	}
}

/* On format 1 a positive request takes up to two bits of HARQ-ACK along (38.213 9.2.5.1). */
static void expect_requests(struct du *d, const struct du_due *due)
{
	for (uint16_t i = 0; i < d->ues_end; i++) {
		const struct du_cell_ue *u = &d->ues[i];
		const struct du_due_ack *ack = du_acks_of(due, i);
		struct du_pucch_use use = { .ue = i, .sr = true, .ack = ack != NULL };
		struct phy_pucch_config at = u->own.sr.at;

		if (!has_request(d, u) || du_pusch_of(d, due, i) ||
			(ack && (ack->n > CELL_ACKS_SMALL || goes_along(d, u, ack->n))) ||
			(!ack && du_report_is_due(u, d->up_slots) && u->reports))
			continue;
		at.bits = ack ? ack->n : 0;
		expect_pucch(d, &use, &at);
	}
}

/* On format 2 the request's bit is behind them, and a report behind that. */
static void expect_acks(struct du *d, const struct du_due_ack *a)
{
	const struct du_cell_ue *u = &d->ues[a->ue];
	struct du_pucch_use use = { .ue = a->ue, .ack = true };
	struct phy_pucch_config at = a->config;

	use.csi = goes_along(d, u, a->n);
	if (a->n > CELL_ACKS_SMALL || use.csi) {
		at = cell_own_more(&d->cell.cell, &u->own, 0, u->c_rnti);
		use.sr = has_request(d, u);
	}
	at.bits = (uint16_t)(a->n + use.sr + (use.csi ? CELL_CQI_BITS : 0));
	expect_pucch(d, &use, &at);
}

static void expect_prach(struct du *d)
{
	const struct cell *c = &d->cell.cell;
	struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];
	unsigned n = cell_rach_occasions(c, d->up.sfn, d->up.slot, at);

	for (unsigned i = 0; i < n; i++)
		for (unsigned f = 0; f < c->rach.fdm && d->ul->slot.prach_n < L1_PRACH_MAX; f++)
			d->ul->prach[d->ul->slot.prach_n++] = (struct phy_ul_prach_place){ .occasion = at[i],
				.first_prb = (uint16_t)(c->rach.first_prb + f * c->rach.prbs) };
}

void du_uplink_expect(struct du *d)
{
	const struct du_due *due = &d->due[d->up_slots % DU_RING];

	for (uint8_t i = 0; i < due->pusch_n; i++)
		d->ul->pusch[i] = (struct phy_ul_pusch_rx){ .config = due->pusch[i].config,
			.harq_process = due->pusch[i].process,
			.new_data = due->pusch[i].new_data };
	d->ul->slot.pusch_n = due->pusch_n;
	for (uint8_t i = 0; i < due->pusch_n; i++) {
		const struct du_cell_ue *u = &d->ues[due->pusch[i].ue];

		if (!due->pusch[i].msg3 && du_report_is_due(u, d->up_slots))
			du_report_on_pusch(&d->ul->pusch[i].config, u);
	}
	for (uint8_t i = 0; i < due->ack_n; i++) {
		const struct du_due_ack *a = &due->ack[i];
		struct phy_ul_pusch_rx *p = du_pusch_of(d, due, a->ue);

		if (!p) {
			expect_acks(d, a);
			continue;
		}
		p->config.uci.bits[PHY_PUSCH_ACK] = a->n;
		p->config.uci.beta[PHY_PUSCH_ACK] = cell_own_beta_ack(&d->ues[a->ue].own, 0, a->n);
		p->config.uci.alpha = PHY_ALPHA_1;
	}
	expect_reports(d, due);
	expect_requests(d, due);
	expect_prach(d);
}
