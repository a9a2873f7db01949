/* What the arguments of `freehold link` mean. */
#include <math.h>
#include <stdio.h>

#include "air/link_arguments.h"

enum { ARGS_MAX = 64, DELAY_SPREAD_NS = 100, SPEED_KMH = 350 };

static bool mu_of(const struct link_arguments *s, uint8_t *mu)
{
	for (*mu = 0; *mu < 4; ++*mu) {
		if (s->n.scs == 15u << *mu)
			return true;
	}
	fprintf(stderr, "freehold link: --scs: expected 15, 30, 60 or 120\n");
	return false;
}

/* Rows without a rate are of retransmissions (38.214 5.1.3.1): nothing can be sent by them at first. */
static bool mcs_allowed(const struct link_arguments *s)
{
	enum phy_mcs_table table = (enum phy_mcs_table)s->named[LINK_MCS_TABLE];
	const struct phy_mcs *row = phy_mcs_row(table, (unsigned)s->n.mcs);

	if (s->named[LINK_CHANNEL] > BLOCKS_PUSCH || (row && row->rate_x2048 > 0))
		return true;
	fprintf(stderr, "freehold link: --mcs %.0f: reserved in table %s (38.214 5.1.3.1)\n", s->n.mcs,
		s->text[LINK_MCS_TABLE]);
	return false;
}

static bool pdsch_of(const struct link_arguments *s, uint8_t mu, struct phy_pdsch_config *c)
{
	if (!mcs_allowed(s))
		return false;
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
		.time = { s->named[LINK_MAPPING] == 1, 0, (uint8_t)s->s, (uint8_t)s->l },
		.dmrs = { .type2 = s->dmrs_type == 2,
			.double_symbol = s->dmrs_symbols == 2,
			.additional = (uint8_t)s->dmrs_additional,
			.type_a_position = 2,
			.groups_without_data = s->dmrs_type == 2 ? 3 : 2,
			.n_id = { 1, 1 } },
		.rnti = 0x4601,
		.n_id = 1,
		.layers = 1,
		.mcs_table = (enum phy_mcs_table)s->named[LINK_MCS_TABLE],
		.codeword = { { .mcs = (uint8_t)s->n.mcs } },
		.overhead = (uint8_t)s->n.overhead };
	c->prbs.n = c->bwp_prbs;
	for (unsigned i = 0; i < c->prbs.n; i++)
		c->prbs.at[i] = (uint16_t)i;
	return true;
}

/* What PUSCH has of the same options: the tables of transform precoding stand in the order of the others. */
static struct phy_pusch_config pusch_of(const struct link_arguments *s, const struct phy_pdsch_config *c)
{
	enum phy_mcs_table table = c->mcs_table;
	struct phy_pusch_config p = { .mu = c->mu,
		.extended = c->extended,
		.bwp_prbs = c->bwp_prbs,
		.time = c->time,
		.prbs = c->prbs,
		.dmrs = c->dmrs,
		.layers = (uint8_t)s->n.layers,
		.ports = { 0, 1, 2, 3 },
		.transform_precoding = s->transform_precoding,
		.rnti = c->rnti,
		.n_id = c->n_id,
		.mcs = c->codeword[0].mcs,
		.overhead = c->overhead };

	if (s->transform_precoding && table != PHY_MCS_256QAM)
		table = table == PHY_MCS_64QAM ? PHY_MCS_TP_64QAM : PHY_MCS_TP_64QAM_LOW_SE;
	p.mcs_table = table;
	return p;
}

/* A PUCCH at the edges of the carrier, hopping between them if it has several symbols; without --symbols at a
 * slot's end. */
static struct phy_pucch_config pucch_of(const struct link_arguments *s, const struct phy_pdsch_config *c)
{
	static const uint16_t bits[] = { 1, 2, 4, 16, 22 };
	unsigned format = (unsigned)s->n.format, slot = c->extended ? 12 : 14;
	bool is_short = format == 0 || format == 2;
	struct phy_pucch_config p = { .format = (uint8_t)format,
		.mu = c->mu,
		.extended = c->extended,
		.bwp_prbs = c->bwp_prbs,
		.prbs = (uint8_t)(s->n.uci_prbs > 0 ? s->n.uci_prbs
				  : format == 2     ? 4
						    : 1),
		.first_symbol = (uint8_t)s->s,
		.symbols = (uint8_t)s->l,
		.occ_length = 2,
		.rnti = c->rnti,
		.n_id = c->n_id,
		.bits = s->n.uci_bits > 0 ? (uint16_t)s->n.uci_bits : bits[format] };

	if (is_short && s->l == slot) {
		p.first_symbol = (uint8_t)(slot - 2);
		p.symbols = 2;
	}
	p.hopping = p.symbols > 1;
	p.second_prb = (uint16_t)(p.bwp_prbs > p.prbs ? p.bwp_prbs - p.prbs : 0);
	return p;
}

