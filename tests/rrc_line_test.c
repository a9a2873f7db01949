/*
 * RRC and F1AP, whole: a UE, its DU and the CU-CP. The vertical line first; then each refusal, each message
 * lost, late or damaged in turn, and re-establishment wherever the radio link may fail.
 */
#include "gnb/cucp/internal.h"
#include "tests/rrc_line_internal.h"
#include "tests/upper_pdu.h"

static struct line l;

/* What passes, for Wireshark: for rrc_line_dissected_test.py. NULL: nobody wants it. */
static FILE *capture;

enum { PDCP_HEADER = 2, PDCP_MAC_I = 4 };

/* With NEA0 the RRC message of a PDCP PDU stands in the clear. */
static void tapped(struct line *of, enum line_kind kind, uint8_t srb, struct bytes octets)
{
	static const char *const names[LINE_KINDS] = { [LINE_CCCH_UP] = "nr-rrc.ul.ccch",
		[LINE_CCCH_DOWN] = "nr-rrc.dl.ccch",
		[LINE_SRB_UP] = "nr-rrc.ul.dcch",
		[LINE_SRB_DOWN] = "nr-rrc.dl.dcch",
		[LINE_PCCH] = "nr-rrc.pcch",
		[LINE_F1_UP] = "f1ap",
		[LINE_F1_DOWN] = "f1ap" };

	if (!capture || kind >= LINE_KINDS)
		return;
	if (kind == LINE_SRB_UP || kind == LINE_SRB_DOWN)
		octets = bytes_of(octets.data + PDCP_HEADER, octets.len - PDCP_HEADER - PDCP_MAC_I);
	upper_pdu_write(capture, of->env.now_ns, names[kind], octets);
}

static void begin(void)
{
	line_begin(&l, 1);
	if (capture) {
		l.tap = tapped;
		l.gnb.ea = NEA0;
	}
	line_set_up(&l);
}

static void connect_up(void)
{
	assert_true(line_connect(&l));
	line_run(&l, 300);
	assert_true(line_is_up(&l));
}

static void test_vertical(void **state)
{
	struct line_gnb *g = &l.gnb;

	begin();
	assert_true(line_is_down(&l));
	connect_up();
	assert_true(g->connections == 1 && g->secured == 1 && g->capabilities == 1 && g->bearers == 1);
	assert_true(g->connection.has_s_tmsi && g->connection.s_tmsi.tmsi == 0xc0ffee01 &&
		    g->connection.s_tmsi.amf_set_id == 0x155 && g->connection.s_tmsi.amf_pointer == 0x2a);
	assert_true(g->connection.cause == RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING);
	assert_true(bytes_equal(bytes_of(l.ue.nas, l.ue.nas_len), line_nas(NAS_ACCEPT)));
	assert_true(l.ue.drb.psi == LINE_PSI && l.ue.drb.flows == 1 << 1 && l.ue.drb.is_default &&
		    l.ue.drb.pdcp.tx_sn_bits == 18 && l.ue.drb.pdcp.tx_sdap && !l.ue.drb.pdcp.rx_sdap &&
		    l.ue.drb.pdcp.reordering_ms == 100 && l.ue.drb.pdcp.bearer == PDCP_AM_DRB);
	assert_true(l.du.reconfigured == 1);
	/* NAS both ways, by SRB2 now. */
	assert_int_equal(l.on_srb[2], 0);
	assert_true(ue_rrc_nas_send(l.ue.rrc, line_nas(NAS_UP)));
	assert_true(cucp_nas_send(g->ue, line_nas(NAS_DOWN)));
	line_run(&l, 50);
	assert_true(g->nas_count == 1 && bytes_equal(bytes_of(g->nas, g->nas_len), line_nas(NAS_UP)));
	assert_true(l.ue.nas_count == 2 && bytes_equal(bytes_of(l.ue.nas, l.ue.nas_len), line_nas(NAS_DOWN)));
	assert_int_equal(l.on_srb[2], 2);
	cucp_release(g->ue, 0, false);
	g->ue = NULL;
	line_run(&l, 200);
	assert_true(line_is_down(&l) && l.ue.ended == 1 && l.ue.last_ending.cause == UE_RRC_RELEASED);
	assert_true(g->lost == 0 && ue_rrc_stats(l.ue.rrc).not_comprehended == 0 &&
		    cucp_stats(l.cucp).not_comprehended == 0);
	line_end(&l);
}

/* A UE that has no 5G-S-TMSI is a random number. */
static void test_identity(void **state)
{
	struct ue_rrc_establishment e = {
		.cause = RRC_ESTABLISHMENT_CAUSE_EMERGENCY, .access_category = 2, .nas = line_nas(NAS_REQUEST)
	};

	begin();
	l.gnb.idle = true;
	assert_int_equal(ue_rrc_establish(l.ue.rrc, &e), UE_RRC_BEGUN);
	assert_int_equal(ue_rrc_establish(l.ue.rrc, &e), UE_RRC_REFUSED);
	line_run(&l, 100);
	assert_true(l.gnb.connections == 1 && !l.gnb.connection.has_s_tmsi && l.ue.connected == 1);
	assert_true(l.gnb.connection.cause == RRC_ESTABLISHMENT_CAUSE_EMERGENCY);
	/* NAS by SRB1, before there is any security. */
	assert_true(
		ue_rrc_nas_send(l.ue.rrc, line_nas(NAS_UP)) && cucp_nas_send(l.gnb.ue, line_nas(NAS_DOWN)));
	line_run(&l, 50);
	assert_true(l.gnb.nas_count == 1 && l.ue.nas_count == 1);
	cucp_release(l.gnb.ue, 5, false);
	line_run(&l, 200);
	/* Released before AS security: for another reason, and the wait counts (5.3.8.3). */
	assert_true(
		line_is_down(&l) && l.ue.last_ending.cause == UE_RRC_OTHER && l.ue.last_ending.wait_s == 5);
	assert_false(line_connect(&l));                                 /* T302: category 3 */
	assert_int_equal(ue_rrc_establish(l.ue.rrc, &e), UE_RRC_BEGUN); /* emergency is not put off */
	line_end(&l);
}

static void test_reject(void **state)
{
	begin();
	l.gnb.refuses_setup = true;
	l.gnb.wait_s = 3;
	assert_true(line_connect(&l));
	line_run(&l, 100);
	assert_true(line_is_down(&l) && l.ue.last_ending.cause == UE_RRC_REJECTED &&
		    l.ue.last_ending.wait_s == 3);
	assert_false(line_connect(&l));
	line_run(&l, 3000);
	assert_int_equal(l.ue.alleviated, 62); /* all but 0 and 2 */
	l.gnb.refuses_setup = false;
	connect_up();
	line_end(&l);
	/* A DU that cannot serve the UE (38.473 8.4.1.2), a CU that refuses it later. */
	begin();
	l.du.refuses_ue = true;
	assert_true(line_connect(&l));
	line_run(&l, 100);
	assert_true(line_is_down(&l) && l.ue.last_ending.cause == UE_RRC_REJECTED);
	l.du.refuses_ue = false;
	l.gnb.refuses_connection = true;
	assert_true(line_connect(&l));
	line_run(&l, 100);
	assert_true(du_f1ap_ues(l.du.f1ap) == 0 && cucp_ues(l.cucp) == 0);
	line_end(&l);
}

