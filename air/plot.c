#include "air/plot.h"

#include <math.h>
#include <string.h>

#include "base/bytes.h"

enum {
	WIDTH = 900,
	LEFT = 76,
	RIGHT = 700,
	TOP = 60,
	GAP = 26,
	BOTTOM = 46,
	LINE = 17,
	X_TICKS = 12,
	Y_TICKS = 5
};

/* Told apart by people who see colours differently (Okabe and Ito 2008, without its yellow), and by shape. */
static const char *const colours[] = { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00",
	"#000000", "#7a5195" };

/* Around (0, 0). */
static const char *const markers[] = {
	"M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
	"M-3.6,-3.6h7.2v7.2h-7.2z",
	"M0,-4.8L4.6,3.4H-4.6z",
	"M0,-5L5,0L0,5L-5,0z",
	"M0,4.8L4.6,-3.4H-4.6z",
	"M-1.5,-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
};

struct frame {
	const struct plot *p;
	const struct plot_panel *panel;
	double top, bottom; /* pixels */
	FILE *to;
};

double plot_step(double range, unsigned most)
{
	double rough = range / most, power = pow(10, floor(log10(rough))), part = rough / power;

	return power * (part <= 1.0001 ? 1 : part <= 2.0001 ? 2 : part <= 5.0001 ? 5 : 10);
}

static void put_escaped(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			fputs("&amp;", to);
		else if (*text == '<')
			fputs("&lt;", to);
		else if (*text == '>')
			fputs("&gt;", to);
		else if ((unsigned char)*text >= ' ')
			fputc(*text, to);
	}
}

/* style: attributes. */
static void put_text(FILE *to, double x, double y, const char *style, const char *text)
{
	fprintf(to, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, style);
	put_escaped(to, text);
	fputs("</text>\n", to);
}

static double x_at(const struct frame *f, double x)
{
	return LEFT + (x - f->p->x_min) / (f->p->x_max - f->p->x_min) * (RIGHT - LEFT);
}

static double y_at(const struct frame *f, double y)
{
	double low = f->panel->y_min, high = f->panel->y_max;

	if (f->panel->log)
		y = log10(y), low = log10(low), high = log10(high);
	return f->bottom - (y - low) / (high - low) * (f->bottom - f->top);
}

/* Where it is drawn if it lies outside: at the edge. */
static double y_clamped(const struct frame *f, double y)
{
	if (!(y > f->panel->y_min)) /* also for a logarithm of 0 */
		return f->bottom;
	return y > f->panel->y_max ? f->top : y_at(f, y);
}

static bool inside(const struct frame *f, double x, double y)
{
	const double slack = 1e-9;

	return x >= f->p->x_min - slack && x <= f->p->x_max + slack && y >= f->panel->y_min * (1 - slack) &&
	       y <= f->panel->y_max * (1 + slack);
}

static void put_grid_line(const struct frame *f, bool upright, double at, const char *colour)
{
	if (upright)
		fprintf(f->to, "<path d=\"M%.1f,%.1fV%.1f\" stroke=\"%s\"/>\n", at, f->top, f->bottom,
			colour);
	else
		fprintf(f->to, "<path d=\"M%d,%.1fH%d\" stroke=\"%s\"/>\n", LEFT, at, RIGHT, colour);
}

static void put_y_tick(const struct frame *f, double y, int decade)
{
	char text[32];

	put_grid_line(f, false, y_at(f, y), "#d9d9d9");
	if (!f->panel->log) {
		snprintf(text, sizeof(text), "%.6g", y);
		put_text(f->to, LEFT - 8, y_at(f, y) + 4, "text-anchor=\"end\"", text);
	} else if (decade == 0) {
		put_text(f->to, LEFT - 8, y_at(f, y) + 4, "text-anchor=\"end\"", "1");
	} else {
		fprintf(f->to,
			"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">10<tspan dy=\"-5\" font-size=\"9\">"
			"\xe2\x88\x92%d</tspan></text>\n",
			LEFT - 8, y_at(f, y) + 4, -decade);
	}
}

