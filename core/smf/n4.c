/* N4: what the UPFs send becomes events of sessions and associations (29.244 clauses 6.2, 6.3 and 7.5). */
#include "core/smf/data_networks.h"
#include "core/smf/downlink_buffer.h"

/* 29.244 8.1.2 */
enum n4_ie {
	N4_IE_USAGE_REPORT = 80, /* within a Session Report Request */
	N4_IE_DOWNLINK_DATA_REPORT = 83,
	N4_IE_ERROR_INDICATION_REPORT = 99,
};

static bool n4_accepted(uint8_t cause)
{
	return cause == PFCP_CAUSE_ACCEPTED;
}

/* The F-TEID that the UPF has chosen for what a source gNB forwards. */
static void n4_take_forwarding(struct smf_session *s, const struct pfcp_created_pdr *pdrs, size_t count)
{
	for (size_t i = 0; s->handover && i < count; i++)
		if (pdrs[i].pdr_id == PDR_FORWARDING && pdrs[i].has_local_f_teid &&
			pdrs[i].local_f_teid.has_ipv4)
			s->handover->forwarding =
				(struct smf_tunnel){ ip_from_v4(v4_of(pdrs[i].local_f_teid.ipv4)),
					pdrs[i].local_f_teid.teid };
}

/* Takes UP F-SEID and uplink F-TEID; false when the response lacks them or refuses. */
static bool n4_take_established(
	const struct smf_upf *u, struct smf_session *s, const struct pfcp_session_establishment_response *r)
{
	if (!n4_accepted(r->cause) || !r->has_up_f_seid || r->up_f_seid.seid == 0)
		return false;
	for (size_t i = 0; i < r->created_pdr_count; i++) {
		const struct pfcp_created_pdr *pdr = &r->created_pdr[i];

		struct smf_tunnel tunnel = { ip_from_v4(v4_of(pdr->local_f_teid.ipv4)),
			pdr->local_f_teid.teid };

		if (!pdr->has_local_f_teid || !pdr->local_f_teid.has_ipv4)
			continue;
		if (pdr->pdr_id == n4_pdr_uplink(SMF_DEFAULT_QFI))
			s->uplink = tunnel;
		else if (pdr->pdr_id == PDR_FROM_SMF)
			s->control = tunnel;
	}
	n4_take_forwarding(s, r->created_pdr, r->created_pdr_count);
	s->up_seid = r->up_f_seid.seid;
	s->association = u->association;
	return s->uplink.teid != 0 && !ip_is_none(s->uplink.ip);
}

/*
 * A session the UPF had lost: back again, or the UE is asked to begin again. The rules are the present ones,
 * so a step that waits for them is done.
 */
static void n4_restored(
	struct smf *smf, struct smf_upf *u, struct smf_session *s, const struct pfcp_msg *m, bool good)
{
	if (good) {
		smf->stat[SMF_STAT_RESTORED]++;
		smf_session_dirty(smf, s);
		if (s->n4_again)
			smf_n4_modify(smf, s);
		else
			smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
	} else if (!m || m->session_establishment_response.cause == PFCP_CAUSE_NO_ASSOCIATION) {
		smf_upf_restore_later(smf, u, smf->config.association_retry_ms);
		smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
	} else {
		log_warn(smf->nf.env->log, "imsi-%s: PDU session %u cannot be restored at its UPF: %s",
			s->supi.imsi, s->pdu_session_id,
			pfcp_cause_name(m->session_establishment_response.cause));
		s->n1_cause = NAS_5GSM_REACTIVATION_REQUESTED;
		smf_session_event(smf, s, SM_EV_RELEASE_COMMAND, NULL);
	}
}

static void n4_establishment_failed(struct smf *smf, const struct pfcp_msg *m)
{
	smf->stat[SMF_STAT_N4_FAILURES]++;
	smf_count_n4_failed(smf, m ? m->session_establishment_response.cause : 0);
}

static void n4_on_established(
	struct smf *smf, struct smf_upf *u, struct smf_session *s, const struct pfcp_msg *m)
{
	bool was_lost = smf_session_is_lost(smf, s);
	bool good = m && n4_take_established(u, s, &m->session_establishment_response);