/* Message 3 that is no RRC: the CU says nothing of it, and the DU lets go of whom nobody names. */
static void test_not_named(void **state)
{
	static const uint8_t octets[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	begin();
	line_ccch(&l, BYTES(octets));
	line_run(&l, 4900);
	assert_true(du_f1ap_ues(l.du.f1ap) == 1 && cucp_ues(l.cucp) == 0);
	line_run(&l, 200);
	assert_true(du_f1ap_ues(l.du.f1ap) == 0 && l.du.released == 1);
	assert_int_equal(cucp_stats(l.cucp).not_comprehended, 1);
	line_end(&l);
}

/* UEs that ask and never answer fill the cell, are refused beyond that, and are gone when their time is up.
 */
static void test_cell_full(void **state)
{
	struct rrc_ul_ccch_message m = { .message.tag = RRC_UL_CCCH_MESSAGE_TYPE_TAG_C1 };
	struct rrc_rrc_setup_request_ies *ies = &m.message.u.c1.u.rrc_setup_request.rrc_setup_request;
	uint8_t octets[8];
	struct writer w = writer_of(octets, sizeof(octets));

	begin();
	m.message.u.c1.tag = RRC_UL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_SETUP_REQUEST;
	ies->ue_identity.tag = RRC_INITIAL_UE_IDENTITY_TAG_RANDOM_VALUE;
	assert_true(rrc_encode(&rrc_ul_ccch_message_type, &m, &w));
	for (int i = 0; i < LINE_CONTEXTS + 4; i++)
		line_ccch(&l, writer_bytes(&w));
	assert_int_equal(du_f1ap_ues(l.du.f1ap), LINE_CONTEXTS);
	assert_int_equal(du_f1ap_stats(l.du.f1ap).refused, 4);
	line_run(&l, 100);
	assert_int_equal(cucp_ues(l.cucp), LINE_CONTEXTS);
	assert_true(line_connect(&l)); /* there is no room */
	line_run(&l, 500);
	assert_int_equal(l.ue.ended, 1);
	line_run(&l, 5000);
	assert_true(cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
	assert_int_equal(cucp_stats(l.cucp).timeouts, LINE_CONTEXTS);
	connect_up();
	line_end(&l);
}

static void test_t300(void **state)
{
	begin();
	l.fault_at = l.sent + 1;
	l.fault = LINE_LOST;
	assert_true(line_connect(&l));
	line_run(&l, 399);
	assert_int_equal(ue_rrc_state(l.ue.rrc), UE_RRC_CONNECTING);
	line_run(&l, 2);
	assert_true(line_is_down(&l) && l.ue.last_ending.cause == UE_RRC_FAILURE);
	connect_up();
	line_end(&l);
}

/* 5.3.4.3: with another key the command is not obeyed, and the gNB is told. */
static void test_security_failure(void **state)
{
	begin();
	l.ue.keyless = true;
	assert_true(line_connect(&l));
	line_run(&l, 300);
	assert_true(line_is_down(&l) && l.gnb.unsecured == 1 && l.gnb.secured == 0);
	assert_int_equal(ue_rrc_stats(l.ue.rrc).integrity_failures, 1);
	l.ue.keyless = false;
	connect_up();
	line_end(&l);
	/* Null integrity is only for a UE that has it in the NAS too. */
	begin();
	l.gnb.ia = NIA0;
	assert_true(line_connect(&l));
	line_run(&l, 300);
	assert_true(line_is_down(&l) && l.gnb.unsecured == 1);
	l.ue.unproved = true;
	connect_up();
	line_end(&l);
}

/* What the UE says right after SecurityModeComplete is ciphered, and comes before it. */
static void test_security_order(void **state)
{
	begin();
	l.fault = LINE_LATE;
	assert_true(line_connect(&l));
	while (!ue_rrc_is_secured(l.ue.rrc)) {
		l.fault_at = l.sent + 1; /* whatever comes next, until it is the answer */
		line_run(&l, 1);
	}
	assert_int_equal(l.fault_kind, LINE_SRB_UP);
	l.fault_at = 0;
	assert_true(ue_rrc_nas_send(l.ue.rrc, line_nas(NAS_UP)));
	line_run(&l, 30);
	assert_true(l.gnb.secured == 0 && l.gnb.nas_count == 0);
	line_run(&l, 400);
	assert_true(line_is_up(&l) && l.gnb.nas_count == 1);
	assert_true(bytes_equal(bytes_of(l.gnb.nas, l.gnb.nas_len), line_nas(NAS_UP)));
	assert_int_equal(cucp_stats(l.cucp).not_comprehended + cucp_stats(l.cucp).integrity_failures, 0);
	line_end(&l);
}

static void test_algorithms(void **state)
{
	for (uint8_t ea = 0; ea < NEA_ALG_COUNT; ea++) {
		for (uint8_t ia = 1; ia < NIA_ALG_COUNT; ia++) {
			begin();
			l.gnb.ea = (enum nea_alg)ea;
			l.gnb.ia = (enum nia_alg)ia;
			connect_up();
			line_end(&l);
		}
	}
}

static void test_bearers(void **state)
{
	begin();
	l.du.refuses_drb = true; /* the UE stays, without a bearer */
	assert_true(line_connect(&l));
	line_run(&l, 300);
	assert_true(l.gnb.bearers_refused == 1 && !l.ue.has_drb && ue_rrc_is_secured(l.ue.rrc));
	l.du.refuses_drb = false; /* and gets one later, by a modification */
	assert_true(cucp_bearer_set(l.gnb.ue, &(struct cucp_bearer){ 0 }, BYTES_NONE) == false);
	struct cucp_bearer b = line_bearer(LINE_DRB);
	assert_true(cucp_bearer_set(l.gnb.ue, &b, line_nas(NAS_SESSION)));
	assert_false(cucp_bearer_set(l.gnb.ue, &b, BYTES_NONE)); /* it is under way */
	line_run(&l, 200);
	assert_true(line_is_up(&l) && l.gnb.bearers == 1);
	/* A change that the DU need not hear of: another flow. */
	b.flows[b.flow_count++] = (struct cucp_flow){ 2, 9, 8 };
	assert_true(cucp_bearer_set(l.gnb.ue, &b, BYTES_NONE));
	line_run(&l, 200);
	assert_true(line_is_up(&l) && l.gnb.bearers == 2 && l.ue.drb.flows == (1 << 1 | 1 << 2));
	assert_true(cucp_bearer_release(l.gnb.ue, LINE_DRB, line_nas(NAS_SESSION_RELEASE)));
	line_run(&l, 200);
	assert_true(l.gnb.bearers_released == 1 && !l.ue.has_drb && !line_context(&l, l.ue.c_rnti)->drb);
	assert_true(bytes_equal(bytes_of(l.ue.nas, l.ue.nas_len), line_nas(NAS_SESSION_RELEASE)));
	assert_false(cucp_bearer_release(l.gnb.ue, LINE_DRB, BYTES_NONE));
	line_end(&l);
	/* The DU can do nothing for the UE: it is released. */
	begin();
	l.du.refuses_all = true;
	assert_true(line_connect(&l));
	line_run(&l, 300);
	assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
	line_end(&l);
}

/* The DU wants its UE to be configured otherwise (38.473 8.3.5): dataInactivityTimer, which shows at the UE.
 */
static bool require(enum rrc_data_inactivity_timer seconds)
{
	struct rrc_setup_release_data_inactivity_timer timer = {
		.tag = RRC_SETUP_RELEASE_DATA_INACTIVITY_TIMER_TAG_SETUP, .u.setup = seconds
	};
	struct rrc_mac_cell_group_config mac = { .data_inactivity_timer = &timer };
	struct rrc_cell_group_config group = { .mac_cell_group_config = &mac };
	uint8_t octets[16];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(rrc_encode(&rrc_cell_group_config_type, &group, &w));
	return du_f1ap_modification_require(l.du.f1ap, l.ue.c_rnti,
		F1AP_CAUSE_RADIO_NETWORK_ACTION_DESIRABLE_FOR_RADIO_REASONS, writer_bytes(&w));
}

/* Bearers are the CU's to change: nothing of such a message is done. */
static void require_release(void)
{
	struct f1ap_drbs_required_to_be_released_item_ies item = {
		.tag = F1AP_DRBS_REQUIRED_TO_BE_RELEASED_ITEM_IES_TAG_DRBS_REQUIRED_TO_BE_RELEASED_ITEM,
		.u.drbs_required_to_be_released_item.drbid = LINE_DRB
	};
	struct f1ap_drbs_required_to_be_released_list list = { 1, &item };
	struct f1ap_ue_context_modification_required m = { .gnb_cu_ue_f1ap_id = l.gnb.ue->cu_id,
		.gnb_du_ue_f1ap_id = l.gnb.ue->du_id,
		.drbs_required_to_be_released_list = &list,
		.cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK,
			.u.radio_network = F1AP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE } };
	uint8_t octets[64];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(f1ap_encode(F1AP_MSG_UE_CONTEXT_MODIFICATION_REQUIRED, &m, &w));
	line_put(&l, LINE_F1_UP, 0, 0, writer_bytes(&w));
}

static void test_required(void **state)
{
	struct cucp_bearer b = line_bearer(LINE_DRB);

	begin();
	assert_true(line_connect(&l));
	assert_false(require(RRC_DATA_INACTIVITY_TIMER_S1)); /* the CU knows no such UE yet */
	line_run(&l, 300);
	assert_true(line_is_up(&l));
	assert_true(require(RRC_DATA_INACTIVITY_TIMER_S7));
	assert_true(require(RRC_DATA_INACTIVITY_TIMER_S10)); /* one at a time */
	line_run(&l, 100);
	assert_true(l.du.required == 1 && l.du.required_refused == 1 && l.du.reconfigured == 1);
	assert_int_equal(l.ue.group.data_inactivity_ms, 7000);
	/* Its turn comes when the UE has answered. */
	assert_true(cucp_capability_enquire(l.gnb.ue) && require(RRC_DATA_INACTIVITY_TIMER_S15));
	line_run(&l, 200);
	assert_true(l.du.required == 2 && l.ue.group.data_inactivity_ms == 15000 && l.gnb.capabilities == 2);
	/* The DU is asked for something at the same time. */
	b.flows[b.flow_count++] = (struct cucp_flow){ 2, 9, 8 };
	assert_true(cucp_bearer_set(l.gnb.ue, &b, BYTES_NONE) && require(RRC_DATA_INACTIVITY_TIMER_S20));
	line_run(&l, 200);
	assert_true(l.du.required == 2 && l.du.required_refused == 2 && l.gnb.bearers == 2);
	require_release();
	line_run(&l, 200);
	assert_true(l.du.required == 2 && l.du.required_refused == 3 && line_is_up(&l));
	assert_true(cucp_stats(l.cucp).required == 2 && cucp_stats(l.cucp).required_refused == 3);
	assert_int_equal(cucp_stats(l.cucp).not_comprehended, 0);
	line_end(&l);
}

/* Whatever of it is lost, both ends have one connection after, and the DU may ask again. */
static void test_required_lost(void **state)
{
	for (uint32_t i = 1; i <= 8; i++) {
		begin();
		connect_up();
		l.fault = i <= 4 ? LINE_LOST : LINE_BROKEN;
		l.fault_at = l.sent + (i - 1) % 4 + 1;
		l.ue.wants = l.ue.falls_back = true;
		assert_true(require(RRC_DATA_INACTIVITY_TIMER_S7));
		line_run(&l, 15000);
		l.fault_at = 0;
		assert_true(line_is_up(&l) && require(RRC_DATA_INACTIVITY_TIMER_S20));
		line_run(&l, 200);
		assert_true(line_is_up(&l) && l.ue.group.data_inactivity_ms == 20000);
		line_end(&l);
	}
}

/* 5.6.1: what the UE says is true of it, as the ASN.1 reads it. */
static void test_capability(void **state)
{
	static uint8_t memory[65536];
	struct rrc_ue_capability_rat_container_list list;
	struct rrc_ue_nr_capability k;
	struct per_diag diag;
	struct arena arena;

	begin();
	connect_up();
	arena_init(&arena, memory, sizeof(memory), sizeof(memory));
	assert_true(rrc_decode(&rrc_ue_capability_rat_container_list_type,
		bytes_of(l.gnb.capability, l.gnb.capability_len), &arena, &list, &diag));
	assert_true(list.count == 1 && list.items[0].rat_type == RRC_RAT_TYPE_NR);
	assert_true(rrc_decode(
		&rrc_ue_nr_capability_type, list.items[0].ue_capability_rat_container, &arena, &k, &diag));
	assert_true(k.rf_parameters.supported_band_list_nr.count == 2 &&
		    k.rf_parameters.supported_band_list_nr.items[1].band_nr == 78 &&
		    k.rf_parameters.supported_band_list_nr.items[1].has_pusch_256_qam);
	assert_true(k.rf_parameters.supported_band_combination_list->count == 2);
	assert_true(k.feature_sets->feature_sets_downlink_per_cc->count == 2 &&
		    k.feature_sets->feature_sets_downlink_per_cc->items[0].supported_modulation_order_dl ==
			    RRC_MODULATION_ORDER_QAM256);
	arena_fini(&arena);
	line_end(&l);
}

static void test_paging(void **state)
{
	struct s_tmsi me = { 0x155, 0x2a, 0xc0ffee01 };
	struct tai tai = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, LINE_TAC };

	begin();
	cucp_page(l.cucp, &me, &tai);
	line_run(&l, 50);
	assert_true(l.du.paged == 1 && l.ue.paged == 1);
	me.tmsi ^= 0x400; /* the same occasion, somebody else */
	cucp_page(l.cucp, &me, &tai);
	tai.tac++; /* not here */
	cucp_page(l.cucp, &me, &tai);
	line_run(&l, 50);
	assert_true(l.du.paged == 2 && l.ue.paged == 1);
	line_end(&l);
}

