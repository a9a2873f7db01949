#include "tests/foreign_gnb.h"

#include <stdlib.h>

#include "base/test.h"

static uint32_t any(void *arg)
{
	struct foreign_gnb *g = arg;

	g->chance = g->chance * 1664525 + 1013904223;
	return g->chance >> 8;
}

static void on_ccch(void *arg, struct bytes sdu)
{
	struct foreign_gnb *g = arg;

	g->ccch++;
}

static void on_sdu(void *arg, struct bytes sdu)
{
}

static void on_short(void *arg, uint8_t bits)
{
}

static void on_event(void *arg)
{
}

static void on_advance(void *arg, uint32_t tc)
{
}

static bool receive(void *self, struct phy_dl_slot_rx *slot, bool again)
{
	struct foreign_gnb *g = self;
	const struct phy_cf *in[] = { g->down };
	struct phy_slot_refusal refusal;

	slot->ssb_n = 0;
	if (!phy_dl_receive(g->down_receiver, slot, again ? NULL : in, &refusal))
		fail_msg("the UE's slot: %s, %s", phy_slot_error_text(refusal.error),
			phy_slot_pdu_text(refusal.pdu));
	return true;
}

static bool send(void *self, const struct phy_ul_slot *slot)
{
	struct foreign_gnb *g = self;
	struct phy_cf *out[] = { g->up };
	struct phy_slot_refusal refusal;

	g->sent_preamble = slot->prach != NULL;
	if (slot->prach)
		g->preamble = *slot->prach;
	g->sent_anything = slot->pusch_n + slot->pucch_n + slot->srs_n > 0;
	if (!phy_ul_send(g->up_sender, slot, out, &refusal))
		fail_msg("the UE sends: %s, %s", phy_slot_error_text(refusal.error),
			phy_slot_pdu_text(refusal.pdu));
	return true;
}

void foreign_gnb_begin(struct foreign_gnb *g, const struct served_cell_config *c)
{
	const struct ue_phy_upper upper = { g, any, on_ccch, on_sdu, on_short, on_sdu, on_event, on_event,
		on_advance };
	const struct l1_ue l1 = { g, receive, send };
	struct phy_slot_config down, up;
	const char *wrong;
	size_t n;

	*g = (struct foreign_gnb){ .slot = 1000 };
	wrong = served_cell_init(&g->served, c);
	if (wrong)
		fail_msg("%s", wrong);
	down = ue_phy_downlink_config(&g->served.cell, g->served.broadcast.fft_size, FOREIGN_BLOCK);
	up = ue_phy_uplink_config(&g->served.cell, g->served.broadcast.fft_size, FOREIGN_BLOCK);
	n = phy_slot_samples(&down.carrier, 0);
	g->down = calloc(n, sizeof(*g->down));
	g->up = calloc(n, sizeof(*g->up));
	g->down_sender = phy_dl_sender_new(&down);
	g->down_receiver = phy_dl_receiver_new(&down);
	g->up_sender = phy_ul_sender_new(&up);
	g->up_receiver = phy_ul_receiver_new(&up);
	g->ue = ue_phy_new(&g->served.cell, &l1, &upper, FOREIGN_BLOCK);
	assert_true(g->down && g->up && g->down_sender && g->down_receiver && g->up_sender &&
		    g->up_receiver && g->ue);
	cell_parts_init(&g->parts, &g->served.cell);
	g->ue->c_rnti = FOREIGN_RNTI;
	ue_phy_alignment(g->ue, UE_MAC_INFINITY);
	assert_true(ue_downlink_response(&g->ue->downlink, false, 0));
}

void foreign_gnb_end(struct foreign_gnb *g)
{
	ue_phy_free(g->ue);
	phy_dl_sender_free(g->down_sender);
	phy_dl_receiver_free(g->down_receiver);
	phy_ul_sender_free(g->up_sender);
	phy_ul_receiver_free(g->up_receiver);
	free(g->down);
	free(g->up);
}

const char *foreign_gnb_refuses(struct foreign_gnb *g, const struct rrc_cell_group_config *group)
{
	static uint8_t octets[4096];
	static uint64_t memory[8192];
	struct writer w = writer_of(octets, sizeof(octets));
	struct rrc_cell_group_config in;
	struct per_diag diag;
	struct arena arena;
	const char *wrong;

	arena_init(&arena, memory, sizeof(memory), 0);
	assert_true(rrc_encode(&rrc_cell_group_config_type, group, &w));
	assert_true(rrc_decode(&rrc_cell_group_config_type, writer_bytes(&w), &arena, &in, &diag));
	wrong = cell_parts_read(&g->parts, &in);
	arena_fini(&arena);
	return wrong;
}

