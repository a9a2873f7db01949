/*
 * What one NG-RAN node has for another, brought there as it is: RAN configuration transfer, 38.413 8.8, as of
 * addresses for Xn, and RIM information transfer, 8.16.
 *
 *   gNB -> AMF  UPLINK RAN CONFIGURATION TRANSFER      8.8.1
 *   AMF -> gNB  DOWNLINK RAN CONFIGURATION TRANSFER    8.8.2, to its target
 *   gNB -> AMF  UPLINK RIM INFORMATION TRANSFER        8.16.1
 *   AMF -> gNB  DOWNLINK RIM INFORMATION TRANSFER      8.16.2, likewise
 *
 * A target that is not at this AMF is nobody's fault: there is no answer that could say so.
 */
#include "core/amf/internal.h"

/* NULL: the node is not set up here; counted. */
static struct amf_gnb *target_of(
	struct amf *amf, const struct amf_gnb *from, const struct ngap_global_ran_node_id *id)
{
	struct amf_gnb *to = amf_gnb_by_node(amf, amf_node_id(id));

	if (to && !to->absent)
		return to;
	amf->stat[AMF_STAT_RELAYS_LOST]++;
	log_info(amf->nf.env->log, "%s: what it has for another gNB is dropped: that one is not set up here",
		from->name);
	return NULL;
}

static void relay(struct amf *amf, struct amf_gnb *to, enum ngap_message type, const void *body)
{
	if (amf_n2_send(amf, to, 0, type, body))
		amf->stat[AMF_STAT_RELAYS]++;
}

/* What is for an eNB goes to an MME, and there is none. */
void amf_uplink_ran_configuration_transfer(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_uplink_ran_configuration_transfer *m = body;
	struct ngap_son_configuration_transfer *son = m->son_configuration_transfer_ul;
	struct ngap_downlink_ran_configuration_transfer out = { .son_configuration_transfer_dl = son };
	struct amf_gnb *to;

	amf->stat[AMF_STAT_RELAYS_LOST] += m->has_endc_son_configuration_transfer_ul +
					   (m->intersystem_son_configuration_transfer_ul != NULL);
	to = son ? target_of(amf, gnb, &son->target_ran_node_id_son.global_ran_node_id) : NULL;
	if (to)
		relay(amf, to, NGAP_MSG_DOWNLINK_RAN_CONFIGURATION_TRANSFER, &out);
}

void amf_uplink_rim_information_transfer(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_uplink_rim_information_transfer *m = body;
	struct ngap_downlink_rim_information_transfer out = { m->rim_information_transfer };
	struct amf_gnb *to = NULL;

	if (m->rim_information_transfer)
		to = target_of(
			amf, gnb, &m->rim_information_transfer->target_ran_node_id_rim.global_ran_node_id);
	if (to)
		relay(amf, to, NGAP_MSG_DOWNLINK_RIM_INFORMATION_TRANSFER, &out);
}
