/* The life of UEs that have been served: tasks at their rates, by UEs drawn by lot among those at rest. */
#include <stdlib.h>

#include "sim/crowd_internal.h"

const char *const crowd_task_names[CROWD_TASKS] = {
	[CROWD_REGISTER] = "register",
	[CROWD_IDLE] = "idle",
	[CROWD_SERVICE] = "service",
	[CROWD_PAGE] = "page",
	[CROWD_HANDOVER] = "handover",
	[CROWD_PATH_SWITCH] = "path-switch",
	[CROWD_TRAFFIC] = "traffic",
	[CROWD_DEREGISTER] = "deregister",
};

/* Where a task finds its UE. */
static const enum crowd_rest rest_of[CROWD_TASKS] = {
	[CROWD_REGISTER] = CROWD_OFF,
	[CROWD_IDLE] = CROWD_CONNECTED,
	[CROWD_SERVICE] = CROWD_AT_REST_IDLE,
	[CROWD_PAGE] = CROWD_AT_REST_IDLE,
	[CROWD_HANDOVER] = CROWD_CONNECTED,
	[CROWD_PATH_SWITCH] = CROWD_CONNECTED,
	[CROWD_TRAFFIC] = CROWD_CONNECTED,
	[CROWD_DEREGISTER] = CROWD_CONNECTED,
};

static void rest_leave(struct crowd_life *l, uint32_t index)
{
	struct crowd_ue *u = &l->ues[index];
	uint32_t last;

	if (u->rest == CROWD_RESTS)
		return;
	last = l->rests[u->rest][--l->rest_count[u->rest]];
	l->rests[u->rest][u->place] = last;
	l->ues[last].place = u->place;
	u->rest = CROWD_RESTS;
}

static void rest_enter(struct crowd_life *l, uint32_t index, enum crowd_rest rest)
{
	struct crowd_ue *u = &l->ues[index];

	rest_leave(l, index);
	u->rest = (uint8_t)rest;
	u->place = l->rest_count[rest]++;
	l->rests[rest][u->place] = index;
}

/* What it can do now; while it is busy with a task, nothing else. */
static void look(struct crowd *c, uint32_t index)
{
	struct crowd_ue *u = &c->life.ues[index];
	struct ue_session_info info;
	struct ue_state state;

	rest_leave(&c->life, index);
	if (u->task != CROWD_TASKS)
		return;
	ue_state(c->ues[index], &state);
	if (!state.registered)
		rest_enter(&c->life, index, CROWD_OFF);
	else if (!state.connected)
		rest_enter(&c->life, index, CROWD_AT_REST_IDLE);
	else if (ue_session_info(c->ues[index], u->psi, &info) && info.has_user_plane)
		rest_enter(&c->life, index, CROWD_CONNECTED);
}

static void rest(struct crowd *c, uint32_t index)
{
	struct crowd_ue *u = &c->life.ues[index];

	timer_stop(&c->life.timers, &u->guard);
	u->task = CROWD_TASKS;
	u->switching = false;
	c->life.busy--;
	look(c, index);
}

static void count(struct crowd *c, uint32_t index, bool done)
{
	struct crowd_ue *u = &c->life.ues[index];
	struct crowd_task_numbers *n = &c->life.numbers[u->task];

	n->done += done;
	n->failed += !done;
	if (done)
		crowd_times_add(&n->took, (env_now_ns(c->env) - u->since_ns) / 1000);
}

static void guard_timer(void *owner, struct timer *t);

static void switch_wait(struct crowd *c, struct crowd_ue *u)
{
	timer_set(&c->life.timers, &u->guard, env_now_ns(c->env) + (uint64_t)CROWD_SWITCH_MS * NS_PER_MS,
		guard_timer);
}

static void over(struct crowd *c, uint32_t index, bool done)
{
	struct crowd_ue *u = &c->life.ues[index];

	if (u->switching)
		return;
	count(c, index, done);
	u->switching = done && u->task == CROWD_PATH_SWITCH;
	if (u->switching)
		switch_wait(c, u);
	else
		rest(c, index);
}

