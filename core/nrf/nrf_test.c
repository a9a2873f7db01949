/* The NRF: registration, heart-beats, discovery by slice and DNN, and its limits. */
#include "core/nrf/nrf.h"

#include <stdio.h>

#include "core/nf/nf_bed.h"

static struct nf_bed bed;
static struct nrf *nrf;

static const struct snssai slice = { 1, 0x010203 };

static int setup(void **state)
{
	nf_bed_init(&bed);
	nrf = nrf_new(&bed.plmn, &bed.t.env, bed.bus);
	assert_non_null(nrf);
	return 0;
}

static int teardown(void **state)
{
	nrf_free(nrf);
	nf_bed_fini(&bed);
	return 0;
}

static enum sbi_cause put(const char *id)
{
	struct dnn_smf_info_item dnn = { .dnn = "internet" };
	struct snssai_smf_info_item item = { .s_nssai = slice, .dnn_smf_info_list = { 1, &dnn } };
	struct smf_info info = { .s_nssai_smf_info_list = { 1, &item } };
	struct nnrf_nf_register_req req = { id, { .nf_instance_id = id,
							.nf_type = NF_SMF,
							.nf_status = NF_REGISTERED,
							.s_nssais = { 1, &slice },
							.smf_info = &info } };

	return nf_bed_ask(&bed, SBI_NRF_NF_REGISTER, &req);
}

static uint32_t found(enum nf_type type, const struct snssai *s, const char *dnn)
{
	struct nnrf_nf_discover_req req = {
		.target_nf_type = type, .requester_nf_type = NF_AMF, .snssais = { s != NULL, s }, .dnn = dnn
	};

	assert_int_equal(nf_bed_ask(&bed, SBI_NRF_NF_DISCOVER, &req), SBI_OK);
	return ((const struct nnrf_nf_discover_rsp *)bed.body)->data.nf_instances.count;
}

static void test_discovery(void **state)
{
	static const struct snssai other = { 1, 0x010204 };

	assert_int_equal(found(NF_SMF, NULL, NULL), 0);
	assert_int_equal(put("a"), SBI_OK);
	assert_int_equal(found(NF_SMF, NULL, NULL), 1);
	assert_int_equal(found(NF_UDM, NULL, NULL), 0);
	assert_int_equal(found(NF_SMF, &slice, NULL), 1);
	assert_int_equal(found(NF_SMF, &other, NULL), 0);
	assert_int_equal(found(NF_SMF, &slice, "internet"), 1);
	assert_int_equal(found(NF_SMF, &slice, "ims"), 0);
	assert_int_equal(found(NF_SMF, NULL, "internet"), 1);
	assert_int_equal(found(NF_SMF, NULL, "ims"), 0);
}

/* 29.510 5.2.2.3.2: who does not beat is suspended, and back with the next beat. */
static void test_heartbeats(void **state)
{
	static const struct patch_item alive = { PATCH_OPERATION_REPLACE, "/nfStatus", NULL,
		{ (const uint8_t *)"\"REGISTERED\"", 12 } };
	struct nnrf_nf_update_req beat = { "a", { 1, &alive } };

	assert_int_equal(nf_bed_ask(&bed, SBI_NRF_NF_HEARTBEAT, &beat), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(put("a"), SBI_OK);
	bed.t.now_ns += (uint64_t)NRF_MISSED_BEATS * NF_HEARTBEAT_S * NS_PER_S;
	assert_int_equal(found(NF_SMF, NULL, NULL), 1);
	bed.t.now_ns++;
	assert_int_equal(found(NF_SMF, NULL, NULL), 0);
	assert_int_equal(nf_bed_ask(&bed, SBI_NRF_NF_HEARTBEAT, &beat), SBI_OK);
	assert_int_equal(found(NF_SMF, NULL, NULL), 1);
}

/* The resource's name and what the NRF decides stand, whatever the body has (29.510 5.2.2.2.2). */
static void test_profile(void **state)
{
	struct nnrf_nf_register_req req = {
		"a",
		{ .nf_instance_id = "b", .nf_type = NF_SMF, .nf_status = NF_SUSPENDED, .heart_beat_timer = 1 }
	};
	const struct nf_profile *p;

	assert_int_equal(nf_bed_ask(&bed, SBI_NRF_NF_REGISTER, &req), SBI_OK);
	p = &((const struct nnrf_nf_register_rsp *)bed.body)->data;
	assert_string_equal(p->nf_instance_id, "a");
	assert_int_equal(p->nf_status, NF_REGISTERED);
	assert_int_equal(p->heart_beat_timer, NF_HEARTBEAT_S);
}

static void test_deregistration(void **state)
{
	struct nnrf_nf_deregister_req req = { "b" };

	assert_int_equal(nf_bed_ask(&bed, SBI_NRF_NF_DEREGISTER, &req), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(put("a"), SBI_OK);
	assert_int_equal(put("b"), SBI_OK);
	assert_int_equal(put("c"), SBI_OK);
	assert_int_equal(nf_bed_ask(&bed, SBI_NRF_NF_DEREGISTER, &req), SBI_OK);
	assert_int_equal(nf_bed_ask(&bed, SBI_NRF_NF_DEREGISTER, &req), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(found(NF_SMF, NULL, NULL), 2);
}

static void test_limit(void **state)
{
	char id[8];

	for (unsigned i = 0; i < NRF_PROFILES_MAX; i++) {
		snprintf(id, sizeof(id), "%u", i);
		assert_int_equal(put(id), SBI_OK);
	}
	assert_int_equal(put("more"), SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(put("0"), SBI_OK); /* in its own place */
	assert_int_equal(found(NF_SMF, NULL, NULL), NRF_PROFILES_MAX);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_discovery),
		TEST(test_heartbeats),
		TEST(test_profile),
		TEST(test_deregistration),
		TEST(test_limit),
	};

	return cmocka_run_group_tests_name("core/nrf", tests, NULL, NULL);
}
