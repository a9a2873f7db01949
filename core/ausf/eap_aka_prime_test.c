/*
 * EAP-AKA' at the AUSF between a consumer, a scripted UDM and a UE played by hand: keys of case 1 of RFC 9048
 * Appendix C as far as the identity allows, the UE's packets put together octet by octet.
 */
#include "core/ausf/ausf.h"

#include "core/nf/nf_bed.h"
#include "crypto/kdf.h"
#include "proto/eap_aka_prime.h"

static struct nf_bed bed;
static struct ausf *ausf;
static const uint8_t seal_key[SEAL_KEY_LEN] = { 1, 2, 3 };
static unsigned asked, confirmed, succeeded, resyncs;
static char snn[SNN_STR_SIZE];
static bool method_changes; /* the second vector is of 5G-AKA */
static bool udm_silent;
static struct resynchronization_info resync;

static const uint8_t xres[8] = { 0x28, 0xd7, 0xb0, 0xf2, 0xa2, 0xec, 0x3d, 0xe5 };

static struct authentication_vector vector_of(unsigned number)
{
	return (struct authentication_vector){ .av_type = AV_TYPE_EAP_AKA_PRIME,
		.rand = { (uint8_t)number, 2, 3 },
		.autn = { 7, 8, 9 },
		.xres = BYTES(xres),
		.has_ck_prime = true,
		.ck_prime = { 0x00, 0x93, (uint8_t)number },
		.has_ik_prime = true,
		.ik_prime = { 0xcc, 0xfc } };
}

static void udm(struct nf_bed *b, const struct sbi_request *r)
{
	const struct nudm_confirm_auth_req *confirm = r->body;
	const struct nudm_generate_auth_data_req *ask = r->body;
	struct nudm_generate_auth_data_rsp rsp = { .data = { .auth_type = AUTH_TYPE_EAP_AKA_PRIME,
							   .supi = b->supi } };

	if (r->op == SBI_UDM_CONFIRM_AUTH) {
		assert_int_equal(confirm->data.auth_type, AUTH_TYPE_EAP_AKA_PRIME);
		confirmed++;
		succeeded += confirm->data.success;
		sbi_answer(b->bus, r->id, SBI_OK,
			&(struct nudm_confirm_auth_rsp){ confirm->supi, "1", confirm->data });
		return;
	}
	if (ask->data.resynchronization_info) {
		resyncs++;
		resync = *ask->data.resynchronization_info;
		assert_string_equal(ask->supi_or_suci, "imsi-001010000000001");
	}
	rsp.data.authentication_vector = vector_of(++asked);
	if (method_changes && asked == 2)
		rsp.data.authentication_vector = (struct authentication_vector){
			.av_type = AV_TYPE_FIVE_G_HE_AKA, .has_xres_star = true, .has_kausf = true
		};
	if (!udm_silent)
		sbi_answer(b->bus, r->id, SBI_OK, &rsp);
}

static int setup(void **state)
{
	nf_bed_init(&bed);
	ausf = ausf_new(&bed.plmn, seal_key, false, &bed.t.env, bed.bus);
	assert_non_null(ausf);
	nf_bed_play(&bed, NF_UDM, udm);
	asked = confirmed = succeeded = resyncs = 0;
	method_changes = udm_silent = false;
	serving_network_name(&bed.plmn, snn);
	return 0;
}

static int teardown(void **state)
{
	ausf_free(ausf);
	nf_bed_fini(&bed);
	return 0;
}

static struct kdf_eap_keys keys_of(unsigned number)
{
	struct authentication_vector v = vector_of(number);
	struct kdf_eap_keys keys;

	assert_true(kdf_eap_keys(v.ck_prime, v.ik_prime, bytes_of_str("001010000000001"), &keys));
	return keys;
}

/* A challenge is what RFC 9048 has there, under the MAC of the keys of this vector. */
static struct eap_packet check_challenge(struct bytes octets, unsigned number)
{
	struct authentication_vector v = vector_of(number);
	struct kdf_eap_keys keys = keys_of(number);
	struct eap_packet p;

	assert_int_equal(eap_decode(octets, &p), EAP_OK);
	assert_int_equal(p.code, EAP_REQUEST);
	assert_int_equal(p.aka.subtype, EAP_AKA_CHALLENGE);
	assert_memory_equal(p.aka.rand, v.rand, 16);
	assert_memory_equal(p.aka.autn, v.autn, 16);
	assert_int_equal(p.aka.kdf_count, 1);
	assert_int_equal(p.aka.kdfs[0], EAP_AKA_KDF_3GPP);
	assert_true(bytes_equal(p.aka.network_name, bytes_of_str(snn)));
	assert_true(eap_aka_prime_proved(&p, octets, keys.k_aut));
	return p;
}

