/* F1AP messages on their way out, and what their parts are made of. */
#include "gnb/cucp/internal.h"

struct f1ap_cause cucp_cause(enum f1ap_cause_radio_network cause)
{
	return (struct f1ap_cause){ .tag = F1AP_CAUSE_TAG_RADIO_NETWORK, .u.radio_network = cause };
}

struct f1ap_nr_cgi cucp_cgi(const struct ncgi *cgi, uint8_t plmn[PLMN_OCTETS])
{
	plmn_to_ap(&cgi->plmn, plmn);
	return (struct f1ap_nr_cgi){ bytes_of(plmn, PLMN_OCTETS), cgi->nci };
}

struct ncgi cucp_cgi_of(const struct f1ap_nr_cgi *cgi)
{
	return (struct ncgi){ plmn_from_ap(cgi->plmn_identity.data), cgi->nr_cell_identity };
}

bool cucp_f1ap_send(struct cucp *c, uint32_t du, enum f1ap_message message, const void *body)
{
	uint8_t octets[CUCP_PDU_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!f1ap_encode(message, body, &w)) {
		c->stats.refused++;
		return false;
	}
	c->config.f1ap_send(c->config.f1_arg, du, writer_bytes(&w));
	return true;
}

void cucp_unknown_ue(struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id)
{
	struct f1ap_cause cause =
		cucp_cause(F1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_F1AP_ID);
	struct f1ap_error_indication m = { .has_gnb_cu_ue_f1ap_id = true,
		.gnb_cu_ue_f1ap_id = cu_id,
		.has_gnb_du_ue_f1ap_id = true,
		.gnb_du_ue_f1ap_id = du_id,
		.cause = &cause };

	may_fail(cucp_f1ap_send(c, du, F1AP_MSG_ERROR_INDICATION, &m));
}
