/*
 * Retrieve UE Context, 38.423 8.2.4: a UE has come to a neighbour and wants to go on with a connection that
 * it had here.
 *
 *   neighbour                                gNB
 *    |-- RETRIEVE UE CONTEXT REQUEST --------->|    by C-RNTI, PCI and ShortMAC-I, or by I-RNTI
 *    |<- RETRIEVE UE CONTEXT FAILURE ----------|    8.2.4.3
 *
 * The UE of the simulated radio re-establishes its connection where it had it, and there is no RRC_INACTIVE,
 * so no context is given: the UE registers, or asks for service, where it is, and the AMF moves it. The cause
 * says what was found; a proof that is wrong is told from a UE that is not here by nothing.
 */
#include "gnb/xn.h"
#include "radio/uu_security.h"

static const struct gnb_ue *ue_of(
	struct gnb *gnb, const struct xnap_ue_context_id_for_rrc_reestablishment *id)
{
	for (uint32_t i = 0;; i++) {
		const struct gnb_ue *ue = pool_next(&gnb->ues, &i);

		if (!ue)
			return NULL;
		if (ue->context && ue->c_rnti == id->c_rnti &&
			gnb->config.cells[ue->radio.cell].pci == id->failure_cell_pci.u.nr)
			return ue;
	}
}

static bool is_proved(
	struct gnb *gnb, const struct gnb_ue *ue, const struct xnap_retrieve_ue_context_request *m)
{
	uint16_t mac;

	return m->new_ng_ran_cell_identity.tag == XNAP_NG_RAN_CELL_IDENTITY_TAG_NR &&
	       uu_short_mac_i(ue->k_gnb, ue->ia, gnb->config.cells[ue->radio.cell].pci, ue->c_rnti,
		       m->new_ng_ran_cell_identity.u.nr, &mac) &&
	       mac == m->mac_i;
}

void gnb_xn_retrieve_ue_context_request(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_retrieve_ue_context_request *m = pdu->u.retrieve_ue_context_request;
	const struct gnb_ue *ue = NULL;
	struct xnap_retrieve_ue_context_failure answer = { .new_ng_ran_node_ue_xnap_id =
								   m->new_ng_ran_node_ue_xnap_id };

	if (m->ue_context_id.tag == XNAP_UE_CONTEXT_ID_TAG_RRRC_REESTABLISHMENT &&
		m->ue_context_id.u.rrrc_reestablishment.failure_cell_pci.tag == XNAP_NG_RAN_CELL_PCI_TAG_NR)
		ue = ue_of(gnb, &m->ue_context_id.u.rrrc_reestablishment);
	answer.cause = xnap_cause_radio(ue && is_proved(gnb, ue, m)
						? XNAP_CAUSE_RADIO_NETWORK_LAYER_NON_RELOCATION_OF_CONTEXT
						: XNAP_CAUSE_RADIO_NETWORK_LAYER_UE_CONTEXT_ID_NOT_KNOWN);
	gnb->stat[GNB_STAT_CONTEXTS_NOT_GIVEN]++;
	gnb_xn_send(gnb, xn, 0, XNAP_MSG_RETRIEVE_UE_CONTEXT_FAILURE, &answer);
}

/* 8.2.6: it belongs to a context that was given, and none was. */
void gnb_xn_u_address_indication(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_xn_u_address_indication *m = pdu->u.xn_u_address_indication;

	gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
	gnb_xn_send_error_indication(gnb, xn,
		xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_UNKNOWN_LOCAL_NG_RAN_NODE_UE_XNAP_ID),
		m->no_old_ng_ran_node_ue_xnap_id ? NULL : &m->old_ng_ran_node_ue_xnap_id,
		m->no_new_ng_ran_node_ue_xnap_id ? NULL : &m->new_ng_ran_node_ue_xnap_id, NULL);
}
