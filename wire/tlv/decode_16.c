/*
 * Reading PFCP messages and grouped elements (TS 29.244 clause 8.1.1), and GTP-U's elements (TS 29.281 clause
 * 8.1): elements in any order, unknown ones skipped, of repeated ones the first kept unless they are a list.
 */
#include "wire/tlv/engine.h"

struct element {
	uint16_t type;
	struct bytes value;
};

static void *at(void *msg, size_t offset)
{
	return (uint8_t *)msg + offset;
}

/* In line: half of the time of decoding goes by here. */
static inline struct element next_element(struct cursor *c)
{
	struct bytes head = cursor_bytes(c, 4);
	struct element e = { 0 };

	if (head.len == 0)
		return e;
	e.type = (uint16_t)(head.data[0] << 8 | head.data[1]);
	e.value = cursor_bytes(c, (size_t)(head.data[2] << 8 | head.data[3]));
	return e;
}

/* The row of a type, looked for from the last one found on: senders mostly keep the order of the tables. */
static int find(const struct tlv_group *g, int from, uint16_t type)
{
	for (int i = from; i < g->ie_count; i++)
		if (g->ies[i].type == type)
			return i;
	for (int i = 0; i < from; i++)
		if (g->ies[i].type == type)
			return i;
	return -1;
}

static bool length_fits(const struct tlv_ie *ie, size_t len)
{
	return len >= ie->min && len <= ie->max;
}

/* Elements of the row's type with a fitting length in the rest of the message. */
static size_t count_rest(const struct tlv_ie *ie, struct cursor rest)
{
	size_t n = 0;

	while (!rest.failed && cursor_left(&rest) > 0) {
		struct element e = next_element(&rest);

		n += !rest.failed && e.type == ie->type && length_fits(ie, e.value.len);
	}
	return n;
}

/* Where the value of this element goes; NULL at the arena's limit. rest is what follows the element. */
static void *place(const struct tlv_ie *ie, const struct cursor *rest, struct arena *arena, void *msg)
{
	uint8_t **list = at(msg, ie->offset);
	size_t *count;

	if (ie->count == TLV_NO_OFFSET)
		return at(msg, ie->offset);
	count = at(msg, ie->count);
	if (!*list)
		*list = arena_array(arena, 1 + count_rest(ie, *rest), ie->codec->size);
	return *list ? *list + *count * ie->codec->size : NULL;
}

/*
 * A wrong value is an error in a mandatory or conditional element and makes an optional one count as absent
 * (29.244 clauses 7.6.7 and 7.6.8).
 */
static bool refuse(const struct tlv_group *g, const struct tlv_ie *ie, enum tlv_fault_kind kind, void *msg)
{
	struct tlv_wrong *wrong = g->wrong ? at(msg, g->wrong) : NULL;

	if (kind == TLV_NO_MEMORY || ie->presence != TLV_OPTIONAL)
		return true;
	if (wrong && !wrong->type)
		*wrong = (struct tlv_wrong){ ie->type, (uint8_t)kind };
	return false;
}

static bool decode_group(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *out, struct tlv_fault *fault);

static enum tlv_fault_kind value_decode(
	const struct tlv_ie *ie, struct cursor *c, struct arena *arena, void *value, struct tlv_fault *fault)
{
	if (ie->codec->kind != TLV_GROUP)
		return tlv_value_decode(ie, c, arena, value, fault);
	return decode_group(ie->codec->group, c, arena, value, fault) ? TLV_OK : fault->kind;
}

static bool accept(const struct tlv_group *g, const struct tlv_ie *ie, const struct element *e,
	const struct cursor *rest, struct arena *arena, void *msg, struct tlv_fault *fault)
{
	struct cursor c = cursor_of(e->value);
	enum tlv_fault_kind kind;
	void *value;

	if (!length_fits(ie, e->value.len))
		return !refuse(g, ie, TLV_BAD_LENGTH, msg) || tlv_fail(fault, TLV_BAD_LENGTH, ie);
	value = place(ie, rest, arena, msg);
	if (!value)
		return tlv_fail(fault, TLV_NO_MEMORY, ie);
	kind = value_decode(ie, &c, arena, value, fault);
	if (kind != TLV_OK) {
		if (refuse(g, ie, kind, msg))
			return false;
		memset(value, 0, ie->codec->size);
		return true;
	}
	if (ie->count != TLV_NO_OFFSET)
		++*(size_t *)at(msg, ie->count);
	else if (ie->has != TLV_NO_OFFSET)
		*(bool *)at(msg, ie->has) = true;
	return true;
}

static bool all_mandatory(const struct tlv_group *g, uint64_t seen, struct tlv_fault *fault)
{
	for (int i = 0; i < g->ie_count; i++)
		if (g->ies[i].presence == TLV_MANDATORY && !(seen >> i & 1))
			return tlv_fail(fault, TLV_MISSING_MANDATORY, &g->ies[i]);
	*fault = (struct tlv_fault){ 0 }; /* what was treated as absent is no fault */
	return true;
}

static bool decode_group(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *out, struct tlv_fault *fault)
{
	uint64_t seen = 0; /* rows found; tables have at most 64 */
	int i = 0, row;

	while (cursor_left(c) > 0) {
		struct element e = next_element(c);

		row = find(g, i, e.type);
		if (c->failed) {
			tlv_fail(fault, TLV_BAD_LENGTH, row >= 0 ? &g->ies[row] : NULL);
			fault->ie = e.type;
			return false;
		}
		if (row < 0)
			continue;
		i = row;
		if (seen >> i & 1 && g->ies[i].count == TLV_NO_OFFSET)
			continue;
		if (!accept(g, &g->ies[i], &e, c, arena, out, fault))
			return false;
		seen |= (uint64_t)1 << i;
	}
	return all_mandatory(g, seen, fault);
}

bool tlv_decode_pfcp(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *out, struct tlv_fault *fault)
{
	*fault = (struct tlv_fault){ 0 };
	memset(out, 0, g->size);
	return decode_group(g, c, arena, out, fault);
}

/* Types below 128 are TV, of a length only their row has; the others TLV (29.281 clauses 8.1 and 8.5). */
static struct element next_gtpu(struct cursor *c, const struct tlv_group *g, int *row)
{
	struct element e = { .type = cursor_u8(c) };

	*row = find(g, 0, e.type);
	if (e.type & 0x80)
		e.value = cursor_bytes(
			c, *row >= 0 && g->ies[*row].format == TLV_FMT_TLV ? cursor_u8(c) : cursor_u16(c));
	else if (*row >= 0)
		e.value = cursor_bytes(c, g->ies[*row].min);
	else
		c->failed = true;
	return e;
}

bool tlv_decode_gtpu(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *out, struct tlv_fault *fault)
{
	uint64_t seen = 0;
	int row;

	*fault = (struct tlv_fault){ 0 };
	memset(out, 0, g->size);
	while (cursor_left(c) > 0) {
		struct element e = next_gtpu(c, g, &row);

		if (c->failed) {
			tlv_fail(fault, TLV_BAD_LENGTH, row >= 0 ? &g->ies[row] : NULL);
			fault->ie = e.type;
			return false;
		}
		if (row < 0 || seen >> row & 1)
			continue;
		if (!accept(g, &g->ies[row], &e, c, arena, out, fault))
			return false;
		seen |= (uint64_t)1 << row;
	}
	return all_mandatory(g, seen, fault);
}
