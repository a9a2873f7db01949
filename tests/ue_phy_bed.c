#include "tests/ue_phy_bed.h"

#include "base/test.h"

struct served_cell_config ue_phy_bed_cell(void)
{
	return (struct served_cell_config){ .pci = 500,
		.band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = 20,
		.mcc = { 9, 9, 9 },
		.mnc = { 7, 0 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x123450000 };
}

static uint32_t any(void *arg)
{
	struct ue_phy_bed *b = arg;

	b->chance = b->chance * 1664525 + 1013904223;
	return b->chance >> 8;
}

static void on_short(void *arg, uint8_t bits)
{
}

static void on_sdu(void *arg, struct bytes sdu)
{
}

static void on_released(void *arg)
{
	struct ue_phy_bed *b = arg;

	cell_own_release_uplink(&b->own);
	cell_parts_release_uplink(&b->parts);
}

static void on_problem(void *arg)
{
}

static void on_advance(void *arg, uint32_t tc)
{
}

/* Each DCI of the script at a candidate of its own. */
static void find(struct ue_phy_bed *b, struct phy_dl_slot_rx *slot)
{
	const struct cell_space *space = &b->ue->own.spaces[0];

	b->searched = (unsigned)slot->pdcch_n;
	for (size_t i = 0; i < slot->pdcch_n; i++) {
		struct phy_dl_pdcch_rx *rx = &slot->pdcch[i];

		rx->found_n = 0;
		for (unsigned k = 0; k < b->dcis && b->ue->space[i]->id == space->id; k++) {
			struct phy_pdcch_found *f = &rx->found[rx->found_n++];
			struct phy_dci_layout l;

			*f = (struct phy_pdcch_found){ .at = rx->search.candidate[k], .rnti = BED_RNTI };
			assert_true(cell_dci_layout(&l, b->ue->cell, &b->ue->own, space, b->dci[k].kind));
			assert_true(phy_dci_pack(&l, &b->dci[k], f->dci));
			f->bits = l.bits;
		}
	}
	b->dcis = 0;
}

static bool receive(void *self, struct phy_dl_slot_rx *slot, bool again)
{
	static const uint8_t padding[BED_BLOCK] = { 63 };
	struct ue_phy_bed *b = self;

	for (size_t i = 0; i < slot->csi_rs_n; i++) {
		slot->csi_rs[i].ok = true;
		slot->csi_rs[i].measurement.noise = b->noise;
		slot->csi_rs[i].h[0] = b->h;
	}
	if (!again) {
		find(b, slot);
		b->ssb = (struct phy_dl_ssb_rx){ .ok = b->ssb_power > 0, .measure.power = b->ssb_power };
		slot->ssb = &b->ssb;
		slot->ssb_n = b->ssb_power > 0;
		return true;
	}
	for (size_t i = 0; i < slot->pdsch_n; i++) {
		struct phy_dl_pdsch_rx *rx = &slot->pdsch[i];
		struct phy_pdsch plan;

		assert_int_equal(phy_pdsch_init(&plan, &rx->config), PHY_PDSCH_OK);
		rx->result.sch[0].ok = !b->lost;
		rx->tb[0] = bytes_of(padding, plan.sch[0].a / 8);
		assert_true(b->pdsch_n < BED_DCIS);
		b->pdsch[b->pdsch_n++] = *rx;
	}
	return true;
}

static bool send(void *self, const struct phy_ul_slot *slot)
{
	struct ue_phy_bed *b = self;

	b->has_pusch = slot->pusch_n > 0;
	b->has_pucch = slot->pucch_n > 0;
	b->has_srs = slot->srs_n > 0;
	b->has_prach = slot->prach != NULL;
	if (b->has_prach)
		b->prach = *slot->prach;
	b->gain = slot->gain;
	b->srs_gain = slot->srs_gain;
	b->symbols = slot->symbols;
	if (b->has_pusch) {
		struct phy_pusch plan;

		b->pusch = slot->pusch[0];
		assert_int_equal(phy_pusch_init(&plan, &b->pusch.config), PHY_PUSCH_OK);
		assert_int_equal(plan.sch.a, 8 * b->pusch.tb.len);
		for (unsigned i = 0; i < b->pusch.config.uci.bits[PHY_PUSCH_CSI_1]; i++)
			b->cqi[i] = b->pusch.uci[PHY_PUSCH_CSI_1][i];
		for (unsigned i = 0; i < b->pusch.config.uci.bits[PHY_PUSCH_ACK]; i++)
			b->acks[i] = b->pusch.uci[PHY_PUSCH_ACK][i];
	}
	if (b->has_srs)
		b->srs = slot->srs[0];
	if (b->has_pucch) {
		b->pucch = slot->pucch[0];
		for (unsigned i = 0; i < b->pucch.config.bits && i < UE_ACKS_MAX; i++)
			b->uci[i] = b->pucch.uci[i];
	}
	return true;
}

void ue_phy_bed_begin(struct ue_phy_bed *b, const struct served_cell_config *c)
{
	const struct ue_phy_upper upper = { b, any, on_sdu, on_sdu, on_short, on_sdu, on_problem, on_released,
		on_advance };
	const struct l1_ue l1 = { b, receive, send };
	const char *wrong;

	*b = (struct ue_phy_bed){ .slot = 1000, .noise = 0.01f };
	for (size_t i = 0; i < ARRAY_LEN(b->h); i++)
		b->h[i] = (struct phy_cf){ 0.6f, -0.8f };
	wrong = served_cell_init(&b->served, c);
	if (wrong)
		fail_msg("%s", wrong);
	assert_true(served_cell_own(&b->own, &b->served, 0));
	cell_parts_init(&b->parts, &b->served.cell);
	b->ue = ue_phy_new(&b->served.cell, &l1, &upper, BED_BLOCK);
	assert_non_null(b->ue);
	b->ue->c_rnti = BED_RNTI;
	ue_phy_alignment(b->ue, UE_MAC_INFINITY);
	assert_true(ue_downlink_response(&b->ue->downlink, false, 0));
	ue_phy_bed_configure(b);
}

void ue_phy_bed_end(struct ue_phy_bed *b)
{
	ue_phy_free(b->ue);
}

void ue_phy_bed_configure(struct ue_phy_bed *b)
{
	b->parts.own[0] = b->own;
	ue_phy_configure(b->ue, &b->parts);
}

void ue_phy_bed_hear(struct ue_phy_bed *b, const struct phy_dci *dci)
{
	assert_true(b->dcis < BED_DCIS);
	b->dci[b->dcis++] = *dci;
}

void ue_phy_bed_slot(struct ue_phy_bed *b)
{
	struct slot_time t = slot_time_of(b->served.cell.mu, b->slot);
	uint64_t now_ns = b->slot * slot_ns(b->served.cell.mu);

	b->pdsch_n = 0;
	ue_phy_receive(b->ue, &t, now_ns);
	ue_phy_send(b->ue, &t, now_ns);
	b->slot++;
}

void ue_phy_bed_slots(struct ue_phy_bed *b, unsigned n)
{
	while (n-- > 0)
		ue_phy_bed_slot(b);
}
