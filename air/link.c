/* freehold link: block error rate and throughput of a channel over SNR. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "air/air.h"
#include "air/conformance.h"
#include "air/link.h"

static const char help[] =
	"freehold link [--channel pdsch] [--snr FROM:STEP:TO] [options]\n\n"
	"Sends blocks over a simulated radio channel and prints how many are lost and what comes through,\n"
	"with intervals of 95 %, beside the error rate that no code of this length can do much better than.\n"
	"SNR is that of a resource element (of a symbol of a bare code). Without --snr it begins where\n"
	"blocks begin to come. One option may have a list, such as --mcs 0,9,16: each item is a curve.\n\n"
	"  --channel      pdsch, pusch, pucch, pdcch, pbch, or the bare codes ldpc and polar\n"
	"  --profile      awgn, tdl-a to tdl-e, cdl-a to cdl-e (with --delay-spread NS, else 100), tdla30,\n"
	"                 tdlb100, tdlc300, train-open, train-tunnel (with --speed KMH, else 350)\n"
	"  --correlation  of several antennas, tdl: low, medium, medium-a, high\n"
	"  --doppler HZ, --cfo HZ, --timing SAMPLES\n"
	"  --interferers N  other cells with fading of their own, 0 to 8; --sir DB: the signal over all of "
	"them\n"
	"  --samples      through OFDM also where noise on resource elements is the same and faster\n"
	"  --harq N       transmissions of a block at most, 1 to 4 (pbch: bursts taken together)\n"
	"  --scs KHZ      15, 30, 60 (also --extended) or 120\n"
	"pdsch:  --prbs N  --symbols S:L  --mapping A|B  --dmrs TYPE/ADDITIONAL/SYMBOLS  --mcs N\n"
	"        --mcs-table 64qam|256qam|64qam-low-se|1024qam  --overhead 0|6|12|18\n"
	"pusch:  as pdsch, and  --layers N  --antennas N (that receive)\n"
	"        --transform-precoding; SNR is that of all layers together at an antenna\n"
	"pucch:  --format 0 to 4  --uci-bits N  --uci-prbs N (formats 2, 3)  --symbols S:L  --prbs N (of "
	"the\n"
	"        carrier, hopping from edge to edge)  --antennas N; what is not detected is lost\n"
	"pdcch:  --coreset RBxSYMBOLS  --al N  --dci-bits N  --interleaved\n"
	"ldpc:   --bg 1|2  --k BITS  --rate R  --modulation bpsk|qpsk|16qam|64qam|256qam|1024qam  "
	"--iterations N\n"
	"polar:  --k BITS (24 of CRC are added)  --rate R  --list N\n\n"
	"  --blocks N     at most at a point (40000)\n"
	"  --errors N     enough at a point (100)\n"
	"  --floor P      error rate that need not be measured (0.0001): ends where it surely is lower\n"
	"  --seed N       same seed, same result (1)\n"
	"  --csv FILE, --svg FILE\n"
	"  --quiet        no progress\n\n"
	"freehold link --conformance [--quick] [--only TEXT] [--blocks N] [--seed N] [--csv FILE] [--svg "
	"FILE]\n\n"
	"Measures what TS 38.104 clauses 8 and 11.2.2 require of a base station, and TS 38.101-4 clause 5 of "
	"a "
	"UE (\" UE \" in the\n"
	"text): the SNR at which a share of what is\n"
	"sent comes through, beside the requirement, and the margin; --svg draws the margins. --quick:\n"
	"whether a few of them are met by 1 dB; --only 8.2.1.2-1: those with this in their text; --blocks: "
	"slots at\n"
	"each SNR, of which as many are taken as show the share at all: the margin of few is rough. Status 1 "
	"if a requirement is\n"
	"missed.\n\n"
	"Exit status: 0, 1 when interrupted, 2 for what cannot be done.\n";

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	interrupted = signal;
}

enum { PROBE_BLOCKS = 10, PROBE_LEAD = 2, CLEAN_ENOUGH = 2 };

static const double share_enough = 0.95;

/* Where not all of a few blocks are lost any more, less a little; not below `from`. */
static double first_that_comes(struct link_curve *c, double from, double step, double to)
{
	double snr_db = from;

	for (; snr_db < to && !interrupted && blocks_point(c->blocks, snr_db); snr_db += step) {
		blocks_run(c->blocks, PROBE_BLOCKS);
		if (blocks_counts(c->blocks)->errors < blocks_counts(c->blocks)->blocks)
			break;
	}
	return fmax(from, snr_db - PROBE_LEAD * step);
}

/* Without a range: from where blocks begin to come, in steps that show the fall. */
static struct link_range range_of(struct link_curve *c)
{
	double high = link_bound_snr_db(c, 0.9), width = link_bound_snr_db(c, 1e-4) - high;
	struct link_range r = c->options.range;

	if (r.given)
		return r;
	r.step = !c->bounded ? 2 : width > 4 ? 0.5 : width > 1.5 ? 0.25 : 0.1;
	r.from = (floor(high / r.step) - (c->bounded ? 0 : 3)) * r.step;
	r.to = r.from + (c->bounded ? 15 : 40);
	r.from = first_that_comes(c, r.from, r.step, r.to);
	return r;
}

static unsigned points_of(const struct link_range *r)
{
	return (unsigned)floor((r->to - r->from) / r->step + 1e-6) + 1;
}

