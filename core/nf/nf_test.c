/* What all functions share: who they are, and their life at the NRF (29.510 5.2.2). */
#include "core/nf/nf.h"

#include "base/store_mem.h"
#include "core/nf/nf_bed.h"

static struct nf_bed bed;
static struct nf nf;
static unsigned registered, beats, gone;
static enum sbi_cause nrf_says;

static void on_answer(void *self, const struct sbi_answer *a)
{
	assert_true(nf_on_answer(self, a));
}

static const struct sbi_nf_ops ops = { NULL, on_answer };

static void nrf(struct nf_bed *b, const struct sbi_request *r)
{
	const struct nnrf_nf_register_req *put = r->body;
	const struct nnrf_nf_update_req *patch = r->body;
	struct nnrf_nf_register_rsp rsp;

	if (r->op == SBI_NRF_NF_REGISTER) {
		registered++;
		assert_string_equal(put->nf_instance_id, nf.nf_instance_id);
		assert_int_equal(put->data.nf_type, NF_PCF);
		rsp = (struct nnrf_nf_register_rsp){ put->nf_instance_id, put->data };
		rsp.data.heart_beat_timer = 7;
		sbi_answer(b->bus, r->id, nrf_says, nrf_says == SBI_OK ? &rsp : NULL);
		return;
	}
	assert_true(r->op == SBI_NRF_NF_HEARTBEAT || r->op == SBI_NRF_NF_DEREGISTER);
	if (r->op == SBI_NRF_NF_HEARTBEAT) {
		beats++;
		assert_int_equal(patch->patch.count, 1);
		assert_int_equal(patch->patch.items[0].op, PATCH_OPERATION_REPLACE);
		assert_string_equal(patch->patch.items[0].path, "/nfStatus");
		assert_true(bytes_equal(patch->patch.items[0].value, bytes_of_str("\"REGISTERED\"")));
	} else {
		gone++;
	}
	sbi_answer(b->bus, r->id, nrf_says, NULL);
}

static int setup(void **state)
{
	nf_bed_init(&bed);
	registered = beats = gone = 0;
	nrf_says = SBI_OK;
	nf_init(&nf, NF_PCF, NULL, &bed.plmn, &bed.t.env, bed.bus, &ops);
	nf_bed_play(&bed, NF_NRF, nrf);
	return 0;
}

static int teardown(void **state)
{
	nf_bed_fini(&bed);
	return 0;
}

static void pass(uint64_t ms)
{
	bed.t.now_ns += ms * NS_PER_MS;
	timers_run(&nf.timers, bed.t.now_ns);
	sbi_run(bed.bus);
}

/* RFC 9562 5.4: version 4 and its variant; the same for as long as the store is. */
static void test_instance_id(void **state)
{
	struct nf again, other, named, named_again;

	assert_int_equal(strlen(nf.nf_instance_id), 36);
	assert_int_equal(nf.nf_instance_id[14], '4');
	assert_non_null(strchr("89ab", nf.nf_instance_id[19]));
	for (unsigned i = 8; i <= 23; i += 5)
		assert_int_equal(nf.nf_instance_id[i], '-');
	nf_init(&again, NF_PCF, NULL, &bed.plmn, &bed.t.env, bed.bus, &ops);
	assert_string_equal(again.nf_instance_id, nf.nf_instance_id);
	nf_init(&other, NF_UDM, NULL, &bed.plmn, &bed.t.env, bed.bus, &ops);
	assert_string_not_equal(other.nf_instance_id, nf.nf_instance_id);
	nf_init(&named, NF_PCF, "two", &bed.plmn, &bed.t.env, bed.bus, &ops);
	assert_string_not_equal(named.nf_instance_id, nf.nf_instance_id);
	nf_init(&named_again, NF_PCF, "two", &bed.plmn, &bed.t.env, bed.bus, &ops);
	assert_string_equal(named_again.nf_instance_id, named.nf_instance_id);
}

/* All of its 122 bits are random, and in their places. */
static void test_instance_id_is_random(void **state)
{
	uint64_t random = bed.t.random;
	char expected[UUID_STR_SIZE], *at = expected;
	struct nf other;
	uint8_t r[16];

	env_random(&bed.t.env, r, sizeof(r));
	bed.t.random = random;
	r[6] = 0x40 | (r[6] & 0xf);
	r[8] = 0x80 | (r[8] & 0x3f);
	for (unsigned i = 0; i < sizeof(r); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		at += snprintf(at, 3, "%02x", r[i]);
	}
	nf_init(&other, NF_AUSF, NULL, &bed.plmn, &bed.t.env, bed.bus, &ops);
	assert_string_equal(other.nf_instance_id, expected);
}

