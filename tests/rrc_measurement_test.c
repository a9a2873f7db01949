/*
 * Measurements of the serving cell (38.331 5.5) at UE and CU-CP, and the counter check (5.3.6): the line of
 * rrc_line.h, with blocks as the test wants them heard. The steps of reports are 38.133's tables, written out
 * again.
 */
#include <math.h>

#include "gnb/cucp/internal.h"
#include "tests/rrc_line.h"
#include "ue/rrc/internal.h"

static struct line l;

enum { BLOCK_MS = 20, PERIOD_MS = 220 /* eleven blocks, until layer 3 has a value */ };

/* The last CounterCheckResponse: how many DRBs it has, and the first. */
static size_t answer_count;
static struct rrc_drb_count_info answer;

static void tap(void *arg, bool uplink, struct bytes message)
{
	uint8_t memory[4096];
	struct rrc_ul_dcch_message m;
	const struct rrc_drb_count_info_list *list;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), 1 << 16);
	if (uplink && rrc_decode(&rrc_ul_dcch_message_type, message, &arena, &m, &diag) &&
		m.message.u.c1.tag == RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_COUNTER_CHECK_RESPONSE) {
		assert_int_equal(m.message.u.c1.u.counter_check_response.rrc_transaction_identifier, 2);
		list = &m.message.u.c1.u.counter_check_response.critical_extensions.u.counter_check_response
				.drb_count_info_list;
		answer_count = list->count;
		answer = list->count ? list->items[0] : (struct rrc_drb_count_info){ .drb_identity = 0 };
	}
	arena_fini(&arena);
}

static void begin(void)
{
	line_begin(&l, 7);
	cucp_set_rrc_tap(l.cucp, tap, NULL);
	line_set_up(&l);
	assert_true(line_connect(&l));
	line_run(&l, 300);
	assert_true(line_is_up(&l));
}

static void hear(double rsrp_dbm, double sinr_db, unsigned ms)
{
	for (unsigned i = 0; i < ms; i += BLOCK_MS) {
		ue_rrc_measured(l.ue.rrc, &(struct ue_rrc_block){ pow(10, rsrp_dbm / 10),
						  pow(10, (rsrp_dbm - sinr_db) / 10), 3 });
		line_run(&l, BLOCK_MS);
	}
}

static uint64_t reports(void)
{
	return ue_rrc_stats(l.ue.rrc).measurement_reports;
}

static void inject_message(const struct rrc_dl_dcch_message_type_c1 *c1)
{
	struct rrc_dl_dcch_message m = { .message = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_TAG_C1, .u.c1 = *c1 } };
	uint8_t octets[2048];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(rrc_encode(&rrc_dl_dcch_message_type, &m, &w));
	assert_true(pdcp_send(l.gnb.ue->srb[1].pdcp, sdu_of(&l.pool, writer_bytes(&w)), l.env.now_ns));
	line_run(&l, 30);
}

static void configure(const struct rrc_meas_config *config)
{
	struct rrc_dl_dcch_message_type_c1 m = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RECONFIGURATION };
	struct rrc_rrc_reconfiguration *r = &m.u.rrc_reconfiguration;

	r->critical_extensions.tag = RRC_RRC_RECONFIGURATION_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION;
	r->critical_extensions.u.rrc_reconfiguration.meas_config = (struct rrc_meas_config *)config;
	inject_message(&m);
	assert_int_equal(ue_rrc_stats(l.ue.rrc).not_complied, 0);
}

/* What our CU-CP configures: a report when there is something to tell, then each 240 ms, as it was. */
static void test_periodical(void **state)
{
	begin();
	hear(-90, 20, PERIOD_MS - BLOCK_MS);
	assert_int_equal(reports(), 0);
	hear(-90, 20, 2 * BLOCK_MS);
	assert_int_equal(reports(), 1);
	assert_int_equal(l.gnb.measured, 1);
	assert_true(l.gnb.serving.has_rsrp && l.gnb.serving.has_rsrq && l.gnb.serving.has_sinr);
	assert_in_range(l.gnb.serving.rsrp_dbm + 200, 109, 110);
	/* 1/12 of RSRP over RSRP and noise: -10.8 dB. */
	assert_true(fabs(l.gnb.serving.rsrq_db + 10.83) <= 0.51 && fabs(l.gnb.serving.sinr_db - 20) <= 0.51);
	hear(-90, 20, 1200);
	assert_in_range(reports(), 5, 6);
	assert_int_equal(cucp_stats(l.cucp).not_comprehended, 0);
	line_end(&l);
}

