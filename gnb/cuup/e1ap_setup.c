/* E1 Setup, Configuration Update and Release at the CU-UP (37.483 8.2.3 to 8.2.8). */
#include "gnb/cuup/parts.h"

enum { PLMNS_MAX = 12, SLICES_MAX = 64 };

/* What SupportedPLMNs points to. */
struct supported {
	struct e1ap_supported_plmns_item plmns[PLMNS_MAX];
	struct e1ap_slice_support_item slices[SLICES_MAX];
	struct e1ap_slice_support_list slice_list;
	uint8_t plmn[PLMNS_MAX][PLMN_OCTETS], sd[SLICES_MAX][E1AP_SD_OCTETS];
};

static struct e1ap_supported_plmns_list supported_fill(const struct cuup_node_config *c, struct supported *s)
{
	size_t plmns = c->plmn_count < PLMNS_MAX ? c->plmn_count : PLMNS_MAX,
	       slices = c->slice_count < SLICES_MAX ? c->slice_count : SLICES_MAX;

	s->slice_list = (struct e1ap_slice_support_list){ slices, s->slices };
	for (size_t i = 0; i < slices; i++)
		s->slices[i] = (struct e1ap_slice_support_item){ e1ap_snssai_of(&c->slices[i], s->sd[i]) };
	for (size_t i = 0; i < plmns; i++) {
		plmn_to_ap(&c->plmns[i], s->plmn[i]);
		s->plmns[i] = (struct e1ap_supported_plmns_item){ .plmn_identity = BYTES(s->plmn[i]),
			.slice_support_list = slices ? &s->slice_list : NULL };
	}
	return (struct e1ap_supported_plmns_list){ plmns, s->plmns };
}

static struct bytes name_of(const struct cuup_node *n)
{
	return n->config.name ? bytes_of_str(n->config.name) : BYTES_NONE;
}

static void again(void *owner, struct timer *t)
{
	cuup_e1_setup_send(owner);
}

static void setup_after(struct cuup_node *n, uint32_t ms)
{
	timer_set(&n->timers, &n->setup, env_now_ns(n->config.env) + ms * (uint64_t)NS_PER_MS, again);
}

void cuup_e1_setup_send(struct cuup_node *n)
{
	struct supported s;
	struct e1ap_gnb_cu_up_e1_setup_request m = { .transaction_id = ++n->transaction,
		.gnb_cu_up_id = n->config.id,
		.has_gnb_cu_up_name = n->config.name != NULL,
		.gnb_cu_up_name = name_of(n),
		.cn_support = E1AP_CN_SUPPORT_C_5GC,
		.supported_plmns = supported_fill(&n->config, &s),
		.has_gnb_cu_up_capacity = true,
		.gnb_cu_up_capacity = n->config.capacity };

	may_fail(cuup_e1ap_send(n, E1AP_MSG_GNB_CU_UP_E1_SETUP_REQUEST, &m));
	setup_after(n, CUUP_SETUP_MS);
}

void cuup_node_begin(struct cuup_node *n)
{
	cuup_node_lost(n); /* 8.2.3.1: nothing of an earlier interface is left */
	cuup_e1_setup_send(n);
}

void cuup_node_lost(struct cuup_node *n)
{
	n->up = n->releasing = n->overloaded = false;
	timer_stop(&n->timers, &n->setup);
	timer_stop(&n->timers, &n->update);
	timer_stop(&n->timers, &n->usage);
	cuup_contexts_free(n);
}

static void up(struct cuup_node *n)
{
	n->up = true;
	timer_stop(&n->timers, &n->setup);
	cuup_usage_begin(n);
}

/* 8.2.4: the CU-CP begins; what was there before is erased. */
static void cp_setup(struct cuup_node *n, const struct e1ap_gnb_cu_cp_e1_setup_request *in)
{
	struct supported s;
	struct e1ap_gnb_cu_cp_e1_setup_response m = { .transaction_id = in->transaction_id,
		.gnb_cu_up_id = n->config.id,
		.has_gnb_cu_up_name = n->config.name != NULL,
		.gnb_cu_up_name = name_of(n),
		.cn_support = E1AP_CN_SUPPORT_C_5GC,
		.supported_plmns = supported_fill(&n->config, &s),
		.has_gnb_cu_up_capacity = true,
		.gnb_cu_up_capacity = n->config.capacity };

	cuup_node_lost(n);
	up(n);
	may_fail(cuup_e1ap_send(n, E1AP_MSG_GNB_CU_CP_E1_SETUP_RESPONSE, &m));
}

/* 8.2.7: who has asked may end the association. */
static void release_answered(struct cuup_node *n, const struct e1ap_e1_release_response *m)
{
	if (n->releasing && m->transaction_id == n->transaction && n->config.e1_released)
		n->config.e1_released(n->config.arg);
	n->releasing = false;
}

void cuup_e1_setup_answered(struct cuup_node *n, const struct e1ap_pdu *pdu)
{
	const struct e1ap_gnb_cu_up_e1_setup_failure *f;

	switch (pdu->message) {
	case E1AP_MSG_GNB_CU_UP_E1_SETUP_RESPONSE:
		if (pdu->u.gnb_cu_up_e1_setup_response->transaction_id == n->transaction)
			up(n);
		break;
	case E1AP_MSG_GNB_CU_UP_E1_SETUP_FAILURE: /* 8.2.3.3 */
		f = pdu->u.gnb_cu_up_e1_setup_failure;
		if (f->transaction_id != n->transaction)
			break;
		n->stats.setup_failures++;
		setup_after(n, f->has_time_to_wait ? e1ap_wait_ms(f->time_to_wait) : CUUP_SETUP_MS);
		break;
	case E1AP_MSG_GNB_CU_CP_E1_SETUP_REQUEST:
		cp_setup(n, pdu->u.gnb_cu_cp_e1_setup_request);
		break;
	case E1AP_MSG_E1_RELEASE_RESPONSE:
		release_answered(n, pdu->u.e1_release_response);
		break;
	default:
		n->stats.not_comprehended++;
	}
}

