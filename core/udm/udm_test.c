/* The UDM over the real UDR: vectors, SQN, re-synchronisation, and what does not open. */
#include "core/udm/internal.h"

#include "base/store_mem.h"
#include "base/text.h"
#include "core/nf/nf_bed.h"
#include "core/udr/udr.h"
#include "crypto/aka_function.h"
#include "crypto/kdf.h"

static struct nf_bed bed;
static struct udm_config config;
static struct udm *udm;
static struct udr *udr;
static struct aka_key key;
static char snn[SNN_STR_SIZE];

enum { FIRST_SQN = 0x20 };

static uint64_t stat(enum udm_stat s)
{
	struct stats stats;

	udm_stats(udm, &stats);
	return stats.values[s];
}

static void subscribe(enum aka_alg algorithm)
{
	struct subscriber s = { .imsi = "001010000000001", .algorithm = (uint8_t)algorithm, .amf = { 0, 1 } };
	const struct aka_function *f = aka_function(algorithm);
	size_t k_len = f->k_lens[1] ? f->k_lens[1] : f->k_lens[0];

	key = (struct aka_key){
		.alg = algorithm, .k_len = (uint8_t)k_len, .k = { 1, 2, 3 }, .opc = { 4, 5, 6 }
	};
	assert_true(udm_seal_keys(udm, &s, bytes_of(key.k, k_len), bytes_of(key.opc, f->opc_len)));
	assert_true(udr_subscriber_put(udr, &s, FIRST_SQN));
}

static int setup(void **state)
{
	nf_bed_init(&bed);
	config = (struct udm_config){ .plmn = bed.plmn,
		.hn_key_count = 1,
		.hn_keys = { { 1, SUCI_PROFILE_A, { 0x5a, 1, 2 } } },
		.seal_key = { 9 } };
	udm = udm_new(&config, &bed.t.env, bed.bus);
	udr = udr_new(&bed.plmn, &bed.t.env, bed.bus);
	assert_true(udm && udr);
	serving_network_name(&bed.plmn, snn);
	subscribe(AKA_MILENAGE);
	return 0;
}

static int teardown(void **state)
{
	udm_free(udm);
	udr_free(udr);
	nf_bed_fini(&bed);
	return 0;
}

static enum sbi_cause ask(const char *identity, const struct resynchronization_info *resync)
{
	struct nudm_generate_auth_data_req req = { identity, { snn, "ausf", resync } };

	return nf_bed_ask(&bed, SBI_UDM_GENERATE_AUTH_DATA, &req);
}

/* Checks the vector of the last answer as a USIM and an AUSF would; its SQN. */
static uint64_t sqn_of_answer(void)
{
	const struct nudm_generate_auth_data_rsp *rsp = bed.body;
	const struct authentication_vector *av = &rsp->data.authentication_vector;
	uint8_t expected[32];
	struct aka_vector v;

	assert_string_equal(rsp->data.supi.imsi, "001010000000001");
	assert_true(aka_challenge_verify(&key, av->rand, av->autn, &v));
	assert_int_equal(v.amf[0], 0x80); /* 33.501 6.1.3.2: the separation bit */
	assert_true(kdf_k_ausf(v.ck, v.ik, bytes_of_str(snn), av->autn, expected));
	assert_memory_equal(av->kausf, expected, 32);
	assert_true(
		kdf_res_star(v.ck, v.ik, bytes_of_str(snn), av->rand, bytes_of(v.res, v.res_len), expected));
	assert_memory_equal(av->xres_star, expected, 16);
	return v.sqn;
}

static uint64_t sqn_stored(void)
{
	struct subscriber s;
	uint64_t sqn;

	assert_true(udr_subscriber_get(udr, &bed.supi, &s, &sqn));
	return sqn;
}

static const char imsi[] = "imsi-001010000000001";

