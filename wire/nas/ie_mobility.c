/* Smaller values of mobility management (TS 24.501 clause 9.11.3) and the DNN (9.11.2.1B). */
#include "wire/nas/ie.h"

static enum tlv_fault_kind nas_ue_security_capability_decode(
	struct cursor *c, struct arena *arena, void *value)
{
	struct nas_ue_security_capability *cap = value;
	size_t n = cursor_left(c);

	cap->len = (uint8_t)(n < sizeof(cap->octets) ? n : sizeof(cap->octets));
	cursor_copy(c, cap->octets, cap->len);
	return TLV_OK;
}

static void nas_ue_security_capability_encode(struct writer *w, const void *value)
{
	const struct nas_ue_security_capability *cap = value;

	if (cap->len > sizeof(cap->octets))
		w->failed = true;
	else
		writer_put(w, bytes_of(cap->octets, cap->len));
}

#define VAL struct nas_ue_security_capability
static const struct tlv_field nas_ue_security_capability_fields[] = {
	TLV_SHOW(len, tlv_u8),
	TLV_SHOW(octets, tlv_fixed8),
};
#undef VAL
const struct tlv_codec nas_ue_security_capability =
	TLV_VALUE_CODEC(struct nas_ue_security_capability, nas_ue_security_capability);

static enum tlv_fault_kind nas_security_algorithms_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_security_algorithms *a = value;
	uint8_t octet = cursor_u8(c);

	a->ciphering = octet >> 4;
	a->integrity = octet & 15;
	return TLV_OK;
}

static void nas_security_algorithms_encode(struct writer *w, const void *value)
{
	const struct nas_security_algorithms *a = value;

	writer_u8(w, (uint8_t)((a->ciphering & 15) << 4 | (a->integrity & 15)));
}

#define VAL struct nas_security_algorithms
static const struct tlv_field nas_security_algorithms_fields[] = {
	TLV_SHOW(ciphering, tlv_u8),
	TLV_SHOW(integrity, tlv_u8),
};
#undef VAL
const struct tlv_codec nas_security_algorithms =
	TLV_VALUE_CODEC(struct nas_security_algorithms, nas_security_algorithms);

/* 9.11.3.35, coded as in TS 24.008 clause 10.5.3.5a: extension bit, coding scheme, Add CI, spare bits. */
static enum tlv_fault_kind nas_network_name_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_network_name *name = value;
	uint8_t head = cursor_u8(c);

	name->no_extension_bit = !(head & 0x80);
	name->coding = head >> 4 & 7;
	name->add_country_initials = head & 8;
	name->spare_bits = head & 7;
	name->text = cursor_rest(c);
	return TLV_OK;
}

static void nas_network_name_encode(struct writer *w, const void *value)
{
	const struct nas_network_name *name = value;

	writer_u8(w, (uint8_t)((name->no_extension_bit ? 0 : 0x80) | (name->coding & 7) << 4 |
			       (name->add_country_initials ? 8 : 0) | (name->spare_bits & 7)));
	writer_put(w, name->text);
}

#define VAL struct nas_network_name
static const struct tlv_field nas_network_name_fields[] = { TLV_SHOW(coding, tlv_u8),
	TLV_SHOW(text, tlv_bytes) };
#undef VAL
const struct tlv_codec nas_network_name = TLV_VALUE_CODEC(struct nas_network_name, nas_network_name);

/* Bit n is PDU session identity n (9.11.3.44 and alike); further octets are spare. */
static enum tlv_fault_kind nas_psi_set_decode(struct cursor *c, struct arena *arena, void *value)
{
	uint16_t low = cursor_u8(c);

	*(uint16_t *)value = (uint16_t)(low | cursor_u8(c) << 8);
	return TLV_OK;
}

static void nas_psi_set_encode(struct writer *w, const void *value)
{
	uint16_t set = *(const uint16_t *)value;

	writer_u8(w, (uint8_t)set);
	writer_u8(w, (uint8_t)(set >> 8));
}

static const struct tlv_field nas_psi_set_fields[] = { { "bits", &tlv_u16, 0, TLV_NO_OFFSET,
	TLV_NO_OFFSET } };
const struct tlv_codec nas_psi_set = TLV_VALUE_CODEC(uint16_t, nas_psi_set);

static enum tlv_fault_kind nas_psi_causes_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_psi_causes *list = value;

	list->count = cursor_left(c) / 2;
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (!list->items)
		return list->count ? TLV_NO_MEMORY : TLV_BAD_LENGTH;
	for (size_t i = 0; i < list->count; i++) {
		list->items[i].pdu_session_id = cursor_u8(c);
		list->items[i].cause = cursor_u8(c);
	}
	return TLV_OK;
}

static void nas_psi_causes_encode(struct writer *w, const void *value)
{
	const struct nas_psi_causes *list = value;

	for (size_t i = 0; i < list->count; i++) {
		writer_u8(w, list->items[i].pdu_session_id);
		writer_u8(w, list->items[i].cause);
	}
}

#define VAL struct nas_psi_cause
static const struct tlv_field psi_cause_fields[] = { TLV_SHOW(pdu_session_id, tlv_u8),
	TLV_SHOW(cause, tlv_u8) };
#undef VAL
static const struct tlv_codec psi_cause_shown = NAS_SHOWN_ITEMS(struct nas_psi_cause, psi_cause);
#define VAL struct nas_psi_causes
static const struct tlv_field nas_psi_causes_fields[] = { TLV_SHOW_LIST(items, count, psi_cause_shown) };
#undef VAL
const struct tlv_codec nas_psi_causes = TLV_VALUE_CODEC(struct nas_psi_causes, nas_psi_causes);

static enum tlv_fault_kind nas_dnn_decode(struct cursor *c, struct arena *arena, void *value)
{
	char text[DNN_STR_SIZE];

	if (!dnn_from_labels(cursor_rest(c), text))
		return TLV_BAD_MANDATORY;
	*(const char **)value = arena_str(arena, text);
	return *(const char **)value ? TLV_OK : TLV_NO_MEMORY;
}

static void nas_dnn_encode(struct writer *w, const void *value)
{
	const char *text = *(const char *const *)value;
	uint8_t labels[DNN_STR_SIZE];
	size_t len = 0;

	if (!text || !dnn_to_labels(text, labels, sizeof(labels), &len))
		w->failed = true;
	writer_put(w, bytes_of(labels, len));
}

const struct tlv_codec nas_dnn = {
	.kind = TLV_TEXT,
	.size = sizeof(const char *),
	.decode = nas_dnn_decode,
	.encode = nas_dnn_encode,
};
