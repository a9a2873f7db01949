/* The PFCP session of each PDU session (29.244 clauses 6.3 and 7.5). */
#include "core/smf/internal.h"

/* 29.244 8.2.136: restoration indication. */
enum { PFCP_SEREQ_RESTI = 1 << 0 };

/*
 * Usage is reported when a session ends. A URR must have a trigger all the same (29.244 8.2.19): this one,
 * which hardly any session reaches.
 */
#define SMF_VOLUME_THRESHOLD (UINT64_C(1) << 40)

static struct pfcp_token n4_token(struct smf_session *s)
{
	struct pfcp_token t = { .context = s->seid, .generation = ++s->n4_generation, .step = s->n4_batch };

	s->n4_batch = false;
	return t;
}

static bool n4_accepted(uint8_t cause)
{
	return cause == PFCP_CAUSE_ACCEPTED;
}

/* The network instance: the DNN in labels (23.003 9.1). */
struct n4_names {
	uint8_t labels[DNN_STR_SIZE + 1];
	struct bytes network_instance;
};

static void n4_name(const struct smf_session *s, struct n4_names *n)
{
	size_t len = 0;

	if (!dnn_to_labels(s->dnn->dnn, n->labels, sizeof(n->labels), &len))
		len = 0;
	n->network_instance = bytes_of(n->labels, len);
}

static struct pfcp_outer_header_creation n4_tunnel(const struct smf_session *s)
{
	struct pfcp_outer_header_creation ohc = { .description = PFCP_OHC_GTPU_IPV4, .teid = s->dl_teid };

	v4_octets(s->dl_ip, ohc.ipv4);
	return ohc;
}

static struct pfcp_ue_ip_address n4_ue_address(const struct smf_session *s, bool destination)
{
	struct pfcp_ue_ip_address a = { .has_ipv4 = true, .is_destination = destination };

	v4_octets(s->ue_ip, a.ipv4);
	return a;
}

/* The UPF chooses the F-TEID; one that lost its sessions gets told which it was (23.527 4.3). */
static struct pfcp_f_teid n4_f_teid(const struct smf_session *s)
{
	struct pfcp_f_teid t = { .has_ipv4 = true, .choose = s->ul_teid == 0, .teid = s->ul_teid };

	v4_octets(s->ul_ip, t.ipv4);
	return t;
}

static void n4_pdrs(const struct smf_session *s, struct bytes network_instance, struct pfcp_create_pdr pdr[2])
{
	pdr[0].pdr_id = PDR_UPLINK;
	pdr[0].precedence = pdr[1].precedence = SMF_RULE_PRECEDENCE;
	pdr[0].pdi.source_interface = PFCP_INTERFACE_ACCESS;
	pdr[0].pdi.has_local_f_teid = true;
	pdr[0].pdi.local_f_teid = n4_f_teid(s);
	pdr[0].pdi.has_ue_ip_address = pdr[1].pdi.has_ue_ip_address = true;
	pdr[0].pdi.ue_ip_address = n4_ue_address(s, false);
	pdr[0].has_outer_header_removal = true;
	pdr[0].outer_header_removal.description = PFCP_OHR_GTPU_UDP_IPV4;
	pdr[0].has_far_id = pdr[1].has_far_id = true;
	pdr[0].far_id = FAR_UPLINK;
	pdr[1].pdr_id = PDR_DOWNLINK;
	pdr[1].pdi.source_interface = PFCP_INTERFACE_CORE;
	pdr[1].pdi.has_network_instance = network_instance.len > 0;
	pdr[1].pdi.network_instance = network_instance;
	pdr[1].pdi.ue_ip_address = n4_ue_address(s, true);
	pdr[1].far_id = FAR_DOWNLINK;
}

static void n4_fars(const struct smf_session *s, struct bytes network_instance, struct pfcp_create_far far[2])
{
	far[0].far_id = FAR_UPLINK;
	far[0].apply_action.bits = PFCP_APPLY_FORW;
	far[0].has_forwarding_parameters = true;
	far[0].forwarding_parameters.destination_interface = PFCP_INTERFACE_CORE;
	far[0].forwarding_parameters.has_network_instance = network_instance.len > 0;
	far[0].forwarding_parameters.network_instance = network_instance;
	far[1].far_id = FAR_DOWNLINK;
	far[1].apply_action.bits = s->up_active ? PFCP_APPLY_FORW : PFCP_APPLY_DROP;
	far[1].has_forwarding_parameters = s->up_active;
	far[1].forwarding_parameters.destination_interface = PFCP_INTERFACE_ACCESS;
	far[1].forwarding_parameters.has_outer_header_creation = true;
	far[1].forwarding_parameters.outer_header_creation = n4_tunnel(s);
}

