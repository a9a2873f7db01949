/* The cell where the UE camps: what RRC takes of its SIB1 (38.331 5.2.2.4.2), and a change of cell. */
#include "ue/rrc/internal.h"
#include "wire/rrc/number.h"

#define NUMBER(path, v, ok) rrc_number_at(&rrc_ue_timers_and_constants_type, path, v, ok)

/* NR cell identity of the PLMN; numbers of PLMNs run over all lists (6.2.2, selectedPLMN-Identity). */
static bool identity_of(const struct rrc_sib1 *sib1, uint8_t plmn, uint64_t *nci)
{
	const struct rrc_plmn_identity_info_list *list =
		&sib1->cell_access_related_info.plmn_identity_info_list;
	size_t before = 0;

	for (size_t i = 0; i < list->count; i++) {
		before += list->items[i].plmn_identity_list.count;
		if (plmn < 1 || plmn > before)
			continue;
		*nci = list->items[i].cell_identity;
		return true;
	}
	return false;
}

static bool timers_read(const struct rrc_ue_timers_and_constants *t, struct ue_rrc_camped *out)
{
	bool ok = t != NULL; /* 6.2.2, condition: always here */

	if (!ok)
		return false;
	out->t300_ms = NUMBER("t300", t->t300, &ok);
	out->t301_ms = NUMBER("t301", t->t301, &ok);
	out->t310_ms = NUMBER("t310", t->t310, &ok);
	out->t311_ms = NUMBER("t311", t->t311, &ok);
	out->n310 = NUMBER("n310", t->n310, &ok);
	out->n311 = NUMBER("n311", t->n311, &ok);
	return ok;
}

bool ue_rrc_cell_read(const struct ue_rrc_cell *cell, struct ue_rrc_camped *out)
{
	const struct rrc_sib1 *sib1 = cell->sib1;
	const struct rrc_uplink_config_common_sib *uplink =
		sib1->serving_cell_config_common ? sib1->serving_cell_config_common->uplink_config_common
						 : NULL;
	const struct per_type *alignment =
		rrc_enum_at(&rrc_uplink_config_common_sib_type, "timeAlignmentTimerCommon");

	*out = (struct ue_rrc_camped){
		.there = true, .pci = cell->pci, .ssb_arfcn = cell->ssb_arfcn, .plmn = cell->plmn
	};
	ue_rrc_barring_read(out, sib1->uac_barring_info);
	return uplink && alignment &&
	       rrc_number(alignment, uplink->time_alignment_timer_common, &out->alignment_ms) &&
	       identity_of(sib1, cell->plmn, &out->nci) && timers_read(sib1->ue_timers_and_constants, out);
}

/* 5.3.3.6, 5.3.7.7, 5.3.14.4: what waits for this cell's answer, or is barred in it, ends with it. */
static void cell_changed(struct ue_rrc_connection *c)
{
	ue_rrc_barring_stop(c, c->state == UE_RRC_IDLE || c->state == UE_RRC_CONNECTING);
	if (c->state == UE_RRC_CONNECTING || timer_is_set(&c->timer[T301]))
		ue_rrc_fail(c, UE_RRC_FAILURE);
}

bool ue_rrc_cell_selected(struct ue_rrc_connection *c, const struct ue_rrc_cell *cell)
{
	struct ue_rrc_camped next;
	bool changed;

	if (!ue_rrc_cell_read(cell, &next))
		return false;
	changed = c->cell.there && (c->cell.pci != next.pci || c->cell.ssb_arfcn != next.ssb_arfcn);
	c->cell = next;
	if (changed)
		cell_changed(c);
	if (c->state == UE_RRC_REESTABLISHING && timer_is_set(&c->timer[T311]))
		ue_rrc_reestablishment_cell(c);
	return true;
}
