/* What a DU counts: MAC, F1AP and F1-U. */
#include "gnb/du/figures.h"

#include <stdio.h>

static const struct stat_def stat_defs[DU_STATS] = {
	[DU_STAT_PREAMBLES] = { "preambles", "preambles heard" },
	[DU_STAT_PREAMBLES_UNANSWERED] = { "preambles_unanswered",
		"for which there was no room, or no time" },
	[DU_STAT_RESPONSES] = { "responses", "random access responses sent" },
	[DU_STAT_MSG3] = { "msg3", "first messages of UEs" },
	[DU_STAT_MSG3_RETRANSMISSIONS] = { "msg3_retransmissions", "granted again" },
	[DU_STAT_MSG3_LOST] = { "msg3_lost", "first messages of UEs that did not come" },
	[DU_STAT_CONTENTIONS_RESOLVED] = { "contentions_resolved", "UEs that have taken their C-RNTI" },
	[DU_STAT_RETURNS] = { "returns", "connected UEs that came back by random access" },
	[DU_STAT_UES_LOST] = { "ues_lost", "UEs that are not heard any more" },
	[DU_STAT_DL_BLOCKS] = { "dl_blocks", "transport blocks sent for the first time" },
	[DU_STAT_DL_RETRANSMISSIONS] = { "dl_retransmissions", "sent again" },
	[DU_STAT_DL_ERRORS] = { "dl_errors", "first transmissions that UEs did not decode" },
	[DU_STAT_DL_LOST] = { "dl_lost", "given up" },
	[DU_STAT_UL_BLOCKS] = { "ul_blocks", "transport blocks granted for the first time" },
	[DU_STAT_UL_RETRANSMISSIONS] = { "ul_retransmissions", "granted again" },
	[DU_STAT_UL_ERRORS] = { "ul_errors", "first transmissions that were not decoded" },
	[DU_STAT_UL_LOST] = { "ul_lost", "given up" },
	[DU_STAT_TIMING_ADVANCES] = { "timing_advances", "commands to send earlier or later" },
	[DU_STAT_PROBES] = { "probes", "UEs that were asked for an answer, having said nothing for long" },
	[DU_STAT_ALIGNMENTS_ENDED] = { "alignments_ended",
		"UEs whose uplink timing was not kept (timeAlignmentTimer)" },
	[DU_STAT_ORDERS] = { "orders", "orders to random access, for UEs that have lost their timing" },
	[DU_STAT_ORDERS_OBEYED] = { "orders_obeyed", "that have brought them back" },
	[DU_STAT_SCHEDULING_REQUESTS] = { "scheduling_requests", "scheduling requests of UEs" },
	[DU_STAT_SOUNDINGS] = { "soundings", "SRS of UEs that were heard" },
	[DU_STAT_PAGINGS] = { "pagings", "paging messages sent on the air" },
	[DU_STAT_PAGINGS_REFUSED] = { "pagings_refused", "for which there was no room, or no time" },
	[DU_STAT_NO_CCE] = { "no_cce", "PDCCHs that found no place" },
};
const struct stat_group du_stat_group = { "du", stat_defs, DU_STATS };

static const struct stat_def cqi_defs[] = {
	{ "carr_wbcqi_dist", "reports of UEs by CQI (38.214 Table 5.2.2.1-2, -3 where 256QAM is configured)",
		"CARR.WBCQIDist 5.1.1.11.1" },
};
const struct stat_group du_cqi_group = { "du", cqi_defs, ARRAY_LEN(cqi_defs), .labels = "cqi" };

static const struct stat_def mcs_defs[] = {
	{ "carr_pdsch_mcs_dist", "first transmissions down by MCS", "CARR.PDSCHMCSDist 5.1.1.12.1" },
	{ "carr_pusch_mcs_dist", "grants of new blocks by MCS", "CARR.PUSCHMCSDist 5.1.1.12.2" },
};
const struct stat_group du_mcs_group = { "du", mcs_defs, ARRAY_LEN(mcs_defs), .labels = "mcs" };

static void label(const char *name, size_t row, struct writer *w)
{
	char text[8];

	snprintf(text, sizeof(text), "%zu", row);
	stat_label(w, name, text);
}

static void cqi_label(const void *arg, size_t row, struct writer *w)
{
	label("cqi", row, w);
}

static void mcs_label(const void *arg, size_t row, struct writer *w)
{
	label("mcs", row, w);
}

static void link_figures(struct du_figures *f, const struct du *d, const char *name, struct stats_list *l)
{
	for (unsigned i = 0; i < PHY_CQI_ROWS; i++)
		f->cqi[i] = du_spread(d, DU_SPREAD_CQI, i);
	for (unsigned i = 0; i < PHY_MCS_ROWS; i++) {
		f->mcs[i][0] = du_spread(d, DU_SPREAD_DL_MCS, i);
		f->mcs[i][1] = du_spread(d, DU_SPREAD_UL_MCS, i);
	}
	stats_add(l, (struct stats){ .group = &du_cqi_group,
			     .values = f->cqi,
			     .rows = PHY_CQI_ROWS,
			     .labels = cqi_label,
			     .label = "du",
			     .name = name });
	stats_add(l, (struct stats){ .group = &du_mcs_group,
			     .values = f->mcs[0],
			     .rows = PHY_MCS_ROWS,
			     .labels = mcs_label,
			     .label = "du",
			     .name = name });
}

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
	link_figures(f, du_node_mac(n), name, l);
	f1_figures(f, n, name, l);
}
