/* Xn between two gNBs of ours, their messages carried by the test; AMF and UE are octets. */
#include <stdio.h>

#include "gnb/gnb_bed.h"
#include "gnb/xn.h"
#include "radio/uu_security.h"
#include "wire/rrc/rrc.h"

enum { XN_ASSOC = 40, KEY = 0x42 };

struct pair {
	struct bed *a, *b; /* the source, of the lower gNB ID, and the target */
	uint32_t messages; /* carried */
	uint32_t lose;     /* which of them is lost; 0: none */
	enum xnap_message last;
};

static void gnb_again(struct bed *b, uint32_t id, struct addr xn)
{
	struct gnb_neighbour *n = &b->config.neighbours[0];

	gnb_free(b->gnb);
	b->config.gnb_id = id;
	b->config.cells[0] = (struct gnb_cell){ .id = 1, .tac = id, .pci = (uint16_t)(id * 10) };
	b->config.n3_address.ip[3] = (uint8_t)(100 + id);
	b->config.neighbour_count = 1;
	*n = (struct gnb_neighbour){ .name = "far",
		.gnb_id = 3 - id,
		.gnb_id_bits = 22,
		.plmn = b->config.plmn,
		.direct = true,
		.xn = xn,
		.cell_count = 1,
		.cells = { { .id = 1, .tac = 3 - id } } }; /* its PCI is told by Xn Setup */
	b->gnb = gnb_new(&b->config, &b->t.env);
	assert_non_null(b->gnb);
}

static int setup(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));
	void *a, *b;

	assert_non_null(p);
	bed_setup(&a);
	bed_setup(&b);
	p->a = a;
	p->b = b;
	gnb_again(a, 1, addr_from_v4(0x0a000002, 0));
	gnb_again(b, 2, addr_from_v4(0x0a000001, 0));
	bed_ready(p->a);
	bed_ready(p->b);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct pair *p = *state;
	void *a = p->a, *b = p->b;

	bed_teardown(&a);
	bed_teardown(&b);
	free(p);
	return 0;
}

static FILE *capture; /* all that is carried, as text2pcap reads it; NULL: nobody wants it */

static void capture_put(struct bytes octets)
{
	for (size_t i = 0; capture && i < octets.len; i++)
		if (i % 16)
			fprintf(capture, " %02x", octets.data[i]);
		else
			fprintf(capture, "\n%06zx %02x", i, octets.data[i]);
}

static uint16_t other_port(uint16_t port)
{
	return port == GNB_PORT_XN ? GNB_PORT_XN_SERVER : GNB_PORT_XN;
}

/* 38.422 7: what is about no UE goes on a stream of its own. */
static bool is_of_a_ue(enum xnap_message m)
{
	static const enum xnap_message others[] = { XNAP_MSG_XN_SETUP_REQUEST, XNAP_MSG_XN_SETUP_RESPONSE,
		XNAP_MSG_XN_SETUP_FAILURE, XNAP_MSG_XN_REMOVAL_REQUEST, XNAP_MSG_XN_REMOVAL_RESPONSE,
		XNAP_MSG_XN_REMOVAL_FAILURE, XNAP_MSG_RESET_REQUEST, XNAP_MSG_RESET_RESPONSE,
		XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE,
		XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_ACKNOWLEDGE,
		XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_FAILURE };

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (m == others[i])
			return false;
	return true;
}

/* What one sent on Xn, to the other; what else it sent is looked at by the test. */
static bool carry_from(struct pair *p, struct bed *from, struct bed *to)
{
	bool any = false;

	for (;;) {
		const struct msg *m = bed_next(from, from == p->a ? GNB_PORT_XN : GNB_PORT_XN_SERVER);
		struct msg copy;
		struct per_diag diag;
		struct xnap_pdu pdu;

		if (!m)
			return any;
		any = true;
		copy = *m;
		copy.port = other_port(m->port);
		copy.assoc = XN_ASSOC;
		if (m->kind == MSG_DATA) {
			assert_true(xnap_decode(m->data, &from->arena, &pdu, &diag));
			capture_put(m->data);
			assert_true(is_of_a_ue(pdu.message) || m->stream == 0);
			p->last = pdu.message;
			if (++p->messages == p->lose)
				continue;
		}
		bed_deliver(to, &copy);
	}
}

static void carry(struct pair *p)
{
	while (carry_from(p, p->a, p->b) || carry_from(p, p->b, p->a))
		;
}

static void forget(struct pair *p)
{
	bed_forget(p->a);
	bed_forget(p->b);
}

/* The association, which the lower one opens. */
static void associated(struct pair *p)
{
	struct msg up = { .kind = MSG_UP, .port = GNB_PORT_XN_SERVER, .assoc = XN_ASSOC, .out_streams = 4 };
	const struct msg *m;

	bed_pass(p->a, 1000);
	bed_pass(p->b, 1000);
	m = bed_next(p->a, GNB_PORT_XN);
	assert_non_null(m);
	assert_int_equal(m->kind, MSG_UP);
	assert_int_equal(m->peer.port, 38422);
	assert_null(bed_next(p->b, GNB_PORT_XN));
	bed_deliver(p->b, &up);
	up.port = GNB_PORT_XN;
	up.token = m->token;
	bed_deliver(p->a, &up);
}

static void joined(struct pair *p)
{
	associated(p);
	carry(p);
	assert_int_equal(gnb_numbers(p->a->gnb).neighbours_ready, 1);
	assert_int_equal(gnb_numbers(p->b->gnb).neighbours_ready, 1);
	forget(p);
}

/* A UE at the source, with session 1; both gNBs know the one AMF. */
static void served(struct pair *p)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 }, psi = 1;
	struct bed *b = p->a;
	struct ngap_downlink_nas_transport d = { .amf_ue_ngap_id = AMF_UE_ID, .nas_pdu = BYTES(nas) };

	joined(p);
	bed_ue_sends(
		b, (struct uu_rrc_msg){
			   .type = UU_RRC_SETUP_REQUEST, .cause = UU_RRC_MO_SIGNALLING, .nas = BYTES(nas) });
	b->ran_ue_ngap_id = bed_amf_gets(b, NGAP_MSG_INITIAL_UE_MESSAGE).u.initial_ue_message->ran_ue_ngap_id;
	d.ran_ue_ngap_id = b->ran_ue_ngap_id;
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	bed_ask_context(b, KEY, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	forget(p);
}

static struct gnb_ue *ue_of(struct bed *b)
{
	uint32_t i = 0;

	return pool_next(&b->gnb->ues, &i);
}

static const char *begin(struct pair *p)
{
	struct gnb_handover_order o = { .ue = p->a->ue, .any_index = true, .gnb = "far", .xn = true };

	return gnb_handover_begin(p->a->gnb, &o);
}

static void arrive(struct pair *p)
{
	struct gnb_ue *ue = ue_of(p->b);
	struct uu_rrc_msg m = { .type = UU_RRC_RECONFIGURATION_COMPLETE, .c_rnti = ue->c_rnti };

	assert_true(uu_mac_i(ue->k_gnb, ue->ia, (uint8_t)m.type, m.c_rnti, &m.mac));
	bed_ue_sends(p->b, m);
}

