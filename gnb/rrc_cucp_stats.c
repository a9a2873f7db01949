/* What the CU-CP counts of its DUs and CU-UPs, beside the gNB's own figures. */
#include "gnb/rrc_cucp.h"

static const struct stat_def defs[GNB_CU_FIGURES] = {
	[GNB_CU_DUS] = { "dus", "DUs that F1 is set up with", NULL, STAT_GAUGE },
	[GNB_CU_CUUPS] = { "cuups", "CU-UPs that E1 is set up with", NULL, STAT_GAUGE },
	[GNB_CU_UES] = { "ues", "UEs at DUs", NULL, STAT_GAUGE },
	[GNB_CU_BEARER_CONTEXTS] = { "bearer_contexts", "UEs with a bearer context at a CU-UP", NULL,
		STAT_GAUGE },
	[GNB_CU_F1AP_FAULTS] = { "f1ap_faults", "F1AP messages refused by 38.473 clause 10" },
	[GNB_CU_F1AP_UNKNOWN_UE] = { "f1ap_unknown_ue", "F1AP messages about UEs that are not there" },
	[GNB_CU_NOT_COMPREHENDED] = { "not_comprehended",
		"F1AP and RRC messages without a meaning where they came" },
	[GNB_CU_INTEGRITY_FAILURES] = { "integrity_failures", "RRC messages whose MAC-I is wrong" },
	[GNB_CU_REJECTED] = { "rejected", "RRCRejects" },
	[GNB_CU_REFUSED] = { "refused", "F1 Setups refused, and UEs for want of room" },
	[GNB_CU_TIMEOUTS] = { "timeouts", "UEs given up, because they or their DUs did not answer" },
	[GNB_CU_REESTABLISHMENTS] = { "reestablishments", "RRC re-establishments" },
	[GNB_CU_FALLBACKS] = { "fallbacks", "RRC re-establishments answered by a new connection" },
	[GNB_CU_WARNINGS_REFUSED] = { "warnings_refused",
		"public warnings that are too long, or that DUs do not broadcast" },
	[GNB_CU_REQUIRED] = { "modifications_required", "UEs reconfigured because their DU wanted that" },
	[GNB_CU_REQUIRED_REFUSED] = { "modifications_required_refused",
		"of which it was not the time, or not such" },
	[GNB_CU_E1AP_FAULTS] = { "e1ap_faults", "E1AP messages refused by 37.483 clause 10" },
	[GNB_CU_E1AP_UNKNOWN_UE] = { "e1ap_unknown_ue", "E1AP messages about UEs that are not there" },
	[GNB_CU_E1AP_NOT_COMPREHENDED] = { "e1ap_not_comprehended",
		"E1AP messages without a meaning where they came" },
	[GNB_CU_E1AP_REFUSED] = { "e1ap_refused", "E1 Setups and updates of CU-UPs refused" },
	[GNB_CU_E1AP_TIMEOUTS] = { "e1ap_timeouts", "orders that CU-UPs did not answer" },
	[GNB_CU_NO_CUUP] = { "no_cuup", "bearer contexts for which there was no CU-UP" },
};
const struct stat_group cucp_stat_group = { "cucp", defs, GNB_CU_FIGURES };

static uint64_t cuups_up(const struct gnb_cu *cu)
{
	uint64_t up = 0;

	for (uint32_t i = 0; i < GNB_CUUPS_MAX; i++)
		up += cucp_e1_is_up(cu->e1ap, i);
	return up;
}

static uint64_t dus_up(const struct gnb_cu *cu)
{
	uint64_t up = 0;

	for (uint32_t i = 0; i < GNB_DUS_MAX; i++)
		up += cucp_f1_is_up(cu->cucp, i);
	return up;
}

void gnb_cu_figures(struct gnb *gnb, struct stats_list *l)
{
	struct gnb_cu *cu = gnb->cu;
	struct cucp_stats f1 = cucp_stats(cu->cucp);
	struct cucp_e1ap_stats e1 = cucp_e1ap_stats(cu->e1ap);
	const uint64_t shown[GNB_CU_FIGURES] = { dus_up(cu), cuups_up(cu), cucp_ues(cu->cucp),
		cucp_e1_contexts(cu->e1ap), f1.f1ap_faults, f1.unknown_ue, f1.not_comprehended,
		f1.integrity_failures, f1.rejected, f1.refused, f1.timeouts, f1.reestablishments,
		f1.fallbacks, f1.warnings_refused, f1.required, f1.required_refused, e1.faults, e1.unknown_ue,
		e1.not_comprehended, e1.refused, e1.timeouts, e1.no_cuup };

	for (enum gnb_cu_figure i = 0; i < GNB_CU_FIGURES; i++)
		cu->shown[i] = shown[i];
	stats_add(l, (struct stats){ .group = &cucp_stat_group,
			     .values = cu->shown,
			     .label = "gnb",
			     .name = gnb->config.name });
}
