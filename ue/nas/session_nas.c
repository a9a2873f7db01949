/* The contents of session messages: address, DNS, MTU, AMBR, QoS rules (24.501 8.3.2, 8.3.9). */
#include <stdlib.h>

#include "ue/internal.h"

static uint32_t ipv4_of(struct bytes b)
{
	struct cursor c = cursor_of(b);

	return cursor_u32(&c);
}

static void take_pco(struct ue_session_info *info, const struct nas_pco *pco)
{
	info->dns_count = info->dns6_count = info->p_cscf_count = 0;
	for (size_t i = 0; i < pco->count; i++) {
		const struct nas_pco_item *item = &pco->items[i];
		struct cursor c = cursor_of(item->value);

		if (item->id == NAS_PCO_DNS_IPV4 && item->value.len == 4 && info->dns_count < UE_DNS_MAX)
			info->dns[info->dns_count++] = ipv4_of(item->value);
		else if (item->id == NAS_PCO_DNS_IPV6 && item->value.len == 16 &&
			 info->dns6_count < UE_DNS_MAX)
			info->dns6[info->dns6_count++] = ip_from_v6(item->value.data);
		else if ((item->id == NAS_PCO_IPV4_LINK_MTU || item->id == NAS_PCO_ETHERNET_MTU ||
				 item->id == NAS_PCO_UNSTRUCTURED_MTU) &&
			 item->value.len == 2)
			info->mtu = cursor_u16(&c);
		else if (((item->id == NAS_PCO_P_CSCF_IPV4 && item->value.len == 4) ||
				 (item->id == NAS_PCO_P_CSCF_IPV6 && item->value.len == 16)) &&
			 info->p_cscf_count < UE_P_CSCF_MAX)
			info->p_cscfs[info->p_cscf_count++] = addr_from_bytes(item->value, 0);
		else if (item->id == NAS_PCO_MSISDN &&
			 !nas_bcd_digits(item->value, info->msisdn, sizeof(info->msisdn)))
			info->msisdn[0] = '\0';
	}
}

static void take_ambr(struct ue_session_info *info, const struct nas_session_ambr *ambr)
{
	info->ambr_downlink_kbps = nas_bit_rate_kbps(ambr->downlink);
	info->ambr_uplink_kbps = nas_bit_rate_kbps(ambr->uplink);
}

static bool takes_all(const struct ue_filter *f)
{
	return f->direction == NAS_FILTER_BOTH && !f->never && !f->has_protocol && !f->has_remote &&
	       !f->has_local && !f->has_remote_ports && !f->has_local_ports && !f->tos_mask;
}

static bool is_unstructured(const struct ue_session *s)
{
	return s->type_asked == NAS_PDU_UNSTRUCTURED;
}

void ue_session_qos(const struct ue_session *s, struct ue_qos *out)
{
	if (s->qos) {
		*out = *s->qos;
		return;
	}
	*out = (struct ue_qos){ .rule_count = 1,
		.flow_count = s->five_qi != 0,
		.filter_count = !is_unstructured(s),
		.unstructured = is_unstructured(s),
		.rules = { s->rule },
		.flows = { { .qfi = s->rule.qfi, .five_qi = s->five_qi } },
		.filters = { { .rule = s->rule.id, .id = 1, .direction = NAS_FILTER_BOTH } } };
}

/* False: out of memory. */
static bool keep_qos(struct ue_session *s, const struct ue_qos *q)
{
	bool all = q->unstructured ? q->filter_count == 0 : q->filter_count == 1 && takes_all(&q->filters[0]);
	bool simple = q->rule_count == 1 && q->flow_count <= 1 && all;

	if (!simple && !s->qos) {
		s->qos = malloc(sizeof(*s->qos));
		if (!s->qos)
			return false;
	}
	if (simple) {
		free(s->qos);
		s->qos = NULL;
	} else {
		*s->qos = *q;
	}
	for (uint8_t i = 0; i < q->rule_count; i++)
		if (q->rules[i].is_default)
			s->rule = q->rules[i];
	s->five_qi = ue_qos_flow(q, s->rule.qfi) ? ue_qos_flow(q, s->rule.qfi)->five_qi : 0;
	return true;
}

