/*
 * Load control, 23.501 5.19.5, 5.19.7.2: what is under way goes on, what is new waits its turn outside.
 *
 *   AMF -> gNB  OVERLOAD START       so many percent of new connections are refused (38.413 8.7.7)
 *   AMF -> gNB  OVERLOAD STOP        8.7.8
 *   AMF -> UE   REGISTRATION REJECT, SERVICE REJECT   #22 with T3346 (24.501 5.5.1.2.5, 5.6.1.5)
 *   AMF -> gNB  ERROR INDICATION     to a message that is too old to be worth more
 *
 * There is overload when none of the messages of a tick has waited for less than so long: a queue that
 * stands, not one that a pause of the process left and that is worked off at once; or when a process without
 * a pause has more under way than it can serve within a time. From then on a window, as
 * TCP has one, bounds the registrations and service requests under way: it shrinks by a fifth in each tick
 * with overload, and grows by an eighth in each that had to refuse without. The gNBs let through a little
 * more than it takes, so that it never wants for work.
 */
#include "core/amf/internal.h"

enum {
	TICK_MS = 100,
	TICKS_PER_ORDER = 5, /* between two orders to the gNBs: the first must show before the next */
	CALM_TICKS = 20,     /* after which the overload is over */
	WINDOW_MIN = 16,
	BUSY_SHARE = 2,       /* a process that works all the time is overloaded at this part of the age */
	BACKLOG_LOOK_MS = 50, /* between two looks at it */
	PROCEDURE_COST = 10,  /* of a procedure under way, in messages that begin one: measured, 6 to 12 */
	HOPELESS = 20,        /* times the age: the UE is about to give up (24.501 T3510: 15 s) */
	ORDER_FIRST = 10,     /* the gNBs are brought down to this part at most, by the first order, */
	ORDER_NEXT = 2,       /* and by later ones: what is still on its way looks like more */
	ORDER_MARGIN = 120,   /* percent of what was admitted that is asked for */
};

void amf_load_init(struct amf_load *load)
{
	load->window = load->waited_us = UINT32_MAX;
	load->passed = 100;
}

/* 24.501 5.3.9, 23.501 5.19.5.2: who is served whatever the load. */
static bool has_priority(uint8_t establishment_cause)
{
	switch (establishment_cause) {
	case NGAP_RRC_ESTABLISHMENT_CAUSE_EMERGENCY:
	case NGAP_RRC_ESTABLISHMENT_CAUSE_HIGH_PRIORITY_ACCESS:
	case NGAP_RRC_ESTABLISHMENT_CAUSE_MT_ACCESS:
	case NGAP_RRC_ESTABLISHMENT_CAUSE_MPS_PRIORITY_ACCESS:
	case NGAP_RRC_ESTABLISHMENT_CAUSE_MCS_PRIORITY_ACCESS:
	case NGAP_RRC_ESTABLISHMENT_CAUSE_MO_EXCEPTION_DATA:
		return true;
	default:
		return false;
	}
}

static uint32_t age_us(const struct amf *amf)
{
	return (amf->config.overload_age_ms ? amf->config.overload_age_ms : AMF_OVERLOAD_AGE_MS) * 1000;
}

static uint32_t under_way(const struct amf *amf)
{
	return amf->procedures[AMF_REGISTRATION].used + amf->procedures[AMF_SERVICE_REQUEST].used;
}

static bool is_busy(const struct amf *amf)
{
	uint32_t percent = amf->config.overload_cpu_percent ? amf->config.overload_cpu_percent
							    : AMF_OVERLOAD_CPU_PERCENT;

	return amf->load.busy_permille >= percent * 10;
}

/* By the tick that ends. */
static bool is_overloaded(const struct amf *amf)
{
	const struct amf_load *load = &amf->load;

	return load->waited_us != UINT32_MAX &&
	       load->waited_us > (is_busy(amf) ? age_us(amf) / BUSY_SHARE : age_us(amf));
}

/*
 * A process that works all the time has a queue soon, of the next messages of those under way: they take as
 * long as it will need for them, by what it does now. To be asked with each message.
 */
