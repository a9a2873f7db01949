/* UE parameters update list, TS 24.501 9.11.3.53A. */
#include "wire/nas/ie.h"

/* UE parameters update data set type */
enum { TYPE_MASK = 0x0f, DEFAULT_NSSAI = 2, ME_ROUTING_INDICATOR = 4, ROUTING_INDICATOR_OCTETS = 2 };

static size_t set_begin(struct writer *w, uint8_t type)
{
	writer_u8(w, type);
	return writer_mark(w, 2);
}

bool nas_ue_parameters_encode(const struct nas_ue_parameters *p, struct writer *w)
{
	struct nas_s_nssai items[SNSSAI_MAX];
	struct nas_nssai nssai = { p->default_nssai_count, items };
	size_t mark;

	if (nssai.count > 0) {
		for (size_t i = 0; i < nssai.count; i++)
			items[i] = (struct nas_s_nssai){ .snssai = p->default_nssai[i] };
		mark = set_begin(w, DEFAULT_NSSAI);
		nas_nssai.encode(w, &nssai);
		writer_patch(w, mark, 2);
	}
	if (p->routing_indicator[0]) {
		mark = set_begin(w, ME_ROUTING_INDICATOR);
		nas_digits_write(w, p->routing_indicator, ROUTING_INDICATOR_OCTETS);
		writer_patch(w, mark, 2);
	}
	return !w->failed;
}

static bool default_nssai_read(struct cursor *c, struct arena *arena, struct nas_ue_parameters *out)
{
	struct nas_nssai nssai = { 0 };

	if (nas_nssai.decode(c, arena, &nssai) != TLV_OK || c->failed)
		return false;
	out->default_nssai_count = 0;
	for (size_t i = 0; i < nssai.count && i < SNSSAI_MAX; i++)
		out->default_nssai[out->default_nssai_count++] = nssai.items[i].snssai;
	return true;
}

bool nas_ue_parameters_decode(struct bytes list, struct arena *arena, struct nas_ue_parameters *out)
{
	struct cursor c = cursor_of(list);

	*out = (struct nas_ue_parameters){ 0 };
	while (!c.failed && cursor_left(&c) > 0) {
		uint8_t type = cursor_u8(&c) & TYPE_MASK;
		struct cursor set = cursor_sub(&c, cursor_u16(&c));
		bool ok = !set.failed;

		if (ok && type == DEFAULT_NSSAI)
			ok = default_nssai_read(&set, arena, out);
		else if (ok && type == ME_ROUTING_INDICATOR)
			ok = nas_digits_read(&set, ROUTING_INDICATOR_OCTETS, out->routing_indicator,
				     sizeof(out->routing_indicator)) &&
			     out->routing_indicator[0];
		else
			out->others++;
		if (!ok)
			return false;
	}
	return !c.failed;
}