static struct blocks_code code_of(const struct link_arguments *s)
{
	static const uint8_t q_m[PHY_MODULATIONS] = { 1, 1, 2, 4, 6, 8, 10 };
	bool polar = s->named[LINK_CHANNEL] == BLOCKS_POLAR;
	struct blocks_code c = { .bg = (enum ldpc_bg)s->n.bg,
		.modulation = (enum phy_modulation)s->named[LINK_MODULATION],
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
static void describe(struct link_options *o, const struct link_arguments *s, const char *varied)
{
	const struct blocks_config *c = &o->config;
	char *out = o->text;
	size_t used = 0;

#define SAY(name, when, ...)                                                                                 \
	do {                                                                                                 \
		if ((when) && used < LINK_TEXT && (!varied || strcmp(varied, name) != 0))                    \
			used += (size_t)snprintf(out + used, LINK_TEXT - used, "%s", used ? ", " : ""),      \
				used += used < LINK_TEXT ? (size_t)snprintf(out + used, LINK_TEXT - used,    \
								   __VA_ARGS__)                              \
							 : 0;                                                \
	} while (0)
	SAY("--prbs", c->kind <= BLOCKS_PUSCH, "%u PRB", c->pdsch.bwp_prbs);
	SAY("--coreset", c->kind == BLOCKS_PDCCH, "CORESET of %u RB x %u symbols%s", c->pdcch.n_rb,
		c->pdcch.n_symb, c->pdcch.interleaved ? ", interleaved" : "");
	SAY("--al", c->kind == BLOCKS_PDCCH, "AL %u", c->pdcch.al);
	SAY("--dci-bits", c->kind == BLOCKS_PDCCH, "DCI of %u bits", c->pdcch.dci_bits);
	SAY("--scs", c->kind <= BLOCKS_PBCH, "%.0f kHz", s->n.scs);
	SAY("--mcs", c->kind <= BLOCKS_PUSCH, "MCS %u", c->pdsch.codeword[0].mcs);
	SAY("--mcs-table", c->kind <= BLOCKS_PUSCH, "table %s", s->text[LINK_MCS_TABLE]);
	SAY("--symbols", c->kind <= BLOCKS_PUSCH, "symbols %u:%u", s->s, s->l);
	SAY("--mapping", c->kind <= BLOCKS_PUSCH, "mapping %s", s->text[LINK_MAPPING]);
	SAY("--dmrs", c->kind <= BLOCKS_PUSCH, "DM-RS %u/%u/%u", s->dmrs_type, s->dmrs_additional,
		s->dmrs_symbols);
	SAY("--layers", c->kind == BLOCKS_PUSCH, "%u layer%s", c->pusch.layers,
		c->pusch.layers > 1 ? "s" : "");
	SAY("--format", c->kind == BLOCKS_PUCCH, "format %u", c->pucch.format);
	SAY("--uci-bits", c->kind == BLOCKS_PUCCH, "%u bits", c->pucch.bits);
	SAY("--uci-prbs", c->kind == BLOCKS_PUCCH, "on %u of %u PRB", c->pucch.prbs, c->pucch.bwp_prbs);
	SAY("--symbols", c->kind == BLOCKS_PUCCH, "symbols %u:%u", c->pucch.first_symbol, c->pucch.symbols);
	SAY("--antennas", c->kind == BLOCKS_PUSCH || c->kind == BLOCKS_PUCCH, "%u antenna%s", c->antennas,
		c->antennas > 1 ? "s" : "");
	SAY("--transform-precoding", c->kind == BLOCKS_PUSCH && s->transform_precoding,
		"transform precoding");
	SAY("--bg", c->kind == BLOCKS_LDPC, "base graph %u", c->code.bg);
	SAY("--k", c->kind >= BLOCKS_LDPC, "%u bits", c->code.k);
	SAY("--rate", c->kind >= BLOCKS_LDPC, "rate %.3g", s->n.rate);
	SAY("--modulation", c->kind == BLOCKS_LDPC, "%s", s->text[LINK_MODULATION]);
	SAY("--iterations", c->kind == BLOCKS_LDPC, "%u iterations", c->code.iterations);
	SAY("--list", c->kind == BLOCKS_POLAR, "list of %u", c->code.list);
	SAY("--harq", c->transmissions > 1, "%u transmissions at most", c->transmissions);
	SAY("--profile", true, "%s", s->text[LINK_PROFILE]);
	SAY("--delay-spread", c->air.delay_spread_ns > 0, "delay spread %g ns", c->air.delay_spread_ns);
	SAY("--correlation", c->air.correlation != CHANNEL_LOW, "%s correlation", s->text[LINK_CORRELATION]);
	SAY("--speed", c->air.speed_kmh > 0, "%g km/h", c->air.speed_kmh);
	SAY("--doppler", c->air.doppler_hz > 0, "Doppler %g Hz", c->air.doppler_hz);
	SAY("--interferers", c->air.interferers > 0, "%u interfering cells", c->air.interferers);
	SAY("--sir", c->air.interferers > 0, "SIR %g dB", c->air.sir_db);
	SAY("--cfo", c->air.cfo_hz != 0, "frequency offset %g Hz", c->air.cfo_hz);
	SAY("--timing", c->air.delay_samples != 0, "%d samples late", c->air.delay_samples);
#undef SAY
}

/* In a list of profiles each takes of delay spread and Doppler what it has. */
static struct blocks_air air_of(const struct link_arguments *s, const char *varied)
{
	struct blocks_air a = { .profile = (enum channel_profile)s->named[LINK_PROFILE],
		.delay_spread_ns = s->n.delay_spread,
		.doppler_hz = s->n.doppler,
		.correlation = (enum channel_correlation)s->named[LINK_CORRELATION],
		.speed_kmh = s->n.speed,
		.interferers = (uint8_t)s->n.interferers,
		.sir_db = s->n.sir,
		.cfo_hz = s->n.cfo,
		.delay_samples = (int)s->n.timing,
		.samples = s->samples };
	bool scaled = channel_is_scaled(a.profile), train = a.profile >= CHANNEL_TRAIN_OPEN;
	bool list = varied && !strcmp(varied, "--profile");