/* Its new gNB waits, for the path or for the end of the old one. */
static bool path_is_open(struct crowd *c, uint32_t index)
{
	struct crowd_cell *at;
	struct ue_state state;

	ue_state(c->ues[index], &state);
	at = state.connected ? crowd_cell_at(c, &state.gnb) : NULL;
	return at && gnb_ue_is_busy(at->gnb, &crowd_home(c, index)->ue_air, ue_index(c->ues[index]));
}

static void guard_timer(void *owner, struct timer *t)
{
	struct crowd *c = owner;
	struct crowd_ue *u = container_of(t, struct crowd_ue, guard);
	uint32_t index = (uint32_t)(u - c->life.ues);

	if (!u->switching)
		over(c, index, false);
	else if (path_is_open(c, index))
		switch_wait(c, u);
	else
		rest(c, index);
}

/* One at rest that is connected; itself where there is no other. */
static uint32_t other(struct crowd *c, uint32_t index)
{
	uint32_t lot, among = c->life.rest_count[CROWD_CONNECTED];

	if (among == 0)
		return index;
	env_random(c->env, &lot, sizeof(lot));
	return c->life.rests[CROWD_CONNECTED][lot % among];
}

/* False: it could not begin. */
static bool task_begin(struct crowd *c, enum crowd_task task, uint32_t index)
{
	struct crowd_ue *u = &c->life.ues[index];
	struct ue *ue = c->ues[index];
	struct crowd_cell *at;
	struct ue_state state;

	ue_state(ue, &state);
	at = crowd_cell_at(c, &state.gnb);
	if (!at)
		return false;
	switch (task) {
	case CROWD_REGISTER:
		return ue_register(ue);
	case CROWD_IDLE:
		at->pending = true;
		if (at->mac)
			return true; /* its inactivity comes by itself */
		return gnb_inactivity_begin(at->gnb, &crowd_home(c, index)->ue_air, ue_index(ue));
	case CROWD_SERVICE:
		crowd_packet_up(c, index, index, u->sequence);
		return true;
	case CROWD_PAGE:
		crowd_packet_down(c, index, u->sequence);
		return true;
	case CROWD_TRAFFIC:
		crowd_packet_up(c, index, other(c, index), u->sequence);
		return true;
	case CROWD_HANDOVER:
		return crowd_move(c, index, at, false);
	case CROWD_PATH_SWITCH:
		return crowd_move(c, index, at, true);
	default:
		return ue_deregister(ue, false);
	}
}

static void begin(struct crowd *c, enum crowd_task task)
{
	struct crowd_life *l = &c->life;
	uint32_t lot, index, among = l->rest_count[rest_of[task]];
	struct crowd_ue *u;

	if (among == 0) {
		l->numbers[task].nobody++;
		return;
	}
	env_random(c->env, &lot, sizeof(lot));
	index = l->rests[rest_of[task]][lot % among];
	u = &l->ues[index];
	rest_leave(l, index);
	u->task = (uint8_t)task;
	u->since_ns = env_now_ns(c->env);
	u->sequence = ++l->sequence;
	l->busy++;
	l->numbers[task].begun++;
	timer_set(&l->timers, &u->guard, u->since_ns + (uint64_t)CROWD_TASK_MS * NS_PER_MS, guard_timer);
	if (!task_begin(c, task, index))
		over(c, index, false);
	crowd_called(crowd_home(c, index), index);
}

/* When the nth of a task is due, from 1. */
static uint64_t due_ns(const struct crowd_life *l, enum crowd_task task, uint64_t n)
{
	uint64_t rate = l->mix.per_1000_s[task];

	return rate ? l->since_ns + n * 1000 * NS_PER_S / rate : NEVER;
}

static bool is_due(const struct crowd_life *l, enum crowd_task task, uint64_t now_ns)
{
	uint64_t due = due_ns(l, task, l->due_count[task] + 1u);

	return due <= now_ns && due <= l->since_ns + l->mix.seconds * NS_PER_S;
}

uint64_t crowd_life_next_ns(const struct crowd *c)
{
	uint64_t next = timers_next_ns(&c->life.timers), end;

	if (!c->life.begun)
		return next;
	end = c->life.since_ns + c->life.mix.seconds * NS_PER_S;
	for (unsigned task = 0; task < CROWD_TASKS; task++) {
		uint64_t due = due_ns(&c->life, task, c->life.due_count[task] + 1u);

		if (due <= end && due < next)
			next = due;
	}
	return next;
}