/* What is stored and is no identity is replaced; a store that refuses costs only that it stays. */
static void test_instance_id_not_stored(void **state)
{
	struct bytes key = bytes_of_str("nf_instance_id/PCF"), value;
	struct nf again;

	assert_true(store_get(bed.t.env.store, STORE_META, key, &value));
	assert_int_equal(value.len, 36);
	assert_true(store_put(bed.t.env.store, STORE_META, key, bytes_of_str("short")));
	nf_init(&again, NF_PCF, NULL, &bed.plmn, &bed.t.env, bed.bus, &ops);
	assert_int_equal(strlen(again.nf_instance_id), 36);
	assert_string_not_equal(again.nf_instance_id, nf.nf_instance_id);
	assert_true(store_put(bed.t.env.store, STORE_META, key, bytes_of_str("short")));
	store_mem_fail_put(bed.t.env.store, 1);
	assert_false(test_env_logged(&bed.t, "refuses the instance id"));
	nf_init(&again, NF_PCF, NULL, &bed.plmn, &bed.t.env, bed.bus, &ops);
	assert_int_equal(strlen(again.nf_instance_id), 36);
	assert_true(test_env_logged(&bed.t, "refuses the instance id"));
}

/* 23.003 28.2: an MNC of two digits is written with three. */
static void test_fqdn(void **state)
{
	struct plmn plmn;
	struct nf three;

	assert_string_equal(nf.fqdn, "pcf.5gc.mnc001.mcc001.3gppnetwork.org");
	assert_true(plmn_parse("310410", &plmn));
	nf_init(&three, NF_AUSF, NULL, &plmn, &bed.t.env, bed.bus, &ops);
	assert_string_equal(three.fqdn, "ausf.5gc.mnc410.mcc310.3gppnetwork.org");
}

/* 29.510 5.2.2.3.2: as often as the NRF has asked for, not a moment earlier. */
static void test_heartbeat(void **state)
{
	nf_start(&nf);
	sbi_run(bed.bus);
	assert_int_equal(registered, 1);
	assert_true(nf.registered);
	for (unsigned i = 0; i < 3; i++) {
		pass(6999);
		assert_int_equal(beats, i);
		pass(1);
		assert_int_equal(beats, i + 1);
	}
	/* an NRF that has forgotten it: registered again, from then on with its beats */
	nrf_says = SBI_CONTEXT_NOT_FOUND;
	pass(7000);
	assert_int_equal(beats, 4);
	assert_false(nf.registered);
	nrf_says = SBI_OK;
	pass(NF_REGISTER_RETRY_S * 1000 - 1);
	assert_int_equal(registered, 1);
	pass(1);
	assert_int_equal(registered, 2);
	pass(7000);
	assert_int_equal(beats, 5);
}

static void test_register_refused(void **state)
{
	nrf_says = SBI_NF_CONGESTION;
	nf_start(&nf);
	sbi_run(bed.bus);
	assert_int_equal(registered, 1);
	assert_false(nf.registered);
	pass(NF_REGISTER_RETRY_S * 1000 - 1);
	assert_int_equal(registered, 1);
	pass(1);
	assert_int_equal(registered, 2);
	assert_int_equal(beats, 0);
}

/* 5.2.2.4: it leaves, and does not beat any more. */
static void test_stop(void **state)
{
	nf_start(&nf);
	sbi_run(bed.bus);
	nf_stop(&nf);
	sbi_run(bed.bus);
	assert_int_equal(gone, 1);
	assert_false(nf.registered);
	pass(60000);
	assert_int_equal(beats, 0);
	assert_int_equal(registered, 1);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_instance_id),
		TEST(test_instance_id_is_random),
		TEST(test_instance_id_not_stored),
		TEST(test_fqdn),
		TEST(test_heartbeat),
		TEST(test_register_refused),
		TEST(test_stop),
	};

	return cmocka_run_group_tests_name("core/nf", tests, NULL, NULL);
}
