/*
 * UE context management by the gNB, 38.413 8.3: what it answers to initial context setup, and release.
 *
 *   gNB -> AMF  INITIAL CONTEXT SETUP RESPONSE   8.3.1.2: the sessions' parts go to their SMFs
 *               INITIAL CONTEXT SETUP FAILURE    8.3.1.3
 *   gNB -> AMF  UE CONTEXT RELEASE REQUEST       8.3.2
 *   AMF -> gNB  UE CONTEXT RELEASE COMMAND       8.3.3 (connection.c)
 *   gNB -> AMF  UE CONTEXT RELEASE COMPLETE      8.3.3
 */
#include "core/amf/internal.h"

/* 8.3.1.2 */
void amf_initial_context_setup_response(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_initial_context_setup_response *m = body;
	const struct ngap_pdu_session_resource_setup_list_cxt_res *done =
		m->pdu_session_resource_setup_list_cxt_res;
	const struct ngap_pdu_session_resource_failed_to_setup_list_cxt_res *failed =
		m->pdu_session_resource_failed_to_setup_list_cxt_res;

	c->context_setup = true;
	amf_connection_put(amf, c);
	for (size_t i = 0; done && i < done->count; i++)
		amf_session_n2_info(amf, c, done->items[i].pdu_session_id, N2_SM_PDU_RES_SETUP_RSP,
			done->items[i].pdu_session_resource_setup_response_transfer);
	for (size_t i = 0; failed && i < failed->count; i++)
		amf_session_n2_info(amf, c, failed->items[i].pdu_session_id, N2_SM_PDU_RES_SETUP_FAIL,
			failed->items[i].pdu_session_resource_setup_unsuccessful_transfer);
	amf_procedure_end(amf, amf_procedure_find(c->ue, AMF_CONTEXT_SETUP));
	amf_session_deliver_held(amf, c->ue);
	amf_ue_radio_capability_check(amf, c);
	amf_order_carry_out(amf, c);
}

/* 8.3.1.3: the sessions end with the connection. */
void amf_initial_context_setup_failure(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_initial_context_setup_failure *m = body;
	char text[NGAP_CAUSE_TEXT_SIZE];

	log_warn(amf->nf.env->log, "%s: initial context setup failed for RAN UE %u, cause %s", c->gnb->name,
		c->ran_ue_ngap_id, ngap_cause_text(&m->cause, text));
	amf_connection_release(
		amf, c, ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON));
}

/* 8.3.2 */
void amf_ue_context_release_request(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_ue_context_release_request *m = body;
	struct ngap_cause unspecified =
		ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_NGRAN_GENERATED_REASON);

	amf_connection_release(amf, c, m->no_cause ? unspecified : m->cause);
}

/* 8.3.3 */
void amf_ue_context_release_complete(struct amf *amf, struct amf_connection *c, const void *body)
{
	/* Nobody asked for it: the gNB has lost the context, so the UE is idle all the same. */
	if (c->ue)
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	amf_connection_lost(amf, c);
}
