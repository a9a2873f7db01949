/* The DU's end of F1-U by itself: each frame of 38.425 that a CU-UP may send, and what is answered. */
#include "gnb/du/f1u.h"

#include "base/test_env.h"
#include "wire/gtpu/gtpu.h"

enum { CU_TEID = 0x77, TAGS = 2000, BUFFER = 100000, LEN = 10 };

static struct test_env env;
static struct du_f1u *f1u;
static struct du_f1u_bearer *b;
static const struct addr du = { { 10, 0, 0, 2 }, 4, 0 }, cu = { { 10, 0, 0, 1 }, 4, GTPU_UDP_PORT };
static int bearer; /* whose name the caller gives */

/* What RLC has. */
static uint64_t tags[TAGS], waiting_octets;
static uint32_t taken, discards, gones;
static bool rlc_full;

/* What was sent last. */
static struct gtpu_header sent;
static struct nr_up_pdu said;
static uint32_t reports, uplinks, others;

static void send(void *arg, const struct addr *to, struct bytes datagram)
{
	struct bytes payload = BYTES_NONE;

	assert_true(addr_same_host(to, &cu));
	assert_int_equal(gtpu_header_decode(datagram, &sent, &payload), GTPU_OK);
	if (sent.type != GTPU_G_PDU) {
		others++;
		return;
	}
	assert_int_equal(sent.teid, CU_TEID);
	if (sent.nr_ran_container.len > 0)
		assert_true(nr_up_decode(sent.nr_ran_container, &said));
	reports += sent.nr_ran_container.len > 0;
	uplinks += payload.len > 0;
}

static bool lower_send(void *arg, void *of, uint64_t tag, struct bytes pdu)
{
	assert_ptr_equal(of, &bearer);
	if (!rlc_full)
		tags[taken++ % TAGS] = tag;
	return !rlc_full;
}

static bool lower_discard(void *arg, void *of, uint64_t tag)
{
	discards++;
	return true;
}

static uint64_t lower_waiting(void *arg, void *of)
{
	return waiting_octets;
}

static void lower_gone(void *arg, void *of)
{
	gones++;
}

static void begin_with(enum f1ap_rlc_mode mode, uint8_t sn_bits)
{
	const struct du_f1u_config c = { .env = &env.env,
		.own = du,
		.bearers_max = 1,
		.buffer_octets = BUFFER,
		.lower = { NULL, lower_send, lower_discard, lower_waiting, lower_gone },
		.send = send };
	struct du_f1ap_drb d = {
		.drb = 1, .mode = mode, .dl_sn_bits = sn_bits, .ul = { { 10, 0, 0, 1 }, 4, CU_TEID }
	};

	test_env_init(&env, 1, false);
	taken = discards = gones = reports = uplinks = others = 0;
	waiting_octets = 0;
	rlc_full = false;
	f1u = du_f1u_new(&c);
	assert_non_null(f1u);
	b = du_f1u_begin(f1u, &bearer, &d);
	assert_true(b && reports == 1 && said.status.desired_buffer_octets == BUFFER);
	assert_null(du_f1u_begin(f1u, &bearer, &d)); /* there is room for one */
}

static void end(void)
{
	du_f1u_end(b);
	assert_true(said.status.final_frame);
	du_f1u_free(f1u);
	test_env_fini(&env);
}

/* DL USER DATA, with a PDU of that PDCP SN; below 0: none. */
static void give(struct nr_up_dl_user_data d, int64_t sn, uint8_t sn_bits)
{
	struct nr_up_pdu frame = { .type = NR_UP_DL_USER_DATA, .dl_user_data = d };
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = du_f1u_teid(b) };
	uint8_t container[NR_UP_OCTETS_MAX], datagram[GTPU_HEADER_MAX + LEN] = { 0 };
	struct writer w = writer_of(container, sizeof(container));
	size_t len = sn < 0 ? 0 : LEN, size;

	assert_true(nr_up_encode(&frame, &w));
	h.nr_ran_container = writer_bytes(&w);
	size = gtpu_header_encode(&h, len, datagram);
	w = writer_of(datagram + size, LEN);
	if (sn_bits == 18)
		writer_u24(&w, 0x800000 | (uint32_t)(sn & 0x3ffff));
	else
		writer_u16(&w, (uint16_t)(0x8000 | (sn & 0xfff)));
	du_f1u_received(f1u, &cu, bytes_of(datagram, size + len));
}

static void give_some(uint32_t from, uint32_t count)
{
	for (uint32_t i = from; i < from + count; i++)
		give((struct nr_up_dl_user_data){ .sn = i }, i, 18);
}