/* T310 runs out after N310, and does not where N311 comes in time (5.3.10). The UE comes back, with new keys.
 */
static void test_radio_link_failure(void **state)
{
	uint8_t before[KDF_KEY_LEN];

	begin();
	connect_up();
	ue_rrc_out_of_sync(l.ue.rrc);
	ue_rrc_in_sync(l.ue.rrc); /* not in a row */
	ue_rrc_out_of_sync(l.ue.rrc);
	ue_rrc_out_of_sync(l.ue.rrc);
	line_run(&l, 500);
	ue_rrc_in_sync(l.ue.rrc);
	ue_rrc_out_of_sync(l.ue.rrc);
	ue_rrc_in_sync(l.ue.rrc); /* nor these: T310 runs on */
	assert_true(ue_rrc_deadline_ns(l.ue.rrc) != NEVER);
	ue_rrc_in_sync(l.ue.rrc);
	assert_true(ue_rrc_deadline_ns(l.ue.rrc) == NEVER);
	line_run(&l, 1000);
	assert_true(line_is_up(&l) && ue_rrc_stats(l.ue.rrc).radio_link_failures == 0);
	assert_true(bytes_copy(before, sizeof(before), BYTES(l.gnb.k_gnb)));
	ue_rrc_out_of_sync(l.ue.rrc);
	ue_rrc_out_of_sync(l.ue.rrc);
	line_run(&l, 1001);
	assert_true(ue_rrc_stats(l.ue.rrc).radio_link_failures == 1);
	line_run(&l, 300);
	assert_true(line_is_up(&l) && l.gnb.returned == 1 && l.gnb.restored == 1 && l.ue.resumed == 1 &&
		    l.ue.ended == 0);
	assert_false(bytes_equal(BYTES(before), BYTES(l.gnb.k_gnb)));
	/* It works: by SRB2, whose key is another too. And once more. */
	assert_true(
		ue_rrc_nas_send(l.ue.rrc, line_nas(NAS_UP)) && cucp_nas_send(l.gnb.ue, line_nas(NAS_DOWN)));
	line_run(&l, 50);
	assert_true(l.gnb.nas_count == 1 && l.ue.nas_count == 2);
	ue_rrc_radio_problem(l.ue.rrc);
	line_run(&l, 300);
	assert_true(line_is_up(&l) && l.gnb.returned == 2);
	line_end(&l);
}

