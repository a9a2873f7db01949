/* freehold waveform --measure: a recording of a waveform, and what became of it. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "air/waveform_measure_plot.h"
#include "io/iq_file.h"
#include "ops/confinement.h"

/* How far into the recording the waveform may begin. */
static const double late_s = 0.02;

static const struct {
	const char *name, *key;
	double allowed; /* percent, 38.104 Table 6.5.2.2-1; 0 where it says nothing */
} signals[PHY_SIGNALS] = { [PHY_SIGNAL_SSB] = { "SS/PBCH block", "ssb", 0 },
	[PHY_SIGNAL_PDCCH] = { "PDCCH", "pdcch", 0 },
	[PHY_SIGNAL_DMRS] = { "DM-RS of PDSCH", "dmrs", 0 },
	[PHY_SIGNAL_QPSK] = { "PDSCH QPSK", "qpsk", 17.5 },
	[PHY_SIGNAL_16QAM] = { "PDSCH 16QAM", "16qam", 12.5 },
	[PHY_SIGNAL_64QAM] = { "PDSCH 64QAM", "64qam", 8 },
	[PHY_SIGNAL_256QAM] = { "PDSCH 256QAM", "256qam", 3.5 },
	[PHY_SIGNAL_1024QAM] = { "PDSCH 1024QAM", "1024qam", 2.5 },
	[PHY_SIGNAL_BALANCING] = { "PDSCH, balance", "balancing", 0 } };

struct measure {
	struct iq_file file;
	FILE *svg;
	struct phy_cf *samples;
	size_t count;
	uint64_t odd;
};

static double percent(const struct phy_evm *e)
{
	return 100 * sqrt(e->error / e->signal);
}

static double limit_of(const struct waveform_cell *c, unsigned signal)
{
	/* note 2 of that table */
	return signal == PHY_SIGNAL_1024QAM && c->dl_hz > UINT64_C(4200000000) ? 2.8
									       : signals[signal].allowed;
}

/* Of signals that were sent and have a limit, whether all hold theirs; *least is the lowest limit, 0 for
 * none. */
static bool allowed(const struct waveform_cell *c, const struct phy_measurement *m, double *least)
{
	bool held = true;

	*least = 0;
	for (unsigned i = 0; i < PHY_SIGNALS; i++) {
		double limit = limit_of(c, i);

		if (m->signal[i].re == 0 || limit <= 0)
			continue;
		*least = *least > 0 ? fmin(*least, limit) : limit;
		held = held && percent(&m->signal[i]) <= limit;
	}
	return held;
}

static double decibel(double power)
{
	return 10 * log10(fmax(power, 1e-30));
}

static void print_text(const struct waveform_cell *c, const struct phy_measurement *m)
{
	printf("measured         %u ms of a waveform that begins with sample %lld\n", m->subframes,
		(long long)m->start);
	printf("power            %.2f dBFS\n", decibel(m->power));
	printf("frequency error  %+.1f Hz (%+.4f ppm)\n", m->cfo_hz, m->cfo_hz / (double)c->dl_hz * 1e6);
	printf("occupied band    %.3f MHz of %u, from %+.3f to %+.3f MHz\n",
		(m->occupied_high_hz - m->occupied_low_hz) / 1e6, c->bandwidth_mhz, m->occupied_low_hz / 1e6,
		m->occupied_high_hz / 1e6);
	for (unsigned i = 0; i < PHY_SIGNALS; i++) {
		const struct phy_evm *e = &m->signal[i];

		if (e->re == 0)
			continue;
		printf("EVM              %-15s %8.3f %%, %6.1f dB, of %llu resource elements",
			signals[i].name, percent(e), decibel(e->error / e->signal),
			(unsigned long long)e->re);
		if (limit_of(c, i) > 0)
			printf("; allowed %.1f %%%s", limit_of(c, i),
				percent(e) > limit_of(c, i) ? ": EXCEEDED" : "");
		printf("\n");
	}
}

