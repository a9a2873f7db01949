/* The AUSF between a consumer and a scripted UDM. */
#include "core/ausf/internal.h"

#include <inttypes.h>

#include "base/store_mem.h"
#include "core/nf/nf_bed.h"
#include "crypto/hmac.h"
#include "crypto/kdf.h"

static struct nf_bed bed;
static struct ausf *ausf;
static const uint8_t seal_key[SEAL_KEY_LEN] = { 1, 2, 3 };
static enum sbi_cause udm_says;
static bool udm_silent;
static uint64_t udm_asked; /* the request that a silent UDM has not answered */
static unsigned confirmed, succeeded;
static char snn[SNN_STR_SIZE];

static const struct authentication_vector vector = { .av_type = AV_TYPE_FIVE_G_HE_AKA,
	.has_xres_star = true,
	.has_kausf = true,
	.rand = { 1, 2, 3 },
	.xres_star = { 4, 5, 6 },
	.autn = { 7, 8, 9 },
	.kausf = { 10, 11, 12 } };

static void udm(struct nf_bed *b, const struct sbi_request *r)
{
	struct nudm_generate_auth_data_rsp rsp = { { AUTH_TYPE_FIVE_G_AKA, vector, b->supi } };
	const struct nudm_confirm_auth_req *confirm = r->body;

	if (r->op == SBI_UDM_CONFIRM_AUTH) {
		confirmed++;
		succeeded += confirm->data.success;
		sbi_answer(b->bus, r->id, SBI_OK,
			&(struct nudm_confirm_auth_rsp){ confirm->supi, "1", confirm->data });
	} else if (!udm_silent) {
		sbi_answer(b->bus, r->id, udm_says, udm_says == SBI_OK ? &rsp : NULL);
	} else {
		udm_asked = r->id;
	}
}

static int setup(void **state)
{
	nf_bed_init(&bed);
	ausf = ausf_new(&bed.plmn, seal_key, false, &bed.t.env, bed.bus);
	assert_non_null(ausf);
	nf_bed_play(&bed, NF_UDM, udm);
	udm_says = SBI_OK;
	udm_silent = false;
	confirmed = succeeded = 0;
	serving_network_name(&bed.plmn, snn);
	return 0;
}

static int teardown(void **state)
{
	ausf_free(ausf);
	nf_bed_fini(&bed);
	return 0;
}

static uint64_t stat(enum ausf_stat s)
{
	struct stats stats;

	ausf_stats(ausf, &stats);
	return stats.values[s];
}

static enum sbi_cause authenticate(void)
{
	struct nausf_authenticate_req req = { { .supi_or_suci = "imsi-001010000000001",
		.serving_network_name = snn } };

	return nf_bed_ask(&bed, SBI_AUSF_AUTHENTICATE, &req);
}

/* An authentication that waits for its confirmation. */
static void challenge(char name[AUTH_CTX_ID_SIZE])
{
	assert_int_equal(authenticate(), SBI_OK);
	str_copy(name, AUTH_CTX_ID_SIZE, ((const struct nausf_authenticate_rsp *)bed.body)->auth_ctx_id);
}

static enum sbi_cause confirm(const char *name, const uint8_t res_star[16])
{
	struct nausf_5g_aka_confirm_req req = { .auth_ctx_id = name };

	assert_true(bytes_copy(req.data.res_star, 16, bytes_of(res_star, 16)));
	return nf_bed_ask(&bed, SBI_AUSF_5G_AKA_CONFIRM, &req);
}

