/* A slot comes out the same, bit by bit, whether one worker does it or two or four. */
#include <stdlib.h>

#include "io/workers.h"
#include "radio/phy/slot/slot_bed.h"

enum { SLOTS = 3 };

static struct bed_dl dl;
static struct bed_ul ul;

static struct phy_slot_config config_of(unsigned count, struct workers *w)
{
	struct phy_slot_config c = bed_config(false);

	c.workers = (struct phy_workers){ count, w, workers_run, workers_wait };
	return c;
}

/* FNV-1a. */
static uint64_t hash(uint64_t h, const void *data, size_t n)
{
	const uint8_t *at = data;

	for (size_t i = 0; i < n; i++)
		h = (h ^ at[i]) * 0x100000001b3u;
	return h;
}

static uint64_t hash_samples(uint64_t h, struct phy_cf *const *out, size_t n)
{
	for (unsigned a = 0; a < BED_ANTENNAS; a++)
		h = hash(h, out[a], n * sizeof(**out));
	return h;
}

static uint64_t run_downlink(const struct phy_slot_config *c, struct phy_cf *const *out, uint64_t h)
{
	struct phy_dl_sender *s = phy_dl_sender_new(c);
	struct phy_dl_receiver *r = phy_dl_receiver_new(c);
	struct phy_slot_refusal refusal;

	assert_true(s && r);
	for (unsigned n = 0; n < SLOTS; n++) {
		bed_draw_dl(&dl, c, n);
		assert_true(phy_dl_send(s, &dl.slot, out, &refusal));
		h = hash_samples(h, out, phy_slot_samples(&c->carrier, n));
		assert_true(phy_dl_receive(r, &dl.expected, (const struct phy_cf *const *)out, &refusal));
		for (size_t i = 0; i < dl.slot.pdsch_n; i++) {
			h = hash(h, &dl.pdsch_rx[i].result, sizeof(dl.pdsch_rx[i].result));
			h = hash(h, dl.pdsch_rx[i].tb[0].data, dl.pdsch_rx[i].tb[0].len);
		}
		h = hash(h, dl.pdcch_rx.found, dl.pdcch_rx.found_n * sizeof(dl.pdcch_rx.found[0]));
		h = hash(h, &dl.ssb_rx.payload, sizeof(dl.ssb_rx.payload));
		h = hash(h, &dl.csi_rs_rx.measurement, sizeof(dl.csi_rs_rx.measurement));
	}
	phy_dl_sender_free(s);
	phy_dl_receiver_free(r);
	return h;
}

static uint64_t run_uplink(const struct phy_slot_config *c, struct phy_cf *const *out, uint64_t h)
{
	struct phy_ul_sender *s = phy_ul_sender_new(c);
	struct phy_ul_receiver *r = phy_ul_receiver_new(c);
	struct phy_slot_refusal refusal;

	assert_true(s && r);
	for (unsigned n = 0; n < SLOTS; n++) {
		bed_draw_ul(&ul, c, n);
		assert_true(phy_ul_send(s, &ul.slot, out, &refusal));
		h = hash_samples(h, out, phy_slot_samples(&c->carrier, n));
		assert_true(phy_ul_receive(r, &ul.expected, (const struct phy_cf *const *)out, &refusal));
		for (size_t i = 0; i < ul.slot.pusch_n; i++) {
			h = hash(h, &ul.pusch_rx[i].result.channel, sizeof(ul.pusch_rx[i].result.channel));
			h = hash(h, ul.pusch_rx[i].tb.data, ul.pusch_rx[i].tb.len);
		}
		for (unsigned i = 0; i < BED_PUCCH; i++)
			h = hash(h, &ul.pucch_rx[i].result.power, sizeof(float));
		for (size_t i = 0; i < ul.expected.rach_n; i++)
			h = hash(h, &ul.expected.rach[i].found[0].snr, sizeof(float));
		h = hash(h, &ul.estimate.h[0][0][0], 16 * sizeof(struct phy_cf));
	}
	phy_ul_sender_free(s);
	phy_ul_receiver_free(r);
	return h;
}

static uint64_t run_all(unsigned count)
{
	static struct phy_cf samples[BED_ANTENNAS][BED_SAMPLES];
	struct phy_cf *const out[BED_ANTENNAS] = { samples[0], samples[1] };
	struct workers *w = workers_new(count);
	struct phy_slot_config c = config_of(count, w);
	uint64_t h;

	assert_non_null(w);
	bed_seed(3);
	h = run_downlink(&c, out, 0xcbf29ce484222325u);
	h = run_uplink(&c, out, h);
	workers_free(w);
	return h;
}

static void test_same_bits(void **state)
{
	uint64_t one = run_all(1);

	assert_true(run_all(2) == one);
	assert_true(run_all(4) == one);
}

static _Atomic unsigned order;
static unsigned done_at[3][8];

static void note(void *arg, unsigned worker, unsigned index)
{
	((unsigned *)arg)[index] = ++order;
}

/* A group begins when those it comes after are over; one of no task is over at once. */
static void test_order(void **state)
{
	struct workers *w = workers_new(4);
	struct phy_workers workers = { 4, w, workers_run, workers_wait };
	struct phy_tasks t;

	for (unsigned round = 0; round < 200; round++) {
		uint32_t first, none, second;

		order = 0;
		phy_tasks_init(&t, &workers);
		first = phy_tasks_add(&t, note, done_at[0], 8, 0);
		none = phy_tasks_add(&t, note, NULL, 0, first);
		second = phy_tasks_add(&t, note, done_at[1], 5, none | first);
		phy_tasks_add(&t, note, done_at[2], 1, second);
		phy_tasks_run(&t);
		for (unsigned i = 0; i < 8; i++)
			assert_in_range(done_at[0][i], 1, 8);
		for (unsigned i = 0; i < 5; i++)
			assert_in_range(done_at[1][i], 9, 13);
		assert_int_equal(done_at[2][0], 14);
	}
	workers_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_order), cmocka_unit_test(test_same_bits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