static void ask(void)
{
	static uint32_t far = 100000;

	give((struct nr_up_dl_user_data){ .sn = far++, .report_polling = true }, -1, 18);
}

static void test_delivered(void **state)
{
	begin_with(F1AP_RLC_MODE_RLC_AM, 18);
	give_some(0, 5);
	assert_int_equal(taken, 5);
	waiting_octets = 2 * LEN;
	du_f1u_delivered(b, tags[0]);
	du_f1u_delivered(b, tags[2]);
	ask();
	assert_true(said.status.delivered.there && said.status.delivered.sn == 0);
	assert_true(said.status.transmitted.there && said.status.transmitted.sn == 2);
	assert_false(said.status.has_out_of_sequence);
	du_f1u_delivered(b, tags[4]);
	give((struct nr_up_dl_user_data){ .sn = 200000, .request_out_of_sequence = true }, -1, 18);
	assert_true(said.status.has_out_of_sequence && said.status.out_of_sequence.count == 2 &&
		    said.status.out_of_sequence.ranges[0].start == 2 &&
		    said.status.out_of_sequence.ranges[0].end == 2 &&
		    said.status.out_of_sequence.ranges[1].start == 4);
	du_f1u_delivered(b, tags[1]);
	du_f1u_delivered(b, 12345); /* of nothing */
	ask();
	assert_int_equal(said.status.delivered.sn, 2);
	end();
}

/* 5.4.1: once that one is with the UE; and every so often by itself. */
static void test_reports(void **state)
{
	begin_with(F1AP_RLC_MODE_RLC_AM, 18);
	give((struct nr_up_dl_user_data){ .sn = 0, .delivered = { true, 1 } }, 0, 18);
	give_some(1, 3);
	du_f1u_delivered(b, tags[0]);
	assert_int_equal(reports, 1);
	du_f1u_delivered(b, tags[1]);
	assert_true(reports == 2 && said.status.delivered.sn == 1);
	env.now_ns += 20 * (uint64_t)NS_PER_MS;
	du_f1u_run(f1u);
	assert_int_equal(reports, 3);
	du_f1u_run(f1u);
	assert_int_equal(reports, 3);
	du_f1u_delivered(b, tags[2]);
	du_f1u_delivered(b, tags[3]);
	env.now_ns += 20 * (uint64_t)NS_PER_MS;
	du_f1u_run(f1u);
	env.now_ns += 20 * (uint64_t)NS_PER_MS;
	du_f1u_run(f1u); /* nothing is new */
	assert_true(reports == 4 && said.status.delivered.sn == 3);
	end();
}

static void test_discard(void **state)
{
	begin_with(F1AP_RLC_MODE_RLC_AM, 18);
	give_some(0x3fffe, 6); /* over the end of the numbers */
	give(
		(struct nr_up_dl_user_data){
			.sn = 0x3fffe + 6, .discard_count = 1, .discard = { { 0x3ffff, 3 } } },
		-1, 18);
	assert_int_equal(du_f1u_stats(f1u).discarded, 3);
	du_f1u_delivered(b, tags[0]);
	ask();
	assert_int_equal(said.status.delivered.sn, 1); /* what is discarded is waited for no more */
	give((struct nr_up_dl_user_data){ .sn = 0x3fffe + 7, .flush = { true, 2 } }, -1, 18);
	assert_int_equal(du_f1u_stats(f1u).discarded, 4);
	ask();
	assert_int_equal(said.status.delivered.sn, 2);
	end();
}

static void test_lost(void **state)
{
	begin_with(F1AP_RLC_MODE_RLC_AM, 18);
	give((struct nr_up_dl_user_data){ .sn = 0xfffffe }, 0, 18); /* the first is where it begins */
	give((struct nr_up_dl_user_data){ .sn = 2 }, 4, 18);
	give((struct nr_up_dl_user_data){ .sn = 0xffffff }, 1, 18); /* late, and taken */
	give((struct nr_up_dl_user_data){ .sn = 3, .report_polling = true }, 5, 18);
	assert_true(taken == 4 && du_f1u_stats(f1u).lost == 3);
	assert_true(said.status.lost.count == 1 && said.status.lost.ranges[0].start == 0xffffff &&
		    said.status.lost.ranges[0].end == 1);
	give((struct nr_up_dl_user_data){ .sn = 4, .report_polling = true }, -1, 18);
	assert_int_equal(said.status.lost.count, 0);
	end();
}

