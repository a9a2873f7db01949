#include "base/turn.h"

#include "base/commit.h"

enum store_verdict store_commit(struct store *s, uint64_t epoch)
{
	enum store_verdict v = STORE_KEPT;

	if (s->doomed) {
		store_rollback(s);
		return STORE_LOST;
	}
	if (s->changed)
		v = s->end->commit(s, epoch);
	s->changed = false;
	return v;
}

void store_rollback(struct store *s)
{
	s->end->rollback(s);
	s->changed = s->doomed = false;
	s->depth = 0;
}

void turn_init(struct turn *t, struct env *env, turn_leave_fn *leave, void *arg)
{
	*t = (struct turn){ .epoch = 1, .env = env, .leave = leave, .leave_arg = arg };
	env->turn = t;
}

void turn_fini(struct turn *t)
{
	for (; t->waiting_count > 0; t->waiting_count--)
		outbox_fini(&t->waiting[t->waiting_at++ % TURN_WAITING_MAX].outbox);
}

bool turn_room_add(struct turn *t, const struct room *room)
{
	if (t->room_count == TURN_ROOMS_MAX)
		return false;
	t->rooms[t->room_count++] = *room;
	return true;
}

void turn_room_remove(struct turn *t, const void *self)
{
	for (size_t i = 0; i < t->room_count; i++)
		if (t->rooms[i].self == self)
			t->rooms[i--] = t->rooms[--t->room_count];
}

static void turn_tell_rooms(struct turn *t, uint64_t epoch)
{
	for (size_t i = 0; i < t->room_count; i++)
		if (t->rooms[i].ops->on_committed)
			t->rooms[i].ops->on_committed(t->rooms[i].self, epoch);
}

static void turn_drop(struct turn *t, struct outbox *o)
{
	t->stats.dropped += o->count;
	outbox_reset(o);
}

/* The present turn's messages wait for their confirmation. False when too many turns do already. */
static bool turn_wait(struct turn *t)
{
	struct turn_waiting *w = &t->waiting[(t->waiting_at + t->waiting_count) % TURN_WAITING_MAX];

	if (t->waiting_count == TURN_WAITING_MAX)
		return false;
	w->epoch = t->epoch;
	outbox_move(&w->outbox, t->env->outbox);
	t->waiting_count++;
	return true;
}

static enum store_verdict turn_commit(struct turn *t)
{
	struct store *s = t->env->store;

	if (!s)
		return t->waiting_count ? STORE_UNDER_WAY : STORE_KEPT;
	if (t->waiting_count == TURN_WAITING_MAX)
		store_doom(s);
	return store_commit(s, t->epoch);
}

bool turn_end(struct turn *t)
{
	struct outbox *o = t->env->outbox;
	uint64_t epoch = t->epoch;
	enum store_verdict v;

	if (o->count == 0 && !(t->env->store && (t->env->store->changed || t->env->store->doomed)))
		return true;
	v = turn_commit(t);
	if (v == STORE_KEPT && t->waiting_count > 0)
		v = STORE_UNDER_WAY; /* nothing overtakes: it leaves with the one before it */
	if (v == STORE_UNDER_WAY && turn_wait(t)) {
		t->epoch++;
		return true;
	}
	t->epoch++;
	if (v != STORE_KEPT) {
		t->lost = epoch;
		t->stats.lost++;
		turn_drop(t, o);
		return false;
	}
	t->stats.kept++;
	turn_tell_rooms(t, epoch);
	t->leave(t->leave_arg, o);
	outbox_reset(o);
	return true;
}

static void turn_lose(struct turn *t, uint64_t epoch)
{
	while (t->waiting_count > 0) {
		struct turn_waiting *last =
			&t->waiting[(t->waiting_at + t->waiting_count - 1) % TURN_WAITING_MAX];

		if (last->epoch < epoch)
			break;
		turn_drop(t, &last->outbox);
		outbox_fini(&last->outbox);
		t->waiting_count--;
		t->stats.lost++;
	}
	t->lost = t->epoch - 1;
	store_doom(t->env->store);
}

