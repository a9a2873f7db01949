/*
 * Memory for libusrsctp, which does not survive a refusal: where malloc() gives none it comes out of a
 * reserve, and while that is low nothing more is given to the library (sctp/stack.c).
 */
#pragma once

#include "base/bytes.h"

void *sctp_reserve_malloc(size_t size);
void *sctp_reserve_calloc(size_t count, size_t size);
void sctp_reserve_free(void *memory);

/* Half of the reserve is taken and malloc() still gives nothing. */
bool sctp_reserve_is_low(void);

/* Octets of it that are taken. */
size_t sctp_reserve_used(void);
