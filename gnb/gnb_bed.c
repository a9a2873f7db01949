#include "gnb/gnb_bed.h"

#include "gnb/internal.h"

#include "wire/text/test_text.h"

static struct addr addr_of(const char *ip, uint16_t port)
{
	struct addr a;

	assert_true(addr_parse(ip, &a));
	a.port = port;
	return a;
}

int bed_setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	if (!b)
		return -1;
	test_env_init(&b->t, 0, false);
	arena_init(&b->arena, NULL, 0, 1 << 20);
	b->amf = addr_of("10.0.0.1", 38412);
	b->ue = addr_of("10.0.0.2", 4997);
	b->upf = addr_of("10.0.0.3", GTPU_UDP_PORT);
	b->config = (struct gnb_config){ .name = "g",
		.gnb_id = 1,
		.gnb_id_bits = 22,
		.cell_count = 1,
		.cells = { { .tac = 1 } },
		.slice_count = 1,
		.slices = { { 1, SNSSAI_NO_SD } },
		.amf_count = 1 };
	assert_true(plmn_parse("00101", &b->config.plmn));
	b->config.amfs[0] = b->amf;
	b->config.n3_address = addr_of("10.0.0.4", 0);
	b->gnb = gnb_new(&b->config, &b->t.env);
	*state = b;
	return b->gnb ? 0 : -1;
}

int bed_teardown(void **state)
{
	struct bed *b = *state;

	gnb_free(b->gnb);
	test_env_fini(&b->t);
	arena_fini(&b->arena);
	free(b);
	return 0;
}

void bed_pass(struct bed *b, uint32_t ms)
{
	test_env_pass(&b->t, gnb_room(b->gnb), ms);
}

void bed_deliver(struct bed *b, const struct msg *m)
{
	struct room r = gnb_room(b->gnb);

	r.ops->on_msg(r.self, m);
}

void bed_upf_sends(struct bed *b, uint8_t type, uint32_t teid, uint8_t octet)
{
	struct gtpu_header h = { .type = type,
		.teid = teid,
		.has_pdu_session = type == GTPU_G_PDU,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = 1 } };
	uint8_t payload[20] = { 0x45, octet }, g[128];
	size_t len = type == GTPU_G_PDU ? sizeof(payload) : 0, n = gtpu_header_encode(&h, len, g);
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N3, .peer = b->upf };

	bytes_copy(g + n, sizeof(g) - n, bytes_of(payload, len));
	m.data = bytes_of(g, n + len);
	bed_deliver(b, &m);
}

const struct msg *bed_next(struct bed *b, uint16_t port)
{
	return test_env_next(&b->t, port);
}

void bed_forget(struct bed *b)
{
	test_env_forget(&b->t);
	arena_reset(&b->arena);
}

void bed_amf_sends(struct bed *b, enum ngap_message type, const void *body)
{
	uint8_t buf[4096];
	struct writer w = writer_of(buf, sizeof(buf));
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N2, .assoc = ASSOC };

	assert_true(ngap_encode(type, body, &w));
	m.data = writer_bytes(&w);
	bed_deliver(b, &m);
}

/* The gNB's next message on N2, of that type. */
struct ngap_pdu bed_amf_gets(struct bed *b, enum ngap_message type)
{
	const struct msg *m = bed_next(b, GNB_PORT_N2);
	struct per_diag diag;
	struct ngap_pdu pdu;

	assert_non_null(m);
	test_message_is("ngap", m->data, ngap_message_name(type));
	assert_true(ngap_decode(m->data, &b->arena, &pdu, &diag));
	return pdu;
}

void bed_ue_sends_pdu(struct bed *b, struct uu_pdu p)
{
	uint8_t buf[512];
	struct writer w = writer_of(buf, sizeof(buf));
	struct msg out = { .kind = MSG_DATA, .port = GNB_PORT_AIR, .peer = b->ue };

	assert_true(uu_encode(&p, &w));
	out.data = writer_bytes(&w);
	bed_deliver(b, &out);
}

