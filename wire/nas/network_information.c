/* What a network gives of itself: its names and the time (24.501 8.2.19, coded by 24.008 10.5.3 and 23.040).
 */
#include "wire/gsm_text.h"
#include "wire/nas/nas.h"

enum { NAME_GSM = 0, NAME_UCS2 = 1, ZONE_NEGATIVE = 0x08, MS_PER_DAY = 86400000 };

bool nas_network_name_of(const char *text, uint8_t octets[NAS_NETWORK_NAME_MAX], struct nas_network_name *out)
{
	uint16_t characters[NAS_NETWORK_NAME_MAX / 2];
	uint8_t septets[NAS_NETWORK_NAME_MAX / 2];
	struct cursor c = cursor_of(bytes_of_str(text));
	struct writer w = writer_of(octets, NAS_NETWORK_NAME_MAX);
	bool gsm = true;
	size_t n = 0;

	for (; cursor_left(&c) > 0; n++) {
		if (n == ARRAY_LEN(characters) || (characters[n] = gsm_text_next(&c)) == 0)
			return false;
		gsm &= gsm_septet_of(characters[n], &septets[n]);
	}
	*out = (struct nas_network_name){ .coding = gsm ? NAME_GSM : NAME_UCS2 };
	memset(octets, 0, NAS_NETWORK_NAME_MAX);
	for (size_t i = 0; i < n; i++) {
		if (gsm)
			gsm_septet_put(octets, i, septets[i]);
		else
			writer_u16(&w, characters[i]);
	}
	out->text = bytes_of(octets, gsm ? (n * GSM_BITS + 7) / 8 : w.len);
	out->spare_bits = gsm ? (uint8_t)(out->text.len * 8 - n * GSM_BITS) : 0;
	return n > 0;
}

void nas_network_name_text(const struct nas_network_name *name, struct writer *w)
{
	struct cursor c = cursor_of(name->text);
	size_t bits = name->text.len * 8;

	if (name->coding == NAME_UCS2) {
		while (cursor_left(&c) >= 2)
			gsm_text_put(w, cursor_u16(&c));
		return;
	}
	if (name->coding != NAME_GSM || bits < name->spare_bits)
		return;
	for (size_t i = 0; (i + 1) * GSM_BITS <= bits - name->spare_bits; i++)
		gsm_text_put(w, gsm_character(gsm_septet_get(name->text, i)));
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
