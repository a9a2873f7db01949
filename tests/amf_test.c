/*
 * The AMF by bytes: a gNB and a UE that send exactly what a test wants, against the real core. What a mirror
 * of ours cannot show: that a wrong MAC, an old count or a wrong RES* is refused, and what repeats when
 * nobody answers.
 */
#include "base/test.h"

#include "core/core.h"
#include "proto/test_nas.h"
#include "sim/sim.h"
#include "ue/usim/usim.h"
#include "wire/ngap/ngap_id.h"
#include "wire/text/test_text.h"

enum { ASSOC = 7, SENT_MAX = 64, RAN_ID = 1 };

struct bed {
	struct sim *sim;
	struct sim_node *node;
	struct core *core;
	struct usim usim;
	struct test_nas nas; /* the UE */
	struct arena arena;
	uint64_t amf_id;
	size_t sent_count, read;
	struct bytes sent[SENT_MAX]; /* NGAP PDUs to the gNB */
	uint8_t k_amf[KDF_KEY_LEN];
};

static const uint8_t k[16] = { 1, 2, 3 }, opc[16] = { 4, 5, 6 };
static const uint8_t capability[2] = { 0xe0, 0xe0 }; /* EA0 to EA2, IA0 to IA2 */

static void on_sent(void *arg, struct sim_node *from, const struct msg *m)
{
	struct bed *b = arg;

	if (m->port != CORE_PORT_N2 || m->kind != MSG_DATA)
		return;
	assert_true(b->sent_count < SENT_MAX);
	b->sent[b->sent_count++] = arena_bytes(&b->arena, m->data);
}

static void deliver(struct bed *b, enum msg_kind kind, struct bytes data)
{
	struct msg m = { .kind = kind,
		.port = CORE_PORT_N2,
		.assoc = ASSOC,
		.out_streams = 4,
		.in_streams = 4,
		.data = data };

	addr_parse("10.0.0.3", &m.peer);
	sim_deliver(b->node, &m);
}

static void gnb_says(struct bed *b, enum ngap_message type, const void *body)
{
	uint8_t buf[2048];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(ngap_encode(type, body, &w));
	deliver(b, MSG_DATA, writer_bytes(&w));
}

/* The next message of that type that the core sent; those before it are passed over. */
static bool next_sent(struct bed *b, enum ngap_message type, struct ngap_pdu *pdu)
{
	struct per_diag diag;

	while (b->read < b->sent_count)
		if (ngap_decode(b->sent[b->read++], &b->arena, pdu, &diag) && pdu->message == type)
			return true;
	return false;
}

static void configure(struct core_config *c)
{
	static const uint8_t order[2] = { 2, 1 };

	plmn_parse("00101", &c->plmn);
	c->amf_count = 1;
	c->amfs[0] = (struct amf_config){ .name = "amf",
		.guami = { c->plmn, 1, 1, 1 },
		.tac_count = 1,
		.tacs = { 1 },
		.slice_count = 1,
		.slices = { { 1, SNSSAI_NO_SD } },
		.ciphering_count = 2,
		.integrity_count = 2,
		.t3512_s = 3600,
		.t3550_ms = 6000,
		.t3560_ms = 6000,
		.t3522_ms = 6000 };
	bytes_copy(c->amfs[0].ciphering_order, 4, BYTES(order));
	bytes_copy(c->amfs[0].integrity_order, 4, BYTES(order));
	c->udm = (struct udm_config){ .plmn = c->plmn, .null_scheme = true };
	c->nssf = (struct nssf_config){
		.plmn = c->plmn, .slice_count = 1, .slices = { { .snssai = { 1, SNSSAI_NO_SD } } }
	};
	c->pcf.plmn = c->smf.plmn = c->plmn;
	addr_parse("10.0.0.1", &c->smf.n4_address);
}

static void add_subscriber(struct bed *b)
{
	struct subscriber s = { .imsi = "001010000000001", .amf = { 0x80, 0 }, .slice_count = 1 };

	s.slices[0] = (struct subscriber_slice){
		.sst = 1, .sd = SNSSAI_NO_SD, .default_slice = true, .dnn_count = 1
	};
	str_copy(s.slices[0].dnns[0].dnn, DNN_STR_SIZE, "internet");
	assert_true(core_subscriber_add(b->core, &s, BYTES(k), BYTES(opc), 0));
}

