/* The world as rooms see it, from the loop's clock and the kernel's random source. */
#pragma once

#include "base/env.h"
#include "io/loop.h"

enum { IO_RANDOM_POOL = 4096 };

/* Octets of getrandom bought 4 KiB at a time; each is wiped as it is handed out. */
struct io_env {
	struct env env; /* first: what rooms are given */
	struct loop *loop;
	size_t pool_left;
	uint8_t pool[IO_RANDOM_POOL];
};

/* store may be NULL. The pointers are kept. */
void io_env_init(
	struct io_env *e, struct loop *l, struct store *store, struct log *log, struct outbox *outbox);
/* Wipes the random pool. */
void io_env_fini(struct io_env *e);

/* Octets of memory that this process can have: the machine's, or its control group's if that is less. */
uint64_t io_memory_octets(void);

/* How lines look: "2026-01-31T12:00:00.000Z W amf: line", or {"time":...,"level":...,"room":...,"text":...}.
 */
enum io_log_format { IO_LOG_TEXT, IO_LOG_JSON };

/* A log to the descriptor fd. Where that is standard error and JOURNAL_STREAM says that systemd reads it,
 * each line begins with its priority (sd-daemon(3)), and has no time as text: the journal has. l may be NULL.
 */
struct io_log {
	struct log log; /* first */
	struct loop *loop;
	int fd;
	enum io_log_format format;
	bool journal;
};

/* Appends to the file at path from now on, made if need be (mode 0640); again, when it was moved away. False
 * (errno): it goes on where it was. */
MUST_USE bool io_log_file(struct io_log *g, const char *path);

void io_log_init(struct io_log *g, struct loop *l, enum log_level level, int fd);
