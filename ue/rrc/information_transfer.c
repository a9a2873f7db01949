/* DL and UL information transfer (38.331 5.7.1, 5.7.2). */
#include "ue/rrc/internal.h"

static const enum rrc_ul_information_transfer_critical_extensions_tag is_transfer =
	RRC_UL_INFORMATION_TRANSFER_CRITICAL_EXTENSIONS_TAG_UL_INFORMATION_TRANSFER;

void ue_rrc_information(struct ue_rrc_connection *c, const struct rrc_dl_information_transfer *m)
{
	const struct rrc_dl_information_transfer_ies *ies = &m->critical_extensions.u.dl_information_transfer;

	if (m->critical_extensions.tag !=
		RRC_DL_INFORMATION_TRANSFER_CRITICAL_EXTENSIONS_TAG_DL_INFORMATION_TRANSFER) {
		c->stats.not_comprehended++;
		return;
	}
	if (ies->has_dedicated_nas_message)
		c->config.upper.nas_received(c->config.upper.arg, ies->dedicated_nas_message);
}

/* 5.7.2.2, 5.7.2.3: by SRB2 once there is one; while that is suspended the NAS has to wait. */
bool ue_rrc_nas_send(struct ue_rrc_connection *c, struct bytes nas)
{
	struct rrc_ul_dcch_message_type_c1 m = {
		.tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_UL_INFORMATION_TRANSFER,
		.u.ul_information_transfer.critical_extensions = { .tag = is_transfer,
			.u.ul_information_transfer = { .has_dedicated_nas_message = true,
				.dedicated_nas_message = nas } }
	};

	if (c->state != UE_RRC_CONNECTED || timer_is_set(&c->timer[T_RELEASE]))
		return false;
	return ue_rrc_send_on(c, c->srb[2].pdcp ? 2 : 1, &m);
}
