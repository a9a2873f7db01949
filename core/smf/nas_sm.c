/* 5GSM messages of the SMF (24.501 clauses 6 and 8.3). */
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

/* RFC 1661 5, RFC 1877: how phones also ask for DNS servers (24.008 10.5.6.3). */
enum { IPCP_CONFIGURE_REQUEST = 1, IPCP_CONFIGURE_NAK = 3, IPCP_PRIMARY_DNS = 129, IPCP_SECONDARY_DNS = 131 };
enum ipcp_dns { IPCP_ASKS_PRIMARY = 1, IPCP_ASKS_SECONDARY = 2 };
enum { IPCP_HEADER_LEN = 4, IPCP_DNS_LEN = 6, IPCP_MAX = IPCP_HEADER_LEN + 2 * IPCP_DNS_LEN };

static void ipcp_take(struct smf_session *s, const struct nas_pco_item *item)
{
	struct cursor c = cursor_of(item ? item->value : BYTES_NONE);
	uint8_t code = cursor_u8(&c);

	s->ipcp_id = cursor_u8(&c);
	cursor_u16(&c);
	while (code == IPCP_CONFIGURE_REQUEST && cursor_left(&c) >= 2) {
		uint8_t type = cursor_u8(&c), len = cursor_u8(&c);

		if (len < 2 || cursor_bytes(&c, len - 2u).len != len - 2u)
			return;
		s->ipcp_asked |= type == IPCP_PRIMARY_DNS ? IPCP_ASKS_PRIMARY : 0;
		s->ipcp_asked |= type == IPCP_SECONDARY_DNS ? IPCP_ASKS_SECONDARY : 0;
	}
}

/* The Configure-Nak with the servers there are; false when there is nothing to send. */
static bool ipcp_answer(const struct smf_session *s, struct writer *w)
{
	bool primary = s->ipcp_asked & IPCP_ASKS_PRIMARY && s->dnn->dns_count > 0;
	bool secondary = s->ipcp_asked & IPCP_ASKS_SECONDARY && s->dnn->dns_count > 1;

	if (!primary && !secondary)
		return false;
	writer_u8(w, IPCP_CONFIGURE_NAK);
	writer_u8(w, s->ipcp_id);
	writer_u16(w, (uint16_t)(IPCP_HEADER_LEN + IPCP_DNS_LEN * (primary + secondary)));
	for (int i = 0; i < 2; i++) {
		if (!(i == 0 ? primary : secondary))
			continue;
		writer_u8(w, i == 0 ? IPCP_PRIMARY_DNS : IPCP_SECONDARY_DNS);
		writer_u8(w, IPCP_DNS_LEN);
		writer_u32(w, s->dnn->dns[i]);
	}
	return true;
}

void smf_nas_sm_take_request(struct smf_session *s, const struct nas_pdu_session_establishment_request *m)
{
	s->type_asked = m->has_pdu_session_type ? m->pdu_session_type : 0;
	s->reflective = m->has_gsm_capability && m->gsm_capability.bits & NAS_5GSM_RQOS;
	s->ssc_asked = m->has_ssc_mode ? ssc_mode(m->ssc_mode) : 0;
	s->always_on_asked = m->has_always_on_requested && m->always_on_requested & 1;
	if (m->has_epco) {
		s->dns_asked = nas_pco_find(&m->epco, NAS_PCO_DNS_IPV4) != NULL;
		s->dns6_asked = nas_pco_find(&m->epco, NAS_PCO_DNS_IPV6) != NULL;
		s->dhcp_asked = nas_pco_find(&m->epco, NAS_PCO_IP_ALLOCATION_VIA_DHCPV4) != NULL;
		s->mtu_asked = nas_pco_find(&m->epco, NAS_PCO_IPV4_LINK_MTU) != NULL;
		s->p_cscf_ipv4_asked = nas_pco_find(&m->epco, NAS_PCO_P_CSCF_IPV4) != NULL;
		s->p_cscf_ipv6_asked = nas_pco_find(&m->epco, NAS_PCO_P_CSCF_IPV6) != NULL;
		ipcp_take(s, nas_pco_find(&m->epco, NAS_PCO_IPCP));
	}
}

enum {
	NAS_SM_PCO_MAX = 2 * SMF_DNS_MAX + 2 + SMF_P_CSCF_MAX,
	NAS_SM_PCO_OCTETS = (4 + 16) * SMF_DNS_MAX + 4 + IPCP_MAX + 16 * SMF_P_CSCF_MAX
};

/* 24.008 10.5.6.3: a container for each address of a family that was asked for. */
static size_t nas_sm_p_cscf(const struct smf_session *s, struct nas_pco_item *items, struct writer *w)
{
	size_t n = 0;

	for (uint8_t i = 0; i < s->dnn->p_cscf_count; i++) {
		const struct addr *a = &s->dnn->p_cscfs[i];

		if (!(a->len == 4 ? s->p_cscf_ipv4_asked : s->p_cscf_ipv6_asked))
			continue;
		items[n++] = (struct nas_pco_item){ a->len == 4 ? NAS_PCO_P_CSCF_IPV4 : NAS_PCO_P_CSCF_IPV6,
			bytes_of(w->data + w->len, a->len) };
		writer_put(w, bytes_of(a->ip, a->len));
	}
	return n;
}

/* What of the ePCO was asked for and is known (24.008 10.5.6.3). octets holds the values. */
static size_t nas_sm_pco(const struct smf_session *s, struct nas_pco_item items[NAS_SM_PCO_MAX],
	uint8_t octets[NAS_SM_PCO_OCTETS])
{
	struct writer w = writer_of(octets, NAS_SM_PCO_OCTETS);
	size_t n = 0;

	if (ipcp_answer(s, &w))
		items[n++] = (struct nas_pco_item){ NAS_PCO_IPCP, bytes_of(octets, w.len) };
	for (uint8_t i = 0; s->dns_asked && i < s->dnn->dns_count; i++) {
		items[n++] = (struct nas_pco_item){ NAS_PCO_DNS_IPV4, bytes_of(octets + w.len, 4) };
		writer_u32(&w, s->dnn->dns[i]);
	}
	for (uint8_t i = 0; s->dns6_asked && smf_session_families(s) & SMF_V6 && i < s->dnn->dns6_count;
		i++) {
		items[n++] = (struct nas_pco_item){ NAS_PCO_DNS_IPV6, bytes_of(octets + w.len, 16) };
		writer_u64(&w, s->dnn->dns6[i].high);
		writer_u64(&w, s->dnn->dns6[i].low);
	}
	if (s->mtu_asked) {
		items[n++] = (struct nas_pco_item){ NAS_PCO_IPV4_LINK_MTU, bytes_of(octets + w.len, 2) };
		writer_u16(&w, s->dnn->mtu);
	}
	return n + nas_sm_p_cscf(s, items + n, &w);
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
	struct smf_nas_qos qos = { .rule_count = 0 };
	struct nas_pco_item items[NAS_SM_PCO_MAX];
	uint8_t octets[NAS_SM_PCO_OCTETS];
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
	a->epco = (struct nas_pco){ nas_sm_pco(s, items, octets), items };
	a->has_epco = a->epco.count > 0;
	return nas_sm_encode(smf, &m);
}

/* T3396 (24.501 9.11.2.5): not all that were refused at once come again at once. */
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
	r->has_backoff_timer = cause == NAS_5GSM_INSUFFICIENT_RESOURCES && smf->config.backoff_s;
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
