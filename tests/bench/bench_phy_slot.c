/*
 * Whole slots of a gNB, full load: on one core in the processor's time, with two threads by the clock; best
 * of many. What is received was sent by a UE's end over white noise of 30 dB.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "io/workers.h"
#include "radio/phy/slot/slot_downlink.h"
#include "radio/phy/slot/slot_uplink.h"

enum { ANTENNAS_MAX = 4, SAMPLES = 61440 + 352, TB_OCTETS = 160000, ROUNDS = 60 };

static struct phy_cf sent[ANTENNAS_MAX][SAMPLES], got[ANTENNAS_MAX][SAMPLES];
static struct phy_cf *out[ANTENNAS_MAX];
static const struct phy_cf *in[ANTENNAS_MAX];
static uint8_t tb[TB_OCTETS];
static uint64_t seed = 1;

static uint64_t draw(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static double uniform(void)
{
	return ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;
}

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench_phy_slot: %s failed\n", what);
	exit(1);
}

/* Of the whole process, or the clock's, in us. */
static double now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* A cell at full load: one UE has all blocks. */
struct load {
	const char *name;
	struct phy_slot_config config;
	unsigned down_layers, layers; /* of the PDSCH, of the PUSCH */
	clockid_t clock;
	struct phy_coreset coreset;
	struct phy_dl_pdcch pdcch[2];
	struct phy_dl_pdsch pdsch;
	struct phy_ul_pusch pusch;
	struct phy_ul_pusch_rx pusch_rx;
	struct phy_ul_pucch pucch;
	struct phy_ul_pucch_rx pucch_rx;
	struct phy_dl_slot down;
	struct phy_ul_slot up;
	struct phy_ul_slot_rx expected;
};

static void fill_prbs(struct phy_prbs *p, unsigned from, unsigned to)
{
	for (unsigned prb = from; prb < to; prb++)
		p->at[p->n++] = (uint16_t)prb;
}

/* Two PDCCHs in symbol 0 and a PDSCH of 256QAM behind it. */
static void describe_downlink(struct load *l)
{
	const struct phy_slot_carrier *c = &l->config.carrier;
	static struct phy_pdsch plan;

	l->coreset = (struct phy_coreset){ .groups = 0xffff, .dmrs_id = 1, .n_symb = 1, .bundle = 6 };
	need(phy_coreset_init(&l->coreset), "the CORESET");
	for (unsigned i = 0; i < 2; i++)
		l->pdcch[i] = (struct phy_dl_pdcch){ .occasion = { .coreset = &l->coreset, .n_id = 1 },
			.at = { (uint8_t)(8 * i), 8 },
			.rnti = 0x4601,
			.bits = 44,
			.amplitude = 1 };
	l->pdsch.config = (struct phy_pdsch_config){ .mu = c->mu,
		.bwp_prbs = c->prbs,
		.time = { .s = 1, .l = 13 },
		.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
		.rnti = 0x4601,
		.n_id = 1,
		.layers = (uint8_t)l->down_layers,
		.ports = { 0, 1, 2, 3 },
		.mcs_table = PHY_MCS_256QAM,
		.codeword = { { .mcs = 27 } } };
	fill_prbs(&l->pdsch.config.prbs, 0, c->prbs);
	need(phy_pdsch_init(&plan, &l->pdsch.config) == PHY_PDSCH_OK, "the PDSCH");
	l->pdsch.tb[0] = bytes_of(tb, (plan.sch[0].a + 7) / 8);
	l->down = (struct phy_dl_slot){
		.time = { c->mu, 5, 3 }, .pdcch = l->pdcch, .pdsch = &l->pdsch, .pdcch_n = 2, .pdsch_n = 1
	};
}

/* A PUSCH of 256QAM (64QAM with layers) and a PUCCH beside it. */
static void describe_uplink(struct load *l)
{
	const struct phy_slot_carrier *c = &l->config.carrier;
	static struct phy_pusch plan;

	l->pusch.config = (struct phy_pusch_config){ .mu = c->mu,
		.bwp_prbs = c->prbs,
		.time = { .s = 0, .l = 14 },
		.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
		.layers = (uint8_t)l->layers,
		.ports = { 0, 1 },
		.rnti = 0x4601,
		.n_id = 1,
		.mcs_table = PHY_MCS_256QAM,
		.mcs = l->layers > 1 ? 18 : 24 };
	fill_prbs(&l->pusch.config.prbs, 1, c->prbs);
	need(phy_pusch_init(&plan, &l->pusch.config) == PHY_PUSCH_OK, "the PUSCH");
	l->pusch.tb = bytes_of(tb, (plan.sch.a + 7) / 8);
	l->pusch_rx = (struct phy_ul_pusch_rx){ .config = l->pusch.config, .new_data = true };
	l->pucch.config = (struct phy_pucch_config){
		.format = 1, .mu = c->mu, .bwp_prbs = c->prbs, .prbs = 1, .symbols = 14, .bits = 2
	};
	l->pucch.uci = (const uint8_t[]){ 1, 0 };
	l->pucch_rx.config = l->pucch.config;
	l->up = (struct phy_ul_slot){
		.time = { c->mu, 5, 3 }, .pusch = &l->pusch, .pucch = &l->pucch, .pusch_n = 1, .pucch_n = 1
	};
	l->expected = (struct phy_ul_slot_rx){
		.time = l->up.time, .pusch = &l->pusch_rx, .pucch = &l->pucch_rx, .pusch_n = 1, .pucch_n = 1
	};
}

