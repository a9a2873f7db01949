/* Options and their ranges. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "air/link_arguments.h"
#include "radio/phy/channels/pdcch.h"

static const struct link_numbers defaults = { .scs = 30,
	.prbs = 106,
	.mcs = 9,
	.harq = 1,
	.delay_spread = -1,
	.speed = -1,
	.al = 4,
	.dci_bits = 39,
	.bg = 1,
	.rate = 0.5,
	.iterations = LDPC_ITERATIONS,
	.list = 8,
	.layers = 1,
	.antennas = 1,
	.format = 1,
	.blocks = 40000,
	.errors = 100,
	.floor = 1e-4,
	.seed = 1 };

static const struct number_option {
	const char *name;
	size_t at;
	double min, max;
	bool whole;
} number_options[] = {
#define NUMBER(name, field, min, max, whole) { name, offsetof(struct link_numbers, field), min, max, whole }
	NUMBER("--scs", scs, 15, 120, true),
	NUMBER("--prbs", prbs, 1, PHY_PRB_MAX, true),
	NUMBER("--mcs", mcs, 0, PHY_MCS_ROWS - 1, true),
	NUMBER("--overhead", overhead, 0, 18, true),
	NUMBER("--harq", harq, 1, BLOCKS_TRANSMISSIONS_MAX, true),
	NUMBER("--delay-spread", delay_spread, 0, 1e6, false),
	NUMBER("--speed", speed, 10, 1000, false),
	NUMBER("--doppler", doppler, 0, 1e6, false),
	NUMBER("--interferers", interferers, 0, 8, true),
	NUMBER("--sir", sir, -100, 100, false),
	NUMBER("--cfo", cfo, -1e6, 1e6, false),
	NUMBER("--timing", timing, -1024, 1024, true),
	NUMBER("--al", al, 1, PHY_AL_MAX, true),
	NUMBER("--dci-bits", dci_bits, PHY_DCI_BITS_MIN, PHY_DCI_BITS_MAX, true),
	NUMBER("--bg", bg, 1, 2, true),
	NUMBER("--k", k, 1, SEGMENT_K_MAX, true),
	NUMBER("--rate", rate, 0.01, 1, false),
	NUMBER("--iterations", iterations, 1, 1000, true),
	NUMBER("--list", list, 1, PHY_POLAR_LIST_MAX, true),
	NUMBER("--layers", layers, 1, PHY_UL_LAYERS_MAX, true),
	NUMBER("--antennas", antennas, 1, PHY_PUSCH_ANTENNAS_MAX, true),
	NUMBER("--format", format, 0, 4, true),
	NUMBER("--uci-bits", uci_bits, 1, PHY_UCI_BITS_MAX, true),
	NUMBER("--uci-prbs", uci_prbs, 1, PHY_PUCCH_PRBS_MAX, true),
	NUMBER("--blocks", blocks, 1, 1e12, true),
	NUMBER("--errors", errors, 1, 1e12, true),
	NUMBER("--floor", floor, 0, 1, false),
	NUMBER("--seed", seed, 0, 9e15, true),
};

struct name {
	const char *text;
	int value;
};

static const struct name kind_names[] = { { "pdsch", BLOCKS_PDSCH }, { "pusch", BLOCKS_PUSCH },
	{ "pucch", BLOCKS_PUCCH }, { "pdcch", BLOCKS_PDCCH }, { "pbch", BLOCKS_PBCH },
	{ "ldpc", BLOCKS_LDPC }, { "polar", BLOCKS_POLAR }, { NULL, 0 } };
static const struct name profile_names[] = { { "awgn", CHANNEL_AWGN }, { "tdl-a", CHANNEL_TDL_A },
	{ "tdl-b", CHANNEL_TDL_B }, { "tdl-c", CHANNEL_TDL_C }, { "tdl-d", CHANNEL_TDL_D },
	{ "tdl-e", CHANNEL_TDL_E }, { "tdla30", CHANNEL_TDLA30 }, { "tdlb100", CHANNEL_TDLB100 },
	{ "tdlc300", CHANNEL_TDLC300 }, { "cdl-a", CHANNEL_CDL_A }, { "cdl-b", CHANNEL_CDL_B },
	{ "cdl-c", CHANNEL_CDL_C }, { "cdl-d", CHANNEL_CDL_D }, { "cdl-e", CHANNEL_CDL_E },
	{ "train-open", CHANNEL_TRAIN_OPEN }, { "train-tunnel", CHANNEL_TRAIN_TUNNEL }, { NULL, 0 } };
static const struct name correlation_names[] = { { "low", CHANNEL_LOW }, { "medium", CHANNEL_MEDIUM },
	{ "medium-a", CHANNEL_MEDIUM_A }, { "high", CHANNEL_HIGH }, { NULL, 0 } };
static const struct name table_names[] = { { "64qam", PHY_MCS_64QAM }, { "256qam", PHY_MCS_256QAM },
	{ "64qam-low-se", PHY_MCS_64QAM_LOW_SE }, { "1024qam", PHY_MCS_1024QAM }, { NULL, 0 } };
static const struct name modulation_names[] = { { "bpsk", PHY_BPSK }, { "qpsk", PHY_QPSK },
	{ "16qam", PHY_16QAM }, { "64qam", PHY_64QAM }, { "256qam", PHY_256QAM }, { "1024qam", PHY_1024QAM },
	{ NULL, 0 } };
static const struct name mapping_names[] = { { "A", 0 }, { "B", 1 }, { NULL, 0 } };

static const struct named_option {
	const char *name;
	const struct name *names;
	const char *initial;
} named_options[LINK_NAMED] = {
	{ "--channel", kind_names, "pdsch" },
	{ "--profile", profile_names, "awgn" },
	{ "--correlation", correlation_names, "low" },
	{ "--mcs-table", table_names, "64qam" },
	{ "--modulation", modulation_names, "qpsk" },
	{ "--mapping", mapping_names, "A" },
};

static bool take_number(struct options *args, const struct number_option *o, struct link_numbers *n)
{
	const char *text = options_text(args, o->name);
	char *end, expected[80];
	double v;

	if (!text)
		return true;
	v = strtod(text, &end);
	if (end != text && *end == '/' && !o->whole) /* a rate such as 2/3 */
		v /= strtod(end + 1, &end);
	if (end != text && *end == '\0' && v >= o->min && v <= o->max && (!o->whole || v == floor(v))) {
		*(double *)((char *)n + o->at) = v;
		return true;
	}
	snprintf(expected, sizeof(expected), "a %s from %g to %g", o->whole ? "whole number" : "number",
		o->min, o->max);
	return options_refuse(args, o->name, expected, text);
}

