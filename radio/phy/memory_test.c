/*
 * When memory is out: each function that allocates is called with its first, second, ... allocation failing,
 * reports it, and leaves nothing behind. (Linked with the linker's --wrap for malloc, calloc and
 * aligned_alloc.)
 */
#include <stdlib.h>

#include "base/test.h"
#include "radio/phy/channels/pucch.h"
#include "radio/phy/channels/srs.h"
#include "radio/phy/signals/fft16.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/prach/prach.h"
#include "radio/phy/channels/pusch.h"
#include "radio/phy/search/follow.h"
#include "radio/phy/search/tones.h"
#include "radio/phy/slot/slot_downlink.h"
#include "radio/phy/slot/slot_uplink.h"
#include "radio/phy/waveform/measure.h"
#include "radio/phy/waveform/preambles.h"
#include "sim/channel/channel.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
void __wrap_free(void *p);

static bool counting;
static unsigned before_failure; /* allocations that still come through */
static bool failed;
static int held;

static bool fails(void)
{
	if (!counting)
		return false;
	if (before_failure-- > 0)
		return false;
	before_failure = 0; /* and all that follow */
	failed = true;
	return true;
}

void *__wrap_malloc(size_t n)
{
	void *p = fails() ? NULL : __real_malloc(n);

	held += counting && p;
	return p;
}

void *__wrap_calloc(size_t n, size_t size)
{
	void *p = fails() ? NULL : __real_calloc(n, size);

	held += counting && p;
	return p;
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
	void *p = fails() ? NULL : __real_aligned_alloc(alignment, n);

	held += counting && p;
	return p;
}

void __wrap_free(void *p)
{
	held -= counting && p;
	__real_free(p);
}

/* Makes and ends something; false if it could not be made. */
typedef bool trial(void);

static bool fft(void)
{
	struct phy_fft f;
	bool ok = phy_fft_init(&f, 256, false);

	phy_fft_fini(&f);
	return ok;
}

static bool fft16(void)
{
	struct phy_fft16 f;
	bool ok = phy_fft16_init(&f, 256, false);

	phy_fft16_fini(&f);
	return ok;
}

static bool ofdm(void)
{
	struct phy_ofdm_config c = { .prbs = 20, .fft_size = 256 };
	struct phy_ofdm o;

	if (!phy_ofdm_init(&o, &c))
		return false;
	phy_ofdm_fini(&o);
	return true;
}

static bool resampler(void)
{
	struct phy_resampler r;

	if (!phy_resampler_init(&r, 2e6, 1e6))
		return false;
	phy_resampler_fini(&r);
	return true;
}

static bool bursts(void)
{
	static struct phy_bursts b;

	if (!phy_bursts_init(&b, 3.84e6, 15e3))
		return false;
	phy_bursts_fini(&b);
	return true;
}

#define NEW(name, type, make, end)                                                                           \
	static bool name(void)                                                                               \
	{                                                                                                    \
		struct type *p = make;                                                                       \
                                                                                                             \
		end(p);                                                                                      \
		return p != NULL;                                                                            \
	}

static struct phy_chest_filters *filters;
static struct phy_prach prach;
static struct phy_rach rach = { .grid_prbs = 15, .prbs = 6, .fdm = 1, .slots = 10 };
static const struct channel_config awgn = { .rate_hz = 1e6, .snr_db = 10, .signal_power = 1 };
static const struct phy_prach_config prach_config = { .format = PHY_PRACH_0, .l_ra = 839, .zone = 1 };
static const struct phy_waveform_config waveform_config = {
	.prbs = 25,
	.fft_size = 512,
	.pattern = PHY_SSB_CASE_A,
	.l_max = 8,
	.period_ms = 20,
	.sent = 1,
	.band = PHY_BAND_5_MHZ,
	.dmrs_type_a_position = 2,
	.coreset_zero = 1,
	.search_space_zero = 2,
	.sib1 = { (const uint8_t *)"SIB1", 4 },
	.amplitude = 1,
};

static const struct phy_scan_cell scan_cell = { .cell = { .scs_hz = 15e3, .l_max = 8 } };

static const struct phy_slot_config slot_config = {
	.carrier = { .prbs = 12, .fft_size = 256 },
	.antennas = 1,
	.layers = 1,
	.shared = 1,
	.pucch = 1,
	.srs = 1,
	.csi_rs = 1,
	.prach = 1,
	.harqs = 1,
	.tb_bits = 1000,
	.preambles = { .format = PHY_PRACH_B4, .l_ra = 139 },
};