static void test_vectors(void **state)
{
	for (unsigned alg = 0; alg < AKA_ALG_COUNT; alg++) {
		subscribe((enum aka_alg)alg);
		assert_int_equal(ask(imsi, NULL), SBI_OK);
		/* 33.102 C.1.1.1: SEQ and IND, each one more */
		assert_int_equal(sqn_of_answer(), 1 << 8 | 1);
		assert_int_equal(sqn_stored(), 1 << 8 | 1);
		assert_int_equal(ask(imsi, NULL), SBI_OK);
		assert_int_equal(sqn_of_answer(), 2 << 8 | 2);
	}
	assert_int_equal(stat(UDM_STAT_AUTH_DATA), 2 * AKA_ALG_COUNT);
}

/* 33.501 6.1.3.1: CK', IK' and XRES, nothing of 5G-AKA; the SQN goes on as with that. */
static void test_eap_vector(void **state)
{
	const struct nudm_generate_auth_data_rsp *rsp;
	const struct authentication_vector *av;
	uint8_t ck_prime[16], ik_prime[16];
	struct subscriber s;
	struct aka_vector v;
	uint64_t sqn;

	assert_true(udr_subscriber_get(udr, &bed.supi, &s, &sqn));
	s.authentication = SUBSCRIBER_EAP_AKA_PRIME;
	assert_true(udr_subscriber_put(udr, &s, sqn));
	assert_int_equal(ask(imsi, NULL), SBI_OK);
	rsp = bed.body;
	av = &rsp->data.authentication_vector;
	assert_int_equal(rsp->data.auth_type, AUTH_TYPE_EAP_AKA_PRIME);
	assert_int_equal(av->av_type, AV_TYPE_EAP_AKA_PRIME);
	assert_false(av->has_kausf || av->has_xres_star);
	assert_true(aka_challenge_verify(&key, av->rand, av->autn, &v));
	assert_int_equal(v.amf[0], 0x80);
	assert_int_equal(v.sqn, sqn_stored());
	assert_true(v.sqn > sqn);
	assert_true(bytes_equal(av->xres, bytes_of(v.res, v.res_len)));
	assert_true(kdf_ck_ik_prime(v.ck, v.ik, bytes_of_str(snn), v.autn, ck_prime, ik_prime));
	assert_memory_equal(av->ck_prime, ck_prime, 16);
	assert_memory_equal(av->ik_prime, ik_prime, 16);
}

static void test_resync(void **state)
{
	struct resynchronization_info resync = { .rand = { 7 } };

	assert_true(aka_auts_build(&key, 0x12345 << 8 | 31, resync.rand, resync.auts));
	assert_int_equal(ask(imsi, &resync), SBI_OK);
	assert_int_equal(sqn_of_answer(), 0x12346 << 8 | 0); /* IND goes round */
	assert_int_equal(stat(UDM_STAT_RESYNC), 1);
	/* A forged AUTS changes nothing; the vector follows our own SQN. */
	resync.auts[13] ^= 1;
	assert_int_equal(ask(imsi, &resync), SBI_OK);
	assert_int_equal(sqn_of_answer(), 0x12347 << 8 | 1);
	assert_int_equal(stat(UDM_STAT_RESYNC), 1);
	assert_int_equal(stat(UDM_STAT_RESYNC_REFUSED), 1);
	/* The largest SQN is followed by one that still has 48 bits. */
	assert_true(aka_auts_build(&key, (UINT64_C(1) << 48) - 1, resync.rand, resync.auts));
	assert_int_equal(ask(imsi, &resync), SBI_OK);
	assert_int_equal(sqn_of_answer(), 0);
}

/* A USIM of 33.102 C.2.2 with so many bits of IND: it accepts what is newer than what it had at that IND. */
struct sqn_usim {
	unsigned ind_bits;
	uint64_t seq[1 << 8], highest; /* the SQN with the highest SEQ */
};

static bool usim_takes(struct sqn_usim *u, uint64_t sqn)
{
	uint64_t seq = sqn >> u->ind_bits, *at = &u->seq[sqn & ((1u << u->ind_bits) - 1)];

	if (seq <= *at)
		return false;
	*at = seq;
	if (seq >= u->highest >> u->ind_bits)
		u->highest = sqn;
	return true;
}

