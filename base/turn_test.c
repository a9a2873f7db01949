/* Turns over a store that keeps, refuses, or confirms late. */
#include "base/commit.h"
#include "base/store_mem.h"
#include "base/test_env.h"

/* A store that confirms when asked to: memory holds what is under way. */
struct late_store {
	struct store store; /* first */
	uint32_t puts, commits, rollbacks;
	bool refuse;
};

static bool late_put(struct store *s, enum store_table t, struct bytes key, struct bytes value)
{
	struct late_store *l = (struct late_store *)s;

	l->puts++;
	return !l->refuse;
}

static bool late_savepoint(struct store *s)
{
	return true;
}

static void late_end(struct store *s)
{
}

static enum store_verdict late_commit(struct store *s, uint64_t epoch)
{
	((struct late_store *)s)->commits++;
	return STORE_UNDER_WAY;
}

static void late_rollback(struct store *s)
{
	((struct late_store *)s)->rollbacks++;
}

static const struct store_ops late_ops = {
	.put = late_put, .savepoint = late_savepoint, .release = late_end, .rollback_to = late_end
};
static const struct store_end_ops late_end_ops = { late_commit, late_rollback };

struct bed {
	struct test_env t;
	struct turn turn;
	struct late_store late;
	struct marks marks;
	struct mark mark[3];
	uint64_t committed;
	unsigned put, kept, left;
	char sent[16]; /* first octets of what left */
};

static void bed_leave(void *arg, struct outbox *o)
{
	struct bed *b = arg;

	for (struct outbox_item *i = o->head; i; i = i->next)
		b->sent[b->left++] = (char)i->msg.data.data[0];
}

static void bed_kept(void *room, struct mark *m)
{
	((struct bed *)room)->kept++;
}

static void bed_on_committed(void *self, uint64_t epoch)
{
	struct bed *b = self;

	b->committed = epoch;
	marks_committed(&b->marks, epoch, bed_kept, b);
}

static bool bed_put(void *room, struct mark *m)
{
	struct bed *b = room;

	b->put++;
	return store_put(b->t.env.store, STORE_AMF_UE, bytes_of_str("k"), bytes_of_str("v"));
}

static void bed_make(struct bed *b, struct store *store)
{
	static const struct room_ops room = { .on_committed = bed_on_committed };

	*b = (struct bed){ 0 };
	test_env_init(&b->t, 1, false);
	b->late.store = (struct store){ .ops = &late_ops, .end = &late_end_ops };
	b->t.env.store = store ? store : &b->late.store;
	turn_init(&b->turn, &b->t.env, bed_leave, b);
	marks_init(&b->marks);
	assert_true(turn_room_add(&b->turn, &(struct room){ &room, b }));
}

static void bed_end(struct bed *b)
{
	turn_fini(&b->turn);
	b->t.env.store = NULL; /* the test's */
	test_env_fini(&b->t);
}

/* A turn that marks the n-th thing and sends a message about it. */
static bool turn_of(struct bed *b, unsigned n, const char *text)
{
	mark_set(&b->marks, &b->mark[n]);
	assert_true(outbox_send(&b->t.outbox, 1, 1, 0, bytes_of_str(text)));
	marks_put(&b->marks, &b->t.env, bed_put, b);
	return turn_end(&b->turn);
}

static void test_kept(void **state)
{
	struct store *s = store_mem_new(0);
	struct bed b;

	bed_make(&b, s);
	assert_true(turn_of(&b, 0, "a"));
	assert_string_equal(b.sent, "a");
	assert_int_equal(b.kept, 1);
	assert_false(mark_is_set(&b.mark[0]));
	assert_true(turn_end(&b.turn)); /* nothing to end */
	assert_int_equal(b.turn.epoch, 2);
	bed_end(&b);
	store_mem_free(s);
}

/* A refusal, whether of a put or of the commit, drops what was to be sent, and the mark stays. */
static void test_lost(void **state)
{
	for (int at_commit = 0; at_commit < 2; at_commit++) {
		struct store *s = store_mem_new(0);
		struct bed b;

		bed_make(&b, s);
		if (at_commit)
			store_mem_fail_commit(s, 1);
		else
			store_mem_fail_put(s, 1);
		assert_false(turn_of(&b, 0, "a"));
		assert_int_equal(b.left, 0);
		assert_true(mark_is_lost(&b.turn, &b.mark[0]));
		/* somebody else's turn does not depend on it */
		store_mem_fail_put(s, 2);
		b.t.now_ns += 2 * NS_PER_S;
		marks_put(&b.marks, &b.t.env, bed_put, &b); /* lost is noticed: tried a second later */
		assert_int_equal(b.put, 1);
		assert_int_equal(marks_next_ns(&b.marks, &b.turn), b.t.now_ns + NS_PER_S);
		b.t.now_ns += NS_PER_S;
		assert_true(turn_of(&b, 1, "b")); /* the retry is refused, the turn is kept */
		assert_string_equal(b.sent, "b");
		assert_int_equal(b.put, 3);
		assert_true(mark_is_set(&b.mark[0]));
		b.t.now_ns += NS_PER_S;
		marks_put(&b.marks, &b.t.env, bed_put, &b);
		assert_true(turn_end(&b.turn));
		assert_false(mark_is_set(&b.mark[0]));
		assert_int_equal(b.kept, 2);
		bed_end(&b);
		store_mem_free(s);
	}
}

