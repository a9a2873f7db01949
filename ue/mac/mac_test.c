/* What a grant carries, and what is asked of the gNB (38.321 5.4.3 to 5.4.6). */
#include "base/test.h"

#include "radio/mac/bsr.h"
#include "radio/mac/pdu.h"
#include "ue/mac/mac.h"

enum { CHANNELS = 5, MS = 1000000, PDU_MAX = 12000, LONG_BSR_SIZE = 2 + 1 + 3 };

static struct rlc_memory memory;
static struct rlc *rlc[CHANNELS + 1];
static struct ue_mac *mac;

/* What the PDU had that was built last. */
static struct {
	size_t octets[64]; /* of SDUs, by logical channel */
	unsigned sdus, elements;
	bool bsr, phr, c_rnti, ccch;
	uint8_t bsr_lcid;
	struct mac_bsr status;
	size_t padding;
	bool padded;
} got;

static void deliver(void *arg, struct sdu *s)
{
	sdu_free(&memory.sdus, s);
}

static const struct ue_mac_config config = {
	.periodic_bsr_ms = UE_MAC_INFINITY, .retx_bsr_ms = 80, .sr = { [2] = { true, true, 10, 3 } }
};

static int setup(void **state)
{
	struct rlc_config c = { .mode = RLC_UM, .tx_sn_bits = 12, .rx_sn_bits = 12, .t_reassembly_ms = 20 };
	struct rlc_upper upper = { .deliver = deliver };

	rlc_memory_init(&memory, 5000, 10, 100);
	for (int i = 1; i <= CHANNELS; i++)
		rlc[i] = rlc_new(&c, &upper, &memory);
	mac = ue_mac_new(&config);
	return mac && rlc[CHANNELS] ? 0 : -1;
}

static int teardown(void **state)
{
	ue_mac_free(mac);
	for (int i = 1; i <= CHANNELS; i++)
		rlc_free(rlc[i]);
	rlc_memory_fini(&memory);
	return 0;
}

/* lcid, priority, rate in octets a second, group. */
static void channel(uint8_t lcid, uint8_t priority, uint32_t rate, uint8_t lcg)
{
	struct ue_mac_channel_config c = { lcid, priority, rate, 100, lcg, 2, false };

	assert_true(ue_mac_channel_set(mac, &c, rlc[lcid], 0));
}

static void send(uint8_t lcid, uint32_t len, unsigned count)
{
	for (; count > 0; count--) {
		struct sdu *s = sdu_new(&memory.sdus, len);

		assert_non_null(sdu_append(s, len));
		assert_true(rlc_send(rlc[lcid], s));
	}
}

/* Reads the PDU: SDUs first, then control elements, then padding, as 6.1.2 has it. */
static void read_pdu(const uint8_t *octets, size_t len)
{
	struct cursor c = cursor_of(bytes_of(octets, len));
	struct mac_subpdu s;
	enum mac_read read;

	memset(&got, 0, sizeof(got));
	while ((read = mac_read(&c, MAC_UL_SCH, &s)) == MAC_SUBPDU) {
		assert_false(got.padded);
		if (s.lcid == MAC_PADDING) {
			got.padded = true;
			got.padding = s.data.len;
		} else if (mac_is_sdu(MAC_UL_SCH, s.lcid)) {
			assert_int_equal(got.elements, 0);
			got.octets[s.lcid] += s.data.len;
			got.ccch |= s.lcid == MAC_CCCH || s.lcid == MAC_UL_CCCH_48;
			got.sdus++;
		} else {
			got.elements++;
			got.phr |= s.lcid == MAC_UL_SINGLE_ENTRY_PHR;
			got.c_rnti |= s.lcid == MAC_UL_C_RNTI;
			if (mac_bsr_read(s.lcid, s.data, &got.status)) {
				assert_false(got.bsr);
				got.bsr = true;
				got.bsr_lcid = s.lcid;
			}
		}
	}
	assert_int_equal(read, MAC_END);
}

static bool grant(size_t octets, uint64_t now_ns)
{
	static uint8_t out[PDU_MAX];
	struct ue_mac_grant g = { .octets = octets, .dynamic = true };

	if (!ue_mac_build(mac, &g, out, now_ns))
		return false;
	read_pdu(out, octets);
	return true;
}

