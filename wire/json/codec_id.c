/* The codecs of 3GPP's simple data types, TS 29.571. */
#include <inttypes.h>

#include "base/addr.h"
#include "base/text.h"
#include "wire/id.h"
#include "wire/json/table.h"

enum { ID_TEXT_SIZE = 32 };

static const void *member(const struct json_field *f, const void *base)
{
	return (const uint8_t *)base + f->offset;
}

static void *member_of(const struct json_field *f, void *base)
{
	return (uint8_t *)base + f->offset;
}

/* A terminated copy of a short text; false when it is longer, or has a NUL. */
static bool short_text(struct bytes text, char out[ID_TEXT_SIZE])
{
	if (text.len >= ID_TEXT_SIZE || (text.len > 0 && memchr(text.data, 0, text.len)))
		return false;
	bytes_copy(out, ID_TEXT_SIZE, text);
	out[text.len] = '\0';
	return true;
}

/* Exactly `octets` octets in hexadecimal. */
static bool read_hex_uint(struct bytes text, size_t octets, uint64_t *out)
{
	uint8_t buf[8];
	struct cursor c;
	size_t len;

	if (!text_unhex(text, buf, sizeof(buf), &len) || len != octets)
		return false;
	c = cursor_of(bytes_of(buf, len));
	*out = cursor_uint(&c, len);
	return true;
}

/* 29.571 5.5.2: "^\d+(\.\d+)? (bps|Kbps|Mbps|Gbps|Tbps)$". Fractions of a bit/s are cut. */
static const char *const rate_units[] = { " bps", " Kbps", " Mbps", " Gbps", " Tbps" };

static bool is_digits(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.len > 0;
}

static bool scale_rate(struct bytes whole, struct bytes fraction, unsigned digits, uint64_t *out)
{
	uint64_t v, scale = 1, part = 0;

	for (unsigned i = 0; i < digits; i++) {
		scale *= 10;
		part = part * 10 + (i < fraction.len ? fraction.data[i] - (uint64_t)'0' : 0);
	}
	return text_uint(whole, UINT64_MAX, &v) && !__builtin_mul_overflow(v, scale, &v) &&
	       !__builtin_add_overflow(v, part, out);
}

static bool rate_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	for (unsigned i = 0; i < ARRAY_LEN(rate_units); i++) {
		struct bytes unit = bytes_of_str(rate_units[i]), number, fraction = BYTES_NONE;
		const uint8_t *dot;

		if (text.len <= unit.len || memcmp(text.data + text.len - unit.len, unit.data, unit.len) != 0)
			continue;
		number = bytes_of(text.data, text.len - unit.len);
		dot = memchr(number.data, '.', number.len);
		if (dot) {
			fraction = bytes_of(dot + 1, number.len - (size_t)(dot + 1 - number.data));
			number.len = (size_t)(dot - number.data);
		}
		return is_digits(number) && (!dot || is_digits(fraction)) &&
		       scale_rate(number, fraction, 3 * i, member_of(f, base));
	}
	return false;
}

/* The largest unit that gives it without a fraction, so it is always exact. */
static void rate_write(const struct json_field *f, const void *base, struct writer *w)
{
	uint64_t v = *(const uint64_t *)member(f, base);
	unsigned unit = 0;

	while (v > 0 && v % 1000 == 0 && unit + 1 < ARRAY_LEN(rate_units)) {
		v /= 1000;
		unit++;
	}
	text_put(w, "%" PRIu64 "%s", v, rate_units[unit]);
}

const struct json_codec json_bit_rate = { JSON_STRING, rate_read, rate_write, NULL, NULL };

static bool supi_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	char buf[ID_TEXT_SIZE];

	return short_text(text, buf) && supi_from_str(buf, member_of(f, base));
}

static void supi_write(const struct json_field *f, const void *base, struct writer *w)
{
	const struct supi *s = member(f, base);
	char text[SUPI_STR_SIZE];

	w->failed |= !s->imsi[0];
	text_put(w, "%s", supi_str(s, text));
}

static bool supi_empty(const struct json_field *f, const void *base)
{
	return !((const struct supi *)member(f, base))->imsi[0];
}

const struct json_codec json_supi = { JSON_STRING, supi_read, supi_write, supi_empty, NULL };

static bool mcc_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	struct plmn *p = member_of(f, base), part;
	char buf[ID_TEXT_SIZE];

	if (!short_text(text, buf) || !plmn_from_digits(buf, "00", &part))
		return false;
	bytes_copy(p->mcc, sizeof(p->mcc), BYTES(part.mcc));
	return true;
}

static bool mnc_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	struct plmn *p = member_of(f, base), part;
	char buf[ID_TEXT_SIZE];

	if (!short_text(text, buf) || !plmn_from_digits("000", buf, &part))
		return false;
	bytes_copy(p->mnc, sizeof(p->mnc), BYTES(part.mnc));
	return true;
}

