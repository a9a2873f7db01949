/* Expectations: what must be so now, or within a time. */
#include <stdlib.h>

#include "tests/scenario/scenario.h"

#include "base/text.h"

static struct ue *ue_of(struct scn *s, uint64_t n)
{
	if (n <= SCN_UES_MAX && s->ues[n].ue)
		return s->ues[n].ue;
	scn_fail(s, "there is no UE %u", (unsigned)n);
	return NULL;
}

static struct ue_state state_of(struct scn *s, const struct scn_args *a)
{
	struct ue_state state = { .mm_state = "none" };
	struct ue *ue = ue_of(s, a->n[0]);

	if (ue)
		ue_state(ue, &state);
	snprintf(s->seen, sizeof(s->seen), "%s, %s", state.mm_state, state.connected ? "connected" : "idle");
	return state;
}

static bool ue_is_registered(struct scn *s, const struct scn_args *a)
{
	return state_of(s, a).registered;
}

static bool ue_is_deregistered(struct scn *s, const struct scn_args *a)
{
	const char *state = state_of(s, a).mm_state;

	return !strncmp(state, "5GMM-DEREGISTERED", 17) && strcmp(state, "5GMM-DEREGISTERED-INITIATED") != 0;
}

static bool ue_is_connected(struct scn *s, const struct scn_args *a)
{
	return state_of(s, a).connected;
}

static bool ue_is_idle(struct scn *s, const struct scn_args *a)
{
	return !state_of(s, a).connected;
}

static bool ue_is_at(struct scn *s, const struct scn_args *a)
{
	return scn_ue_is_at(s, a->n[0], a->n[1]);
}

static bool keys_agree(struct scn *s, const struct scn_args *a)
{
	return scn_keys_agree(s, a->n[0]);
}

static bool ue_is_in_state(struct scn *s, const struct scn_args *a)
{
	return !strcmp(state_of(s, a).mm_state, a->s[0]);
}

static bool ue_has_algorithms(struct scn *s, const struct scn_args *a)
{
	struct ue_state state = state_of(s, a);

	snprintf(s->seen, sizeof(s->seen), "ea %u ia %u", state.ea, state.ia);
	return state.ea == a->n[1] && state.ia == a->n[2];
}

static bool session_of(struct scn *s, const struct scn_args *a, struct ue_session_info *info)
{
	struct ue *ue = ue_of(s, a->n[0]);
	char text[ADDR_STR_SIZE];
	struct addr v6;
	bool there = ue && ue_session_info(ue, (uint8_t)a->n[1], info);

	if (!there)
		*info = (struct ue_session_info){ 0 };
	v6 = ip_to_addr(info->ipv6, 0);
	snprintf(s->seen, sizeof(s->seen), "session %s, %s, address %08x and %s, DNN %s",
		there ? "there" : "not there", info->active ? "active" : "not active", info->ipv4,
		addr_str(&v6, text), info->dnn);
	return there;
}

static bool session_is_active(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	return session_of(s, a, &info) && info.active;
}

static bool session_has_prefix(struct scn *s, const struct scn_args *a)
{
	struct prefix prefix, excluded;

	return a->n[0] <= SCN_UES_MAX && s->ues[a->n[0]].ue &&
	       ue_session_prefix(s->ues[a->n[0]].ue, (uint8_t)a->n[1], &prefix, &excluded);
}

static bool session_has_user_plane(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	return session_of(s, a, &info) && info.active && info.has_user_plane;
}

/* integrity, ciphering: 1 or 0. */
static bool session_has_protection(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	return session_of(s, a, &info) && info.active && info.has_user_plane &&
	       info.has_integrity == a->n[2] && info.has_ciphering == a->n[3];
}

static bool session_has_address(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	return session_of(s, a, &info) && info.active && info.ipv4 != 0;
}

static bool session_has_address6(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	return session_of(s, a, &info) && info.active && !ip_is_none(info.ipv6);
}

static bool session_has_dnn(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	return session_of(s, a, &info) && info.active && !strcmp(info.dnn, a->s[0]);
}

static bool session_has_msisdn(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	if (!session_of(s, a, &info) || !info.active)
		return false;
	snprintf(s->seen, sizeof(s->seen), "MSISDN %s", info.msisdn[0] ? info.msisdn : "none");
	return !strcmp(s->seen + 7, a->s[0]);
}

static bool crowd_is_done(struct scn *s, const struct scn_args *a)
{
	struct crowd_numbers n;

	if (!s->crowd)
		return false;
	n = crowd_numbers(s->crowd);
	snprintf(s->seen, sizeof(s->seen), "begun %u registered %u sessions %u failed %u", n.begun,
		n.registered, n.sessions, n.failed);
	return crowd_done(s->crowd);
}

