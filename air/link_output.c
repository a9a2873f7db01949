/* What `freehold link` prints and writes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "air/link.h"
#include "io/file.h"
#include "air/plot.h"

enum { BOUND_POINTS = 61, CAPTION_COLUMNS = 125 };

static const char *const modulation_texts[PHY_MODULATIONS] = { "pi/2-BPSK", "BPSK", "QPSK", "16QAM", "64QAM",
	"256QAM", "1024QAM" };

void link_print_head(const struct link_curve *c)
{
	const struct blocks_size *s = blocks_size(c->blocks);
	enum blocks_kind kind = c->options.config.kind;

	printf("%s%s%s, %s: %u bits in %u symbols of %s, at most %.4g %s\n", link_kind_text(kind),
		c->label[0] ? ", " : "", c->label, c->options.text, s->bits, s->symbols,
		modulation_texts[s->modulation], c->full_rate, link_rate_unit(kind));
	printf("%7s %9s %7s %10s  %-21s %9s %5s %9s  %-17s %6s\n", "SNR dB", "blocks", "errors", "BLER",
		"95 % interval", "bound", "sent", kind <= BLOCKS_PUSCH ? "Mb/s" : "bit/sym", "95 % interval",
		"share");
	fflush(stdout);
}

void link_print_point(const struct link_curve *c, const struct link_point *p)
{
	const struct blocks_result *r = &p->result;
	char bler[48], rate[48], bound[16] = "-";

	snprintf(bler, sizeof(bler), "%.2e to %.2e", r->bler_95.low, r->bler_95.high);
	snprintf(rate, sizeof(rate), "%.4g to %.4g", r->share_95.low * c->full_rate,
		r->share_95.high * c->full_rate);
	if (isfinite(p->bound))
		snprintf(bound, sizeof(bound), "%.1e", p->bound < 1e-99 ? 0 : p->bound);
	printf("%7.2f %9llu %7llu %10.3e  %-21s %9s %5.2f %9.4g  %-17s %5.1f%%\n", p->snr_db,
		(unsigned long long)p->count.blocks, (unsigned long long)p->count.errors, r->bler, bler,
		bound, (double)p->count.sent / (double)p->count.blocks, r->share * c->full_rate, rate,
		100 * r->share);
	fflush(stdout);
}

static bool open_file(struct file_stream *f, const char *path)
{
	*f = FILE_STREAM_NONE;
	if (!path || file_stream_open(f, path))
		return true;
	fprintf(stderr, "freehold link: %s: %m\n", path);
	return false;
}

bool link_open_files(struct link *l)
{
	return open_file(&l->out.csv_file, l->out.csv) && open_file(&l->out.svg_file, l->out.svg);
}

static bool write_file(struct file_stream f, const char *path, char *text, size_t len)
{
	bool ok = text && file_stream_put(&f, bytes_of(text, len));

	if (!ok)
		fprintf(stderr, "freehold link: %s: %m\n", path);
	if (!file_stream_close(&f) && ok) {
		fprintf(stderr, "freehold link: %s: %m\n", path);
		ok = false;
	}
	free(text);
	return ok;
}

static void put_rows(const struct link_curve *c, FILE *to)
{
	for (unsigned i = 0; i < c->points_n; i++) {
		const struct link_point *p = &c->point[i];
		const struct blocks_result *r = &p->result;

		fprintf(to, "%s,\"%s\",\"%s\",%.6g,%llu,%llu,%llu,", link_kind_text(c->options.config.kind),
			c->label, c->options.text, p->snr_db, (unsigned long long)p->count.blocks,
			(unsigned long long)p->count.errors, (unsigned long long)p->count.sent);
		fprintf(to, "%.9g,%.9g,%.9g,", r->bler, r->bler_95.low, r->bler_95.high);
		if (isfinite(p->bound))
			fprintf(to, "%.9g", p->bound);
		fprintf(to, ",%.9g,%.9g,%.9g,%.9g,%s\n", r->share, r->share * c->full_rate,
			r->share_95.low * c->full_rate, r->share_95.high * c->full_rate,
			link_rate_unit(c->options.config.kind));
	}
}

bool link_write_csv(const struct link *l)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		return false;
	fprintf(to, "channel,curve,configuration,snr_db,blocks,errors,transmissions,bler,bler_low,bler_high,"
		    "bound,share,"
		    "rate,rate_low,rate_high,rate_unit\n");
	for (unsigned i = 0; i < l->curves_n; i++)
		put_rows(&l->curve[i], to);
	fclose(to);
	return write_file(l->out.csv_file, l->out.csv, text, len);
}

/* The points of all curves for the two panels, and the bounds. */
struct drawing {
	struct plot plot;
	struct plot_point bler[LINK_CURVES_MAX][LINK_POINTS_MAX], rate[LINK_CURVES_MAX][LINK_POINTS_MAX];
	struct plot_xy bound[LINK_CURVES_MAX][BOUND_POINTS];
	char title[LINK_TEXT], caption[2][LINK_TEXT], notes[LINK_TEXT], rate_label[64];
};

