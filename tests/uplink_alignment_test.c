/* A UE whose uplink is no longer aligned, or that is ordered to the random access channel
 * (TS 38.321 5.2, 5.4.4, 5.1; 38.331 5.3.12; 38.213 8.1). */
#include "base/test.h"
#include "radio/rlc/rlc.h"
#include "tests/ue_phy_bed.h"

enum { K = 4, PRBS = 106, ALIGNMENT_MS = 500, RA_TC_STEP = 1024 };

static struct ue_phy_bed b;

static struct phy_dci assignment(uint8_t process, bool ndi)
{
	struct phy_dci d = { .kind = PHY_DCI_1_0_C,
		.field = { [PHY_DCI_MCS] = 4,
			[PHY_DCI_NDI] = ndi,
			[PHY_DCI_HARQ_PROCESS] = process,
			[PHY_DCI_HARQ_TIMING] = K - 1 } };

	assert_true(cell_pdsch_riv(&d.field[PHY_DCI_FREQUENCY], &b.served.cell, &b.own.spaces[0], 10, 10));
	return d;
}

static struct phy_dci grant(uint8_t process, bool ndi)
{
	struct phy_dci d = { .kind = PHY_DCI_0_0,
		.field = { [PHY_DCI_MCS] = 9, [PHY_DCI_NDI] = ndi, [PHY_DCI_HARQ_PROCESS] = process } };

	assert_true(phy_dci_riv(&d.field[PHY_DCI_FREQUENCY], 20, 20, PRBS));
	return d;
}

static struct phy_dci order(uint8_t preamble, uint8_t ssb, uint8_t mask)
{
	return (struct phy_dci){ .kind = PHY_DCI_1_0_ORDER,
		.field = { [PHY_DCI_IDENTIFIER] = 1,
			[PHY_DCI_FREQUENCY] = 0x1fff, /* 96 blocks of CORESET 0: 4656 of 8192 */
			[PHY_DCI_PREAMBLE] = preamble,
			[PHY_DCI_SSB] = ssb,
			[PHY_DCI_PRACH_MASK] = mask } };
}

static void hear(struct phy_dci d)
{
	ue_phy_bed_hear(&b, &d);
	ue_phy_bed_slot(&b);
}

/* Slots of the next so many ms in which anything but a preamble is sent. */
static unsigned sent_in(unsigned ms)
{
	unsigned n = 0;

	while (ms-- > 0) {
		ue_phy_bed_slot(&b);
		n += b.has_pusch || b.has_pucch || b.has_srs;
	}
	return n;
}

/* Until a preamble goes; false: none does in so many slots. */
static bool preamble_in(unsigned slots)
{
	while (slots-- > 0) {
		ue_phy_bed_slot(&b);
		if (b.has_prach)
			return true;
	}
	return false;
}

static void respond(uint8_t preamble, uint16_t timing_advance)
{
	uint8_t octets[16];
	struct writer w = writer_of(octets, sizeof(octets));
	struct mac_rar rar = {
		.rapid = preamble, .timing_advance = timing_advance, .temporary_c_rnti = BED_RNTI
	};
	uint32_t riv;

	assert_true(phy_dci_riv(&riv, 20, 3, PRBS));
	rar.grant.frequency_resource = (uint16_t)riv;
	rar.grant.mcs = 4;
	mac_rar_write(&w, &rar, false);
	ue_phy_response(b.ue, writer_bytes(&w));
}

static void begin(uint32_t alignment_ms)
{
	struct served_cell_config c = ue_phy_bed_cell();

	ue_phy_bed_begin(&b, &c);
	ue_phy_alignment(b.ue, alignment_ms);
	assert_true(ue_downlink_response(&b.ue->downlink, true, b.slot * slot_ns(0)));
	assert_true(b.own.sr.there && b.own.report.there);
}

/* Reports go for as long as the timer runs; then nothing does, what was granted and what is to be answered
 * included, and what 38.331 5.3.12 names is gone above and below. */