	s->n4_establishing = false;
	if (good) {
		smf_rules_confirm(smf, s);
		smf_downlink_told(smf, s);
	} else {
		n4_establishment_failed(smf, m);
	}
	if (s->state == SM_DELETING) {
		if (!good || !smf_n4_delete(smf, s))
			smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
	} else if (was_lost) {
		n4_restored(smf, u, s, m, good);
	} else {
		smf_session_event(smf, s, good ? SM_EV_N4_DONE : SM_EV_N4_FAILED, NULL);
	}
}

/* It refuses a rule that it has confirmed: it has another idea of the session than we. */
static bool n4_is_out_of_step(const struct smf_session *s, const struct pfcp_session_modification_response *r)
{
	static const enum n4_kind kinds[] = { [PFCP_RULE_PDR] = N4_PDR,
		[PFCP_RULE_FAR] = N4_FAR,
		[PFCP_RULE_QER] = N4_QER,
		[PFCP_RULE_URR] = N4_URR };
	struct n4_rules have;

	if (r->cause != PFCP_CAUSE_RULE_FAILURE || !r->has_failed_rule_id ||
		r->failed_rule_id.type >= ARRAY_LEN(kinds))
		return false;
	smf_rules_confirmed(s, &have);
	return n4_rules_have(&have, kinds[r->failed_rule_id.type], r->failed_rule_id.id);
}

/*
 * Without a response nobody knows what the UPF has: what differs goes again, and where rules were to be made
 * or removed, which cannot be asked for twice, the session is established again. So is one that the UPF lost,
 * or of which it lacks rules: asked for the difference it would refuse without end.
 */
static void n4_on_modified(
	struct smf *smf, struct smf_upf *u, struct smf_session *s, const struct pfcp_msg *m, bool shape)
{
	uint8_t cause = m ? m->session_modification_response.cause : 0;
	bool gone = cause == PFCP_CAUSE_SESSION_NOT_FOUND || cause == PFCP_CAUSE_NO_ASSOCIATION ||
		    (!m && shape) || (m && n4_is_out_of_step(s, &m->session_modification_response));
	bool good = n4_accepted(cause), again = m && s->n4_again;

	s->n4_modifying = false;
	if (good) {
		n4_take_forwarding(s, m->session_modification_response.created_pdr,
			m->session_modification_response.created_pdr_count);
		smf_rules_confirm(smf, s);
		smf_downlink_told(smf, s);
	} else {
		smf->stat[SMF_STAT_N4_FAILURES]++;
		s->n4_again |= !m;
	}
	if (gone)
		s->association = 0;
	/* Or a restart would not know which rules were made or removed, nor which are asked for now. */
	if (gone || ((shape || again) && s->stored))
		smf_session_dirty(smf, s);
	if (gone || !m)
		smf_upf_restore_later(smf, u, m ? 0 : smf->config.association_retry_ms);
	if (again && smf_n4_modify(smf, s)) /* other rules are wanted since */
		return;
	good = (good && !again) || smf_session_is_lost(smf, s);
	smf_session_event(smf, s, good ? SM_EV_N4_DONE : SM_EV_N4_FAILED, NULL);
}

static uint8_t n4_cause(enum pfcp_msg_type request, const struct pfcp_msg *m)
{
	if (!m)
		return 0;
	if (request == PFCP_SESSION_ESTABLISHMENT_REQUEST)
		return m->session_establishment_response.cause;
	return request == PFCP_SESSION_MODIFICATION_REQUEST ? m->session_modification_response.cause
							    : m->session_deletion_response.cause;
}

/* Deleted, or unknown there; one that was not answered is asked for again when the UPF answers. */
static void n4_on_deleted(struct smf *smf, struct smf_upf *u, struct smf_session *s, const struct pfcp_msg *m)
{
	if (!m) {
		smf->stat[SMF_STAT_N4_FAILURES]++;
		s->n4_again = true;
		smf_upf_restore_later(smf, u, smf->config.association_retry_ms);
		return;
	}
	smf_n4_usage(smf, s, m->session_deletion_response.usage_report,
		m->session_deletion_response.usage_report_count);
	smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
}

static void n4_dispatch(struct smf *smf, struct smf_upf *u, struct smf_session *s, enum pfcp_msg_type request,
	const struct pfcp_msg *m, bool shape)
{
	if (request == PFCP_SESSION_ESTABLISHMENT_REQUEST)
		n4_on_established(smf, u, s, m);
	else if (request == PFCP_SESSION_MODIFICATION_REQUEST)
		n4_on_modified(smf, u, s, m, shape);
	else
		n4_on_deleted(smf, u, s, m);
}

