#include "ue/ue_bed.h"

#include "wire/text/test_text.h"

static const uint8_t k[16] = { 1, 2, 3 }, opc[16] = { 4, 5, 6 };

static void on_event(void *arg, struct ue *ue, const struct ue_event_info *e)
{
	struct bed *b = arg;

	b->events[e->event]++;
	b->last = *e;
	b->last.text = NULL;
}

int bed_setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	test_env_init(&b->t, 1, false);
	arena_init(&b->arena, NULL, 0, 16 << 20);
	b->nas = (struct test_nas){ .out = NAS_DOWNLINK, .arena = &b->arena };
	b->profile.slice_count = 1;
	b->profile.slices[0] = (struct snssai){ 1, SNSSAI_NO_SD };
	b->profile.security_capability = /* EA0 to EA2, IA0 to IA2 */
		(struct nas_ue_security_capability){ .len = 2, .octets = { 0xe0, 0xe0 } };
	str_copy(b->profile.suci.routing_indicator, 5, "0");
	assert_true(plmn_parse("00101", &b->profile.home));
	b->config.profile = &b->profile;
	b->config.key = (struct aka_key){ .alg = AKA_MILENAGE, .k_len = 16 };
	bytes_copy(b->config.key.k, AKA_K_MAX, BYTES(k));
	bytes_copy(b->config.key.opc, AKA_OPC_MAX, BYTES(opc));
	assert_true(supi_parse("001010000000001", &b->config.supi));
	assert_true(addr_parse("10.0.0.1", &b->gnb));
	b->gnb.port = 4997;
	b->config.gnb = b->gnb;
	str_copy(b->config.imeisv, sizeof(b->config.imeisv), "3569380312345678");
	assert_true(usim_init(&b->twin, &b->config.supi, &b->profile.home, &b->config.key));
	b->host = ue_host_new(&b->t.env, 4);
	assert_non_null(b->host);
	ue_host_set_event(b->host, on_event, b);
	b->ue = ue_new(b->host, &b->config);
	assert_non_null(b->ue);
	*state = b;
	return 0;
}

int bed_teardown(void **state)
{
	struct bed *b = *state;

	ue_host_free(b->host);
	test_env_fini(&b->t);
	arena_fini(&b->arena);
	free(b);
	return 0;
}

void bed_pass(struct bed *b, uint32_t ms)
{
	test_env_pass(&b->t, ue_host_room(b->host), ms);
}

void bed_deliver(struct bed *b, struct bytes datagram)
{
	struct room r = ue_host_room(b->host);
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_AIR, .peer = b->gnb, .data = datagram };

	r.ops->on_msg(r.self, &m);
}

void bed_forget(struct bed *b)
{
	test_env_forget(&b->t);
}

bool bed_next(struct bed *b, struct uu_pdu *out)
{
	const struct msg *m = test_env_next(&b->t, UE_PORT_AIR);

	if (!m)
		return false;
	assert_true(addr_equal(&m->peer, &b->gnb));
	assert_true(uu_decode(m->data, out));
	b->index = out->ue;
	return true;
}

struct uu_rrc_msg bed_rrc(struct bed *b, enum uu_rrc_type type)
{
	struct uu_rrc_msg m;
	struct uu_pdu p;

	assert_true(bed_next(b, &p));
	assert_true(uu_rrc_decode(p.bearer, p.pdu, &m));
	assert_int_equal(m.type, type);
	return m;
}

struct nas_msg bed_nas(struct bed *b, enum nas_msg_type type)
{
	struct uu_rrc_msg rrc;
	struct nas_msg m;
	struct uu_pdu p;

	assert_true(bed_next(b, &p));
	assert_true(uu_rrc_decode(p.bearer, p.pdu, &rrc));
	assert_true(rrc.type == UU_RRC_SETUP_REQUEST || rrc.type == UU_RRC_UPLINK_NAS);
	m = test_nas_open(&b->nas, arena_bytes(&b->arena, rrc.nas), &b->header);
	test_nas_is(&m, type);
	return m;
}

