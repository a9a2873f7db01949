/*
 * The N2 interfaces: association, NG Setup (38.413 8.7.1), loss and return; selection of an AMF (38.410).
 *
 *   gNB                      AMF
 *    |==== SCTP INIT =========>|    38.412 clause 7; again with back-off until it stands
 *    |-- NG SETUP REQUEST ---->|    38.413 9.2.6.1: cells, slices
 *    |<- NG SETUP RESPONSE ----|    9.2.6.2: GUAMIs, capacity; UEs may come
 *    |<- NG SETUP FAILURE -----|    9.2.6.3: again after its Time to Wait
 *    |<- AMF CONFIG. UPDATE ---|    8.7.3, acknowledged
 *    |<- AMF STATUS INDICATION -|    8.7.6: it will be unavailable
 */
#include "gnb/internal.h"

static fsm_action ng_connect, ng_setup_send, ng_retry, ng_ready, ng_refused, ng_lost;

static const char *const state_names[] = { "CLOSED", "CONNECTING", "SETTING-UP", "READY" };
_Static_assert(ARRAY_LEN(state_names) == NG_STATE_COUNT, "a name for each");
static const char *const event_names[] = { "timer", "up", "down", "setup response", "setup failure" };
_Static_assert(ARRAY_LEN(event_names) == NG_EV_COUNT, "a name for each");

static const struct fsm_row rows[] = {
	{ NG_CLOSED, NG_EV_TIMER, ng_connect, NG_CONNECTING, NG_CLOSED },
	{ NG_CONNECTING, NG_EV_UP, ng_setup_send, NG_SETTING_UP, FSM_SAME },
	{ NG_CONNECTING, NG_EV_DOWN, ng_retry, NG_CLOSED, FSM_SAME },
	{ NG_SETTING_UP, NG_EV_SETUP_RESPONSE, ng_ready, NG_READY, FSM_SAME },
	{ NG_SETTING_UP, NG_EV_SETUP_FAILURE, ng_refused, FSM_SAME, FSM_SAME },
	{ NG_SETTING_UP, NG_EV_TIMER, ng_setup_send, FSM_SAME, FSM_SAME },
	{ NG_SETTING_UP, NG_EV_DOWN, ng_retry, NG_CLOSED, FSM_SAME },
	{ NG_READY, NG_EV_DOWN, ng_lost, NG_CLOSED, FSM_SAME },
};

static const struct fsm fsm = { "ng", state_names, event_names, rows, ARRAY_LEN(rows) };

enum fsm_outcome gnb_ng_event(struct gnb *gnb, struct gnb_amf *amf, enum ng_event event, const void *arg)
{
	return fsm_event(&fsm, &amf->state, (uint8_t)event, gnb, amf, arg);
}

static void ng_timer(void *owner, struct timer *t)
{
	gnb_ng_event(owner, container_of(t, struct gnb_amf, timer), NG_EV_TIMER, NULL);
}

static void ng_timer_set(struct gnb *gnb, struct gnb_amf *amf, uint32_t ms)
{
	timer_set(&gnb->timers, &amf->timer, env_now_ns(gnb->env) + (uint64_t)ms * NS_PER_MS, ng_timer);
}

/* An operator who waits is told what for: soon, then once a minute. */
static void ng_silent(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;
	struct gnb_amf *amf = container_of(t, struct gnb_amf, silence);

	log_warn(gnb->env->log,
		"AMF %s does not answer, and is tried on: is its core running, is this its n2_address, and "
		"do both "
		"have one transport?",
		amf->name);
	timer_set(&gnb->timers, t, env_now_ns(gnb->env) + (uint64_t)GNB_SILENCE_AGAIN_MS * NS_PER_MS,
		ng_silent);
}

static void ng_silence_begin(struct gnb *gnb, struct gnb_amf *amf)
{
	timer_set(&gnb->timers, &amf->silence, env_now_ns(gnb->env) + (uint64_t)GNB_SILENCE_MS * NS_PER_MS,
		ng_silent);
}

