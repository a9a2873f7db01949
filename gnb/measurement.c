/* What UEs measure of their cells (38.331 5.5.5), counted as 28.552 5.1.1.22.1 has it. */
#include <stdio.h>

#include "gnb/internal.h"

enum { FIRST_DBM = -130, STEP_DB = 10 }; /* below the first: row 0 */

static const struct stat_def rsrp_defs[] = {
	{ "l1m_ss_rsrp", "reports of UEs by RSRP of their cell, in dBm", "L1M.SS-RSRP 5.1.1.22.1" },
};
_Static_assert(ARRAY_LEN(rsrp_defs) == GNB_RSRP_STATS, "a figure each");
const struct stat_group gnb_rsrp_group = { "gnb", rsrp_defs, ARRAY_LEN(rsrp_defs), .labels = "rsrp" };

static void label(const void *arg, size_t row, struct writer *w)
{
	int first_dbm = FIRST_DBM + STEP_DB * ((int)row - 1);
	char text[32];

	if (row == 0)
		snprintf(text, sizeof(text), "..%d", FIRST_DBM - 1);
	else if (row == GNB_RSRP_BINS - 1)
		snprintf(text, sizeof(text), "%d..", first_dbm);
	else
		snprintf(text, sizeof(text), "%d..%d", first_dbm, first_dbm + STEP_DB - 1);
	stat_label(w, "rsrp", text);
}

void gnb_measured(struct gnb *gnb, struct gnb_ue *ue, int16_t rsrp_dbm)
{
	int row = rsrp_dbm < FIRST_DBM ? 0 : (rsrp_dbm - FIRST_DBM) / STEP_DB + 1;

	gnb->figures.by_rsrp[row < GNB_RSRP_BINS ? row : GNB_RSRP_BINS - 1][0]++;
	gnb->stat[GNB_STAT_MEASUREMENT_REPORTS]++;
	ue->heard_ns = env_now_ns(gnb->env);
}

void gnb_measurement_figures(struct gnb *gnb, struct stats_list *l, struct stats s)
{
	s.group = &gnb_rsrp_group;
	s.values = gnb->figures.by_rsrp[0];
	s.rows = GNB_RSRP_BINS;
	s.shown = 0;
	s.labels = label;
	stats_add(l, s);
}
