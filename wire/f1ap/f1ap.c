/* F1AP over the PER interpreter: TS 38.473 9.4 and 10. */
#include "wire/f1ap/f1ap.h"

bool f1ap_decode(struct bytes in, struct arena *arena, struct f1ap_pdu *out, struct per_diag *diag)
{
	struct per_pdu pdu;
	bool ok = per_pdu_decode(&f1ap_pdu_table, in, arena, &pdu, diag);

	*out = (struct f1ap_pdu){
		.kind = pdu.kind,
		.procedure_code = pdu.procedure_code,
		.criticality = pdu.criticality,
		.message = pdu.message,
		.u.any = pdu.body,
	};
	return ok;
}

bool f1ap_encode(enum f1ap_message message, const void *body, struct writer *w)
{
	return per_pdu_encode(&f1ap_pdu_table, (uint16_t)message, body, w);
}

bool f1ap_print(const struct f1ap_pdu *pdu, struct writer *w)
{
	struct per_pdu generic = { pdu->kind, pdu->procedure_code, pdu->criticality, pdu->message,
		pdu->u.any };

	return per_pdu_print(&f1ap_pdu_table, &generic, w);
}

const char *f1ap_message_name(enum f1ap_message message)
{
	return per_pdu_name(&f1ap_pdu_table, (uint16_t)message);
}