static void put_digits(struct writer *w, const char *digits)
{
	w->failed |= strchr(digits, '?') != NULL; /* nibbles that are no digits */
	text_put(w, "%s", digits);
}

static void mcc_write(const struct json_field *f, const void *base, struct writer *w)
{
	char mcc[4], mnc[4];

	plmn_digits(member(f, base), mcc, mnc);
	put_digits(w, mcc);
}

static void mnc_write(const struct json_field *f, const void *base, struct writer *w)
{
	char mcc[4], mnc[4];

	plmn_digits(member(f, base), mcc, mnc);
	put_digits(w, mnc);
}

static void plmn_write(const struct json_field *f, const void *base, struct writer *w)
{
	mcc_write(f, base, w);
	mnc_write(f, base, w);
}

static bool plmn_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	char buf[ID_TEXT_SIZE];

	return short_text(text, buf) && plmn_parse(buf, member_of(f, base));
}

const struct json_codec json_mcc = { JSON_STRING, mcc_read, mcc_write, NULL, NULL };
const struct json_codec json_mnc = { JSON_STRING, mnc_read, mnc_write, NULL, NULL };
const struct json_codec json_plmn_text = { JSON_STRING, plmn_read, plmn_write, NULL, NULL };

/* 29.571 5.4.2: 4 digits when it is of EPS, else 6. */
static bool tac_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	uint64_t v;

	if (!read_hex_uint(text, 3, &v) && !read_hex_uint(text, 2, &v))
		return false;
	*(uint32_t *)member_of(f, base) = (uint32_t)v;
	return true;
}

static void tac_write(const struct json_field *f, const void *base, struct writer *w)
{
	uint32_t v = *(const uint32_t *)member(f, base);

	w->failed |= v > 0xffffff;
	text_put(w, "%06" PRIx32, v);
}

const struct json_codec json_tac = { JSON_STRING, tac_read, tac_write, NULL, NULL };

/* 9 digits: 36 bits. */
static bool nci_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	uint8_t padded[10] = "0";

	return text.len == 9 && bytes_copy(padded + 1, 9, text) &&
	       read_hex_uint(BYTES(padded), 5, member_of(f, base));
}

static void nci_write(const struct json_field *f, const void *base, struct writer *w)
{
	uint64_t v = *(const uint64_t *)member(f, base);

	w->failed |= v >> 36 != 0;
	text_put(w, "%09" PRIx64, v);
}

const struct json_codec json_nr_cell_id = { JSON_STRING, nci_read, nci_write, NULL, NULL };

static bool sd_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	uint64_t v;

	if (!read_hex_uint(text, 3, &v))
		return false;
	*(uint32_t *)member_of(f, base) = (uint32_t)v;
	return true;
}

static bool sd_empty(const struct json_field *f, const void *base)
{
	return *(const uint32_t *)member(f, base) == SNSSAI_NO_SD;
}

static void sd_absent(const struct json_field *f, void *base)
{
	*(uint32_t *)member_of(f, base) = SNSSAI_NO_SD;
}

const struct json_codec json_sd = { JSON_STRING, sd_read, tac_write, sd_empty, sd_absent };

/* AMF Region ID, Set ID and Pointer in 24 bits. */
static bool amf_id_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	struct guami *g = member_of(f, base);
	uint64_t v;

	if (!read_hex_uint(text, 3, &v))
		return false;
	g->amf_region_id = (uint8_t)(v >> 16);
	g->amf_set_id = (uint16_t)(v >> 6 & 0x3ff);
	g->amf_pointer = (uint8_t)(v & 0x3f);
	return true;
}

static void amf_id_write(const struct json_field *f, const void *base, struct writer *w)
{
	const struct guami *g = member(f, base);

	w->failed |= g->amf_set_id > 0x3ff || g->amf_pointer > 0x3f;
	text_put(w, "%02x%04x", g->amf_region_id, (unsigned)(g->amf_set_id << 6 | g->amf_pointer) & 0xffff);
}

const struct json_codec json_amf_id = { JSON_STRING, amf_id_read, amf_id_write, NULL, NULL };

static bool read_ipv4(struct bytes text, char buf[ID_TEXT_SIZE], struct addr *a)
{
	return short_text(text, buf) && addr_parse(buf, a) && a->len == 4;
}

static bool ipv4_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	char buf[ID_TEXT_SIZE];
	struct addr a;

	if (!read_ipv4(text, buf, &a))
		return false;
	*(uint32_t *)member_of(f, base) = addr_v4(&a);
	return true;
}

static void ipv4_write(const struct json_field *f, const void *base, struct writer *w)
{
	struct addr a = addr_from_v4(*(const uint32_t *)member(f, base), 0);
	char buf[ADDR_STR_SIZE];

	text_put(w, "%s", addr_str(&a, buf));
}

const struct json_codec json_ipv4 = { JSON_STRING, ipv4_read, ipv4_write, NULL, NULL };