/* Whatever the USIM makes of its bits, and whoever asked it before: one re-synchronisation is enough. */
static void test_sqn_of_any_ind(void **state)
{
	for (unsigned bits = 0; bits <= 8; bits++) {
		struct udm_sqn_scheme scheme = { .ind_bits = UDM_SQN_IND_BITS };
		struct sqn_usim u = { .ind_bits = bits };
		uint64_t sqn = 0, foreign = 0x123456780000;
		unsigned refused = 0;

		for (unsigned i = 0; i < 300; i++)
			usim_takes(&u, foreign += (1u << bits) + 1 + i % 3); /* another home's */
		for (unsigned i = 0; i < 5000; i++) {
			sqn = udm_sqn_next(&scheme, 0, sqn);
			if (usim_takes(&u, sqn))
				continue;
			refused++;
			sqn = udm_sqn_next(&scheme, 0, u.highest);
			assert_true(usim_takes(&u, sqn));
		}
		assert_int_equal(refused, 1);
	}
}

/* The time-based part is never behind the clock, and never goes back with it. */
static void test_sqn_by_time(void **state)
{
	struct udm_sqn_scheme scheme = { 5, 100 };
	uint64_t sqn = udm_sqn_next(&scheme, 1000000, 7);

	assert_int_equal(sqn >> 5, 10000);
	assert_int_equal(sqn & 31, 8);
	assert_int_equal(udm_sqn_next(&scheme, 1000099, sqn) >> 5, 10001);
	assert_int_equal(udm_sqn_next(&scheme, 5000, sqn) >> 5, 10001);
	assert_int_equal(udm_sqn_next(&scheme, 1000200, sqn) >> 5, 10002);
}

/* Sealed keys that were bent, cut or moved: no vector, and the SQN stays. */
static void test_keys_that_do_not_open(void **state)
{
	struct subscriber s;
	uint64_t sqn;

	for (int part = 0; part < 4; part++) {
		subscribe(AKA_MILENAGE);
		assert_true(udr_subscriber_get(udr, &bed.supi, &s, &sqn));
		if (part == 0)
			s.enc_permanent_key[20] ^= 1;
		else if (part == 1)
			s.enc_opc_key[20] ^= 1;
		else if (part == 2)
			s.enc_permanent_key_len = 3;
		else /* the one in place of the other */
			assert_true(bytes_copy(s.enc_opc_key, SEALED_KEY_SIZE, BYTES(s.enc_permanent_key)));
		assert_true(udr_subscriber_put(udr, &s, sqn));
		assert_int_equal(ask(imsi, NULL), SBI_UNSPECIFIED_NF_FAILURE);
		assert_null(bed.body);
		assert_int_equal(sqn_stored(), FIRST_SQN);
	}
	assert_int_equal(stat(UDM_STAT_AUTH_DATA), 0);
	assert_true(test_env_logged(&bed.t, "does not open"));
}

/* No vector leaves whose SQN is not stored. */
static void test_sqn_not_stored(void **state)
{
	store_mem_fail_put(bed.t.env.store, 1);
	assert_int_equal(ask(imsi, NULL), SBI_INSUFFICIENT_RESOURCES);
	assert_null(bed.body);
	assert_int_equal(stat(UDM_STAT_AUTH_DATA), 0);
	assert_int_equal(ask(imsi, NULL), SBI_OK);
}

static void test_identities(void **state)
{
	static const struct {
		const char *identity;
		enum sbi_cause cause;
	} refused[] = {
		{ "imsi-001010000000009", SBI_USER_NOT_FOUND },
		{ "imsi-00101000000000x", SBI_USER_NOT_FOUND },
		{ "imsi-", SBI_USER_NOT_FOUND },
		{ "nai-a@b", SBI_USER_NOT_FOUND },
		{ "suci-0-001-01-0-0-0", SBI_INVALID_SCHEME_OUTPUT },
		{ "suci-1-001-01-0-0-0-0000000001", SBI_INVALID_SCHEME_OUTPUT },
		{ "suci-0-001-02-0-0-0-0000000001", SBI_USER_NOT_FOUND },
		{ "suci-0-001-01-0-0-0-0000000001",
			SBI_INVALID_SCHEME_OUTPUT }, /* null scheme, not allowed */
		{ "suci-0-001-01-0-1-2-00", SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER },
		{ "suci-0-001-01-0-2-1-00", SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER },
		{ "suci-0-001-01-0-1-1-00", SBI_INVALID_SCHEME_OUTPUT },
		{ "suci-0-001-01-0-1-1-zz", SBI_INVALID_SCHEME_OUTPUT },
		{ "suci-0-001-01-0-16-1-00", SBI_INVALID_SCHEME_OUTPUT },
		{ "suci-0-001-01-0-1-256-00", SBI_INVALID_SCHEME_OUTPUT },
		{ "suci-0-001-01-0-1-257-00", SBI_INVALID_SCHEME_OUTPUT },
	};

	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (ask(refused[i].identity, NULL) != refused[i].cause)
			fail_msg("%s: %s", refused[i].identity, sbi_cause_name(bed.cause));
	assert_int_equal(stat(UDM_STAT_UNKNOWN_SUBSCRIBER), 1);
	assert_int_equal(stat(UDM_STAT_SUCI_REFUSED), ARRAY_LEN(refused) - 1);
}