static void test_reestablishment_refused(void **state)
{
	begin();
	connect_up();
	l.ue.camps = false; /* T311 */
	ue_rrc_radio_problem(l.ue.rrc);
	line_run(&l, 1050);
	assert_true(ue_rrc_state(l.ue.rrc) == UE_RRC_IDLE && l.ue.last_ending.cause == UE_RRC_FAILURE);
	line_end(&l);
	begin(); /* 5.3.7.8: a new connection in its place */
	connect_up();
	l.gnb.refuses_return = l.ue.falls_back = true;
	ue_rrc_radio_problem(l.ue.rrc);
	line_run(&l, 400);
	assert_true(line_is_up(&l) && l.gnb.connections == 2 && cucp_stats(l.cucp).fallbacks == 1);
	assert_true(l.gnb.connection.has_s_tmsi && l.gnb.connection.s_tmsi.tmsi == 0xc0ffee01);
	line_end(&l);
	begin(); /* the NAS does not want that */
	connect_up();
	l.gnb.refuses_return = true;
	ue_rrc_radio_problem(l.ue.rrc);
	line_run(&l, 400);
	assert_true(ue_rrc_state(l.ue.rrc) == UE_RRC_IDLE && l.ue.ended == 1);
	line_end(&l);
	begin(); /* without a bearer it is not worth it */
	l.gnb.idle = true;
	assert_true(line_connect(&l));
	line_run(&l, 100);
	ue_rrc_radio_problem(l.ue.rrc);
	assert_true(ue_rrc_state(l.ue.rrc) == UE_RRC_IDLE && l.ue.last_ending.cause == UE_RRC_OTHER);
	line_end(&l);
}

/* Each message from the first on meets with a fault. Whatever it was, in the end both ends have one
 * connection, and nothing else is left anywhere. */
static void sweep(enum line_fault fault, bool failure_too)
{
	uint32_t last = UINT32_MAX, first;

	for (uint32_t i = 1; i <= last; i++) {
		begin();
		first = l.sent;
		l.ue.wants = l.ue.falls_back = true;
		l.fault = fault;
		l.fault_at = first + i;
		assert_true(line_connect(&l));
		line_run(&l, 400);
		if (failure_too) {
			ue_rrc_radio_problem(l.ue.rrc);
			line_run(&l, 400);
		}
		if (last == UINT32_MAX && l.sent < l.fault_at) /* all have had their turn */
			last = i;
		l.fault_at = 0;
		line_run(&l, 15000);
		if (!line_is_up(&l))
			fail_msg("fault %d at message %u of kind %d: ue %d, cucp %u, du %u", fault, i,
				l.fault_kind, ue_rrc_state(l.ue.rrc), cucp_ues(l.cucp),
				du_f1ap_ues(l.du.f1ap));
		l.ue.wants = false;
		cucp_release(l.gnb.ue, 0, false);
		line_run(&l, 500);
		assert_true(line_is_down(&l));
		line_end(&l);
	}
	assert_in_range(last, 10, 100);
}

static void test_each_lost(void **state)
{
	sweep(LINE_LOST, false);
	sweep(LINE_LOST, true);
}

static void test_each_late(void **state)
{
	sweep(LINE_LATE, false);
	sweep(LINE_LATE, true);
}

static void test_each_damaged(void **state)
{
	sweep(LINE_DAMAGED, false);
	sweep(LINE_DAMAGED, true);
}

static void test_each_break(void **state)
{
	sweep(LINE_BROKEN, false);
	sweep(LINE_BROKEN, true);
}

/* The interface, or an end of it, begins anew: nobody is left on either side that the other does not have. */
static void test_f1(void **state)
{
	begin();
	connect_up();
	du_f1ap_begin(l.du.f1ap); /* the DU was started again */
	line_run(&l, 50);
	assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
	assert_true(du_f1ap_is_active(l.du.f1ap, 0));
	line_end(&l);
	begin();
	connect_up();
	cucp_f1_lost(l.cucp, 0);
	du_f1ap_lost(l.du.f1ap);
	assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
	line_end(&l);
	begin(); /* the DU loses the UE */
	connect_up();
	du_f1ap_link_failed(l.du.f1ap, l.ue.c_rnti, F1AP_CAUSE_RADIO_NETWORK_RL_FAILURE_RLC);
	line_run(&l, 50);
	assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
	line_end(&l);
}

/* 38.473 8.2.3.3: refused, the DU waits as long as it is told. */
static void test_time_to_wait(void **state)
{
	begin();
	l.gnb.refuses_cells = true;
	du_f1ap_begin(l.du.f1ap);
	line_run(&l, 9900);
	assert_true(!du_f1ap_is_up(l.du.f1ap) && du_f1ap_stats(l.du.f1ap).setup_failures == 1);
	line_run(&l, 200);
	assert_int_equal(du_f1ap_stats(l.du.f1ap).setup_failures, 2);
	l.gnb.refuses_cells = false;
	line_run(&l, 9700);
	assert_false(du_f1ap_is_up(l.du.f1ap));
	line_run(&l, 300);
	assert_true(du_f1ap_is_up(l.du.f1ap) && cucp_f1_is_up(l.cucp, 0));
	line_end(&l);
}

