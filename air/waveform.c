/* freehold waveform: IQ samples of a cell, for other receivers' cell search and SIB1 reading and our own. */
#include "air/waveform.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "air/air.h"
#include "air/sib1_option.h"
#include "base/text.h"
#include "radio/phy/search/band.h"

static const char help[] =
	"freehold waveform [options] FILE\n"
	"freehold waveform --measure [options] [--svg FILE] FILE\n\n"
	"Writes samples of a 5G cell: SS/PBCH blocks, SIB1 with its PDCCH, on request a PDSCH of random "
	"data. What is not given\n"
	"is chosen; without options it is a carrier of 20 MHz at 30 kHz in n78.\n\n"
	"  --band N              operating band (78)\n"
	"  --bandwidth MHZ       channel bandwidth (20, in FR2 100)\n"
	"  --scs KHZ             subcarrier spacing: 15, 30, 60 or 120\n"
	"  --arfcn N, --freq HZ  the carrier's middle (that of the band)\n"
	"  --gscn N              where the SS/PBCH block is (near the carrier's middle)\n"
	"  --ssb-scs KHZ         its spacing: 15, 30, 120 or 240\n"
	"  --ssb-index LIST      the blocks that are sent, as 0,2,4-7 (0)\n"
	"  --ssb-period MS       5, 10, 20, 40, 80 or 160 (20)\n"
	"  --pci N               physical cell identity (1)\n"
	"  --coreset0 N          controlResourceSetZero; --searchspace0 N: searchSpaceZero\n"
	"  --sib1 HEX|@FILE      BCCH-DL-SCH-Message to send, in hex or a file's octets (one of our own)\n"
	"  --plmn MCCMNC, --tac N  of our own SIB1 (00101, 1)\n"
	"  --no-sib1             no SIB1, and a MIB without CORESET 0 (the rule in bands without an uplink)\n"
	"  --test-pdsch MCS      random data in all other downlink slots; --mcs-table 64qam, 256qam, "
	"64qam-low-se or 1024qam\n"
	"  --test-model N        instead of all that: PDSCH as in test model 1.1, 1.2, 2, 2a, 2b, 3.1, "
	"3.1a, 3.1b, 3.2 or\n"
	"                        3.3 of 38.141-1 4.9.2.2, with its PDCCH and bits of PN23\n"
	"  --prach LIST          not the cell but its uplink, around the middle of that carrier: these "
	"preambles "
	"in each occasion\n"
	"                        of random access that SIB1 has\n"
	"  --reference-channel NAME  the uplink again: a fixed reference channel of 38.104 Annex A, as "
	"G-FR1-A3-22, in the lowest\n"
	"                        blocks of each slot, or with TDD of those of the uplink; spacing and "
	"bandwidth follow from it;\n"
	"                        FILE.0, FILE.1 and so on for several layers\n"
	"  --test-preamble NAME  the uplink again: a test preamble of 38.104 Annex A.6 at the beginning of "
	"each frame: 0, 1, A1 to\n"
	"                        A3, B4, C0, C2; 0-A, 0-B of restricted sets; A2-L, B4-L, C2-L longer\n"
	"  --antennas N          how many receive behind the channel, each to a file: FILE.0 to FILE.7\n"
	"  --sfn N               the first frame's number (0); --frames N: how many (4)\n"
	"  --rate HZ             samples a second: 2^a or 3 2^a times the spacing (the least that fits)\n"
	"  --format cf32|ci16    interleaved little-endian float, or int16 with full scale 32767 (cf32)\n"
	"  --no-phase-compensation  leave out what 38.211 5.4 has each symbol begin with\n"
	"  --snr DB, --cfo HZ, --delay SAMPLES, --profile tdl-a to tdl-e, tdla30, tdlb100, tdlc300, cdl-a to "
	"cdl-e, "
	"--delay-spread NS (100),\n"
	"  --doppler HZ (0)      what a channel does; the SNR is that of a resource element\n"
	"  --seed N              of data, noise and fading (1)\n"
	"  --json                one line of JSON instead of a summary\n\n"
	"A symbol that fills the carrier has -15 dBFS.\n\n"
	"--measure reads a recording of what the same options write, and tells its power, frequency error, "
	"occupied bandwidth\n"
	"(99% of the power) and error vector magnitude by signal, beside what 38.104 6.5.2.2 allows a base "
	"station; --frames is how\n"
	"many it reads, up to 20, and --svg draws spectrum and EVM. The waveform is looked for in the first "
	"20 ms and within a\n"
	"subcarrier spacing. Each subcarrier is equalised by itself, which forgives any filter. Exit status: "
	"0 when it was\n"
	"found and no EVM is above what is allowed, 1 when one is or nothing was found, 2 for what cannot be "
	"done.\n";

static bool take_uint(
	struct options *args, const char *name, uint64_t max, const char *expected, uint64_t *out)
{
	const char *text = options_text(args, name);

	return !text || text_uint(bytes_of_str(text), max, out) || options_refuse(args, name, expected, text);
}

static bool take_unsigned(
	struct options *args, const char *name, unsigned max, const char *expected, unsigned *out)
{
	uint64_t value = *out;
	bool ok = take_uint(args, name, max, expected, &value);

