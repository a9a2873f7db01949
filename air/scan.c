/* freehold scan: the cells in a recording of radio samples. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "air/air.h"
#include "air/scan_follow.h"
#include "air/scan_uplink.h"
#include "air/sib1_option.h"
#include "io/iq_file.h"
#include "ops/confinement.h"
#include "radio/phy/search/band.h"
#include "radio/phy/search/scan.h"

static const char help[] =
	"freehold scan --format cf32|ci16 --rate HZ [--freq HZ] [--scs KHZ] [--raster] [--sync SECONDS] "
	"[--json] "
	"FILE\n"
	"freehold scan --uplink --sib1 HEX|@FILE [--at SAMPLE] [--sfn N] --format ... --rate HZ [--json] "
	"FILE\n\n"
	"Finds every NR cell in recorded samples (I and Q in turn, little endian) and reads its MIB and "
	"SIB1. Nothing needs to\n"
	"be known but format and sample rate; the SS/PBCH block may lie anywhere in the band.\n\n"
	"  --format   cf32: float32, ci16: int16\n"
	"  --rate     samples a second\n"
	"  --freq     the recording's middle, Hz: tells absolute frequencies, and FR1 from FR2\n"
	"  --scs      look for SS/PBCH blocks of this spacing only: 15, 30, 120 or 240\n"
	"  --raster   look at the synchronisation raster only, which is quicker; needs --freq\n"
	"  --sync     60s: the strongest cell is then followed for so long: timing, frequency and SFN block "
	"by "
	"block,\n"
	"             SIB1 once a second; what changes is told\n"
	"  --json     one line of JSON a cell\n\n"
	"A frequency offset is within what is given beside it in 95 of 100 cases (cfo_error_hz); offsets by "
	"other\n"
	"guesses at the carrier that noise does not tell from it are listed (cfo_guesses_hz).\n\n"
	"Of each SS/PBCH block of a cell's bursts SS-RSRP, SS-RSRQ and SS-SINR are told (38.215 5.1), RSRP "
	"of a "
	"resource element\n"
	"against full scale.\n\n"
	"--uplink, given the cell's SIB1, finds random access preambles in a recording around the middle of "
	"the "
	"uplink carrier,\n"
	"in which a frame begins at --at (0), of the number --sfn (0); their delay is against that frame.\n\n"
	"Exit status: 0 when a cell or preamble was found (and with --sync not lost), 1 when there is none, "
	"2 "
	"for what cannot\n"
	"be done.\n";

enum { HEX_SIZE = 2 * PHY_SIB1_OCTETS_MAX + 1 };

/* A window of the recording that is looked at as a whole, and by how much the next one is further on. */
static const double window_s = 0.33, hop_s = 0.04, period_max_s = 0.16;

static const double samples_max = 400e6;

struct scan {
	struct iq_file file;
	double rate_hz, freq_hz, scs_khz;
	bool raster, json, uplink;
	uint8_t sib1_octets[PHY_SIB1_OCTETS_MAX];
	struct bytes sib1;
	double at, sfn; /* of the uplink */
	double sync_s;  /* for which a cell is followed */
	struct phy_cf *samples;
	struct phy_scan found;
	uint64_t odd;
	double gain_db; /* by which the window was brought to power one */
};

/* A number of seconds, with or without its unit. */
static bool take_sync(struct scan *s, struct options *args)
{
	const char *text = options_text(args, "--sync");
	char *end = NULL;

	if (!text)
		return true;
	s->sync_s = strtod(text, &end);
	if (end != text && (*end == '\0' || strcmp(end, "s") == 0) && s->sync_s > 0 && s->sync_s <= 86400)
		return true;
	return options_refuse(args, "--sync", "seconds, above 0 and up to 86400", text);
}

