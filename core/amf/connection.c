/*
 * UE-associated logical NG-connections, 38.413 8.3.3: their life, and which of a UE's is for what.
 *
 *   AMF -> gNB  UE CONTEXT RELEASE COMMAND    the UE is CM-IDLE at once, or elsewhere since a handover
 *   gNB -> AMF  UE CONTEXT RELEASE COMPLETE   or, after a guard time, AMF -> gNB NG RESET
 */
#include "core/amf/internal.h"

/*
 * 38.413 9.3.3.1: 40 bits. Random ones: what a gNB still has from an AMF before a restart names nobody.
 */
enum { ID_BITS = 40 };

static uint64_t amf_ue_ngap_id_new(struct amf *amf)
{
	uint64_t id;

	do {
		env_random(amf->nf.env, &id, sizeof(id));
		id &= (UINT64_C(1) << ID_BITS) - 1;
	} while (hash_find(&amf->connection_by_amf_id, id, 0)); /* at most one in 2^20 is taken */
	return id;
}

/* A handover has the UE at the serving gNB, for all but its own preparation, until it is there. */
struct amf_connection *amf_connection_for(const struct amf_ue *ue, enum amf_connection_use use)
{
	return use == AMF_FOR_HANDOVER ? ue->target : ue->serving;
}

/* NG Reset of one connection, 8.7.4: the gNB must not keep what we forget. */
static void connection_reset(struct amf *amf, struct amf_connection *c)
{
	struct ngap_ue_associated_logical_ng_connection_item item = {
		.has_amf_ue_ngap_id = true,
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.has_ran_ue_ngap_id = !c->no_ran_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
	};
	struct ngap_ng_reset m = {
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON),
		.reset_type = {
			.tag = NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			.u.part_of_ng_interface = { 1, &item },
		},
	};

	log_warn(amf->nf.env->log, "gNB %s does not release RAN UE %u; reset", c->gnb->name,
		c->ran_ue_ngap_id);
	amf_n2_send_whose(amf, c->gnb, 0, c->whose, NGAP_MSG_NG_RESET, &m);
}

static void release_send(struct amf *amf, struct amf_connection *c, struct ngap_cause cause);

static void connection_guard(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	struct amf_connection *c = container_of(t, struct amf_connection, guard);

	if (c->leaving) {
		release_send(amf, c, ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_SUCCESSFUL_HANDOVER));
	} else if (!c->ue) { /* the release was not confirmed */
		connection_reset(amf, c);
		amf_connection_free(amf, c);
	} else if (c->ue->state != MM_REGISTERED) {
		log_info(amf->nf.env->log, "%s: RAN UE %u never registered; released", c->gnb->name,
			c->ran_ue_ngap_id);
		amf_connection_release(amf, c, ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
	}
}

static void connection_join(struct amf_connection *c, struct amf_gnb *gnb)
{
	c->gnb = gnb;
	list_append(&gnb->connections, &c->link);
	gnb->connection_count++;
}

void amf_connection_proved(struct amf *amf, struct amf_connection *c)
{
	if (!c->unproved.next)
		return;
	list_remove(&c->unproved);
	if (--c->gnb->unproved_count == 0)
		amf->gnbs_asking--;
}

static void connection_leave(struct amf *amf, struct amf_connection *c)
{
	amf_connection_proved(amf, c);
	list_remove(&c->link);
	c->gnb->connection_count--;
}

static struct amf_connection *connection_make(
	struct amf *amf, struct amf_gnb *gnb, uint64_t amf_ue_ngap_id, uint32_t ran_ue_ngap_id)
{
	struct amf_connection *c = NULL;

	if (gnb->connection_count < AMF_CONNECTIONS_PER_GNB_MAX)
		c = pool_alloc(&amf->connections);
	if (!c)
		return NULL;
	c->ran_ue_ngap_id = ran_ue_ngap_id;
	c->amf_ue_ngap_id = amf_ue_ngap_id;
	hash_insert(&amf->connection_by_amf_id, &c->by_amf_id, amf_ue_ngap_id, 0);
	connection_join(c, gnb);
	return c;
}

/* On the association of its gNB. 38.412 7: UE-associated signalling on streams of its own, the same one for
 * all of a UE. */
static void connection_associate(struct amf *amf, struct amf_connection *c)
{
	struct amf_gnb *gnb = c->gnb;

	c->stream = gnb->streams > 1 ? (uint16_t)(1 + gnb->next_stream++ % (gnb->streams - 1)) : 0;
	if (!c->no_ran_id)
		hash_insert(&amf->connection_by_ran_id, &c->by_ran_id, gnb->assoc, c->ran_ue_ngap_id);
}