static bool is_flooded(struct amf *amf, uint64_t now_ns)
{
	struct amf_load *load = &amf->load;
	uint64_t backlog_ms =
		amf->config.overload_backlog_ms ? amf->config.overload_backlog_ms : AMF_OVERLOAD_BACKLOG_MS;
	uint64_t passed_ms = (now_ns - load->busy_ns) / NS_PER_MS, work_ms = 0;

	if (is_busy(amf) && load->busy_ns && passed_ms < BACKLOG_LOOK_MS) {
		load->handled++;
		return false;
	}
	if (is_busy(amf) && load->busy_ns)
		work_ms = (uint64_t)under_way(amf) * PROCEDURE_COST * passed_ms / (load->handled + 1);
	load->busy_ns = is_busy(amf) ? now_ns : 0;
	load->handled = 0;
	return work_ms > backlog_ms;
}

static void order_send(struct amf *amf, struct amf_gnb *gnb)
{
	static const char no_ies;
	/* What may still come: emergency, high priority, mobile terminated. */
	struct ngap_overload_response response = { .tag = NGAP_OVERLOAD_RESPONSE_TAG_OVERLOAD_ACTION,
		.u.overload_action = NGAP_OVERLOAD_ACTION_REJECT_RRC_CR_SIGNALLING };
	struct ngap_overload_start start = { .amf_overload_response = &response,
		.has_amf_traffic_load_reduction_indication = true,
		.amf_traffic_load_reduction_indication = (uint8_t)(100 - amf->load.passed) };

	if (amf->load.announced)
		amf_n2_send(amf, gnb, 0, NGAP_MSG_OVERLOAD_START, &start);
	else
		amf_n2_send(amf, gnb, 0, NGAP_MSG_OVERLOAD_STOP, &no_ies);
}

void amf_load_tell(struct amf *amf, struct amf_gnb *gnb)
{
	if (amf->load.announced)
		order_send(amf, gnb);
}

static void order_all(struct amf *amf)
{
	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		if (gnb->node_id && !gnb->absent)
			order_send(amf, gnb);
	}
}

/*
 * So many of those that the gNBs let through could be taken: those that were admitted, or, while old ones are
 * worked off and nobody is, those that were done with.
 */
static uint64_t passed_next(const struct amf *amf, bool overloaded)
{
	const struct amf_load *load = &amf->load;
	uint32_t admitted = load->asked - load->turned_away, now = under_way(amf);
	uint32_t done = load->under_way + admitted > now ? load->under_way + admitted - now : 0;
	uint64_t taken = admitted > done ? admitted : done < load->asked ? done : load->asked;

	if (load->turned_away == 0)
		return overloaded ? load->passed : load->passed * UINT64_C(3) / 2 + 1;
	return (load->passed * taken * ORDER_MARGIN / 100 + load->asked - 1) / load->asked;
}

static void order_next(struct amf *amf, bool overloaded)
{
	struct amf_load *load = &amf->load;
	uint8_t before = load->passed;
	uint64_t passed = passed_next(amf, overloaded);
	uint8_t step = load->announced ? ORDER_NEXT : ORDER_FIRST;

	if (passed < before / step + 1u)
		passed = before / step + 1u;
	load->passed = (uint8_t)(passed > 100 ? 100 : passed);
	load->asked = load->turned_away = 0;
	load->under_way = under_way(amf);
	load->ticks = 0;
	if (load->passed == before)
		return;
	load->announced = load->passed < 100;
	load->told_ns = env_now_ns(amf->nf.env);
	log_info(amf->nf.env->log, "load: the gNBs let %u%% of new connections through", load->passed);
	order_all(amf);
}

static void load_tick(void *owner, struct timer *t);

static void tick_set(struct amf *amf)
{
	timer_set(&amf->nf.timers, &amf->load.tick, env_now_ns(amf->nf.env) + TICK_MS * (uint64_t)NS_PER_MS,
		load_tick);
}

static void window_narrow(struct amf *amf)
{
	struct amf_load *load = &amf->load;
	uint32_t used = under_way(amf), from = load->window < used ? load->window : used;

	load->window = from / 5 * 4 > WINDOW_MIN ? from / 5 * 4 : WINDOW_MIN;
}