/* 5.4.3.1: each its prioritised rate, then the first all. */
static void prioritised(void **state)
{
	channel(1, 1, 8000, 0);
	channel(2, 3, 16000, 1);
	channel(3, 5, UE_MAC_INFINITY, 2);
	channel(4, 7, 0, 3);
	for (uint8_t i = 1; i <= 4; i++)
		send(i, 98, 100);
	/* 20 ms: 160 octets and 320 octets are due; SDUs of 98 make two and four PDUs of 99. Channel 3 takes
	 * all it has before 4. */
	assert_true(grant(202 + 404 + 3 * 101, 20 * MS));
	assert_int_equal(got.octets[1], 2 * 99);
	assert_int_equal(got.octets[2], 4 * 99);
	assert_int_equal(got.octets[3], 3 * 99);
	assert_int_equal(got.octets[4], 0);
	/* Bj of 1 is 160 - 198; nothing is due in the same moment, so only channel 3, then by priority. */
	assert_true(grant(97 * 101 + 5 * 101, 20 * MS));
	assert_int_equal(got.octets[3], 97 * 99);
	assert_int_equal(got.octets[1], 5 * 99);
	assert_int_equal(got.octets[2], 0);
	/* A bucket holds 100 ms at most: 800 and 1,600 octets. */
	assert_true(grant(9 * 101 + 17 * 101 + 101, 5020 * (uint64_t)MS));
	assert_int_equal(got.octets[2], 17 * 99);
	assert_int_equal(got.octets[1], 10 * 99);
	assert_int_equal(got.octets[4], 0);
	assert_true(grant(9000, 5020 * (uint64_t)MS));
	assert_true(grant(9000, 5020 * (uint64_t)MS));
	assert_true(got.octets[4] > 0);
}

static void a_segment_fills_the_grant(void **state)
{
	channel(1, 1, 0, 0);
	send(1, 1000, 1);
	ue_mac_run(mac, 0, 0);
	assert_true(grant(300, 0)); /* a regular report of 2 octets */
	assert_int_equal(got.octets[1], 300 - 2 - 3);
	assert_true(
		got.bsr && got.bsr_lcid == MAC_UL_SHORT_BSR && got.status.octets[0] >= 708 && !got.padded);
	assert_true(grant(100, 0));
	assert_int_equal(got.octets[1], 98);
	assert_false(got.bsr || got.padded);
	assert_true(grant(3, 0)); /* not even a header of RLC and an octet: a padding report instead */
	assert_int_equal(got.sdus, 0);
	assert_true(got.bsr && got.bsr_lcid == MAC_UL_SHORT_BSR && got.padded && got.padding == 0);
}

static bool reports(uint64_t now_ns)
{
	uint8_t sr;

	ue_mac_run(mac, 0, now_ns);
	return ue_mac_wish(mac, &sr, now_ns) == UE_MAC_SCHEDULING_REQUEST && sr == 2;
}

/* 5.4.5: what triggers a regular report, and that it asks for a grant. */
static void regular_reports(void **state)
{
	channel(1, 5, 0, 0);
	channel(2, 7, 0, 1);
	channel(3, 2, 0, 1);
	channel(4, 1, 0, UE_MAC_NO_LCG);
	assert_false(reports(0));
	send(4, 50, 1);
	assert_false(reports(1 * MS)); /* in no group */
	send(1, 50, 1);
	assert_true(reports(2 * MS));
	assert_true(grant(40, 2 * MS));
	assert_true(got.bsr && got.bsr_lcid == MAC_UL_SHORT_BSR);
	assert_false(reports(3 * MS)); /* answered */
	send(2, 50, 1);
	send(1, 50, 1);
	assert_false(reports(4 * MS)); /* lower, and the same: nothing new to say */
	send(3, 50, 1);
	assert_true(reports(5 * MS));
	assert_true(grant(40, 5 * MS));
	assert_true(got.bsr && got.bsr_lcid == MAC_UL_LONG_BSR && got.status.known == 3);
	assert_false(reports(80 * MS));
	assert_true(reports(86 * MS)); /* retxBSR-Timer, restarted by the grants */
	while (got.sdus > 0)
		assert_true(grant(500, 86 * MS));
	assert_false(reports(400 * MS)); /* nothing is left */
	send(2, 50, 1);
	assert_true(reports(401 * MS));
}

static void periodic_reports(void **state)
{
	struct ue_mac_config c = config;

	c.periodic_bsr_ms = 10;
	ue_mac_configure(mac, &c, 0);
	channel(1, 5, 0, 0);
	send(1, 50, 20);
	ue_mac_run(mac, 0, 0);
	assert_true(grant(50, 0) && got.bsr);
	ue_mac_run(mac, 0, 9 * MS);
	assert_true(grant(50, 9 * MS) && !got.bsr);
	ue_mac_run(mac, 0, 10 * MS);
	assert_true(grant(50, 10 * MS) && got.bsr);
}