/* 5.5.3.2, k = 4: a half of each new value, in dB. */
static void test_filter(void **state)
{
	begin();
	hear(-80, 20, PERIOD_MS);
	assert_true(fabsf(l.ue.rrc->meas.value[0][UE_MEAS_RSRP] + 80) < 0.01f);
	hear(-100, 20, PERIOD_MS);
	assert_true(fabsf(l.ue.rrc->meas.value[0][UE_MEAS_RSRP] + 90) < 0.01f);
	hear(-100, 20, PERIOD_MS);
	assert_true(fabsf(l.ue.rrc->meas.value[0][UE_MEAS_RSRP] + 95) < 0.01f);
	line_end(&l);
}

/* The blocks of a cell that was come back to are not those of before, and the CU-CP configures again. */
static void test_reestablishment(void **state)
{
	uint64_t before;

	begin();
	hear(-80, 20, PERIOD_MS);
	assert_int_equal(reports(), 1);
	ue_rrc_radio_problem(l.ue.rrc);
	line_run(&l, 400);
	assert_true(line_is_up(&l) && l.gnb.returned == 1);
	before = reports();
	assert_false(l.ue.rrc->meas.measured);
	hear(-100, 20, PERIOD_MS + 40);
	assert_int_equal(reports(), before + 1);
	assert_in_range(l.gnb.serving.rsrp_dbm + 200, 99, 100);
	line_end(&l);
}

/* Another vendor's configuration: identity 7 of object 5 and report 9. */
struct event {
	struct rrc_meas_object_to_add_mod object;
	struct rrc_meas_object_to_add_mod_list objects;
	struct rrc_report_config_to_add_mod report;
	struct rrc_report_config_to_add_mod_list reports;
	struct rrc_meas_id_to_add_mod id;
	struct rrc_meas_id_to_add_mod_list ids;
	uint8_t gone;
	struct rrc_meas_id_to_remove_list ids_gone;
	struct rrc_quantity_config_nr quantity[2];
	struct rrc_quantity_config_quantity_config_nr_list quantities;
	struct rrc_quantity_config quantity_config;
	struct rrc_meas_config config;
};

/* A2 or A1: below, or above, -100 dBm by 3 dB for 640 ms; two reports, 1024 ms apart, and one on leaving. */
static void event_fill(struct event *e, bool a1)
{
	struct rrc_event_trigger_config trigger = { .rs_type = RRC_NR_RS_TYPE_SSB,
		.report_interval = RRC_REPORT_INTERVAL_MS1024,
		.report_amount = RRC_EVENT_TRIGGER_CONFIG_REPORT_AMOUNT_R2,
		.report_quantity_cell = { true, true, true },
		.max_report_cells = 1 };
	static const struct rrc_filter_config filter = { RRC_FILTER_COEFFICIENT_FC0,
		RRC_FILTER_COEFFICIENT_FC0, RRC_FILTER_COEFFICIENT_FC0 };
	struct rrc_meas_trigger_quantity threshold = { .tag = RRC_MEAS_TRIGGER_QUANTITY_TAG_RSRP,
		.u.rsrp = 56 };

	*e = (struct event){
		.object = { .meas_object_id = 5 }, .report = { .report_config_id = 9 }, .id = { 7, 5, 9 }
	};
	e->object.meas_object.tag = RRC_MEAS_OBJECT_TO_ADD_MOD_MEAS_OBJECT_TAG_MEAS_OBJECT_NR;
	e->object.meas_object.u.meas_object_nr = (struct rrc_meas_object_nr){
		.has_ssb_frequency = true, .ssb_frequency = LINE_SSB_ARFCN, .quantity_config_index = 2
	};
	if (a1) {
		trigger.event_id.tag = RRC_EVENT_TRIGGER_CONFIG_EVENT_ID_TAG_EVENT_A1;
		trigger.event_id.u.event_a1 = (struct rrc_event_trigger_config_event_id_event_a1){ threshold,
			true, 6, RRC_TIME_TO_TRIGGER_MS640 };
	} else {
		trigger.event_id.tag = RRC_EVENT_TRIGGER_CONFIG_EVENT_ID_TAG_EVENT_A2;
		trigger.event_id.u.event_a2 = (struct rrc_event_trigger_config_event_id_event_a2){ threshold,
			true, 6, RRC_TIME_TO_TRIGGER_MS640 };
	}
	e->report.report_config.tag = RRC_REPORT_CONFIG_TO_ADD_MOD_REPORT_CONFIG_TAG_REPORT_CONFIG_NR;
	e->report.report_config.u.report_config_nr.report_type.tag =
		RRC_REPORT_CONFIG_NR_REPORT_TYPE_TAG_EVENT_TRIGGERED;
	e->report.report_config.u.report_config_nr.report_type.u.event_triggered = trigger;
	e->objects = (struct rrc_meas_object_to_add_mod_list){ 1, &e->object };
	e->reports = (struct rrc_report_config_to_add_mod_list){ 1, &e->report };
	e->ids = (struct rrc_meas_id_to_add_mod_list){ 1, &e->id };
	e->gone = 1; /* the CU-CP's own: its reports are not what is looked at */
	e->ids_gone = (struct rrc_meas_id_to_remove_list){ 1, &e->gone };
	/* Of two configurations the object has the second. */
	e->quantity[0] = e->quantity[1] =
		(struct rrc_quantity_config_nr){ .quantity_config_cell = { filter, filter } };
	e->quantities = (struct rrc_quantity_config_quantity_config_nr_list){ 2, e->quantity };
	e->quantity_config.quantity_config_nr_list = &e->quantities;
	e->config = (struct rrc_meas_config){ .meas_object_to_add_mod_list = &e->objects,
		.report_config_to_add_mod_list = &e->reports,
		.meas_id_to_add_mod_list = &e->ids,
		.meas_id_to_remove_list = &e->ids_gone,
		.quantity_config = &e->quantity_config };
}

