/* UE capability transfer at the gNB (38.331 5.6.1): what the UE has of NR. */
#include "gnb/cucp/internal.h"

enum { CONTAINERS_MAX = 8192 };

void cucp_enquiry_send(struct cucp_ue *ue)
{
	struct rrc_ue_capability_rat_request nr = { .rat_type = RRC_RAT_TYPE_NR };
	struct rrc_dl_dcch_message_type_c1 m = {
		.tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_UE_CAPABILITY_ENQUIRY
	};
	struct rrc_ue_capability_enquiry *e = &m.u.ue_capability_enquiry;

	ue->capability_wanted = false;
	ue->transaction = (ue->transaction + 1) & 3;
	e->rrc_transaction_identifier = ue->transaction;
	e->critical_extensions.tag = RRC_UE_CAPABILITY_ENQUIRY_CRITICAL_EXTENSIONS_TAG_UE_CAPABILITY_ENQUIRY;
	e->critical_extensions.u.ue_capability_enquiry.ue_capability_rat_request_list =
		(struct rrc_ue_capability_rat_request_list){ 1, &nr };
	cucp_guard(ue, CUCP_CAPABILITY, CUCP_RRC_MS);
	may_fail(cucp_send_on(ue, 1, &m)); /* the guard sees to it */
}

void cucp_capability_known(struct cucp_ue *ue, struct bytes containers)
{
	struct sdu *sdu = containers.len > 0 ? sdu_of(ue->c->config.pool, containers) : NULL;

	if (!sdu)
		return; /* it goes on without */
	if (ue->capability)
		sdu_free(ue->c->config.pool, ue->capability);
	ue->capability = sdu; /* it goes with the next order, or one of its own */
}

void cucp_capability_received(struct cucp_ue *ue, const struct rrc_ue_capability_information *m)
{
	const struct rrc_ue_capability_rat_container_list *list =
		m->critical_extensions.u.ue_capability_information.ue_capability_rat_container_list;
	const struct cucp_upper *upper = &ue->c->config.upper;
	uint8_t octets[CONTAINERS_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct bytes containers = BYTES_NONE;

	if (ue->procedure != CUCP_CAPABILITY || m->rrc_transaction_identifier != ue->transaction ||
		m->critical_extensions.tag !=
			RRC_UE_CAPABILITY_INFORMATION_CRITICAL_EXTENSIONS_TAG_UE_CAPABILITY_INFORMATION) {
		ue->c->stats.not_comprehended++;
		return;
	}
	if (list && rrc_encode(&rrc_ue_capability_rat_container_list_type, list, &w))
		containers = writer_bytes(&w);
	cucp_capability_known(ue, containers);
	upper->capability(upper->arg, ue->user, containers);
	if (ue->procedure == CUCP_CAPABILITY)
		cucp_done(ue);
}