static struct eap_packet challenge(char name[AUTH_CTX_ID_SIZE])
{
	struct nausf_authenticate_req req = { { .supi_or_suci = "imsi-001010000000001",
		.serving_network_name = snn } };
	const struct nausf_authenticate_rsp *rsp;

	assert_int_equal(nf_bed_ask(&bed, SBI_AUSF_AUTHENTICATE, &req), SBI_OK);
	rsp = bed.body;
	str_copy(name, AUTH_CTX_ID_SIZE, rsp->auth_ctx_id);
	assert_int_equal(rsp->data.auth_type, AUTH_TYPE_EAP_AKA_PRIME);
	assert_string_equal(rsp->data._links.entries[0].key, "eap-session");
	assert_false(rsp->data.five_g_auth_data.has_rand);
	return check_challenge(rsp->data.five_g_auth_data.eap_payload, asked);
}

static enum sbi_cause session(const char *name, struct bytes payload)
{
	struct nausf_eap_session_req req = { .auth_ctx_id = name, .data.eap_payload = payload };

	return nf_bed_ask(&bed, SBI_AUSF_EAP_SESSION, &req);
}

static enum sbi_cause answer(const char *name, struct eap_packet *p, unsigned number)
{
	struct kdf_eap_keys keys = keys_of(number);
	uint8_t octets[EAP_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(eap_aka_prime_write(p, p->aka.has_mac ? keys.k_aut : NULL, &w));
	return session(name, writer_bytes(&w));
}

static struct eap_packet response_of(const struct eap_packet *request, enum eap_aka_subtype subtype)
{
	struct eap_packet p = { EAP_RESPONSE, request->identifier, EAP_TYPE_AKA_PRIME,
		.aka = { .subtype = (uint8_t)subtype } };

