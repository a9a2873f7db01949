/* Figures as status prints them, and as OpenMetrics text. */
#include "base/openmetrics.h"
#include "base/test.h"

static const struct stat_def plain_defs[] = {
	{ "taken", "what was \"taken\"" },
	{ "left_bytes", "a \\ in it", "A.Left 1.2", STAT_GAUGE, "bytes" },
	{ "busy_ratio", "x", NULL, STAT_GAUGE, "ratio", 3 },
};
static const struct stat_group plain = { "room", plain_defs, ARRAY_LEN(plain_defs) };

static const struct stat_def by_row_defs[] = { { "asked", "x" }, { "refused", "x" } };
static const struct stat_group by_row = { "room", by_row_defs, ARRAY_LEN(by_row_defs), "row" };

static const struct histogram_bounds bounds = { 3, { 100, 1000, 2500000 } };
static const struct stat_def time_defs[] = { { "time_seconds", "x", NULL, STAT_COUNTER, "seconds", 6 } };
static const struct stat_group times = { "room", time_defs, ARRAY_LEN(time_defs), NULL, &bounds };

static const struct stat_def info_defs[] = { { "which", "x", NULL, STAT_INFO } };
static const struct stat_group info = { "room", info_defs, ARRAY_LEN(info_defs), "name" };

static void row_label(const void *arg, size_t row, struct writer *w)
{
	stat_label(w, "row", ((const char *const *)arg)[row]);
}

static const char *const names[] = { "one", "tw\"o\\", "three\n", "f\xc3\xbcnf" };
static const uint64_t plain_values[] = { 7, 1024, 500 }, one = 1;
static const uint64_t rows[][2] = { { 1, 0 }, { 2, 0 }, { 0, 0 }, { 4, 3 } };
static struct histogram histograms[2];

/* Two of a kind, which have two groups each and stand in each family together. */
static struct stats_list list_of_all(void)
{
	struct stats of = { .label = "of", .name = "a" }, s;
	struct stats_list l = { 0 };

	for (uint8_t i = 0; i < 2; i++) {
		s = of;
		s.name = i ? "b" : "a";
		s.number = i;
		s.group = &plain;
		s.values = plain_values;
		stats_add(&l, s);
		s.group = &times;
		s.values = histograms[i].words;
		stats_add(&l, s);
	}
	stats_add(&l, (struct stats){ .group = &by_row,
			      .values = rows[0],
			      .rows = ARRAY_LEN(rows),
			      .shown = 1,
			      .labels = row_label,
			      .arg = names });
	stats_add(&l, (struct stats){ .group = &info,
			      .values = &one,
			      .rows = 1,
			      .shown = 1,
			      .labels = row_label,
			      .arg = names });
	return l;
}

static const char expected[] = "# TYPE freehold_room_taken counter\n"
			       "# HELP freehold_room_taken what was \\\"taken\\\"\n"
			       "freehold_room_taken_total{of=\"a\"} 7\n"
			       "freehold_room_taken_total{of=\"b\"} 7\n"
			       "# TYPE freehold_room_left_bytes gauge\n"
			       "# UNIT freehold_room_left_bytes bytes\n"
			       "# HELP freehold_room_left_bytes a \\\\ in it (TS 28.552 A.Left 1.2)\n"
			       "freehold_room_left_bytes{of=\"a\"} 1024\n"
			       "freehold_room_left_bytes{of=\"b\"} 1024\n"
			       "# TYPE freehold_room_busy_ratio gauge\n"
			       "# UNIT freehold_room_busy_ratio ratio\n"
			       "# HELP freehold_room_busy_ratio x\n"
			       "freehold_room_busy_ratio{of=\"a\"} 0.5\n"
			       "freehold_room_busy_ratio{of=\"b\"} 0.5\n"
			       "# TYPE freehold_room_time_seconds histogram\n"
			       "# UNIT freehold_room_time_seconds seconds\n"
			       "# HELP freehold_room_time_seconds x\n"
			       "freehold_room_time_seconds_bucket{of=\"a\",le=\"0.0001\"} 2\n"
			       "freehold_room_time_seconds_bucket{of=\"a\",le=\"0.001\"} 3\n"
			       "freehold_room_time_seconds_bucket{of=\"a\",le=\"2.5\"} 3\n"
			       "freehold_room_time_seconds_bucket{of=\"a\",le=\"+Inf\"} 4\n"
			       "freehold_room_time_seconds_count{of=\"a\"} 4\n"
			       "freehold_room_time_seconds_sum{of=\"a\"} 2.500202\n"
			       "freehold_room_time_seconds_bucket{of=\"b\",le=\"0.0001\"} 0\n"
			       "freehold_room_time_seconds_bucket{of=\"b\",le=\"0.001\"} 0\n"
			       "freehold_room_time_seconds_bucket{of=\"b\",le=\"2.5\"} 0\n"
			       "freehold_room_time_seconds_bucket{of=\"b\",le=\"+Inf\"} 0\n"
			       "freehold_room_time_seconds_count{of=\"b\"} 0\n"
			       "freehold_room_time_seconds_sum{of=\"b\"} 0\n"
			       "# TYPE freehold_room_asked counter\n"
			       "# HELP freehold_room_asked x\n"
			       "freehold_room_asked_total{row=\"one\"} 1\n"
			       "freehold_room_asked_total{row=\"tw\\\"o\\\\\"} 2\n"
			       "freehold_room_asked_total{row=\"f??nf\"} 4\n"
			       "# TYPE freehold_room_refused counter\n"
			       "# HELP freehold_room_refused x\n"
			       "freehold_room_refused_total{row=\"one\"} 0\n"
			       "freehold_room_refused_total{row=\"f??nf\"} 3\n"
			       "# TYPE freehold_room_which info\n"
			       "# HELP freehold_room_which x\n"
			       "freehold_room_which_info{row=\"one\"} 1\n"
			       "# EOF\n";

