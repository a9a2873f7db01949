/* What a network gives of itself: its names and the time (24.501 8.2.19, coded by 24.008 10.5.3 and 23.040).
 */
#include "wire/nas/nas.h"

enum { NAME_GSM = 0, NAME_UCS2 = 1, GSM_BITS = 7, ZONE_NEGATIVE = 0x08, MS_PER_DAY = 86400000 };

/* 23.038 6.2.1, the GSM 7 bit default alphabet, as UCS2; the escape to other tables is 0. */
static const uint16_t gsm_alphabet[128] = { 0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a,
	0xd8, 0xf8, 0x0d, 0xc5, 0xe5, 0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398,
	0x39e, 0, 0xc6, 0xe6, 0xdf, 0xc9, ' ', '!', '"', '#', 0xa4, '%', '&', '\'', '(', ')', '*', '+', ',',
	'-', '.', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', 0xa1,
	'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T',
	'U', 'V', 'W', 'X', 'Y', 'Z', 0xc4, 0xd6, 0xd1, 0xdc, 0xa7, 0xbf, 'a', 'b', 'c', 'd', 'e', 'f', 'g',
	'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0xe4,
	0xf6, 0xf1, 0xfc, 0xe0 };

/* The next character of UTF-8 text, of the basic plane; 0 for anything else. */
static uint16_t utf8_next(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	unsigned more = first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
	uint16_t v = more == 2 ? first & 0x0f : more == 1 ? first & 0x1f : first;

	if (first >= 0xf0 || (first & 0xc0) == 0x80)
		return 0;
	for (unsigned i = 0; i < more; i++) {
		uint8_t next = cursor_u8(c);

		if ((next & 0xc0) != 0x80)
			return 0;
		v = (uint16_t)(v << 6 | (next & 0x3f));
	}
	if (c->failed || v < (more == 2 ? 0x800 : more == 1 ? 0x80 : 0x20) || (v >= 0xd800 && v < 0xe000))
		return 0;
	return v;
}

static bool gsm_of(uint16_t character, uint8_t *septet)
{
	for (uint8_t i = 0; i < ARRAY_LEN(gsm_alphabet); i++)
		if (gsm_alphabet[i] == character) {
			*septet = i;
			return true;
		}
	return false;
}

/* 23.038 6.1.2.1: septets one after the other from the lowest bit. */
static void septet_put(uint8_t *octets, size_t i, uint8_t septet)
{
	size_t bit = i * GSM_BITS;
	unsigned v = (unsigned)septet << bit % 8;

	octets[bit / 8] |= (uint8_t)v;
	if (v > 0xff)
		octets[bit / 8 + 1] |= (uint8_t)(v >> 8);
}

bool nas_network_name_of(const char *text, uint8_t octets[NAS_NETWORK_NAME_MAX], struct nas_network_name *out)
{
	uint16_t characters[NAS_NETWORK_NAME_MAX / 2];
	uint8_t septets[NAS_NETWORK_NAME_MAX / 2];
	struct cursor c = cursor_of(bytes_of_str(text));
	struct writer w = writer_of(octets, NAS_NETWORK_NAME_MAX);
	bool gsm = true;
	size_t n = 0;

	for (; cursor_left(&c) > 0; n++) {
		if (n == ARRAY_LEN(characters) || (characters[n] = utf8_next(&c)) == 0)
			return false;
		gsm &= gsm_of(characters[n], &septets[n]);
	}
	*out = (struct nas_network_name){ .coding = gsm ? NAME_GSM : NAME_UCS2 };
	memset(octets, 0, NAS_NETWORK_NAME_MAX);
	for (size_t i = 0; i < n; i++) {
		if (gsm)
			septet_put(octets, i, septets[i]);
		else
			writer_u16(&w, characters[i]);
	}
	out->text = bytes_of(octets, gsm ? (n * GSM_BITS + 7) / 8 : w.len);
	out->spare_bits = gsm ? (uint8_t)(out->text.len * 8 - n * GSM_BITS) : 0;
	return n > 0;
}

