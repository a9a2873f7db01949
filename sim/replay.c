#include "sim/replay.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/store_mem.h"

static struct replay *replay_of(struct env *env)
{
	return (struct replay *)env;
}

/* The first difference is the one that counts: what follows, follows from it. */
__attribute__((format(printf, 2, 3))) static void differ(struct replay *r, const char *format, ...)
{
	va_list args;

	if (r->differs)
		return;
	r->differs = true;
	va_start(args, format);
	vsnprintf(r->text, sizeof(r->text), format, args);
	va_end(args);
}

static const char *kind_name(enum record_kind kind)
{
	static const char *const names[] = { "nothing", "head", "store entry", "start", "message in",
		"deadline", "time of day", "chance", "message out", "end of a turn", "limit", "end" };

	return kind < ARRAY_LEN(names) ? names[kind] : "?";
}

/* The next record, which must be of that kind; else it stays, and that is a difference, unless the recording
 * is over by its limit: then what the room does from here on is not compared. */
static bool take(struct replay *r, enum record_kind kind, struct record_item *item)
{
	struct cursor at = r->at;

	if (!recording_next(&at, item))
		*item = (struct record_item){ .kind = 0 };
	if (item->kind == kind) {
		r->at = at;
		return true;
	}
	if (item->kind == RECORD_FULL)
		r->full = true;
	else
		differ(r, "the room asks for %s, where the recording has %s", kind_name(kind),
			kind_name(item->kind));
	return false;
}

static uint64_t replay_now_ns(struct env *env)
{
	return replay_of(env)->now_ns;
}

static uint64_t replay_utc_ms(struct env *env)
{
	struct replay *r = replay_of(env);
	struct record_item item;

	if (take(r, RECORD_UTC, &item))
		r->utc_ms = item.number;
	return r->utc_ms;
}

static void replay_random(struct env *env, void *buf, size_t len)
{
	struct replay *r = replay_of(env);
	struct record_item item;

	memset(buf, 0, len);
	if (!take(r, RECORD_RANDOM, &item))
		return;
	if (!bytes_copy(buf, len, item.value) || item.value.len != len)
		differ(r, "the room asks for %zu octets of chance, where it asked for %zu", len,
			item.value.len);
}

static uint64_t replay_log_now(void *arg)
{
	return ((struct replay *)arg)->now_ns;
}

/* What a kept turn sends waits to be compared. */
static void replay_leave(void *arg, struct outbox *o)
{
	struct replay *r = arg;

	for (struct outbox_item *i = o->head; i; i = i->next)
		may_fail(outbox_put(&r->left, &i->msg)); /* what is missing shows as a difference */
}

/* The store's entries, up to where the room is made. */
static bool replay_load(struct replay *r)
{
	struct record_item item;

	while (recording_next(&r->at, &item)) {
		struct cursor at = r->at;

		if (item.kind != RECORD_ENTRY || !store_put(r->env.store, item.table, item.key, item.value))
			return false;
		if (!recording_next(&at, &item) || item.kind != RECORD_ENTRY)
			break;
	}
	return !r->at.failed && store_commit(r->env.store, 0) == STORE_KEPT;
}

bool replay_init(struct replay *r, struct bytes recording)
{
	static const struct env_ops ops = { replay_now_ns, replay_utc_ms, replay_random };
	struct record_item item;
	struct cursor peek;

	*r = (struct replay){ .at = cursor_of(recording) };
	log_init(&r->log, LOG_ERROR, NULL, replay_log_now, r);
	outbox_init(&r->outbox, REPLAY_OUTBOX_MAX);
	outbox_init(&r->left, REPLAY_OUTBOX_MAX);
	r->env = (struct env){ .ops = &ops, .store = store_mem_new(0), .log = &r->log, .outbox = &r->outbox };
	turn_init(&r->turn, &r->env, replay_leave, r);
	if (!r->env.store || !recording_begins(&r->at) || !recording_next(&r->at, &item) ||
		item.kind != RECORD_HEAD)
		return false;
	r->head = item.head;
	r->now_ns = item.head.start_ns;
	peek = r->at;
	return !recording_next(&peek, &item) || item.kind != RECORD_ENTRY || replay_load(r);
}

void replay_fini(struct replay *r)
{
	turn_fini(&r->turn);
	outbox_fini(&r->outbox);
	outbox_fini(&r->left);
	if (r->env.store)
		store_mem_free(r->env.store);
}

