/*
 * Texts that many records have, such as the names of data networks: each is kept once, for as long as
 * somebody has it.
 */
#pragma once

#include "base/hash.h"

struct words {
	struct hash by_digest;
	struct link all;
};

/* seed as of hash_init(). False when memory is refused. */
MUST_USE bool words_init(struct words *w, uint64_t seed);
/* Frees all, whoever has them. */
void words_fini(struct words *w);

/* That text, to be given back by words_give(); the empty one needs no memory. NULL when memory is refused. */
const char *words_take(struct words *w, const char *text);
/* NULL: does nothing. */
void words_give(struct words *w, const char *word);