static void n4_on_session_response(struct smf *smf, struct smf_upf *u, enum pfcp_msg_type request,
	struct pfcp_token token, const struct pfcp_msg *m)
{
	struct smf_session *s;

	u->restoring -= token.step & N4_STEP_BATCH;
	if (n4_cause(request, m) == PFCP_CAUSE_NO_ASSOCIATION)
		smf_upf_forgot(smf, u);
	s = smf_session_by_seid(smf, token.context);
	if (s && s->n4_generation == token.generation)
		n4_dispatch(smf, u, s, request, m, token.step & N4_STEP_SHAPE);
	if (token.step & N4_STEP_BATCH)
		smf_upf_restore_more(smf, u);
}

/* The element that the report's type announces and that is not there (29.244 table 7.5.8.1-1); 0: none. */
static uint16_t n4_report_missing(const struct pfcp_session_report_request *r)
{
	if (r->report_type.bits & PFCP_REPORT_DLDR && !r->has_downlink_data_report)
		return N4_IE_DOWNLINK_DATA_REPORT;
	if (r->report_type.bits & PFCP_REPORT_USAR && r->usage_report_count == 0)
		return N4_IE_USAGE_REPORT;
	if (r->report_type.bits & PFCP_REPORT_ERIR && !r->has_error_indication_report)
		return N4_IE_ERROR_INDICATION_REPORT;
	return 0;
}

/* The session's downlink tunnel is among those that the gNB does not know. */
static bool n4_tunnel_gone(const struct smf_session *s, const struct pfcp_session_report_request *r)
{
	for (size_t i = 0; i < r->error_indication_report.remote_f_teid_count; i++) {
		const struct pfcp_f_teid *f = &r->error_indication_report.remote_f_teid[i];

		if (f->has_ipv4 && f->teid == s->downlink.teid &&
			ip_equal(ip_from_v4(v4_of(f->ipv4)), s->downlink.ip))
			return true;
	}
	return false;
}

/* The gNB does not know the tunnel, 23.527 5.3.2.1: what it still has of the session goes, and is set up
 * again. */
static void n4_tunnel_lost(struct smf *smf, struct smf_session *s)
{
	smf_session_event(smf, s, SM_EV_DEACTIVATE, NULL);
	s->reactivate = true;
	smf_n11_transfer(smf, s, BYTES_NONE, N2_IE_PDU_RES_REL_CMD, smf_n2_sm_release_command(smf));
}

/* Of which flow the packet is, and how the UE is to be paged for it (23.501 5.4.3.2). */
static struct sm_downlink n4_downlink(
	const struct smf *smf, struct smf_session *s, const struct pfcp_downlink_data_report *r)
{
	const struct pfcp_dl_data_service_information *i = &r->downlink_data_service_information;
	uint16_t pdr = r->pdr_id_count > 0 ? r->pdr_id[0] : 0;
	struct smf_flow *f = pdr <= n4_pdr_downlink(UINT8_MAX >> 2)
				     ? smf_flows_of_rule_id(&s->flows, (uint8_t)(pdr / 2))
				     : NULL;

	if (r->has_downlink_data_service_information && i->has_qfi)
		f = smf_flows_find(&s->flows, i->qfi);
	return smf_downlink_of(smf, f ? f : &s->flows.first,
		r->has_downlink_data_service_information && i->has_paging_policy ? i->paging_policy : -1);
}

/* Session reports: usage, and the gNB's tunnel gone (error indication, 23.527 5.3.2). */
static void n4_on_report(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	const struct pfcp_session_report_request *r = &m->session_report_request;
	struct smf_session *s = smf_session_by_seid(smf, m->seid);
	uint16_t missing = n4_report_missing(r);

	smf->stat[SMF_STAT_N4_REPORTS]++;
	if (!s || s->upf == SMF_UPF_NONE || smf->upfs[s->upf].peer != from->peer) {
		pfcp_respond_cause(from, 0, PFCP_CAUSE_SESSION_NOT_FOUND, 0);
		return;
	}
	if (missing) {
		pfcp_respond_cause(from, s->up_seid, PFCP_CAUSE_CONDITIONAL_IE_MISSING, missing);
		return;
	}
	pfcp_respond_cause(from, s->up_seid, PFCP_CAUSE_ACCEPTED, 0);
	smf->stat[SMF_STAT_N4_REPORTS_TAKEN]++;
	smf_n4_usage(smf, s, r->usage_report, r->usage_report_count);
	if (r->usage_report_count > 0 && s->stored)
		smf_session_dirty(smf, s);
	if (r->report_type.bits & PFCP_REPORT_ERIR && n4_tunnel_gone(s, r) && s->state == SM_ESTABLISHED &&
		s->up == UP_ACTIVE)
		n4_tunnel_lost(smf, s);
	if (r->report_type.bits & PFCP_REPORT_DLDR && s->state == SM_ESTABLISHED) {
		struct sm_downlink d = n4_downlink(smf, s, &r->downlink_data_report);

		smf_downlink_data(smf, s, &d);
	}
}

