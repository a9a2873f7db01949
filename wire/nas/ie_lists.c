/* Lists of LADNs, CAGs and rejected slices (TS 24.501 clauses 9.11.3.18A, .29, .30, .75), wait ranges. */
#include "wire/nas/ie.h"

enum {
	LIST_BACKOFF = 0x10,
	LIST_TYPE = 0x70,
	LIST_COUNT = 15,
	REJECTED_MAX = 8,
	REJECTED_OCTETS = 8,
	CAG_ONLY = 1,
	CAG_OCTETS = 4
};

/* How many elements with a length octet before each are left; values: of these lengths in a row make one. */
static size_t count_sized(struct cursor c, unsigned values)
{
	size_t n = 0;

	for (; !c.failed && cursor_left(&c) > 0; n++)
		for (unsigned i = 0; i < values; i++)
			cursor_skip(&c, cursor_u8(&c));
	return n;
}

/* A value after its length octet. */
static enum tlv_fault_kind sized_read(
	const struct tlv_codec *codec, struct cursor *c, struct arena *arena, void *value)
{
	struct cursor in = cursor_sub(c, cursor_u8(c));
	enum tlv_fault_kind kind = c->failed ? TLV_BAD_LENGTH : codec->decode(&in, arena, value);

	return kind == TLV_OK && in.failed ? TLV_BAD_LENGTH : kind;
}

static void sized_write(const struct tlv_codec *codec, struct writer *w, const void *value)
{
	size_t mark = writer_mark(w, 1);

	codec->encode(w, value);
	writer_patch(w, mark, 1);
}

static enum tlv_fault_kind nas_dnns_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_dnns *list = value;
	enum tlv_fault_kind kind = TLV_OK;

	list->count = count_sized(*c, 1);
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (list->count && !list->items)
		return TLV_NO_MEMORY;
	for (size_t i = 0; i < list->count && kind == TLV_OK; i++)
		kind = sized_read(&nas_dnn, c, arena, &list->items[i]);
	return kind;
}

static void nas_dnns_encode(struct writer *w, const void *value)
{
	const struct nas_dnns *list = value;

	for (size_t i = 0; i < list->count; i++)
		sized_write(&nas_dnn, w, &list->items[i]);
}

#define VAL struct nas_dnns
static const struct tlv_field nas_dnns_fields[] = { TLV_SHOW_LIST(items, count, nas_dnn) };
#undef VAL
const struct tlv_codec nas_dnns = TLV_VALUE_CODEC(struct nas_dnns, nas_dnns);

static enum tlv_fault_kind nas_ladns_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_ladns *list = value;
	enum tlv_fault_kind kind = TLV_OK;

	list->count = count_sized(*c, 2);
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (list->count && !list->items)
		return TLV_NO_MEMORY;
	for (size_t i = 0; i < list->count && kind == TLV_OK; i++) {
		kind = sized_read(&nas_dnn, c, arena, &list->items[i].dnn);
		if (kind == TLV_OK)
			kind = sized_read(&nas_tai_list, c, arena, &list->items[i].tai_list);
	}
	return kind;
}

static void nas_ladns_encode(struct writer *w, const void *value)
{
	const struct nas_ladns *list = value;

	for (size_t i = 0; i < list->count; i++) {
		sized_write(&nas_dnn, w, &list->items[i].dnn);
		sized_write(&nas_tai_list, w, &list->items[i].tai_list);
	}
}

#define VAL struct nas_ladn
static const struct tlv_field ladn_fields[] = { TLV_SHOW(dnn, nas_dnn), TLV_SHOW(tai_list, nas_tai_list) };
#undef VAL
static const struct tlv_codec ladn_shown = NAS_SHOWN_ITEMS(struct nas_ladn, ladn);
#define VAL struct nas_ladns
static const struct tlv_field nas_ladns_fields[] = { TLV_SHOW_LIST(items, count, ladn_shown) };
#undef VAL
const struct tlv_codec nas_ladns = TLV_VALUE_CODEC(struct nas_ladns, nas_ladns);

