/*
 * The log. A line informs an operator of what happened, to whom, and what to do. Each call site has a
 * budget (a burst, then one line a second), so no peer can make us log without bound; what was
 * suppressed is counted, and the count stands in the next line. Keys, RES and vectors are never logged; SUPIs
 * are, because operators work with them, unless they are to be masked.
 */
#pragma once

#include <stdarg.h>

#include "base/bytes.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_LEVELS };

enum { LOG_LINE_MAX = 512, LOG_SITES = 256, LOG_BURST = 20, LOG_ROOMS_MAX = 24 };

/* A room with a level of its own. */
struct log_room {
	const char *name;
	enum log_level level;
};

struct log_site {
	const char *format;
	uint64_t refill_ns;
	uint32_t tokens;
	uint32_t suppressed;
};

struct log {
	enum log_level level; /* lines above it are not made: that of the room with most */
	enum log_level other; /* of rooms that have none of their own, where any has */
	size_t room_count;
	struct log_room rooms[LOG_ROOMS_MAX];
	bool mask_supi; /* digits of SUPIs, but the last 4, become stars, and so do all runs of 9 digits or
			   more */
	/* Writes one line, which ends without a newline. */
	void (*sink)(void *arg, enum log_level level, const char *room, const char *line);
	uint64_t (*now_ns)(void *arg);
	void *arg;
	uint64_t lines[LOG_LEVELS], suppressed;
	struct log_site sites[LOG_SITES]; /* open addressing by format string address */
};

void log_init(struct log *log, enum log_level level,
	/* Writes one line, which ends without a newline. */
	void (*sink)(void *, enum log_level, const char *, const char *), uint64_t (*now_ns)(void *),
	void *arg);

/* At most LOG_ROOMS_MAX rooms; level is that of all others. Their names are kept, not copied. */
void log_set_levels(struct log *log, enum log_level level, const struct log_room *rooms, size_t count);

/* Whether a line of the room would be made: ask before what it takes much to make. */
bool log_wants(const struct log *log, enum log_level level, const char *room);

void log_line(struct log *log, enum log_level level, const char *room, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Access to what is personal or secret, which must be found afterwards: at level warn, whatever the levels
 * are, each line whole: no budget, no mask. */
void log_access(struct log *log, const char *room, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

const char *log_level_name(enum log_level level);

struct stat_group;
struct stats_list;
extern const struct stat_group log_stat_group, log_level_group;
void log_figures(const struct log *log, struct stats_list *l);
/* Of all levels. */
uint64_t log_lines(const struct log *log);

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
