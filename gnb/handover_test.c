/* Handover by N2 at the source and at the target: AMF and UE are octets of the test. */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "gnb/gnb_bed.h"
#include "gnb/handover.h"
#include "radio/uu_security.h"
#include "wire/rrc/rrc.h"

enum { TARGET_TEID = 0xabcd, KEY = 0x42, PCI = 7, NCI_OF_TARGET = 2 << 14 | 3 };

static const struct addr target_n3 = { .ip = { 10, 0, 0, 9 }, .len = 4, .port = GTPU_UDP_PORT };

/* A.11 by hand: FC || PCI || 2 || ARFCN-DL || 3, and its HMAC by libcrypto itself. */
static void key_star(const uint8_t key[32], uint16_t pci, uint8_t out[32])
{
	const uint8_t s[] = { 0x70, (uint8_t)(pci >> 8), (uint8_t)pci, 0, 2, 0x09, 0xa7, 0x34, 0, 3 };
	unsigned len = 32;

	assert_non_null(HMAC(EVP_sha256(), key, 32, s, sizeof(s), out, &len));
}

static void neighbour_add(struct bed *b)
{
	b->config.cells[0].pci = PCI;
	b->config.neighbour_count = 1;
	b->config.neighbours[0] = (struct gnb_neighbour){ .name = "far",
		.gnb_id = 2,
		.gnb_id_bits = 22,
		.plmn = b->config.plmn,
		.direct = true,
		.cell_count = 1,
		.cells = { { .id = 3, .tac = 5, .pci = 11 } } };
	b->gnb->config.cells[0].pci = PCI;
	gnb_take_config(b->gnb, &b->config);
}

/* A UE with AS security and session 1. */
static void served(struct bed *b)
{
	static const uint8_t psi = 1;

	neighbour_add(b);
	bed_connected(b);
	bed_ask_context(b, KEY, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	bed_forget(b);
}

static const char *begin(struct bed *b)
{
	struct gnb_handover_order o = { .ue = b->ue, .index = BED_UE_INDEX, .gnb = "far", .cell = 3 };

	return gnb_handover_begin(b->gnb, &o);
}

/* What a target would make; its octets are nothing to the source. */
static struct bytes command_container(struct bed *b)
{
	struct ngap_target_ngran_node_to_source_ngran_node_transparent_container t = {
		.rrc_container = gnb_handover_command(b->gnb, bed_ue(b), false)
	};
	struct bytes octets = ngap_value_bytes(
		&ngap_target_ngran_node_to_source_ngran_node_transparent_container_type, &t, &b->arena);

	assert_non_null(octets.data);
	return octets;
}

static void amf_commands(struct bed *b, struct bytes container)
{
	uint8_t teid[] = { 0, 0, TARGET_TEID >> 8, TARGET_TEID & 0xff };
	struct ngap_up_transport_layer_information tunnel = {
		.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL,
		.u.gtp_tunnel = { { target_n3.ip, 32 }, BYTES(teid) },
	};
	struct ngap_handover_command_transfer transfer = { .dl_forwarding_up_tnl_information = &tunnel };
	struct ngap_pdu_session_resource_handover_item item = { .pdu_session_id = 1 };
	struct ngap_pdu_session_resource_handover_list list = { 1, &item };
	struct ngap_handover_command m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.handover_type = NGAP_HANDOVER_TYPE_INTRA5GS,
		.pdu_session_resource_handover_list = &list,
		.target_to_source_transparent_container = container };

	item.handover_command_transfer =
		ngap_value_bytes(&ngap_handover_command_transfer_type, &transfer, &b->arena);
	bed_amf_sends(b, NGAP_MSG_HANDOVER_COMMAND, &m);
}

/* The octet of the next user packet on the air; -1: none. */
static int ue_gets_packet(struct bed *b)
{
	const struct msg *m = bed_next(b, GNB_PORT_AIR);
	struct uu_pdu p;

	if (!m)
		return -1;
	assert_true(uu_decode(m->data, &p));
	assert_true(uu_is_drb(p.bearer));
	return p.pdu.data[2];
}