static bool take_named(struct options *args, const struct named_option *o, int *value, const char **said)
{
	const char *text = options_text(args, o->name);
	char expected[160] = "";

	if (!text)
		text = o->initial;
	for (const struct name *n = o->names; n->text; n++) {
		size_t used = strlen(expected);

		if (!strcmp(n->text, text)) {
			*value = n->value;
			*said = n->text;
			return true;
		}
		snprintf(expected + used, sizeof(expected) - used, "%s%s", used ? ", " : "", n->text);
	}
	return options_refuse(args, o->name, expected, text);
}

/* count small numbers with a separator between them. */
static bool take_tuple(struct options *args, const char *name, char separator, const char *expected,
	unsigned *const *out, unsigned count)
{
	const char *text = options_text(args, name), *at = text;

	for (unsigned i = 0; text && i < count; i++) {
		char *end;
		unsigned long v = strtoul(at, &end, 10);

		if (*at < '0' || *at > '9' || v > 1000 || *end != (i + 1 < count ? separator : '\0'))
			return options_refuse(args, name, expected, text);
		*out[i] = (unsigned)v;
		at = end + 1;
	}
	return true;
}

static bool take_range(struct options *args, struct link_range *r)
{
	const char *text = options_text(args, "--snr");
	int used = 0;

	if (!text)
		return true;
	r->given = true;
	if (sscanf(text, "%lf:%lf:%lf%n", &r->from, &r->step, &r->to, &used) != 3) {
		r->step = 1;
		if (sscanf(text, "%lf%n", &r->from, &used) != 1)
			used = 0;
		r->to = r->from;
	}
	if (used == 0 || text[used] ||
		!(r->from >= -60 && r->to <= 60 && r->from <= r->to && r->step >= 0.001) ||
		(r->to - r->from) / r->step > LINK_POINTS_MAX - 1)
		return options_refuse(
			args, "--snr", "FROM:STEP:TO or one value, within -60 to 60 dB and 200 points", text);
	return true;
}

bool link_arguments_take(struct link_arguments *s, struct options *args)
{
	unsigned *const symbols[] = { &s->s, &s->l };
	unsigned *const dmrs[] = { &s->dmrs_type, &s->dmrs_additional, &s->dmrs_symbols };
	unsigned *const coreset[] = { &s->coreset_rb, &s->coreset_symbols };

	*s = (struct link_arguments){ .n = defaults,
		.l = 14,
		.dmrs_type = 1,
		.dmrs_additional = 1,
		.dmrs_symbols = 1,
		.coreset_rb = 48,
		.coreset_symbols = 2 };
	s->extended = options_flag(args, "--extended");
	s->samples = options_flag(args, "--samples");
	s->interleaved = options_flag(args, "--interleaved");
	s->transform_precoding = options_flag(args, "--transform-precoding");
	if (s->extended)
		s->l = 12;
	for (size_t i = 0; i < ARRAY_LEN(number_options); i++) {
		if (!take_number(args, &number_options[i], &s->n))
			return false;
	}
	for (size_t i = 0; i < LINK_NAMED; i++) {
		if (!take_named(args, &named_options[i], &s->named[i], &s->text[i]))
			return false;
	}
	if (!take_tuple(args, "--symbols", ':', "S:L", symbols, 2) ||
		!take_tuple(args, "--dmrs", '/', "TYPE/ADDITIONAL/SYMBOLS such as 1/1/1", dmrs, 3) ||
		!take_tuple(args, "--coreset", 'x', "RBxSYMBOLS such as 48x2", coreset, 2) ||
		!take_range(args, &s->range))
		return false;
	if (args->argc > 1)
		fprintf(stderr, "freehold link: unknown argument \"%s\" (see --help)\n", args->argv[1]);
	return args->argc == 1;
}
