/*
 * l1_curves: how many blocks of each channel our receivers lose over SNR, in white noise, as rows of
 * curves.csv: channel (enum l1_channel), row (MCS, aggregation level, format), width (blocks, or bits of DCI
 * and UCI), transmissions taken together, SNR of a resource element in hundredths of a dB, and how many of
 * 10,000 are lost. `make l1-curves` writes the file; the same program gives the same file.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "radio/phy/prach/prach.h"
#include "sim/blocks/result.h"
#include "sim/l1/curves.h"

enum {
	STEP_CDB = 25,
	COARSE = 20, /* blocks that find where a curve begins */
	BLOCKS = 1000,
	ERRORS = 200,
	FLOOR = 200, /* blocks of which none is lost end a curve */
	SEED = 1,
	RNTI = 0x4601,
	PERMYRIAD = 10000,
	LOWEST_CDB = -2500,
	HIGHEST_CDB = 3000,
	SILENCE_CDB = -6000,
	SILENCE_BLOCKS = 20000,
};

/* One of n trials more, at an SNR: how many were lost. */
struct source {
	void *arg;
	unsigned (*lost)(void *arg, double snr_db, unsigned n);
};

static unsigned blocks_lost(void *arg, double snr_db, unsigned n)
{
	struct blocks *b = arg;

	if (!blocks_point(b, snr_db))
		return n;
	blocks_run(b, n);
	return (unsigned)blocks_counts(b)->errors;
}

static void put(const unsigned *name, int cdb, double share)
{
	printf("%u,%u,%u,%u,%d,%ld\n", name[0], name[1], name[2], name[3], cdb, lround(PERMYRIAD * share));
}

/* From where all is lost to where nothing is. */
static void curve(const struct source *s, enum l1_channel channel, unsigned row, unsigned width, unsigned tx)
{
	const unsigned name[] = { channel, row, width, tx };
	int cdb = LOWEST_CDB;

	while (cdb < HIGHEST_CDB && s->lost(s->arg, cdb / 100.0, COARSE) == COARSE)
		cdb += 2 * STEP_CDB;
	for (cdb -= 3 * STEP_CDB; cdb < HIGHEST_CDB; cdb += STEP_CDB) {
		unsigned first = s->lost(s->arg, cdb / 100.0, FLOOR), n = FLOOR;

		if (first > 0 && first < FLOOR)
			first = s->lost(s->arg, cdb / 100.0, n = BLOCKS);
		put(name, cdb, (double)first / n);
		if (first == 0)
			break;
	}
	fflush(stdout);
}

static void of_blocks(const struct blocks_config *c, enum l1_channel channel, unsigned row, unsigned width)
{
	const char *why;
	struct blocks *b = blocks_new(c, &why);
	const struct source s = { b, blocks_lost };

	if (!b) {
		fprintf(stderr, "l1_curves: %s\n", why);
		exit(1);
	}
	curve(&s, channel, row, width, c->transmissions);
	blocks_free(b);
}

/* As DCI 1_0 schedules it behind two symbols of CORESET 0: all additional DM-RS, 64QAM's table. */
static void shared(unsigned mcs, unsigned prbs, unsigned tx)
{
	struct blocks_config c = { .kind = BLOCKS_PDSCH, .transmissions = tx, .seed = SEED };
	struct phy_pdsch_config *p = &c.pdsch;

	*p = (struct phy_pdsch_config){ .bwp_prbs = (uint16_t)prbs,
		.time = { false, 0, 2, 12 },
		.dmrs = { .additional = 2, .type_a_position = 2, .groups_without_data = 2, .n_id = { 1, 1 } },
		.rnti = RNTI,
		.n_id = 1,
		.layers = 1,
		.mcs_table = PHY_MCS_64QAM,
		.codeword = { { .mcs = (uint8_t)mcs } } };
	p->prbs.n = p->bwp_prbs;
	for (unsigned i = 0; i < p->prbs.n; i++)
		p->prbs.at[i] = (uint16_t)i;
	of_blocks(&c, L1_SHARED, mcs, prbs);
}

static void pdcch(unsigned al, unsigned bits)
{
	struct blocks_config c = { .kind = BLOCKS_PDCCH,
		.transmissions = 1,
		.seed = SEED,
		.pdcch = { .n_symb = 1,
			.al = (uint8_t)al,
			.dci_bits = (uint8_t)bits,
			.interleaved = true,
			.n_rb = 96 } };

	of_blocks(&c, L1_PDCCH, al, bits);
}

static struct blocks_config pucch_config(unsigned format, unsigned bits)
{
	bool is_short = format == 2;
	struct blocks_config c = { .kind = BLOCKS_PUCCH, .antennas = 1, .transmissions = 1, .seed = SEED };

	c.pucch = (struct phy_pucch_config){ .format = (uint8_t)format,
		.bwp_prbs = 50,
		.second_prb = 49,
		.hopping = !is_short,
		.prbs = 1,
		.first_symbol = is_short ? PHY_SYMBOLS_MAX - 2 : 0,
		.symbols = is_short ? 2 : PHY_SYMBOLS_MAX,
		.hopping_id = 1,
		.initial_shift = 1,
		.rnti = RNTI,
		.n_id = 1,
		.dmrs_id = 1,
		.bits = (uint16_t)bits };
	return c;
}