/* 9.2.3.1: what the AMF and the target learn. */
static void test_required(void **state)
{
	struct bed *b = *state;
	const struct ngap_handover_required *m;
	struct ngap_source_ngran_node_to_target_ngran_node_transparent_container t;
	struct ngap_handover_required_transfer transfer;
	struct rrc_handover_preparation_information info;
	const struct rrc_as_context *context;
	struct rrc_rrc_reconfiguration source;
	struct per_diag diag;
	uint16_t mac;

	served(b);
	assert_null(begin(b));
	m = bed_amf_gets(b, NGAP_MSG_HANDOVER_REQUIRED).u.handover_required;
	assert_int_equal(m->amf_ue_ngap_id, AMF_UE_ID);
	assert_int_equal(
		m->target_id.u.target_ran_node_id.global_ran_node_id.u.global_gnb_id.gnb_id.u.gnb_id.len_bits,
		22);
	assert_int_equal(ngap_tac(m->target_id.u.target_ran_node_id.selected_tai.tac), 5);
	assert_true(m->has_direct_forwarding_path_availability);
	assert_int_equal(m->pdu_session_resource_list_ho_rqd.count, 1);
	assert_true(ngap_value_decode(&ngap_handover_required_transfer_type,
		m->pdu_session_resource_list_ho_rqd.items[0].handover_required_transfer, &b->arena, &transfer,
		&diag));
	assert_true(transfer.has_direct_forwarding_path_availability);
	assert_true(ngap_value_decode(&ngap_source_ngran_node_to_target_ngran_node_transparent_container_type,
		m->source_to_target_transparent_container, &b->arena, &t, &diag));
	assert_int_equal(t.target_cell_id.u.nr_cgi.nr_cell_identity, NCI_OF_TARGET);
	assert_int_equal(t.pdu_session_resource_information_list->items[0]
				 .drbs_to_qos_flows_mapping_list->items[0]
				 .drb_id,
		1);
	assert_true(rrc_decode(
		&rrc_handover_preparation_information_type, t.rrc_container, &b->arena, &info, &diag));
	context = info.critical_extensions.u.c1.u.handover_preparation_information.as_context;
	assert_int_equal(context->reestablishment_info->source_phys_cell_id, PCI);
	assert_true(uu_short_mac_i(bed_ue(b)->k_gnb, bed_ue(b)->ia, PCI, BED_UE_INDEX, NCI_OF_TARGET, &mac));
	assert_int_equal(context->reestablishment_info->target_cell_short_mac_i, mac);
	assert_true(rrc_decode(&rrc_rrc_reconfiguration_type,
		info.critical_extensions.u.c1.u.handover_preparation_information.source_config
			->rrc_reconfiguration,
		&b->arena, &source, &diag));
	assert_string_equal(begin(b), "something else is under way for the UE");
}

/* The command goes to the UE as it came, the downlink to the target, and the context goes when the AMF has
 * it. */
static void test_executed(void **state)
{
	struct bed *b = *state;
	struct ngap_ue_context_release_command release = {
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_SUCCESSFUL_HANDOVER)
	};
	struct bytes container, payload, inner;
	struct gtpu_header h;
	const struct msg *out;
	struct ngap_pdu pdu;
	uint32_t teid;

	served(b);
	teid = bed_ue(b)->sessions[1]->dl_teid;
	bed_ue(b)->sessions[1]->dl_count = 5 << 18 | 77;
	assert_null(begin(b));
	bed_forget(b);
	container = command_container(b);
	assert_true(
		gnb_handover_command_read(b->gnb, gnb_handover_command(b->gnb, bed_ue(b), false), &inner));
	inner = arena_bytes(&b->arena, inner);
	amf_commands(b, container);
	assert_true(bytes_equal(bed_ue_gets(b, UU_RRC_RECONFIGURATION).rrc, inner));
	pdu = bed_amf_gets(b, NGAP_MSG_UPLINK_RAN_STATUS_TRANSFER);
	assert_int_equal(pdu.u.uplink_ran_status_transfer->ran_status_transfer_transparent_container
				 .drbs_subject_to_status_transfer_list.items[0]
				 .drb_status_dl.u.drb_status_dl18.dl_count_value.pdcp_sn18,
		77);
	assert_int_equal(pdu.u.uplink_ran_status_transfer->ran_status_transfer_transparent_container
				 .drbs_subject_to_status_transfer_list.items[0]
				 .drb_status_dl.u.drb_status_dl18.dl_count_value.hfn_pdcp_sn18,
		5);
	bed_forget(b);
	bed_upf_sends(b, GTPU_G_PDU, teid, 1);
	out = bed_next(b, GNB_PORT_N3);
	assert_non_null(out);
	assert_true(addr_same_host(&out->peer, &target_n3));
	assert_int_equal(gtpu_header_decode(out->data, &h, &payload), GTPU_OK);
	assert_int_equal(h.teid, TARGET_TEID);
	assert_true(h.has_pdu_session);
	assert_int_equal(h.pdu_session.qfi, 1);
	assert_int_equal(payload.data[1], 1);
	release.ue_ngap_ids.tag = NGAP_UE_NGAP_IDS_TAG_UE_NGAP_ID_PAIR;
	release.ue_ngap_ids.u.ue_ngap_id_pair = (struct ngap_ue_ngap_id_pair){ AMF_UE_ID, b->ran_ue_ngap_id };
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &release);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE);
	assert_int_equal(gnb_numbers(b->gnb).ues + gnb_numbers(b->gnb).sessions + b->gnb->handovers.used, 0);
	bed_forget(b);
	/* What is still on its way goes on, and the End Marker after it; then the tunnel is gone. */
	bed_upf_sends(b, GTPU_G_PDU, teid, 2);
	bed_upf_sends(b, GTPU_END_MARKER, teid, 0);
	assert_int_equal(gtpu_header_decode(bed_next(b, GNB_PORT_N3)->data, &h, &payload), GTPU_OK);
	assert_int_equal(payload.data[1], 2);
	assert_int_equal(gtpu_header_decode(bed_next(b, GNB_PORT_N3)->data, &h, &payload), GTPU_OK);
	assert_int_equal(h.type, GTPU_END_MARKER);
	assert_int_equal(h.teid, TARGET_TEID);
	assert_int_equal(b->gnb->forwards.used + !bed_stat(b, GNB_STAT_HO_EXE_SUCC), 0);
	bed_upf_sends(b, GTPU_G_PDU, teid, 3);
	assert_int_equal(gtpu_header_decode(bed_next(b, GNB_PORT_N3)->data, &h, &payload), GTPU_OK);
	assert_int_equal(h.type, GTPU_ERROR_INDICATION);
	assert_null(bed_next(b, GNB_PORT_AIR));
}

