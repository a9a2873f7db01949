/*
 * Whole slots, drawn by chance, from a gNB over a channel to a UE and back, FDD 20 MHz and TDD 100 MHz;
 * memory is taken when ends are made and never in a slot (malloc and its like are counted); what cannot be
 * has a name.
 */
#include <stdlib.h>

#include "radio/phy/slot/harqs.h"
#include "radio/phy/slot/slot_bed.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t n);

static unsigned allocations;

void *__wrap_malloc(size_t n)
{
	allocations++;
	return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	allocations++;
	return __real_calloc(n, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
	allocations++;
	return __real_aligned_alloc(alignment, n);
}

static struct bed_dl dl;
static struct bed_ul ul;
static struct phy_cf sent[BED_ANTENNAS][BED_SAMPLES], got[BED_ANTENNAS][BED_SAMPLES];
static struct phy_cf *const out[BED_ANTENNAS] = { sent[0], sent[1] };
static struct phy_cf *const air[BED_ANTENNAS] = { got[0], got[1] };
static const struct phy_cf *const in[BED_ANTENNAS] = { got[0], got[1] };

/* All four ends of a cell. */
struct cell {
	struct phy_slot_config config;
	struct phy_dl_sender *dl_sender;
	struct phy_dl_receiver *dl_receiver;
	struct phy_ul_sender *ul_sender;
	struct phy_ul_receiver *ul_receiver;
};

static void cell_init(struct cell *c, bool wide)
{
	c->config = bed_config(wide);
	c->dl_sender = phy_dl_sender_new(&c->config);
	c->dl_receiver = phy_dl_receiver_new(&c->config);
	c->ul_sender = phy_ul_sender_new(&c->config);
	c->ul_receiver = phy_ul_receiver_new(&c->config);
	assert_non_null(c->dl_sender);
	assert_non_null(c->dl_receiver);
	assert_non_null(c->ul_sender);
	assert_non_null(c->ul_receiver);
}

static void cell_fini(struct cell *c)
{
	phy_dl_sender_free(c->dl_sender);
	phy_dl_receiver_free(c->dl_receiver);
	phy_ul_sender_free(c->ul_sender);
	phy_ul_receiver_free(c->ul_receiver);
}

/* Two paths' worth of delay spread, a walker's Doppler, 40 dB. */
static struct channel *channel_of(const struct phy_slot_config *c, bool uplink)
{
	struct channel_config config = { .profile = CHANNEL_TDLA30,
		.uplink = uplink,
		.tx = BED_ANTENNAS,
		.rx = BED_ANTENNAS,
		.rate_hz = c->carrier.fft_size * 15e3 * (1u << c->carrier.mu),
		.doppler_hz = 5,
		.delay_samples = -CHANNEL_LATENCY,
		.snr_db = 40,
		.signal_power = 1,
		.seed = 7 };
	struct channel *ch = channel_new(&config);

	assert_non_null(ch);
	return ch;
}

static void pass(struct channel *ch, size_t n)
{
	channel_run(ch, air, (const struct phy_cf *const *)out, n);
}

static void downlink(struct cell *c, struct channel *ch, unsigned n)
{
	struct phy_slot_refusal r;

	bed_draw_dl(&dl, &c->config, n);
	if (!phy_dl_send(c->dl_sender, &dl.slot, out, &r))
		fail_msg("%s %u: %s (%s)", phy_slot_pdu_text(r.pdu), r.index, phy_slot_error_text(r.error),
			r.why);
	pass(ch, phy_slot_samples(&c->config.carrier, dl.slot.time.slot));
	assert_true(phy_dl_receive(c->dl_receiver, &dl.expected, in, &r));
	bed_check_dl(&dl);
}

static void uplink(struct cell *c, struct channel *ch, unsigned n)
{
	static unsigned preamble; /* of the occasion under way */
	struct phy_slot_refusal r;

	bed_draw_ul(&ul, &c->config, n);
	if (ul.slot.prach)
		preamble = ul.prach.preamble;
	if (!phy_ul_send(c->ul_sender, &ul.slot, out, &r))
		fail_msg("%s %u: %s (%s)", phy_slot_pdu_text(r.pdu), r.index, phy_slot_error_text(r.error),
			r.why);
	pass(ch, phy_slot_samples(&c->config.carrier, ul.slot.time.slot));
	assert_true(phy_ul_receive(c->ul_receiver, &ul.expected, in, &r));
	bed_check_ul(&ul);
	assert_int_equal(ul.expected.rach_n, (n + 1) % 4 == 1u << c->config.carrier.mu);
	if (ul.expected.rach_n) {
		assert_int_equal(ul.expected.rach[0].began.slot, n + 1 - (1u << c->config.carrier.mu));
		assert_int_equal(ul.expected.rach[0].found_n, 1);
		assert_int_equal(ul.expected.rach[0].found[0].preamble, preamble);
	}
}

static void round_trips(bool wide, unsigned slots)
{
	struct cell c;
	struct channel *down, *up;
	unsigned made;

	cell_init(&c, wide);
	down = channel_of(&c.config, false);
	up = channel_of(&c.config, true);
	made = allocations;
	for (unsigned n = 0; n < slots; n++) {
		downlink(&c, down, n);
		uplink(&c, up, n);
	}
	assert_int_equal(allocations, made);
	channel_free(down);
	channel_free(up);
	cell_fini(&c);
}

static void test_fdd_20_mhz(void **state)
{
	round_trips(false, 9);
}

static void test_tdd_100_mhz(void **state)
{
	round_trips(true, 8);
}

/* Six layers are two codewords, with a soft buffer each. */
static void test_two_codewords(void **state)
{
	enum { MOST = 8, LAYERS = 6 };
	static struct phy_cf samples[MOST][30720 + 32];
	struct phy_slot_config c = bed_config(false);
	struct phy_cf *to[MOST];
	struct phy_dl_sender *sender;
	struct phy_dl_receiver *receiver;
	struct phy_slot_refusal r;
	static struct phy_pdsch plan;

	c.antennas = c.layers = MOST;
	c.harqs = 2;
	sender = phy_dl_sender_new(&c);
	receiver = phy_dl_receiver_new(&c);
	assert_true(sender && receiver);
	for (unsigned a = 0; a < MOST; a++)
		to[a] = samples[a];
	bed_draw_dl(&dl, &c, 1);
	dl.slot.pdsch_n = dl.expected.pdsch_n = 1;
	dl.pdsch[0].antenna = 2;
	dl.pdsch[0].precoders = NULL;
	dl.pdsch[0].config.layers = LAYERS;
	dl.pdsch[0].config.dmrs.double_symbol = true;
	for (unsigned i = 0; i < LAYERS; i++)
		dl.pdsch[0].config.ports[i] = (uint8_t)i;
	dl.pdsch[0].config.codeword[1] = (struct phy_pdsch_codeword){ .mcs = 7 };
	assert_int_equal(phy_pdsch_init(&plan, &dl.pdsch[0].config), PHY_PDSCH_OK);
	for (unsigned q = 0; q < PHY_CODEWORDS_MAX; q++) {
		draw_packed(dl.tb[q], plan.sch[q].a);
		dl.pdsch[0].tb[q] = bytes_of(dl.tb[q], (plan.sch[q].a + 7) / 8);
	}
	dl.pdsch_rx[0] = (struct phy_dl_pdsch_rx){
		.config = dl.pdsch[0].config, .harq_process = 15, .new_data = { true, true }
	};
	assert_true(phy_dl_send(sender, &dl.slot, to, &r));
	assert_true(phy_dl_receive(receiver, &dl.expected, (const struct phy_cf *const *)to, &r));
	assert_true(dl.pdsch_rx[0].result.ok);
	for (unsigned q = 0; q < PHY_CODEWORDS_MAX; q++)
		assert_true(bytes_equal(dl.pdsch_rx[0].tb[q], dl.pdsch[0].tb[q]));
	dl.pdsch[0].antenna = 3; /* to 9 antennas */
	assert_false(phy_dl_send(sender, &dl.slot, to, &r));
	assert_int_equal(r.error, PHY_SLOT_ANTENNA);
	dl.pdsch[0].antenna = 2;
	dl.pdsch[0].tb[1].len--;
	assert_false(phy_dl_send(sender, &dl.slot, to, &r));
	assert_int_equal(r.error, PHY_SLOT_BLOCK);
	dl.pdsch_rx[0].harq_process = PHY_DL_HARQS_MAX;
	assert_false(phy_dl_receive(receiver, &dl.expected, NULL, &r));
	assert_int_equal(r.error, PHY_SLOT_HARQ);
	phy_dl_sender_free(sender);
	phy_dl_receiver_free(receiver);
}

/* What a DCI says of the slot that it came in: the grids are kept. */
static void test_data_after_control(void **state)
{
	struct phy_slot_refusal r;
	struct channel *ch;
	size_t pdsch_n;
	struct cell c;

	cell_init(&c, false);
	ch = channel_of(&c.config, false);
	bed_draw_dl(&dl, &c.config, 1);
	assert_true(phy_dl_send(c.dl_sender, &dl.slot, out, &r));
	pass(ch, phy_slot_samples(&c.config.carrier, 1));
	pdsch_n = dl.expected.pdsch_n;
	dl.expected.pdsch_n = 0;
	assert_true(phy_dl_receive(c.dl_receiver, &dl.expected, in, &r));
	dl.expected.pdsch_n = pdsch_n;
	dl.expected.pdcch_n = dl.expected.csi_rs_n = 0;
	assert_true(phy_dl_receive(c.dl_receiver, &dl.expected, NULL, &r));
	bed_check_dl(&dl);
	channel_free(ch);
	cell_fini(&c);
}

/* A TDD pattern's slot with both directions: the downlink is silent behind its symbols, the uplink before its
 * own. */
static void test_special_slot(void **state)
{
	struct phy_slot_refusal r;
	struct cell c;
	unsigned end;

	cell_init(&c, true);
	bed_draw_dl(&dl, &c.config, 1);
	dl.slot.symbols = dl.expected.symbols = 0x3f;
	dl.slot.pdsch_n = dl.slot.csi_rs_n = dl.expected.pdsch_n = dl.expected.csi_rs_n = 0;
	memset(sent, 0xff, sizeof(sent));
	assert_true(phy_dl_send(c.dl_sender, &dl.slot, out, &r));
	end = 6 * (4096 + 288) + 64; /* slot 1 begins half way through the subframe: a longer prefix */
	for (unsigned a = 0; a < BED_ANTENNAS; a++) {
		for (unsigned s = end; s < phy_slot_samples(&c.config.carrier, 1); s++)
			assert_true(sent[a][s].re == 0 && sent[a][s].im == 0);
	}
	assert_true(phy_dl_receive(c.dl_receiver, &dl.expected, (const struct phy_cf *const *)out, &r));
	bed_check_dl(&dl);
	bed_draw_ul(&ul, &c.config, 2);
	ul.slot.symbols = ul.expected.symbols = 1 << 13;
	ul.slot.pusch_n = ul.slot.pucch_n = ul.expected.pusch_n = ul.expected.pucch_n = 0;
	assert_true(phy_ul_send(c.ul_sender, &ul.slot, out, &r));
	assert_true(sent[0][0].re == 0 && sent[0][12 * 4384 - 1].re == 0);
	assert_true(phy_ul_receive(c.ul_receiver, &ul.expected, (const struct phy_cf *const *)out, &r));
	bed_check_ul(&ul);
	cell_fini(&c);
}

/* The gain of a slot is not that of its SRS. */
static void test_gains(void **state)
{
	static const float gains[][2] = { { 0, 0 }, { 0.5f, 0 }, { 0.5f, 0.25f }, { 2, 3 } };
	float first_power = 0, first_srs = 0;
	struct phy_slot_refusal r;
	struct cell c;

	cell_init(&c, false);
	for (size_t i = 0; i < ARRAY_LEN(gains); i++) {
		float gain = i > 0 ? gains[i][0] : 1, srs = gains[i][1] > 0 ? gains[i][1] : 1, power;

		bed_seed(7);
		bed_draw_ul(&ul, &c.config, 2);
		ul.slot.gain = gains[i][0];
		ul.slot.srs_gain = gains[i][1];
		assert_true(phy_ul_send(c.ul_sender, &ul.slot, out, &r));
		assert_true(
			phy_ul_receive(c.ul_receiver, &ul.expected, (const struct phy_cf *const *)out, &r));
		bed_check_ul(&ul);
		power = ul.pusch_rx[0].result.channel.channel.power;
		if (i == 0) {
			first_power = power;
			first_srs = ul.estimate.power;
		}
		assert_true(fabsf(power / first_power / (gain * gain) - 1) < 0.02f);
		assert_true(fabsf(ul.estimate.power / first_srs / (srs * srs) - 1) < 0.02f);
	}
	cell_fini(&c);
}

/* A preamble over two slots of which the second was left out, at either end: nothing is found in what
 * follows, and the next one is. */
static void test_gap_in_preamble(void **state)
{
	struct phy_slot_refusal r;
	struct cell c;

	cell_init(&c, true);
	for (unsigned n = 0; n < 6; n++) {
		if (n == 1)
			continue;
		bed_draw_ul(&ul, &c.config, n);
		ul.slot.pusch_n = ul.slot.pucch_n = ul.slot.srs_n = 0;
		ul.expected.pusch_n = ul.expected.pucch_n = ul.expected.srs_n = 0;
		assert_true(phy_ul_send(c.ul_sender, &ul.slot, out, &r));
		assert_true((sent[0][30000].re != 0) == (n == 0 || n >= 4));
		assert_true(
			phy_ul_receive(c.ul_receiver, &ul.expected, (const struct phy_cf *const *)out, &r));
		assert_int_equal(ul.expected.rach_n, n == 5);
	}
	assert_int_equal(ul.expected.rach[0].began.slot, 4);
	assert_int_equal(ul.expected.rach[0].found_n, 1);
	cell_fini(&c);
}

/* Short occasions beside each other and, in a slot, one behind the other: each has its own preamble. */
static void test_short_preambles(void **state)
{
	static const struct phy_ul_prach_place places[] = {
		{ { .format = PHY_PRACH_A1, .start_tc = 0 }, 10 },
		{ { .format = PHY_PRACH_A1, .start_tc = 0 }, 30 },
		{ { .format = PHY_PRACH_A1, .start_tc = 2 * (2048 + 144) * 64 + 16 * 64 }, 10 },
	};
	struct phy_slot_config c = bed_config(false);
	struct phy_ul_prach prach = { .amplitude = 1 };
	struct phy_ul_slot slot = { .time = { 0, 3, 4 }, .prach = &prach };
	struct phy_ul_slot_rx expected = { .time = slot.time, .prach = places, .prach_n = 3 };
	struct phy_ul_receiver *receiver;
	struct phy_slot_refusal r;

	c.prach = 3;
	c.preambles =
		(struct phy_prach_config){ .format = PHY_PRACH_A1, .l_ra = 139, .root_index = 1, .zone = 8 };
	receiver = phy_ul_receiver_new(&c);
	assert_non_null(receiver);
	memset(got, 0, sizeof(got));
	for (unsigned i = 0; i < 3; i++) {
		struct phy_ul_sender *sender = phy_ul_sender_new(&c);

		assert_non_null(sender);
		prach.place = places[i];
		prach.preamble = (uint8_t)(7 + 20 * i);
		assert_true(phy_ul_send(sender, &slot, out, &r));
		for (unsigned s = 0; s < 30720; s++) {
			got[0][s].re += sent[0][s].re;
			got[0][s].im += sent[0][s].im;
		}
		phy_ul_sender_free(sender);
	}
	assert_true(phy_ul_receive(receiver, &expected, in, &r));
	assert_int_equal(expected.rach_n, 3);
	for (unsigned i = 0; i < 3; i++) {
		const struct phy_ul_rach *rach = &expected.rach[i];

		assert_int_equal(rach->place.first_prb, places[i].first_prb);
		assert_int_equal(rach->found_n, 1);
		assert_int_equal(rach->found[0].preamble, 7 + 20 * i);
		assert_true(rach->found[0].delay_s < 2e-7);
	}
	phy_ul_receiver_free(receiver);
}

/* A block that one transmission is too noisy for comes out of two; a process that is new again forgets. */
static void test_harq(void **state)
{
	struct phy_slot_refusal r;
	struct cell c;
	bool ok[3];

	cell_init(&c, false);
	bed_draw_ul(&ul, &c.config, 1);
	ul.slot.pusch_n = ul.expected.pusch_n = 1;
	ul.slot.pucch_n = ul.slot.srs_n = ul.expected.pucch_n = ul.expected.srs_n = 0;
	ul.pusch[0].config.layers = ul.pusch_rx[0].config.layers = 1;
	ul.pusch[0].config.mcs = ul.pusch_rx[0].config.mcs = 9;
	ul.pusch[0].config.uci = ul.pusch_rx[0].config.uci = (struct phy_pusch_uci_config){ 0 };
	for (unsigned i = 0; i < 3; i++) {
		static struct phy_pusch plan;

		ul.pusch[0].config.rv = ul.pusch_rx[0].config.rv = i == 1 ? 2 : 0;
		ul.pusch_rx[0].new_data = i != 1;
		assert_int_equal(phy_pusch_init(&plan, &ul.pusch[0].config), PHY_PUSCH_OK);
		ul.pusch[0].tb.len = (plan.sch.a + 7) / 8;
		assert_true(phy_ul_send(c.ul_sender, &ul.slot, out, &r));
		for (unsigned s = 0; s < phy_slot_samples(&c.config.carrier, 1); s++) {
			for (unsigned a = 0; a < BED_ANTENNAS; a++) {
				struct phy_cf noise = gaussian_cf();

				/* 2 dB below the signal: half of what QPSK 679/1024 needs */
				got[a][s] = (struct phy_cf){ sent[0][s].re + 1.6f * noise.re,
					sent[0][s].im + 1.6f * noise.im };
			}
		}
		assert_true(phy_ul_receive(c.ul_receiver, &ul.expected, in, &r));
		ok[i] = ul.pusch_rx[0].result.ok;
	}
	assert_true(!ok[0] && ok[1] && !ok[2]);
	cell_fini(&c);
}

static void test_soft_buffers(void **state)
{
	struct slot_harqs *h = slot_harqs_new(2, 1000);
	struct phy_harq *a, *b;

	slot_harqs_begin(h);
	a = slot_harqs_take(h, slot_harqs_place(h, 1, 0), true);
	assert_int_equal(slot_harqs_place(h, 1, 0), -1); /* twice in a slot */
	b = slot_harqs_take(h, slot_harqs_place(h, 1, 1), true);
	assert_ptr_not_equal(a, b);
	assert_int_equal(slot_harqs_place(h, 2, 0), -1); /* none is left in this slot */
	slot_harqs_begin(h);
	assert_ptr_equal(slot_harqs_take(h, slot_harqs_place(h, 1, 0), false), a);
	slot_harqs_begin(h);
	assert_ptr_equal(slot_harqs_take(h, slot_harqs_place(h, 2, 0), true), b); /* waited longest */
	slot_harqs_begin(h);
	slot_harqs_done(h, slot_harqs_place(h, 2, 0));
	slot_harqs_begin(h);
	assert_ptr_equal(slot_harqs_take(h, slot_harqs_place(h, 3, 3), true), b); /* free, though used last */
	slot_harqs_free(h);
}

typedef void spoil_fn(void);

struct spoilt {
	enum phy_slot_pdu pdu;
	enum phy_slot_error error;
	spoil_fn *spoil;
};

#define SPOIL(name, what)                                                                                    \
	static void name(void)                                                                               \
	{                                                                                                    \
		what;                                                                                        \
	}

SPOIL(dl_spacing, dl.slot.time.numerology = 1)
SPOIL(dl_slot, dl.slot.time.slot = 10)
SPOIL(dl_many, dl.slot.pdsch_n = BED_SHARED + 1)
SPOIL(ssb_above, dl.ssb.place.first_sc = 106 * 12 - 239)
SPOIL(ssb_late, dl.ssb.place.first_symbol = 11)
SPOIL(ssb_index, dl.ssb.payload.ssb_index = 8)
SPOIL(ssb_antenna, dl.ssb.antenna = BED_ANTENNAS)
SPOIL(pdcch_twice, dl.pdcch[1].at = dl.pdcch[0].at)
SPOIL(pdcch_candidate, dl.pdcch[1].at.cce = 16)
SPOIL(pdcch_bits, dl.pdcch[1].bits = 141)
SPOIL(pdcch_late, dl.pdcch[1].occasion.first_symbol = 13)
SPOIL(pdcch_direction, dl.slot.symbols = 0x3ffe)
SPOIL(csi_rs_row, dl.csi_rs.config.row = 19)
SPOIL(csi_rs_above, dl.csi_rs.config.first_crb++)
SPOIL(csi_rs_on_pdcch, dl.csi_rs.config.l0 = 1)
SPOIL(pdsch_not_around, dl.pdsch[0].config.reserved_n = 0)
SPOIL(pdsch_mcs, dl.pdsch[0].config.codeword[0].mcs = 40)
SPOIL(pdsch_tb, dl.pdsch[0].tb[0].len--)
SPOIL(pdsch_layers, dl.pdsch[0].config.layers = 3; dl.pdsch[0].config.ports[2] = 2;
	dl.pdsch[0].config.ptrs.time_density = 0; dl.pdsch[0].precoders = NULL)
SPOIL(pdsch_precoder, dl.pdsch[0].precoders = dl.precoders; dl.precoders[0].layers ^= 3)
SPOIL(pdsch_ports, dl.pdsch[0].precoders = dl.precoders; dl.precoders[0].ports = 3)
SPOIL(pdsch_direction, dl.slot.symbols = 0x0fff)
SPOIL(pdsch_spacing, dl.pdsch[0].config.mu = 1)
SPOIL(pdsch_above, dl.pdsch[0].config.bwp_start = 100)

/* PT-RS of every second block, and CSI-RS of one RE in every second block: on them, or on data beside them.
 */
static void test_csi_rs_on_ptrs(void **state)
{
	static const enum phy_csi_rs_density blocks[] = { PHY_CSI_RS_HALF_EVEN, PHY_CSI_RS_HALF_ODD };
	struct phy_pdsch_config *d = &dl.pdsch[0].config;
	static struct phy_pdsch plan;
	struct phy_slot_refusal r;
	struct cell c;

	cell_init(&c, false);
	for (unsigned i = 0; i < 2; i++) {
		bed_draw_dl(&dl, &c.config, 1);
		dl.slot.csi_rs = &dl.csi_rs;
		dl.slot.csi_rs_n = dl.slot.pdsch_n = 1;
		d->reserved_n = 0;
		d->ptrs = (struct phy_ptrs_config){ .time_density = 1, .frequency_density = 2 };
		assert_int_equal(phy_pdsch_init(&plan, d), PHY_PDSCH_OK);
		assert_int_equal(plan.ptrs.n[5], (d->prbs.n + 1) / 2);
		dl.csi_rs = (struct phy_dl_csi_rs){ .amplitude = 1 };
		dl.csi_rs.config = (struct phy_csi_rs_config){ .row = 2,
			.density = blocks[i],
			.l0 = 5,
			.frequency = (uint16_t)(1u << plan.ptrs.subcarrier),
			.first_crb = c.config.carrier.first_crb,
			.prbs = d->prbs.n / 4 * 4 };
		assert_false(phy_dl_send(c.dl_sender, &dl.slot, out, &r));
		assert_int_equal(r.error, PHY_SLOT_OVERLAP);
		assert_int_equal(r.pdu, PHY_SLOT_PDSCH);
	}
	cell_fini(&c);
}

/* Each in a slot that is else legal, before which and after which nothing is different. */
static void test_refusals_downlink(void **state)
{
	static const struct spoilt cases[] = {
		{ PHY_SLOT_SSB, PHY_SLOT_TIME, dl_spacing },
		{ PHY_SLOT_SSB, PHY_SLOT_TIME, dl_slot },
		{ PHY_SLOT_PDSCH, PHY_SLOT_TOO_MANY, dl_many },
		{ PHY_SLOT_SSB, PHY_SLOT_OUTSIDE, ssb_above },
		{ PHY_SLOT_SSB, PHY_SLOT_OUTSIDE, ssb_late },
		{ PHY_SLOT_SSB, PHY_SLOT_CHANNEL, ssb_index },
		{ PHY_SLOT_SSB, PHY_SLOT_ANTENNA, ssb_antenna },
		{ PHY_SLOT_PDCCH, PHY_SLOT_OVERLAP, pdcch_twice },
		{ PHY_SLOT_PDCCH, PHY_SLOT_CHANNEL, pdcch_candidate },
		{ PHY_SLOT_PDCCH, PHY_SLOT_CHANNEL, pdcch_bits },
		{ PHY_SLOT_PDCCH, PHY_SLOT_OUTSIDE, pdcch_late },
		{ PHY_SLOT_PDCCH, PHY_SLOT_DIRECTION, pdcch_direction },
		{ PHY_SLOT_CSI_RS, PHY_SLOT_CHANNEL, csi_rs_row },
		{ PHY_SLOT_CSI_RS, PHY_SLOT_OUTSIDE, csi_rs_above },
		{ PHY_SLOT_CSI_RS, PHY_SLOT_OVERLAP, csi_rs_on_pdcch },
		{ PHY_SLOT_PDSCH, PHY_SLOT_OVERLAP, pdsch_not_around },
		{ PHY_SLOT_PDSCH, PHY_SLOT_CHANNEL, pdsch_mcs },
		{ PHY_SLOT_PDSCH, PHY_SLOT_BLOCK, pdsch_tb },
		{ PHY_SLOT_PDSCH, PHY_SLOT_ANTENNA, pdsch_layers },
		{ PHY_SLOT_PDSCH, PHY_SLOT_ANTENNA, pdsch_precoder },
		{ PHY_SLOT_PDSCH, PHY_SLOT_ANTENNA, pdsch_ports },
		{ PHY_SLOT_CSI_RS, PHY_SLOT_DIRECTION, pdsch_direction },
		{ PHY_SLOT_PDSCH, PHY_SLOT_NUMEROLOGY, pdsch_spacing },
		{ PHY_SLOT_PDSCH, PHY_SLOT_OUTSIDE, pdsch_above },
	};
	struct phy_slot_refusal r;
	struct cell c;
	uint64_t drawn = 0;

	cell_init(&c, false);
	do {
		bed_seed(++drawn);
		bed_draw_dl(&dl, &c.config, 2);
	} while (dl.slot.csi_rs_n == 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bed_seed(drawn);
		bed_draw_dl(&dl, &c.config, 2);
		cases[i].spoil();
		memset(sent, 0, sizeof(sent));
		assert_false(phy_dl_send(c.dl_sender, &dl.slot, out, &r));
		if (r.pdu != cases[i].pdu || r.error != cases[i].error)
			fail_msg("case %zu: %s %u: %s", i, phy_slot_pdu_text(r.pdu), r.index,
				phy_slot_error_text(r.error));
		assert_true(sent[0][0].re == 0 && (r.error == PHY_SLOT_CHANNEL) == (r.why != NULL));
	}
	bed_seed(drawn);
	bed_draw_dl(&dl, &c.config, 2);
	assert_true(phy_dl_send(c.dl_sender, &dl.slot, out, &r));
	assert_int_equal(r.error, PHY_SLOT_OK);
	cell_fini(&c);
}

SPOIL(ul_time, ul.expected.time.sfn = 1024)
SPOIL(pusch_overlap, ul.pusch_rx[0].config.prbs.at[0] = 6)
SPOIL(pusch_layers, ul.pusch_rx[0].config.layers = 3; ul.pusch_rx[0].config.ports[2] = 2)
SPOIL(pusch_harq, ul.pusch_rx[1] = ul.pusch_rx[0]; ul.expected.pusch_n = 2)
SPOIL(pusch_direction, ul.expected.symbols = 0x3ffe)
SPOIL(pucch_overlap, ul.pucch_rx[2].config.prbs = 5)
SPOIL(pucch_format, ul.pucch_rx[3].config.format = 5)
SPOIL(pucch_many, ul.expected.pucch_n = BED_PUCCH + 1)
SPOIL(srs_overlap, ul.srs_rx.config.start = 5)
SPOIL(srs_comb, ul.srs_rx.config.comb = 3)
SPOIL(prach_overlap, ul.prach.place.first_prb = 30; ul.expected.prach = &ul.prach.place;
	ul.expected.prach_n = 1)
SPOIL(prach_above, ul.prach.place.first_prb = 101; ul.expected.prach = &ul.prach.place;
	ul.expected.prach_n = 1)
SPOIL(prach_time, ul.prach.place.occasion.start_tc = PHY_PRACH_TC_PER_SUBFRAME;
	ul.expected.prach = &ul.prach.place; ul.expected.prach_n = 1)

static void test_refusals_uplink(void **state)
{
	static const struct spoilt cases[] = {
		{ PHY_SLOT_PUSCH, PHY_SLOT_TIME, ul_time },
		{ PHY_SLOT_PUCCH, PHY_SLOT_OVERLAP, pusch_overlap },
		{ PHY_SLOT_PUSCH, PHY_SLOT_ANTENNA, pusch_layers },
		{ PHY_SLOT_PUSCH, PHY_SLOT_HARQ, pusch_harq },
		{ PHY_SLOT_PUSCH, PHY_SLOT_DIRECTION, pusch_direction },
		{ PHY_SLOT_PUCCH, PHY_SLOT_OVERLAP, pucch_overlap },
		{ PHY_SLOT_PUCCH, PHY_SLOT_CHANNEL, pucch_format },
		{ PHY_SLOT_PUCCH, PHY_SLOT_TOO_MANY, pucch_many },
		{ PHY_SLOT_SRS, PHY_SLOT_OVERLAP, srs_overlap },
		{ PHY_SLOT_SRS, PHY_SLOT_CHANNEL, srs_comb },
		{ PHY_SLOT_PRACH, PHY_SLOT_OVERLAP, prach_overlap },
		{ PHY_SLOT_PRACH, PHY_SLOT_OUTSIDE, prach_above },
		{ PHY_SLOT_PRACH, PHY_SLOT_TIME, prach_time },
	};
	struct phy_slot_refusal r;
	struct cell c;
	const uint64_t drawn = 5;

	cell_init(&c, false);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bed_seed(drawn);
		bed_draw_ul(&ul, &c.config, 2);
		ul.prach.place.occasion.format = PHY_PRACH_0;
		cases[i].spoil();
		if (phy_ul_receive(c.ul_receiver, &ul.expected, in, &r) || r.pdu != cases[i].pdu ||
			r.error != cases[i].error)
			fail_msg("case %zu: %s %u: %s", i, phy_slot_pdu_text(r.pdu), r.index,
				phy_slot_error_text(r.error));
	}
	cell_fini(&c);
}

