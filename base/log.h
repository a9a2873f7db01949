/*
 * The log. A line informs an operator of what happened, to whom, and what to do. Each call site has a
 * budget (a burst, then one line a second), so no peer can make us log without bound; what was
 * suppressed is counted, and the count stands in the next line. Keys, RES and vectors are never logged; SUPIs
 * are, because operators work with them.
 */
#pragma once

#include <stdarg.h>

#include "base/bytes.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

enum { LOG_LINE_MAX = 512, LOG_SITES = 256, LOG_BURST = 20 };

struct log_site {
	const char *format;
	uint64_t refill_ns;
	uint32_t tokens;
	uint32_t suppressed;
};

struct log {
	enum log_level level; /* lines above it are not made */
	/* Writes one line, which ends without a newline. */
	void (*sink)(void *arg, enum log_level level, const char *room, const char *line);
	uint64_t (*now_ns)(void *arg);
	void *arg;
	uint64_t lines, suppressed;
	struct log_site sites[LOG_SITES]; /* open addressing by format string address */
};

void log_init(struct log *log, enum log_level level,
	/* Writes one line, which ends without a newline. */
	void (*sink)(void *, enum log_level, const char *, const char *), uint64_t (*now_ns)(void *),
	void *arg);

void log_line(struct log *log, enum log_level level, const char *room, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

const char *log_level_name(enum log_level level);

/* Inside a room: #define LOG_ROOM "amf", then log_info(env->log, "...", ...). */
#define log_at(log, lv, ...)                                                                                 \
	do {                                                                                                 \
		if ((lv) <= (log)->level)                                                                    \
			log_line((log), (lv), LOG_ROOM, __VA_ARGS__);                                        \
	} while (0)
#define log_error(log, ...) log_at(log, LOG_ERROR, __VA_ARGS__)
#define log_warn(log, ...)  log_at(log, LOG_WARN, __VA_ARGS__)
#define log_info(log, ...)  log_at(log, LOG_INFO, __VA_ARGS__)
#define log_debug(log, ...) log_at(log, LOG_DEBUG, __VA_ARGS__)
