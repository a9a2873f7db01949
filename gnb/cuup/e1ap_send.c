/* E1AP messages on their way out. */
#include "gnb/cuup/parts.h"

bool cuup_e1ap_send(struct cuup_node *n, enum e1ap_message message, const void *body)
{
	uint8_t octets[CUUP_PDU_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!e1ap_encode(message, body, &w)) {
		n->stats.refused++;
		return false;
	}
	n->config.e1ap_send(n->config.arg, writer_bytes(&w));
	return true;
}