static void connection_unhash(struct amf *amf, struct amf_connection *c)
{
	if (!c->gnb->absent && !c->no_ran_id)
		hash_remove(&amf->connection_by_ran_id, &c->by_ran_id);
}

struct amf_connection *amf_connection_new(struct amf *amf, struct amf_gnb *gnb, uint32_t ran_ue_ngap_id)
{
	struct amf_connection *c = connection_make(amf, gnb, amf_ue_ngap_id_new(amf), ran_ue_ngap_id);

	if (!c)
		return NULL;
	timer_set(&amf->nf.timers, &c->guard, env_now_ns(amf->nf.env) + AMF_UNKNOWN_UE_S * NS_PER_S,
		connection_guard);
	connection_associate(amf, c);
	list_append(&gnb->unproved, &c->unproved);
	if (gnb->unproved_count++ == 0)
		amf->gnbs_asking++;
	return c;
}

struct amf_connection *amf_connection_prepare(struct amf *amf, struct amf_gnb *gnb, struct amf_ue *ue)
{
	struct amf_connection *c = connection_make(amf, gnb, amf_ue_ngap_id_new(amf), 0);

	if (!c)
		return NULL;
	c->no_ran_id = true;
	c->secured = true;
	c->ue = ue;
	c->whose = amf_ue_whose(ue);
	connection_associate(amf, c);
	return c;
}

bool amf_connection_name(struct amf *amf, struct amf_connection *c, uint32_t ran_ue_ngap_id)
{
	if (!c->no_ran_id || amf_connection_by_ran_id(amf, c->gnb, ran_ue_ngap_id))
		return false;
	c->no_ran_id = false;
	c->ran_ue_ngap_id = ran_ue_ngap_id;
	hash_insert(&amf->connection_by_ran_id, &c->by_ran_id, c->gnb->assoc, ran_ue_ngap_id);
	return true; /* our own id is enough for what is stored, until the UE has come */
}

struct amf_connection *amf_connection_restore(
	struct amf *amf, struct amf_gnb *gnb, const struct amf_connection_record *r)
{
	struct amf_connection *c = NULL;

	if (!hash_find(&amf->connection_by_amf_id, r->amf_ue_ngap_id, 0))
		c = connection_make(amf, gnb, r->amf_ue_ngap_id, r->ran_ue_ngap_id);
	if (!c)
		return NULL;
	c->no_ran_id = r->no_ran_id;
	c->number = r->number;
	c->asked = c->stored = true;
	return c;
}

void amf_connection_park(struct amf *amf, struct amf_connection *c)
{
	timer_stop(&amf->nf.timers, &c->guard);
	c->leaving = false;
	connection_unhash(amf, c);
}

void amf_connection_move(struct amf *amf, struct amf_connection *c, struct amf_gnb *gnb)
{
	connection_leave(amf, c);
	connection_join(c, gnb);
	connection_associate(amf, c);
}

void amf_connection_set_pending(
	struct amf *amf, struct amf_connection *c, uint8_t pdu_session_id, bool pending)
{
	uint16_t before = c->pending, bit = (uint16_t)(1u << (pdu_session_id & 15));

	c->pending = (uint16_t)(pending ? before | bit : before & ~bit);
	if (!before != !c->pending)
		amf_connection_put(amf, c);
}

void amf_connection_free(struct amf *amf, struct amf_connection *c)
{
	timer_stop(&amf->nf.timers, &c->guard);
	amf_connection_delete(amf, c);
	connection_unhash(amf, c);
	hash_remove(&amf->connection_by_amf_id, &c->by_amf_id);
	connection_leave(amf, c);
	pool_free(&amf->connections, c);
}

struct amf_connection *amf_connection_by_ran_id(
	struct amf *amf, const struct amf_gnb *gnb, uint32_t ran_ue_ngap_id)
{
	return hash_get(
		&amf->connection_by_ran_id, gnb->assoc, ran_ue_ngap_id, struct amf_connection, by_ran_id);
}

struct amf_connection *amf_connection_by_amf_id(
	struct amf *amf, const struct amf_gnb *gnb, uint64_t amf_ue_ngap_id)
{
	struct amf_connection *c =
		hash_get(&amf->connection_by_amf_id, amf_ue_ngap_id, 0, struct amf_connection, by_amf_id);

	return c && c->gnb == gnb ? c : NULL;
}