static void test_ends(void **state)
{
	begin(ALIGNMENT_MS);
	assert_true(sent_in(ALIGNMENT_MS - K) > 5);
	hear(assignment(1, true));
	hear(grant(2, true));
	assert_int_equal(sent_in(300), 0);
	assert_false(b.own.sr.there || b.own.report.there || b.ue->own.sr.there || b.ue->own.report.there);
	assert_true(b.own.ack_n > 0 && b.ue->own.ack_n > 0);
	assert_int_equal(ue_phy_stat(b.ue, UE_PHY_STAT_ALIGNMENTS_ENDED), 1);
	hear(assignment(3, true)); /* heard, but not answered (5.3.2.2) */
	assert_int_equal(b.pdsch_n, 1);
	assert_int_equal(sent_in(20), 0);
	ue_phy_bed_end(&b);
}

/* A Timing Advance Command keeps it alive, 31 changes nothing else. */
static void test_kept(void **state)
{
	static const uint8_t command[] = { 0x3d, 31 };
	struct bytes identity;

	begin(ALIGNMENT_MS);
	for (unsigned i = 0; i < 4; i++) {
		assert_true(sent_in(ALIGNMENT_MS - 100) > 0);
		ue_downlink_receive(
			ue_phy_downlink(b.ue), BYTES(command), false, &identity, b.slot * slot_ns(0));
	}
	assert_int_equal(ue_phy_stat(b.ue, UE_PHY_STAT_ALIGNMENTS_ENDED), 0);
	assert_true(b.own.report.there);
	ue_phy_bed_end(&b);
}

/* Bits as 38.212 7.3.1.2.1 orders them; then a preamble of its own, once, and uplink again from the response
 * on, without a C-RNTI's element or a CCCH SDU in what is granted there. */
static void test_order(void **state)
{
	static const char bits[] = "1"
				   "1111111111111"
				   "101010"
				   "0"
				   "000000"
				   "0001"
				   "0000000000";
	struct phy_dci d = order(42, 0, 1);
	struct phy_dci_layout l;
	uint8_t packed[PHY_DCI_BITS_MAX];

	begin(ALIGNMENT_MS);
	assert_true(cell_dci_layout(&l, &b.served.cell, &b.own, &b.own.spaces[0], PHY_DCI_1_0_ORDER));
	assert_true(phy_dci_pack(&l, &d, packed));
	assert_int_equal(l.bits, sizeof(bits) - 1);
	for (unsigned i = 0; i < l.bits; i++)
		assert_int_equal(packed[i / 8] >> (7 - i % 8) & 1, bits[i] - '0');
	assert_true(sent_in(ALIGNMENT_MS + 10) > 0);
	hear(d);
	assert_int_equal(b.pdsch_n, 0);
	assert_true(preamble_in(25));
	assert_int_equal(b.prach.preamble, 42);
	assert_int_equal(b.ue->ra.state, UE_RA_RESPONSE);
	ue_phy_bed_slots(&b, 2);
	respond(42, 20);
	assert_int_equal(b.ue->ra.state, UE_RA_DONE);
	assert_int_equal(b.ue->advance_tc, 20 * RA_TC_STEP);
	for (unsigned i = 0; i < 12 && !b.has_pusch; i++)
		ue_phy_bed_slot(&b);
	assert_true(b.has_pusch && b.pusch.tb.len > 4 && (b.pusch.tb.data[0] & 63) != 58 &&
		    (b.pusch.tb.data[0] & 63) != 52 && (b.pusch.tb.data[0] & 63) != 0);
	hear(assignment(3, true));
	ue_phy_bed_slots(&b, K);
	assert_true(b.has_pucch && b.uci[0] == 1);
	assert_int_equal(ue_phy_stat(b.ue, UE_PHY_STAT_ORDERS), 1);
	ue_phy_bed_end(&b);
}

/* Preamble 0: by contention, which is won by a grant for the C-RNTI; one before that ends nothing (only what
 * is in place of a scheduling request, 5.4.4). */