static void amf_corrects(struct pair *p, uint64_t amf_ue_ngap_id, struct ngap_security_indication *policy)
{
	struct bed *b = p->b;
	uint8_t nh[32], sst = 1;
	struct ngap_allowed_nssai_item slice = { .s_nssai.sst = bytes_of(&sst, 1) };
	struct ngap_path_switch_request_acknowledge_transfer t = { .security_indication = policy };
	struct ngap_pdu_session_resource_switched_item item = { .pdu_session_id = 1 };
	struct ngap_path_switch_request_acknowledge m = { .amf_ue_ngap_id = amf_ue_ngap_id,
		.ran_ue_ngap_id = ue_of(b)->ran_ue_ngap_id,
		.security_context = { 2, { nh, 256 } },
		.pdu_session_resource_switched_list = { 1, &item },
		.allowed_nssai = { 1, &slice } };

	memset(nh, 0x55, sizeof(nh));
	item.path_switch_request_acknowledge_transfer =
		ngap_value_bytes(&ngap_path_switch_request_acknowledge_transfer_type, &t, &b->arena);
	bed_amf_sends(b, NGAP_MSG_PATH_SWITCH_REQUEST_ACKNOWLEDGE, &m);
}

static void amf_switches(struct pair *p, uint64_t amf_ue_ngap_id)
{
	amf_corrects(p, amf_ue_ngap_id, NULL);
}

/* 8.4.1: each knows the other's cells. */
static void test_setup(void **state)
{
	struct pair *p = *state;

	joined(p);
	assert_int_equal(p->a->gnb->config.neighbours[0].cells[0].pci, 20);
	assert_int_equal(p->b->gnb->config.neighbours[0].cells[0].pci, 10);
}

/* A gNB that is no neighbour is refused, and comes again when it may. */
static void test_setup_refused(void **state)
{
	struct pair *p = *state;

	p->b->gnb->config.neighbours[0].gnb_id = 9;
	associated(p);
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_XN_SETUP_FAILURE);
	assert_int_equal(gnb_numbers(p->a->gnb).neighbours_ready, 0);
	p->b->gnb->config.neighbours[0].gnb_id = 1;
	forget(p);
	bed_pass(p->a, 60000);
	carry(p);
	assert_int_equal(gnb_numbers(p->a->gnb).neighbours_ready, 1);
}

/* Lost, and back; a neighbour that begins again without a loss being seen replaces what was. */
static void test_lost(void **state)
{
	struct pair *p = *state;
	struct msg down = { .kind = MSG_DOWN, .port = GNB_PORT_XN, .assoc = XN_ASSOC };
	struct msg up = {
		.kind = MSG_UP, .port = GNB_PORT_XN_SERVER, .assoc = XN_ASSOC + 1, .out_streams = 1
	};

	joined(p);
	bed_deliver(p->a, &down);
	assert_int_equal(gnb_numbers(p->a->gnb).neighbours_ready, 0);
	bed_pass(p->a, 1000);
	assert_int_equal(bed_next(p->a, GNB_PORT_XN)->kind, MSG_UP);
	bed_deliver(p->b, &up);
	assert_int_equal(gnb_numbers(p->b->gnb).neighbours_ready, 1);
	down.port = GNB_PORT_XN_SERVER;
	bed_deliver(p->b, &down);
	assert_int_equal(gnb_numbers(p->b->gnb).neighbours_ready, 0);
}

static void test_handover(void **state)
{
	struct pair *p = *state;
	struct gnb_ue *source, *target;
	uint8_t key[32];
	const struct ngap_path_switch_request *r;

	served(p);
	source = ue_of(p->a);
	source->sessions[1]->dl_count = 77;
	assert_int_equal(source->sessions[1]->first_flow->five_qi, 9);
	assert_true(kdf_k_ngran_star(source->k_gnb, 20, UU_SSB_ARFCN, key));
	assert_null(begin(p));
	carry(p);
	/* The UE is sent away with what the target made, and the target has the whole context. */
	p->a->t.seen = NULL; /* carry() has looked further */
	bed_ue_gets(p->a, UU_RRC_RECONFIGURATION);
	target = ue_of(p->b);
	assert_non_null(target);
	assert_memory_equal(target->k_gnb, key, 32);
	assert_int_equal(target->ncc, 0);
	assert_int_equal(target->amf_ue_ngap_id, AMF_UE_ID);
	assert_int_equal(target->capability[0], 0xe000);
	assert_true(target->masked_imeisv == BED_MASKED_IMEISV);
	assert_int_equal(target->sessions[1]->ul_teid, UL_TEID);
	assert_true(addr_same_host(&target->sessions[1]->upf, &p->a->upf));
	assert_int_equal(target->sessions[1]->flows, source->sessions[1]->flows);
	assert_int_equal(target->sessions[1]->first_flow->five_qi, 9);
	assert_int_equal(target->sessions[1]->dl_count, 77);
	assert_true(guami_equal(&target->guami, &source->guami));
	assert_non_null(source->sessions[1]->forward);
	forget(p);
	arrive(p);
	r = bed_amf_gets(p->b, NGAP_MSG_PATH_SWITCH_REQUEST).u.path_switch_request;
	assert_int_equal(r->source_amf_ue_ngap_id, AMF_UE_ID);
	assert_int_equal(r->pdu_session_resource_to_be_switched_dl_list.count, 1);
	amf_switches(p, AMF_UE_ID + 1);
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_UE_CONTEXT_RELEASE);
	assert_int_equal(gnb_numbers(p->a->gnb).ues, 0);
	assert_int_equal(bed_stat(p->a, GNB_STAT_HO_EXE_SUCC), 1);
	assert_int_equal(target->amf_ue_ngap_id, AMF_UE_ID + 1);
	assert_true(target->has_nh);
	assert_int_equal(target->nh_ncc, 2);
	assert_int_equal(p->a->gnb->handovers.used + p->b->gnb->handovers.used, 0);
	assert_int_equal(p->a->gnb->forwards.used, 1); /* until the End Marker */
	assert_null(bed_next(p->a, GNB_PORT_N2));
}

/* 33.501 6.6.1: the policy goes with the session; the AMF hears it, and what the SMF has in its place counts.
 */
static void test_protection_policy(void **state)
{
	struct pair *p = *state;
	const struct gnb_protection open = { .wanted = true,
		.integrity = NGAP_INTEGRITY_PROTECTION_INDICATION_PREFERRED,
		.ciphering = NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_PREFERRED,
		.slow_dl = true };
	struct ngap_security_indication must = { NGAP_INTEGRITY_PROTECTION_INDICATION_REQUIRED,
		NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_PREFERRED };
	const struct ngap_path_switch_request *r;
	struct ngap_path_switch_request_transfer t;
	const struct ngap_security_indication *told;
	struct gnb_protection *there;
	struct per_diag diag;

	served(p);
	ue_of(p->a)->sessions[1]->protection = open;
	assert_null(begin(p));
	carry(p);
	there = &ue_of(p->b)->sessions[1]->protection;
	assert_true(there->wanted);
	assert_int_equal(there->integrity, open.integrity);
	assert_int_equal(there->ciphering, open.ciphering);
	assert_true(there->slow_dl && !there->slow_ul);
	arrive(p);
	r = bed_amf_gets(p->b, NGAP_MSG_PATH_SWITCH_REQUEST).u.path_switch_request;
	assert_true(ngap_value_decode(&ngap_path_switch_request_transfer_type,
		r->pdu_session_resource_to_be_switched_dl_list.items[0].path_switch_request_transfer,
		&p->b->arena, &t, &diag));
	assert_non_null(t.user_plane_security_information);
	told = &t.user_plane_security_information->security_indication;
	assert_int_equal(told->integrity_protection_indication, open.integrity);
	assert_int_equal(told->confidentiality_protection_indication, open.ciphering);
	assert_int_equal(told->maximum_integrity_protected_data_rate_ul,
		NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_MAXIMUM_UE_RATE);
	assert_int_equal(told->ie_extensions->maximum_integrity_protected_data_rate_dl,
		NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_BITRATE64KBS);
	assert_int_equal(t.user_plane_security_information->security_result.integrity_protection_result,
		NGAP_INTEGRITY_PROTECTION_RESULT_NOT_PERFORMED);
	/* over messages nothing is protected: what the SMF requires ends */
	amf_corrects(p, AMF_UE_ID, &must);
	bed_amf_gets(p->b, NGAP_MSG_PDU_SESSION_RESOURCE_NOTIFY);
	assert_null(ue_of(p->b)->sessions[1]);
}

