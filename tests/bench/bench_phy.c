/* The physical layer on one core, best of many runs, in the processor's time: what reach.csv asks of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/search/cell_search.h"
#include "radio/phy/signals/lines.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/channels/pdsch.h"

enum {
	PRBS = 273,
	SUBCARRIERS = PRBS * PHY_SC_PER_PRB,
	ALL = SUBCARRIERS * PHY_SYMBOLS_MAX,
	DECODER_ITERATIONS = 10,
	POLAR_K = 64,
	POLAR_E = 432,
	DEMAP = 4096,
	CAPTURE = 307200, /* 40 ms at 7.68 MHz */
};

static struct kern kern;
static uint64_t seed = 1;

static uint64_t draw(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static float gaussian(void)
{
	double u = ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;

	return (float)(sqrt(-2 * log(u)) *
		       cos(2 * M_PI * ((double)(draw() >> 11) + 0.5) / 9007199254740992.0));
}

/* As the physical layer has it. */
static void *memory(size_t n)
{
	void *p = phy_lines_new(n);

	if (!p)
		exit(1);
	return p;
}

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench_phy: %s failed\n", what);
	exit(1);
}

/* Seconds of the best of `rounds`, each of `times` calls. */
static double best_of(unsigned rounds, unsigned times, void (*run)(void))
{
	double best = 1e9;

	for (unsigned r = 0; r < rounds; r++) {
		clock_t start = clock();
		double took;

		for (unsigned i = 0; i < times; i++)
			run();
		took = (double)(clock() - start) / CLOCKS_PER_SEC / times;
		best = took < best ? took : best;
	}
	return best;
}

static struct ldpc_graph graph;
static struct ldpc_encoder encoder;
static struct ldpc_decoder *decoder;
static uint8_t block[SEGMENT_K_MAX / 8], coded[LDPC_N_MAX / 8];
static int8_t soft[LDPC_N_MAX];
static unsigned rows;

static void encode(void)
{
	ldpc_encode(&kern, &encoder, &graph, block, rows, coded);
}

static void decode(void)
{
	struct ldpc_decode_args a = { &graph, (uint16_t)rows, SEGMENT_K_MAX, DECODER_ITERATIONS, CRC_24B };
	struct ldpc_decode_result r = ldpc_decode(&kern, decoder, &a, soft, block);

	need(r.iterations == DECODER_ITERATIONS, "decoding with all iterations");
}

/* At an SNR where the block does not come out, so that all iterations are done. */
static void bench_ldpc(const char *rate, unsigned rows_used, unsigned sent, double snr_db)
{
	double sigma2 = pow(10, -snr_db / 10);

	rows = rows_used;
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (uint8_t)draw();
	printf("ldpc_encode_bg1_%s %.2f Gb/s\n", rate, SEGMENT_K_MAX / best_of(50, 200, encode) / 1e9);
	memset(soft, 0, sizeof(soft));
	for (unsigned i = 0; i < sent; i++) {
		double llr = 8 / sigma2 * ((bits_get(coded, i) ? -1 : 1) + sqrt(sigma2) * (double)gaussian());

		soft[i] = (int8_t)fmax(-127, fmin(127, llr));
	}
	printf("ldpc_decode_bg1_%s %.1f Mb/s\n", rate, SEGMENT_K_MAX / best_of(30, 50, decode) / 1e6);
}

static struct phy_polar polar;
static struct phy_polar_decoder *polar_decoder;
static int8_t polar_llr[POLAR_E];
static unsigned list;

static void decode_polar(void)
{
	uint8_t out[POLAR_K];

	need(phy_polar_decode(polar_decoder, &polar, &kern, out, polar_llr, list, NULL, NULL, NULL),
		"polar decoding");
}

static void bench_polar(void)
{
	uint8_t in[POLAR_K], out[POLAR_E];

	polar_decoder = memory(sizeof(*polar_decoder));
	need(phy_polar_init(&polar, PHY_POLAR_DOWNLINK, POLAR_K, POLAR_E), "the polar code");
	for (unsigned i = 0; i < POLAR_K; i++)
		in[i] = draw() & 1;
	phy_polar_encode(&polar, out, in);
	for (unsigned i = 0; i < POLAR_E; i++)
		polar_llr[i] = (int8_t)fmaxf(-127, fminf(127, (out[i] ? -8 : 8) + 6 * gaussian()));
	list = 1;
	printf("polar_decode_64_in_432_list_1 %.2f us\n", best_of(50, 200, decode_polar) * 1e6);
	list = 8;
	printf("polar_decode_64_in_432_list_8 %.2f us\n", best_of(50, 200, decode_polar) * 1e6);
	free(polar_decoder);
}

