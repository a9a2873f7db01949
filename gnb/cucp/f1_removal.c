/* F1 Removal at the CU-CP (38.473 8.2.8). */
#include "gnb/cucp/internal.h"

void cucp_f1_remove(struct cucp *c, uint32_t du)
{
	struct f1ap_f1_removal_request m = { .transaction_id = ++c->transaction };

	if (c->dus[du].up)
		may_fail(cucp_f1ap_send(c, du, F1AP_MSG_F1_REMOVAL_REQUEST, &m));
	cucp_f1_lost(c, du);
	c->dus[du].removing = true;
}

/* Also refused: we have left it. */
void cucp_f1_removal_answered(struct cucp *c, uint32_t du)
{
	c->dus[du].removing = false;
	if (c->config.f1_removed)
		c->config.f1_removed(c->config.f1_arg, du);
}

/* The association is the DU's to end. */
void cucp_f1_removal_request(struct cucp *c, uint32_t du, const struct f1ap_f1_removal_request *in)
{
	struct f1ap_f1_removal_response m = { .transaction_id = in->transaction_id };

	cucp_f1_lost(c, du);
	may_fail(cucp_f1ap_send(c, du, F1AP_MSG_F1_REMOVAL_RESPONSE, &m));
}