static void print_json(const struct waveform_cell *c, const struct phy_measurement *m)
{
	printf("{\"start\":%lld,\"subframes\":%u,\"power_dbfs\":%.3f,\"cfo_hz\":%.3f,\"cfo_ppm\":%.5f,"
	       "\"occupied_low_hz\":%.0f,\"occupied_high_hz\":%.0f,\"evm_percent\":{",
		(long long)m->start, m->subframes, decibel(m->power), m->cfo_hz,
		m->cfo_hz / (double)c->dl_hz * 1e6, m->occupied_low_hz, m->occupied_high_hz);
	for (unsigned i = 0, n = 0; i < PHY_SIGNALS; i++)
		if (m->signal[i].re > 0)
			printf("%s\"%s\":%.4f", n++ ? "," : "", signals[i].key, percent(&m->signal[i]));
	printf("}}\n");
}

static bool open_files(struct measure *s, const struct waveform_options *o)
{
	if (!iq_file_open(&s->file, o->file, o->int16 ? IQ_CI16 : IQ_CF32)) {
		fprintf(stderr, "freehold waveform: %s: %s\n", o->file,
			errno == ENOTSUP ? "not a regular file" : strerror(errno));
		return false;
	}
	s->svg = o->svg ? fopen(o->svg, "w") : NULL;
	if (o->svg && !s->svg)
		fprintf(stderr, "freehold waveform: %s: %m\n", o->svg);
	return !o->svg || s->svg;
}

static bool load(struct measure *s, const struct waveform_options *o, const struct waveform_cell *c)
{
	double most = (o->frames * 0.01 + late_s) * (double)c->rate_hz;

	s->count = (double)s->file.count < most ? (size_t)s->file.count : (size_t)most;
	s->samples = malloc((s->count + 1) * sizeof(*s->samples));
	if (!s->samples) {
		fprintf(stderr, "freehold waveform: out of memory for %zu samples\n", s->count);
		return false;
	}
	if (iq_file_read(&s->file, 0, s->count, &s->samples->re, &s->odd))
		return true;
	fprintf(stderr, "freehold waveform: reading: %s\n",
		errno ? strerror(errno) : "the file became shorter");
	return false;
}

static int measure(struct measure *s, const struct waveform_options *o, const struct waveform_cell *c)
{
	static struct phy_measurement m;
	enum phy_measure_error e;
	struct kern kern;
	double least;
	bool held;

	if (!load(s, o, c))
		return 2;
	kern_init(&kern, KERN_LEVELS - 1);
	e = phy_waveform_measure(&c->config, &kern, s->samples, s->count, &m);
	if (e != PHY_MEASURE_OK) {
		fprintf(stderr, "freehold waveform: %s\n", phy_measure_error_text(e));
		return e == PHY_MEASURE_ABSENT ? 1 : 2;
	}
	held = allowed(c, &m, &least);
	if (o->json)
		print_json(c, &m);
	else
		print_text(c, &m);
	if (s->svg && !waveform_measure_plot(c, &m, least, s->svg)) {
		fprintf(stderr, "freehold waveform: %s: cannot be written\n", o->svg);
		return 2;
	}
	return held ? 0 : 1;
}

int waveform_measure(const struct waveform_options *o, const struct waveform_cell *c)
{
	struct sandbox may = confinement(CONFINED_SCAN);
	struct measure s = { .file = { .fd = -1 } };
	struct sandbox_result result;
	int status = 2;

	if (open_files(&s, o)) {
		/* as in freehold scan: nothing else is needed for what strangers may have made */
		if (sandbox_enter(&may, &result))
			status = measure(&s, o, c);
		else
			fprintf(stderr, "freehold waveform: giving up privileges: %m\n");
	}
	if (s.svg && fclose(s.svg) != 0 && status < 2) {
		fprintf(stderr, "freehold waveform: %s: %m\n", o->svg);
		status = 2;
	}
	if (s.odd > 0)
		fprintf(stderr, "freehold waveform: %llu values were no finite numbers or too large\n",
			(unsigned long long)s.odd);
	iq_file_close(&s.file);
	free(s.samples);
	return status;
}
