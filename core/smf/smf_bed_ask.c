/* The test bed's AMF, UE and gNB: what they ask of the SMF. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"
#include "wire/text/test_text.h"

uint64_t bed_stat(struct bed *b, enum smf_stat s)
{
	struct stats stats;

	smf_stats(b->smf, &stats);
	return stats.values[s];
}

static void bed_call(struct bed *b, enum sbi_op_id op, const void *req)
{
	b->answer = (struct bed_delivery){ .op = SBI_OP_COUNT };
	sbi_call(b->amf, sbi_any(b->bus, NF_SMF), op, req, (struct sbi_token){ 0 });
	bed_run(b);
}

enum sbi_cause bed_policy_notify(struct bed *b, const struct sm_policy_decision *d)
{
	struct npcf_sm_policy_notify_req req = { b->policy_callback, { "/sm-policies/sm-1", d } };

	bed_call(b, SBI_SMF_SM_POLICY_NOTIFY, &req);
	return b->answer.cause;
}

void bed_create(struct bed *b, const char *dnn, uint8_t pdu_session_id, const char *n1_hex)
{
	struct snssai snssai = { 1, 0x010203 };
	struct nsmf_create_sm_context_req req = { .data = {
							  .supi = { "001010000000001" },
							  .pdu_session_id = pdu_session_id,
							  .s_nssai = &snssai,
							  .dnn = dnn,
							  .gpsi = b->gpsi,
							  .presence_in_ladn = b->presence,
						  } };
	uint8_t n1[256];
	char uri[SBI_URI_SIZE];

	snprintf(uri, sizeof(uri), "/callback/of-session/%0*u", 2 * SBI_CALLBACK_OCTETS, pdu_session_id);
	req.data.sm_context_status_uri = uri;
	req.data.n1_sm_msg = test_hex(n1_hex, n1, sizeof(n1));
	bed_call(b, SBI_SMF_CREATE_SM_CONTEXT, &req);
}

static void bed_update(struct bed *b, struct nsmf_update_sm_context_req *req)
{
	req->sm_context_ref = b->ref;
	bed_call(b, SBI_SMF_UPDATE_SM_CONTEXT, req);
}

void bed_update_n1(struct bed *b, const char *n1_hex)
{
	uint8_t n1[256];
	struct nsmf_update_sm_context_req req = { .data.n1_sm_msg = test_hex(n1_hex, n1, sizeof(n1)) };

	bed_update(b, &req);
}

void bed_update_n2(struct bed *b, enum n2_sm_info_type type, struct bytes info)
{
	struct nsmf_update_sm_context_req req = { .data = { .n2_sm_info_type = type, .n2_sm_info = info } };

	bed_update(b, &req);
}

void bed_update_cnx(struct bed *b, enum up_cnx_state state)
{
	struct nsmf_update_sm_context_req req = { .data = { .up_cnx_state = state,
							  .presence_in_ladn = b->presence } };

	bed_update(b, &req);
}

void bed_update_handover(struct bed *b, enum ho_state state, enum n2_sm_info_type type, struct bytes info)
{
	struct nsmf_update_sm_context_req req = {
		.data = { .ho_state = state, .n2_sm_info_type = type, .n2_sm_info = info }
	};

	bed_update(b, &req);
}

void bed_update_path(struct bed *b, bool failed, enum n2_sm_info_type type, struct bytes info)
{
	struct nsmf_update_sm_context_req req = { .data = { .to_be_switched = !failed,
							  .failed_to_be_switched = failed,
							  .n2_sm_info_type = type,
							  .n2_sm_info = info } };

	bed_update(b, &req);
}

void bed_release(struct bed *b)
{
	struct nsmf_release_sm_context_req req = { .sm_context_ref = b->ref };

	bed_call(b, SBI_SMF_RELEASE_SM_CONTEXT, &req);
}

void bed_update_both(struct bed *b, const char *n1_hex, enum n2_sm_info_type type, struct bytes info)
{
	uint8_t n1[256];
	struct nsmf_update_sm_context_req req = { .data = { .n1_sm_msg = test_hex(n1_hex, n1, sizeof(n1)),
							  .n2_sm_info_type = type,
							  .n2_sm_info = info } };

	bed_update(b, &req);
}

struct bytes bed_n2(struct bed *b, const struct per_type *type, const void *value)
{
	static uint8_t buf[512];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(ngap_value_encode(type, value, &w));
	return writer_bytes(&w);
}

struct bytes bed_setup_response(struct bed *b, uint32_t ip, uint32_t teid)
{
	struct ngap_pdu_session_resource_setup_response_transfer t = { 0 };
	struct ngap_qos_flow_per_tnl_information *dl = &t.dl_qos_flow_per_tnl_information;
	struct ngap_associated_qos_flow_item flow = { .qos_flow_identifier = SMF_DEFAULT_QFI };
	uint8_t ip_octets[4], teid_octets[4];

	v4_octets(ip, ip_octets);
	v4_octets(teid, teid_octets);
	dl->up_transport_layer_information.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	dl->up_transport_layer_information.u.gtp_tunnel.transport_layer_address =
		(struct per_bits){ ip_octets, 32 };
	dl->up_transport_layer_information.u.gtp_tunnel.gtp_teid = BYTES(teid_octets);
	dl->associated_qos_flow_list.count = 1;
	dl->associated_qos_flow_list.items = &flow;
	return bed_n2(b, &ngap_pdu_session_resource_setup_response_transfer_type, &t);
}

struct bytes bed_setup_failure(struct bed *b)
{
	struct ngap_pdu_session_resource_setup_unsuccessful_transfer t = {
		.cause = { NGAP_CAUSE_TAG_RADIO_NETWORK,
			{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE } }
	};

	return bed_n2(b, &ngap_pdu_session_resource_setup_unsuccessful_transfer_type, &t);
}

struct bytes bed_release_response(struct bed *b)
{
	struct ngap_pdu_session_resource_release_response_transfer t = { 0 };

	return bed_n2(b, &ngap_pdu_session_resource_release_response_transfer_type, &t);
}

void bed_establish(struct bed *b)
{
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	assert_int_equal(smf_numbers(b->smf).active, 1);
}

struct nas_msg bed_nas(struct bed *b, const struct bed_octets *n1)
{
	struct nas_msg m = { 0 };
	struct tlv_fault fault = { 0 };

	assert_true(n1->len > 0);
	arena_reset(&b->arena);
	if (!nas_decode(bytes_of(n1->data, n1->len), &b->arena, &m, &fault))
		test_message_is("nas", bytes_of(n1->data, n1->len), "a NAS message");
	return m;
}

const struct bed_delivery *bed_last_transfer(struct bed *b)
{
	assert_true(b->transfer_count > 0);
	return &b->transfers[b->transfer_count - 1];
}