/* The source says that protection is required: a target that cannot refuses the session, and so the UE. */
static void test_protection_required(void **state)
{
	struct pair *p = *state;

	served(p);
	ue_of(p->a)->sessions[1]->protection = (struct gnb_protection){ .wanted = true,
		.integrity = NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED,
		.ciphering = NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED };
	assert_null(begin(p));
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_HANDOVER_PREPARATION_FAILURE);
	assert_int_equal(gnb_numbers(p->b->gnb).ues, 0);
}

/* SN STATUS TRANSFER comes when all is over: nothing, and no error. */
static void test_late_status(void **state)
{
	struct pair *p = *state;
	const struct msg *m;
	struct msg late = { 0 };
	uint8_t octets[256];

	served(p);
	assert_null(begin(p));
	carry(p);
	p->a->t.seen = NULL;
	while ((m = bed_next(p->a, GNB_PORT_XN)) != NULL) {
		late = *m;
		assert_true(bytes_copy(
			octets, sizeof(octets), bytes_of(m->data.data, m->data.len < 256 ? m->data.len : 0)));
	}
	late.port = GNB_PORT_XN_SERVER;
	late.assoc = XN_ASSOC;
	late.data = bytes_of(octets, late.data.len);
	arrive(p);
	amf_switches(p, AMF_UE_ID);
	forget(p);
	bed_deliver(p->b, &late);
	assert_null(bed_next(p->b, GNB_PORT_XN_SERVER));
}

/* The path cannot be switched: the UE is lost here, and the source has it released. */
static void test_path_switch_refused(void **state)
{
	struct pair *p = *state;
	struct ngap_path_switch_request_unsuccessful_transfer t = {
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED)
	};
	struct ngap_pdu_session_resource_released_item_ps_fail item = { .pdu_session_id = 1 };
	struct ngap_path_switch_request_failure m = { .amf_ue_ngap_id = AMF_UE_ID,
		.pdu_session_resource_released_list_ps_fail = { 1, &item } };

	served(p);
	assert_null(begin(p));
	carry(p);
	forget(p);
	arrive(p);
	m.ran_ue_ngap_id = ue_of(p->b)->ran_ue_ngap_id;
	item.path_switch_request_unsuccessful_transfer =
		ngap_value_bytes(&ngap_path_switch_request_unsuccessful_transfer_type, &t, &p->b->arena);
	bed_amf_sends(p->b, NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE, &m);
	assert_int_equal(gnb_numbers(p->b->gnb).ues, 0);
	forget(p);
	bed_pass(p->a, GNB_RELOCATION_MS);
	assert_int_equal(bed_amf_gets(p->a, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST)
				 .u.ue_context_release_request->cause.u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_TXNRELOCOVERALL_EXPIRY);
}

/* No AMF answers: the UE is lost as well. */
static void test_path_switch_unanswered(void **state)
{
	struct pair *p = *state;

	served(p);
	assert_null(begin(p));
	carry(p);
	arrive(p);
	bed_forget(p->b);
	bed_pass(p->b, GNB_PREPARATION_MS);
	bed_amf_gets(p->b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST); /* it may have switched */
	assert_int_equal(p->b->gnb->handovers.used, 0);
	assert_false(ue_of(p->b)->radio.on_air);
	assert_int_equal(bed_stat(p->b, GNB_STAT_PATH_SWITCH_FAILURES), 1);
}

/* The association to the AMF breaks: who is here stays, and an AMF that comes back hears of the path. */
static void test_amf_lost(void **state)
{
	struct pair *p = *state;
	struct msg down = { .kind = MSG_DOWN, .port = GNB_PORT_N2, .assoc = ASSOC };

	served(p);
	p->lose = p->messages + 2; /* the acknowledgement: the source is preparing */
	assert_null(begin(p));
	carry(p);
	bed_deliver(p->a, &down);
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_HANDOVER_CANCEL);
	assert_true(ue_of(p->a)->radio.on_air);
	assert_null(ue_of(p->a)->handover);
	teardown(state);
	setup(state);
	p = *state;
	served(p);
	assert_null(begin(p));
	carry(p);
	bed_deliver(p->a, &down);
	bed_deliver(p->b, &down);
	assert_non_null(ue_of(p->a)->handover); /* until TXnRELOCoverall */
	arrive(p);
	assert_true(ue_of(p->b)->radio.on_air);
	bed_pass(p->b, GNB_PREPARATION_MS);
	assert_true(ue_of(p->b)->releasing); /* and is told so */
	bed_pass(p->a, GNB_RELOCATION_MS);
	assert_true(ue_of(p->a)->releasing);
}

/* What the target cannot do, with the UE still at the source. */
static void test_refused(void **state)
{
	struct pair *p = *state;

	served(p);
	p->b->gnb->amfs[0].guami_count = 0;
	assert_null(begin(p));
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_HANDOVER_PREPARATION_FAILURE);
	assert_null(ue_of(p->a)->handover);
	assert_true(ue_of(p->a)->radio.on_air);
	assert_int_equal(gnb_numbers(p->b->gnb).ues, 0);
	p->b->gnb->amfs[0].guami_count = 1;
	p->b->gnb->places[0].ncgi.nci++;
	assert_null(begin(p));
	carry(p);
	assert_int_equal(
		p->a->gnb->figures.by_cause[NGAP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE][GNB_CAUSE_HO_PREP],
		1);
	p->b->gnb->places[0].ncgi.nci--;
	ue_of(p->a)->capability[1] = 0;
	assert_null(begin(p));
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_HANDOVER_PREPARATION_FAILURE);
	assert_int_equal(
		gnb_numbers(p->b->gnb).ues + p->b->gnb->sessions.used + p->b->gnb->handovers.used, 0);
	assert_int_equal(p->b->gnb->receptions.used + p->b->gnb->flows.used, 0);
}

/* Each message lost in turn: both ends come to rest, and no context is left over. */
static void test_losses(void **state)
{
	struct pair *p;

	for (uint32_t lose = 1; lose <= 4; lose++) {
		teardown(state);
		setup(state);
		p = *state;
		served(p);
		p->messages = 0;
		p->lose = lose;
		assert_null(begin(p));
		carry(p);
		if (lose != 1 && lose != 2) { /* of the request or its answer nobody is sent away */
			arrive(p);
			amf_switches(p, AMF_UE_ID);
			carry(p);
		}
		bed_pass(p->a, GNB_RELOCATION_MS);
		carry(p);
		bed_pass(p->b, GNB_RELOCATION_MS);
		carry(p);
		assert_int_equal(p->a->gnb->handovers.used + p->b->gnb->handovers.used, 0);
		if (lose <= 2)
			assert_true(ue_of(p->a)->radio.on_air);
		else
			assert_true(ue_of(p->b)->radio.on_air);
	}
}

