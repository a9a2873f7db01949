/* E1AP over the PER interpreter: TS 37.483 9.4 and 10. */
#include "wire/e1ap/e1ap.h"

bool e1ap_decode(struct bytes in, struct arena *arena, struct e1ap_pdu *out, struct per_diag *diag)
{
	struct per_pdu pdu;
	bool ok = per_pdu_decode(&e1ap_pdu_table, in, arena, &pdu, diag);

	*out = (struct e1ap_pdu){
		.kind = pdu.kind,
		.procedure_code = pdu.procedure_code,
		.criticality = pdu.criticality,
		.message = pdu.message,
		.u.any = pdu.body,
	};
	return ok;
}

bool e1ap_encode(enum e1ap_message message, const void *body, struct writer *w)
{
	return per_pdu_encode(&e1ap_pdu_table, (uint16_t)message, body, w);
}

bool e1ap_print(const struct e1ap_pdu *pdu, struct writer *w)
{
	struct per_pdu generic = { pdu->kind, pdu->procedure_code, pdu->criticality, pdu->message,
		pdu->u.any };

	return per_pdu_print(&e1ap_pdu_table, &generic, w);
}

const char *e1ap_message_name(enum e1ap_message message)
{
	return per_pdu_name(&e1ap_pdu_table, (uint16_t)message);
}