static void ng_setup(struct bed *b)
{
	uint8_t id[3] = { 1, 2, 3 }, plmn_octets[PLMN_OCTETS];
	static const uint8_t sst = 1, tac[3] = { 0, 0, 1 };
	struct plmn plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };
	struct ngap_slice_support_item slice = { { .sst = { &sst, 1 } } };
	struct ngap_broadcast_plmn_item item = { .plmn_identity = BYTES(plmn_octets),
		.tai_slice_support_list = { 1, &slice } };
	struct ngap_supported_ta_item ta = { .tac = BYTES(tac), .broadcast_plmn_list = { 1, &item } };
	struct ngap_ng_setup_request m = { .supported_ta_list = { 1, &ta } };
	struct ngap_pdu pdu;

	plmn_to_ap(&plmn, plmn_octets);
	m.global_ran_node_id.tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	m.global_ran_node_id.u.global_gnb_id.plmn_identity = BYTES(plmn_octets);
	m.global_ran_node_id.u.global_gnb_id.gnb_id =
		(struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { id, 24 } } };
	deliver(b, MSG_UP, BYTES_NONE);
	gnb_says(b, NGAP_MSG_NG_SETUP_REQUEST, &m);
	assert_true(next_sent(b, NGAP_MSG_NG_SETUP_RESPONSE, &pdu));
}

static int setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));
	struct core_config config = { 0 };
	struct aka_key key = { .alg = AKA_MILENAGE, .k_len = 16 };
	struct supi supi;

	configure(&config);
	arena_init(&b->arena, NULL, 0, 16 << 20);
	b->nas = (struct test_nas){ .out = NAS_UPLINK, .arena = &b->arena };
	b->sim = sim_new(1);
	sim_set_sink(b->sim, on_sent, b);
	b->node = sim_node_add(b->sim, "core", true);
	b->core = core_new(&config, false, sim_node_env(b->node));
	assert_non_null(b->core);
	sim_node_set_room(b->node, core_room(b->core));
	add_subscriber(b);
	bytes_copy(key.k, sizeof(key.k), BYTES(k));
	bytes_copy(key.opc, sizeof(key.opc), BYTES(opc));
	assert_true(supi_parse("001010000000001", &supi));
	assert_true(usim_init(&b->usim, &supi, &config.plmn, &key));
	ng_setup(b);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	core_free(b->core);
	sim_free(b->sim);
	arena_fini(&b->arena);
	free(b);
	return 0;
}

static void ue_begins(struct bed *b, struct bytes pdu, uint32_t ran_id)
{
	struct tai tai = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, 1 };
	struct ncgi ncgi = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, 1 };
	struct ngap_initial_ue_message m = { .ran_ue_ngap_id = ran_id,
		.nas_pdu = pdu,
		.rrc_establishment_cause = NGAP_RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING };

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	gnb_says(b, NGAP_MSG_INITIAL_UE_MESSAGE, &m);
}

static void ue_says_octets(struct bed *b, struct bytes pdu)
{
	struct tai tai = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, 1 };
	struct ncgi ncgi = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, 1 };
	struct ngap_uplink_nas_transport m = {
		.amf_ue_ngap_id = b->amf_id, .ran_ue_ngap_id = RAN_ID, .nas_pdu = pdu
	};

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	gnb_says(b, NGAP_MSG_UPLINK_NAS_TRANSPORT, &m);
}

/* The next NAS message to the UE, in plain; false when there is none. */
static bool ue_hears(struct bed *b, struct nas_msg *out)
{
	struct ngap_pdu pdu;

	while (b->read < b->sent_count) {
		struct per_diag diag;
		struct bytes octets;

		assert_true(ngap_decode(b->sent[b->read++], &b->arena, &pdu, &diag));
		if (pdu.message == NGAP_MSG_DOWNLINK_NAS_TRANSPORT) {
			b->amf_id = pdu.u.downlink_nas_transport->amf_ue_ngap_id;
			octets = pdu.u.downlink_nas_transport->nas_pdu;
		} else if (pdu.message == NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST) {
			octets = pdu.u.initial_context_setup_request->nas_pdu;
		} else {
			continue;
		}
		*out = test_nas_open(&b->nas, octets, NULL);
		return true;
	}
	return false;
}

static struct nas_msg registration_request(void)
{
	static const uint8_t msin[5] = { 0, 0, 0, 0, 0x10 }; /* 0000000001 */
	struct nas_msg m = { .type = NAS_REGISTRATION_REQUEST };
	struct nas_registration_request *r = &m.registration_request;