/* Without an End Marker the tunnel of a UE that has gone ends by itself. */
static void test_forwarding_ends(void **state)
{
	struct bed *b = *state;

	served(b);
	assert_null(begin(b));
	amf_commands(b, command_container(b));
	gnb_ue_free(b->gnb, bed_ue(b));
	assert_int_equal(b->gnb->forwards.used, 1);
	bed_pass(b, GNB_FORWARDING_MS);
	assert_int_equal(b->gnb->forwards.used, 0);
}

static void test_preparation_fails(void **state)
{
	struct bed *b = *state;
	struct ngap_handover_preparation_failure m = { .amf_ue_ngap_id = AMF_UE_ID,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HO_TARGET_NOT_ALLOWED) };

	served(b);
	m.ran_ue_ngap_id = b->ran_ue_ngap_id;
	assert_null(begin(b));
	bed_amf_sends(b, NGAP_MSG_HANDOVER_PREPARATION_FAILURE, &m);
	assert_null(bed_ue(b)->handover);
	assert_true(bed_ue(b)->radio.on_air);
	assert_int_equal(
		b->gnb->figures.by_cause[NGAP_CAUSE_RADIO_NETWORK_HO_TARGET_NOT_ALLOWED][GNB_CAUSE_HO_PREP],
		1);
	amf_commands(b, command_container(b)); /* late */
	assert_null(bed_next(b, GNB_PORT_AIR));
	assert_null(begin(b));
}

/* TNGRELOCprep, and a command that cannot be obeyed: cancelled, and the UE stays. */
static void test_cancelled(void **state)
{
	static const uint8_t rubbish[] = { 1, 2, 3 };
	struct bed *b = *state;
	struct ngap_handover_cancel_acknowledge ack = { .amf_ue_ngap_id = AMF_UE_ID };
	struct ngap_pdu pdu;

	served(b);
	ack.ran_ue_ngap_id = b->ran_ue_ngap_id;
	assert_null(begin(b));
	bed_amf_gets(b, NGAP_MSG_HANDOVER_REQUIRED);
	bed_pass(b, GNB_PREPARATION_MS);
	pdu = bed_amf_gets(b, NGAP_MSG_HANDOVER_CANCEL);
	assert_int_equal(
		pdu.u.handover_cancel->cause.u.radio_network, NGAP_CAUSE_RADIO_NETWORK_TNGRELOCPREP_EXPIRY);
	amf_commands(b, command_container(b)); /* on its way already */
	assert_true(bed_ue(b)->radio.on_air);
	bed_amf_sends(b, NGAP_MSG_HANDOVER_CANCEL_ACKNOWLEDGE, &ack);
	assert_null(bed_ue(b)->handover);
	assert_null(begin(b));
	bed_amf_gets(b, NGAP_MSG_HANDOVER_REQUIRED);
	amf_commands(b, BYTES(rubbish));
	bed_amf_gets(b, NGAP_MSG_HANDOVER_CANCEL);
	assert_true(bed_ue(b)->radio.on_air);
	bed_pass(b, GNB_PREPARATION_MS); /* nobody acknowledges */
	assert_null(bed_ue(b)->handover);
	assert_null(bed_next(b, GNB_PORT_AIR));
}