void gnb_ng_start(struct gnb *gnb)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++) {
		struct gnb_amf *amf = &gnb->amfs[i];

		amf->addr = gnb->config.amfs[i];
		amf->backoff_ms = gnb->config.reconnect_ms;
		addr_str(&amf->addr, amf->name);
		log_info(gnb->env->log, "AMF %s: an N2 association is asked for", amf->name);
		ng_timer_set(gnb, amf, 0);
		ng_silence_begin(gnb, amf);
	}
}

void gnb_ng_close(struct gnb *gnb)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++) {
		struct msg m = { .kind = MSG_DOWN, .port = GNB_PORT_N2, .assoc = gnb->amfs[i].assoc };

		if (gnb->amfs[i].state >= NG_SETTING_UP)
			may_fail(outbox_put(gnb->env->outbox, &m)); /* it is aborted then */
	}
}

struct gnb_amf *gnb_ng_by_assoc(struct gnb *gnb, uint64_t assoc)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++)
		if (gnb->amfs[i].state >= NG_SETTING_UP && gnb->amfs[i].assoc == assoc)
			return &gnb->amfs[i];
	return NULL;
}

struct gnb_amf *gnb_ng_by_token(struct gnb *gnb, uint32_t token)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++)
		if (gnb->amfs[i].state == NG_CONNECTING && gnb->amfs[i].token == token)
			return &gnb->amfs[i];
	return NULL;
}

static void ng_backoff(struct gnb *gnb, struct gnb_amf *amf)
{
	ng_timer_set(gnb, amf, amf->backoff_ms);
	amf->backoff_ms = amf->backoff_ms < gnb->config.reconnect_max_ms / 2 ? amf->backoff_ms * 2
									     : gnb->config.reconnect_max_ms;
}

/* A request that finds no room is made again, as one that fails. */
static enum fsm_outcome ng_connect(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_amf *amf = context;
	struct msg m = { .kind = MSG_UP, .port = GNB_PORT_N2, .peer = amf->addr };

	amf->token = ++gnb->tokens;
	m.token = amf->token;
	if (outbox_put(gnb->env->outbox, &m))
		return FSM_OK;
	ng_backoff(gnb, amf);
	return FSM_REFUSED;
}

bool gnb_supported_tas(struct gnb *gnb, struct ngap_slice_support_item *slices,
	struct ngap_broadcast_plmn_item *plmn, struct ngap_supported_ta_item tas[GNB_CELLS_MAX],
	uint8_t *ta_count)
{
	const struct gnb_config *c = &gnb->config;
	uint32_t tacs[GNB_CELLS_MAX];

	for (uint8_t i = 0; i < c->slice_count; i++)
		if (!ngap_s_nssai_of(&c->slices[i], &gnb->arena, &slices[i].s_nssai))
			return false;
	plmn->plmn_identity = ngap_plmn_of(&c->plmn, &gnb->arena);
	if (!plmn->plmn_identity.data)
		return false;
	plmn->tai_slice_support_list = (struct ngap_slice_support_list){ c->slice_count, slices };
	*ta_count = gnb_cell_tacs(c, tacs);
	for (uint8_t i = 0; i < *ta_count; i++) {
		struct tai tai = { c->plmn, tacs[i] };
		struct ngap_tai t;

		if (!ngap_tai_of(&tai, &gnb->arena, &t))
			return false;
		tas[i].tac = t.tac;
		tas[i].broadcast_plmn_list = (struct ngap_broadcast_plmn_list){ 1, plmn };
	}
	return true;
}

/* arg: the MSG_UP of the association, or NULL when NG Setup is repeated. */
static enum fsm_outcome ng_setup_send(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_amf *amf = context;
	const struct msg *up = arg;
	struct ngap_slice_support_item slices[SNSSAI_MAX] = { 0 };
	struct ngap_broadcast_plmn_item plmn = { 0 };
	struct ngap_supported_ta_item tas[GNB_CELLS_MAX] = { 0 };
	struct ngap_ng_setup_request m = { .default_paging_drx = NGAP_PAGING_DRX_V128 };
	uint8_t octets[4], ta_count;

	if (up) {
		amf->assoc = up->assoc;
		amf->streams = up->out_streams;
	}
	ng_timer_set(gnb, amf, GNB_SETUP_GUARD_MS); /* also when it cannot be sent */
	m.has_ran_node_name = true;
	m.ran_node_name = bytes_of_str(gnb->config.name);
	if (!gnb_supported_tas(gnb, slices, &plmn, tas, &ta_count) ||
		!gnb_node_id(gnb, octets, &m.global_ran_node_id))
		return FSM_REFUSED;
	m.supported_ta_list = (struct ngap_supported_ta_list){ ta_count, tas };
	m.has_ue_retention_information = !list_empty(&amf->ues);
	m.ue_retention_information = NGAP_UE_RETENTION_INFORMATION_UES_RETAINED;
	return fsm_outcome_of(gnb_n2_send(gnb, amf, 0, NGAP_MSG_NG_SETUP_REQUEST, &m));
}

