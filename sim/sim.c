#include "sim/sim.h"

#include <assert.h>
#include <stdlib.h>

#include "base/timers.h"
#include "sim/internal.h"

static timer_fn arrive;

static struct sim_node *node_of(struct env *env)
{
	return container_of(env, struct sim_node, env);
}

static uint64_t env_now(struct env *env)
{
	return node_of(env)->sim->now_ns;
}

static uint64_t env_utc(struct env *env)
{
	return UINT64_C(1790000000000) + node_of(env)->sim->now_ns / NS_PER_MS;
}

static void env_random_octets(struct env *env, void *buf, size_t len)
{
	uint8_t *out = buf;

	for (size_t i = 0; i < len; i += 8) {
		uint64_t v = sim_random(&node_of(env)->random);

		memcpy(out + i, &v, len - i < 8 ? len - i : 8);
	}
}

static uint64_t log_now(void *arg)
{
	return ((struct sim_node *)arg)->sim->now_ns;
}

static void log_sink(void *arg, enum log_level level, const char *room, const char *line)
{
	struct sim_node *n = arg;

	if (n->sim->log_line)
		n->sim->log_line(n->sim->log_arg, n->name, room, line);
}

/* It takes its place behind what the node has to do; the share of work is that of the last twentieth of a
 * second.
 */
static void enqueue(struct sim *s, struct sim_event *e)
{
	struct sim_node *n = e->to;
	uint64_t begins_ns = n->free_ns > s->now_ns ? n->free_ns : s->now_ns;
	uint64_t passed_ns = s->now_ns - n->share_from_ns;

	if (passed_ns >= NS_PER_S / 20) {
		n->busy_permille = (uint16_t)(n->work_ns < passed_ns ? n->work_ns * 1000 / passed_ns : 1000);
		n->share_from_ns = s->now_ns;
		n->work_ns = 0;
	}
	n->work_ns += n->service_ns;
	n->free_ns = begins_ns + n->service_ns;
	e->queued = true;
	e->msg.waited_us = (uint32_t)((begins_ns - s->now_ns) / 1000);
	e->msg.busy_permille = n->busy_permille;
	timer_set(&s->queue, &e->timer, n->free_ns, arrive);
}

static void arrive(void *owner, struct timer *t)
{
	struct sim_event *e = container_of(t, struct sim_event, timer);

	if (e->to->service_ns && !e->queued) {
		enqueue(owner, e);
		return;
	}
	/* What is on its way to a node is lost with it. */
	if (e->life == e->to->lives && (!e->assoc || e->assoc->open || e->msg.kind != MSG_DATA))
		sim_deliver(e->to, &e->msg);
	free(e);
}

struct sim *sim_new(uint64_t seed)
{
	struct sim *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->seed = s->random = seed;
	s->now_ns = NS_PER_S;
	s->digest = UINT64_C(0xcbf29ce484222325);
	s->log_level = LOG_WARN;
	s->arrive = arrive;
	s->deliver = sim_deliver;
	timers_init(&s->queue, s);
	return s;
}

void sim_free(struct sim *s)
{
	if (!s)
		return;
	sim_radio_free(s);
	while (s->queue.first) {
		struct timer *t = s->queue.first;

		timer_stop(&s->queue, t);
		free(container_of(t, struct sim_event, timer));
	}
	for (size_t i = 0; i < s->node_count; i++) {
		turn_fini(&s->nodes[i].turn);
		outbox_fini(&s->nodes[i].outbox);
		if (s->nodes[i].env.store)
			store_mem_free(s->nodes[i].env.store);
	}
	sim_assocs_free(s);
	free(s);
}

void sim_set_link(struct sim *s, const struct sim_link *link)
{
	s->link = *link;
}

static void sim_die_at_commit(struct sim_node *n)
{
	sim_kill(n, true);
	n->sim->stopped = true;
}

/* What a turn that is kept wants sent, unless it is the node's last. */
static void sim_leave(void *arg, struct outbox *o)
{
	struct sim_node *n = arg;

	for (struct outbox_item *i = o->head; i && n->kill_at != n->commits; i = i->next)
		sim_send(n, &i->msg);
}

struct sim_node *sim_node_add(struct sim *s, const char *name, bool with_store)
{
	static const struct env_ops ops = { env_now, env_utc, env_random_octets };
	struct sim_node *n = &s->nodes[s->node_count];

	if (s->node_count == SIM_NODES_MAX)
		return NULL;
	*n = (struct sim_node){
		.sim = s, .name = name, .random = s->seed ^ (s->node_count + 1) * UINT64_C(0x5851f42d4c957f2d)
	};
	n->env = (struct env){ .ops = &ops, .log = &n->log, .outbox = &n->outbox };
	if (with_store) {
		n->env.store = store_mem_new(0);
		if (!n->env.store)
			return NULL;
	}
	outbox_init(&n->outbox, SIM_OUTBOX_MAX);
	turn_init(&n->turn, &n->env, sim_leave, n);
	log_init(&n->log, s->log_level, log_sink, log_now, n);
	s->node_count++;
	return n;
}

struct env *sim_node_env(struct sim_node *n)
{
	return &n->env;
}