static bool take_options(struct scan *s, struct options *args)
{
	static const char *const formats[] = { "cf32", "ci16" };
	unsigned format = ARRAY_LEN(formats);

	s->json = options_flag(args, "--json");
	s->raster = options_flag(args, "--raster");
	s->uplink = options_flag(args, "--uplink");
	if (!take_sync(s, args) || !sib1_option(args, s->sib1_octets, &s->sib1) ||
		!options_number(args, "--at", 0, 1e15, &s->at) ||
		!options_number(args, "--sfn", 0, 1023, &s->sfn) ||
		!options_number(args, "--rate", 1, 1e9, &s->rate_hz) ||
		!options_number(args, "--freq", 0, 100e9, &s->freq_hz) ||
		!options_number(args, "--scs", 15, 240, &s->scs_khz))
		return false;
	if (!options_word(args, "--format", formats, ARRAY_LEN(formats), &format))
		return false;
	if (format == ARRAY_LEN(formats)) {
		fprintf(stderr, "freehold scan: --format is needed: cf32 or ci16\n");
		return false;
	}
	if (s->rate_hz <= 0) {
		fprintf(stderr, "freehold scan: --rate is needed: samples a second\n");
		return false;
	}
	if (s->scs_khz > 0 && s->scs_khz != 15 && s->scs_khz != 30 && s->scs_khz != 120 &&
		s->scs_khz != 240) {
		fprintf(stderr, "freehold scan: --scs: SS/PBCH blocks have 15, 30, 120 or 240 kHz\n");
		return false;
	}
	if (s->uplink != (s->sib1.len > 0)) {
		fprintf(stderr, "freehold scan: --uplink and --sib1 go together\n");
		return false;
	}
	if (s->uplink && s->sync_s > 0) {
		fprintf(stderr, "freehold scan: --sync follows a cell, not its uplink\n");
		return false;
	}
	if (s->raster && s->freq_hz <= 0) {
		fprintf(stderr, "freehold scan: --raster needs --freq\n");
		return false;
	}
	if (args->argc != 2 || args->argv[1][0] == '-') {
		fprintf(stderr, "freehold scan: expected one file, got %s (see --help)\n",
			args->argc < 2 ? "none" : args->argv[1]);
		return false;
	}
	if (!iq_file_open(&s->file, args->argv[1], (enum iq_format)format)) {
		if (errno == ENOTSUP)
			fprintf(stderr, "freehold scan: %s: not a regular file\n", args->argv[1]);
		else
			fprintf(stderr, "freehold scan: %s: %m\n", args->argv[1]);
		return false;
	}
	return true;
}

static void show_progress(void *arg, double done)
{
	fprintf(stderr, "\rsearching %3.0f %%", 100 * done);
}

/* Brings the window from first on to power one; false on errors, with a message. */
static bool load(struct scan *s, uint64_t first, size_t n)
{
	double power = 0, scale; /* beyond floats where there is hardly any signal */

	if (!iq_file_read(&s->file, first, n, &s->samples->re, &s->odd)) {
		fprintf(stderr, "freehold scan: reading: %s\n",
			errno ? strerror(errno) : "the file became shorter");
		return false;
	}
	for (size_t i = 0; i < n; i++)
		power += (double)s->samples[i].re * (double)s->samples[i].re +
			 (double)s->samples[i].im * (double)s->samples[i].im;
	scale = power > 0 ? 1 / sqrt(power / (double)n) : 1;
	s->gain_db = 20 * log10(scale);
	for (size_t i = 0; i < n; i++) {
		s->samples[i].re = (float)((double)s->samples[i].re * scale);
		s->samples[i].im = (float)((double)s->samples[i].im * scale);
	}
	return true;
}

/* Windows until one has cells. Exit status as in the help. */
static int search(struct scan *s)
{
	struct phy_scan_config config = { .centre_hz = s->freq_hz, .raster_only = s->raster };
	double window = window_s * s->rate_hz < samples_max ? window_s * s->rate_hz : samples_max;
	size_t n = (double)s->file.count < window ? (size_t)s->file.count : (size_t)window;
	/* SS/PBCH blocks come again after 160 ms at the latest (38.213 4.1) */
	double last = fmin(period_max_s * s->rate_hz, (double)s->file.count - 0.001 * s->rate_hz);
	struct kern kern;

	if (s->scs_khz > 0)
		config.spacings = s->scs_khz < 20 ? 1 : s->scs_khz < 60 ? 2 : s->scs_khz < 200 ? 8 : 16;
	if (isatty(STDERR_FILENO))
		config.progress = show_progress;
	kern_init(&kern, KERN_LEVELS - 1);
	s->samples = malloc((n + 1) * sizeof(*s->samples));
	if (!s->samples) {
		fprintf(stderr, "freehold scan: out of memory for %zu samples\n", n);
		return 2;
	}
	for (uint64_t first = 0; first == 0 || (double)first < last;
		first += (uint64_t)(hop_s * s->rate_hz) + 1) {
		size_t count = s->file.count - first < n ? (size_t)(s->file.count - first) : n;
		enum phy_scan_error error;

		if (!load(s, first, count))
			return 2;
		error = phy_scan_run(&kern, s->samples, count, s->rate_hz, &config, &s->found);
		if (config.progress)
			fprintf(stderr, "\r\033[K");
		if (error != PHY_SCAN_OK) {
			fprintf(stderr, "freehold scan: %s\n", phy_scan_error_text(error));
			return 2;
		}
		for (unsigned i = 0; i < s->found.count; i++)
			s->found.cell[i].cell.start += (double)first;
		if (s->found.count > 0)
			return 0;
	}
	return 1;
}