static struct phy_fft fft;
static struct phy_ofdm ofdm;
static struct phy_grid grid = { NULL, PRBS, 0, PHY_SYMBOLS_MAX };
static struct phy_cf *samples, *spare;
static float *noise;
static int8_t *llrs;

static void transform(void)
{
	phy_fft_run(&fft, &kern, spare, samples, spare + 4096);
}

static void bench_fft(unsigned size)
{
	need(phy_fft_init(&fft, size, false), "the transform");
	printf("fft_%u %.2f us\n", size, best_of(50, 200, transform) * 1e6);
	phy_fft_fini(&fft);
}

static void demodulate(void)
{
	phy_ofdm_demodulate(&ofdm, &kern, spare, samples, 1);
}

static void modulate(void)
{
	phy_ofdm_modulate(&ofdm, &kern, spare, grid.re, 1);
}

static void demap(void)
{
	phy_demap(&kern, PHY_256QAM, llrs, grid.re, noise, DEMAP);
}

static void bench_symbols(void)
{
	struct phy_ofdm_config config = { .mu = 1, .prbs = PRBS, .fft_size = 4096, .carrier_hz = 3500010000 };

	need(phy_ofdm_init(&ofdm, &config), "OFDM");
	for (unsigned i = 0; i < ALL; i++) {
		grid.re[i] = (struct phy_cf){ gaussian(), gaussian() };
		noise[i] = 0.01f;
	}
	phy_ofdm_modulate(&ofdm, &kern, samples, grid.re, 1);
	bench_fft(1536);
	bench_fft(3072);
	bench_fft(4096);
	printf("ofdm_modulate_slot_273 %.1f us\n", best_of(50, 20, modulate) * 1e6);
	printf("ofdm_demodulate_slot_273 %.1f us\n", best_of(50, 20, demodulate) * 1e6);
	printf("demap_256qam %.2f GLLR/s\n", DEMAP * 8 / best_of(50, 200, demap) / 1e9);
	phy_ofdm_fini(&ofdm);
}

/* Some blocks, which the nearest caches hold. */
enum { BLOCKS_RE = 288, PORTS = 4 };
_Alignas(PHY_LINE) static float received[PORTS][2 * BLOCKS_RE], channel[PORTS * PORTS][2 * BLOCKS_RE];
_Alignas(PHY_LINE) static float layers_of[2 * PORTS * BLOCKS_RE], noise_of[PORTS * BLOCKS_RE];
_Alignas(PHY_LINE) static float at_port[PORTS][2 * BLOCKS_RE];
static float weights[2 * PORTS * KERN_PRECODE_MAX];
static unsigned antennas, layers;

static void equalize(void)
{
	const float *y[PORTS], *h[PORTS * PORTS];

	for (unsigned i = 0; i < antennas * layers; i++) {
		y[i % antennas] = received[i % antennas];
		h[i] = channel[i];
	}
	kern.cf_mmse(layers_of, noise_of, y, weights, h, antennas, layers, BLOCKS_RE);
}

static void precode(void)
{
	float *const out[] = { at_port[0], at_port[1], at_port[2], at_port[3] };
	const float *const in[] = { received[0], received[1], received[2], received[3] };

	kern.cf_precode(out, antennas, in, layers, weights, BLOCKS_RE);
}

static void fill(float *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = gaussian();
}

/* Layers to antennas, MMSE and back. */
static void bench_arrays(void)
{
	static const uint8_t sizes[][2] = { { 2, 2 }, { 2, 4 }, { 4, 4 } };

	fill(received[0], sizeof(received) / sizeof(float));
	fill(channel[0], sizeof(channel) / sizeof(float));
	fill(weights, ARRAY_LEN(weights));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		layers = sizes[i][0];
		antennas = sizes[i][1];
		printf("equalize_%ux%u %.2f GRE/s\n", layers, antennas,
			BLOCKS_RE / best_of(50, 2000, equalize) / 1e9);
		if (layers == antennas)
			printf("precode_%ux%u %.2f GRE/s\n", layers, antennas,
				BLOCKS_RE / best_of(50, 2000, precode) / 1e9);
	}
}

static struct phy_pdsch *plan;
static struct phy_chest *chest;
static struct phy_pdsch_sender *sender;
static struct phy_pdsch_receiver *receiver;
static struct phy_harq *harq;
static uint8_t *tb, *back;

static void estimate(void)
{
	struct phy_chest_layout l = { &plan->config.dmrs, 1 << 2, 1, false, 0, PRBS, plan->plan.bands,
		plan->plan.bands_n };

	need(phy_chest_run(chest, &kern, &l, 3, &grid, 1, 0), "channel estimation");
}