static bool network_is_consistent(struct scn *s, const struct scn_args *a)
{
	return scn_is_consistent(s);
}

/* A named number of somebody. */
struct number {
	const char *name;
	uint64_t value;
};

static bool compare(uint64_t value, const char *op, uint64_t with, bool *known)
{
	*known = true;
	if (!strcmp(op, "="))
		return value == with;
	if (!strcmp(op, ">="))
		return value >= with;
	if (!strcmp(op, "<="))
		return value <= with;
	*known = false;
	return false;
}

/* The rest reads: NAME [=|>=|<=] NUMBER, again and again. */
static bool numbers_are(struct scn *s, const struct scn_args *a, const struct number *numbers, size_t count)
{
	bool all = true, known = true;

	s->seen[0] = '\0';
	for (size_t i = 0; i < a->rest_count;) {
		const char *name = a->rest[i++], *op = "=";
		const struct number *n = numbers;
		uint64_t with;

		while (n < numbers + count && strcmp(n->name, name) != 0)
			n++;
		if (i < a->rest_count && strchr("=<>", a->rest[i][0]))
			op = a->rest[i++];
		if (n == numbers + count || i == a->rest_count || !scn_number(a->rest[i++], &with))
			return scn_fail(s, "no such number, or nothing to compare with: %s", name);
		if (!compare(n->value, op, with, &known))
			all = false;
		if (!known)
			return scn_fail(s, "%s is none of = >= <=", op);
		snprintf(s->seen + strlen(s->seen), sizeof(s->seen) - strlen(s->seen), "%s %llu ", name,
			(unsigned long long)n->value);
	}
	return all;
}

/* Of the host that the UE is in. */
static uint64_t warnings_of(const struct ue_host *host, struct stats *st)
{
	if (!host)
		return 0;
	ue_host_stats(host, st);
	for (size_t i = 0; i < st->group->count; i++)
		if (!strcmp(st->group->defs[i].name, "warnings"))
			return st->values[i];
	return 0;
}

static bool ue_numbers(struct scn *s, const struct scn_args *a)
{
	const struct scn_ue *u = &s->ues[a->n[0] <= SCN_UES_MAX ? a->n[0] : 0];
	struct ue_state state = state_of(s, a);
	struct stats host;
	const struct number n[] = {
		{ "warnings", warnings_of(u->host ? u->host : s->host, &host) },
		{ "cause", u->cause },
		{ "sessions", state.sessions },
		{ "packets", u->packets },
		{ "registrations", u->events[UE_EVENT_REGISTERED] },
		{ "failures", u->events[UE_EVENT_REGISTRATION_FAILED] },
		{ "deregistrations", u->events[UE_EVENT_DEREGISTERED] },
		{ "sessions-up", u->events[UE_EVENT_SESSION_UP] },
		{ "sessions-failed", u->events[UE_EVENT_SESSION_FAILED] },
		{ "sessions-down", u->events[UE_EVENT_SESSION_DOWN] },
		{ "handovers", u->events[UE_EVENT_HANDED_OVER] },
		{ "handover-failures", u->events[UE_EVENT_HANDOVER_FAILED] },
		{ "reestablishments", u->events[UE_EVENT_REESTABLISHED] },
	};

	return numbers_are(s, a, n, ARRAY_LEN(n));
}

static bool core_numbers(struct scn *s, const struct scn_args *a)
{
	struct amf_numbers amf = s->core ? core_amf_numbers(s->core) : (struct amf_numbers){ 0 };
	struct smf_numbers smf = s->core ? smf_numbers(core_smf(s->core)) : (struct smf_numbers){ 0 };
	const struct number n[] = {
		{ "ues", amf.ues },
		{ "registered", amf.registered },
		{ "connections", amf.connections },
		{ "gnbs", amf.gnbs },
		{ "sessions", smf.sessions },
		{ "active", smf.active },
		{ "upfs", smf.upfs_associated },
		{ "drained", smf.upfs_drained },
		{ "addresses", smf.addresses },
		{ "prefixes", smf.prefixes },
		{ "amf-sessions", amf.sessions },
		{ "alarms", s->core ? core_alarms_active(s->core) : 0 },
	};

	return s->core ? numbers_are(s, a, n, ARRAY_LEN(n)) : scn_fail(s, "there is no core");
}

