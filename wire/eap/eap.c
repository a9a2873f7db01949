#include "wire/eap/eap.h"

/* RFC 4187 clause 11, RFC 9048 clause 3.1 and 3.2; those from 128 on may be skipped. */
enum attribute {
	AT_RAND = 1,
	AT_AUTN = 2,
	AT_RES = 3,
	AT_AUTS = 4,
	AT_MAC = 11,
	AT_NOTIFICATION = 12,
	AT_CLIENT_ERROR_CODE = 22,
	AT_KDF_INPUT = 23,
	AT_KDF = 24,
	AT_SKIPPABLE = 128,
};

enum { WORD = 4, ATTRIBUTE_HEADER_LEN = 2, AKA_HEADER_LEN = 3, RES_BITS = 8 };

/* What is behind the reserved octets of an attribute of exactly so many. False: there already, or another
 * length. */
static bool read_fixed(struct cursor *value, bool *has, uint8_t *out, size_t len)
{
	cursor_skip(value, 2);
	if (*has || value->failed || cursor_left(value) != len)
		return false;
	cursor_copy(value, out, len);
	*has = true;
	return true;
}

static bool read_number(struct cursor *value, bool *has, uint16_t *out)
{
	if (*has || cursor_left(value) != 2)
		return false;
	*out = cursor_u16(value);
	*has = true;
	return true;
}

/* RFC 4187 10.8: its length in bits; no USIM has one of other than whole octets. */
static bool read_res(struct cursor *value, struct eap_aka *a)
{
	uint16_t bits = cursor_u16(value);

	if (value->failed || a->res_len > 0 || bits % RES_BITS != 0 || bits / RES_BITS < EAP_AKA_RES_MIN ||
		bits / RES_BITS > EAP_AKA_RES_MAX || cursor_left(value) < bits / RES_BITS)
		return false;
	a->res_len = (uint8_t)(bits / RES_BITS);
	cursor_copy(value, a->res, a->res_len);
	return cursor_left(value) < WORD;
}

static bool read_network_name(struct cursor *value, struct eap_aka *a)
{
	uint16_t len = cursor_u16(value);

	if (a->has_network_name || len > cursor_left(value) || cursor_left(value) - len >= WORD)
		return false;
	a->network_name = cursor_bytes(value, len);
	a->has_network_name = !value->failed;
	return a->has_network_name;
}

/* AT_KDF alone may stand there more than once. */
static bool read_kdf(struct cursor *value, struct eap_aka *a)
{
	if (a->kdf_count == EAP_AKA_KDFS_MAX || cursor_left(value) != 2)
		return false;
	a->kdfs[a->kdf_count++] = cursor_u16(value);
	return true;
}

/* RFC 4187 10.9: no reserved octets before AUTS. */
static bool read_auts(struct cursor *value, struct eap_aka *a)
{
	if (a->has_auts || cursor_left(value) != sizeof(a->auts))
		return false;
	cursor_copy(value, a->auts, sizeof(a->auts));
	a->has_auts = true;
	return true;
}

static enum eap_fault read_attribute(
	struct eap_packet *p, uint8_t type, struct cursor *value, const uint8_t *begin)
{
	struct eap_aka *a = &p->aka;
	uint8_t mac[EAP_AKA_MAC_LEN];
	bool ok;

	switch (type) {
	case AT_RAND:
		ok = read_fixed(value, &a->has_rand, a->rand, sizeof(a->rand));
		break;
	case AT_AUTN:
		ok = read_fixed(value, &a->has_autn, a->autn, sizeof(a->autn));
		break;
	case AT_RES:
		ok = read_res(value, a);
		break;
	case AT_AUTS:
		ok = read_auts(value, a);
		break;
	case AT_MAC:
		p->mac_at = (size_t)(value->at - begin) + 2;
		ok = read_fixed(value, &a->has_mac, mac, sizeof(mac));
		break;
	case AT_NOTIFICATION:
		ok = read_number(value, &a->has_notification, &a->notification);
		break;
	case AT_CLIENT_ERROR_CODE:
		ok = read_number(value, &a->has_client_error, &a->client_error);
		break;
	case AT_KDF_INPUT:
		ok = read_network_name(value, a);
		break;
	case AT_KDF:
		ok = read_kdf(value, a);
		break;
	default:
		return type < AT_SKIPPABLE ? EAP_NOT_COMPREHENDED : EAP_OK;
	}
	return ok ? EAP_OK : EAP_MALFORMED;
}

/* RFC 4187 8.1: type, length in words with both, value. */
static enum eap_fault read_attributes(struct eap_packet *p, struct cursor *c, const uint8_t *begin)
{
	enum eap_fault fault, worst = EAP_OK;

	p->aka.subtype = cursor_u8(c);
	cursor_skip(c, 2);
	while (!c->failed && cursor_left(c) > 0) {
		uint8_t type = cursor_u8(c), words = cursor_u8(c);
		struct cursor value;

		if (c->failed || words == 0)
			return EAP_MALFORMED;
		value = cursor_sub(c, (size_t)words * WORD - ATTRIBUTE_HEADER_LEN);
		if (value.failed)
			return EAP_MALFORMED;
		fault = read_attribute(p, type, &value, begin);
		if (fault == EAP_MALFORMED)
			return fault;
		if (fault != EAP_OK)
			worst = fault;
	}
	return c->failed ? EAP_MALFORMED : worst;
}

enum eap_fault eap_decode(struct bytes in, struct eap_packet *out)
{
	struct cursor c = cursor_of(in);
	uint16_t length;