/* 38.473 8.2.5, of another vendor's CU: cells go off the air, and on again; what cannot be is told. */
static void test_cu_configuration_update(void **state)
{
	static const uint8_t cgi_plmn[] = { 0, 0xf1, 0x10 }, address[] = { 10, 0, 0, 1 };
	const struct f1ap_nr_cgi cgi = { BYTES(cgi_plmn), line_cgi.nci };
	struct f1ap_cells_to_be_deactivated_list_item_ies off = {
		F1AP_CELLS_TO_BE_DEACTIVATED_LIST_ITEM_IES_TAG_CELLS_TO_BE_DEACTIVATED_LIST_ITEM,
		.u.cells_to_be_deactivated_list_item = { cgi }
	};
	struct f1ap_cells_to_be_activated_list_item_ies on = {
		F1AP_CELLS_TO_BE_ACTIVATED_LIST_ITEM_IES_TAG_CELLS_TO_BE_ACTIVATED_LIST_ITEM,
		.u.cells_to_be_activated_list_item = { cgi }
	};
	struct f1ap_gnb_cu_tnl_association_to_add_item_ies tnla = {
		.tag = F1AP_GNB_CU_TNL_ASSOCIATION_TO_ADD_ITEM_IES_TAG_GNB_CU_TNL_ASSOCIATION_TO_ADD_ITEM
	};
	struct f1ap_cells_to_be_deactivated_list off_list = { 1, &off };
	struct f1ap_cells_to_be_activated_list on_list = { 1, &on };
	struct f1ap_gnb_cu_tnl_association_to_add_list tnla_list = { 1, &tnla };
	struct f1ap_gnb_cu_configuration_update m = { .transaction_id = 8,
		.cells_to_be_deactivated_list = &off_list,
		.gnb_cu_tnl_association_to_add_list = &tnla_list };
	struct f1ap_cp_transport_layer_address *at =
		&tnla.u.gnb_cu_tnl_association_to_add_item.tnl_association_transport_layer_address;

	at->tag = F1AP_CP_TRANSPORT_LAYER_ADDRESS_TAG_ENDPOINT_IP_ADDRESS;
	at->u.endpoint_ip_address = (struct per_bits){ address, 8 * sizeof(address) };
	begin();
	connect_up();
	assert_true(du_f1ap_is_active(l.du.f1ap, 0));
	line_f1ap(&l, false, F1AP_MSG_GNB_CU_CONFIGURATION_UPDATE, &m);
	line_run(&l, 50);
	assert_true(du_f1ap_is_up(l.du.f1ap) && !du_f1ap_is_active(l.du.f1ap, 0) && line_is_up(&l));
	m.cells_to_be_deactivated_list = NULL;
	m.gnb_cu_tnl_association_to_add_list = NULL;
	m.cells_to_be_activated_list = &on_list;
	on.u.cells_to_be_activated_list_item.has_nrpci = true; /* of a PCI that it has not */
	on.u.cells_to_be_activated_list_item.nrpci = LINE_PCI + 1;
	line_f1ap(&l, false, F1AP_MSG_GNB_CU_CONFIGURATION_UPDATE, &m);
	line_run(&l, 50);
	assert_true(!du_f1ap_is_active(l.du.f1ap, 0) && du_f1ap_stats(l.du.f1ap).refused == 1);
	on.u.cells_to_be_activated_list_item.nrpci = LINE_PCI;
	on.u.cells_to_be_activated_list_item.nr_cgi.nr_cell_identity++; /* another's */
	line_f1ap(&l, false, F1AP_MSG_GNB_CU_CONFIGURATION_UPDATE, &m);
	line_run(&l, 50);
	assert_true(!du_f1ap_is_active(l.du.f1ap, 0) && du_f1ap_stats(l.du.f1ap).refused == 2);
	on.u.cells_to_be_activated_list_item.nr_cgi.nr_cell_identity--;
	line_f1ap(&l, false, F1AP_MSG_GNB_CU_CONFIGURATION_UPDATE, &m);
	line_run(&l, 50);
	assert_true(du_f1ap_is_active(l.du.f1ap, 0) && line_is_up(&l));
	line_end(&l);
}

/* 38.473 8.2.4: cells of a DU come, change their place and go; a UE stays in its own, and is lost with it. */
static void test_du_configuration_update(void **state)
{
	static const uint8_t cgi_plmn[] = { 0, 0xf1, 0x10 }, tac[] = { 0, 0, LINE_TAC }, timing[] = { 0, 0 };
	struct f1ap_served_plmns_item plmn = { .plmn_identity = BYTES(cgi_plmn) };
	struct f1ap_freq_band_nr_item band = { .freq_band_indicator_nr = 78 };
	struct f1ap_served_cell_information cell = { .nr_cgi = { BYTES(cgi_plmn), 77 },
		.has_five_gs_tac = true,
		.five_gs_tac = BYTES(tac),
		.served_plmns = { 1, &plmn },
		.nr_mode_info.tag = F1AP_NR_MODE_INFO_TAG_TDD,
		.nr_mode_info.u.tdd = { .nr_freq_info = { .nrarfcn = 640000,
						.freq_band_list_nr = { 1, &band } },
			.transmission_bandwidth = { F1AP_NRSCS_SCS30, F1AP_NRNRB_NRB51 } },
		.measurement_timing_configuration = BYTES(timing) };
	struct f1ap_served_cells_to_add_item_ies added = {
		F1AP_SERVED_CELLS_TO_ADD_ITEM_IES_TAG_SERVED_CELLS_TO_ADD_ITEM,
		.u.served_cells_to_add_item = { cell }
	};
	struct f1ap_served_cells_to_modify_item_ies changed = {
		F1AP_SERVED_CELLS_TO_MODIFY_ITEM_IES_TAG_SERVED_CELLS_TO_MODIFY_ITEM,
		.u.served_cells_to_modify_item = { cell.nr_cgi, cell }
	};
	struct f1ap_served_cells_to_delete_item_ies gone = {
		F1AP_SERVED_CELLS_TO_DELETE_ITEM_IES_TAG_SERVED_CELLS_TO_DELETE_ITEM,
		.u.served_cells_to_delete_item = { cell.nr_cgi }
	};
	struct f1ap_served_cells_to_add_list add = { 1, &added };
	struct f1ap_served_cells_to_modify_list modify = { 1, &changed };
	struct f1ap_served_cells_to_delete_list delete = { 1, &gone };
	struct f1ap_gnb_du_configuration_update m = { .transaction_id = 8, .served_cells_to_add_list = &add };
	const struct ncgi second = { plmn_from_ap(cgi_plmn), 77 };

	begin();
	connect_up();
	line_f1ap(&l, true, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE, &m);
	line_run(&l, 50);
	assert_true(cucp_cell_of(l.cucp, &second) && cucp_ues(l.cucp) == 1);
	m.served_cells_to_add_list = NULL;
	m.served_cells_to_modify_list = &modify; /* the UE's: it stands behind the second now */
	changed.u.served_cells_to_modify_item.old_nr_cgi.nr_cell_identity = line_cgi.nci;
	changed.u.served_cells_to_modify_item.served_cell_information.nr_cgi.nr_cell_identity = line_cgi.nci;
	line_f1ap(&l, true, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE, &m);
	m.served_cells_to_modify_list = NULL;
	m.served_cells_to_delete_list = &delete;
	line_f1ap(&l, true, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE, &m);
	line_run(&l, 50);
	assert_true(!cucp_cell_of(l.cucp, &second) && cucp_cell_of(l.cucp, &line_cgi) && line_is_up(&l));
	gone.u.served_cells_to_delete_item.old_nr_cgi.nr_cell_identity = line_cgi.nci;
	line_f1ap(&l, true, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE, &m);
	line_run(&l, 50);
	assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
	assert_int_equal(cucp_stats(l.cucp).refused, 0);
	line_end(&l);
}

