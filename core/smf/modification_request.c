/*
 * UE-requested PDU session modification: 23.502 4.3.3.2 step 1a, 24.501 6.4.2.
 *
 *   UE                  AMF       SMF                 PCF
 *   |-- MODIFICATION REQUEST ----->|                   |    6.4.2.2: filters, a QoS, or the end of a rule
 *   |                    |<- 200 --|-- SmPol Update -->|    29.512 4.2.4.17: RES_MO_RE
 *   |                    |         |<- decision -------|
 *   |<- MODIFICATION COMMAND ------|                   |    session_modification.c, with the request's PTI
 *   |<- MODIFICATION REJECT -------|                   |    6.4.2.4
 *
 * A request beside a procedure of the network's own is ignored, and the UE gives it up (6.3.2.6, 6.4.2.6).
 */
#include <string.h>

#include "base/ip_filter.h"
#include "base/text.h"
#include "core/smf/modification.h"

enum { WISH_TEXT = IP_FILTER_TEXT_MAX, WISH_ID = 4 };

/* What the UE wants, as the PCF is asked for it. */
struct wish {
	struct ue_initiated_resource_request request;
	struct requested_qos qos;
	struct packet_filter_info filters[SMF_FILTERS_MAX];
	char texts[SMF_FILTERS_MAX][WISH_TEXT], ids[SMF_FILTERS_MAX][WISH_ID];
};

static bool filter_address(const struct nas_filter_component *c, struct ip_filter_end *end)
{
	struct cursor in = cursor_of(c->value);

	if (c->type == NAS_FILTER_IPV4_REMOTE) {
		uint32_t ip = cursor_u32(&in), mask = cursor_u32(&in);

		end->bits = (uint8_t)__builtin_popcount(mask);
		end->ip = end->bits ? ip_from_v4(ip & mask) : IP_NONE;
		return end->bits == 0 || mask == UINT32_MAX << (32 - end->bits);
	}
	end->ip.high = cursor_u64(&in);
	end->ip.low = cursor_u64(&in);
	end->bits = cursor_u8(&in);
	return end->bits <= 128 && (end->bits == 0 || ip_family(end->ip) == IP_FAMILY_V6);
}

static bool filter_ports(const struct nas_filter_component *c, struct ip_filter_end *end)
{
	struct cursor in = cursor_of(c->value);
	uint16_t low = cursor_u16(&in), high = c->value.len == 4 ? cursor_u16(&in) : low;

	if (end->range_count > 0 || low > high)
		return false;
	end->range_count = 1;
	end->ranges[0] = (struct ip_filter_range){ low, high };
	return true;
}

/* 0, or the 5GSM cause: #45 for what is malformed, #44 for what no rule of ours can say (6.4.2.4). */
static uint8_t filter_component(const struct nas_filter_component *c, struct ip_filter *f)
{
	bool good = true;

	switch (c->type) {
	case NAS_FILTER_MATCH_ALL:
		break;
	case NAS_FILTER_IPV4_REMOTE:
	case NAS_FILTER_IPV6_REMOTE:
		good = filter_address(c, &f->from);
		break;
	case NAS_FILTER_PROTOCOL:
		good = f->any_protocol;
		f->any_protocol = false;
		f->protocol = c->value.data[0];
		break;
	case NAS_FILTER_LOCAL_PORT:
	case NAS_FILTER_LOCAL_PORT_RANGE:
		good = filter_ports(c, &f->to);
		break;
	case NAS_FILTER_REMOTE_PORT:
	case NAS_FILTER_REMOTE_PORT_RANGE:
		good = filter_ports(c, &f->from);
		break;
	default:
		return NAS_5GSM_SEMANTIC_ERRORS_IN_PACKET_FILTER_S;
	}
	return good ? 0 : NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S;
}

static uint8_t wish_filter(const struct nas_packet_filter *in, char text[WISH_TEXT])
{
	struct ip_filter f = { .any_protocol = true, .to.is_assigned = true };
	struct writer w = writer_of((uint8_t *)text, WISH_TEXT - 1);

	if (in->component_count == 0)
		return NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S;
	for (size_t i = 0; i < in->component_count; i++) {
		uint8_t cause = filter_component(&in->components[i], &f);

		if (cause)
			return cause;
	}
	if (!ip_filter_write(&f, &w))
		return NAS_5GSM_INSUFFICIENT_RESOURCES;
	text[w.len] = '\0';
	return 0;
}

static enum flow_direction direction_of(uint8_t d)
{
	return d == NAS_FILTER_UPLINK     ? FLOW_DIRECTION_UPLINK
	       : d == NAS_FILTER_DOWNLINK ? FLOW_DIRECTION_DOWNLINK
					  : FLOW_DIRECTION_BIDIRECTIONAL;
}