void bed_ue_sends(struct bed *b, struct uu_rrc_msg m)
{
	uint8_t buf[512];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(uu_rrc_encode(&m, &w));
	bed_ue_sends_pdu(b, (struct uu_pdu){ BED_UE_INDEX, uu_rrc_srb(m.type), writer_bytes(&w) });
}

void bed_ue_leaves(struct bed *b)
{
	static const uint8_t lost[] = { UU_LINK_LOST };

	bed_ue_sends_pdu(b, (struct uu_pdu){ BED_UE_INDEX, UU_LINK, BYTES(lost) });
}

static struct uu_pdu ue_gets_pdu(struct bed *b)
{
	const struct msg *m = bed_next(b, GNB_PORT_AIR);
	struct uu_pdu p;

	assert_non_null(m);
	assert_true(uu_decode(m->data, &p));
	assert_true(addr_equal(&m->peer, &b->ue));
	return p;
}

struct uu_rrc_msg bed_ue_gets(struct bed *b, enum uu_rrc_type type)
{
	struct uu_pdu p = ue_gets_pdu(b);
	struct uu_rrc_msg m;

	assert_true(uu_rrc_decode(p.bearer, p.pdu, &m));
	assert_int_equal(m.type, type);
	return m;
}

void bed_ue_loses(struct bed *b)
{
	struct uu_pdu p = ue_gets_pdu(b);

	assert_int_equal(p.bearer, UU_LINK);
	assert_int_equal(p.pdu.data[0], UU_LINK_LOST);
}

uint64_t bed_stat(struct bed *b, enum gnb_stat s)
{
	struct stats stats;

	gnb_stats(b->gnb, &stats);
	return stats.values[s];
}

struct ngap_ng_setup_request bed_associate(struct bed *b)
{
	struct msg up = { .kind = MSG_UP, .port = GNB_PORT_N2, .assoc = ASSOC, .out_streams = 2 };
	const struct msg *m;

	bed_pass(b, 0);
	m = bed_next(b, GNB_PORT_N2);
	assert_non_null(m);
	assert_int_equal(m->kind, MSG_UP);
	assert_true(addr_equal(&m->peer, &b->amf));
	up.token = m->token;
	bed_deliver(b, &up);
	return *bed_amf_gets(b, NGAP_MSG_NG_SETUP_REQUEST).u.ng_setup_request;
}

struct gnb_ue *bed_ue(struct bed *b)
{
	return gnb_ue_of_ran_id(b->gnb, &b->gnb->amfs[0], b->ran_ue_ngap_id);
}

int bed_setup_two_cells(void **state, uint16_t pci0, uint16_t pci1)
{
	int rc = bed_setup(state);
	struct bed *b = *state;

	if (rc)
		return rc;
	gnb_free(b->gnb);
	b->config.cell_count = 2;
	b->config.cells[0].pci = pci0;
	b->config.cells[1] = (struct gnb_cell){ .id = 1, .tac = 2, .pci = pci1 };
	b->gnb = gnb_new(&b->config, &b->t.env);
	return b->gnb ? 0 : -1;
}

void bed_setup_response(struct bed *b, bool retained)
{
	struct guami guami = { b->config.plmn, 1, 2, 3 };
	struct ngap_served_guami_item item = { 0 };
	uint8_t sst = 1;
	struct ngap_slice_support_item slice = { { bytes_of(&sst, 1), false, BYTES_NONE } };
	struct ngap_plmn_support_item plmn = { .slice_support_list = { 1, &slice } };
	struct ngap_ng_setup_response r = { .amf_name = bytes_of_str("amf"),
		.served_guami_list = { 1, &item },
		.plmn_support_list = { 1, &plmn },
		.has_ue_retention_information = retained };

	assert_true(ngap_guami_of(&guami, &b->arena, &item.guami));
	plmn.plmn_identity = item.guami.plmn_identity;
	bed_amf_sends(b, NGAP_MSG_NG_SETUP_RESPONSE, &r);
	assert_int_equal(gnb_numbers(b->gnb).amfs_ready, 1);
}

void bed_ready(struct bed *b)
{
	bed_associate(b);
	bed_setup_response(b, false);
	bed_forget(b);
}