/* TXnRELOCprep: the target is told, and expects nobody any more. */
static void test_cancel(void **state)
{
	struct pair *p = *state;

	served(p);
	p->lose = p->messages + 2; /* the acknowledgement */
	assert_null(begin(p));
	carry(p);
	assert_int_equal(gnb_numbers(p->b->gnb).ues, 1);
	bed_pass(p->a, GNB_PREPARATION_MS);
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_HANDOVER_CANCEL);
	assert_int_equal(gnb_numbers(p->b->gnb).ues + p->b->gnb->handovers.used, 0);
	assert_null(begin(p));
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_SN_STATUS_TRANSFER);
}

/* The Xn interface breaks while the handover is prepared: it fails at once. */
static void test_broken(void **state)
{
	struct pair *p = *state;
	struct msg down = { .kind = MSG_DOWN, .port = GNB_PORT_XN, .assoc = XN_ASSOC };

	served(p);
	assert_null(begin(p));
	bed_deliver(p->a, &down);
	assert_null(ue_of(p->a)->handover);
	assert_string_equal(begin(p), "there is no Xn to that gNB");
}

static void xn_receives(struct pair *p, const char *hex)
{
	uint8_t octets[128];
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_XN_SERVER, .assoc = XN_ASSOC };

	m.data = test_hex(hex, octets, sizeof(octets));
	bed_deliver(p->b, &m);
}

/* Sends b, as its neighbour, what body is; and what b answers. */
static struct xnap_pdu asks(struct pair *p, enum xnap_message type, const void *body)
{
	uint8_t octets[512];
	struct writer w = writer_of(octets, sizeof(octets));
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_XN_SERVER, .assoc = XN_ASSOC };
	struct xnap_pdu pdu = { 0 };
	const struct msg *answer;
	struct per_diag diag;

	assert_true(xnap_encode(type, body, &w));
	m.data = writer_bytes(&w);
	bed_deliver(p->b, &m);
	answer = bed_next(p->b, GNB_PORT_XN_SERVER);
	if (answer) {
		assert_true(xnap_decode(answer->data, &p->b->arena, &pdu, &diag));
		assert_true(is_of_a_ue(pdu.message) || answer->stream == 0);
	}
	return pdu;
}

/* 9.2.1.14: each direction by its own length of SN; ours is 18 bits, another one says nothing of our bearers.
 */
static void test_status(void **state)
{
	struct pair *p = *state;
	struct xnap_drbb_status_transfer_choice of_12 = {
		.tag = XNAP_DRBB_STATUS_TRANSFER_CHOICE_TAG_PDCP_SN_12BITS,
		.u.pdcp_sn_12bits.count_value = { 9, 9 }
	};
	struct xnap_drbb_status_transfer_choice up = {
		.tag = XNAP_DRBB_STATUS_TRANSFER_CHOICE_TAG_PDCP_SN_18BITS,
		.u.pdcp_sn_18bits.count_value = { .pdcp_sn18 = 5, .hfn_pdcp_sn18 = 1 }
	};
	struct xnap_drbb_status_transfer_choice down = up;
	struct xnap_drbs_subject_to_status_transfer_item items[] = { { 29, up, up, NULL },
		{ 4, of_12, of_12, NULL } };
	struct xnap_sn_status_transfer m = { .drbs_subject_to_status_transfer_list = { 2, items } };
	struct gnb_session *s;

	served(p);
	assert_null(begin(p));
	carry(p);
	forget(p);
	s = ue_of(p->b)->sessions[1];
	items[1].drb_id = s->drb;
	assert_true(gnb_session_of_drb(ue_of(p->b), items[1].drb_id) == s);
	m.source_ng_ran_node_ue_xnap_id = ue_of(p->b)->handover->peer_id;
	m.target_ng_ran_node_ue_xnap_id = ue_of(p->b)->ran_ue_ngap_id;
	s->ul_count = 3;
	s->dl_count = 4;
	asks(p, XNAP_MSG_SN_STATUS_TRANSFER, &m);
	assert_int_equal(s->ul_count, 3);
	assert_int_equal(s->dl_count, 4);
	items[1].pdcp_status_transfer_ul = up;
	asks(p, XNAP_MSG_SN_STATUS_TRANSFER, &m);
	assert_int_equal(s->ul_count, (1 << 18) + 5);
	assert_int_equal(s->dl_count, 4);
	down.u.pdcp_sn_18bits.count_value =
		(struct xnap_count_pdcp_sn18){ .pdcp_sn18 = 6, .hfn_pdcp_sn18 = 2 };
	items[1].pdcp_status_transfer_ul = of_12;
	items[1].pdcp_status_transfer_dl = down;
	asks(p, XNAP_MSG_SN_STATUS_TRANSFER, &m);
	assert_int_equal(s->ul_count, (1 << 18) + 5);
	assert_int_equal(s->dl_count, (2 << 18) + 6);
}

/* A gNB that ends closes what is set up, and nothing else. */
static void test_close(void **state)
{
	struct pair *p = *state;
	const struct msg *m;

	gnb_close(p->b->gnb);
	assert_null(bed_next(p->b, GNB_PORT_XN_SERVER));
	joined(p);
	gnb_close(p->a->gnb);
	m = bed_next(p->a, GNB_PORT_XN);
	assert_non_null(m);
	assert_int_equal(m->kind, MSG_DOWN);
	assert_int_equal(m->assoc, XN_ASSOC);
	assert_null(bed_next(p->a, GNB_PORT_XN));
}

/* 10.3: a procedure that is not served is refused where its criticality says so; strangers are not answered.
 */
static void test_errors(void **state)
{
	struct pair *p = *state;
	const struct xnap_s_node_release_request unserved = { .cause = xnap_cause_of_misc(
								      XNAP_CAUSE_MISC_UNSPECIFIED) };
	struct xnap_handover_success success = { 0 };
	uint64_t unexpected;
	uint8_t octets[64], noise[48];
	struct writer w = writer_of(octets, sizeof(octets));
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_XN_SERVER, .assoc = XN_ASSOC };
	struct xnap_pdu pdu;
	struct per_diag diag;

	assert_true(xnap_encode(XNAP_MSG_S_NODE_RELEASE_REQUEST, &unserved, &w));
	m.data = writer_bytes(&w);
	bed_deliver(p->b, &m);
	assert_null(bed_next(p->b, GNB_PORT_XN_SERVER));
	joined(p);
	bed_deliver(p->b, &m);
	assert_true(xnap_decode(bed_next(p->b, GNB_PORT_XN_SERVER)->data, &p->b->arena, &pdu, &diag));
	assert_int_equal(pdu.message, XNAP_MSG_ERROR_INDICATION);
	assert_int_equal(
		pdu.u.error_indication->cause->u.protocol, XNAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	xn_receives(p, "0000ff");
	assert_non_null(bed_next(p->b, GNB_PORT_XN_SERVER));
	/* 10.3.4.1: a procedure whose criticality is "ignore" is, without a word */
	success.requested_target_cell_global_id.tag = XNAP_TARGET_CGI_TAG_NR;
	success.requested_target_cell_global_id.u.nr.plmn_id = ngap_plmn_of(&p->b->config.plmn, &p->b->arena);
	unexpected = bed_stat(p->b, GNB_STAT_XNAP_UNEXPECTED);
	assert_int_equal(asks(p, XNAP_MSG_HANDOVER_SUCCESS, &success).message, XNAP_MSG_NONE);
	assert_int_equal(bed_stat(p->b, GNB_STAT_XNAP_UNEXPECTED), unexpected + 1);
	for (unsigned i = 0; i < 20000; i++) {
		env_random(&p->b->t.env, noise, sizeof(noise));
		noise[0] = (uint8_t)(i % 3 << 5);
		m.data = bytes_of(noise, noise[47] % sizeof(noise));
		bed_deliver(p->b, &m);
		if (i % 100 == 0)
			bed_forget(p->b);
	}
	assert_int_equal(gnb_numbers(p->b->gnb).neighbours_ready, 1);
}

