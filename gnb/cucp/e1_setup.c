/* E1 Setup, Configuration Update and Release at the CU-CP (37.483 8.2.3 to 8.2.8), and which CU-UP is taken.
 */
#include "gnb/cucp/e1ap_parts.h"

static struct bytes name_of(const struct cucp_e1ap *e)
{
	return e->config.name ? bytes_of_str(e->config.name) : BYTES_NONE;
}

static bool support_add(struct cucp_e1_up *u, const struct plmn *plmn, bool any, struct snssai snssai)
{
	if (u->support_count == CUCP_E1_SUPPORTS_MAX)
		return false;
	u->supports[u->support_count++] = (struct cucp_e1_support){ *plmn, any, snssai };
	return true;
}

static bool is_served(const struct cucp_e1ap *e, const struct plmn *plmn)
{
	bool served = false;

	for (size_t i = 0; i < e->config.plmn_count; i++)
		served = served || plmn_equal(&e->config.plmns[i], plmn);
	return served;
}

/* PLMNs that are ours; false: none is, or there are too many slices. */
static bool supports_read(
	const struct cucp_e1ap *e, const struct e1ap_supported_plmns_list *in, struct cucp_e1_up *u)
{
	bool ok = true;

	u->support_count = 0;
	for (size_t i = 0; i < in->count; i++) {
		const struct e1ap_slice_support_list *slices = in->items[i].slice_support_list;
		struct plmn plmn = plmn_from_ap(in->items[i].plmn_identity.data);

		if (!is_served(e, &plmn))
			continue;
		if (!slices)
			ok = ok && support_add(u, &plmn, true, (struct snssai){ 0 });
		for (size_t k = 0; slices && k < slices->count; k++)
			ok = ok && support_add(u, &plmn, false, e1ap_snssai_read(&slices->items[k].snssai));
	}
	return ok && u->support_count > 0;
}

static bool supports(const struct cucp_e1_up *u, const struct plmn *plmn, const struct snssai *snssai)
{
	for (uint16_t i = 0; i < u->support_count; i++)
		if (plmn_equal(&u->supports[i].plmn, plmn) &&
			(u->supports[i].any || snssai_equal(&u->supports[i].snssai, snssai)))
			return true;
	return false;
}

/* a would have less to do than b with one more, each for what it can (gNB-CU-UP Capacity). */
static bool is_freer(const struct cucp_e1_up *a, const struct cucp_e1_up *b)
{
	if (a->silent != b->silent) /* it may be gone: SCTP takes its time to tell */
		return b->silent;
	if ((a->capacity == 0) != (b->capacity == 0)) /* it is to become empty */
		return b->capacity == 0;
	return (a->contexts + UINT64_C(1)) * (b->capacity + 1u) <
	       (b->contexts + UINT64_C(1)) * (a->capacity + 1u);
}

struct cucp_e1_up *cucp_e1_choose(struct cucp_e1ap *e, const struct plmn *plmn, const struct snssai *snssai)
{
	struct cucp_e1_up *best = NULL;

	for (uint32_t i = 0; i < e->config.ups_max; i++) {
		struct cucp_e1_up *u = &e->ups[i];

		if (u->up && !u->overloaded && supports(u, plmn, snssai) && (!best || is_freer(u, best)))
			best = u;
	}
	return best;
}

void cucp_e1_lost(struct cucp_e1ap *e, uint32_t up)
{
	struct cucp_e1_up *u = &e->ups[up];
	struct e1ap_cause cause = { .tag = E1AP_CAUSE_TAG_TRANSPORT,
		.u.transport = E1AP_CAUSE_TRANSPORT_UNSPECIFIED };

	u->up = u->overloaded = u->releasing = u->silent = false;
	timer_stop(&e->timers, &u->setup);
	cucp_e1_drop_all(e, up, &cause);
}

/* 8.2.3.1, 8.2.4.1: what was there before is erased. */
static bool up_begin(struct cucp_e1ap *e, uint32_t up, uint64_t id, const uint8_t *capacity,
	const struct e1ap_supported_plmns_list *plmns)
{
	struct cucp_e1_up *u = &e->ups[up];

	cucp_e1_lost(e, up);
	if (!supports_read(e, plmns, u))
		return false;
	u->id = id;
	u->capacity = capacity ? *capacity : UINT8_MAX;
	u->up = true;
	return true;
}

static const struct e1ap_cause id_is_taken = { .tag = E1AP_CAUSE_TAG_PROTOCOL,
	.u.protocol = E1AP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE };

