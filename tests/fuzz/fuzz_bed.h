/* What the stateful fuzz targets share: a small network of all rooms, and the input as a stream of decisions.
 */
#pragma once

#include "tests/scenario/scenario.h"

/* The input; zeros after its end. */
struct fuzz_in {
	struct cursor c;
};

static inline struct fuzz_in fuzz_in_of(const uint8_t *data, size_t size)
{
	return (struct fuzz_in){ cursor_of(bytes_of(data, size)) };
}

static inline bool fuzz_more(const struct fuzz_in *in)
{
	return cursor_left(&in->c) > 0;
}

uint8_t fuzz_u8(struct fuzz_in *in);
uint32_t fuzz_u32(struct fuzz_in *in);
/* As many octets as the next octet counts, at most what is left. */
struct bytes fuzz_octets(struct fuzz_in *in);

/* A network of a core, a UPF, gNB 1 and UE 1, which is registered and has a session. */
struct scn *fuzz_bed_new(void);
void fuzz_bed_free(struct scn *s);

/* A line of the scenarios' language; what it expects must be so, or the program ends with a report. */
void fuzz_say(struct scn *s, const char *line);
/* The same, but it may fail. */
void fuzz_try(struct scn *s, const char *line);
void fuzz_check(struct scn *s, bool ok, const char *what);

/* Changes octets of m in place as the input has it. */
void fuzz_mutate(struct fuzz_in *in, const struct msg *m);
