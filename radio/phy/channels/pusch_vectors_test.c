/*
 * PUSCH against slots that others made, which are not ours to ship: phy_pusch_vectors FOLDER, a folder with
 * pusch/cases.csv, N.tb and N.cf32, and dmrs/. Each is sent and compared, and received.
 */
#include <stdio.h>
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pusch.h"
#include "radio/phy/phy_test.h"

enum { GRID_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB, LINE = 512 };

static struct kern kern;
static struct phy_dfts *dfts;
static struct phy_pusch_sender *sender;
static struct phy_chest_filters *filters;
static struct phy_pusch_receiver *receiver;
static struct phy_harq *harq;
static struct phy_pusch plan;
static struct phy_cf sent[PHY_UL_PORTS_MAX][GRID_MAX], theirs[PHY_UL_PORTS_MAX][GRID_MAX];
static struct phy_grid grids[PHY_UL_PORTS_MAX];
static uint8_t tb[SEGMENT_A_MAX / 8 + 8];

/* A row of cases.csv. */
struct vector {
	char precoding[16], dmrs_ports[16];
	unsigned number, n_cell_id, slot, prbs, rnti, layers, ports, tpmi, dmrs_symbols, dmrs_type,
		additional, groups, n_scid, n_id, mcs, mcs_table, tb_bits, ports_in_file;
};

static bool parse(struct vector *v, const char *line)
{
	return sscanf(line, "%u,%u,%u,%u,%u,%u,%u,%15[^,],%u,%u,%u,%u,%u,%15[^,],%u,%u,%u,%u,%u,%u",
		       &v->number, &v->n_cell_id, &v->slot, &v->prbs, &v->rnti, &v->layers, &v->ports,
		       v->precoding, &v->tpmi, &v->dmrs_symbols, &v->dmrs_type, &v->additional, &v->groups,
		       v->dmrs_ports, &v->n_scid, &v->n_id, &v->mcs, &v->mcs_table, &v->tb_bits,
		       &v->ports_in_file) == 20;
}

static struct phy_pusch_config config_of(const struct vector *v)
{
	struct phy_pusch_config c = { .bwp_prbs = (uint16_t)v->prbs,
		.time = { .s = 0, .l = 14 },
		.dmrs = { .type2 = v->dmrs_type == 2,
			.double_symbol = v->dmrs_symbols == 2,
			.additional = (uint8_t)v->additional,
			.type_a_position = 2,
			.groups_without_data = (uint8_t)v->groups,
			.n_scid = (uint8_t)v->n_scid,
			.n_id = { (uint16_t)v->n_id, (uint16_t)v->n_id } },
		.layers = (uint8_t)v->layers,
		.codebook = v->precoding[0] == 'c',
		.antenna_ports = (uint8_t)v->ports,
		.tpmi = (uint8_t)v->tpmi,
		.rnti = (uint16_t)v->rnti,
		.n_id = (uint16_t)v->n_cell_id,
		.mcs_table = v->mcs_table - 1,
		.mcs = (uint8_t)v->mcs };
	const char *at = v->dmrs_ports;

	for (unsigned i = 0; i < v->layers; i++) {
		char *end;

		c.ports[i] = (uint8_t)strtoul(at, &end, 10);
		at = end;
	}
	for (unsigned i = 0; i < v->prbs; i++)
		c.prbs.at[c.prbs.n++] = (uint16_t)i;
	return c;
}

static void read_file(const char *folder, unsigned number, const char *ending, void *to, size_t octets)
{
	char path[LINE];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/pusch/%u.%s", folder, number, ending);
	f = fopen(path, "rb");
	if (!f || fread(to, 1, octets, f) != octets)
		fail_msg("%s: cannot be read", path);
	(void)fclose(f);
}

static void open_grids(const struct vector *v)
{
	for (unsigned p = 0; p < PHY_UL_PORTS_MAX; p++)
		grids[p] = (struct phy_grid){ sent[p], (uint16_t)v->prbs, 0, 14 };
	memset(sent, 0, sizeof(sent));
}

static void compare(const struct vector *v)
{
	static const float theirs_beta[] = { 1, 1, 1.41421356f, 1.73205081f }; /* the roots of 2 and 3 */
	float beta = phy_dmrs_amplitude(&plan.config.dmrs) / theirs_beta[v->groups];

	for (unsigned p = 0; p < plan.precoding.ports; p++) {
		for (unsigned i = 0; i < 14 * 12 * v->prbs; i++) {
			unsigned l = i / (12 * v->prbs), k = i % 12;
			bool dmrs = plan.dmrs_symbols >> l & 1 &&
				    phy_dmrs_groups_mask(&plan.config.dmrs) >> k & 1;
			struct phy_cf t = theirs[p][i];

			t.re *= dmrs ? beta : 1;
			t.im *= dmrs ? beta : 1;
			if (fabsf(t.re - sent[p][i].re) > 1e-4f || fabsf(t.im - sent[p][i].im) > 1e-4f)
				fail_msg("case %u, port %u, symbol %u, subcarrier %u", v->number, p, l,
					i % (12 * v->prbs));
		}
	}
}

