#include "io/zmq/zmtp.h"

#include <strings.h>

/* Flags of a frame: 23/ZMTP, framing. */
enum { FLAG_MORE = 0x01, FLAG_LONG = 0x02, FLAG_COMMAND = 0x04, FLAGS = 0x07 };

enum {
	SIGNATURE_OCTETS = 10,
	MECHANISM_OCTETS = 20,
	MAJOR = 3,
	MINOR = 1,
};

static const uint8_t signature[SIGNATURE_OCTETS] = { 0xff, [8] = 1, [9] = 0x7f };
static const uint8_t mechanism[MECHANISM_OCTETS] = "NULL";

struct zmtp zmtp_of(enum zmtp_role role, size_t message_max)
{
	return (struct zmtp){ .role = (uint8_t)role, .message_max = message_max };
}

static enum zmtp_got bad(struct zmtp *z, const char *why)
{
	z->why = why;
	return ZMTP_BAD;
}

/* Of older versions the first octets are enough: who speaks one waits for ours, and sends no more. */
static enum zmtp_got read_greeting(struct zmtp *z, struct cursor *in)
{
	struct cursor c = *in;
	struct bytes sign = cursor_bytes(&c, SIGNATURE_OCTETS), name;

	if (cursor_left(in) > 0 && in->at[0] != signature[0])
		return bad(z, "it does not speak ZMTP");
	if (c.failed)
		return ZMTP_MORE;
	if (sign.data[SIGNATURE_OCTETS - 1] != signature[SIGNATURE_OCTETS - 1])
		return bad(z, "it does not speak ZMTP");
	if (cursor_left(&c) > 0 && c.at[0] < MAJOR)
		return bad(z, "it speaks ZMTP older than 3.0");
	cursor_skip(&c, 2); /* later versions speak ours to us */
	name = cursor_bytes(&c, MECHANISM_OCTETS);
	cursor_skip(&c, ZMTP_GREETING_OCTETS - SIGNATURE_OCTETS - 2 - MECHANISM_OCTETS);
	if (c.failed)
		return ZMTP_MORE;
	if (!bytes_equal(name, BYTES(mechanism)))
		return bad(z, "it wants another security mechanism than NULL");
	*in = c;
	z->state = ZMTP_HANDSHAKE;
	return ZMTP_GREETED;
}

struct frame {
	uint8_t flags;
	struct bytes head, body; /* as they came */
};

/* The next frame, whole: ZMTP_OTHER. */
static enum zmtp_got read_frame(struct zmtp *z, struct cursor *in, struct frame *f)
{
	struct cursor c = *in;
	const uint8_t *start = c.at;
	uint64_t len, most;

	f->flags = cursor_u8(&c);
	len = f->flags & FLAG_LONG ? cursor_u64(&c) : cursor_u8(&c);
	if (c.failed)
		return ZMTP_MORE;
	f->head = bytes_of(start, (size_t)(c.at - start));
	most = f->flags & FLAG_COMMAND ? (uint64_t)ZMTP_COMMAND_MAX : z->message_max;
	if (f->flags & ~FLAGS || (f->flags & FLAG_COMMAND && f->flags & FLAG_MORE))
		return bad(z, "a frame has flags that there are not");
	if (len > most)
		return bad(z, "a frame is too long");
	f->body = cursor_bytes(&c, (size_t)len);
	if (c.failed)
		return ZMTP_MORE;
	*in = c;
	return ZMTP_OTHER;
}

static bool is_named(struct bytes b, const char *name)
{
	return b.len == strlen(name) && strncasecmp((const char *)b.data, name, b.len) == 0;
}

/* 23/ZMTP: a REP hears REQ and DEALER, a REQ hears REP and ROUTER. */
static bool suits(const struct zmtp *z, struct bytes type)
{
	return z->role == ZMTP_REP ? is_named(type, "REQ") || is_named(type, "DEALER")
				   : is_named(type, "REP") || is_named(type, "ROUTER");
}

static enum zmtp_got read_ready(struct zmtp *z, struct cursor c)
{
	bool suitable = false;

	while (cursor_left(&c) > 0) {
		struct bytes name = cursor_bytes(&c, cursor_u8(&c));
		struct bytes value = cursor_bytes(&c, cursor_u32(&c));

		if (c.failed)
			return bad(z, "its READY is damaged");
		if (is_named(name, "Socket-Type"))
			suitable = suits(z, value);
	}
	if (!suitable)
		return bad(z, z->role == ZMTP_REP ? "its socket is no REQ" : "its socket is no REP");
	z->state = ZMTP_TRAFFIC;
	return ZMTP_READY;
}

static enum zmtp_got read_command(struct zmtp *z, struct bytes body, struct bytes *out)
{
	struct cursor c = cursor_of(body);
	struct bytes name = cursor_bytes(&c, cursor_u8(&c));

