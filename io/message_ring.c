#include "io/message_ring_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"

enum { INDEX_FIRST = 4096 };

void message_ring_path(
	const struct message_ring *r, uint32_t segment, const char *kind, char path[MESSAGE_RING_PATH_SIZE])
{
	snprintf(path, MESSAGE_RING_PATH_SIZE, "%s/%08u.%s", r->folder, segment, kind);
}

uint32_t message_ring_check(const struct record_head *h, struct bytes octets)
{
	return (uint32_t)(bytes_digest(bytes_of(h, offsetof(struct record_head, check))) ^
			  bytes_digest(octets));
}

/* The segments that there are: a row of numbers. */
static bool look_around(struct message_ring *r)
{
	DIR *dir = opendir(r->folder);
	const struct dirent *e;

	if (!dir)
		return false;
	while ((e = readdir(dir)) != NULL) {
		unsigned number;
		char end;

		if (sscanf(e->d_name, "%8u.se%c", &number, &end) != 2 || end != 'g')
			continue;
		if (r->next == r->first)
			r->first = r->next = number;
		r->first = number < r->first ? number : r->first;
		r->next = number >= r->next ? number + 1 : r->next;
	}
	closedir(dir);
	return true;
}

static bool remember(struct message_ring *r, const struct record_head *h, uint32_t place)
{
	struct index_entry *grown;

	if (r->count == r->cap) {
		grown = realloc(r->index, 2 * r->cap * sizeof(*grown));
		if (!grown)
			return false;
		r->index = grown;
		r->cap *= 2;
	}
	r->index[r->count++] = (struct index_entry){ h->key, h->utc_ns, place, h->len };
	r->newest_ns = h->utc_ns;
	r->newest_number = h->number;
	return true;
}

/* The index of the last segment, which nobody has written: what reads of it is what there is. */
static void read_last(struct message_ring *r, const struct segment_head *head, int fd)
{
	static uint8_t octets[MESSAGE_RING_MESSAGE_MAX];
	struct record_head h;
	uint32_t at = sizeof(*head);

	while (pread(fd, &h, sizeof(h), at) == sizeof(h) && h.len <= sizeof(octets) &&
		pread(fd, octets, h.len, at + (off_t)sizeof(h)) == (ssize_t)h.len &&
		message_ring_check(&h, bytes_of(octets, h.len)) == h.check && remember(r, &h, at))
		at += (uint32_t)sizeof(h) + h.len;
}

int message_ring_compare(const void *a, const void *b)
{
	const struct index_entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->utc_ns != y->utc_ns)
		return x->utc_ns < y->utc_ns ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* The last segment is full, or of a process before: its index goes beside it. */
static bool seal(struct message_ring *r, uint64_t stamp)
{
	struct index_head head = {
		.stamp = stamp, .first_ns = r->segment_ns, .last_ns = r->newest_ns, .count = r->count
	};
	char path[MESSAGE_RING_PATH_SIZE];
	bool ok;
	int fd;

	bytes_copy(head.magic, sizeof(head.magic), BYTES(MESSAGE_RING_MAGIC));
	qsort(r->index, r->count, sizeof(*r->index), message_ring_compare);
	message_ring_path(r, r->next - 1, "idx", path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ok = fd >= 0 && file_write_all(fd, bytes_of(&head, sizeof(head))) &&
	     file_write_all(fd, bytes_of(r->index, r->count * sizeof(*r->index)));
	if (fd >= 0)
		close(fd);
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	r->count = 0;
	return ok;
}

static void drop_oldest(struct message_ring *r)
{
	char path[MESSAGE_RING_PATH_SIZE];

	message_ring_path(r, r->first, "seg", path);
	unlink(path);
	message_ring_path(r, r->first++, "idx", path);
	unlink(path);
}

bool message_ring_head(const struct message_ring *r, uint32_t segment, struct segment_head *head, int *fd)
{
	char path[MESSAGE_RING_PATH_SIZE];

	message_ring_path(r, segment, "seg", path);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0 && pread(*fd, head, sizeof(*head), 0) == sizeof(*head) &&
		!memcmp(head->magic, MESSAGE_RING_MAGIC, sizeof(head->magic)))
		return true;
	if (*fd >= 0)
		close(*fd);
	return false;
}

