/* 5G-S-TMSI as the 48 bits that RRC and F1AP carry (23.003 2.11, 38.331 NG-5G-S-TMSI). */
#pragma once

#include "wire/id.h"

enum { RRC_S_TMSI_PART1_BITS = 39, RRC_S_TMSI_PART2_BITS = 9 }; /* the rightmost, the leftmost */

static inline uint64_t rrc_s_tmsi_number(const struct s_tmsi *s)
{
	return (uint64_t)(s->amf_set_id & 0x3ff) << 38 | (uint64_t)(s->amf_pointer & 0x3f) << 32 | s->tmsi;
}

static inline struct s_tmsi rrc_s_tmsi_of(uint64_t number)
{
	return (struct s_tmsi){ (uint16_t)(number >> 38 & 0x3ff), number >> 32 & 0x3f, (uint32_t)number };
}
