/* What operators have gNBs do about UEs: location reporting and traces, 38.413 8.12 and 8.11. */
#include "core/amf/amf_bed.h"

#include "core/amf/ue_order.h"

enum { OTHER_ASSOC = 8 };

static uint32_t raised[EVENT_KIND_COUNT];
static struct event last;

static void take(void *arg, const struct event *e)
{
	raised[e->kind]++;
	last = *e;
}

static const struct event_sink sink = { take, NULL };

static int setup(void **state)
{
	struct amf_bed *b;

	memset(raised, 0, sizeof(raised));
	amf_bed_setup(state);
	b = *state;
	b->amf->nf.events = &sink;
	amf_bed_register(b);
	b->read = b->sent_count;
	return 0;
}

static struct amf_location locate(struct amf_bed *b, const struct amf_locate *l)
{
	struct amf_location out = { 0 };

	assert_true(amf_locate(b->amf, &amf_bed_ue(b)->supi, l, &out));
	amf_bed_settle(b);
	return out;
}

static struct amf_location ask(struct amf_bed *b, enum amf_locate_how how, bool page)
{
	return locate(b, &(struct amf_locate){ .how = how, .page = page });
}

static const struct ngap_location_reporting_request_type *expect_control(
	struct amf_bed *b, enum ngap_event_type type, struct ngap_pdu *pdu)
{
	const struct ngap_location_reporting_request_type *r;

	assert_true(amf_bed_next(b, pdu));
	assert_int_equal(pdu->message, NGAP_MSG_LOCATION_REPORTING_CONTROL);
	r = &pdu->u.location_reporting_control->location_reporting_request_type;
	assert_int_equal(r->event_type, type);
	assert_int_equal(pdu->u.location_reporting_control->ran_ue_ngap_id, b->ran_id);
	return r;
}

static void report(struct amf_bed *b, enum ngap_event_type type, uint64_t nci,
	const struct ngap_ue_presence_in_area_of_interest_list *presence)
{
	struct ngap_location_report m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id,
		.ue_presence_in_area_of_interest_list = (void *)(uintptr_t)presence,
		.location_reporting_request_type = { type, NGAP_REPORT_AREA_CELL } };
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ncgi ncgi = { b->config.guami.plmn, nci };

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_LOCATION_REPORT, &m);
}

/* Of a connected UE: asked for, answered, and awaited no more; an age of zero then. */
static void test_now(void **state)
{
	struct amf_bed *b = *state;
	struct amf_location l;
	struct ngap_pdu pdu;

	amf_bed_pass(b, 30000);
	l = ask(b, AMF_LOCATE_NOW, false);
	assert_true(l.connected && l.awaited && l.known && l.nci == 1);
	assert_int_equal(l.age_s, 30);
	expect_control(b, NGAP_EVENT_TYPE_DIRECT, &pdu);
	report(b, NGAP_EVENT_TYPE_DIRECT, 7, NULL);
	assert_int_equal(raised[EVENT_LOCATED], 1);
	assert_true(last.nci == 7 && last.tac == 1);
	l = ask(b, AMF_LOCATE_LAST, false);
	assert_true(!l.awaited && l.nci == 7 && l.age_s == 0);
	amf_bed_silent(b);
	assert_false(amf_bed_ue(b)->ordered); /* the order is done */
	report(b, NGAP_EVENT_TYPE_DIRECT, 8, NULL);
	assert_int_equal(raised[EVENT_LOCATED], 1); /* nobody has asked */
	assert_int_equal(b->amf->stat[AMF_STAT_LOCATION_REPORTS], 2);
}