static uint8_t wish_filters(const struct nas_qos_rule *rule, struct wish *out)
{
	bool texts = rule->operation != NAS_QOS_RULE_DELETE_FILTERS;

	if (rule->filter_count > SMF_FILTERS_MAX)
		return NAS_5GSM_INSUFFICIENT_RESOURCES;
	for (size_t i = 0; i < rule->filter_count; i++) {
		struct writer w = writer_of((uint8_t *)out->ids[i], WISH_ID);
		uint8_t cause = texts ? wish_filter(&rule->filters[i], out->texts[i]) : 0;

		if (cause)
			return cause;
		text_put(&w, "%u%c", rule->filters[i].id, 0);
		out->filters[i] = (struct packet_filter_info){ .pack_filt_id = out->ids[i],
			.pack_filt_cont = texts ? out->texts[i] : NULL,
			.flow_direction =
				texts ? direction_of(rule->filters[i].direction) : FLOW_DIRECTION_ABSENT };
	}
	out->request.pack_filt_info.count = (uint32_t)rule->filter_count;
	out->request.pack_filt_info.items = out->filters;
	return 0;
}

static void wish_qos(const struct nas_qos_flow *f, struct wish *out)
{
	out->qos = (struct requested_qos){ .five_qi = f->has_five_qi ? f->five_qi : 0,
		.has_gbr_ul = f->has_gfbr_uplink,
		.gbr_ul = nas_bit_rate_kbps(f->gfbr_uplink) * 1000,
		.has_gbr_dl = f->has_gfbr_downlink,
		.gbr_dl = nas_bit_rate_kbps(f->gfbr_downlink) * 1000 };
	out->request.req_qos = &out->qos;
}

static const struct smf_flow *flow_of_rule_id(const struct smf_session *s, uint8_t id)
{
	for (uint8_t i = 0; i < s->flows.count; i++)
		if (smf_flow_get(&s->flows, i)->rule_id == id && !smf_flow_get(&s->flows, i)->leaving)
			return smf_flow_get(&s->flows, i);
	return NULL;
}

/* 6.4.2.4 a: a rule that there is not cannot be changed, and the default one is the network's. */
static uint8_t wish_rule(const struct smf_session *s, const struct nas_qos_rule *rule, struct wish *out)
{
	static const enum rule_operation operations[] = {
		[NAS_QOS_RULE_CREATE] = RULE_OPERATION_CREATE_PCC_RULE,
		[NAS_QOS_RULE_DELETE] = RULE_OPERATION_DELETE_PCC_RULE,
		[NAS_QOS_RULE_ADD_FILTERS] = RULE_OPERATION_MODIFY_PCC_RULE_AND_ADD_PACKET_FILTERS,
		[NAS_QOS_RULE_REPLACE_FILTERS] = RULE_OPERATION_MODIFY__PCC_RULE_AND_REPLACE_PACKET_FILTERS,
		[NAS_QOS_RULE_DELETE_FILTERS] = RULE_OPERATION_MODIFY__PCC_RULE_AND_DELETE_PACKET_FILTERS,
		[NAS_QOS_RULE_MODIFY] = RULE_OPERATION_MODIFY_PCC_RULE_WITHOUT_MODIFY_PACKET_FILTERS,
	};
	bool create = rule->operation == NAS_QOS_RULE_CREATE;
	bool filters = rule->operation != NAS_QOS_RULE_DELETE && rule->operation != NAS_QOS_RULE_MODIFY;
	const struct smf_flow *f = create ? NULL : flow_of_rule_id(s, rule->id);

	if (rule->is_default || (!create && (!f || !f->match)))
		return NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION;
	if (filters != (rule->filter_count > 0))
		return NAS_5GSM_SYNTACTICAL_ERROR_IN_THE_QOS_OPERATION;
	out->request.rule_op = operations[rule->operation];
	out->request.pcc_rule_id = f ? f->match->pcc_rule_id : NULL;
	out->request.has_precedence = rule->has_precedence;
	out->request.precedence = rule->precedence;
	return wish_filters(rule, out);
}

/* 0 with *asks: whether the PCF has anything to say of it. */
static uint8_t read_wish(const struct smf_session *s, const struct nas_pdu_session_modification_request *m,
	struct wish *out, bool *asks)
{
	uint8_t cause;

	*asks = m->has_qos_rules || m->has_qos_flows;
	if (!*asks)
		return 0;
	/* One rule, with one flow, at a time: more are not supported. */
	if ((m->has_qos_rules && m->qos_rules.count != 1) || (m->has_qos_flows && m->qos_flows.count != 1))
		return NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED;
	if (!m->has_qos_rules)
		return NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION;
	cause = wish_rule(s, &m->qos_rules.items[0], out);
	if (cause)
		return cause;
	if (m->has_qos_flows && out->request.rule_op != RULE_OPERATION_DELETE_PCC_RULE)
		wish_qos(&m->qos_flows.items[0], out);
	else if (out->request.rule_op == RULE_OPERATION_CREATE_PCC_RULE)
		return NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION; /* without a flow */
	return 0;
}