static bool amf_has_numbers(struct scn *s, const struct scn_args *a)
{
	struct amf *one = s->core && a->n[0] >= 1 && a->n[0] <= CORE_AMFS_MAX
				  ? core_amf_at(s->core, (uint8_t)(a->n[0] - 1))
				  : NULL;
	struct amf_numbers amf = one ? amf_numbers(one) : (struct amf_numbers){ 0 };
	const struct number n[] = {
		{ "ues", amf.ues },
		{ "registered", amf.registered },
		{ "connections", amf.connections },
		{ "gnbs", amf.gnbs },
		{ "sessions", amf.sessions },
	};

	return one ? numbers_are(s, a, n, ARRAY_LEN(n)) : scn_fail(s, "there is no such AMF");
}

static bool upf_has_numbers(struct scn *s, const struct scn_args *a)
{
	struct upf_numbers upf = s->upf ? upf_numbers(s->upf) : (struct upf_numbers){ 0 };
	const struct number n[] = { { "sessions", upf.sessions }, { "smfs", upf.smfs_associated } };

	return s->upf ? numbers_are(s, a, n, ARRAY_LEN(n)) : scn_fail(s, "there is no UPF");
}

static bool gnb_has_numbers(struct scn *s, const struct scn_args *a)
{
	const struct gnb *gnb = a->n[0] <= SCN_GNBS_MAX ? s->gnbs[a->n[0]].gnb : NULL;
	struct gnb_numbers gn = gnb ? gnb_numbers(gnb) : (struct gnb_numbers){ 0 };
	const struct number n[] = {
		{ "amfs", gn.amfs_ready },
		{ "neighbours", gn.neighbours_ready },
		{ "ues", gn.ues },
		{ "contexts", gn.contexts },
		{ "sessions", gn.sessions },
	};

	return gnb ? numbers_are(s, a, n, ARRAY_LEN(n)) : scn_fail(s, "there is no such gNB");
}

static bool crowd_has_numbers(struct scn *s, const struct scn_args *a)
{
	struct crowd_numbers c = s->crowd ? crowd_numbers(s->crowd) : (struct crowd_numbers){ 0 };
	struct crowd_radio r = s->crowd ? crowd_radio(s->crowd) : (struct crowd_radio){ 0 };
	const struct number n[] = {
		{ "gnbs", c.gnbs_ready },
		{ "begun", c.begun },
		{ "registered", c.registered },
		{ "sessions", c.sessions },
		{ "failed", c.failed },
		{ "deregistered", c.deregistered },
		{ "put-off", c.put_off },
		{ "cuup-contexts", r.cuup_contexts },
		{ "du-ues", r.du_ues },
	};

	return s->crowd ? numbers_are(s, a, n, ARRAY_LEN(n)) : scn_fail(s, "there is no crowd");
}

static bool crowd_is_served_in(struct scn *s, const struct scn_args *a)
{
	return s->crowd ? crowd_times_us(crowd_served(s->crowd), (uint32_t)a->n[0]) <= a->n[1] * 1000
			: scn_fail(s, "there is no crowd");
}

static bool crowd_has_lived(struct scn *s, const struct scn_args *a)
{
	return s->crowd && crowd_lived(s->crowd);
}

static bool crowd_did(struct scn *s, const struct scn_args *a)
{
	for (unsigned task = 0; s->crowd && task < CROWD_TASKS; task++) {
		const struct crowd_task_numbers *t = crowd_task_numbers(s->crowd, (enum crowd_task)task);
		const struct number n[] = {
			{ "begun", t->begun },
			{ "done", t->done },
			{ "failed", t->failed },
			{ "nobody", t->nobody },
		};

		if (!strcmp(a->s[0], crowd_task_names[task]))
			return numbers_are(s, a, n, ARRAY_LEN(n));
	}
	return scn_fail(s, s->crowd ? "that is no task" : "there is no crowd");
}

struct stat_search {
	const char *room;
	struct number *numbers;
	size_t count;
};

enum { STATS_MAX = 128 };

/* A room is named as in freehold status: "amf2" is the second AMF. */
static bool is_room(const struct stats *st, const char *name)
{
	size_t len = strlen(st->group->room);

	return !strncmp(st->group->room, name, len) &&
	       (st->number > 0 ? strtoul(name + len, NULL, 10) == st->number + 1u : name[len] == '\0');
}

static void stat_collect(struct stat_search *find, const struct stats *st)
{
	if (find->room && !is_room(st, find->room))
		return;
	for (size_t i = 0; i < st->group->count && find->count < STATS_MAX; i++)
		find->numbers[find->count++] = (struct number){ st->group->defs[i].name, stats_sum(st, i) };
}