/* UM: what was sent is done. */
static void test_um(void **state)
{
	begin_with(F1AP_RLC_MODE_RLC_UM_BIDIRECTIONAL, 12);
	for (uint32_t i = 0; i < 5; i++)
		give((struct nr_up_dl_user_data){ .sn = i }, 0xffd + i, 12);
	waiting_octets = LEN;
	give((struct nr_up_dl_user_data){ .sn = 5, .report_polling = true }, -1, 12);
	assert_true(!said.status.delivered.there && said.status.transmitted.sn == 0);
	waiting_octets = 0;
	give((struct nr_up_dl_user_data){ .sn = 6, .report_polling = true }, -1, 12);
	assert_int_equal(said.status.transmitted.sn, 1);
	end();
}

/* More than there is room for, and an RLC without any: refused, and nothing waits for it. */
static void test_full(void **state)
{
	begin_with(F1AP_RLC_MODE_RLC_AM, 18);
	give_some(0, DU_F1U_PDUS_MAX + 3);
	assert_true(taken == DU_F1U_PDUS_MAX && du_f1u_stats(f1u).refused == 3);
	for (uint32_t i = 0; i < DU_F1U_PDUS_MAX; i++)
		du_f1u_delivered(b, tags[i]);
	rlc_full = true;
	give((struct nr_up_dl_user_data){ .sn = 600 }, 600, 18);
	ask();
	assert_true(du_f1u_stats(f1u).refused == 4 && said.status.delivered.sn == 600);
	end();
}

/* RLC begins anew: what it had comes again, under the numbers it had. */
static void test_again(void **state)
{
	begin_with(F1AP_RLC_MODE_RLC_AM, 18);
	give_some(0, 4);
	du_f1u_delivered(b, tags[0]);
	du_f1u_outage(b, true);
	assert_true(said.status.desired_buffer_octets == 0 && said.status.has_cause &&
		    said.status.cause == NR_UP_CAUSE_RADIO_LINK_OUTAGE);
	du_f1u_again(b, &bearer);
	du_f1u_delivered(b, tags[3]); /* of the RLC that was */
	for (uint32_t i = 1; i < 4; i++)
		give((struct nr_up_dl_user_data){ .sn = 3 + i, .retransmission = true }, i, 18);
	du_f1u_delivered(b, tags[4]);
	ask();
	assert_true(said.status.delivered.sn == 1 && said.status.desired_buffer_octets == BUFFER);
	end();
}

/* Who knows neither 38.425 nor us. */
static void test_others(void **state)
{
	static const uint8_t pdu[] = { 0x80, 0, 1, 2 }, rubbish[] = { 0x99, 9 };
	struct addr stranger = { { 10, 0, 0, 99 }, 4, GTPU_UDP_PORT };
	struct gtpu_header h = { .type = GTPU_G_PDU };
	struct gtpu_msg error = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true },
		.error_indication = { .teid = CU_TEID, .peer = { 4, { 10, 0, 0, 1 } } } };
	uint8_t datagram[GTPU_HEADER_MAX + 4];
	struct writer w = writer_of(datagram, sizeof(datagram));
	size_t size;

	begin_with(F1AP_RLC_MODE_RLC_AM, 18);
	h.teid = du_f1u_teid(b);
	size = gtpu_header_encode(&h, sizeof(pdu), datagram);
	assert_true(bytes_copy(datagram + size, sizeof(pdu), BYTES(pdu)));
	du_f1u_received(f1u, &cu, bytes_of(datagram, size + sizeof(pdu))); /* no flow control */
	assert_true(taken == 1 && tags[0] == DU_F1U_NO_TAG);
	du_f1u_received(f1u, &stranger, bytes_of(datagram, size + sizeof(pdu)));
	assert_true(taken == 1 && du_f1u_stats(f1u).foreign == 1);
	datagram[7] ^= 1; /* a TEID of nobody */
	du_f1u_received(f1u, &cu, bytes_of(datagram, size + sizeof(pdu)));
	assert_true(others == 1 && sent.type == GTPU_ERROR_INDICATION);
	du_f1u_received(f1u, &cu, BYTES(rubbish));
	assert_true(gtpu_encode(&error, &w));
	du_f1u_received(f1u, &stranger, writer_bytes(&w));
	assert_int_equal(gones, 0);
	du_f1u_received(f1u, &cu, writer_bytes(&w));
	assert_int_equal(gones, 1);
	du_f1u_uplink(b, BYTES(pdu));
	assert_true(uplinks == 1 && sent.nr_ran_container.len == 0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_delivered), cmocka_unit_test(test_reports),
		cmocka_unit_test(test_discard), cmocka_unit_test(test_lost), cmocka_unit_test(test_um),
		cmocka_unit_test(test_full), cmocka_unit_test(test_again), cmocka_unit_test(test_others) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