/* 8.4.4: of all, and of one named; what is prepared ends at both. */
static void test_reset(void **state)
{
	struct pair *p = *state;
	struct xnap_reset_request_partial_release_item item = { true, 77, false, 0 };
	struct xnap_reset_request m = { .reset_request_type_info.tag =
						XNAP_RESET_REQUEST_TYPE_INFO_TAG_PARTIAL_RESET,
		.cause = xnap_cause_of_misc(XNAP_CAUSE_MISC_UNSPECIFIED) };
	struct gnb_handover *h;
	struct xnap_pdu pdu;
	struct gnb_ue *ue;

	served(p);
	ue = gnb_ue_expected(p->b->gnb, &p->b->gnb->amfs[0], 0);
	h = gnb_handover_new(p->b->gnb, ue, &gnb_by_xn, true);
	h->xn = &p->b->gnb->xns[0];
	h->has_peer_id = true;
	h->peer_id = 5;
	m.reset_request_type_info.u.partial_reset.ue_contexts_to_be_released_list =
		(struct xnap_reset_request_partial_release_list){ 1, &item };
	pdu = asks(p, XNAP_MSG_RESET_REQUEST, &m);
	assert_int_equal(
		pdu.message, XNAP_MSG_RESET_RESPONSE); /* of another one: acknowledged all the same */
	assert_int_equal(p->b->gnb->handovers.used, 1);
	item.ng_ran_node1_ue_xnap_id = 5;
	pdu = asks(p, XNAP_MSG_RESET_REQUEST, &m);
	assert_int_equal(pdu.u.reset_response->reset_response_type_info.u.partial_reset
				 .ue_contexts_admitted_to_be_released_list.items[0]
				 .ng_ran_node1_ue_xnap_id,
		5);
	assert_int_equal(p->b->gnb->handovers.used, 0);
	assert_int_equal(gnb_numbers(p->b->gnb).ues, 0);
	assert_non_null(gnb_xn_reset(p->a->gnb, "nobody"));
	assert_null(gnb_xn_reset(p->a->gnb, "far"));
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_RESET_RESPONSE);
	assert_int_equal(gnb_numbers(p->a->gnb).neighbours_ready, 1);
}

/* 8.4.6: refused while a handover is under way; else gone at both, and not opened again before it is
 * configured. */
static void test_removal(void **state)
{
	struct pair *p = *state;
	struct msg down = { .kind = MSG_DOWN, .port = GNB_PORT_XN_SERVER, .assoc = XN_ASSOC };
	struct gnb_handover *h;
	struct gnb_ue *ue;

	served(p);
	ue = gnb_ue_expected(p->b->gnb, &p->b->gnb->amfs[0], 0);
	h = gnb_handover_new(p->b->gnb, ue, &gnb_by_xn, true);
	h->xn = &p->b->gnb->xns[0];
	assert_null(gnb_xn_remove(p->a->gnb, "far"));
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_XN_REMOVAL_FAILURE);
	assert_int_equal(gnb_numbers(p->a->gnb).neighbours_ready, 1);
	gnb_ue_free(p->b->gnb, ue);
	forget(p);
	assert_null(gnb_xn_remove(p->a->gnb, "far"));
	carry_from(p, p->a, p->b);
	carry_from(p, p->b, p->a);
	assert_int_equal(p->last, XNAP_MSG_XN_REMOVAL_RESPONSE);
	assert_int_equal(gnb_numbers(p->a->gnb).neighbours_ready, 0);
	bed_deliver(p->b, &down);
	assert_int_equal(gnb_numbers(p->b->gnb).neighbours_ready, 0);
	forget(p);
	bed_pass(p->a, 120000);
	assert_null(bed_next(p->a, GNB_PORT_XN));
	gnb_take_config(p->a->gnb, &p->a->config);
	bed_pass(p->a, 1000);
	assert_non_null(bed_next(p->a, GNB_PORT_XN));
}

static struct xnap_served_cells_nr_item far_cell(struct pair *p, uint64_t nci, int64_t pci)
{
	static struct bytes plmn;
	static struct xnap_nr_frequency_band_item band = { .nr_frequency_band = 78 };
	static const uint8_t tac[3] = { 0, 0, 9 }, timing[1] = { 0 };
	struct xnap_served_cells_nr_item item = { 0 };
	struct xnap_served_cell_information_nr *c = &item.served_cell_info_nr;

	plmn = ngap_plmn_of(&p->b->config.plmn, &p->b->arena);
	c->nr_pci = pci;
	c->cell_id = (struct xnap_nr_cgi){ plmn, nci };
	c->tac = BYTES(tac);
	c->broadcast_plmn = (struct xnap_broadcast_plmns){ 1, &plmn };
	c->nr_mode_info.tag = XNAP_NR_MODE_INFO_TAG_TDD;
	c->nr_mode_info.u.tdd.nr_frequency_info.nr_arfcn = 1;
	c->nr_mode_info.u.tdd.nr_frequency_info.frequency_band_list =
		(struct xnap_nr_frequency_band_list){ 1, &band };
	c->measurement_timing_configuration = BYTES(timing);
	return item;
}

static enum xnap_message update(struct pair *p, struct xnap_served_cells_to_update_nr *cells)
{
	const struct xnap_ngran_node_configuration_update
		m = { .configuration_update_initiating_node_choice = {
			      .tag = XNAP_CONFIGURATION_UPDATE_INITIATING_NODE_CHOICE_TAG_GNB,
			      .u.gnb.served_cells_to_update_nr = cells } };

	return asks(p, XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE, &m).message;
}

/* 8.4.2: a cell more, another PCI, a cell less; of another gNB's cells, and without any left, nothing is
 * taken. */
static void test_configuration_update(void **state)
{
	struct pair *p = *state;
	const struct gnb_neighbour *n = &p->b->gnb->config.neighbours[0];
	uint64_t first = gnb_neighbour_nci(n, 0);
	struct xnap_served_cells_nr_item item;
	struct xnap_served_cells_nr add = { 1, &item };
	struct xnap_served_cells_to_modify_nr_item change = { 0 };
	struct xnap_served_cells_to_modify_nr modify = { 1, &change };
	struct xnap_nr_cgi gone = { .nr_ci = first };
	struct xnap_served_cells_to_update_nr_served_cells_to_delete_nr delete = { 1, &gone };

	joined(p);
	item = far_cell(p, first + 1, 33);
	assert_int_equal(
		update(p, &(struct xnap_served_cells_to_update_nr){ .served_cells_to_add_nr = &add }),
		XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_ACKNOWLEDGE);
	assert_int_equal(n->cell_count, 2);
	assert_int_equal(n->cells[1].pci, 33);
	assert_int_equal(n->cells[1].tac, 9);
	change.old_nr_cgi = item.served_cell_info_nr.cell_id;
	item = far_cell(p, first + 1, 34);
	change.served_cell_info_nr = item.served_cell_info_nr;
	assert_int_equal(
		update(p, &(struct xnap_served_cells_to_update_nr){ .served_cells_to_modify_nr = &modify }),
		XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_ACKNOWLEDGE);
	assert_int_equal(n->cells[1].pci, 34);
	gone.plmn_id = item.served_cell_info_nr.cell_id.plmn_id;
	assert_int_equal(
		update(p, &(struct xnap_served_cells_to_update_nr){ .served_cells_to_delete_nr = &delete }),
		XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_ACKNOWLEDGE);
	assert_int_equal(n->cell_count, 1);
	assert_true(gnb_neighbour_nci(n, 0) == first + 1);
	gone.nr_ci = first + 1;
	assert_int_equal(
		update(p, &(struct xnap_served_cells_to_update_nr){ .served_cells_to_delete_nr = &delete }),
		XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_FAILURE);
	item = far_cell(p, first + (UINT64_C(5) << 14), 1);
	assert_int_equal(
		update(p, &(struct xnap_served_cells_to_update_nr){ .served_cells_to_add_nr = &add }),
		XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_FAILURE);
	assert_int_equal(n->cell_count, 1);
}