static bool stat_of_room(struct scn *s, const struct scn_args *a)
{
	struct number numbers[STATS_MAX];
	struct stat_search find = { a->s[0], numbers, 0 };
	struct stats_list all = { 0 };
	struct stats st;

	if (!strcmp(a->s[0], "upf") && s->upf) {
		upf_stats(s->upf, &st);
		stat_collect(&find, &st);
	} else if (!strcmp(a->s[0], "ue")) {
		ue_host_stats(s->host, &st);
		stat_collect(&find, &st);
	} else if (s->core) {
		core_figures(s->core, &all);
		for (size_t i = 0; i < all.count; i++)
			stat_collect(&find, &all.items[i]);
	}
	return numbers_are(s, a, numbers, find.count);
}

static bool stat_of_gnb(struct scn *s, const struct scn_args *a)
{
	struct number numbers[STATS_MAX];
	struct stat_search find = { NULL, numbers, 0 };
	struct stats st;

	if (a->n[0] > SCN_GNBS_MAX || !s->gnbs[a->n[0]].gnb)
		return scn_fail(s, "there is no such gNB");
	gnb_stats(s->gnbs[a->n[0]].gnb, &st);
	stat_collect(&find, &st);
	return numbers_are(s, a, numbers, find.count);
}

typedef bool condition_fn(struct scn *s, const struct scn_args *a);

static const struct {
	const char *pattern;
	condition_fn *is_so;
} conditions[] = {
	{ "ue # registered", ue_is_registered },
	{ "ue # deregistered", ue_is_deregistered },
	{ "ue # connected", ue_is_connected },
	{ "ue # idle", ue_is_idle },
	{ "ue # at gnb #", ue_is_at },
	{ "ue # keys agree", keys_agree },
	{ "ue # state $", ue_is_in_state },
	{ "ue # ea # ia #", ue_has_algorithms },
	{ "ue # session # active", session_is_active },
	{ "ue # session # address", session_has_address },
	{ "ue # session # address6", session_has_address6 },
	{ "ue # session # prefix", session_has_prefix },
	{ "ue # session # user-plane", session_has_user_plane },
	{ "ue # session # integrity # ciphering #", session_has_protection },
	{ "ue # session # dnn $", session_has_dnn },
	{ "ue # session # msisdn $", session_has_msisdn },
	{ "ue # session # flows #", scn_has_flows },
	{ "ue # session # ambr # #", scn_has_ambr },
	{ "ue # session # pings in flow #", scn_ping_flow },
	{ "flows agree", scn_flows_agree },
	{ "flows octets # #", scn_flows_counted },
	{ "ue # power *", scn_ue_has_mobility },
	{ "ue # parameters *", scn_ue_has_parameters },
	{ "ue # steering *", scn_ue_has_steering },
	{ "ue # *", ue_numbers },
	{ "core *", core_numbers },
	{ "amf # *", amf_has_numbers },
	{ "upf *", upf_has_numbers },
	{ "gnb # *", gnb_has_numbers },
	{ "crowd done", crowd_is_done },
	{ "crowd lived", crowd_has_lived },
	{ "crowd did $ *", crowd_did },
	{ "consistent", network_is_consistent },
	{ "crowd # permille served in # ms", crowd_is_served_in },
	{ "crowd *", crowd_has_numbers },
	{ "memory grown # kb at most", scn_memory_grown },
	{ "stat gnb # *", stat_of_gnb },
	{ "stat $ *", stat_of_room },
};

struct wanted {
	struct scn *s;
	condition_fn *is_so;
	struct scn_args args;
	bool negated;
};

static bool is_so(void *arg)
{
	struct wanted *w = arg;

	return w->is_so(w->s, &w->args) != w->negated;
}

bool scn_expect(struct scn *s, char **words, size_t count)
{
	struct wanted w = { .s = s };
	uint64_t ms = 0;

	if (count > 2 && !strcmp(words[count - 2], "within") && scn_duration(words[count - 1], &ms))
		count -= 2;
	w.negated = count > 0 && !strcmp(words[0], "not");
	for (size_t i = 0; i < ARRAY_LEN(conditions) && !w.is_so; i++)
		if (scn_match(conditions[i].pattern, words + w.negated, count - w.negated, &w.args))
			w.is_so = conditions[i].is_so;
	if (!w.is_so)
		return scn_fail(s, "unknown expectation");
	if (is_so(&w) || (ms && scn_run(s, is_so, &w, ms)))
		return true;
	return scn_fail(s, "not so: %s", s->seen);
}