	if (c.failed || name.len == 0)
		return bad(z, "a command has no name");
	if (is_named(name, "ERROR"))
		return bad(z, "it refused us");
	if (z->state == ZMTP_HANDSHAKE)
		return is_named(name, "READY") ? read_ready(z, c) : bad(z, "its handshake is another one");
	if (!is_named(name, "PING"))
		return ZMTP_OTHER;
	cursor_skip(&c, 2); /* how long it lives without hearing of us */
	*out = cursor_rest(&c);
	return c.failed || out->len > ZMTP_CONTEXT_MAX ? bad(z, "a PING is damaged") : ZMTP_PING;
}

/* A frame before the body, kept as it came; an empty one ends them. */
static enum zmtp_got read_envelope(struct zmtp *z, const struct frame *f)
{
	struct writer w = writer_of(z->envelope, sizeof(z->envelope));

	if (!(f->flags & FLAG_MORE) || (z->role == ZMTP_REQ && f->body.len > 0))
		return bad(z, "a message has no envelope");
	w.len = z->envelope_len;
	writer_put(&w, f->head);
	writer_put(&w, f->body);
	if (w.failed)
		return bad(z, "an envelope is too long");
	z->envelope_len = w.len;
	z->delimited = f->body.len == 0;
	return ZMTP_OTHER;
}

static enum zmtp_got read_message(struct zmtp *z, const struct frame *f, struct bytes *out)
{
	if (z->asked)
		return bad(z, "it asks again before it was answered");
	if (!z->delimited) {
		if (!z->within)
			z->envelope_len = 0;
		z->within = true;
		return read_envelope(z, f);
	}
	if (f->flags & FLAG_MORE)
		return bad(z, "a message has several frames");
	z->within = z->delimited = false;
	z->asked = z->role == ZMTP_REP;
	*out = f->body;
	return ZMTP_MESSAGE;
}

enum zmtp_got zmtp_read(struct zmtp *z, struct cursor *in, struct bytes *out)
{
	struct frame f;
	enum zmtp_got got;

	*out = BYTES_NONE;
	if (z->state == ZMTP_GREETING)
		return read_greeting(z, in);
	got = read_frame(z, in, &f);
	if (got != ZMTP_OTHER)
		return got;
	if (f.flags & FLAG_COMMAND)
		return read_command(z, f.body, out);
	if (z->state == ZMTP_HANDSHAKE)
		return bad(z, "a message comes before its handshake");
	return read_message(z, &f, out);
}

void zmtp_put_greeting(struct writer *w)
{
	uint8_t *filler;

	writer_put(w, BYTES(signature));
	writer_u8(w, MAJOR);
	writer_u8(w, MINOR);
	writer_put(w, BYTES(mechanism));
	filler = writer_reserve(w, ZMTP_GREETING_OCTETS - SIGNATURE_OCTETS - 2 - MECHANISM_OCTETS);
	if (filler)
		memset(filler, 0, ZMTP_GREETING_OCTETS - SIGNATURE_OCTETS - 2 - MECHANISM_OCTETS);
}

static void put_name(struct writer *w, const char *name)
{
	writer_u8(w, (uint8_t)strlen(name));
	writer_put(w, bytes_of_str(name));
}

/* A short frame; its length is patched when it is whole. */
static size_t begin_command(struct writer *w, const char *name)
{
	size_t len;

	writer_u8(w, FLAG_COMMAND);
	len = writer_mark(w, 1);
	put_name(w, name);
	return len;
}

static void put_property(struct writer *w, const char *name, const char *value)
{
	put_name(w, name);
	writer_u32(w, (uint32_t)strlen(value));
	writer_put(w, bytes_of_str(value));
}

void zmtp_put_ready(const struct zmtp *z, struct writer *w)
{
	size_t len = begin_command(w, "READY");

	put_property(w, "Socket-Type", z->role == ZMTP_REQ ? "REQ" : "REP");
	if (z->role == ZMTP_REQ)
		put_property(w, "Identity", "");
	writer_patch(w, len, 1);
}

void zmtp_put_head(struct zmtp *z, uint64_t len, struct writer *w)
{
	static const uint8_t delimiter[] = { FLAG_MORE, 0 };

	writer_put(w, z->role == ZMTP_REQ ? BYTES(delimiter) : bytes_of(z->envelope, z->envelope_len));
	z->asked = false;
	writer_u8(w, len > UINT8_MAX ? FLAG_LONG : 0);
	writer_uint(w, len, len > UINT8_MAX ? 8 : 1);
}

void zmtp_put_pong(struct bytes context, struct writer *w)
{
	size_t len = begin_command(w, "PONG");

	writer_put(w, context);
	writer_patch(w, len, 1);
}