static void fill_histogram(void)
{
	histograms[0] = (struct histogram){ 0 };
	histogram_add(&histograms[0], &bounds, 0);
	histogram_add(&histograms[0], &bounds, 100);
	histogram_add(&histograms[0], &bounds, 101);
	histogram_add(&histograms[0], &bounds, 2500001);
}

static void test_bounds(void **state)
{
	const struct histogram *h = &histograms[0];

	fill_histogram();
	assert_int_equal(h->words[0], 2); /* up to the bound and with it */
	assert_int_equal(h->words[1], 1);
	assert_int_equal(h->words[2], 0);
	assert_int_equal(h->words[3], 1);
	assert_int_equal(h->words[HISTOGRAM_SUM], 2500202);
	assert_int_equal(histogram_count(h->words), 4);
	for (const struct histogram_bounds *b = &histogram_turn_us;; b = &histogram_procedure_us) {
		assert_true(b->count <= HISTOGRAM_BOUNDS_MAX);
		for (uint8_t i = 1; i < b->count; i++)
			assert_true(b->upper[i] > b->upper[i - 1]);
		if (b == &histogram_procedure_us)
			break;
	}
}

static void test_text(void **state)
{
	struct stats_list l = list_of_all();
	uint8_t text[8192];
	struct writer w = writer_of(text, sizeof(text));
	uint64_t place = 0;

	fill_histogram();
	assert_false(openmetrics_write(&l, &place, &w));
	writer_u8(&w, 0);
	assert_string_equal(text, expected);
}

/* In pieces of any size that holds the largest, the same text; and a writer that is too small ends it. */
static void test_parts(void **state)
{
	struct stats_list l = list_of_all();

	fill_histogram();
	for (size_t size = 400; size < 1000; size += 7) {
		char whole[8192];
		size_t len = 0;
		uint64_t place = 0;
		bool more = true;

		while (more) {
			struct writer w = writer_of(whole + len, size);

			assert_true(len + size < sizeof(whole));
			more = openmetrics_write(&l, &place, &w);
			assert_false(w.failed);
			assert_true(w.len > 0);
			len += w.len;
		}
		whole[len] = '\0';
		assert_string_equal(whole, expected);
	}
	for (size_t size = 1; size < 40; size++) {
		uint8_t text[40];
		struct writer w = writer_of(text, size);
		uint64_t place = 0;

		openmetrics_write(&l, &place, &w);
		assert_int_equal(w.len, 0);
	}
}

/* A place comes from who asks: nothing beyond the list is read, wherever it points. */
static void test_places(void **state)
{
	struct stats_list l = list_of_all();
	uint64_t bad[] = { UINT64_MAX, UINT64_C(1) << 63, UINT64_C(7) << 48, UINT64_C(2) << 48, 1 << 16 | 1,
		UINT64_C(3) << 32, 2 << 16, UINT64_C(4) << 48 | 5 << 16 | 4, 1, UINT64_C(6) << 48 | 1 };
	uint8_t text[8192];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct writer w = writer_of(text, sizeof(text));

		assert_false(openmetrics_write(&l, &bad[i], &w));
		assert_int_equal(w.len, 0);
	}
}

static void test_status(void **state)
{
	struct stats_list l = list_of_all();
	uint8_t text[1024];
	struct writer w = writer_of(text, sizeof(text));

	fill_histogram();
	for (size_t i = 0; i < l.count; i++)
		assert_true(stats_print(&l.items[i], &w));
	writer_u8(&w, 0);
	assert_string_equal(text,
		"room_taken 7\nroom_left_bytes 1024\nroom_busy_ratio 500\nroom_time_seconds 4\n"
		"room_time_seconds_sum_us 2500202\n"
		"room2_taken 7\nroom2_left_bytes 1024\nroom2_busy_ratio 500\n"
		"room2_time_seconds 0\nroom2_time_seconds_sum_us 0\nroom_asked 7\nroom_refused 3\n");
	w = writer_of(text, 10);
	assert_false(stats_print(&l.items[0], &w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