	r->registration_type = NAS_REGISTRATION_INITIAL | NAS_REGISTRATION_FOLLOW_ON;
	r->ngksi = NAS_KSI_NONE;
	r->mobile_identity.type = NAS_IDENTITY_SUCI;
	r->mobile_identity.suci = (struct nas_suci){ .plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } },
		.routing_indicator = "0",
		.scheme_output = BYTES(msin) };
	r->has_ue_security_capability = true;
	r->ue_security_capability.len = 2;
	bytes_copy(r->ue_security_capability.octets, 8, BYTES(capability));
	return m;
}

/* Registration up to the challenge; what the UE answers to it is in *keys. */
static void challenge(struct bed *b, struct usim_keys *keys)
{
	struct nas_msg m = registration_request();

	ue_begins(b, test_nas_plain(&b->nas, &m), RAN_ID);
	assert_true(ue_hears(b, &m));
	test_nas_is(&m, NAS_AUTHENTICATION_REQUEST);
	/* 33.501 A.7.1: ABBA is 0x0000. */
	assert_true(bytes_equal(m.authentication_request.abba, bytes_of("\0\0", 2)));
	assert_true(m.authentication_request.ngksi < NAS_KSI_NONE);
	assert_int_equal(usim_authenticate(&b->usim, m.authentication_request.rand,
				 m.authentication_request.autn, "5G:mnc001.mcc001.3gppnetwork.org", keys),
		USIM_OK);
	assert_true(kdf_k_amf(keys->k_seaf, bytes_of_str("001010000000001"), bytes_of("\0\0", 2), b->k_amf));
}

static void answer_challenge(struct bed *b, const uint8_t res_star[16])
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };

	bytes_copy(m.authentication_response.res_star, 16, bytes_of(res_star, 16));
	ue_says_octets(b, test_nas_plain(&b->nas, &m));
}

static void secure(struct bed *b)
{
	struct usim_keys keys;
	struct nas_msg m;

	challenge(b, &keys);
	answer_challenge(b, keys.res_star);
	assert_true(ue_hears(b, &m));
	test_nas_is(&m, NAS_SECURITY_MODE_COMMAND);
	assert_int_equal(m.security_mode_command.selected_algorithms.ciphering, 2);
	assert_int_equal(m.security_mode_command.selected_algorithms.integrity, 2);
	assert_true(bytes_equal(bytes_of(m.security_mode_command.replayed_ue_security_capability.octets,
					m.security_mode_command.replayed_ue_security_capability.len),
		BYTES(capability)));
	nas_security_start(&b->nas.security, b->k_amf, m.security_mode_command.ngksi, 2, 2);
	b->nas.security.count[NAS_DOWNLINK] = 1; /* the command was 0 */
}

static void complete_security(struct bed *b)
{
	struct nas_msg complete = { .type = NAS_SECURITY_MODE_COMPLETE }, request = registration_request();

	complete.security_mode_complete.has_nas_message_container = true;
	complete.security_mode_complete.nas_message_container = test_nas_plain(&b->nas, &request);
	ue_says_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &complete));
}

static void register_ue(struct bed *b)
{
	struct nas_msg m, complete = { .type = NAS_REGISTRATION_COMPLETE };

	secure(b);
	complete_security(b);
	assert_true(ue_hears(b, &m));
	test_nas_is(&m, NAS_REGISTRATION_ACCEPT);
	ue_says_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &complete));
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 1);
}

static uint64_t stat_of(struct bed *b, enum amf_stat which)
{
	struct stats s;

	amf_stats(core_amf(b->core), &s);
	return s.values[which];
}

static void test_registers(void **state)
{
	register_ue(*state);
}

static void test_wrong_res_star_is_rejected(void **state)
{
	struct bed *b = *state;
	struct usim_keys keys;
	struct ngap_pdu pdu;
	struct nas_msg m;

	challenge(b, &keys);
	keys.res_star[15] ^= 1;
	answer_challenge(b, keys.res_star);
	assert_true(ue_hears(b, &m));
	test_nas_is(&m, NAS_AUTHENTICATION_REJECT);
	assert_true(next_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(stat_of(b, AMF_STAT_AUTH_REJECT), 1);
}

static void test_wrong_mac_is_discarded(void **state)
{
	struct bed *b = *state;
	struct nas_msg complete = { .type = NAS_SECURITY_MODE_COMPLETE }, m;
	uint8_t octets[64];
	struct bytes good;

	secure(b);
	good = test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &complete);
	for (size_t bit = 16; bit < good.len * 8; bit++) { /* every bit of MAC, sequence number and message */
		bytes_copy(octets, sizeof(octets), good);
		octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ue_says_octets(b, bytes_of(octets, good.len));
		assert_false(ue_hears(b, &m));
	}
	assert_true(stat_of(b, AMF_STAT_NAS_INTEGRITY) >= good.len * 8 - 16);
	ue_says_octets(b, good);
	assert_true(ue_hears(b, &m));
	test_nas_is(&m, NAS_REGISTRATION_ACCEPT);
}

