/* A DU's figures, as last asked for. */
#pragma once

#include "gnb/du/room.h"

enum du_f1_figure {
	DU_F1,
	DU_F1_UES,
	DU_F1_SETUP_FAILURES,
	DU_F1AP_FAULTS,
	DU_F1AP_UNKNOWN_UE,
	DU_F1AP_REFUSED,
	DU_F1U_DL_PDUS,
	DU_F1U_UL_PDUS,
	DU_F1U_REFUSED,
	DU_F1U_LOST,
	DU_F1U_DISCARDED,
	DU_F1U_REPORTS,
	DU_F1U_MALFORMED,
	DU_F1U_FOREIGN,
	DU_F1U_GONE,
	DU_F1_FIGURES
};

struct du_figures {
	uint64_t mac[DU_STATS], f1[DU_F1_FIGURES], cqi[PHY_CQI_ROWS], mcs[PHY_MCS_ROWS][2];
};

/* Valid until the next call. */
void du_figures_add(struct du_figures *f, struct du_node *n, const char *name, struct stats_list *l);
