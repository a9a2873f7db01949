/*
 * Handover notification, 38.413 8.4.3 and 23.502 4.9.1.3.3.
 *
 *   target -> AMF  HANDOVER NOTIFY                  8.4.3.2: the UE is there
 *   AMF -> source  HANDOVER SUCCESS                 8.4.8, when the target asks for it
 *   AMF -> SMFs    UpdateSMContext (COMPLETED)      29.502 5.2.2.3.4.4; what has not come is deactivated
 *   AMF -> source  UE CONTEXT RELEASE COMMAND       8.3.3, a while later: it forwards what it has
 *
 * What waited for the handover (N1N2 transfers, a security mode command) goes to the target then.
 */
#include "core/amf/handover.h"
#include "core/amf/ladn.h"
#include "core/amf/ran.h"
#include "core/amf/paging.h"

#include <stdlib.h>

static void success_send(struct amf *amf, struct amf_connection *source)
{
	struct ngap_handover_success m = { .amf_ue_ngap_id = source->amf_ue_ngap_id,
		.ran_ue_ngap_id = source->ran_ue_ngap_id };

	amf_n2_send_ue(amf, source, NGAP_MSG_HANDOVER_SUCCESS, &m);
}

static void undelivered_send(struct amf *amf, const struct amf_handover *h)
{
	for (uint8_t i = 0; i < h->undelivered_count; i++)
		amf_n1_transport(amf, h->p.ue, bytes_of(h->undelivered[i].octets, h->undelivered[i].len));
}

/* 8.4.3.2 */
void amf_handover_notify(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_handover_notify *m = body;
	struct amf_ue *ue = c->ue;
	struct amf_handover *h = amf_handover_of(ue);
	struct sm_context_update_data completed = { .ho_state = HO_STATE_COMPLETED },
				      deactivated = { .up_cnx_state = UP_CNX_DEACTIVATED };
	uint16_t ready;

	if (ue->target != c || !h || h->step != HANDOVER_COMMANDED) {
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
		return;
	}
	if (!m->no_user_location_information)
		amf_connection_take_location(amf, c, &m->user_location_information);
	if (ue->serving && m->has_notify_source_ngran_node)
		success_send(amf, ue->serving);
	log_info(amf->nf.env->log, "imsi-%s: handed over from gNB %s to gNB %s", ue->supi.imsi,
		ue->serving ? ue->serving->gnb->name : "(lost)", c->gnb->name);
	if (h->rekeys)
		amf_procedure_end(amf, amf_procedure_find(ue, AMF_REKEYING));
	amf_connection_arrive(amf, ue);
	amf_ue_dirty(amf, ue);
	amf_ue_event_handover(amf, ue, NULL);
	amf->stat[AMF_STAT_HANDOVERS_DONE]++;
	ready = h->sessions.ready;
	amf_moving_tell(amf, ue, ready, &completed);
	/* What is being set up, or released, comes to the target by itself. */
	amf_moving_tell(amf, ue, (uint16_t)~(ready | amf_n1n2_waiting_sessions(ue)), &deactivated);
	amf_ladn_moved(amf, ue);
	undelivered_send(amf, h);
	amf_order_carry_out(amf, c);
	h->step = HANDOVER_DONE;
	amf_procedure_end(amf, &h->p);
}

/* 8.6.4, 24.501 5.4.1.3.7 and the like: the handover came in between. */
void amf_handover_undelivered(struct amf *amf, struct amf_connection *c, struct bytes nas)
{
	struct amf_handover *h = c->ue && c->ue->serving == c ? amf_handover_of(c->ue) : NULL;
	struct amf_undelivered *u;

	if (!h || h->undelivered_count == AMF_UNDELIVERED_MAX || nas.len == 0)
		return;
	u = &h->undelivered[h->undelivered_count];
	u->octets = malloc(nas.len);
	if (!u->octets)
		return;
	u->len = nas.len;
	bytes_copy(u->octets, u->len, nas);
	h->undelivered_count++;
}