static void test_suci(void **state)
{
	static const uint8_t ephemeral[SUCI_PRIVATE_LEN] = { 0x42, 1 };
	uint8_t msin_octets[8], output[64];
	struct writer msin = writer_of(msin_octets, sizeof(msin_octets)),
		      w = writer_of(output, sizeof(output));
	char identity[SUPI_OR_SUCI_SIZE];
	struct writer t = writer_of(identity, sizeof(identity));

	assert_true(suci_msin_encode("0000000001", &msin));
	assert_true(
		suci_conceal(SUCI_PROFILE_A, udm_hn_public_key(udm, 0), ephemeral, writer_bytes(&msin), &w));
	text_put(&t, "suci-0-001-01-0-1-1-");
	text_hex(&t, writer_bytes(&w));
	writer_u8(&t, 0);
	assert_int_equal(ask(identity, NULL), SBI_OK);
	assert_int_equal(sqn_of_answer(), 1 << 8 | 1);
	/* one digit of the tag is wrong */
	identity[strlen(identity) - 1] ^= 1;
	assert_int_equal(ask(identity, NULL), SBI_INVALID_SCHEME_OUTPUT);
}

/* Where the operator allows it, a SUCI may have its MSIN in the clear: so many digits, and digits only. */
static void test_null_scheme(void **state)
{
	static const char *const refused[] = { "suci-0-001-01-0-0-0-00000000012",
		"suci-0-001-01-0-0-0-000000000x" };

	udm->config.null_scheme = true;
	assert_int_equal(ask("suci-0-001-01-0-0-0-0000000001", NULL), SBI_OK);
	assert_string_equal(
		((const struct nudm_generate_auth_data_rsp *)bed.body)->data.supi.imsi, "001010000000001");
	assert_int_equal(ask("suci-0-001-01-0-0-0-0000000009", NULL), SBI_USER_NOT_FOUND);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (ask(refused[i], NULL) != SBI_INVALID_SCHEME_OUTPUT)
			fail_msg("%s: %s", refused[i], sbi_cause_name(bed.cause));
}

/* As many requests as there may be at the UDR; one more is refused, and room comes with their answers. */
static void test_requests_max(void **state)
{
	struct nudm_generate_auth_data_req req = { imsi, { snn, "ausf", NULL } };
	const struct sbi_peer *to = sbi_any(bed.bus, NF_UDM);

	udm->auths.max = 2;
	for (unsigned i = 0; i < 3; i++)
		sbi_call(bed.asker, to, SBI_UDM_GENERATE_AUTH_DATA, &req, (struct sbi_token){ 0 });
	sbi_run(bed.bus);
	assert_int_equal(bed.answers, 3);
	assert_int_equal(stat(UDM_STAT_AUTH_DATA), 2);
	assert_int_equal(ask(imsi, NULL), SBI_OK);
}