/*
 * About how many blocks the curve still needs, if the error rate falls to a sixteenth from point to point
 * until the floor, where it takes the most.
 */
static double blocks_left(const struct link_curve *c, const struct link_point *p, unsigned points)
{
	const struct blocks_stop *stop = &c->options.stop;
	double most = stop->floor > 0 ? fmin((double)stop->blocks, 4 / stop->floor) : (double)stop->blocks;
	double rate = ((double)p->count.errors + 0.5) / ((double)p->count.blocks + 0.5);
	double here = fmin(most, (double)stop->errors / rate), left = fmax(1, here - (double)p->count.blocks);

	for (unsigned i = c->points_n + 1; i < points && rate * most > 2; i++) {
		rate /= 16;
		left += fmin(most, (double)stop->errors / rate);
	}
	return left;
}

static void show(const struct link *l, const struct link_curve *c, const struct link_point *p,
	unsigned points, struct link_progress *progress)
{
	double left = blocks_left(c, p, points), curve = left;

	for (unsigned i = 0; i < c->points_n; i++)
		curve += (double)c->point[i].count.blocks;
	/* the curves to come are taken to be as this one */
	left += (double)(l->curves_n - 1 - (c - l->curve)) * curve;
	link_progress_show(progress, c->label, p, left);
}

static bool run_point(
	struct link *l, struct link_curve *c, struct link_progress *progress, double snr_db, unsigned points)
{
	struct link_point *p = &c->point[c->points_n];

	*p = (struct link_point){ .snr_db = snr_db, .bound = link_bound(c, snr_db) };
	if (!blocks_point(c->blocks, snr_db))
		return false;
	while (!interrupted && !blocks_enough(&p->count, &c->options.stop)) {
		blocks_run(c->blocks, 1);
		if (blocks_counts(c->blocks)->blocks == p->count.blocks)
			return false;
		p->count = *blocks_counts(c->blocks);
		show(l, c, p, points, progress);
	}
	p->result = blocks_result(&p->count);
	if (p->count.blocks > 0)
		c->points_n++;
	return true;
}

/* Whether points of more SNR show nothing new: the error rate is below the floor, or nearly so in a range of
 * our own. */
static bool ends(const struct link_curve *c, const struct link_point *p, unsigned clean)
{
	bool below = p->result.bler_95.high < c->options.stop.floor;

	if (c->options.range.given)
		return below && c->options.config.transmissions == 1;
	return (below || clean >= CLEAN_ENOUGH) &&
	       (c->options.config.transmissions == 1 || p->result.share > share_enough);
}

static bool run_curve(struct link *l, struct link_curve *c, struct link_progress *progress)
{
	struct link_range r;
	unsigned points, clean = 0; /* points in a row without an error */
	bool ended = false;

	link_print_head(c);
	r = range_of(c);
	points = points_of(&r);
	link_progress_clear(progress, 0);
	for (unsigned i = 0; i < points && !ended && !interrupted; i++) {
		struct link_point *p = &c->point[c->points_n];
		bool ok = run_point(l, c, progress, r.from + i * r.step, points);

		link_progress_clear(progress, p->count.blocks);
		if (!ok) {
			fprintf(stderr, "freehold link: out of memory\n");
			return false;
		}
		if (p->count.blocks == 0) /* interrupted before the first */
			break;
		link_print_point(c, p);
		clean = p->count.errors == 0 ? clean + 1 : 0;
		ended = ends(c, p, clean);
	}
	return true;
}

static int run(struct link *l)
{
	struct sigaction on_interrupt = { .sa_handler = interrupt, .sa_flags = SA_RESETHAND };
	struct link_progress progress;
	bool ok = true;

	sigaction(SIGINT, &on_interrupt, NULL);
	sigaction(SIGTERM, &on_interrupt, NULL);
	link_progress_begin(&progress, l->out.quiet);
	for (unsigned i = 0; ok && i < l->curves_n && !interrupted; i++)
		ok = run_curve(l, &l->curve[i], &progress);
	ok = ok && (!l->out.csv || link_write_csv(l)) && (!l->out.svg || link_write_svg(l));
	return !ok ? 2 : interrupted ? 1 : 0;
}

/* All that can be refused is refused before anything is run. */
static bool open_curve(struct link_curve *c)
{
	const struct blocks_config *config = &c->options.config;
	const char *why;

	c->blocks = blocks_new(config, &why);
	if (!c->blocks) {
		fprintf(stderr, "freehold link: %s%s%s: %s\n", link_kind_text(config->kind),
			c->label[0] ? ", " : "", c->label, why);
		return false;
	}
	c->full_rate = blocks_full_rate(config->kind, blocks_size(c->blocks));
	c->bounded = config->air.profile == CHANNEL_AWGN;
	return true;
}

int air_link(struct options *args)
{
	struct link *l;
	int status = 2;
	bool ok;

	if (options_help(args, help))
		return 0;
	if (options_flag(args, "--conformance"))
		return conformance_run(args, &interrupted);
	l = calloc(1, sizeof(*l));
	if (!l)
		return 2;
	ok = link_take_options(l, args);
	for (unsigned i = 0; ok && i < l->curves_n; i++)
		ok = open_curve(&l->curve[i]);
	if (ok && link_open_files(l))
		status = run(l);
	for (unsigned i = 0; i < l->curves_n; i++)
		blocks_free(l->curve[i].blocks);
	free(l);
	return status;
}
