/* The medium as a room: who hears whom, with which noise, and by which numbers. */
#include "base/test_env.h"

#include <math.h>

#include "sim/channel/internal.h"
#include "sim/medium/internal.h"

enum { RATE_HZ = 1920000, LONG = 200000, LATE = CHANNEL_LATENCY };

struct bed {
	struct test_env t;
	struct medium_config c;
	struct medium *m;
	struct room room;
	struct phy_cf *heard[MEDIUM_PORTS]; /* of LONG samples */
	size_t count[MEDIUM_PORTS];
};

/* UEs without fading; SNR and rest are the caller's to change before bed_begin(). */
static void bed_init(struct bed *b, unsigned ues)
{
	struct medium_config *c = &b->c;

	memset(b, 0, sizeof(*b));
	config_defaults(&medium_config_section, c, sizeof(*c));
	c->rate_hz = RATE_HZ;
	c->ue_count = (uint8_t)ues;
	c->realtime = false;
	for (unsigned i = 0; i < ues; i++)
		c->ues[i].snr_db = 100;
	for (unsigned i = 0; i < MEDIUM_PORTS; i++) {
		b->heard[i] = calloc(LONG, sizeof(*b->heard[i]));
		assert_non_null(b->heard[i]);
	}
}

static void bed_begin(struct bed *b)
{
	struct config_doubt doubt;

	test_env_init(&b->t, 1, false);
	assert_true(medium_config_complete(&b->c, &doubt));
	b->m = medium_new(&b->c, &b->t.env);
	assert_non_null(b->m);
	b->room = medium_room(b->m);
}

static void bed_end(struct bed *b)
{
	medium_free(b->m);
	test_env_fini(&b->t);
	for (unsigned i = 0; i < MEDIUM_PORTS; i++)
		free(b->heard[i]);
}

/* What every port hears from now on begins at 0. */
static void forget(struct bed *b)
{
	memset(b->count, 0, sizeof(b->count));
}

static void collect(struct bed *b)
{
	for (const struct outbox_item *i = b->t.outbox.head; i; i = i->next) {
		size_t n = i->msg.data.len / sizeof(struct phy_cf), *at = &b->count[i->msg.port];

		assert_int_equal(i->msg.kind, MSG_DATA);
		assert_true(*at + n <= LONG);
		memcpy(b->heard[i->msg.port] + *at, i->msg.data.data, i->msg.data.len);
		*at += n;
	}
	test_env_forget(&b->t);
}

static void tell(struct bed *b, uint16_t port, enum msg_kind kind)
{
	b->room.ops->on_msg(b->room.self, &(struct msg){ .kind = kind, .port = port });
	collect(b);
}

static void send(struct bed *b, uint16_t port, const struct phy_cf *in, size_t n)
{
	struct msg m = { .kind = MSG_DATA, .port = port, .data = bytes_of(in, n * sizeof(*in)) };

	b->room.ops->on_msg(b->room.self, &m);
	collect(b);
}

static uint16_t ue(unsigned i)
{
	return (uint16_t)(MEDIUM_PORT_UE + i);
}

/* Samples of power 1, the same for the same seed. */
static void draw(uint64_t seed, struct phy_cf *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double a = 2 * M_PI * channel_uniform(&seed);

		out[i] = (struct phy_cf){ (float)cos(a), (float)sin(a) };
	}
}

/* What is left of got once gain * want is taken out of it, over n samples, in dB below gain^2. */
static double error_db(const struct phy_cf *got, const struct phy_cf *want, double gain, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double re = got[i].re - gain * want[i].re, im = got[i].im - gain * want[i].im;

		sum += re * re + im * im;
	}
	return -10 * log10(sum / (double)n / (gain * gain));
}

/* Both ways, at the SNR that was asked for, and not before the ends are there. */
static void test_snr(void **state)
{
	static struct phy_cf down[LONG], up[LONG];
	static const double snrs[] = { 0, 12.5, 40 };

	draw(1, down, LONG);
	draw(2, up, LONG);
	for (unsigned i = 0; i < ARRAY_LEN(snrs); i++) {
		struct bed b;

		bed_init(&b, 1);
		b.c.ues[0].snr_db = snrs[i];
		bed_begin(&b);
		send(&b, ue(0), up, 10); /* of nobody */
		tell(&b, ue(0), MSG_UP);
		tell(&b, MEDIUM_PORT_GNB, MSG_UP);
		send(&b, MEDIUM_PORT_GNB, down, LONG / 2);
		send(&b, ue(0), up, LONG / 4);
		assert_int_equal(b.count[ue(0)], LONG / 2);
		assert_int_equal(b.count[MEDIUM_PORT_GNB], LONG / 4);
		assert_true(fabs(error_db(b.heard[ue(0)] + LATE, down, 1, LONG / 2 - LATE) - snrs[i]) < 0.1);
		assert_true(fabs(error_db(b.heard[MEDIUM_PORT_GNB] + LATE, up, 1, LONG / 4 - LATE) -
				    snrs[i]) < 0.1);
		bed_end(&b);
	}
}

