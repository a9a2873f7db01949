/* NG Reset, 38.413 8.7.4: from the gNB, and ours for a connection that it may have and we do not. */
#include "core/amf/internal.h"

static struct amf_connection *reset_find(struct amf *amf, struct amf_gnb *gnb,
	const struct ngap_ue_associated_logical_ng_connection_item *item)
{
	struct amf_connection *c;

	if (item->has_amf_ue_ngap_id) {
		c = pool_at(&amf->connections, (uint32_t)(item->amf_ue_ngap_id & 0xfffff));
		return c && c->gnb == gnb && c->amf_ue_ngap_id == item->amf_ue_ngap_id ? c : NULL;
	}
	if (!item->has_ran_ue_ngap_id)
		return NULL;
	return hash_get(&amf->connection_by_ran_id, gnb->assoc, item->ran_ue_ngap_id, struct amf_connection,
		by_ran_id);
}

void amf_ng_reset(struct amf *amf, struct amf_gnb *gnb, const struct ngap_ng_reset *m)
{
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

			if (c)
				amf_connection_lost(amf, c);
		}
		ack.ue_associated_logical_ng_connection_list = &list;
	} else { /* an extension: nothing was reset (10.3.4.1a) */
		amf_n2_error_indication(amf, gnb, NULL, NULL,
			ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT));
		return;
	}
	amf_n2_send(amf, gnb, 0, NGAP_MSG_NG_RESET_ACKNOWLEDGE, &ack);
}

void amf_ng_reset_send(struct amf *amf, struct amf_connection *c)
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
