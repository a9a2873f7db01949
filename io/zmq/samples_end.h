/* One end of a stream of samples in tests: a room that numbers what it sends, in lock step, and looks whether
 * what it hears is numbered so. */
#pragma once

#include "io/bind.h"
#include "io/env.h"

enum {
	END_PORT = 7,
	END_NUMBERS = 1 << 20, /* samples are numbered from 0 up to there, and again */
	END_BLOCK_MAX = 1 << 17,
};

struct end {
	struct loop *loop;
	struct outbox outbox;
	struct log log;
	struct io_env env;
	struct bind *bind;
	size_t lead; /* samples that it sends before it has heard any */
	bool echo;   /* it sends what it hears */
	uint64_t sent, heard, ups, downs, disorder, misaligned;
	float first[2]; /* the first sample of the last block */
};

/* Several may be on one loop. False with errno. */
bool end_open(struct end *e, struct loop *l, const struct samples_config *c);
void end_close(struct end *e);

/* n more, numbered; they leave at the end of the loop's next turn. */
void end_send(struct end *e, size_t n);

/* Turns until *counter reaches value; false after five seconds. */
bool end_wait(struct loop *l, const uint64_t *counter, uint64_t value);

struct samples_stats end_stats(const struct end *e);
