/*
 * Detection of preambles: all formats and sets, alone and several at a time, with delays, frequency offsets
 * and 1 to 8 antennas; noise is taken for a preamble as rarely as promised. --full: false alarms in many
 * occasions; --bench: times.
 */
#include "radio/phy/phy_test.h"

#include <stdlib.h>
#include <time.h>

#include "radio/phy/prach/prach.h"

static struct kern kern;
static struct phy_prach plan;
static struct phy_prach_received received;
static struct phy_prach_found found[PHY_PRACH_PREAMBLES];

static void draw_plan(void)
{
	static const uint16_t lengths[] = { 139, 571, 1151 };
	enum phy_prach_error e = PHY_PRACH_ERRORS;

	while (e != PHY_PRACH_OK) {
		struct phy_prach_config c = { .format = (enum phy_prach_format)below(PHY_PRACH_FORMATS) };

		c.l_ra = c.format <= PHY_PRACH_3 ? 839 : lengths[below(3)];
		c.mu = (uint8_t)below(4);
		c.root_index = (uint16_t)below(c.l_ra - 1u);
		c.zone = (uint8_t)(1 + below(13));
		c.set = c.format <= PHY_PRACH_3 ? (enum phy_prach_set)below(3) : PHY_PRACH_UNRESTRICTED;
		e = phy_prach_init(&plan, &c);
	}
}

/* Noise of variance 1 on every subcarrier of a repetition. */
static void begin(unsigned antennas, unsigned groups)
{
	float size = sqrtf((float)plan.repetitions / (float)groups);

	received.antennas = antennas;
	received.groups = groups;
	for (unsigned a = 0; a < antennas; a++) {
		for (unsigned g = 0; g < groups; g++) {
			for (unsigned k = 0; k < plan.config.l_ra; k++) {
				struct phy_cf n = gaussian_cf();

				received.y[a][g][k] = (struct phy_cf){ size * n.re, size * n.im };
			}
		}
	}
}

/* A preamble `delay` places of L_RA late, at an SNR; its frequency is off by part of the spacing. */
static void add(unsigned v, double delay, double snr_db, double offset)
{
	static struct phy_cf y[PHY_PRACH_L_MAX];
	unsigned l = plan.config.l_ra;
	double size = pow(10, snr_db / 20) / sqrt(l) * plan.repetitions / received.groups;

	phy_prach_sequence(&plan, v, y);
	for (unsigned a = 0; a < received.antennas; a++) {
		double phase = 2 * M_PI * uniform();

		for (unsigned g = 0; g < received.groups; g++) {
			for (unsigned k = 0; k < l; k++) {
				double turn = phase - 2 * M_PI * delay * k / l, c = size * cos(turn),
				       s = size * sin(turn);
				/* what an offset leaves on its subcarrier, and moves to the next */
				double own = offset == 0 ? 1 : sin(M_PI * offset) / (M_PI * offset);
				double next = offset == 0 ? 0 : sin(M_PI * offset) / (M_PI * (1 - offset));
				struct phy_cf *at = &received.y[a][g][k], *up = &received.y[a][g][k + 1];

				at->re += (float)(own * (c * y[k].re - s * y[k].im));
				at->im += (float)(own * (c * y[k].im + s * y[k].re));
				if (k + 1 < l) {
					up->re += (float)(next * (c * y[k].re - s * y[k].im));
					up->im += (float)(next * (c * y[k].im + s * y[k].re));
				}
			}
		}
	}
}

static const struct phy_prach_found *find(unsigned count, unsigned v)
{
	for (unsigned i = 0; i < count; i++) {
		if (found[i].preamble == v)
			return &found[i];
	}
	return NULL;
}

/* One preamble 15 dB above what all its energy needs, anywhere in its window: it alone, at its time and its
 * SNR. */
