/* What a DU counts, for base/stats.h: group `du`, how often each CQI and each MCS came. */
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
	[DU_STAT_SCHEDULING_REQUESTS] = { "scheduling_requests", "scheduling requests of UEs" },
	[DU_STAT_PAGINGS] = { "pagings", "paging messages sent on the air" },
	[DU_STAT_PAGINGS_REFUSED] = { "pagings_refused", "for which there was no room, or no time" },
	[DU_STAT_NO_CCE] = { "no_cce", "PDCCHs that found no place" },
};
const struct stat_group du_stat_group = { "du", stat_defs, DU_STATS };

static const struct stat_def cqi_defs[] = {
	{ "cqi_reports", "reports of UEs by CQI (38.214 Table 5.2.2.1-2, -3 where 256QAM is configured)",
		"CARR.WBCQIDist 5.1.1.11.1" },
};
const struct stat_group du_cqi_group = { "du", cqi_defs, ARRAY_LEN(cqi_defs), .labels = "cqi" };

static const struct stat_def mcs_defs[] = {
	{ "dl_mcs_blocks", "first transmissions down by MCS", "CARR.PDSCHMCSDist 5.1.1.12.1" },
	{ "ul_mcs_blocks", "grants of new blocks by MCS", "CARR.PUSCHMCSDist 5.1.1.12.2" },
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

void du_figures(struct du_figures *f, const struct du *d, struct stats_list *l)
{
	for (enum du_stat s = 0; s < DU_STATS; s++)
		f->stat[s] = du_stat(d, s);
	for (unsigned i = 0; i < PHY_CQI_ROWS; i++)
		f->cqi[i] = du_spread(d, DU_SPREAD_CQI, i);
	for (unsigned i = 0; i < PHY_MCS_ROWS; i++) {
		f->mcs[i][0] = du_spread(d, DU_SPREAD_DL_MCS, i);
		f->mcs[i][1] = du_spread(d, DU_SPREAD_UL_MCS, i);
	}
	stats_add(l, (struct stats){ .group = &du_stat_group, .values = f->stat });
	stats_add(l, (struct stats){ .group = &du_cqi_group,
			     .values = f->cqi,
			     .rows = PHY_CQI_ROWS,
			     .labels = cqi_label });
	stats_add(l, (struct stats){ .group = &du_mcs_group,
			     .values = f->mcs[0],
			     .rows = PHY_MCS_ROWS,
			     .labels = mcs_label });
}
