/* How many sessions a data network may have in a slice: 24.501 6.2.7, 6.2.8. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

enum { BACKOFF_S = 120 };

/* "internet" in slices 1 and 2, "ims" in 1; one session each, of which the bits are there. */
static void begin(struct bed *b, unsigned full)
{
	struct smf_config *c = &b->config;

	c->dnn_count = 3;
	c->backoff_s = BACKOFF_S;
	c->dnns[1] = c->dnns[2] = c->dnns[0];
	c->dnns[1].snssai = (struct snssai){ 2, SNSSAI_NO_SD };
	str_copy(c->dnns[2].dnn, sizeof(c->dnns[2].dnn), "ims");
	for (int i = 0; i < 3; i++)
		c->dnns[i].sessions_max = 1;
	bed_restart(b);
	for (int i = 0; i < 3; i++)
		b->smf->figures.by_dnn[i][SMF_DNN_SESSIONS] = full >> i & 1;
}

static void causes(void **state)
{
	static const struct {
		unsigned full;
		uint8_t cause;
	} cases[] = {
		{ 1, NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN },
		{ 1 | 2, NAS_5GSM_INSUFFICIENT_RESOURCES },
		{ 1 | 4, NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE },
		{ 1 | 2 | 4, NAS_5GSM_INSUFFICIENT_RESOURCES },
	};
	struct bed *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct nas_pdu_session_establishment_reject *r;
		struct nas_msg m;

		begin(b, cases[i].full);
		bed_create(b, "internet", 1, BED_REQUEST);
		assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
		m = bed_nas(b, &b->answer.n1);
		r = &m.pdu_session_establishment_reject;
		assert_int_equal(r->cause, cases[i].cause);
		assert_true(r->has_backoff_timer);
		assert_in_range(nas_timer3_s(r->backoff_timer), BACKOFF_S, BACKOFF_S * 3 / 2);
		assert_int_equal(b->registrations, 0);
	}
}

/* The session that comes in place of the only one is none more, and its end makes room. */
static void room(void **state)
{
	struct bed *b = *state;

	begin(b, 0);
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	bed_create(b, "ims", 3, "2e 03 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_release(b);
	bed_create(b, "ims", 3, "2e 03 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(causes, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(room, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
