/* SIBs of a public warning as SI messages (38.331 6.2.2 SystemInformation), one each. */
#include "gnb/du/node_parts.h"

enum { SEGMENTS_OCTETS = DU_SEGMENTS_MAX * DU_SI_MAX };

/* False: a SIB that is none of that type, or too long for an SI message (5.2.1). */
static bool message_write(uint8_t sib, struct bytes octets, struct arena *arena, struct writer *w)
{
	static const struct per_type *const types[] = { &rrc_sib6_type, &rrc_sib7_type, &rrc_sib8_type };
	struct rrc_system_information_ies_sib_type_and_info_item item = {
		.tag = RRC_SYSTEM_INFORMATION_IES_SIB_TYPE_AND_INFO_ITEM_TAG_SIB6 + (sib - 6u)
	};
	struct rrc_bcch_dl_sch_message m = { .message.tag = RRC_BCCH_DL_SCH_MESSAGE_TYPE_TAG_C1 };
	struct rrc_system_information *si = &m.message.u.c1.u.system_information;
	size_t before = w->len;
	struct per_diag diag;

	m.message.u.c1.tag = RRC_BCCH_DL_SCH_MESSAGE_TYPE_C1_TAG_SYSTEM_INFORMATION;
	si->critical_extensions.tag = RRC_SYSTEM_INFORMATION_CRITICAL_EXTENSIONS_TAG_SYSTEM_INFORMATION;
	si->critical_extensions.u.system_information.sib_type_and_info =
		(struct rrc_system_information_ies_sib_type_and_info){ 1, &item };
	return rrc_decode(types[sib - 6], octets, arena, &item.u, &diag) &&
	       rrc_encode(&rrc_bcch_dl_sch_message_type, &m, w) && w->len - before <= DU_SI_MAX;
}

bool node_warn(struct du_node *n, const struct du_f1ap_warning *w)
{
	struct du_warning out = { w->sib, w->id, w->serial, NULL, w->n, w->period_s, w->times };
	struct bytes messages[DU_SEGMENTS_MAX];
	struct arena arena;
	struct writer at;
	uint8_t *octets;
	bool ok;

	arena_init(&arena, NULL, 0, 1 << 20);
	octets = arena_alloc(&arena, SEGMENTS_OCTETS);
	ok = octets && w->n <= DU_SEGMENTS_MAX && w->sib >= 6 && w->sib <= 8;
	at = writer_of(octets, ok ? SEGMENTS_OCTETS : 0);
	for (size_t i = 0; ok && i < w->n; i++) {
		size_t before = at.len;

		ok = message_write(w->sib, w->sibs[i], &arena, &at);
		messages[i] = bytes_of(octets + before, at.len - before);
	}
	out.messages = messages;
	ok = ok && du_warn(n->du, &out);
	arena_fini(&arena);
	return ok;
}