static void test_failure(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_location_reporting_failure_indication m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };

	ask(b, AMF_LOCATE_NOW, false);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_LOCATION_REPORTING_FAILURE_INDICATION, &m);
	assert_int_equal(raised[EVENT_LOCATION_FAILED], 1);
	assert_int_equal(last.cause_of, EVENT_CAUSE_NGAP);
	assert_false(ask(b, AMF_LOCATE_LAST, false).awaited);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_LOCATION_REPORTING_FAILURE_INDICATION, &m);
	assert_int_equal(raised[EVENT_LOCATION_FAILED], 1);
	assert_int_equal(b->amf->stat[AMF_STAT_LOCATION_FAILURES], 2);
}

/* An idle UE is where it was; if it is to be paged, its gNB is asked once it has the UE's context. */
static void test_idle(void **state)
{
	struct amf_bed *b = *state;
	struct amf_location l;
	struct ngap_pdu pdu;

	amf_bed_released(b);
	amf_bed_pass(b, 5000);
	b->read = b->sent_count;
	l = ask(b, AMF_LOCATE_NOW, false);
	assert_true(!l.connected && l.known && !l.awaited && l.nci == 1);
	assert_int_equal(l.age_s, 5);
	amf_bed_silent(b);
	assert_true(ask(b, AMF_LOCATE_NOW, true).awaited);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PAGING);
	amf_bed_service(b);
	amf_bed_context_is_set_up(b);
	assert_true(amf_bed_sent(b, NGAP_MSG_LOCATION_REPORTING_CONTROL, &pdu)); /* after a new 5G-GUTI */
	report(b, NGAP_EVENT_TYPE_DIRECT, 9, NULL);
	assert_false(ask(b, AMF_LOCATE_LAST, false).awaited);
}

/* The order lasts: a restart, another connection; then no more, and nothing is left in the store. */
static void test_follow(void **state)
{
	struct amf_bed *b = *state;
	struct amf_locate l = { .how = AMF_LOCATE_FOLLOW, .area_count = 2, .area = { 1, 2 } };
	struct ngap_ue_presence_in_area_of_interest_item item = { 1, NGAP_UE_PRESENCE_OUT };
	struct ngap_ue_presence_in_area_of_interest_list presence = { 1, &item };
	const struct ngap_location_reporting_request_type *r;
	struct ngap_pdu pdu;
	struct bytes value;
	uint8_t key[8];

	assert_true(locate(b, &l).followed);
	expect_control(b, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL, &pdu);
	r = expect_control(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, &pdu);
	assert_int_equal(
		r->area_of_interest_list->items[0].area_of_interest.area_of_interest_tai_list->count, 2);
	report(b, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL, 4, NULL);
	report(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, 5, &presence);
	assert_int_equal(raised[EVENT_LOCATED], 2);
	assert_int_equal(last.reason, EVENT_OUT_OF_AREA);
	amf_bed_released(b);
	amf_bed_restart(b);
	b->read = b->sent_count;
	amf_bed_service(b);
	amf_bed_context_is_set_up(b);
	expect_control(b, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL, &pdu);
	expect_control(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, &pdu);
	assert_false(ask(b, AMF_LOCATE_STOP, false).followed);
	expect_control(b, NGAP_EVENT_TYPE_STOP_CHANGE_OF_SERVE_CELL, &pdu);
	r = expect_control(b, NGAP_EVENT_TYPE_STOP_UE_PRESENCE_IN_AREA_OF_INTEREST, &pdu);
	assert_int_equal(r->location_reporting_reference_id_to_be_cancelled, 1);
	assert_false(store_get(
		b->t.env.store, STORE_AMF_ORDER, nf_supi_store_key(&amf_bed_ue(b)->supi, key), &value));
	ask(b, AMF_LOCATE_STOP, false);
	amf_bed_silent(b);
}

/* It ends with the registration, and is not the next one's. */
static void test_ends(void **state)
{
	struct amf_bed *b = *state;
	struct supi supi = amf_bed_ue(b)->supi;
	struct amf_location l;
	struct bytes value;
	uint8_t key[8];

	ask(b, AMF_LOCATE_FOLLOW, false);
	amf_ue_free(b->amf, amf_bed_ue(b));
	amf_bed_settle(b);
	assert_false(store_get(b->t.env.store, STORE_AMF_ORDER, nf_supi_store_key(&supi, key), &value));
	assert_false(amf_locate(b->amf, &supi, &(struct amf_locate){ .how = AMF_LOCATE_NOW }, &l));
}