	*out = (unsigned)value;
	return ok;
}

static bool take_int(struct options *args, const char *name, int max, const char *expected, int *out)
{
	uint64_t value = UINT64_MAX;
	bool ok = take_uint(args, name, (uint64_t)max, expected, &value);

	if (value != UINT64_MAX)
		*out = (int)value;
	return ok;
}

/* Ranges and numbers below 64 with commas between. */
static bool index_list(const char *text, uint64_t *mask)
{
	*mask = 0;
	for (;;) {
		char *end;
		unsigned long from = strtoul(text, &end, 10), to = from;

		if (end == text || *text < '0' || *text > '9')
			return false;
		if (*end == '-') {
			text = end + 1;
			to = strtoul(text, &end, 10);
			if (end == text || *text < '0' || *text > '9')
				return false;
		}
		if (to > 63 || from > to)
			return false;
		for (unsigned long i = from; i <= to; i++)
			*mask |= UINT64_C(1) << i;
		if (*end == '\0')
			return true;
		if (*end != ',')
			return false;
		text = end + 1;
	}
}

static bool take_plmn(struct options *args, struct waveform_options *o)
{
	const char *text = options_text(args, "--plmn");
	size_t len = text ? strlen(text) : 0;

	if (!text)
		return true;
	if (len < 5 || len > 6 || strspn(text, "0123456789") != len)
		return options_refuse(args, "--plmn", "five or six digits", text);
	o->mnc_digits = (uint8_t)(len - 3);
	for (size_t i = 0; i < len; i++)
		*(i < 3 ? &o->mcc[i] : &o->mnc[i - 3]) = (uint8_t)(text[i] - '0');
	return true;
}

static bool take_cell(struct options *args, struct waveform_options *o)
{
	const char *list = options_text(args, "--ssb-index"), *preambles = options_text(args, "--prach");
	uint64_t tac = o->tac;
	bool ok;

	if (list && !index_list(list, &o->ssb_index))
		return options_refuse(args, "--ssb-index", "numbers below 64 such as 0,2,4-7", list);
	if (preambles && !index_list(preambles, &o->preambles))
		return options_refuse(args, "--prach", "preambles below 64 such as 0,2,4-7", preambles);
	ok = take_unsigned(args, "--band", 1024, "a band's number", &o->band) &&
	     take_unsigned(args, "--bandwidth", 400, "MHz", &o->bandwidth_mhz) &&
	     take_unsigned(args, "--scs", 120, "kHz: 15, 30, 60 or 120", &o->scs_khz) &&
	     take_unsigned(args, "--arfcn", 3279165, "an NR-ARFCN up to 3279165", &o->arfcn) &&
	     options_hz(args, "--freq", UINT64_C(100000000000), &o->freq_hz) &&
	     take_unsigned(args, "--gscn", 26639, "a GSCN up to 26639", &o->gscn) &&
	     take_unsigned(args, "--ssb-scs", 240, "kHz: 15, 30, 120 or 240", &o->ssb_scs_khz) &&
	     take_unsigned(args, "--ssb-period", 160, "5, 10, 20, 40, 80 or 160", &o->ssb_period_ms) &&
	     take_unsigned(args, "--pci", 1007, "0 to 1007", &o->pci) &&
	     take_int(args, "--coreset0", 15, "0 to 15", &o->coreset0) &&
	     take_int(args, "--searchspace0", 15, "0 to 15", &o->searchspace0) && take_plmn(args, o) &&
	     take_uint(args, "--tac", 0xffffff, "24 bits", &tac) &&
	     sib1_option(args, o->sib1_octets, &o->sib1);
	o->tac = (uint32_t)tac;
	o->no_sib1 = options_flag(args, "--no-sib1");
	/* our own SIB1 is of a cell to camp on, which needs an uplink: these bands carry secondary cells */
	if (phy_band_find(o->band) && phy_band_find(o->band)->duplex == PHY_DUPLEX_SDL && o->sib1.len == 0)
		o->no_sib1 = true;
	return ok;
}

static bool take_air(struct options *args, struct waveform_options *o)
{
	static const char *const profiles[] = { "awgn", "tdl-a", "tdl-b", "tdl-c", "tdl-d", "tdl-e", "tdla30",
		"tdlb100", "tdlc300", "cdl-a", "cdl-b", "cdl-c", "cdl-d", "cdl-e" };
	struct channel_config *a = &o->air;
	unsigned profile = CHANNEL_AWGN;
	bool ok;

	*a = (struct channel_config){ .snr_db = INFINITY };
	ok = options_number(args, "--snr", -100, 200, &a->snr_db) &&
	     options_number(args, "--cfo", -1e6, 1e6, &a->cfo_hz) &&
	     options_number(args, "--delay", 0, 60000, &a->delay_samples) &&
	     options_number(args, "--delay-spread", 0, 10000, &o->delay_spread_ns) &&
	     options_number(args, "--doppler", 0, 10000, &a->doppler_hz) &&
	     options_word(args, "--profile", profiles, ARRAY_LEN(profiles), &profile);
	a->profile = (enum channel_profile)profile;
	o->channel =
		profile != CHANNEL_AWGN || isfinite(a->snr_db) || a->cfo_hz != 0 || a->delay_samples != 0;
	return ok;
}