static int64_t retrieve(struct pair *p, uint16_t c_rnti, uint64_t nci, uint16_t mac)
{
	struct xnap_retrieve_ue_context_request m = { .new_ng_ran_node_ue_xnap_id = 9, .mac_i = mac };
	struct xnap_pdu pdu;

	m.ue_context_id.tag = XNAP_UE_CONTEXT_ID_TAG_RRRC_REESTABLISHMENT;
	m.ue_context_id.u.rrrc_reestablishment.c_rnti = c_rnti;
	m.ue_context_id.u.rrrc_reestablishment.failure_cell_pci.tag = XNAP_NG_RAN_CELL_PCI_TAG_NR;
	m.ue_context_id.u.rrrc_reestablishment.failure_cell_pci.u.nr = p->b->gnb->config.cells[0].pci;
	m.new_ng_ran_cell_identity.tag = XNAP_NG_RAN_CELL_IDENTITY_TAG_NR;
	m.new_ng_ran_cell_identity.u.nr = nci;
	pdu = asks(p, XNAP_MSG_RETRIEVE_UE_CONTEXT_REQUEST, &m);
	assert_int_equal(pdu.message, XNAP_MSG_RETRIEVE_UE_CONTEXT_FAILURE);
	assert_int_equal(pdu.u.retrieve_ue_context_failure->new_ng_ran_node_ue_xnap_id, 9);
	return pdu.u.retrieve_ue_context_failure->cause.u.radio_network;
}

/* 8.2.4.3: nobody; somebody who does not prove it; in a cell that nobody knows; and without session. */
static void test_retrieve(void **state)
{
	struct pair *p = *state;
	struct gnb_ue *ue;
	uint64_t nci;
	uint16_t mac, elsewhere;

	joined(p);
	nci = gnb_neighbour_nci(&p->b->gnb->config.neighbours[0], 0);
	ue = gnb_ue_expected(p->b->gnb, &p->b->gnb->amfs[0], 0);
	ue->context = true;
	p->b->gnb->contexts++;
	ue->c_rnti = 0x4321;
	ue->ia = 2;
	assert_true(uu_short_mac_i(ue->k_gnb, ue->ia, p->b->gnb->config.cells[0].pci, ue->c_rnti, nci, &mac));
	assert_true(uu_short_mac_i(
		ue->k_gnb, ue->ia, p->b->gnb->config.cells[0].pci, ue->c_rnti, 1234, &elsewhere));
	assert_int_equal(
		retrieve(p, 0x4322, nci, mac), XNAP_CAUSE_RADIO_NETWORK_LAYER_UE_CONTEXT_ID_NOT_KNOWN);
	assert_int_equal(retrieve(p, 0x4321, nci, (uint16_t)(mac + 1)),
		XNAP_CAUSE_RADIO_NETWORK_LAYER_UE_CONTEXT_ID_NOT_KNOWN);
	assert_int_equal(
		retrieve(p, 0x4321, 1234, elsewhere), XNAP_CAUSE_RADIO_NETWORK_LAYER_CELL_NOT_AVAILABLE);
	/* it has no session */
	assert_int_equal(
		retrieve(p, 0x4321, nci, mac), XNAP_CAUSE_RADIO_NETWORK_LAYER_NON_RELOCATION_OF_CONTEXT);
	assert_true(ue->context);
	assert_int_equal(bed_stat(p->b, GNB_STAT_CONTEXTS_NOT_GIVEN), 4);
}

/* 8.2.6: nothing is forwarded of a context that was not given. */
static void test_u_address(void **state)
{
	struct pair *p = *state;
	struct xnap_xn_u_address_infoper_pdu_session_item item = { .pdu_session_id = 5 };
	const struct xnap_xn_u_address_indication m = { .new_ng_ran_node_ue_xnap_id = 9,
		.old_ng_ran_node_ue_xnap_id = 77,
		.xn_u_address_infoper_pdu_session_list = { 1, &item } };
	const struct xnap_error_indication *e;
	struct xnap_pdu pdu;

	joined(p);
	pdu = asks(p, XNAP_MSG_XN_U_ADDRESS_INDICATION, &m);
	assert_int_equal(pdu.message, XNAP_MSG_ERROR_INDICATION);
	e = pdu.u.error_indication;
	assert_int_equal(e->cause->u.radio_network,
		XNAP_CAUSE_RADIO_NETWORK_LAYER_UNKNOWN_LOCAL_NG_RAN_NODE_UE_XNAP_ID);
	assert_int_equal(e->old_ng_ran_node_ue_xnap_id, 77);
	assert_int_equal(e->new_ng_ran_node_ue_xnap_id, 9);
}

/* The next packet that b sends by N3 goes there, and has that octet. */
static void forwarded(struct bed *b, uint32_t teid, uint8_t octet)
{
	const struct msg *m = bed_next(b, GNB_PORT_N3);
	struct gtpu_header h = { 0 };
	struct bytes payload = BYTES_NONE;

	assert_non_null(m);
	assert_int_equal(gtpu_header_decode(m->data, &h, &payload), GTPU_OK);
	assert_int_equal(h.type, GTPU_G_PDU);
	assert_int_equal(h.teid, teid);
	assert_true(h.has_pdu_session);
	assert_int_equal(h.pdu_session.qfi, 1);
	assert_int_equal(payload.data[1], octet);
}

/* RRCReestablishmentRequest at b, of the UE that a serves. */
static void comes(struct pair *p, uint16_t c_rnti, bool proved)
{
	const struct gnb_ue *ue = ue_of(p->a);
	struct uu_rrc_msg m = { .type = UU_RRC_REESTABLISHMENT_REQUEST, .c_rnti = c_rnti, .pci = 10 };

	assert_true(uu_short_mac_i(
		ue->k_gnb, ue->ia, 10, ue->c_rnti, p->b->gnb->places[0].ncgi.nci, &m.short_mac));
	m.short_mac = (uint16_t)(m.short_mac + !proved);
	bed_ue_sends(p->b, m);
}

/* 38.300 9.2.3.3, 38.423 8.2.4.2, 8.2.6: context, counts and data go after the UE; what came meanwhile first.
 */
