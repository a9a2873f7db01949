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
	return out->tb.len > 0;
}

/* A scheduling request that may go now (38.321 5.4.4). */
static bool wants_sr(struct ue_phy *p)
{
	const struct cell_sr *sr = &p->own.sr;
	uint8_t id;

	return sr->there && p->up_slots % sr->period == sr->offset &&
	       ue_mac_wish(p->mac, &id, p->up_ns) == UE_MAC_SCHEDULING_REQUEST && id == sr->id;
}

/* 38.213 9.2.5.1, both of format 1: HARQ-ACK goes on the resource of a positive request. */
static bool take_pucch(struct ue_phy *p, const struct ue_phy_due *due, struct phy_ul_pucch *out)
{
	bool sr = wants_sr(p);

	if (!due->ack_due && !sr)
		return false;
	*out = (struct phy_ul_pucch){ .config = sr ? p->own.sr.at : due->pucch, .sr = sr && !due->ack_due };
	if (due->ack_due) {
		out->config.bits = 1;
		out->uci = (const uint8_t *)&due->ack;
	}
	if (sr)
		ue_mac_sr_sent(p->mac, p->own.sr.id, p->up_ns);
	return true;
}

void ue_phy_send(struct ue_phy *p, const struct slot_time *t, uint64_t now_ns)
{
	struct ue_phy_due *due = &p->due[ue_phy_count(p, t) % UE_PHY_RING];
	struct phy_ul_slot slot = { .time = *t };
	struct phy_ul_pusch pusch;
	struct phy_ul_pucch pucch;
	struct phy_ul_prach prach;

	p->up = *t;
	p->up_ns = now_ns;
	p->up_slots = ue_phy_count(p, t);
	ue_mac_run(p->mac, 0, now_ns);
	ue_phy_access_wished(p);
	if (ue_phy_preamble(p, &prach)) {
		slot.prach = &prach;
	} else if (take_pusch(p, due, &pusch)) {
		if (due->ack_due) {
			pusch.config.uci.bits[PHY_PUSCH_ACK] = 1;
			pusch.config.uci.beta[PHY_PUSCH_ACK] = p->own.beta_ack;
			pusch.config.uci.alpha = PHY_ALPHA_1;
			pusch.uci[PHY_PUSCH_ACK] = (const uint8_t *)&due->ack;
		}
		slot.pusch = &pusch;
		slot.pusch_n = 1;
	} else if (take_pucch(p, due, &pucch)) {
		slot.pucch = &pucch;
		slot.pucch_n = 1;
	}
	if (!p->l1.send(p->l1.self, &slot))
		p->stat[UE_PHY_STAT_SLOTS_REFUSED]++;
	*due = (struct ue_phy_due){ .pusch = false };
}
