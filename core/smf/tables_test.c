/* What operators see of sessions and UPFs: each once, whatever it is at. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static char text[1024];

/* The nth row, without its times; false: there are not so many. */
static bool row(struct bed *b, bool (*fn)(const struct smf *smf, uint32_t *at, struct writer *w), unsigned n)
{
	uint32_t at = 0;
	struct writer w;
	bool is;

	do {
		w = writer_of(text, sizeof(text));
		is = fn(b->smf, &at, &w);
	} while (is && n-- > 0);
	writer_u8(&w, 0);
	if (is && strrchr(text, '\t'))
		strrchr(text, '\t')[1] = '\0';
	return is;
}

static void sessions(void **state)
{
	struct bed *b = *state;

	assert_false(row(b, smf_session_row, 0));
	bed_establish(b);
	assert_true(row(b, smf_session_row, 0));
	assert_string_equal(text,
		"001010000000001\t1\tinternet\t1-010203\testablished\tactive\t10.45.0.2\t\t\t10.1.0.2\t"
		"10.4.0.1\t9\t8\t1\t50000000\t100000000\t0\t0\t0\t0\t");
	assert_false(row(b, smf_session_row, 1));
	smf_session_by_ref(b->smf, b->ref)->ue.ipv6_prefix = 0x20010db800010002;
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_true(row(b, smf_session_row, 0));
	assert_non_null(strstr(text, "\tinactive\t10.45.0.2\t2001:db8:1:2::/64\t\t10.1.0.2\t\t9\t"));
}

/* One that has just been asked for has no UPF, no address and no flow yet. */
static void session_in_the_making(void **state)
{
	struct bed *b = *state;

	b->mute = NF_UDM;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_true(row(b, smf_session_row, 0));
	assert_non_null(strstr(text, "\tinternet\t1-010203\tsubscribing\t"));
	assert_non_null(strstr(text, "\t\t\t\t\t\t0\t0\t0\t0\t0\t0\t0\t"));
}

/* One that has ended and is still in the store is none; those behind it are seen. */
static void ended_session(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	store_mem_fail_put(b->store, 1);
	smf_session_free(b->smf, smf_session_find(b->smf, &(struct supi){ "001010000000001" }, 1));
	assert_true(row(b, smf_session_row, 0));
	assert_non_null(strstr(text, "001010000000001\t2\t"));
	assert_false(row(b, smf_session_row, 1));
}

static bool flow_row(struct bed *b, uint64_t *at)
{
	struct writer w = writer_of((uint8_t *)text, sizeof(text) - 1);
	bool found = smf_flow_row(b->smf, at, &w);

	text[w.len] = '\0';
	return found;
}

/* The UPF, of that flow and of one that there is not: once a minute what came since. */
static void reports_usage(struct bed *b, uint32_t sequence)
{
	struct pfcp_usage_report usage[2] = { { .urr_id = n4_urr_flow(2),
		.usage_report_trigger = { PFCP_USAGE_PERIO, 3 },
		.has_volume_measurement = true,
		.volume_measurement = {
			.has_uplink = true, .uplink = 7, .has_downlink = true, .downlink = 2000 } } };
	struct pfcp_msg m = { .type = PFCP_SESSION_REPORT_REQUEST,
		.sequence = 600 + sequence,
		.has_seid = true,
		.seid = smf_session_by_ref(b->smf, b->ref)->seid };

	usage[1] = usage[0];
	usage[1].urr_id = n4_urr_flow(5);
	m.session_report_request.report_type = pfcp_flags(PFCP_REPORT_USAR);
	m.session_report_request.usage_report_count = 2;
	m.session_report_request.usage_report = usage;
	bed_upf_send(b, &m);
	bed_run(b);
}

/* Each rule of each session, with the QoS flow it is in, and what the UPF has said of it. */
static void flows(void **state)
{
	struct bed *b = *state;
	struct smf_match match = { .pcc_rule_id = "voice",
		.gbr = { 64000, 128000 },
		.mbr = { 65000, 129000 },
		.gate = PFCP_GATE_UL_CLOSED };
	struct smf_flow flow = { .qfi = 2,
		.rule_id = 2,
		.five_qi = 1,
		.arp = { 3, true, false },
		.at = FLOW_AT_UPF,
		.match = &match };
	uint64_t at = 0;

	bed_establish(b);
	assert_true(smf_flows_add(&smf_session_by_ref(b->smf, b->ref)->flows, &flow));
	reports_usage(b, 1);
	reports_usage(b, 2);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_true(flow_row(b, &at));
	assert_true(flow_row(b, &at));
	assert_string_equal(text,
		"001010000000001\t1\tinternet\tvoice\t2\t1\t3\tyes\tno\t64000\t128000\t65000\t129000\t"
		"downlink\tupf\t14\t4000\n");
	assert_true(flow_row(b, &at));
	assert_memory_equal(text, "001010000000001\t2\tinternet\t\t1\t", 30);
	assert_false(flow_row(b, &at));
}

static void upfs(void **state)
{
	struct bed *b = *state;

	b->config.upf_count = 2;
	b->config.upfs[1].address = b->config.upfs[0].address;
	b->config.upfs[1].address.ip[3] = 3;
	b->config.upfs[1].dnn_count = 1;
	str_copy(b->config.upfs[1].dnns[0], DNN_STR_SIZE, "ims");
	str_copy(b->config.upfs[1].name, SMF_UPF_NAME_SIZE, "ims");
	bed_restart(b);
	bed_establish(b);
	b->smf->upfs[1].associated = false;
	assert_true(row(b, smf_upf_row, 0));
	assert_string_equal(text, "\t10.1.0.2\tassociated\tno\t1\t0\t0\t\t");
	assert_true(smf_upf_drain(b->smf, bytes_of_str("ims"), true));
	assert_true(row(b, smf_upf_row, 1));
	assert_string_equal(text, "ims\t10.1.0.3\taway\tyes\t0\t0\t1\t\t");
	assert_false(row(b, smf_upf_row, 2));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(sessions),
		TEST(session_in_the_making),
		TEST(ended_session),
		TEST(flows),
		TEST(upfs),
	};

	return cmocka_run_group_tests_name("core/smf tables", tests, NULL, NULL);
}
