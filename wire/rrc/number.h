/*
 * The numbers that enumerations of RRC stand for: ms45 of t-PollRetransmit is 45, kB25 is 25,000, infinity is
 * RRC_INFINITY. They are read off the names of the ASN.1, so there is no table of them to be wrong.
 */
#pragma once

#include "wire/rrc/rrc.h"

#define RRC_INFINITY UINT32_MAX

/*
 * The enumeration at a path of member names from a type on, "am/ul-AM-RLC/t-PollRetransmit" of
 * rrc_rlc_config_type; lists are passed through. NULL: there is none, which is a mistake of ours.
 */
MUST_USE const struct per_type *rrc_enum_at(const struct per_type *type, const char *path);

/* What a value stands for: kB and mB count octets, s seconds as milliseconds where the others of its kind are
 * ms (sf too), min minutes likewise. False: a spare value, an extension, or a name without a number. */
MUST_USE bool rrc_number(const struct per_type *enumeration, unsigned value, uint32_t *out);

/* The value that stands for a number, or else the least above it; false: none does. */
MUST_USE bool rrc_value(const struct per_type *enumeration, uint32_t number, unsigned *out);

/* Both for many in a row, by path; *ok goes false with the first that has none. */
uint32_t rrc_number_at(const struct per_type *type, const char *path, unsigned value, bool *ok);
unsigned rrc_value_at(const struct per_type *type, const char *path, uint32_t number, bool *ok);