	if (subtype == EAP_AKA_CHALLENGE) {
		p.aka.res_len = sizeof(xres);
		memcpy(p.aka.res, xres, sizeof(xres));
		p.aka.has_mac = true;
	}
	return p;
}

static void check_end(uint8_t identifier, bool success, unsigned number)
{
	const struct nausf_eap_session_rsp *rsp = bed.body;
	struct kdf_eap_keys keys = keys_of(number);
	uint8_t expected[32];
	static const uint8_t none[32];
	const uint8_t end[4] = { success ? EAP_SUCCESS : EAP_FAILURE, identifier, 0, 4 };

	assert_true(bytes_equal(rsp->data.eap_payload, BYTES(end)));
	assert_int_equal(rsp->data.auth_result,
		success ? AUTH_RESULT_AUTHENTICATION_SUCCESS : AUTH_RESULT_AUTHENTICATION_FAILURE);
	assert_int_equal(rsp->data.has_k_seaf, success);
	/* 33.501 6.1.3.1: K_AUSF is the first 256 bits of EMSK */
	assert_true(kdf_k_seaf(keys.emsk, bytes_of_str(snn), expected));
	assert_memory_equal(rsp->data.k_seaf, success ? expected : none, 32);
	assert_string_equal(rsp->data.supi.imsi, "001010000000001");
	assert_int_equal(confirmed, 1);
	assert_int_equal(succeeded, success);
}

static void test_success(void **state)
{
	char name[AUTH_CTX_ID_SIZE];
	struct eap_packet request = challenge(name), p = response_of(&request, EAP_AKA_CHALLENGE);

	assert_int_equal(answer(name, &p, 1), SBI_OK);
	check_end(request.identifier, true, 1);
	assert_int_equal(answer(name, &p, 1), SBI_CONTEXT_NOT_FOUND);
}

/* Whatever is not the right answer ends in EAP-Failure at once: there is one try. */
static void test_failures(void **state)
{
	static const uint8_t nak[] = { 2, 1, 0, 6, 3, 13 }, garbage[] = { 2, 1 };

	for (unsigned i = 0; i < 12; i++) {
		char name[AUTH_CTX_ID_SIZE];
		struct eap_packet request, p;
		enum sbi_cause cause;

		if (i > 0) {
			teardown(state);
			setup(state);
		}
		request = challenge(name);
		p = response_of(&request, EAP_AKA_CHALLENGE);
		if (i == 0)
			p.aka.res[7] ^= 1;
		else if (i == 1)
			p.aka.res_len = 4;
		else if (i == 2)
			p.identifier++;
		else if (i == 3)
			p.aka.has_mac = false;
		else if (i == 4)
			p.code = EAP_REQUEST;
		else if (i == 5)
			p.aka.subtype = EAP_AKA_AUTHENTICATION_REJECT;
		else if (i == 6)
			p.aka.subtype = EAP_AKA_CLIENT_ERROR;
		else if (i == 7)
			p.aka.res_len = 0;
		else if (i == 8)
			p.aka.subtype = EAP_AKA_SYNCHRONIZATION_FAILURE; /* without AUTS */
		cause = i == 9    ? session(name, BYTES(nak))
			: i == 10 ? session(name, BYTES(garbage))
			: i == 11 ? session(name, BYTES_NONE)
				  : answer(name, &p, 1);
		if (i == 11 && cause != SBI_OK)
			continue; /* the wire form has no such body */
		assert_int_equal(cause, SBI_OK);
		check_end(request.identifier, false, 1);
		p = response_of(&request, EAP_AKA_CHALLENGE);
		assert_int_equal(answer(name, &p, 1), SBI_CONTEXT_NOT_FOUND);
	}
}

/* The MAC of another key. */
static void test_wrong_mac(void **state)
{
	char name[AUTH_CTX_ID_SIZE];
	struct eap_packet request = challenge(name), p = response_of(&request, EAP_AKA_CHALLENGE);

	assert_int_equal(answer(name, &p, 2), SBI_OK);
	check_end(request.identifier, false, 1);
}

static void test_synchronization(void **state)
{
	char name[AUTH_CTX_ID_SIZE];
	struct eap_packet request = challenge(name), second,
			  p = response_of(&request, EAP_AKA_SYNCHRONIZATION_FAILURE);
	const struct nausf_eap_session_rsp *rsp;

	p.aka.has_auts = true;
	memset(p.aka.auts, 0xa5, sizeof(p.aka.auts));
	assert_int_equal(answer(name, &p, 1), SBI_OK);
	assert_int_equal(resyncs, 1);
	assert_memory_equal(resync.rand, request.aka.rand, 16);
	assert_memory_equal(resync.auts, p.aka.auts, 14);
	rsp = bed.body;
	assert_int_equal(rsp->data.auth_result, AUTH_RESULT_ABSENT);
	assert_false(rsp->data.has_k_seaf);
	second = check_challenge(rsp->data.eap_payload, 2);
	assert_int_equal(second.identifier, request.identifier + 1);
	/* The answer to the first is none to the second. */
	p = response_of(&second, EAP_AKA_CHALLENGE);
	assert_int_equal(answer(name, &p, 2), SBI_OK);
	check_end(second.identifier, true, 2);
}

static void test_synchronization_once(void **state)
{
	char name[AUTH_CTX_ID_SIZE];
	struct eap_packet request = challenge(name),
			  p = response_of(&request, EAP_AKA_SYNCHRONIZATION_FAILURE);

	p.aka.has_auts = true;
	assert_int_equal(answer(name, &p, 1), SBI_OK);
	p.identifier++;
	assert_int_equal(answer(name, &p, 2), SBI_OK);
	check_end(p.identifier, false, 2);
	assert_int_equal(resyncs, 1);
}

/* While the UDM is asked again, the first challenge counts no more, and the second is not there yet. */
static void test_synchronization_pending(void **state)
{
	char name[AUTH_CTX_ID_SIZE];
	struct eap_packet request = challenge(name),
			  p = response_of(&request, EAP_AKA_SYNCHRONIZATION_FAILURE);

	udm_silent = true;
	p.aka.has_auts = true;
	assert_int_equal(answer(name, &p, 1), SBI_CAUSE_COUNT);
	p = response_of(&request, EAP_AKA_CHALLENGE);
	assert_int_equal(answer(name, &p, 1), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(confirmed, 0);
}

/* The operator gives the subscriber the other method in between: this authentication ends. */
static void test_method_changes(void **state)
{
	char name[AUTH_CTX_ID_SIZE];
	struct eap_packet request = challenge(name),
			  p = response_of(&request, EAP_AKA_SYNCHRONIZATION_FAILURE);

	method_changes = true;
	p.aka.has_auts = true;
	assert_int_equal(answer(name, &p, 1), SBI_INSUFFICIENT_RESOURCES);
	assert_null(bed.body);
	assert_int_equal(answer(name, &p, 1), SBI_CONTEXT_NOT_FOUND);
}

/* The confirmation of the one method is none of the other. */
static void test_other_method(void **state)
{
	char name[AUTH_CTX_ID_SIZE];
	struct nausf_5g_aka_confirm_req req = { .auth_ctx_id = name };

	challenge(name);
	assert_int_equal(nf_bed_ask(&bed, SBI_AUSF_5G_AKA_CONFIRM, &req), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(confirmed, 0);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_success),
		TEST(test_failures),
		TEST(test_wrong_mac),
		TEST(test_synchronization),
		TEST(test_synchronization_once),
		TEST(test_synchronization_pending),
		TEST(test_method_changes),
		TEST(test_other_method),
	};

	return cmocka_run_group_tests_name("core/ausf_eap", tests, NULL, NULL);
}
