#include "sim/l1/curves.h"

#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "sim/l1/tables.h"

enum { WIDTHS_MAX = 8, ROWS_MAX = 32, PERMYRIAD = 10000 };

/* A curve: rows of the table that lie one behind the other. */
struct curve {
	uint16_t width;
	uint32_t first, n; /* n 0: there is none */
};

/* Widths of a row ascend. */
struct row {
	uint8_t widths;
	struct curve curve[WIDTHS_MAX];
};

struct l1_curves {
	struct row row[L1_CHANNELS][ROWS_MAX][L1_TRANSMISSIONS_MAX];
};

static void add(struct l1_curves *c, uint32_t at)
{
	struct row *r = &c->row[l1_curves_channel[at]][l1_curves_row[at]][l1_curves_transmissions[at] - 1];
	struct curve *last = r->widths > 0 ? &r->curve[r->widths - 1] : NULL;

	if (!last || last->width != l1_curves_width[at]) {
		last = &r->curve[r->widths++];
		*last = (struct curve){ (uint16_t)l1_curves_width[at], at, 0 };
	}
	last->n++;
}

struct l1_curves *l1_curves_new(void)
{
	struct l1_curves *c = calloc(1, sizeof(*c));

	for (uint32_t i = 0; c && i < l1_curves_points; i++)
		add(c, i);
	return c;
}

void l1_curves_free(struct l1_curves *c)
{
	free(c);
}

/* Between its points; below them all is lost, above them as much as at the last. */
static double on_curve(const struct curve *c, double cdb)
{
	const int32_t *snr = l1_curves_snr_cdb + c->first, *lost = l1_curves_lost + c->first;
	uint32_t i = 0;

	while (i < c->n && snr[i] < cdb)
		i++;
	if (i == c->n)
		return (double)lost[i - 1] / PERMYRIAD;
	if (i == 0)
		return snr[0] < cdb + 1 ? (double)lost[0] / PERMYRIAD : 1;
	return (lost[i - 1] + (lost[i] - lost[i - 1]) * (cdb - snr[i - 1]) / (snr[i] - snr[i - 1])) /
	       PERMYRIAD;
}

double l1_lost(const struct l1_curves *c, enum l1_channel channel, unsigned row, unsigned width,
	unsigned transmissions, double snr_db)
{
	unsigned n = transmissions < L1_TRANSMISSIONS_MAX ? transmissions : L1_TRANSMISSIONS_MAX, i = 0;
	const struct row *r;
	double below, above, share;

	row = row < ROWS_MAX ? row : ROWS_MAX - 1;
	while (row > 0 && c->row[channel][row][n - 1].widths == 0)
		row--;
	r = &c->row[channel][row][n - 1];
	if (r->widths == 0)
		return 1;
	while (i < r->widths && r->curve[i].width < width)
		i++;
	if (i == 0 || i == r->widths)
		return on_curve(&r->curve[i == 0 ? 0 : i - 1], snr_db * 100);
	below = on_curve(&r->curve[i - 1], snr_db * 100);
	above = on_curve(&r->curve[i], snr_db * 100);
	share = log((double)width / r->curve[i - 1].width) /
		log((double)r->curve[i].width / r->curve[i - 1].width);
	return below + (above - below) * share;
}
