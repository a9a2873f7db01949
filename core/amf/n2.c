/* N2: NGAP messages in (table of handlers) and out (TS 38.413). */
#include "core/amf/internal.h"

bool amf_n2_send(
	struct amf *amf, struct amf_gnb *gnb, uint16_t stream, enum ngap_message type, const void *body)
{
	struct writer w = writer_of(amf->buffer, sizeof(amf->buffer));
	bool sent;

	if (!ngap_encode(type, body, &w)) {
		log_error(amf->nf.env->log, "%s: %s cannot be encoded; please report this", gnb->name,
			ngap_message_name(type));
		return false;
	}
	sent = outbox_send(amf->nf.env->outbox, AMF_PORT_N2, gnb->assoc, stream, writer_bytes(&w));
	explicit_bzero(amf->buffer, w.len); /* it may have K_gNB in it */
	return sent;
}

bool amf_n2_send_ue(struct amf *amf, struct amf_connection *c, enum ngap_message type, const void *body)
{
	/* Nothing is said of a context that the store lost, before it has it. */
	if (c->ue && mark_is_lost(amf->nf.env->turn, &c->ue->mark))
		amf_ue_dirty(amf, c->ue);
	return amf_n2_send(amf, c->gnb, c->stream, type, body);
}

void amf_n2_error_indication(struct amf *amf, struct amf_gnb *gnb, const uint64_t *amf_ue_ngap_id,
	const uint32_t *ran_ue_ngap_id, struct ngap_cause cause)
{
	struct ngap_error_indication m = { .cause = &cause };

	m.has_amf_ue_ngap_id = amf_ue_ngap_id != NULL;
	m.amf_ue_ngap_id = amf_ue_ngap_id ? *amf_ue_ngap_id : 0;
	m.has_ran_ue_ngap_id = ran_ue_ngap_id != NULL;
	m.ran_ue_ngap_id = ran_ue_ngap_id ? *ran_ue_ngap_id : 0;
	amf_n2_send(amf, gnb, 0, NGAP_MSG_ERROR_INDICATION, &m);
}

/* 38.413 10: what a message in error deserves. */
static void n2_refuse(struct amf *amf, struct amf_gnb *gnb, const struct per_diag *diag)
{
	struct ngap_criticality_diagnostics cd = { 0 };
	struct ngap_error_indication m = { 0 };
	struct ngap_cause cause;

	amf->stat[AMF_STAT_NGAP_REFUSED]++;
	log_warn(amf->nf.env->log, "%s: NGAP message refused (fault %d, procedure %u, at %s)", gnb->name,
		diag->fault, diag->procedure_code, diag->where ? diag->where : "-");
	if (diag->verdict == PER_DROP || !ngap_diag_cause(diag, &cause))
		return;
	m.cause = &cause;
	if (ngap_diag_fill(diag, &amf->arena, &cd))
		m.criticality_diagnostics = &cd;
	amf_n2_send(amf, gnb, 0, NGAP_MSG_ERROR_INDICATION, &m);
}

/*
 * The connection both AP IDs name, of this gNB (38.413 10.6): an unknown AMF UE NGAP ID, or one that
 * belongs to another gNB, is answered as unknown; a wrong RAN UE NGAP ID as inconsistent.
 */
struct amf_connection *amf_n2_connection_find(
	struct amf *amf, struct amf_gnb *gnb, uint64_t amf_ue_ngap_id, uint32_t ran_ue_ngap_id)
{
	struct amf_connection *c = pool_at(&amf->connections, (uint32_t)(amf_ue_ngap_id & 0xfffff));
	enum ngap_cause_radio_network cause = NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID;

	if (c && c->gnb == gnb && c->amf_ue_ngap_id == amf_ue_ngap_id) {
		if (c->ran_ue_ngap_id == ran_ue_ngap_id)
			return c;
		cause = NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID;
	}
	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	amf_n2_error_indication(amf, gnb, &amf_ue_ngap_id, &ran_ue_ngap_id, ngap_cause_radio(cause));
	return NULL;
}

/*
 * The connection of an answer, in which either AP ID may be missing (criticality ignore, 38.413 10.3.5): what
 * is there must do. The other ID is then taken from the connection.
 */
static struct amf_connection *n2_connection_of_answer(
	struct amf *amf, struct amf_gnb *gnb, const uint64_t *amf_ue_ngap_id, const uint32_t *ran_ue_ngap_id)
{
	struct amf_connection *c = NULL;

	if (amf_ue_ngap_id && ran_ue_ngap_id)
		return amf_n2_connection_find(amf, gnb, *amf_ue_ngap_id, *ran_ue_ngap_id);
	if (ran_ue_ngap_id)
		c = hash_get(&amf->connection_by_ran_id, gnb->assoc, *ran_ue_ngap_id, struct amf_connection,
			by_ran_id);
	else if (amf_ue_ngap_id)
		c = pool_at(&amf->connections, (uint32_t)(*amf_ue_ngap_id & 0xfffff));
	if (c && c->gnb == gnb && (!amf_ue_ngap_id || c->amf_ue_ngap_id == *amf_ue_ngap_id))
		return c;
	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	return NULL;
}

