/* Public warnings at the gNB, 38.413 8.9. */
#include "gnb/gnb_bed.h"

#include "gnb/internal.h"

enum { ID = 4370 };

struct order {
	uint16_t serial, times;
	uint32_t period_s, tac; /* 0: everywhere */
	bool alone;             /* without the concurrent indication */
};

static void hear(struct bed *b)
{
	bed_connected(b); /* the gNB knows that somebody listens */
	bed_forget(b);
}

static size_t warn(struct bed *b, const struct order *o)
{
	struct tai tai = { b->config.plmn, o->tac };
	struct ngap_tai named;
	struct ngap_warning_area_list area = { .tag = NGAP_WARNING_AREA_LIST_TAG_TAI_LIST_FOR_WARNING,
		.u.tai_list_for_warning = { 1, &named } };
	const struct ngap_write_replace_warning_request m = { .message_identifier = ID,
		.serial_number = o->serial,
		.warning_area_list = o->tac ? &area : NULL,
		.repetition_period = o->period_s,
		.number_of_broadcasts_requested = o->times,
		.has_data_coding_scheme = true,
		.data_coding_scheme = 0x0f,
		.has_warning_message_contents = true,
		.warning_message_contents = bytes_of_str("contents"),
		.has_concurrent_warning_message_ind = !o->alone };
	const struct ngap_write_replace_warning_response *r;

	assert_true(ngap_tai_of(&tai, &b->arena, &named));
	bed_amf_sends(b, NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST, &m);
	r = bed_amf_gets(b, NGAP_MSG_WRITE_REPLACE_WARNING_RESPONSE).u.write_replace_warning_response;
	assert_int_equal(r->message_identifier, ID);
	assert_int_equal(r->serial_number, o->serial);
	return r->broadcast_completed_area_list
		       ? r->broadcast_completed_area_list->u.cell_id_broadcast_nr.count
		       : 0;
}

static size_t cancel(struct bed *b, uint16_t serial, bool all, uint16_t *sent)
{
	const struct ngap_pws_cancel_request m = {
		.message_identifier = ID, .serial_number = serial, .has_cancel_all_warning_messages = all
	};
	const struct ngap_pws_cancel_response *r;

	bed_amf_sends(b, NGAP_MSG_PWS_CANCEL_REQUEST, &m);
	r = bed_amf_gets(b, NGAP_MSG_PWS_CANCEL_RESPONSE).u.pws_cancel_response;
	if (!r->broadcast_cancelled_area_list)
		return 0;
	*sent = r->broadcast_cancelled_area_list->u.cell_id_cancelled_nr.items[0].number_of_broadcasts;
	return r->broadcast_cancelled_area_list->u.cell_id_cancelled_nr.count;
}

/* At once, and each period, so many times; a request for what goes on begins nothing. */
static void test_broadcast(void **state)
{
	struct bed *b = *state;
	const struct order o = { .serial = 1, .times = 3, .period_s = 5 };
	struct uu_rrc_msg m;

	hear(b);
	assert_int_equal(warn(b, &o), 1);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 1);
	bed_pass(b, 5000);
	m = bed_ue_gets(b, UU_RRC_WARNING);
	assert_int_equal(m.warning_id, ID);
	assert_int_equal(m.warning_serial, 1);
	assert_int_equal(m.warning_dcs, 0x0f);
	assert_true(bytes_equal(m.rrc, bytes_of_str("contents")));
	assert_int_equal(warn(b, &o), 1);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 2);
	bed_pass(b, 60000);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 3);
}

/* 8.9.1.4, and what is not our area's. */
static void test_not_broadcast(void **state)
{
	static const struct order orders[] = {
		{ .serial = 1, .times = 0, .period_s = 5, .alone = true },
		{ .serial = 2, .times = 2, .period_s = 0 },
		{ .serial = 3, .times = 0, .period_s = 0 },
		{ .serial = 4, .times = 2, .period_s = 5, .tac = 77 },
	};
	struct bed *b = *state;

	hear(b);
	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		assert_int_equal(warn(b, &orders[i]), 0);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 0);
	assert_int_equal(warn(b, &(struct order){ .serial = 5, .times = 1, .period_s = 0 }), 1);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 1);
}

