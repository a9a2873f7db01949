#include "air/conformance.h"

#include <math.h>
#include <stdio.h>

#include "air/tables.h"
#include "sim/blocks/result.h"

enum { BLOCKS = 200, QUICK_BLOCKS = 40, QUICK_ROWS = 8, QUICK_EACH = 7, QUICK_RB = 25 };

static const double FRACTION = 0.7; /* of the most throughput, 8.2.1.2 */
static const double STEP_DB = 1, FAR_DB = 12;
static const double MARGIN_DB = 1; /* that the quick way asks for */

struct conformance {
	const volatile sig_atomic_t *interrupted;
	bool quick;
	const char *table;
	double blocks, seed;
	FILE *csv;
};

/* The row of an MCS table that has the modulation and rate of a reference channel. */
static bool mcs_of(const struct phy_requirement *r, enum phy_mcs_table table, uint8_t *mcs)
{
	for (unsigned i = 0; i < PHY_MCS_ROWS; i++) {
		const struct phy_mcs *row = phy_mcs_row(table, i);

		*mcs = (uint8_t)i;
		if (row->q_m == r->q_m && row->rate_x2048 == r->rate_x2048)
			return true;
	}
	return false;
}

/* The reference channels of Annex A.3 to A.9 on the channel of Annex G. */
static bool config_of(const struct phy_requirement *r, double seed, struct blocks_config *c)
{
	struct phy_pusch_config *p = &c->pusch;

	*c = (struct blocks_config){ .kind = BLOCKS_PUSCH,
		.pusch = { .bwp_prbs = r->n_rb,
			.time = { r->type_b, 0, 0, 14 },
			.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
			.layers = r->layers,
			.ports = { 0, 1, 2, 3 },
			.codebook = r->n_tx > 1, /* with TPMI 0 */
			.antenna_ports = r->n_tx,
			.transform_precoding = r->transform_precoding,
			.rnti = 1,
			.mcs_table = r->transform_precoding ? PHY_MCS_TP_64QAM
				     : r->q_m == 8          ? PHY_MCS_256QAM
							    : PHY_MCS_64QAM },
		.antennas = r->n_rx,
		.air = { .profile = r->profile, .doppler_hz = r->doppler_hz },
		.transmissions = BLOCKS_TRANSMISSIONS_MAX,
		.seed = (uint64_t)seed };
	while (15u << p->mu < r->scs_khz)
		p->mu++;
	for (p->prbs.n = 0; p->prbs.n < r->n_rb; p->prbs.n++)
		p->prbs.at[p->prbs.n] = p->prbs.n;
	return mcs_of(r, p->mcs_table, &p->mcs);
}

/* The share of the most throughput at an SNR. */
static double share_at(const struct conformance *c, struct blocks *b, double snr_db)
{
	if (!blocks_point(b, snr_db))
		return 0;
	for (unsigned i = 0; i < (unsigned)c->blocks && !*c->interrupted; i++)
		blocks_run(b, 1);
	return blocks_result(blocks_counts(b)).share;
}

/* The SNR of the fraction, between two points a step apart about it; the quick way: whether it is a margin
 * away. */
static double find(const struct conformance *c, struct blocks *b, double required_db)
{
	double at = required_db - (c->quick ? MARGIN_DB : 2), here = share_at(c, b, at);
	double step = here < FRACTION ? STEP_DB : -STEP_DB;

	if (c->quick)
		return here < FRACTION ? INFINITY : at;

	while (fabs(at - required_db) < FAR_DB && !*c->interrupted) {
		double next = share_at(c, b, at + step);

		if ((next < FRACTION) != (here < FRACTION))
			return at + step * (FRACTION - here) / (next - here);
		at += step;
		here = next;
	}
	return step > 0 ? INFINITY : at;
}

/* False when it is missed. */
static bool run_row(const struct conformance *c, const struct phy_requirement *r)
{
	struct blocks_config config;
	const char *why = "no MCS has its rate";
	struct blocks *b = config_of(r, c->seed, &config) ? blocks_new(&config, &why) : NULL;
	double ours;

	if (!b) {
		fprintf(stderr, "freehold link: %s, %s: %s\n", r->table, r->frc, why);
		return false;
	}
	ours = find(c, b, r->snr_db);
	blocks_free(b);
	if (*c->interrupted)
		return true;
	printf("%-11s %-12s %c %3u kHz %3u RB %u x %u %6.1f %6.1f %6.1f%s\n", r->table, r->frc,
		r->type_b ? 'B' : 'A', r->scs_khz, r->n_rb, r->n_tx, r->n_rx, r->snr_db, ours,
		r->snr_db - ours, ours > r->snr_db ? "  missed" : "");
	(void)fflush(stdout);
	if (c->csv)
		fprintf(c->csv, "%s,%s,%c,%u,%u,%u,%u,%.1f,%.2f,%.2f\n", r->table, r->frc,
			r->type_b ? 'B' : 'A', r->scs_khz, r->n_rb, r->n_tx, r->n_rx, r->snr_db, ours,
			r->snr_db - ours);
	return ours <= r->snr_db;
}

static int run_all(const struct conformance *c)
{
	unsigned run = 0, missed = 0;

	printf("38.104      channel        numerology      antennas  requires  ours  margin (dB, 70%% of "
	       "throughput)\n");
	for (size_t i = 0; i < phy_pusch_requirements_n && !*c->interrupted; i++) {
		const struct phy_requirement *r = &phy_pusch_requirements[i];

		if (c->table && strcmp(c->table, r->table) != 0)
			continue;
		/* small ones, spread over layers and channels */
		if (c->quick && (r->n_rb > QUICK_RB || i % QUICK_EACH != 0 || run >= QUICK_ROWS))
			continue;
		missed += !run_row(c, r);
		run++;
	}
	if (run == 0) {
		fprintf(stderr, "freehold link: --table %s: no such table\n", c->table);
		return 2;
	}
	printf("%u requirements, %u missed\n", run, missed);
	return missed > 0 || *c->interrupted;
}

int conformance_run(struct options *args, const volatile sig_atomic_t *interrupted)
{
	struct conformance c = { .interrupted = interrupted, .seed = 1 };
	const char *csv = options_text(args, "--csv");
	int status;

	c.quick = options_flag(args, "--quick");
	c.table = options_text(args, "--table");
	c.blocks = c.quick ? QUICK_BLOCKS : BLOCKS;
	if (!options_number(args, "--blocks", 1, 1e6, &c.blocks) ||
		!options_number(args, "--seed", 0, 9e15, &c.seed))
		return 2;
	if (args->argc > 1) {
		fprintf(stderr, "freehold link: unknown argument \"%s\" (see --help)\n", args->argv[1]);
		return 2;
	}
	c.csv = csv ? fopen(csv, "w") : NULL;
	if (csv && !c.csv) {
		fprintf(stderr, "freehold link: %s: cannot be written\n", csv);
		return 2;
	}
	if (c.csv)
		fprintf(c.csv,
			"table,channel,mapping,scs_khz,n_rb,n_tx,n_rx,required_db,ours_db,margin_db\n");
	status = run_all(&c);
	if (c.csv && fclose(c.csv) != 0)
		status = 2;
	return status;
}
