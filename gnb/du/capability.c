#include "gnb/du/capability.h"

#include "wire/rrc/rrc.h"

enum { ARENA_LIMIT = 1 << 20 };

static void read_nr(struct du_capability *c, struct bytes octets, uint16_t band, struct arena *arena)
{
	struct rrc_ue_nr_capability nr;
	struct per_diag diag;

	if (!rrc_decode(&rrc_ue_nr_capability_type, octets, arena, &nr, &diag))
		return;
	c->pdsch_256qam = nr.phy_parameters.phy_parameters_fr1 &&
			  nr.phy_parameters.phy_parameters_fr1->has_pdsch_256_qam_fr1;
	for (size_t i = 0; i < nr.rf_parameters.supported_band_list_nr.count; i++)
		if (nr.rf_parameters.supported_band_list_nr.items[i].band_nr == band)
			c->pusch_256qam = nr.rf_parameters.supported_band_list_nr.items[i].has_pusch_256_qam;
}

struct du_capability du_capability_read(struct bytes containers, uint16_t band)
{
	struct du_capability c = { .pdsch_256qam = false };
	struct rrc_ue_capability_rat_container_list list;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, NULL, 0, ARENA_LIMIT);
	if (rrc_decode(&rrc_ue_capability_rat_container_list_type, containers, &arena, &list, &diag))
		for (size_t i = 0; i < list.count; i++)
			if (list.items[i].rat_type == RRC_RAT_TYPE_NR)
				read_nr(&c, list.items[i].ue_capability_rat_container, band, &arena);
	arena_fini(&arena);
	return c;
}
