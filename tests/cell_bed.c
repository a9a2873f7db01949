#include "tests/cell_bed.h"

#include <stdlib.h>

#include "base/test.h"

enum { SETUP_OCTETS = 120 };

static const struct rlc_config am = { .mode = RLC_AM,
	.tx_sn_bits = 12,
	.rx_sn_bits = 12,
	.t_poll_retransmit_ms = 45,
	.t_reassembly_ms = 40,
	.t_status_prohibit_ms = 10,
	.poll_pdu = 16,
	.max_retx_threshold = 32 };

struct served_cell_config cell_bed_config(void)
{
	return (struct served_cell_config){ .pci = 1,
		.band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = 10,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x19b01 };
}

static uint64_t now_ns(const struct cell_bed *b)
{
	return (b->slot + 1) * slot_ns(b->cell.mu);
}

static void deliver(void *arg, struct sdu *s)
{
	struct cell_bed *b = arg;

	b->got_up += s->len;
	sdu_free(&b->memory.sdus, s);
}

static void ue_deliver(void *arg, struct sdu *s)
{
	struct cell_bed *b = arg;

	b->got_down += s->len;
	sdu_free(&b->memory.sdus, s);
}

static uint32_t bed_random(void *arg)
{
	struct cell_bed *b = arg;

	b->chance = b->chance * 1664525 + 1013904223;
	return b->chance >> 8;
}

/* RRCSetupRequest is answered at once; the answer stands for RRCSetup. */
static void du_ccch(void *arg, uint16_t ue, uint16_t c_rnti, struct bytes sdu)
{
	static const uint8_t setup[SETUP_OCTETS] = { 0x20 };
	struct cell_bed *b = arg;

	assert_int_equal(sdu.len, BED_CCCH);
	assert_true(du_channel_set(
		du_ue_mac(b->du, ue), BED_LCID, &(struct du_channel){ b->gnb_rlc, 4, 1 }));
	assert_true(du_ccch_send(b->du, ue, BYTES(setup)));
	b->place = ue;
}

static void du_configured(void *arg, uint16_t ue)
{
}

static void du_lost(void *arg, uint16_t ue)
{
	struct cell_bed *b = arg;

	if (b->place == ue)
		b->place = DU_NO_UE;
}

/* The CellGroupConfig goes through its octets, as RRCSetup would have it. */
static void configure(struct cell_bed *b)
{
	static struct cell_own_message message;
	struct rrc_cell_group_config out = { .cell_group_id = 0 }, in;
	uint8_t octets[1024];
	uint64_t first[4096];
	struct writer w = writer_of(octets, sizeof(octets));
	struct per_diag diag;
	struct arena arena;
	struct cell_own own;

	arena_init(&arena, first, sizeof(first), 0);
	cell_own_write(&message, &out, &du_cell(b->du)->cell, du_ue_own(b->du, b->place));
	assert_true(rrc_encode(&rrc_cell_group_config_type, &out, &w));
	assert_true(rrc_decode(&rrc_cell_group_config_type, writer_bytes(&w), &arena, &in, &diag));
	cell_own_init(&own, &b->cell);
	assert_true(cell_own_read(&own, &b->cell, &in));
	assert_memory_equal(&own.ack, &du_ue_own(b->du, b->place)->ack, sizeof(own.ack));
	arena_fini(&arena);
	ue_phy_configure(b->ue, &own);
}

static void ue_ccch(void *arg, struct bytes sdu)
{
	struct cell_bed *b = arg;
	struct ue_mac_channel_config c = { BED_LCID, 4, UE_MAC_INFINITY, 100, 1, 0, false };

	assert_int_equal(sdu.len, SETUP_OCTETS);
	configure(b);
	ue_mac_configure(ue_phy_mac(b->ue), &b->mac, now_ns(b));
	assert_true(ue_mac_channel_set(ue_phy_mac(b->ue), &c, b->ue_rlc, now_ns(b)));
	ue_phy_downlink(b->ue)->rlc[BED_LCID] = b->ue_rlc;
	b->connected = true;
	b->connected_slot = b->slot;
}

static void ue_problem(void *arg)
{
}

static void ue_advance(void *arg, uint32_t tc)
{
}

static bool ue_receive(void *self, struct phy_dl_slot_rx *slot, bool again)
{
	struct cell_bed *b = self;
	const struct phy_cf *in[] = { b->down };
	struct phy_slot_refusal refusal;

	return phy_dl_receive(b->receiver, slot, again ? NULL : in, &refusal);
}

static bool ue_send(void *self, const struct phy_ul_slot *slot)
{
	struct cell_bed *b = self;
	struct phy_cf *out[] = { b->up };
	struct phy_slot_refusal refusal;

	return phy_ul_send(b->ue_sender, slot, out, &refusal);
}

