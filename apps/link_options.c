/* The arguments of `freehold link`. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/link.h"
#include "radio/phy/pdcch.h"

enum { ARGS_MAX = 64 };

/* As they are written. */
struct numbers {
	double scs, prbs, mcs, harq, delay_spread, doppler, cfo, timing, al, dci_bits, bg, k, rate,
		iterations, list;
	double blocks, errors, floor, seed, overhead;
};

static const struct numbers defaults = { .scs = 30,
	.prbs = 106,
	.mcs = 9,
	.harq = 1,
	.al = 4,
	.dci_bits = 39,
	.bg = 1,
	.rate = 0.5,
	.iterations = LDPC_ITERATIONS,
	.list = 8,
	.blocks = 10000,
	.errors = 100,
	.floor = 1e-3,
	.seed = 1 };

static const struct number_option {
	const char *name;
	size_t at;
	double min, max;
	bool whole;
} number_options[] = {
#define NUMBER(name, field, min, max, whole)                                                                 \
	{                                                                                                    \
		name, offsetof(struct numbers, field), min, max, whole                                       \
	}
	NUMBER("--scs", scs, 15, 120, true),
	NUMBER("--prbs", prbs, 1, PHY_PRB_MAX, true),
	NUMBER("--mcs", mcs, 0, PHY_MCS_ROWS - 1, true),
	NUMBER("--overhead", overhead, 0, 18, true),
	NUMBER("--harq", harq, 1, BLOCKS_TRANSMISSIONS_MAX, true),
	NUMBER("--delay-spread", delay_spread, 0, 1e6, false),
	NUMBER("--doppler", doppler, 0, 1e6, false),
	NUMBER("--cfo", cfo, -1e6, 1e6, false),
	NUMBER("--timing", timing, -1024, 1024, true),
	NUMBER("--al", al, 1, PHY_AL_MAX, true),
	NUMBER("--dci-bits", dci_bits, PHY_DCI_BITS_MIN, PHY_DCI_BITS_MAX, true),
	NUMBER("--bg", bg, 1, 2, true),
	NUMBER("--k", k, 1, SEGMENT_K_MAX, true),
	NUMBER("--rate", rate, 0.01, 1, false),
	NUMBER("--iterations", iterations, 1, 1000, true),
	NUMBER("--list", list, 1, PHY_POLAR_LIST_MAX, true),
	NUMBER("--blocks", blocks, 1, 1e12, true),
	NUMBER("--errors", errors, 1, 1e12, true),
	NUMBER("--floor", floor, 0, 1, false),
	NUMBER("--seed", seed, 0, 9e15, true),
};

struct name {
	const char *text;
	int value;
};

static const struct name kind_names[] = { { "pdsch", BLOCKS_PDSCH }, { "pdcch", BLOCKS_PDCCH },
	{ "pbch", BLOCKS_PBCH }, { "ldpc", BLOCKS_LDPC }, { "polar", BLOCKS_POLAR }, { NULL, 0 } };
static const struct name profile_names[] = { { "awgn", CHANNEL_AWGN }, { "tdl-a", CHANNEL_TDL_A },
	{ "tdl-b", CHANNEL_TDL_B }, { "tdl-c", CHANNEL_TDL_C }, { "tdl-d", CHANNEL_TDL_D },
	{ "tdl-e", CHANNEL_TDL_E }, { "tdla30", CHANNEL_TDLA30 }, { "tdlb100", CHANNEL_TDLB100 },
	{ "tdlc300", CHANNEL_TDLC300 }, { NULL, 0 } };
static const struct name table_names[] = { { "64qam", PHY_MCS_64QAM }, { "256qam", PHY_MCS_256QAM },
	{ "64qam-low-se", PHY_MCS_64QAM_LOW_SE }, { NULL, 0 } };
static const struct name modulation_names[] = { { "bpsk", PHY_BPSK }, { "qpsk", PHY_QPSK },
	{ "16qam", PHY_16QAM }, { "64qam", PHY_64QAM }, { "256qam", PHY_256QAM }, { NULL, 0 } };
static const struct name mapping_names[] = { { "A", 0 }, { "B", 1 }, { NULL, 0 } };

static const struct named_option {
	const char *name;
	const struct name *names;
	int initial;
} named_options[] = {
	{ "--channel", kind_names, BLOCKS_PDSCH },
	{ "--profile", profile_names, CHANNEL_AWGN },
	{ "--mcs-table", table_names, PHY_MCS_64QAM },
	{ "--modulation", modulation_names, PHY_QPSK },
	{ "--mapping", mapping_names, 0 },
};

