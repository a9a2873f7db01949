/* Between the files of the encoder. */
#pragma once

#include "wire/per/bits.h"
#include "wire/per/type.h"

struct encoder {
	struct bit_writer out;
	/*
	 * One value of type: encode.c, which knows all kinds of types. False: it is not valid, or there is no
	 * room; out.failed is set.
	 */
	bool (*value)(struct encoder *e, const struct per_type *type, const void *in);
	unsigned depth;
};

/* encode.c: one that goes on where w is. */
struct encoder encoder_of(const struct writer *w, bool aligned);

/* encode_scalar.c */
MUST_USE bool encode_scalar(struct encoder *e, const struct per_type *type, const void *in);

/* X.691 11.5: a number in 0..span. */
void encode_span(struct encoder *e, uint64_t v, uint64_t span);

/* X.691 11.6: a normally small number. */
void encode_small(struct encoder *e, uint64_t v);

/*
 * X.691 11.9 without a constraint: the length of the n items that are left, or of as many of them
 * as the next fragment takes; returns how many. After a fragment (PER_FRAGMENT or more) another follows.
 */
size_t encode_length(struct encoder *e, size_t n);

/*
 * Opens an open type (X.691 11.2): what is encoded until encode_open_end() is its contents. The two
 * must be paired; mark is what encode_open_end() needs.
 */
size_t encode_open_begin(struct encoder *e);
MUST_USE bool encode_open_end(struct encoder *e, size_t mark);

/* Octets as the contents of an open type. */
MUST_USE bool encode_open_octets(struct encoder *e, struct bytes contents);

/* encode_ie.c: whether the struct at in holds a value of member, and where. */
bool encode_has(const struct per_member *member, const void *in);
const void *encode_place(const struct per_member *member, const void *in);

/* One value of type in an open type. */
MUST_USE bool encode_in_open(struct encoder *e, const struct per_type *type, const void *in);

MUST_USE bool encode_container(struct encoder *e, const struct per_type *type, const void *in);
MUST_USE bool encode_single(struct encoder *e, const struct per_type *type, const void *in);