static void send(void)
{
	const uint8_t *sent = tb;

	need(phy_pdsch_send(sender, &kern, plan, 3, &sent, NULL, &grid), "PDSCH sending");
}

static void receive(void)
{
	struct phy_pdsch_result r;

	phy_harq_reset(harq);
	need(phy_pdsch_receive(receiver, &kern, plan, 3, &grid, 1, &harq, &back, &r) && r.ok,
		"PDSCH receiving");
}

/* 273 PRB, MCS 27 of the 256QAM table, one layer, 14 symbols of which two are DM-RS alone; received at 30 dB.
 */
static void bench_pdsch(void)
{
	struct phy_pdsch_config c = { .mu = 1,
		.bwp_prbs = PRBS,
		.time = { .l = 14 },
		.rnti = 0x4601,
		.n_id = 1,
		.mcs_table = PHY_MCS_256QAM,
		.layers = 1,
		.codeword = { { .mcs = 27 } } };
	struct phy_chest_filters *filters = phy_chest_filters_new();

	c.dmrs = (struct phy_dmrs){ .additional = 1, .type_a_position = 2, .groups_without_data = 2 };
	c.prbs.n = PRBS;
	for (unsigned i = 0; i < PRBS; i++)
		c.prbs.at[i] = (uint16_t)i;
	plan = memory(sizeof(*plan));
	need(filters && phy_pdsch_init(plan, &c) == PHY_PDSCH_OK, "the PDSCH's plan");
	chest = phy_chest_new(filters, 1);
	sender = phy_pdsch_sender_new();
	receiver = phy_pdsch_receiver_new(filters, 1, 1);
	harq = phy_harq_new(plan->sch[0].a);
	tb = memory(plan->sch[0].a / 8 + 1);
	back = memory(plan->sch[0].a / 8 + 1);
	need(chest && sender && receiver && harq, "memory");
	for (unsigned i = 0; i < plan->sch[0].a / 8; i++)
		tb[i] = (uint8_t)draw();
	memset(grid.re, 0, ALL * sizeof(*grid.re));
	printf("pdsch_transmit_slot_273 %.1f us\n", best_of(100, 5, send) * 1e6);
	for (unsigned i = 0; i < ALL; i++) {
		grid.re[i].re += sqrtf(0.0005f) * gaussian();
		grid.re[i].im += sqrtf(0.0005f) * gaussian();
	}
	printf("channel_estimate_273 %.1f us\n", best_of(50, 50, estimate) * 1e6);
	printf("pdsch_receive_slot_273 %.1f us\n", best_of(50, 3, receive) * 1e6);
	need(memcmp(tb, back, plan->sch[0].a / 8) == 0, "the transport block");
	phy_chest_free(chest);
	phy_pdsch_sender_free(sender);
	phy_pdsch_receiver_free(receiver);
	phy_harq_free(harq);
	phy_chest_filters_free(filters);
	free(tb);
	free(back);
	free(plan);
}

static struct phy_cell_search *search;

static void search_cells(void)
{
	static struct phy_cells cells;
	struct phy_recording in = { samples, CAPTURE, 7.68e6 };

	phy_cell_search_take(search, &kern, &in);
	phy_cell_search_run(search, &kern, -15e3, 15e3, 8, PHY_CELL_BLOCKS_WHOLE, &cells);
}

/* 40 ms of noise at 7.68 MHz: the time for one place of an SSB of 30 kHz, three frequencies. */
static void bench_search(void)
{
	search = phy_cell_search_new(7.68e6, 30e3, CAPTURE);
	need(search != NULL, "the cell search");
	for (unsigned i = 0; i < CAPTURE; i++)
		samples[i] = (struct phy_cf){ gaussian(), gaussian() };
	printf("cell_search_40ms_3_frequencies %.2f ms\n", best_of(10, 1, search_cells) * 1e3);
	phy_cell_search_free(search);
}

int main(void)
{
	kern_init(&kern, KERN_LEVELS - 1);
	decoder = aligned_alloc(64, (sizeof(*decoder) + 63) / 64 * 64);
	grid.re = memory(ALL * sizeof(*grid.re));
	samples = memory(CAPTURE * sizeof(*samples));
	spare = memory(CAPTURE * sizeof(*spare));
	noise = memory(ALL * sizeof(*noise));
	llrs = memory(ALL * 8);
	need(decoder && ldpc_graph_init(&graph, LDPC_BG1, 384), "the LDPC graph");
	bench_ldpc("033", 46, 66 * 384, -3);
	bench_ldpc("092", 5, 9183, 5);
	bench_polar();
	bench_symbols();
	bench_arrays();
	bench_pdsch();
	bench_search();
	free(decoder);
	free(grid.re);
	free(samples);
	free(spare);
	free(noise);
	free(llrs);
	return 0;
}
