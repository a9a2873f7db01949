/* Between the files of the decoder. */
#pragma once

#include "wire/per/bits.h"
#include "wire/per/type.h"

struct decoder {
	struct bit_reader in;
	/* One value of type to out, which is zeroed: decode.c, which knows all kinds of types. */
	bool (*value)(struct decoder *d, const struct per_type *type, void *out);
	struct arena *arena;
	struct per_diag *diag;
	unsigned depth;
	unsigned unknown;      /* unknown extensions met, up to PER_UNKNOWN_MAX */
	bool not_comprehended; /* the present IE has an extension value that is unknown to us */
};

/* decode_scalar.c */

/* Stops decoding: the input is not an encoding of the type. Always false. */
bool decode_fault(struct decoder *d, const struct per_type *type);

/* Stops decoding: the arena has no room. Always false. */
bool decode_exhausted(struct decoder *d);

MUST_USE bool decode_scalar(struct decoder *d, const struct per_type *type, void *out);

/* X.691 11.5: a number in 0..span. */
uint64_t decode_span(struct decoder *d, uint64_t span);

/* X.691 11.6: a normally small number; fails above 65535. */
size_t decode_small(struct decoder *d);

/* X.691 11.9 without a constraint: a length, or a fragment of more (*more) items. */
size_t decode_length(struct decoder *d, bool *more);

/* The contents of an open type (X.691 11.2), as a reader; fragments are put together in the arena. */
MUST_USE bool decode_open(struct decoder *d, struct bit_reader *contents);

/* The octets of an open type. */
MUST_USE bool decode_open_octets(struct decoder *d, struct bytes *out);

/* decode_ie.c */

/* Sets the member to hold a value, and where that is; NULL when the arena is full. */
void *decode_place(struct decoder *d, const struct per_member *member, void *out);

/* Whether the value that began at start is a complete encoding. */
bool decode_is_complete(const struct decoder *d, size_t start);

/* decode_open and one value of type within it. */
MUST_USE bool decode_in_open(struct decoder *d, const struct per_type *type, void *out);

MUST_USE bool decode_container(struct decoder *d, const struct per_type *type, void *out);
MUST_USE bool decode_single(struct decoder *d, const struct per_type *type, void *out);
