#include "ue/stack/stack.h"

#include <stdlib.h>

#include "radio/phy/search/band.h"
#include "radio/rrc/plmn.h"
#include "ue/stack/parts.h"

enum { ARENA_OCTETS = 16384 };

/* --- from the MAC and the physical layer */

static uint32_t on_random(void *arg)
{
	struct ue_stack *s = arg;

	return s->config.random(s->config.arg);
}

static void hear(struct ue_stack *s, struct bytes octets, uint64_t tag)
{
	struct sdu *sdu = sdu_of(&s->memory.sdus, octets);

	if (!sdu)
		return;
	sdu->tag = tag;
	sdu_queue_put(&s->heard, sdu);
}

static void on_ccch(void *arg, struct bytes octets)
{
	hear(arg, octets, 0);
}

static void on_pcch(void *arg, struct bytes octets)
{
	hear(arg, octets, STACK_PCCH);
}

static void on_problem(void *arg)
{
	struct ue_stack *s = arg;

	s->problem = true;
}

static void on_advance(void *arg, uint32_t tc)
{
	struct ue_stack *s = arg;

	ue_stream_advance(s->stream, tc);
}

/* selectedPLMN-Identity (38.331 6.2.2): numbers run over all lists. False: SIB1 has no such PLMN. */
static bool plmn_find(
	const struct rrc_sib1 *sib1, const struct plmn *plmn, uint8_t *number, struct ue_stack_cell *cell)
{
	const struct rrc_plmn_identity_info_list *list =
		&sib1->cell_access_related_info.plmn_identity_info_list;
	struct plmn at = { .mcc = { 0 } };

	*number = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct rrc_plmn_identity_info *info = &list->items[i];

		for (size_t k = 0; k < info->plmn_identity_list.count; k++) {
			rrc_plmn_read(&info->plmn_identity_list.items[k], &at);
			++*number;
			if (!plmn_equal(&at, plmn))
				continue;
			cell->nci = info->cell_identity;
			cell->tai = (struct tai){ at,
				info->has_tracking_area_code ? info->tracking_area_code : 0 };
			return true;
		}
	}
	return false;
}

/* RRC hears of the cell by its SIB1. */
static bool tell_cell(struct ue_stack *s)
{
	struct ue_stack_cell where = { .found = &s->found };
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_dl_sch_message m;
	struct ue_rrc_cell cell = { .pci = s->found.found.pci,
		.ssb_arfcn = phy_arfcn_near(s->found.found.ssb_hz) };
	struct per_diag diag;
	struct arena arena;
	bool ok;

	arena_init(&arena, first, sizeof(first), 0);
	ok = rrc_decode(&rrc_bcch_dl_sch_message_type, bytes_of(s->found.sib1, s->found.sib1_octets), &arena,
		&m, &diag);
	cell.sib1 = ok ? &m.message.u.c1.u.system_information_block_type1 : NULL;
	ok = ok && plmn_find(cell.sib1, &s->config.plmn, &cell.plmn, &where) &&
	     ue_rrc_cell_selected(s->rrc, &cell);
	arena_fini(&arena);
	s->config.camped(s->config.arg, ok ? &where : NULL);
	return ok;
}

static void leave(struct ue_stack *s)
{
	for (uint8_t lcid = 0; lcid <= UE_MAC_LCID_MAX; lcid++)
		stack_bearer_end(s, lcid);
	ue_phy_free(s->phy);
	s->phy = NULL;
}

static struct ue_phy *on_found(void *arg, const struct ue_found *f)
{
	struct ue_stack *s = arg;
	const struct ue_phy_upper upper = { s, on_random, on_ccch, on_pcch, on_problem, on_advance };
	const struct l1_ue l1 = ue_stream_l1(s->stream);

	leave(s);
	s->found = *f;
	cell_own_init(&s->own, &s->found.cell);
	s->phy = ue_phy_new(&s->found.cell, &l1, &upper, UE_STREAM_BLOCK_OCTETS);
	if (!s->phy)
		return NULL;
	ue_phy_paged_as(s->phy, s->ue_id);
	s->wants_cell = true;
	return s->phy;
}

static void on_not_found(void *arg, const struct ue_found *best)
{
	struct ue_stack *s = arg;

	s->config.camped(s->config.arg, NULL);
}

