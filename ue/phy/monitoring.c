/* 38.213 10.1: which PDCCHs a UE looks for in a slot, and what is found. */
#include "ue/phy/parts.h"

enum {
	PAGING_ONLY = 1,
	SHORT_MESSAGE_ONLY = 2, /* 38.212 Table 7.3.1.2.1-1 */
	FRAMES = 1024,
	K0_MAX = 32,
};

/* A common space of the UE's own that looks where the cell's does stands for both. */
static bool is_same(const struct cell_space *s, const struct cell_space *common)
{
	return s->there && !s->space.ue_specific && s->coreset_id == common->coreset_id &&
	       s->space.symbols == common->space.symbols && s->space.period <= common->space.period;
}

/* With the SP-CSI-RNTI too, at the candidates of the C-RNTI (38.213 10.1). */
static void add_configured(struct ue_phy *p, unsigned *n, const struct cell_space *space)
{
	unsigned before = *n;

	ue_phy_space_add(p, n, space, p->c_rnti);
	if (*n > before && p->own.sp_csi_rnti != 0)
		p->pdcch[before].search.rnti[p->pdcch[before].search.rntis++] = p->own.sp_csi_rnti;
}

/* 38.213 10.1: with a C-RNTI also in the common space of random access. */
static void add_own(struct ue_phy *p, unsigned *n)
{
	const struct cell_space *common = &p->cell->random_access;
	bool covered = false;

	for (unsigned i = 0; i < CELL_SPACES_MAX; i++)
		covered = covered || is_same(&p->own.spaces[i], common);
	/* Where most of its PDCCHs are first, of sizes that no other has. */
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++)
		if (p->own.spaces[i].there && p->own.spaces[i].configured)
			add_configured(p, n, &p->own.spaces[i]);
	if (!covered && common->there)
		ue_phy_space_add(p, n, common, p->c_rnti);
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++)
		if (p->own.spaces[i].there && !p->own.spaces[i].configured)
			ue_phy_space_add(p, n, &p->own.spaces[i], p->c_rnti);
}

static bool is_idle(const struct ue_phy *p)
{
	return p->ra.state == UE_RA_IDLE && p->c_rnti == 0;
}

unsigned ue_phy_monitor(struct ue_phy *p)
{
	const struct cell_space *common = &p->cell->random_access;
	unsigned n = ue_phy_si_monitor(p, 0), index = p->ue_id == UE_PHY_NOT_PAGED ? 0 : p->ue_id;

	/* One that is connected hears short messages there, as any (38.331 5.2.2.2.2). */
	if (cell_is_paging_slot(p->cell, index, p->now.sfn, p->now.slot))
		ue_phy_space_add(p, &n, &p->cell->paging, UE_PHY_P_RNTI);
	if (is_idle(p))
		return n;
	if (!ue_phy_is_awake(p, p->now_ns)) {
		p->stat[UE_PHY_STAT_SLOTS_SLEPT]++;
		return n;
	}
	if (p->ra.state == UE_RA_RESPONSE && common->there)
		ue_phy_space_add(p, &n, common, p->ra_rnti);
	if (p->ra.state == UE_RA_CONTENTION && common->there)
		ue_phy_space_add(p, &n, common, p->ra.temporary_c_rnti);
	add_own(p, &n);
	ue_phy_keep_budget(p, n);
	return n;
}

static enum phy_dci_kind assignment_kind(const struct ue_phy *p, uint16_t rnti)
{
	if (p->ra.state == UE_RA_RESPONSE && rnti == p->ra_rnti)
		return PHY_DCI_1_0_RA;
	if (rnti == UE_PHY_P_RNTI)
		return PHY_DCI_1_0_P;
	if (rnti == UE_PHY_SI_RNTI)
		return PHY_DCI_1_0_SI;
	return rnti == p->c_rnti ? PHY_DCI_1_0_C : PHY_DCI_1_0_TC;
}