static void test_a_count_is_accepted_once(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;
	struct nas_msg transport = { .type = NAS_UL_NAS_TRANSPORT };
	struct bytes first;

	register_ue(b);
	transport.ul_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	transport.ul_nas_transport.payload_container = bytes_of("\x2e\1\1\xd1", 4);
	transport.ul_nas_transport.has_pdu_session_id = true;
	transport.ul_nas_transport.pdu_session_id = 1;
	first = test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &transport);
	ue_says_octets(b, first);
	assert_true(ue_hears(b, &m)); /* given back: there is no such session */
	test_nas_is(&m, NAS_DL_NAS_TRANSPORT);
	ue_says_octets(b, first);
	assert_false(ue_hears(b, &m));
	assert_int_equal(stat_of(b, AMF_STAT_NAS_INTEGRITY), 1);
}

static void test_plain_nas_after_security_is_discarded(void **state)
{
	struct bed *b = *state;
	struct nas_msg off = { .type = NAS_DEREGISTRATION_REQUEST_UE }, m;

	register_ue(b);
	off.deregistration_request_ue.deregistration_type =
		NAS_DEREGISTRATION_3GPP | NAS_DEREGISTRATION_SWITCH_OFF;
	off.deregistration_request_ue.mobile_identity =
		(struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
			.guti = { { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, 1, 1, 1 }, 5 } };
	ue_says_octets(b, test_nas_plain(&b->nas, &off));
	assert_false(ue_hears(b, &m));
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 1);
}

/* Somebody else's gNB connection that gives the UE's identity in the clear does not touch the UE. */
static void test_a_stranger_does_not_disturb(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = registration_request();
	struct ngap_initial_context_setup_response ready = { .ran_ue_ngap_id = RAN_ID };

	register_ue(b);
	ready.amf_ue_ngap_id = b->amf_id;
	gnb_says(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE, &ready);
	ue_begins(b, test_nas_plain(&b->nas, &m), RAN_ID + 1);
	assert_true(ue_hears(b, &m));
	test_nas_is(&m, NAS_AUTHENTICATION_REQUEST);
	sim_run(b->sim, NULL, NULL, 120000);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 1);
	assert_int_equal(amf_numbers(core_amf(b->core)).connections, 1);
}

/* T3560: four repetitions, 6 s apart, then the connection is released (24.501 5.4.1.3.7 b). */
static void test_t3560_repeats_four_times(void **state)
{
	struct bed *b = *state;
	struct usim_keys keys;
	struct ngap_pdu pdu;
	struct nas_msg m;

	challenge(b, &keys);
	for (int i = 0; i < 4; i++) {
		sim_run(b->sim, NULL, NULL, 6000);
		assert_true(ue_hears(b, &m));
		test_nas_is(&m, NAS_AUTHENTICATION_REQUEST);
		assert_false(ue_hears(b, &m));
	}
	sim_run(b->sim, NULL, NULL, 6000);
	assert_true(next_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
}

/* A security mode command is protected with the new context: the UE can check it. */
static void test_bidding_down_is_noticed(void **state)
{
	struct bed *b = *state;
	struct nas_msg complete = { .type = NAS_SECURITY_MODE_COMPLETE }, request = registration_request(), m;

	secure(b);
	request.registration_request.ue_security_capability.octets[0] =
		0xf0; /* the UE has more than came in the clear */
	complete.security_mode_complete.has_nas_message_container = true;
	complete.security_mode_complete.nas_message_container = test_nas_plain(&b->nas, &request);
	ue_says_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &complete));
	assert_true(!ue_hears(b, &m) || m.type == NAS_REGISTRATION_REJECT);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_registers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wrong_res_star_is_rejected, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wrong_mac_is_discarded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_count_is_accepted_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_plain_nas_after_security_is_discarded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_stranger_does_not_disturb, setup, teardown),
		cmocka_unit_test_setup_teardown(test_t3560_repeats_four_times, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bidding_down_is_noticed, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
