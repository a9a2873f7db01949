/* What a ring of messages on the disk has of somebody. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/message_ring_file.h"

/* A search that is under way. */
struct finding {
	uint64_t key, from_ns;
	kept_message_fn *tell;
	void *arg;
	bool enough;
};

/* False: it does not read. */
static bool tell_one(struct finding *f, int segment, const struct index_entry *e, bool foreign)
{
	static uint8_t octets[MESSAGE_RING_MESSAGE_MAX];
	struct record_head h;
	struct kept_message m;

	if (e->len > sizeof(octets) || pread(segment, &h, sizeof(h), e->place) != sizeof(h) ||
		h.len != e->len ||
		pread(segment, octets, h.len, e->place + (off_t)sizeof(h)) != (ssize_t)h.len ||
		message_ring_check(&h, bytes_of(octets, h.len)) != h.check)
		return false;
	m = (struct kept_message){ h.key, h.utc_ns, h.number, foreign, bytes_of(octets, h.len) };
	f->enough = !f->tell(f->arg, &m);
	return true;
}

static bool entry_at(int index, uint64_t n, struct index_entry *e)
{
	return pread(index, e, sizeof(*e), (off_t)(sizeof(struct index_head) + n * sizeof(*e))) == sizeof(*e);
}

/* The first of the key from the time on. */
static uint64_t first_in(int index, uint64_t count, const struct finding *f)
{
	const struct index_entry wanted = { .key = f->key, .utc_ns = f->from_ns };
	uint64_t low = 0, high = count;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		struct index_entry e;

		if (entry_at(index, middle, &e) && message_ring_compare(&e, &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool find_in_index(
	struct finding *f, int index, int segment, const struct index_head *head, bool foreign)
{
	struct index_entry e;
	bool ok = true;

	for (uint64_t n = first_in(index, head->count, f); ok && n < head->count && !f->enough; n++) {
		ok = entry_at(index, n, &e);
		if (!ok || e.key != f->key)
			break;
		ok = tell_one(f, segment, &e, foreign);
	}
	return ok;
}

static bool find_in_segment(struct message_ring *r, struct finding *f, uint32_t number)
{
	struct segment_head segment_head;
	struct index_head head;
	char path[MESSAGE_RING_PATH_SIZE];
	bool ok;
	int index, segment;

	message_ring_path(r, number, "idx", path);
	index = open(path, O_RDONLY | O_CLOEXEC);
	if (index < 0)
		return errno == ENOENT;
	ok = pread(index, &head, sizeof(head), 0) == sizeof(head) &&
	     !memcmp(head.magic, MESSAGE_RING_MAGIC, sizeof(head.magic));
	if (ok && head.last_ns >= f->from_ns) {
		ok = message_ring_head(r, number, &segment_head, &segment);
		if (ok) {
			ok = find_in_index(f, index, segment, &head, head.stamp != r->stamp);
			close(segment);
		}
	}
	close(index);
	return ok;
}

bool message_ring_find(
	struct message_ring *r, uint64_t key, uint64_t from_ns, kept_message_fn *tell, void *arg)
{
	struct finding f = { .key = key, .from_ns = from_ns, .tell = tell, .arg = arg };
	uint32_t sealed = r->fd >= 0 ? r->next - 1 : r->next;
	bool ok = true;

	for (uint32_t n = r->first; n < sealed && !f.enough; n++)
		ok &= find_in_segment(r, &f, n);
	for (size_t i = 0; r->fd >= 0 && i < r->count && !f.enough; i++)
		if (r->index[i].key == key && r->index[i].utc_ns >= from_ns)
			ok &= tell_one(&f, r->fd, &r->index[i], false);
	return ok;
}

uint64_t message_ring_since(const struct message_ring *r)
{
	return r->next > r->first ? r->oldest_ns : 0;
}