#define CONNECTION_OF_ANSWER(amf, gnb, m)                                                                    \
	n2_connection_of_answer((amf), (gnb), (m)->no_amf_ue_ngap_id ? NULL : &(m)->amf_ue_ngap_id,          \
		(m)->no_ran_ue_ngap_id ? NULL : &(m)->ran_ue_ngap_id)

static void n2_take_location(struct amf_connection *c, const struct ngap_user_location_information *u)
{
	struct nr_location location = { 0 };

	if (ngap_nr_location(u, &location.tai, &location.ncgi))
		c->location = location;
}

/* 8.6.1 */
static void n2_initial_ue_message(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_initial_ue_message *m = pdu->u.initial_ue_message;
	struct amf_connection *c = hash_get(
		&amf->connection_by_ran_id, gnb->assoc, m->ran_ue_ngap_id, struct amf_connection, by_ran_id);
	struct amf_ue *ue;

	/* The gNB uses the id anew: what it named before is gone there. */
	if (c)
		amf_connection_lost(amf, c);
	c = amf_connection_new(amf, gnb, m->ran_ue_ngap_id);
	ue = c ? amf_ue_new(amf) : NULL;
	if (!ue) {
		if (c)
			amf_connection_free(amf, c);
		amf->stat[AMF_STAT_EXHAUSTED]++;
		amf_n2_error_indication(amf, gnb, NULL, &m->ran_ue_ngap_id,
			ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD));
		return;
	}
	n2_take_location(c, &m->user_location_information);
	amf_connection_attach(amf, c, ue);
	amf_n1_receive(amf, c, m->nas_pdu, true);
}

