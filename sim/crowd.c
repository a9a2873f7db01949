#include <stdio.h>
#include <stdlib.h>

#include "sim/crowd_internal.h"

enum { LEAVE_MS = 50 /* between two that leave over a radio */ };

static uint32_t crowd_in_flight(const struct crowd *c)
{
	uint32_t there = c->config.sessions ? c->numbers.sessions : c->numbers.registered;

	return c->numbers.begun - there - c->numbers.failed;
}

/* When the next UE begins of those that begin by the clock. */
static uint64_t crowd_next_begin_ns(const struct crowd *c)
{
	if (!c->started || !c->config.per_second || c->next == c->config.ue_count)
		return NEVER;
	return c->started_ns + c->next * NS_PER_S / c->config.per_second;
}

static bool crowd_may_begin(const struct crowd *c)
{
	if (c->config.per_second)
		return crowd_next_begin_ns(c) <= env_now_ns(c->env);
	return c->config.in_flight_max == 0 || crowd_in_flight(c) < c->config.in_flight_max;
}

/* Lets UEs begin by the clock, or as long as not too many are on their way. */
static void crowd_feed(struct crowd *c)
{
	while (c->started && c->next < c->config.ue_count && crowd_may_begin(c)) {
		struct crowd_cell *cell = &c->cells[c->next % c->config.gnb_count];

		c->numbers.begun++;
		crowd_called(cell, c->next);
		if (!ue_register(c->ues[c->next++]))
			c->numbers.failed++;
		crowd_pump(c, cell);
	}
}

static uint64_t *since_ns(struct crowd *c, uint32_t index)
{
	return &crowd_home(c, index)->since_ns[index / c->config.gnb_count];
}

static void served(struct crowd *c, uint32_t index)
{
	crowd_times_add(&c->served, (env_now_ns(c->env) - *since_ns(c, index)) / 1000);
}

/* The first registration of each UE; what it does later is its life. */
static void first_event(struct crowd *c, uint32_t index, const struct ue_event_info *e)
{
	switch (e->event) {
	case UE_EVENT_CONNECTED:
		*since_ns(c, index) = env_now_ns(c->env);
		break;
	case UE_EVENT_REGISTERED:
		c->numbers.registered++;
		if (!c->config.sessions)
			served(c, index);
		break;
	case UE_EVENT_SESSION_UP:
		c->numbers.sessions++;
		served(c, index);
		break;
	case UE_EVENT_PUT_OFF:
		c->numbers.put_off++;
		break;
	case UE_EVENT_REGISTRATION_FAILED:
	case UE_EVENT_SESSION_FAILED:
		c->numbers.failed++;
		break;
	default:
		break;
	}
}

static void event(struct crowd *c, uint32_t index, const struct ue_event_info *e)
{
	c->numbers.deregistered += e->event == UE_EVENT_DEREGISTERED;
	if (!c->life.begun)
		first_event(c, index, e);
	crowd_life_event(c, index, e);
}

static void crowd_on_event(void *arg, struct ue *ue, const struct ue_event_info *e)
{
	struct crowd_cell *cell = arg;

	event(cell->crowd, crowd_index(cell, ue), e);
}

static void crowd_on_msg(void *self, const struct msg *m)
{
	struct crowd *c = self;
	size_t index = (size_t)(m->port - 1) / CROWD_PORTS_PER_GNB;
	struct msg inner = *m;
	struct room gnb;

	if (index >= c->config.gnb_count)
		return;
	inner.port = (uint16_t)(m->port - index * CROWD_PORTS_PER_GNB);
	gnb = gnb_room(c->cells[index].gnb);
	if (!c->cells[index].mac || !crowd_mac_take(&c->cells[index], &inner))
		gnb.ops->on_msg(gnb.self, &inner);
	crowd_pump(c, &c->cells[index]);
	crowd_feed(c);
}