/* The gNB-CU-UP ID is one CU-UP's alone. False: another has it. */
static bool id_is_free(struct cucp_e1ap *e, uint32_t up, uint64_t id)
{
	uint32_t old = cucp_e1_up_of(e, id);

	if (old == e->config.ups_max || old == up)
		return true;
	if (e->config.again && !e->config.again(e->config.arg, up, old))
		return false;
	cucp_e1_lost(e, old);
	return true;
}

static void up_setup(struct cucp_e1ap *e, uint32_t up, const struct e1ap_gnb_cu_up_e1_setup_request *in)
{
	struct e1ap_gnb_cu_up_e1_setup_response m = { .transaction_id = in->transaction_id,
		.has_gnb_cu_cp_name = e->config.name != NULL,
		.gnb_cu_cp_name = name_of(e) };
	struct e1ap_gnb_cu_up_e1_setup_failure f = { .transaction_id = in->transaction_id,
		.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_RESOURCES_NOT_AVAILABLE_FOR_THE_SLICE),
		.has_time_to_wait = true,
		.time_to_wait = E1AP_TIME_TO_WAIT_V60S };

	if (!id_is_free(e, up, in->gnb_cu_up_id)) {
		f.cause = id_is_taken;
		f.time_to_wait = E1AP_TIME_TO_WAIT_V10S;
	} else if (in->cn_support != E1AP_CN_SUPPORT_C_EPC &&
		   up_begin(e, up, in->gnb_cu_up_id,
			   in->has_gnb_cu_up_capacity ? &in->gnb_cu_up_capacity : NULL,
			   &in->supported_plmns)) {
		may_fail(cucp_e1_send(e, up, E1AP_MSG_GNB_CU_UP_E1_SETUP_RESPONSE, &m));
		return;
	}
	cucp_e1_lost(e, up);
	e->stats.refused++;
	may_fail(cucp_e1_send(e, up, E1AP_MSG_GNB_CU_UP_E1_SETUP_FAILURE, &f));
}

/* 8.2.7: who has asked may end the association. */
static void release_over(struct cucp_e1ap *e, uint32_t up)
{
	e->ups[up].releasing = false;
	timer_stop(&e->timers, &e->ups[up].setup);
	if (e->config.released)
		e->config.released(e->config.arg, up);
}

static void setup_again(void *owner, struct timer *t)
{
	struct cucp_e1_up *u = container_of(t, struct cucp_e1_up, setup);
	uint32_t up = (uint32_t)(u - u->e->ups);

	if (u->releasing) /* unanswered */
		release_over(owner, up);
	else
		cucp_e1_begin(owner, up);
}

static void setup_after(struct cucp_e1_up *u, uint32_t ms)
{
	timer_set(&u->e->timers, &u->setup, env_now_ns(u->e->config.env) + ms * (uint64_t)NS_PER_MS,
		setup_again);
}

void cucp_e1_begin(struct cucp_e1ap *e, uint32_t up)
{
	struct e1ap_gnb_cu_cp_e1_setup_request m = { .transaction_id = ++e->transaction,
		.has_gnb_cu_cp_name = e->config.name != NULL,
		.gnb_cu_cp_name = name_of(e) };

	cucp_e1_lost(e, up);
	e->ups[up].setup_transaction = e->transaction;
	may_fail(cucp_e1_send(e, up, E1AP_MSG_GNB_CU_CP_E1_SETUP_REQUEST, &m));
	setup_after(&e->ups[up], CUCP_E1_SETUP_MS);
}

void cucp_e1_expect(struct cucp_e1ap *e, uint32_t up)
{
	cucp_e1_lost(e, up);
	setup_after(&e->ups[up], CUCP_E1_SETUP_MS);
}

static void cp_setup_answered(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_gnb_cu_cp_e1_setup_response *in)
{
	struct cucp_e1_up *u = &e->ups[up];

	if (!timer_is_set(&u->setup) || in->transaction_id != u->setup_transaction)
		e->stats.not_comprehended++;
	else if (!up_begin(e, up, in->gnb_cu_up_id,
			 in->has_gnb_cu_up_capacity ? &in->gnb_cu_up_capacity : NULL, &in->supported_plmns))
		cucp_e1_release(e, up); /* of no use to us */
}

