/* Headers octet by octet, rules, reflective mapping and end markers. */
#include "base/test.h"

#include "radio/sdap/sdap.h"

static struct sdu_pool pool;
static struct {
	uint8_t drb, qfi, ended_qfi, ended_drb, rqi_qfi;
	uint8_t octets[16];
	size_t len;
	unsigned submitted, delivered;
} got;

static void keep(struct sdu *s)
{
	got.len = s->len;
	bytes_copy(got.octets, sizeof(got.octets), sdu_bytes(s));
	sdu_free(&pool, s);
}

static void submit(void *arg, uint8_t drb, struct sdu *pdu)
{
	got.drb = drb;
	got.submitted++;
	keep(pdu);
}

static void deliver(void *arg, uint8_t qfi, struct sdu *sdu)
{
	got.qfi = qfi;
	got.delivered++;
	keep(sdu);
}

static void reflective_qos(void *arg, uint8_t qfi, struct bytes packet)
{
	got.rqi_qfi = qfi;
}

static void flow_ended(void *arg, uint8_t qfi, uint8_t drb)
{
	got.ended_qfi = qfi;
	got.ended_drb = drb;
}

static struct sdap sdap;

static void begin(bool is_ue)
{
	struct sdap_neighbours n = { NULL, submit, deliver, reflective_qos, flow_ended };

	sdu_pool_init(&pool, 10, 1);
	memset(&got, 0, sizeof(got));
	sdap_init(&sdap, is_ue, &n, &pool);
}

static void end(void)
{
	assert_int_equal(pool.small.used, 0);
	sdu_pool_fini(&pool);
}

static void test_ue(void **state)
{
	begin(true);
	sdap_send(&sdap, 5, sdu_of(&pool, bytes_of("ip", 2)), false, false);
	assert_int_equal(sdap.stats.unmapped, 1);
	assert_true(sdap_drb_set(&sdap, 1, true, true, true));
	assert_true(sdap_drb_set(&sdap, 2, true, true, false));
	assert_true(sdap_drb_set(&sdap, 3, false, false, false));
	assert_false(sdap_drb_set(&sdap, 33, true, true, false));
	sdap_send(&sdap, 5, sdu_of(&pool, bytes_of("ip", 2)), false, false); /* the default DRB: D/C 1 */
	assert_true(got.drb == 1 && got.len == 3);
	assert_memory_equal(got.octets, "\x85ip", 3);
	assert_true(sdap_map(&sdap, 5, 2)); /* a rule: the end marker goes where the flow was */
	assert_true(got.drb == 1 && got.len == 1 && got.octets[0] == 5);
	sdap_send(&sdap, 5, sdu_of(&pool, bytes_of("ip", 2)), false, false);
	assert_int_equal(got.drb, 2);
	/* Reflective: RDI on DRB 1 for flow 5, RQI beside it. */
	sdap_receive(&sdap, 1, sdu_of(&pool, bytes_of("\xc5xy", 3)));
	assert_true(got.qfi == 5 && got.rqi_qfi == 5 && got.len == 2 && got.delivered == 1);
	assert_int_equal(got.drb, 2); /* the end marker */
	assert_int_equal(sdap.stats.end_markers, 2);
	sdap_receive(&sdap, 1, sdu_of(&pool, bytes_of("\x85xy", 3))); /* once more: nothing changes */
	assert_int_equal(sdap.stats.end_markers, 2);
	sdap_send(&sdap, 5, sdu_of(&pool, bytes_of("ip", 2)), false, false);
	assert_int_equal(got.drb, 1);
	assert_true(sdap_map(&sdap, 7, 3)); /* no header there: a rule away from it says nothing */
	sdap_send(&sdap, 7, sdu_of(&pool, bytes_of("ip", 2)), false, false);
	assert_true(got.drb == 3 && got.len == 2);
	got.submitted = 0;
	assert_true(sdap_map(&sdap, 7, 2));
	assert_int_equal(got.submitted, 0);
	sdap_drb_release(&sdap, 2);
	sdap_send(&sdap, 7, sdu_of(&pool, bytes_of("ip", 2)), false, false);
	assert_int_equal(got.drb, 1);
	assert_false(sdap_map(&sdap, 7, 2));
	sdap_receive(&sdap, 2, sdu_of(&pool, bytes_of("\x01x", 2)));
	sdap_receive(&sdap, 1, sdu_of(&pool, bytes_of("\x01", 1)));
	assert_int_equal(sdap.stats.rx_invalid, 2);
	end();
}

static void test_gnb(void **state)
{
	begin(false);
	assert_true(sdap_drb_set(&sdap, 4, true, true, false));
	assert_true(sdap_drb_set(&sdap, 6, false, false, false));
	assert_true(sdap_map(&sdap, 9, 4));
	assert_true(sdap_map(&sdap, 10, 6));
	assert_int_equal(got.submitted, 0); /* end markers are the UE's */
	sdap_send(&sdap, 9, sdu_of(&pool, bytes_of("ip", 2)), true, false);
	assert_memory_equal(got.octets, "\x89ip", 3);
	sdap_send(&sdap, 9, sdu_of(&pool, bytes_of("ip", 2)), false, true);
	assert_memory_equal(got.octets, "\x49ip", 3);
	sdap_receive(&sdap, 4, sdu_of(&pool, bytes_of("\x89xy", 3)));
	assert_true(got.qfi == 9 && got.len == 2);
	sdap_receive(&sdap, 6, sdu_of(&pool, bytes_of("xy", 2)));
	assert_true(got.qfi == 10 && got.len == 2);
	sdap_receive(&sdap, 4, sdu_of(&pool, bytes_of("\x09", 1)));
	assert_true(got.ended_qfi == 9 && got.ended_drb == 4);
	sdap_receive(&sdap, 4, sdu_of(&pool, bytes_of("\x09xy", 3)));
	assert_int_equal(sdap.stats.rx_invalid, 1);
	assert_true(sdap_map(&sdap, 11, 6));
	sdap_receive(&sdap, 6, sdu_of(&pool, bytes_of("xy", 2))); /* two flows, no header: nobody knows */
	assert_int_equal(got.qfi, 0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ue), cmocka_unit_test(test_gnb) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