static enum tlv_fault_kind cag_read(struct cursor *c, struct arena *arena, struct nas_cag_entry *entry)
{
	struct cursor in = cursor_sub(c, cursor_u8(c));

	entry->plmn = nas_plmn_read(&in);
	entry->cag_only = cursor_u8(&in) & CAG_ONLY;
	if (in.failed || cursor_left(&in) % CAG_OCTETS != 0)
		return TLV_BAD_LENGTH;
	entry->cag_count = cursor_left(&in) / CAG_OCTETS;
	entry->cags = tlv_array(arena, entry->cag_count, sizeof(*entry->cags));
	if (entry->cag_count && !entry->cags)
		return TLV_NO_MEMORY;
	for (size_t i = 0; i < entry->cag_count; i++)
		entry->cags[i] = cursor_u32(&in);
	return TLV_OK;
}

static enum tlv_fault_kind nas_cag_list_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_cag_list *list = value;
	enum tlv_fault_kind kind = TLV_OK;

	list->count = count_sized(*c, 1);
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (list->count && !list->items)
		return TLV_NO_MEMORY;
	for (size_t i = 0; i < list->count && kind == TLV_OK; i++)
		kind = cag_read(c, arena, &list->items[i]);
	return kind;
}

static void nas_cag_list_encode(struct writer *w, const void *value)
{
	const struct nas_cag_list *list = value;

	for (size_t i = 0; i < list->count; i++) {
		const struct nas_cag_entry *entry = &list->items[i];
		size_t mark = writer_mark(w, 1);

		nas_plmn_write(w, &entry->plmn);
		writer_u8(w, entry->cag_only);
		for (size_t k = 0; k < entry->cag_count; k++)
			writer_u32(w, entry->cags[k]);
		writer_patch(w, mark, 1);
	}
}

#define VAL struct nas_cag_entry
static const struct tlv_field cag_fields[] = {
	TLV_SHOW(plmn, nas_plmn),
	TLV_SHOW(cag_only, tlv_bool),
	TLV_SHOW_LIST(cags, cag_count, tlv_u32),
};
#undef VAL
static const struct tlv_codec cag_shown = NAS_SHOWN_ITEMS(struct nas_cag_entry, cag);
#define VAL struct nas_cag_list
static const struct tlv_field nas_cag_list_fields[] = { TLV_SHOW_LIST(items, count, cag_shown) };
#undef VAL
const struct tlv_codec nas_cag_list = TLV_VALUE_CODEC(struct nas_cag_list, nas_cag_list);

static enum tlv_fault_kind rejected_read(
	struct cursor *c, struct arena *arena, struct nas_extended_rejected_list *list)
{
	uint8_t head = cursor_u8(c);
	enum tlv_fault_kind kind = TLV_OK;

	list->has_backoff_timer = (head & LIST_TYPE) == LIST_BACKOFF;
	list->count = (size_t)(head & LIST_COUNT) + 1;
	if ((head & LIST_TYPE) > LIST_BACKOFF || list->count > REJECTED_MAX)
		return TLV_BAD_MANDATORY;
	if (list->has_backoff_timer)
		list->backoff_timer = cursor_u8(c);
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (!list->items)
		return TLV_NO_MEMORY;
	for (size_t i = 0; i < list->count && kind == TLV_OK; i++) {
		uint8_t octet = cursor_u8(c);
		struct cursor in = cursor_sub(c, octet >> 4);

		list->items[i].cause = octet & 15;
		kind = nas_s_nssai.decode(&in, arena, &list->items[i].s_nssai);
	}
	return kind;
}

