/* Formatted text into a writer: the only printf of the rooms. */
#pragma once

#include "base/cursor.h"

/* Fails the writer when the text does not fit. */
void text_put(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Octets as lower-case hex. */
void text_hex(struct writer *w, struct bytes b);

/* Hex to octets; false on odd length, other characters, or more than cap. */
MUST_USE bool text_unhex(struct bytes hex, void *out, size_t cap, size_t *len);

/* An unsigned decimal number of at most max; false on anything else (sign, blank, empty, overflow). */
MUST_USE bool text_uint(struct bytes text, uint64_t max, uint64_t *out);