static void put_y_axis(const struct frame *f)
{
	const struct plot_panel *a = f->panel;
	double step = plot_step(a->y_max - a->y_min, Y_TICKS);

	if (a->log) {
		for (int d = (int)lrint(log10(a->y_min)); d <= (int)lrint(log10(a->y_max)); d++) {
			for (unsigned m = 2; m < 10 && d < (int)lrint(log10(a->y_max)); m++)
				put_grid_line(f, false, y_at(f, m * pow(10, d)), "#f2f2f2");
			put_y_tick(f, pow(10, d), d);
		}
	} else {
		for (double y = ceil(a->y_min / step - 1e-9) * step; y <= a->y_max + step * 1e-9; y += step)
			put_y_tick(f, fabs(y) < step / 2 ? 0 : y, 0);
	}
	fprintf(f->to, "<text transform=\"translate(18,%.1f) rotate(-90)\" text-anchor=\"middle\">",
		(f->top + f->bottom) / 2);
	put_escaped(f->to, a->y_label);
	fputs("</text>\n", f->to);
}

/* The labels stand below the last panel only. */
static void put_x_axis(const struct frame *f, bool last)
{
	const struct plot *p = f->p;
	double step = plot_step(p->x_max - p->x_min, X_TICKS), first = ceil(p->x_min / step - 1e-9);
	char text[32];

	for (double i = first; i * step <= p->x_max + step * 1e-9; i++) {
		double at = x_at(f, i * step);

		put_grid_line(f, true, at, "#d9d9d9");
		snprintf(text, sizeof(text), "%s%.6g", i < 0 ? "\xe2\x88\x92" : "", fabs(i * step));
		if (last)
			put_text(f->to, at, f->bottom + 18, "text-anchor=\"middle\"", text);
	}
	if (last)
		put_text(f->to, (LEFT + RIGHT) / 2.0, f->bottom + 38, "text-anchor=\"middle\"", p->x_label);
	fprintf(f->to,
		"<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"none\" stroke=\"#888\"/>\n",
		LEFT, f->top, RIGHT - LEFT, f->bottom - f->top);
}

static void put_marker(FILE *to, double x, double y, unsigned series)
{
	/* a second round of colours is hollow */
	bool hollow = series >= ARRAY_LEN(colours);

	fprintf(to, "<path transform=\"translate(%.1f,%.1f)\" d=\"%s\" fill=\"%s\" stroke=\"%s\"/>\n", x, y,
		markers[series % ARRAY_LEN(markers)], hollow ? "#fff" : colours[series % ARRAY_LEN(colours)],
		colours[series % ARRAY_LEN(colours)]);
}

static void put_dashed(const struct frame *f, const struct plot_line *l, const char *colour)
{
	bool open = false;

	for (size_t i = 0; i < l->dashed_n; i++) {
		double x = l->dashed[i].x, y = l->dashed[i].y;

		/* what lies outside in y is cut off by the clip path; far below is far enough */
		if (!isfinite(x) || !isfinite(y) || x < f->p->x_min || x > f->p->x_max)
			continue;
		if (f->panel->log && !(y > f->panel->y_min * 1e-3))
			y = f->panel->y_min * 1e-3;
		fprintf(f->to, "%s%.1f,%.1f", open ? "L" : "<path d=\"M", x_at(f, x), y_at(f, y));
		open = true;
	}
	if (open)
		fprintf(f->to, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" opacity=\"0.8\"/>\n",
			colour, l->solid ? "1" : "1.5\" stroke-dasharray=\"6 4");
}

/* An arrow down from the highest that it may be. */
static void put_at_most(const struct frame *f, const struct plot_point *p, const char *colour)
{
	double x = x_at(f, p->x), y = y_clamped(f, p->high);
	double tip = y + 22 < f->bottom ? y + 22 : f->bottom;

	if (tip - y < 8)
		return;
	fprintf(f->to,
		"<path d=\"M%.1f,%.1fh9m-4.5,0V%.1fm-3.5,-5l3.5,5l3.5,-5\" fill=\"none\" stroke=\"%s\"/>\n",
		x - 4.5, y, tip, colour);
}