/* All at once, but on a radio that can take no more than so many. */
static void leave_due(struct crowd *c)
{
	while (c->leaving < c->config.ue_count && c->leave_ns <= env_now_ns(c->env)) {
		uint32_t i = c->leaving++;

		crowd_called(crowd_home(c, i), i);
		if (ue_deregister(c->ues[i], true))
			crowd_pump(c, crowd_home(c, i));
		if (crowd_home(c, i)->mac)
			c->leave_ns += LEAVE_MS * (uint64_t)NS_PER_MS;
	}
	if (c->leaving == c->config.ue_count)
		c->leave_ns = NEVER;
}

static uint64_t cell_next_ns(const struct crowd_cell *cell)
{
	const struct room gnb = gnb_room(cell->gnb);
	struct room ues;
	uint64_t next = gnb.ops->next_deadline_ns(gnb.self), t;

	if (cell->mac) {
		t = crowd_mac_next_ns(cell);
	} else {
		ues = ue_host_room(cell->host);
		t = ues.ops->next_deadline_ns(ues.self);
	}
	return t < next ? t : next;
}

static void room_run(struct room r, uint64_t now_ns)
{
	if (r.ops->next_deadline_ns(r.self) <= now_ns)
		r.ops->on_deadline(r.self, now_ns);
}

static uint64_t crowd_next_deadline_ns(void *self)
{
	struct crowd *c = self;
	uint64_t begin = crowd_next_begin_ns(c), life = crowd_life_next_ns(c);
	uint64_t next = begin < life ? begin : life;

	if (c->leave_ns < next)
		next = c->leave_ns;

	for (uint8_t i = 0; i < c->config.gnb_count; i++) {
		uint64_t t = cell_next_ns(&c->cells[i]);

		if (t < next)
			next = t;
	}
	return next;
}

static void crowd_on_deadline(void *self, uint64_t now_ns)
{
	struct crowd *c = self;

	for (uint8_t i = 0; i < c->config.gnb_count; i++) {
		room_run(gnb_room(c->cells[i].gnb), now_ns);
		if (c->cells[i].mac)
			crowd_mac_run(&c->cells[i], now_ns);
		else
			room_run(ue_host_room(c->cells[i].host), now_ns);
		crowd_pump(c, &c->cells[i]);
	}
	crowd_feed(c);
	if (c->leave_ns <= now_ns)
		leave_due(c);
	crowd_life_run(c, now_ns);
	crowd_pump(c, &c->cells[0]);
}

static bool cell_init(struct crowd *c, size_t i)
{
	struct crowd_cell *cell = &c->cells[i];
	struct gnb_config gnb = c->config.gnb;

	cell->crowd = c;
	cell->index = i;
	cell->gnb_air = addr_from_v4(CROWD_AIR + (uint32_t)i * 2, 4997);
	cell->ue_air = addr_from_v4(CROWD_AIR + 1 + (uint32_t)i * 2, 4997);
	crowd_env_init(&cell->gnb_env, c->env);
	crowd_env_init(&cell->ue_env, c->env);
	gnb.gnb_id += (uint32_t)i;
	crowd_move_neighbours(c, i, &gnb);
	gnb.n3_address = addr_from_v4(addr_v4(&gnb.n3_address) + (uint32_t)i, gnb.n3_address.port);
	if (c->config.cell.bandwidth_mhz > 0)
		gnb.radio = GNB_RADIO_DUS;
	cell->gnb = gnb_new(&gnb, &cell->gnb_env.env);
	cell->ue_count = c->config.ue_count / c->config.gnb_count + 1;
	cell->since_ns = calloc(cell->ue_count, sizeof(*cell->since_ns));
	if (c->config.cell.bandwidth_mhz > 0)
		return cell->gnb && cell->since_ns && crowd_mac_init(cell, &gnb, event);
	cell->host = ue_host_new(&cell->ue_env.env, cell->ue_count);
	if (cell->host && c->found)
		ue_host_set_cells(cell->host, c->found, c->config.gnb_count);
	if (cell->host)
		ue_host_set_event(cell->host, crowd_on_event, cell);
	return cell->gnb && cell->host && cell->since_ns;
}

