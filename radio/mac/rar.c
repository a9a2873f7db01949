#include "radio/mac/rar.h"

enum { E = 0x80, T = 0x40 };

static void payload_read(struct cursor *c, struct mac_rar *rar)
{
	uint64_t v = cursor_uint(c, 7);

	/* R 1, timing advance 12, grant 27, temporary C-RNTI 16 */
	rar->timing_advance = (uint16_t)(v >> 43 & 0xfff);
	rar->grant = (struct mac_rar_grant){ .frequency_hopping = v >> 42 & 1,
		.frequency_resource = (uint16_t)(v >> 28 & 0x3fff),
		.time_resource = (uint8_t)(v >> 24 & 0xf),
		.mcs = (uint8_t)(v >> 20 & 0xf),
		.tpc = (uint8_t)(v >> 17 & 7),
		.csi_request = v >> 16 & 1 };
	rar->temporary_c_rnti = (uint16_t)v;
}

enum mac_rar_read mac_rar_read(struct cursor *c, bool *more, uint8_t *backoff, struct mac_rar *rar,
	uint8_t si_rapid_first, uint8_t si_rapid_count)
{
	uint8_t first;

	if (!*more)
		return MAC_RAR_END;
	first = cursor_u8(c);
	*more = first & E;
	if (!(first & T)) {
		*backoff = first & 0xf;
		return c->failed ? MAC_RAR_BAD : MAC_RAR_BACKOFF;
	}
	*rar = (struct mac_rar){ .rapid = first & 0x3f };
	if ((uint8_t)(rar->rapid - si_rapid_first) >= si_rapid_count)
		payload_read(c, rar);
	return c->failed || rar->timing_advance > MAC_TIMING_ADVANCE_MAX ? MAC_RAR_BAD : MAC_RAR_RESPONSE;
}

void mac_rar_write_backoff(struct writer *w, uint8_t backoff, bool more)
{
	writer_u8(w, (uint8_t)((more ? E : 0) | (backoff & 0xf)));
}

void mac_rar_write(struct writer *w, const struct mac_rar *rar, bool more)
{
	const struct mac_rar_grant *g = &rar->grant;
	uint64_t grant = (uint64_t)g->frequency_hopping << 26 |
			 (uint64_t)(g->frequency_resource & 0x3fff) << 12 |
			 (uint64_t)(g->time_resource & 0xf) << 8 | (uint64_t)(g->mcs & 0xf) << 4 |
			 (uint64_t)(g->tpc & 7) << 1 | g->csi_request;

	writer_u8(w, (uint8_t)((more ? E : 0) | T | (rar->rapid & 0x3f)));
	writer_uint(
		w, (uint64_t)(rar->timing_advance & 0xfff) << 43 | grant << 16 | rar->temporary_c_rnti, 7);
}