/* What RRC has configured holds for the C-RNTI. */
static const struct cell_own *own_of(const struct ue_phy *p, uint16_t rnti)
{
	return p->own.there && rnti == p->c_rnti ? &p->own : NULL;
}

/* Whether there is a paging message that is for this UE to read. */
static bool take_page(struct ue_phy *p, const struct phy_dci *dci)
{
	uint32_t what = dci->field[PHY_DCI_SHORT_INDICATOR];

	if (what != PAGING_ONLY)
		p->upper.short_messages(p->upper.arg, (uint8_t)dci->field[PHY_DCI_SHORT_MESSAGES]);
	return what != SHORT_MESSAGE_ONLY && p->ue_id != UE_PHY_NOT_PAGED && is_idle(p);
}

/* A PDSCH of this slot, or K0 slots on. NULL: there are too many. */
static struct ue_phy_assignment *room_for(struct ue_phy *p, const struct cell_pdsch_grant *g)
{
	struct ue_phy_assignment *a;

	if (g->k0 == 0 ? p->assignments == UE_PHY_ASSIGNMENTS : p->ahead_n == UE_PHY_AHEAD)
		return NULL;
	a = g->k0 == 0 ? &p->assignment[p->assignments++] : &p->ahead[p->ahead_n++];
	*a = (struct ue_phy_assignment){ .grant = *g, .slot = p->slots + g->k0 };
	return a;
}

/* What was assigned in slots before; of what was missed nothing is left. */
static void take_due(struct ue_phy *p)
{
	uint64_t all = FRAMES * cell_frame_slots(p->cell);
	unsigned left = 0;

	for (unsigned i = 0; i < p->ahead_n; i++) {
		const struct ue_phy_assignment a = p->ahead[i];
		uint64_t to_come = (a.slot + all - p->slots) % all;

		if (to_come == 0 && p->assignments < UE_PHY_ASSIGNMENTS)
			p->assignment[p->assignments++] = a;
		else if (to_come > 0 && to_come <= K0_MAX)
			p->ahead[left++] = a;
	}
	p->ahead_n = (uint8_t)left;
}

static void take_assignment(struct ue_phy *p, const struct cell_space *space, const struct phy_dci *dci,
	const struct phy_pdcch_found *f)
{
	const struct cell *c = dci->kind == PHY_DCI_1_0_SI ? p->home : p->cell;
	struct ue_phy_assignment next, *a = &next;
	const struct cell_own *own = own_of(p, f->rnti);

	if (dci->kind == PHY_DCI_1_0_P && !take_page(p, dci))
		return;
	if (cell_pdsch_grant(&a->grant, c, own, ue_phy_space_of(p, space), f->rnti, dci) != PHY_PDSCH_OK ||
		!(a = room_for(p, &next.grant))) {
		p->stat[UE_PHY_STAT_DCIS_REFUSED]++;
		return;
	}
	if (dci->kind >= PHY_DCI_1_0_C)
		ue_phy_part_used(p);
	if (dci->kind >= PHY_DCI_1_0_TC)
		ue_power_tpc_pucch(&p->power, a->grant.tpc, p->pucch_at_most);
	a->kind = dci->kind;
	a->rnti = f->rnti;
	a->at = f->at;
	a->n_cce = (uint8_t)space->coreset.n_cce;
}

/* A DCI of SP-CSI-RNTI; an assignment of all ones ends something (38.214 Table 5.2.1.5.2-2). */
static bool take_sp(struct ue_phy *p, const struct cell_space *space, const struct phy_pdcch_found *f)
{
	struct phy_dci_layout l;
	struct phy_dci dci;

	if (!cell_dci_layout(&l, p->cell, &p->own, space, PHY_DCI_0_1) || l.bits != f->bits)
		return false;
	l.n_rb = 0;
	return phy_dci_unpack(&l, f->dci, &dci) && ue_phy_sp_dci(p, &dci);
}