/* TNGRELOCoverall */
static void test_nobody_releases(void **state)
{
	struct bed *b = *state;
	struct ngap_pdu pdu;

	served(b);
	assert_null(begin(b));
	amf_commands(b, command_container(b));
	bed_forget(b);
	bed_pass(b, GNB_RELOCATION_MS);
	pdu = bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
	assert_int_equal(pdu.u.ue_context_release_request->cause.u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_TNGRELOCOVERALL_EXPIRY);
}

/* 38.331 5.3.7: the UE is taken back with its own key, and the handover is cancelled. */
static void test_return(void **state)
{
	struct bed *b = *state;
	uint8_t before[32], after[32];
	struct uu_rrc_msg m = { .type = UU_RRC_REESTABLISHMENT_REQUEST, .pci = PCI, .c_rnti = BED_UE_INDEX };
	uint32_t teid;

	served(b);
	teid = bed_ue(b)->sessions[1]->dl_teid;
	bytes_copy(before, 32, BYTES(bed_ue(b)->k_gnb));
	assert_null(begin(b));
	amf_commands(b, command_container(b));
	bed_forget(b);
	assert_true(uu_short_mac_i(before, bed_ue(b)->ia, PCI, BED_UE_INDEX, 1 << 14, &m.short_mac));
	m.short_mac ^= 1;
	bed_ue_sends(b, m);
	bed_ue_loses(b);
	assert_int_equal(bed_stat(b, GNB_STAT_REESTABLISHMENT_REFUSED), 1);
	m.short_mac ^= 1;
	bed_ue_sends(b, m);
	bed_amf_gets(b, NGAP_MSG_HANDOVER_CANCEL);
	assert_int_equal(bed_ue_gets(b, UU_RRC_REESTABLISHMENT).ncc, 0);
	key_star(before, PCI, after);
	assert_memory_equal(bed_ue(b)->k_gnb, after, 32);
	bed_forget(b);
	bed_upf_sends(b, GTPU_G_PDU, teid, 9);
	assert_int_equal(ue_gets_packet(b), 9);
	assert_int_equal(b->gnb->forwards.used, 0);
}

/* 38.413 8.4.1.2: what else the AMF asks for is refused with the handover as its cause. */
static void test_collisions(void **state)
{
	static const uint8_t psi = 2, nas[] = { 0x7e, 0, 0x41 };
	struct bed *b = *state;
	struct ngap_ue_context_modification_request modify = { .amf_ue_ngap_id = AMF_UE_ID };
	struct ngap_downlink_nas_transport d = { .amf_ue_ngap_id = AMF_UE_ID, .nas_pdu = BYTES(nas) };
	struct ngap_pdu_session_resource_setup_unsuccessful_transfer why;
	struct per_diag diag;
	struct ngap_pdu pdu;

	served(b);
	modify.ran_ue_ngap_id = d.ran_ue_ngap_id = b->ran_ue_ngap_id;
	assert_null(begin(b));
	bed_amf_gets(b, NGAP_MSG_HANDOVER_REQUIRED);
	bed_ask_sessions(b, &psi, 1);
	pdu = bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_setup_unsuccessful_transfer_type,
		pdu.u.pdu_session_resource_setup_response->pdu_session_resource_failed_to_setup_list_su_res
			->items[0]
			.pdu_session_resource_setup_unsuccessful_transfer,
		&b->arena, &why, &diag));
	assert_int_equal(
		why.cause.u.radio_network, NGAP_CAUSE_RADIO_NETWORK_NG_INTRA_SYSTEM_HANDOVER_TRIGGERED);
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &modify);
	pdu = bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE);
	assert_int_equal(pdu.u.ue_context_modification_failure->cause.u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_NG_INTRA_SYSTEM_HANDOVER_TRIGGERED);
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d); /* the UE is there still */
	bed_ue_gets(b, UU_RRC_DOWNLINK_NAS);
	amf_commands(b, command_container(b));
	bed_forget(b);
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	pdu = bed_amf_gets(b, NGAP_MSG_NAS_NON_DELIVERY_INDICATION);
	assert_int_equal(pdu.u.nas_non_delivery_indication->cause.u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_NG_INTRA_SYSTEM_HANDOVER_TRIGGERED);
}

/* The target */

