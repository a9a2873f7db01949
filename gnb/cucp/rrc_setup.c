/* RRC connection establishment at the gNB (38.331 5.3.3, 5.3.15). */
#include "gnb/cucp/internal.h"
#include "radio/rrc/s_tmsi.h"

static void reject(struct cucp_ue *ue, uint8_t wait_s)
{
	struct rrc_dl_ccch_message m = { .message.tag = RRC_DL_CCCH_MESSAGE_TYPE_TAG_C1 };
	struct rrc_rrc_reject *r = &m.message.u.c1.u.rrc_reject;
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE);

	m.message.u.c1.tag = RRC_DL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_REJECT;
	r->critical_extensions.tag = RRC_RRC_REJECT_CRITICAL_EXTENSIONS_TAG_RRC_REJECT;
	r->critical_extensions.u.rrc_reject.has_wait_time = wait_s > 0;
	r->critical_extensions.u.rrc_reject.wait_time = wait_s;
	ue->c->stats.rejected++;
	may_fail(cucp_ccch_send(ue, &m));
	cucp_lose(ue, &cause);
}

void cucp_setup_send(struct cucp_ue *ue, struct bytes cell_group)
{
	struct rrc_srb_to_add_mod srb1 = { .srb_identity = 1 };
	struct rrc_srb_to_add_mod_list srbs = { 1, &srb1 };
	struct rrc_dl_ccch_message m = { .message.tag = RRC_DL_CCCH_MESSAGE_TYPE_TAG_C1 };
	struct rrc_rrc_setup *s = &m.message.u.c1.u.rrc_setup;

	m.message.u.c1.tag = RRC_DL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_SETUP;
	s->rrc_transaction_identifier = ue->transaction;
	s->critical_extensions.tag = RRC_RRC_SETUP_CRITICAL_EXTENSIONS_TAG_RRC_SETUP;
	s->critical_extensions.u.rrc_setup.radio_bearer_config.srb_to_add_mod_list = &srbs;
	s->critical_extensions.u.rrc_setup.master_cell_group = cell_group;
	if (rrc_srb_begin(&ue->srb[1], 1, &ue->home) && cucp_ccch_send(ue, &m))
		cucp_guard(ue, CUCP_SETUP, CUCP_RRC_MS);
	else
		reject(ue, 0);
}

/* 38.473 8.4.1.2: without a cell group the DU cannot serve it. */
void cucp_setup_request(struct cucp_ue *ue, const struct rrc_rrc_setup_request *m, struct bytes cell_group)
{
	const struct rrc_rrc_setup_request_ies *ies = &m->rrc_setup_request;
	const struct cucp_upper *upper = &ue->c->config.upper;
	uint8_t wait_s = 0;

	ue->cause = ies->establishment_cause;
	ue->has_part1 = ies->ue_identity.tag == RRC_INITIAL_UE_IDENTITY_TAG_NG_5_G_S_TMSI_PART1;
	if (ue->has_part1)
		ue->part1 = ies->ue_identity.u.ng_5_g_s_tmsi_part1;
	if (cell_group.len == 0 || !upper->setup_requested(upper->arg, cucp_cell_at(ue), ue->cause, &wait_s))
		reject(ue, wait_s);
	else
		cucp_setup_send(ue, cell_group);
}

/* The second part stands behind the first; without a first it is nobody's. */
static bool identity_read(const struct cucp_ue *ue,
	const struct rrc_rrc_setup_complete_ies_ng_5_g_s_tmsi_value *in, struct s_tmsi *out)
{
	if (!in)
		return false;
	if (in->tag == RRC_RRC_SETUP_COMPLETE_IES_NG_5_G_S_TMSI_VALUE_TAG_NG_5_G_S_TMSI)
		*out = rrc_s_tmsi_of(in->u.ng_5_g_s_tmsi);
	else if (ue->has_part1)
		*out = rrc_s_tmsi_of(
			(uint64_t)in->u.ng_5_g_s_tmsi_part2 << RRC_S_TMSI_PART1_BITS | ue->part1);
	else
		return false;
	return true;
}

void cucp_setup_complete(struct cucp_ue *ue, const struct rrc_rrc_setup_complete *m)
{
	const struct rrc_rrc_setup_complete_ies *ies = &m->critical_extensions.u.rrc_setup_complete;
	const struct cucp_cell *cell = cucp_cell_at(ue);
	struct cucp_connection c = { .cell = cell, .cause = ue->cause };
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	const struct cucp_upper *upper = &ue->c->config.upper;

	if (ue->procedure != CUCP_SETUP || m->rrc_transaction_identifier != ue->transaction ||
		m->critical_extensions.tag !=
			RRC_RRC_SETUP_COMPLETE_CRITICAL_EXTENSIONS_TAG_RRC_SETUP_COMPLETE ||
		ies->selected_plmn_identity > cell->plmn_count) {
		ue->c->stats.not_comprehended++;
		return;
	}
	c.plmn = cell->plmns[ies->selected_plmn_identity - 1];
	c.has_s_tmsi = identity_read(ue, ies->ng_5_g_s_tmsi_value, &c.s_tmsi);
	c.registered = ies->registered_amf;
	c.nas = ies->dedicated_nas_message;
	cucp_done(ue);
	ue->known = true;
	if (upper->connection_requested(upper->arg, ue, &c, &ue->user))
		return;
	ue->known = false;
	if (ue->procedure != CUCP_RELEASE)
		cucp_lose(ue, &cause);
}
