#include "radio/mac/pdu.h"

enum { VARIABLE = 254, RESERVED = 255 }; /* other values: octets of a fixed size */
enum { LONG_LENGTH = 256, R_F = 0x40 };

static const uint8_t ce_size[2][64] = {
	[MAC_DL_SCH] = {
		[33 ... 46] = RESERVED,
		[MAC_DL_RECOMMENDED_BIT_RATE] = 2,
		[MAC_DL_SP_ZP_CSI_RS] = 2,
		[MAC_DL_PUCCH_SPATIAL_RELATION] = 3,
		[MAC_DL_SP_SRS] = VARIABLE,
		[MAC_DL_SP_CSI_ON_PUCCH] = 2,
		[MAC_DL_TCI_PDCCH] = 2,
		[MAC_DL_TCI_PDSCH] = VARIABLE,
		[MAC_DL_APERIODIC_CSI_TRIGGER] = VARIABLE,
		[MAC_DL_SP_CSI_RS] = VARIABLE,
		[MAC_DL_DUPLICATION] = 1,
		[MAC_DL_SCELL_4] = 4,
		[MAC_DL_SCELL_1] = 1,
		[MAC_DL_LONG_DRX_COMMAND] = 0,
		[MAC_DL_DRX_COMMAND] = 0,
		[MAC_DL_TIMING_ADVANCE] = 1,
		[MAC_DL_CONTENTION_RESOLUTION] = 6,
	},
	[MAC_UL_SCH] = {
		[33 ... 34] = RESERVED,
		[MAC_UL_REDCAP_CCCH_48] = 6,
		[MAC_UL_REDCAP_CCCH_64] = 8,
		[37 ... 42] = RESERVED,
		[43] = VARIABLE,
		[MAC_UL_TIMING_ADVANCE_REPORT] = 2,
		[45 ... 46] = VARIABLE,
		[47] = RESERVED,
		[MAC_UL_LBT_FAILURE_4] = 4,
		[MAC_UL_LBT_FAILURE_1] = 1,
		[50 ... 51] = VARIABLE,
		[MAC_UL_CCCH_48] = 6,
		[MAC_UL_BIT_RATE_QUERY] = 2,
		[54] = VARIABLE,
		[MAC_UL_CONFIGURED_GRANT_CONFIRMATION] = 0,
		[56] = VARIABLE,
		[MAC_UL_SINGLE_ENTRY_PHR] = 2,
		[MAC_UL_C_RNTI] = 2,
		[MAC_UL_SHORT_TRUNCATED_BSR] = 1,
		[MAC_UL_LONG_TRUNCATED_BSR] = VARIABLE,
		[MAC_UL_SHORT_BSR] = 1,
		[MAC_UL_LONG_BSR] = VARIABLE,
	},
};

static uint8_t size_of(enum mac_channel channel, uint8_t lcid)
{
	if (lcid == MAC_CCCH)
		return channel == MAC_DL_SCH ? VARIABLE : 8;
	return lcid <= MAC_LCID_LAST ? VARIABLE : ce_size[channel][lcid];
}

bool mac_is_sdu(enum mac_channel channel, uint8_t lcid)
{
	return lcid <= MAC_LCID_LAST ||
	       (channel == MAC_UL_SCH && (lcid == MAC_UL_CCCH_48 || lcid == MAC_UL_REDCAP_CCCH_48 ||
						 lcid == MAC_UL_REDCAP_CCCH_64));
}

enum mac_read mac_read(struct cursor *c, enum mac_channel channel, struct mac_subpdu *out)
{
	uint8_t first, size;
	size_t len;

	if (cursor_left(c) == 0)
		return MAC_END;
	first = cursor_u8(c);
	out->lcid = first & 0x3f;
	if (out->lcid == MAC_PADDING) {
		out->data = cursor_rest(c);
		return MAC_SUBPDU;
	}
	size = size_of(channel, out->lcid);
	if (size == RESERVED)
		return MAC_UNKNOWN;
	len = size != VARIABLE ? size : first & R_F ? cursor_u16(c) : cursor_u8(c);
	out->data = cursor_bytes(c, len);
	return c->failed ? MAC_CUT : MAC_SUBPDU;
}

size_t mac_subpdu_size(enum mac_channel channel, uint8_t lcid, size_t len)
{
	return size_of(channel, lcid) == VARIABLE ? len + (len < LONG_LENGTH ? 2 : 3) : len + 1;
}

static void subheader(struct writer *w, uint8_t lcid, size_t len)
{
	if (len < LONG_LENGTH) {
		writer_u8(w, lcid);
		writer_u8(w, (uint8_t)len);
	} else {
		writer_u8(w, lcid | R_F);
		writer_u16(w, (uint16_t)len);
	}
}

void mac_write(struct writer *w, enum mac_channel channel, uint8_t lcid, struct bytes data)
{
	uint8_t size = size_of(channel, lcid);

	if (size == VARIABLE)
		subheader(w, lcid, data.len);
	else
		writer_u8(w, lcid);
	writer_put(w, data);
	w->failed |= size == RESERVED || (size != VARIABLE && size != data.len) || data.len > UINT16_MAX;
}

uint8_t *mac_sdu_begin(struct writer *w, uint8_t lcid, size_t most)
{
	size_t header = most < LONG_LENGTH ? 2 : 3;

	if (w->failed || w->cap - w->len <= header)
		return NULL;
	return w->data + w->len + header;
}

void mac_sdu_end(struct writer *w, uint8_t lcid, const uint8_t *at, size_t len)
{
	subheader(w, lcid, len);
	if (w->failed || w->cap - w->len < len) {
		w->failed = true;
		return;
	}
	if (w->len != (size_t)(at - w->data))
		memmove(w->data + w->len, at, len);
	w->len += len;
}

void mac_pad(struct writer *w)
{
	if (w->failed || w->len == w->cap)
		return;
	writer_u8(w, MAC_PADDING);
	while (w->len < w->cap)
		writer_u8(w, 0);
}