enum named { CHANNEL, PROFILE, MCS_TABLE, MODULATION, MAPPING, NAMED };

/* What an argument list says, before it becomes a configuration. */
struct said {
	struct numbers n;
	int named[NAMED];
	unsigned s, l, dmrs_type, dmrs_additional, dmrs_symbols, coreset_rb, coreset_symbols;
	bool extended, samples, interleaved;
	struct link_range range;
};

static bool refuse(const char *name, const char *expected, const char *got)
{
	fprintf(stderr, "freehold link: %s: expected %s, got \"%s\"\n", name, expected, got);
	return false;
}

static bool take_number(struct app_args *args, const struct number_option *o, struct numbers *n)
{
	const char *text = app_option(args, o->name);
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
	return refuse(o->name, expected, text);
}

static bool take_named(struct app_args *args, const struct named_option *o, int *value)
{
	const char *text = app_option(args, o->name);
	char expected[160] = "";

	*value = o->initial;
	if (!text)
		return true;
	for (const struct name *n = o->names; n->text; n++) {
		size_t used = strlen(expected);

		if (!strcmp(n->text, text)) {
			*value = n->value;
			return true;
		}
		snprintf(expected + used, sizeof(expected) - used, "%s%s", used ? ", " : "", n->text);
	}
	return refuse(o->name, expected, text);
}

/* count small numbers with a separator between them. */
static bool take_tuple(struct app_args *args, const char *name, char separator, const char *expected,
	unsigned *const *out, unsigned count)
{
	const char *text = app_option(args, name), *at = text;

	for (unsigned i = 0; text && i < count; i++) {
		char *end;
		unsigned long v = strtoul(at, &end, 10);

		if (*at < '0' || *at > '9' || v > 1000 || *end != (i + 1 < count ? separator : '\0'))
			return refuse(name, expected, text);
		*out[i] = (unsigned)v;
		at = end + 1;
	}
	return true;
}

static bool take_range(struct app_args *args, struct link_range *r)
{
	const char *text = app_option(args, "--snr");
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
		return refuse("--snr", "FROM:STEP:TO or one value, within -60 to 60 dB and 200 points", text);
	return true;
}

