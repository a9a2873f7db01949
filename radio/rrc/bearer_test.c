/* Bearers through RRC and back, and values against the ASN.1. */
#include "base/test.h"

#include "radio/rrc/bearer.h"
#include "wire/rrc/number.h"

static uint32_t number(const struct per_type *type, const char *path, unsigned value)
{
	uint32_t n;

	assert_non_null(rrc_enum_at(type, path));
	assert_true(rrc_number(rrc_enum_at(type, path), value, &n));
	return n;
}

static void test_numbers(void **state)
{
	const struct per_type *poll = rrc_enum_at(&rrc_rlc_config_type, "am/ul-AM-RLC/t-PollRetransmit");
	uint32_t n;
	unsigned v;

	assert_int_equal(
		number(&rrc_rlc_config_type, "am/ul-AM-RLC/t-PollRetransmit", RRC_T_POLL_RETRANSMIT_MS45),
		45);
	assert_int_equal(number(&rrc_rlc_config_type, "am/ul-AM-RLC/t-PollRetransmit",
				 RRC_T_POLL_RETRANSMIT_MS4_V1610),
		4);
	assert_int_equal(number(&rrc_rlc_config_type, "am/ul-AM-RLC/pollByte", RRC_POLL_BYTE_KB25), 25000);
	assert_int_equal(number(&rrc_rlc_config_type, "am/ul-AM-RLC/pollByte", RRC_POLL_BYTE_MB40), 40000000);
	assert_true(
		number(&rrc_rlc_config_type, "am/ul-AM-RLC/pollPDU", RRC_POLL_PDU_INFINITY) == RRC_INFINITY);
	assert_int_equal(number(&rrc_pdcp_config_type, "drb/pdcp-SN-SizeUL",
				 RRC_PDCP_CONFIG_DRB_PDCP_SN_SIZE_UL_LEN18BITS),
		18);
	assert_int_equal(number(&rrc_ue_timers_and_constants_type, "t311", 6), 30000);
	assert_int_equal(number(&rrc_ue_timers_and_constants_type, "n310", 7), 20);
	assert_int_equal(number(&rrc_mac_cell_group_config_type, "bsr-Config/periodicBSR-Timer", 2), 10);
	assert_int_equal(
		number(&rrc_logical_channel_config_type, "ul-SpecificParameters/prioritisedBitRate", 1),
		8000);
	assert_null(rrc_enum_at(&rrc_rlc_config_type, "am/ul-AM-RLC/t-Nothing"));
	assert_null(rrc_enum_at(&rrc_rlc_config_type, "am/ul-AM-RLC"));
	assert_false(rrc_number(poll, RRC_T_POLL_RETRANSMIT_SPARE1, &n));
	assert_false(rrc_number(poll, RRC_T_POLL_RETRANSMIT_N, &n));
	assert_true(rrc_value(poll, 46, &v) && v == RRC_T_POLL_RETRANSMIT_MS50); /* the next longer one */
	assert_true(rrc_value(poll, 1, &v) && v == RRC_T_POLL_RETRANSMIT_MS1_V1610);
	assert_false(rrc_value(poll, 4001, &v));
	/* All values that have a number are found by it. */
	for (unsigned value = 0; value < RRC_T_POLL_RETRANSMIT_SPARE1; value++)
		assert_true(rrc_number(poll, value, &n) && rrc_value(poll, n, &v) && v == value);
}

static void rlc_there_and_back(struct rlc_config config)
{
	struct rlc_config back = { .mode = RLC_TM };
	struct rrc_rlc_config rrc, decoded;
	uint8_t octets[64], memory[4096];
	struct writer w = writer_of(octets, sizeof(octets));
	struct arena arena;
	struct per_diag diag;

	arena_init(&arena, memory, sizeof(memory), sizeof(memory));
	assert_true(rrc_rlc_make(&config, &rrc));
	assert_true(rrc_encode(&rrc_rlc_config_type, &rrc, &w));
	assert_true(rrc_decode(&rrc_rlc_config_type, writer_bytes(&w), &arena, &decoded, &diag));
	assert_true(rrc_rlc_read(&decoded, &back));
	assert_memory_equal(&back, &config, sizeof(back));
	arena_fini(&arena);
}

static void test_rlc(void **state)
{
	struct rlc_config am = rrc_srb_rlc(),
			  um = { .mode = RLC_UM, .tx_sn_bits = 6, .rx_sn_bits = 12, .t_reassembly_ms = 50 };
	struct rrc_rlc_config out;

	rlc_there_and_back(am);
	am.tx_sn_bits = am.rx_sn_bits = 18;
	am.poll_pdu = 32;
	am.poll_byte = 25000;
	am.t_status_prohibit_ms = 2400;
	rlc_there_and_back(am);
	rlc_there_and_back(um);
	um.tx_sn_bits = 0;
	rlc_there_and_back(um);
	um = (struct rlc_config){ .mode = RLC_UM, .tx_sn_bits = 12 };
	rlc_there_and_back(um);
	am.t_reassembly_ms = 201;
	assert_false(rrc_rlc_make(&am, &out));
	assert_false(rrc_rlc_make(&(struct rlc_config){ .mode = RLC_TM }, &out));
	out.tag = RRC_RLC_CONFIG_TAG_NONE;
	assert_false(rrc_rlc_read(&out, &am));
	assert_int_equal(
		rrc_rlc_mirror(&(struct rlc_config){ .tx_sn_bits = 6, .rx_sn_bits = 12 }).tx_sn_bits, 12);
}

static void test_pdcp(void **state)
{
	struct pdcp_config drb = { .bearer = PDCP_AM_DRB,
		.rb_id = 3,
		.tx_sn_bits = 12,
		.rx_sn_bits = 18,
		.integrity = true,
		.discard_ms = 1500,
		.reordering_ms = 100,
		.status_report_required = true,
		.tx_sdap = true };
	struct pdcp_config back = { .bearer = PDCP_AM_DRB, .rb_id = 3, .tx_sdap = true },
			   mirror = rrc_pdcp_mirror(&drb);
	struct rrc_pdcp_config out;
	struct rrc_pdcp_config_drb part;

	assert_true(rrc_pdcp_make(&drb, &part, &out));
	assert_true(rrc_pdcp_read(&out, &back));
	assert_memory_equal(&back, &drb, sizeof(back));
	part.header_compression.tag = RRC_PDCP_CONFIG_DRB_HEADER_COMPRESSION_TAG_ROHC;
	assert_false(rrc_pdcp_read(&out, &back));
	assert_true(mirror.tx_sn_bits == 18 && mirror.rx_sdap && !mirror.tx_sdap && mirror.tx_direction == 1);
	drb = rrc_srb_pdcp(2, 0);
	assert_true(rrc_pdcp_make(&drb, &part, &out));
	assert_true(!out.drb && !out.has_t_reordering);
	back = (struct pdcp_config){ .bearer = PDCP_AM_DRB };
	assert_false(rrc_pdcp_read(&out, &back)); /* a DRB without its part */
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_numbers), cmocka_unit_test(test_rlc),
		cmocka_unit_test(test_pdcp) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