/* Antenna a of the gNB hears port p with a phase of its own; noise. */
static void pass(const struct load *l)
{
	for (unsigned s = 0; s < phy_slot_samples(&l->config.carrier, 3); s++) {
		for (unsigned a = 0; a < l->config.antennas; a++) {
			double size = sqrt(-1e-3 * log(uniform())), angle = 2 * M_PI * uniform();
			struct phy_cf *to = &got[a][s];

			*to = (struct phy_cf){ (float)(size * cos(angle)), (float)(size * sin(angle)) };
			for (unsigned p = 0; p < l->layers; p++) {
				float sign = (a & p) ? -1 : 1;

				to->re += sign * sent[p][s].re;
				to->im += sign * sent[p][s].im;
			}
		}
	}
}

static void bench(struct load *l)
{
	struct phy_dl_sender *sender = phy_dl_sender_new(&l->config);
	struct phy_ul_receiver *receiver = phy_ul_receiver_new(&l->config);
	struct phy_ul_sender *ue = phy_ul_sender_new(&l->config);
	double down = 1e9, up = 1e9, took;
	struct phy_slot_refusal r;

	need(sender && receiver && ue, "making the ends");
	need(phy_ul_send(ue, &l->up, out, &r), "the UE's slot");
	pass(l);
	for (unsigned i = 0; i < ROUNDS; i++) {
		took = -now_us(l->clock);
		need(phy_dl_send(sender, &l->down, out, &r), "the downlink");
		took += now_us(l->clock);
		down = took < down ? took : down;
		took = -now_us(l->clock);
		need(phy_ul_receive(receiver, &l->expected, in, &r) && l->pusch_rx.result.ok &&
				l->pucch_rx.result.detected,
			"the uplink");
		took += now_us(l->clock);
		up = took < up ? took : up;
	}
	printf("%s_downlink %.1f us\n%s_uplink %.1f us\n%s %.1f us\n", l->name, down, l->name, up, l->name,
		down + up);
	phy_dl_sender_free(sender);
	phy_ul_receiver_free(receiver);
	phy_ul_sender_free(ue);
}

/* The most of a cell of one UE. */
static struct phy_slot_config config_of(struct phy_slot_carrier carrier, unsigned antennas)
{
	return (struct phy_slot_config){ .carrier = carrier,
		.antennas = (uint8_t)antennas,
		.layers = 2,
		.shared = 1,
		.pucch = 1,
		.harqs = 2,
		.tb_bits = SEGMENT_A_MAX,
		.kern_level = KERN_LEVELS - 1 };
}

int main(void)
{
	static struct load fdd = { .name = "slot_20mhz_2_antennas",
		.down_layers = 1,
		.layers = 1,
		.clock = CLOCK_PROCESS_CPUTIME_ID };
	static struct load tdd = { .name = "slot_100mhz_4_antennas_2_threads",
		.down_layers = 4,
		.layers = 2,
		.clock = CLOCK_MONOTONIC };
	struct workers *w = workers_new(2);

	need(w, "threads");
	for (unsigned a = 0; a < ANTENNAS_MAX; a++) {
		out[a] = sent[a];
		in[a] = got[a];
	}
	for (unsigned i = 0; i < TB_OCTETS; i++)
		tb[i] = (uint8_t)draw();
	fdd.config = config_of((struct phy_slot_carrier){ 0, false, 0, 106, 2048, 2140000000 }, 2);
	tdd.config = config_of((struct phy_slot_carrier){ 1, false, 0, 273, 4096, 3500010000 }, 4);
	tdd.config.workers = (struct phy_workers){ 2, w, workers_run, workers_wait };
	describe_downlink(&fdd);
	describe_uplink(&fdd);
	bench(&fdd);
	describe_downlink(&tdd);
	describe_uplink(&tdd);
	bench(&tdd);
	workers_free(w);
	return 0;
}
