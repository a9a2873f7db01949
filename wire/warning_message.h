/*
 * The contents of a public warning (38.413 9.3.1.41, 23.041 9.4.2.2.5): the number of pages, and each page
 * with how many of its 82 octets count. Between UTF-8 text and these octets, by Data Coding Scheme (23.038
 * 5).
 */
#pragma once

#include "base/cursor.h"

enum {
	WARNING_PAGE_OCTETS = 82,
	WARNING_PAGES_MAX = 15,
	WARNING_CONTENTS_MAX = 1 + WARNING_PAGES_MAX * (WARNING_PAGE_OCTETS + 1),
	WARNING_TEXT_SIZE = WARNING_PAGES_MAX * 93 * 3 + 1, /* of UTF-8, whatever the pages hold */
	WARNING_DCS_GSM = 0x0f,                             /* the default alphabet, language unspecified */
	WARNING_DCS_UCS2 = 0x48,                            /* 01xx: uncompressed, no class, UCS2 */
};

/* By the default alphabet where it has all characters, else UCS2. False: no text, no UTF-8 of the basic
 * plane, or too long. */
MUST_USE bool warning_message_write(const char *utf8, uint8_t *dcs, struct writer *w);

/* Terminated; false: not so built, or of another coding. */
MUST_USE bool warning_message_read(uint8_t dcs, struct bytes contents, char text[WARNING_TEXT_SIZE]);
