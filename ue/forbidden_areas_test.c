/* The lists of forbidden tracking areas, 24.501 5.3.13: what puts an area there, what it means, what ends it.
 */
#include "ue/internal.h"
#include "ue/ue_bed.h"

static struct ue_cell cells[2];

/* The UE is in cell 0, of TAC 1; cell 1 is of TAC 2. */
static struct bed *two_cells(void **state)
{
	struct bed *b = *state;
	struct addr other = b->gnb;

	other.ip[3] = 77;
	cells[0] = (struct ue_cell){ b->gnb, 1, 1, { b->profile.home, 1 } };
	cells[1] = (struct ue_cell){ other, 2, 2, { b->profile.home, 2 } };
	ue_host_set_cells(b->host, cells, 2);
	return b;
}

static void rejects(struct bed *b, uint8_t cause)
{
	bed_send_plain(
		b, (struct nas_msg){ .type = NAS_REGISTRATION_REJECT, .registration_reject.cause = cause });
}

static void is_tried_in(struct bed *b, int cell)
{
	b->gnb = cells[cell].at;
	bed_nas(b, NAS_REGISTRATION_REQUEST);
}

/* 5.5.1.2.5: it registers in another area, and does not come back to the one that is forbidden. */
static void test_elsewhere(void **state)
{
	static const uint8_t causes[] = { NAS_5GMM_TRACKING_AREA_NOT_ALLOWED,
		NAS_5GMM_ROAMING_NOT_ALLOWED_IN_THIS_TRACKING_AREA,
		NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA };

	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		struct bed *b = two_cells(state);

		assert_true(ue_register(b->ue));
		is_tried_in(b, 0);
		rejects(b, causes[i]);
		bed_pass(b, UE_CELL_SEARCH_MS - 1);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		bed_pass(b, 1);
		bed_left(b);
		is_tried_in(b, 1);
		assert_int_equal(b->ue->forbidden->lists[UE_FORBIDDEN_REGIONAL].count, i == 0);
		assert_int_equal(b->ue->forbidden->lists[UE_FORBIDDEN_ROAMING].count, i != 0);
		bed_teardown(state);
		bed_setup(state);
	}
}

/* Without another area it waits; what was not protected counts until T3247, 15 to 30 minutes (5.3.20.2). */
static void test_t3247(void **state)
{
	struct bed *b = two_cells(state);

	ue_host_set_cells(b->host, cells, 1);
	assert_true(ue_register(b->ue));
	is_tried_in(b, 0);
	rejects(b, NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA);
	ue_connection_leave(b->ue, false);
	bed_forget(b);
	assert_true(ue_register(b->ue)); /* who asks in between gets nothing */
	bed_pass(b, T3247_MIN_MS - 1);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_pass(b, T3247_SPREAD_MS + 1);
	is_tried_in(b, 0);
}

/* What was protected stands for longer; also when it comes with a service reject or a de-registration. */
static void test_protected(void **state)
{
	static const struct nas_msg said[] = {
		{ .type = NAS_DEREGISTRATION_REQUEST_NETWORK,
			.deregistration_request_network = { .deregistration_type = NAS_DEREGISTRATION_3GPP,
				.has_cause = true,
				.cause = NAS_5GMM_TRACKING_AREA_NOT_ALLOWED } },
		{ .type = NAS_SERVICE_REJECT,
			.service_reject.cause = NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA },
	};

	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct bed *b = two_cells(state);

		b->profile.auto_register = true;
		bed_register(b);
		bed_session(b, 1);
		if (said[i].type == NAS_SERVICE_REJECT)
			b->ue->state = MM_SERVICE_REQUEST_INITIATED;
		bed_send(b, said[i]);
		assert_false(b->ue->has_guti);
		assert_null(b->ue->sessions);
		assert_true(bed_is(b, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION"));
		assert_true(ue_forbidden_until_ns(b->ue) >
			    env_now_ns(&b->t.env) + (T3247_MIN_MS + T3247_SPREAD_MS) * (uint64_t)NS_PER_MS);
		bed_teardown(state);
		bed_setup(state);
	}
}

/* A UE that is off knows nothing of it any more. */
static void test_switched_off(void **state)
{
	struct bed *b = two_cells(state);

	bed_register(b);
	assert_true(ue_forbidden_add(b->ue, NAS_5GMM_TRACKING_AREA_NOT_ALLOWED, true));
	assert_true(ue_forbidden_until_ns(b->ue) > 0);
	ue_deregister(b->ue, false);
	assert_true(ue_forbidden_until_ns(b->ue) > 0);
	b->ue->state = MM_REGISTERED;
	ue_deregister(b->ue, true);
	assert_int_equal(ue_forbidden_until_ns(b->ue), 0);
}

/* Emergency services are had there too. */
static void test_emergency(void **state)
{
	struct bed *b = two_cells(state);

	assert_true(ue_forbidden_add(b->ue, NAS_5GMM_TRACKING_AREA_NOT_ALLOWED, true));
	assert_true(ue_register_emergency(b->ue));
	is_tried_in(b, 0);
}

/* 40 places: the oldest gives way; an area that is put again is not there twice. */
static void test_full(void **state)
{
	struct bed *b = two_cells(state);
	const struct ue_forbidden_list *l;

	for (uint32_t tac = 1; tac <= UE_FORBIDDEN_MAX + 1; tac++) {
		cells[0].tai.tac = tac;
		assert_true(ue_forbidden_add(b->ue, NAS_5GMM_TRACKING_AREA_NOT_ALLOWED, true));
		assert_true(ue_forbidden_add(b->ue, NAS_5GMM_TRACKING_AREA_NOT_ALLOWED, true));
	}
	l = &b->ue->forbidden->lists[UE_FORBIDDEN_REGIONAL];
	assert_int_equal(l->count, UE_FORBIDDEN_MAX);
	assert_int_equal(l->items[0].tai.tac, 2);
	assert_int_equal(l->items[UE_FORBIDDEN_MAX - 1].tai.tac, UE_FORBIDDEN_MAX + 1);
	cells[0].tai.tac = 1;
	assert_int_equal(ue_forbidden_until_ns(b->ue), 0);
	cells[0].tai.tac = 2;
	assert_true(ue_forbidden_until_ns(b->ue) > 0);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_elsewhere), TEST(test_t3247), TEST(test_protected),
		TEST(test_switched_off), TEST(test_emergency), TEST(test_full) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
