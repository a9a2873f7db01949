/* 5GSM messages of the SMF (24.501 clauses 6 and 8.3). */
#include "core/smf/epco.h"
#include "core/smf/modification.h"

static struct bytes nas_sm_encode(struct smf *smf, const struct nas_msg *m)
{
	struct writer w = writer_of(smf->n1_buffer, sizeof(smf->n1_buffer));

	return nas_encode(m, &w) ? writer_bytes(&w) : BYTES_NONE;
}

/* 24.501 table 9.11.4.16: the reserved values mean modes 1 to 3. */
static uint8_t ssc_mode(uint8_t value)
{
	return value >= 4 && value <= 6 ? value - 3 : value;
}

enum { INTEGRITY_FULL_RATE = 0xff }; /* 24.501 9.11.4.7; all else counts as 64 kbit/s */

void smf_nas_sm_take_request(struct smf_session *s, const struct nas_pdu_session_establishment_request *m)
{
	s->type_asked = m->has_pdu_session_type ? m->pdu_session_type : 0;
	s->reflective = m->has_gsm_capability && m->gsm_capability.bits & NAS_5GSM_RQOS;
	s->ssc_asked = m->has_ssc_mode ? ssc_mode(m->ssc_mode) : 0;
	s->always_on_asked = m->has_always_on_requested && m->always_on_requested & 1;
	s->protection = smf_protection_of(s->dnn->integrity, s->dnn->ciphering,
		m->integrity_max_data_rate >> 8 != INTEGRITY_FULL_RATE,
		(m->integrity_max_data_rate & 0xff) != INTEGRITY_FULL_RATE);
	if (m->has_epco)
		smf_epco_take(s, &m->epco);
}

static void nas_sm_accept_fill(const struct smf_session *s, struct nas_pdu_session_establishment_accept *a)
{
	struct writer id = writer_of(a->pdu_address.interface_id, sizeof(a->pdu_address.interface_id));

	a->pdu_session_type = s->type;
	a->ssc_mode = s->ssc_mode;
	a->session_ambr.uplink = smf_nas_rate(s->ambr.uplink_bps);
	a->session_ambr.downlink = smf_nas_rate(s->ambr.downlink_bps);
	a->has_cause = s->n1_cause != 0;
	a->cause = s->n1_cause;
	a->has_pdu_address = smf_session_families(s) != 0; /* 23.501 5.6.10.2: Ethernet has none */
	a->pdu_address.type = s->type;
	writer_u64(&id, s->ue.interface_id);
	v4_octets(s->ue.ipv4, a->pdu_address.ipv4);
	a->has_rq_timer = s->reflective;
	a->rq_timer = nas_timer2_of(SMF_RQ_TIMER_S);
	a->has_s_nssai = true;
	a->s_nssai.snssai = s->snssai;
	/* 24.501 6.4.1.3: what was asked for is answered, what is required is told. */
	a->has_always_on_indication = s->always_on_asked || s->always_on;
	a->always_on_indication = s->always_on;
	a->has_dnn = true;
	a->dnn = s->dnn->dnn;
}

struct bytes smf_nas_sm_accept(struct smf *smf, const struct smf_session *s)
{
	struct smf_nas_qos qos = { .unstructured = s->type == NAS_PDU_UNSTRUCTURED };
	struct smf_epco epco;
	struct nas_msg m = { .type = NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT,
		.pdu_session_id = s->pdu_session_id,
		.pti = s->pti };
	struct nas_pdu_session_establishment_accept *a = &m.pdu_session_establishment_accept;

	for (uint8_t i = 0; i < s->flows.count; i++)
		if (!smf_flow_get(&s->flows, i)->leaving)
			smf_nas_qos_create(&qos, &s->flows, smf_flow_get(&s->flows, i));
	nas_sm_accept_fill(s, a);
	a->qos_rules = (struct nas_qos_rules){ qos.rule_count, qos.rules };
	a->has_qos_flows = true;
	a->qos_flows = (struct nas_qos_flows){ qos.flow_count, qos.flows };
	a->epco = smf_epco_answer(s, &epco);
	a->has_epco = a->epco.count > 0;
	return nas_sm_encode(smf, &m);
}

static bool is_congestion(uint8_t cause)
{
	return cause == NAS_5GSM_INSUFFICIENT_RESOURCES ||
	       cause == NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN ||
	       cause == NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE;
}

/* T3396, T3584 or T3585 (24.501 9.11.2.5): not all that were refused at once come again at once. */
static uint8_t backoff(struct smf *smf)
{
	uint32_t s = smf->config.backoff_s;

	return s ? nas_timer3_of(s + env_random_u32(smf->nf.env) % (s / 2 + 1)) : 0;
}

struct bytes smf_nas_sm_reject(
	struct smf *smf, uint8_t pdu_session_id, uint8_t pti, uint8_t cause, uint8_t ssc_allowed)
{
	struct nas_msg m = {
		.type = NAS_PDU_SESSION_ESTABLISHMENT_REJECT, .pdu_session_id = pdu_session_id, .pti = pti
	};
	struct nas_pdu_session_establishment_reject *r = &m.pdu_session_establishment_reject;

	r->cause = cause;
	r->has_backoff_timer = is_congestion(cause) && smf->config.backoff_s;
	r->backoff_timer = backoff(smf);
	r->has_allowed_ssc_mode = cause == NAS_5GSM_NOT_SUPPORTED_SSC_MODE;
	r->allowed_ssc_mode = ssc_allowed;
	return nas_sm_encode(smf, &m);
}

struct bytes smf_nas_sm_release_command(struct smf *smf, const struct smf_session *s)
{
	struct nas_msg m = {
		.type = NAS_PDU_SESSION_RELEASE_COMMAND, .pdu_session_id = s->pdu_session_id, .pti = s->pti
	};

	m.pdu_session_release_command.cause = s->n1_cause;
	return nas_sm_encode(smf, &m);
}

struct bytes smf_nas_sm_status(struct smf *smf, uint8_t pdu_session_id, uint8_t pti, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_GSM_STATUS, .pdu_session_id = pdu_session_id, .pti = pti };

	m.gsm_status.cause = cause;
	return nas_sm_encode(smf, &m);
}

struct bytes smf_nas_sm_refusal(
	struct smf *smf, enum nas_msg_type type, uint8_t pdu_session_id, uint8_t pti, uint8_t cause)
{
	struct nas_msg m = { .type = type, .pdu_session_id = pdu_session_id, .pti = pti };

	if (type == NAS_PDU_SESSION_RELEASE_REJECT)
		m.pdu_session_release_reject.cause = cause;
	else
		m.pdu_session_modification_reject.cause = cause;
	return nas_sm_encode(smf, &m);
}