/* 29.503 5.2.2.2, 5.3.2: what the UDR has of a subscriber comes as it is, and so does its refusal. */
static void test_passed_on(void **state)
{
	struct nudm_sdm_get_req get = { bed.supi, bed.plmn };
	struct nudm_sm_data_req sm = { bed.supi, bed.plmn, { 1, SNSSAI_NO_SD }, "internet" };
	struct nudm_smf_registration_req put = { bed.supi, 5,
		{ .smf_instance_id = "smf-1", .pdu_session_id = 5 } };
	struct nudm_smf_deregistration_req gone = { bed.supi, 5 };
	struct supi unknown;
	struct subscriber s;
	uint64_t sqn;

	assert_true(udr_subscriber_get(udr, &bed.supi, &s, &sqn));
	s.ambr_uplink_bps = 77;
	s.slice_count = 1;
	s.slices[0] = (struct subscriber_slice){ .sst = 1,
		.sd = SNSSAI_NO_SD,
		.default_slice = true,
		.dnn_count = 1,
		.dnns = { { .dnn = "internet", .default_dnn = true, .five_qi = 9 } } };
	assert_true(udr_subscriber_put(udr, &s, sqn));
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_GET_AM_DATA, &get), SBI_OK);
	assert_int_equal(
		((const struct nudm_am_data_rsp *)bed.body)->data.subscribed_ue_ambr->uplink_bps, 77);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_GET_SMF_SELECT_DATA, &get), SBI_OK);
	assert_int_equal(
		((const struct nudm_smf_select_data_rsp *)bed.body)->data.subscribed_snssai_infos.count, 1);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_GET_SM_DATA, &sm), SBI_OK);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_SMF_REGISTRATION, &put), SBI_OK);
	assert_non_null(bed.body); /* created */
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_SMF_REGISTRATION, &put), SBI_OK);
	assert_null(bed.body);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_SMF_DEREGISTRATION, &gone), SBI_OK);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_SMF_REGISTRATION, &put), SBI_OK);
	assert_non_null(bed.body);
	assert_true(supi_parse("001010000000009", &unknown));
	get.supi = sm.supi = unknown;
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_GET_AM_DATA, &get), SBI_USER_NOT_FOUND);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_GET_SMF_SELECT_DATA, &get), SBI_USER_NOT_FOUND);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_GET_SM_DATA, &sm), SBI_USER_NOT_FOUND);
}

/* 29.503 5.4.2.3: what became of an authentication is taken note of. */
static void test_confirmation(void **state)
{
	struct nudm_confirm_auth_req req = { bed.supi,
		{ .nf_instance_id = "ausf", .success = true, .serving_network_name = snn } };
	const struct nudm_confirm_auth_rsp *rsp;

	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_CONFIRM_AUTH, &req), SBI_OK);
	rsp = bed.body;
	assert_string_equal(rsp->supi.imsi, bed.supi.imsi);
	assert_true(rsp->data.success);
}