static void test_context_given(void **state)
{
	struct pair *p = *state;
	struct gnb_ue *old, *new;
	struct uu_rrc_msg m;
	uint8_t key[32];
	uint32_t teid;

	served(p);
	old = ue_of(p->a);
	old->sessions[1]->dl_count = 77;
	assert_true(kdf_k_ngran_star(old->k_gnb, 20, UU_SSB_ARFCN, key));
	comes(p, old->c_rnti, true);
	comes(p, old->c_rnti, true); /* it repeats itself */
	assert_int_equal(gnb_numbers(p->b->gnb).ues, 1);
	carry_from(p, p->b, p->a);
	assert_false(old->radio.on_air);
	bed_forget(p->b);
	bed_upf_sends(p->a, GTPU_G_PDU, old->sessions[1]->dl_teid, 1);
	assert_int_equal(bed_stat(p->a, GNB_STAT_HELD), 1);
	carry_from(p, p->a, p->b);
	assert_int_equal(p->last, XNAP_MSG_SN_STATUS_TRANSFER);
	new = ue_of(p->b);
	assert_memory_equal(new->k_gnb, key, 32);
	assert_true(new->context &&new->radio.on_air);
	assert_int_equal(new->ea, old->ea);
	assert_int_equal(new->ia, old->ia);
	assert_int_equal(new->sessions[1]->dl_count, 77);
	assert_int_equal(new->sessions[1]->drb, old->sessions[1]->drb);
	assert_true(new->masked_imeisv == BED_MASKED_IMEISV);
	teid = gnb_reception_teid(new->sessions[1]);
	p->b->t.seen = NULL; /* carry_from() has looked further */
	m = bed_ue_gets(p->b, UU_RRC_REESTABLISHMENT);
	assert_int_equal(m.ncc, 0);
	p->b->t.seen = NULL;
	assert_int_equal(
		bed_amf_gets(p->b, NGAP_MSG_PATH_SWITCH_REQUEST).u.path_switch_request->source_amf_ue_ngap_id,
		AMF_UE_ID);
	p->b->t.seen = NULL;
	carry_from(p, p->b, p->a);
	assert_int_equal(p->last, XNAP_MSG_XN_U_ADDRESS_INDICATION);
	p->a->t.seen = NULL;
	forwarded(p->a, teid, 1);
	forget(p);
	bed_upf_sends(p->a, GTPU_G_PDU, old->sessions[1]->dl_teid, 2);
	forwarded(p->a, teid, 2);
	amf_switches(p, AMF_UE_ID);
	carry(p);
	assert_int_equal(p->last, XNAP_MSG_UE_CONTEXT_RELEASE);
	assert_int_equal(gnb_numbers(p->a->gnb).ues, 0);
	assert_int_equal(bed_stat(p->a, GNB_STAT_HO_EXE_SUCC), 0); /* it was no handover */
	assert_int_equal(bed_stat(p->a, GNB_STAT_CONTEXTS_GIVEN), 1);
	assert_int_equal(bed_stat(p->b, GNB_STAT_CONTEXTS_RETRIEVED), 1);
	assert_int_equal(bed_stat(p->b, GNB_STAT_REESTABLISHED), 1);
	assert_int_equal(p->a->gnb->handovers.used + p->b->gnb->handovers.used, 0);
}

/* 8.2.4.3, and no answer: the UE is sent away at once, and what it had stays. */
static void test_context_not_given(void **state)
{
	struct pair *p = *state;
	struct uu_pdu pdu;

	served(p);
	for (int i = 0; i < 4; i++) {
		struct gnb_ue *old = ue_of(p->a);
		uint8_t order = old->ia;

		if (i == 2)
			p->lose = p->messages + 1; /* the request */
		if (i == 3)                        /* this gNB would not have these algorithms */
			p->b->gnb->config.integrity_count = 0;
		comes(p, (uint16_t)(old->c_rnti + (i == 1)), i != 0);
		carry(p);
		if (i == 2)
			bed_pass(p->b, GNB_RETRIEVAL_MS);
		assert_int_equal(old->ia, order);
		assert_int_equal(gnb_numbers(p->b->gnb).ues + p->b->gnb->handovers.used, 0);
		assert_int_equal(bed_stat(p->b, GNB_STAT_REESTABLISHMENT_REFUSED), i + 1);
		p->b->t.seen = NULL;
		assert_true(uu_decode(bed_next(p->b, GNB_PORT_AIR)->data, &pdu));
		assert_int_equal(pdu.bearer, UU_LINK);
		assert_int_equal(old->radio.on_air, i != 3);
		forget(p);
	}
	/* it was given in vain: the AMF is asked to release it */
	bed_pass(p->a, GNB_RELOCATION_MS);
	bed_amf_gets(p->a, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
}

static struct xnap_global_ng_ran_cell_id cell_of(struct pair *p, uint64_t nci)
{
	struct xnap_global_ng_ran_cell_id cell = { .plmn_id =
							   ngap_plmn_of(&p->b->config.plmn, &p->b->arena) };

	cell.ng_ran_cell_id.tag = XNAP_NG_RAN_CELL_IDENTITY_TAG_NR;
	cell.ng_ran_cell_id.u.nr = nci;
	return cell;
}

/* 8.4.8, 8.4.10: reports are taken; what there is not is refused in its own words. */
static void test_reports(void **state)
{
	struct pair *p = *state;
	struct xnap_resource_status_request r = { .ngran_node1_measurement_id = 7,
		.has_report_characteristics = true,
		.report_characteristics = 1 };
	struct xnap_handover_report h = { .handover_report_type = XNAP_HANDOVER_REPORT_TYPE_HO_TOO_EARLY,
		.handover_cause = xnap_cause_of_misc(XNAP_CAUSE_MISC_UNSPECIFIED) };
	struct xnap_pdu pdu;

	joined(p);
	pdu = asks(p, XNAP_MSG_RESOURCE_STATUS_REQUEST, &r);
	assert_int_equal(pdu.message, XNAP_MSG_RESOURCE_STATUS_FAILURE);
	assert_int_equal(pdu.u.resource_status_failure->ngran_node1_measurement_id, 7);
	r.report_characteristics = 0;
	pdu = asks(p, XNAP_MSG_RESOURCE_STATUS_REQUEST, &r);
	assert_int_equal(pdu.u.resource_status_failure->cause.u.radio_network,
		XNAP_CAUSE_RADIO_NETWORK_LAYER_REPORT_CHARACTERISTICS_EMPTY);
	r.registration_request = XNAP_REGISTRATION_REQUEST_STOP;
	r.has_ngran_node2_measurement_id = true;
	r.ngran_node2_measurement_id = 3;
	pdu = asks(p, XNAP_MSG_RESOURCE_STATUS_REQUEST, &r);
	assert_int_equal(pdu.u.resource_status_failure->cause.u.radio_network,
		XNAP_CAUSE_RADIO_NETWORK_LAYER_UNKNOWN_NG_RAN_NODE2_MEASUREMENT_ID);
	h.source_cell_cgi = h.target_cell_cgi = cell_of(p, 1);
	assert_int_equal(asks(p, XNAP_MSG_HANDOVER_REPORT, &h).message, XNAP_MSG_NONE);
	assert_int_equal(bed_stat(p->b, GNB_STAT_HANDOVERS_REPORTED), 1);
}

/* 8.4.7: a UE of ours has come to the neighbour after a failure here. */
static void test_failure_indication(void **state)
{
	struct pair *p = *state;
	struct xnap_failure_indication m = { 0 };
	struct xnap_initiating_condition_failure_indication *why = &m.initiating_condition_failure_indication;
	struct xnap_rrc_reestab_initiated_reporting *how =
		&why->u.rrc_reestab.rrrc_reestab_initiated_reporting;
	struct xnap_rrc_reestab_initiated_reporting_wo_ue_rlf_report *r =
		&how->u.rrc_reestab_reporting_wo_ue_rlf_report;

	joined(p);
	why->tag = XNAP_INITIATING_CONDITION_FAILURE_INDICATION_TAG_RRC_REESTAB;
	how->tag = XNAP_RRC_REESTAB_INITIATED_REPORTING_TAG_RRC_REESTAB_REPORTING_WO_UE_RLF_REPORT;
	r->failure_cell_pci.tag = XNAP_NG_RAN_CELL_PCI_TAG_NR;
	r->reestab_cell_cgi = cell_of(p, 1);
	assert_int_equal(asks(p, XNAP_MSG_FAILURE_INDICATION, &m).message, XNAP_MSG_NONE);
	assert_int_equal(bed_stat(p->b, GNB_STAT_FAILURES_INDICATED), 1);
	assert_int_equal(bed_stat(p->b, GNB_STAT_XNAP_UNEXPECTED), 0);
}

/* 8.4.9.3: refused with the cells that it was about. */
static void test_mobility_settings_change(void **state)
{
	struct pair *p = *state;
	struct xnap_mobility_parameters_information proposed = { .handover_trigger_change = 3 };
	struct xnap_mobility_change_request m = { .ng_ran_node2_proposed_mobility_parameters = &proposed,
		.cause = xnap_cause_of_misc(XNAP_CAUSE_MISC_UNSPECIFIED) };
	const struct xnap_mobility_change_failure *f;
	struct xnap_pdu pdu;

	joined(p);
	m.ng_ran_node1_cell_id = cell_of(p, 1);
	m.ng_ran_node2_cell_id = cell_of(p, 2);
	pdu = asks(p, XNAP_MSG_MOBILITY_CHANGE_REQUEST, &m);
	assert_int_equal(pdu.message, XNAP_MSG_MOBILITY_CHANGE_FAILURE);
	f = pdu.u.mobility_change_failure;
	assert_int_equal(f->ng_ran_node1_cell_id.ng_ran_cell_id.u.nr, 1);
	assert_int_equal(f->ng_ran_node2_cell_id.ng_ran_cell_id.u.nr, 2);
	assert_int_equal(f->cause.tag, XNAP_CAUSE_TAG_RADIO_NETWORK);
	assert_int_equal(f->cause.u.radio_network, XNAP_CAUSE_RADIO_NETWORK_LAYER_VALUE_OUT_OF_ALLOWED_RANGE);
}

/* 8.4.3.3: no cell sleeps, so none can be woken; the answer names the activation and the interface instance.
 */
static void test_cell_activation(void **state)
{
	struct pair *p = *state;
	struct xnap_nr_cgi cell = { .nr_ci = 1 };
	struct xnap_cell_activation_request m = { .activation_id_for_cell_activation = 200,
		.has_interface_instance_indication = true,
		.interface_instance_indication = 4 };
	const struct xnap_cell_activation_failure *f;
	struct xnap_pdu pdu;

	joined(p);
	cell.plmn_id = ngap_plmn_of(&p->b->config.plmn, &p->b->arena);
	m.served_cells_to_activate.tag = XNAP_SERVED_CELLS_TO_ACTIVATE_TAG_NR_CELLS;
	m.served_cells_to_activate.u.nr_cells = (struct xnap_served_cells_to_activate_nr_cells){ 1, &cell };
	pdu = asks(p, XNAP_MSG_CELL_ACTIVATION_REQUEST, &m);
	assert_int_equal(pdu.message, XNAP_MSG_CELL_ACTIVATION_FAILURE);
	f = pdu.u.cell_activation_failure;
	assert_int_equal(f->activation_id_for_cell_activation, 200);
	assert_true(f->has_interface_instance_indication && f->interface_instance_indication == 4);
	assert_int_equal(f->cause.u.radio_network, XNAP_CAUSE_RADIO_NETWORK_LAYER_CELL_NOT_AVAILABLE);
}

/* The AMF forbids a TAC of the UE's PLMN. */
static void amf_forbids(struct pair *p, uint8_t tac)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };
	uint8_t octets[3] = { 0, 0, tac };
	struct bytes tacs = BYTES(octets), plmn = ngap_plmn_of(&p->a->config.plmn, &p->a->arena);
	struct ngap_forbidden_area_information_item item = { plmn, { 1, &tacs } };
	struct ngap_forbidden_area_information areas = { 1, &item };
	struct ngap_mobility_restriction_list list = { .serving_plmn = plmn,
		.forbidden_area_information = &areas };
	struct ngap_downlink_nas_transport d = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = p->a->ran_ue_ngap_id,
		.nas_pdu = BYTES(nas),
		.mobility_restriction_list = &list };

	bed_amf_sends(p->a, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	forget(p);
}