static void put_curve(const struct frame *f, const struct plot_line *l, const char *colour)
{
	bool open = false;

	for (size_t i = 0; i < l->points_n; i++) {
		const struct plot_point *p = &l->points[i];

		if (p->at_most || !inside(f, p->x, p->y))
			continue;
		fprintf(f->to, "%s%.1f,%.1f", open ? "L" : "<path d=\"M", x_at(f, p->x), y_at(f, p->y));
		open = true;
	}
	if (open)
		fprintf(f->to, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", colour);
}

static void put_line(const struct frame *f, const struct plot_line *l, unsigned series)
{
	const char *colour = colours[series % ARRAY_LEN(colours)];

	put_dashed(f, l, colour);
	if (!l->apart)
		put_curve(f, l, colour);
	for (size_t i = 0; i < l->points_n; i++) {
		const struct plot_point *p = &l->points[i];

		if (p->at_most && i > 0 && p[-1].at_most)
			continue; /* the first one has it */
		if (p->at_most && p->x >= f->p->x_min && p->x <= f->p->x_max) {
			put_at_most(f, p, colour);
		} else if (!p->at_most && inside(f, p->x, p->y)) {
			fprintf(f->to, "<path d=\"M%.1f,%.1fV%.1f\" stroke=\"%s\" stroke-width=\"1.2\"/>\n",
				x_at(f, p->x), y_clamped(f, p->low), y_clamped(f, p->high), colour);
			put_marker(f->to, x_at(f, p->x), y_at(f, p->y), series);
		}
	}
}

static void put_panel(const struct frame *f, unsigned index)
{
	put_x_axis(f, index + 1 == f->p->panels_n);
	put_y_axis(f);
	fprintf(f->to, "<g clip-path=\"url(#panel%u)\">\n", index);
	for (unsigned i = 0; i < f->p->series_n; i++)
		put_line(f, &f->panel->line[i], i);
	fputs("</g>\n", f->to);
}

static void put_legend(const struct plot *p, FILE *to)
{
	double y = TOP + 12;

	for (unsigned i = 0; i < p->series_n; i++, y += LINE + 3) {
		fprintf(to, "<path d=\"M%d,%.1fh26\" stroke=\"%s\" stroke-width=\"2\"/>\n", RIGHT + 16, y - 4,
			colours[i % ARRAY_LEN(colours)]);
		put_marker(to, RIGHT + 29, y - 4, i);
		put_text(to, RIGHT + 50, y, "", p->series[i]);
	}
	if (!p->dashed_label)
		return;
	fprintf(to, "<path d=\"M%d,%.1fh26\" stroke=\"%s\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\"/>\n",
		RIGHT + 16, y - 4, p->series_n == 1 ? colours[0] : "#555");
	put_text(to, RIGHT + 50, y, "", p->dashed_label);
}

static bool legal(const struct plot *p)
{
	bool ok = p->x_max > p->x_min && isfinite(p->x_max - p->x_min) && p->series_n <= PLOT_SERIES_MAX &&
		  p->panels_n >= 1 && p->panels_n <= PLOT_PANELS_MAX;

	for (unsigned i = 0; ok && i < p->panels_n; i++) {
		const struct plot_panel *a = &p->panel[i];

		ok = a->y_max > a->y_min && isfinite(a->y_max - a->y_min) && (!a->log || a->y_min > 0) &&
		     a->height > 0;
	}
	return ok;
}

static unsigned caption_lines(const struct plot *p)
{
	unsigned n = 0;

	while (n < PLOT_CAPTION_LINES && p->caption[n])
		n++;
	return n;
}

bool plot_svg(const struct plot *p, FILE *to)
{
	double bottom = TOP;

	if (!legal(p))
		return false;
	for (unsigned i = 0; i < p->panels_n; i++)
		bottom += p->panel[i].height + (i > 0 ? GAP : 0);
	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" "
		"height=\"%.0f\" "
		"font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"12\" "
		"fill=\"#222\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n<title>",
		WIDTH, bottom + BOTTOM + 10 + LINE * caption_lines(p), WIDTH,
		bottom + BOTTOM + 10 + LINE * caption_lines(p));
	put_escaped(to, p->title);
	fputs("</title>\n", to);
	put_text(to, LEFT, 34, "font-size=\"17\" font-weight=\"bold\"", p->title);
	for (unsigned i = 0, top = TOP; i < p->panels_n; i++, top += p->panel[i - 1].height + GAP) {
		struct frame f = { p, &p->panel[i], top, top + p->panel[i].height, to };

		fprintf(to,
			"<clipPath id=\"panel%u\"><rect x=\"%d\" y=\"%u\" width=\"%d\" "
			"height=\"%u\"/></clipPath>\n",
			i, LEFT - 6, top - 6, RIGHT - LEFT + 12, p->panel[i].height + 12);
		put_panel(&f, i);
	}
	put_legend(p, to);
	for (unsigned i = 0; i < caption_lines(p); i++)
		put_text(to, LEFT, bottom + BOTTOM + 12 + LINE * i, "font-size=\"11\" fill=\"#555\"",
			p->caption[i]);
	fputs("</svg>\n", to);
	return !ferror(to);
}
