/* The allocation and the record of struct amf_ue's mobility. */
#include "core/amf/mobility.h"

#include <stdlib.h>

const struct amf_mobility amf_mobility_none;

struct amf_mobility *amf_mobility_make(struct amf_ue *ue)
{
	if (ue->mobility)
		return ue->mobility;
	ue->mobility = calloc(1, sizeof(*ue->mobility));
	return ue->mobility;
}

static bool says_nothing(const struct amf_mobility *m)
{
	return !m->mico_allowed && !m->nr_restricted && !m->core_restricted && !m->restriction &&
	       !m->has_areas_max && !m->subscribed_t3512_s && !m->subscribed_active_s &&
	       !m->forbidden.count && !m->mico && !m->has_edrx && !m->t3512_s && !m->active_s &&
	       !m->areas_changed && !m->ladns;
}

void amf_mobility_trim(struct amf_ue *ue)
{
	if (ue->mobility && says_nothing(ue->mobility))
		amf_mobility_free(ue);
}

void amf_mobility_free(struct amf_ue *ue)
{
	free(ue->mobility);
	ue->mobility = NULL;
}

static const struct record_field tac_fields[] = { { 1, RECORD_UINT, "tac", 0, sizeof(uint32_t), 0, 0,
	NULL } };
static const struct record_def tac_def = { "tac", tac_fields, ARRAY_LEN(tac_fields) };
static const struct record_field mobility_fields[] = {
	RECORD_U(1, amf_mobility, mico_allowed),
	RECORD_U(2, amf_mobility, nr_restricted),
	RECORD_U(3, amf_mobility, core_restricted),
	RECORD_U(4, amf_mobility, restriction),
	RECORD_U(5, amf_mobility, has_areas_max),
	RECORD_U(6, amf_mobility, areas_max),
	RECORD_U(7, amf_mobility, subscribed_t3512_s),
	RECORD_U(8, amf_mobility, subscribed_active_s),
	RECORD_L(9, amf_mobility, areas.items, areas.count, &tac_def),
	RECORD_L(10, amf_mobility, forbidden.items, forbidden.count, &tac_def),
	RECORD_L(11, amf_mobility, used.items, used.count, &tac_def),
	RECORD_U(12, amf_mobility, mico),
	RECORD_U(13, amf_mobility, has_edrx),
	RECORD_U(14, amf_mobility, edrx),
	RECORD_U(15, amf_mobility, t3512_s),
	RECORD_U(16, amf_mobility, active_s),
	RECORD_U(17, amf_mobility, areas_changed),
	RECORD_U(18, amf_mobility, ladns),
};
const struct record_def amf_mobility_def = { "mobility", mobility_fields, ARRAY_LEN(mobility_fields) };
