/* RRC connection establishment (38.331 5.3.3) and rejection (5.3.15). */
#include "radio/rrc/s_tmsi.h"
#include "ue/rrc/internal.h"

#define PART1_MASK ((UINT64_C(1) << RRC_S_TMSI_PART1_BITS) - 1)

bool ue_rrc_pending_keep(struct ue_rrc_connection *c, const struct ue_rrc_establishment *e)
{
	struct ue_rrc_pending *p = &c->pending;

	ue_rrc_pending_drop(c);
	p->nas = sdu_of(c->config.pool, e->nas);
	if (!p->nas || e->nssai_count > UE_RRC_NSSAI_MAX)
		return false;
	p->has_s_tmsi = e->s_tmsi != NULL;
	if (e->s_tmsi)
		p->s_tmsi = *e->s_tmsi;
	p->has_registered = e->registered != NULL;
	p->mapped = e->registered_mapped;
	if (e->registered)
		p->registered = *e->registered;
	p->nssai_count = e->nssai_count;
	for (uint8_t i = 0; i < e->nssai_count; i++)
		p->nssai[i] = e->nssai[i];
	return true;
}

/* 5.3.3.7 */
static void t300_expired(void *owner, struct timer *t)
{
	ue_rrc_fail(owner, UE_RRC_FAILURE);
}

/* 5.3.3.3 */
static bool request_send(struct ue_rrc_connection *c, enum rrc_establishment_cause cause)
{
	struct rrc_ul_ccch_message m = { .message.tag = RRC_UL_CCCH_MESSAGE_TYPE_TAG_C1 };
	struct rrc_rrc_setup_request_ies *ies = &m.message.u.c1.u.rrc_setup_request.rrc_setup_request;
	uint64_t random;

	m.message.u.c1.tag = RRC_UL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_SETUP_REQUEST;
	ies->establishment_cause = cause;
	if (c->pending.has_s_tmsi) {
		ies->ue_identity.tag = RRC_INITIAL_UE_IDENTITY_TAG_NG_5_G_S_TMSI_PART1;
		ies->ue_identity.u.ng_5_g_s_tmsi_part1 = rrc_s_tmsi_number(&c->pending.s_tmsi) & PART1_MASK;
	} else {
		env_random(c->config.env, &random, sizeof(random));
		ies->ue_identity.tag = RRC_INITIAL_UE_IDENTITY_TAG_RANDOM_VALUE;
		ies->ue_identity.u.random_value = random & PART1_MASK;
	}
	return ue_rrc_send_ccch(c, &m);
}

enum ue_rrc_answer ue_rrc_establish(struct ue_rrc_connection *c, const struct ue_rrc_establishment *e)
{
	if (c->state != UE_RRC_IDLE || !c->cell.there || e->access_category >= UE_RRC_CATEGORIES)
		return UE_RRC_REFUSED;
	if (!ue_rrc_access_allowed(c, e->access_category, e->access_identities)) {
		c->stats.barred++;
		return UE_RRC_BARRED;
	}
	ue_cell_group_init(&c->group, c->cell.alignment_ms);
	if (!ue_rrc_pending_keep(c, e)) {
		ue_rrc_pending_drop(c);
		return UE_RRC_REFUSED;
	}
	c->state = UE_RRC_CONNECTING;
	ue_rrc_timer_start(c, T300, c->cell.t300_ms, t300_expired);
	if (request_send(c, e->cause))
		return UE_RRC_BEGUN;
	ue_rrc_abort(c);
	return UE_RRC_REFUSED;
}

static void nssai_fill(const struct ue_rrc_pending *p, struct rrc_s_nssai *out)
{
	for (uint8_t i = 0; i < p->nssai_count; i++) {
		if (p->nssai[i].sd == SNSSAI_NO_SD) {
			out[i] = (struct rrc_s_nssai){ .tag = RRC_S_NSSAI_TAG_SST, .u.sst = p->nssai[i].sst };
		} else {
			out[i] = (struct rrc_s_nssai){ .tag = RRC_S_NSSAI_TAG_SST_SD,
				.u.sst_sd = (uint32_t)p->nssai[i].sst << 24 | p->nssai[i].sd };
		}
	}
}

/* 5.3.3.4: the second part only where the first has been sent. */
static void identity_fill(
	const struct ue_rrc_pending *p, struct rrc_rrc_setup_complete_ies_ng_5_g_s_tmsi_value *out)
{
	uint64_t number = rrc_s_tmsi_number(&p->s_tmsi);

	if (p->fell_back) {
		out->tag = RRC_RRC_SETUP_COMPLETE_IES_NG_5_G_S_TMSI_VALUE_TAG_NG_5_G_S_TMSI;
		out->u.ng_5_g_s_tmsi = number;
	} else {
		out->tag = RRC_RRC_SETUP_COMPLETE_IES_NG_5_G_S_TMSI_VALUE_TAG_NG_5_G_S_TMSI_PART2;
		out->u.ng_5_g_s_tmsi_part2 = (uint16_t)(number >> RRC_S_TMSI_PART1_BITS);
	}
}

/* 38.413's digits, as 38.331 has them: one an element. */
static void plmn_fill(
	const struct plmn *in, struct rrc_mcc *mcc, struct rrc_plmn_identity *out, uint8_t digits[6])
{
	bool three = in->mnc[2] != PLMN_NO_DIGIT;

	for (size_t i = 0; i < 3; i++) {
		digits[i] = in->mcc[i];
		digits[3 + i] = in->mnc[i];
	}
	*mcc = (struct rrc_mcc){ 3, digits };
	*out = (struct rrc_plmn_identity){ .mcc = mcc, .mnc = { three ? 3 : 2, digits + 3 } };
}

