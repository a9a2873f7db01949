/*
 * NG Reset, 38.413 8.7.4: from the AMF, and ours for a UE that the AMF may have and we do not.
 *
 *   gNB                            AMF
 *    |<- NG RESET ------------------|    8.7.4.2.2: all UEs, or those listed, are released
 *    |-- NG RESET ACKNOWLEDGE ----->|
 *    |-- NG RESET (one UE) -------->|    8.7.4.2.1, from ue_context_release.c
 *    |<- NG RESET ACKNOWLEDGE ------|
 */
#include "gnb/internal.h"

static void reset_ue(struct gnb *gnb, struct gnb_ue *ue)
{
	gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
	gnb_ue_free(gnb, ue);
}

static struct gnb_ue *reset_find(struct gnb *gnb, struct gnb_amf *amf,
	const struct ngap_ue_associated_logical_ng_connection_item *item)
{
	if (item->has_ran_ue_ngap_id)
		return gnb_ue_of_ran_id(gnb, amf, item->ran_ue_ngap_id);
	return item->has_amf_ue_ngap_id ? gnb_ue_of_amf_id(amf, item->amf_ue_ngap_id) : NULL;
}

void gnb_n2_ng_reset(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_ng_reset *m = pdu->u.ng_reset;
	struct ngap_ng_reset_acknowledge ack = { 0 };
	struct ngap_ue_associated_logical_ng_connection_list list;

	if (m->reset_type.tag == NGAP_RESET_TYPE_TAG_NG_INTERFACE) {
		log_warn(gnb->env->log, "AMF %s resets the NG interface", amf->name);
		list_each(l, next, &amf->ues) reset_ue(gnb, container_of(l, struct gnb_ue, link));
	} else if (m->reset_type.tag == NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE) {
		/* The acknowledgement repeats the list, unknown connections too (8.7.4.2.2). */
		list = m->reset_type.u.part_of_ng_interface;
		for (size_t i = 0; i < list.count; i++) {
			struct gnb_ue *ue = reset_find(gnb, amf, &list.items[i]);

			if (ue)
				reset_ue(gnb, ue);
		}
		ack.ue_associated_logical_ng_connection_list = &list;
	} else { /* an extension: nothing was reset (10.3.4.1a) */
		gnb_n2_send_error_indication(gnb, amf, NULL, NULL,
			ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT));
		return;
	}
	gnb_n2_send(gnb, amf, 0, NGAP_MSG_NG_RESET_ACKNOWLEDGE, &ack);
}

/* What was reset is gone here since the request was sent. */
void gnb_n2_ng_reset_acknowledge(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
}