/* Two UEs add up at the gNB, the weaker one by so much weaker as its SNR is, and the noise comes once. */
static void test_two_ues(void **state)
{
	static struct phy_cf down[LONG], up[2][LONG], sum[LONG];
	const double gain = pow(10, -6.0 / 20);
	struct bed b;

	draw(1, down, LONG);
	draw(2, up[0], LONG);
	draw(3, up[1], LONG);
	bed_init(&b, 2);
	b.c.level_db = -20;
	b.c.ues[0].snr_db = 20;
	b.c.ues[1].snr_db = 14;
	b.c.ues[1].delay_samples = 3;
	bed_begin(&b);
	for (unsigned i = 0; i < 2; i++)
		tell(&b, ue(i), MSG_UP);
	tell(&b, MEDIUM_PORT_GNB, MSG_UP);
	for (size_t i = 0; i < LONG; i++) {
		down[i].re /= 10;
		down[i].im /= 10;
		sum[i].re = up[0][i].re / 10 + (i < 3 ? 0 : (float)gain * up[1][i - 3].re / 10);
		sum[i].im = up[0][i].im / 10 + (i < 3 ? 0 : (float)gain * up[1][i - 3].im / 10);
	}
	for (size_t i = 0; i < 2 * LONG; i++) {
		up[i / LONG][i % LONG].re /= 10;
		up[i / LONG][i % LONG].im /= 10;
	}
	send(&b, MEDIUM_PORT_GNB, down, LONG / 2);
	send(&b, ue(0), up[0], LONG / 2);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 0); /* the other is waited for */
	for (size_t n = 0; n < LONG / 2; n += 1000)
		send(&b, ue(1), up[1] + n, 1000);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], LONG / 2);
	assert_true(fabs(error_db(b.heard[MEDIUM_PORT_GNB] + LATE, sum, 1, LONG / 2 - LATE) - 40) < 0.1);
	assert_true(fabs(error_db(b.heard[ue(0)] + LATE, down, 1, LONG / 2 - LATE) - 40) < 0.1);
	assert_true(fabs(error_db(b.heard[ue(1)] + LATE + 3, down, 1, LONG / 2 - LATE - 3) - 34) < 0.1);
	bed_end(&b);
}

static bool is_silent(const struct phy_cf *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fabsf(at[i].re) > 1e-3 || fabsf(at[i].im) > 1e-3)
			return false;
	return true;
}

/* A UE that comes later is heard with what it sends for the first sample that it hears; others go on when it
 * leaves. */
static void test_coming_and_going(void **state)
{
	static struct phy_cf down[LONG], up[LONG];
	struct bed b;

	draw(1, down, LONG);
	draw(2, up, LONG);
	bed_init(&b, 2);
	bed_begin(&b);
	tell(&b, MEDIUM_PORT_GNB, MSG_UP);
	send(&b, MEDIUM_PORT_GNB, down, 700); /* it is alone: it hears silence */
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 700);
	assert_true(is_silent(b.heard[MEDIUM_PORT_GNB], 700));
	tell(&b, ue(1), MSG_UP);
	send(&b, MEDIUM_PORT_GNB, down + 700, 300);
	assert_int_equal(b.count[ue(1)], 300);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 700);
	assert_true(error_db(b.heard[ue(1)] + LATE, down + 700, 1, 300 - LATE) > 60);
	tell(&b, ue(0), MSG_UP); /* 300 later, and it sends 50 before it hears any */
	send(&b, ue(0), up, 50);
	send(&b, ue(1), up + 1000, 400);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 1050);
	assert_true(is_silent(b.heard[MEDIUM_PORT_GNB], 700 + LATE - 1));
	assert_true(error_db(b.heard[MEDIUM_PORT_GNB] + 700 + LATE, up + 1000, 1, 300) > 60);
	tell(&b, ue(1), MSG_DOWN);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 1050);
	send(&b, ue(0), up + 50, 950);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 2000);
	assert_true(
		error_db(b.heard[MEDIUM_PORT_GNB] + 1050 + 2 * LATE, up + 50 + LATE, 1, 950 - 2 * LATE) > 60);
	tell(&b, ue(0), MSG_DOWN);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 2000); /* it is ahead of what it sent */
	send(&b, MEDIUM_PORT_GNB, down, 1500);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 2500);
	bed_end(&b);
}