/* What a process before has written goes on in a segment of its own. */
static bool begin_after(struct message_ring *r)
{
	struct segment_head head;
	int fd;

	if (r->next == r->first)
		return true;
	if (message_ring_head(r, r->next - 1, &head, &fd)) {
		r->segment_ns = head.first_ns;
		read_last(r, &head, fd);
		close(fd);
		if (!seal(r, head.stamp))
			return false;
	}
	if (message_ring_head(r, r->first, &head, &fd)) {
		r->oldest_ns = head.first_ns;
		close(fd);
	}
	return true;
}

struct message_ring *message_ring_open(const char *folder, uint64_t octets_max, uint64_t stamp)
{
	struct message_ring *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->fd = -1;
	r->stamp = stamp;
	r->octets_max = octets_max;
	r->cap = INDEX_FIRST;
	r->index = malloc(r->cap * sizeof(*r->index));
	errno = strlen(folder) < sizeof(r->folder) ? errno : ENAMETOOLONG;
	if (r->index && strlen(folder) < sizeof(r->folder)) {
		str_copy(r->folder, sizeof(r->folder), folder);
		if (file_make_dirs(folder) && look_around(r) && begin_after(r))
			return r;
	}
	message_ring_close(r);
	return NULL;
}

void message_ring_close(struct message_ring *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r->index);
	free(r);
}

static bool begin_segment(struct message_ring *r, uint64_t utc_ns)
{
	struct segment_head head = { .stamp = r->stamp, .first_ns = utc_ns };
	char path[MESSAGE_RING_PATH_SIZE];

	bytes_copy(head.magic, sizeof(head.magic), BYTES(MESSAGE_RING_MAGIC));
	while (r->next - r->first >= r->octets_max / MESSAGE_RING_SEGMENT ||
		r->next - r->first >= MESSAGE_RING_SEGMENTS_MAX)
		drop_oldest(r);
	message_ring_path(r, r->next, "seg", path);
	r->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (r->fd >= 0 && !file_write_all(r->fd, bytes_of(&head, sizeof(head)))) {
		close(r->fd); /* what stands in a segment without its head is never found */
		r->fd = -1;
	}
	if (r->fd < 0)
		return false;
	r->next++;
	r->at = sizeof(head);
	r->segment_ns = utc_ns;
	r->oldest_ns = r->oldest_ns && r->next - r->first > 1 ? r->oldest_ns : utc_ns;
	return true;
}

/* The oldest is that of the first segment, which may be another one by now. */
static void look_at_oldest(struct message_ring *r)
{
	struct segment_head head;
	int fd;

	if (!message_ring_head(r, r->first, &head, &fd))
		return;
	r->oldest_ns = head.first_ns;
	close(fd);
}

bool message_ring_put(struct message_ring *r, const struct kept_message *m)
{
	struct record_head h = {
		.key = m->key, .utc_ns = m->utc_ns, .number = m->number, .len = (uint32_t)m->octets.len
	};
	uint32_t size = (uint32_t)(sizeof(h) + m->octets.len);

	if (m->octets.len > MESSAGE_RING_MESSAGE_MAX) {
		errno = EMSGSIZE;
		return false;
	}
	if (m->utc_ns < r->newest_ns || (m->utc_ns == r->newest_ns && m->number <= r->newest_number))
		return true;
	if (r->fd >= 0 && r->at + size > MESSAGE_RING_SEGMENT && !seal(r, r->stamp))
		return false;
	if (r->fd < 0) {
		if (!begin_segment(r, m->utc_ns))
			return false;
		look_at_oldest(r);
	}
	h.check = message_ring_check(&h, m->octets);
	if (pwrite(r->fd, &h, sizeof(h), r->at) != sizeof(h) ||
		pwrite(r->fd, m->octets.data, m->octets.len, r->at + (off_t)sizeof(h)) !=
			(ssize_t)m->octets.len ||
		!remember(r, &h, r->at))
		return false;
	r->at += size;
	return true;
}
