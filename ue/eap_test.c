/* EAP-AKA' of the UE against a network that is played packet by packet; its keys are computed here a second
 * time. */
#include "ue/ue_bed.h"

#include "proto/eap_aka_prime.h"

static const char network_name[] = "5G:mnc001.mcc001.3gppnetwork.org";

struct challenge {
	struct eap_packet packet;
	struct kdf_eap_keys keys;
	struct aka_vector vector;
	uint8_t octets[EAP_PACKET_MAX];
	size_t len;
};

/* A challenge of the home network; name: what stands in AT_KDF_INPUT, keys are bound to the right one. */
static struct challenge challenge_of(struct bed *b, const char *name)
{
	static const uint8_t amf[2] = { 0x80, 0 };
	struct challenge c = { .packet = { EAP_REQUEST, (uint8_t)(b->sqn + 1), EAP_TYPE_AKA_PRIME,
				       .aka = { .subtype = EAP_AKA_CHALLENGE,
					       .has_rand = true,
					       .has_autn = true,
					       .kdf_count = 1,
					       .kdfs = { EAP_AKA_KDF_3GPP },
					       .has_network_name = true,
					       .network_name = bytes_of_str(name) } } };
	uint8_t ck_prime[16], ik_prime[16];

	c.packet.aka.rand[0] = (uint8_t)++b->sqn;
	assert_true(aka_vector_generate(
		&b->config.key, b->sqn << USIM_IND_BITS, amf, c.packet.aka.rand, &c.vector));
	memcpy(c.packet.aka.autn, c.vector.autn, 16);
	assert_true(kdf_ck_ik_prime(
		c.vector.ck, c.vector.ik, bytes_of_str(network_name), c.vector.autn, ck_prime, ik_prime));
	assert_true(kdf_eap_keys(ck_prime, ik_prime, bytes_of_str(b->config.supi.imsi), &c.keys));
	return c;
}

static void send_octets(struct bed *b, struct bytes octets)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_REQUEST };

	m.authentication_request.ngksi = BED_NGKSI;
	m.authentication_request.abba = bytes_of("\0\0", 2);
	m.authentication_request.has_eap_message = true;
	m.authentication_request.eap_message = octets;
	bed_send_plain(b, m);
}

static void send_challenge(struct bed *b, struct challenge *c)
{
	struct writer w = writer_of(c->octets, sizeof(c->octets));

	assert_true(eap_aka_prime_write(&c->packet, c->keys.k_aut, &w));
	c->len = w.len;
	send_octets(b, writer_bytes(&w));
}

/* The UE's EAP response; its octets are in *in. */
static struct eap_packet response(struct bed *b, struct bytes *in)
{
	struct nas_msg m = bed_nas(b, NAS_AUTHENTICATION_RESPONSE);
	struct eap_packet p;

	assert_true(m.authentication_response.has_eap_message);
	assert_false(m.authentication_response.has_res_star);
	*in = m.authentication_response.eap_message;
	assert_int_equal(eap_decode(*in, &p), EAP_OK);
	assert_int_equal(p.code, EAP_RESPONSE);
	assert_int_equal(p.type, EAP_TYPE_AKA_PRIME);
	return p;
}

static struct eap_packet begin(struct bed *b, struct challenge *c, struct bytes *in)
{
	b->profile.t3510_ms = 60000;
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	send_challenge(b, c);
	return response(b, in);
}

/* 33.501 6.1.3.1: RES under the MAC, and a security mode command with the keys of EMSK is taken. */
static void test_success(void **state)
{
	struct bed *b = *state;
	struct challenge c = challenge_of(b, network_name);
	struct bytes in;
	struct eap_packet p = begin(b, &c, &in);
	struct nas_msg m = { .type = NAS_SECURITY_MODE_COMMAND };
	uint8_t k_seaf[32], k_amf[32];
	const uint8_t success[] = { EAP_SUCCESS, c.packet.identifier, 0, 4 };

	assert_int_equal(p.aka.subtype, EAP_AKA_CHALLENGE);
	assert_int_equal(p.identifier, c.packet.identifier);
	assert_int_equal(p.aka.res_len, c.vector.res_len);
	assert_memory_equal(p.aka.res, c.vector.res, c.vector.res_len);
	assert_true(eap_aka_prime_proved(&p, in, c.keys.k_aut));
	/* the same again gets the same answer */
	send_challenge(b, &c);
	p = response(b, &in);
	assert_true(eap_aka_prime_proved(&p, in, c.keys.k_aut));

	assert_true(kdf_k_seaf(c.keys.emsk, bytes_of_str(network_name), k_seaf));
	assert_true(kdf_k_amf(k_seaf, bytes_of_str(b->config.supi.imsi), bytes_of("\0\0", 2), k_amf));
	nas_security_start(&b->nas.security, k_amf, BED_NGKSI, 2, 2);
	m.security_mode_command.selected_algorithms = (struct nas_security_algorithms){ 2, 2 };
	m.security_mode_command.ngksi = BED_NGKSI;
	m.security_mode_command.replayed_ue_security_capability = b->profile.security_capability;
	m.security_mode_command.has_eap_message = true;
	m.security_mode_command.eap_message = BYTES(success);
	m.security_mode_command.has_abba = true;
	m.security_mode_command.abba = bytes_of("\0\0", 2);
	bed_send_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_NEW_CONTEXT, &m));
	bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	bed_accept(b);
	bed_nas(b, NAS_REGISTRATION_COMPLETE);
	assert_int_equal(bed_stat(b, "authentication_failures"), 0);
}

