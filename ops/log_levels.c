#include "ops/log_levels.h"

#include <string.h>

#include "base/text.h"

static const char command[] = "log";

/* Each room that the configuration knows, as it is now. */
static size_t rooms_now(const struct process *p, struct log_room rooms[LOG_ROOMS_MAX])
{
	const struct log *log = &p->log.log;
	size_t count = network_log_rooms(rooms);

	for (size_t i = 0; i < count; i++) {
		rooms[i].level = log->room_count ? log->other : log->level;
		for (size_t k = 0; k < log->room_count; k++)
			if (!strcmp(log->rooms[k].name, rooms[i].name))
				rooms[i].level = log->rooms[k].level;
	}
	return count;
}

static bool level_of(struct bytes text, enum log_level *out)
{
	for (unsigned i = 0; i < LOG_LEVELS; i++) {
		if (!bytes_equal(text, bytes_of_str(log_level_name((enum log_level)i))))
			continue;
		*out = (enum log_level)i;
		return true;
	}
	return false;
}

static const char *set(struct process *p, struct bytes line)
{
	const uint8_t *blank = line.len ? memchr(line.data, ' ', line.len) : NULL;
	struct bytes room = bytes_of(line.data, blank ? (size_t)(blank - line.data) : line.len);
	struct log_room rooms[LOG_ROOMS_MAX];
	size_t count = rooms_now(p, rooms), changed = 0;
	enum log_level level;

	if (!blank || !level_of(bytes_of(blank + 1, line.len - room.len - 1), &level))
		return "expected a room, and error, warn, info or debug";
	for (size_t i = 0; i < count; i++) {
		if (!bytes_equal(room, bytes_of_str("all")) &&
			!bytes_equal(room, bytes_of_str(rooms[i].name)))
			continue;
		rooms[i].level = level;
		changed++;
	}
	if (changed == 0)
		return "there is no such room (freehold log)";
	log_set_levels(
		&p->log.log, changed == count ? level : (enum log_level)p->network->log_level, rooms, count);
	return NULL;
}

bool log_levels_answer(struct process *p, struct bytes request, struct writer *w)
{
	struct log_room rooms[LOG_ROOMS_MAX];
	size_t len = sizeof(command) - 1, count;
	const char *wrong;

	if (request.len < len || memcmp(request.data, command, len) != 0 ||
		(request.len > len && request.data[len] != '\n'))
		return false;
	if (request.len > len + 1) {
		wrong = set(p, bytes_of(request.data + len + 1, request.len - len - 1));
		text_put(w, wrong ? "error\n%s\n" : "ok\n", wrong);
		return true;
	}
	count = rooms_now(p, rooms);
	text_put(w, "ok\n");
	for (size_t i = 0; i < count; i++)
		text_put(w, "%s %s\n", rooms[i].name, log_level_name(rooms[i].level));
	return true;
}
