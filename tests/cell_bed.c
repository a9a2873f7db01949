#include "tests/cell_bed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

struct served_cell_config cell_bed_tdd(uint8_t bandwidth_mhz, const char *pattern)
{
	struct served_cell_config c = cell_bed_config();

	c.band = 78;
	c.arfcn = 633334;
	c.mu = 1;
	c.bandwidth_mhz = bandwidth_mhz;
	c.tdd_downlink_symbols = 10;
	c.tdd_uplink_symbols = 2;
	assert_true(strlen(pattern) < sizeof(c.tdd_pattern));
	for (size_t i = 0; pattern[i]; i++)
		c.tdd_pattern[i] = pattern[i];
	return c;
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
	assert_true(du_channel_set(du_ue_mac(b->du, ue), BED_LCID, &(struct du_channel){ b->gnb_rlc, 4, 1 }));
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
void cell_bed_configure(struct cell_bed *b)
{
	static struct cell_own_message message;
	struct rrc_cell_group_config out = { .cell_group_id = 0 }, in;
	uint8_t octets[1024];
	uint64_t first[4096];
	struct writer w = writer_of(octets, sizeof(octets));
	struct per_diag diag;
	struct arena arena;
	struct mac_drx_config drx;
	struct cell_parts parts;

	arena_init(&arena, first, sizeof(first), 0);
	cell_own_write(&message, &out, &du_cell(b->du)->cell, du_ue_own(b->du, b->place));
	assert_true(rrc_encode(&rrc_cell_group_config_type, &out, &w));
	assert_true(rrc_decode(&rrc_cell_group_config_type, writer_bytes(&w), &arena, &in, &diag));
	cell_parts_init(&parts, &b->found.cell);
	assert_null(cell_parts_read(&parts, &in));
	assert_memory_equal(&parts.own[0].ack, &du_ue_own(b->du, b->place)->ack, sizeof(parts.own[0].ack));
	arena_fini(&arena);
	parts.own[0].report.there = parts.own[0].report.there && !b->mute;
	ue_phy_configure(b->ue, &parts);
	drx = served_cell_drx(du_cell(b->du), b->place);
	ue_phy_sleep(b->ue, &drx);
}

static void ue_ccch(void *arg, struct bytes sdu)
{
	struct cell_bed *b = arg;
	struct ue_mac_channel_config c = { BED_LCID, 4, UE_MAC_INFINITY, 100, 1, 0, false };
	struct ue_mac_config mac = { .periodic_bsr_ms = 10,
		.retx_bsr_ms = 80,
		.phr = true,
		.phr_periodic_ms = 100,
		.phr_change_db = 3,
		.sr = { [0] = { .there = true, .on_pucch = !b->no_sr, .trans_max = 64 } } };

	assert_int_equal(sdu.len, SETUP_OCTETS);
	cell_bed_configure(b);
	ue_mac_configure(ue_phy_mac(b->ue), &mac, b->ue_ns);
	assert_true(ue_mac_channel_set(ue_phy_mac(b->ue), &c, b->ue_rlc, b->ue_ns));
	ue_phy_downlink(b->ue)->rlc[BED_LCID] = b->ue_rlc;
	b->connected = true;
	b->connected_ns = b->ue_ns;
}

static void ue_short(void *arg, uint8_t bits)
{
}

static void ue_bcch(void *arg, struct bytes message)
{
}

static void ue_pcch(void *arg, struct bytes sdu)
{
}

static void ue_released(void *arg)
{
}

static void ue_problem(void *arg)
{
}

static void ue_advance(void *arg, uint32_t tc)
{
	struct cell_bed *b = arg;

	ue_stream_advance(b->stream, tc);
}

/* A cell: RRC asks for a connection at once. */
static struct ue_phy *found(void *arg, const struct ue_found *f)
{
	static const uint8_t request[BED_CCCH] = { 1, 2, 3, 4, 5, 6 };
	struct cell_bed *b = arg;
	const struct ue_phy_upper upper = { b, bed_random, ue_ccch, ue_pcch, ue_short, ue_bcch, ue_problem,
		ue_released, ue_advance };
	const struct l1_ue l1 = ue_stream_l1(b->stream);

	b->searches++;
	b->found = *f;
	b->ue = ue_phy_new(&b->found.cell, &l1, &upper, UE_STREAM_BLOCK_OCTETS);
	assert_non_null(b->ue);
	assert_true(ue_phy_access(b->ue, BYTES(request), 0));
	return b->ue;
}

static void not_found(void *arg, const struct ue_found *best)
{
	struct cell_bed *b = arg;

	b->searches++;
}

static void on_slot(void *arg, uint64_t now_ns)
{
	struct cell_bed *b = arg;

	if (b->requested_ns == 0 && b->ue)
		b->requested_ns = now_ns;
	b->ue_ns = now_ns;
	rlc_run(b->ue_rlc, now_ns);
}

static bool suitable(void *arg, const struct ue_found *f)
{
	return true;
}

static void on_received(void *arg)
{
}

static void on_sync(void *arg, const struct ue_stream_block *heard)
{
}

#define LIGHT_M_A_S 299792458.0

static struct channel *channel_of(const struct cell_bed *b, const struct cell_bed_way *w, bool uplink)
{
	struct channel_config c = { .profile = w->profile,
		.uplink = uplink,
		.rate_hz = b->rate_hz,
		.doppler_hz = w->doppler_hz,
		.cfo_hz = uplink ? -w->cfo_hz : w->cfo_hz,
		.delay_samples = w->delay_samples + w->distance_m / LIGHT_M_A_S * b->rate_hz,
		.snr_db = w->snr_db,
		.signal_power = 1,
		.seed = w->seed * 2 + uplink };
	struct channel *ch = channel_new(&c);