/* 5.4.1.2.2.9: EAP-Success in a message of its own goes by without a word. */
static void test_result(void **state)
{
	struct bed *b = *state;
	struct challenge c = challenge_of(b, network_name);
	struct bytes in;
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESULT };
	const uint8_t success[] = { EAP_SUCCESS, c.packet.identifier, 0, 4 };

	begin(b, &c, &in);
	m.authentication_result.ngksi = BED_NGKSI;
	m.authentication_result.eap_message = BYTES(success);
	bed_send_plain(b, m);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
}

/* What does not come from the home network, or for another network, is rejected; nothing is taken over. */
static void test_rejected(void **state)
{
	struct bed *b = *state;
	struct challenge c = challenge_of(b, network_name);
	struct bytes in;
	struct eap_packet p;

	c.packet.aka.autn[15] ^= 1;
	p = begin(b, &c, &in);
	assert_int_equal(p.aka.subtype, EAP_AKA_AUTHENTICATION_REJECT);
	assert_false(p.aka.has_mac);
	c = challenge_of(b, "5G:mnc001.mcc002.3gppnetwork.org");
	send_challenge(b, &c);
	assert_int_equal(response(b, &in).aka.subtype, EAP_AKA_AUTHENTICATION_REJECT);
	c = challenge_of(b, network_name);
	c.packet.aka.has_network_name = false;
	send_challenge(b, &c);
	assert_int_equal(response(b, &in).aka.subtype, EAP_AKA_AUTHENTICATION_REJECT);
	c = challenge_of(b, network_name);
	c.packet.aka.kdfs[0] = 2;
	send_challenge(b, &c);
	assert_int_equal(response(b, &in).aka.subtype, EAP_AKA_AUTHENTICATION_REJECT);
	assert_int_equal(bed_stat(b, "authentication_failures"), 4);
}

/* RFC 4187 6.3.1: a packet that cannot be processed, or whose MAC is wrong. */
static void test_client_error(void **state)
{
	static const uint8_t identity[] = { 1, 9, 0, 12, 50, 5, 0, 0, 13, 1, 0, 0 };
	struct bed *b = *state;
	struct challenge c = challenge_of(b, network_name);
	struct bytes in;
	struct eap_packet p;

	c.keys.k_aut[0] ^= 1;
	p = begin(b, &c, &in);
	assert_int_equal(p.aka.subtype, EAP_AKA_CLIENT_ERROR);
	assert_true(p.aka.has_client_error);
	assert_int_equal(p.aka.client_error, EAP_AKA_UNABLE);
	send_octets(b, BYTES(identity));
	assert_int_equal(response(b, &in).aka.subtype, EAP_AKA_CLIENT_ERROR);
	c = challenge_of(b, network_name);
	c.packet.aka.has_autn = false;
	send_challenge(b, &c);
	assert_int_equal(response(b, &in).aka.subtype, EAP_AKA_CLIENT_ERROR);
	/* and then a good one */
	c = challenge_of(b, network_name);
	send_challenge(b, &c);
	assert_int_equal(response(b, &in).aka.subtype, EAP_AKA_CHALLENGE);
}

/* RFC 9048 3.2: 3GPP's function is asked for where it is not the first. */
static void test_kdf_negotiation(void **state)
{
	struct bed *b = *state;
	struct challenge c = challenge_of(b, network_name);
	struct bytes in;
	struct eap_packet p;

	c.packet.aka.kdf_count = 2;
	c.packet.aka.kdfs[0] = 7;
	c.packet.aka.kdfs[1] = EAP_AKA_KDF_3GPP;
	p = begin(b, &c, &in);
	assert_int_equal(p.aka.subtype, EAP_AKA_CHALLENGE);
	assert_int_equal(p.aka.kdf_count, 1);
	assert_int_equal(p.aka.kdfs[0], EAP_AKA_KDF_3GPP);
	assert_int_equal(p.aka.res_len, 0);
}

/* 33.102 6.3.3: an SQN seen before; AUTS is one that the home network takes. */
static void test_synchronization(void **state)
{
	struct bed *b = *state;
	struct challenge c = challenge_of(b, network_name), old;
	struct bytes in;
	uint64_t sqn;

	begin(b, &c, &in);
	b->sqn--;
	old = challenge_of(b, network_name);
	old.packet.aka.rand[5] = 5; /* another challenge with the same SQN */
	assert_true(aka_vector_generate(&b->config.key, b->sqn << USIM_IND_BITS,
		(const uint8_t[2]){ 0x80, 0 }, old.packet.aka.rand, &old.vector));
	memcpy(old.packet.aka.autn, old.vector.autn, 16);
	send_challenge(b, &old);
	{
		struct eap_packet p = response(b, &in);

		assert_int_equal(p.aka.subtype, EAP_AKA_SYNCHRONIZATION_FAILURE);
		assert_true(p.aka.has_auts);
		assert_int_equal(p.aka.kdfs[0], EAP_AKA_KDF_3GPP);
		assert_true(aka_auts_verify(&b->config.key, old.packet.aka.rand, p.aka.auts, &sqn));
		assert_int_equal(sqn, b->sqn << USIM_IND_BITS);
	}
}

/* RFC 3748 4.1: what is malformed is discarded, and so is what only comes as an end. */
static void test_silence(void **state)
{
	static const uint8_t cut[] = { 1, 1, 0, 30, 50, 1 }, success[] = { 3, 1, 0, 4 };
	struct bed *b = *state;

	b->profile.t3510_ms = 60000;
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	send_octets(b, BYTES(cut));
	send_octets(b, BYTES(success));
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(bed_stat(b, "nas_refused"), 2);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_success),
		TEST(test_result),
		TEST(test_rejected),
		TEST(test_client_error),
		TEST(test_kdf_negotiation),
		TEST(test_synchronization),
		TEST(test_silence),
	};

	return cmocka_run_group_tests_name("ue/eap", tests, NULL, NULL);
}