static void trace(struct amf_bed *b, bool on)
{
	struct amf_ran_trace t = { .depth = NGAP_TRACE_DEPTH_MAXIMUM, .interfaces = 0xe0 };

	assert_true(addr_parse("192.0.2.9", &t.collector));
	assert_true(amf_ran_trace(b->amf, &amf_bed_ue(b)->supi, on ? &t : NULL));
	amf_bed_settle(b);
}

static struct bytes expect_trace(struct amf_bed *b)
{
	const struct ngap_trace_activation *a;
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_TRACE_START);
	a = &pdu.u.trace_start->trace_activation;
	assert_int_equal(a->trace_depth, NGAP_TRACE_DEPTH_MAXIMUM);
	assert_int_equal(a->interfaces_to_trace, 0xe0);
	assert_int_equal(a->trace_collection_entity_ip_address.len_bits, 32);
	assert_memory_equal(a->trace_collection_entity_ip_address.data, "\xc0\0\2\x09", 4);
	assert_memory_equal(a->ngran_trace_id.data, "\x00\xf1\x10", 3); /* 32.422 5.6: the PLMN first */
	return a->ngran_trace_id;
}

static void test_trace(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_trace_failure_indication failure = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_XN_HANDOVER_TRIGGERED) };
	struct ngap_pdu pdu;
	struct bytes id;

	trace(b, true);
	assert_int_equal(raised[EVENT_RAN_TRACE_STARTED], 1);
	id = failure.ngran_trace_id = expect_trace(b);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_TRACE_FAILURE_INDICATION, &failure);
	assert_int_equal(raised[EVENT_RAN_TRACE_FAILED], 1);
	amf_bed_released(b);
	amf_bed_restart(b);
	b->amf->nf.events = &sink;
	b->read = b->sent_count;
	amf_bed_service(b);
	amf_bed_context_is_set_up(b);
	assert_true(bytes_equal(expect_trace(b), id)); /* the same trace, at the next gNB */
	trace(b, false);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_DEACTIVATE_TRACE);
	assert_true(bytes_equal(pdu.u.deactivate_trace->ngran_trace_id, id));
	assert_int_equal(raised[EVENT_RAN_TRACE_STOPPED], 1);
	trace(b, false);
	amf_bed_silent(b);
}

static void test_cell_traffic_trace(void **state)
{
	struct amf_bed *b = *state;
	static const uint8_t id[8] = { 0, 0xf1, 0x10, 1, 2, 3, 0, 1 }, collector[4] = { 192, 0, 2, 9 };
	struct ngap_cell_traffic_trace m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id,
		.ngran_trace_id = BYTES(id),
		.trace_collection_entity_ip_address = { collector, 32 } };

	m.ngran_cgi.tag = NGAP_NGRAN_CGI_TAG_NR_CGI;
	m.ngran_cgi.u.nr_cgi = (struct ngap_nr_cgi){ ngap_plmn_of(&b->config.guami.plmn, &b->arena), 0x123 };
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_CELL_TRAFFIC_TRACE, &m);
	assert_int_equal(raised[EVENT_CELL_TRACED], 1);
	m.ran_ue_ngap_id++; /* nobody's: 10.6 */
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_CELL_TRAFFIC_TRACE, &m);
	assert_int_equal(raised[EVENT_CELL_TRACED], 1);
	assert_int_equal(b->amf->stat[AMF_STAT_CELL_TRACES], 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_now),
		TEST(test_failure),
		TEST(test_idle),
		TEST(test_follow),
		TEST(test_ends),
		TEST(test_trace),
		TEST(test_cell_traffic_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
