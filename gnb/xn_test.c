/* Xn between two gNBs of ours, their messages carried by the test; AMF and UE are octets. */
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

static uint16_t other_port(uint16_t port)
{
	return port == GNB_PORT_XN ? GNB_PORT_XN_SERVER : GNB_PORT_XN;
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

static void amf_switches(struct pair *p, uint64_t amf_ue_ngap_id)
{
	struct bed *b = p->b;
	uint8_t nh[32], sst = 1;
	struct ngap_allowed_nssai_item slice = { .s_nssai.sst = bytes_of(&sst, 1) };
	struct ngap_path_switch_request_acknowledge_transfer t = { 0 };
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

/* No AMF answers: the same. */
static void test_path_switch_unanswered(void **state)
{
	struct pair *p = *state;

	served(p);
	assert_null(begin(p));
	carry(p);
	arrive(p);
	bed_pass(p->b, GNB_PREPARATION_MS);
	assert_int_equal(gnb_numbers(p->b->gnb).ues + p->b->gnb->handovers.used, 0);
	assert_int_equal(bed_stat(p->b, GNB_STAT_PATH_SWITCH_FAILURES), 1);
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
	struct pair *p = *state;

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

/* 10.3: a procedure that is not served is refused where its criticality says so; strangers are not answered.
 */
static void test_errors(void **state)
{
	struct pair *p = *state;
	struct xnap_reset_request reset = { .cause = xnap_cause_of_misc(XNAP_CAUSE_MISC_UNSPECIFIED) };
	uint8_t octets[64], noise[48];
	struct writer w = writer_of(octets, sizeof(octets));
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_XN_SERVER, .assoc = XN_ASSOC };
	struct xnap_pdu pdu;
	struct per_diag diag;

	reset.reset_request_type_info.tag = XNAP_RESET_REQUEST_TYPE_INFO_TAG_FULL_RESET;
	assert_true(xnap_encode(XNAP_MSG_RESET_REQUEST, &reset, &w));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_setup, setup, teardown),
		cmocka_unit_test_setup_teardown(test_setup_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_handover, setup, teardown),
		cmocka_unit_test_setup_teardown(test_path_switch_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_path_switch_unanswered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_losses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cancel, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
