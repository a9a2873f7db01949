/*
 * The world of a room under test: a clock that the test sets, random octets from a seed, a store in memory,
 * an outbox that is read message by message, and a log that is kept.
 */
#pragma once

#include "base/env.h"
#include "base/test.h"

enum { TEST_ENV_LOG_LINES = 64 };

struct test_env {
	struct env env;
	struct log log;
	struct outbox outbox;
	uint64_t now_ns, random;
	const uint64_t *clock;    /* now_ns, or one that several share */
	struct outbox_item *seen; /* the last message looked at */
	size_t line_count;
	char lines[TEST_ENV_LOG_LINES][LOG_LINE_MAX]; /* the last ones */
};

void test_env_init(struct test_env *t, uint64_t seed, bool with_store);
void test_env_fini(struct test_env *t);

/* The next message for a port; NULL: none. Earlier ones for other ports are passed over. */
const struct msg *test_env_next(struct test_env *t, uint16_t port);
/* Drops what was sent. */
void test_env_forget(struct test_env *t);

/* True when a line that is still kept has this in it. */
bool test_env_logged(const struct test_env *t, const char *text);

/*
 * A stored record (base/record.h) as text: "tag:octets " of each field in hexadecimal, but of those in skip,
 * a list that 0 ends. What a store of today holds is read by later versions: tags and types never change.
 */
void test_record_text(struct bytes record, const uint8_t *skip, char *out, size_t size);

/* ms go by, and the room gets its deadline. */
void test_env_pass(struct test_env *t, struct room room, uint32_t ms);
