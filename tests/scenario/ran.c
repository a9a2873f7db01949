/* What operators have gNBs do: the words of a script for it. */
#include "tests/scenario/scenario.h"

#include "wire/ngap/ngap.h"

static bool done(struct scn *s, bool possible)
{
	sim_settle(s->core_node);
	return possible || scn_fail(s, "not possible in the present state");
}

/* With page, follow, stop or last; else now. area=TAC of follow. try: a core that was killed does not hear
 * it. */
bool scn_locate(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[0]);
	struct amf_location at;
	struct amf_locate l = { .how = AMF_LOCATE_NOW };
	uint64_t tac;

	if (!scn_options_known(s, a, "page follow stop last area try"))
		return false;
	l.page = scn_option(a, "page");
	if (scn_option(a, "follow"))
		l.how = AMF_LOCATE_FOLLOW;
	else if (scn_option(a, "stop"))
		l.how = AMF_LOCATE_STOP;
	else if (scn_option(a, "last"))
		l.how = AMF_LOCATE_LAST;
	if (scn_option(a, "area") && scn_number(scn_option(a, "area"), &tac)) {
		l.area_count = 1;
		l.area[0] = (uint32_t)tac;
	}
	return done(s, (s->core && core_locate(s->core, &supi, &l, &at)) || scn_option(a, "try"));
}

static bool trace(struct scn *s, uint64_t subscriber, bool on)
{
	struct supi supi = scn_supi(s, subscriber);
	struct amf_ran_trace t = {
		.depth = NGAP_TRACE_DEPTH_MEDIUM, .interfaces = 0xff, .collector = addr_from_v4(0x0a090909, 0)
	};

	return done(s, s->core && core_ran_trace(s->core, &supi, on ? &t : NULL));
}

bool scn_ran_trace(struct scn *s, const struct scn_args *a)
{
	return trace(s, a->n[0], true);
}

bool scn_ran_trace_ends(struct scn *s, const struct scn_args *a)
{
	return trace(s, a->n[0], false);
}

bool scn_cell_trace(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = a->n[0] <= SCN_GNBS_MAX ? &s->gnbs[a->n[0]] : NULL;
	struct addr collector = addr_from_v4(0x0a090909, 0);
	const char *refusal = "there is no such gNB";

	if (g && g->gnb)
		refusal = gnb_cell_trace(g->gnb, g->config.cells[0].id, &collector);
	if (refusal)
		return scn_fail(s, "%s", refusal);
	sim_settle(g->node);
	return true;
}

/* Identifier and serial number; repeat=SECONDS count=NUMBER area=TAC. */
bool scn_warn(struct scn *s, const struct scn_args *a)
{
	struct amf_warning_order o = { .id = (uint16_t)a->n[0],
		.serial = (uint16_t)a->n[1],
		.repetition_s = 10,
		.text = "Tsunami. Leave the coast." };
	const char *names[] = { "repeat", "count", "area" }, *refusal = "the core is dead";
	uint64_t v[3] = { 10, 0, 0 };

	if (!scn_options_known(s, a, "repeat count area"))
		return false;
	for (size_t i = 0; i < 3; i++)
		if (scn_option(a, names[i]) && !scn_number(scn_option(a, names[i]), &v[i]))
			return scn_fail(s, "expected a number: %s", names[i]);
	o.repetition_s = (uint16_t)v[0];
	o.broadcasts = (uint16_t)v[1];
	o.area_count = v[2] != 0;
	o.area[0] = (uint32_t)v[2];
	if (s->core)
		refusal = core_warn(s->core, &o);
	sim_settle(s->core_node);
	return !refusal || scn_fail(s, "%s", refusal);
}

bool scn_warning_cancel(struct scn *s, const struct scn_args *a)
{
	return done(s, s->core && core_warning_cancel(s->core, (uint16_t)a->n[0], (uint16_t)a->n[1]));
}

bool scn_capacity(struct scn *s, const struct scn_args *a)
{
	for (uint8_t i = 0; i < s->core_config.amf_count; i++)
		s->core_config.amfs[i].relative_capacity = (uint8_t)a->n[0];
	if (s->core)
		core_take_config(s->core, &s->core_config);
	return done(s, s->core != NULL);
}

bool scn_core_close(struct scn *s, const struct scn_args *a)
{
	if (s->core)
		core_close(s->core);
	return done(s, s->core != NULL);
}

static bool xn(
	struct scn *s, const struct scn_args *a, const char *(*command)(struct gnb *gnb, const char *name))
{
	struct scn_gnb *g = a->n[0] <= SCN_GNBS_MAX ? &s->gnbs[a->n[0]] : NULL;
	const char *refusal = "there is no such gNB";

	if (g && g->gnb && a->n[1] <= SCN_GNBS_MAX)
		refusal = command(g->gnb, s->gnbs[a->n[1]].name);
	if (refusal)
		return scn_fail(s, "%s", refusal);
	sim_settle(g->node);
	return true;
}

bool scn_xn_reset(struct scn *s, const struct scn_args *a)
{
	return xn(s, a, gnb_xn_reset);
}

bool scn_xn_remove(struct scn *s, const struct scn_args *a)
{
	return xn(s, a, gnb_xn_remove);
}

/* SIGHUP, with the configuration as it was. */
bool scn_gnb_config(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = a->n[0] <= SCN_GNBS_MAX ? &s->gnbs[a->n[0]] : NULL;

	if (!g || !g->gnb)
		return scn_fail(s, "there is no such gNB");
	gnb_take_config(g->gnb, &g->config);
	sim_settle(g->node);
	return true;
}
