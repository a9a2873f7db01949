/* The transmitting side of acknowledged mode, PDU by PDU: polls, windows, and what STATUS PDUs do. */
#include "base/test.h"

#include "radio/rlc/entity.h"

static struct rlc_memory memory;
static struct rlc *rlc;
static uint64_t tags[4000];
static uint32_t tag_count, failures;

static void deliver(void *arg, struct sdu *s)
{
	sdu_free(&memory.sdus, s);
}

static void delivered(void *arg, uint64_t tag)
{
	tags[tag_count++] = tag;
}

static void max_retx_reached(void *arg)
{
	failures++;
}

static int setup(void **state)
{
	struct rlc_config config = { .mode = RLC_AM,
		.tx_sn_bits = 12,
		.rx_sn_bits = 12,
		.t_poll_retransmit_ms = 40,
		.t_reassembly_ms = 20,
		.max_retx_threshold = 3 };
	struct rlc_upper upper = { NULL, deliver, delivered, max_retx_reached };

	rlc_memory_init(&memory, 5000, 10, 100);
	rlc = rlc_new(&config, &upper, &memory);
	tag_count = failures = 0;
	return rlc ? 0 : -1;
}

static int teardown(void **state)
{
	rlc_free(rlc);
	assert_int_equal(memory.sdus.small.used, 0);
	rlc_memory_fini(&memory);
	return 0;
}

/* An SDU of len octets that count up. */
static void send(uint64_t tag, uint32_t len)
{
	struct sdu *s = sdu_new(&memory.sdus, len);
	uint8_t *at = sdu_append(s, len);

	for (uint32_t i = 0; i < len; i++)
		at[i] = (uint8_t)i;
	s->tag = tag;
	assert_true(rlc_send(rlc, s));
}

/* Pulls one PDU that must be octets [from, to) of SDU sn; whether it polls. */
static bool pulls(size_t room, uint32_t sn, uint32_t from, uint32_t to, uint64_t now_ns)
{
	uint8_t out[2000];
	size_t n = rlc_pull(rlc, out, room, now_ns);
	struct cursor c = cursor_of(bytes_of(out, n));
	struct rlc_header h;

	assert_true(n > 0 && n <= room && !rlc_is_control(bytes_of(out, n)));
	assert_true(rlc_amd_read(&c, 12, &h));
	assert_int_equal(h.sn, sn % 4096);
	assert_int_equal(h.so, from);
	assert_int_equal(cursor_left(&c), to - from);
	assert_int_equal(c.at[0], from & 0xff);
	return h.poll;
}

static void nothing_to_pull(uint64_t now_ns)
{
	uint8_t out[2000];

	assert_int_equal(rlc_pull(rlc, out, sizeof(out), now_ns), 0);
}

static void status(uint32_t ack_sn, const struct rlc_nack *n, size_t count)
{
	uint8_t octets[200];
	struct writer w = writer_of(octets, sizeof(octets));

	rlc_status_write(&w, 12, ack_sn, count > 0);
	for (size_t i = 0; i < count; i++)
		rlc_nack_write(&w, 12, &n[i], i + 1 < count);
	rlc_receive(rlc, writer_bytes(&w), 0);
}

#define STATUS(ack_sn, ...)                                                                                  \
	status(ack_sn, (struct rlc_nack[]){ __VA_ARGS__ },                                                   \
		sizeof((struct rlc_nack[]){ __VA_ARGS__ }) / sizeof(struct rlc_nack))

