#include "air/waveform_measure_plot.h"

#include <math.h>
#include <stdlib.h>

#include "air/plot.h"

enum { HEIGHT = 260, POINTS = 1024, EACH = PHY_MEASURE_BINS / POINTS, DEPTH_DB = 90, MARGIN_DB = 5 };
enum { SPECTRUM, EVM, OCCUPIED, ALLOWED, SERIES };

struct curves {
	struct plot_xy spectrum[POINTS], evm[PHY_PRB_MAX * PHY_SC_PER_PRB], occupied[4], allowed[2];
	size_t evm_n;
};

/* dB of the power in 1 MHz, that of a full-scale sine being 0; returns the highest. */
static double make_spectrum(struct curves *s, const struct waveform_cell *c, const struct phy_measurement *m)
{
	double point_hz = (double)c->rate_hz / POINTS, highest = -INFINITY;

	for (unsigned i = 0; i < POINTS; i++) {
		double power = 0;

		for (unsigned j = 0; j < EACH; j++)
			power += m->spectrum[i * EACH + j];
		s->spectrum[i] = (struct plot_xy){ ((double)i + 0.5 - POINTS / 2.0) * point_hz / 1e6,
			10 * log10(fmax(power * 1e6 / point_hz, 1e-30)) };
		highest = fmax(highest, s->spectrum[i].y);
	}
	return highest;
}

/* Percent; returns the highest of those below 100. */
static double make_evm(struct curves *s, const struct waveform_cell *c, const struct phy_measurement *m)
{
	double highest = 0;

	for (unsigned k = 0; k < c->config.prbs * PHY_SC_PER_PRB; k++) {
		const struct phy_evm *e = &m->subcarrier[k];
		double evm = e->signal > 0 ? 100 * sqrt(e->error / e->signal) : NAN;

		if (!isfinite(evm))
			continue;
		s->evm[s->evm_n++] = (struct plot_xy){ (k - c->config.prbs * 6.0) * c->scs_khz / 1e3, evm };
		if (evm < 100)
			highest = fmax(highest, evm);
	}
	return highest;
}

bool waveform_measure_plot(
	const struct waveform_cell *c, const struct phy_measurement *m, double allowed, FILE *to)
{
	struct curves *s = calloc(1, sizeof(*s));
	struct plot p = { .title = "Waveform, measured",
		.caption = { "Power in 1 MHz beside a full-scale sine, and the error vector magnitude of "
			     "each subcarrier." },
		.x_label = "MHz from the carrier's middle",
		.x_min = (double)c->rate_hz / -2e6,
		.x_max = (double)c->rate_hz / 2e6,
		.series_n = allowed > 0 ? SERIES : SERIES - 1,
		.series = { "power", "EVM", "99% of the power", "EVM allowed" },
		.panels_n = 2,
		.panel = { { .y_label = "dBFS / MHz", .height = HEIGHT },
			{ .y_label = "EVM, %", .height = HEIGHT } } };
	double x[2] = { m->occupied_low_hz / 1e6, m->occupied_high_hz / 1e6 };
	bool ok = s;

	if (!s)
		return false;
	p.panel[0].y_max = ceil(make_spectrum(s, c, m) + MARGIN_DB);
	p.panel[0].y_min = p.panel[0].y_max - DEPTH_DB;
	p.panel[1].y_max = fmax(1.2 * fmax(make_evm(s, c, m), allowed), 0.01);
	for (unsigned i = 0; i < 4; i++) /* up, along, and down */
		s->occupied[i] = (struct plot_xy){ x[i / 2],
			i % 3 ? p.panel[0].y_max - MARGIN_DB / 2.0 : p.panel[0].y_min };
	s->allowed[0] = (struct plot_xy){ p.x_min, allowed };
	s->allowed[1] = (struct plot_xy){ p.x_max, allowed };
	p.panel[0].line[SPECTRUM] =
		(struct plot_line){ .dashed = s->spectrum, .dashed_n = POINTS, .solid = true };
	p.panel[0].line[OCCUPIED] = (struct plot_line){ .dashed = s->occupied, .dashed_n = 4 };
	p.panel[1].line[EVM] = (struct plot_line){ .dashed = s->evm, .dashed_n = s->evm_n, .solid = true };
	p.panel[1].line[ALLOWED] = (struct plot_line){ .dashed = s->allowed, .dashed_n = 2 };
	ok = plot_svg(&p, to);
	free(s);
	return ok;
}