/* As the source's AMF would send it on, made by this gNB's own source. */
struct request {
	struct ngap_handover_request m;
	struct ngap_pdu_session_resource_setup_item_ho_req items[2];
	uint8_t nh[32];
	uint8_t enc[2], integrity[2], none[2], sst;
	struct ngap_allowed_nssai_item slice;
};

static void request_make(struct bed *b, struct request *r)
{
	struct guami guami = { b->config.plmn, 1, 2, 3 };
	struct gnb_ue source = { .ia = 2, .c_rnti = 9, .since_ns = env_now_ns(&b->t.env) };
	struct gnb_session session = { .psi = 1, .drb = 4, .flows = 2, .ue = &source };
	struct gnb_neighbour here = {
		.plmn = b->config.plmn, .gnb_id = 1, .gnb_id_bits = 22, .cell_count = 1
	};
	struct gnb_handover h = { .ue = &source, .to = &here };

	*r = (struct request){ .enc = { 0xe0 }, .integrity = { 0xe0 }, .sst = 1 };
	memset(r->nh, 0x77, sizeof(r->nh));
	source.sessions[1] = &session;
	r->slice.s_nssai.sst = bytes_of(&r->sst, 1);
	r->items[0] = (struct ngap_pdu_session_resource_setup_item_ho_req){ .pdu_session_id = 1,
		.s_nssai = r->slice.s_nssai,
		.handover_request_transfer = bed_setup_transfer(b, 1, UL_TEID) };
	r->m = (struct ngap_handover_request){ .amf_ue_ngap_id = AMF_UE_ID,
		.handover_type = NGAP_HANDOVER_TYPE_INTRA5GS,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HANDOVER_DESIRABLE_FOR_RADIO_REASON),
		.ue_security_capabilities = { { r->enc, 16 }, { r->integrity, 16 }, { r->none, 16 },
			{ r->none, 16 } },
		.security_context = { 3, { r->nh, 256 } },
		.has_masked_imeisv = true,
		.masked_imeisv = BED_MASKED_IMEISV,
		.pdu_session_resource_setup_list_ho_req = { 1, r->items },
		.allowed_nssai = { 1, &r->slice },
		.source_to_target_transparent_container =
			arena_bytes(&b->arena, gnb_source_container(b->gnb, &h)) };
	assert_non_null(r->m.source_to_target_transparent_container.data);
	assert_true(ngap_guami_of(&guami, &b->arena, &r->m.guami));
}

struct acknowledged {
	uint32_t dl_teid, forwarding_teid;
	uint16_t c_rnti;
};

static uint32_t teid_of(const struct ngap_up_transport_layer_information *t)
{
	struct cursor c = cursor_of(t->u.gtp_tunnel.gtp_teid);

	return cursor_u32(&c);
}

static struct acknowledged expected(struct bed *b)
{
	const struct ngap_handover_request_acknowledge *m;
	struct ngap_handover_request_acknowledge_transfer t;
	struct ngap_target_ngran_node_to_source_ngran_node_transparent_container container;
	struct rrc_cell_group_config group;
	struct rrc_rrc_reconfiguration r;
	struct acknowledged a;
	struct per_diag diag;
	struct request req;
	struct bytes octets;

	neighbour_add(b);
	bed_ready(b);
	request_make(b, &req);
	bed_amf_sends(b, NGAP_MSG_HANDOVER_REQUEST, &req.m);
	m = bed_amf_gets(b, NGAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE).u.handover_request_acknowledge;
	b->ran_ue_ngap_id = m->ran_ue_ngap_id;
	assert_true(ngap_value_decode(&ngap_handover_request_acknowledge_transfer_type,
		m->pdu_session_resource_admitted_list.items[0].handover_request_acknowledge_transfer,
		&b->arena, &t, &diag));
	a.dl_teid = teid_of(&t.dl_ngu_up_tnl_information);
	a.forwarding_teid = teid_of(t.dl_forwarding_up_tnl_information);
	assert_true(t.qos_flow_setup_response_list.items[0].has_data_forwarding_accepted);
	assert_true(ngap_value_decode(&ngap_target_ngran_node_to_source_ngran_node_transparent_container_type,
		m->target_to_source_transparent_container, &b->arena, &container, &diag));
	assert_true(gnb_handover_command_read(b->gnb, container.rrc_container, &octets));
	assert_true(rrc_decode(&rrc_rrc_reconfiguration_type, octets, &b->arena, &r, &diag));
	assert_int_equal(
		r.critical_extensions.u.rrc_reconfiguration.radio_bearer_config->drb_to_add_mod_list->items[0]
			.drb_identity,
		4);
	octets = r.critical_extensions.u.rrc_reconfiguration.non_critical_extension->master_cell_group;
	assert_int_equal(r.critical_extensions.u.rrc_reconfiguration.non_critical_extension->master_key_update
				 ->next_hop_chaining_count,
		3);
	assert_true(rrc_decode(&rrc_cell_group_config_type, octets, &b->arena, &group, &diag));
	a.c_rnti = group.sp_cell_config->reconfiguration_with_sync->new_ue_identity;
	assert_int_equal(
		group.sp_cell_config->reconfiguration_with_sync->sp_cell_config_common->phys_cell_id, PCI);
	bed_forget(b);
	return a;
}

