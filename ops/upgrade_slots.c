#include "ops/upgrade_slots.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "io/file.h"

enum { ENTRY_MAX = 4096 };

static const char entry_prefix[] = "freehold-", entry_suffix[] = ".conf";

static void entries_path(const char *esp, const char *file, char out[UPGRADE_PATH_SIZE])
{
	snprintf(out, UPGRADE_PATH_SIZE, "%s/loader/entries/%s", esp, file);
}

void upgrade_slot_boot_path(const char *esp, unsigned slot, char out[UPGRADE_PATH_SIZE])
{
	snprintf(out, UPGRADE_PATH_SIZE, "%s/freehold/%c.efi", esp, (char)('a' + slot));
}

/* freehold-a.conf, freehold-a+3.conf, freehold-a+2-1.conf; false for other names. */
static bool name_read(const char *name, unsigned *slot, int *tries_left)
{
	size_t prefix = sizeof(entry_prefix) - 1, len = strlen(name);
	char *end;

	if (len < prefix + sizeof(entry_suffix) || strncmp(name, entry_prefix, prefix) != 0 ||
		strcmp(name + len - (sizeof(entry_suffix) - 1), entry_suffix) != 0)
		return false;
	if (name[prefix] != 'a' && name[prefix] != 'b')
		return false;
	*slot = (unsigned)(name[prefix] - 'a');
	*tries_left = UPGRADE_GOOD;
	name += prefix + 1;
	if (*name != '+')
		return !strcmp(name, entry_suffix);
	*tries_left = (int)strtol(name + 1, &end, 10);
	return *tries_left >= 0 && (*end == '-' || *end == '.');
}

/* What stands behind the word in a line of its own. */
static struct bytes value_of(struct bytes text, const char *word)
{
	size_t len = strlen(word);

	while (text.len > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.len);
		size_t line = end ? (size_t)(end - text.data) : text.len;

		if (line > len && !memcmp(text.data, word, len) && text.data[len] == ' ')
			return bytes_of(text.data + len + 1, line - len - 1);
		text = bytes_of(text.data + line + (end ? 1 : 0), text.len - line - (end ? 1 : 0));
	}
	return BYTES_NONE;
}

static const char title_prefix[] = "Freehold ";

static bool entry_read(const char *esp, const char *name, struct upgrade_slot *out)
{
	char path[UPGRADE_PATH_SIZE];
	struct bytes file, title;
	bool ok;

	entries_path(esp, name, path);
	if (!file_read(path, ENTRY_MAX, &file))
		return false;
	title = value_of(file, "title");
	ok = text_uint(value_of(file, "version"), INT64_MAX, &out->generation) &&
	     title.len > sizeof(title_prefix) - 1 &&
	     title.len - (sizeof(title_prefix) - 1) < sizeof(out->version) &&
	     strlen(name) < sizeof(out->file);
	if (ok) {
		str_copy(out->version, title.len - (sizeof(title_prefix) - 1) + 1,
			(const char *)title.data + sizeof(title_prefix) - 1);
		str_copy(out->file, sizeof(out->file), name);
		out->there = true;
	}
	file_free(&file);
	return ok;
}

bool upgrade_slots_read(const char *esp, struct upgrade_slot slots[2])
{
	char path[UPGRADE_PATH_SIZE];
	struct dirent *d;
	DIR *dir;

	slots[0] = slots[1] = (struct upgrade_slot){ 0 };
	entries_path(esp, "", path);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((d = readdir(dir))) {
		struct upgrade_slot found = { 0 };
		unsigned slot;

		/* A power cut between the new name and the old one's end leaves two: the newer counts. */
		if (name_read(d->d_name, &slot, &found.tries_left) && entry_read(esp, d->d_name, &found) &&
			(!slots[slot].there || found.generation > slots[slot].generation))
			slots[slot] = found;
	}
	closedir(dir);
	return true;
}

/* Ends all entries of the slot but the one of the name, if one is given. */
static bool remove_entries(const char *esp, unsigned slot, const char *but)
{
	char path[UPGRADE_PATH_SIZE];
	struct dirent *d;
	bool ok = true;
	DIR *dir;

	entries_path(esp, "", path);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((d = readdir(dir))) {
		unsigned of;
		int tries_left;

		if (!name_read(d->d_name, &of, &tries_left) || of != slot || (but && !strcmp(d->d_name, but)))
			continue;
		entries_path(esp, d->d_name, path);
		ok = unlink(path) == 0 && ok;
	}
	closedir(dir);
	entries_path(esp, "", path);
	return file_sync_dir(path) && ok;
}

bool upgrade_slot_disarm(const char *esp, unsigned slot)
{
	return remove_entries(esp, slot, NULL);
}

bool upgrade_slot_arm(const char *esp, const struct upgrade_slot slots[2], unsigned slot, const char *version)
{
	uint64_t newest =
		slots[0].generation > slots[1].generation ? slots[0].generation : slots[1].generation;
	char name[64], path[UPGRADE_PATH_SIZE], text[256];
	struct writer w = writer_of(text, sizeof(text));
	char letter = (char)('a' + slot);

	text_put(&w, "title %s%s\nversion %ju\nsort-key freehold\nefi /freehold/%c.efi\n", title_prefix,
		version, (uintmax_t)newest + 1, letter);
	snprintf(name, sizeof(name), "%s%c+%d%s", entry_prefix, letter, UPGRADE_TRIES, entry_suffix);
	entries_path(esp, name, path);
	if (w.failed) {
		errno = EINVAL;
		return false;
	}
	return file_write_atomic(path, writer_bytes(&w), 0600) && remove_entries(esp, slot, name);
}
