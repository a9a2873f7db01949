/*
 * NG Reset by the gNB, 38.413 8.7.4.2.2.
 *
 *   gNB -> AMF  NG RESET              9.2.6.11: all of the interface, or a list of connections
 *   AMF -> gNB  NG RESET ACKNOWLEDGE  9.2.6.12: with the list
 */
#include "core/amf/internal.h"

static struct amf_connection *reset_find(struct amf *amf, struct amf_gnb *gnb,
	const struct ngap_ue_associated_logical_ng_connection_item *item)
{
	if (item->has_amf_ue_ngap_id)
		return amf_connection_by_amf_id(amf, gnb, item->amf_ue_ngap_id);
	return item->has_ran_ue_ngap_id ? amf_connection_by_ran_id(amf, gnb, item->ran_ue_ngap_id) : NULL;
}

void amf_ng_reset(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_ng_reset *m = body;
	struct ngap_ng_reset_acknowledge ack = { 0 };
	struct ngap_ue_associated_logical_ng_connection_list list;

	if (m->reset_type.tag == NGAP_RESET_TYPE_TAG_NG_INTERFACE) {
		log_warn(amf->nf.env->log, "gNB %s resets the NG interface", gnb->name);
		amf_gnb_drop_connections(amf, gnb);
	} else if (m->reset_type.tag == NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE) {
		/* The acknowledgement repeats the list, unknown connections too (8.7.4.2.1). */
		list = m->reset_type.u.part_of_ng_interface;
		for (size_t i = 0; i < list.count; i++) {
			struct amf_connection *c = reset_find(amf, gnb, &list.items[i]);

			if (c && list.count == 1)
				amf->whose = c->whose;
			if (c)
				amf_connection_lost(amf, c);
		}
		ack.ue_associated_logical_ng_connection_list = &list;
	} else { /* an extension: nothing was reset (10.3.4.1a) */
		amf_n2_error_indication(amf, gnb, NULL, NULL,
			ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT));
		return;
	}
	amf_n2_send_whose(amf, gnb, 0, amf->whose, NGAP_MSG_NG_RESET_ACKNOWLEDGE, &ack);
}