static void polls(void **state)
{
	rlc->config.poll_pdu = 3;
	for (int i = 0; i < 5; i++)
		send((uint64_t)i, 10);
	assert_false(pulls(100, 0, 0, 10, 0));
	assert_false(pulls(100, 1, 0, 10, 0));
	assert_true(pulls(100, 2, 0, 10, 0)); /* pollPDU */
	assert_false(pulls(100, 3, 0, 10, 0));
	assert_true(pulls(100, 4, 0, 10, 0)); /* nothing is left */
	rlc->config.poll_pdu = RLC_POLL_INFINITE;
	rlc->config.poll_byte = 60;
	send(5, 100);
	send(6, 10);
	assert_false(pulls(52, 5, 0, 50, 0));
	assert_true(pulls(14, 5, 50, 60, 0)); /* pollByte: 60 octets */
	assert_false(pulls(14, 5, 60, 70, 0));
	assert_false(pulls(100, 5, 70, 100, 0));
	assert_true(pulls(100, 6, 0, 10, 0));
	status(7, NULL, 0);
	assert_int_equal(tag_count, 7);
	for (uint32_t i = 0; i < 7; i++)
		assert_int_equal(tags[i], i);
}

static void the_window_stalls(void **state)
{
	for (uint64_t i = 0; i < 2050; i++)
		send(i, 10);
	for (uint32_t i = 0; i < 2047; i++)
		assert_false(pulls(100, i, 0, 10, 0));
	assert_true(pulls(100, 2047, 0, 10, 0)); /* 5.3.3.2: no new SDU can be sent after it */
	nothing_to_pull(0);
	STATUS(1500, { .sn = 0, .range = 1 });
	assert_int_equal(tag_count, 1499);
	assert_true(pulls(100, 0, 0, 10, 0)); /* the lowest is missing still: the window has not moved */
	nothing_to_pull(0);
	status(1500, NULL, 0);
	assert_false(pulls(100, 2048, 0, 10, 0));
	assert_true(pulls(100, 2049, 0, 10, 0));
}

static void what_was_missed_is_sent_again(void **state)
{
	send(0, 1000);
	send(1, 500);
	send(2, 500);
	for (uint32_t i = 0; i < 10; i++)
		pulls(i ? 104 : 102, 0, i * 100, i * 100 + 100, 0);
	pulls(502, 1, 0, 500, 0);
	pulls(502, 2, 0, 500, 0);
	/* of SDU 0 octets 100 to 299 and 900 to the end; SDU 1 from 250 on and SDU 2 up to 9, as one range */
	STATUS(3, { 0, 1, true, 100, 299 }, { 0, 1, true, 900, RLC_SO_END }, { 1, 2, true, 250, 9 });
	assert_int_equal(rlc_data_volume(rlc, 0), 200 + 100 + 250 + 10 + 4 * 4);
	assert_false(pulls(154, 0, 100, 250, 0));
	assert_false(pulls(1000, 0, 250, 300, 0));
	assert_false(pulls(1000, 0, 900, 1000, 0));
	assert_false(pulls(1000, 1, 250, 500, 0));
	assert_true(pulls(1000, 2, 0, 10, 0));
	nothing_to_pull(0);
	assert_int_equal(tag_count, 0);
	/* All three counted for the first time: RETX_COUNT 0. The fourth STATUS PDU makes it 3. */
	for (int i = 0; i < 2; i++) {
		STATUS(3, { 0, 1, true, 0, 9 }, { 0, 1, true, 20, 29 });
		pulls(1000, 0, 0, 10, 0);
		pulls(1000, 0, 20, 30, 0);
		assert_int_equal(failures, 0);
	}
	assert_int_equal(tag_count, 2);
	STATUS(3, { .sn = 0, .range = 1 });
	assert_int_equal(failures, 1);
	STATUS(3, { .sn = 0, .range = 1 }); /* pending already: does not count */
	assert_int_equal(failures, 1);
	status(3, NULL, 0); /* it came after all, before it was sent again */
	nothing_to_pull(0);
	assert_int_equal(tag_count, 3);
	assert_int_equal(rlc_data_volume(rlc, 0), 0);
}

static void a_part_on_its_way_is_not_acknowledged(void **state)
{
	send(0, 100);
	pulls(52, 0, 0, 50, 0);
	STATUS(1, { 0, 1, true, 20, RLC_SO_END });
	assert_int_equal(tag_count, 0);
	pulls(1000, 0, 20, 50, 0);
	pulls(1000, 0, 50, 100, 0);
	status(1, NULL, 0);
	assert_int_equal(tag_count, 1);
}

