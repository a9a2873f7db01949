/* What a UE sends in a slot: a PUSCH that was granted, or PUCCH, or a preamble (38.213 9). */
#include "ue/phy/parts.h"

/* The block of a new transmission, made as late as it can be. */
static bool build(struct ue_phy *p, struct ue_phy_due *due)
{
	struct ue_mac_grant grant = {
		.octets = cell_pusch_octets(&due->config), .dynamic = !due->msg3, .phr = { .ph = 63 }
	};
	uint8_t *room = ue_harq_room(&p->harq, due->process);
	bool built;

	if (due->msg3 && p->ra.has_c_rnti)
		grant.c_rnti = &p->c_rnti;
	else if (due->msg3)
		grant.ccch = bytes_of(p->ccch, p->ccch_octets);
	built = ue_mac_build(p->mac, &grant, room, p->up_ns);
	ue_harq_stored(&p->harq, due->process, grant.octets, built);
	return built;
}

static bool take_pusch(struct ue_phy *p, struct ue_phy_due *due, struct phy_ul_pusch *out)
{
	if (!due->pusch || (due->new_data && !build(p, due)))
		return false;
	p->stat[due->new_data ? UE_PHY_STAT_UL_BLOCKS : UE_PHY_STAT_UL_REPEATED]++;
	*out = (struct phy_ul_pusch){ .config = due->config, .tb = ue_harq_pdu(&p->harq, due->process) };
	if (due->msg3)
		ue_ra_msg3_sent(&p->ra, ue_phy_up_end_ns(p));
	else if (due->new_data && p->ra.has_c_rnti && p->ra.state <= UE_RA_RESPONSE)
		ue_ra_stop(&p->ra); /* 38.321 5.4.4: it was for a grant, and here is one */
	return out->tb.len > 0;
}

/* A scheduling request that may go now (38.321 5.4.4). */
static bool has_sr_occasion(const struct ue_phy *p)
{
	return p->own.sr.there && p->up_slots % p->own.sr.period == p->own.sr.offset;
}

static bool wants_sr(struct ue_phy *p)
{
	const struct cell_sr *sr = &p->own.sr;
	uint8_t id;

	return ue_mac_wish(p->mac, &id, p->up_ns) == UE_MAC_SCHEDULING_REQUEST && id == sr->id;
}

/* 38.213 9.2.1, 9.2.5.1: on format 1 up to two bits, which a positive request takes to its own resource; on
 * format 2 more, with the request's bit behind them where it has an occasion. */
static bool take_pucch(struct ue_phy *p, struct ue_phy_due *due, struct phy_ul_pucch *out)
{
	struct ue_acks *a = &due->acks;
	bool occasion = !due->common && has_sr_occasion(p), sr = occasion && wants_sr(p);
	struct phy_pucch plan;

	if ((a->n == 0 && !sr) || (a->n > CELL_ACKS_SMALL && due->pucch_resource >= p->own.more_n))
		return false;
	if (a->n > CELL_ACKS_SMALL) {
		*out = (struct phy_ul_pucch){ .config = cell_own_more(
						      p->cell, &p->own, due->pucch_resource, p->c_rnti) };
		if (occasion && a->n < UE_ACKS_MAX)
			a->bits[a->n++] = sr;
	} else {
		*out = (struct phy_ul_pucch){ .config = sr ? p->own.sr.at : due->pucch,
			.sr = sr && a->n == 0 };
	}
	out->config.bits = a->n;
	out->uci = a->bits;
	if (phy_pucch_init(&plan, &out->config) != PHY_PUCCH_OK)
		return false; /* a resource that does not hold so many */
	if (sr)
		ue_mac_sr_sent(p->mac, p->own.sr.id, p->up_ns);
	return true;
}

/* One of them. Short PUCCHs in the uplink of a slot of both are nobody's here. */
struct parts {
	struct phy_ul_pusch pusch;
	struct phy_ul_pucch pucch;
	struct phy_ul_prach prach;
};

/* HARQ-ACK on PUSCH (38.213 9.3). */
static void take_acks_along(const struct ue_phy *p, const struct ue_phy_due *due, struct phy_ul_pusch *out)
{
	out->config.uci.bits[PHY_PUSCH_ACK] = due->acks.n;
	out->config.uci.beta[PHY_PUSCH_ACK] = cell_own_beta_ack(&p->own, due->beta, due->acks.n);
	out->config.uci.alpha = p->own.pusch.alpha;
	out->uci[PHY_PUSCH_ACK] = due->acks.bits;
}

static void fill(struct ue_phy *p, struct ue_phy_due *due, struct parts *parts, struct phy_ul_slot *slot)
{
	if (!cell_slot_is_uplink(p->cell, p->up.sfn, p->up.slot))
		return;
	if (!due->pusch && ue_phy_preamble(p, &parts->prach)) {
		slot->prach = &parts->prach;
	} else if (take_pusch(p, due, &parts->pusch)) {
		if (due->dai > 0)
			may_fail(ue_acks_fill(&due->acks, due->dai));
		if (due->acks.n > 0)
			take_acks_along(p, due, &parts->pusch);
		slot->pusch = &parts->pusch;
		slot->pusch_n = 1;
	} else if (take_pucch(p, due, &parts->pucch)) {
		slot->pucch = &parts->pucch;
		slot->pucch_n = 1;
	}
}

void ue_phy_send(struct ue_phy *p, const struct slot_time *t, uint64_t now_ns)
{
	struct ue_phy_due *due = &p->due[ue_phy_count(p, t) % UE_PHY_RING];
	struct phy_ul_slot slot = { .time = *t };
	struct parts parts;

	p->up = *t;
	p->up_ns = now_ns;
	p->up_slots = ue_phy_count(p, t);
	ue_mac_run(p->mac, 0, now_ns);
	ue_phy_access_wished(p);
	fill(p, due, &parts, &slot);
	if (!p->l1.send(p->l1.self, &slot))
		p->stat[UE_PHY_STAT_SLOTS_REFUSED]++;
	*due = (struct ue_phy_due){ .pusch = false };
}