/* 23.501 5.3.4.1.1: the source does not hand over to where the UE may not be; the target knows it as well
 * (38.423 8.2.1.2). */
static void test_restrictions(void **state)
{
	struct pair *p = *state;
	const struct tai there = { p->a->config.plmn, 2 }, third = { p->a->config.plmn, 3 };
	struct xnap_ue_context_info_ho_request foreign = { 0 };
	struct gnb_ue *ue;

	served(p);
	amf_forbids(p, 2);
	assert_true(gnb_restrictions_forbid(p->a->gnb, ue_of(p->a), &there));
	assert_string_equal(begin(p), "the UE's mobility restrictions forbid that area");
	p->a->gnb->config.unrestricted_arp = 8; /* as if it were of an emergency */
	assert_false(gnb_restrictions_forbid(p->a->gnb, ue_of(p->a), &there));
	p->a->gnb->config.unrestricted_arp = 1;
	assert_true(gnb_restrictions_forbid(p->a->gnb, ue_of(p->a), &there));
	amf_forbids(p, 3);
	assert_null(begin(p));
	carry(p);
	ue = ue_of(p->b);
	assert_non_null(ue);
	assert_true(gnb_restrictions_forbid(p->b->gnb, ue, &third));
	assert_false(gnb_restrictions_forbid(p->b->gnb, ue, &there));
	/* a source that knows no container gives the areas alone; one that gives nothing restricts nothing */
	assert_true(gnb_restrictions_give(p->b->gnb, ue, &foreign));
	assert_true(foreign.ie_extensions->has_five_gc_mobility_restriction_list_container);
	foreign.ie_extensions = NULL;
	assert_true(gnb_restrictions_take_xn(p->b->gnb, ue, &foreign));
	assert_true(gnb_restrictions_forbid(p->b->gnb, ue, &third));
	foreign.mrl = NULL;
	assert_true(gnb_restrictions_take_xn(p->b->gnb, ue, &foreign));
	assert_false(gnb_restrictions_forbid(p->b->gnb, ue, &third));
}

int main(int argc, char **argv)
{
	int failed;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_setup, setup, teardown),
		cmocka_unit_test_setup_teardown(test_setup_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_handover, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late_status, setup, teardown),
		cmocka_unit_test_setup_teardown(test_status, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close, setup, teardown),
		cmocka_unit_test_setup_teardown(test_protection_policy, setup, teardown),
		cmocka_unit_test_setup_teardown(test_protection_required, setup, teardown),
		cmocka_unit_test_setup_teardown(test_path_switch_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_path_switch_unanswered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_amf_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_losses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cancel, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_removal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_configuration_update, setup, teardown),
		cmocka_unit_test_setup_teardown(test_retrieve, setup, teardown),
		cmocka_unit_test_setup_teardown(test_u_address, setup, teardown),
		cmocka_unit_test_setup_teardown(test_context_given, setup, teardown),
		cmocka_unit_test_setup_teardown(test_context_not_given, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failure_indication, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mobility_settings_change, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cell_activation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_restrictions, setup, teardown),
	};

	if (argc > 1)
		capture = fopen(argv[1], "w");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	if (capture)
		fclose(capture);
	return failed;
}
