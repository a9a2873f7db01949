/* What a UE sends in a slot: a PUSCH that was granted, or PUCCH, or a preamble (38.213 9), and SRS. */
#include "ue/phy/parts.h"

static float pusch_dbm(const struct ue_phy *p, const struct ue_phy_due *due,
	const struct phy_pusch_config *config, size_t octets)
{
	return ue_power_pusch_dbm(
		&p->power, p->cell, p->own.there ? &p->own : NULL, config, octets, due->msg3);
}

/* The block of a new transmission, made as late as it can be. */
static bool build(struct ue_phy *p, struct ue_phy_due *due)
{
	float dbm = pusch_dbm(p, due, &due->config, cell_pusch_octets(&due->config));
	struct ue_mac_grant grant = { .octets = cell_pusch_octets(&due->config),
		.dynamic = !due->msg3,
		.phr = ue_power_headroom(dbm) };
	uint8_t *room = ue_harq_room(&p->harq, due->process);
	bool built;

	if (due->msg3 && p->ra.has_c_rnti)
		grant.c_rnti = &p->c_rnti;
	else if (due->msg3 && !p->ra.contention_free)
		grant.ccch = bytes_of(p->ccch, p->ccch_octets);
	built = ue_mac_build(p->mac, &grant, room, p->up_ns);
	ue_harq_stored(&p->harq, due->process, grant.octets, built);
	return built;
}

static bool take_pusch(struct ue_phy *p, struct ue_phy_due *due, struct phy_ul_pusch *out)
{
	if (due->no_data) {
		*out = (struct phy_ul_pusch){ .config = due->config };
		out->config.uci.no_data = true;
		return due->csi_n > 0;
	}
	if (!due->pusch || (due->new_data && !build(p, due)))
		return false;
	p->stat[due->new_data ? UE_PHY_STAT_UL_BLOCKS : UE_PHY_STAT_UL_REPEATED]++;
	*out = (struct phy_ul_pusch){ .config = due->config, .tb = ue_harq_pdu(&p->harq, due->process) };
	if (due->msg3)
		ue_ra_msg3_sent(&p->ra, ue_phy_up_end_ns(p));
	else if (due->new_data && p->ra.for_grant && p->ra.state <= UE_RA_RESPONSE)
		ue_ra_stop(&p->ra); /* 38.321 5.4.4: it was for a grant, and here is one */
	return out->tb.len > 0;
}

/* One of them. Short PUCCHs in the uplink of a slot of both are nobody's here. */
struct parts {
	struct phy_ul_pusch pusch;
	struct phy_ul_pucch pucch;
	struct phy_ul_prach prach;
	struct phy_srs_config srs;
};

/* Slots since bandwidth parts changed. */
static unsigned since_of(const struct ue_phy *p)
{
	uint64_t slots = (p->up_ns - p->part_since_ns) / slot_ns(p->cell->mu);

	return p->up_ns < p->part_since_ns ? 0 : slots > UE_PHY_RING ? UE_PHY_RING : (unsigned)slots;
}

/* The codebook of what is answered in this slot (38.213 9.1). */
static void take_acks(struct ue_phy *p, struct ue_phy_due *due, bool on_pusch)
{
	bool bundled = on_pusch ? p->own.bundled_on_pusch : p->own.bundled_on_pucch;
	struct ue_type1_slot in = { p->up, since_of(p), on_pusch };

	if (p->own.semi_static && !due->common) {
		if (on_pusch ? ue_type1_goes_on_pusch(&due->type1, due->dai) : due->type1.n > 0)
			ue_type1_codebook(&due->acks, &due->type1, p->cell, &p->own, &in);
		due->silent = ue_type1_silent(&due->type1, &due->acks);
		return;
	}
	if (on_pusch && due->dai > 0)
		may_fail(ue_acks_fill(&due->acks, due->dai));
	if (p->own.pdsch.two_codewords && !bundled)
		may_fail(ue_acks_of_two(&due->acks));
}

/* HARQ-ACK and a report on PUSCH (38.213 9.3). */
static void take_uci_along(struct ue_phy *p, const struct ue_phy_due *due, struct phy_ul_pusch *out)
{
	struct phy_pusch_uci_config *u = &out->config.uci;
	const struct phy_pucch_config *at;
	const struct ue_phy_csi *csi;

	u->alpha = p->own.pusch.alpha;
	if (due->acks.n > 0) {
		u->bits[PHY_PUSCH_ACK] = due->acks.n;
		u->beta[PHY_PUSCH_ACK] = cell_own_beta_ack(&p->own, due->beta, due->acks.n);
		out->uci[PHY_PUSCH_ACK] = due->acks.bits;
	}
	csi = ue_phy_csi_on_pucch(p, &at);
	if (due->csi_n > 0) { /* 38.213 9.2.5: then no other */
		u->bits[PHY_PUSCH_CSI_1] = (uint16_t)ue_phy_csi_join(p, due);
		out->uci[PHY_PUSCH_CSI_1] = p->csi_bits;
	} else if (!due->msg3 && csi) {
		u->bits[PHY_PUSCH_CSI_1] = csi->n;
		out->uci[PHY_PUSCH_CSI_1] = csi->bits;
	}
	if (u->bits[PHY_PUSCH_CSI_1] == 0)
		return;
	u->beta[PHY_PUSCH_CSI_1] = cell_own_beta_csi(&p->own, due->beta, u->bits[PHY_PUSCH_CSI_1]);
	p->stat[UE_PHY_STAT_REPORTS]++;
}