/* Ends the room's turn as it was ended: kept, or lost. */
static void end_turn(struct replay *r, bool kept)
{
	uint64_t epoch = r->turn.epoch;

	if (r->turn_ended)
		return;
	r->turn_ended = true;
	if (!kept)
		store_doom(r->env.store);
	if (turn_end(&r->turn) != kept)
		differ(r, "the turn is %s, and was not", kept ? "lost" : "kept");
	else if (r->turn.epoch == epoch)
		differ(r, "the room has nothing to keep or send, where it had");
	r->next_left = r->left.head;
}

static bool same_msg(const struct msg *a, const struct msg *b)
{
	return a->kind == b->kind && a->port == b->port && a->stream == b->stream && a->assoc == b->assoc &&
	       a->token == b->token && addr_equal(&a->peer, &b->peer) && bytes_equal(a->data, b->data);
}

static void compare_out(struct replay *r, const struct msg *recorded)
{
	const struct msg *now;

	end_turn(r, true);
	if (r->differs)
		return;
	if (!r->next_left) {
		differ(r, "a message to port %u of %zu octets is not sent", recorded->port,
			recorded->data.len);
		return;
	}
	now = &r->next_left->msg;
	r->next_left = r->next_left->next;
	if (!same_msg(now, recorded))
		differ(r, "a message to port %u of %zu octets is sent, where one to port %u of %zu was",
			now->port, now->data.len, recorded->port, recorded->data.len);
}

static void compare_turn(struct replay *r, bool kept)
{
	end_turn(r, kept);
	if (!r->differs && r->next_left)
		differ(r, "a message to port %u of %zu octets is sent, and was not", r->next_left->msg.port,
			r->next_left->msg.data.len);
	outbox_reset(&r->left);
	r->next_left = NULL;
	r->turn_ended = false;
}

static void run_in(struct replay *r, const struct record_item *item)
{
	r->now_ns = item->now_ns;
	if (r->show)
		r->show(r->show_arg, r, true, &item->msg);
	r->room.ops->on_msg(r->room.self, &item->msg);
}

static void run_deadline(struct replay *r, const struct record_item *item)
{
	r->now_ns = item->now_ns;
	if (r->room.ops->next_deadline_ns(r->room.self) > r->now_ns)
		differ(r, "the room has no deadline, where it had one");
	r->room.ops->on_deadline(r->room.self, r->now_ns);
}

static void run_item(struct replay *r, const struct record_item *item)
{
	switch (item->kind) {
	case RECORD_IN:
		run_in(r, item);
		break;
	case RECORD_DEADLINE:
		run_deadline(r, item);
		break;
	case RECORD_OUT:
		if (r->show)
			r->show(r->show_arg, r, false, &item->msg);
		compare_out(r, &item->msg);
		break;
	case RECORD_TURN:
		compare_turn(r, item->number);
		break;
	case RECORD_FULL:
		r->full = true;
		break;
	case RECORD_END:
		if (r->outbox.count > 0)
			differ(r, "the room has %zu messages to send at the end, and had none",
				r->outbox.count);
		break;
	default:
		differ(r, "the room does not ask for %s, where it did", kind_name(item->kind));
	}
}

enum replay_verdict replay_go_on(struct replay *r, uint64_t until)
{
	struct record_item item;
	struct cursor at;

	for (;;) {
		at = r->at;
		if (!recording_next(&at, &item))
			return at.failed ? REPLAY_DAMAGED : REPLAY_EQUAL;
		if (item.kind == RECORD_IN || item.kind == RECORD_DEADLINE) {
			if (until && r->step + 1 >= until)
				return REPLAY_STOPPED;
			r->step++;
		}
		r->at = at;
		run_item(r, &item);
		if (r->differs)
			return REPLAY_DIFFERS;
		if (r->full)
			return REPLAY_EQUAL;
	}
}

enum replay_verdict replay_run(struct replay *r, const struct room *room, uint64_t until)
{
	struct record_item item;

	r->room = *room;
	if (!turn_room_add(&r->turn, room) || r->differs || !take(r, RECORD_READY, &item))
		return r->full ? REPLAY_EQUAL : REPLAY_DIFFERS;
	return replay_go_on(r, until);
}