/* More UEs than identities have places for: there is no CU-CP, and nothing is left of it. */
static void test_too_many_ues(void **state)
{
	static struct test_env t;
	struct cucp_config config = {
		.env = &t.env, .plmns = &line_plmn, .plmn_count = 1, .ues_max = 1u << 20, .dus_max = 1
	};
	struct cucp *c;

	test_env_init(&t, 1, false);
	assert_null(cucp_new(&config));
	config.ues_max = 8;
	c = cucp_new(&config);
	assert_non_null(c);
	cucp_free(c);
	test_env_fini(&t);
}

/* 38.473 8.2.8, from either side: no UE is left, and who asked hears that it is agreed to. */
static void test_f1_removal(void **state)
{
	struct f1ap_f1_removal_response again = { .transaction_id = 1 };

	begin();
	connect_up();
	du_f1ap_remove(l.du.f1ap);
	line_run(&l, 50);
	assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
	assert_true(!cucp_f1_is_up(l.cucp, 0) && !du_f1ap_is_up(l.du.f1ap));
	assert_true(l.du.removed == 1 && l.gnb.removed == 0);
	line_end(&l);
	begin();
	connect_up();
	cucp_f1_remove(l.cucp, 0);
	line_run(&l, 50);
	assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
	assert_true(!cucp_f1_is_up(l.cucp, 0) && !du_f1ap_is_up(l.du.f1ap));
	assert_true(l.du.removed == 0 && l.gnb.removed == 1);
	line_f1ap(&l, true, F1AP_MSG_F1_REMOVAL_RESPONSE, &again); /* it is agreed to once */
	line_run(&l, 50);
	assert_true(l.gnb.removed == 1);
	assert_int_equal(cucp_stats(l.cucp).not_comprehended, 1);
	du_f1ap_begin(l.du.f1ap);
	line_run(&l, 50);
	assert_true(cucp_f1_is_up(l.cucp, 0) && du_f1ap_is_up(l.du.f1ap));
	line_end(&l);
}

static const enum f1ap_ue_associated_logical_f1_connection_item_res_tag is_item =
	F1AP_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM_RES_TAG_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM;

enum { FIRST_ID = 1 << 20 }; /* of either end: the first place, taken once */

static void assert_nobody(uint32_t gone)
{
	line_run(&l, 50);
	assert_true(l.gnb.lost == gone && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 0);
}

/* 38.473 8.2.1, from either side, of all or of one; who has not forgotten it himself is told (10.6). */
static void test_reset(void **state)
{
	struct f1ap_ue_associated_logical_f1_connection_item_res item = { .tag = is_item,
		.u.ue_associated_logical_f1_connection_item = { true, FIRST_ID, true, FIRST_ID } };
	struct f1ap_reset m = { .transaction_id = 4,
		.cause = { .tag = F1AP_CAUSE_TAG_MISC, .u.misc = F1AP_CAUSE_MISC_UNSPECIFIED } };
	struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK,
		.u.radio_network = F1AP_CAUSE_RADIO_NETWORK_NORMAL_RELEASE };
	struct f1ap_ue_context_release_command gone = { FIRST_ID, FIRST_ID, .cause = cause };

	for (int part = 0; part < 2; part++) {
		m.reset_type.tag =
			part ? F1AP_RESET_TYPE_TAG_PART_OF_F1_INTERFACE : F1AP_RESET_TYPE_TAG_F1_INTERFACE;
		m.reset_type.u.f1_interface = F1AP_RESET_ALL_RESET_ALL;
		if (part)
			m.reset_type.u.part_of_f1_interface =
				(struct f1ap_ue_associated_logical_f1_connection_list_res){ 1, &item };
		begin();
		connect_up();
		line_f1ap(&l, true, F1AP_MSG_RESET,
			&m); /* the DU is still here: its UE goes by what it sends */
		line_run(&l, 20);
		assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && du_f1ap_ues(l.du.f1ap) == 1);
		assert_true(ue_rrc_nas_send(l.ue.rrc, line_nas(NAS_UP)));
		assert_nobody(1);
		assert_int_equal(cucp_stats(l.cucp).unknown_ue, 1);
		line_end(&l);
		begin();
		connect_up();
		line_f1ap(&l, false, F1AP_MSG_RESET, &m);
		line_run(&l, 50);
		assert_true(du_f1ap_ues(l.du.f1ap) == 0 && l.du.released == 1);
		cucp_release(l.gnb.ue, 0, false);
		assert_nobody(0);
		line_f1ap(&l, false, F1AP_MSG_UE_CONTEXT_RELEASE_COMMAND, &gone); /* is obeyed by none */
		assert_nobody(0);
		line_end(&l);
	}
}

/* A context is found on the interface that has it, and on no other (ownership is in the key). */
static void test_two_interfaces(void **state)
{
	static const uint8_t complete[] = { 0, 0, 0x28, 0, 0, 0, 0, 0 };
	struct f1ap_f1_setup_request setup = { .transaction_id = 1, .gnb_du_id = 3 };
	struct f1ap_ul_rrc_message_transfer ul = { FIRST_ID, FIRST_ID, 1, BYTES(complete) };
	struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK,
		.u.radio_network = F1AP_CAUSE_RADIO_NETWORK_RL_FAILURE_RLC };
	struct f1ap_ue_context_release_request gone = { FIRST_ID, FIRST_ID, .cause = cause };
	uint8_t octets[256];
	struct writer w = writer_of(octets, sizeof(octets));

	begin();
	connect_up();
	assert_true(f1ap_encode(F1AP_MSG_F1_SETUP_REQUEST, &setup, &w));
	cucp_f1ap_received(l.cucp, 1, writer_bytes(&w));
	w.len = 0;
	assert_true(f1ap_encode(F1AP_MSG_UL_RRC_MESSAGE_TRANSFER, &ul, &w));
	cucp_f1ap_received(l.cucp, 1, writer_bytes(&w));
	w.len = 0;
	assert_true(f1ap_encode(F1AP_MSG_UE_CONTEXT_RELEASE_REQUEST, &gone, &w));
	cucp_f1ap_received(l.cucp, 1, writer_bytes(&w));
	assert_true(cucp_stats(l.cucp).unknown_ue == 2 && l.gnb.lost == 0 && cucp_ues(l.cucp) == 1);
	line_end(&l);
}

static void warning_is(uint16_t id, uint8_t sib, struct bytes contents)
{
	assert_true(l.du.warning.sib == sib && l.du.warning.id == id && l.du.warning.serial == 0x5a0f);
	assert_true(l.ue.warning.id == id && l.ue.warning.serial == 0x5a0f &&
		    bytes_equal(bytes_of(l.ue.warning_text, l.ue.warning.contents.len), contents));
}