void bed_left(struct bed *b)
{
	struct uu_pdu p;

	assert_true(bed_next(b, &p));
	assert_int_equal(p.bearer, UU_LINK);
	assert_int_equal(p.pdu.data[0], UU_LINK_LOST);
}

void bed_send_link(struct bed *b, enum uu_link what)
{
	uint8_t buf[16];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(uu_link_encode(b->index, what, &w));
	bed_deliver(b, writer_bytes(&w));
}

void bed_send_rrc(struct bed *b, struct uu_rrc_msg m)
{
	uint8_t pdu[4096], datagram[4096];
	struct writer w = writer_of(pdu, sizeof(pdu)), d = writer_of(datagram, sizeof(datagram));

	assert_true(uu_rrc_encode(&m, &w));
	assert_true(uu_encode(&(struct uu_pdu){ b->index, uu_rrc_srb(m.type), writer_bytes(&w) }, &d));
	bed_deliver(b, writer_bytes(&d));
}

void bed_send_octets(struct bed *b, struct bytes nas)
{
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_DOWNLINK_NAS, .nas = nas });
}

void bed_send_plain(struct bed *b, struct nas_msg m)
{
	bed_send_octets(b, test_nas_plain(&b->nas, &m));
}

void bed_send(struct bed *b, struct nas_msg m)
{
	bed_send_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &m));
}

struct nas_msg bed_challenge(uint8_t ngksi, struct bed *b)
{
	static const uint8_t amf[2] = { 0x80, 0 };
	struct nas_msg m = { .type = NAS_AUTHENTICATION_REQUEST };
	struct nas_authentication_request *r = &m.authentication_request;
	struct aka_vector v;

	r->ngksi = ngksi;
	r->abba = bytes_of("\0\0", 2);
	r->has_rand = r->has_autn = true;
	r->rand[0] = (uint8_t)++b->sqn;
	assert_true(aka_vector_generate(&b->config.key, b->sqn << USIM_IND_BITS, amf, r->rand, &v));
	bytes_copy(r->autn, 16, BYTES(v.autn));
	return m;
}

static void secure(struct bed *b, uint8_t ngksi, void (*challenge)(struct bed *b, struct nas_msg m))
{
	struct nas_msg m = bed_challenge(ngksi, b), answer;
	struct usim_keys keys;
	uint8_t k_amf[KDF_KEY_LEN];

	challenge(b, m);
	answer = bed_nas(b, NAS_AUTHENTICATION_RESPONSE);
	assert_int_equal(usim_authenticate(&b->twin, m.authentication_request.rand,
				 m.authentication_request.autn, "5G:mnc001.mcc001.3gppnetwork.org", &keys),
		USIM_OK);
	assert_memory_equal(answer.authentication_response.res_star, keys.res_star, KDF_RES_STAR_LEN);
	bytes_copy(b->k_ausf, sizeof(b->k_ausf), BYTES(keys.k_ausf));
	assert_true(kdf_k_amf(keys.k_seaf, bytes_of_str(b->config.supi.imsi), bytes_of("\0\0", 2), k_amf));
	nas_security_start(&b->nas.security, k_amf, ngksi, 2, 2);
	m = (struct nas_msg){ .type = NAS_SECURITY_MODE_COMMAND };
	m.security_mode_command.selected_algorithms.ciphering = 2;
	m.security_mode_command.selected_algorithms.integrity = 2;
	m.security_mode_command.ngksi = ngksi;
	m.security_mode_command.replayed_ue_security_capability = b->profile.security_capability;
	m.security_mode_command.has_imeisv_request = true;
	m.security_mode_command.imeisv_request = NAS_IMEISV_REQUESTED;
	bed_send_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_NEW_CONTEXT, &m));
}

void bed_secure(struct bed *b)
{
	secure(b, BED_NGKSI, bed_send_plain);
}

void bed_secure_again(struct bed *b)
{
	secure(b, BED_NGKSI + 1, bed_send);
}

void bed_accept(struct bed *b)
{
	struct nas_msg m = { .type = NAS_REGISTRATION_ACCEPT };
	struct nas_registration_accept *a = &m.registration_accept;

	a->registration_result = 1;
	a->has_guti = true;
	a->guti.type = NAS_IDENTITY_5G_GUTI;
	a->guti.guti = (struct guti){ { b->profile.home, 1, 2, 3 }, BED_TMSI };
	bed_send(b, m);
}

