/* What is known of alarms that go out. Inside console/. */
#pragma once

#include "base/bytes.h"
#include "console/notice.h"

enum { NOTICES_TOLD_MAX = 128 };

/* What was told of an alarm; the store has it too. */
struct told {
	uint64_t id, raised_s;
	uint8_t severity;
	bool seen; /* by the look under way */
};

/* What the sender of an outlet said last. */
struct outlet_state {
	uint64_t sent, waiting, lost;
	char error[160]; /* empty: its last attempt went well, or there was none */
};

struct notices {
	struct told told[NOTICES_TOLD_MAX];
	size_t count;
	uint64_t next_ns;
	uint32_t budget;
	uint64_t budget_ns; /* when it was full, or had one more */
	struct outlet_state outlets[NOTICE_OUTLETS];
};

struct console;
struct msg;

/* False: the store does not read. */
MUST_USE bool notices_restore(struct console *c);
/* NEVER where nothing goes out. */
uint64_t notices_next_ns(const struct console *c);
void notices_due(struct console *c, uint64_t now_ns);
void notices_on_msg(struct console *c, const struct msg *m);