/* 8.6.3 */
static void n2_uplink_nas_transport(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_uplink_nas_transport *m = pdu->u.uplink_nas_transport;
	struct amf_connection *c = amf_n2_connection_find(amf, gnb, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (!c || !c->ue)
		return;
	if (!m->no_user_location_information)
		n2_take_location(c, &m->user_location_information);
	amf_n1_receive(amf, c, m->nas_pdu, false);
}

static void n2_ng_setup_request(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	amf_ng_setup_request(amf, gnb, pdu->u.ng_setup_request);
}

static void n2_ran_configuration_update(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	amf_ran_configuration_update(amf, gnb, pdu->u.ran_configuration_update);
}

static void n2_ng_reset(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	amf_ng_reset(amf, gnb, pdu->u.ng_reset);
}

/* What was reset is gone here since the request was sent. */
static void n2_ng_reset_acknowledge(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
}

static void n2_initial_context_setup_response(
	struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_initial_context_setup_response *m = pdu->u.initial_context_setup_response;
	struct amf_connection *c = CONNECTION_OF_ANSWER(amf, gnb, m);

	if (c && c->ue)
		amf_initial_context_setup_response(amf, c, m);
}

static void n2_initial_context_setup_failure(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_initial_context_setup_failure *m = pdu->u.initial_context_setup_failure;
	struct amf_connection *c = CONNECTION_OF_ANSWER(amf, gnb, m);

	if (c && c->ue)
		amf_initial_context_setup_failure(amf, c, m);
}

static void n2_ue_context_release_request(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_ue_context_release_request *m = pdu->u.ue_context_release_request;
	struct amf_connection *c = amf_n2_connection_find(amf, gnb, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (c)
		amf_ue_context_release_request(amf, c, m);
}

static void n2_ue_context_release_complete(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_ue_context_release_complete *m = pdu->u.ue_context_release_complete;
	struct amf_connection *c = CONNECTION_OF_ANSWER(amf, gnb, m);

	if (c)
		amf_ue_context_release_complete(amf, c);
}

static void n2_pdu_session_resource_setup_response(
	struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_pdu_session_resource_setup_response *m = pdu->u.pdu_session_resource_setup_response;
	struct amf_connection *c = CONNECTION_OF_ANSWER(amf, gnb, m);

	if (c && c->ue)
		amf_pdu_session_resource_setup_response(amf, c, m);
}

static void n2_pdu_session_resource_release_response(
	struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_pdu_session_resource_release_response *m =
		pdu->u.pdu_session_resource_release_response;
	struct amf_connection *c = CONNECTION_OF_ANSWER(amf, gnb, m);

	if (c && c->ue)
		amf_pdu_session_resource_release_response(amf, c, m);
}

static void n2_pdu_session_resource_notify(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_pdu_session_resource_notify *m = pdu->u.pdu_session_resource_notify;
	struct amf_connection *c = amf_n2_connection_find(amf, gnb, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (c && c->ue)
		amf_pdu_session_resource_notify(amf, c, m);
}

/* 8.6.4: the UE did not get a message; the timers of the NAS procedures repeat what matters. */
static void n2_nas_non_delivery_indication(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_nas_non_delivery_indication *m = pdu->u.nas_non_delivery_indication;

	if (amf_n2_connection_find(amf, gnb, m->amf_ue_ngap_id, m->ran_ue_ngap_id))
		log_info(amf->nf.env->log, "%s: a NAS message was not delivered to RAN UE %u", gnb->name,
			m->ran_ue_ngap_id);
}

/* 8.12.1: kept by the gNB's paging only; nothing of it is needed before paging is there. */
static void n2_ue_radio_capability_info_indication(
	struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_ue_radio_capability_info_indication *m = pdu->u.ue_radio_capability_info_indication;

	amf_n2_connection_find(amf, gnb, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
}

/* 8.7.5: never answered, or two nodes would answer one another for ever. */
static void n2_error_indicated(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct ngap_error_indication *m = pdu->u.error_indication;
	struct amf_connection *c;

	log_warn(amf->nf.env->log, "%s: error indication, cause group %d value %d", gnb->name,
		m->cause ? m->cause->tag : 0, m->cause ? (int)m->cause->u.radio_network : 0);
	if (!m->has_amf_ue_ngap_id || !m->cause || m->cause->tag != NGAP_CAUSE_TAG_RADIO_NETWORK)
		return;
	c = pool_at(&amf->connections, (uint32_t)(m->amf_ue_ngap_id & 0xfffff));
	/* 10.6: the gNB does not know this connection (any more): so neither do we. */
	if (c && c->gnb == gnb && c->amf_ue_ngap_id == m->amf_ue_ngap_id &&
		(m->cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID ||
			m->cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID))
		amf_connection_lost(amf, c);
}

typedef void n2_handler(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu);

static n2_handler *const n2_handlers[NGAP_MSG_N] = {
	[NGAP_MSG_NG_SETUP_REQUEST] = n2_ng_setup_request,
	[NGAP_MSG_RAN_CONFIGURATION_UPDATE] = n2_ran_configuration_update,
	[NGAP_MSG_NG_RESET] = n2_ng_reset,
	[NGAP_MSG_NG_RESET_ACKNOWLEDGE] = n2_ng_reset_acknowledge,
	[NGAP_MSG_ERROR_INDICATION] = n2_error_indicated,
	[NGAP_MSG_INITIAL_UE_MESSAGE] = n2_initial_ue_message,
	[NGAP_MSG_UPLINK_NAS_TRANSPORT] = n2_uplink_nas_transport,
	[NGAP_MSG_NAS_NON_DELIVERY_INDICATION] = n2_nas_non_delivery_indication,
	[NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE] = n2_initial_context_setup_response,
	[NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE] = n2_initial_context_setup_failure,
	[NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST] = n2_ue_context_release_request,
	[NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE] = n2_ue_context_release_complete,
	[NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE] = n2_pdu_session_resource_setup_response,
	[NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_RESPONSE] = n2_pdu_session_resource_release_response,
	[NGAP_MSG_PDU_SESSION_RESOURCE_NOTIFY] = n2_pdu_session_resource_notify,
	[NGAP_MSG_UE_RADIO_CAPABILITY_INFO_INDICATION] = n2_ue_radio_capability_info_indication,
};

/* 38.413 8.7.1.1: NG Setup is the first procedure of an association. */
static bool n2_is_allowed(const struct amf_gnb *gnb, enum ngap_message type)
{
	return gnb->node_id != 0 || type == NGAP_MSG_NG_SETUP_REQUEST || type == NGAP_MSG_ERROR_INDICATION;
}

static void n2_receive(struct amf *amf, struct amf_gnb *gnb, struct bytes data)
{
	struct ngap_pdu pdu;
	struct per_diag diag;

	amf->stat[AMF_STAT_NGAP_RECEIVED]++;
	if (!ngap_decode(data, &amf->arena, &pdu, &diag)) {
		n2_refuse(amf, gnb, &diag);
		return;
	}
	if (!n2_is_allowed(gnb, pdu.message) || !n2_handlers[pdu.message]) {
		amf_n2_unserved(amf, gnb, &pdu);
		return;
	}
	n2_handlers[pdu.message](amf, gnb, &pdu);
	if (diag.verdict == PER_PROCESS_AND_NOTIFY)
		n2_refuse(amf, gnb, &diag);
}

void amf_on_n2(struct amf *amf, const struct msg *m)
{
	struct amf_gnb *gnb;

	if (m->kind == MSG_UP) {
		amf_gnb_up(amf, m);
		return;
	}
	if (m->kind == MSG_DOWN) {
		amf_gnb_down(amf, m->assoc);
		return;
	}
	gnb = amf_gnb_find(amf, m->assoc);
	if (gnb)
		n2_receive(amf, gnb, m->data);
	arena_wipe(&amf->arena);
}
