#include "gnb/du/measurement.h"

#include "wire/rrc/rrc.h"

enum { ARENA_LIMIT = 1 << 20 };

static bool is_here(const struct rrc_meas_object_to_add_mod_meas_object *o, uint32_t ssb_arfcn)
{
	return o->tag == RRC_MEAS_OBJECT_TO_ADD_MOD_MEAS_OBJECT_TAG_MEAS_OBJECT_NR &&
	       o->u.meas_object_nr.has_ssb_frequency && o->u.meas_object_nr.ssb_frequency == ssb_arfcn;
}

uint8_t du_measurement_object(struct bytes meas_config, uint32_t ssb_arfcn)
{
	const struct rrc_meas_object_to_add_mod_list *list = NULL;
	struct rrc_meas_config m;
	struct per_diag diag;
	struct arena arena;
	uint8_t object = 0;

	arena_init(&arena, NULL, 0, ARENA_LIMIT);
	if (rrc_decode(&rrc_meas_config_type, meas_config, &arena, &m, &diag))
		list = m.meas_object_to_add_mod_list;
	for (size_t i = 0; list && i < list->count; i++)
		if (is_here(&list->items[i].meas_object, ssb_arfcn))
			object = list->items[i].meas_object_id;
	arena_fini(&arena);
	return object;
}