static bool take_said(struct said *s, struct app_args *args)
{
	unsigned *const symbols[] = { &s->s, &s->l };
	unsigned *const dmrs[] = { &s->dmrs_type, &s->dmrs_additional, &s->dmrs_symbols };
	unsigned *const coreset[] = { &s->coreset_rb, &s->coreset_symbols };

	*s = (struct said){ .n = defaults,
		.l = 14,
		.dmrs_type = 1,
		.dmrs_additional = 1,
		.dmrs_symbols = 1,
		.coreset_rb = 48,
		.coreset_symbols = 2 };
	s->extended = app_flag(args, "--extended");
	s->samples = app_flag(args, "--samples");
	s->interleaved = app_flag(args, "--interleaved");
	if (s->extended)
		s->l = 12;
	for (size_t i = 0; i < ARRAY_LEN(number_options); i++) {
		if (!take_number(args, &number_options[i], &s->n))
			return false;
	}
	for (size_t i = 0; i < NAMED; i++) {
		if (!take_named(args, &named_options[i], &s->named[i]))
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

static bool mu_of(const struct said *s, uint8_t *mu)
{
	for (*mu = 0; *mu < 4; ++*mu) {
		if (s->n.scs == 15u << *mu)
			return true;
	}
	fprintf(stderr, "freehold link: --scs: expected 15, 30, 60 or 120\n");
	return false;
}

static bool pdsch_of(const struct said *s, uint8_t mu, struct phy_pdsch_config *c)
{
	if (s->dmrs_type < 1 || s->dmrs_type > 2 || s->dmrs_symbols < 1 || s->dmrs_symbols > 2 ||
		s->dmrs_additional > 3 || s->s > 13 || s->l > 14) {
		fprintf(stderr, "freehold link: --dmrs has type 1 or 2, 0 to 3 additional positions and 1 or "
				"2 symbols; "
				"--symbols lie within a slot\n");
		return false;
	}
	*c = (struct phy_pdsch_config){ .mu = mu,
		.extended = s->extended,
		.bwp_prbs = (uint16_t)s->n.prbs,
		.time = { s->named[MAPPING] == 1, 0, (uint8_t)s->s, (uint8_t)s->l },
		.dmrs = { .type2 = s->dmrs_type == 2,
			.double_symbol = s->dmrs_symbols == 2,
			.additional = (uint8_t)s->dmrs_additional,
			.type_a_position = 2,
			.groups_without_data = s->dmrs_type == 2 ? 3 : 2,
			.n_id = { 1, 1 } },
		.rnti = 0x4601,
		.n_id = 1,
		.mcs_table = (enum phy_mcs_table)s->named[MCS_TABLE],
		.mcs = (uint8_t)s->n.mcs,
		.overhead = (uint8_t)s->n.overhead };
	c->prbs.n = c->bwp_prbs;
	for (unsigned i = 0; i < c->prbs.n; i++)
		c->prbs.at[i] = (uint16_t)i;
	return true;
}

static struct blocks_code code_of(const struct said *s)
{
	static const uint8_t q_m[PHY_MODULATIONS] = { 1, 1, 2, 4, 6, 8 };
	bool polar = s->named[CHANNEL] == BLOCKS_POLAR;
	struct blocks_code c = { .bg = (enum ldpc_bg)s->n.bg,
		.modulation = (enum phy_modulation)s->named[MODULATION],
		.k = (uint16_t)s->n.k,
		.iterations = (uint16_t)s->n.iterations,
		.list = (uint8_t)s->n.list };
	unsigned bits = q_m[c.modulation];

	if (c.k == 0)
		c.k = polar ? 40 : c.bg == LDPC_BG1 ? 8448 : 3840;
	c.e = (uint32_t)ceil(c.k / s->n.rate / bits - 1e-9) * bits;
	return c;
}

/* "a, b, " and so on; what has the name that differs is left out. */
static void describe(struct link_options *o, const struct said *s, const char *varied)
{
	const struct blocks_config *c = &o->config;
	char *out = o->text;
	size_t used = 0;

#define SAY(name, when, ...)                                                                                 \
	do {                                                                                                 \
		if ((when) && used < LINK_TEXT && (!varied || strcmp(varied, name)))                         \
			used += (size_t)snprintf(out + used, LINK_TEXT - used, "%s", used ? ", " : ""),      \
				used += used < LINK_TEXT ? (size_t)snprintf(out + used, LINK_TEXT - used,    \
								   __VA_ARGS__)                              \
							 : 0;                                                \
	} while (0)
	SAY("--prbs", c->kind == BLOCKS_PDSCH, "%u PRB", c->pdsch.bwp_prbs);
	SAY("--coreset", c->kind == BLOCKS_PDCCH, "CORESET of %u RB x %u symbols%s", c->pdcch.n_rb,
		c->pdcch.n_symb, c->pdcch.interleaved ? ", interleaved" : "");
	SAY("--al", c->kind == BLOCKS_PDCCH, "AL %u", c->pdcch.al);
	SAY("--dci-bits", c->kind == BLOCKS_PDCCH, "DCI of %u bits", c->pdcch.dci_bits);
	SAY("--scs", c->kind <= BLOCKS_PBCH, "%.0f kHz", s->n.scs);
	SAY("--mcs", c->kind == BLOCKS_PDSCH, "MCS %u", c->pdsch.mcs);
	SAY("--mcs-table", c->kind == BLOCKS_PDSCH, "table %s", table_names[c->pdsch.mcs_table].text);
	SAY("--symbols", c->kind == BLOCKS_PDSCH, "symbols %u:%u", s->s, s->l);
	SAY("--mapping", c->kind == BLOCKS_PDSCH, "mapping %s", mapping_names[c->pdsch.time.type_b].text);
	SAY("--dmrs", c->kind == BLOCKS_PDSCH, "DM-RS %u/%u/%u", s->dmrs_type, s->dmrs_additional,
		s->dmrs_symbols);
	SAY("--bg", c->kind == BLOCKS_LDPC, "base graph %u", c->code.bg);
	SAY("--k", c->kind >= BLOCKS_LDPC, "%u bits", c->code.k);
	SAY("--rate", c->kind >= BLOCKS_LDPC, "rate %.3g", s->n.rate);
	SAY("--modulation", c->kind == BLOCKS_LDPC, "%s",
		modulation_names[s->named[MODULATION] - PHY_BPSK].text);
	SAY("--iterations", c->kind == BLOCKS_LDPC, "%u iterations", c->code.iterations);
	SAY("--list", c->kind == BLOCKS_POLAR, "list of %u", c->code.list);
	SAY("--harq", c->transmissions > 1, "%u transmissions at most", c->transmissions);
	SAY("--profile", true, "%s", profile_names[c->air.profile].text);
	SAY("--delay-spread", c->air.delay_spread_ns > 0, "%g ns", c->air.delay_spread_ns);
	SAY("--doppler", c->air.doppler_hz > 0, "Doppler %g Hz", c->air.doppler_hz);
	SAY("--cfo", c->air.cfo_hz != 0, "frequency offset %g Hz", c->air.cfo_hz);
	SAY("--timing", c->air.delay_samples != 0, "%d samples late", c->air.delay_samples);
#undef SAY
}

static bool options_of(struct link_options *o, struct app_args *args, const char *varied)
{
	struct said s;
	uint8_t mu;

	if (!take_said(&s, args) || !mu_of(&s, &mu))
		return false;
	o->config = (struct blocks_config){ .kind = (enum blocks_kind)s.named[CHANNEL],
		.pdcch = { mu, (uint8_t)s.coreset_symbols, (uint8_t)s.n.al, (uint8_t)s.n.dci_bits,
			s.interleaved, (uint16_t)s.coreset_rb },
		.pbch_mu = mu,
		.code = code_of(&s),
		.air = { (enum channel_profile)s.named[PROFILE], s.n.delay_spread, s.n.doppler, s.n.cfo,
			(int)s.n.timing, s.samples },
		.transmissions = (unsigned)s.n.harq,
		.seed = (uint64_t)s.n.seed };
	o->stop = (struct blocks_stop){ (uint64_t)s.n.blocks, (uint64_t)s.n.errors, s.n.floor };
	o->range = s.range;
	if (!pdsch_of(&s, mu, &o->config.pdsch))
		return false;
	describe(o, &s, varied);
	return true;
}

/* The value with a comma; 0 if there is none, -1 with a message if there are more. */
static int find_list(const struct app_args *args)
{
	int found = 0;

	for (int i = 2; i < args->argc; i++) {
		if (!strchr(args->argv[i], ','))
			continue;
		if (found) {
			fprintf(stderr, "freehold link: only one option can have a list\n");
			return -1;
		}
		found = i;
	}
	return found;
}

static void label_of(char *label, const char *option, const char *value)
{
	if (!strcmp(option, "--mcs") || !strcmp(option, "--al"))
		snprintf(label, LINK_TEXT / 4, "%s %s", option[2] == 'm' ? "MCS" : "AL", value);
	else if (!strcmp(option, "--profile") || !strcmp(option, "--channel") ||
		 !strcmp(option, "--modulation"))
		snprintf(label, LINK_TEXT / 4, "%s", value);
	else
		snprintf(label, LINK_TEXT / 4, "%s %s", option + 2, value);
}

/* A curve of the arguments, in which argument `list` (if not 0) is replaced. */
static bool take_curve(struct link *l, const struct app_args *args, int list, char *value)
{
	struct link_curve *c = &l->curve[l->curves_n];
	char *argv[ARGS_MAX];
	struct app_args own = { args->argc, argv, NULL };

	for (int i = 0; i < args->argc; i++)
		argv[i] = i == list && list ? value : args->argv[i];
	if (list)
		label_of(c->label, args->argv[list - 1], value);
	if (!options_of(&c->options, &own, list ? args->argv[list - 1] : NULL))
		return false;
	l->curves_n++;
	return true;
}

bool link_take_options(struct link *l, struct app_args *args)
{
	char items[LINK_TEXT];
	int list;

	l->out.csv = app_option(args, "--csv");
	l->out.svg = app_option(args, "--svg");
	l->out.quiet = app_flag(args, "--quiet");
	list = find_list(args);
	if (list < 0 || args->argc > ARGS_MAX)
		return false;
	if (list == 0)
		return take_curve(l, args, 0, NULL);
	str_copy(items, sizeof(items), args->argv[list]);
	for (char *at = items, *end = at; end; at = end + 1) {
		end = strchr(at, ',');
		if (end)
			*end = '\0';
		if (l->curves_n == LINK_CURVES_MAX) {
			fprintf(stderr, "freehold link: a list has %d items at most\n", LINK_CURVES_MAX);
			return false;
		}
		if (!take_curve(l, args, list, at))
			return false;
	}
	return true;
}