static void n4_qers(const struct smf_session *s, struct pfcp_create_qer qer[2])
{
	qer[0].qer_id = QER_SESSION;
	qer[0].gate_status = PFCP_GATE_OPEN;
	qer[0].has_mbr = true;
	qer[0].mbr.uplink_kbps = (s->ambr.uplink_bps + 999) / 1000;
	qer[0].mbr.downlink_kbps = (s->ambr.downlink_bps + 999) / 1000;
	qer[1].qer_id = QER_FLOW;
	qer[1].gate_status = PFCP_GATE_OPEN;
	qer[1].has_qfi = true;
	qer[1].qfi = SMF_QFI;
}

static struct pfcp_f_seid n4_own_seid(const struct smf *smf, const struct smf_session *s)
{
	struct pfcp_f_seid f = { .has_ipv4 = true, .seid = s->seid };

	v4_octets(addr_v4(&smf->config.n4_address), f.ipv4);
	return f;
}

bool smf_n4_establish(struct smf *smf, struct smf_session *s)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_ESTABLISHMENT_REQUEST, .has_seid = true };
	struct pfcp_session_establishment_request *r = &m.session_establishment_request;
	struct pfcp_create_pdr pdr[2] = { 0 };
	struct pfcp_create_far far[2] = { 0 };
	struct pfcp_create_qer qer[2] = { 0 };
	struct pfcp_create_urr urr = { .urr_id = URR_SESSION,
		.measurement_method = { PFCP_MEASURE_VOLUME, 1 },
		.reporting_triggers = { PFCP_TRIGGER_VOLTH, 3 },
		.has_volume_threshold = true,
		.volume_threshold = { .has_total = true, .total = SMF_VOLUME_THRESHOLD } };
	uint32_t qer_ids[2] = { QER_SESSION, QER_FLOW }, urr_id = URR_SESSION;
	struct n4_names names;

	n4_name(s, &names);
	n4_pdrs(s, names.network_instance, pdr);
	n4_fars(s, names.network_instance, far);
	n4_qers(s, qer);
	for (int i = 0; i < 2; i++) {
		pdr[i].qer_id_count = 2;
		pdr[i].qer_id = qer_ids;
		pdr[i].urr_id_count = 1;
		pdr[i].urr_id = &urr_id;
	}
	*r = (struct pfcp_session_establishment_request){ .node_id = smf_upf_own_node_id(smf),
		.cp_f_seid = n4_own_seid(smf, s),
		.create_pdr_count = 2,
		.create_pdr = pdr,
		.create_far_count = 2,
		.create_far = far,
		.create_qer_count = 2,
		.create_qer = qer,
		.create_urr_count = 1,
		.create_urr = &urr,
		.has_pdn_type = true,
		.pdn_type = PFCP_PDN_IPV4,
		.has_dnn = true,
		.dnn = s->dnn->dnn,
		.has_s_nssai = true,
		.s_nssai = s->snssai,
		.has_sereq_flags = s->n4_lost,
		.sereq_flags = { PFCP_SEREQ_RESTI, 1 } };
	s->n4_again = false;
	s->n4_establishing = pfcp_request(smf->upfs[s->upf].peer, &m, n4_token(s));
	return s->n4_establishing;
}

/* What the UPF lost, it gets with its restoration: the step is done. */
static bool n4_modify_lost(struct smf *smf, struct smf_session *s)
{
	s->n4_again = s->n4_establishing;
	smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
	return true;
}

bool smf_n4_modify(struct smf *smf, struct smf_session *s)
{
	struct pfcp_msg m = {
		.type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true, .seid = s->up_seid
	};
	struct pfcp_session_modification_request *r = &m.session_modification_request;
	struct pfcp_update_far far = { .far_id = FAR_DOWNLINK, .has_apply_action = true };
	struct pfcp_update_forwarding_parameters *f = &far.update_forwarding_parameters;

	if (s->n4_lost)
		return n4_modify_lost(smf, s);
	far.apply_action.bits = s->up_active ? PFCP_APPLY_FORW : PFCP_APPLY_DROP;
	far.has_update_forwarding_parameters = s->up_active;
	f->has_destination_interface = true;
	f->destination_interface = PFCP_INTERFACE_ACCESS;
	f->has_outer_header_creation = true;
	f->outer_header_creation = n4_tunnel(s);
	r->update_far_count = 1;
	r->update_far = &far;
	s->n4_again = false;
	return pfcp_request(smf->upfs[s->upf].peer, &m, n4_token(s));
}

bool smf_n4_delete(struct smf *smf, struct smf_session *s)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = s->up_seid };

	s->n4_again = false;
	return pfcp_request(smf->upfs[s->upf].peer, &m, n4_token(s));
}

static void n4_usage(struct smf_session *s, const struct pfcp_usage_report *reports, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct pfcp_volume *v = &reports[i].volume_measurement;

		if (reports[i].urr_id != URR_SESSION || !reports[i].has_volume_measurement)
			continue;
		s->uplink_octets += v->has_uplink ? v->uplink : 0;
		s->downlink_octets += v->has_downlink ? v->downlink : 0;
	}
}

