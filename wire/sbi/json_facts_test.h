/* JSON bodies held against what the OpenAPI has of them: tests/vectors/sbi_required.txt. */
#pragma once

#include "base/test.h"

#include "base/arena.h"

void facts_load(const char *path);
void facts_free(void);

/* A body of the operation, "req", "rsp" or "err": each member as the OpenAPI has it. */
void facts_check_body(const char *op, const char *direction, struct bytes text, struct arena *arena);

/* Every fact was held against some body. */
void facts_check_seen(void);
