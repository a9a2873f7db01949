/*
 * Retention of UEs, 38.413 8.7.1.2: an association that breaks, or an AMF that restarts, costs no UE its
 * connection, and no session its user plane, where the gNB keeps them too.
 *
 *   gNB                           AMF
 *    |  (the association is lost)  |    connections of UEs at rest stay as they are; a guard runs
 *    |-- NG SETUP REQUEST -------->|    with UE Retention Information
 *    |<- NG SETUP RESPONSE --------|    with it: the connections go on; without it: the UEs are CM-IDLE
 *    |<- NG RESET (some UEs) ------|    of those that were not at rest
 *
 * A UE of which something is under way is CM-IDLE at once, since its gNB and the network may not agree on it.
 */
#include "core/amf/internal.h"

#include <stdlib.h>

enum { RESET_ITEMS = 64 }; /* in one NG RESET, far below maxnoofNGConnectionsToReset */

struct amf_gnb *amf_gnb_by_node(struct amf *amf, uint64_t node_id)
{
	return hash_get(&amf->gnb_by_node, node_id, 0, struct amf_gnb, by_node);
}

void amf_gnb_drop_connections(struct amf *amf, struct amf_gnb *gnb)
{
	list_each(l, next, &gnb->connections)
		amf_connection_lost(amf, container_of(l, struct amf_connection, link));
}

void amf_gnb_forget(struct amf *amf, struct amf_gnb *gnb)
{
	amf_gnb_drop_connections(amf, gnb);
	timer_stop(&amf->nf.timers, &gnb->absence);
	if (!gnb->absent)
		hash_remove(&amf->gnb_by_assoc, &gnb->by_assoc);
	if (gnb->node_id)
		hash_remove(&amf->gnb_by_node, &gnb->by_node);
	free(gnb->tais);
	pool_free(&amf->gnbs, gnb);
}

static void absence_expired(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	struct amf_gnb *gnb = container_of(t, struct amf_gnb, absence);

	log_warn(amf->nf.env->log, "gNB %s does not return; its UEs become idle", gnb->name);
	amf_gnb_forget(amf, gnb);
}

static uint32_t absent_count(const struct amf *amf)
{
	return amf->gnbs.used - (uint32_t)amf->gnb_by_assoc.count;
}

static void gnb_is_absent(struct amf *amf, struct amf_gnb *gnb)
{
	gnb->absent = true;
	gnb->assoc = 0;
	timer_set(&amf->nf.timers, &gnb->absence, env_now_ns(amf->nf.env) + AMF_RETENTION_S * NS_PER_S,
		absence_expired);
}

/* A handover that has not been commanded ends with its source; one that has goes on: the UE is on its way. */
static void handover_ends(struct amf *amf, const struct amf_connection *c)
{
	struct amf_handover *h = c->ue && c->ue->serving == c ? amf_handover_of(c->ue) : NULL;

	if (!h || h->step == HANDOVER_COMMANDED)
		return;
	h->source_lost = true;
	amf_procedure_end(amf, &h->p);
}

void amf_gnb_leaves(struct amf *amf, struct amf_gnb *gnb)
{
	amf_gnb_alarm(amf, gnb, true);
	list_each(l, next, &gnb->connections)
	{
		struct amf_connection *c = container_of(l, struct amf_connection, link);

		handover_ends(amf, c);
		if (!c->asked)
			amf_connection_lost(amf, c);
		else if (!amf_connection_is_at_rest(c))
			amf_connection_detach(amf, c);
	}
	if (gnb->connection_count == 0 || absent_count(amf) >= AMF_GNBS_MAX) {
		log_warn(amf->nf.env->log, "gNB %s is gone; its UEs become idle", gnb->name);
		amf_gnb_forget(amf, gnb);
		return;
	}
	log_warn(amf->nf.env->log, "gNB %s is gone; what it has of %u UEs is retained for %d s", gnb->name,
		gnb->connection_count, AMF_RETENTION_S);
	list_each(l, next, &gnb->connections)
		amf_connection_park(amf, container_of(l, struct amf_connection, link));
	hash_remove(&amf->gnb_by_assoc, &gnb->by_assoc);
	gnb_is_absent(amf, gnb);
}

