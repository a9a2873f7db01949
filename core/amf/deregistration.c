/*
 * De-registration, 23.502 4.2.2.3 and 24.501 5.5.2: by the UE, by the network, and implicit.
 *
 *   UE  -> AMF  DEREGISTRATION REQUEST (UE)        24.501 5.5.2.2.1
 *   AMF -> UE   DEREGISTRATION ACCEPT              5.5.2.2.2, unless switched off
 *   UDM -> AMF  Nudm_UECM_DeregistrationNotification    29.503 5.3.2.3; moved to another AMF, the UE hears
 *               nothing
 *   operator    `freehold deregister`: an idle UE is paged first (23.502 4.2.2.3.3 step 2)
 *   AMF -> UE   DEREGISTRATION REQUEST (network)   24.501 5.5.2.3.1: T3522; re-registration required, or not
 *   UE  -> AMF  DEREGISTRATION ACCEPT              5.5.2.3.2
 *   AMF -> SMF, PCF, UDM  what was made for the UE is released (29.502 5.2.2.4, 29.507 4.2.5,
 *               29.503 5.3.2.4)
 *   AMF -> gNB  UE CONTEXT RELEASE COMMAND         38.413 8.3.3
 */
#include "core/amf/paging.h"
#include "core/amf/security_context.h"

void amf_policy_delete(struct amf *amf, const struct sbi_peer *pcf, const char *policy_id, uint64_t whose)
{
	struct npcf_am_policy_delete_req req = { policy_id };

	sbi_call(amf->nf.self, pcf, SBI_PCF_AM_POLICY_DELETE, &req, (struct sbi_token){ .whose = whose });
}

/* Ends the UE's stay here: sessions and policy go, the connection is released. */
static void leave(struct amf *amf, struct amf_ue *ue, enum event_reason reason, struct ngap_cause cause)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	char name[48];

	if (ue->registered) {
		amf_ue_event(amf, ue, EVENT_DEREGISTERED, reason, 0);
		log_info(amf->nf.env->log, "%s is de-registered: %s", amf_ue_str(amf, ue, name),
			event_reason_name((uint8_t)reason));
	}
	amf->stat[AMF_STAT_DEREGISTRATIONS] += ue->registered;
	if (ue->policy_id[0])
		amf_policy_delete(amf, ue->pcf, ue->policy_id, amf_ue_whose(ue));
	amf_ue_free(amf, ue);
	if (c)
		amf_connection_release(amf, c, cause);
}

/* Ends it everywhere: the UDM's registration of this AMF goes too. */
static void deregister(struct amf *amf, struct amf_ue *ue, enum event_reason reason)
{
	struct nudm_amf_modification_req purge = { ue->supi,
		{ .guami = amf->config.guami, .purge_flag = true } };

	if (ue->registered && !supi_is_imei(&ue->supi)) /* else no UDM knows it */
		nf_call(&amf->nf, SBI_UDM_AMF_PURGE, &purge, (struct sbi_token){ .whose = amf_ue_whose(ue) });
	leave(amf, ue, reason, ngap_cause_of_nas(NGAP_CAUSE_NAS_DEREGISTER));
}

/*
 * 5.5.2.2. A request whose integrity is not assured ends only what its connection stands for, which is no
 * registered context (n1_receive.c): nobody can de-register somebody else.
 */
enum fsm_outcome amf_deregistration_request(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;
	uint8_t type = nas->msg->deregistration_request_ue.deregistration_type;
	struct nas_msg accept = { .type = NAS_DEREGISTRATION_ACCEPT_UE };

	if (!(type & NAS_DEREGISTRATION_SWITCH_OFF))
		amf_n1_send(amf, ue, nas->is_protected ? NAS_INTEGRITY_CIPHERED : NAS_PLAIN, &accept);
	if (nas->is_protected)
		amf_security_context_keep(amf, ue);
	deregister(amf, ue, EVENT_BY_UE);
	return FSM_GONE;
}

/* 5.5.2.3.2: a UE that is to come again does so with its security context. */
static void end_by_network(struct amf *amf, struct amf_ue *ue)
{
	const struct amf_deregistration *p = amf_deregistration_of(ue);

	if (p && p->again)
		amf_security_context_keep(amf, ue);
	deregister(amf, ue, EVENT_BY_NETWORK);
}

/* 5.5.2.3: the network wants the UE off. arg: struct amf_deregistration_wait of an operator; NULL: the
 * subscription ended. */