NEW(pss_search, phy_pss_search, phy_pss_search_new(3.84e6, 15e3, 4000), phy_pss_search_free)
NEW(cell_search, phy_cell_search, phy_cell_search_new(3.84e6, 15e3, 4000), phy_cell_search_free)
NEW(sib1_reader, phy_sib1_reader, phy_sib1_reader_new(), phy_sib1_reader_free)
NEW(pdcch_receiver, phy_pdcch_receiver, phy_pdcch_receiver_new(), phy_pdcch_receiver_free)
NEW(polar_cache, phy_polar_cache, phy_polar_cache_new(), phy_polar_cache_free)
NEW(uci_codec, phy_uci_codec, phy_uci_codec_new(), phy_uci_codec_free)
NEW(pucch_tables, phy_pucch_tables, phy_pucch_tables_new(), phy_pucch_tables_free)
NEW(pucch_work, phy_pucch_work, phy_pucch_work_new(NULL), phy_pucch_work_free)
NEW(srs_work, phy_srs_work, phy_srs_work_new(), phy_srs_work_free)
NEW(prach_signal, phy_prach_signal, phy_prach_signal_new(&prach, 0, 1536), phy_prach_signal_free)
NEW(prach_detector, phy_prach_detector, phy_prach_detector_new(&prach), phy_prach_detector_free)
NEW(rach_ear, phy_rach_ear, phy_rach_ear_new(&rach, 3.84e6), phy_rach_ear_free)
NEW(follow, phy_follow, phy_follow_new(&scan_cell, 3.84e6), phy_follow_free)
NEW(preambles, phy_preambles, phy_preambles_new(&rach, 1, 256, 0, 1), phy_preambles_free)
NEW(pdsch_sender, phy_pdsch_sender, phy_pdsch_sender_new(), phy_pdsch_sender_free)
NEW(pdsch_receiver, phy_pdsch_receiver, phy_pdsch_receiver_new(filters, 2, 2), phy_pdsch_receiver_free)
NEW(dfts, phy_dfts, phy_dfts_new(), phy_dfts_free)
NEW(pusch_sender, phy_pusch_sender, phy_pusch_sender_new(NULL), phy_pusch_sender_free)
NEW(pusch_receiver, phy_pusch_receiver, phy_pusch_receiver_new(filters, NULL, 2, 2), phy_pusch_receiver_free)
NEW(chest, phy_chest, phy_chest_new(filters, 2), phy_chest_free)
NEW(chest_filters, phy_chest_filters, phy_chest_filters_new(), phy_chest_filters_free)
NEW(sch_encoder, phy_sch_encoder, phy_sch_encoder_new(), phy_sch_encoder_free)
NEW(sch_decoder, phy_sch_decoder, phy_sch_decoder_new(), phy_sch_decoder_free)
NEW(harq, phy_harq, phy_harq_new(5000), phy_harq_free)
NEW(dl_sender, phy_dl_sender, phy_dl_sender_new(&slot_config), phy_dl_sender_free)
NEW(dl_receiver, phy_dl_receiver, phy_dl_receiver_new(&slot_config), phy_dl_receiver_free)
NEW(ul_sender, phy_ul_sender, phy_ul_sender_new(&slot_config), phy_ul_sender_free)
NEW(ul_receiver, phy_ul_receiver, phy_ul_receiver_new(&slot_config), phy_ul_receiver_free)
NEW(channel, channel, channel_new(&awgn), channel_free)

static bool waveform(void)
{
	enum phy_waveform_error e = PHY_WAVEFORM_OK;
	struct phy_waveform *w = phy_waveform_new(&waveform_config, &e);

	if (w)
		phy_waveform_free(w);
	else
		assert_int_equal(e, PHY_WAVEFORM_MEMORY);
	return w != NULL;
}

static bool tones(void)
{
	static struct phy_cf samples[2048];
	struct kern kern;

	kern_init(&kern, KERN_LEVELS - 1);
	return phy_tones_remove(&kern, samples, ARRAY_LEN(samples), 7.68e6);
}