static void on_slot(void *arg, uint64_t now_ns)
{
	struct ue_stack *s = arg;

	s->now_ns = now_ns;
	if (s->wants_cell && s->phy) {
		s->wants_cell = false;
		may_fail(tell_cell(s)); /* RRC looks for another then */
	}
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++)
		if (s->bearers[lcid].rlc)
			rlc_run(s->bearers[lcid].rlc, now_ns);
	for (uint8_t i = 1; i <= UE_RRC_DRBS_MAX; i++)
		if (s->drbs[i].pdcp)
			pdcp_run(s->drbs[i].pdcp, now_ns);
	ue_rrc_run(s->rrc);
}

/* Msg4 has the SDU of SRB0: the contention is won with it. */
static void on_received(void *arg)
{
	struct ue_stack *s = arg;
	struct sdu *sdu;

	while ((sdu = sdu_queue_take(&s->heard)) != NULL) {
		if (sdu->tag != 0 && sdu->tag != STACK_PCCH) {
			ue_rrc_srb_received(s->rrc, (uint8_t)sdu->tag, sdu);
			continue;
		}
		if (sdu->tag == 0) {
			ue_rrc_contention_resolved(s->rrc, ue_phy_c_rnti(s->phy));
			ue_rrc_ccch_received(s->rrc, sdu_bytes(sdu));
		} else {
			ue_rrc_pcch_received(s->rrc, sdu_bytes(sdu));
		}
		sdu_free(&s->memory.sdus, sdu);
	}
	if (s->problem) {
		s->problem = false;
		ue_rrc_radio_problem(s->rrc);
	}
}

static void on_sync(void *arg, bool heard, float snr_db)
{
	struct ue_stack *s = arg;

	if (heard)
		ue_rrc_in_sync(s->rrc);
	else
		ue_rrc_out_of_sync(s->rrc);
}

struct ue_stack *ue_stack_new(const struct ue_stack_config *c)
{
	struct ue_stack *s = calloc(1, sizeof(*s));
	const struct ue_stream_upper upper = { s, on_found, on_not_found, on_slot, on_received, on_sync };
	struct ue_rrc_config rrc = {
		.env = c->env, .upper = c->upper, .bands = { c->band }, .band_count = 1
	};

	if (!s)
		return NULL;
	s->config = *c;
	s->ue_id = UE_PHY_NOT_PAGED;
	rlc_memory_init(&s->memory, STACK_SDUS_SMALL, STACK_SDUS_LARGE, STACK_HOLES);
	s->engine = burst_new(false);
	s->stream = ue_stream_new(&c->stream, &upper);
	rrc.pool = &s->memory.sdus;
	rrc.engine = s->engine;
	rrc.lower = stack_lower(s);
	s->rrc = s->engine && s->stream ? ue_rrc_new(&rrc) : NULL;
	if (s->rrc)
		return s;
	ue_stack_free(s);
	return NULL;
}

void ue_stack_free(struct ue_stack *s)
{
	if (!s)
		return;
	for (uint8_t i = 0; i <= UE_RRC_DRBS_MAX; i++)
		stack_drb_end(s, i);
	leave(s);
	sdu_queue_clear(&s->heard, &s->memory.sdus);
	ue_rrc_free(s->rrc);
	ue_stream_free(s->stream);
	burst_free(s->engine);
	rlc_memory_fini(&s->memory);
	free(s);
}

void ue_stack_paged_as(struct ue_stack *s, const struct s_tmsi *s_tmsi)
{
	s->ue_id = s_tmsi ? (uint16_t)(s_tmsi->tmsi % 1024) : UE_PHY_NOT_PAGED; /* 38.304 7.1 */
	if (s->phy)
		ue_phy_paged_as(s->phy, s->ue_id);
}

struct ue_rrc_connection *ue_stack_rrc(struct ue_stack *s)
{
	return s->rrc;
}

void ue_stack_run(struct ue_stack *s, const struct phy_cf *in, struct phy_cf *out, size_t n)
{
	ue_stream_run(s->stream, in, out, n);
}

bool ue_stack_send(struct ue_stack *s, uint8_t psi, uint8_t qfi, struct bytes packet)
{
	struct stack_session *p = psi < STACK_SESSIONS ? &s->sessions[psi] : NULL;
	struct sdu *sdu = p && p->there ? sdu_of(&s->memory.sdus, packet) : NULL;

	if (!sdu)
		return false;
	sdap_send(&p->sdap, qfi, sdu, false, false);
	return true;
}
