/*
 * NG Setup and RAN Configuration Update, 38.413 8.7.1 and 8.7.2.
 *
 *   gNB -> AMF  NG SETUP REQUEST                        8.7.1.2
 *   AMF -> gNB  NG SETUP RESPONSE, NG SETUP FAILURE     8.7.1.2; 8.7.1.3 with the cause
 *   gNB -> AMF  RAN CONFIGURATION UPDATE                8.7.2.2
 *   AMF -> gNB  ... ACKNOWLEDGE, ... FAILURE            8.7.2.2; 8.7.2.3 with the cause
 */
#include "core/amf/ran.h"

#include <stdlib.h>

/* What a failing setup is answered with; OK when it does not fail. */
enum setup_result {
	SETUP_OK,
	SETUP_UNKNOWN_PLMN,
	SETUP_NO_SLICE,
	SETUP_DUPLICATE,
	SETUP_BAD_NODE,
	SETUP_EXHAUSTED
};

uint64_t amf_node_id(const struct ngap_global_ran_node_id *id)
{
	const struct ngap_global_gnb_id *gnb = &id->u.global_gnb_id;
	struct cursor c;

	if (id->tag != NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID || gnb->gnb_id.tag != NGAP_GNB_ID_TAG_GNB_ID)
		return 0;
	c = cursor_of(gnb->plmn_identity);
	return (uint64_t)cursor_u24(&c) << 40 | (uint64_t)gnb->gnb_id.u.gnb_id.len_bits << 32 |
	       per_bits_uint(gnb->gnb_id.u.gnb_id, gnb->gnb_id.u.gnb_id.len_bits);
}

static bool has_our_slice(const struct amf *amf, const struct ngap_slice_support_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct snssai s = ngap_snssai(&list->items[i].s_nssai);

		if (amf_serves_slice(amf, &s))
			return true;
	}
	return false;
}

/* The tracking areas of the gNB in this AMF's PLMN and slices, of which it serves one at least; *count of
 * them in out. */
static enum setup_result match_tas(const struct amf *amf, const struct ngap_supported_ta_list *list,
	struct tai out[AMF_TAIS_PER_GNB_MAX], uint16_t *count)
{
	enum setup_result result = SETUP_UNKNOWN_PLMN;

	*count = 0;
	for (size_t t = 0; t < list->count; t++) {
		const struct ngap_supported_ta_item *ta = &list->items[t];

		for (size_t p = 0; p < ta->broadcast_plmn_list.count; p++) {
			const struct ngap_broadcast_plmn_item *b = &ta->broadcast_plmn_list.items[p];
			struct plmn plmn = ngap_plmn(b->plmn_identity);

			bool served = amf_serves_tac(amf, ngap_tac(ta->tac));

			if (!plmn_equal(&plmn, &amf->config.guami.plmn))
				continue;
			if (!has_our_slice(amf, &b->tai_slice_support_list)) {
				if (served && result == SETUP_UNKNOWN_PLMN)
					result = SETUP_NO_SLICE;
			} else if (*count < AMF_TAIS_PER_GNB_MAX) {
				out[(*count)++] = (struct tai){ plmn, ngap_tac(ta->tac) };
				result = served ? SETUP_OK : result;
			}
		}
	}
	return result;
}

static bool gnb_take_tais(struct amf_gnb *gnb, const struct tai *tais, uint16_t count)
{
	struct tai *copy = calloc(count, sizeof(*copy));

	if (!copy)
		return false;
	for (uint16_t i = 0; i < count; i++)
		copy[i] = tais[i];
	free(gnb->tais);
	gnb->tais = copy;
	gnb->tai_count = count;
	return true;
}

/*
 * Another association of the same node: a node that restarted may take its place, at the same address;
 * anybody else is refused until the old association has ended.
 */
static bool take_over(struct amf *amf, const struct amf_gnb *gnb, uint64_t node_id)
{
	const struct amf_gnb *old = amf_gnb_by_node(amf, node_id);
	struct msg close = { .kind = MSG_DOWN, .port = amf->config.n2_port };

	if (!old || old == gnb || old->absent)
		return true;
	if (!addr_same_host(&old->peer, &gnb->peer))
		return false;
	close.assoc = old->assoc;
	may_fail(outbox_put(amf->nf.env->outbox, &close)); /* the old association is forgotten anyway */
	amf_gnb_down(amf, old->assoc);
	return true;
}