void amf_connection_detach(struct amf *amf, struct amf_connection *c)
{
	struct amf_ue *ue = c->ue;

	if (!ue)
		return;
	c->ue = NULL;
	amf_connection_put(amf, c);
	if (ue->target == c) {
		ue->target = NULL; /* the UE is where it was */
		amf_procedure_end(amf, amf_procedure_find(ue, AMF_HANDOVER));
		return;
	}
	ue->serving = NULL;
	amf_ue_became_idle(amf, ue);
}

/* Where it is found when it is idle. */
static void ue_is_at(struct amf_ue *ue, const struct amf_connection *c)
{
	ue->tai = c->location.tai;
	ue->moved |= ue->ran.nci != c->location.ncgi.nci;
	ue->ran.nci = c->location.ncgi.nci;
	if (c->located_s)
		ue->ran.located_s = c->located_s;
}

void amf_connection_take_location(
	struct amf *amf, struct amf_connection *c, const struct ngap_user_location_information *u)
{
	struct nr_location location = { 0 };

	if (!ngap_nr_location(u, &location.tai, &location.ncgi))
		return;
	c->location = location;
	c->located_s = env_utc_ms(amf->nf.env) / MS_PER_S;
	if (c->ue && c->ue->serving == c)
		ue_is_at(c->ue, c);
}

void amf_connection_attach(struct amf *amf, struct amf_connection *c, struct amf_ue *ue)
{
	timer_stop(&amf->nf.timers, &ue->reachability);
	c->ue = ue;
	ue->serving = c;
	ue->unreachable = false;
	ue->last_node_id = c->gnb->node_id;
	if (ue->supi.imsi[0])
		amf_whose_is(amf, c, &ue->supi);
	ue_is_at(ue, c);
}

void amf_connection_lost(struct amf *amf, struct amf_connection *c)
{
	amf_connection_detach(amf, c);
	amf_connection_free(amf, c);
}

static void release_send(struct amf *amf, struct amf_connection *c, struct ngap_cause cause)
{
	struct ngap_ue_context_release_command m = {
		.ue_ngap_ids = {
			.tag = NGAP_UE_NGAP_IDS_TAG_UE_NGAP_ID_PAIR,
			.u.ue_ngap_id_pair = { c->amf_ue_ngap_id, c->ran_ue_ngap_id },
		},
		.cause = cause,
	};

	if (c->no_ran_id) {
		m.ue_ngap_ids.tag = NGAP_UE_NGAP_IDS_TAG_AMF_UE_NGAP_ID;
		m.ue_ngap_ids.u.amf_ue_ngap_id = c->amf_ue_ngap_id;
	}
	c->leaving = false;
	amf_n2_send_ue(amf, c, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &m);
	if (c->gnb->absent)
		return; /* it is made to forget it when it returns */
	timer_set(&amf->nf.timers, &c->guard, env_now_ns(amf->nf.env) + AMF_RELEASE_GUARD_S * NS_PER_S,
		connection_guard);
}

void amf_connection_release(struct amf *amf, struct amf_connection *c, struct ngap_cause cause)
{
	if (c->ue && c->ue->serving == c)
		c->ue->release_cause = event_ngap_cause(&cause);
	if (c->ue && c->ue->registered && c->ue->serving == c)
		amf_ue_event_released(amf, c->ue, &cause);
	release_send(amf, c, cause);
	amf_connection_detach(amf, c);
	amf_connection_put(amf, c);
}

void amf_connection_arrive(struct amf *amf, struct amf_ue *ue)
{
	struct amf_connection *before = ue->serving, *c = ue->target;

	ue->target = NULL;
	c->context_setup = true;
	amf_connection_attach(amf, c, ue);
	amf_connection_put(amf, c);
	if (!before)
		return;
	before->ue = NULL;
	amf_connection_put(amf, before);
	if (before->gnb->absent)
		return;
	before->leaving = true;
	timer_set(&amf->nf.timers, &before->guard, env_now_ns(amf->nf.env) + AMF_FORWARDING_MS * NS_PER_MS,
		connection_guard);
}

void amf_connection_switch(
	struct amf *amf, struct amf_connection *c, struct amf_gnb *gnb, uint32_t ran_ue_ngap_id)
{
	connection_unhash(amf, c);
	c->ran_ue_ngap_id = ran_ue_ngap_id;
	c->pending = 0;
	amf_connection_move(amf, c, gnb);
	amf_connection_attach(amf, c, c->ue);
	amf_connection_put(amf, c);
}
