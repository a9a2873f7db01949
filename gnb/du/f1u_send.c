/* F1-U on its way to the CU-UP. */
#include "gnb/du/f1u_internal.h"

/* container: none, of uplink data. */
void du_f1u_put(struct du_f1u_bearer *b, struct bytes container, struct bytes pdu)
{
	struct du_f1u *f = b->f;
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = b->cu_teid, .nr_ran_container = container };
	size_t size = gtpu_header_encode(&h, pdu.len, f->packet);
	struct writer w = writer_of(f->packet + size, sizeof(f->packet) - size);

	writer_put(&w, pdu);
	if (size > 0 && !w.failed)
		f->config.send(f->config.arg, &b->cu, bytes_of(f->packet, size + pdu.len));
}