static const char *hex(char out[HEX_SIZE], const struct phy_sib1 *sib1)
{
	for (unsigned i = 0; i < sib1->octets; i++)
		snprintf(out + 2 * i, 3, "%02x", sib1->data[i]);
	return out;
}

/* subCarrierSpacingCommon in kHz. */
static unsigned common_khz(const struct phy_scan_cell *c)
{
	return (c->cell.l_max == 64 ? 60u : 15u) << c->mib.scs_common_high;
}

/* Offsets by guesses at the carrier that noise does not tell from the one that is given. */
static void print_others(const struct phy_scan_cell *c, bool json)
{
	if (json || c->carrier.others > 0)
		printf(json ? "\"cfo_guesses_hz\": [" : "  or, as the carrier is not known, an offset of");
	for (unsigned i = 0; i < c->carrier.others; i++)
		printf(json ? "%s%.1f" : "%s %+.0f", i ? "," : "", c->carrier.other_cfo_hz[i]);
	if (json || c->carrier.others > 0)
		printf(json ? "], " : " Hz\n");
}

/* RSRP is against full scale. */
static void print_blocks(const struct scan *s, const struct phy_ssb_strengths *b, bool json)
{
	const char *format =
		json ? "%s{\"index\": %u, \"rsrp_dbfs\": %.1f, \"rsrq_db\": %.1f, \"sinr_db\": %.1f, "
		       "\"count\": %u}"
		     : "%s  SSB %u: RSRP %.1f dBFS, RSRQ %.1f dB, SINR %.1f dB, of %u\n";

	if (json)
		printf("\"ssbs\": [");
	for (unsigned i = 0; i < b->count; i++)
		printf(format, json && i > 0 ? ", " : "", b->block[i].index,
			(double)b->block[i].rsrp_db - s->gain_db, (double)b->block[i].rsrq_db,
			(double)b->block[i].sinr_db, b->block[i].count);
	if (json)
		printf("], ");
}

static void print_json(const struct scan *s, const struct phy_scan_cell *c)
{
	char text[HEX_SIZE] = "";

	printf("{\"pci\": %u, \"ssb_index\": %u, \"cfo_hz\": %.1f, \"cfo_error_hz\": %.1f, \"snr_db\": %.1f, "
	       "\"sfn\": %u, ",
		c->cell.n_cell_id, c->cell.payload.ssb_index, c->carrier.cfo_hz, 2 * c->carrier.cfo_error_hz,
		(double)c->cell.snr_db, c->cell.payload.sfn);
	print_others(c, true);
	printf("\"half_frame\": %u, \"ssb_scs_khz\": %.0f, \"ssb_offset_hz\": %.0f, ",
		c->cell.payload.half_frame, c->cell.scs_hz / 1e3, c->carrier.nominal_hz);
	if (s->freq_hz > 0)
		printf("\"ssb_hz\": %.0f, ", s->freq_hz + c->carrier.nominal_hz);
	printf("\"ssb_sample\": %.1f, ", c->cell.start);
	print_blocks(s, &c->blocks, true);
	if (c->has_mib)
		printf("\"mib\": {\"systemFrameNumber\": %u, \"subCarrierSpacingCommon\": %u, "
		       "\"ssb-SubcarrierOffset\": %u, "
		       "\"k_ssb\": %u, \"dmrs-TypeA-Position\": \"pos%u\", \"controlResourceSetZero\": %u, "
		       "\"searchSpaceZero\": %u, \"cellBarred\": %s, \"intraFreqReselection\": %s, "
		       "\"spare\": %u}, ",
			c->mib.sfn >> 4, common_khz(c), c->mib.k_ssb & 15, c->mib.k_ssb,
			c->mib.dmrs_type_a_position, c->mib.coreset_zero, c->mib.search_space_zero,
			c->mib.cell_barred ? "true" : "false",
			c->mib.intra_freq_reselection ? "true" : "false", c->mib.spare);
	else
		printf("\"mib\": null, ");
	if (c->outcome == PHY_SIB1_READ)
		printf("\"sib1\": \"%s\"}\n", hex(text, &c->sib1));
	else
		printf("\"sib1\": null, \"sib1_error\": \"%s\"}\n", phy_sib1_outcome_text(c->outcome));
}