void crowd_life_run(struct crowd *c, uint64_t now_ns)
{
	timers_run(&c->life.timers, now_ns);
	for (unsigned task = 0; c->life.begun && task < CROWD_TASKS; task++)
		while (is_due(&c->life, task, now_ns)) {
			c->life.due_count[task]++;
			begin(c, task);
		}
}

/* What an event means for a UE's task. */
static bool ends(enum crowd_task task, enum ue_event event)
{
	switch (task) {
	case CROWD_REGISTER:
		return event == UE_EVENT_SESSION_UP;
	case CROWD_IDLE:
		return event == UE_EVENT_IDLE;
	case CROWD_SERVICE:
		return event == UE_EVENT_USER_PLANE;
	case CROWD_HANDOVER:
	case CROWD_PATH_SWITCH:
		return event == UE_EVENT_HANDED_OVER;
	case CROWD_DEREGISTER:
		return event == UE_EVENT_DEREGISTERED;
	default:
		return false; /* the datagram itself: crowd_life_arrived */
	}
}

static bool fails(enum crowd_task task, enum ue_event event)
{
	switch (event) {
	case UE_EVENT_REGISTRATION_FAILED:
	case UE_EVENT_SESSION_FAILED:
	case UE_EVENT_HANDOVER_FAILED:
		return true;
	case UE_EVENT_DEREGISTERED:
		return task != CROWD_REGISTER;
	default:
		return false;
	}
}

void crowd_life_event(struct crowd *c, uint32_t index, const struct ue_event_info *e)
{
	struct crowd_ue *u = &c->life.ues[index];

	if (e->event == UE_EVENT_SESSION_UP)
		u->psi = e->psi;
	if (u->task != CROWD_TASKS && (ends(u->task, e->event) || fails(u->task, e->event)))
		over(c, index, ends(u->task, e->event));
	else
		look(c, index);
}

void crowd_life_arrived(struct crowd *c, uint32_t index, uint32_t sequence)
{
	struct crowd_ue *u = &c->life.ues[index];

	if (u->sequence == sequence && (u->task == CROWD_PAGE || u->task == CROWD_TRAFFIC))
		over(c, index, true);
}

bool crowd_life_init(struct crowd *c)
{
	struct crowd_life *l = &c->life;
	bool ok;

	timers_init(&l->timers, c);
	l->ues = calloc(c->config.ue_count, sizeof(*l->ues));
	ok = l->ues != NULL;
	for (size_t i = 0; i < CROWD_RESTS; i++) {
		l->rests[i] = calloc(c->config.ue_count, sizeof(*l->rests[i]));
		ok = ok && l->rests[i];
	}
	for (uint32_t i = 0; ok && i < c->config.ue_count; i++) {
		l->ues[i].rest = CROWD_RESTS;
		l->ues[i].task = CROWD_TASKS;
	}
	return ok;
}

void crowd_life_fini(struct crowd *c)
{
	for (uint32_t i = 0; c->life.ues && i < c->config.ue_count; i++)
		timer_stop(&c->life.timers, &c->life.ues[i].guard);
	free(c->life.ues);
	for (size_t i = 0; i < CROWD_RESTS; i++)
		free(c->life.rests[i]);
}

void crowd_live(struct crowd *c, const struct crowd_mix *mix)
{
	c->life.begun = true;
	c->life.mix = *mix;
	c->life.since_ns = env_now_ns(c->env);
	for (size_t i = 0; i < CROWD_TASKS; i++)
		c->life.due_count[i] = 0;
}

bool crowd_lived(const struct crowd *c)
{
	uint64_t now = env_now_ns(c->env);

	return c->life.begun && c->life.busy == 0 && now >= c->life.since_ns + c->life.mix.seconds * NS_PER_S;
}

const struct crowd_task_numbers *crowd_task_numbers(const struct crowd *c, enum crowd_task task)
{
	return &c->life.numbers[task];
}
