/* Updates of UE parameters (23.502 4.20) and steering of roaming (23.122 annex C): what operators order, and
 * what UEs have of it. */
#include "tests/scenario/scenario.h"

static bool parameters_of(struct scn *s, const struct scn_args *a, struct udm_parameters *out)
{
	const char *slice = scn_option(a, "slice"), *routing = scn_option(a, "routing");

	*out = (struct udm_parameters){ .re_register = scn_option(a, "register") };
	if (!scn_options_known(s, a, "slice routing register"))
		return false;
	out->default_nssai_count = slice != NULL;
	if (slice && !snssai_parse(slice, &out->default_nssai[0]))
		return scn_fail(s, "no slice: %s", slice);
	if (routing)
		str_copy(out->routing_indicator, sizeof(out->routing_indicator), routing);
	return true;
}

bool scn_update(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[0]);
	struct udm_order o = { 0 };
	bool ok = parameters_of(s, a, &o.parameters) && s->core &&
		  core_update(s->core, &supi, UDM_PARAMETERS, &o);

	sim_settle(s->core_node);
	return ok || scn_fail(s, "the core refuses");
}

/* plmn=PLMN, by NR; without it nothing is to change */
static bool steering_of(struct scn *s, const struct scn_args *a, struct nas_steering *out)
{
	const char *plmn = scn_option(a, "plmn");

	*out = (struct nas_steering){ .count = plmn != NULL };
	out->plmns[0].access = NAS_ACCESS_NR;
	if (!scn_options_known(s, a, "plmn"))
		return false;
	return !plmn || plmn_parse(plmn, &out->plmns[0].plmn) || scn_fail(s, "no PLMN: %s", plmn);
}

bool scn_steer(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[0]);
	struct udm_order o = { 0 };
	bool ok = steering_of(s, a, &o.steering) && s->core && core_update(s->core, &supi, UDM_STEERING, &o);

	sim_settle(s->core_node);
	return ok || scn_fail(s, "the core refuses");
}

bool scn_ue_has_steering(struct scn *s, const struct scn_args *a)
{
	struct nas_steering wanted;
	struct ue_state state;
	char plmn[PLMN_STR_SIZE];

	if (a->n[0] > SCN_UES_MAX || !s->ues[a->n[0]].ue)
		return scn_fail(s, "there is no such UE");
	if (!steering_of(s, a, &wanted))
		return false;
	ue_state(s->ues[a->n[0]].ue, &state);
	snprintf(s->seen, sizeof(s->seen), "%u PLMNs, the first %s", state.steering.count,
		plmn_str(&state.steering.plmns[0].plmn, plmn));
	return state.steering.count == wanted.count &&
	       (wanted.count == 0 || (plmn_equal(&state.steering.plmns[0].plmn, &wanted.plmns[0].plmn) &&
					     state.steering.plmns[0].access == wanted.plmns[0].access));
}

bool scn_ue_has_parameters(struct scn *s, const struct scn_args *a)
{
	struct udm_parameters wanted;
	struct ue_state state;

	if (a->n[0] > SCN_UES_MAX || !s->ues[a->n[0]].ue)
		return scn_fail(s, "there is no such UE");
	if (!parameters_of(s, a, &wanted))
		return false;
	ue_state(s->ues[a->n[0]].ue, &state);
	snprintf(s->seen, sizeof(s->seen), "%u slices, routing \"%s\"", state.parameters.default_nssai_count,
		state.parameters.routing_indicator);
	return state.parameters.default_nssai_count == wanted.default_nssai_count &&
	       (wanted.default_nssai_count == 0 ||
		       snssai_equal(&state.parameters.default_nssai[0], &wanted.default_nssai[0])) &&
	       !strcmp(state.parameters.routing_indicator, wanted.routing_indicator);
}
