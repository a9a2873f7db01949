/* A device whose air is a loop: what is sent for a time is heard at that time, whatever is lost in between.
 */
#include "base/test.h"
#include "io/sdr/device.h"
#include "io/sdr/soapy.h"

enum { RATE = 1920000, BLOCK = RATE / DEVICE_BLOCKS_S, LEAD = 8 * BLOCK, WHOLE = 200 * BLOCK, TURNS = 20000 };

static const char *fake; /* library */

static struct {
	struct loop *loop;
	struct device *device;
	char text[512];
	struct log log;
	uint64_t sent, heard, equal, silent, wrong;
	unsigned ups, downs;
	uint64_t pause_at, pause; /* samples that are not sent */
} t;

/* Of the n-th sample sent since the beginning; never 0, at most 1. */
static float value(uint64_t n)
{
	return (float)(n % 4093 + 1) / 4096;
}

static void send(uint64_t n)
{
	static float out[2 * LEAD];

	for (uint64_t i = 0; i < n; i++) {
		out[2 * i] = value(t.sent + i);
		out[2 * i + 1] = -value(t.sent + i);
	}
	t.sent += n;
	may_fail(device_send(t.device, bytes_of(out, n * 2 * sizeof(float))));
}

static void on_up(void *arg)
{
	t.ups++;
	t.sent = t.heard = 0;
	send(LEAD);
}

static void on_down(void *arg)
{
	t.downs++;
}

static void on_data(void *arg, struct bytes data)
{
	const float *in = (const void *)data.data;
	uint64_t n = data.len / (2 * sizeof(float));

	for (uint64_t i = 0; i < n; i++, t.heard++) {
		bool is = in[2 * i] == value(t.heard) && in[2 * i + 1] == -value(t.heard);
		bool none = in[2 * i] == 0 && in[2 * i + 1] == 0;

		t.equal += is;
		t.silent += none;
		t.wrong += !is && !none;
	}
	send(n);
}

static void on_log(void *arg, enum log_level level, const char *room, const char *line)
{
	snprintf(t.text, sizeof(t.text), "%s", line);
}

static uint64_t log_now_ns(void *arg)
{
	return 0;
}

static int setup(void **state)
{
	memset(&t, 0, sizeof(t));
	t.loop = loop_new();
	t.log = (struct log){ .level = LOG_INFO, .other = LOG_INFO, .sink = on_log, .now_ns = log_now_ns };
	return t.loop ? 0 : -1;
}

static int teardown(void **state)
{
	device_free(t.device);
	loop_free(t.loop);
	return 0;
}

static bool device_is_open(const char *args, struct device_config c)
{
	const struct device_user user = { on_up, on_data, on_down, NULL };

	c.args = args;
	if (!c.library)
		c.library = fake;
	c.rate_hz = RATE;
	c.receive_hz = c.receive_hz != 0 ? c.receive_hz : 1747.5e6;
	c.transmit_hz = 1842.5e6;
	t.device = device_open(t.loop, &t.log, &c, &user);
	return t.device != NULL;
}

/* Until so many samples were heard since the last beginning. */
static bool heard(uint64_t n)
{
	for (int i = 0; i < TURNS && t.heard < n; i++)
		if (!loop_turn(t.loop, 10000000))
			return false;
	return t.heard >= n;
}

/* The number of a sample is its time. What was sent before the device could have it is late, the rest is
 * heard. */
static void test_time(void **state)
{
	struct device_stats s;

	assert_true(device_is_open("driver=fake", (struct device_config){ 0 }));
	assert_true(heard(WHOLE));
	s = device_stats(t.device);
	assert_int_equal(t.wrong, 0);
	assert_true(t.equal >= WHOLE - 20 * BLOCK);
	assert_int_equal(t.ups, 1);
	assert_true(s.in >= WHOLE && s.out > 0 && s.filled + s.overflows + s.underflows + s.clipped == 0);
}

/* A device that gives and takes little at a time. */
static void test_small_reads(void **state)
{
	assert_true(device_is_open("driver=fake,mtu=363", (struct device_config){ 0 }));
	assert_true(heard(WHOLE));
	assert_int_equal(t.wrong, 0);
	assert_true(t.equal >= WHOLE - 20 * BLOCK);
}