static enum fsm_outcome ng_retry(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_amf *amf = context;

	log_warn(gnb->env->log, "AMF %s: no N2 association; next attempt in %u ms", amf->name,
		amf->backoff_ms);
	ng_backoff(gnb, amf);
	return FSM_OK;
}

static enum fsm_outcome ng_lost(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_amf *amf = context;

	gnb_retention_begin(gnb, amf);
	amf->guami_count = 0;
	ng_backoff(gnb, amf);
	ng_silence_begin(gnb, amf);
	return FSM_OK;
}

static void take_guamis(struct gnb_amf *amf, const struct ngap_served_guami_list *list)
{
	amf->guami_count = 0;
	for (size_t i = 0; i < list->count && amf->guami_count < GNB_GUAMIS_MAX; i++)
		amf->guamis[amf->guami_count++] = ngap_guami(&list->items[i].guami);
}

static void take_name(struct gnb_amf *amf, struct bytes name)
{
	size_t len = name.len < sizeof(amf->name) ? name.len : sizeof(amf->name) - 1;

	bytes_copy(amf->name, sizeof(amf->name), bytes_of(name.data, len));
	amf->name[len] = '\0';
}

static enum fsm_outcome ng_ready(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_amf *amf = context;
	const struct ngap_ng_setup_response *m = arg;

	timer_stop(&gnb->timers, &amf->timer);
	timer_stop(&gnb->timers, &amf->silence);
	amf->backoff_ms = gnb->config.reconnect_ms;
	amf->overloaded = amf->leaves = false;
	take_name(amf, m->amf_name);
	take_guamis(amf, &m->served_guami_list);
	amf->capacity = m->no_relative_amf_capacity ? 255 : m->relative_amf_capacity;
	gnb->stat[GNB_STAT_NG_SETUPS]++;
	log_info(gnb->env->log, "AMF %s serves this gNB", amf->name);
	return FSM_OK;
}

uint32_t gnb_time_to_wait_s(bool has, enum ngap_time_to_wait value)
{
	static const uint8_t wait_s[NGAP_TIME_TO_WAIT_N] = { 1, 2, 5, 10, 20, 60 };

	return has && value < NGAP_TIME_TO_WAIT_N ? wait_s[value] : 10;
}

static enum fsm_outcome ng_refused(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_amf *amf = context;
	const struct ngap_ng_setup_failure *m = arg;
	char text[NGAP_CAUSE_TEXT_SIZE];
	uint32_t s = gnb_time_to_wait_s(m->has_time_to_wait, m->time_to_wait);

	gnb->stat[GNB_STAT_NG_SETUP_FAILURES]++;
	timer_stop(&gnb->timers, &amf->silence); /* it answers, and this says why it does not serve */
	log_warn(gnb->env->log,
		"AMF %s refuses NG Setup (%s); next attempt in %u s: compare PLMN, "
		"TACs and slices of both",
		amf->name, ngap_cause_text(m->no_cause ? NULL : &m->cause, text), s);
	ng_timer_set(gnb, amf, s * MS_PER_S);
	return FSM_OK;
}

void gnb_n2_ng_setup_response(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_ng_setup_response *m = pdu->u.ng_setup_response;

	if (gnb_ng_event(gnb, amf, NG_EV_SETUP_RESPONSE, m) == FSM_UNLISTED)
		gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
	else
		gnb_retention_end(gnb, amf, m->has_ue_retention_information);
	gnb_pws_restart_indication(gnb, amf);
	gnb_xn_amf_added(gnb, amf);
	gnb_xn_addresses_request(gnb);
}