/* The bands whose downlink holds a frequency. */
static void print_bands(double hz)
{
	for (unsigned b = phy_band_holding((uint64_t)hz, 0); b > 0; b = phy_band_holding((uint64_t)hz, b))
		printf(" n%u", b);
}

static void print_text(const struct scan *s, const struct phy_scan_cell *c)
{
	char text[HEX_SIZE] = "";

	printf("cell %u: SSB %u, %.0f kHz, SNR %.1f dB, frequency offset %+.0f Hz +- %.0f, SFN %u%s\n",
		c->cell.n_cell_id, c->cell.payload.ssb_index, c->cell.scs_hz / 1e3, (double)c->cell.snr_db,
		c->carrier.cfo_hz, 2 * c->carrier.cfo_error_hz, c->cell.payload.sfn,
		c->cell.payload.half_frame ? ", second half" : "");
	print_others(c, false);
	printf("  SSB %+.3f MHz from the middle", c->carrier.nominal_hz / 1e6);
	if (s->freq_hz > 0) {
		printf(": %.3f MHz, GSCN %u,", (s->freq_hz + c->carrier.nominal_hz) / 1e6,
			phy_gscn_near(s->freq_hz + c->carrier.nominal_hz, c->cell.punctured));
		print_bands(s->freq_hz + c->carrier.nominal_hz);
	}
	printf("; its PSS at sample %.0f\n", c->cell.start);
	print_blocks(s, &c->blocks, false);
	if (!c->has_mib) {
		printf("  no MIB: a message class extension\n");
		return;
	}
	printf("  MIB: common spacing %u kHz, k_SSB %u, DM-RS type A pos%u, CORESET 0 %u, search space 0 %u, "
	       "%s, "
	       "reselection %s\n",
		common_khz(c), c->mib.k_ssb, c->mib.dmrs_type_a_position, c->mib.coreset_zero,
		c->mib.search_space_zero, c->mib.cell_barred ? "barred" : "not barred",
		c->mib.intra_freq_reselection ? "allowed" : "not allowed");
	if (c->sib1.coreset0.n_rb > 0)
		printf("  CORESET 0: %u RB, %u symbols, pattern %u\n", c->sib1.coreset0.n_rb,
			c->sib1.coreset0.n_symb, c->sib1.coreset0.pattern);
	if (c->outcome == PHY_SIB1_READ)
		printf("  SIB1 (SFN %u slot %u, AL %u, MCS %u, SNR %.1f dB): %s\n", c->sib1.sfn, c->sib1.slot,
			c->sib1.al, c->sib1.mcs, (double)c->sib1.snr_db, hex(text, &c->sib1));
	else
		printf("  no SIB1: %s\n", phy_sib1_outcome_text(c->outcome));
}

static int listen(struct scan *s)
{
	const struct scan_uplink u = { &s->file, s->rate_hz, s->sib1, s->at, (unsigned)s->sfn, s->json,
		&s->odd };

	return scan_uplink(&u);
}

static int follow(struct scan *s)
{
	const struct scan_follow f = { &s->file, &s->found.cell[0], s->rate_hz, s->sync_s,
		pow(10, s->gain_db / 20), s->json, &s->odd };

	return scan_follow(&f);
}

int air_scan(struct options *args)
{
	struct sandbox may = confinement(CONFINED_SCAN);
	static struct scan s;
	struct sandbox_result result;
	int status = 2;

	if (options_help(args, help))
		return 0;
	s.file.fd = -1;
	if (take_options(&s, args)) {
		/* the file is open; nothing else is needed to read what strangers may have made */
		if (sandbox_enter(&may, &result))
			status = s.uplink ? listen(&s) : search(&s);
		else
			fprintf(stderr, "freehold scan: giving up privileges: %m\n");
	}
	for (unsigned i = 0; status == 0 && i < s.found.count; i++) {
		if (s.json)
			print_json(&s, &s.found.cell[i]);
		else
			print_text(&s, &s.found.cell[i]);
	}
	if (status == 0 && s.sync_s > 0)
		status = follow(&s);
	else if (status == 1 && !s.json && !s.uplink)
		printf("no cell found\n");
	if (s.odd > 0)
		fprintf(stderr, "freehold scan: %llu values were no finite numbers or too large\n",
			(unsigned long long)s.odd);
	iq_file_close(&s.file);
	free(s.samples);
	return status;
}