/* A recording with a cell, so that all of the scan runs. */
static bool scan(void)
{
	static struct phy_cf samples[2 * 7680];
	static struct phy_scan out;
	static bool made;
	struct phy_scan_config config = { .centre_hz = 3499.68e6, .spacings = 1 }; /* GSCN 7846 */
	enum phy_scan_error error;
	struct kern kern;

	kern_init(&kern, KERN_LEVELS - 1);
	if (!made) {
		enum phy_waveform_error e;
		struct phy_waveform *w;

		counting = false;
		w = phy_waveform_new(&waveform_config, &e);
		for (unsigned ms = 0; ms < 2; ms++)
			phy_waveform_run(w, &kern, samples + 7680 * ms);
		phy_waveform_free(w);
		made = counting = true;
	}
	error = phy_scan_run(&kern, samples, ARRAY_LEN(samples), 7.68e6, &config, &out);
	assert_true(error == PHY_SCAN_OK || error == PHY_SCAN_MEMORY);
	return error == PHY_SCAN_OK && (out.count == 0 || out.cell[0].outcome != PHY_SIB1_MEMORY);
}

static bool measure(void)
{
	static struct phy_cf samples[7680];
	static struct phy_measurement out;
	enum phy_measure_error error;
	enum phy_waveform_error e;
	struct phy_waveform *w;
	struct kern kern;

	kern_init(&kern, KERN_LEVELS - 1);
	counting = false;
	w = phy_waveform_new(&waveform_config, &e);
	phy_waveform_run(w, &kern, samples);
	phy_waveform_free(w);
	counting = true;
	error = phy_waveform_measure(&waveform_config, &kern, samples, ARRAY_LEN(samples), &out);
	assert_true(error == PHY_MEASURE_OK || error == PHY_MEASURE_MEMORY);
	return error == PHY_MEASURE_OK;
}

static void test_each_allocation(void **state)
{
	static const struct {
		const char *name;
		trial *run;
		unsigned from; /* the first to fail; those before belong to another trial */
	} trials[] = {
		{ "fft", fft }, { "fft16", fft16 }, { "ofdm", ofdm }, { "resampler", resampler },
		{ "bursts", bursts }, { "pss_search", pss_search }, { "cell_search", cell_search },
		{ "sib1_reader", sib1_reader }, { "pdcch_receiver", pdcch_receiver },
		{ "polar_cache", polar_cache }, { "uci_codec", uci_codec }, { "pucch_tables", pucch_tables },
		{ "pucch_work", pucch_work }, { "srs_work", srs_work }, { "prach_signal", prach_signal },
		{ "prach_detector", prach_detector }, { "pdsch_sender", pdsch_sender }, { "dfts", dfts },
		{ "pusch_sender", pusch_sender }, { "pusch_receiver", pusch_receiver },
		{ "pdsch_receiver", pdsch_receiver }, { "chest", chest }, { "chest_filters", chest_filters },
		{ "sch_encoder", sch_encoder }, { "sch_decoder", sch_decoder }, { "harq", harq },
		{ "dl_sender", dl_sender }, { "dl_receiver", dl_receiver },
		{ "ul_sender", ul_sender, 126 }, /* of what follows the tables */
		{ "ul_receiver", ul_receiver, 128 }, { "channel", channel }, { "waveform", waveform },
		{ "measure", measure }, { "rach_ear", rach_ear }, { "follow", follow },
		{ "preambles", preambles }, { "tones", tones },
		{ "scan", scan, 86 }, /* of reading SIB1 by the last guess */
	};

	assert_int_equal(phy_prach_init(&prach, &prach_config), PHY_PRACH_OK);
	rach.plan[0] = rach.plan[1] = prach;
	filters = phy_chest_filters_new();
	assert_non_null(filters);
	for (size_t i = 0; i < ARRAY_LEN(trials); i++) {
		unsigned n = trials[i].from;
		bool ok = false;

		while (!ok) {
			held = 0;
			failed = false;
			before_failure = n++;
			counting = true;
			ok = trials[i].run();
			counting = false;
			if (ok == failed || held != 0)
				print_message("%s: allocation %u: %s, %d left\n", trials[i].name, n,
					ok ? "made" : "refused", held);
			assert_true(ok != failed);
			assert_int_equal(held, 0);
			assert_true(n < 200);
		}
		print_message("%s: %u allocations\n", trials[i].name, n - 1);
		assert_true(n > 1);
	}
	phy_chest_filters_free(filters);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_each_allocation) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