/* In: after the time to trigger, not before; again at the interval, as often as was said; out: likewise. */
static void event_run(bool a1)
{
	double in_dbm = a1 ? -96 : -104, near_dbm = a1 ? -98 : -102, out_dbm = a1 ? -104 : -96;
	struct event e;

	begin();
	event_fill(&e, a1);
	configure(&e.config);
	hear(near_dbm, 20, 2000); /* within the hysteresis */
	assert_int_equal(reports(), 0);
	hear(in_dbm, 20, 600);
	assert_int_equal(reports(), 0);
	hear(in_dbm, 20, 2 * PERIOD_MS + 60); /* the first value of it came within two periods */
	assert_int_equal(reports(), 1);
	hear(in_dbm, 20, 1024);
	assert_int_equal(reports(), 2);
	hear(in_dbm, 20, 3000);
	assert_int_equal(reports(), 2);
	hear(near_dbm, 20, 2000); /* is not left yet */
	assert_int_equal(reports(), 2);
	hear(out_dbm, 20, 600);
	assert_int_equal(reports(), 2);
	hear(out_dbm, 20, 2 * PERIOD_MS + 60);
	assert_int_equal(reports(), 3);
	hear(out_dbm, 20, 2000);
	assert_int_equal(reports(), 3);
	/* Identity 7 is none of the CU-CP's. */
	assert_int_equal(
		cucp_stats(l.cucp).not_comprehended, 3 + 1); /* nor did it ask for the configuration */
	line_end(&l);
}

static void test_a2(void **state)
{
	event_run(false);
}

static void test_a1(void **state)
{
	event_run(true);
}

/* With the connection all of it goes, and filters are again as they are without a word (5.3.11, 5.5.3.2). */
static void test_forgotten(void **state)
{
	struct event e;

	begin();
	event_fill(&e, false);
	configure(&e.config);
	assert_int_equal(l.ue.rrc->meas.count, 1);
	assert_int_equal(l.ue.rrc->meas.filter_k[1][UE_MEAS_RSRP], 0);
	ue_rrc_abort(l.ue.rrc);
	assert_int_equal(l.ue.rrc->meas.count, 0);
	for (size_t i = 0; i < ARRAY_LEN(l.ue.rrc->meas.filter_k); i++)
		for (size_t q = 0; q < ARRAY_LEN(l.ue.rrc->meas.filter_k[0]); q++)
			assert_int_equal(l.ue.rrc->meas.filter_k[i][q], 4);
	line_end(&l);
}

