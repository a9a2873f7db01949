/*
 * Reading NAS messages (TS 24.007 clause 11.2.4): first the imperative part, elements in fixed order without
 * identifiers; then optional elements by identifier. Errors are treated by TS 24.501 clauses 7.5 to 7.7.
 */
#include "wire/tlv/engine.h"

/* One element of the non-imperative part as found in the message. */
struct found {
	uint8_t iei; /* of one-octet elements, with the low half octet zero */
	bool whole;  /* it ends within the message */
	struct bytes value;
	uint8_t half; /* value of a one-octet element */
};

static void *at(void *msg, size_t offset)
{
	return (uint8_t *)msg + offset;
}

/* Values longer than in the tables are cut: the octets beyond are of a later release (24.007 clause 11.4.2).
 */
static enum tlv_fault_kind read_value(
	const struct tlv_ie *ie, struct bytes value, struct arena *arena, void *msg, struct tlv_fault *fault)
{
	struct cursor c;

	if (value.len < ie->min) {
		tlv_fail(fault, TLV_BAD_LENGTH, ie);
		return TLV_BAD_LENGTH;
	}
	if (value.len > ie->max)
		value.len = ie->max;
	c = cursor_of(value);
	return tlv_value_decode(ie, &c, arena, at(msg, ie->offset), fault);
}

static bool imperative(const struct tlv_ie *ie)
{
	return ie->format == TLV_FMT_HALF || ie->format == TLV_FMT_V || ie->format == TLV_FMT_LV ||
	       ie->format == TLV_FMT_LVE;
}

/* The octets of a V, LV or LV-E element. */
static struct bytes imperative_octets(const struct tlv_ie *ie, struct cursor *c)
{
	size_t len = ie->min;

	if (ie->format == TLV_FMT_LV)
		len = cursor_u8(c);
	else if (ie->format == TLV_FMT_LVE)
		len = cursor_u16(c);
	return cursor_bytes(c, len);
}

/* Reads the imperative part; returns the number of rows it took, or -1 with the fault set. */
static int decode_imperative(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *msg, struct tlv_fault *fault)
{
	uint8_t octet = 0;
	bool second = false;
	int i;

	for (i = 0; i < g->ie_count && imperative(&g->ies[i]); i++) {
		const struct tlv_ie *ie = &g->ies[i];
		enum tlv_fault_kind kind;
		struct bytes value;

		if (ie->format == TLV_FMT_HALF) {
			octet = second ? octet >> 4 : cursor_u8(c);
			second = !second;
			if (ie->codec->kind == TLV_UINT)
				*(uint8_t *)at(msg, ie->offset) = octet & 15;
			kind = TLV_OK;
		} else {
			value = imperative_octets(ie, c);
			kind = c->failed ? TLV_OK : read_value(ie, value, arena, msg, fault);
		}
		if (c->failed)
			return tlv_fail(fault, TLV_MISSING_MANDATORY, ie) - 1;
		if (kind != TLV_OK)
			return tlv_fail(fault, kind == TLV_NO_MEMORY ? kind : TLV_BAD_MANDATORY, ie) - 1;
	}
	return i;
}

static bool comprehension_required(uint8_t iei)
{
	return (iei & 0xf0) == 0; /* 24.007 clause 11.2.4 */
}

/* Takes the next element, by its row's format or, without a row, by its identifier (24.007 clause 11.2.4). */
static struct found next_element(struct cursor *c, const struct tlv_ie *ie)
{
	struct found f = { .iei = cursor_u8(c) };
	size_t len;

	if (f.iei & 0x80) {
		f.half = f.iei & 15;
		f.iei &= 0xf0;
		f.whole = true;
		return f;
	}
	if (ie && ie->format == TLV_FMT_TV)
		len = ie->max;
	else if (ie ? ie->format == TLV_FMT_TLVE : (f.iei & 0xf0) == 0x70)
		len = cursor_u16(c);
	else
		len = cursor_u8(c);
	f.value = cursor_bytes(c, len);
	f.whole = !c->failed;
	return f;
}

static int find(const struct tlv_group *g, int from, int to, uint8_t iei)
{
	for (int i = from; i < to; i++)
		if (g->ies[i].type == iei)
			return i;
	return -1;
}

/* A known element in its place. An incorrect one counts as absent (7.7.1), a conditional one is an error
 * (7.7.2). */
static bool accept(const struct tlv_ie *ie, const struct found *f, struct arena *arena, void *msg,
	struct tlv_fault *fault)
{
	enum tlv_fault_kind kind = TLV_BAD_LENGTH;

	if (ie->format == TLV_FMT_TV1) {
		*(uint8_t *)at(msg, ie->offset) = f->half;
		kind = TLV_OK;
	} else if (f->whole) {
		kind = read_value(ie, f->value, arena, msg, fault);
	}
	if (kind == TLV_OK) {
		*(bool *)at(msg, ie->has) = true;
		return true;
	}
	if (kind == TLV_NO_MEMORY)
		return tlv_fail(fault, kind, ie);
	if (ie->presence == TLV_CONDITIONAL)
		return tlv_fail(fault, TLV_BAD_CONDITIONAL, ie);
	memset(at(msg, ie->offset), 0, ie->codec->size);
	return true;
}

/* Of two elements with one identifier (5GMM REGISTRATION ACCEPT has 34 twice) the one the length allows. */
static int twin(const struct tlv_group *g, int i, const struct found *f)
{
	const struct tlv_ie *ie = &g->ies[i];
	int other;

	if (ie->format != TLV_FMT_TLV || !f->whole || f->value.len >= ie->min)
		return i;
	other = find(g, i + 1, g->ie_count, f->iei);
	return other >= 0 && g->ies[other].format == TLV_FMT_TLV ? other : i;
}

/* Elements with identifiers: rows from first on. */
static bool decode_optional(const struct tlv_group *g, int first, struct cursor *c, struct arena *arena,
	void *msg, struct tlv_fault *fault)
{
	int place = first; /* rows before it have had their turn */

	while (!c->failed && cursor_left(c) > 0) {
		uint8_t iei = *c->at & 0x80 ? *c->at & 0xf0 : *c->at;
		int i = find(g, place, g->ie_count, iei);
		int before = i < 0 ? find(g, first, place, iei) : -1;
		const struct tlv_ie *row = i >= 0 ? &g->ies[i] : before >= 0 ? &g->ies[before] : NULL;
		struct found f = next_element(c, row);

		if (i >= 0) {
			i = twin(g, i, &f);
			if (!accept(&g->ies[i], &f, arena, msg, fault))
				return false;
			place = i + 1;
			continue;
		}
		/* Repeated: the first counts (7.6.3). Unknown (7.6.1), out of sequence (7.6.2): ignored. */
		if (before >= 0 && *(bool *)at(msg, row->has))
			continue;
		if (comprehension_required(iei)) {
			tlv_fail(fault, TLV_NOT_COMPREHENDED, row);
			fault->ie = iei;
			return false;
		}
	}
	return true;
}

bool tlv_decode_nas(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *out, struct tlv_fault *fault)
{
	int rows;

	*fault = (struct tlv_fault){ 0 };
	memset(out, 0, g->size);
	rows = decode_imperative(g, c, arena, out, fault);
	if (rows < 0 || !decode_optional(g, rows, c, arena, out, fault))
		return false;
	*fault = (struct tlv_fault){ 0 }; /* what was treated as absent is no fault */
	return true;
}