/* Downlink and uplink formats of the same size are told apart by their first bit. */
static void take_dci(struct ue_phy *p, const struct cell_space *space, const struct phy_pdcch_found *f)
{
	const struct cell_own *own = own_of(p, f->rnti);
	enum phy_dci_kind kind = space->configured ? PHY_DCI_1_1 : assignment_kind(p, f->rnti),
			  up = space->configured ? PHY_DCI_0_1 : PHY_DCI_0_0;
	struct cell_pusch_grant grant;
	struct phy_dci_layout l;
	struct phy_dci dci;

	p->stat[UE_PHY_STAT_DCIS]++;
	if (space->configured && f->rnti == p->own.sp_csi_rnti && f->rnti != p->c_rnti) {
		if (!take_sp(p, space, f))
			p->stat[UE_PHY_STAT_DCIS_REFUSED]++;
		return;
	}
	if (cell_dci_layout(&l, p->cell, own, ue_phy_space_of(p, space), kind) && l.bits == f->bits &&
		phy_dci_unpack(&l, f->dci, &dci)) {
		if (dci.kind == PHY_DCI_1_1 && !ue_phy_part_indicated(p, &dci, space->tci))
			p->stat[UE_PHY_STAT_DCIS_REFUSED]++;
		else if (dci.kind != PHY_DCI_1_0_ORDER)
			take_assignment(p, space, &dci, f);
		else if (!ue_phy_ordered(p, &dci))
			p->stat[UE_PHY_STAT_DCIS_REFUSED]++;
	} else if (kind >= PHY_DCI_1_0_TC && cell_dci_layout(&l, p->cell, own, space, up) &&
		   l.bits == f->bits && phy_dci_unpack(&l, f->dci, &dci) &&
		   (dci.kind != PHY_DCI_0_1 || ue_phy_part_indicated(p, &dci, space->tci)) &&
		   cell_pusch_grant(&grant, p->cell, own, space, f->rnti, &dci)) {
		if (kind != PHY_DCI_1_0_TC && p->ra.state == UE_RA_CONTENTION)
			ue_ra_c_rnti_heard(&p->ra);
		if (kind != PHY_DCI_1_0_TC)
			ue_phy_part_used(p);
		ue_phy_granted(p, &grant, kind == PHY_DCI_1_0_TC ? UE_HARQ_TEMPORARY_C_RNTI : UE_HARQ_C_RNTI);
	} else {
		p->stat[UE_PHY_STAT_DCIS_REFUSED]++;
	}
}

/* Where spaces share a candidate and a size, a PDCCH is the first's (38.213 10.1). */
static bool is_taken(const struct ue_phy *p, unsigned space, const struct phy_pdcch_found *f)
{
	for (unsigned s = 0; s < space; s++)
		for (unsigned i = 0; i < p->pdcch[s].found_n; i++) {
			const struct phy_pdcch_found *o = &p->pdcch[s].found[i];

			if (p->space[s]->coreset_id == p->space[space]->coreset_id && o->rnti == f->rnti &&
				o->at.cce == f->at.cce && o->at.al == f->at.al && o->bits == f->bits)
				return true;
		}
	return false;
}

/* Where one has made another bandwidth part active the rest of the slot is not this one's. */
void ue_phy_take_dcis(struct ue_phy *p, unsigned spaces)
{
	unsigned downlink = p->downlink_part, uplink = p->uplink_part;

	p->assignments = 0;
	take_due(p);
	for (unsigned s = 0; s < spaces; s++)
		for (unsigned i = 0; i < p->pdcch[s].found_n; i++) {
			const struct cell_space space = *p->space[s];

			if (p->downlink_part != downlink || p->uplink_part != uplink)
				return;
			if (!is_taken(p, s, &p->pdcch[s].found[i]))
				take_dci(p, p->space[s] == &p->si.sib1 ? p->space[s] : &space,
					&p->pdcch[s].found[i]);
		}
}
