/* Standardized 5QIs (23.501 table 5.7.4-1). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* GBR and delay-critical GBR: a flow of such a 5QI has a GFBR. */
static inline bool five_qi_is_gbr(uint8_t five_qi)
{
	return (five_qi >= 1 && five_qi <= 4) || (five_qi >= 65 && five_qi <= 67) ||
	       (five_qi >= 71 && five_qi <= 76) || (five_qi >= 82 && five_qi <= 90);
}