void bed_register(struct bed *b)
{
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_secure(b);
	bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	bed_accept(b);
	bed_nas(b, NAS_REGISTRATION_COMPLETE);
	assert_int_equal(b->events[UE_EVENT_REGISTERED], 1);
	bed_forget(b);
}

bool bed_is(const struct bed *b, const char *mm_state)
{
	struct ue_state s;

	ue_state(b->ue, &s);
	return strcmp(s.mm_state, mm_state) == 0;
}

void bed_send_sm(struct bed *b, struct nas_msg sm)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };

	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	m.dl_nas_transport.payload_container = test_nas_plain(&b->nas, &sm);
	m.dl_nas_transport.has_pdu_session_id = true;
	m.dl_nas_transport.pdu_session_id = sm.pdu_session_id;
	bed_send(b, m);
}

struct nas_msg bed_sm(struct bed *b, enum nas_msg_type type)
{
	struct nas_msg m = bed_nas(b, NAS_UL_NAS_TRANSPORT), sm;
	struct tlv_fault fault;

	assert_true(nas_decode(m.ul_nas_transport.payload_container, &b->arena, &sm, &fault));
	test_nas_is(&sm, type);
	assert_int_equal(m.ul_nas_transport.pdu_session_id, sm.pdu_session_id);
	return sm;
}

struct nas_msg bed_session_accept(struct bed *b, const struct nas_msg *request)
{
	struct nas_msg m = { .type = NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT,
		.pdu_session_id = request->pdu_session_id,
		.pti = request->pti };
	struct nas_pdu_session_establishment_accept *a = &m.pdu_session_establishment_accept;
	struct nas_qos_rule *rule = arena_alloc(&b->arena, sizeof(*rule));
	struct nas_packet_filter *filter = arena_alloc(&b->arena, sizeof(*filter));
	struct nas_filter_component *all = arena_alloc(&b->arena, sizeof(*all));

	assert_true(rule && filter && all);
	*all = (struct nas_filter_component){ .type = NAS_FILTER_MATCH_ALL };
	*filter = (struct nas_packet_filter){
		.id = 1, .direction = NAS_FILTER_BOTH, .component_count = 1, .components = all
	};
	*rule = (struct nas_qos_rule){ .id = 1,
		.operation = NAS_QOS_RULE_CREATE,
		.is_default = true,
		.has_precedence = true,
		.has_qfi = true,
		.precedence = 255,
		.qfi = 9,
		.filter_count = 1,
		.filters = filter };
	a->pdu_session_type = NAS_PDU_IPV4;
	a->ssc_mode = NAS_SSC_1;
	a->qos_rules = (struct nas_qos_rules){ 1, rule };
	a->session_ambr.uplink = nas_bit_rate_of(1000);
	a->session_ambr.downlink = nas_bit_rate_of(2000);
	a->has_pdu_address = true;
	a->pdu_address.type = NAS_PDU_IPV4;
	bytes_copy(a->pdu_address.ipv4, 4, bytes_of("\x0a\x2d\0\x01", 4));
	return m;
}

void bed_session(struct bed *b, uint8_t drb)
{
	struct nas_msg request;

	assert_int_equal(ue_session_establish(b->ue, "internet", NULL), 1);
	request = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	bed_send_sm(b, bed_session_accept(b, &request));
	assert_int_equal(b->last.event, UE_EVENT_SESSION_UP);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_BEARER_SETUP,
				.pdu_session_id = 1,
				.drb = drb,
				.qfi_count = 1,
				.qfis = { 9 } });
	assert_true(bed_rrc(b, UU_RRC_BEARER_SETUP_RESPONSE).accepted);
	bed_forget(b);
}

uint64_t bed_stat(struct bed *b, const char *name)
{
	struct stats s;

	ue_host_stats(b->host, &s);
	for (size_t i = 0; i < s.group->count; i++)
		if (strcmp(s.group->defs[i].name, name) == 0)
			return s.values[i];
	fail_msg("no counter %s", name);
	return 0;
}