static bool answer(struct ue_phy *p, struct ue_phy_due *due, struct phy_ul_pucch *out)
{
	take_acks(p, due, false);
	return ue_phy_pucch(p, due, out);
}

/* Of a Type-1 codebook of up to 11 bits only what was received needs power (9.1.2.1). */
static float pucch_dbm(
	const struct ue_phy *p, const struct ue_phy_due *due, const struct phy_pucch_config *at)
{
	struct phy_pucch_config counted = *at;

	if (at->format == 2 && at->bits <= 11)
		counted.bits = (uint8_t)(at->bits - due->silent);
	return ue_power_pucch_dbm(&p->power, p->cell, p->own.there ? &p->own : NULL, &counted);
}

/* Symbols that are not for SRS (38.214 6.2.1): up to the end of a PUSCH, and those of a PUCCH. */
static uint16_t taken_of(const struct phy_ul_slot *slot)
{
	unsigned first = 0, n = 0;

	if (slot->pusch_n > 0) {
		n = slot->pusch->config.time.s + slot->pusch->config.time.l;
	} else if (slot->pucch_n > 0) {
		first = slot->pucch->config.first_symbol;
		n = slot->pucch->config.symbols;
	}
	return (uint16_t)(((1u << n) - 1) << first);
}

static void sound(struct ue_phy *p, struct parts *parts, struct phy_ul_slot *slot)
{
	if (!ue_phy_sound(p, taken_of(slot), &parts->srs, &slot->srs_gain))
		return;
	p->stat[UE_PHY_STAT_SOUNDINGS]++;
	slot->symbols = cell_slot_format(p->cell, p->up.sfn, p->up.slot).uplink;
	slot->srs = &parts->srs;
	slot->srs_n = 1;
}

static void fill(struct ue_phy *p, struct ue_phy_due *due, struct parts *parts, struct phy_ul_slot *slot)
{
	bool aligned = ue_downlink_is_aligned(&p->downlink, p->up_ns);
	float dbm;

	if (!cell_slot_is_uplink(p->cell, p->up.sfn, p->up.slot)) {
		if (aligned)
			sound(p, parts, slot);
		return;
	}
	if ((!due->pusch || !aligned) && ue_phy_preamble(p, &parts->prach)) {
		slot->prach = &parts->prach;
	} else if (!aligned) { /* 38.321 5.2: nothing but preambles */
		return;
	} else if (take_pusch(p, due, &parts->pusch)) {
		take_acks(p, due, true);
		take_uci_along(p, due, &parts->pusch);
		dbm = pusch_dbm(p, due, &parts->pusch.config, parts->pusch.tb.len);
		p->pusch_at_most = dbm >= UE_POWER_CMAX_DBM;
		slot->gain = ue_power_amplitude(dbm, due->config.prbs.n);
		slot->pusch = &parts->pusch;
		slot->pusch_n = 1;
	} else if (answer(p, due, &parts->pucch)) {
		dbm = pucch_dbm(p, due, &parts->pucch.config);
		p->pucch_at_most = dbm >= UE_POWER_CMAX_DBM;
		slot->gain = ue_power_amplitude(dbm, parts->pucch.config.prbs);
		slot->pucch = &parts->pucch;
		slot->pucch_n = 1;
	}
	if (aligned && !slot->prach)
		sound(p, parts, slot);
}

void ue_phy_send(struct ue_phy *p, const struct slot_time *t, uint64_t now_ns)
{
	struct ue_phy_due *due = &p->due[ue_phy_count(p, t) % UE_PHY_RING];
	struct phy_ul_slot slot = { .time = *t };
	struct parts parts;

	p->up = *t;
	p->up_ns = now_ns;
	p->up_slots = ue_phy_count(p, t);
	ue_phy_alignment_run(p);
	ue_mac_run(p->mac, (int)p->power.path_loss_db, now_ns);
	ue_phy_access_wished(p);
	ue_phy_sp_run(p, due);
	fill(p, due, &parts, &slot);
	if (!p->l1.send(p->l1.self, &slot))
		p->stat[UE_PHY_STAT_SLOTS_REFUSED]++;
	*due = (struct ue_phy_due){ .pusch = false };
}
