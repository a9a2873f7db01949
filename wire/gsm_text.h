/* Text of 23.038: the GSM 7 bit default alphabet and UCS2, to and from UTF-8. */
#pragma once

#include "base/cursor.h"

enum { GSM_BITS = 7 };

/* The next character of UTF-8 text, of the basic plane and no control character; 0 for anything else. */
uint16_t gsm_text_next(struct cursor *utf8);
/* As UTF-8; '?' for control characters, and for halves of a pair. */
void gsm_text_put(struct writer *utf8, uint16_t character);

/* False: the alphabet does not have it. Its extension table is not used. */
bool gsm_septet_of(uint16_t character, uint8_t *septet);
uint16_t gsm_character(uint8_t septet);
/* The i-th septet of packed ones (6.1.2.1). put: into zeros. */
void gsm_septet_put(uint8_t *octets, size_t i, uint8_t septet);
uint8_t gsm_septet_get(struct bytes octets, size_t i);
