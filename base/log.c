#include "base/log.h"

#include <stdio.h>
#include <string.h>

#include "base/room.h"
#include "base/stats.h"

void log_init(struct log *log, enum log_level level,
	void (*sink)(void *, enum log_level, const char *, const char *), uint64_t (*now_ns)(void *),
	void *arg)
{
	*log = (struct log){ .level = level, .sink = sink, .now_ns = now_ns, .arg = arg };
}

void log_set_levels(struct log *log, enum log_level level, const struct log_room *rooms, size_t count)
{
	log->level = log->other = level;
	log->room_count = 0;
	for (size_t i = 0; i < count && i < LOG_ROOMS_MAX; i++) {
		log->rooms[log->room_count++] = rooms[i];
		if (rooms[i].level > log->level)
			log->level = rooms[i].level;
	}
}

bool log_wants(const struct log *log, enum log_level level, const char *room)
{
	if (level > log->level || log->room_count == 0)
		return level <= log->level;
	for (size_t i = 0; i < log->room_count; i++)
		if (strcmp(log->rooms[i].name, room) == 0)
			return level <= log->rooms[i].level;
	return level <= log->other;
}

const char *log_level_name(enum log_level level)
{
	static const char *const names[] = { "error", "warn", "info", "debug" };
	_Static_assert(ARRAY_LEN(names) == LOG_LEVELS, "a name for each");

	return names[level];
}

/* The slot of a call site, named by its format string; when the table is full the last slot is shared. */
static struct log_site *log_site_find(struct log *log, const char *format, uint64_t now_ns)
{
	size_t start = ((uintptr_t)format >> 3) % LOG_SITES;

	for (size_t i = 0; i < LOG_SITES; i++) {
		struct log_site *site = &log->sites[(start + i) % LOG_SITES];

		if (site->format == format)
			return site;
		if (!site->format) {
			*site = (struct log_site){
				.format = format, .refill_ns = now_ns, .tokens = LOG_BURST
			};
			return site;
		}
	}
	return &log->sites[start];
}

/* Takes one token of the site's bucket; one comes back each second. */
static bool log_site_take(struct log_site *site, uint64_t now_ns)
{
	uint64_t seconds = (now_ns - site->refill_ns) / NS_PER_S;

	if (seconds > 0) {
		site->tokens = seconds >= LOG_BURST || site->tokens + seconds > LOG_BURST
				       ? LOG_BURST
				       : site->tokens + (uint32_t)seconds;
		site->refill_ns += seconds * NS_PER_S;
	}
	if (site->tokens == 0)
		return false;
	site->tokens--;
	return true;
}

/*
 * Names and texts of peers stand in lines: nothing of them reaches a terminal as a command, or looks like a
 * line of its own. The messages of level debug are printed over several lines, by printers that escape.
 */
static void log_escape(const char *line, enum log_level level, char out[LOG_LINE_MAX])
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	for (; *line && n < LOG_LINE_MAX - 4; line++) {
		uint8_t c = (uint8_t)*line;

		if ((c >= ' ' && c < 0x7f) || (c == '\n' && level == LOG_DEBUG)) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '\\';
		out[n++] = 'x';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	out[n] = '\0';
}

/* Where a SUPI's digits begin for certain; elsewhere a number is long enough to be one (an MSIN has 9
 * digits). */
static bool is_supi(const char *line, size_t at, size_t len)
{
	return len >= 9 || (at >= 5 && strncmp(line + at - 5, "imsi-", 5) == 0);
}

static void log_mask(char *line)
{
	enum { SHOWN = 4 };

	for (size_t at = 0; line[at];) {
		size_t len = strspn(line + at, "0123456789");

		if (len > SHOWN && is_supi(line, at, len))
			memset(line + at, '*', len - SHOWN);
		at += len > 0 ? len : 1;
	}
}

void log_line(struct log *log, enum log_level level, const char *room, const char *format, ...)
{
	uint64_t now_ns = log->now_ns ? log->now_ns(log->arg) : 0;
	struct log_site *site;
	char line[LOG_LINE_MAX], escaped[LOG_LINE_MAX];
	va_list args;
	int n;

	if (!log_wants(log, level, room))
		return;
	site = log_site_find(log, format, now_ns);
	if (!log_site_take(site, now_ns)) {
		site->suppressed++;
		log->suppressed++;
		return;
	}
	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (site->suppressed > 0 && n >= 0 && (size_t)n < sizeof(line))
		snprintf(line + n, sizeof(line) - (size_t)n, " (%u like it suppressed)", site->suppressed);
	site->suppressed = 0;
	log->lines[level]++;
	log_escape(line, level, escaped);
	if (log->mask_supi)
		log_mask(escaped);
	if (log->sink)
		log->sink(log->arg, level, room, escaped);
}

void log_access(struct log *log, const char *room, const char *format, ...)
{
	char line[LOG_LINE_MAX], escaped[LOG_LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	log->lines[LOG_WARN]++;
	log_escape(line, LOG_WARN, escaped);
	if (log->sink)
		log->sink(log->arg, LOG_WARN, room, escaped);
}

static const struct stat_def stat_defs[] = {
	{ "suppressed_lines", "lines left out because there were too many like them" },
};
const struct stat_group log_stat_group = { "log", stat_defs, ARRAY_LEN(stat_defs) };

static const struct stat_def level_defs[] = {
	{ "lines", "lines of the log" },
};
const struct stat_group log_level_group = { "log", level_defs, ARRAY_LEN(level_defs), "level" };

static void level_label(const void *arg, size_t row, struct writer *w)
{
	stat_label(w, "level", log_level_name((enum log_level)row));
}

void log_figures(const struct log *log, struct stats_list *l)
{
	stats_add(l, (struct stats){ .group = &log_stat_group, .values = &log->suppressed });
	stats_add(l, (struct stats){ .group = &log_level_group,
			     .values = log->lines,
			     .rows = LOG_LEVELS,
			     .shown = LOG_LEVELS,
			     .labels = level_label });
}

uint64_t log_lines(const struct log *log)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < LOG_LEVELS; i++)
		sum += log->lines[i];
	return sum;
}