/* 5.4.5, padding: which report fits; groups in the order of their highest priority, with data. */
static void padding_reports(void **state)
{
	struct {
		size_t left;
		uint8_t lcid;
	} cases[] = { { 2, MAC_UL_SHORT_TRUNCATED_BSR }, { 3, MAC_UL_LONG_TRUNCATED_BSR },
		{ 5, MAC_UL_LONG_TRUNCATED_BSR }, { 6, MAC_UL_LONG_BSR }, { 30, MAC_UL_LONG_BSR } };

	channel(1, 9, 0, 4);
	channel(2, 3, 0, 2);
	channel(3, 7, 0, 6);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ue_mac_channel_config c = { 5, 1, 0, 0, UE_MAC_NO_LCG, UE_MAC_NO_SR, false };

		/* The grant is for what channel 5 has, and a little more; the others cannot use that. */
		assert_true(ue_mac_channel_set(mac, &c, rlc[5], 0));
		send(5, 40, 1);
		for (uint8_t k = 1; k <= 3; k++) {
			rlc_reestablish(rlc[k]);
			send(k, 8000, 1);
		}
		assert_true(grant(43 + 1, 0)); /* 40 octets, header, one octet too few */
		if (cases[i].left < 4) {
			send(5, 40, 1);
			assert_true(grant(43 + cases[i].left, 0));
			assert_true(got.bsr && got.bsr_lcid == cases[i].lcid);
		}
		ue_mac_channel_release(mac, 5);
	}
}

static void scheduling_requests(void **state)
{
	uint8_t sr;

	channel(1, 5, 0, 0);
	send(1, 50, 1);
	assert_true(reports(0));
	assert_true(ue_mac_sr_send(mac, 2, 0));
	assert_int_equal(ue_mac_wish(mac, &sr, 9 * MS), UE_MAC_NOTHING); /* sr-ProhibitTimer */
	assert_true(reports(10 * MS));
	assert_true(ue_mac_sr_send(mac, 2, 10 * MS));
	assert_true(ue_mac_sr_send(mac, 2, 20 * MS));
	assert_false(ue_mac_sr_send(mac, 2, 30 * MS)); /* three were sr-TransMax */
	assert_int_equal(ue_mac_wish(mac, &sr, 30 * MS), UE_MAC_RANDOM_ACCESS);
	assert_int_equal(ue_mac_stats(mac).sr_sent, 3);
	assert_int_equal(ue_mac_stats(mac).sr_failed, 1);
	ue_mac_random_access_begun(mac);
	assert_int_equal(ue_mac_wish(mac, &sr, 30 * MS), UE_MAC_NOTHING);
}

static void no_pucch(void **state)
{
	struct ue_mac_config c = config;
	uint8_t sr;

	c.sr[2].on_pucch = false;
	c.sr_delay_ms = 20;
	ue_mac_configure(mac, &c, 0);
	assert_true(ue_mac_channel_set(
		mac, &(struct ue_mac_channel_config){ 1, 5, 0, 0, 0, 2, true }, rlc[1], 0));
	send(1, 50, 1);
	ue_mac_run(mac, 0, 0);
	assert_int_equal(ue_mac_wish(mac, &sr, 0), UE_MAC_NOTHING); /* logicalChannelSR-DelayTimer */
	ue_mac_run(mac, 0, 20 * MS);
	assert_int_equal(ue_mac_wish(mac, &sr, 20 * MS), UE_MAC_RANDOM_ACCESS);
	ue_mac_reset(mac);
	assert_int_equal(ue_mac_wish(mac, &sr, 20 * MS), UE_MAC_NOTHING);
}

static void power_headroom(void **state)
{
	struct ue_mac_config c = config;

	c.phr = true;
	c.phr_periodic_ms = 100;
	c.phr_prohibit_ms = 20;
	c.phr_change_db = 3;
	ue_mac_configure(mac, &c, 0);
	channel(1, 5, 0, 0);
	ue_mac_run(mac, 90, 0);
	assert_true(grant(20, 0) && got.phr); /* configured */
	ue_mac_run(mac, 93, 30 * MS);
	assert_true(grant(20, 30 * MS) && !got.phr);
	ue_mac_run(mac, 94, 30 * MS);
	assert_true(grant(20, 30 * MS) && got.phr);
	ue_mac_run(mac, 80, 40 * MS);
	assert_true(grant(20, 40 * MS) && !got.phr); /* phr-ProhibitTimer */
	ue_mac_run(mac, 80, 51 * MS);
	assert_true(grant(20, 51 * MS) && got.phr);
	ue_mac_run(mac, 80, 150 * MS);
	assert_true(grant(20, 150 * MS) && !got.phr);
	ue_mac_run(mac, 80, 151 * MS);
	assert_true(grant(20, 151 * MS) && got.phr); /* phr-PeriodicTimer */
}