	*out = (struct eap_packet){ .code = cursor_u8(&c), .identifier = cursor_u8(&c) };
	length = cursor_u16(&c);
	/* What is behind the length is padding of the lower layer, RFC 3748 4.1. */
	if (c.failed || length < EAP_HEADER_LEN || length > in.len || out->code < EAP_REQUEST ||
		out->code > EAP_FAILURE)
		return EAP_MALFORMED;
	c = cursor_sub(&c, length - EAP_HEADER_LEN);
	if (out->code == EAP_SUCCESS || out->code == EAP_FAILURE)
		return cursor_left(&c) == 0 ? EAP_OK : EAP_MALFORMED;
	out->type = cursor_u8(&c);
	if (c.failed || out->type == EAP_TYPE_NONE)
		return EAP_MALFORMED;
	if (out->type == EAP_TYPE_AKA_PRIME)
		return read_attributes(out, &c, in.data);
	out->data = cursor_bytes(&c, cursor_left(&c));
	return EAP_OK;
}

static void write_fixed(struct writer *w, uint8_t type, struct bytes value)
{
	writer_u8(w, type);
	writer_u8(w, (uint8_t)((ATTRIBUTE_HEADER_LEN + 2 + value.len) / WORD));
	writer_u16(w, 0);
	writer_put(w, value);
}

static void write_number(struct writer *w, uint8_t type, uint16_t value)
{
	writer_u8(w, type);
	writer_u8(w, 1);
	writer_u16(w, value);
}

/* A value with its length before it, padded to words. */
static void write_counted(struct writer *w, uint8_t type, uint16_t count, struct bytes value)
{
	size_t padded = (value.len + WORD - 1) / WORD * WORD;

	writer_u8(w, type);
	writer_u8(w, (uint8_t)(1 + padded / WORD));
	writer_u16(w, count);
	writer_put(w, value);
	for (size_t i = value.len; i < padded; i++)
		writer_u8(w, 0);
}

static void write_mac(struct eap_packet *p, struct writer *w, size_t begin)
{
	static const uint8_t zeros[EAP_AKA_MAC_LEN];

	p->mac_at = w->len - begin + ATTRIBUTE_HEADER_LEN + 2;
	write_fixed(w, AT_MAC, BYTES(zeros));
}

static void write_attributes(struct eap_packet *p, struct writer *w, size_t begin)
{
	const struct eap_aka *a = &p->aka;

	writer_u8(w, a->subtype);
	writer_u16(w, 0);
	if (a->has_rand)
		write_fixed(w, AT_RAND, BYTES(a->rand));
	if (a->has_autn)
		write_fixed(w, AT_AUTN, BYTES(a->autn));
	if (a->res_len > 0)
		write_counted(w, AT_RES, (uint16_t)(a->res_len * RES_BITS), bytes_of(a->res, a->res_len));
	if (a->has_auts) {
		writer_u8(w, AT_AUTS);
		writer_u8(w, (ATTRIBUTE_HEADER_LEN + EAP_AKA_AUTS_LEN) / WORD);
		writer_put(w, BYTES(a->auts));
	}
	for (uint8_t i = 0; i < a->kdf_count; i++)
		write_number(w, AT_KDF, a->kdfs[i]);
	if (a->has_network_name)
		write_counted(w, AT_KDF_INPUT, (uint16_t)a->network_name.len, a->network_name);
	if (a->has_notification)
		write_number(w, AT_NOTIFICATION, a->notification);
	if (a->has_client_error)
		write_number(w, AT_CLIENT_ERROR_CODE, a->client_error);
	if (a->has_mac)
		write_mac(p, w, begin);
}

bool eap_encode(struct eap_packet *p, struct writer *w)
{
	size_t begin = w->len;
	struct writer length;
	uint8_t *at;

	if (p->code < EAP_REQUEST || p->code > EAP_FAILURE || p->aka.res_len > EAP_AKA_RES_MAX ||
		p->aka.kdf_count > EAP_AKA_KDFS_MAX || p->aka.network_name.len > EAP_AKA_NAME_MAX)
		return false;
	writer_u8(w, p->code);
	writer_u8(w, p->identifier);
	at = writer_reserve(w, 2);
	if (p->code == EAP_REQUEST || p->code == EAP_RESPONSE)
		writer_u8(w, p->type);
	if (p->type == EAP_TYPE_AKA_PRIME && (p->code == EAP_REQUEST || p->code == EAP_RESPONSE))
		write_attributes(p, w, begin);
	else if (p->code == EAP_REQUEST || p->code == EAP_RESPONSE)
		writer_put(w, p->data);
	if (w->failed)
		return false;
	length = writer_of(at, 2);
	writer_u16(&length, (uint16_t)(w->len - begin));
	return w->len - begin <= EAP_PACKET_MAX;
}

const char *eap_code_name(uint8_t code)
{
	static const char *const names[] = { "unknown", "Request", "Response", "Success", "Failure" };

	return names[code <= EAP_FAILURE ? code : 0];
}

const char *eap_aka_subtype_name(uint8_t subtype)
{
	switch (subtype) {
	case EAP_AKA_CHALLENGE:
		return "AKA'-Challenge";
	case EAP_AKA_AUTHENTICATION_REJECT:
		return "AKA'-Authentication-Reject";
	case EAP_AKA_SYNCHRONIZATION_FAILURE:
		return "AKA'-Synchronization-Failure";
	case EAP_AKA_IDENTITY:
		return "AKA'-Identity";
	case EAP_AKA_NOTIFICATION:
		return "AKA'-Notification";
	case EAP_AKA_REAUTHENTICATION:
		return "AKA'-Reauthentication";
	case EAP_AKA_CLIENT_ERROR:
		return "AKA'-Client-Error";
	default:
		return "unknown";
	}
}
