/* MAC PDUs to and of a UE octet by octet, its reports, and HARQ processes. */
#include "base/test.h"

#include "gnb/du/mac/mac.h"
#include "radio/mac/pdu.h"

enum { BLOCK_OCTETS = 1000 };

static struct pool blocks;
static struct rlc_memory memory;
static struct rlc *rlc[3];
static struct du_ue *ue;
static struct {
	unsigned delivered, ccch;
	uint16_t c_rnti;
} got;

static void deliver(void *arg, struct sdu *s)
{
	got.delivered++;
	sdu_free(&memory.sdus, s);
}

static void ccch(void *arg, struct bytes sdu)
{
	got.ccch++;
}

static void c_rnti(void *arg, uint16_t value)
{
	got.c_rnti = value;
}

static int setup(void **state)
{
	struct rlc_config c = { .mode = RLC_UM, .tx_sn_bits = 12, .rx_sn_bits = 12, .t_reassembly_ms = 10 };
	struct rlc_upper upper = { .deliver = deliver };
	struct du_ue_upper above = { NULL, ccch, c_rnti };

	rlc_memory_init(&memory, 100, 1, 10);
	memset(&got, 0, sizeof(got));
	pool_init(&blocks, BLOCK_OCTETS, DU_HARQ_PROCESSES);
	ue = du_ue_new(&above, &blocks);
	for (int i = 0; i < 3; i++)
		rlc[i] = rlc_new(&c, &upper, &memory);
	return ue && rlc[2] ? 0 : -1;
}

static int teardown(void **state)
{
	du_ue_free(ue);
	assert_int_equal(blocks.used, 0);
	pool_fini(&blocks);
	for (int i = 0; i < 3; i++)
		rlc_free(rlc[i]);
	rlc_memory_fini(&memory);
	return 0;
}

static void test_downlink(void **state)
{
	static const uint8_t expected[] = "\x3e"
					  "sixoct"
					  "\x3d\x21"
					  "\x00\x03"
					  "rrc"
					  "\x05\x03\x00"
					  "hi"
					  "\x04\x03\x00"
					  "lo"
					  "\x3f\0";
	uint8_t out[sizeof(expected) - 1];

	assert_true(du_channel_set(ue, 4, &(struct du_channel){ rlc[0], 9, 1 }));
	assert_true(du_channel_set(ue, 5, &(struct du_channel){ rlc[1], 2, 1 }));
	assert_false(du_channel_set(ue, 33, &(struct du_channel){ rlc[1], 2, 1 }));
	assert_false(du_channel_set(ue, 6, &(struct du_channel){ rlc[1], 0, 1 }));
	assert_false(du_downlink_build(ue, BYTES_NONE, out, sizeof(out), 0));
	assert_true(rlc_send(rlc[0], sdu_of(&memory.sdus, bytes_of("lo", 2))));
	assert_true(rlc_send(rlc[1], sdu_of(&memory.sdus, bytes_of("hi", 2))));
	du_contention_resolved(ue, (const uint8_t *)"sixoct");
	du_timing_advance(ue, (struct mac_timing_advance){ 0, 33 });
	assert_true(du_downlink_wanted(ue, 0) >= 7 + 2 + 5 + 5);
	assert_false(du_downlink_build(ue, bytes_of("rrc", 3), out, 4, 0)); /* the SDU of SRB0 does not fit */
	assert_true(du_downlink_build(ue, bytes_of("rrc", 3), out, sizeof(out), 0));
	assert_memory_equal(out, expected, sizeof(out));
	assert_int_equal(du_downlink_wanted(ue, 0), 0);
}

static void receive(const char *octets, size_t len)
{
	du_uplink_receive(ue, bytes_of(octets, len), 0);
}

#define RECEIVE(octets) receive(octets, sizeof(octets) - 1)