/* What comes from a UPF, by message. */

static void n4_on_response(void *owner, struct pfcp_peer *peer, enum pfcp_msg_type request,
	struct pfcp_token token, const struct pfcp_msg *m)
{
	if (request == PFCP_ASSOCIATION_SETUP_REQUEST)
		smf_upf_on_setup_response(owner, peer->user, m);
	else if (request == PFCP_ASSOCIATION_RELEASE_REQUEST)
		smf_upf_left(owner, peer->user);
	else
		n4_on_session_response(owner, peer->user, request, token, m);
}

static void n4_on_request(void *owner, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	switch (m->type) {
	case PFCP_ASSOCIATION_SETUP_REQUEST:
		smf_upf_on_setup_request(owner, from, m);
		break;
	case PFCP_ASSOCIATION_UPDATE_REQUEST:
		smf_upf_on_update_request(owner, from, m);
		break;
	case PFCP_NODE_REPORT_REQUEST:
		smf_upf_on_node_report(owner, from, m);
		break;
	case PFCP_ASSOCIATION_RELEASE_REQUEST:
		pfcp_respond_cause(from, 0, PFCP_CAUSE_ACCEPTED, 0);
		smf_upf_on_release(owner, from->peer->user);
		break;
	case PFCP_SESSION_REPORT_REQUEST:
		n4_on_report(owner, from, m);
		break;
	default:
		pfcp_respond_cause(from, 0, PFCP_CAUSE_SERVICE_NOT_SUPPORTED, 0);
	}
}

static void n4_on_peer(void *owner, struct pfcp_peer *peer, enum pfcp_peer_event event)
{
	smf_upf_on_peer(owner, peer->user, event);
}

static uint64_t n4_remote_seid(void *owner, struct pfcp_peer *peer, uint64_t seid)
{
	struct smf_session *s = smf_session_by_seid(owner, seid);

	return s && s->upf == smf_upf_index(owner, peer->user) ? s->up_seid : 0;
}

/*
 * A request is sent again in a later turn than its own, which may have been lost with what the session had
 * changed: that goes to the store with this turn, or the repetition does not leave either.
 */
static void n4_on_repeat(void *owner, struct pfcp_peer *peer, struct pfcp_token token)
{
	struct smf *smf = owner;
	struct smf_session *s = token.context ? smf_session_by_seid(smf, token.context) : NULL;

	if (s && mark_is_lost(smf->nf.env->turn, &s->mark))
		smf_session_dirty(smf, s);
}

static uint64_t n4_whose(void *owner, struct pfcp_peer *peer, uint64_t seid)
{
	struct smf_session *s = smf_session_by_seid(owner, seid);

	return s && s->upf == smf_upf_index(owner, peer->user) ? supi_key(&s->supi) : 0;
}

bool smf_n4_init(struct smf *smf)
{
	static const struct pfcp_node_ops ops = { n4_on_request, n4_on_response, n4_on_peer, n4_remote_seid,
		n4_on_repeat, n4_whose };
	struct pfcp_node_config config = { .port = SMF_PORT_N4,
		.node_id = smf_upf_own_node_id(smf),
		.recovery = smf->recovery,
		.t1_ms = smf->config.pfcp_t1_ms,
		.heartbeat_ms = smf->config.pfcp_heartbeat_ms,
		.n1 = smf->config.pfcp_n1 };

	smf->pfcp = pfcp_node_new(&config, &ops, smf, smf->nf.env, &smf->nf.timers);
	for (uint8_t i = 0; smf->pfcp && i < smf->config.upf_count; i++)
		if (!smf_upf_add(smf, &smf->upfs[i]))
			return false;
	return smf->pfcp != NULL;
}
