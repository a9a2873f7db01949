/* Which cell the UE is in (38.304 5.2). */
#include "radio/phy/search/band.h"
#include "radio/rrc/plmn.h"
#include "ue/stack/parts.h"

enum { ARENA_OCTETS = 16384, LONG_CYCLE = 64 /* frames */ };

/* selectedPLMN-Identity (38.331 6.2.2): numbers run over all lists. False: SIB1 has no such PLMN, or reserves
 * the cell for its operator's own use, which is for access identities 11 and 15 (38.304 5.3.1). */
static bool plmn_find(
	const struct rrc_sib1 *sib1, const struct plmn *plmn, uint8_t *number, struct ue_stack_cell *cell)
{
	const struct rrc_plmn_identity_info_list *list =
		&sib1->cell_access_related_info.plmn_identity_info_list;
	const enum rrc_plmn_identity_info_cell_reserved_for_operator_use reserved =
		RRC_PLMN_IDENTITY_INFO_CELL_RESERVED_FOR_OPERATOR_USE_RESERVED;
	struct plmn at = { .mcc = { 0 } };

	*number = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct rrc_plmn_identity_info *info = &list->items[i];

		for (size_t k = 0; k < info->plmn_identity_list.count; k++) {
			rrc_plmn_read(&info->plmn_identity_list.items[k], &at);
			++*number;
			if (!plmn_equal(&at, plmn) || info->cell_reserved_for_operator_use == reserved)
				continue;
			cell->nci = info->cell_identity;
			cell->tai = (struct tai){ at,
				info->has_tracking_area_code ? info->tracking_area_code : 0 };
			return true;
		}
	}
	return false;
}

/* NULL: it is none. */
static const struct rrc_sib1 *sib1_read(
	const struct ue_found *f, struct rrc_bcch_dl_sch_message *m, struct arena *arena)
{
	struct per_diag diag;

	return rrc_decode(&rrc_bcch_dl_sch_message_type, bytes_of(f->sib1, f->sib1_octets), arena, m, &diag)
		       ? &m->message.u.c1.u.system_information_block_type1
		       : NULL;
}

/* 38.304 4.5, 5.3.1. Samples have no unit, so S of 5.2.3.2 is not asked for: what was decoded is heard well
 * enough. */
bool stack_cell_is_suitable(void *arg, const struct ue_found *f)
{
	const struct ue_stack *s = arg;
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_dl_sch_message m;
	struct ue_stack_cell where;
	const struct rrc_sib1 *sib1;
	struct arena arena;
	uint8_t number;
	bool ok;

	arena_init(&arena, first, sizeof(first), 0);
	sib1 = sib1_read(f, &m, &arena);
	ok = sib1 && !sib1->cell_access_related_info.has_cell_reserved_for_other_use &&
	     !sib1->cell_access_related_info.has_cell_reserved_for_future_use_r16 &&
	     plmn_find(sib1, &s->config.plmn, &number, &where);
	arena_fini(&arena);
	return ok;
}

static bool tell_rrc(struct ue_stack *s, struct ue_stack_cell *where)
{
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_dl_sch_message m;
	struct ue_rrc_cell cell = { .pci = s->found.found.pci,
		.ssb_arfcn = phy_arfcn_near(s->found.found.ssb_hz) };
	struct arena arena;
	bool ok;

	arena_init(&arena, first, sizeof(first), 0);
	cell.sib1 = sib1_read(&s->found, &m, &arena);
	ok = cell.sib1 && plmn_find(cell.sib1, &s->config.plmn, &cell.plmn, where) &&
	     ue_rrc_cell_selected(s->rrc, &cell);
	arena_fini(&arena);
	return ok;
}

bool stack_tell_rrc(struct ue_stack *s)
{
	struct ue_stack_cell where;

	return tell_rrc(s, &where);
}

bool stack_tell_cell(struct ue_stack *s)
{
	struct ue_stack_cell where = { .found = &s->found };
	bool ok = tell_rrc(s, &where);

	s->config.camped(s->config.arg, ok ? &where : NULL);
	return ok;
}

void stack_leave(struct ue_stack *s)
{
	ue_phy_free(s->phy);
	s->phy = NULL;
}

void stack_search(struct ue_stack *s)
{
	s->radio.search(s->radio.self);
	stack_leave(s);
	s->wants_cell = s->in_sync = false;
	s->config.camped(s->config.arg, NULL);
}

/* 38.133 4.2.2.2: so long a UE that is idle stays in a cell that it does not hear, in DRX cycles of 38.304
 * 7.1. */
bool stack_is_out_of_service(const struct ue_stack *s)
{
	unsigned frames = s->found.cell.pcch.cycle, cycles = frames > LONG_CYCLE ? 2 : 4;

	return s->phy && !s->in_sync && ue_rrc_state(s->rrc) == UE_RRC_IDLE &&
	       s->now_ns - s->heard_ns >= UINT64_C(10000000) * frames * cycles;
}