/* A message about a thing whose store was lost marks it again: that turn is lost if it is refused again. */
static void test_lost_and_spoken_of(void **state)
{
	struct store *s = store_mem_new(0);
	struct bed b;

	bed_make(&b, s);
	for (int i = 0; i < 3; i++) {
		store_mem_fail_put(s, 1);
		assert_false(turn_of(&b, 0, "a"));
	}
	assert_true(turn_of(&b, 0, "b"));
	assert_string_equal(b.sent, "b");
	bed_end(&b);
	store_mem_free(s);
}

static void test_late(void **state)
{
	struct bed b;

	bed_make(&b, NULL);
	assert_true(turn_of(&b, 0, "a"));
	assert_true(turn_of(&b, 1, "b"));
	assert_true(outbox_send(
		&b.t.outbox, 1, 1, 0, bytes_of_str("c"))); /* nothing stored, but it does not overtake */
	assert_true(turn_end(&b.turn));
	assert_int_equal(b.left, 0);
	assert_int_equal(b.kept, 0);
	turn_confirm(&b.turn, 1, true);
	assert_string_equal(b.sent, "a");
	assert_false(mark_is_set(&b.mark[0]));
	assert_true(mark_is_set(&b.mark[1]));
	turn_confirm(&b.turn, 3, true);
	assert_string_equal(b.sent, "abc");
	assert_int_equal(b.committed, 3);
	bed_end(&b);
}

/* A mark that was set again meanwhile is not cleared by the confirmation of its earlier epoch. */
static void test_late_and_marked_again(void **state)
{
	struct bed b;

	bed_make(&b, NULL);
	assert_true(turn_of(&b, 0, "a"));
	assert_true(turn_of(&b, 0, "b"));
	turn_confirm(&b.turn, 1, true);
	assert_true(mark_is_set(&b.mark[0]));
	assert_int_equal(b.late.puts, 2);
	turn_confirm(&b.turn, 2, true);
	assert_false(mark_is_set(&b.mark[0]));
	assert_string_equal(b.sent, "ab");
	bed_end(&b);
}

/* What was lost late takes with it all that came after, and the turn under way. */
static void test_late_and_lost(void **state)
{
	struct bed b;

	bed_make(&b, NULL);
	assert_true(turn_of(&b, 0, "a"));
	assert_true(turn_of(&b, 1, "b"));
	assert_true(turn_of(&b, 2, "c"));
	turn_confirm(&b.turn, 1, true);
	assert_true(outbox_send(&b.t.outbox, 1, 1, 0, bytes_of_str("d")));
	turn_confirm(&b.turn, 2, false);
	assert_false(turn_end(&b.turn));
	assert_int_equal(b.late.rollbacks, 1);
	assert_string_equal(b.sent, "a");
	assert_int_equal(b.turn.stats.dropped, 3);
	assert_true(mark_is_lost(&b.turn, &b.mark[1]) && mark_is_lost(&b.turn, &b.mark[2]));
	marks_put(&b.marks, &b.t.env, bed_put, &b);
	b.t.now_ns += NS_PER_S;
	marks_put(&b.marks, &b.t.env, bed_put, &b);
	assert_true(turn_end(&b.turn));
	turn_confirm(&b.turn, b.turn.epoch - 1, true);
	assert_int_equal(b.kept, 3);
	bed_end(&b);
}

/* More turns than may wait: refused, counted, and all goes on afterwards. */
static void test_too_many_under_way(void **state)
{
	struct bed b;

	bed_make(&b, NULL);
	for (unsigned i = 0; i < TURN_WAITING_MAX; i++) {
		mark_set(&b.marks, &b.mark[0]);
		marks_put(&b.marks, &b.t.env, bed_put, &b);
		assert_true(turn_end(&b.turn));
	}
	assert_false(turn_of(&b, 1, "x"));
	assert_int_equal(b.turn.stats.lost, 1);
	turn_confirm(&b.turn, TURN_WAITING_MAX, true);
	assert_true(turn_of(&b, 1, "y"));
	turn_confirm(&b.turn, b.turn.epoch - 1, true);
	assert_string_equal(b.sent, "y");
	bed_end(&b);
}

/* Nothing that a message held is left in the outbox's memory once it has left. */
static void test_outbox_is_wiped(void **state)
{
	struct store *s = store_mem_new(0);
	static const uint8_t secret[3000] = { [0 ... 2999] = 0x5a };
	const uint8_t *was;
	struct bed b;

	bed_make(&b, s);
	assert_true(outbox_send(&b.t.outbox, 1, 1, 0, BYTES(secret)));
	was = b.t.outbox.head->msg.data.data; /* of the block that is kept */
	assert_true(turn_end(&b.turn));
	memory_unpoison(was, sizeof(secret)); /* to look at what the arena took back */
	for (size_t i = 0; i < sizeof(secret); i++)
		assert_int_equal(was[i], 0);
	bed_end(&b);
	store_mem_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_lost_and_spoken_of),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_late_and_marked_again),
		cmocka_unit_test(test_late_and_lost),
		cmocka_unit_test(test_too_many_under_way),
		cmocka_unit_test(test_outbox_is_wiped),
	};

	return cmocka_run_group_tests_name("base/turn", tests, NULL, NULL);
}