void cucp_e1_setup_message(struct cucp_e1ap *e, uint32_t up, const struct e1ap_pdu *pdu)
{
	const struct e1ap_gnb_cu_cp_e1_setup_failure *f;

	switch (pdu->message) {
	case E1AP_MSG_GNB_CU_UP_E1_SETUP_REQUEST:
		up_setup(e, up, pdu->u.gnb_cu_up_e1_setup_request);
		break;
	case E1AP_MSG_GNB_CU_CP_E1_SETUP_RESPONSE:
		cp_setup_answered(e, up, pdu->u.gnb_cu_cp_e1_setup_response);
		break;
	case E1AP_MSG_GNB_CU_CP_E1_SETUP_FAILURE: /* 8.2.4.3 */
		f = pdu->u.gnb_cu_cp_e1_setup_failure;
		if (timer_is_set(&e->ups[up].setup) && f->transaction_id == e->ups[up].setup_transaction)
			setup_after(&e->ups[up],
				f->has_time_to_wait ? e1ap_wait_ms(f->time_to_wait) : CUCP_E1_SETUP_MS);
		break;
	case E1AP_MSG_E1_RELEASE_RESPONSE:
		if (e->ups[up].releasing)
			release_over(e, up);
		break;
	default:
		e->stats.not_comprehended++;
	}
}

/* 8.2.5: what is said anew takes the place of what was; contexts stay. */
static void up_update(struct cucp_e1ap *e, uint32_t up, const struct e1ap_gnb_cu_up_configuration_update *in)
{
	struct cucp_e1_up *u = &e->ups[up], next = *u;
	struct e1ap_gnb_cu_up_configuration_update_acknowledge m = { .transaction_id = in->transaction_id };
	struct e1ap_gnb_cu_up_configuration_update_failure f = { .transaction_id = in->transaction_id,
		.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_RESOURCES_NOT_AVAILABLE_FOR_THE_SLICE),
		.has_time_to_wait = true,
		.time_to_wait = E1AP_TIME_TO_WAIT_V60S };
	uint32_t whose = cucp_e1_up_of(e, in->gnb_cu_up_id);
	bool taken = whose != up && whose != e->config.ups_max;

	if (taken)
		f.cause = id_is_taken;
	if (taken || (in->supported_plmns && !supports_read(e, in->supported_plmns, &next))) {
		e->stats.refused++;
		may_fail(cucp_e1_send(e, up, E1AP_MSG_GNB_CU_UP_CONFIGURATION_UPDATE_FAILURE, &f));
		return;
	}
	for (uint16_t i = 0; i < next.support_count; i++)
		u->supports[i] = next.supports[i];
	u->support_count = next.support_count;
	u->id = in->gnb_cu_up_id;
	if (in->has_gnb_cu_up_capacity)
		u->capacity = in->gnb_cu_up_capacity;
	may_fail(cucp_e1_send(e, up, E1AP_MSG_GNB_CU_UP_CONFIGURATION_UPDATE_ACKNOWLEDGE, &m));
}

void cucp_e1_release(struct cucp_e1ap *e, uint32_t up)
{
	struct e1ap_e1_release_request m = { .transaction_id = ++e->transaction,
		.cause = { .tag = E1AP_CAUSE_TAG_MISC, .u.misc = E1AP_CAUSE_MISC_OM_INTERVENTION } };

	may_fail(cucp_e1_send(e, up, E1AP_MSG_E1_RELEASE_REQUEST, &m));
	cucp_e1_lost(e, up);
	e->ups[up].releasing = true;
	setup_after(&e->ups[up], CUCP_E1_SETUP_MS);
}

static void released(struct cucp_e1ap *e, uint32_t up, const struct e1ap_e1_release_request *in)
{
	struct e1ap_e1_release_response m = { .transaction_id = in->transaction_id };

	cucp_e1_lost(e, up);
	may_fail(cucp_e1_send(e, up, E1AP_MSG_E1_RELEASE_RESPONSE, &m));
}

void cucp_e1_interface(struct cucp_e1ap *e, uint32_t up, const struct e1ap_pdu *pdu)
{
	struct cucp_e1_up *u = &e->ups[up];

	switch (pdu->message) {
	case E1AP_MSG_GNB_CU_UP_E1_SETUP_REQUEST:
		up_setup(e, up, pdu->u.gnb_cu_up_e1_setup_request);
		break;
	case E1AP_MSG_GNB_CU_UP_CONFIGURATION_UPDATE:
		up_update(e, up, pdu->u.gnb_cu_up_configuration_update);
		break;
	case E1AP_MSG_GNB_CU_UP_STATUS_INDICATION:
		u->overloaded = pdu->u.gnb_cu_up_status_indication->gnb_cu_up_overload_information ==
				E1AP_GNB_CU_UP_OVERLOAD_INFORMATION_OVERLOADED;
		break;
	case E1AP_MSG_E1_RELEASE_REQUEST:
		released(e, up, pdu->u.e1_release_request);
		break;
	case E1AP_MSG_RESET_ACKNOWLEDGE:
	case E1AP_MSG_GNB_CU_CP_E1_SETUP_RESPONSE: /* both ends began */
		break;
	default:
		e->stats.not_comprehended++;
	}
}
