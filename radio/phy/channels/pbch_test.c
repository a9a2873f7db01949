#include <math.h>

#include "radio/phy/channels/pbch.h"
#include "radio/phy/phy_test.h"

static struct phy_pbch pbch;
static struct phy_pbch_burst bursts[4];
static struct kern kern;

static struct phy_pbch_payload random_payload(unsigned l_max)
{
	struct phy_pbch_payload p = {
		.sfn = draw() % 1024, .half_frame = draw() & 1, .ssb_index = (uint8_t)(draw() % l_max)
	};

	p.k_ssb_msb = l_max < 64 && draw() & 1;
	for (unsigned i = 0; i < PHY_PBCH_MIB_OCTETS; i++)
		p.mib[i] = (uint8_t)draw();
	/* the six bits of systemFrameNumber */
	p.mib[0] = (uint8_t)((p.mib[0] & 0x81) | (p.sfn >> 9 & 1) << 6 | (p.sfn >> 8 & 1) << 5 |
			     (p.sfn >> 7 & 1) << 4 | (p.sfn >> 6 & 1) << 3 | (p.sfn >> 5 & 1) << 2 |
			     (p.sfn >> 4 & 1) << 1);
	return p;
}

static void receive_llrs(struct phy_pbch_burst *b, const struct phy_pbch_payload *p, unsigned l_max,
	unsigned n_cell_id, double snr)
{
	struct phy_cf symbols[PHY_PBCH_SYMBOLS];

	assert_true(phy_pbch_transmit(&pbch, symbols, p, l_max, n_cell_id));
	for (unsigned i = 0; i < PHY_PBCH_SYMBOLS; i++) {
		b->llr[2 * i] = (float)(symbols[i].re + gaussian() / sqrt(2 * snr));
		b->llr[2 * i + 1] = (float)(symbols[i].im + gaussian() / sqrt(2 * snr));
	}
}

static void assert_same(const struct phy_pbch_payload *a, const struct phy_pbch_payload *b)
{
	assert_memory_equal(a->mib, b->mib, sizeof(a->mib));
	assert_int_equal(a->sfn, b->sfn);
	assert_int_equal(a->half_frame, b->half_frame);
	assert_int_equal(a->k_ssb_msb, b->k_ssb_msb);
	assert_int_equal(a->ssb_index, b->ssb_index);
}

/* What is sent comes back, and what comes back is sent the same. */
static void test_there_and_back(void **state)
{
	static const unsigned l_maxs[] = { 4, 8, 64 };

	seed = 1;
	for (unsigned i = 0; i < 300; i++) {
		unsigned l_max = l_maxs[i % 3], n_cell_id = (unsigned)(draw() % 1008);
		struct phy_pbch_payload p = random_payload(l_max), back;
		unsigned i_bar = phy_pbch_i_bar(l_max, p.ssb_index, p.half_frame);

		receive_llrs(&bursts[0], &p, l_max, n_cell_id, 1);
		bursts[0].half_frames_on = 0;
		assert_true(phy_pbch_receive(&pbch, &kern, bursts, 1, l_max, n_cell_id, i_bar, &back));
		assert_same(&back, &p);
	}
}

/* Bursts that are too weak alone are decoded together, across every carry of the frame number. */
static void test_together(void **state)
{
	unsigned alone = 0;

	seed = 2;
	for (unsigned i = 0; i < 100; i++) {
		unsigned l_max = i % 2 ? 8 : 64, n_cell_id = (unsigned)(draw() % 1008);
		struct phy_pbch_payload p = random_payload(l_max), later, back;

		if (i % 4 == 3) /* many carries */
			p.sfn = 1022;
		p.mib[0] = (uint8_t)((p.mib[0] & 0x81) | (p.sfn >> 4) << 1);
		for (unsigned n = 0; n < 4; n++) {
			later = p;
			later.sfn = (uint16_t)((p.sfn + 2 * n) % 1024);
			receive_llrs(&bursts[n], &later, l_max, n_cell_id, 0.1);
			bursts[n].half_frames_on = 4 * n;
		}
		alone += phy_pbch_receive(&pbch, &kern, bursts, 1, l_max, n_cell_id, p.ssb_index & 7, &back);
		assert_true(
			phy_pbch_receive(&pbch, &kern, bursts, 4, l_max, n_cell_id, p.ssb_index & 7, &back));
		assert_same(&back, &p);
	}
	print_message("alone %u of 100\n", alone);
	assert_true(alone < 90);
}

static void test_noise_and_refusals(void **state)
{
	struct phy_pbch_payload p = { .ssb_index = 4 }, back;
	struct phy_cf symbols[PHY_PBCH_SYMBOLS];

	seed = 3;
	for (unsigned i = 0; i < 300; i++) {
		for (unsigned n = 0; n < 2; n++) {
			for (unsigned j = 0; j < PHY_PBCH_E; j++)
				bursts[n].llr[j] = (float)gaussian();
			bursts[n].half_frames_on = 4 * n;
		}
		assert_false(phy_pbch_receive(&pbch, &kern, bursts, 2, 8, 5, i % 8, &back));
	}
	bursts[0].llr[7] = NAN;
	assert_false(phy_pbch_receive(&pbch, &kern, bursts, 1, 8, 5, 0, &back));
	memset(bursts, 0, sizeof(bursts));
	assert_false(phy_pbch_receive(&pbch, &kern, bursts, 2, 8, 5, 0, &back));
	assert_false(phy_pbch_transmit(&pbch, symbols, &p, 4, 5));
	assert_false(phy_pbch_transmit(&pbch, symbols, &p, 5, 5));
	assert_false(phy_pbch_transmit(&pbch, symbols, &p, 8, 1008));
	p.sfn = 1024;
	assert_false(phy_pbch_transmit(&pbch, symbols, &p, 8, 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_noise_and_refusals),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	phy_pbch_init(&pbch);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
