/* 5GS mobile identity (TS 24.501 clause 9.11.3.4). */
#include "wire/nas/ie.h"

#include "base/text.h"

enum { TYPE_MASK = 7, ODD = 8, FILLER = 15, GUTI_HIGH = 0xf0, SUPI_FORMAT_SHIFT = 4 };

bool nas_digits_read(struct cursor *c, size_t octets, char *text, size_t cap)
{
	size_t n = 0;
	bool ended = false;

	for (size_t i = 0; i < octets; i++) {
		uint8_t octet = cursor_u8(c);

		for (int half = 0; half < 2; half++, octet >>= 4) {
			uint8_t d = octet & 15;

			if (d == FILLER) {
				ended = true;
				continue;
			}
			if (d > 9 || ended || n + 1 >= cap)
				return false;
			text[n++] = (char)('0' + d);
		}
	}
	text[n] = '\0';
	return !c->failed;
}

void nas_digits_write(struct writer *w, const char *text, size_t octets)
{
	for (size_t i = 0; i < octets; i++) {
		uint8_t low = *text ? (uint8_t)(*text++ - '0') : FILLER;
		uint8_t high = *text ? (uint8_t)(*text++ - '0') : FILLER;

		if ((low > 9 && low != FILLER) || (high > 9 && high != FILLER))
			w->failed = true;
		writer_u8(w, (uint8_t)((high & 15) << 4 | (low & 15)));
	}
}

static enum tlv_fault_kind suci_read(struct cursor *c, uint8_t first, struct nas_suci *s)
{
	s->supi_format = first >> SUPI_FORMAT_SHIFT & 7;
	if (s->supi_format != NAS_SUPI_IMSI) {
		s->nai = cursor_rest(c);
		return s->supi_format <= NAS_SUPI_GLI ? TLV_OK : TLV_BAD_MANDATORY;
	}
	s->plmn = nas_plmn_read(c);
	if (!nas_digits_read(c, 2, s->routing_indicator, sizeof(s->routing_indicator)))
		return TLV_BAD_MANDATORY;
	s->protection_scheme = cursor_u8(c) & 15;
	s->home_network_key_id = cursor_u8(c);
	s->scheme_output = cursor_rest(c);
	return TLV_OK;
}

static void suci_write(struct writer *w, const struct nas_suci *s)
{
	writer_u8(w, (uint8_t)(s->supi_format << SUPI_FORMAT_SHIFT | NAS_IDENTITY_SUCI));
	if (s->supi_format != NAS_SUPI_IMSI) {
		writer_put(w, s->nai);
		return;
	}
	nas_plmn_write(w, &s->plmn);
	nas_digits_write(w, s->routing_indicator, 2);
	writer_u8(w, s->protection_scheme);
	writer_u8(w, s->home_network_key_id);
	writer_put(w, s->scheme_output);
}

static void guti_read(struct cursor *c, struct guti *g)
{
	uint16_t set;

	g->guami.plmn = nas_plmn_read(c);
	g->guami.amf_region_id = cursor_u8(c);
	set = cursor_u16(c);
	g->guami.amf_set_id = set >> 6;
	g->guami.amf_pointer = set & 63;
	g->tmsi = cursor_u32(c);
}

static void guti_write(struct writer *w, const struct guti *g)
{
	writer_u8(w, GUTI_HIGH | NAS_IDENTITY_5G_GUTI);
	nas_plmn_write(w, &g->guami.plmn);
	writer_u8(w, g->guami.amf_region_id);
	writer_u16(w, (uint16_t)(g->guami.amf_set_id << 6 | (g->guami.amf_pointer & 63)));
	writer_u32(w, g->tmsi);
}

/* IMEI and IMEISV: the first digit is in the first octet; an even count of digits ends with a filler. */
static enum tlv_fault_kind imei_read(struct cursor *c, uint8_t first, char imei[17])
{
	size_t octets = cursor_left(c), digits;

	imei[0] = (char)('0' + (first >> 4));
	if (first >> 4 > 9 || octets > 8 || !nas_digits_read(c, octets, imei + 1, 16))
		return TLV_BAD_MANDATORY;
	digits = strlen(imei);
	return (digits & 1) == !!(first & ODD) ? TLV_OK : TLV_BAD_MANDATORY;
}

static void imei_write(struct writer *w, uint8_t type, const char *imei)
{
	size_t digits = strnlen(imei, 17);

	if (digits == 0 || digits > 16 || imei[0] < '0' || imei[0] > '9') {
		w->failed = true;
		return;
	}
	writer_u8(w, (uint8_t)((imei[0] - '0') << 4 | (digits & 1 ? ODD : 0) | type));
	nas_digits_write(w, imei + 1, digits / 2);
}