static void test_seal_lengths(void **state)
{
	static const uint8_t octets[33];
	static const struct {
		enum aka_alg algorithm;
		uint8_t k, opc;
		bool good;
	} cases[] = {
		{ AKA_MILENAGE, 16, 16, true },
		{ AKA_MILENAGE, 15, 16, false },
		{ AKA_MILENAGE, 17, 16, false },
		{ AKA_MILENAGE, 32, 16, false },
		{ AKA_MILENAGE, 16, 32, false },
		{ AKA_MILENAGE, 16, 15, false },
		{ AKA_TUAK, 16, 32, true },
		{ AKA_TUAK, 32, 32, true },
		{ AKA_TUAK, 33, 32, false },
		{ AKA_TUAK, 32, 16, false },
		{ AKA_TUAK, 0, 32, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct subscriber s = { .imsi = "001010000000001", .algorithm = (uint8_t)cases[i].algorithm };

		assert_true(udm_seal_keys(udm, &s, bytes_of(octets, cases[i].k),
				    bytes_of(octets, cases[i].opc)) == cases[i].good);
	}
}

/* A store of a later version, or a damaged one, has algorithms that are not known here: nobody is
 * authenticated by another. */
static void test_unknown_algorithm(void **state)
{
	struct subscriber s;
	uint64_t sqn;

	assert_true(udr_subscriber_get(udr, &bed.supi, &s, &sqn));
	s.algorithm = AKA_ALG_COUNT;
	assert_false(udm_seal_keys(udm, &s, BYTES(key.opc), BYTES(key.opc)));
	assert_true(udr_subscriber_put(udr, &s, sqn));
	assert_int_not_equal(ask(imsi, NULL), SBI_OK);
	assert_int_equal(sqn_stored(), sqn);
}

#define OLD_AMF "6b35ad7a-0000-4000-8000-000000000002" /* which the bed plays */
#define NEW_AMF "6b35ad7a-0000-4000-8000-000000000003"

static struct nudm_amf_registration_req registration(const char *amf, uint8_t pointer, bool initial)
{
	return (struct nudm_amf_registration_req){ bed.supi,
		{ .amf_instance_id = amf,
			.dereg_callback_uri = pointer == 1 ? "/callback/one" : "/callback/two",
			.guami = { bed.plmn, 1, 1, pointer },
			.rat_type = RAT_TYPE_NR,
			.initial_registration_ind = initial } };
}

static enum sbi_cause purge(uint8_t pointer, bool flag)
{
	struct nudm_amf_modification_req req = { bed.supi,
		{ .guami = { bed.plmn, 1, 1, pointer }, .purge_flag = flag } };

	return nf_bed_ask(&bed, SBI_UDM_AMF_PURGE, &req);
}

static const char *serving(void)
{
	static struct udr_amf_context context;

	udr_serving_amf(udr, &bed.supi, &context);
	return context.instance_id;
}

/* Without the UDR's consent nothing is registered; its answers are handed on as they are. */
static void test_uecm(void **state)
{
	struct nudm_amf_registration_req put = registration(OLD_AMF, 1, true);

	assert_int_equal(purge(1, true), SBI_CONTEXT_NOT_FOUND);
	store_mem_fail_put(bed.t.env.store, 1);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &put), SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &put), SBI_OK);
	assert_non_null(bed.body);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &put), SBI_OK);
	assert_null(bed.body);
	assert_int_equal(purge(1, false), SBI_OK);
	assert_string_equal(serving(), OLD_AMF);
	store_mem_fail_put(bed.t.env.store, 1);
	assert_int_equal(purge(1, true), SBI_INSUFFICIENT_RESOURCES);
	assert_string_equal(serving(), OLD_AMF);
	assert_int_equal(purge(1, true), SBI_OK);
	assert_string_equal(serving(), "");
}

/* An AMF that is not the registered one changes nothing, whichever part of its GUAMI is another. */
static void test_purge_by_another_amf(void **state)
{
	struct nudm_amf_registration_req put = registration(OLD_AMF, 1, true);
	struct nudm_amf_modification_req req = { bed.supi,
		{ .guami = { bed.plmn, 1, 1, 1 }, .purge_flag = true } };

	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &put), SBI_OK);
	assert_int_equal(purge(2, true), SBI_INVALID_GUAMI);
	assert_int_equal(purge(2, false), SBI_INVALID_GUAMI);
	req.data.guami.amf_set_id = 2;
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_PURGE, &req), SBI_INVALID_GUAMI);
	req.data.guami = (struct guami){ bed.plmn, 2, 1, 1 };
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_PURGE, &req), SBI_INVALID_GUAMI);
	assert_int_equal(stat(UDM_STAT_INVALID_GUAMI), 4);
	assert_string_equal(serving(), OLD_AMF);
}

static struct {
	enum deregistration_reason reason;
	enum access_type access;
	char callback[16];
} notified;

static void play_amf(struct nf_bed *b, const struct sbi_request *r)
{
	const struct nudm_deregistration_notify_req *req = r->body;

	assert_int_equal(r->op, SBI_AMF_DEREGISTRATION_NOTIFY);
	notified.reason = req->data.dereg_reason;
	notified.access = req->data.access_type;
	str_copy(notified.callback, sizeof(notified.callback), req->callback);
	sbi_answer(b->bus, r->id, SBI_OK, NULL);
}