/* 8.9.1.2: the primary notification goes whatever the numbers are. */
static void test_primary(void **state)
{
	struct bed *b = *state;
	const struct ngap_write_replace_warning_request m = {
		.message_identifier = ID, .has_warning_type = true, .warning_type = bytes_of("\5\x80", 2)
	};

	hear(b);
	bed_amf_sends(b, NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST, &m);
	assert_int_equal(bed_ue_gets(b, UU_RRC_WARNING).rrc.len, 0);
	assert_non_null(bed_amf_gets(b, NGAP_MSG_WRITE_REPLACE_WARNING_RESPONSE)
			.u.write_replace_warning_response->broadcast_completed_area_list);
	bed_pass(b, 60000);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 0);
}

/* Without the indication that they may be beside one another, the new one takes the place of the others. */
static void test_replace(void **state)
{
	struct bed *b = *state;
	uint16_t sent = 0;

	hear(b);
	warn(b, &(struct order){ .serial = 1, .times = 0, .period_s = 5 });
	warn(b, &(struct order){ .serial = 2, .times = 0, .period_s = 5 });
	bed_pass(b, 5000);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 4);
	warn(b, &(struct order){ .serial = 3, .times = 9, .period_s = 5, .alone = true });
	assert_int_equal(cancel(b, 1, false, &sent), 0);
	assert_int_equal(cancel(b, 2, false, &sent), 0);
	bed_pass(b, 5000);
	assert_int_equal(cancel(b, 3, false, &sent), 1);
	assert_int_equal(sent, 2);
	bed_pass(b, 60000);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 6);
}

static void test_cancel_all(void **state)
{
	struct bed *b = *state;
	uint16_t sent = 9;

	hear(b);
	warn(b, &(struct order){ .serial = 1, .times = 0, .period_s = 5 });
	warn(b, &(struct order){ .serial = 2, .times = 0, .period_s = 5 });
	assert_int_equal(cancel(b, 9, false, &sent), 0); /* another one */
	assert_int_equal(cancel(b, 9, true, &sent), 2);
	assert_int_equal(sent, 0);
	bed_pass(b, 60000);
	assert_int_equal(bed_stat(b, GNB_STAT_WARNINGS), 2);
}

static void test_many(void **state)
{
	struct bed *b = *state;

	hear(b);
	for (uint16_t i = 0; i < GNB_WARNINGS_MAX; i++)
		assert_int_equal(warn(b, &(struct order){ .serial = i, .times = 0, .period_s = 100 }), 1);
	assert_int_equal(warn(b, &(struct order){ .serial = 99, .times = 0, .period_s = 100 }), 0);
	assert_int_equal(bed_stat(b, GNB_STAT_EXHAUSTED), 1);
}

/* 8.9.3: once, when it has begun. */
static void test_restart_indication(void **state)
{
	struct bed *b = *state;
	const struct ngap_pws_restart_indication *m;

	bed_associate(b);
	bed_setup_response(b, false);
	m = bed_amf_gets(b, NGAP_MSG_PWS_RESTART_INDICATION).u.pws_restart_indication;
	assert_int_equal(m->cell_id_list_for_restart.u.nr_cgi_listfor_restart.count, 1);
	assert_int_equal(m->tai_list_for_restart.count, 1);
	assert_int_equal(ngap_tac(m->tai_list_for_restart.items[0].tac), 1);
	bed_deliver(b, &(struct msg){ .kind = MSG_DOWN, .port = GNB_PORT_N2, .assoc = ASSOC });
	bed_forget(b);
	bed_pass(b, 1000);
	bed_associate(b);
	bed_setup_response(b, false);
	assert_null(bed_next(b, GNB_PORT_N2));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_broadcast),
		TEST(test_not_broadcast),
		TEST(test_primary),
		TEST(test_replace),
		TEST(test_cancel_all),
		TEST(test_many),
		TEST(test_restart_indication),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