static void impossible_statuses_change_nothing(void **state)
{
	for (uint64_t i = 0; i < 5; i++)
		send(i, 10);
	for (uint32_t i = 0; i < 4; i++)
		pulls(100, i, 0, 10, 0);
	status(5, NULL, 0);                                           /* SN 4 was never sent */
	STATUS(3, { .sn = 3, .range = 1 });                           /* not below ACK_SN */
	STATUS(4, { .sn = 2, .range = 1 }, { .sn = 1, .range = 1 });  /* descending */
	STATUS(4, { .sn = 2, .range = 3 });                           /* a range beyond ACK_SN */
	STATUS(4, { 2, 1, true, 5, 6 }, { 2, 1, true, 3, 4 });        /* descending within an SDU */
	rlc_receive(rlc, bytes_of("\x10\x00\x00", 3), 0);             /* a reserved control PDU type */
	rlc_receive(rlc, bytes_of("\x00\x04\x80\x00\x28\x00", 6), 0); /* cut within a set */
	assert_int_equal(rlc_stats(rlc).rx_invalid, 7);
	assert_int_equal(tag_count, 0);
	assert_int_equal(rlc_data_volume(rlc, 0), 10 + 4);
}

/* 5.3.3.4: with nothing else to send the last SDU goes again, and polls; the answer ends it. */
static void the_poll_is_repeated(void **state)
{
	send(0, 10);
	send(1, 20);
	pulls(100, 0, 0, 10, 0);
	assert_true(pulls(100, 1, 0, 20, 0));
	assert_true(rlc_deadline_ns(rlc) == 40000000);
	rlc_run(rlc, 40000000);
	assert_true(pulls(100, 1, 0, 20, 40000000));
	nothing_to_pull(40000000);
	rlc_run(rlc, 80000000);
	send(2, 5);
	assert_true(pulls(100, 1, 0, 20, 80000000)); /* due since before the new one came */
	assert_true(pulls(100, 2, 0, 5, 80000000));
	status(2, NULL, 0); /* not of POLL_SN, which is 2 */
	assert_true(rlc_deadline_ns(rlc) == 120000000);
	STATUS(3, { .sn = 2, .range = 1 });
	assert_true(rlc_deadline_ns(rlc) == UINT64_MAX);
	assert_true(pulls(100, 2, 0, 5, 90000000));
}

/* One STATUS PDU while t-StatusProhibit runs, however many polls. */
static void statuses_are_prohibited(void **state)
{
	uint8_t out[100];

	rlc->config.t_status_prohibit_ms = 10;
	rlc_receive(rlc, bytes_of("\xc0\x00one", 5), 0);
	assert_int_equal(rlc_data_volume(rlc, 0), 3);
	assert_int_equal(rlc_pull(rlc, out, 2, 0), 0);
	assert_int_equal(rlc_pull(rlc, out, 3, 0), 3);
	assert_memory_equal(out, "\x00\x01\x00", 3); /* ACK_SN 1 */
	rlc_receive(rlc, bytes_of("\xc0\x01two", 5), 5000000);
	rlc_receive(rlc, bytes_of("\xc0\x02six", 5), 6000000);
	assert_int_equal(rlc_pull(rlc, out, 100, 9000000), 0);
	assert_int_equal(rlc_data_volume(rlc, 9000000), 0);
	rlc_run(rlc, 10000000);
	assert_int_equal(rlc_pull(rlc, out, 100, 10000000), 3);
	assert_memory_equal(out, "\x00\x03\x00", 3);
	assert_int_equal(rlc_pull(rlc, out, 100, 30000000), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(polls),
		TEST(the_window_stalls),
		TEST(what_was_missed_is_sent_again),
		TEST(a_part_on_its_way_is_not_acknowledged),
		TEST(impossible_statuses_change_nothing),
		TEST(the_poll_is_repeated),
		TEST(statuses_are_prohibited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