/* The gNB ends and comes again: its first sample is the next that the UE hears, and the UE's own number stays
 * beside it. */
static void test_gnb_again(void **state)
{
	static struct phy_cf down[LONG], up[LONG];
	struct bed b;

	draw(1, down, LONG);
	draw(2, up, LONG);
	bed_init(&b, 1);
	bed_begin(&b);
	tell(&b, ue(0), MSG_UP);
	send(&b, ue(0), up, 80); /* its lead */
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 0);
	tell(&b, MEDIUM_PORT_GNB, MSG_UP);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 80);
	send(&b, MEDIUM_PORT_GNB, down, 500);
	send(&b, ue(0), up + 80, 300);
	tell(&b, MEDIUM_PORT_GNB, MSG_DOWN);
	send(&b, ue(0), up + 380, 200); /* up to 580: as far as it may */
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 380);
	forget(&b);
	tell(&b, MEDIUM_PORT_GNB, MSG_UP);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 80); /* those of 500 to 580 */
	assert_true(error_db(b.heard[MEDIUM_PORT_GNB] + LATE, up + 500, 1, 80 - LATE) > 60);
	send(&b, MEDIUM_PORT_GNB, down, 400);
	send(&b, ue(0), up + 580, 400);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 480);
	assert_true(error_db(b.heard[MEDIUM_PORT_GNB] + 2 * LATE, up + 500 + LATE, 1, 480 - 2 * LATE) > 60);
	assert_true(error_db(b.heard[ue(0)] + 2 * LATE, down + LATE, 1, 400 - 2 * LATE) > 60);
	bed_end(&b);
}

/* A UE that sends without end is cut off, and counted. */
static void test_too_far_ahead(void **state)
{
	static struct phy_cf up[LONG];
	struct stats_list l = { 0 };
	struct bed b;

	bed_init(&b, 2);
	bed_begin(&b);
	tell(&b, MEDIUM_PORT_GNB, MSG_UP);
	tell(&b, ue(0), MSG_UP);
	tell(&b, ue(1), MSG_UP);
	for (unsigned i = 0; i < 3; i++)
		send(&b, ue(0), up, LONG);
	medium_figures(b.m, &l);
	assert_int_equal(stats_sum(&l.items[0], MEDIUM_STAT_LOST), 3 * LONG - MEDIUM_AHEAD_MAX);
	assert_int_equal(stats_sum(&l.items[1], MEDIUM_GAUGE_UES), 2);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 0);
	bed_end(&b);
}

/* By a fading channel of its own each way, the same for the same seed and however the stream is cut. */
static void test_replay(void **state)
{
	static struct phy_cf down[LONG], first[2][LONG];
	double power = 0;

	draw(1, down, LONG);
	for (unsigned run = 0; run < 2; run++) {
		size_t cut = run ? 977 : 20000, n;
		struct bed b;

		bed_init(&b, 1);
		b.c.ues[0] = (struct medium_ue_config){ .profile = CHANNEL_TDL_C,
			.delay_spread_ns = 300,
			.doppler_hz = 50,
			.cfo_hz = 200,
			.snr_db = 20 };
		bed_begin(&b);
		tell(&b, ue(0), MSG_UP);
		tell(&b, MEDIUM_PORT_GNB, MSG_UP);
		for (size_t at = 0; at < LONG; at += n) {
			n = LONG - at < cut ? LONG - at : cut;
			send(&b, MEDIUM_PORT_GNB, down + at, n);
			send(&b, ue(0), down + at, n);
		}
		for (unsigned i = 0; i < 2; i++) {
			if (run == 0)
				memcpy(first[i], b.heard[i], sizeof(first[i]));
			assert_memory_equal(first[i], b.heard[i], sizeof(first[i]));
		}
		bed_end(&b);
	}
	assert_memory_not_equal(first[0], first[1], sizeof(first[0]));
	for (size_t i = 0; i < LONG; i++)
		power += first[0][i].re * first[0][i].re + first[0][i].im * first[0][i].im;
	assert_true(power / LONG > 0.1 && power / LONG < 10);
}