void bed_connected(struct bed *b)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };
	struct uu_rrc_msg m = {
		.type = UU_RRC_SETUP_REQUEST, .cause = UU_RRC_MO_SIGNALLING, .nas = BYTES(nas)
	};
	struct ngap_downlink_nas_transport d = { .amf_ue_ngap_id = AMF_UE_ID, .nas_pdu = BYTES(nas) };
	struct ngap_pdu pdu;

	bed_ready(b);
	bed_ue_sends(b, m);
	pdu = bed_amf_gets(b, NGAP_MSG_INITIAL_UE_MESSAGE);
	b->ran_ue_ngap_id = pdu.u.initial_ue_message->ran_ue_ngap_id;
	d.ran_ue_ngap_id = b->ran_ue_ngap_id;
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	bed_ue_gets(b, UU_RRC_DOWNLINK_NAS);
	bed_forget(b);
}

void bed_ask_context(struct bed *b, uint8_t key, uint16_t ea, uint16_t ia)
{
	uint8_t octets[32], enc[2] = { (uint8_t)(ea >> 8), (uint8_t)ea },
			    integrity[2] = { (uint8_t)(ia >> 8), (uint8_t)ia }, none[2] = { 0 }, sst = 1;
	struct ngap_allowed_nssai_item slice = { .s_nssai.sst = bytes_of(&sst, 1) };
	struct guami guami = { b->config.plmn, 1, 2, 3 };
	struct ngap_initial_context_setup_request m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.allowed_nssai = { 1, &slice },
		.ue_security_capabilities = { { enc, 16 }, { integrity, 16 }, { none, 16 }, { none, 16 } },
		.security_key = { octets, 256 },
		.has_masked_imeisv = true,
		.masked_imeisv = BED_MASKED_IMEISV };

	arena_reset(&b->arena);
	assert_true(ngap_guami_of(&guami, &b->arena, &m.guami));
	memset(octets, key, sizeof(octets));
	bed_amf_sends(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST, &m);
}

struct bytes bed_setup_transfer(struct bed *b, int64_t qfi, uint32_t teid)
{
	uint8_t *octets = arena_alloc(&b->arena, 4);
	struct writer w = writer_of(octets, 4);
	struct ngap_qos_flow_setup_request_item flow = { .qos_flow_identifier = qfi };
	struct ngap_pdu_session_resource_setup_request_transfer t = { 0 };
	struct ngap_gtp_tunnel *tunnel = &t.ul_ngu_up_tnl_information.u.gtp_tunnel;

	writer_u32(&w, teid);
	t.ul_ngu_up_tnl_information.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	tunnel->transport_layer_address = (struct per_bits){ b->upf.ip, 32 };
	tunnel->gtp_teid = writer_bytes(&w);
	flow.qos_flow_level_qos_parameters.qos_characteristics.tag =
		NGAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC5_QI;
	flow.qos_flow_level_qos_parameters.qos_characteristics.u.non_dynamic5_qi.five_qi = 9;
	flow.qos_flow_level_qos_parameters.allocation_and_retention_priority.priority_level_arp = 8;
	t.qos_flow_setup_request_list = (struct ngap_qos_flow_setup_request_list){ 1, &flow };
	return ngap_value_bytes(&ngap_pdu_session_resource_setup_request_transfer_type, &t, &b->arena);
}

void bed_ask_sessions(struct bed *b, const uint8_t *psis, size_t count)
{
	struct ngap_pdu_session_resource_setup_item_su_req items[4] = { 0 };
	struct ngap_pdu_session_resource_setup_request m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.pdu_session_resource_setup_list_su_req = { count, items } };
	uint8_t sst = 1;

	for (size_t i = 0; i < count; i++) {
		items[i].pdu_session_id = psis[i];
		items[i].s_nssai.sst = bytes_of(&sst, 1);
		items[i].pdu_session_resource_setup_request_transfer =
			bed_setup_transfer(b, 1, UL_TEID + (uint32_t)i);
	}
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST, &m);
}

void bed_bearer_answer(struct bed *b, uint8_t drb, bool accepted)
{
	struct uu_rrc_msg m = { .type = UU_RRC_BEARER_SETUP_RESPONSE, .drb = drb, .accepted = accepted };

	bed_ue_sends(b, m);
}
