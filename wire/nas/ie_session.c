/* PDU address and protocol configuration options (TS 24.501 clauses 9.11.4.10, 9.11.4.6). */
#include "wire/nas/ie.h"

#include "base/text.h"

enum { ADDRESS_SI6LLA = 8, PCO_HEAD = 0x80 };

static enum tlv_fault_kind nas_pdu_address_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_pdu_address *a = value;
	uint8_t head = cursor_u8(c);

	a->type = head & 7;
	a->has_smf_address = head & ADDRESS_SI6LLA;
	if (a->type < NAS_PDU_IPV4 || a->type > NAS_PDU_IPV4V6)
		return TLV_BAD_MANDATORY;
	if (a->type != NAS_PDU_IPV4)
		cursor_copy(c, a->interface_id, 8);
	if (a->type != NAS_PDU_IPV6)
		cursor_copy(c, a->ipv4, 4);
	if (a->has_smf_address)
		cursor_copy(c, a->smf_address, 16);
	return TLV_OK;
}

static void nas_pdu_address_encode(struct writer *w, const void *value)
{
	const struct nas_pdu_address *a = value;

	if (a->type < NAS_PDU_IPV4 || a->type > NAS_PDU_IPV4V6)
		w->failed = true;
	writer_u8(w, (uint8_t)((a->has_smf_address ? ADDRESS_SI6LLA : 0) | a->type));
	if (a->type != NAS_PDU_IPV4)
		writer_put(w, BYTES(a->interface_id));
	if (a->type != NAS_PDU_IPV6)
		writer_put(w, BYTES(a->ipv4));
	if (a->has_smf_address)
		writer_put(w, BYTES(a->smf_address));
}

#define VAL struct nas_pdu_address
static const struct tlv_field nas_pdu_address_fields[] = {
	TLV_SHOW(type, tlv_u8),
	TLV_SHOW(interface_id, tlv_fixed8),
	TLV_SHOW(ipv4, tlv_fixed4),
	TLV_SHOW_IF(smf_address, has_smf_address, tlv_fixed16),
};
#undef VAL
const struct tlv_codec nas_pdu_address = TLV_VALUE_CODEC(struct nas_pdu_address, nas_pdu_address);

/* Containers of 2 octets of identifier and 1 of length, after an octet of configuration protocol. */
static size_t pco_count(struct cursor c)
{
	size_t n = 0;

	for (; !c.failed && cursor_left(&c) > 0; n++) {
		cursor_skip(&c, 2);
		cursor_skip(&c, cursor_u8(&c));
	}
	return n;
}

static enum tlv_fault_kind nas_pco_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_pco *pco = value;

	cursor_skip(c, 1);
	pco->count = pco_count(*c);
	pco->items = tlv_array(arena, pco->count, sizeof(*pco->items));
	if (pco->count && !pco->items)
		return TLV_NO_MEMORY;
	for (size_t i = 0; i < pco->count; i++) {
		pco->items[i].id = cursor_u16(c);
		pco->items[i].value = cursor_bytes(c, cursor_u8(c));
	}
	return TLV_OK;
}

static void nas_pco_encode(struct writer *w, const void *value)
{
	const struct nas_pco *pco = value;

	writer_u8(w, PCO_HEAD);
	for (size_t i = 0; i < pco->count; i++) {
		writer_u16(w, pco->items[i].id);
		writer_uint(w, pco->items[i].value.len, 1);
		writer_put(w, pco->items[i].value);
	}
}

enum { PCO_PAP = 0xc023, PCO_CHAP = 0xc223, PCO_SHOWN = 32 }; /* 24.008 10.5.6.3; octets of an item shown */

/* PAP and CHAP carry passwords and what is made of them. */
static void pco_item_show(const void *value, char text[TLV_SHOW_SIZE])
{
	const struct nas_pco_item *item = value;
	struct writer w = writer_of(text, TLV_SHOW_SIZE - 1);

	text_put(&w, "0x%04x", item->id);
	if (item->id == PCO_PAP || item->id == PCO_CHAP)
		text_put(&w, " ***");
	else if (item->value.len > PCO_SHOWN)
		text_put(&w, " (%zu octets)", item->value.len);
	else if (item->value.len > 0) {
		text_put(&w, " ");
		text_hex(&w, item->value);
	}
	text[w.len] = '\0';
}

static const struct tlv_codec pco_item_shown = {
	.kind = TLV_VALUE, .size = sizeof(struct nas_pco_item), .show = pco_item_show
};
#define VAL struct nas_pco
static const struct tlv_field nas_pco_fields[] = { TLV_SHOW_LIST(items, count, pco_item_shown) };
#undef VAL
const struct tlv_codec nas_pco = TLV_VALUE_CODEC(struct nas_pco, nas_pco);

const struct nas_pco_item *nas_pco_find(const struct nas_pco *pco, uint16_t id)
{
	for (size_t i = 0; i < pco->count; i++)
		if (pco->items[i].id == id)
			return &pco->items[i];
	return NULL;
}