void foreign_gnb_configure(struct foreign_gnb *g, const struct rrc_cell_group_config *group)
{
	const char *wrong = foreign_gnb_refuses(g, group);

	if (wrong)
		fail_msg("%s", wrong);
	ue_phy_configure(g->ue, &g->parts);
}

static void send_down(struct foreign_gnb *g, const struct slot_time *t)
{
	struct phy_cf *out[] = { g->down };
	struct phy_slot_refusal refusal;
	struct phy_dl_slot slot = { .time = *t,
		.symbols = cell_slot_format(&g->served.cell, t->sfn, t->slot).downlink,
		.pdcch = &g->pdcch,
		.pdcch_n = g->has_pdcch,
		.pdsch = &g->pdsch,
		.pdsch_n = g->has_pdsch,
		.csi_rs = &g->csi_rs,
		.csi_rs_n = g->has_csi_rs };

	if (slot.symbols == 0)
		return;
	g->pdcch.occasion.slot = t->slot;
	if (!phy_dl_send(g->down_sender, &slot, out, &refusal))
		fail_msg("the gNB sends: %s, %s", phy_slot_error_text(refusal.error),
			phy_slot_pdu_text(refusal.pdu));
}

static void receive_up(struct foreign_gnb *g, const struct slot_time *t)
{
	const struct phy_cf *in[] = { g->up };
	struct phy_slot_refusal refusal;
	struct phy_ul_slot_rx slot = { .time = *t,
		.symbols = cell_slot_format(&g->served.cell, t->sfn, t->slot).uplink,
		.pusch = &g->pusch,
		.pusch_n = g->wants_pusch,
		.pucch = &g->pucch,
		.pucch_n = g->wants_pucch,
		.srs = &g->srs,
		.srs_n = g->wants_srs };

	if (slot.pusch_n + slot.pucch_n + slot.srs_n > 0 &&
		!phy_ul_receive(g->up_receiver, &slot, in, &refusal))
		fail_msg("the gNB receives: %s, %s", phy_slot_error_text(refusal.error),
			phy_slot_pdu_text(refusal.pdu));
	for (unsigned i = 0; i < slot.pucch_n * g->pucch.config.bits && i < L1_UCI_MAX; i++)
		g->uci[i] = g->pucch.result.uci[i];
}

void foreign_gnb_slot(struct foreign_gnb *g)
{
	struct slot_time t = slot_time_of(g->served.cell.mu, g->slot);
	uint64_t now_ns = g->slot * slot_ns(g->served.cell.mu);

	send_down(g, &t);
	ue_phy_receive(g->ue, &t, now_ns);
	ue_phy_send(g->ue, &t, now_ns);
	receive_up(g, &t);
	g->has_pdcch = g->has_pdsch = g->has_csi_rs = false;
	g->wants_pusch = g->wants_pucch = g->wants_srs = false;
	g->slot++;
}

void foreign_gnb_slots(struct foreign_gnb *g, unsigned n)
{
	while (n-- > 0)
		foreign_gnb_slot(g);
}

void foreign_dci_put(struct foreign_dci *d, uint32_t value, unsigned width)
{
	for (unsigned i = width; i-- > 0; d->bits++)
		if (value >> i & 1)
			d->octets[d->bits / 8] |= (uint8_t)(0x80 >> d->bits % 8);
}

void foreign_gnb_order(struct foreign_gnb *g, const struct foreign_dci *d, const struct cell_space *space)
{
	struct phy_candidate at[PHY_CANDIDATES_MAX];
	struct slot_time t = slot_time_of(g->served.cell.mu, g->slot);

	assert_true(
		phy_search_space_candidates(&space->space, &space->coreset, t.slot, FOREIGN_RNTI, at) > 0);
	g->pdcch =
		(struct phy_dl_pdcch){ .occasion = { .coreset = &space->coreset,
					       .slot = t.slot,
					       .first_symbol = (uint8_t)__builtin_ctz(space->space.symbols),
					       .n_id = g->served.cell.pci },
			.at = at[0],
			.rnti = FOREIGN_RNTI,
			.bits = d->bits,
			.amplitude = 1 };
	for (unsigned i = 0; i < PHY_DCI_OCTETS; i++)
		g->pdcch.dci[i] = d->octets[i];
	g->has_pdcch = true;
}

struct phy_prbs foreign_prbs(unsigned start, unsigned length)
{
	struct phy_prbs p = { .n = (uint16_t)length };

	for (unsigned i = 0; i < length; i++)
		p.at[i] = (uint16_t)(start + i);
	return p;
}