static void message_3(void **state)
{
	struct ue_mac_grant g = { .octets = 9, .ccch = { (const uint8_t *)"12345678", 8 } };
	uint16_t c_rnti = 0x4601;
	uint8_t out[40];

	assert_true(ue_mac_build(mac, &g, out, 0));
	assert_memory_equal(out,
		"\0"
		"12345678",
		9);
	g.ccch.len = 6;
	assert_true(ue_mac_build(mac, &g, out, 0));
	assert_memory_equal(out,
		"\x34"
		"123456\x3f",
		8);
	g.octets = 6;
	assert_false(ue_mac_build(mac, &g, out, 0));
	channel(1, 1, 0, 0);
	send(1, 100, 1);
	ue_mac_run(mac, 0, 0);
	g = (struct ue_mac_grant){ .octets = 11, .c_rnti = &c_rnti };
	assert_true(ue_mac_build(mac, &g, out, 0));
	read_pdu(out, 11);
	assert_true(got.c_rnti && got.bsr && got.octets[1] == 4);
}

static void nothing_need_not_be_sent(void **state)
{
	struct ue_mac_config c = config;

	c.skip_uplink_tx_dynamic = true;
	ue_mac_configure(mac, &c, 0);
	channel(1, 1, 0, 0);
	assert_false(grant(50, 0));
	send(1, 10, 1);
	assert_true(grant(50, 0));
	assert_false(grant(50, 0));
	assert_int_equal(ue_mac_stats(mac).skipped, 2);
}

/* Any grants, any data: each PDU can be read, all octets arrive, and none is only padding where data waits
 * (5.4.3.1.3). */
static void any_grants(void **state)
{
	uint64_t seed = 5, sent[CHANNELS + 1] = { 0 }, taken[CHANNELS + 1] = { 0 };

	for (uint8_t i = 1; i <= CHANNELS; i++)
		channel(i, i, i * 5000, (uint8_t)(i % 3));
	for (uint32_t i = 0; i < 20000; i++) {
		uint64_t now = i * (uint64_t)MS / 2;
		size_t waits = 0, size;

		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		size = 1 + (seed >> 40) % (i % 7 == 0 ? 1500 : 120);
		if (i % 3 == 0) {
			uint8_t lcid = (uint8_t)(1 + (seed >> 33) % CHANNELS);
			uint32_t len = 1 + (uint32_t)(seed >> 20) % 700;

			send(lcid, len, 1);
			sent[lcid] += len;
		}
		ue_mac_run(mac, (int)(i / 100 % 20), now);
		for (uint8_t k = 1; k <= CHANNELS; k++)
			waits += rlc_data_volume(rlc[k], now);
		assert_true(grant(size, now));
		assert_true(size < 8 + LONG_BSR_SIZE || waits == 0 ||
			    got.sdus > 0); /* that may be due, and no padding */
		for (uint8_t k = 1; k <= CHANNELS; k++)
			taken[k] += got.octets[k];
	}
	for (uint8_t k = 1; k <= CHANNELS; k++)
		assert_true(taken[k] >= sent[k] / 2);
	assert_true(taken[1] >= sent[1]); /* with its headers */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* 5.4.5: what comes right behind a PDU that took all there was is new data, as after a while. */
static void new_data_behind_a_pdu(void **state)
{
	uint8_t sr;

	channel(1, 1, UE_MAC_INFINITY, 0);
	send(1, 98, 1);
	ue_mac_run(mac, 0, MS);
	assert_true(grant(200, MS));
	assert_int_equal(got.octets[1], 99);
	assert_true(ue_mac_is_quiet(mac, MS));
	assert_int_equal(ue_mac_wish(mac, &sr, MS), UE_MAC_NOTHING);
	send(1, 10, 1);
	assert_false(ue_mac_is_quiet(mac, 2 * MS));
	ue_mac_run(mac, 0, 2 * MS);
	assert_int_equal(ue_mac_wish(mac, &sr, 2 * MS), UE_MAC_SCHEDULING_REQUEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(prioritised),
		TEST(a_segment_fills_the_grant),
		TEST(regular_reports),
		TEST(periodic_reports),
		TEST(padding_reports),
		TEST(scheduling_requests),
		TEST(no_pucch),
		TEST(power_headroom),
		TEST(message_3),
		TEST(nothing_need_not_be_sent),
		TEST(any_grants),
		TEST(new_data_behind_a_pdu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