/* 23.502 4.2.2.2.2 step 14d: the old AMF hears of it, once the new one is kept, and nobody else does. */
static void test_another_amf_registers(void **state)
{
	struct nudm_amf_registration_req old = registration(OLD_AMF, 1, true);

	nf_bed_play(&bed, NF_AMF, play_amf);
	for (int initial = 0; initial < 2; initial++) {
		struct nudm_amf_registration_req new = registration(NEW_AMF, 2, initial);

		assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &old), SBI_OK);
		assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &old), SBI_OK);
		store_mem_fail_put(bed.t.env.store, 1);
		assert_int_equal(
			nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &new), SBI_INSUFFICIENT_RESOURCES);
		assert_int_equal(bed.played, initial);
		assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &new), SBI_OK);
		assert_int_equal(bed.played, initial + 1);
		assert_int_equal(notified.reason,
			initial ? DEREG_UE_INITIAL_REGISTRATION : DEREG_UE_REGISTRATION_AREA_CHANGE);
		assert_int_equal(notified.access, ACCESS_TYPE_THREE_GPP_ACCESS);
		assert_string_equal(notified.callback, "one");
		assert_string_equal(serving(), NEW_AMF);
		assert_int_equal(purge(2, true), SBI_OK);
	}
	assert_int_equal(stat(UDM_STAT_AMF_CHANGED), 2);
}

/* Two AMFs at once: the second one's request waits, so the first is told. Another UE's does not wait. */
static void test_two_amfs_at_once(void **state)
{
	struct nudm_amf_registration_req one = registration(OLD_AMF, 1, true),
					 two = registration(NEW_AMF, 2, true), other = two;
	struct nudm_amf_modification_req gone = { bed.supi,
		{ .guami = { bed.plmn, 1, 1, 1 }, .purge_flag = true } };
	const struct sbi_peer *to = sbi_any(bed.bus, NF_UDM);

	nf_bed_play(&bed, NF_AMF, play_amf);
	assert_true(supi_parse("001010000000002", &other.supi));
	sbi_call(bed.asker, to, SBI_UDM_AMF_REGISTRATION, &one, (struct sbi_token){ 0 });
	sbi_call(bed.asker, to, SBI_UDM_AMF_REGISTRATION, &other, (struct sbi_token){ 0 });
	sbi_call(bed.asker, to, SBI_UDM_AMF_REGISTRATION, &two, (struct sbi_token){ 0 });
	sbi_call(bed.asker, to, SBI_UDM_AMF_PURGE, &gone, (struct sbi_token){ 0 });
	sbi_run(bed.bus);
	assert_int_equal(bed.answers, 4);
	assert_int_equal(bed.cause, SBI_INVALID_GUAMI); /* of the last: the first AMF came too late */
	assert_int_equal(bed.played, 1);
	assert_string_equal(notified.callback, "one");
	assert_string_equal(serving(), NEW_AMF);
}

/* As many AMFs' registrations as there may be under way. */
static void test_registrations_max(void **state)
{
	struct nudm_amf_registration_req put = registration(OLD_AMF, 1, true);
	const struct sbi_peer *to = sbi_any(bed.bus, NF_UDM);

	udm->uecms.max = 2;
	for (unsigned i = 0; i < 3; i++)
		sbi_call(bed.asker, to, SBI_UDM_AMF_REGISTRATION, &put, (struct sbi_token){ 0 });
	sbi_run(bed.bus);
	assert_int_equal(bed.answers, 3);
	assert_int_equal(bed.cause, SBI_OK);
	assert_int_equal(udm->uecms.used, 0);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &put), SBI_OK);
}

static void test_bad_home_network_key(void **state)
{
	config.hn_keys[0].scheme = SUCI_NULL;
	assert_null(udm_new(&config, &bed.t.env, bed.bus));
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_vectors),
		TEST(test_eap_vector),
		TEST(test_resync),
		TEST(test_keys_that_do_not_open),
		TEST(test_sqn_not_stored),
		TEST(test_sqn_of_any_ind),
		TEST(test_sqn_by_time),
		TEST(test_identities),
		TEST(test_suci),
		TEST(test_null_scheme),
		TEST(test_requests_max),
		TEST(test_passed_on),
		TEST(test_confirmation),
		TEST(test_seal_lengths),
		TEST(test_unknown_algorithm),
		TEST(test_uecm),
		TEST(test_purge_by_another_amf),
		TEST(test_another_amf_registers),
		TEST(test_two_amfs_at_once),
		TEST(test_registrations_max),
		TEST(test_bad_home_network_key),
	};

	return cmocka_run_group_tests_name("core/udm", tests, NULL, NULL);
}