/* Their slot, each port at an antenna of its own. */
static void receive(const struct vector *v)
{
	static uint8_t back[SEGMENT_A_MAX / 8 + 8];
	struct phy_grid antennas[PHY_UL_PORTS_MAX];
	struct phy_pusch_result result;

	for (unsigned p = 0; p < PHY_UL_PORTS_MAX; p++)
		antennas[p] = (struct phy_grid){ theirs[p], (uint16_t)v->prbs, 0, 14 };
	phy_harq_reset(harq);
	assert_true(phy_pusch_receive(
		receiver, &kern, &plan, v->slot, antennas, v->ports_in_file, harq, back, &result));
	if (!result.ok)
		fail_msg("case %u is not received", v->number);
	assert_memory_equal(tb, back, v->tb_bits / 8);
}

static void one(const char *folder, const struct vector *v)
{
	static struct phy_cf all[PHY_UL_PORTS_MAX * GRID_MAX];
	struct phy_pusch_config c = config_of(v);
	size_t n = (size_t)14 * 12 * v->prbs;

	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	assert_int_equal(plan.sch.a, v->tb_bits);
	assert_int_equal(plan.precoding.ports, v->ports_in_file);
	read_file(folder, v->number, "tb", tb, bits_octets(v->tb_bits));
	open_grids(v);
	for (unsigned p = 0; p < v->ports_in_file; p++)
		memset(theirs[p], 0, sizeof(theirs[p]));
	read_file(folder, v->number, "cf32", all, n * v->ports_in_file * sizeof(*all));
	for (unsigned p = 0; p < v->ports_in_file; p++)
		memcpy(theirs[p], all + p * n, n * sizeof(*all));
	assert_true(phy_pusch_send(sender, &kern, &plan, v->slot, tb, grids));
	compare(v);
	receive(v);
}

static void test_vectors(void **state)
{
	const char *folder = *state;
	char path[LINE], line[LINE];
	unsigned cases = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/pusch/cases.csv", folder);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		struct vector v;

		if (!parse(&v, line))
			continue;
		one(folder, &v);
		cases++;
	}
	(void)fclose(f);
	print_message("%u slots agree\n", cases);
	assert_true(cases > 0);
}

/* DM-RS alone, of one block: each TPMI in turn; by port, subcarrier and symbol. */
static void one_precoded(const char *folder, unsigned layers, unsigned count, unsigned tpmis)
{
	static struct phy_cf all[PHY_UL_PORTS_MAX * 12 * 14 * 8];
	size_t n = (size_t)count * 12 * 14;
	struct vector v = { .prbs = 1 };
	double scale = 0;
	char path[LINE];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/dmrs/precoded_%u_layers_%u_ports.cf32", folder, layers, count);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fread(all, sizeof(*all), n * tpmis, f), n * tpmis);
	(void)fclose(f);
	for (unsigned tpmi = 0; tpmi < tpmis; tpmi++) {
		struct phy_pusch_config c = { .bwp_prbs = 1,
			.time = { .l = 14 },
			.prbs = { 1, { 0 } },
			.dmrs = { .type2 = true,
				.double_symbol = true,
				.type_a_position = 2,
				.groups_without_data = 2,
				.n_id = { 8, 8 } },
			.layers = (uint8_t)layers,
			.ports = { 0, 1, 2, 3 },
			.codebook = true,
			.antenna_ports = (uint8_t)count,
			.tpmi = (uint8_t)tpmi };

		assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
		open_grids(&v);
		assert_true(phy_pusch_send(sender, &kern, &plan, 1, tb, grids));
		for (unsigned i = 0; i < n; i++) {
			struct phy_cf ours = sent[i / 168][i % 14 * 12 + i % 168 / 14], t = all[tpmi * n + i];

			if (!(plan.dmrs_symbols >> i % 14 & 1) ||
				!(phy_dmrs_groups_mask(&c.dmrs) >> i % 168 / 14 & 1))
				continue;
			/* theirs have an amplitude of their own, the same for all */
			if (scale == 0 && hypotf(t.re, t.im) > 0)
				scale = (double)(hypotf(ours.re, ours.im) / hypotf(t.re, t.im));
			assert_float_equal(ours.re, scale * (double)t.re, 1e-4);
			assert_float_equal(ours.im, scale * (double)t.im, 1e-4);
		}
	}
	assert_true(scale > 0);
}

static void test_precoded(void **state)
{
	const char *folder = *state;

	one_precoded(folder, 1, 2, 6);
	one_precoded(folder, 2, 2, 3);
	one_precoded(folder, 3, 4, 7);
}

int main(int argc, char **argv)
{
	int failed;

	if (argc != 2) {
		fprintf(stderr, "usage: phy_pusch_vectors FOLDER\n");
		return 2;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_vectors, argv[1]),
		cmocka_unit_test_prestate(test_precoded, argv[1]),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	dfts = phy_dfts_new();
	filters = phy_chest_filters_new();
	sender = phy_pusch_sender_new(dfts);
	receiver = phy_pusch_receiver_new(filters, dfts, PHY_UL_PORTS_MAX, PHY_UL_LAYERS_MAX);
	harq = phy_harq_new(SEGMENT_A_MAX);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	phy_harq_free(harq);
	phy_pusch_receiver_free(receiver);
	phy_pusch_sender_free(sender);
	phy_chest_filters_free(filters);
	phy_dfts_free(dfts);
	return failed;
}
