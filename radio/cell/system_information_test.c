/* When SI messages may come (38.331 5.2.2.3.2), against the clause's words done another way: by walking
 * through the slots. */
#include "base/test.h"

#include "radio/cell/system_information.h"
#include "wire/rrc/rrc.h"

enum { FRAMES = 1024 };

/* The window of the n-th message starts in slot (n - 1) w mod N of the frame in which SFN mod T is floor((n -
 * 1) w / N). */
static void walk(const struct cell_si *s, unsigned i, unsigned frame_slots)
{
	unsigned left = 0, windows = 0;

	for (unsigned sfn = 0; sfn < FRAMES; sfn++)
		for (unsigned slot = 0; slot < frame_slots; slot++) {
			unsigned x = i * s->window_slots;

			if (sfn % s->message[i].period == x / frame_slots && slot == x % frame_slots) {
				left = s->window_slots;
				windows++;
			}
			if (sfn >= s->message[i].period) /* the first may have begun before the first frame */
				assert_int_equal(cell_si_in_window(s, i, sfn, slot, frame_slots), left > 0);
			left -= left > 0;
		}
	assert_int_equal(windows, FRAMES / s->message[i].period);
}

static void test_windows(void **state)
{
	static const struct {
		uint16_t window, period;
		uint8_t mu;
	} rows[] = { { 20, 16, 0 }, { 20, 16, 1 }, { 5, 8, 0 }, { 40, 32, 1 }, { 10, 8, 1 }, { 80, 64, 0 } };

	for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
		struct cell_si s = { .window_slots = rows[r].window, .n = 4 };

		for (unsigned i = 0; i < s.n; i++) {
			s.message[i].period = rows[r].period;
			walk(&s, i, 10u << rows[r].mu);
		}
	}
}

static void test_read(void **state)
{
	struct rrc_sib_type_info types[] = { { .type = RRC_SIB_TYPE_INFO_TYPE_SIB_TYPE2 },
		{ .type = RRC_SIB_TYPE_INFO_TYPE_SIB_TYPE8 } };
	struct rrc_scheduling_info list[] = {
		{ .si_broadcast_status = RRC_SCHEDULING_INFO_SI_BROADCAST_STATUS_BROADCASTING,
			.si_periodicity = RRC_SCHEDULING_INFO_SI_PERIODICITY_RF32,
			.sib_mapping_info = { 2, types } },
		{ .si_broadcast_status = RRC_SCHEDULING_INFO_SI_BROADCAST_STATUS_NOT_BROADCASTING,
			.si_periodicity = RRC_SCHEDULING_INFO_SI_PERIODICITY_RF512,
			.sib_mapping_info = { 1, types } }
	};
	struct rrc_si_scheduling_info in = { .scheduling_info_list = { 2, list },
		.si_window_length = RRC_SI_SCHEDULING_INFO_SI_WINDOW_LENGTH_S40 };
	struct cell_si s;

	cell_si_read(&s, &in);
	assert_true(
		s.n == 2 && s.window_slots == 40 && s.message[0].period == 32 && s.message[1].period == 512);
	assert_true(s.message[0].sibs == (1 << 2 | CELL_SIB8) && s.message[1].sibs == 0);
	assert_int_equal(cell_si_sibs(&s, 0, 0, 10), 1 << 2 | CELL_SIB8);
	assert_int_equal(cell_si_sibs(&s, 4, 0, 10), 0); /* that of the second, which is not broadcast */
	list[0].si_periodicity = RRC_SCHEDULING_INFO_SI_PERIODICITY_N; /* which is none */
	cell_si_read(&s, &in);
	assert_int_equal(s.n, 0);
	cell_si_read(&s, NULL);
	assert_int_equal(s.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_windows), cmocka_unit_test(test_read) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