void gnb_n2_ng_setup_failure(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	if (gnb_ng_event(gnb, amf, NG_EV_SETUP_FAILURE, pdu->u.ng_setup_failure) == FSM_UNLISTED)
		gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
}

/* 8.7.3.2: there is one association with each AMF; further ones are not made, and are reported as failed. */
static bool not_added(struct gnb *gnb, const struct ngap_amf_tnl_association_to_add_list *wanted,
	struct ngap_tnl_association_list *out)
{
	out->items = arena_array(&gnb->arena, wanted->count, sizeof(*out->items));
	for (; out->items && out->count < wanted->count; out->count++)
		out->items[out->count] = (struct ngap_tnl_association_item){
			wanted->items[out->count].amf_tnl_association_address,
			{ NGAP_CAUSE_TAG_TRANSPORT,
				{ .transport = NGAP_CAUSE_TRANSPORT_TRANSPORT_RESOURCE_UNAVAILABLE } }
		};
	return out->items;
}

void gnb_n2_amf_configuration_update(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_amf_configuration_update *m = pdu->u.amf_configuration_update;
	struct ngap_amf_configuration_update_acknowledge ack = { 0 };
	struct ngap_tnl_association_list failed = { 0 };

	if (m->has_amf_name)
		take_name(amf, m->amf_name);
	if (m->served_guami_list) {
		take_guamis(amf, m->served_guami_list);
		amf->leaves = false;
	}
	if (m->has_relative_amf_capacity)
		amf->capacity = m->relative_amf_capacity;
	log_info(gnb->env->log, "AMF %s has another configuration: capacity %u", amf->name, amf->capacity);
	if (m->amf_tnl_association_to_add_list && not_added(gnb, m->amf_tnl_association_to_add_list, &failed))
		ack.amf_tnl_association_failed_to_setup_list = &failed;
	gnb_n2_send(gnb, amf, 0, NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE, &ack);
}

/* 8.7.6, 23.501 5.21.2.2: UEs of a GUAMI that goes are anybody's; where all go, other AMFs come first. */
void gnb_n2_amf_status_indication(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_unavailable_guami_list *list =
		&pdu->u.amf_status_indication->unavailable_guami_list;
	uint8_t kept = 0;

	for (uint8_t i = 0; i < amf->guami_count; i++) {
		bool goes = false;

		for (size_t k = 0; k < list->count; k++) {
			struct guami guami = ngap_guami(&list->items[k].guami);

			goes |= guami_equal(&guami, &amf->guamis[i]);
		}
		if (!goes)
			amf->guamis[kept++] = amf->guamis[i];
	}
	amf->guami_count = kept;
	amf->leaves = kept == 0;
	log_warn(gnb->env->log, "AMF %s will be unavailable", amf->name);
}

static bool serves(const struct gnb_amf *amf, const struct s_tmsi *s_tmsi)
{
	for (uint8_t i = 0; i < amf->guami_count; i++)
		if (amf->guamis[i].amf_set_id == s_tmsi->amf_set_id &&
			amf->guamis[i].amf_pointer == s_tmsi->amf_pointer)
			return true;
	return false;
}

struct gnb_amf *gnb_ng_select(struct gnb *gnb, const struct s_tmsi *s_tmsi)
{
	struct gnb_amf *best = NULL;

	for (uint8_t i = 0; i < gnb->config.amf_count; i++) {
		/* Those of the same capacity take turns. */
		struct gnb_amf *amf = &gnb->amfs[(gnb->next_amf + i) % gnb->config.amf_count];

		if (amf->state != NG_READY)
			continue;
		if (s_tmsi && serves(amf, s_tmsi))
			return amf;
		if (!best || best->leaves > amf->leaves ||
			(best->leaves == amf->leaves && amf->capacity > best->capacity))
			best = amf;
	}
	gnb->next_amf = gnb->next_amf + 1 < gnb->config.amf_count ? (uint8_t)(gnb->next_amf + 1) : 0;
	return best;
}
