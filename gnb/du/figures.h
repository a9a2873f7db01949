/* A DU's figures as base/stats.h has them. */
#pragma once

#include "base/stats.h"
#include "gnb/du/du.h"

struct du_figures {
	uint64_t stat[DU_STATS], cqi[PHY_CQI_ROWS], mcs[PHY_MCS_ROWS][2];
};

extern const struct stat_group du_stat_group, du_cqi_group, du_mcs_group;

/* They stand in *f until they are asked for again. */
void du_figures(struct du_figures *f, const struct du *d, struct stats_list *l);