static enum tlv_fault_kind nas_mobile_identity_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_mobile_identity *id = value;
	uint8_t first = cursor_u8(c);
	uint16_t set;

	id->type = first & TYPE_MASK;
	switch (id->type) {
	case NAS_IDENTITY_NONE:
		break;
	case NAS_IDENTITY_SUCI:
		return suci_read(c, first, &id->suci);
	case NAS_IDENTITY_5G_GUTI:
		guti_read(c, &id->guti);
		break;
	case NAS_IDENTITY_IMEI:
	case NAS_IDENTITY_IMEISV:
		return imei_read(c, first, id->imei);
	case NAS_IDENTITY_5G_S_TMSI:
		set = cursor_u16(c);
		id->s_tmsi.amf_set_id = set >> 6;
		id->s_tmsi.amf_pointer = set & 63;
		id->s_tmsi.tmsi = cursor_u32(c);
		break;
	case NAS_IDENTITY_MAC_ADDRESS:
		id->mac.restricted = first & ODD;
		cursor_copy(c, id->mac.address, 6);
		break;
	default:
		cursor_copy(c, id->eui_64, 8);
	}
	return TLV_OK;
}

static void nas_mobile_identity_encode(struct writer *w, const void *value)
{
	const struct nas_mobile_identity *id = value;

	switch (id->type) {
	case NAS_IDENTITY_SUCI:
		suci_write(w, &id->suci);
		break;
	case NAS_IDENTITY_5G_GUTI:
		guti_write(w, &id->guti);
		break;
	case NAS_IDENTITY_IMEI:
	case NAS_IDENTITY_IMEISV:
		imei_write(w, id->type, id->imei);
		break;
	case NAS_IDENTITY_5G_S_TMSI:
		writer_u8(w, GUTI_HIGH | NAS_IDENTITY_5G_S_TMSI);
		writer_u16(w, (uint16_t)(id->s_tmsi.amf_set_id << 6 | (id->s_tmsi.amf_pointer & 63)));
		writer_u32(w, id->s_tmsi.tmsi);
		break;
	case NAS_IDENTITY_MAC_ADDRESS:
		writer_u8(w, (uint8_t)(NAS_IDENTITY_MAC_ADDRESS | (id->mac.restricted ? ODD : 0)));
		writer_put(w, BYTES(id->mac.address));
		break;
	case NAS_IDENTITY_EUI_64:
		writer_u8(w, NAS_IDENTITY_EUI_64);
		writer_put(w, BYTES(id->eui_64));
		break;
	default:
		writer_u8(w, NAS_IDENTITY_NONE);
	}
}

bool nas_suci_msin(const struct nas_suci *suci, char *text, size_t cap)
{
	struct cursor c = cursor_of(suci->scheme_output);

	return suci->supi_format == NAS_SUPI_IMSI && suci->protection_scheme == NAS_SUCI_NULL_SCHEME &&
	       nas_digits_read(&c, suci->scheme_output.len, text, cap);
}

/* As 23.003 2.2B writes it. A scheme output that is not the null scheme's is of no use to people. */
static void suci_show(const struct nas_suci *suci, struct writer *w)
{
	char plmn[PLMN_STR_SIZE], msin[24];

	if (suci->supi_format != NAS_SUPI_IMSI) {
		text_put(w, "suci of format %u", suci->supi_format);
		return;
	}
	plmn_str(&suci->plmn, plmn);
	text_put(w, "suci-0-%.3s-%s-%s-%u-%u-", plmn, plmn + 3, suci->routing_indicator,
		suci->protection_scheme, suci->home_network_key_id);
	if (nas_suci_msin(suci, msin, sizeof(msin)))
		text_put(w, "%s", msin);
	else
		text_put(w, "(%zu octets)", suci->scheme_output.len);
}

static void nas_mobile_identity_show(const void *value, char text[TLV_SHOW_SIZE])
{
	static const char *const names[] = { "none", "suci", "5g-guti", "imei", "5g-s-tmsi", "imeisv", "mac",
		"eui-64" };
	const struct nas_mobile_identity *id = value;
	struct writer w = writer_of(text, TLV_SHOW_SIZE);
	char plmn[PLMN_STR_SIZE];

	switch (id->type) {
	case NAS_IDENTITY_SUCI:
		suci_show(&id->suci, &w);
		break;
	case NAS_IDENTITY_5G_GUTI:
		text_put(&w, "5g-guti-%s-%02x-%03x-%02x-%08x", plmn_str(&id->guti.guami.plmn, plmn),
			id->guti.guami.amf_region_id, id->guti.guami.amf_set_id, id->guti.guami.amf_pointer,
			id->guti.tmsi);
		break;
	case NAS_IDENTITY_5G_S_TMSI:
		text_put(&w, "5g-s-tmsi-%03x-%02x-%08x", id->s_tmsi.amf_set_id, id->s_tmsi.amf_pointer,
			id->s_tmsi.tmsi);
		break;
	case NAS_IDENTITY_IMEI:
	case NAS_IDENTITY_IMEISV:
		text_put(&w, "%s-%s", names[id->type], id->imei);
		break;
	default:
		text_put(&w, "%s", id->type < ARRAY_LEN(names) ? names[id->type] : "unknown");
	}
	text[w.len] = '\0';
}

const struct tlv_codec nas_mobile_identity = TLV_SHOWN_CODEC(struct nas_mobile_identity, nas_mobile_identity);

struct bytes nas_bcd(const char *digits, uint8_t *buf, size_t cap)
{
	struct writer w = writer_of(buf, cap);

	nas_digits_write(&w, digits, (strlen(digits) + 1) / 2);
	return writer_bytes(&w);
}

bool nas_bcd_digits(struct bytes bcd, char *text, size_t cap)
{
	struct cursor c = cursor_of(bcd);

	return nas_digits_read(&c, bcd.len, text, cap);
}