static void test_alone(void **state)
{
	for (unsigned turn = 0; turn < 400; turn++) {
		unsigned antennas = 1 + below(8), groups, v = below(64), count;
		struct phy_prach_detector *d;
		double delay, snr_db, place, offset;

		draw_plan();
		groups = plan.repetitions % 2 ? 1 : 1 + below(2);
		d = phy_prach_detector_new(&plan);
		assert_non_null(d);
		place = 1.0 / plan.config.l_ra / plan.spacing_hz;
		delay = uniform() * (plan.n_cs > 3 ? plan.n_cs - 2 : 0.2);
		snr_db = 30 - 10 * log10((double)plan.config.l_ra * plan.repetitions * antennas) +
			 10 * uniform();
		offset = below(2) * 375.0 / plan.spacing_hz;
		if (plan.config.set != PHY_PRACH_UNRESTRICTED)
			offset = 0.9 * uniform();
		begin(antennas, groups);
		add(v, delay, snr_db, offset);
		count = phy_prach_detect(d, &kern, &received, found);
		if (count != 1 || !find(count, v))
			fail_msg("turn %u: format %u L %u set %u N_CS %u offset %.2f: %u found, %u of %u, "
				 "delay %.2f",
				turn, plan.config.format, plan.config.l_ra, plan.config.set, plan.n_cs,
				offset, count, count ? found[0].preamble : 99, v, delay);
		assert_true(fabs(found[0].delay_s / place - delay) < 0.6);
		if (offset == 0 && snr_db < -6)
			assert_true(fabs(10 * log10(found[0].snr) - snr_db) < 4);
		phy_prach_detector_free(d);
	}
}

/* Up to four at once, 10 dB apart at most. */
static void test_several(void **state)
{
	for (unsigned turn = 0; turn < 150; turn++) {
		unsigned n, sent[4], count;
		struct phy_prach_detector *d;
		bool used[PHY_PRACH_PREAMBLES] = { false };

		do {
			draw_plan();
		} while (plan.config.set != PHY_PRACH_UNRESTRICTED || plan.n_cs < 8);
		n = 2 + below(3);
		d = phy_prach_detector_new(&plan);
		assert_non_null(d);
		begin(2, 1);
		for (unsigned i = 0; i < n; i++) {
			do {
				sent[i] = below(64);
			} while (used[sent[i]]);
			used[sent[i]] = true;
			add(sent[i], uniform() * (plan.n_cs - 4) + 1,
				26 - 10 * log10((double)plan.config.l_ra * plan.repetitions) + 10 * uniform(),
				0);
		}
		count = phy_prach_detect(d, &kern, &received, found);
		for (unsigned i = 0; i < n; i++) {
			if (!find(count, sent[i]) || count != n)
				fail_msg("turn %u: L %u N_CS %u: %u of %u found", turn, plan.config.l_ra,
					plan.n_cs, count, n);
		}
		phy_prach_detector_free(d);
	}
}

/* Samples of a carrier with fading of no kind, but a delay: from sending to finding. */
static void test_samples(void **state)
{
	static const unsigned sizes[] = { 512, 768, 1024, 1536, 2048 };

	for (unsigned turn = 0, tried = 0; tried < 25; turn++) {
		struct phy_prach_place place = { below(3), 0, 0, sizes[below(5)], 5 + below(50) / 7.0,
			below(2) * 1024 };
		unsigned prbs, k_bar, v = below(64), count;
		const struct phy_cf *antenna[1];
		struct phy_prach_signal *s = NULL;
		struct phy_prach_detector *d;
		struct phy_cf *out;
		size_t n;

		draw_plan();
		if (phy_prach_blocks(&plan, place.pusch_mu, &prbs, &k_bar))
			s = phy_prach_signal_new(&plan, place.pusch_mu, place.fft_size);
		place.grid_prbs = 270 < place.fft_size / 16 ? 270 : place.fft_size / 16;
		place.first_prb = s && place.grid_prbs >= prbs ? below(place.grid_prbs - prbs + 1) : 0;
		n = phy_prach_samples(&plan, &place);
		out = calloc(n + 8, sizeof(*out));
		assert_non_null(out);
		if (s && phy_prach_send(s, &kern, v, &place, out)) {
			double late = 3e0 / (15e3 * (1 << place.pusch_mu) * place.fft_size);

			tried++;
			place.start -= 3; /* what is looked for three samples early is three samples late */
			antenna[0] = out;
			assert_true(phy_prach_receive(s, &kern, &place, antenna, 1, &received));
			d = phy_prach_detector_new(&plan);
			assert_non_null(d);
			count = phy_prach_detect(d, &kern, &received, found);
			assert_int_equal(count, 1);
			assert_int_equal(found[0].preamble, v);
			assert_true(fabs(found[0].delay_s - late) < 0.3 / plan.config.l_ra / plan.spacing_hz);
			phy_prach_detector_free(d);
		}
		free(out);
		phy_prach_signal_free(s);
	}
}

