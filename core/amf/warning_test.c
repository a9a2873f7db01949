/* Public warnings at the AMF, 38.413 8.9. */
#include "core/amf/amf_bed.h"

#include "core/amf/warning.h"

enum { OTHER_ASSOC = 8, ID = 4370 };

static const char *warn(struct amf_bed *b, uint16_t serial, const uint32_t *tac, uint16_t broadcasts)
{
	struct amf_warning_order o = { .id = ID,
		.serial = serial,
		.repetition_s = 5,
		.broadcasts = broadcasts,
		.area_count = tac != NULL,
		.text = "Leave the coast" };
	const char *refusal;

	if (tac)
		o.area[0] = *tac;
	refusal = amf_warn(b->amf, &o);
	amf_bed_settle(b);
	return refusal;
}

static void expect(struct amf_bed *b, enum ngap_message type, uint64_t assoc, struct ngap_pdu *pdu)
{
	assert_true(amf_bed_next(b, pdu));
	assert_int_equal(pdu->message, type);
	assert_int_equal(b->sent_to[b->read - 1], assoc);
}

static void answer(struct amf_bed *b, uint64_t assoc, uint16_t serial, size_t cells)
{
	struct ngap_cell_id_broadcast_nr_item items[4];
	struct ngap_broadcast_completed_area_list list = {
		.tag = NGAP_BROADCAST_COMPLETED_AREA_LIST_TAG_CELL_ID_BROADCAST_NR
	};
	const struct ngap_write_replace_warning_response m = { .message_identifier = ID,
		.serial_number = serial,
		.broadcast_completed_area_list = cells ? &list : NULL };

	for (size_t i = 0; i < cells; i++)
		items[i].nr_cgi = (struct ngap_nr_cgi){ ngap_plmn_of(&b->config.guami.plmn, &b->arena), i };
	list.u.cell_id_broadcast_nr = (struct ngap_cell_id_broadcast_nr){ cells, items };
	amf_bed_give(b, assoc, NGAP_MSG_WRITE_REPLACE_WARNING_RESPONSE, &m);
}

static bool row_has(struct amf_bed *b, const char *what)
{
	char row[2048] = "";
	struct writer w = writer_of((uint8_t *)row, sizeof(row) - 1);
	uint32_t at = 0;

	if (!amf_warning_row(b->amf, &at, &w))
		return false;
	row[w.len] = '\0';
	return strstr(row, what) != NULL;
}

/* To the gNBs of the area alone, with all that was ordered; answered by cells. */
static void test_write(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_write_replace_warning_request *m;
	const uint32_t tac = 1;
	char text[WARNING_TEXT_SIZE];
	struct ngap_pdu pdu;

	b->amf->config.tac_count = 2;
	b->amf->config.tacs[1] = 2;
	b->gnb_tac = 2;
	amf_bed_ng_setup(b, OTHER_ASSOC, 2);
	assert_null(warn(b, 1, &tac, 3));
	expect(b, NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST, BED_ASSOC, &pdu);
	m = pdu.u.write_replace_warning_request;
	assert_int_equal(m->message_identifier, ID);
	assert_int_equal(m->serial_number, 1);
	assert_int_equal(m->repetition_period, 5);
	assert_int_equal(m->number_of_broadcasts_requested, 3);
	assert_int_equal(m->warning_area_list->u.tai_list_for_warning.count, 1);
	assert_true(warning_message_read(m->data_coding_scheme, m->warning_message_contents, text));
	assert_string_equal(text, "Leave the coast");
	amf_bed_silent(b);
	assert_non_null(warn(b, 1, &tac, 3)); /* it is being broadcast */
	answer(b, BED_ASSOC, 1, 2);
	assert_true(row_has(b, "4370\t1\tbroadcast\tamf\t1\t3\t5\t1\t2\t0\t"));
	answer(b, BED_ASSOC, 1, 2); /* once more */
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_UNEXPECTED], 1);
	amf_bed_pass(b, 16000);
	assert_non_null(warn(b, 2, NULL, 0) ? NULL : "");
	assert_true(row_has(b, "4370\t2\tbroadcast")); /* the first is over, and gone */
}