/* 38.473 8.5.1, 8.5.2; 38.331 5.2.2.4.7 to 5.2.2.4.9: a warning in as many segments as it needs, whatever
 * order they come in. */
static void test_warning(void **state)
{
	static uint8_t text[20000];
	struct cucp_warning w = { .id = 4370,
		.serial = 0x5a0f,
		.dcs = 0x48,
		.contents = bytes_of(text, 1246),
		.period_s = 7,
		.times = 9 };
	struct ncgi other;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7 + i / 256);
	begin();
	assert_true(cucp_warn(l.cucp, &line_cgi, &w));
	line_run(&l, 20);
	warning_is(4370, 8, w.contents);
	assert_true(l.ue.warned == 1 && l.ue.warning.dcs == 0x48 && l.du.warning.n == 5);
	assert_true(l.du.warning.period_s == 7 && l.du.warning.times == 9);
	w.id = 4353; /* of ETWS */
	w.contents = bytes_of(text, 50);
	assert_true(cucp_warn(l.cucp, &line_cgi, &w));
	line_run(&l, 20);
	warning_is(4353, 7, w.contents);
	w.primary = true;
	w.type = 0x0580;
	for (int i = 0; i < 2; i++) { /* which is heard once, however often it comes */
		assert_true(cucp_warn(l.cucp, &line_cgi, &w));
		line_run(&l, 20);
	}
	warning_is(4353, 6, BYTES_NONE);
	assert_int_equal(l.ue.warned, 3);
	cucp_warn_end(l.cucp, &line_cgi, 4353, 0x5a0f);
	cucp_warn_end(l.cucp, &line_cgi, 4354, 0x5a0f);
	line_run(&l, 20);
	assert_true(l.du.warnings_ended == 1 && cucp_stats(l.cucp).not_comprehended == 0);
	/* Too long for 64 segments, in no cell of ours, and not taken by the DU. */
	w.primary = false;
	w.contents = BYTES(text);
	assert_false(cucp_warn(l.cucp, &line_cgi, &w));
	other = line_cgi;
	other.nci++;
	w.contents = bytes_of(text, 50);
	assert_false(cucp_warn(l.cucp, &other, &w));
	l.du.refuses_all = true;
	assert_true(cucp_warn(l.cucp, &line_cgi, &w));
	line_run(&l, 20);
	assert_int_equal(cucp_stats(l.cucp).warnings_refused, 2);
	line_end(&l);
}

/* Of the DU's last PWS CANCEL RESPONSE: -1: it names no cell. */
static int broadcasts_cancelled;

static void cancelled(struct line *of, enum line_kind kind, uint8_t srb, struct bytes octets)
{
	static uint8_t memory[16384];
	const struct f1ap_cells_broadcast_cancelled_list *list;
	struct per_diag diag;
	struct arena arena;
	struct f1ap_pdu pdu;

	if (kind != LINE_F1_UP)
		return;
	arena_init(&arena, memory, sizeof(memory), sizeof(memory));
	assert_true(f1ap_decode(octets, &arena, &pdu, &diag));
	if (pdu.message == F1AP_MSG_PWS_CANCEL_RESPONSE) {
		list = pdu.u.pws_cancel_response->cells_broadcast_cancelled_list;
		assert_true(!list || list->count == 1);
		broadcasts_cancelled =
			list ? list->items[0].u.cells_broadcast_cancelled_item.number_of_broadcasts : -1;
	}
	arena_fini(&arena);
}

/* 38.473 8.5.2.2: how often each cell has broadcast what is cancelled. */
static void test_warning_cancelled(void **state)
{
	static uint8_t text[50];
	const struct cucp_warning w = { .id = 4370, .serial = 0x5a0f, .contents = BYTES(text), .times = 1 };

	begin();
	l.tap = cancelled;
	assert_true(cucp_warn(l.cucp, &line_cgi, &w));
	cucp_warn_end(l.cucp, &line_cgi, w.id, w.serial);
	line_run(&l, 20);
	assert_int_equal(broadcasts_cancelled, 3);
	cucp_warn_end(l.cucp, &line_cgi, 1, w.serial); /* no such warning */
	line_run(&l, 20);
	assert_int_equal(broadcasts_cancelled, -1);
	line_end(&l);
}

/* Segments that are missing come with the next round, and of five warnings at a time the one not heard of for
 * longest is forgotten. */
static void test_warning_in_parts(void **state)
{
	static uint8_t text[600];
	struct cucp_warning w = { .id = 4370, .serial = 0x5a0f, .contents = BYTES(text), .times = 1 };

	begin();
	for (size_t missing = 0; missing < 3; missing++) {
		w.id = (uint16_t)(4370 + missing);
		l.du.swallows = missing;
		assert_true(cucp_warn(l.cucp, &line_cgi, &w));
		line_run(&l, 20);
		assert_int_equal(l.ue.warned, missing);
		l.du.swallows = (missing + 1) % 3;
		assert_true(cucp_warn(l.cucp, &line_cgi, &w));
		line_run(&l, 20);
		assert_int_equal(l.ue.warned, missing + 1);
	}
	for (int round = 0; round < 2; round++)
		for (uint16_t id = 4380; id < 4385; id++) {
			w.id = id;
			l.du.swallows = (size_t)round;
			assert_true(cucp_warn(l.cucp, &line_cgi, &w));
			line_run(&l, 20);
		}
	assert_int_equal(l.ue.warned, 3); /* each is forgotten before the rest of it comes */
	line_end(&l);
}

/* Who has not the key is not taken for somebody who was here: 5.3.7.4 with another ShortMAC-I. */
static void test_short_mac(void **state)
{
	struct rrc_ul_ccch_message m = { .message.tag = RRC_UL_CCCH_MESSAGE_TYPE_TAG_C1 };
	struct rrc_reestab_ue_identity *id =
		&m.message.u.c1.u.rrc_reestablishment_request.rrc_reestablishment_request.ue_identity;
	uint8_t octets[8];
	struct writer w = writer_of(octets, sizeof(octets));
	uint16_t c_rnti;

	begin();
	connect_up();
	c_rnti = l.ue.c_rnti;
	m.message.u.c1.tag = RRC_UL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_REESTABLISHMENT_REQUEST;
	*id = (struct rrc_reestab_ue_identity){ c_rnti, LINE_PCI, 0x1234 };
	assert_true(rrc_encode(&rrc_ul_ccch_message_type, &m, &w));
	line_ccch(&l, writer_bytes(&w));
	line_run(&l, 50);
	assert_true(cucp_stats(l.cucp).fallbacks == 1 && cucp_stats(l.cucp).reestablishments == 0);
	line_run(&l, 6000); /* and what it was given instead goes, as it says nothing */
	assert_true(line_is_up(&l) && l.ue.c_rnti == c_rnti);
	line_end(&l);
}