/*
 * 8.7.1.2: what the gNB and the AMF have of UEs is kept where the gNB proposes it and the AMF has it, from a
 * gNB at that address; else it is erased. True when it is kept.
 */
static bool take_ues(struct amf *amf, struct amf_gnb *gnb, uint64_t node_id, bool proposed)
{
	struct amf_gnb *old = amf_gnb_by_node(amf, node_id);

	if (old && old != gnb && proposed && addr_same_host(&old->peer, &gnb->peer))
		amf_gnb_returns(amf, old, gnb);
	else if (old && old != gnb)
		amf_gnb_forget(amf, old);
	if (!proposed)
		amf_gnb_drop_connections(amf, gnb);
	return gnb->connection_count > 0;
}

/* Checks everything, then changes the gNB's context. */
static enum setup_result ng_setup(
	struct amf *amf, struct amf_gnb *gnb, const struct ngap_ng_setup_request *m, bool *retained)
{
	struct tai tais[AMF_TAIS_PER_GNB_MAX];
	uint64_t node_id = amf_node_id(&m->global_ran_node_id);
	enum setup_result result;
	uint16_t count;

	if (node_id == 0)
		return SETUP_BAD_NODE;
	result = match_tas(amf, &m->supported_ta_list, tais, &count);
	if (result != SETUP_OK)
		return result;
	if (!take_over(amf, gnb, node_id))
		return SETUP_DUPLICATE;
	if (!gnb_take_tais(gnb, tais, count))
		return SETUP_EXHAUSTED;
	*retained = take_ues(amf, gnb, node_id,
		m->has_ue_retention_information &&
			m->ue_retention_information == NGAP_UE_RETENTION_INFORMATION_UES_RETAINED);
	if (gnb->node_id)
		hash_remove(&amf->gnb_by_node, &gnb->by_node);
	timer_stop(&amf->nf.timers, &gnb->setup_guard);
	gnb->node_id = node_id;
	hash_insert(&amf->gnb_by_node, &gnb->by_node, node_id, 0);
	if (m->has_ran_node_name)
		str_copy(gnb->name,
			m->ran_node_name.len < sizeof(gnb->name) ? m->ran_node_name.len + 1
								 : sizeof(gnb->name),
			(const char *)m->ran_node_name.data);
	return SETUP_OK;
}

static const struct setup_cause {
	const char *text;
	struct ngap_cause cause;
} setup_causes[] = {
	[SETUP_UNKNOWN_PLMN] = { "none of its tracking areas and PLMNs is served here (see plmn and tacs)",
		{ NGAP_CAUSE_TAG_MISC, { .misc = NGAP_CAUSE_MISC_UNKNOWN_PLMN_OR_SNPN } } },
	[SETUP_NO_SLICE] = { "none of its slices is served here (see slices)",
		{ NGAP_CAUSE_TAG_RADIO_NETWORK,
			{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_SLICE_NOT_SUPPORTED } } },
	[SETUP_DUPLICATE] = { "its Global RAN Node ID is in use from another address",
		{ NGAP_CAUSE_TAG_MISC, { .misc = NGAP_CAUSE_MISC_UNSPECIFIED } } },
	[SETUP_BAD_NODE] = { "it is not a gNB",
		{ NGAP_CAUSE_TAG_MISC, { .misc = NGAP_CAUSE_MISC_UNSPECIFIED } } },
	[SETUP_EXHAUSTED] = { "memory is out",
		{ NGAP_CAUSE_TAG_MISC, { .misc = NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD } } },
};

static void ng_setup_failure(struct amf *amf, struct amf_gnb *gnb, enum setup_result result)
{
	struct ngap_ng_setup_failure m = { .cause = setup_causes[result].cause };

	amf->stat[AMF_STAT_NG_SETUP_FAILURES]++;
	log_warn(amf->nf.env->log, "gNB %s: NG Setup refused: %s", gnb->name, setup_causes[result].text);
	m.has_time_to_wait = true;
	m.time_to_wait = NGAP_TIME_TO_WAIT_V10S;
	if (gnb->node_id == 0)
		amf_gnb_guard_setup(amf, gnb, 2);
	amf_n2_send(amf, gnb, 0, NGAP_MSG_NG_SETUP_FAILURE, &m);
}