static void update_send(void *owner, struct timer *t)
{
	struct cuup_node *n = owner;
	struct e1ap_gnb_cu_up_configuration_update m = { .transaction_id = ++n->transaction,
		.gnb_cu_up_id = n->config.id,
		.has_gnb_cu_up_capacity = true,
		.gnb_cu_up_capacity = n->config.capacity };

	n->update_transaction = n->transaction;
	may_fail(cuup_e1ap_send(n, E1AP_MSG_GNB_CU_UP_CONFIGURATION_UPDATE, &m));
	timer_set(&n->timers, &n->update, env_now_ns(n->config.env) + CUUP_SETUP_MS * (uint64_t)NS_PER_MS,
		update_send);
}

void cuup_node_set_capacity(struct cuup_node *n, uint8_t capacity)
{
	n->config.capacity = capacity;
	if (n->up)
		update_send(n, &n->update);
}

static void update_failed(struct cuup_node *n, const struct e1ap_gnb_cu_up_configuration_update_failure *m)
{
	uint32_t ms = m->has_time_to_wait ? e1ap_wait_ms(m->time_to_wait) : CUUP_SETUP_MS;

	if (m->transaction_id == n->update_transaction && timer_is_set(&n->update))
		timer_set(&n->timers, &n->update, env_now_ns(n->config.env) + ms * (uint64_t)NS_PER_MS,
			update_send);
}

/* 8.2.6: there is one association, so those that are offered beside it are not taken. */
static void cp_update(struct cuup_node *n, const struct e1ap_gnb_cu_cp_configuration_update *in)
{
	enum { ADDED_MAX = 32 /* maxnoofTNLAssociations */ };
	const struct e1ap_gnb_cu_cp_tnla_to_add_list *add = in->gnb_cu_cp_tnla_to_add_list;
	struct e1ap_gnb_cu_cp_tnla_failed_to_setup_item items[ADDED_MAX];
	struct e1ap_gnb_cu_cp_tnla_failed_to_setup_list failed = { 0, items };
	struct e1ap_gnb_cu_cp_configuration_update_acknowledge m = { .transaction_id = in->transaction_id };

	for (size_t i = 0; add && i < add->count && i < ADDED_MAX; i++)
		items[failed.count++] = (struct e1ap_gnb_cu_cp_tnla_failed_to_setup_item){
			.tnl_association_transport_layer_address =
				add->items[i].tnl_association_transport_layer_address,
			.cause = { .tag = E1AP_CAUSE_TAG_TRANSPORT,
				.u.transport = E1AP_CAUSE_TRANSPORT_TRANSPORT_RESOURCE_UNAVAILABLE },
		};
	m.gnb_cu_cp_tnla_failed_to_setup_list = failed.count ? &failed : NULL;
	may_fail(cuup_e1ap_send(n, E1AP_MSG_GNB_CU_CP_CONFIGURATION_UPDATE_ACKNOWLEDGE, &m));
}

void cuup_node_release(struct cuup_node *n)
{
	struct e1ap_e1_release_request m = { .transaction_id = ++n->transaction,
		.cause = { .tag = E1AP_CAUSE_TAG_MISC, .u.misc = E1AP_CAUSE_MISC_OM_INTERVENTION } };

	if (n->up)
		may_fail(cuup_e1ap_send(n, E1AP_MSG_E1_RELEASE_REQUEST, &m));
	cuup_node_lost(n);
	n->releasing = true;
}

/* 8.2.7: the association is the CU-CP's to end. */
static void released(struct cuup_node *n, const struct e1ap_e1_release_request *in)
{
	struct e1ap_e1_release_response m = { .transaction_id = in->transaction_id };

	cuup_node_lost(n);
	may_fail(cuup_e1ap_send(n, E1AP_MSG_E1_RELEASE_RESPONSE, &m));
}

void cuup_e1_interface(struct cuup_node *n, const struct e1ap_pdu *pdu)
{
	switch (pdu->message) {
	case E1AP_MSG_GNB_CU_CP_E1_SETUP_REQUEST:
		cp_setup(n, pdu->u.gnb_cu_cp_e1_setup_request);
		break;
	case E1AP_MSG_GNB_CU_UP_E1_SETUP_RESPONSE: /* both ends began */
	case E1AP_MSG_RESET_ACKNOWLEDGE:
		break;
	case E1AP_MSG_GNB_CU_UP_CONFIGURATION_UPDATE_ACKNOWLEDGE:
		if (pdu->u.gnb_cu_up_configuration_update_acknowledge->transaction_id ==
			n->update_transaction)
			timer_stop(&n->timers, &n->update);
		break;
	case E1AP_MSG_GNB_CU_UP_CONFIGURATION_UPDATE_FAILURE:
		update_failed(n, pdu->u.gnb_cu_up_configuration_update_failure);
		break;
	case E1AP_MSG_GNB_CU_CP_CONFIGURATION_UPDATE:
		cp_update(n, pdu->u.gnb_cu_cp_configuration_update);
		break;
	case E1AP_MSG_E1_RELEASE_REQUEST:
		released(n, pdu->u.e1_release_request);
		break;
	default:
		n->stats.not_comprehended++;
	}
}
