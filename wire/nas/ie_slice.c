/* S-NSSAI, NSSAI and rejected NSSAI (TS 24.501 clauses 9.11.2.8, 9.11.3.37, 9.11.3.46). */
#include "wire/nas/ie.h"

/* Lengths of S-NSSAI contents (table 9.11.2.8.1). */
enum { SST = 1, SST_MAPPED_SST = 2, SST_SD = 4, SST_SD_MAPPED_SST = 5, SST_SD_MAPPED_SST_SD = 8 };

static enum tlv_fault_kind s_nssai_read(struct cursor *c, struct nas_s_nssai *s)
{
	size_t len = cursor_left(c);

	if (len != SST && len != SST_MAPPED_SST && len != SST_SD && len != SST_SD_MAPPED_SST &&
		len < SST_SD_MAPPED_SST_SD)
		return TLV_BAD_LENGTH;
	s->snssai.sst = cursor_u8(c);
	s->snssai.sd = len >= SST_SD ? cursor_u24(c) : SNSSAI_NO_SD;
	s->has_mapped = len == SST_MAPPED_SST || len >= SST_SD_MAPPED_SST;
	s->mapped.sd = SNSSAI_NO_SD;
	if (s->has_mapped)
		s->mapped.sst = cursor_u8(c);
	if (len >= SST_SD_MAPPED_SST_SD)
		s->mapped.sd = cursor_u24(c);
	return TLV_OK;
}

/* A mapped SD needs an SD before it: the value "no SD" is then spelt out. */
static void s_nssai_write(struct writer *w, const struct nas_s_nssai *s)
{
	bool mapped_sd = s->has_mapped && s->mapped.sd != SNSSAI_NO_SD;

	writer_u8(w, s->snssai.sst);
	if (s->snssai.sd != SNSSAI_NO_SD || mapped_sd)
		writer_u24(w, s->snssai.sd);
	if (s->has_mapped)
		writer_u8(w, s->mapped.sst);
	if (mapped_sd)
		writer_u24(w, s->mapped.sd);
}

static enum tlv_fault_kind nas_s_nssai_decode(struct cursor *c, struct arena *arena, void *value)
{
	return s_nssai_read(c, value);
}

static void nas_s_nssai_encode(struct writer *w, const void *value)
{
	s_nssai_write(w, value);
}

#define VAL struct snssai
static const struct tlv_field snssai_fields[] = { TLV_SHOW(sst, tlv_u8), TLV_SHOW(sd, tlv_u24) };
#undef VAL
const struct tlv_codec nas_snssai_shown = NAS_SHOWN_ITEMS(struct snssai, snssai);

#define VAL struct nas_s_nssai
static const struct tlv_field nas_s_nssai_fields[] = {
	TLV_SHOW(snssai, nas_snssai_shown),
	TLV_SHOW_IF(mapped, has_mapped, nas_snssai_shown),
};
#undef VAL
const struct tlv_codec nas_s_nssai = TLV_VALUE_CODEC(struct nas_s_nssai, nas_s_nssai);

/* Elements each after an octet whose high or whole part is their length. */
static size_t count_items(struct cursor c, unsigned shift)
{
	size_t n = 0;

	for (; !c.failed && cursor_left(&c) > 0; n++)
		cursor_skip(&c, cursor_u8(&c) >> shift);
	return n;
}

static enum tlv_fault_kind nas_nssai_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_nssai *list = value;
	enum tlv_fault_kind kind = TLV_OK;

	list->count = count_items(*c, 0);
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (!list->items)
		return list->count ? TLV_NO_MEMORY : TLV_BAD_LENGTH;
	for (size_t i = 0; i < list->count && kind == TLV_OK; i++) {
		struct cursor item = cursor_sub(c, cursor_u8(c));

		kind = s_nssai_read(&item, &list->items[i]);
	}
	return kind;
}

static void nas_nssai_encode(struct writer *w, const void *value)
{
	const struct nas_nssai *list = value;

	for (size_t i = 0; i < list->count; i++) {
		size_t mark = writer_mark(w, 1);

		s_nssai_write(w, &list->items[i]);
		writer_patch(w, mark, 1);
	}
}

#define VAL struct nas_nssai
static const struct tlv_field nas_nssai_fields[] = { TLV_SHOW_LIST(items, count, nas_s_nssai) };
#undef VAL
const struct tlv_codec nas_nssai = TLV_VALUE_CODEC(struct nas_nssai, nas_nssai);

static enum tlv_fault_kind nas_rejected_nssai_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_rejected_nssai *list = value;

	list->count = count_items(*c, 4);
	list->items = tlv_array(arena, list->count, sizeof(*list->items));
	if (!list->items)
		return list->count ? TLV_NO_MEMORY : TLV_BAD_LENGTH;
	for (size_t i = 0; i < list->count; i++) {
		struct nas_rejected_s_nssai *item = &list->items[i];
		uint8_t head = cursor_u8(c);

		if (head >> 4 != SST && head >> 4 != SST_SD)
			return TLV_BAD_LENGTH;
		item->cause = head & 15;
		item->snssai.sst = cursor_u8(c);
		item->snssai.sd = head >> 4 == SST_SD ? cursor_u24(c) : SNSSAI_NO_SD;
	}
	return TLV_OK;
}

static void nas_rejected_nssai_encode(struct writer *w, const void *value)
{
	const struct nas_rejected_nssai *list = value;

	for (size_t i = 0; i < list->count; i++) {
		const struct nas_rejected_s_nssai *item = &list->items[i];
		bool has_sd = item->snssai.sd != SNSSAI_NO_SD;

		writer_u8(w, (uint8_t)((has_sd ? SST_SD : SST) << 4 | (item->cause & 15)));
		writer_u8(w, item->snssai.sst);
		if (has_sd)
			writer_u24(w, item->snssai.sd);
	}
}

#define VAL struct nas_rejected_s_nssai
static const struct tlv_field rejected_fields[] = { TLV_SHOW(cause, tlv_u8),
	TLV_SHOW(snssai, nas_snssai_shown) };
#undef VAL
static const struct tlv_codec rejected_shown = NAS_SHOWN_ITEMS(struct nas_rejected_s_nssai, rejected);
#define VAL struct nas_rejected_nssai
static const struct tlv_field nas_rejected_nssai_fields[] = { TLV_SHOW_LIST(items, count, rejected_shown) };
#undef VAL
const struct tlv_codec nas_rejected_nssai = TLV_VALUE_CODEC(struct nas_rejected_nssai, nas_rejected_nssai);
