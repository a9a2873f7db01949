/*
 * Random structs of the operations, made from the JSON tables: what a table can hold, it shall encode and
 * read.
 */
#pragma once

#include "base/test.h"

#include "wire/sbi/tables.h"

struct generator {
	uint64_t state;
	struct arena *arena;  /* of the struct at hand */
	unsigned most;        /* elements of a list */
	unsigned binary_most; /* octets of a binary */
};

enum { GEN_STRUCT_MAX = 4096 };

uint64_t gen_range(struct generator *g, uint64_t lo, uint64_t hi);
void *gen_alloc(struct generator *g, size_t size);

/* What the field describes, at its place in the struct at base. */
void gen_field(struct generator *g, const struct json_field *f, uint8_t *base);

/* A request and a response of the operation, in the arena. */
void gen_operation(struct generator *g, struct arena *arena, enum sbi_op_id op, void **req, void **rsp);
