/* PLMNs, tracking areas and their lists (TS 24.501 clauses 9.11.3.8, 9.11.3.9, 9.11.3.45, 9.11.3.49). */
#include "wire/nas/ie.h"

enum { LIST_TYPE_SHIFT = 5, NOT_ALLOWED = 0x80, COUNT_MASK = 31, TAIS_MAX = 16 };

struct plmn nas_plmn_read(struct cursor *c)
{
	uint8_t octets[PLMN_OCTETS] = { 0 };

	cursor_copy(c, octets, sizeof(octets));
	return plmn_from_nas(octets);
}

void nas_plmn_write(struct writer *w, const struct plmn *p)
{
	uint8_t octets[PLMN_OCTETS];

	plmn_to_nas(p, octets);
	writer_put(w, BYTES(octets));
}

static enum tlv_fault_kind nas_plmn_decode(struct cursor *c, struct arena *arena, void *value)
{
	*(struct plmn *)value = nas_plmn_read(c);
	return TLV_OK;
}

static void nas_plmn_encode(struct writer *w, const void *value)
{
	nas_plmn_write(w, value);
}

static void nas_plmn_show(const void *value, char text[TLV_SHOW_SIZE])
{
	plmn_str(value, text);
}

const struct tlv_codec nas_plmn = TLV_SHOWN_CODEC(struct plmn, nas_plmn);

static enum tlv_fault_kind nas_plmn_list_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_plmn_list *list = value;

	if (cursor_left(c) % 3 != 0)
		return TLV_BAD_LENGTH;
	list->count = cursor_left(c) / 3;
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (list->count && !list->items)
		return TLV_NO_MEMORY;
	for (size_t i = 0; i < list->count; i++)
		list->items[i] = nas_plmn_read(c);
	return TLV_OK;
}

static void nas_plmn_list_encode(struct writer *w, const void *value)
{
	const struct nas_plmn_list *list = value;

	for (size_t i = 0; i < list->count; i++)
		nas_plmn_write(w, &list->items[i]);
}

#define VAL struct nas_plmn_list
static const struct tlv_field nas_plmn_list_fields[] = { TLV_SHOW_LIST(items, count, nas_plmn) };
#undef VAL
const struct tlv_codec nas_plmn_list = TLV_VALUE_CODEC(struct nas_plmn_list, nas_plmn_list);

static enum tlv_fault_kind nas_tai_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct tai *tai = value;

	tai->plmn = nas_plmn_read(c);
	tai->tac = cursor_u24(c);
	return TLV_OK;
}

static void nas_tai_encode(struct writer *w, const void *value)
{
	const struct tai *tai = value;

	nas_plmn_write(w, &tai->plmn);
	writer_u24(w, tai->tac);
}

#define VAL struct tai
static const struct tlv_field nas_tai_fields[] = { TLV_SHOW(plmn, nas_plmn), TLV_SHOW(tac, tlv_u24) };
#undef VAL
const struct tlv_codec nas_tai = TLV_VALUE_CODEC(struct tai, nas_tai);

/* Octets after the first of a partial list. */
static size_t partial_octets(uint8_t type, size_t count)
{
	switch (type) {
	case NAS_TAI_LIST_ONE_PLMN:
		return 3 + 3 * count;
	case NAS_TAI_LIST_CONSECUTIVE:
		return 6;
	case NAS_TAI_LIST_MANY_PLMNS:
		return 6 * count;
	default:
		return 3;
	}
}

static void partial_tais(struct cursor *c, struct nas_tai_partial *p)
{
	for (size_t i = 0; i < p->count; i++) {
		struct tai *tai = &p->tais[i];

		if (i == 0 || p->type == NAS_TAI_LIST_MANY_PLMNS)
			tai->plmn = nas_plmn_read(c);
		else
			tai->plmn = p->tais[0].plmn;
		if (p->type == NAS_TAI_LIST_WHOLE_PLMN)
			continue;
		if (i == 0 || p->type != NAS_TAI_LIST_CONSECUTIVE)
			tai->tac = cursor_u24(c);
		else
			tai->tac = (p->tais[0].tac + (uint32_t)i) & 0xffffff;
	}
}

static enum tlv_fault_kind partial_read(
	struct cursor *c, struct arena *arena, bool area, struct nas_tai_partial *p)
{
	uint8_t head = cursor_u8(c);