	assert_non_null(ch);
	return ch;
}

void cell_bed_begin(struct cell_bed *b, const struct served_cell_config *c, const struct cell_bed_way *way)
{
	const struct du_upper du_upper = { b, du_ccch, du_configured, du_configured, du_lost };
	const struct ue_stream_upper upper = { b, suitable, found, not_found, on_slot, on_received, on_sync };
	const char *wrong;

	*b = (struct cell_bed){ .gain = (float)pow(10, -way->loss_db / 20),
		.place = DU_NO_UE,
		.chance = (uint32_t)way->seed + 1 };
	rlc_memory_init(&b->memory, 20000, 10, 1000);
	b->du = du_new(&(struct du_config){ *c, 0x4601 }, &du_upper, &wrong);
	if (wrong)
		fail_msg("%s", wrong);
	assert_non_null(b->du);
	b->rate_hz = du_cell(b->du)->broadcast.fft_size * (15e3 * (1 << c->mu));
	b->gnb = du_stream_new(b->du, b->rate_hz);
	b->stream = ue_stream_new(
		&(struct ue_stream_config){ b->rate_hz, du_cell(b->du)->broadcast.carrier_hz }, &upper);
	b->down = channel_of(b, way, false);
	b->up = channel_of(b, way, true);
	b->gnb_rlc = rlc_new(&am, &(struct rlc_upper){ b, deliver, NULL, NULL }, &b->memory);
	b->ue_rlc = rlc_new(&am, &(struct rlc_upper){ b, ue_deliver, NULL, NULL }, &b->memory);
	assert_true(b->gnb && b->stream && b->gnb_rlc && b->ue_rlc);
}

void cell_bed_end(struct cell_bed *b)
{
	const struct phy_slot_refusal *r;

	if (du_stream_refused(b->gnb, &r) > 0)
		fail_msg("%s of %s %u (%s)", phy_slot_error_text(r->error), phy_slot_pdu_text(r->pdu),
			r->index, r->why ? r->why : "");
	ue_phy_free(b->ue);
	ue_stream_free(b->stream);
	du_stream_free(b->gnb);
	du_free(b->du);
	channel_free(b->down);
	channel_free(b->up);
	rlc_free(b->gnb_rlc);
	rlc_free(b->ue_rlc);
	rlc_memory_fini(&b->memory);
}

void cell_bed_send(struct cell_bed *b, bool down, size_t octets)
{
	struct sdu *s = sdu_new(&b->memory.sdus, octets);
	uint8_t *at = s ? sdu_append(s, octets) : NULL;

	assert_non_null(at);
	for (size_t i = 0; i < octets; i++)
		at[i] = (uint8_t)i;
	assert_true(rlc_send(down ? b->gnb_rlc : b->ue_rlc, s));
	*(down ? &b->sent_down : &b->sent_up) += octets;
}

void cell_bed_gnb_send(struct cell_bed *b, size_t n)
{
	rlc_run(b->gnb_rlc, du_stream_now_ns(b->gnb));
	du_stream_send(b->gnb, b->block, n);
}

void cell_bed_ue(struct cell_bed *b, size_t n)
{
	ue_stream_run(b->stream, b->block, b->block, n);
}

void cell_bed_gnb_receive(struct cell_bed *b, size_t n)
{
	du_stream_receive(b->gnb, b->block, n);
}

static void lose(struct cell_bed *b, float gain, size_t n)
{
	for (size_t i = 0; i < n && gain != 1; i++) {
		b->block[i].re *= gain;
		b->block[i].im *= gain;
	}
}

void cell_bed_run(struct cell_bed *b, unsigned ms)
{
	struct phy_cf *at[] = { b->block };
	const struct phy_cf *from[] = { b->block };

	for (size_t left = (size_t)(b->rate_hz / 1000 * ms), n; left > 0; left -= n) {
		n = left < BED_BLOCK ? left : BED_BLOCK;
		cell_bed_gnb_send(b, n);
		lose(b, b->gain, n);
		channel_run(b->down, at, from, n);
		cell_bed_ue(b, n);
		lose(b, b->gone ? 0 : b->gain, n);
		channel_run(b->up, at, from, n);
		cell_bed_gnb_receive(b, n);
	}
}

void cell_bed_show(const struct cell_bed *b)
{
	static const char *const names[DU_STATS] = { "preambles", "unanswered", "responses", "msg3",
		"msg3 again", "msg3 lost", "resolved", "ues lost", "dl", "dl again", "dl wrong", "dl lost",
		"ul", "ul again", "ul wrong", "ul lost", "timing", "probes", "sr", "paged", "not paged",
		"no cce" };

	for (unsigned i = 0; i < DU_STATS; i++)
		print_message("%s %u, ", names[i], (unsigned)du_stat(b->du, (enum du_stat)i));
	print_message("\nUE: ");
	if (!b->ue)
		return;
	for (unsigned i = 0; i < UE_PHY_STATS; i++)
		print_message("%u, ", (unsigned)ue_phy_stat(b->ue, (enum ue_phy_stat)i));
	print_message("\n");
}
