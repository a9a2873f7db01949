/* PDSCHs that DCIs have assigned, and their HARQ-ACK (38.213 9.2). */
#include "ue/phy/parts.h"

/* 38.213 9.2.1, 9.2.3: resources of its own if it has any. */
static bool ack_resource(
	const struct ue_phy *p, const struct ue_phy_assignment *a, struct phy_pucch_config *out)
{
	if (p->own.ack_n == 0)
		return cell_pucch_common(out, p->cell, a->grant.pucch_resource, a->at.cce, a->n_cce);
	if (a->grant.pucch_resource >= p->own.ack_n)
		return false;
	*out = p->own.ack[a->grant.pucch_resource];
	return true;
}

/* Before a UE has resources of its own it has no codebook (38.213 9.1). */
static bool is_type1(const struct ue_phy *p)
{
	return p->own.semi_static && p->own.ack_n > 0;
}

/* A Temporary C-RNTI's DCI counts nothing (38.212 7.3.1.2.1). */
static void acknowledge(struct ue_phy *p, const struct ue_phy_assignment *a, bool ack)
{
	struct ue_phy_due *due = ue_phy_due_in(p, a->grant.k1);
	unsigned dai = a->kind == PHY_DCI_1_0_TC ? 1 : a->grant.dai + 1u;

	if (a->grant.k1 == 0 || !ack_resource(p, a, &due->pucch) ||
		(!is_type1(p) && !ue_acks_add(&due->acks, dai, ack))) {
		p->stat[UE_PHY_STAT_DCIS_REFUSED]++;
		return;
	}
	if (is_type1(p))
		ue_type1_add(&due->type1, a->grant.k1, ack, a->kind == PHY_DCI_1_0_C && dai == 1,
			due->pusch && due->granted < p->slots);
	due->pucch_resource = a->grant.pucch_resource;
	if (a->kind >= PHY_DCI_1_0_C)
		mac_drx_answered(&p->drx, a->grant.harq_process, ack, ue_phy_end_ns(p, a->grant.k1));
	due->common = p->own.ack_n == 0;
}

static void take_block(struct ue_phy *p, const struct ue_phy_assignment *a, const struct phy_dl_pdsch_rx *rx)
{
	struct bytes none;
	bool ok = rx->result.sch[0].ok;

	p->stat[ok ? UE_PHY_STAT_DL_BLOCKS : UE_PHY_STAT_DL_ERRORS]++;
	if (a->kind == PHY_DCI_1_0_RA) {
		if (ok)
			ue_phy_response(p, rx->tb[0]);
		return;
	}
	if (a->kind == PHY_DCI_1_0_SI) {
		if (ok)
			p->upper.bcch(p->upper.arg, rx->tb[0]);
		return;
	}
	if (a->kind == PHY_DCI_1_0_P) {
		if (ok)
			p->upper.pcch(p->upper.arg, rx->tb[0]);
		return;
	}
	if (a->kind == PHY_DCI_1_0_TC) { /* answered only if it ends the contention, 38.321 5.3.2.2 */
		if (ok && ue_harq_decoded(&p->harq, a->grant.harq_process) &&
			ue_phy_contention(p, rx->tb[0])) {
			acknowledge(p, a, true);
			ue_downlink_receive(&p->downlink, rx->tb[0], false, &none, p->now_ns);
		}
		return;
	}
	acknowledge(p, a, ok);
	p->answered_in = a->grant.k1;
	if (ok && ue_harq_decoded(&p->harq, a->grant.harq_process))
		ue_downlink_receive(&p->downlink, rx->tb[0], false, &none, p->now_ns);
}

static enum ue_harq_downlink assigned(struct ue_phy *p, struct ue_phy_assignment *a)
{
	struct phy_pdsch_config *c = &a->grant.config;
	uint16_t rate = ue_phy_rate(c->mcs_table, c->codeword[0].mcs);
	struct ue_harq_size size = { cell_pdsch_octets(c), rate };
	enum ue_harq_downlink what;

	if (a->kind < PHY_DCI_1_0_TC) /* without HARQ */
		return size.octets > 0 ? UE_HARQ_DECODE : UE_HARQ_UNKNOWN;
	what = ue_harq_assignment(&p->harq, a->grant.harq_process,
		a->kind == PHY_DCI_1_0_TC ? UE_HARQ_TEMPORARY_C_RNTI : UE_HARQ_C_RNTI, a->grant.ndi, &size);
	if (rate == 0) {
		c->codeword[0].kept_tbs = (uint32_t)(8 * size.octets);
		c->codeword[0].kept_rate_x2048 = size.rate_x2048;
	}
	return what;
}

/* Which of them are to be decoded; a block that is there already is acknowledged once more, and one of no
 * size that is known is not. */
static unsigned expect(struct ue_phy *p)
{
	size_t reserved = cell_own_reserved(&p->own, p->cell, p->now.sfn, p->now.slot, p->reserved);
	unsigned n = 0;

	for (unsigned i = 0; i < p->assignments; i++) {
		struct ue_phy_assignment a = p->assignment[i];
		enum ue_harq_downlink what = assigned(p, &a);

		if (a.kind >= PHY_DCI_1_0_C && (what == UE_HARQ_DECODE || what == UE_HARQ_UNKNOWN))
			mac_drx_new(&p->drx, p->now_ns);
		if (what == UE_HARQ_HAVE_IT || what == UE_HARQ_UNKNOWN) {
			p->stat[what == UE_HARQ_HAVE_IT ? UE_PHY_STAT_DL_REPEATED
							: UE_PHY_STAT_DCIS_REFUSED]++;
			if (what == UE_HARQ_HAVE_IT || a.kind >= PHY_DCI_1_0_C)
				acknowledge(p, &a, what == UE_HARQ_HAVE_IT);
			continue;
		}
		p->assignment[n] = a;
		p->pdsch[n] = (struct phy_dl_pdsch_rx){ .config = a.grant.config,
			.harq_process = a.kind < PHY_DCI_1_0_TC ? UE_HARQ_PROCESSES : a.grant.harq_process,
			.new_data = { what == UE_HARQ_DECODE, false } };
		if (a.kind >= PHY_DCI_1_0_C) {
			p->pdsch[n].config.reserved = p->reserved;
			p->pdsch[n].config.reserved_n = reserved;
		}
		n++;
	}
	return n;
}

void ue_phy_take_assignments(struct ue_phy *p)
{
	struct phy_dl_slot_rx slot = { .time = p->now,
		.symbols = cell_slot_format(p->cell, p->now.sfn, p->now.slot).downlink,
		.pdsch = p->pdsch };

	slot.pdsch_n = expect(p);
	ue_phy_csi_announced(p, &slot);
	if (slot.pdsch_n + slot.csi_rs_n == 0)
		return;
	if (!p->l1.receive(p->l1.self, &slot, true)) {
		p->stat[UE_PHY_STAT_SLOTS_REFUSED]++;
		return;
	}
	ue_phy_csi_take(p);
	for (size_t i = 0; i < slot.pdsch_n; i++)
		take_block(p, &p->assignment[i], &p->pdsch[i]);
}
