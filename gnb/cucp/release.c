/* The end of a connection: RRCRelease (38.331 5.3.8) in the UE CONTEXT RELEASE COMMAND (38.473 8.3.3). */
#include "gnb/cucp/internal.h"

/* RRCRelease goes into the command instead of a message of its own: what SRB1 would send is caught. */
static void catch_pdu(void *arg, uint8_t srb, struct sdu *pdu)
{
	struct cucp_ue *ue = arg;

	ue->caught = pdu;
}

static struct sdu *release_make(struct cucp_ue *ue, uint8_t wait_s)
{
	struct rrc_dl_dcch_message_type_c1 m = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RELEASE };
	struct rrc_rrc_release_v1540_ies more = { .has_wait_time = wait_s > 0, .wait_time = wait_s };
	struct rrc_rrc_release *r = &m.u.rrc_release;
	void (*submit)(void *arg, uint8_t srb, struct sdu *pdu) = ue->home.submit;

	ue->transaction = (ue->transaction + 1) & 3;
	r->rrc_transaction_identifier = ue->transaction;
	r->critical_extensions.tag = RRC_RRC_RELEASE_CRITICAL_EXTENSIONS_TAG_RRC_RELEASE;
	r->critical_extensions.u.rrc_release.non_critical_extension = wait_s > 0 ? &more : NULL;
	ue->caught = NULL;
	ue->home.submit = catch_pdu;
	may_fail(cucp_send_on(ue, 1, &m)); /* without it the UE sees the radio link fail */
	ue->home.submit = submit;
	return ue->caught;
}

void cucp_release(struct cucp_ue *ue, uint8_t wait_s, bool quiet)
{
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_NORMAL_RELEASE);
	struct sdu *rrc;

	ue->known = false;
	if (ue->procedure == CUCP_RELEASE)
		return;
	rrc = quiet || ue->procedure == CUCP_REESTABLISHMENT ? NULL : release_make(ue, wait_s);
	cucp_context_release_send(ue, &cause, rrc ? sdu_bytes(rrc) : BYTES_NONE);
	if (rrc)
		sdu_free(ue->c->config.pool, rrc);
}

/* 8.3.2: the DU has lost the UE, by what it sees of the radio or of RLC. */
void cucp_release_requested(struct cucp *c, uint32_t du, const struct f1ap_ue_context_release_request *m)
{
	struct cucp_ue *ue = cucp_ue_find(c, du, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);

	if (ue && ue->procedure != CUCP_RELEASE)
		cucp_lose(ue, &m->cause);
}

void cucp_release_complete(struct cucp *c, uint32_t du, const struct f1ap_ue_context_release_complete *m)
{
	struct cucp_ue *ue = cucp_ue_find(c, du, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);

	if (ue && ue->procedure == CUCP_RELEASE)
		cucp_ue_free(ue);
	else
		c->stats.not_comprehended += ue != NULL;
}