static void false_alarms(unsigned occasions)
{
	static const struct phy_prach_config configs[] = { { PHY_PRACH_0, 839, 0, 22, 1,
								   PHY_PRACH_UNRESTRICTED },
		{ PHY_PRACH_B4, 139, 0, 0, 11, PHY_PRACH_UNRESTRICTED },
		{ PHY_PRACH_0, 839, 0, 300, 5, PHY_PRACH_TYPE_A },
		{ PHY_PRACH_C0, 139, 1, 7, 8, PHY_PRACH_UNRESTRICTED } };

	for (size_t i = 0; i < ARRAY_LEN(configs); i++) {
		struct phy_prach_detector *d;
		unsigned alarms = 0;

		assert_int_equal(phy_prach_init(&plan, &configs[i]), PHY_PRACH_OK);
		d = phy_prach_detector_new(&plan);
		assert_non_null(d);
		for (unsigned t = 0; t < occasions; t++) {
			begin(1 + t % 2, 1 + t / 2 % 2);
			alarms += phy_prach_detect(d, &kern, &received, found) > 0;
		}
		print_message("format %u, set %u: %u false alarms in %u\n", configs[i].format, configs[i].set,
			alarms, occasions);
		assert_true(alarms <= occasions * 1e-3 + 3 * sqrt(occasions * 1e-3) + 1);
		phy_prach_detector_free(d);
	}
}

static void test_false_alarms(void **state)
{
	false_alarms(600);
}

/* Silence, and what is no number. */
static void test_nonsense(void **state)
{
	struct phy_prach_config c = { PHY_PRACH_0, 839, 0, 0, 1, PHY_PRACH_UNRESTRICTED };
	struct phy_prach_detector *d;

	assert_int_equal(phy_prach_init(&plan, &c), PHY_PRACH_OK);
	d = phy_prach_detector_new(&plan);
	assert_non_null(d);
	memset(&received, 0, sizeof(received));
	received.antennas = 2;
	received.groups = 1;
	assert_int_equal(phy_prach_detect(d, &kern, &received, found), 0);
	received.y[0][0][5].re = NAN;
	received.y[1][0][5].re = INFINITY;
	assert_int_equal(phy_prach_detect(d, &kern, &received, found), 0);
	phy_prach_detector_free(d);
}

static double now_us(void)
{
	return (double)clock() * 1e6 / CLOCKS_PER_SEC;
}

static int bench(void)
{
	static const struct phy_prach_config configs[] = { { PHY_PRACH_0, 839, 0, 0, 0,
								   PHY_PRACH_UNRESTRICTED },
		{ PHY_PRACH_0, 839, 0, 22, 1, PHY_PRACH_UNRESTRICTED },
		{ PHY_PRACH_B4, 139, 1, 0, 0, PHY_PRACH_UNRESTRICTED },
		{ PHY_PRACH_B4, 139, 1, 0, 14, PHY_PRACH_UNRESTRICTED } };

	for (size_t i = 0; i < ARRAY_LEN(configs); i++) {
		struct phy_prach_detector *d;
		double best = 1e9;

		if (phy_prach_init(&plan, &configs[i]) != PHY_PRACH_OK)
			return 1;
		d = phy_prach_detector_new(&plan);
		begin(1, 1);
		for (unsigned t = 0; d && t < 40; t++) {
			double from = now_us();

			for (unsigned run = 0; run < 20; run++)
				(void)phy_prach_detect(d, &kern, &received, found);
			best = fmin(best, (now_us() - from) / 20);
		}
		printf("prach_detect_format_%s_%u_roots %.2f us\n",
			configs[i].format == PHY_PRACH_0 ? "0" : "b4", plan.roots_n, best);
		phy_prach_detector_free(d);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_false_alarms),
		cmocka_unit_test(test_nonsense),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	if (argc > 1 && !strcmp(argv[1], "--bench"))
		return bench();
	if (argc > 1 && !strcmp(argv[1], "--full")) {
		false_alarms(40000);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
