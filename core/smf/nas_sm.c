/* 5GSM messages of the SMF (24.501 clauses 6 and 8.3). */
#include "core/smf/internal.h"

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

uint8_t smf_nas_sm_take_request(struct smf_session *s, const struct nas_pdu_session_establishment_request *m)
{
	uint8_t type = m->has_pdu_session_type ? m->pdu_session_type : NAS_PDU_IPV4;

	switch (type) {
	case NAS_PDU_IPV4:
		break;
	case NAS_PDU_IPV4V6:
		s->n1_cause =
			NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED; /* granted, with the reason (6.4.1.3) */
		break;
	case NAS_PDU_IPV6:
		return NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED;
	default:
		return NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE;
	}
	if (m->has_ssc_mode && ssc_mode(m->ssc_mode) != NAS_SSC_1)
		return NAS_5GSM_NOT_SUPPORTED_SSC_MODE;
	s->always_on_asked = m->has_always_on_requested && m->always_on_requested & 1;
	if (m->has_epco) {
		s->dns_asked = nas_pco_find(&m->epco, NAS_PCO_DNS_IPV4) != NULL;
		s->mtu_asked = nas_pco_find(&m->epco, NAS_PCO_IPV4_LINK_MTU) != NULL;
	}
	return 0;
}

/* What of the ePCO was asked for and is known (24.008 10.5.6.3). octets holds the values. */
static size_t nas_sm_pco(const struct smf_session *s, struct nas_pco_item items[SMF_DNS_MAX + 1],
	uint8_t octets[4 * (SMF_DNS_MAX + 1)])
{
	struct writer w = writer_of(octets, 4 * (SMF_DNS_MAX + 1));
	size_t n = 0;

	for (uint8_t i = 0; s->dns_asked && i < s->dnn->dns_count; i++) {
		items[n++] = (struct nas_pco_item){ NAS_PCO_DNS_IPV4, bytes_of(octets + w.len, 4) };
		writer_u32(&w, s->dnn->dns[i]);
	}
	if (s->mtu_asked) {
		items[n++] = (struct nas_pco_item){ NAS_PCO_IPV4_LINK_MTU, bytes_of(octets + w.len, 2) };
		writer_u16(&w, s->dnn->mtu);
	}
	return n;
}

static void nas_sm_accept_fill(const struct smf_session *s, struct nas_pdu_session_establishment_accept *a)
{
	a->pdu_session_type = NAS_PDU_IPV4;
	a->ssc_mode = NAS_SSC_1;
	a->session_ambr.uplink = nas_bit_rate_of((s->ambr.uplink_bps + 999) / 1000);
	a->session_ambr.downlink = nas_bit_rate_of((s->ambr.downlink_bps + 999) / 1000);
	a->has_cause = s->n1_cause != 0;
	a->cause = s->n1_cause;
	a->has_pdu_address = true;
	a->pdu_address.type = NAS_PDU_IPV4;
	v4_octets(s->ue_ip, a->pdu_address.ipv4);
	a->has_s_nssai = true;
	a->s_nssai.snssai = s->snssai;
	a->has_always_on_indication = s->always_on_asked; /* not allowed: 0 */
	a->has_dnn = true;
	a->dnn = s->dnn->dnn;
}

struct bytes smf_nas_sm_accept(struct smf *smf, const struct smf_session *s)
{
	struct nas_filter_component match_all = { .type = NAS_FILTER_MATCH_ALL };
	struct nas_packet_filter filter = {
		.id = 1, .direction = NAS_FILTER_BOTH, .component_count = 1, .components = &match_all
	};
	struct nas_qos_rule rule = { .id = SMF_QOS_RULE,
		.operation = NAS_QOS_RULE_CREATE,
		.is_default = true,
		.has_precedence = true,
		.has_qfi = true,
		.precedence = SMF_RULE_PRECEDENCE,
		.qfi = SMF_QFI,
		.filter_count = 1,
		.filters = &filter };
	struct nas_qos_flow flow = { .qfi = SMF_QFI,
		.operation = NAS_QOS_FLOW_CREATE,
		.replaces = true,
		.has_five_qi = true,
		.five_qi = s->qos.five_qi };
	struct nas_pco_item items[SMF_DNS_MAX + 1];
	uint8_t octets[4 * (SMF_DNS_MAX + 1)];
	struct nas_msg m = { .type = NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT,
		.pdu_session_id = s->pdu_session_id,
		.pti = s->pti };
	struct nas_pdu_session_establishment_accept *a = &m.pdu_session_establishment_accept;

	nas_sm_accept_fill(s, a);
	a->qos_rules = (struct nas_qos_rules){ 1, &rule };
	a->has_qos_flows = true;
	a->qos_flows = (struct nas_qos_flows){ 1, &flow };
	a->epco = (struct nas_pco){ nas_sm_pco(s, items, octets), items };
	a->has_epco = a->epco.count > 0;
	return nas_sm_encode(smf, &m);
}

struct bytes smf_nas_sm_reject(struct smf *smf, uint8_t pdu_session_id, uint8_t pti, uint8_t cause)
{
	struct nas_msg m = {
		.type = NAS_PDU_SESSION_ESTABLISHMENT_REJECT, .pdu_session_id = pdu_session_id, .pti = pti
	};
	struct nas_pdu_session_establishment_reject *r = &m.pdu_session_establishment_reject;

	r->cause = cause;
	r->has_allowed_ssc_mode = cause == NAS_5GSM_NOT_SUPPORTED_SSC_MODE;
	r->allowed_ssc_mode = 1; /* SSC1, 9.11.4.5 */
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