static void test_success(void **state)
{
	const struct nausf_authenticate_rsp *rsp;
	const struct nausf_5g_aka_confirm_rsp *result;
	char name[AUTH_CTX_ID_SIZE];
	uint8_t expected[32];

	challenge(name);
	rsp = bed.body;
	assert_int_equal(rsp->data.auth_type, AUTH_TYPE_FIVE_G_AKA);
	assert_memory_equal(rsp->data.five_g_auth_data.rand, vector.rand, 16);
	assert_memory_equal(rsp->data.five_g_auth_data.autn, vector.autn, 16);
	/* HXRES*, never XRES* (33.501 6.1.3.2) */
	assert_true(kdf_hres_star(vector.rand, vector.xres_star, expected));
	assert_memory_equal(rsp->data.five_g_auth_data.hxres_star, expected, 16);
	assert_non_null(strstr(rsp->data._links.entries[0].value.href, name));
	assert_int_equal(confirm(name, vector.xres_star), SBI_OK);
	result = bed.body;
	assert_int_equal(result->data.auth_result, AUTH_RESULT_AUTHENTICATION_SUCCESS);
	assert_string_equal(result->data.supi.imsi, "001010000000001");
	assert_true(kdf_k_seaf(vector.kausf, bytes_of_str(snn), expected));
	assert_true(result->data.has_kseaf);
	assert_memory_equal(result->data.kseaf, expected, 32);
	assert_int_equal(succeeded, 1);
	assert_int_equal(stat(AUSF_STAT_SUCCESSES), 1);
	/* A second time there is nothing to confirm. */
	assert_int_equal(confirm(name, vector.xres_star), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(confirmed, 1);
}

static void test_wrong_res_star(void **state)
{
	const struct nausf_5g_aka_confirm_rsp *result;
	static const uint8_t none[32];
	uint8_t res_star[16];
	char name[AUTH_CTX_ID_SIZE];

	challenge(name);
	assert_true(bytes_copy(res_star, 16, BYTES(vector.xres_star)));
	res_star[15] ^= 1;
	assert_int_equal(confirm(name, res_star), SBI_OK);
	result = bed.body;
	assert_int_equal(result->data.auth_result, AUTH_RESULT_AUTHENTICATION_FAILURE);
	assert_false(result->data.has_kseaf);
	assert_memory_equal(result->data.kseaf, none, 32);
	assert_int_equal(confirmed, 1);
	assert_int_equal(succeeded, 0);
	assert_int_equal(stat(AUSF_STAT_FAILURES), 1);
	assert_int_equal(stat(AUSF_STAT_SUCCESSES), 0);
	/* One try a challenge. */
	assert_int_equal(confirm(name, vector.xres_star), SBI_CONTEXT_NOT_FOUND);
}

static void test_unknown_names(void **state)
{
	char name[AUTH_CTX_ID_SIZE], other[AUTH_CTX_ID_SIZE];

	challenge(name);
	for (size_t i = 0; i < strlen(name); i++) {
		str_copy(other, sizeof(other), name);
		other[i] = other[i] == '0' ? '1' : '0';
		assert_int_equal(confirm(other, vector.xres_star), SBI_CONTEXT_NOT_FOUND);
		other[i] = 'x';
		assert_int_equal(confirm(other, vector.xres_star), SBI_CONTEXT_NOT_FOUND);
		other[i] = '\0';
		if (i > 0) /* an empty one is no path */
			assert_int_equal(confirm(other, vector.xres_star), SBI_CONTEXT_NOT_FOUND);
	}
	str_copy(other, sizeof(other), name);
	str_copy(other + strlen(name), sizeof(other) - strlen(name), "00");
	assert_int_equal(confirm(other, vector.xres_star), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(confirm(name, vector.xres_star), SBI_OK);
}

/* The authCtxId that the next authentication will have, if it takes that place: its secret is drawn ahead. */
static void foresee(uint32_t place, char name[AUTH_CTX_ID_SIZE])
{
	uint64_t secret, random = bed.t.random;

	env_random(&bed.t.env, &secret, sizeof(secret));
	bed.t.random = random;
	snprintf(name, AUTH_CTX_ID_SIZE, "%08x%016" PRIx64, place, secret);
}

/* An authentication that the UDM has not answered cannot be confirmed, even by its name: XRES* is zeros. */
static void test_before_the_udm(void **state)
{
	static const uint8_t zeros[16];
	char name[AUTH_CTX_ID_SIZE], foreseen[AUTH_CTX_ID_SIZE];

	foresee(0, foreseen);
	challenge(name);
	assert_string_equal(name, foreseen); /* so is the next */
	foresee(1, foreseen);
	udm_silent = true;
	assert_int_equal(authenticate(), SBI_CAUSE_COUNT);
	assert_int_equal(confirm(foreseen, zeros), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(confirmed, 0);
	assert_int_equal(stat(AUSF_STAT_CHALLENGES), 1);
	assert_int_equal(stat(AUSF_STAT_SUCCESSES) + stat(AUSF_STAT_FAILURES), 0);
}

static void test_udm_refuses(void **state)
{
	static const enum sbi_cause causes[] = { SBI_USER_NOT_FOUND, SBI_AUTHENTICATION_REJECTED,
		SBI_INVALID_SCHEME_OUTPUT, SBI_NF_CONGESTION };

	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		udm_says = causes[i];
		assert_int_equal(authenticate(), causes[i]);
	}
	assert_int_equal(stat(AUSF_STAT_CHALLENGES), 0);
}

/* 33.501 6.1.2 */
static void test_other_serving_network(void **state)
{
	str_copy(snn, sizeof(snn), "5G:mnc001.mcc002.3gppnetwork.org");
	assert_int_equal(authenticate(), SBI_SERVING_NETWORK_NOT_AUTHORIZED);
	assert_int_equal(bed.played, 0);
}

static void pass(uint64_t s)
{
	bed.t.now_ns += s * NS_PER_S;
	timers_run(&ausf_nf(ausf)->timers, bed.t.now_ns);
}

static void test_expiry(void **state)
{
	char name[AUTH_CTX_ID_SIZE], second[AUTH_CTX_ID_SIZE];

	challenge(name);
	pass(AUSF_AUTH_TIMEOUT_S - 1);
	challenge(second);
	assert_int_equal(stat(AUSF_STAT_EXPIRED), 0);
	pass(1);
	assert_int_equal(stat(AUSF_STAT_EXPIRED), 1);
	assert_int_equal(confirm(name, vector.xres_star), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(confirm(second, vector.xres_star), SBI_OK);
	/* The place is another's now, under another name. */
	challenge(second);
	assert_int_equal(confirm(name, vector.xres_star), SBI_CONTEXT_NOT_FOUND);
}

/* The UDM's answer comes when its authentication has ended: it is not for the one that has its place now. */
static void test_late_udm(void **state)
{
	struct nudm_generate_auth_data_rsp rsp = { { AUTH_TYPE_FIVE_G_AKA, vector, bed.supi } };
	uint64_t first;

	udm_silent = true;
	assert_int_equal(authenticate(), SBI_CAUSE_COUNT);
	first = udm_asked;
	pass(AUSF_AUTH_TIMEOUT_S);
	assert_int_equal(stat(AUSF_STAT_EXPIRED), 1);
	assert_int_equal(authenticate(), SBI_CAUSE_COUNT);
	assert_int_not_equal(udm_asked, first);
	sbi_answer(bed.bus, first, SBI_OK, &rsp);
	sbi_run(bed.bus);
	assert_int_equal(stat(AUSF_STAT_CHALLENGES), 0);
	assert_int_equal(bed.answers, 0);
	sbi_answer(bed.bus, udm_asked, SBI_OK, &rsp);
	sbi_run(bed.bus);
	assert_int_equal(stat(AUSF_STAT_CHALLENGES), 1);
	assert_int_equal(bed.answers, 1);
	assert_int_equal(bed.cause, SBI_OK);
}

static void test_limit(void **state)
{
	char name[AUTH_CTX_ID_SIZE];

	challenge(name);
	for (uint32_t i = 1; i < AUSF_AUTH_MAX; i++)
		assert_int_equal(authenticate(), SBI_OK);
	assert_int_equal(authenticate(), SBI_NF_CONGESTION);
	assert_int_equal(confirm(name, vector.xres_star), SBI_OK);
	assert_int_equal(authenticate(), SBI_OK);
	assert_int_equal(authenticate(), SBI_NF_CONGESTION);
	pass(AUSF_AUTH_TIMEOUT_S);
	assert_int_equal(authenticate(), SBI_OK);
}

static void restart(const uint8_t key[SEAL_KEY_LEN], bool counts_lost)
{
	ausf_free(ausf);
	nf_bed_restart(&bed);
	ausf = ausf_new(&bed.plmn, key, counts_lost, &bed.t.env, bed.bus);
	assert_non_null(ausf);
	nf_bed_play(&bed, NF_UDM, udm);
}

static enum sbi_cause protect(const char *imsi, bool ack)
{
	static const struct snssai slice = { 1, SNSSAI_NO_SD };
	static const struct upu_data items[] = { { { 1, &slice }, NULL }, { { 0, NULL }, "123" } };
	struct nausf_upu_protection_req req = { .data = { { 2, items }, .upu_ack_ind = ack } };

	assert_true(supi_parse(imsi, &req.supi));
	return nf_bed_ask(&bed, SBI_AUSF_UPU_PROTECTION, &req);
}

/* 33.501 A.19 and A.20, their S spelled out: FC, the list of 24.501 9.11.3.53A, its length, the counter. */
static void check_protected(uint8_t counter)
{
	const uint8_t s[] = { 0x7b, 0x02, 0x00, 0x02, 0x01, 0x01, 0x04, 0x00, 0x02, 0x21, 0xf3, 0x00, 0x0a,
		0x00, counter, 0x00, 0x02 };
	const uint8_t x[] = { 0x7c, 0x01, 0x00, 0x01, 0x00, counter, 0x00, 0x02 };
	const struct nausf_upu_protection_rsp *rsp = bed.body;
	const struct bytes parts[] = { BYTES(s), BYTES(x) };
	uint8_t expected[32];

	assert_int_equal(rsp->data.counter_upu[0], 0);
	assert_int_equal(rsp->data.counter_upu[1], counter);
	assert_true(hmac_sha256(BYTES(vector.kausf), &parts[0], 1, expected));
	assert_memory_equal(rsp->data.upu_mac_iausf, expected + 16, 16);
	assert_true(rsp->data.has_upu_xmac_iue);
	assert_true(hmac_sha256(BYTES(vector.kausf), &parts[1], 1, expected));
	assert_memory_equal(rsp->data.upu_xmac_iue, expected + 16, 16);
}

static void authenticated(void)
{
	char name[AUTH_CTX_ID_SIZE];

	challenge(name);
	assert_int_equal(confirm(name, vector.xres_star), SBI_OK);
}

/* 33.501 6.15.2.2: no counter twice, not even over a restart; a new K_AUSF begins again. */
static void test_upu_protection(void **state)
{
	assert_int_equal(protect("001010000000001", true), SBI_CONTEXT_NOT_FOUND);
	authenticated();
	assert_int_equal(protect("001010000000001", true), SBI_OK);
	check_protected(1);
	assert_int_equal(protect("001010000000002", true), SBI_CONTEXT_NOT_FOUND);
	restart(seal_key, false);
	assert_int_equal(protect("001010000000001", true), SBI_OK);
	check_protected(2);
	store_mem_fail_put(bed.t.env.store, 1);
	assert_int_equal(protect("001010000000001", true), SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(protect("001010000000001", false), SBI_OK);
	assert_false(((const struct nausf_upu_protection_rsp *)bed.body)->data.has_upu_xmac_iue);
	authenticated();
	assert_int_equal(protect("001010000000001", true), SBI_OK);
	check_protected(1);
	ausf_forget(ausf, &bed.supi);
	assert_int_equal(protect("001010000000001", true), SBI_CONTEXT_NOT_FOUND);
}

/* The last counter is the next: of the record, the counter stands before the last field (base/record.h). */
static void use_up_counters(void)
{
	static const uint8_t first[] = { 2, 0, 1, AUSF_COUNTER_FIRST }, last[] = { 2, 0, 2, 0xff, 0xff };
	uint8_t name[8], octets[128];
	struct writer w = writer_of(octets, sizeof(octets));
	struct bytes key = nf_supi_store_key(&bed.supi, name), value;
	const uint8_t *at;

	assert_true(store_get(bed.t.env.store, STORE_AUSF_KEY, key, &value));
	at = memmem(value.data + AUSF_SEALED_MAX, value.len - AUSF_SEALED_MAX, first, sizeof(first));
	assert_non_null(at);
	writer_put(&w, bytes_of(value.data, (size_t)(at - value.data)));
	writer_put(&w, BYTES(last));
	at += sizeof(first);
	writer_put(&w, bytes_of(at, (size_t)(value.data + value.len - at)));
	assert_true(store_put(bed.t.env.store, STORE_AUSF_KEY, key, writer_bytes(&w)));
}

/* A store that is older than what was sent: its counters may have been used. */
static void test_upu_older_store(void **state)
{
	authenticated();
	restart(seal_key, true);
	assert_int_equal(protect("001010000000001", true), SBI_CONTEXT_NOT_FOUND);
	authenticated();
	assert_int_equal(protect("001010000000001", true), SBI_OK);
	check_protected(1);
}

/* The counter does not wrap: the service is suspended until the next authentication. */
static void test_upu_counter(void **state)
{
	const struct nausf_upu_protection_rsp *rsp;

	authenticated();
	use_up_counters();
	assert_int_equal(protect("001010000000001", true), SBI_OK);
	rsp = bed.body;
	assert_int_equal(rsp->data.counter_upu[0] << 8 | rsp->data.counter_upu[1], UINT16_MAX);
	for (int i = 0; i < 2; i++)
		assert_int_equal(protect("001010000000001", true), SBI_COUNTER_WRAP);
	authenticated();
	assert_int_equal(protect("001010000000001", true), SBI_OK);
	check_protected(1);
}

/* Sealed for this subscriber, by this key. */
static void test_upu_sealed(void **state)
{
	static const uint8_t other[SEAL_KEY_LEN] = { 4 };

	authenticated();
	restart(other, false);
	assert_int_equal(protect("001010000000001", true), SBI_CONTEXT_NOT_FOUND);
}

static enum sbi_cause protect_list(const char *steering, bool ack)
{
	struct nausf_sor_protection_req req = { bed.supi,
		{ .steering_container = bytes_of_str(steering), .ack_ind = ack } };

	return nf_bed_ask(&bed, SBI_AUSF_SOR_PROTECTION, &req);
}

/* 33.501 A.17 and A.18, their S spelled out: FC, the SOR header and the list of 24.501 9.11.3.51. */
static void check_steering(struct bytes s, uint8_t counter, bool ack)
{
	const uint8_t x[] = { 0x78, 0x01, 0x00, 0x01, 0x00, counter, 0x00, 0x02 };
	const struct nausf_sor_protection_rsp *rsp = bed.body;
	const struct bytes parts[] = { s, BYTES(x) };
	uint8_t expected[32];

	assert_int_equal(rsp->data.counter_sor[0], 0);
	assert_int_equal(rsp->data.counter_sor[1], counter);
	assert_true(hmac_sha256(BYTES(vector.kausf), &parts[0], 1, expected));
	assert_memory_equal(rsp->data.sor_mac_iausf, expected + 16, 16);
	assert_int_equal(rsp->data.has_sor_xmac_iue, ack);
	assert_true(hmac_sha256(BYTES(vector.kausf), &parts[1], 1, expected));
	assert_true(!ack || !memcmp(rsp->data.sor_xmac_iue, expected + 16, 16));
}

/* CounterSoR is another one than CounterUPU; 33.501 6.14.2.3. */
static void test_sor_protection(void **state)
{
	static const char list[] =
		"[{\"plmnId\":{\"mcc\":\"001\",\"mnc\":\"02\"},\"accessTechList\":[\"NR\"]}]";
	static const uint8_t with[] = { 0x77, 0x0e, 0x00, 0x01, 0x00, 0x01, 0x00, 0x02, 0x00, 0xf1, 0x20,
		0x08, 0x00, 0x00, 0x05 };
	static const uint8_t without[] = { 0x77, 0x00, 0x00, 0x01, 0x00, 0x02, 0x00, 0x02 };

	assert_int_equal(protect_list(list, true), SBI_CONTEXT_NOT_FOUND);
	authenticated();
	assert_int_equal(protect("001010000000001", true), SBI_OK);
	assert_int_equal(protect_list(list, true), SBI_OK);
	check_steering(BYTES(with), 1, true);
	restart(seal_key, false);
	assert_int_equal(protect_list("", false), SBI_OK);
	check_steering(BYTES(without), 2, false);
	assert_int_equal(protect_list("\"0A0B\"", true), SBI_INVALID_MSG_FORMAT); /* a secured packet */
	assert_int_equal(protect_list("{}", true), SBI_INVALID_MSG_FORMAT);
	assert_int_equal(protect("001010000000001", true), SBI_OK);
	check_protected(2);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_success),
		TEST(test_wrong_res_star),
		TEST(test_unknown_names),
		TEST(test_before_the_udm),
		TEST(test_udm_refuses),
		TEST(test_other_serving_network),
		TEST(test_expiry),
		TEST(test_late_udm),
		TEST(test_limit),
		TEST(test_sor_protection),
		TEST(test_upu_protection),
		TEST(test_upu_counter),
		TEST(test_upu_sealed),
		TEST(test_upu_older_store),
	};

	return cmocka_run_group_tests_name("core/ausf", tests, NULL, NULL);
}
