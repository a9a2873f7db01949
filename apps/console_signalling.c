#include "apps/console_signalling.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/version.h"
#include "base/text.h"
#include "core/trace_ring.h"
#include "io/message_ring.h"
#include "wire/id.h"

enum { ANSWER_MAX = 60000 };

static struct message_ring *ring;
static struct trace_reader reader;

void console_signalling_folder(const struct network *n, char *folder, size_t size)
{
	snprintf(folder, size, "%s/signalling", n->console.config.store);
}

bool console_signalling_begin(const struct network *n)
{
	char folder[NETWORK_PATH_SIZE + 16];
	/* The entries are structs of this very build. */
	uint64_t stamp = bytes_digest(bytes_of_str(FREEHOLD_COMMIT FREEHOLD_BUILD));

	if (n->console.config.signalling_mib == 0)
		return true;
	console_signalling_folder(n, folder, sizeof(folder));
	arena_init(&reader.arena, NULL, 0, 1 << 20);
	ring = message_ring_open(folder, (uint64_t)n->console.config.signalling_mib << 20, stamp);
	if (!ring)
		fprintf(stderr, "freehold console: signalling in %s: %m\n", folder);
	return ring != NULL;
}

static void refuse(struct writer *w, const char *why)
{
	text_put(w, "error\n%s\n", why);
}

void console_signalling_keep(struct console_files *f, struct cursor *in, struct writer *w)
{
	static struct trace_entry entry[1 + (CORE_TRACE_OCTETS_MAX + 4096) / sizeof(struct trace_entry)];

	while (ring && cursor_left(in) > 0) {
		struct kept_message m = { .key = cursor_u64(in), .number = cursor_u64(in) };

		m.octets = cursor_bytes(in, cursor_u32(in));
		if (in->failed || !bytes_copy(entry, sizeof(entry), m.octets) ||
			!trace_entry_is_sound(bytes_of(entry, m.octets.len))) {
			refuse(w, "the core is of another version");
			return;
		}
		m.utc_ns = entry->utc_ns;
		if (!message_ring_put(ring, &m)) {
			refuse(w, "the disk of console.store does not keep it");
			return;
		}
	}
	if (ring)
		text_put(w, "ok\n");
	else
		refuse(w, "no signalling is kept");
}

/* A page that is being made. */
struct page {
	struct writer messages;
	uint64_t next_ns; /* of the first that had no room; 0: all had */
};

static bool put_message(void *arg, const struct kept_message *m)
{
	static struct trace_entry entry[1 + MESSAGE_RING_MESSAGE_MAX / sizeof(struct trace_entry)];
	struct page *p = arg;
	struct trace_message t;
	size_t before = p->messages.len;

	if (!bytes_copy(entry, sizeof(entry), m->octets) ||
		!trace_entry_is_sound(bytes_of(entry, m->octets.len)))
		return true;
	trace_entry_read(&reader, m->number, entry, !m->foreign, &t);
	trace_message_write(&t, &p->messages);
	arena_wipe(&reader.arena);
	if (!p->messages.failed)
		return true;
	p->messages.len = before;
	p->messages.failed = false;
	p->next_ns = m->utc_ns;
	return false;
}

void console_signalling_find(struct console_files *f, struct cursor *in, struct writer *w)
{
	static uint8_t octets[ANSWER_MAX];
	struct bytes whose = console_files_line(in);
	struct page p = { .messages = writer_of(octets, sizeof(octets)) };
	char text[SUPI_STR_SIZE + 1] = "";
	struct supi supi;
	uint64_t from_ns;

	if (whose.len < sizeof(text))
		str_copy(text, whose.len + 1, whose.len ? (const char *)whose.data : "");
	if (!ring)
		refuse(w, "no signalling is kept");
	else if (!supi_of_plain(text, &supi) || !text_uint(cursor_rest(in), UINT64_MAX, &from_ns))
		refuse(w, "expected an IMSI, and a time");
	else if (!message_ring_find(ring, supi_key(&supi), from_ns, put_message, &p))
		refuse(w, "a file of console.store/signalling does not read: see the log");
	else {
		text_put(w, "ok\n%" PRIu64 " 0 known %s %" PRIu64 "\n", p.next_ns, p.next_ns ? "more" : "end",
			message_ring_since(ring) / NS_PER_MS);
		writer_put(w, writer_bytes(&p.messages));
	}
	explicit_bzero(octets, p.messages.len);
}