/* Partial lists in the rest; a malformed one ends the count. */
static size_t rejected_count(struct cursor c)
{
	size_t n = 0;

	for (; !c.failed && cursor_left(&c) > 0; n++) {
		uint8_t head = cursor_u8(&c);

		cursor_skip(&c, (head & LIST_TYPE) == LIST_BACKOFF);
		for (int i = head & LIST_COUNT; i >= 0; i--)
			cursor_skip(&c, cursor_u8(&c) >> 4);
	}
	return n;
}

static enum tlv_fault_kind nas_extended_rejected_nssai_decode(
	struct cursor *c, struct arena *arena, void *value)
{
	struct nas_extended_rejected_nssai *all = value;
	enum tlv_fault_kind kind = TLV_OK;

	all->count = rejected_count(*c);
	all->lists = tlv_array(arena, all->count, sizeof(*all->lists));
	if (!all->lists)
		return all->count ? TLV_NO_MEMORY : TLV_BAD_LENGTH;
	for (size_t i = 0; i < all->count && kind == TLV_OK; i++)
		kind = rejected_read(c, arena, &all->lists[i]);
	return kind;
}

static void nas_extended_rejected_nssai_encode(struct writer *w, const void *value)
{
	const struct nas_extended_rejected_nssai *all = value;

	for (size_t i = 0; i < all->count; i++) {
		const struct nas_extended_rejected_list *list = &all->lists[i];

		if (list->count == 0 || list->count > REJECTED_MAX)
			w->failed = true;
		writer_u8(w, (uint8_t)((list->has_backoff_timer ? LIST_BACKOFF : 0) |
				       ((list->count - 1) & LIST_COUNT)));
		if (list->has_backoff_timer)
			writer_u8(w, list->backoff_timer);
		for (size_t k = 0; !w->failed && k < list->count; k++) {
			uint8_t buf[REJECTED_OCTETS];
			struct writer in = writer_of(buf, sizeof(buf));

			nas_s_nssai.encode(&in, &list->items[k].s_nssai);
			writer_u8(w, (uint8_t)(in.len << 4 | (list->items[k].cause & 15)));
			writer_put(w, writer_bytes(&in));
		}
	}
}

#define VAL struct nas_extended_rejected
static const struct tlv_field rejected_fields[] = { TLV_SHOW(cause, tlv_u8), TLV_SHOW(s_nssai, nas_s_nssai) };
#undef VAL
static const struct tlv_codec rejected_shown = NAS_SHOWN_ITEMS(struct nas_extended_rejected, rejected);
#define VAL struct nas_extended_rejected_list
static const struct tlv_field rejected_list_fields[] = {
	TLV_SHOW_IF(backoff_timer, has_backoff_timer, tlv_u8),
	TLV_SHOW_LIST(items, count, rejected_shown),
};
#undef VAL
static const struct tlv_codec rejected_list_shown =
	NAS_SHOWN_ITEMS(struct nas_extended_rejected_list, rejected_list);
#define VAL struct nas_extended_rejected_nssai
static const struct tlv_field nas_extended_rejected_nssai_fields[] = {
	TLV_SHOW_LIST(lists, count, rejected_list_shown),
};
#undef VAL
const struct tlv_codec nas_extended_rejected_nssai =
	TLV_VALUE_CODEC(struct nas_extended_rejected_nssai, nas_extended_rejected_nssai);

static enum tlv_fault_kind nas_wait_range_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_wait_range *range = value;

	range->minimum = cursor_u8(c);
	range->maximum = cursor_u8(c);
	return TLV_OK;
}

static void nas_wait_range_encode(struct writer *w, const void *value)
{
	const struct nas_wait_range *range = value;

	writer_u8(w, range->minimum);
	writer_u8(w, range->maximum);
}

#define VAL struct nas_wait_range
static const struct tlv_field nas_wait_range_fields[] = { TLV_SHOW(minimum, tlv_u8),
	TLV_SHOW(maximum, tlv_u8) };
#undef VAL
const struct tlv_codec nas_wait_range = TLV_VALUE_CODEC(struct nas_wait_range, nas_wait_range);