/* The range of SNR, and the most throughput. */
static void set_axes(struct plot *p, const struct link *l)
{
	double rate = 0, step;

	p->x_min = INFINITY, p->x_max = -INFINITY;
	for (unsigned i = 0; i < l->curves_n; i++) {
		const struct link_curve *c = &l->curve[i];

		if (c->bounded && !c->options.range.given && c->points_n > 0)
			p->x_min = fmin(p->x_min, link_bound_snr_db(c, 0.9));
		for (unsigned j = 0; j < c->points_n; j++) {
			p->x_min = fmin(p->x_min, c->point[j].snr_db);
			p->x_max = fmax(p->x_max, c->point[j].snr_db);
		}
		rate = fmax(rate, c->full_rate);
	}
	if (!(p->x_max - p->x_min >= 1)) { /* also without a point */
		double middle = isfinite(p->x_min) ? (p->x_min + p->x_max) / 2 : 0;

		p->x_min = middle - 0.5, p->x_max = middle + 0.5;
	}
	step = (p->x_max - p->x_min) * 0.02;
	p->x_min -= step, p->x_max += step;
	step = plot_step(rate, 5);
	p->panel[0].log = true;
	p->panel[0].y_min = 1e-4, p->panel[0].y_max = 1;
	p->panel[1].y_min = 0, p->panel[1].y_max = ceil(rate / step - 1e-9) * step;
}

static void set_curve(struct drawing *d, const struct link_curve *c, unsigned i)
{
	struct plot *p = &d->plot;
	double from, to;

	for (unsigned j = 0; j < c->points_n; j++) {
		const struct link_point *q = &c->point[j];
		const struct blocks_result *r = &q->result;

		d->bler[i][j] = (struct plot_point){ q->snr_db, r->bler, r->bler_95.low, r->bler_95.high,
			q->count.errors == 0 };
		d->rate[i][j] = (struct plot_point){ q->snr_db, r->share * c->full_rate,
			r->share_95.low * c->full_rate, r->share_95.high * c->full_rate, false };
	}
	p->panel[0].line[i] =
		(struct plot_line){ d->bler[i], c->points_n, d->bound[i], c->bounded ? BOUND_POINTS : 0 };
	p->panel[1].line[i] = (struct plot_line){ d->rate[i], c->points_n, NULL, 0 };
	p->series[i] = c->label[0] ? c->label : "simulated";
	if (!c->bounded)
		return;
	from = link_bound_snr_db(c, 0.999);
	to = link_bound_snr_db(c, 1e-6);
	if (from < p->x_max && to > p->x_min)
		p->dashed_label = "finite-length bound";
	for (unsigned j = 0; j < BOUND_POINTS; j++) {
		double x = from + (to - from) * j / (BOUND_POINTS - 1);

		d->bound[i][j] = (struct plot_xy){ x, link_bound(c, x) };
	}
}

/* The configuration in a line, or two if it is long, and the notes. */
static void set_caption(struct drawing *d, const char *text)
{
	const char *second = NULL;

	for (const char *at = text; strlen(text) > CAPTION_COLUMNS && at < text + CAPTION_COLUMNS; at++) {
		if (at[0] == ',' && at[1] == ' ')
			second = at + 2;
	}
	str_copy(d->caption[0], second ? (size_t)(second - text) : LINK_TEXT, text);
	d->plot.caption[0] = d->caption[0];
	if (second)
		str_copy(d->caption[1], LINK_TEXT, second);
	d->plot.caption[1] = second ? d->caption[1] : d->notes;
	d->plot.caption[2] = second ? d->notes : NULL;
}

static void draw(struct drawing *d, const struct link *l)
{
	const struct link_options *o = &l->curve[0].options;
	struct plot *p = &d->plot;

	snprintf(d->title, sizeof(d->title), "%s: block errors and throughput",
		link_kind_text(o->config.kind));
	snprintf(d->rate_label, sizeof(d->rate_label), "throughput (%s)", link_rate_unit(o->config.kind));
	snprintf(d->notes, sizeof(d->notes),
		"Bars are 95 %% intervals; an arrow hangs from the most that a rate without an error seen "
		"may be. Seed %llu.",
		(unsigned long long)o->config.seed);
	p->title = d->title;
	set_caption(d, o->text);
	p->x_label =
		o->config.kind >= BLOCKS_LDPC ? "SNR of a symbol (dB)" : "SNR of a resource element (dB)";
	p->series_n = l->curves_n;
	p->panels_n = 2;
	p->panel[0].y_label = "block error rate";
	p->panel[0].height = 330;
	p->panel[1].y_label = d->rate_label;
	p->panel[1].height = 150;
	set_axes(p, l);
	for (unsigned i = 0; i < l->curves_n; i++)
		set_curve(d, &l->curve[i], i);
}

bool link_write_svg(const struct link *l)
{
	struct drawing *d = calloc(1, sizeof(*d));
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	bool ok = d && to;

	if (ok) {
		draw(d, l);
		ok = plot_svg(&d->plot, to);
	}
	if (to)
		fclose(to);
	free(d);
	if (ok)
		return write_file(l->out.svg_file, l->out.svg, text, len);
	free(text);
	fprintf(stderr, "freehold link: cannot draw\n");
	return false;
}