static void test_uplink(void **state)
{
	assert_true(du_channel_set(ue, 4, &(struct du_channel){ rlc[0], 9, 1 }));
	RECEIVE("\x04\x03\x00ip"
		"\x3e\x03\x06\x0a\x14"
		"\x39\x28\x33"
		"\x3f");
	assert_int_equal(got.delivered, 1);
	assert_true(ue->has_phr && ue->phr.ph == 40 && ue->phr.p_cmax == 51);
	assert_int_equal(du_uplink_wanted(ue), bsr_8bit_bytes[10] + bsr_8bit_bytes[20]);
	RECEIVE("\x04\x0a\x00"
		"123456789"); /* ten octets less */
	assert_int_equal(du_uplink_wanted(ue), bsr_8bit_bytes[10] + bsr_8bit_bytes[20] - 10);
	RECEIVE("\x3d\x44"); /* a short one: the other group has nothing */
	assert_int_equal(du_uplink_wanted(ue), bsr_5bit_bytes[4]);
	RECEIVE("\x3c\x02\x06\x05"); /* cut: group 1 has that or group 2, and both have something */
	assert_true(ue->wants_grant && ue->reported[2] > 0);
	RECEIVE("\x34"
		"sixoct"
		"\x3d\x00");
	assert_true(got.ccch == 1 && !ue->wants_grant && du_uplink_wanted(ue) == 0);
	RECEIVE("\x3a\x46\x01");
	assert_int_equal(got.c_rnti, 0x4601);
	RECEIVE("\x07\x01x"
		"\x30\0\0\0\0"
		"\x3e\x02\x01\xff"); /* no such channel; LBT; a reserved level */
	assert_int_equal(ue->stats.ul_unconfigured, 3);
	RECEIVE("\x25\x01x");
	RECEIVE("\x04\x09x");
	assert_int_equal(ue->stats.ul_unknown, 2);
}

static void test_harq(void **state)
{
	struct du_harq *h = ue->downlink;
	bool ndi = du_harq_begin(&h[0], 100);

	assert_int_equal(du_harq_free(h), 1);
	assert_int_equal(du_harq_rv(&h[0]), 0);
	assert_int_equal(du_harq_answered(&h[0], DU_HARQ_NACK, 4), DU_HARQ_AGAIN);
	assert_int_equal(du_harq_rv(&h[0]), 2);
	assert_int_equal(du_harq_answered(&h[0], DU_HARQ_NACK, 4), DU_HARQ_AGAIN);
	assert_int_equal(du_harq_rv(&h[0]), 3);
	assert_int_equal(du_harq_answered(&h[0], DU_HARQ_ACK, 4), DU_HARQ_DONE);
	assert_int_equal(du_harq_free(h), 0);
	assert_int_equal(du_harq_begin(&h[0], 50), !ndi);
	for (int i = 0; i < 3; i++)
		assert_int_equal(du_harq_answered(&h[0], DU_HARQ_NACK, 4), DU_HARQ_AGAIN);
	assert_int_equal(du_harq_answered(&h[0], DU_HARQ_NACK, 4), DU_HARQ_GIVEN_UP);
	for (int i = 0; i < DU_HARQ_PROCESSES; i++) {
		ndi = h[i].ndi;
		assert_int_equal(du_harq_begin(&h[i], 1), !ndi);
	}
	assert_int_equal(du_harq_free(h), DU_HARQ_PROCESSES);
}

/* Who never heard the assignment gets what can be decoded by itself. */
static void test_dtx(void **state)
{
	struct du_harq *h = &ue->uplink[3];

	assert_true(du_harq_begin(h, 10));
	assert_int_equal(du_harq_answered(h, DU_HARQ_DTX, 4), DU_HARQ_AGAIN);
	assert_int_equal(du_harq_rv(h), 0);
	assert_int_equal(du_harq_answered(h, DU_HARQ_NACK, 4), DU_HARQ_AGAIN);
	assert_int_equal(du_harq_rv(h), 2);
	assert_int_equal(du_harq_answered(h, DU_HARQ_DTX, 4), DU_HARQ_AGAIN);
	assert_int_equal(du_harq_rv(h), 3);
	assert_int_equal(du_harq_answered(h, DU_HARQ_DTX, 4), DU_HARQ_GIVEN_UP);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_downlink), TEST(test_uplink), TEST(test_harq),
		TEST(test_dtx) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
