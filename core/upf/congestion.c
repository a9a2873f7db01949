/* Congestion that a packet has met on N3, RFC 6040. */
#include "core/upf/worker.h"

/*
 * What the tunnel's header says of congestion goes on in the packet's own (RFC 6040 4.2); false: it does, and
 * the packet's sender would not understand it. The buffer is ours.
 */
bool upf_take_congestion(struct upf_packet *p, struct upf_flow *flow)
{
	uint8_t *ip = (uint8_t *)(uintptr_t)p->data;
	uint16_t check;

	if ((p->tos & UPF_ECN) != UPF_ECN_CE || (flow->tos & UPF_ECN) == UPF_ECN_CE)
		return true;
	if ((flow->tos & UPF_ECN) == UPF_ECN_NONE)
		return false;
	if (ip[0] >> 4 == 6) {
		ip[1] |= UPF_ECN_CE << 4;
	} else {
		check = upf_checksum_change(
			gtpu_be16(ip + 10), gtpu_be16(ip), ip[1] | UPF_ECN_CE | ip[0] << 8);
		ip[1] |= UPF_ECN_CE;
		ip[10] = (uint8_t)(check >> 8);
		ip[11] = (uint8_t)check;
	}
	flow->tos |= UPF_ECN_CE;
	return true;
}