/* Without a time to trigger: with the first value, and as soon as it is left. */
static void test_at_once(void **state)
{
	struct event e;

	begin();
	event_fill(&e, false);
	e.report.report_config.u.report_config_nr.report_type.u.event_triggered.event_id.u.event_a2
		.time_to_trigger = RRC_TIME_TO_TRIGGER_MS0;
	configure(&e.config);
	hear(-90, 20, 2 * PERIOD_MS);
	assert_int_equal(reports(), 0);
	hear(-104, 20, 2 * PERIOD_MS + 60);
	assert_int_equal(reports(), 1);
	hear(-90, 20, 2 * PERIOD_MS + 60);
	assert_int_equal(reports(), 2);
	line_end(&l);
}

/* It is over before the time to trigger is; and an event of another carrier is none of this cell's. */
static void test_not_triggered(void **state)
{
	struct event e;

	begin();
	event_fill(&e, false);
	configure(&e.config);
	hear(-90, 20, 2 * PERIOD_MS);
	hear(-104, 20, 2 * PERIOD_MS);
	hear(-90, 20, 2000);
	assert_int_equal(reports(), 0);
	e.object.meas_object.u.meas_object_nr.ssb_frequency = LINE_SSB_ARFCN + 3;
	configure(&e.config);
	hear(-110, 20, 4000);
	assert_int_equal(reports(), 0);
	line_end(&l);
}

/* What goes takes its identities along (5.5.2.4, 5.5.2.6), and what names nothing is none. */
static void test_removal(void **state)
{
	uint8_t object = 5, report = 9;
	struct rrc_meas_object_to_remove_list objects = { 1, &object };
	struct rrc_report_config_to_remove_list configs = { 1, &report };
	struct rrc_meas_config gone[] = { { .meas_object_to_remove_list = &objects },
		{ .report_config_to_remove_list = &configs } };
	struct event e;

	for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
		begin();
		event_fill(&e, false);
		configure(&e.config);
		assert_int_equal(l.ue.rrc->meas.count, 1);
		hear(-104, 20, 1400);
		assert_int_equal(reports(), 1);
		configure(&gone[i]);
		assert_int_equal(l.ue.rrc->meas.count, 0);
		hear(-104, 20, 4000);
		assert_int_equal(reports(), 1);
		configure(&(struct rrc_meas_config){ .meas_id_to_add_mod_list = &e.ids });
		assert_int_equal(l.ue.rrc->meas.count, 0);
		line_end(&l);
	}
}

/* 5.3.6.3: those that are not as the network has them, and those it has not named. */
static void test_counter_check(void **state)
{
	struct rrc_drb_count_msb_info info[2] = { { .drb_identity = LINE_DRB }, { .drb_identity = 9 } };
	struct rrc_dl_dcch_message_type_c1 m = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_COUNTER_CHECK };
	struct rrc_counter_check_ies *ies = &m.u.counter_check.critical_extensions.u.counter_check;

	m.u.counter_check.critical_extensions.tag = RRC_COUNTER_CHECK_CRITICAL_EXTENSIONS_TAG_COUNTER_CHECK;
	m.u.counter_check.rrc_transaction_identifier = 2;
	ies->drb_count_msb_info_list = (struct rrc_drb_count_msb_info_list){ 2, info };
	begin();
	l.ue.drb_uplink = 0x12345;
	l.ue.drb_downlink = 0x300;
	info[0].count_msb_uplink = 0x12345 >> 7;
	info[0].count_msb_downlink = 0x300 >> 7;
	info[1].count_msb_uplink = 5;
	inject_message(&m);
	assert_true(answer_count == 1 && answer.drb_identity == 9 && answer.count_uplink == 5 << 7 &&
		    answer.count_downlink == 0);
	info[0].count_msb_downlink++;
	ies->drb_count_msb_info_list.count = 1;
	inject_message(&m);
	assert_true(answer_count == 1 && answer.drb_identity == LINE_DRB && answer.count_uplink == 0x12345 &&
		    answer.count_downlink == 0x300);
	line_end(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_periodical),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_reestablishment),
		cmocka_unit_test(test_a1),
		cmocka_unit_test(test_a2),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_not_triggered),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_counter_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