static void arrive(struct bed *b, const struct acknowledged *a, const uint8_t key[32])
{
	struct uu_rrc_msg m = { .type = UU_RRC_RECONFIGURATION_COMPLETE, .c_rnti = a->c_rnti };

	assert_true(uu_mac_i(key, 2, (uint8_t)m.type, m.c_rnti, &m.mac));
	bed_ue_sends(b, m);
}

static void ue_is_heard(struct bed *b)
{
	const struct msg *m = bed_next(b, GNB_PORT_AIR);
	struct uu_pdu p;

	assert_non_null(m);
	assert_true(uu_decode(m->data, &p));
	assert_int_equal(p.bearer, UU_LINK);
	assert_int_equal(p.pdu.data[0], UU_LINK_KEEPALIVE);
}

/* The UE has the key of NH and this cell; forwarded packets come first, then those of the new path. */
static void test_arrival(void **state)
{
	struct bed *b = *state;
	struct acknowledged a = expected(b);
	struct ngap_drbs_subject_to_status_transfer_item item = { .drb_id = 4,
		.drb_status_ul = { .tag = NGAP_DRB_STATUS_UL_TAG_DRB_STATUS_UL18,
			.u.drb_status_ul18.ul_count_value = { 5, 1 } },
		.drb_status_dl = { .tag = NGAP_DRB_STATUS_DL_TAG_DRB_STATUS_DL18,
			.u.drb_status_dl18.dl_count_value = { 7, 0 } } };
	struct ngap_downlink_ran_status_transfer status = { AMF_UE_ID, b->ran_ue_ngap_id, { { 1, &item } } };
	uint8_t nh[32], key[32];
	struct ngap_pdu pdu;

	memset(nh, 0x77, sizeof(nh));
	key_star(nh, PCI, key);
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_RAN_STATUS_TRANSFER, &status);
	assert_int_equal(bed_ue(b)->sessions[1]->dl_count, 7);
	assert_int_equal(bed_ue(b)->sessions[1]->ul_count, (1 << 18) + 5);
	assert_true(bed_ue(b)->masked_imeisv == BED_MASKED_IMEISV);
	bed_upf_sends(b, GTPU_G_PDU, a.forwarding_teid, 1);
	bed_upf_sends(b, GTPU_G_PDU, a.forwarding_teid, 2);
	assert_null(bed_next(b, GNB_PORT_AIR));
	arrive(b, &a, nh); /* the wrong key */
	bed_ue_loses(b);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_forget(b);
	arrive(b, &a, key);
	pdu = bed_amf_gets(b, NGAP_MSG_HANDOVER_NOTIFY);
	assert_int_equal(pdu.u.handover_notify->ran_ue_ngap_id, b->ran_ue_ngap_id);
	assert_memory_equal(bed_ue(b)->k_gnb, key, 32);
	assert_int_equal(bed_ue(b)->ncc, 3);
	b->t.seen = NULL; /* from the first message on: their order on two ports is no matter */
	assert_int_equal(ue_gets_packet(b), 1);
	assert_int_equal(ue_gets_packet(b), 2);
	ue_is_heard(b);
	bed_forget(b);
	bed_upf_sends(b, GTPU_G_PDU, a.dl_teid, 4); /* the new path is quicker */
	assert_null(bed_next(b, GNB_PORT_AIR));
	bed_upf_sends(b, GTPU_G_PDU, a.forwarding_teid, 3);
	assert_int_equal(ue_gets_packet(b), 3);
	bed_upf_sends(b, GTPU_END_MARKER, a.forwarding_teid, 0);
	assert_int_equal(ue_gets_packet(b), 4);
	bed_upf_sends(b, GTPU_G_PDU, a.dl_teid, 5);
	assert_int_equal(ue_gets_packet(b), 5);
	assert_int_equal(b->gnb->receptions.used + b->gnb->held.used + b->gnb->handovers.used, 0);
	bed_forget(b);
	arrive(b, &a, key); /* our answer was lost */
	ue_is_heard(b);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
	assert_null(bed_next(b, GNB_PORT_N2));
}

