/*
 * Memory for libraries that do not survive a refusal (libusrsctp, and OpenSSL here and there): where malloc()
 * gives none it comes out of a reserve. While that is low nothing more is asked of them: io/sctp/stack.c.
 */
#pragma once

#include "base/bytes.h"

void *reserve_malloc(size_t size);
void *reserve_calloc(size_t count, size_t size);
void *reserve_realloc(void *memory, size_t size);
void reserve_free(void *memory);

/* Half of the reserve is taken and malloc() still gives nothing. */
bool reserve_is_low(void);

/* Octets of it that are taken. */
size_t reserve_used(void);