bool amf_plmn_support(struct amf *amf, const struct nssai *told,
	struct ngap_slice_support_item slices[SNSSAI_MAX], struct ngap_plmn_support_item *out)
{
	out->plmn_identity = ngap_plmn_of(&amf->config.guami.plmn, &amf->arena);
	out->slice_support_list = (struct ngap_slice_support_list){ told->count, slices };
	for (uint8_t i = 0; i < told->count; i++)
		if (!ngap_s_nssai_of(&told->items[i], &amf->arena, &slices[i].s_nssai))
			return false;
	return out->plmn_identity.data != NULL;
}

static bool ng_setup_response(struct amf *amf, struct amf_gnb *gnb, bool retained)
{
	struct ngap_slice_support_item slices[SNSSAI_MAX] = { 0 };
	struct ngap_served_guami_item guami = { 0 };
	struct ngap_plmn_support_item plmn = { 0 };
	struct ngap_ng_setup_response m = {
		.amf_name = bytes_of_str(amf->config.name),
		.served_guami_list = { 1, &guami },
		.relative_amf_capacity = amf->config.relative_capacity,
		.plmn_support_list = { 1, &plmn },
		.has_ue_retention_information = retained,
		.ue_retention_information = NGAP_UE_RETENTION_INFORMATION_UES_RETAINED,
	};

	if (!ngap_guami_of(&amf->config.guami, &amf->arena, &guami.guami) ||
		!amf_plmn_support(amf, &gnb->slices, slices, &plmn))
		return false;
	return amf_n2_send(amf, gnb, 0, NGAP_MSG_NG_SETUP_RESPONSE, &m);
}

void amf_ng_setup_request(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	bool retained = false;
	enum setup_result result = ng_setup(amf, gnb, body, &retained);

	if (result != SETUP_OK) {
		ng_setup_failure(amf, gnb, result);
		return;
	}
	amf->stat[AMF_STAT_NG_SETUPS]++;
	gnb->capacity = amf->config.relative_capacity;
	gnb->slices = amf_slices(amf);
	gnb->setup_s = env_utc_ms(amf->nf.env) / MS_PER_S;
	amf_gnb_alarm(amf, gnb, false);
	log_info(amf->nf.env->log, "gNB %s is set up with %u tracking areas", gnb->name, gnb->tai_count);
	if (ng_setup_response(amf, gnb, retained) && retained)
		amf_gnb_reconcile(amf, gnb);
	amf_load_tell(amf, gnb);
	amf_warning_tell(amf, gnb);
}

void amf_ran_configuration_update(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_ran_configuration_update *m = body;
	struct ngap_ran_configuration_update_acknowledge ack = { 0 };
	struct ngap_ran_configuration_update_failure failure = { 0 };
	struct tai tais[AMF_TAIS_PER_GNB_MAX];
	enum setup_result result = SETUP_OK;
	uint16_t count = 0;

	if (m->supported_ta_list)
		result = match_tas(amf, m->supported_ta_list, tais, &count);
	if (result == SETUP_OK && count > 0 && !gnb_take_tais(gnb, tais, count))
		result = SETUP_EXHAUSTED;
	if (result == SETUP_OK) {
		amf_n2_send(amf, gnb, 0, NGAP_MSG_RAN_CONFIGURATION_UPDATE_ACKNOWLEDGE, &ack);
		return;
	}
	log_warn(amf->nf.env->log, "gNB %s: RAN Configuration Update refused: %s", gnb->name,
		setup_causes[result].text);
	failure.cause = setup_causes[result].cause;
	failure.has_time_to_wait = true; /* tacs may be about to change here, too */
	failure.time_to_wait = NGAP_TIME_TO_WAIT_V2S;
	amf_n2_send(amf, gnb, 0, NGAP_MSG_RAN_CONFIGURATION_UPDATE_FAILURE, &failure);
}
