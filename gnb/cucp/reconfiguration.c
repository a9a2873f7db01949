/* RRC reconfiguration at the gNB (38.331 5.3.5): the orders for bearers, and what the UE is told of them. */
#include "gnb/cucp/internal.h"
#include "radio/rrc/bearer.h"

enum { SRB2 = 2 };

/* All that an RRCReconfiguration of bearers points to. */
struct parts {
	struct rrc_radio_bearer_config config;
	struct rrc_srb_to_add_mod srb2;
	struct rrc_srb_to_add_mod_list srbs;
	struct rrc_drb_to_add_mod drb[CUCP_DRBS_MAX];
	struct rrc_drb_to_add_mod_list drbs;
	struct rrc_drb_to_add_mod_cn_association association[CUCP_DRBS_MAX];
	struct rrc_sdap_config_mapped_qos_flows_to_add mapped[CUCP_DRBS_MAX];
	uint8_t flows[CUCP_DRBS_MAX][CUCP_FLOWS_MAX];
	struct rrc_pdcp_config pdcp[CUCP_DRBS_MAX];
	struct rrc_pdcp_config_drb pdcp_drb[CUCP_DRBS_MAX];
	uint8_t gone[CUCP_DRBS_MAX];
	struct rrc_drb_to_release_list released;
	struct bytes nas[CUCP_DRBS_MAX];
	struct rrc_rrc_reconfiguration_v1530_ies_dedicated_nas_message_list nas_list;
	struct rrc_rrc_reconfiguration_v1530_ies more;
	bool measures;
	struct cucp_measurement measurement;
};

static bool drb_fill(struct parts *p, const struct cucp_ue *ue, uint8_t drb, bool reestablish)
{
	const struct cucp_bearer *b = &ue->bearers[drb]->b;
	size_t n = p->drbs.count++;

	for (size_t i = 0; i < b->flow_count; i++)
		p->flows[n][i] = b->flows[i].qfi;
	p->mapped[n] = (struct rrc_sdap_config_mapped_qos_flows_to_add){ b->flow_count, p->flows[n] };
	p->association[n] = (struct rrc_drb_to_add_mod_cn_association){
		.tag = RRC_DRB_TO_ADD_MOD_CN_ASSOCIATION_TAG_SDAP_CONFIG,
		.u.sdap_config = { .pdu_session = b->psi,
			.sdap_header_dl = b->pdcp.rx_sdap ? RRC_SDAP_CONFIG_SDAP_HEADER_DL_PRESENT
							  : RRC_SDAP_CONFIG_SDAP_HEADER_DL_ABSENT,
			.sdap_header_ul = b->pdcp.tx_sdap ? RRC_SDAP_CONFIG_SDAP_HEADER_UL_PRESENT
							  : RRC_SDAP_CONFIG_SDAP_HEADER_UL_ABSENT,
			.default_drb = b->is_default,
			.mapped_qos_flows_to_add = b->flow_count ? &p->mapped[n] : NULL },
	};
	p->drb[n] = (struct rrc_drb_to_add_mod){ .drb_identity = drb, .has_reestablish_pdcp = reestablish };
	if (reestablish) /* its configuration stays */
		return true;
	p->drb[n].cn_association = &p->association[n];
	if (ue->bearers[drb]->known)
		return true;
	p->drb[n].pdcp_config = &p->pdcp[n];
	return rrc_pdcp_make(&b->pdcp, &p->pdcp_drb[n], &p->pdcp[n]);
}

/* SRB2 is new, or has a new key. */
static bool srb2_fill(struct parts *p, struct cucp_ue *ue)
{
	struct rrc_srb *s = &ue->srb[SRB2];
	uint64_t now_ns = env_now_ns(ue->c->config.env);
	struct pdcp_security keys;
	bool ok;

	if (s->pdcp && !ue->restore)
		return true;
	ok = rrc_srb_security(ue->k_gnb, ue->ea, ue->ia, &keys);
	if (ok && s->pdcp)
		ok = pdcp_reestablish(s->pdcp, &keys, PDCP_ALL_SECURITY, now_ns);
	else if (ok)
		ok = rrc_srb_begin(s, SRB2, &ue->home) && pdcp_secure(s->pdcp, &keys, PDCP_ALL_SECURITY);
	explicit_bzero(&keys, sizeof(keys));
	s->suspended = false;
	p->srb2 = (struct rrc_srb_to_add_mod){ .srb_identity = SRB2, .has_reestablish_pdcp = ue->restore };
	p->srbs = (struct rrc_srb_to_add_mod_list){ 1, &p->srb2 };
	return ok;
}