static void test_names(void **state)
{
	for (unsigned e = 0; e <= PHY_SLOT_ERRORS; e++)
		assert_non_null(phy_slot_error_text(e));
	for (unsigned p = 0; p <= PHY_SLOT_PDUS; p++)
		assert_non_null(phy_slot_pdu_text(p));
}

static void test_illegal_ends(void **state)
{
	struct phy_slot_config c = bed_config(false);

	c.antennas = 9;
	assert_null(phy_dl_sender_new(&c));
	c = bed_config(false);
	c.carrier.fft_size = 1000;
	assert_null(phy_dl_receiver_new(&c));
	c = bed_config(false);
	c.preambles.zone = 16;
	assert_null(phy_ul_sender_new(&c));
	assert_null(phy_ul_receiver_new(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fdd_20_mhz),
		cmocka_unit_test(test_tdd_100_mhz),
		cmocka_unit_test(test_two_codewords),
		cmocka_unit_test(test_data_after_control),
		cmocka_unit_test(test_special_slot),
		cmocka_unit_test(test_gains),
		cmocka_unit_test(test_gap_in_preamble),
		cmocka_unit_test(test_short_preambles),
		cmocka_unit_test(test_harq),
		cmocka_unit_test(test_soft_buffers),
		cmocka_unit_test(test_refusals_downlink),
		cmocka_unit_test(test_refusals_uplink),
		cmocka_unit_test(test_csi_rs_on_ptrs),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_illegal_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