void sim_node_set_room(struct sim_node *n, struct room room)
{
	n->room = room;
	n->alive = turn_room_add(&n->turn, &room);
	sim_settle(n);
}

const char *sim_node_name(const struct sim_node *n)
{
	return n->name;
}

bool sim_is_alive(const struct sim_node *n)
{
	return n->alive;
}

void sim_kill(struct sim_node *n, bool keep_store)
{
	n->alive = false;
	n->lives++;
	n->kill_at = 0;
	n->free_ns = 0;
	turn_kill(&n->turn);
	if (n->env.store && !keep_store) {
		store_mem_free(n->env.store);
		n->env.store = store_mem_new(0);
	}
	sim_assocs_break(n);
}

void sim_kill_at_commit(struct sim_node *n, uint32_t nth, bool after)
{
	n->kill_at = n->commits + nth;
	n->kill_after = after;
}

void sim_set_service(struct sim_node *n, uint32_t service_us)
{
	n->service_ns = (uint64_t)service_us * 1000;
	n->share_from_ns = n->sim->now_ns;
	n->work_ns = 0;
}

uint64_t sim_commits(const struct sim_node *n)
{
	return n->commits;
}

static void digest_add(struct sim *s, const void *data, size_t len)
{
	const uint8_t *p = data;

	/* FNV-1a over words: every octet counts, eight at a time. */
	for (size_t i = 0; i < len; i += 8) {
		uint64_t v = len;

		memcpy(&v, p + i, len - i < 8 ? len - i : 8);
		s->digest = (s->digest ^ v) * UINT64_C(0x100000001b3);
		s->digest ^= s->digest >> 29;
	}
}

/* The turn's end (law 2). */
void sim_settle(struct sim_node *n)
{
	bool changed = n->env.store && (n->env.store->changed || n->env.store->doomed);

	if (!n->alive || (!n->outbox.head && !changed))
		return;
	n->commits++;
	if (n->kill_at == n->commits && !n->kill_after) {
		sim_die_at_commit(n);
		return;
	}
	may_fail(turn_end(&n->turn)); /* a lost turn is counted by the turn itself */
	if (n->kill_at == n->commits)
		sim_die_at_commit(n);
}

void sim_deliver(struct sim_node *n, const struct msg *m)
{
	struct sim *s = n->sim;

	if (!n->alive)
		return;
	s->events++;
	digest_add(s, &s->now_ns, sizeof(s->now_ns));
	digest_add(s, n->name, strlen(n->name));
	digest_add(s, m->data.data, m->data.len);
	n->room.ops->on_msg(n->room.self, m);
	sim_settle(n);
}

void sim_set_filter(struct sim *s, sim_filter_fn *fn, void *arg)
{
	s->filter = fn;
	s->filter_arg = arg;
}

void sim_set_sink(struct sim *s, sim_sink_fn *fn, void *arg)
{
	s->sink = fn;
	s->sink_arg = arg;
}

/* The node whose deadline is next; NULL when no room has one. */
static struct sim_node *next_deadline(struct sim *s, uint64_t *at_ns)
{
	struct sim_node *first = NULL;

	*at_ns = NEVER;
	for (size_t i = 0; i < s->node_count; i++) {
		struct sim_node *n = &s->nodes[i];
		uint64_t t = n->alive ? n->room.ops->next_deadline_ns(n->room.self) : NEVER;

		if (t < *at_ns) {
			*at_ns = t;
			first = n;
		}
	}
	return first;
}

/* The next event of all, at its time; false when there is none before end_ns. */
static bool sim_step(struct sim *s, uint64_t end_ns)
{
	uint64_t deadline_ns, arrival_ns = timers_next_ns(&s->queue);
	struct sim_node *n = next_deadline(s, &deadline_ns);
	uint64_t at_ns = deadline_ns < arrival_ns ? deadline_ns : arrival_ns;

	if (at_ns > end_ns)
		return false;
	if (at_ns > s->now_ns)
		s->now_ns = at_ns;
	if (arrival_ns <= deadline_ns)
		return timers_fire(&s->queue, s->now_ns);
	s->events++;
	digest_add(s, &s->now_ns, sizeof(s->now_ns));
	n->room.ops->on_deadline(n->room.self, s->now_ns);
	sim_settle(n);
	return true;
}

bool sim_run(struct sim *s, bool (*done)(void *arg), void *arg, uint64_t max_ms)
{
	uint64_t end_ns = s->now_ns + max_ms * NS_PER_MS;

	s->stopped = false;
	for (;;) {
		if (done && done(arg))
			return true;
		if (s->stopped)
			return false;
		if (!sim_step(s, end_ns)) {
			s->now_ns = end_ns;
			return false;
		}
	}
}

uint64_t sim_now_ns(const struct sim *s)
{
	return s->now_ns;
}

uint64_t sim_digest(const struct sim *s)
{
	return s->digest;
}

uint64_t sim_events(const struct sim *s)
{
	return s->events;
}

void sim_set_log(struct sim *s, enum log_level level,
	void (*line)(void *arg, const char *node, const char *room, const char *text), void *arg)
{
	s->log_level = level;
	s->log_line = line;
	s->log_arg = arg;
	for (size_t i = 0; i < s->node_count; i++)
		s->nodes[i].log.level = level;
}