/* In real time the gNB hears no more than what the clock lets through, and what is late is not caught up. */
static void test_realtime(void **state)
{
	enum { MS = RATE_HZ / 1000 };
	static const struct phy_cf silence[100 * MS];
	struct bed b;
	uint64_t at_ns, before;

	bed_init(&b, 0);
	b.c.realtime = true;
	bed_begin(&b);
	b.t.now_ns = 7 * NS_PER_S;
	tell(&b, MEDIUM_PORT_GNB, MSG_UP);
	assert_true(b.room.ops->next_deadline_ns(b.room.self) == NEVER);
	send(&b, MEDIUM_PORT_GNB, silence, 30 * MS);
	assert_int_equal(b.count[MEDIUM_PORT_GNB], 0);
	for (unsigned turns = 0; b.count[MEDIUM_PORT_GNB] < 30 * MS; turns++) {
		at_ns = b.room.ops->next_deadline_ns(b.room.self);
		assert_true(turns < 61 && at_ns > b.t.now_ns && at_ns < b.t.now_ns + NS_PER_MS);
		b.t.now_ns = at_ns;
		b.room.ops->on_deadline(b.room.self, at_ns);
		collect(&b);
	}
	assert_true(b.t.now_ns >= 7 * NS_PER_S + 30 * (uint64_t)NS_PER_MS);
	assert_true(b.t.now_ns < 7 * NS_PER_S + 31 * (uint64_t)NS_PER_MS);
	b.t.now_ns += NS_PER_S; /* nobody sent anything for a second */
	before = b.count[MEDIUM_PORT_GNB];
	send(&b, MEDIUM_PORT_GNB, silence, 30 * MS);
	assert_true(b.count[MEDIUM_PORT_GNB] - before <= MS);
	bed_end(&b);
}

static bool complete(void *at, struct config_doubt *doubt)
{
	return medium_config_complete(at, doubt);
}

static void test_configuration(void **state)
{
	static const struct config_field whole = {
		.kind = CONFIG_INLINE, .size = sizeof(struct medium_config), .section = &medium_config_section
	};
	static const struct config_section section = { &whole, 1, complete };
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "ues: [{}]\n", NULL },
		{ "ues: [{snr_db: -3.5, profile: tdl-c, delay_spread_ns: 300, doppler_hz: 5, cfo_hz: "
		  "-123.5}, {}]\n",
			NULL },
		{ "ues: [{snr_db: nan}]\n",
			"f:1: ues[1].snr_db: expected a number from -30 to 100, got \"nan\"" },
		{ "ues: [{snr_db: 101}]\n",
			"f:1: ues[1].snr_db: expected a number from -30 to 100, got \"101\"" },
		{ "ues: [{snr_db: 1x}]\n",
			"f:1: ues[1].snr_db: expected a number from -30 to 100, got \"1x\"" },
		{ "ues: [{profile: tdl-f}]\n", "f:1: ues[1].profile: expected awgn, tdl-a to tdl-e, tdla30, "
					       "tdlb100 or tdlc300, got \"tdl-f\"" },
		{ "ues: [{profile: tdla30, delay_spread_ns: 30}]\n",
			"f:1: ues[1].delay_spread_ns: expected none: this profile has a delay spread of its "
			"own" },
		{ "ues: [{doppler_hz: 5}]\n",
			"f:1: ues[1].doppler_hz: expected none: profile awgn does not fade" },
		{ "rate_hz: 1920000\nues: [{profile: tdla30, doppler_hz: 1000}]\n",
			"f:2: ues[1].doppler_hz: expected rate_hz / 2048 at most" },
		{ "rate_hz: 500000000\nues: [{profile: tdl-a, delay_spread_ns: 1000000}]\n",
			"f:2: ues[1]: expected delays of 65536 samples at most, and cfo_hz of half of "
			"rate_hz" },
		{ "ues: [{}, {transmit_port: 2100}]\n",
			"f:1: ues[2].transmit_port: expected a transmit_port that no other end has" },
		{ "ues:\n  - {receive_port: 2000}\n",
			"f:2: ues[1].receive_port: expected a receive_port that no other end has" },
		{ "ues: [{transmit_address: 127.0.0.2, transmit_port: 2001}]\n", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct medium_config c;
		char error[CONFIG_ERROR_SIZE] = "";
		bool ok = config_load(&section, "f", bytes_of_str(cases[i].text), &c, sizeof(c), error);

		if (ok != !cases[i].error || (cases[i].error && strcmp(error, cases[i].error) != 0))
			fail_msg("%s: %s", cases[i].text, error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_snr),
		cmocka_unit_test(test_two_ues),
		cmocka_unit_test(test_coming_and_going),
		cmocka_unit_test(test_gnb_again),
		cmocka_unit_test(test_too_far_ahead),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_realtime),
		cmocka_unit_test(test_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
