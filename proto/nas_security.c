#include "proto/nas_security.h"

#include "crypto/nea.h"
#include "crypto/nia.h"

void nas_security_select(struct nas_security *s, uint8_t ea, uint8_t ia)
{
	s->ea = ea;
	s->ia = ia;
	s->active = s->active && kdf_alg_key(s->k_amf, KDF_NAS_ENC, ea, s->k_nas_enc) &&
		    kdf_alg_key(s->k_amf, KDF_NAS_INT, ia, s->k_nas_int);
}

void nas_security_start(
	struct nas_security *s, const uint8_t k_amf[KDF_KEY_LEN], uint8_t ngksi, uint8_t ea, uint8_t ia)
{
	*s = (struct nas_security){ .active = true, .ngksi = ngksi };
	bytes_copy(s->k_amf, sizeof(s->k_amf), bytes_of(k_amf, KDF_KEY_LEN));
	nas_security_select(s, ea, ia);
}

void nas_security_clear(struct nas_security *s)
{
	explicit_bzero(s, sizeof(*s));
}

static bool is_ciphered(uint8_t type)
{
	return type == NAS_INTEGRITY_CIPHERED || type == NAS_INTEGRITY_CIPHERED_NEW_CONTEXT;
}

bool nas_protect(struct nas_security *s, enum nas_direction direction, enum nas_security_header_type type,
	struct bytes plain, struct writer *w)
{
	uint32_t count = s->count[direction];
	struct nas_security_header h = { .type = (uint8_t)type, .sqn = (uint8_t)count, .inner = plain };
	size_t start = w->len;
	struct writer mac_writer;
	uint8_t mac[NIA_MAC_LEN];
	uint8_t *inner;

	if (!s->active || count > NAS_COUNT_MAX || !nas_security_header_encode(&h, w))
		return false;
	inner = w->data + w->len - plain.len;
	if (is_ciphered(type) && !nea_crypt(s->ea, s->k_nas_enc, count, NAS_BEARER_3GPP, (uint8_t)direction,
					 inner, plain.len * 8))
		return false;
	/* The MAC covers the sequence number and the message (24.501 4.4.3.3). */
	if (!nia_mac(s->ia, s->k_nas_int, count, NAS_BEARER_3GPP, (uint8_t)direction, inner - 1,
		    (plain.len + 1) * 8, mac))
		return false;
	mac_writer = writer_of(w->data + start + 2, NIA_MAC_LEN);
	writer_put(&mac_writer, BYTES(mac));
	s->count[direction]++;
	return true;
}

bool nas_unprotect(struct nas_security *s, enum nas_direction direction, const struct nas_security_header *h,
	struct arena *arena, struct bytes *plain, uint32_t *count)
{
	uint32_t lowest = s->count[direction], c = (lowest & ~UINT32_C(0xff)) | h->sqn;
	struct writer w = { 0 };
	uint8_t mac[NIA_MAC_LEN];
	uint8_t *copy;

	if (c < lowest)
		c += 0x100;
	if (!s->active || c > NAS_COUNT_MAX)
		return false;
	w = writer_of(mac, sizeof(mac));
	writer_u32(&w, h->mac);
	if (!nia_verify(s->ia, s->k_nas_int, c, NAS_BEARER_3GPP, (uint8_t)direction, h->protected, mac))
		return false;
	copy = arena_alloc(arena, h->inner.len);
	if (!copy)
		return false;
	bytes_copy(copy, h->inner.len, h->inner);
	if (is_ciphered(h->type) && !nea_crypt(s->ea, s->k_nas_enc, c, NAS_BEARER_3GPP, (uint8_t)direction,
					    copy, h->inner.len * 8))
		return false;
	*plain = bytes_of(copy, h->inner.len);
	*count = c;
	s->count[direction] = c + 1;
	return true;
}

bool nas_decipher_container(const struct nas_security *s, enum nas_direction direction, uint32_t count,
	struct bytes container, struct arena *arena, struct bytes *plain)
{
	uint8_t *copy = arena_alloc(arena, container.len);

	if (!s->active || !copy || !bytes_copy(copy, container.len, container))
		return false;
	*plain = bytes_of(copy, container.len);
	return nea_crypt(
		s->ea, s->k_nas_enc, count, NAS_BEARER_3GPP, (uint8_t)direction, copy, container.len * 8);
}