/* The End Marker is lost. */
static void test_end_marker_missing(void **state)
{
	struct bed *b = *state;
	struct acknowledged a = expected(b);

	arrive(b, &a, bed_ue(b)->k_gnb);
	bed_forget(b);
	bed_upf_sends(b, GTPU_G_PDU, a.dl_teid, 4);
	bed_pass(b, GNB_END_MARKER_MS - 1);
	assert_null(bed_next(b, GNB_PORT_AIR));
	bed_pass(b, 1);
	assert_int_equal(ue_gets_packet(b), 4);
	assert_int_equal(bed_stat(b, GNB_STAT_END_MARKERS_MISSING), 1);
}

static void test_nobody_arrives(void **state)
{
	struct bed *b = *state;
	struct acknowledged a = expected(b);

	bed_upf_sends(b, GTPU_G_PDU, a.forwarding_teid, 1);
	bed_pass(b, GNB_RELOCATION_MS);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
	arrive(b, &a, bed_ue(b)->k_gnb);
	bed_ue_loses(b);
	gnb_ue_free(b->gnb, bed_ue(b));
	assert_int_equal(b->gnb->receptions.used + b->gnb->held.used + b->gnb->handovers.used, 0);
}

static void refused(struct bed *b, const struct request *r, enum ngap_cause_radio_network cause)
{
	struct ngap_pdu pdu;

	bed_amf_sends(b, NGAP_MSG_HANDOVER_REQUEST, &r->m);
	pdu = bed_amf_gets(b, NGAP_MSG_HANDOVER_FAILURE);
	assert_int_equal(pdu.u.handover_failure->cause.u.radio_network, cause);
	assert_int_equal(b->gnb->figures.by_cause[cause][GNB_CAUSE_HO_ALLOC], 1);
	assert_int_equal(gnb_numbers(b->gnb).ues + gnb_numbers(b->gnb).sessions + b->gnb->handovers.used, 0);
}

static void test_refusals(void **state)
{
	static const uint8_t rubbish[] = { 0x7f, 1, 2 };
	struct bed *b = *state;
	struct request r;

	neighbour_add(b);
	bed_ready(b);
	request_make(b, &r);
	r.m.source_to_target_transparent_container = BYTES(rubbish);
	refused(b, &r, NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	request_make(b, &r);
	b->gnb->places[0].ncgi.nci++;
	refused(b, &r, NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_TARGET_ID);
	b->gnb->places[0].ncgi.nci--;
	r.integrity[0] = 0;
	refused(b, &r,
		NGAP_CAUSE_RADIO_NETWORK_ENCRYPTION_AND_OR_INTEGRITY_PROTECTION_ALGORITHMS_NOT_SUPPORTED);
	r.integrity[0] = 0xe0;
	r.items[0].handover_request_transfer = BYTES(rubbish);
	refused(b, &r, NGAP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL);
	/* One of two is admitted. */
	request_make(b, &r);
	r.items[1] = r.items[0];
	r.m.pdu_session_resource_setup_list_ho_req.count = 2;
	bed_amf_sends(b, NGAP_MSG_HANDOVER_REQUEST, &r.m);
	assert_int_equal(bed_amf_gets(b, NGAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE)
				 .u.handover_request_acknowledge
				 ->pdu_session_resource_failed_to_setup_list_ho_ack->count,
		1);
}

/* 38.413 9.3.4.1: the SMF has no way for data, so the target keeps no tunnel. */
static void test_forwarding_not_possible(void **state)
{
	struct bed *b = *state;
	struct ngap_pdu_session_resource_setup_request_transfer setup;
	struct ngap_handover_request_acknowledge_transfer t;
	const struct ngap_handover_request_acknowledge *m;
	struct per_diag diag;
	struct request r;

	neighbour_add(b);
	bed_ready(b);
	request_make(b, &r);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_setup_request_transfer_type,
		r.items[0].handover_request_transfer, &b->arena, &setup, &diag));
	setup.has_data_forwarding_not_possible = true;
	r.items[0].handover_request_transfer =
		ngap_value_bytes(&ngap_pdu_session_resource_setup_request_transfer_type, &setup, &b->arena);
	bed_amf_sends(b, NGAP_MSG_HANDOVER_REQUEST, &r.m);
	m = bed_amf_gets(b, NGAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE).u.handover_request_acknowledge;
	assert_true(ngap_value_decode(&ngap_handover_request_acknowledge_transfer_type,
		m->pdu_session_resource_admitted_list.items[0].handover_request_acknowledge_transfer,
		&b->arena, &t, &diag));
	assert_null(t.dl_forwarding_up_tnl_information);
	assert_false(t.qos_flow_setup_response_list.items[0].has_data_forwarding_accepted);
	assert_int_equal(b->gnb->receptions.used, 0);
}