void amf_gnb_returns(struct amf *amf, struct amf_gnb *old, struct amf_gnb *gnb)
{
	list_each(l, next, &old->connections)
		amf_connection_move(amf, container_of(l, struct amf_connection, link), gnb);
	amf_gnb_forget(amf, old);
}

static void reset_send(struct amf *amf, struct amf_gnb *gnb,
	struct ngap_ue_associated_logical_ng_connection_item *items, size_t count)
{
	struct ngap_ng_reset m = {
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON),
		.reset_type = {
			.tag = NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			.u.part_of_ng_interface = { count, items },
		},
	};

	if (count > 0)
		amf_n2_send(amf, gnb, 0, NGAP_MSG_NG_RESET, &m);
}

/* 8.7.4.2.1; ids that the gNB does not know are acknowledged as well. */
void amf_gnb_reconcile(struct amf *amf, struct amf_gnb *gnb)
{
	struct ngap_ue_associated_logical_ng_connection_item items[RESET_ITEMS] = { 0 };
	size_t count = 0;

	list_each(l, next, &gnb->connections)
	{
		struct amf_connection *c = container_of(l, struct amf_connection, link);

		if (c->ue)
			continue;
		items[count].has_amf_ue_ngap_id = true;
		items[count].has_ran_ue_ngap_id = !c->no_ran_id;
		items[count].amf_ue_ngap_id = c->amf_ue_ngap_id;
		items[count].ran_ue_ngap_id = c->ran_ue_ngap_id;
		amf_connection_free(amf, c);
		if (++count < RESET_ITEMS)
			continue;
		reset_send(amf, gnb, items, count);
		count = 0;
	}
	reset_send(amf, gnb, items, count);
	log_info(amf->nf.env->log, "gNB %s kept %u UEs", gnb->name, gnb->connection_count);
}

/* The gNB of a stored connection, absent. */
static struct amf_gnb *gnb_of_record(struct amf *amf, const struct amf_connection_record *r)
{
	struct amf_gnb *gnb = amf_gnb_by_node(amf, r->node_id);

	if (gnb || absent_count(amf) >= AMF_GNBS_MAX)
		return gnb;
	gnb = pool_alloc(&amf->gnbs);
	if (!gnb)
		return NULL;
	list_init(&gnb->connections);
	list_init(&gnb->unproved);
	gnb->node_id = r->node_id;
	gnb->peer.len = r->peer_len;
	bytes_copy(gnb->peer.ip, sizeof(gnb->peer.ip), bytes_of(r->peer, r->peer_len));
	addr_str(&gnb->peer, gnb->name);
	hash_insert(&amf->gnb_by_node, &gnb->by_node, r->node_id, 0);
	gnb_is_absent(amf, gnb);
	return gnb;
}

static void restore_one(struct amf *amf, void *arg, const struct amf_connection_record *r)
{
	const bool *lost = arg;
	struct amf_gnb *gnb = gnb_of_record(amf, r);
	struct amf_connection *c = gnb ? amf_connection_restore(amf, gnb, r) : NULL;
	struct amf_ue *ue;
	struct supi supi;

	if (!c || *lost || !supi_restore(r->imsi, &supi))
		return;
	ue = amf_ue_by_supi(amf, &supi);
	if (!ue || ue->serving || !ue->security.active)
		return;
	c->context_setup = c->secured = true;
	c->location.tai.plmn = c->location.ncgi.plmn = plmn_from_nas(r->plmn);
	c->location.tai.tac = r->tac;
	c->location.ncgi.nci = r->cell;
	amf_connection_attach(amf, c, ue);
}

void amf_retention_restore(struct amf *amf, bool lost)
{
	if (!amf_connection_records(amf, restore_one, &lost))
		log_error(amf->nf.env->log, "the store cannot be read: N2 connections are missing");
}