static bool parts_fill(struct parts *p, struct cucp_ue *ue, struct bytes cell_group)
{
	bool ok = srb2_fill(p, ue);

	p->measures = cucp_measurement_due(ue);
	if (p->measures)
		ok = ok && cucp_measurement_fill(&p->measurement, ue);
	p->drbs.items = p->drb;
	p->released.items = p->gone;
	p->nas_list.items = p->nas;
	for (uint8_t i = 1; i <= CUCP_DRBS_MAX; i++) {
		struct cucp_bearer_slot *s = ue->bearers[i];

		if (!s)
			continue;
		if (s->state == CUCP_BEARER_AT_UE)
			ok = ok && drb_fill(p, ue, i, false);
		else if (s->state == CUCP_BEARER_UP && ue->restore)
			ok = ok && drb_fill(p, ue, i, true);
		else if (s->state == CUCP_BEARER_RELEASING && s->known)
			p->gone[p->released.count++] = i;
		if (s->nas && (s->state == CUCP_BEARER_AT_UE || s->state == CUCP_BEARER_RELEASING))
			p->nas[p->nas_list.count++] = sdu_bytes(s->nas);
	}
	p->config = (struct rrc_radio_bearer_config){ .srb_to_add_mod_list = p->srbs.count ? &p->srbs : NULL,
		.drb_to_add_mod_list = p->drbs.count ? &p->drbs : NULL,
		.drb_to_release_list = p->released.count ? &p->released : NULL };
	p->more = (struct rrc_rrc_reconfiguration_v1530_ies){ .has_master_cell_group = cell_group.len > 0,
		.master_cell_group = cell_group,
		.dedicated_nas_message_list = p->nas_list.count ? &p->nas_list : NULL };
	return ok;
}

static bool send(struct cucp_ue *ue, const struct parts *p)
{
	struct rrc_dl_dcch_message_type_c1 m = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RECONFIGURATION };
	struct rrc_rrc_reconfiguration *r = &m.u.rrc_reconfiguration;
	bool bearers = p->srbs.count || p->drbs.count || p->released.count;
	bool more = p->more.has_master_cell_group || p->nas_list.count;

	ue->transaction = (ue->transaction + 1) & 3;
	r->rrc_transaction_identifier = ue->transaction;
	r->critical_extensions.tag = RRC_RRC_RECONFIGURATION_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION;
	r->critical_extensions.u.rrc_reconfiguration.radio_bearer_config =
		bearers ? (struct rrc_radio_bearer_config *)&p->config : NULL;
	r->critical_extensions.u.rrc_reconfiguration.meas_config =
		p->measures ? (struct rrc_meas_config *)&p->measurement.config : NULL;
	r->critical_extensions.u.rrc_reconfiguration.non_critical_extension =
		more ? (struct rrc_rrc_reconfiguration_v1530_ies *)&p->more : NULL;
	return cucp_send_on(ue, 1, &m);
}

static bool is_due(const struct cucp_ue *ue, struct bytes cell_group)
{
	bool due = cell_group.len > 0 || ue->restore || !ue->srb[SRB2].pdcp;

	for (uint8_t i = 1; i <= CUCP_DRBS_MAX; i++)
		due = due || cucp_bearer_is(ue, i, CUCP_BEARER_AT_UE) ||
		      cucp_bearer_is(ue, i, CUCP_BEARER_RELEASING);
	return due;
}

void cucp_reconfigure(struct cucp_ue *ue, struct bytes cell_group)
{
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	struct arena arena;
	struct parts *p;
	bool ok;

	if (!is_due(ue, cell_group)) {
		cucp_done(ue);
		return;
	}
	arena_init(&arena, NULL, 0, CUCP_ARENA_LIMIT);
	p = arena_alloc(&arena, sizeof(*p));
	ok = p && parts_fill(p, ue, cell_group) && send(ue, p);
	arena_fini(&arena);
	if (ok)
		cucp_guard(ue, CUCP_RECONFIGURATION, CUCP_RRC_MS);
	else
		cucp_lose(ue, &cause);
}

/* The slot is empty; the upper is told that the bearer was refused, or is gone as it wished. */
void cucp_bearer_end(struct cucp_ue *ue, uint8_t drb)
{
	const struct cucp_upper *upper = &ue->c->config.upper;
	bool unwanted = cucp_bearer_is(ue, drb, CUCP_BEARER_RELEASING) ||
			cucp_bearer_is(ue, drb, CUCP_BEARER_UNWANTED);

	cucp_bearer_free(ue, drb);
	if (unwanted)
		upper->bearer_released(upper->arg, ue->user, drb);
	else
		upper->bearer_answered(upper->arg, ue->user, drb, NULL);
}

static void bearer_up(struct cucp_ue *ue, uint8_t drb)
{
	const struct cucp_upper *upper = &ue->c->config.upper;
	struct cucp_bearer_slot *s = ue->bearers[drb];

	if (s->nas)
		sdu_free(ue->c->config.pool, s->nas);
	s->nas = NULL;
	s->state = CUCP_BEARER_UP;
	s->known = true;
	upper->bearer_answered(upper->arg, ue->user, drb, &s->dl);
}

void cucp_reconfiguration_complete(struct cucp_ue *ue, const struct rrc_rrc_reconfiguration_complete *m)
{
	if (ue->procedure != CUCP_RECONFIGURATION || m->rrc_transaction_identifier != ue->transaction) {
		ue->c->stats.not_comprehended++;
		return;
	}
	ue->measures = true; /* whatever it was to measure went along */
	if (ue->restore)
		ue->c->config.upper.restored(ue->c->config.upper.arg, ue->user);
	ue->restore = false;
	if (!cucp_required_done(ue))
		ue->confirm = true; /* 38.473 8.3.4.2: the DU wants to know */
	for (uint8_t i = 1; i <= CUCP_DRBS_MAX && ue->procedure == CUCP_RECONFIGURATION; i++) {
		if (cucp_bearer_is(ue, i, CUCP_BEARER_AT_UE))
			bearer_up(ue, i);
		else if (cucp_bearer_is(ue, i, CUCP_BEARER_RELEASING))
			cucp_bearer_end(ue, i);
	}
	if (ue->procedure == CUCP_RECONFIGURATION)
		cucp_done(ue);
}
