/* Random access between the MAC's state machine (ue/mac/random_access.h) and the slots: 38.213 8. */
#include "ue/phy/parts.h"

enum { MSG3_HEADERS = 2, C_RNTI_OCTETS = 3, ORDER_DELAY_NS = 500000 /* Delta_Delay of 38.213 8.1, FR1 */ };

struct ue_ra_config ue_phy_access_config(const struct cell *c)
{
	const struct cell_rach *r = &c->access;
	enum phy_prach_format f = c->rach.plan[0].config.format;

	return (struct ue_ra_config){ .received_target_power_dbm = r->received_target_power_dbm,
		.delta_preamble_db = f <= PHY_PRACH_3 ? (int8_t)ue_ra_delta_long_db(f) : 0,
		.ramping_step_db = r->ramping_step_db,
		.trans_max = r->trans_max,
		.response_window_ns = r->response_window_slots * (uint32_t)slot_ns(c->mu),
		.contention_ms = r->contention_ms,
		.group_a = r->preambles };
}

/* 38.321 5.15.1, 5.1.1: where, and then how. The Msg3 buffer is empty then. */
static void begin(struct ue_phy *p, const struct ue_ra_start *s, uint64_t now_ns)
{
	ue_phy_part_for_access(p);
	p->ra.config = ue_phy_access_config(p->cell);
	ue_harq_flush(&p->harq, 0);
	ue_ra_begin(&p->ra, s, now_ns);
}

bool ue_phy_access(struct ue_phy *p, struct bytes ccch, uint64_t now_ns)
{
	struct ue_ra_start s = { .msg3_octets = (uint16_t)(ccch.len + MSG3_HEADERS) };

	if (ccch.len < sizeof(s.identity) || !bytes_copy(p->ccch, sizeof(p->ccch), ccch))
		return false;
	p->ccch_octets = (uint8_t)ccch.len;
	(void)bytes_copy(s.identity, sizeof(s.identity), bytes_of(p->ccch, sizeof(s.identity)));
	s.random = p->upper.random(p->upper.arg);
	s.path_loss_db = (int16_t)p->power.path_loss_db;
	begin(p, &s, now_ns);
	return true;
}

/* 38.321 5.4.4: it has asked for uplink too often, or cannot ask on PUCCH. */
void ue_phy_access_wished(struct ue_phy *p)
{
	struct ue_ra_start s = { .for_grant = true, .has_c_rnti = true, .msg3_octets = C_RNTI_OCTETS };
	enum ue_mac_wish wish;
	uint8_t sr;

	if (p->ra.state != UE_RA_IDLE && p->ra.state != UE_RA_DONE)
		return;
	if (p->c_rnti == 0)
		return;
	wish = ue_mac_wish(p->mac, &sr, p->up_ns);
	/* The active bandwidth part may have no PUCCH for what another has. */
	if (wish == UE_MAC_SCHEDULING_REQUEST && !(p->own.sr.there && p->own.sr.id == sr))
		wish = UE_MAC_RANDOM_ACCESS;
	if (wish != UE_MAC_RANDOM_ACCESS)
		return;
	s.random = p->upper.random(p->upper.arg);
	s.path_loss_db = (int16_t)p->power.path_loss_db;
	ue_mac_random_access_begun(p->mac);
	begin(p, &s, p->up_ns);
}

/*
 * 38.213 8.1, 38.321 5.1.2: with a preamble of its own, or, where that is 0, by contention. Occasions are all
 * of the one SS/PBCH block's, each for itself, so a mask names all of them or none (38.321 7.4).
 */