static void utf8_put(struct writer *w, uint16_t v)
{
	if (v < 0x20 || (v >= 0xd800 && v < 0xe000)) {
		writer_u8(w, '?'); /* nothing that ends a line, nor half of a pair */
	} else if (v < 0x80) {
		writer_u8(w, (uint8_t)v);
	} else if (v < 0x800) {
		writer_u8(w, (uint8_t)(0xc0 | v >> 6));
		writer_u8(w, (uint8_t)(0x80 | (v & 0x3f)));
	} else {
		writer_u8(w, (uint8_t)(0xe0 | v >> 12));
		writer_u8(w, (uint8_t)(0x80 | (v >> 6 & 0x3f)));
		writer_u8(w, (uint8_t)(0x80 | (v & 0x3f)));
	}
}

void nas_network_name_text(const struct nas_network_name *name, struct writer *w)
{
	struct cursor c = cursor_of(name->text);
	size_t bits = name->text.len * 8;

	if (name->coding == NAME_UCS2) {
		while (cursor_left(&c) >= 2)
			utf8_put(w, cursor_u16(&c));
		return;
	}
	if (name->coding != NAME_GSM || bits < name->spare_bits)
		return;
	for (size_t i = 0; (i + 1) * GSM_BITS <= bits - name->spare_bits; i++) {
		size_t bit = i * GSM_BITS, at = bit / 8;
		unsigned v = name->text.data[at];

		if (at + 1 < name->text.len)
			v |= (unsigned)name->text.data[at + 1] << 8;
		utf8_put(w, gsm_alphabet[v >> bit % 8 & 0x7f]);
	}
}

/* Two digits, the first in the low half (23.040 9.1.2.3). */
static uint8_t digits_of(unsigned v)
{
	return (uint8_t)(v % 10 << 4 | v / 10 % 10);
}

static bool digits_read(uint8_t octet, unsigned max, unsigned *v)
{
	*v = (octet & 0x0fu) * 10 + (octet >> 4);
	return (octet & 0x0f) < 10 && octet >> 4 < 10 && *v <= max;
}

uint8_t nas_time_zone_of(int quarters)
{
	return (uint8_t)(digits_of((unsigned)(quarters < 0 ? -quarters : quarters)) |
			 (quarters < 0 ? ZONE_NEGATIVE : 0));
}

bool nas_time_zone_quarters(uint8_t octet, int *quarters)
{
	unsigned v;

	if (!digits_read(octet & (uint8_t)~ZONE_NEGATIVE, NAS_TIME_ZONE_MAX, &v))
		return false;
	*quarters = octet & ZONE_NEGATIVE ? -(int)v : (int)v;
	return true;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
	static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	/* of 1970 to 2099 every fourth year */
	return days[month - 1] + (month == 2 && year % 4 == 0);
}

void nas_universal_time_of(uint64_t utc_ms, int quarters, uint8_t out[7])
{
	unsigned days = (unsigned)(utc_ms / MS_PER_DAY), second = (unsigned)(utc_ms % MS_PER_DAY / 1000);
	unsigned year = 1970, month = 1;

	for (; days >= 365u + (year % 4 == 0); year++)
		days -= 365u + (year % 4 == 0);
	for (; days >= days_of_month(year, month); month++)
		days -= days_of_month(year, month);
	out[0] = digits_of(year % 100);
	out[1] = digits_of(month);
	out[2] = digits_of(days + 1);
	out[3] = digits_of(second / 3600);
	out[4] = digits_of(second / 60 % 60);
	out[5] = digits_of(second % 60);
	out[6] = nas_time_zone_of(quarters);
}

bool nas_universal_time_read(const uint8_t in[7], struct nas_universal_time *out)
{
	return digits_read(in[0], 99, &out->year) && digits_read(in[1], 12, &out->month) && out->month > 0 &&
	       digits_read(in[2], days_of_month(out->year, out->month), &out->day) && out->day > 0 &&
	       digits_read(in[3], 23, &out->hour) && digits_read(in[4], 59, &out->minute) &&
	       digits_read(in[5], 59, &out->second) && nas_time_zone_quarters(in[6], &out->quarters);
}
