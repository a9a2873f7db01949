/* How UEs may be reached, and where they may be served: MICO, DRX, areas. */
#include <stdlib.h>

#include "tests/scenario/scenario.h"

/* An idle UE selects another cell. */
bool scn_ue_moves(struct scn *s, const struct scn_args *a)
{
	if (a->n[0] > SCN_UES_MAX || !s->ues[a->n[0]].ue || a->n[1] > SCN_GNBS_MAX || !s->gnbs[a->n[1]].node)
		return scn_fail(s, "there is no such UE, or no such gNB");
	if (!ue_reselect(s->ues[a->n[0]].ue, &s->gnbs[a->n[1]].air))
		return scn_fail(s, "the UE is connected");
	sim_settle(s->ue_node);
	return true;
}

/* The cell of a connected one is gone, and another is there. */
bool scn_ue_reestablishes(struct scn *s, const struct scn_args *a)
{
	if (a->n[0] > SCN_UES_MAX || !s->ues[a->n[0]].ue || a->n[1] > SCN_GNBS_MAX || !s->gnbs[a->n[1]].node)
		return scn_fail(s, "there is no such UE, or no such gNB");
	if (!ue_reestablish(s->ues[a->n[0]].ue, &s->gnbs[a->n[1]].air))
		return scn_fail(s, "the UE has no connection, or not such a one");
	sim_settle(s->ue_node);
	return true;
}

static struct ue *ue_at_number(struct scn *s, uint64_t n)
{
	struct ue *ue = n <= SCN_UES_MAX ? s->ues[n].ue : NULL;

	if (!ue)
		scn_fail(s, "there is no UE %u", (unsigned)n);
	return ue;
}

bool scn_ue_registers_emergency(struct scn *s, const struct scn_args *a)
{
	struct ue *ue = ue_at_number(s, a->n[0]);
	bool ok = ue && ue_register_emergency(ue);

	sim_settle(s->ue_node);
	return ok || scn_fail(s, "not possible in the present state");
}

bool scn_ue_calls_emergency(struct scn *s, const struct scn_args *a)
{
	struct ue *ue = ue_at_number(s, a->n[0]);
	bool ok = ue && ue_session_establish_emergency(ue);

	sim_settle(s->ue_node);
	return ok || scn_fail(s, "not possible in the present state");
}

enum { REDIAL_MS = 5000 };

static bool is_served(void *arg)
{
	struct ue_state state;

	ue_state(arg, &state);
	return state.sessions > 0;
}

/* A user who dials again until it works. */
bool scn_ue_calls_until(struct scn *s, const struct scn_args *a)
{
	struct ue *ue = ue_at_number(s, a->n[0]);

	for (uint64_t ms = 0; ue && ms < a->n[1]; ms += REDIAL_MS) {
		(void)ue_session_establish_emergency(ue); /* or it is on its way */
		sim_settle(s->ue_node);
		if (scn_run(s, is_served, ue, REDIAL_MS))
			return true;
	}
	return scn_fail(s, "nobody answers");
}

/* As `freehold subscriber set` with what is given. */
bool scn_subscription_changes(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[0]);
	struct subscriber old, fresh;
	uint8_t k[AKA_K_MAX], opc[AKA_OPC_MAX], k_len, opc_len;
	uint64_t sqn;
	bool ok;

	if (!s->core || !scn_options_known(s, a, "msisdn " SCN_MOBILITY) ||
		!core_subscriber_get(s->core, &supi, &old, &sqn) ||
		!core_subscriber_keys(s->core, &old, k, &k_len, opc, &opc_len))
		return scn_fail(s, "there is no such subscriber");
	fresh = old;
	fresh.msisdn = scn_option(a, "msisdn") ? msisdn_key(scn_option(a, "msisdn")) : old.msisdn;
	if (!scn_mobility_of(s, a, &fresh.mobility))
		return false;
	ok = core_subscriber_change(s->core, &old, &fresh, bytes_of(k, k_len), bytes_of(opc, opc_len), sqn);
	sim_settle(s->core_node);
	return ok || scn_fail(s, "the change is refused");
}

/* Of the rest all must be so. */
bool scn_ue_has_mobility(struct scn *s, const struct scn_args *a)
{
	struct ue_state state;
	bool ok = true;

	if (a->n[0] > SCN_UES_MAX || !s->ues[a->n[0]].ue)
		return scn_fail(s, "there is no UE %u", (unsigned)a->n[0]);
	if (!scn_options_known(s, a,
		    "mico strict usual restricted allowed t3512 active edrx emergency normal served numbers"))
		return false;
	ue_state(s->ues[a->n[0]].ue, &state);
	snprintf(s->seen, sizeof(s->seen), "%s%s%s t3512 %u s active %u s edrx 0x%02x",
		state.mico ? "mico" : "usual", state.strict ? " strict" : "",
		state.restricted ? " restricted" : " allowed", state.t3512_s, state.active_s, state.edrx);
	if (scn_option(a, "emergency"))
		ok &= state.emergency;
	if (scn_option(a, "normal"))
		ok &= !state.emergency;
	if (scn_option(a, "served"))
		ok &= state.emergency_served;
	if (scn_option(a, "numbers"))
		ok &= state.emergency_numbers == strtoul(scn_option(a, "numbers"), NULL, 0);
	if (scn_option(a, "mico"))
		ok &= state.mico;
	if (scn_option(a, "usual"))
		ok &= !state.mico;
	if (scn_option(a, "strict"))
		ok &= state.strict;
	if (scn_option(a, "restricted"))
		ok &= state.restricted;
	if (scn_option(a, "allowed"))
		ok &= !state.restricted;
	if (scn_option(a, "t3512"))
		ok &= state.t3512_s == scn_seconds(a, "t3512");
	if (scn_option(a, "active"))
		ok &= state.active_s == scn_seconds(a, "active");
	if (scn_option(a, "edrx"))
		ok &= state.edrx == strtoul(scn_option(a, "edrx"), NULL, 0);
	return ok;
}