void turn_confirm(struct turn *t, uint64_t epoch, bool kept)
{
	if (!kept) {
		turn_lose(t, epoch);
		return;
	}
	while (t->waiting_count > 0) {
		struct turn_waiting *first = &t->waiting[t->waiting_at];

		if (first->epoch > epoch)
			break;
		t->stats.kept++;
		turn_tell_rooms(t, first->epoch);
		t->leave(t->leave_arg, &first->outbox);
		outbox_fini(&first->outbox);
		t->waiting_at = (t->waiting_at + 1) % TURN_WAITING_MAX;
		t->waiting_count--;
	}
}

void turn_kill(struct turn *t)
{
	outbox_reset(t->env->outbox);
	turn_fini(t);
	t->room_count = 0;
	if (t->env->store)
		store_rollback(t->env->store);
}

void marks_init(struct marks *ms)
{
	list_init(&ms->due);
	list_init(&ms->put);
	list_init(&ms->lost);
	ms->retry_ns = NEVER;
}

void mark_set(struct marks *ms, struct mark *m)
{
	list_remove(&m->link);
	list_append(&ms->due, &m->link);
	m->epoch = 0;
}

void mark_clear(struct mark *m)
{
	list_remove(&m->link);
	m->epoch = 0;
}

static void mark_moves(struct marks *ms, struct mark *m, uint64_t epoch)
{
	list_remove(&m->link);
	list_append(&ms->put, &m->link);
	m->epoch = epoch;
}

/* What was put in turns that are lost; it keeps its epoch, which shows it. */
static void marks_take_lost(struct marks *ms, struct env *env)
{
	list_each(l, next, &ms->put)
	{
		struct mark *m = container_of(l, struct mark, link);

		if (!mark_is_lost(env->turn, m))
			break;
		list_remove(l);
		list_append(&ms->lost, l);
		if (ms->retry_ns == NEVER)
			ms->retry_ns = env_now_ns(env) + (uint64_t)TURN_RETRY_MS * NS_PER_MS;
	}
}

static bool mark_retry(struct env *env, struct mark *m, mark_put_fn *put, void *room)
{
	if (!store_savepoint(env->store))
		return false;
	if (put(room, m)) {
		store_release(env->store);
		return true;
	}
	store_rollback_to(env->store);
	return false;
}

/* What was lost is tried again, each alone: the turn at hand has nothing to do with it. */
static void marks_retry(struct marks *ms, struct env *env, mark_put_fn *put, void *room)
{
	ms->retry_ns = NEVER;
	list_each(l, next, &ms->lost)
	{
		struct mark *m = container_of(l, struct mark, link);

		if (mark_retry(env, m, put, room)) {
			mark_moves(ms, m, env->turn->epoch);
			continue;
		}
		list_remove(l); /* another one first, next time */
		list_append(&ms->lost, l);
		ms->retry_ns = env_now_ns(env) + (uint64_t)TURN_RETRY_MS * NS_PER_MS;
		return;
	}
}

void marks_put(struct marks *ms, struct env *env, mark_put_fn *put, void *room)
{
	marks_take_lost(ms, env);
	list_each(l, next, &ms->due)
	{
		struct mark *m = container_of(l, struct mark, link);

		if (!put(room, m))
			store_doom(env->store);
		mark_moves(ms, m, env->turn->epoch);
	}
	if (!list_empty(&ms->lost) && env_now_ns(env) >= ms->retry_ns)
		marks_retry(ms, env, put, room);
}

void marks_committed(struct marks *ms, uint64_t epoch, mark_kept_fn *kept, void *room)
{
	list_each(l, next, &ms->put)
	{
		struct mark *m = container_of(l, struct mark, link);

		if (m->epoch > epoch)
			break;
		mark_clear(m);
		if (kept)
			kept(room, m);
	}
}

uint64_t marks_next_ns(const struct marks *ms, const struct turn *t)
{
	const struct link *first = list_first(&ms->put);

	if (first && mark_is_lost(t, container_of(first, struct mark, link)))
		return 0; /* to be noticed */
	return list_empty(&ms->lost) ? NEVER : ms->retry_ns;
}