/* Each limit refuses what is over it, and is counted. */
static void test_limits(void **state)
{
	struct bed *b = *state;
	struct acknowledged a;
	struct request r;

	neighbour_add(b);
	bed_ready(b);
	request_make(b, &r);
	b->gnb->handovers.max = 0;
	refused(b, &r, NGAP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL);
	assert_int_equal(bed_stat(b, GNB_STAT_EXHAUSTED), 1);
	bed_teardown(state);
	bed_setup(state);
	b = *state;
	a = expected(b);
	for (unsigned i = 0; i <= GNB_HELD_SESSION_MAX; i++)
		bed_upf_sends(b, GTPU_G_PDU, a.forwarding_teid, 1);
	assert_int_equal(bed_stat(b, GNB_STAT_HELD), GNB_HELD_SESSION_MAX);
	assert_int_equal(bed_stat(b, GNB_STAT_DOWNLINK_DROPPED), 1);
	assert_int_equal(b->gnb->held.used, GNB_HELD_SESSION_MAX);
}

static void test_limits_of_the_source(void **state)
{
	struct bed *b = *state;
	uint32_t teid;

	served(b);
	b->gnb->handovers.max = 0;
	assert_string_equal(begin(b), "there are too many handovers");
	b->gnb->handovers.max = GNB_HANDOVERS_MAX;
	b->gnb->forwards.max = 0;
	teid = bed_ue(b)->sessions[1]->dl_teid;
	assert_null(begin(b));
	amf_commands(b, command_container(b));
	bed_forget(b);
	bed_upf_sends(b, GTPU_G_PDU, teid, 1); /* lost, and nothing worse */
	assert_null(bed_next(b, GNB_PORT_N3));
	assert_null(bed_next(b, GNB_PORT_AIR));
	assert_int_equal(bed_stat(b, GNB_STAT_EXHAUSTED), 2);
}

static void ask(struct bed *b, const char *request, const char *answer)
{
	struct msg m = {
		.kind = MSG_DATA, .port = GNB_PORT_CONTROL, .assoc = 3, .data = bytes_of_str(request)
	};
	const struct msg *out;

	bed_deliver(b, &m);
	out = bed_next(b, GNB_PORT_CONTROL);
	assert_non_null(out);
	assert_int_equal(out->assoc, 3);
	if (!bytes_equal(out->data, bytes_of_str(answer)))
		fail_msg("%.*s", (int)out->data.len, (const char *)out->data.data);
}

/* The operator's port: what is asked wrongly is refused, what is right begins. */
static void test_control(void **state)
{
	struct bed *b = *state;

	served(b);
	ask(b, "", "error\nunknown command\n");
	ask(b, "status\n", "error\nunknown command\n");
	ask(b, "handover\nhere\nfar\n0\n", "error\nexpected the address of a UE on the air\n");
	ask(b, "handover\n10.0.0.2\nfar\n65536\n", "error\nexpected the id of a cell\n");
	ask(b, "handover\n10.0.0.2\nfar\n3\nboth\n", "error\nexpected n2, xn or nothing\n");
	ask(b, "handover\n10.0.0.2\nf\x01r\n3\n", "error\nexpected lines of printable characters\n");
	ask(b, "handover\n10.0.0.2\nnear\n0\n", "error\nthat gNB, or that cell of it, is not a neighbour\n");
	ask(b, "handover\n10.0.0.2\nfar\n4\n", "error\nthat gNB, or that cell of it, is not a neighbour\n");
	ask(b, "handover\n10.0.0.77\nfar\n3\n", "error\nno such UE is connected, or there are several\n");
	ask(b, "handover\n10.0.0.2\nfar\n3\nxn\n", "error\nthere is no Xn to that gNB\n");
	ask(b, "handover\n10.0.0.2\nfar\n3\nn2\n", "ok\n");
	ask(b, "handover\n10.0.0.2\nfar\n3\n", "error\nsomething else is under way for the UE\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_required, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_executed, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_forwarding_ends, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_preparation_fails, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_cancelled, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_nobody_releases, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_return, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_collisions, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_arrival, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_end_marker_missing, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_nobody_arrives, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_refusals, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_forwarding_not_possible, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_limits, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_limits_of_the_source, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_control, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
