#include "radio/uu.h"

static bool pdu_is_valid(const struct uu_pdu *p)
{
	struct cursor c = cursor_of(p->pdu);
	uint8_t first = cursor_u8(&c);

	if (p->pdu.len == 0)
		return false;
	if (p->bearer == UU_LINK)
		return p->pdu.len == 1 && (first == UU_LINK_KEEPALIVE || first == UU_LINK_LOST);
	if (uu_is_drb(p->bearer))
		return p->pdu.len > 1 && (first & ~UU_RQI) <= UU_QFI_MAX;
	return p->bearer <= UU_SRB3;
}

bool uu_decode(struct bytes datagram, struct uu_pdu *out)
{
	struct cursor c = cursor_of(datagram);

	out->bearer = cursor_u8(&c);
	out->ue = cursor_u32(&c);
	out->pdu = cursor_rest(&c);
	return !c.failed && pdu_is_valid(out);
}

bool uu_encode(const struct uu_pdu *p, struct writer *w)
{
	if (!pdu_is_valid(p))
		return false;
	writer_u8(w, p->bearer);
	writer_u32(w, p->ue);
	writer_put(w, p->pdu);
	return !w->failed;
}

bool uu_link_encode(uint32_t ue, enum uu_link what, struct writer *w)
{
	uint8_t octet = (uint8_t)what;

	return uu_encode(&(struct uu_pdu){ ue, UU_LINK, bytes_of(&octet, 1) }, w);
}
