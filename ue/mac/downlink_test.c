/* MAC PDUs taken apart, and the time alignment timer (38.321 5.2, 5.3.3, 5.13). */
#include "base/test.h"

#include "radio/mac/pdu.h"
#include "ue/mac/downlink.h"

enum { MS = 1000000 };

static struct rlc_memory memory;
static struct ue_downlink d;
static struct {
	unsigned delivered, ccch, ta, drx;
	uint8_t command;
	bool long_cycle;
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

static void timing_advance(void *arg, uint8_t command)
{
	got.ta++;
	got.command = command;
}

static void sp_csi(void *arg, const struct mac_sp_csi *s)
{
}

static void drx_command(void *arg, bool long_cycle)
{
	got.drx++;
	got.long_cycle = long_cycle;
}

static int setup(void **state)
{
	struct rlc_config c = { .mode = RLC_UM, .rx_sn_bits = 12, .tx_sn_bits = 12, .t_reassembly_ms = 10 };
	struct rlc_upper upper = { .deliver = deliver };
	struct ue_downlink_upper above = { NULL, ccch, timing_advance, drx_command, sp_csi };

	rlc_memory_init(&memory, 10, 1, 10);
	memset(&got, 0, sizeof(got));
	ue_downlink_init(&d, &above, 1, 500);
	d.rlc[4] = rlc_new(&c, &upper, &memory);
	return d.rlc[4] ? 0 : -1;
}

static int teardown(void **state)
{
	rlc_free(d.rlc[4]);
	rlc_memory_fini(&memory);
	return 0;
}

static struct bytes receive(const char *octets, size_t len, bool only_identity, uint64_t now_ns)
{
	struct bytes identity;

	ue_downlink_receive(&d, bytes_of(octets, len), only_identity, &identity, now_ns);
	return identity;
}

#define RECEIVE(octets, now_ns) receive(octets, sizeof(octets) - 1, false, now_ns)

static void test_parts(void **state)
{
	RECEIVE("\x04\x03\x00ip"
		"\x05\x01x"
		"\x00\x02rr"
		"\x3c"
		"\x3b"
		"\x3f\0\0",
		0);
	assert_true(got.delivered == 1 && got.ccch == 1 && got.drx == 2 && got.long_cycle);
	assert_int_equal(d.stats.unconfigured, 1); /* channel 5 */
	RECEIVE("\x34\x01\x02"
		"\x04\x03\x00ip",
		0); /* an element for PDCCH: passed over */
	assert_true(got.delivered == 2 && d.stats.unconfigured == 2);
	RECEIVE("\x23\x01x"
		"\x04\x03\x00ip",
		0); /* reserved: the rest is lost */
	assert_true(got.delivered == 2 && d.stats.unknown == 1);
	RECEIVE("\x04\x09\x00ip", 0);
	assert_int_equal(d.stats.unknown, 2);
}

/* Message 4: the identity first, and nothing of a PDU that is another UE's. */
static void test_contention(void **state)
{
	static const char pdu[] = "\x3e"
				  "sixoct"
				  "\x00\x02rr";
	struct bytes identity = receive(pdu, sizeof(pdu) - 1, true, 0);

	assert_true(bytes_equal(identity, bytes_of("sixoct", 6)));
	assert_int_equal(got.ccch, 0);
	identity = receive(pdu, sizeof(pdu) - 1, false, 0);
	assert_true(identity.len == 6 && got.ccch == 1);
	assert_int_equal(RECEIVE("\x00\x02rr", 0).len, 0);
}

static void test_time_alignment(void **state)
{
	assert_false(ue_downlink_is_aligned(&d, 0));
	RECEIVE("\x3d\x45", 0); /* TAG 1, and nothing to adjust */
	assert_int_equal(got.ta, 0);
	assert_true(ue_downlink_response(&d, false, 0));
	assert_true(ue_downlink_is_aligned(&d, 499 * MS));
	assert_false(ue_downlink_response(&d, false, 10 * MS)); /* aligned already */
	ue_downlink_contention(&d, false);
	assert_false(ue_downlink_is_aligned(&d, 10 * MS)); /* it was another's */
	assert_true(ue_downlink_response(&d, false, 20 * MS));
	ue_downlink_contention(&d, true);
	RECEIVE("\x3d\x05", 30 * MS); /* TAG 0 */
	assert_int_equal(got.ta, 0);
	RECEIVE("\x3d\x61", 300 * MS);
	assert_true(got.ta == 1 && got.command == 33);
	assert_true(ue_downlink_is_aligned(&d, 799 * MS));
	assert_false(ue_downlink_is_aligned(&d, 800 * MS));
	assert_true(ue_downlink_response(&d, true, 810 * MS));
	assert_true(
		ue_downlink_response(&d, true, 820 * MS)); /* with a preamble of its own it was asked to */
	ue_downlink_contention(&d, false);
	assert_true(ue_downlink_is_aligned(&d, 1319 * MS));
	ue_downlink_reset(&d); /* and the next response counts again */
	assert_false(ue_downlink_is_aligned(&d, 830 * MS));
	assert_true(ue_downlink_response(&d, false, 840 * MS));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_parts), TEST(test_contention),
		TEST(test_time_alignment) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
