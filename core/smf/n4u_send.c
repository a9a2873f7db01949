/* What the SMF sends a UE through its UPF (n4u.c). */
#include "core/smf/internal.h"
#include "wire/gtpu/gtpu.h"

bool smf_n4u_send(struct smf *smf, const struct smf_session *s, struct bytes packet)
{
	uint8_t octets[GTPU_HEADER_MAX + SMF_N4U_PACKET_MAX];
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = s->control.teid };
	struct addr to = ip_to_addr(s->control.ip, GTPU_UDP_PORT);
	size_t head = gtpu_header_encode(&h, packet.len, octets);

	return s->control.teid != 0 && s->access == ACCESS_FORWARD && head > 0 &&
	       bytes_copy(octets + head, SMF_N4U_PACKET_MAX, packet) &&
	       outbox_send_to(smf->nf.env->outbox, SMF_PORT_N4U, &to, bytes_of(octets, head + packet.len));
}