/* What the device lost is silence, and all behind it has its time. */
static void test_overflow(void **state)
{
	struct device_stats s;

	assert_true(device_is_open("driver=fake,gap_at=20000,gap=1001", (struct device_config){ 0 }));
	assert_true(heard(WHOLE));
	s = device_stats(t.device);
	assert_int_equal(t.wrong, 0);
	assert_true(s.overflows == 1 && s.filled == 1001 && t.ups == 1);
	assert_true(t.equal >= WHOLE - 45 * BLOCK - 1001);
}

/* After more than DEVICE_GAP_MS both ways begin anew. */
static void test_long_gap(void **state)
{
	assert_true(device_is_open("driver=fake,gap_at=20000,gap=4000000", (struct device_config){ 0 }));
	while (t.ups < 2)
		assert_true(loop_turn(t.loop, 10000000));
	assert_int_equal(t.downs, 1);
	t.equal = t.silent = t.wrong = 0;
	assert_true(heard(WHOLE));
	assert_int_equal(t.wrong, 0);
	assert_true(t.equal > WHOLE / 2);
	assert_int_equal(device_stats(t.device).begun, 2);
}

/* It goes out earlier by what the way takes: heard so much earlier here. */
static void test_advance(void **state)
{
	assert_true(device_is_open("driver=fake", (struct device_config){ .advance_ns = 250000 }));
	assert_true(heard(WHOLE));
	assert_true(t.equal < BLOCK && t.wrong > WHOLE / 2);
}

/* Above full scale it is cut; what is no number is none behind. */
static void test_values(void **state)
{
	struct device_stats s;

	assert_true(device_is_open("driver=fake,nan_at=30000", (struct device_config){ .level_db = 20 }));
	assert_true(heard(WHOLE));
	s = device_stats(t.device);
	assert_true(s.clipped > WHOLE && s.tamed == 2);
}

/* A device that fails ends the loop: the process begins anew. */
static void test_dies(void **state)
{
	assert_true(device_is_open("driver=fake,dies_at=30000", (struct device_config){ 0 }));
	assert_false(loop_run(t.loop));
	assert_int_equal(t.downs, 1);
	assert_non_null(strstr(t.text, "cannot be read"));
}

static void test_untimed(void **state)
{
	assert_true(device_is_open("driver=fake,untimed=1", (struct device_config){ 0 }));
	assert_false(loop_run(t.loop));
	assert_non_null(strstr(t.text, "no time stamps"));
}

static void test_refused(void **state)
{
	assert_false(device_is_open("driver=none", (struct device_config){ 0 }));
	assert_non_null(strstr(t.text, "there is none"));
	assert_false(device_is_open("driver=fake,rate=1000000", (struct device_config){ 0 }));
	assert_non_null(strstr(t.text, "sample rate"));
	assert_false(device_is_open("driver=fake", (struct device_config){ .transmit_antenna = "B" }));
	assert_non_null(strstr(t.text, "antenna"));
	assert_false(device_is_open("driver=fake", (struct device_config){ .receive_hz = -1 }));
	assert_non_null(strstr(t.text, "frequency"));
	assert_false(device_is_open("driver=fake", (struct device_config){ .library = "libnone.so" }));
	assert_non_null(strstr(t.text, "libnone.so"));
	assert_false(device_is_open("driver=fake", (struct device_config){ .library = "libm.so.6" }));
	assert_non_null(strstr(t.text, "not SoapySDR"));
}

/* SoapySDR itself: its null device has no streams. */
static void test_library(void **state)
{
	assert_false(device_is_open("driver=null", (struct device_config){ .library = SOAPY_LIBRARY }));
	assert_non_null(strstr(t.text, "radio device driver=null"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { TEST(test_time), TEST(test_small_reads), TEST(test_overflow),
		TEST(test_long_gap), TEST(test_advance), TEST(test_values), TEST(test_dies),
		TEST(test_untimed), TEST(test_refused), TEST(test_library) };

	fake = argc > 1 ? argv[1] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