/* Without an answer again, then it is given up; and who can broadcast it nowhere says so. */
static void test_no_answer(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	assert_null(warn(b, 1, NULL, 0));
	for (int i = 0; i < 3; i++) {
		expect(b, NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST, BED_ASSOC, &pdu);
		assert_null(pdu.u.write_replace_warning_request->warning_area_list);
		amf_bed_pass(b, AMF_WARNING_GUARD_S * 1000);
	}
	amf_bed_pass(b, 60000);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_WARNINGS_FAILED], 1);
	assert_null(warn(b, 2, NULL, 0));
	answer(b, BED_ASSOC, 2, 0);
	assert_int_equal(b->amf->stat[AMF_STAT_WARNINGS_FAILED], 2);
	assert_true(row_has(b, "\t0\t0\t0\t"));
}

/* A gNB that comes, or has begun again, gets what there is; also from an AMF that has. Cancelled ones it is
 * to end. */
static void test_told(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_nr_cgi cell = { ngap_plmn_of(&b->config.guami.plmn, &b->arena), 1 };
	struct tai one = { b->config.guami.plmn, 1 };
	struct ngap_tai tai;
	struct ngap_pws_restart_indication restart = { 0 };
	struct ngap_pdu pdu;

	assert_true(ngap_tai_of(&one, &b->arena, &tai));
	assert_null(warn(b, 1, NULL, 0));
	expect(b, NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST, BED_ASSOC, &pdu);
	answer(b, BED_ASSOC, 1, 1);
	restart.cell_id_list_for_restart.tag = NGAP_CELL_ID_LIST_FOR_RESTART_TAG_NR_CGI_LISTFOR_RESTART;
	restart.cell_id_list_for_restart.u.nr_cgi_listfor_restart = (struct ngap_nr_cgi_list){ 1, &cell };
	restart.global_ran_node_id.tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	restart.global_ran_node_id.u.global_gnb_id.plmn_identity = cell.plmn_identity;
	restart.global_ran_node_id.u.global_gnb_id.gnb_id = (struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID,
		{ .gnb_id = { (const uint8_t *)"\0\0\1", 24 } } };
	restart.tai_list_for_restart = (struct ngap_tai_list_for_restart){ 1, &tai };
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_PWS_RESTART_INDICATION, &restart);
	expect(b, NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST, BED_ASSOC, &pdu);
	amf_bed_restart(b);
	assert_true(amf_bed_sent(b, NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST, &pdu));
	assert_int_equal(pdu.u.write_replace_warning_request->serial_number, 1);
	assert_true(amf_warning_cancel(b->amf, ID, 1));
	amf_bed_settle(b);
	expect(b, NGAP_MSG_PWS_CANCEL_REQUEST, BED_ASSOC, &pdu);
	assert_false(amf_warning_cancel(b->amf, ID, 1));
	assert_non_null(warn(b, 1, NULL, 0));
	amf_bed_ng_setup(b, OTHER_ASSOC, 2);
	expect(b, NGAP_MSG_PWS_CANCEL_REQUEST, OTHER_ASSOC, &pdu);
	assert_true(row_has(b, "cancelled"));
	amf_bed_pass(b, (AMF_WARNING_CANCEL_S + 1) * 1000);
	b->read = b->sent_count;
	amf_bed_ng_setup(b, 9, 3);
	amf_bed_silent(b);
	assert_false(row_has(b, ""));
}

static void test_failure_indication(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_nr_cgi cell = { ngap_plmn_of(&b->config.guami.plmn, &b->arena), 1 };
	struct ngap_pws_failure_indication m = {
		.pws_failed_cell_id_list = { .tag = NGAP_PWS_FAILED_CELL_ID_LIST_TAG_NR_CGI_PWS_FAILED_LIST,
			.u.nr_cgi_pws_failed_list = { 1, &cell } }
	};

	m.global_ran_node_id.tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	m.global_ran_node_id.u.global_gnb_id.plmn_identity = cell.plmn_identity;
	m.global_ran_node_id.u.global_gnb_id.gnb_id = (struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID,
		{ .gnb_id = { (const uint8_t *)"\0\0\1", 24 } } };
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_PWS_FAILURE_INDICATION, &m);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_WARNINGS_FAILED], 1);
}

/* The table has an end. */
static void test_many(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
	for (uint16_t i = 0; i < AMF_WARNINGS_MAX; i++)
		assert_null(warn(b, i, NULL, 0));
	assert_non_null(warn(b, AMF_WARNINGS_MAX, NULL, 0));
	assert_int_equal(b->amf->stat[AMF_STAT_WARNINGS], AMF_WARNINGS_MAX);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_write),
		TEST(test_no_answer),
		TEST(test_told),
		TEST(test_failure_indication),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
