/* Ciphering and integrity protection (38.323 5.8, 5.9), and the octets of a data PDU (6.2.2). */
#include "radio/pdcp/entity.h"

static uint8_t bearer_of(const struct pdcp *p)
{
	return (uint8_t)(p->config.rb_id - 1);
}

static uint8_t rx_direction(const struct pdcp *p)
{
	return !p->config.tx_direction;
}

static void header_write(const struct pdcp *p, uint8_t *at, uint32_t count)
{
	uint8_t dc = p->config.bearer == PDCP_SRB ? 0 : 0x80; /* 6.2.2.1: SRBs have no D/C bit */
	struct writer w = writer_of(at, PDCP_HEADER_MAX);

	if (p->config.tx_sn_bits == 12)
		writer_u16(&w, (uint16_t)(dc << 8 | (count & 0xfff)));
	else
		writer_u24(&w, (uint32_t)dc << 16 | (count & 0x3ffff));
}

/* 5.8: all behind the header but SDAP's, MAC-I included. */
static bool crypt(const struct pdcp *p, const struct pdcp_protection *x, uint8_t direction, uint32_t count,
	struct sdu *s, size_t plain)
{
	return !x->ciphering || s->len <= plain ||
	       nea_crypt(x->s.ea, x->s.k_enc, count, bearer_of(p), direction, s->data + plain,
		       (s->len - plain) * 8);
}

bool pdcp_protect(const struct pdcp *p, struct sdu *s, uint32_t count)
{
	const struct pdcp_protection *x = &p->tx.protection;
	size_t header = pdcp_header_size(p->config.tx_sn_bits);
	uint8_t mac[PDCP_MAC_I] = { 0 }, *at = sdu_push(s, header), *end;

	if (!at)
		return false;
	header_write(p, at, count);
	if (pdcp_has_mac(p)) {
		if (x->integrity && !nia_mac(x->s.ia, x->s.k_int, count, bearer_of(p), p->config.tx_direction,
					    s->data, s->len * 8, mac))
			return false;
		end = sdu_append(s, sizeof(mac));
		if (!end || !bytes_copy(end, sizeof(mac), BYTES(mac)))
			return false;
	}
	return crypt(p, x, p->config.tx_direction, count, s, header + p->config.tx_sdap);
}

enum pdcp_checked pdcp_check(struct pdcp *p, struct sdu *pdu, uint32_t count)
{
	const struct pdcp_protection *x = &p->rx.protection;
	size_t header = pdcp_header_size(p->config.rx_sn_bits), mac_i = pdcp_has_mac(p) ? PDCP_MAC_I : 0;
	const uint8_t *mac;

	if (pdu->len <= header + mac_i ||
		!crypt(p, x, rx_direction(p), count, pdu, header + p->config.rx_sdap))
		return PDCP_TOO_SHORT;
	pdu->len -= (uint32_t)mac_i;
	mac = pdu->data + pdu->len;
	if (mac_i && x->integrity &&
		!nia_verify(x->s.ia, x->s.k_int, count, bearer_of(p), rx_direction(p), sdu_bytes(pdu), mac))
		return PDCP_FORGED;
	if (p->config.bearer == PDCP_SRB) {
		may_fail(bytes_copy(p->rx.last_header, PDCP_HEADER_MAX, bytes_of(pdu->data, header)));
		may_fail(bytes_copy(p->rx.last_mac, PDCP_MAC_I, bytes_of(mac, mac_i)));
		p->rx.last_count = count;
	}
	return sdu_pull(pdu, header) ? PDCP_GOOD : PDCP_TOO_SHORT;
}

bool pdcp_verify_last(const struct pdcp *p, const struct pdcp_security *s, struct bytes sdu)
{
	uint8_t octets[PDCP_HEADER_MAX + SDU_LEN_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	bool ok;

	writer_put(&w, bytes_of(p->rx.last_header, pdcp_header_size(p->config.rx_sn_bits)));
	writer_put(&w, sdu);
	ok = !w.failed && nia_verify(s->ia, s->k_int, p->rx.last_count, bearer_of(p), rx_direction(p),
				  writer_bytes(&w), p->rx.last_mac);
	explicit_bzero(octets, sizeof(octets));
	return ok;
}
