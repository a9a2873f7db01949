/* Paging (38.331 5.3.2). */
#include "radio/rrc/s_tmsi.h"
#include "ue/rrc/internal.h"

static void records_read(struct ue_rrc_connection *c, const struct rrc_paging_record_list *list)
{
	for (size_t i = 0; list && i < list->count && c->state == UE_RRC_IDLE; i++) {
		const struct rrc_paging_record *r = &list->items[i];
		struct s_tmsi s_tmsi;

		if (r->ue_identity.tag != RRC_PAGING_UE_IDENTITY_TAG_NG_5_G_S_TMSI)
			continue; /* an I-RNTI is of RRC_INACTIVE */
		s_tmsi = rrc_s_tmsi_of(r->ue_identity.u.ng_5_g_s_tmsi);
		c->config.upper.paged(c->config.upper.arg, &s_tmsi, r->has_access_type);
	}
}

void ue_rrc_pcch_received(struct ue_rrc_connection *c, struct bytes sdu)
{
	uint8_t memory[UE_RRC_ARENA_OCTETS];
	struct rrc_pcch_message m;
	struct arena arena;
	struct per_diag diag;

	if (c->state != UE_RRC_IDLE)
		return;
	arena_init(&arena, memory, sizeof(memory), UE_RRC_ARENA_LIMIT);
	if (!rrc_decode(&rrc_pcch_message_type, sdu, &arena, &m, &diag) ||
		m.message.tag != RRC_PCCH_MESSAGE_TYPE_TAG_C1 ||
		m.message.u.c1.tag != RRC_PCCH_MESSAGE_TYPE_C1_TAG_PAGING)
		c->stats.not_comprehended++;
	else
		records_read(c, m.message.u.c1.u.paging.paging_record_list);
	arena_fini(&arena);
}
