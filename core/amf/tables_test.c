/* What operators see of UEs and gNBs: each once, whatever it is at. */
#include "core/amf/amf_bed.h"

static char text[1024];

/* The nth row; false: there are not so many. */
static bool row(
	struct amf_bed *b, bool (*fn)(const struct amf *amf, uint32_t *at, struct writer *w), unsigned n)
{
	uint32_t at = 0;
	struct writer w;
	bool is;

	do {
		w = writer_of(text, sizeof(text));
		is = fn(b->amf, &at, &w);
	} while (is && n-- > 0);
	writer_u8(&w, 0);
	return is;
}

/* A cell of the row, counted from 0. */
static const char *cell(unsigned n)
{
	static char out[128];
	const char *at = text;

	while (n-- > 0) {
		at = strchr(at, '\t');
		assert_non_null(at);
		at++;
	}
	str_copy(out, sizeof(out), at);
	out[strcspn(out, "\t\n")] = '\0';
	return out;
}

enum { IMSI, STATE, CONNECTION, AMF, GNB, CELL, TAC, LOCATED, SINCE, SECURED, TMSI, SLICES, SESSIONS, CAUSE };

static void test_ues(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request();
	char tmsi[9];

	b->gnb_name = bytes_of_str("hill");
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	assert_false(row(b, amf_ue_row, 0));
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	assert_true(row(b, amf_ue_row, 0));
	assert_string_equal(cell(IMSI), ""); /* it has not proven who it is */
	assert_string_equal(cell(SINCE), "");
	assert_string_equal(cell(SECURED), "");
	assert_string_equal(cell(TMSI), "");
	amf_bed_teardown(state);
	amf_bed_setup(state);
	b = *state;
	b->gnb_name = bytes_of_str("hill");
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	amf_bed_register(b);
	amf_bed_session(b, 5);
	amf_bed_session(b, 6);
	assert_true(row(b, amf_ue_row, 0));
	snprintf(tmsi, sizeof(tmsi), "%08x", b->tmsi);
	assert_string_equal(cell(IMSI), "001010000000001");
	assert_string_equal(cell(STATE), "registered");
	assert_string_equal(cell(CONNECTION), "connected");
	assert_string_equal(cell(AMF), "amf");
	assert_string_equal(cell(GNB), "hill");
	assert_string_equal(cell(CELL), "000000001");
	assert_string_equal(cell(TAC), "1");
	assert_string_not_equal(cell(SINCE), "");
	assert_string_not_equal(cell(SECURED), "");
	assert_string_equal(cell(TMSI), tmsi);
	assert_string_equal(cell(SLICES), "1");
	assert_string_equal(cell(SESSIONS), "2");
	assert_string_equal(cell(CAUSE), "");
	assert_false(row(b, amf_ue_row, 1));
	amf_bed_released(b);
	assert_true(row(b, amf_ue_row, 0));
	assert_string_equal(cell(CONNECTION), "idle");
	assert_string_equal(cell(GNB), "");
	assert_string_equal(cell(TAC), "1"); /* where it was */
	assert_non_null(strstr(cell(CAUSE), "inactivity"));
}

/* A UE that has left and is still in the store is none. */
static void test_ue_that_has_left(void **state)
{
	struct amf_bed *b = *state;
	struct amf_ue *other;

	amf_bed_register(b);
	amf_ue_free(b->amf, amf_bed_ue(b));
	assert_int_equal(b->amf->gone, 1);
	assert_false(row(b, amf_ue_row, 0));
	other = amf_ue_new(b->amf);
	assert_true(row(b, amf_ue_row, 0));
	assert_string_equal(cell(IMSI), "");
	assert_false(row(b, amf_ue_row, 1));
	amf_ue_free(b->amf, other);
}

static void test_gnbs(void **state)
{
	struct amf_bed *b = *state;
	struct amf_gnb *gnb = amf_gnb_find(b->amf, BED_ASSOC);
	struct tai tais[17];

	b->gnb_name = bytes_of_str("hill");
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	amf_bed_register(b);
	amf_bed_deliver(b, BED_ASSOC + 1, MSG_UP, BYTES_NONE);
	assert_true(row(b, amf_gnb_row, 0));
	assert_string_equal(cell(0), "hill");
	assert_string_not_equal(cell(1), "");
	assert_string_equal(cell(2), "up");
	assert_non_null(strstr(cell(3), "10.0.0.3"));
	assert_string_equal(cell(4), "amf");
	assert_string_equal(cell(5), "1");
	assert_string_equal(cell(6), "1");
	assert_string_not_equal(cell(7), "");
	assert_true(row(b, amf_gnb_row, 1));
	assert_string_equal(cell(1), "");
	assert_string_equal(cell(2), "connected");
	assert_string_equal(cell(7), "");
	assert_false(row(b, amf_gnb_row, 2));
	/* as many tracking areas as are shown, and one more */
	for (uint32_t i = 0; i < ARRAY_LEN(tais); i++)
		tais[i] = (struct tai){ b->config.guami.plmn, 10 + i };
	free(gnb->tais);
	gnb->tais = tais;
	gnb->tai_count = 16;
	assert_true(row(b, amf_gnb_row, 0));
	assert_string_equal(cell(5), "10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25");
	gnb->tai_count = 17;
	assert_true(row(b, amf_gnb_row, 0));
	assert_string_equal(cell(5), "10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,...");
	gnb->tais = NULL;
	gnb->tai_count = 0;
}

/* Its figures have the AMF's number where there are several. */
static void test_room(void **state)
{
	struct amf_bed *b = *state;
	struct amf_config config = b->config;
	struct stats stats;
	struct amf *second;

	amf_stats(b->amf, &stats);
	assert_string_equal(stats.group->room, "amf");
	assert_int_equal(stats.number, 0);
	config.number = 1;
	config.guami.amf_pointer++;
	second = amf_new(&config, false, &b->t.env, b->bus);
	amf_stats(second, &stats);
	assert_string_equal(stats.group->room, "amf");
	assert_int_equal(stats.number, 1);
	assert_string_equal(amf_nf(second)->profile.amf_info->amf_set_id, "001");
	amf_free(second);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_ues),
		TEST(test_ue_that_has_left),
		TEST(test_gnbs),
		TEST(test_room),
	};

	return cmocka_run_group_tests_name("core/amf tables", tests, NULL, NULL);
}
