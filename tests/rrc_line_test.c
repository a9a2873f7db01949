/*
 * RRC and F1AP, whole: a UE, its DU and the CU-CP. The vertical line first; then each refusal, each message
 * lost, late or damaged in turn, and re-establishment wherever the radio link may fail.
 */
#include "tests/rrc_line.h"

static struct line l;

static void begin(void)
{
	line_begin(&l, 1);
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
	assert_true(bytes_equal(bytes_of(l.ue.nas, l.ue.nas_len), bytes_of_str("registration accept")));
	assert_true(l.ue.drb.psi == LINE_PSI && l.ue.drb.flows == 1 << 1 && l.ue.drb.is_default &&
		    l.ue.drb.pdcp.tx_sn_bits == 18 && l.ue.drb.pdcp.tx_sdap && !l.ue.drb.pdcp.rx_sdap &&
		    l.ue.drb.pdcp.reordering_ms == 100 && l.ue.drb.pdcp.bearer == PDCP_AM_DRB);
	assert_true(l.du.reconfigured == 1);
	/* NAS both ways, by SRB2 now. */
	assert_true(ue_rrc_nas_send(l.ue.rrc, bytes_of_str("up")));
	assert_true(cucp_nas_send(g->ue, bytes_of_str("down")));
	line_run(&l, 50);
	assert_true(g->nas_count == 1 && bytes_equal(bytes_of(g->nas, g->nas_len), bytes_of_str("up")));
	assert_true(
		l.ue.nas_count == 2 && bytes_equal(bytes_of(l.ue.nas, l.ue.nas_len), bytes_of_str("down")));
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
	struct ue_rrc_establishment e = { .cause = RRC_ESTABLISHMENT_CAUSE_EMERGENCY,
		.access_category = 2,
		.nas = bytes_of_str("registration request") };

	begin();
	l.gnb.idle = true;
	assert_int_equal(ue_rrc_establish(l.ue.rrc, &e), UE_RRC_BEGUN);
	assert_int_equal(ue_rrc_establish(l.ue.rrc, &e), UE_RRC_REFUSED);
	line_run(&l, 100);
	assert_true(l.gnb.connections == 1 && !l.gnb.connection.has_s_tmsi && l.ue.connected == 1);
	assert_true(l.gnb.connection.cause == RRC_ESTABLISHMENT_CAUSE_EMERGENCY);
	/* NAS by SRB1, before there is any security. */
	assert_true(ue_rrc_nas_send(l.ue.rrc, bytes_of_str("up")) &&
		    cucp_nas_send(l.gnb.ue, bytes_of_str("down")));
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
	assert_true(cucp_bearer_set(l.gnb.ue, &b, bytes_of_str("session accept")));
	assert_false(cucp_bearer_set(l.gnb.ue, &b, BYTES_NONE)); /* it is under way */
	line_run(&l, 200);
	assert_true(line_is_up(&l) && l.gnb.bearers == 1);
	/* A change that the DU need not hear of: another flow. */
	b.flows[b.flow_count++] = (struct cucp_flow){ 2, 9, 8 };
	assert_true(cucp_bearer_set(l.gnb.ue, &b, BYTES_NONE));
	line_run(&l, 200);
	assert_true(line_is_up(&l) && l.gnb.bearers == 2 && l.ue.drb.flows == (1 << 1 | 1 << 2));
	assert_true(cucp_bearer_release(l.gnb.ue, LINE_DRB, bytes_of_str("session release")));
	line_run(&l, 200);
	assert_true(l.gnb.bearers_released == 1 && !l.ue.has_drb && !line_context(&l, l.ue.c_rnti)->drb);
	assert_true(bytes_equal(bytes_of(l.ue.nas, l.ue.nas_len), bytes_of_str("session release")));
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
	ue_rrc_in_sync(l.ue.rrc);
	line_run(&l, 1000);
	assert_true(line_is_up(&l) && ue_rrc_stats(l.ue.rrc).radio_link_failures == 0);
	assert_true(bytes_copy(before, sizeof(before), BYTES(l.gnb.k_gnb)));
	ue_rrc_out_of_sync(l.ue.rrc);
	ue_rrc_out_of_sync(l.ue.rrc);
	line_run(&l, 1001);
	assert_true(ue_rrc_stats(l.ue.rrc).radio_link_failures == 1);
	line_run(&l, 300);
	assert_true(line_is_up(&l) && l.gnb.returned == 1 && l.ue.resumed == 1 && l.ue.ended == 0);
	assert_false(bytes_equal(BYTES(before), BYTES(l.gnb.k_gnb)));
	/* It works: by SRB2, whose key is another too. And once more. */
	assert_true(ue_rrc_nas_send(l.ue.rrc, bytes_of_str("up")) &&
		    cucp_nas_send(l.gnb.ue, bytes_of_str("down")));
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
	assert_true(du_f1ap_is_up(l.du.f1ap) && l.du.activated == 2);
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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_vertical), cmocka_unit_test(test_identity),
		cmocka_unit_test(test_reject), cmocka_unit_test(test_t300),
		cmocka_unit_test(test_security_failure), cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_bearers), cmocka_unit_test(test_capability),
		cmocka_unit_test(test_paging), cmocka_unit_test(test_radio_link_failure),
		cmocka_unit_test(test_reestablishment_refused), cmocka_unit_test(test_each_lost),
		cmocka_unit_test(test_each_late), cmocka_unit_test(test_each_damaged),
		cmocka_unit_test(test_each_break), cmocka_unit_test(test_f1) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