/* What is taken for a UE where there is none: one bit that is right is half of them. */
static void silence(void)
{
	struct blocks_config c = pucch_config(1, 1);
	const char *why;
	struct blocks *b = blocks_new(&c, &why);
	const unsigned name[] = { L1_PUCCH_SILENCE, 1, 1, 1 };
	unsigned lost = b ? blocks_lost(b, SILENCE_CDB / 100.0, SILENCE_BLOCKS) : 0;

	put(name, SILENCE_CDB, 2.0 * (SILENCE_BLOCKS - lost) / SILENCE_BLOCKS);
	blocks_free(b);
}

/* A preamble of format 0 at one antenna, as cells of paired bands have it. */
struct preamble {
	struct kern kern;
	struct phy_prach plan;
	struct phy_prach_place place;
	struct phy_prach_signal *signal;
	struct phy_prach_detector *detector;
	struct phy_prach_received received;
	size_t n;
	struct phy_cf *sent, *heard;
	uint64_t seed;
};

enum { PREAMBLE = 32, START = 16, DELAY = 6, FFT = 128 };

static bool is_detected(struct preamble *p, double snr_db)
{
	const struct channel_config c = { .uplink = true,
		.tx = 1,
		.rx = 1,
		.rate_hz = 15e3 * FFT,
		.delay_samples = DELAY,
		.snr_db = snr_db,
		.signal_power = 1,
		.seed = p->seed += 0x9e3779b97f4a7c15u };
	struct phy_prach_found found[PHY_PRACH_PREAMBLES];
	struct channel *channel = channel_new(&c);
	const struct phy_cf *in[] = { p->sent }, *received[] = { p->heard + CHANNEL_LATENCY };
	struct phy_cf *out[] = { p->heard };
	unsigned count = 0;

	if (channel)
		channel_run(channel, out, in, p->n);
	channel_free(channel);
	if (phy_prach_receive(p->signal, &p->kern, &p->place, received, 1, &p->received))
		count = phy_prach_detect(p->detector, &p->kern, &p->received, found);
	for (unsigned i = 0; i < count; i++)
		if (found[i].preamble == PREAMBLE)
			return fabs(found[i].delay_s - DELAY / c.rate_hz) < 1e-6;
	return false;
}

static unsigned preambles_lost(void *arg, double snr_db, unsigned n)
{
	struct preamble *p = arg;
	unsigned lost = 0;

	p->seed = SEED;
	for (unsigned i = 0; i < n; i++)
		lost += !is_detected(p, snr_db);
	return lost;
}

static void prach(void)
{
	const struct phy_prach_config c = { .format = PHY_PRACH_0, .l_ra = 839, .root_index = 22, .zone = 1 };
	struct preamble *p = calloc(1, sizeof(*p));
	const struct source s = { p, preambles_lost };
	unsigned prbs, k_bar;

	if (!p || phy_prach_init(&p->plan, &c) != PHY_PRACH_OK ||
		!phy_prach_blocks(&p->plan, 0, &prbs, &k_bar))
		exit(1);
	kern_init(&p->kern, KERN_LEVELS - 1);
	p->place = (struct phy_prach_place){ 0, prbs, 0, FFT, START, 0 };
	p->signal = phy_prach_signal_new(&p->plan, 0, FFT);
	p->detector = phy_prach_detector_new(&p->plan);
	p->n = phy_prach_samples(&p->plan, &p->place) + 2 * CHANNEL_LATENCY + 4 * START + DELAY;
	p->sent = calloc(p->n, sizeof(*p->sent));
	p->heard = calloc(p->n, sizeof(*p->heard));
	if (!p->signal || !p->detector || !p->sent || !p->heard ||
		!phy_prach_send(p->signal, &p->kern, PREAMBLE, &p->place, p->sent))
		exit(1);
	curve(&s, L1_PRACH, 0, 1, 1);
	phy_prach_signal_free(p->signal);
	phy_prach_detector_free(p->detector);
	free(p->sent);
	free(p->heard);
	free(p);
}

int main(void)
{
	const struct blocks_config pbch = { .kind = BLOCKS_PBCH, .transmissions = 1, .seed = SEED };

	printf("# Made by `make l1-curves` (sim/blocks/l1_curves.c): what our own receivers lose in white "
	       "noise.\n"
	       "channel,row,width,transmissions,snr_cdb,lost\n");
	for (unsigned al = 1; al <= 16; al *= 2)
		for (unsigned bits = 36; bits <= 60; bits += 12)
			pdcch(al, bits);
	of_blocks(&pbch, L1_PBCH, 0, 1);
	for (unsigned bits = 1; bits <= 2; bits++) {
		struct blocks_config c = pucch_config(1, bits);

		of_blocks(&c, L1_PUCCH, 1, bits);
	}
	for (unsigned bits = 4; bits <= 8; bits += 4) {
		struct blocks_config c = pucch_config(2, bits);

		of_blocks(&c, L1_PUCCH, 2, bits);
	}
	silence();
	prach();
	for (unsigned mcs = 0; mcs <= 28; mcs++)
		for (unsigned prbs = 2; prbs <= 32; prbs *= 4)
			for (unsigned tx = 1; tx <= BLOCKS_TRANSMISSIONS_MAX; tx++)
				shared(mcs, prbs, tx);
	return 0;
}
