/*
 * K_gNB of a new K_AMF, 33.501 6.9.4.2.
 *
 *   AMF -> gNB  UE CONTEXT MODIFICATION REQUEST     38.413 8.3.4, once SECURITY MODE COMPLETE has come
 *   gNB -> AMF  UE CONTEXT MODIFICATION RESPONSE
 *
 * Until the gNB has answered, the access stratum goes on with the keys before (6.9.5.1). A path switch goes
 * first (path_switch_request.c), and the key to the gNB that the UE has gone to. A gNB that is handing the UE
 * over refuses the key and gets it again, unless its handover is by N2: then the target has it in HANDOVER
 * REQUEST, with the New Security Context Indicator (6.9.2.3.3; handover_resource_allocation.c). A gNB that
 * does not take the key otherwise, or does not answer, loses the connection: the next one begins with it.
 */
#include "core/amf/handover.h"

static bool key_send(struct amf *amf, struct amf_ue *ue, const struct amf_connection *c)
{
	uint8_t k_gnb[KDF_KEY_LEN];
	struct ngap_ue_context_modification_request m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.has_security_key = true,
		.security_key = { k_gnb, 8 * sizeof(k_gnb) } };
	bool sent = amf_k_gnb(ue, k_gnb) && amf_n2_send_ue(amf, (struct amf_connection *)c,
						    NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &m);

	explicit_bzero(k_gnb, sizeof(k_gnb));
	amf->stat[AMF_STAT_CONTEXT_MODIFICATIONS] += sent;
	return sent;
}

static void leave(struct amf *amf, struct amf_ue *ue)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);

	if (c)
		amf_connection_release(amf, c,
			ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON));
}

/* False: it cannot be sent, now or later. */
static bool begin(struct amf *amf, struct amf_rekeying *p)
{
	amf_procedure_wait(amf, &p->p, AMF_CONTEXT_SETUP_S * 1000); /* also when it cannot be sent now */
	p->sent = !amf_procedure_waits(&p->p);
	return !p->sent || key_send(amf, p->p.ue, amf_connection_for(p->p.ue, AMF_FOR_NAS));
}

/* Without a context at the gNB there is nothing to change. */
bool amf_rekey(struct amf *amf, struct amf_ue *ue, const struct amf_next_hop *before)
{
	const struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	struct amf_rekeying *p;

	if (!c->context_setup)
		return true;
	p = before ? (struct amf_rekeying *)amf_procedure_begin(amf, ue, AMF_REKEYING) : NULL;
	if (!p)
		return false;
	p->before = *before;
	amf_connection_put(amf, amf_connection_for(ue, AMF_FOR_NAS)); /* a restart does not go on with it */
	return begin(amf, p);
}

/* The new context is in use between UE and AMF. */
enum fsm_outcome amf_reauthentication_secured(
	struct amf *amf, struct amf_ue *ue, const struct amf_next_hop *before)
{
	amf->stat[AMF_STAT_REAUTHENTICATIONS]++;
	amf_ue_event(amf, ue, EVENT_REAUTHENTICATED, EVENT_NO_REASON, 0);
	log_info(amf->nf.env->log, "imsi-%s is authenticated again", ue->supi.imsi);
	if (!amf_rekey(amf, ue, before))
		leave(amf, ue);
	return FSM_OK;
}

static bool is_handing_over(const struct ngap_cause *c)
{
	return c->tag == NGAP_CAUSE_TAG_RADIO_NETWORK &&
	       (c->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_XN_HANDOVER_TRIGGERED ||
		       c->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_NG_INTRA_SYSTEM_HANDOVER_TRIGGERED ||
		       c->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE);
}

void amf_rekeying_answered(struct amf *amf, struct amf_ue *ue, const struct ngap_cause *refusal)
{
	struct amf_rekeying *p = ue ? amf_rekeying_of(ue) : NULL;

	if (!p || !p->sent)
		return;
	if (refusal && is_handing_over(refusal) && p->refused++ < AMF_REKEYING_REFUSALS_MAX) {
		p->sent = false;
		amf_procedure_wait(amf, &p->p, AMF_REKEYING_AGAIN_MS);
		return;
	}
	amf_procedure_end(amf, &p->p);
	if (refusal) {
		leave(amf, ue);
		return;
	}
	amf_connection_put(amf, amf_connection_for(ue, AMF_FOR_NAS));
	amf_session_deliver_held(amf, ue);
}

void amf_rekeying_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_ue *ue = p->ue;
	bool sent = ((struct amf_rekeying *)p)->sent;

	if (!sent && begin(amf, (struct amf_rekeying *)p))
		return;
	amf_procedure_end(amf, p);
	leave(amf, ue);
}

void amf_rekeying_ended(struct amf *amf, struct amf_procedure *p)
{
	explicit_bzero(&((struct amf_rekeying *)p)->before, sizeof(struct amf_next_hop));
}