static bool ue_make(struct crowd *c, uint32_t i)
{
	struct crowd_cell *cell = &c->cells[i % c->config.gnb_count];
	struct ue_config config = {
		.profile = &c->config.profile, .key = c->config.key, .gnb = cell->gnb_air
	};
	size_t digits = strlen(c->config.first.imsi);
	char imsi[32];

	snprintf(imsi, sizeof(imsi), "%0*llu", (int)digits, strtoull(c->config.first.imsi, NULL, 10) + i);
	if (!supi_parse(imsi, &config.supi))
		return false;
	snprintf(config.imeisv, sizeof(config.imeisv), "35693803%08u", i % 100000000u);
	c->ues[i] = ue_new(crowd_host(cell, i), &config);
	explicit_bzero(&config.key, sizeof(config.key));
	return c->ues[i] && (!c->config.prepare || ue_prepare_suci(c->ues[i]));
}

struct crowd *crowd_new(const struct crowd_config *config, struct env *env)
{
	struct crowd *c = calloc(1, sizeof(*c));
	bool ok;

	if (!c)
		return NULL;
	c->config = *config;
	c->config.profile.auto_register = false;
	c->config.profile.auto_session = config->sessions;
	c->env = env;
	c->leave_ns = NEVER;
	c->ues = calloc(config->ue_count, sizeof(struct ue *));
	ok = crowd_life_init(c) && c->ues && config->gnb_count > 0 && config->gnb_count <= CROWD_GNBS_MAX &&
	     crowd_move_init(c);
	for (uint8_t i = 0; ok && i < config->gnb_count; i++)
		ok = cell_init(c, i);
	for (uint32_t i = 0; ok && i < config->ue_count; i++)
		ok = ue_make(c, i);
	if (ok)
		return c;
	crowd_free(c);
	return NULL;
}

void crowd_free(struct crowd *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < CROWD_GNBS_MAX; i++) {
		crowd_mac_fini(&c->cells[i]);
		ue_host_free(c->cells[i].host);
		gnb_free(c->cells[i].gnb);
		outbox_fini(&c->cells[i].gnb_env.outbox);
		outbox_fini(&c->cells[i].ue_env.outbox);
		free(c->cells[i].since_ns);
	}
	free(c->ues);
	crowd_life_fini(c);
	crowd_move_fini(c);
	explicit_bzero(c, sizeof(*c));
	free(c);
}

struct room crowd_room(struct crowd *c)
{
	static const struct room_ops ops = { crowd_on_msg, crowd_next_deadline_ns, crowd_on_deadline };

	return (struct room){ &ops, c };
}

void crowd_start(struct crowd *c)
{
	c->started = true;
	c->started_ns = env_now_ns(c->env);
	crowd_feed(c);
}

struct crowd_numbers crowd_numbers(const struct crowd *c)
{
	struct crowd_numbers n = c->numbers;

	for (uint8_t i = 0; i < c->config.gnb_count; i++)
		n.gnbs_ready += gnb_numbers(c->cells[i].gnb).amfs_ready > 0;
	return n;
}

bool crowd_done(const struct crowd *c)
{
	return c->numbers.begun == c->config.ue_count && crowd_in_flight(c) == 0;
}

const struct crowd_times *crowd_served(const struct crowd *c)
{
	return &c->served;
}

void crowd_leave(struct crowd *c)
{
	c->leave_ns = env_now_ns(c->env);
	leave_due(c);
}

const struct ue *crowd_ue(const struct crowd *c, uint32_t index)
{
	return index < c->config.ue_count ? c->ues[index] : NULL;
}

const struct gnb *crowd_gnb(const struct crowd *c, uint32_t index)
{
	return index < c->config.gnb_count ? c->cells[index].gnb : NULL;
}