/* 5.3.4.2: a completion that is not protected completes nothing. */
static void test_completion_unprotected(void **state)
{
	static const uint8_t complete[] = { 0, 1, 0x2a, 0, 0, 0, 0, 0 }; /* transaction 1, MAC-I 0 */

	begin();
	l.fault = LINE_LOST; /* the command: the UE hears nothing of it */
	assert_true(line_connect(&l));
	while (l.gnb.connections == 0) {
		l.fault_at = l.sent + 2;
		line_run(&l, 1);
	}
	du_f1ap_srb_received(l.du.f1ap, l.ue.c_rnti, 1, BYTES(complete));
	line_run(&l, 30);
	assert_true(l.gnb.secured == 0 && cucp_stats(l.cucp).integrity_failures == 1);
	line_end(&l);
}

/* What is no message, or of nobody, or of another network, and a DU that is not set up. */
static void test_f1_refused(void **state)
{
	static const uint8_t cgi_plmn[] = { 0, 0xf1, 0x10 }, other[] = { 0x99, 0xf9, 0x99 },
			     timing[] = { 0, 0 };
	static const uint8_t complete[] = { 0, 0, 0x28, 0, 0, 0, 0, 0 },
			     command[] = { 0, 0, 0x20, 0, 0, 0, 0, 0, 0 };
	struct f1ap_served_plmns_item plmn = { .plmn_identity = BYTES(other) };
	struct f1ap_freq_band_nr_item band = { .freq_band_indicator_nr = 78 };
	struct f1ap_gnb_du_served_cells_item_ies cell = {
		.tag = F1AP_GNB_DU_SERVED_CELLS_ITEM_IES_TAG_GNB_DU_SERVED_CELLS_ITEM
	};
	struct f1ap_served_cell_information *info = &cell.u.gnb_du_served_cells_item.served_cell_information;
	struct f1ap_gnb_du_served_cells_list cells = { 1, &cell };
	struct f1ap_f1_setup_request m = {
		.transaction_id = 1, .gnb_du_id = 3, .gnb_du_served_cells_list = &cells
	};
	struct f1ap_ul_rrc_message_transfer ul = { 5, 6, 1, BYTES(complete) };
	struct f1ap_dl_rrc_message_transfer dl = {
		.gnb_cu_ue_f1ap_id = 5, .gnb_du_ue_f1ap_id = 6, .srbid = 1, .rrc_container = BYTES(command)
	};

	begin();
	connect_up();
	for (uint32_t i = 0; i < 3; i++) { /* of nobody, and of somebody under half of his name */
		ul.gnb_cu_ue_f1ap_id = dl.gnb_cu_ue_f1ap_id = i == 1 ? FIRST_ID : FIRST_ID * 2;
		ul.gnb_du_ue_f1ap_id = dl.gnb_du_ue_f1ap_id = i == 2 ? FIRST_ID : FIRST_ID * 2;
		line_f1ap(&l, true, F1AP_MSG_UL_RRC_MESSAGE_TRANSFER, &ul);
		line_f1ap(&l, false, F1AP_MSG_DL_RRC_MESSAGE_TRANSFER, &dl);
		line_run(&l, 50);
		assert_true(cucp_stats(l.cucp).unknown_ue == i + 1 &&
			    du_f1ap_stats(l.du.f1ap).unknown_ue >= i + 1 && line_is_up(&l));
	}
	cucp_f1ap_received(l.cucp, 0, BYTES(other));
	du_f1ap_received(l.du.f1ap, BYTES(other));
	line_run(&l, 50);
	assert_true(cucp_stats(l.cucp).f1ap_faults == 1 && du_f1ap_stats(l.du.f1ap).faults >= 1);
	assert_true(line_is_up(&l));
	info->nr_cgi = (struct f1ap_nr_cgi){ BYTES(cgi_plmn), 77 };
	info->served_plmns = (struct f1ap_served_plmns_list){ 1, &plmn };
	info->nr_mode_info.tag = F1AP_NR_MODE_INFO_TAG_TDD;
	info->nr_mode_info.u.tdd = (struct f1ap_tdd_info){ .nr_freq_info = { .nrarfcn = 640000,
								   .freq_band_list_nr = { 1, &band } },
		.transmission_bandwidth = { F1AP_NRSCS_SCS30, F1AP_NRNRB_NRB51 } };
	info->measurement_timing_configuration = BYTES(timing);
	line_f1ap(&l, true, F1AP_MSG_F1_SETUP_REQUEST, &m); /* the DU is another now, and not wanted */
	line_run(&l, 50);
	assert_true(l.gnb.lost == 1 && cucp_ues(l.cucp) == 0 && cucp_stats(l.cucp).refused == 1);
	line_f1ap(&l, true, F1AP_MSG_UL_RRC_MESSAGE_TRANSFER, &ul); /* not before F1 Setup */
	line_run(&l, 50);
	assert_int_equal(cucp_stats(l.cucp).not_comprehended, 1);
	line_end(&l);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest captured[] = { cmocka_unit_test(test_vertical),
		cmocka_unit_test(test_identity), cmocka_unit_test(test_reject),
		cmocka_unit_test(test_security_failure), cmocka_unit_test(test_bearers),
		cmocka_unit_test(test_paging), cmocka_unit_test(test_radio_link_failure),
		cmocka_unit_test(test_reestablishment_refused), cmocka_unit_test(test_f1),
		cmocka_unit_test(test_reset), cmocka_unit_test(test_f1_refused),
		cmocka_unit_test(test_too_many_ues), cmocka_unit_test(test_too_many_ues),
		cmocka_unit_test(test_f1_removal), cmocka_unit_test(test_du_configuration_update),
		cmocka_unit_test(test_cu_configuration_update), cmocka_unit_test(test_warning),
		cmocka_unit_test(test_required) };
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_vertical), cmocka_unit_test(test_identity),
		cmocka_unit_test(test_reject), cmocka_unit_test(test_t300), cmocka_unit_test(test_cell_full),
		cmocka_unit_test(test_not_named), cmocka_unit_test(test_security_failure),
		cmocka_unit_test(test_algorithms), cmocka_unit_test(test_security_order),
		cmocka_unit_test(test_bearers), cmocka_unit_test(test_capability),
		cmocka_unit_test(test_paging), cmocka_unit_test(test_radio_link_failure),
		cmocka_unit_test(test_reestablishment_refused), cmocka_unit_test(test_each_lost),
		cmocka_unit_test(test_each_late), cmocka_unit_test(test_each_damaged),
		cmocka_unit_test(test_each_break), cmocka_unit_test(test_f1), cmocka_unit_test(test_reset),
		cmocka_unit_test(test_f1_removal), cmocka_unit_test(test_time_to_wait),
		cmocka_unit_test(test_cu_configuration_update),
		cmocka_unit_test(test_du_configuration_update), cmocka_unit_test(test_f1_refused),
		cmocka_unit_test(test_two_interfaces), cmocka_unit_test(test_short_mac),
		cmocka_unit_test(test_completion_unprotected), cmocka_unit_test(test_warning),
		cmocka_unit_test(test_warning_cancelled), cmocka_unit_test(test_warning_in_parts),
		cmocka_unit_test(test_required), cmocka_unit_test(test_required_lost) };
	int failed;

	if (argc > 1) {
		capture = upper_pdu_begin(argv[1]);
		if (!capture)
			return 1;
	}
	failed = argc > 1 ? cmocka_run_group_tests(captured, NULL, NULL)
			  : cmocka_run_group_tests(tests, NULL, NULL);
	if (capture)
		fclose(capture);
	return failed;
}
