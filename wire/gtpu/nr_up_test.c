/* Frames of TS 38.425 5.5.2, octet by octet, in the packets that carry them; damage. */
#include "wire/gtpu/nr_up.h"
#include "wire/gtpu/gtpu.h"
#include "wire/tlv/test_vectors.h"

static struct nr_up_pdu decoded(const char *hex)
{
	uint8_t octets[96], again[96];
	struct bytes in = test_hex(hex, octets, sizeof(octets));
	struct writer w = writer_of(again, sizeof(again));
	struct nr_up_pdu p;

	assert_true(nr_up_decode(in, &p));
	assert_int_equal(in.len % 4, 2);
	assert_true(nr_up_encode(&p, &w));
	assert_true(bytes_equal(writer_bytes(&w), in));
	return p;
}

static void user_data(void **state)
{
	struct nr_up_pdu p = decoded("0004 000102 00");

	assert_true(p.type == NR_UP_DL_USER_DATA && p.dl_user_data.sn == 0x102 &&
		    p.dl_user_data.user_data_existence && !p.dl_user_data.report_polling);
	/* Poll, flush, two blocks, a report wanted, a retransmission. */
	p = decoded("0709 fffffe 000010 02 00002003 00003001 000041 0000");
	assert_true(p.dl_user_data.report_polling && p.dl_user_data.retransmission &&
		    p.dl_user_data.sn == 0xfffffe);
	assert_true(p.dl_user_data.flush.there && p.dl_user_data.flush.sn == 0x10);
	assert_true(p.dl_user_data.discard_count == 2 && p.dl_user_data.discard[0].start == 0x20 &&
		    p.dl_user_data.discard[0].size == 3 && p.dl_user_data.discard[1].size == 1);
	assert_true(p.dl_user_data.delivered.there && p.dl_user_data.delivered.sn == 0x41);
}

static void delivery_status(void **state)
{
	struct nr_up_pdu p = decoded("1000 00010000");

	assert_true(p.type == NR_UP_DL_DATA_DELIVERY_STATUS && p.status.desired_buffer_octets == 65536 &&
		    !p.status.delivered.there && !p.status.final_frame);
	p = decoded("1f1f 00000800 00002000 01 000005 000007 000100 000102 01 0000fe 0000ff 01 000110 000111 "
		    "00");
	assert_true(p.status.final_frame && p.status.has_desired_rate && p.status.desired_rate == 8192);
	assert_true(p.status.lost.count == 1 && p.status.lost.ranges[0].start == 5 &&
		    p.status.lost.ranges[0].end == 7);
	assert_true(p.status.delivered.sn == 0x100 && p.status.transmitted.sn == 0x102 &&
		    p.status.delivered_retransmitted.sn == 0xfe && p.status.retransmitted.sn == 0xff);
	assert_true(p.status.has_cause && p.status.cause == NR_UP_CAUSE_RADIO_LINK_OUTAGE);
	assert_true(p.status.out_of_sequence.count == 1 && p.status.out_of_sequence.ranges[0].end == 0x111);
}

static void assistance(void **state)
{
	struct nr_up_pdu p = decoded("2f01 02 01 0107 03 0200ff 00000010 00000020");

	assert_true(p.assistance.has_duplication && p.assistance.duplicate &&
		    p.assistance.information_count == 2 && p.assistance.information.len == 7 &&
		    p.assistance.ul_delay == 16 && p.assistance.dl_delay == 32);
}

/* More blocks and ranges than there is room for: the first stay, what stands behind them is read. */
static void long_lists(void **state)
{
	uint8_t octets[96];
	struct nr_up_pdu p;

	assert_true(nr_up_decode(test_hex("0408 000001 06 00000101 00000201 00000301 00000401 00000501"
					  "00000601 000077",
					 octets, sizeof(octets)),
		&p));
	assert_true(p.dl_user_data.discard_count == NR_UP_LIST_MAX && p.dl_user_data.delivered.sn == 0x77);
	assert_true(
		nr_up_decode(test_hex("1500 00000000 05 000001000001 000002000002 000003000003 000004000004"
				      "000005000005 000099",
				     octets, sizeof(octets)),
			&p));
	assert_true(p.status.lost.count == NR_UP_LIST_MAX && p.status.delivered.sn == 0x99);
}

static void in_a_packet(void **state)
{
	uint8_t container[NR_UP_OCTETS_MAX], packet[GTPU_HEADER_MAX + 3] = { 0 };
	struct nr_up_pdu p = { .type = NR_UP_DL_USER_DATA, .dl_user_data.sn = 7 }, back;
	struct writer w = writer_of(container, sizeof(container));
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = 5 }, got;
	struct bytes payload = BYTES_NONE;
	size_t n;

	assert_true(nr_up_encode(&p, &w));
	h.nr_ran_container = writer_bytes(&w);
	n = gtpu_header_encode(&h, 3, packet);
	assert_true(n == gtpu_header_size(&h) && n == 20);
	assert_int_equal(packet[11], GTPU_EXT_NR_RAN_CONTAINER);
	assert_int_equal(gtpu_header_decode(bytes_of(packet, n + 3), &got, &payload), GTPU_OK);
	assert_true(payload.len == 3 && bytes_equal(got.nr_ran_container, h.nr_ran_container));
	assert_true(nr_up_decode(got.nr_ran_container, &back) && back.dl_user_data.sn == 7);
	h.nr_ran_container.len = 5; /* no whole number of words */
	assert_int_equal(gtpu_header_encode(&h, 3, packet), 0);
}

static void survive(struct bytes octets)
{
	uint8_t out[512];
	struct writer w = writer_of(out, sizeof(out));
	struct nr_up_pdu p, again;

	if (!nr_up_decode(octets, &p))
		return;
	assert_true(nr_up_encode(&p, &w) && nr_up_decode(writer_bytes(&w), &again) && again.type == p.type);
}

static void damage(void **state)
{
	static const char *const frames[] = { "0709 fffffe 000010 02 00002003 00003001 000041 0000",
		("1f1f 00000800 00002000 01 000005 000007 000100 000102 01 0000fe 0000ff 01 000110 000111 "
		 "00"),
		"2f01 02 01 0107 03 0200ff 00000010 00000020", "3000 0000 0000" };
	uint8_t octets[96];

	for (size_t i = 0; i < ARRAY_LEN(frames); i++)
		vectors_damage(test_hex(frames[i], octets, sizeof(octets)), survive);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(user_data), cmocka_unit_test(delivery_status),
		cmocka_unit_test(assistance), cmocka_unit_test(long_lists), cmocka_unit_test(in_a_packet),
		cmocka_unit_test(damage) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