static void load_tick(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	struct amf_load *load = &amf->load;
	bool overloaded = is_overloaded(amf);

	if (overloaded)
		window_narrow(amf);
	else if (load->refused > 0 && load->window < AMF_PROCEDURES_MAX)
		load->window += load->window / 8 + 1;
	load->calm = overloaded || load->refused > 0 || load->announced ? 0 : load->calm + 1;
	load->refused = 0;
	load->waited_us = UINT32_MAX;
	if (++load->ticks == TICKS_PER_ORDER)
		order_next(amf, overloaded);
	if (load->calm < CALM_TICKS) {
		tick_set(amf);
		return;
	}
	log_info(amf->nf.env->log, "load: no overload any more");
	amf_load_init(load);
}

static void overload_begins(struct amf *amf, bool flooded)
{
	struct amf_load *load = &amf->load;

	amf->stat[AMF_STAT_OVERLOADS]++;
	log_warn(amf->nf.env->log,
		"overload: messages wait for %u ms, with %u UEs under way; new ones are put off",
		load->now_us / 1000, under_way(amf));
	load->ticks = TICKS_PER_ORDER - 1; /* the first order at the first tick */
	load->calm = 0;
	load->asked = load->turned_away = load->refused = 0;
	load->under_way = under_way(amf);
	load->told_ns = 0;
	/* It may be over soon, and few are under way: the first ticks narrow it, before anybody is refused.
	 */
	load->window = 2 * load->under_way > WINDOW_MIN ? 2 * load->under_way : WINDOW_MIN;
	if (flooded)
		window_narrow(amf);
	load->waited_us = UINT32_MAX;
	tick_set(amf);
}

void amf_load_note(struct amf *amf, const struct msg *m)
{
	struct amf_load *load = &amf->load;
	uint64_t now_ns = env_now_ns(amf->nf.env);
	bool flooded;

	amf_count_waited(amf, m->waited_us);
	load->now_us = m->waited_us;
	load->busy_permille = m->busy_permille;
	/* Without overload a tick is what passes between messages: nothing runs for it. */
	flooded = is_flooded(amf, now_ns);
	if (!timer_is_set(&load->tick) && flooded) {
		overload_begins(amf, true);
	} else if (!timer_is_set(&load->tick) && now_ns - load->since_ns >= TICK_MS * (uint64_t)NS_PER_MS) {
		if (is_overloaded(amf))
			overload_begins(amf, false);
		load->since_ns = now_ns;
		load->waited_us = UINT32_MAX;
	}
	if (m->waited_us < load->waited_us)
		load->waited_us = m->waited_us;
}

/* Somebody is refused, or not; what arrived before the gNBs did as they were told says nothing of the order.
 */
static void count(struct amf *amf, bool refused)
{
	struct amf_load *load = &amf->load;
	uint64_t arrived_ns = env_now_ns(amf->nf.env) - (uint64_t)load->now_us * 1000;

	load->refused += refused;
	load->handled -= refused && load->handled > 0;
	amf->stat[AMF_STAT_PUT_OFF] += refused;
	if (arrived_ns < load->told_ns + TICK_MS * (uint64_t)NS_PER_MS)
		return;
	load->asked++;
	load->turned_away += refused;
}

bool amf_is_overloaded(const struct amf *amf)
{
	return timer_is_set(&amf->load.tick);
}

bool amf_load_admits(struct amf *amf, const struct amf_connection *c)
{
	const struct amf_load *load = &amf->load;
	bool has_room = under_way(amf) < load->window || amf_share_is_left(amf, c->gnb, load->window);
	bool admitted = load->now_us <= age_us(amf) && has_room;

	if (!timer_is_set(&load->tick) || has_priority(c->establishment_cause))
		return true;
	count(amf, !admitted);
	return admitted;
}

bool amf_load_is_hopeless(struct amf *amf, uint8_t establishment_cause)
{
	if (!timer_is_set(&amf->load.tick) || amf->load.now_us / HOPELESS <= age_us(amf) ||
		has_priority(establishment_cause))
		return false;
	count(amf, true);
	return true;
}