static bool take_uplink(struct options *args, struct waveform_options *o)
{
	const char *frc = options_text(args, "--reference-channel");

	o->test_preamble = options_text(args, "--test-preamble");
	o->frc = frc ? phy_frc_find(frc) : NULL;
	if (frc && !o->frc)
		return options_refuse(args, "--reference-channel",
			"one of 38.104 Annex A.1 to A.14 in FR1, as G-FR1-A3-8", frc);
	return take_unsigned(args, "--antennas", CHANNEL_ANTENNAS_MAX, "1 to 8", &o->antennas);
}

/* What cannot be asked for together. */
static bool goes_together(struct options *args, const struct waveform_options *o)
{
	unsigned instead = (o->model != PHY_TEST_MODEL_NONE) + (o->preambles != 0) + (o->frc != NULL) +
			   (o->test_preamble != NULL);

	if (instead > 1)
		return options_refuse(args, "--test-model, --prach, --reference-channel, --test-preamble",
			"one of them", "several");
	if (instead > 0 && o->preambles == 0 && (o->sib1.len > 0 || o->test_mcs >= 0))
		return options_refuse(args, "--test-model, --reference-channel, --test-preamble",
			"neither --sib1 nor --test-pdsch beside it", "one");
	if (o->preambles && (o->no_sib1 || o->measure))
		return options_refuse(args, "--prach", "a cell with SIB1, to be written", "another");
	if (o->measure && (o->frc || o->test_preamble || o->antennas > 0))
		return options_refuse(args, "--measure", "a cell or a test model, in one file", "another");
	if (o->antennas > 1 && !o->channel)
		return options_refuse(
			args, "--antennas", "a channel before them: --profile, --snr or the like", "none");
	return true;
}

static bool take_options(struct options *args, struct waveform_options *o)
{
	static const char *const tables[] = { "64qam", "256qam", "64qam-low-se", "1024qam" };
	static const char *const models[] = { "none", "1.1", "1.2", "2", "2a", "2b", "3.1", "3.1a", "3.1b",
		"3.2", "3.3" };
	static const char *const formats[] = { "cf32", "ci16" };
	unsigned table = 0, format = 0, model = PHY_TEST_MODEL_NONE;

	if (!take_cell(args, o) || !take_air(args, o) || !take_uplink(args, o) ||
		!take_int(args, "--test-pdsch", 28, "an MCS, 0 to 28", &o->test_mcs) ||
		!options_word(args, "--mcs-table", tables, ARRAY_LEN(tables), &table) ||
		!options_word(args, "--test-model", models, ARRAY_LEN(models), &model) ||
		!options_word(args, "--format", formats, ARRAY_LEN(formats), &format) ||
		!take_unsigned(args, "--sfn", 1023, "0 to 1023", &o->sfn) ||
		!take_unsigned(args, "--frames", 100000, "1 to 100000", &o->frames) ||
		!options_hz(args, "--rate", UINT64_C(1000000000), &o->rate_hz) ||
		!take_uint(args, "--seed", UINT64_MAX, "a number", &o->seed))
		return false;
	o->mcs_table = (enum phy_mcs_table)table;
	o->model = (enum phy_test_model)model;
	o->measure = options_flag(args, "--measure");
	if (!goes_together(args, o))
		return false;
	o->no_sib1 = o->no_sib1 || o->model != PHY_TEST_MODEL_NONE || o->frc || o->test_preamble;
	o->int16 = format == 1;
	o->svg = options_text(args, "--svg");
	o->no_phase = options_flag(args, "--no-phase-compensation");
	o->json = options_flag(args, "--json");
	if (o->frames == 0)
		return options_refuse(args, "--frames", "1 to 100000", "0");
	if (args->argc != 2 || args->argv[1][0] == '-') {
		fprintf(stderr,
			args->argc < 2 ? "freehold waveform: name a file (see --help)\n"
				       : "freehold waveform: unknown argument \"%s\" (see --help)\n",
			args->argv[args->argc > 2 && args->argv[1][0] != '-' ? 2 : 1]);
		return false;
	}
	o->file = args->argv[1];
	return true;
}

int air_waveform(struct options *args)
{
	static struct waveform_options o = { .band = 78,
		.pci = 1,
		.ssb_period_ms = 20,
		.frames = 4,
		.ssb_index = 1,
		.coreset0 = -1,
		.searchspace0 = -1,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tac = 1,
		.test_mcs = -1,
		.seed = 1,
		.delay_spread_ns = 100 };
	static struct waveform_cell cell;
	struct waveform_written written;

	if (options_help(args, help))
		return 0;
	if (!take_options(args, &o) || !waveform_choose(&o, &cell))
		return 2;
	if (o.measure)
		return waveform_measure(&o, &cell);
	if (!waveform_write(&o, &cell, &written))
		return 1;
	waveform_report(&o, &cell, &written);
	return 0;
}