/* Takes UP F-SEID and uplink F-TEID; false when the response lacks them or says no. */
static bool n4_take_established(struct smf_session *s, const struct pfcp_session_establishment_response *r)
{
	if (!n4_accepted(r->cause) || !r->has_up_f_seid || r->up_f_seid.seid == 0)
		return false;
	for (size_t i = 0; i < r->created_pdr_count; i++) {
		const struct pfcp_created_pdr *pdr = &r->created_pdr[i];

		if (pdr->pdr_id != PDR_UPLINK || !pdr->has_local_f_teid || !pdr->local_f_teid.has_ipv4)
			continue;
		s->ul_teid = pdr->local_f_teid.teid;
		s->ul_ip = v4_of(pdr->local_f_teid.ipv4);
	}
	s->up_seid = r->up_f_seid.seid;
	return s->ul_teid != 0 && s->ul_ip != 0;
}

/*
 * A session the UPF had lost: back again, or the UE is asked to begin anew. The rules are the present ones,
 * so a step that waits for them is done.
 */
static void n4_restored(
	struct smf *smf, struct smf_upf *u, struct smf_session *s, const struct pfcp_msg *m, bool good)
{
	if (good) {
		smf->stat[SMF_STAT_RESTORED]++;
		s->n4_lost = false;
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

static void n4_on_established(
	struct smf *smf, struct smf_upf *u, struct smf_session *s, const struct pfcp_msg *m)
{
	bool good = m && n4_take_established(s, &m->session_establishment_response);
	bool was_lost = s->n4_lost;

	s->n4_establishing = false;
	if (!good)
		smf->stat[SMF_STAT_N4_FAILURES]++;
	if (s->state == SM_DELETING) {
		s->n4_lost = false;
		if (!good || !smf_n4_delete(smf, s))
			smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
	} else if (was_lost) {
		n4_restored(smf, u, s, m, good);
	} else {
		smf_session_event(smf, s, good ? SM_EV_N4_DONE : SM_EV_N4_FAILED, NULL);
	}
}

static void n4_on_modified(
	struct smf *smf, struct smf_upf *u, struct smf_session *s, const struct pfcp_msg *m)
{
	uint8_t cause = m ? m->session_modification_response.cause : 0;

	if (cause == PFCP_CAUSE_SESSION_NOT_FOUND || cause == PFCP_CAUSE_NO_ASSOCIATION) {
		s->n4_lost = true;
		smf_session_dirty(smf, s);
		smf_upf_restore_later(smf, u, 0);
	}
	if (!n4_accepted(cause))
		smf->stat[SMF_STAT_N4_FAILURES]++;
	smf_session_event(smf, s, n4_accepted(cause) || s->n4_lost ? SM_EV_N4_DONE : SM_EV_N4_FAILED, NULL);
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
	n4_usage(s, m->session_deletion_response.usage_report,
		m->session_deletion_response.usage_report_count);
	smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
}

static void n4_dispatch(struct smf *smf, struct smf_upf *u, struct smf_session *s, enum pfcp_msg_type request,
	const struct pfcp_msg *m)
{
	if (request == PFCP_SESSION_ESTABLISHMENT_REQUEST)
		n4_on_established(smf, u, s, m);
	else if (request == PFCP_SESSION_MODIFICATION_REQUEST)
		n4_on_modified(smf, u, s, m);
	else
		n4_on_deleted(smf, u, s, m);
}

void smf_n4_on_response(struct smf *smf, struct smf_upf *u, enum pfcp_msg_type request,
	struct pfcp_token token, const struct pfcp_msg *m)
{
	struct smf_session *s;

	u->restoring -= token.step;
	if (n4_cause(request, m) == PFCP_CAUSE_NO_ASSOCIATION)
		smf_upf_forgot(smf, u);
	s = smf_session_by_seid(smf, token.context);
	if (s && s->n4_generation == token.generation)
		n4_dispatch(smf, u, s, request, m);
	if (token.step)
		smf_upf_restore_more(smf, u);
}

/* Session reports: usage, and the gNB's tunnel gone (error indication, 23.527 5.3.2). */
void smf_n4_on_report(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	const struct pfcp_session_report_request *r = &m->session_report_request;
	struct smf_session *s = smf_session_by_seid(smf, m->seid);

	smf->stat[SMF_STAT_N4_REPORTS]++;
	if (!s || s->upf == SMF_UPF_NONE || smf->upfs[s->upf].peer != from->peer) {
		pfcp_respond_cause(from, 0, PFCP_CAUSE_SESSION_NOT_FOUND, 0);
		return;
	}
	pfcp_respond_cause(from, s->up_seid, PFCP_CAUSE_ACCEPTED, 0);
	n4_usage(s, r->usage_report, r->usage_report_count);
	if (r->usage_report_count > 0 && s->stored)
		smf_session_dirty(smf, s);
	if (r->report_type.bits & PFCP_REPORT_ERIR && s->state == SM_ACTIVE)
		smf_session_event(smf, s, SM_EV_DEACTIVATE, NULL);
}