static bool complete_send(struct ue_rrc_connection *c, uint8_t transaction)
{
	const struct ue_rrc_pending *p = &c->pending;
	struct rrc_ul_dcch_message_type_c1 m = { .tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_SETUP_COMPLETE,
		.u.rrc_setup_complete = { .rrc_transaction_identifier = transaction,
			.critical_extensions.tag =
				RRC_RRC_SETUP_COMPLETE_CRITICAL_EXTENSIONS_TAG_RRC_SETUP_COMPLETE } };
	struct rrc_rrc_setup_complete_ies *ies =
		&m.u.rrc_setup_complete.critical_extensions.u.rrc_setup_complete;
	struct rrc_rrc_setup_complete_ies_ng_5_g_s_tmsi_value identity;
	struct rrc_s_nssai nssai[UE_RRC_NSSAI_MAX];
	struct rrc_rrc_setup_complete_ies_s_nssai_list nssai_list = { p->nssai_count, nssai };
	struct rrc_mcc mcc;
	struct rrc_plmn_identity plmn;
	struct rrc_registered_amf amf = { .plmn_identity = &plmn };
	uint8_t digits[6];

	ies->selected_plmn_identity = c->cell.plmn;
	ies->dedicated_nas_message = sdu_bytes(p->nas);
	if (p->nssai_count) {
		nssai_fill(p, nssai);
		ies->s_nssai_list = &nssai_list;
	}
	if (p->has_s_tmsi) {
		identity_fill(p, &identity);
		ies->ng_5_g_s_tmsi_value = &identity;
	}
	if (p->has_registered) {
		plmn_fill(&p->registered.plmn, &mcc, &plmn, digits);
		amf.amf_identifier = (uint32_t)p->registered.amf_region_id << 16 |
				     (uint32_t)(p->registered.amf_set_id & 0x3ff) << 6 |
				     (p->registered.amf_pointer & 0x3f);
		ies->registered_amf = &amf;
		ies->has_guami_type = true;
		ies->guami_type = p->mapped ? RRC_RRC_SETUP_COMPLETE_IES_GUAMI_TYPE_MAPPED
					    : RRC_RRC_SETUP_COMPLETE_IES_GUAMI_TYPE_NATIVE;
	}
	return ue_rrc_send_on(c, 1, &m);
}

/* 5.3.3.4 in response to RRCReestablishmentRequest: nothing is left of the connection before but its C-RNTI,
 * and the NAS says with what the new one begins. Its channels go when the new cell group is applied. */
static bool fall_back(struct ue_rrc_connection *c)
{
	struct ue_rrc_establishment e = { .access_category = 0 };
	struct ue_cell_group before = c->group;

	ue_rrc_all_released(c);
	c->group = before;
	if (!c->config.upper.fell_back(c->config.upper.arg, &e) || !ue_rrc_pending_keep(c, &e))
		return false;
	c->pending.fell_back = true;
	return true;
}

void ue_rrc_setup_received(struct ue_rrc_connection *c, const struct rrc_rrc_setup *m, struct arena *arena)
{
	const struct rrc_rrc_setup_ies *ies = &m->critical_extensions.u.rrc_setup;

	if (m->critical_extensions.tag != RRC_RRC_SETUP_CRITICAL_EXTENSIONS_TAG_RRC_SETUP) {
		c->stats.not_comprehended++;
		return;
	}
	if (c->state != UE_RRC_CONNECTING && !timer_is_set(&c->timer[T301])) {
		c->stats.out_of_state++;
		return;
	}
	ue_rrc_timer_stop(c, T300);
	ue_rrc_timer_stop(c, T301);
	if (c->state == UE_RRC_REESTABLISHING && !fall_back(c)) {
		ue_rrc_fail(c, UE_RRC_FAILURE);
		return;
	}
	if (!ue_rrc_cell_group_begin(c, ies->master_cell_group, arena) ||
		!ue_rrc_radio_bearers_check(c, &ies->radio_bearer_config, false) ||
		!ue_rrc_radio_bearers_apply(c, &ies->radio_bearer_config) || !c->srb[1].pdcp) {
		c->stats.not_complied++;
		ue_rrc_fail(c, UE_RRC_FAILURE);
		return;
	}
	ue_rrc_timer_stop(c, T302);
	ue_rrc_barring_stop(c, false);
	c->state = UE_RRC_CONNECTED;
	if (!complete_send(c, m->rrc_transaction_identifier)) {
		ue_rrc_fail(c, UE_RRC_FAILURE);
		return;
	}
	ue_rrc_pending_drop(c);
	c->config.upper.connected(c->config.upper.arg);
}

/* 5.3.15.2. Without a wait time only this attempt has failed. */
void ue_rrc_reject_received(struct ue_rrc_connection *c, const struct rrc_rrc_reject *m)
{
	const struct rrc_rrc_reject_ies *ies = &m->critical_extensions.u.rrc_reject;
	struct ue_rrc_ending e = { .cause = UE_RRC_REJECTED };

	if (m->critical_extensions.tag != RRC_RRC_REJECT_CRITICAL_EXTENSIONS_TAG_RRC_REJECT) {
		c->stats.not_comprehended++;
		return;
	}
	if (c->state != UE_RRC_CONNECTING) {
		c->stats.out_of_state++;
		return;
	}
	if (ies->has_wait_time)
		e.wait_s = ies->wait_time;
	ue_rrc_t302_start(c, e.wait_s);
	ue_rrc_idle(c, &e);
}