	p->type = head >> LIST_TYPE_SHIFT & 3;
	p->not_allowed = area && head & NOT_ALLOWED;
	p->count = p->type == NAS_TAI_LIST_WHOLE_PLMN ? 1 : (size_t)(head & COUNT_MASK) + 1;
	if ((p->type == NAS_TAI_LIST_WHOLE_PLMN && !area) || p->count > TAIS_MAX)
		return TLV_BAD_MANDATORY;
	if (partial_octets(p->type, p->count) > cursor_left(c))
		return TLV_BAD_LENGTH;
	p->tais = tlv_array(arena, p->count, sizeof(*p->tais));
	if (!p->tais)
		return TLV_NO_MEMORY;
	partial_tais(c, p);
	return TLV_OK;
}

static size_t partial_count(struct cursor c)
{
	size_t n = 0;

	for (; !c.failed && cursor_left(&c) > 0; n++) {
		uint8_t head = cursor_u8(&c);

		cursor_skip(&c, partial_octets(head >> LIST_TYPE_SHIFT & 3, (size_t)(head & COUNT_MASK) + 1));
	}
	return n;
}

static enum tlv_fault_kind list_read(
	struct cursor *c, struct arena *arena, bool area, struct nas_tai_list *list)
{
	enum tlv_fault_kind kind = TLV_OK;

	list->count = partial_count(*c);
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (!list->items)
		return list->count ? TLV_NO_MEMORY : TLV_BAD_LENGTH;
	for (size_t i = 0; i < list->count && kind == TLV_OK; i++)
		kind = partial_read(c, arena, area, &list->items[i]);
	return kind;
}

static void list_write(struct writer *w, const struct nas_tai_list *list, bool area)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct nas_tai_partial *p = &list->items[i];
		bool many = p->type == NAS_TAI_LIST_MANY_PLMNS;
		uint8_t spare = p->type == NAS_TAI_LIST_WHOLE_PLMN ? 0 : (uint8_t)(p->count - 1);

		if (p->count == 0 || p->count > TAIS_MAX || (!area && p->type == NAS_TAI_LIST_WHOLE_PLMN)) {
			w->failed = true;
			return;
		}
		writer_u8(w, (uint8_t)((area && p->not_allowed ? NOT_ALLOWED : 0) |
				       (p->type & 3) << LIST_TYPE_SHIFT | spare));
		for (size_t k = 0; k < p->count; k++) {
			if (k == 0 || many)
				nas_plmn_write(w, &p->tais[k].plmn);
			if (p->type == NAS_TAI_LIST_WHOLE_PLMN ||
				(p->type == NAS_TAI_LIST_CONSECUTIVE && k > 0))
				break;
			writer_u24(w, p->tais[k].tac);
		}
	}
}

static enum tlv_fault_kind nas_tai_list_decode(struct cursor *c, struct arena *arena, void *value)
{
	return list_read(c, arena, false, value);
}

static void nas_tai_list_encode(struct writer *w, const void *value)
{
	list_write(w, value, false);
}

static enum tlv_fault_kind nas_service_area_list_decode(struct cursor *c, struct arena *arena, void *value)
{
	return list_read(c, arena, true, value);
}

static void nas_service_area_list_encode(struct writer *w, const void *value)
{
	list_write(w, value, true);
}

#define VAL struct nas_tai_partial
static const struct tlv_field nas_tai_partial_fields[] = {
	TLV_SHOW(type, tlv_u8),
	TLV_SHOW(not_allowed, tlv_bool),
	TLV_SHOW_LIST(tais, count, nas_tai),
};
#undef VAL
static const struct tlv_codec nas_tai_partial = NAS_SHOWN_ITEMS(struct nas_tai_partial, nas_tai_partial);

#define VAL struct nas_tai_list
static const struct tlv_field nas_tai_list_fields[] = { TLV_SHOW_LIST(items, count, nas_tai_partial) };
#define nas_service_area_list_fields nas_tai_list_fields
#undef VAL
const struct tlv_codec nas_tai_list = TLV_VALUE_CODEC(struct nas_tai_list, nas_tai_list);
const struct tlv_codec nas_service_area_list = TLV_VALUE_CODEC(struct nas_tai_list, nas_service_area_list);
