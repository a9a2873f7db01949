#include "proto/eap_aka_prime.h"

#include "crypto/equal.h"

/* RFC 4187 10.15: over the EAP packet, with zeros in place of the MAC. */
static bool mac_of(const uint8_t k_aut[32], struct bytes packet, size_t mac_at, uint8_t mac[EAP_AKA_MAC_LEN])
{
	size_t after = mac_at + EAP_AKA_MAC_LEN;

	return kdf_eap_mac(
		k_aut, bytes_of(packet.data, mac_at), bytes_of(packet.data + after, packet.len - after), mac);
}

bool eap_aka_prime_write(struct eap_packet *p, const uint8_t *k_aut, struct writer *w)
{
	size_t begin = w->len;
	struct writer mac;
	uint8_t octets[EAP_AKA_MAC_LEN];

	p->aka.has_mac = k_aut != NULL;
	if (!eap_encode(p, w))
		return false;
	if (!k_aut)
		return true;
	if (!mac_of(k_aut, bytes_of(w->data + begin, w->len - begin), p->mac_at, octets))
		return false;
	mac = writer_of(w->data + begin + p->mac_at, EAP_AKA_MAC_LEN);
	writer_put(&mac, BYTES(octets));
	return true;
}

bool eap_aka_prime_proved(const struct eap_packet *p, struct bytes in, const uint8_t k_aut[32])
{
	struct cursor c = cursor_of(in);
	uint16_t length;
	uint8_t mac[EAP_AKA_MAC_LEN];

	cursor_skip(&c, 2);
	length = cursor_u16(&c); /* what is behind it is padding */
	return p->aka.has_mac && length <= in.len &&
	       mac_of(k_aut, bytes_of(in.data, length), p->mac_at, mac) &&
	       crypto_equal(BYTES(mac), bytes_of(in.data + p->mac_at, EAP_AKA_MAC_LEN));
}