static void modify_refuse(struct smf *smf, struct smf_session *s, uint8_t pti, uint8_t cause)
{
	smf->stat[SMF_STAT_MODIFICATIONS_REFUSED]++;
	log_info(smf->nf.env->log, "imsi-%s: PDU session %u: what the UE asks for is refused: %s",
		s->supi.imsi, s->pdu_session_id, nas_5gsm_cause_name(cause));
	smf_modification_end(smf, s);
	smf_n11_command(smf, s,
		smf_nas_sm_refusal(smf, NAS_PDU_SESSION_MODIFICATION_REJECT, s->pdu_session_id, pti, cause),
		BYTES_NONE);
}

/* Npcf_SMPolicyControl_Update. */
static void ask_pcf(struct smf *smf, struct smf_session *s, const struct wish *wish)
{
	static const enum policy_control_request_trigger trigger = POLICY_CONTROL_REQUEST_TRIGGER_RES_MO_RE;
	struct npcf_sm_policy_update_req req = { s->policy_id,
		{ .rep_policy_ctrl_req_triggers = { 1, &trigger }, .ue_init_res_req = &wish->request } };

	sbi_call(smf->nf.self, s->pcf, SBI_PCF_SM_POLICY_UPDATE, &req,
		(struct sbi_token){ .context = s->seid,
			.generation = s->modification->generation,
			.step = SMF_STEP_REQUEST,
			.whose = supi_key(&s->supi) });
}

/* 24.501 6.4.2.2: the UE derives rules no more. What has been told UPF and gNB of it is taken back. */
static void take_capability(struct smf_session *s, const struct nas_pdu_session_modification_request *m)
{
	if (!m->has_gsm_capability)
		return;
	s->reflective = m->gsm_capability.bits & NAS_5GSM_RQOS;
	for (uint8_t i = 1; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (s->reflective || !f->match->reflective)
			continue;
		f->match->reflective = false;
		f->at |= FLOW_UPF_OLD | FLOW_GNB_OLD;
		s->n4_again = true;
	}
}

enum fsm_outcome smf_modify_request(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	uint8_t pti = u->n1->pti, cause;
	struct wish wish = { .qos.five_qi = 0 };
	bool asks;

	smf_n11_reply(u, SBI_OK, NULL);
	smf->stat[SMF_STAT_MODIFICATION_REQUESTS]++;
	cause = read_wish(s, &u->n1->pdu_session_modification_request, &wish, &asks);
	if (!cause && !smf_modification_begin(smf, s))
		cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	if (!cause && asks && !s->policy_id[0])
		cause = NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED;
	if (cause) {
		modify_refuse(smf, s, pti, cause);
		return FSM_REFUSED;
	}
	take_capability(s, &u->n1->pdu_session_modification_request);
	s->modification->pti = pti;
	s->modification->generation = ++smf->generation;
	if (asks)
		ask_pcf(smf, s, &wish);
	else
		smf_session_event(smf, s, SM_EV_AUTHORIZED, NULL);
	return FSM_OK;
}

/* One is under way: the UE gives this one up, or has sent it again (6.3.2.6). */
enum fsm_outcome smf_modify_collision(void *room, void *context, const void *arg)
{
	struct smf *smf = room;

	smf->stat[SMF_STAT_MODIFICATION_COLLISIONS]++;
	smf_n11_reply(arg, SBI_OK, NULL);
	return FSM_OK;
}

static uint8_t refusal_cause(enum sbi_cause cause)
{
	switch (cause) {
	case SBI_REQUESTED_SERVICE_NOT_AUTHORIZED:
		return NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED;
	case SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED:
		return NAS_5GSM_SEMANTIC_ERRORS_IN_PACKET_FILTER_S;
	case SBI_INSUFFICIENT_RESOURCES:
		return NAS_5GSM_INSUFFICIENT_RESOURCES;
	case SBI_CONTEXT_NOT_FOUND:
		return NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED;
	default:
		return NAS_5GSM_NETWORK_FAILURE;
	}
}

/* arg is NULL where the PCF had nothing to say. */
enum fsm_outcome smf_modify_authorized(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sbi_answer *a = arg;
	const struct npcf_sm_policy_update_rsp *rsp = a ? a->body : NULL;
	uint8_t pti = s->modification->pti, cause = a && a->cause != SBI_OK ? refusal_cause(a->cause) : 0;

	if (!cause && rsp && !smf_policy_take(smf, s, &rsp->data))
		cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	if (!cause) {
		smf_modify_prepare(smf, s);
		if (smf_modification_command(smf, s, pti))
			return FSM_OK;
		cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	}
	modify_refuse(smf, s, pti, cause);
	return FSM_REFUSED;
}
