/* DL and UL information transfer at the gNB (38.331 5.7.1, 5.7.2). */
#include "gnb/cucp/internal.h"

/* 5.7.1.2: by SRB2 once there is one; not while that is suspended. */
bool cucp_nas_send(struct cucp_ue *ue, struct bytes nas)
{
	struct rrc_dl_dcch_message_type_c1 m = {
		.tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_DL_INFORMATION_TRANSFER
	};
	struct rrc_dl_information_transfer *t = &m.u.dl_information_transfer;

	if (!ue->known || ue->procedure == CUCP_RELEASE || ue->procedure == CUCP_REESTABLISHMENT ||
		ue->srb[2].suspended)
		return false;
	t->rrc_transaction_identifier = ue->transaction;
	t->critical_extensions.tag =
		RRC_DL_INFORMATION_TRANSFER_CRITICAL_EXTENSIONS_TAG_DL_INFORMATION_TRANSFER;
	t->critical_extensions.u.dl_information_transfer.has_dedicated_nas_message = true;
	t->critical_extensions.u.dl_information_transfer.dedicated_nas_message = nas;
	return cucp_send_on(ue, ue->srb[2].pdcp ? 2 : 1, &m);
}

void cucp_nas_received(struct cucp_ue *ue, const struct rrc_ul_information_transfer *m)
{
	const struct rrc_ul_information_transfer_ies *ies = &m->critical_extensions.u.ul_information_transfer;
	const struct cucp_upper *upper = &ue->c->config.upper;

	if (!ue->known ||
		m->critical_extensions.tag !=
			RRC_UL_INFORMATION_TRANSFER_CRITICAL_EXTENSIONS_TAG_UL_INFORMATION_TRANSFER ||
		!ies->has_dedicated_nas_message) {
		ue->c->stats.not_comprehended++;
		return;
	}
	upper->nas_received(upper->arg, ue->user, ies->dedicated_nas_message);
}
