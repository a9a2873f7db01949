/* F1 Removal at the DU (38.473 8.2.8). */
#include "gnb/du/f1ap_internal.h"

void du_f1ap_remove(struct du_f1ap *f)
{
	struct f1ap_f1_removal_request m = { .transaction_id = ++f->transaction };

	if (f->up)
		may_fail(du_f1ap_send(f, F1AP_MSG_F1_REMOVAL_REQUEST, &m));
	du_f1ap_lost(f);
	f->removing = true;
}

/* Also refused: we have left it. */
void du_f1ap_removal_answered(struct du_f1ap *f)
{
	f->removing = false;
	if (f->config.removed)
		f->config.removed(f->config.f1_arg);
}

/* The association is the CU's to end. */
void du_f1ap_removal_request(struct du_f1ap *f, const struct f1ap_f1_removal_request *in)
{
	struct f1ap_f1_removal_response m = { .transaction_id = in->transaction_id };

	du_f1ap_lost(f);
	may_fail(du_f1ap_send(f, F1AP_MSG_F1_REMOVAL_RESPONSE, &m));
}
