/* DL and UL information transfer at the gNB (38.331 5.7.1, 5.7.2). */
#include "gnb/cucp/internal.h"

/* 5.7.1.2: by SRB2 once there is one. */
static bool send(struct cucp_ue *ue, struct bytes nas)
{
	struct rrc_dl_dcch_message_type_c1 m = {
		.tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_DL_INFORMATION_TRANSFER
	};
	struct rrc_dl_information_transfer *t = &m.u.dl_information_transfer;

	t->rrc_transaction_identifier = ue->transaction;
	t->critical_extensions.tag =
		RRC_DL_INFORMATION_TRANSFER_CRITICAL_EXTENSIONS_TAG_DL_INFORMATION_TRANSFER;
	t->critical_extensions.u.dl_information_transfer.has_dedicated_nas_message = true;
	t->critical_extensions.u.dl_information_transfer.dedicated_nas_message = nas;
	return cucp_send_on(ue, ue->srb[2].pdcp ? 2 : 1, &m);
}

void cucp_nas_waiting_send(struct cucp_ue *ue)
{
	struct sdu *sdu;

	while ((sdu = sdu_queue_take(&ue->nas_waiting)) != NULL) {
		may_fail(send(ue, sdu_bytes(sdu))); /* counted; NAS repeats */
		sdu_free(ue->c->config.pool, sdu);
	}
}

/* Not while SRB2 is suspended. A UE that has the command to secure takes nothing that is not ciphered
 * (5.3.4.3), and until it answers we do not cipher: it waits. */
bool cucp_nas_send(struct cucp_ue *ue, struct bytes nas)
{
	struct sdu *sdu;

	if (!ue->known || ue->procedure == CUCP_RELEASE || ue->procedure == CUCP_REESTABLISHMENT ||
		ue->srb[2].suspended)
		return false;
	if (ue->procedure != CUCP_SECURITY)
		return send(ue, nas);
	sdu = ue->nas_waiting.count < CUCP_HELD_MAX ? sdu_of(ue->c->config.pool, nas) : NULL;
	if (sdu)
		sdu_queue_put(&ue->nas_waiting, sdu);
	return sdu != NULL;
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