void cell_bed_begin(struct cell_bed *b, const struct served_cell_config *c)
{
	const struct du_upper du_upper = { b, du_ccch, du_configured, du_lost };
	const struct ue_phy_upper ue_upper = { b, bed_random, ue_ccch, ue_problem, ue_advance };
	const struct l1_ue l1 = { b, ue_receive, ue_send };
	const struct served_cell *served;
	struct phy_slot_config config;
	const char *wrong;
	struct cell_found found;
	size_t octets;

	*b = (struct cell_bed){ .place = DU_NO_UE, .chance = 1 };
	b->mac = (struct ue_mac_config){ .periodic_bsr_ms = 10,
		.retx_bsr_ms = 80,
		.sr = { [0] = { .there = true, .on_pucch = true, .trans_max = 64 } } };
	rlc_memory_init(&b->memory, 20000, 10, 1000);
	b->du = du_new(&(struct du_config){ *c, 0x4601 }, &du_upper, &wrong);
	if (wrong)
		fail_msg("%s", wrong);
	assert_non_null(b->du);
	served = du_cell(b->du);
	config = du_phy_downlink(b->du);
	octets = config.tb_bits / 8;
	found = (struct cell_found){ .pci = c->pci,
		.mu = c->mu,
		.l_max = served->broadcast.l_max,
		.ssb_hz = (uint64_t)((int64_t)served->broadcast.carrier_hz + served->broadcast.ssb_offset_hz),
		.mib = served->mib };
	assert_int_equal(cell_read(&b->cell, &found, served->broadcast.sib1), CELL_OK);
	b->sender = phy_dl_sender_new(&config);
	config = du_phy_uplink(b->du);
	b->ul_receiver = phy_ul_receiver_new(&config);
	config = ue_phy_downlink_config(&b->cell, config.carrier.fft_size, octets);
	b->receiver = phy_dl_receiver_new(&config);
	config = ue_phy_uplink_config(&b->cell, config.carrier.fft_size, octets);
	b->ue_sender = phy_ul_sender_new(&config);
	assert_true(b->sender && b->receiver && b->ul_receiver && b->ue_sender);
	b->ue = ue_phy_new(&b->cell, &l1, &ue_upper, octets);
	b->down = calloc(BED_SAMPLES, sizeof(*b->down));
	b->up = calloc(BED_SAMPLES, sizeof(*b->up));
	b->gnb_rlc = rlc_new(&am, &(struct rlc_upper){ b, deliver, NULL, NULL }, &b->memory);
	b->ue_rlc = rlc_new(&am, &(struct rlc_upper){ b, ue_deliver, NULL, NULL }, &b->memory);
	assert_true(b->ue && b->down && b->up && b->gnb_rlc && b->ue_rlc);
}

void cell_bed_end(struct cell_bed *b)
{
	ue_phy_free(b->ue);
	du_free(b->du);
	phy_dl_sender_free(b->sender);
	phy_dl_receiver_free(b->receiver);
	phy_ul_sender_free(b->ue_sender);
	phy_ul_receiver_free(b->ul_receiver);
	rlc_free(b->gnb_rlc);
	rlc_free(b->ue_rlc);
	rlc_memory_fini(&b->memory);
	free(b->down);
	free(b->up);
}

void cell_bed_send(struct cell_bed *b, bool down, size_t octets)
{
	struct sdu *s = sdu_new(&b->memory.sdus, octets);
	uint8_t *at = s ? sdu_append(s, octets) : NULL;

	assert_non_null(at);
	for (size_t i = 0; i < octets; i++)
		at[i] = (uint8_t)i;
	assert_true(rlc_send(down ? b->gnb_rlc : b->ue_rlc, s));
}

static void one_slot(struct cell_bed *b)
{
	struct slot_time t = slot_time_of(b->cell.mu, b->slot);
	struct phy_slot_refusal refusal = { 0 };
	struct phy_cf *down[] = { b->down };
	const struct phy_cf *up[] = { b->up };

	rlc_run(b->gnb_rlc, now_ns(b));
	rlc_run(b->ue_rlc, now_ns(b));
	du_slot_send(b->du, &t, now_ns(b), &b->dl);
	if (!phy_dl_send(b->sender, &b->dl.slot, down, &refusal))
		fail_msg("slot %u: %s of %s %u (%s)", (unsigned)b->slot, phy_slot_error_text(refusal.error),
			phy_slot_pdu_text(refusal.pdu), refusal.index, refusal.why ? refusal.why : "");
	if (b->way)
		b->way(b, b->down, true);
	ue_phy_receive(b->ue, &t, now_ns(b));
	ue_phy_send(b->ue, &t, now_ns(b));
	if (b->way)
		b->way(b, b->up, false);
	du_slot_expect(b->du, &t, &b->ul);
	if (!phy_ul_receive(b->ul_receiver, &b->ul.slot, up, &refusal))
		fail_msg("slot %u: %s of %s %u (%s)", (unsigned)b->slot, phy_slot_error_text(refusal.error),
			phy_slot_pdu_text(refusal.pdu), refusal.index, refusal.why ? refusal.why : "");
	du_slot_receive(b->du, &b->ul);
	b->slot++;
}

void cell_bed_run(struct cell_bed *b, unsigned slots)
{
	b->samples = 0;
	for (unsigned i = 0; i < slots; i++)
		one_slot(b);
}
