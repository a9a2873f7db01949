#include "radio/mac/ce.h"

void mac_c_rnti_write(struct writer *w, uint16_t c_rnti)
{
	writer_u16(w, c_rnti);
}

bool mac_c_rnti_read(struct bytes data, uint16_t *c_rnti)
{
	struct cursor c = cursor_of(data);

	*c_rnti = cursor_u16(&c);
	return !c.failed && cursor_left(&c) == 0;
}

void mac_timing_advance_write(struct writer *w, const struct mac_timing_advance *ta)
{
	writer_u8(w, (uint8_t)(ta->tag_id << 6 | (ta->command & 0x3f)));
}

bool mac_timing_advance_read(struct bytes data, struct mac_timing_advance *ta)
{
	struct cursor c = cursor_of(data);
	uint8_t v = cursor_u8(&c);

	*ta = (struct mac_timing_advance){ v >> 6, v & 0x3f };
	return !c.failed && cursor_left(&c) == 0;
}

void mac_sp_csi_write(struct writer *w, const struct mac_sp_csi *s)
{
	writer_u8(w, (uint8_t)((s->serving_cell & 0x1f) << 2 | (s->bwp & 3)));
	writer_u8(w, s->active & 0xf);
}

bool mac_sp_csi_read(struct bytes data, struct mac_sp_csi *s)
{
	struct cursor c = cursor_of(data);
	uint8_t where = cursor_u8(&c), active = cursor_u8(&c);

	*s = (struct mac_sp_csi){ where >> 2 & 0x1f, where & 3, active & 0xf };
	return !c.failed && cursor_left(&c) == 0;
}

void mac_phr_write(struct writer *w, const struct mac_phr *phr)
{
	writer_u8(w, (uint8_t)((phr->power_backoff ? 0x80 : 0) | (phr->ph & 0x3f)));
	writer_u8(w, (uint8_t)(phr->mpe << 6 | (phr->p_cmax & 0x3f)));
}

bool mac_phr_read(struct bytes data, struct mac_phr *phr)
{
	struct cursor c = cursor_of(data);
	uint8_t ph = cursor_u8(&c), p_cmax = cursor_u8(&c);

	*phr = (struct mac_phr){ ph & 0x80, ph & 0x3f, p_cmax >> 6, p_cmax & 0x3f };
	return !c.failed && cursor_left(&c) == 0;
}
