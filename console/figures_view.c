/*
 * Figures over the last hour, day, month or year, and what follows from them. Of TS 28.554, here of the whole
 * network: registered subscribers (6.2.1), the success rates of registrations (6.2.3) and of PDU session
 * establishment (6.2.5), the mean number of PDU sessions (6.4.1), how long one takes to be established
 * (6.4.3), periodic registration updates (6.4.4); of mobility (6.6) the success rates of mobility
 * registration updates and of handovers by N2. The use of addresses and how long registrations take are ours.
 * What is of the UPF (6.3: throughput) or of gNBs (6.3: delay, 6.5: retainability) the core does not count.
 */
#include "console/figures.h"

/* points of so many steps each */
static const struct range {
	const char *name;
	enum figure_ring ring;
	uint32_t points, steps;
} ranges[] = {
	{ "hour", FIGURES_MINUTES, 60, 1 },
	{ "day", FIGURES_TENS, 144, 1 },
	{ "month", FIGURES_HOURS, 31 * 8, 3 },
	{ "year", FIGURES_HOURS, 456, 24 },
};

struct figures_point {
	const char *time;
	uint64_t seconds, registration_requests, registrations, registration_success_permille,
		registration_mean_us, session_requests, sessions_created, session_success_permille,
		session_mean_us, mobility_requests, mobility_success_permille, periodic_updates, handovers,
		handover_success_permille, ues_registered, ues_connected, sessions, addresses_in_use,
		address_use_permille;
};
#define NUMBER(member) { JSON_V(#member, json_uint, figures_point, member) }
BODY(figures_table, { JSON_V("time", json_text, figures_point, time), .mandatory = true },
	{ JSON_V("seconds", json_uint, figures_point, seconds), .mandatory = true },
	NUMBER(registration_requests), NUMBER(registrations), NUMBER(registration_success_permille),
	NUMBER(registration_mean_us), NUMBER(session_requests), NUMBER(sessions_created),
	NUMBER(session_success_permille), NUMBER(session_mean_us), NUMBER(mobility_requests),
	NUMBER(mobility_success_permille), NUMBER(periodic_updates), NUMBER(handovers),
	NUMBER(handover_success_permille), NUMBER(ues_registered), NUMBER(ues_connected), NUMBER(sessions),
	NUMBER(addresses_in_use), NUMBER(address_use_permille));

static void put(struct writer *w, const char *name, uint64_t value)
{
	text_put(w, ",\"%s\":%llu", name, (unsigned long long)value);
}

/* A share, or a mean, of nothing is left out. */
static void put_share(struct writer *w, const char *name, uint64_t part, uint64_t of, uint64_t times)
{
	if (of > 0)
		put(w, name, part * times / of);
}

static void put_counts(struct writer *w, const uint64_t *v)
{
	put(w, "registration_requests", v[FIGURE_REGISTRATION_REQUESTS]);
	put(w, "registrations", v[FIGURE_REGISTRATIONS]);
	put_share(w, "registration_success_permille", v[FIGURE_REGISTRATIONS],
		v[FIGURE_REGISTRATION_REQUESTS], 1000);
	put_share(w, "registration_mean_us", v[FIGURE_REGISTRATION_US], v[FIGURE_REGISTRATION_TIMES], 1);
	put(w, "session_requests", v[FIGURE_SESSION_REQUESTS]);
	put(w, "sessions_created", v[FIGURE_SESSIONS_CREATED]);
	put_share(
		w, "session_success_permille", v[FIGURE_SESSIONS_CREATED], v[FIGURE_SESSION_REQUESTS], 1000);
	put_share(w, "session_mean_us", v[FIGURE_SESSION_US], v[FIGURE_SESSION_TIMES], 1);
	put(w, "mobility_requests", v[FIGURE_MOBILITY_REQUESTS]);
	put_share(w, "mobility_success_permille", v[FIGURE_MOBILITY_UPDATES], v[FIGURE_MOBILITY_REQUESTS],
		1000);
	put(w, "periodic_updates", v[FIGURE_PERIODIC_UPDATES]);
	put(w, "handovers", v[FIGURE_HANDOVERS]);
	put_share(w, "handover_success_permille", v[FIGURE_HANDOVERS_DONE], v[FIGURE_HANDOVERS], 1000);
}

/* The mean of the samples. */
static void put_levels(struct writer *w, const struct figure_step *s)
{
	static const struct {
		const char *name;
		enum figure figure;
	} levels[] = { { "ues_registered", FIGURE_UES_REGISTERED }, { "ues_connected", FIGURE_UES_CONNECTED },
		{ "sessions", FIGURE_SESSIONS }, { "addresses_in_use", FIGURE_ADDRESSES_IN_USE } };

	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		put(w, levels[i].name, (s->values[levels[i].figure] + s->samples / 2) / s->samples);
	put_share(w, "address_use_permille", s->values[FIGURE_ADDRESSES_IN_USE], s->values[FIGURE_ADDRESSES],
		1000);
}

/* Several steps as one. */
static void gather(struct console *c, const struct range *r, uint64_t begin_s, struct figure_step *out)
{
	struct figure_step s;

	*out = (struct figure_step){ .utc_s = begin_s };
	for (uint32_t i = 0; i < r->steps; i++) {
		if (!figures_get(c, r->ring, begin_s + i * figure_step_s[r->ring], &s))
			continue;
		out->samples += s.samples;
		for (size_t k = 0; k < FIGURES; k++)
			out->values[k] += s.values[k];
	}
}

static void put_point(struct writer *w, const struct figure_step *s, uint64_t seconds, bool first)
{
	text_put(w, first ? "{\"time\":" : ",{\"time\":");
	json_time_s(w, s->utc_s);
	put(w, "seconds", seconds);
	put_counts(w, s->values);
	put_levels(w, s);
	text_put(w, "}");
}

static const struct range *range_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (!strcmp(ranges[i].name, name ? name : "day"))
			return &ranges[i];
	return NULL;
}

void run_figures(struct call *call)
{
	const struct range *r = range_of(call_query(call, "range"));
	struct console *c = call->console;
	uint64_t seconds, last_s;
	struct figure_step s;
	bool first = true;

	if (!r) {
		call_refuse(call, HTTP1_BAD_REQUEST, "range is hour, day, month or year");
		return;
	}
	seconds = (uint64_t)figure_step_s[r->ring] * r->steps;
	last_s = env_utc_ms(c->env) / 1000 / seconds * seconds;
	text_put(call_json(call, 64), "{\"rows\":[");
	for (uint32_t i = r->points; i-- > 0 && last_s > i * seconds;) {
		gather(c, r, last_s - i * seconds, &s);
		if (s.samples == 0)
			continue;
		put_point(call_json(call, 1024), &s, seconds, first);
		first = false;
	}
	text_put(call_json(call, 64), "],\"next\":null}");
	call_answer(call, HTTP1_OK);
}