enum fsm_outcome amf_deregistration_start(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct nas_msg m = { .type = NAS_DEREGISTRATION_REQUEST_NETWORK };
	struct nas_deregistration_request_network *r = &m.deregistration_request_network;
	const struct amf_deregistration_wait *wanted = arg;
	bool again = wanted && wanted->again;
	struct amf_procedure *p = NULL;

	r->deregistration_type = NAS_DEREGISTRATION_3GPP | (again ? NAS_DEREGISTRATION_REREGISTER : 0);
	r->has_cause = !wanted || wanted->cause; /* none is to bar a UE that the operator only wants off */
	r->cause = wanted ? wanted->cause : NAS_5GMM_5GS_SERVICES_NOT_ALLOWED;
	if (amf_connection_for(ue, AMF_FOR_NAS) && ue->security.active)
		p = amf_procedure_begin(amf, ue, AMF_DEREGISTRATION);
	if (p)
		((struct amf_deregistration *)p)->again = again;
	if (!p || !amf_n1_send_and_wait(amf, p, NAS_INTEGRITY_CIPHERED, &m, amf->config.t3522_ms)) {
		end_by_network(amf, ue);
		return FSM_GONE;
	}
	/* A restart in between must not bring the UE back, nor forget the one half of it. */
	amf_session_release_all(amf, ue);
	amf_ue_dirty(amf, ue);
	return FSM_OK;
}

/* The network has told it that it is nobody (24.501 5.4.1.3.5). */
enum fsm_outcome amf_deregistration_refused(struct amf *amf, struct amf_ue *ue)
{
	deregister(amf, ue, EVENT_WRONG_KEY);
	return FSM_GONE;
}

/* Without a word to the UE, or after its last one. */
enum fsm_outcome amf_deregistration_implicit(void *room, void *context, const void *arg)
{
	end_by_network(room, context);
	return FSM_GONE;
}

/* Another registration of the same UE takes its place. */
void amf_deregistration_replaced(struct amf *amf, struct amf_ue *ue)
{
	deregister(amf, ue, EVENT_REPLACED);
}

/* 5.3.7: the UE was not heard of for too long; it may still come back with its context. */
enum fsm_outcome amf_deregistration_unreachable(void *room, void *context, const void *arg)
{
	amf_security_context_keep(room, context);
	deregister(room, context, EVENT_UNREACHABLE);
	return FSM_GONE;
}

/*
 * 23.502 4.2.2.2.2 step 14d: another AMF has the UE, and is registered at the UDM. PDU sessions are released
 * at their SMFs whatever the reason: none can have gone to the other AMF, as no UE context is transferred
 * from here.
 */
enum fsm_outcome amf_deregistration_moved(void *room, void *context, const void *arg)
{
	leave(room, context, EVENT_MOVED,
		ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON));
	return FSM_GONE;
}

/* T3522, 5.5.2.3.5 a */
void amf_deregistration_expired(struct amf *amf, struct amf_procedure *p)
{
	if (!amf_n1_repeat(amf, p, amf->config.t3522_ms))
		end_by_network(amf, p->ue);
}

/* It is connected and nothing else is under way, or it does not come. */
void amf_deregistration_wait_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_deregistration_wait wanted = *(struct amf_deregistration_wait *)p;
	uint64_t now_ns = env_now_ns(amf->nf.env);
	struct amf_ue *ue = p->ue;

	if (amf_procedure_waits(p) && now_ns < wanted.until_ns) {
		amf_procedure_wait(amf, p, (uint32_t)((wanted.until_ns - now_ns) / NS_PER_MS) + 1);
		return;
	}
	amf_procedure_end(amf, p);
	amf_mm_event(amf, ue, MM_EV_WITHDRAWN, &wanted);
}

bool amf_deregister(struct amf *amf, const struct supi *supi, bool again)
{
	struct amf_ue *ue = amf_ue_by_supi(amf, supi);
	struct amf_deregistration_wait *wait;
	uint32_t most_ms;

	if (!ue || !ue->registered)
		return false;
	most_ms = amf_paging_ms(amf, ue) + AMF_TRANSFER_WAIT_S * 1000;
	wait = (struct amf_deregistration_wait *)amf_procedure_begin(amf, ue, AMF_DEREGISTRATION_WAIT);
	if (!wait)
		return ue->state == MM_DEREGISTERING; /* it is on its way */
	wait->again = again;
	wait->until_ns = env_now_ns(amf->nf.env) + most_ms * (uint64_t)NS_PER_MS;
	if (amf_paging_is_possible(ue) && amf_paging_begin(amf, ue, 0))
		amf_procedure_wait(amf, &wait->p, most_ms);
	else
		amf_procedure_wait(amf, &wait->p, 0);
	return true;
}
