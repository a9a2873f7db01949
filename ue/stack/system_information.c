/* System information that changes while the UE is in the cell (38.331 5.2.2.2.2, 5.2.2.3). */
#include "ue/stack/parts.h"

enum {
	ARENA_OCTETS = 16384,
	/* Short Messages of 38.331 6.5: bit 1 is the first of eight. */
	MODIFICATION = 1 << 7,
	WARNING = 1 << 6,
	WARNING_S =
		5, /* so long it is looked for after it was heard of: some cycles of paging, all segments */
	MODIFICATION_S = 11 /* two modification periods of 5.12 s: SIB1 is another one from the next on */
};

static void inform(struct ue_stack *s, bool sib1, uint16_t sibs, uint64_t seconds)
{
	ue_phy_inform(s->phy, sib1, sibs, s->now_ns + seconds * 1000000000);
}

void stack_warnings_wanted(struct ue_stack *s)
{
	uint16_t sibs = 0;

	for (unsigned i = 0; i < s->found.cell.si.n; i++)
		sibs |= s->found.cell.si.message[i].sibs & CELL_SIB_WARNINGS;
	if (sibs != 0)
		inform(s, false, sibs, WARNING_S);
}

/* 5.2.2.2.2: warnings at once, other changes when they come. */
void stack_short_messages(struct ue_stack *s)
{
	uint8_t bits = s->short_messages;

	s->short_messages = 0;
	if (s->phy && bits & WARNING)
		inform(s, true, 0, WARNING_S);
	else if (s->phy && bits & MODIFICATION)
		inform(s, true, 0, MODIFICATION_S);
}

/* What of the cell does not move under a UE that is in it: where system information is, and what RRC has of
 * SIB1. */
static void sib1_received(struct ue_stack *s, struct bytes octets)
{
	struct cell next;

	if (bytes_equal(octets, bytes_of(s->found.sib1, s->found.sib1_octets)) ||
		octets.len > sizeof(s->found.sib1) || cell_read(&next, &s->found.found, octets) != CELL_OK)
		return;
	(void)bytes_copy(s->found.sib1, sizeof(s->found.sib1), octets);
	s->found.sib1_octets = (uint16_t)octets.len;
	s->found.cell.si = next.si;
	s->found.cell.information = next.information;
	ue_phy_inform(s->phy, false, 0, 0);
	may_fail(stack_tell_rrc(s)); /* what is wrong with it now was right before: the cell stays */
	stack_warnings_wanted(s);
}

void stack_bcch_received(struct ue_stack *s, struct bytes octets)
{
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_dl_sch_message m;
	struct per_diag diag;
	struct arena arena;

	if (!s->phy)
		return;
	arena_init(&arena, first, sizeof(first), 0);
	if (rrc_decode(&rrc_bcch_dl_sch_message_type, octets, &arena, &m, &diag) &&
		m.message.tag == RRC_BCCH_DL_SCH_MESSAGE_TYPE_TAG_C1) {
		if (m.message.u.c1.tag == RRC_BCCH_DL_SCH_MESSAGE_TYPE_C1_TAG_SYSTEM_INFORMATION_BLOCK_TYPE1)
			sib1_received(s, octets);
		else if (m.message.u.c1.tag == RRC_BCCH_DL_SCH_MESSAGE_TYPE_C1_TAG_SYSTEM_INFORMATION)
			ue_rrc_system_information(s->rrc, &m.message.u.c1.u.system_information);
	}
	arena_fini(&arena);
}
