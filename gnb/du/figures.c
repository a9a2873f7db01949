/* What a DU counts: MAC, F1AP and F1-U. */
#include "gnb/du/figures.h"

static const struct stat_def stat_defs[DU_STATS] = {
	[DU_STAT_PREAMBLES] = { "preambles", "preambles heard" },
	[DU_STAT_PREAMBLES_UNANSWERED] = { "preambles_unanswered",
		"for which there was no room, or no time" },
	[DU_STAT_RESPONSES] = { "responses", "random access responses sent" },
	[DU_STAT_MSG3] = { "msg3", "first messages of UEs" },
	[DU_STAT_MSG3_RETRANSMISSIONS] = { "msg3_retransmissions", "granted again" },
	[DU_STAT_MSG3_LOST] = { "msg3_lost", "first messages of UEs that did not come" },
	[DU_STAT_CONTENTIONS_RESOLVED] = { "contentions_resolved", "UEs that have taken their C-RNTI" },
	[DU_STAT_UES_LOST] = { "ues_lost", "UEs that are not heard any more" },
	[DU_STAT_DL_BLOCKS] = { "dl_blocks", "transport blocks sent for the first time" },
	[DU_STAT_DL_RETRANSMISSIONS] = { "dl_retransmissions", "sent again" },
	[DU_STAT_DL_LOST] = { "dl_lost", "given up" },
	[DU_STAT_UL_BLOCKS] = { "ul_blocks", "transport blocks granted for the first time" },
	[DU_STAT_UL_RETRANSMISSIONS] = { "ul_retransmissions", "granted again" },
	[DU_STAT_UL_LOST] = { "ul_lost", "given up" },
	[DU_STAT_SCHEDULING_REQUESTS] = { "scheduling_requests", "scheduling requests of UEs" },
	[DU_STAT_PAGINGS] = { "pagings", "paging messages sent on the air" },
	[DU_STAT_PAGINGS_REFUSED] = { "pagings_refused", "for which there was no room, or no time" },
	[DU_STAT_NO_CCE] = { "no_cce", "PDCCHs that found no place" },
};
const struct stat_group du_stat_group = { "du", stat_defs, DU_STATS };

static const struct stat_def f1_defs[DU_F1_FIGURES] = {
	[DU_F1] = { "f1", "1 while F1 is set up", NULL, STAT_GAUGE },
	[DU_F1_UES] = { "ues", "UEs that the CU-CP and the DU have", NULL, STAT_GAUGE },
	[DU_F1_SETUP_FAILURES] = { "f1_setup_failures", "F1 Setups that the CU-CP refused" },
	[DU_F1AP_FAULTS] = { "f1ap_faults", "F1AP messages refused by 38.473 clause 10" },
	[DU_F1AP_UNKNOWN_UE] = { "f1ap_unknown_ue", "F1AP messages about UEs that are not there" },
	[DU_F1AP_REFUSED] = { "f1ap_refused", "what the CU-CP asked for and did not get" },
	[DU_F1U_DL_PDUS] = { "f1u_downlink_pdus", "PDUs of CU-UPs for UEs" },
	[DU_F1U_UL_PDUS] = { "f1u_uplink_pdus", "PDUs of UEs for CU-UPs" },
	[DU_F1U_REFUSED] = { "f1u_refused", "downlink PDUs that RLC did not take" },
	[DU_F1U_LOST] = { "f1u_lost", "downlink PDUs that did not arrive" },
	[DU_F1U_DISCARDED] = { "f1u_discarded", "downlink PDUs that CU-UPs took back" },
	[DU_F1U_REPORTS] = { "f1u_reports", "delivery statuses sent to CU-UPs" },
	[DU_F1U_MALFORMED] = { "f1u_malformed", "frames of CU-UPs that are none of TS 38.425" },
	[DU_F1U_FOREIGN] = { "f1u_foreign", "packets of a tunnel, and not from its other end" },
	[DU_F1U_GONE] = { "f1u_error_indications", "Error Indications of CU-UPs, of tunnels in use" },
};
const struct stat_group du_f1_stat_group = { "du", f1_defs, DU_F1_FIGURES };

static void f1_figures(struct du_figures *f, struct du_node *n, const char *name, struct stats_list *l)
{
	const struct du_f1ap *f1ap = du_node_f1ap(n);
	struct du_f1ap_stats a = du_f1ap_stats(f1ap);
	struct du_f1u_stats u = du_f1u_stats(du_node_f1u(n));
	const uint64_t shown[DU_F1_FIGURES] = { du_f1ap_is_up(f1ap), du_f1ap_ues(f1ap), a.setup_failures,
		a.faults, a.unknown_ue, a.refused, u.dl_pdus, u.ul_pdus, u.refused, u.lost, u.discarded,
		u.reports, u.malformed, u.foreign, u.gone };

	for (enum du_f1_figure i = 0; i < DU_F1_FIGURES; i++)
		f->f1[i] = shown[i];
	stats_add(l,
		(struct stats){ .group = &du_f1_stat_group, .values = f->f1, .label = "du", .name = name });
}

void du_figures_add(struct du_figures *f, struct du_node *n, const char *name, struct stats_list *l)
{
	for (enum du_stat s = 0; s < DU_STATS; s++)
		f->mac[s] = du_stat(du_node_mac(n), s);
	stats_add(
		l, (struct stats){ .group = &du_stat_group, .values = f->mac, .label = "du", .name = name });
	f1_figures(f, n, name, l);
}