	if (a.delay_spread_ns < 0 || (list && !scaled))
		a.delay_spread_ns = scaled ? DELAY_SPREAD_NS : 0;
	if (list && a.profile == CHANNEL_AWGN)
		a.doppler_hz = 0;
	if (a.speed_kmh < 0 || (list && !train))
		a.speed_kmh = train ? SPEED_KMH : 0;
	return a;
}

static bool options_of(struct link_options *o, struct options *args, const char *varied)
{
	struct link_arguments s;
	uint8_t mu;

	if (!link_arguments_take(&s, args) || !mu_of(&s, &mu))
		return false;
	o->config = (struct blocks_config){ .kind = (enum blocks_kind)s.named[LINK_CHANNEL],
		.pdcch = { .mu = mu,
			.n_symb = (uint8_t)s.coreset_symbols,
			.al = (uint8_t)s.n.al,
			.dci_bits = (uint8_t)s.n.dci_bits,
			.interleaved = s.interleaved,
			.n_rb = (uint16_t)s.coreset_rb },
		.pbch_mu = mu,
		.code = code_of(&s),
		.air = air_of(&s, varied),
		.transmissions = (unsigned)s.n.harq,
		.seed = (uint64_t)s.n.seed };
	o->stop = (struct blocks_stop){ (uint64_t)s.n.blocks, (uint64_t)s.n.errors, s.n.floor };
	o->range = s.range;
	if (!pdsch_of(&s, mu, &o->config.pdsch))
		return false;
	o->config.pusch = pusch_of(&s, &o->config.pdsch);
	o->config.pucch = pucch_of(&s, &o->config.pdsch);
	o->config.antennas = (uint8_t)s.n.antennas;
	describe(o, &s, varied);
	return true;
}

/* The value with a comma; 0 if there is none, -1 with a message if there are more. */
static int find_list(const struct options *args)
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
	static const struct {
		const char *option, *before, *after;
	} forms[] = { { "--mcs", "MCS ", "" }, { "--al", "AL ", "" }, { "--harq", "HARQ ", "" },
		{ "--bg", "BG ", "" }, { "--format", "format ", "" }, { "--uci-bits", "", " bits" },
		{ "--layers", "", " layers" }, { "--antennas", "", " antennas" }, { "--prbs", "", " PRB" },
		{ "--scs", "", " kHz" }, { "--doppler", "", " Hz" },
		{ "--interferers", "", " interfering cells" }, { "--sir", "SIR ", " dB" },
		{ "--cfo", "", " Hz" }, { "--delay-spread", "", " ns" }, { "--timing", "", " samples" },
		{ "--k", "", " bits" }, { "--dci-bits", "", " bits" }, { "--iterations", "", " iterations" },
		{ "--profile", "", "" }, { "--channel", "", "" }, { "--modulation", "", "" },
		{ "--mcs-table", "", "" } };

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (!strcmp(option, forms[i].option)) {
			snprintf(label, LINK_TEXT / 4, "%s%s%s", forms[i].before, value, forms[i].after);
			return;
		}
	}
	snprintf(label, LINK_TEXT / 4, "%s %s", option[0] == '-' ? option + 2 : option, value);
}

/* A curve of the arguments, in which argument `list` (if not 0) is replaced. */
static bool take_curve(struct link *l, const struct options *args, int list, char *value)
{
	struct link_curve *c = &l->curve[l->curves_n];
	char *argv[ARGS_MAX];
	struct options own = { args->argc, argv, NULL };

	for (int i = 0; i < args->argc; i++)
		argv[i] = i == list && list ? value : args->argv[i];
	if (list)
		label_of(c->label, args->argv[list - 1], value);
	if (!options_of(&c->options, &own, list ? args->argv[list - 1] : NULL))
		return false;
	l->curves_n++;
	return true;
}

bool link_take_options(struct link *l, struct options *args)
{
	char items[LINK_TEXT];
	int list;

	l->out.csv = options_text(args, "--csv");
	l->out.svg = options_text(args, "--svg");
	l->out.quiet = options_flag(args, "--quiet");
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
