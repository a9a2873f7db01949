/* Charts: well-formed, finite, within the picture, and their coordinates right. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "air/conformance_plot.h"
#include "air/plot.h"

static struct plot_point points[2][8];
static struct plot_xy dashed[64];
static struct plot plot;

/* Two panels, one series. */
static void open_plot(void)
{
	plot = (struct plot){ .title = "A title",
		.caption = { "one", "two" },
		.x_label = "x (dB)",
		.x_min = 0,
		.x_max = 10,
		.dashed_label = "bound",
		.series_n = 1,
		.series = { "series <&>" },
		.panels_n = 2,
		.panel = { { .y_label = "y", .log = true, .y_min = 1e-4, .y_max = 1, .height = 300 },
			{ .y_label = "z", .y_max = 50, .height = 100 } } };
}

static char *draw(void)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	bool ok = plot_svg(&plot, to);

	fclose(to);
	if (ok)
		return text;
	free(text);
	return NULL;
}

/* Elements close in the order in which they opened, attributes are quoted, and nothing else has < or &. */
static void check_form(const char *at)
{
	const char *open[16];
	size_t depth = 0, elements = 0;

	for (; *at; at++) {
		const char *end;

		if (*at == '&')
			assert_true(!strncmp(at, "&lt;", 4) || !strncmp(at, "&gt;", 4) ||
				    !strncmp(at, "&amp;", 5));
		if (*at != '<')
			continue;
		end = strchr(at, '>');
		assert_non_null(end);
		if (at[1] == '/') {
			size_t n;

			assert_true(depth > 0);
			n = strcspn(open[--depth], " >");

			assert_int_equal((size_t)(end - at - 2), n);
			assert_memory_equal(at + 2, open[depth], n);
		} else if (end[-1] != '/') {
			assert_true(depth < ARRAY_LEN(open));
			open[depth++] = at + 1;
		}
		elements++;
		at = end;
	}
	assert_int_equal(depth, 0);
	assert_true(elements > 20);
}

static void check(const char *svg)
{
	assert_non_null(svg);
	check_form(svg);
	assert_null(strstr(svg, "nan"));
	assert_null(strstr(svg, "inf"));
}

static void test_coordinates(void **state)
{
	char *svg;

	open_plot();
	points[0][0] = (struct plot_point){ 5, 0.01, 0.001, 0.1, false };
	plot.panel[0].line[0] = (struct plot_line){ points[0], 1, NULL, 0 };
	svg = draw();
	check(svg);
	/* axes from 76 to 700 and from 60 to 360: the middle of both, and a quarter up and down */
	assert_non_null(strstr(svg, "translate(388.0,210.0)"));
	assert_non_null(strstr(svg, "M388.0,285.0V135.0"));
	assert_non_null(strstr(svg, "series &lt;&amp;&gt;"));
	free(svg);
}

static void test_oddities(void **state)
{
	char *svg;

	open_plot();
	points[0][0] = (struct plot_point){ NAN, 0.1, 0.1, 0.1, false };
	points[0][1] = (struct plot_point){ 1, 0, 0, 1e-9, true };
	points[0][2] = (struct plot_point){ 2, 0, 0, 0.5, true };
	points[0][3] = (struct plot_point){ 3, INFINITY, 0, INFINITY, false };
	points[0][4] = (struct plot_point){ 4, -1, -2, 2, false };
	points[0][5] = (struct plot_point){ 40, 0.5, 0.4, 0.6, false };
	points[0][6] = (struct plot_point){ 6, 0.5, 0, 20, false };
	points[0][7] = (struct plot_point){ 7, NAN, NAN, NAN, true };
	for (size_t i = 0; i < ARRAY_LEN(dashed); i++)
		dashed[i] = (struct plot_xy){ (double)i / 5, i % 9 == 8 ? NAN : pow(10, -(double)i) };
	plot.panel[0].line[0] = (struct plot_line){ points[0], 8, dashed, 64 };
	plot.panel[1].line[0] = (struct plot_line){ points[0], 8, dashed, 64 };
	svg = draw();
	check(svg);
	free(svg);
	plot.series_n = 0; /* an empty one */
	plot.dashed_label = NULL;
	svg = draw();
	check(svg);
	free(svg);
}

static void test_many(void **state)
{
	static char names[PLOT_SERIES_MAX][8];
	char *svg;

	open_plot();
	plot.series_n = PLOT_SERIES_MAX;
	for (unsigned i = 0; i < PLOT_SERIES_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "no %u", i);
		plot.series[i] = names[i];
		points[1][0] = (struct plot_point){ 5, 0.5, 0.4, 0.6, false };
		plot.panel[0].line[i] = (struct plot_line){ points[1], 1, NULL, 0 };
	}
	svg = draw();
	check(svg);
	for (unsigned i = 0; i < PLOT_SERIES_MAX; i++)
		assert_non_null(strstr(svg, names[i]));
	free(svg);
}

static void test_refused(void **state)
{
	open_plot();
	plot.x_max = plot.x_min;
	assert_null(draw());
	open_plot();
	plot.x_max = INFINITY;
	assert_null(draw());
	open_plot();
	plot.x_min = NAN;
	assert_null(draw());
	open_plot();
	plot.panel[0].y_min = 0;
	assert_null(draw());
	open_plot();
	plot.panel[1].y_max = 0;
	assert_null(draw());
	open_plot();
	plot.series_n = PLOT_SERIES_MAX + 1;
	assert_null(draw());
	open_plot();
	plot.panels_n = 0;
	assert_null(draw());
}

static void test_step(void **state)
{
	assert_float_equal(plot_step(10, 5), 2, 1e-9);
	assert_float_equal(plot_step(1, 12), 0.1, 1e-9);
	assert_float_equal(plot_step(47, 5), 10, 1e-9);
	assert_float_equal(plot_step(0.3, 12), 0.05, 1e-9);
	assert_float_equal(plot_step(900, 5), 200, 1e-9);
}

static unsigned count_of(const char *svg, const char *what)
{
	unsigned n = 0;

	for (; (svg = strstr(svg, what)); svg++)
		n++;
	return n;
}

/* Four requirements: 3 dB, 1.5 dB, missed by 2 dB, never reached; of two kinds, the third was not run. */
static void test_margins(void **state)
{
	double first[] = { 3, 1.5, -2 }, second[] = { -INFINITY };
	struct conformance_margins kinds[CONFORMANCE_SERIES] = { { "PUSCH", first, 3 },
		{ "PUCCH", second, 1 }, { "PRACH", NULL, 0 } };
	char *svg = NULL;
	size_t len;
	FILE *to = open_memstream(&svg, &len);

	assert_true(conformance_plot(kinds, to));
	fclose(to);
	check(svg);
	/* from -3 to 4 dB on axes from 60 to 420, the first of places 0 to 5 on those from 76 to 700 */
	assert_non_null(strstr(svg, "translate(200.8,111.4)"));
	assert_int_equal(
		count_of(svg, "translate(") - 1, 3 + 2); /* less the label's; and two of the legend */
	assert_non_null(strstr(svg, "h9m-4.5,0V"));      /* the arrow down */
	assert_null(strstr(svg, "PRACH"));
	assert_int_equal(count_of(svg, "stroke-width=\"2\""), 2); /* the legend's: points are of no curve */
	free(svg);
	kinds[0].n = kinds[1].n = 0;
	to = open_memstream(&svg, &len);
	assert_false(conformance_plot(kinds, to));
	fclose(to);
	free(svg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_coordinates),
		cmocka_unit_test(test_oddities),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_margins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
