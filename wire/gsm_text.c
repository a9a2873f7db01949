#include "wire/gsm_text.h"

/* 23.038 6.2.1, the GSM 7 bit default alphabet, as UCS2; the escape to other tables is 0. */
static const uint16_t gsm_alphabet[128] = { 0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a,
	0xd8, 0xf8, 0x0d, 0xc5, 0xe5, 0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398,
	0x39e, 0, 0xc6, 0xe6, 0xdf, 0xc9, ' ', '!', '"', '#', 0xa4, '%', '&', '\'', '(', ')', '*', '+', ',',
	'-', '.', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', 0xa1,
	'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T',
	'U', 'V', 'W', 'X', 'Y', 'Z', 0xc4, 0xd6, 0xd1, 0xdc, 0xa7, 0xbf, 'a', 'b', 'c', 'd', 'e', 'f', 'g',
	'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0xe4,
	0xf6, 0xf1, 0xfc, 0xe0 };

uint16_t gsm_text_next(struct cursor *c)
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

bool gsm_septet_of(uint16_t character, uint8_t *septet)
{
	for (uint8_t i = 0; i < ARRAY_LEN(gsm_alphabet); i++)
		if (gsm_alphabet[i] == character) {
			*septet = i;
			return true;
		}
	return false;
}

/* 23.038 6.1.2.1: septets one after the other from the lowest bit. */
void gsm_septet_put(uint8_t *octets, size_t i, uint8_t septet)
{
	size_t bit = i * GSM_BITS;
	unsigned v = (unsigned)septet << bit % 8;

	octets[bit / 8] |= (uint8_t)v;
	if (v > 0xff)
		octets[bit / 8 + 1] |= (uint8_t)(v >> 8);
}

uint8_t gsm_septet_get(struct bytes octets, size_t i)
{
	size_t bit = i * GSM_BITS, at = bit / 8;
	unsigned v = octets.data[at];

	if (at + 1 < octets.len)
		v |= (unsigned)octets.data[at + 1] << 8;
	return v >> bit % 8 & 0x7f;
}

uint16_t gsm_character(uint8_t septet)
{
	return gsm_alphabet[septet & 0x7f];
}

void gsm_text_put(struct writer *w, uint16_t v)
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
