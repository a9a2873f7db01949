/*
 * UE-associated logical NG-connections, 38.413 8.3.3: their life, and which of a UE's is for what.
 *
 *   AMF -> gNB  UE CONTEXT RELEASE COMMAND    the UE is CM-IDLE at once
 *   gNB -> AMF  UE CONTEXT RELEASE COMPLETE   or, after a guard time, AMF -> gNB NG RESET
 */
#include "core/amf/internal.h"

/* 38.413 9.3.3.1: 40 bits, of which the lower ones are the index and the upper ones tell its users apart. */
enum { INDEX_BITS = 20, INDEX_MASK = (1 << INDEX_BITS) - 1 };
_Static_assert(AMF_CONNECTIONS_MAX == 1 << INDEX_BITS, "an AMF UE NGAP ID has an index of 20 bits");

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
		.has_ran_ue_ngap_id = true,
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
	amf_n2_send(amf, c->gnb, 0, NGAP_MSG_NG_RESET, &m);
}

static void connection_guard(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	struct amf_connection *c = container_of(t, struct amf_connection, guard);

	if (!c->ue) { /* the release was not confirmed */
		connection_reset(amf, c);
		amf_connection_free(amf, c);
	} else if (c->ue->state != MM_REGISTERED) {
		log_info(amf->nf.env->log, "%s: RAN UE %u never registered; released", c->gnb->name,
			c->ran_ue_ngap_id);
		amf_connection_release(amf, c, ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
	}
}

struct amf_connection *amf_connection_new(struct amf *amf, struct amf_gnb *gnb, uint32_t ran_ue_ngap_id)
{
	struct amf_connection *c = NULL;

	/* No gNB has more than is left for all others. */
	if (gnb->connection_count < AMF_CONNECTIONS_PER_GNB_MAX &&
		gnb->connection_count < amf->connections.max - amf->connections.used)
		c = pool_alloc(&amf->connections);
	if (!c)
		return NULL;
	timer_set(&amf->nf.timers, &c->guard, env_now_ns(amf->nf.env) + AMF_UNKNOWN_UE_S * NS_PER_S,
		connection_guard);
	c->gnb = gnb;
	c->ran_ue_ngap_id = ran_ue_ngap_id;
	c->amf_ue_ngap_id =
		(uint64_t)(++amf->generation & INDEX_MASK) << INDEX_BITS | pool_index(&amf->connections, c);
	/* 38.412 7: UE-associated signalling on streams of its own, the same one for all of a UE. */
	c->stream = gnb->streams > 1 ? (uint16_t)(1 + gnb->next_stream++ % (gnb->streams - 1)) : 0;
	hash_insert(&amf->connection_by_ran_id, &c->by_ran_id, gnb->assoc, ran_ue_ngap_id);
	list_append(&gnb->connections, &c->link);
	gnb->connection_count++;
	return c;
}

void amf_connection_free(struct amf *amf, struct amf_connection *c)
{
	timer_stop(&amf->nf.timers, &c->guard);
	hash_remove(&amf->connection_by_ran_id, &c->by_ran_id);
	list_remove(&c->link);
	c->gnb->connection_count--;
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
	struct amf_connection *c = pool_at(&amf->connections, (uint32_t)(amf_ue_ngap_id & INDEX_MASK));

	return c && c->gnb == gnb && c->amf_ue_ngap_id == amf_ue_ngap_id ? c : NULL;
}

/* Parts UE and connection. */
static void connection_detach(struct amf *amf, struct amf_connection *c)
{
	struct amf_ue *ue = c->ue;

	if (!ue)
		return;
	c->ue = NULL;
	if (ue->target == c) {
		ue->target = NULL; /* the UE is where it was */
		return;
	}
	ue->serving = NULL;
	amf_ue_became_idle(amf, ue);
}

void amf_connection_attach(struct amf *amf, struct amf_connection *c, struct amf_ue *ue)
{
	timer_stop(&amf->nf.timers, &ue->reachability);
	c->ue = ue;
	ue->serving = c;
	ue->tai = c->location.tai;
}

void amf_connection_lost(struct amf *amf, struct amf_connection *c)
{
	connection_detach(amf, c);
	amf_connection_free(amf, c);
}

void amf_connection_release(struct amf *amf, struct amf_connection *c, struct ngap_cause cause)
{
	struct ngap_ue_context_release_command m = {
		.ue_ngap_ids = {
			.tag = NGAP_UE_NGAP_IDS_TAG_UE_NGAP_ID_PAIR,
			.u.ue_ngap_id_pair = { c->amf_ue_ngap_id, c->ran_ue_ngap_id },
		},
		.cause = cause,
	};

	amf_n2_send_ue(amf, c, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &m);
	connection_detach(amf, c);
	timer_set(&amf->nf.timers, &c->guard, env_now_ns(amf->nf.env) + AMF_RELEASE_GUARD_S * NS_PER_S,
		connection_guard);
}