bool ue_phy_ordered(struct ue_phy *p, const struct phy_dci *dci)
{
	static const uint8_t n2_symbols[] = { 10, 12, 23, 36 }; /* 38.214 Table 6.4-1 */
	const uint32_t *f = dci->field;
	struct ue_ra_start s = { .contention_free = f[PHY_DCI_PREAMBLE] > 0,
		.preamble = (uint8_t)f[PHY_DCI_PREAMBLE],
		.has_c_rnti = f[PHY_DCI_PREAMBLE] == 0,
		.msg3_octets = C_RNTI_OCTETS };
	uint64_t symbol_ns = slot_ns(p->cell->mu) / 14;

	if (s.contention_free && (f[PHY_DCI_SSB] != p->cell->ssb_index || f[PHY_DCI_PRACH_MASK] > 1))
		return false;
	s.random = p->upper.random(p->upper.arg);
	s.path_loss_db = (int16_t)p->power.path_loss_db;
	begin(p, &s, ue_phy_end_ns(p, 0) + n2_symbols[p->cell->mu & 3] * symbol_ns + ORDER_DELAY_NS);
	p->stat[UE_PHY_STAT_ORDERS]++;
	return true;
}

bool ue_phy_preamble(struct ue_phy *p, struct phy_ul_prach *out)
{
	const struct phy_rach *r = &p->cell->rach;
	struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];
	unsigned n, which;

	if (p->ra.state != UE_RA_PREAMBLE || p->up_ns < p->ra.not_before_ns)
		return false;
	n = cell_rach_occasions(p->cell, p->up.sfn, p->up.slot, at);
	if (n == 0)
		return false;
	which = p->upper.random(p->upper.arg) % (n * r->fdm);
	*out = (struct phy_ul_prach){ .place = { at[which / r->fdm],
					      (uint16_t)(r->first_prb + which % r->fdm * r->prbs) },
		.preamble = p->ra.preamble,
		.amplitude = ue_power_preamble_amplitude(
			&p->power, ue_ra_power_dbm(&p->ra), &r->plan[0], p->cell->mu) };
	p->ra_rnti =
		(uint16_t)phy_rach_rnti(r, p->up.slot >> p->cell->mu, &at[which / r->fdm], which % r->fdm);
	ue_ra_preamble_sent(&p->ra, ue_phy_up_end_ns(p));
	return true;
}

/* T_A of a response: N_TA = T_A 16 64 / 2^mu in T_c (38.213 4.2). */
static void advance(struct ue_phy *p, uint32_t tc)
{
	p->advance_tc = tc;
	p->upper.timing_advance(p->upper.arg, tc);
}

void ue_phy_response(struct ue_phy *p, struct bytes pdu)
{
	struct cell_pusch_grant g;

	if (p->ra.state != UE_RA_RESPONSE || !ue_ra_response(&p->ra, pdu))
		return;
	ue_harq_temporary_ends(&p->harq);
	ue_power_response(&p->power, (uint8_t)((p->ra.ramping_counter - 1) * p->ra.config.ramping_step_db),
		p->ra.rar.grant.tpc);
	if (ue_downlink_response(&p->downlink, p->ra.contention_free, p->now_ns))
		advance(p, p->ra.rar.timing_advance * (1024u >> p->cell->mu));
	if (cell_msg3_grant(&g, p->cell, p->ra.temporary_c_rnti, &p->ra.rar.grant))
		ue_phy_granted(p, &g, UE_HARQ_RAR);
	else
		p->stat[UE_PHY_STAT_DCIS_REFUSED]++;
}

bool ue_phy_contention(struct ue_phy *p, struct bytes pdu)
{
	struct bytes identity = BYTES_NONE;

	ue_downlink_receive(&p->downlink, pdu, true, &identity, p->now_ns);
	if (p->ra.state != UE_RA_CONTENTION ||
		!ue_ra_identity_heard(&p->ra, identity, p->upper.random(p->upper.arg), p->now_ns)) {
		ue_downlink_contention(&p->downlink, false);
		return false;
	}
	p->c_rnti = p->ra.temporary_c_rnti;
	ue_downlink_contention(&p->downlink, true);
	return true;
}

void ue_phy_access_run(struct ue_phy *p)
{
	bool had = p->ra.problem;

	ue_ra_run(&p->ra, p->upper.random(p->upper.arg), p->now_ns);
	/* A preamble goes without timing advance (38.211 4.3.1), unless there is one that is kept. */
	if (p->ra.state == UE_RA_PREAMBLE && p->advance_tc > 0 &&
		!ue_downlink_is_aligned(&p->downlink, p->now_ns))
		advance(p, 0);
	if (p->ra.problem && !had)
		p->upper.random_access_problem(p->upper.arg);
}
