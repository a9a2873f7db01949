#include "wire/warning_message.h"

#include "wire/gsm_text.h"

enum {
	GSM_PER_PAGE = WARNING_PAGE_OCTETS * 8 / GSM_BITS, /* 93 */
	UCS2_PER_PAGE = WARNING_PAGE_OCTETS / 2,
	CHARACTERS_MAX = WARNING_PAGES_MAX * GSM_PER_PAGE,
	PAD = 0x0d, /* carriage return, 23.038 6.2.1.1 */
};

/* The rest of the septets is filled with carriage returns, which are not shown. */
static void gsm_page(const uint16_t *characters, size_t n, struct writer *w)
{
	uint8_t octets[WARNING_PAGE_OCTETS] = { 0 }, septet = PAD;

	for (size_t i = 0; i < GSM_PER_PAGE; i++) {
		if (i >= n || !gsm_septet_of(characters[i], &septet))
			septet = PAD;
		gsm_septet_put(octets, i, septet);
	}
	writer_put(w, BYTES(octets));
	writer_u8(w, (uint8_t)((n * GSM_BITS + 7) / 8));
}

static void ucs2_page(const uint16_t *characters, size_t n, struct writer *w)
{
	for (size_t i = 0; i < UCS2_PER_PAGE; i++)
		writer_u16(w, i < n ? characters[i] : PAD);
	writer_u8(w, (uint8_t)(n * 2));
}

bool warning_message_write(const char *utf8, uint8_t *dcs, struct writer *w)
{
	uint16_t characters[CHARACTERS_MAX];
	struct cursor c = cursor_of(bytes_of_str(utf8));
	size_t n = 0, page, pages;
	uint8_t septet;
	bool gsm = true;

	for (; cursor_left(&c) > 0; n++) {
		if (n == CHARACTERS_MAX || (characters[n] = gsm_text_next(&c)) == 0)
			return false;
		gsm &= gsm_septet_of(characters[n], &septet);
	}
	page = gsm ? GSM_PER_PAGE : UCS2_PER_PAGE;
	pages = (n + page - 1) / page;
	if (n == 0 || pages > WARNING_PAGES_MAX)
		return false;
	*dcs = gsm ? WARNING_DCS_GSM : WARNING_DCS_UCS2;
	writer_u8(w, (uint8_t)pages);
	for (size_t i = 0; i < n; i += page) {
		size_t left = n - i < page ? n - i : page;

		if (gsm)
			gsm_page(characters + i, left, w);
		else
			ucs2_page(characters + i, left, w);
	}
	return !w->failed;
}

static void page_read(uint8_t dcs, struct bytes page, struct writer *w)
{
	struct cursor c = cursor_of(page);

	while (dcs == WARNING_DCS_UCS2 && cursor_left(&c) >= 2)
		gsm_text_put(w, cursor_u16(&c));
	for (size_t i = 0; dcs == WARNING_DCS_GSM && (i + 1) * GSM_BITS <= page.len * 8; i++)
		if (gsm_septet_get(page, i) != PAD)
			gsm_text_put(w, gsm_character(gsm_septet_get(page, i)));
}

bool warning_message_read(uint8_t dcs, struct bytes contents, char text[WARNING_TEXT_SIZE])
{
	struct cursor c = cursor_of(contents);
	struct writer w = writer_of((uint8_t *)text, WARNING_TEXT_SIZE - 1);
	uint8_t pages = cursor_u8(&c), octets[WARNING_PAGE_OCTETS];

	text[0] = '\0';
	if (pages == 0 || pages > WARNING_PAGES_MAX || (dcs != WARNING_DCS_GSM && dcs != WARNING_DCS_UCS2))
		return false;
	for (uint8_t i = 0; i < pages; i++) {
		uint8_t used;

		cursor_copy(&c, octets, sizeof(octets));
		used = cursor_u8(&c);
		if (c.failed || used > WARNING_PAGE_OCTETS)
			return false;
		page_read(dcs, bytes_of(octets, used), &w);
	}
	text[w.len] = '\0';
	return cursor_left(&c) == 0 && !w.failed;
}