/* 6.4.1.3: rules are made here, and one of them is the default one. 0: good. */
static uint8_t take_rules(struct ue_qos *q, const struct nas_pdu_session_establishment_accept *a)
{
	*q = (struct ue_qos){ .unstructured = a->pdu_session_type == NAS_PDU_UNSTRUCTURED };
	for (size_t i = 0; i < a->qos_rules.count; i++)
		if (a->qos_rules.items[i].operation != NAS_QOS_RULE_CREATE)
			return NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION;
	return ue_qos_apply(q, &a->qos_rules, a->has_qos_flows ? &a->qos_flows : NULL);
}

static uint64_t identifier_of(struct bytes b)
{
	struct cursor c = cursor_of(b);

	return cursor_u64(&c);
}

/* 6.4.1.3: what was asked for, or one family of both; an address for each family. Some networks have IPv4v6
 * in the address of a session of one family. */
static bool type_is_good(uint8_t asked, const struct nas_pdu_session_establishment_accept *a)
{
	uint8_t type = a->pdu_session_type;

	if (asked > NAS_PDU_IPV4V6) /* 23.501 5.6.10.2, 5.6.10.3: it has no address */
		return type == asked;
	return type >= NAS_PDU_IPV4 && type <= NAS_PDU_IPV4V6 && (type & asked) == type &&
	       a->has_pdu_address && (a->pdu_address.type & type) == type &&
	       a->pdu_address.type <= NAS_PDU_IPV4V6;
}

bool ue_session_take_accept(
	struct ue_session *s, const struct nas_pdu_session_establishment_accept *a, uint8_t *cause)
{
	struct ue_session_info info = s->info;
	struct ue_qos qos;

	*cause = NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE;
	if (!type_is_good(s->type_asked, a))
		return false;
	*cause = take_rules(&qos, a);
	if (*cause)
		return false;
	*cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	if (!keep_qos(s, &qos))
		return false;
	*cause = 0;
	s->rq_timer_s = a->has_rq_timer ? nas_timer2_s(a->rq_timer) : 0;
	info.qfi = s->rule.qfi;
	info.pdu_session_type = a->pdu_session_type;
	info.ssc_mode = a->ssc_mode;
	info.always_on = a->has_always_on_indication && a->always_on_indication & 1;
	if (a->pdu_session_type <= NAS_PDU_IPV4V6 && a->pdu_session_type & NAS_PDU_IPV4)
		info.ipv4 = ipv4_of(BYTES(a->pdu_address.ipv4));
	if (a->pdu_session_type <= NAS_PDU_IPV4V6 && a->pdu_session_type & NAS_PDU_IPV6)
		info.interface_id = identifier_of(BYTES(a->pdu_address.interface_id));
	take_ambr(&info, &a->session_ambr);
	if (a->has_epco)
		take_pco(&info, &a->epco);
	if (a->has_s_nssai)
		info.snssai = a->s_nssai.snssai;
	if (a->has_dnn)
		str_copy(info.dnn, sizeof(info.dnn), a->dnn);
	s->info = info;
	return true;
}

/* Rules derived for flows that have gone go with them (6.2.5.1.4.5). */
static void keep_derived(struct ue_session *s, const struct ue_qos *q)
{
	uint64_t flows = 0;

	for (uint8_t i = 0; i < q->flow_count; i++)
		flows |= UINT64_C(1) << q->flows[i].qfi;
	if (s->reflective)
		ue_reflective_keep(s->reflective, flows);
}

bool ue_session_take_modification(
	struct ue_session *s, const struct nas_pdu_session_modification_command *m, uint8_t *cause)
{
	struct ue_session_info info = s->info;
	struct ue_qos qos;

	ue_session_qos(s, &qos);
	*cause = ue_qos_apply(
		&qos, m->has_qos_rules ? &m->qos_rules : NULL, m->has_qos_flows ? &m->qos_flows : NULL);
	if (*cause)
		return false;
	*cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	if (!keep_qos(s, &qos))
		return false;
	*cause = 0;
	if (m->has_rq_timer)
		s->rq_timer_s = nas_timer2_s(m->rq_timer);
	keep_derived(s, &qos);
	info.qfi = s->rule.qfi;
	if (m->has_session_ambr)
		take_ambr(&info, &m->session_ambr);
	if (m->has_epco)
		take_pco(&info, &m->epco);
	s->info = info;
	return true;
}