static void test_order_by_contention(void **state)
{
	begin(UE_MAC_INFINITY);
	hear(order(0, 63, 15));
	assert_int_equal(ue_phy_stat(b.ue, UE_PHY_STAT_ORDERS), 1);
	hear(grant(1, true));
	ue_phy_bed_slots(&b, K);
	assert_true(b.has_pusch || b.has_prach);
	assert_true(b.ue->ra.state == UE_RA_PREAMBLE || b.ue->ra.state == UE_RA_RESPONSE);
	if (b.ue->ra.state == UE_RA_PREAMBLE)
		assert_true(preamble_in(25));
	respond(b.ue->ra.preamble, 100);
	assert_int_equal(b.ue->ra.state, UE_RA_MSG3);
	assert_int_equal(b.ue->advance_tc, 0); /* it is aligned, and was not asked to be anew (5.2) */
	for (unsigned i = 0; i < 12 && b.ue->ra.state != UE_RA_CONTENTION; i++)
		ue_phy_bed_slot(&b);
	assert_true(b.has_pusch && (b.pusch.tb.data[0] & 63) == 58); /* the C-RNTI's element */
	assert_true(b.pusch.tb.data[1] == BED_RNTI >> 8 && b.pusch.tb.data[2] == (BED_RNTI & 0xff));
	hear(grant(3, true));
	assert_int_equal(b.ue->ra.state, UE_RA_DONE);
	ue_phy_bed_end(&b);
}

/* Of a block that is not in the cell, or with a mask that names no occasion. */
static void test_order_refused(void **state)
{
	begin(UE_MAC_INFINITY);
	hear(order(7, 1, 0));
	hear(order(7, 0, 2));
	assert_int_equal(ue_phy_stat(b.ue, UE_PHY_STAT_DCIS_REFUSED), 2);
	assert_int_equal(ue_phy_stat(b.ue, UE_PHY_STAT_ORDERS), 0);
	assert_false(preamble_in(25));
	ue_phy_bed_end(&b);
}

/* sr-TransMax: random access instead, and no PUCCH for requests any more; it ends with a grant. */
static void test_requests_unanswered(void **state)
{
	struct rlc_memory memory;
	struct rlc_config rlc_config = { .mode = RLC_UM, .tx_sn_bits = 12 };
	struct ue_mac_config mac = { .sr = { [0] = { .there = true, .on_pucch = true, .trans_max = 4 } } };
	struct ue_mac_channel_config channel = {
		.lcid = 1, .priority = 1, .prioritised_octets_s = UE_MAC_INFINITY, .lcg = 0, .sr = 0
	};
	unsigned requests = 0;
	struct rlc *rlc;

	begin(UE_MAC_INFINITY);
	b.own.report.there = false;
	ue_phy_bed_configure(&b);
	rlc_memory_init(&memory, 16, 4, 16);
	rlc = rlc_new(&rlc_config, &(struct rlc_upper){ &b }, &memory);
	assert_non_null(rlc);
	ue_mac_configure(ue_phy_mac(b.ue), &mac, b.slot * slot_ns(0));
	assert_true(ue_mac_channel_set(ue_phy_mac(b.ue), &channel, rlc, b.slot * slot_ns(0)));
	assert_true(rlc_send(rlc, sdu_of(&memory.sdus, bytes_of("request", 7))));
	for (unsigned i = 0; i < 1000 && b.ue->ra.state == UE_RA_IDLE; i++) {
		ue_phy_bed_slot(&b);
		requests += b.has_pucch && b.pucch.sr;
	}
	assert_int_equal(requests, 4);
	assert_true(b.ue->ra.state == UE_RA_PREAMBLE || b.ue->ra.state == UE_RA_RESPONSE);
	assert_false(b.own.sr.there || b.ue->own.sr.there);
	hear(grant(3, true));
	ue_phy_bed_slots(&b, K);
	assert_true(b.has_pusch);
	assert_int_equal(b.ue->ra.state, UE_RA_IDLE);
	ue_mac_channel_release(ue_phy_mac(b.ue), 1);
	rlc_free(rlc);
	rlc_memory_fini(&memory);
	ue_phy_bed_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_by_contention),
		cmocka_unit_test(test_order_refused),
		cmocka_unit_test(test_requests_unanswered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
