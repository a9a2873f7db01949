/*
 * E1AP, F1-U and N3, whole: CU-CP, CU-UP and DU. The vertical line first; then what each may refuse, each
 * message lost, repeated, damaged, the interface broken and the CU-UP restarted at each.
 */
#include "tests/e1_line_internal.h"
#include "tests/upper_pdu.h"

static struct e1_line l;

/* What passes, for Wireshark: for e1_line_dissected_test.py. NULL: nobody wants it. */
static FILE *capture;

static void tapped(struct e1_line *of, enum e1_kind kind, struct bytes octets)
{
	if (capture)
		upper_pdu_write(capture, of->env.now_ns, kind <= E1_DOWN ? "e1ap" : "gtp", octets);
}

static void begin(void)
{
	e1_line_begin(&l, 1);
	l.tap = tapped;
	e1_line_set_up(&l);
	assert_true(cuup_node_is_up(l.nodes[0]) && cucp_e1_is_up(l.e1ap, 0));
}

static void end(void)
{
	e1_line_release(&l);
	e1_line_run(&l, 100);
	assert_true(e1_line_is_down(&l));
	e1_line_end(&l);
}

static void connect_up(void)
{
	assert_true(e1_line_connect(&l));
	e1_line_run(&l, 50);
	assert_true(l.drbs[1].there && l.cp.attached[1] && cuup_node_contexts(l.nodes[0]) == 1);
}

/* Packets both ways: each arrives, once and in order. */
static void data_passes(uint8_t drb, uint32_t packets)
{
	struct e1_drb *d = &l.drbs[drb];
	uint8_t psi = drb == 1 ? E1_PSI : E1_PSI_UM;
	uint32_t got = d->got, up = l.upf_got[psi];

	e1_line_down(&l, psi, packets);
	e1_line_up(&l, drb, packets);
	e1_line_run(&l, 200);
	assert_int_equal(d->got - got, packets);
	assert_int_equal(l.upf_got[psi] - up, packets);
}

static void test_vertical(void **state)
{
	begin();
	assert_true(e1_line_is_down(&l));
	connect_up();
	data_passes(1, 50);
	e1_line_add(&l);
	e1_line_run(&l, 50);
	assert_true(l.drbs[2].there && l.cp.attached[2] && l.cp.refused == 0);
	data_passes(2, 50);
	data_passes(1, 50);
	e1_line_rekey(&l);
	e1_line_run(&l, 50);
	data_passes(1, 50);
	data_passes(2, 50);
	data_passes(2, 50);
	e1_line_remove(&l);
	e1_line_run(&l, 50);
	assert_false(l.drbs[2].there);
	for (int i = 0; i < 90; i++) /* more than PDCP keeps of what is not delivered */
		data_passes(1, 50);
	assert_true(l.cp.lost == 0 && l.cp.failed == 0 && cuup_node_stats(l.nodes[0]).e1ap_faults == 0 &&
		    cucp_e1ap_stats(l.e1ap).faults == 0 && cuup_node_stats(l.nodes[0]).dl_dropped == 0 &&
		    cuup_node_stats(l.nodes[0]).unknown_ue == 0 && du_f1u_stats(l.f1u).lost == 0);
	end();
}

/* 38.425 5.4.2: the DU never has more than it wants, and what waits comes when there is room. */
static void test_window(void **state)
{
	begin();
	connect_up();
	l.air_stopped = true;
	e1_line_down(&l, E1_PSI, 600);
	e1_line_run(&l, 500);
	assert_true(l.drbs[1].rlc_most <= E1_BUFFER && l.drbs[1].rlc_most > E1_BUFFER - 2 * E1_PACKET);
	assert_true(cuup_node_stats(l.nodes[0]).held > 400 && l.drbs[1].got == 0);
	l.air_stopped = false;
	e1_line_run(&l, 1000);
	assert_true(l.drbs[1].got == 600 && l.drbs[1].rlc_most <= E1_BUFFER);
	/* A UM bearer, whose DU has no word from the UE, and whose SDUs grow old in 500 ms. */
	e1_line_add(&l);
	e1_line_run(&l, 50);
	e1_line_down(&l, E1_PSI_UM, 600);
	e1_line_run(&l, 450);
	assert_true(l.drbs[2].got == 600 && l.drbs[2].rlc_most <= E1_BUFFER);
	e1_line_rekey(&l); /* its COUNTs begin again, and the window with them */
	e1_line_run(&l, 50);
	l.air_stopped = true;
	e1_line_down(&l, E1_PSI_UM, 600);
	e1_line_run(&l, 1500);
	assert_true(l.drbs[2].rlc_most <= E1_BUFFER);
	assert_int_equal(
		cuup_node_stats(l.nodes[0]).dl_dropped, 600 - (l.drbs[2].rlc_next - l.drbs[2].rlc_first));
	l.air_stopped = false;
	end();
}

/* 38.323 5.3: what grows old at PDCP goes from the DU too, and what comes later is not held up by it. */
static void test_discard(void **state)
{
	e1_line_begin(&l, 1);
	l.tap = tapped;
	l.discard_ms = 100;
	e1_line_set_up(&l);
	connect_up();
	l.air_stopped = true;
	e1_line_down(&l, E1_PSI, 60);
	e1_line_run(&l, 80);
	assert_int_equal(l.drbs[1].rlc_next - l.drbs[1].rlc_first, 60);
	e1_line_down(&l, E1_PSI, 10); /* these are younger */
	e1_line_run(&l, 60);
	assert_int_equal(du_f1u_stats(l.f1u).discarded, 60);
	l.air_stopped = false;
	e1_line_run(&l, 200);
	assert_int_equal(l.drbs[1].got, 10);
	data_passes(1, 10);
	end();
}

/* Datagrams that are lost, data and reports alike, stop nothing. */
static void test_datagrams_lost(void **state)
{
	begin();
	connect_up();
	l.datagram_lost_every = 7;
	for (int i = 0; i < 20; i++) {
		e1_line_down(&l, E1_PSI, 100);
		e1_line_run(&l, 300);
	}
	e1_line_run(&l, 2000);
	assert_true(l.drbs[1].got > 1300 && l.drbs[1].got < 1900);
	assert_true(l.lost[E1_F1U_DOWN] > 100 && l.lost[E1_F1U_UP] > 10);
	assert_in_range(du_f1u_stats(l.f1u).lost, l.lost[E1_F1U_DOWN] - 1, l.lost[E1_F1U_DOWN]);
	assert_in_range(cuup_node_stats(l.nodes[0]).f1u_lost, l.lost[E1_F1U_DOWN] / 2, l.lost[E1_F1U_DOWN]);
	l.datagram_lost_every = 0;
	data_passes(1, 100);
	end();
}

/* A DU whose last word is lost is asked; one that never says a word is not waited for. */
static void test_mute_du(void **state)
{
	begin();
	connect_up();
	l.air_stopped = true;
	e1_line_down(&l, E1_PSI, 400);
	e1_line_run(&l, 100);
	l.mute_du = true;
	l.air_stopped = false;
	e1_line_run(&l, 500);
	assert_true(l.drbs[1].got < 200);
	l.mute_du = false;
	e1_line_run(&l, 200);
	assert_int_equal(l.drbs[1].got, 400);
	end();
	begin();
	l.mute_du = true;
	connect_up();
	for (int i = 0; i < 20; i++) {
		e1_line_down(&l, E1_PSI, 300);
		e1_line_run(&l, 100);
	}
	assert_int_equal(l.drbs[1].got, 6000);
	end();
}

/* The radio link is lost, and there again. */
static void test_outage(void **state)
{
	begin();
	connect_up();
	du_f1u_outage(l.drbs[1].f1u, true);
	e1_line_run(&l, 20);
	e1_line_down(&l, E1_PSI, 20);
	e1_line_run(&l, 200);
	assert_true(l.drbs[1].got == 0 && cuup_node_stats(l.nodes[0]).held == 20);
	du_f1u_outage(l.drbs[1].f1u, false);
	e1_line_run(&l, 50);
	assert_int_equal(l.drbs[1].got, 20);
	end();
}

/* What a context goes through, whatever of it works. */
static void life(uint32_t step_ms)
{
	e1_line_set_up(&l);
	may_fail(e1_line_connect(&l)); /* the interface may not be there */
	e1_line_run(&l, step_ms);
	e1_line_down(&l, E1_PSI, 5);
	e1_line_add(&l);
	e1_line_run(&l, step_ms);
	e1_line_rekey(&l);
	e1_line_run(&l, step_ms);
	e1_line_status(&l, CUCP_E1_SUSPEND);
	e1_line_run(&l, step_ms);
	e1_line_down(&l, E1_PSI, 1);
	e1_line_run(&l, step_ms);
	e1_line_status(&l, CUCP_E1_RESUME);
	e1_line_run(&l, step_ms);
	e1_line_remove(&l);
	e1_line_run(&l, step_ms);
	e1_line_release(&l);
	e1_line_run(&l, step_ms);
}

/* Each message meets with a fault. Whatever it was, nothing is left of that life, and another is as good as
 * the first. */
static void each(enum e1_fault fault)
{
	uint32_t last, step_ms = fault == E1_LOST ? 2100 : 60; /* with the guard of an answer */

	e1_line_begin(&l, 1);
	life(60);
	last = l.sent;
	end();
	assert_true(last > 20);
	for (uint32_t at = 1; at <= last; at++) {
		e1_line_begin(&l, at + 1);
		l.fault = fault;
		l.fault_at = at;
		l.foreign = fault == E1_DAMAGED;
		life(step_ms);
		e1_line_run(&l, 2100); /* the guard of the release */
		assert_true(e1_line_is_down(&l));
		e1_line_run(&l, 5000); /* another attempt at E1 Setup */
		l.cp.keys = (struct pdcp_security){ NEA2, NIA2, { 1, 2 }, { 3, 4 } };
		connect_up();
		data_passes(1, 10);
		end();
	}
}

static void test_each_lost(void **state)
{
	each(E1_LOST);
}

static void test_each_twice(void **state)
{
	each(E1_TWICE);
}

static void test_each_damaged(void **state)
{
	each(E1_DAMAGED);
}

static void test_each_break(void **state)
{
	each(E1_BROKEN);
}

static void test_each_restart(void **state)
{
	each(E1_RESTARTED);
}

/* 8.2.4: the CU-CP begins. Then updates both ways, reset and release. */
static void test_interface(void **state)
{
	static const uint8_t name[] = "other";
	struct e1ap_gnb_cu_cp_configuration_update named = { .transaction_id = 9,
		.has_gnb_cu_cp_name = true,
		.gnb_cu_cp_name = bytes_of(name, sizeof(name) - 1) };

	e1_line_begin(&l, 1);
	l.tap = tapped;
	cucp_e1_begin(l.e1ap, 0);
	e1_line_run(&l, 20);
	assert_true(cuup_node_is_up(l.nodes[0]) && cucp_e1_is_up(l.e1ap, 0));
	connect_up();
	cucp_e1_begin(l.e1ap, 0); /* and what was is erased at both ends */
	e1_line_run(&l, 20);
	assert_true(e1_line_is_down(&l) && l.cp.lost == 1);
	l.cp.lost = 0;
	connect_up();
	cuup_node_set_capacity(l.nodes[0], 50);
	e1_line_e1ap(&l, false, E1AP_MSG_GNB_CU_CP_CONFIGURATION_UPDATE, &named); /* of another vendor's */
	e1_line_run(&l, 12000); /* each is answered, and so not repeated */
	assert_true(l.sent < 20 && cucp_e1ap_stats(l.e1ap).not_comprehended == 1);
	cucp_e1_reset(l.e1ap, 0);
	e1_line_run(&l, 20);
	assert_true(e1_line_is_down(&l) && l.cp.lost == 1);
	connect_up();
	cuup_node_reset(l.nodes[0]);
	e1_line_run(&l, 20);
	assert_true(e1_line_is_down(&l) && l.cp.lost == 2 && cuup_node_is_up(l.nodes[0]));
	connect_up();
	cucp_e1_release(l.e1ap, 0);
	e1_line_run(&l, 20);
	assert_true(e1_line_is_down(&l) && !cuup_node_is_up(l.nodes[0]) && !cucp_e1_is_up(l.e1ap, 0));
	assert_true(l.cp_released == 1 && l.up_released == 0);
	e1_line_set_up(&l);
	connect_up();
	cuup_node_release(l.nodes[0]);
	e1_line_run(&l, 20);
	assert_true(e1_line_is_down(&l) && !cucp_e1_is_up(l.e1ap, 0) && l.cp.lost == 4);
	assert_true(l.cp_released == 1 && l.up_released == 1);
	e1_line_end(&l);
}

/* 8.2.4: a CU-UP that waits to be asked is, once it had its time. Released in vain, the association ends all
 * the same. */
static void test_expected(void **state)
{
	e1_line_begin(&l, 1);
	l.tap = tapped;
	cucp_e1_expect(l.e1ap, 0);
	e1_line_run(&l, 4900);
	assert_false(cucp_e1_is_up(l.e1ap, 0));
	e1_line_run(&l, 200);
	assert_true(cuup_node_is_up(l.nodes[0]) && cucp_e1_is_up(l.e1ap, 0));
	cuup_node_free(l.nodes[0]);
	l.nodes[0] = NULL;
	cucp_e1_release(l.e1ap, 0);
	e1_line_run(&l, 4900);
	assert_int_equal(l.cp_released, 0);
	e1_line_run(&l, 200);
	assert_int_equal(l.cp_released, 1);
	e1_line_end(&l);
}

/* The gNB-CU-UP ID is one CU-UP's: who comes with it by another interface has begun anew, and contexts of the
 * old one are lost; by an update nobody takes another's. */
static void test_same_id(void **state)
{
	struct e1ap_gnb_cu_up_configuration_update m = { .transaction_id = 7, .gnb_cu_up_id = 1 };
	uint8_t octets[256];
	struct writer w = writer_of(octets, sizeof(octets));

	begin();
	e1_line_node_begin(&l, 1);
	e1_line_run(&l, 20);
	connect_up();
	assert_int_equal(cucp_e1_context_up(l.cp.context), 0);
	assert_true(e1ap_encode(E1AP_MSG_GNB_CU_UP_CONFIGURATION_UPDATE, &m, &w));
	cucp_e1ap_received(l.e1ap, 1, writer_bytes(&w));
	assert_true(cucp_e1ap_stats(l.e1ap).refused == 1 && cucp_e1_up_of(l.e1ap, 1) == 0);
	l.second_is_first = true;
	cuup_node_free(l.nodes[1]);
	l.nodes[1] = NULL;
	e1_line_node_begin(&l, 1);
	e1_line_run(&l, 20);
	assert_true(cucp_e1_up_of(l.e1ap, 1) == 1 && !cucp_e1_is_up(l.e1ap, 0));
	assert_int_equal(l.cp.lost, 1);
	e1_line_end(&l);
}

/* Of two the freer one is taken; when it goes, its UEs hear of it, and the other is there. */
static void test_choice(void **state)
{
	begin();
	e1_line_node_begin(&l, 1);
	e1_line_run(&l, 20);
	connect_up();
	assert_int_equal(cucp_e1_context_up(l.cp.context), 0);
	l.cp.context = NULL; /* somebody else's from here on */
	assert_true(e1_line_connect(&l));
	assert_int_equal(cucp_e1_context_up(l.cp.context), 1);
	e1_line_run(&l, 50);
	data_passes(1, 10);
	cucp_e1_context_release(l.cp.context);
	e1_line_run(&l, 50);
	assert_true(cuup_node_contexts(l.nodes[0]) == 1 && cuup_node_contexts(l.nodes[1]) == 0);
	cucp_e1_lost(l.e1ap, 0);
	assert_int_equal(l.cp.lost, 1);
	assert_true(e1_line_connect(&l));
	assert_int_equal(cucp_e1_context_up(l.cp.context), 1);
	cuup_node_lost(l.nodes[0]);
	e1_line_run(&l, 50);
	end();
}

/* One that has died and whose association has not: after one order in vain the next UE goes elsewhere, until
 * it says something again. */
static void test_silent(void **state)
{
	begin();
	e1_line_node_begin(&l, 1);
	e1_line_run(&l, 20);
	cuup_node_free(l.nodes[0]);
	l.nodes[0] = NULL;
	assert_true(e1_line_connect(&l));
	assert_int_equal(cucp_e1_context_up(l.cp.context), 0);
	e1_line_run(&l, 2100);
	assert_true(cucp_e1ap_stats(l.e1ap).timeouts == 1 && !l.cp.context);
	assert_true(e1_line_connect(&l));
	assert_int_equal(cucp_e1_context_up(l.cp.context), 1);
	e1_line_run(&l, 50);
	data_passes(1, 10);
	e1_line_release(&l);
	e1_line_run(&l, 50);
	e1_line_node_begin(&l, 0);
	e1_line_run(&l, 50);
	assert_true(e1_line_connect(&l));
	assert_int_equal(cucp_e1_context_up(l.cp.context), 0);
	end();
}

static void test_activity(void **state)
{
	begin();
	connect_up();
	e1_line_run(&l, 9000);
	e1_line_up(&l, 1, 1);
	e1_line_run(&l, 9500);
	assert_int_equal(l.cp.silent, 0);
	e1_line_run(&l, 1000);
	assert_true(l.cp.silent == 1 && l.cp.active == 0);
	e1_line_down(&l, E1_PSI, 1);
	e1_line_run(&l, 20);
	assert_true(l.cp.active == 1);
	/* 8.3.7: once for what comes while it sleeps; it is there when it wakes. */
	e1_line_status(&l, CUCP_E1_SUSPEND);
	e1_line_run(&l, 20);
	e1_line_down(&l, E1_PSI, 5);
	e1_line_run(&l, 100);
	assert_true(l.cp.downlink == 1 && l.drbs[1].got == 1);
	e1_line_status(&l, CUCP_E1_RESUME);
	e1_line_run(&l, 50);
	assert_int_equal(l.drbs[1].got, 6);
	end();
}

static void test_usage(void **state)
{
	e1_line_begin(&l, 1);
	l.usage_every_s = 60;
	cuup_node_free(l.nodes[0]);
	l.nodes[0] = NULL;
	l.tap = tapped;
	e1_line_set_up(&l);
	connect_up();
	data_passes(1, 10);
	e1_line_run(&l, 60000);
	assert_true(l.cp.usages == 1 && l.cp.dl == 10 * E1_PACKET && l.cp.ul > 10 * E1_PACKET);
	e1_line_run(&l, 60000); /* nothing more to say */
	assert_int_equal(l.cp.usages, 1);
	end();
}

/* 29.281 7.3.1: the other end of a tunnel has forgotten it. */
static void test_tunnels_lost(void **state)
{
	struct addr peer = addr_from_v4(E1_CUUP_N3_IP, GTPU_UDP_PORT);

	begin();
	connect_up();
	e1_line_add(&l);
	e1_line_run(&l, 50);
	gtpu_path_unknown_teid(&l.upf, &peer, E1_UPF_TEID + 77); /* of nobody */
	gtpu_path_unknown_teid(&l.upf, &peer, E1_UPF_TEID + E1_PSI_UM);
	gtpu_path_unknown_teid(&l.upf, &peer, E1_UPF_TEID + E1_PSI_UM); /* which is told once */
	e1_line_run(&l, 50);
	assert_true(l.cp.removed == 1 && !l.drbs[2].there && l.drbs[1].there);
	e1_line_down(&l, E1_PSI_UM, 1); /* and to the UPF as well */
	e1_line_run(&l, 50);
	assert_int_equal(l.upf.stats.error_indications, 1);
	data_passes(1, 10);
	/* The DU: its bearer ends without a word over F1AP. */
	du_f1u_end(l.drbs[1].f1u);
	l.drbs[1].f1u = NULL;
	e1_line_run(&l, 20);
	e1_line_rekey(&l);
	e1_line_run(&l, 50);
	assert_int_equal(cuup_node_contexts(l.nodes[0]), 1);
	end();
}

/* The CU-UP forgets; the DU hears of it by what it sends. */
static void test_cuup_forgets(void **state)
{
	begin();
	connect_up();
	cuup_node_lost(l.nodes[0]);
	e1_line_up(&l, 1, 3);
	e1_line_run(&l, 50);
	assert_true(l.drbs[1].gone && du_f1u_stats(l.f1u).gone == 3);
	e1_line_release(&l);
	e1_line_run(&l, 5000);
	e1_line_set_up(&l);
	connect_up();
	data_passes(1, 5);
	end();
}

/* What is required and cannot be is refused, what is preferred is said. */
static void test_protection(void **state)
{
	begin();
	l.cp.integrity = E1AP_INTEGRITY_PROTECTION_INDICATION_PREFERRED;
	connect_up();
	data_passes(1, 5);
	end();
	begin();
	l.cp.keys.ia = NIA0;
	assert_true(e1_line_connect(&l));
	e1_line_run(&l, 50);
	assert_true(l.cp.failed == 1 && e1_line_is_down(&l));
	assert_true(
		l.cp.cause.tag == E1AP_CAUSE_TAG_RADIO_NETWORK &&
		l.cp.cause.u.radio_network == E1AP_CAUSE_RADIO_NETWORK_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE);
	end();
}

/* What of an order is refused is told, and the rest goes on: a slice that the CU-UP has not, a session that
 * is there. */
static void test_part_refused(void **state)
{
	begin();
	connect_up();
	l.slice.sst = 9;
	e1_line_add(&l);
	e1_line_run(&l, 20);
	assert_true(l.cp.refused == 1 && !l.drbs[2].there && l.cp.answered == 3);
	l.slice.sst = 1;
	e1_line_add(&l);
	e1_line_run(&l, 20);
	assert_true(l.cp.refused == 1 && l.drbs[2].there);
	e1_line_add(&l);
	e1_line_run(&l, 20);
	assert_int_equal(l.cp.refused, 2);
	data_passes(1, 5);
	data_passes(2, 5);
	end();
}

/* A CU-UP of another network. */
static void test_elsewhere(void **state)
{
	e1_line_begin(&l, 1);
	l.tap = tapped;
	l.elsewhere = true;
	cuup_node_free(l.nodes[0]);
	l.nodes[0] = NULL;
	e1_line_set_up(&l);
	e1_line_run(&l, 59000);
	assert_true(!cuup_node_is_up(l.nodes[0]) && cuup_node_stats(l.nodes[0]).setup_failures == 1);
	e1_line_run(&l, 2000); /* the time to wait is over */
	assert_int_equal(cuup_node_stats(l.nodes[0]).setup_failures, 2);
	assert_false(e1_line_connect(&l));
	cucp_e1_begin(l.e1ap, 0); /* the other way round: it is of no use, and let go */
	e1_line_run(&l, 20);
	assert_true(!cuup_node_is_up(l.nodes[0]) && !cucp_e1_is_up(l.e1ap, 0));
	e1_line_end(&l);
}

/* A DRB that another node had before: its numbers go on, and are told; before they begin again the context is
 * to end (33.501 6.9.4.1). */
static void test_numbers(void **state)
{
	const struct cucp_e1_drb_answer *d = &l.cp.last.drbs[0];
	uint32_t sent;

	e1_line_begin(&l, 1);
	l.tap = tapped;
	l.numbers = (struct cucp_e1_numbers){ 1, 0xfff00000u - 20, 0x12345 };
	e1_line_set_up(&l);
	connect_up();
	data_passes(1, 10);
	e1_line_ask_numbers(&l);
	e1_line_run(&l, 20);
	assert_true(d->drb == 1 && d->has_numbers);
	assert_int_equal(e1ap_count_read(&d->numbers.pdcp_status_transfer_dl, 18), 0xfff00000u - 10);
	assert_int_equal(e1ap_count_read(&d->numbers.pdcp_status_transfer_ul.count_value, 18), 0x12345 + 10);
	data_passes(1, 10);
	assert_int_equal(l.cp.lost, 0);
	sent = l.sent;
	e1_line_down(&l, E1_PSI, 5);
	e1_line_run(&l, 20);
	assert_int_equal(l.sent - sent, 3); /* one request, one command, and that it is done */
	assert_true(l.cp.lost == 1 && l.cp.cause.tag == E1AP_CAUSE_TAG_RADIO_NETWORK &&
		    l.cp.cause.u.radio_network == E1AP_CAUSE_RADIO_NETWORK_PPDCP_COUNT_WRAP_AROUND);
	end();
}

/* There is no room for more; and room again when one has gone. */
static void test_full(void **state)
{
	struct e1ap_bearer_context_release_command gone = { .gnb_cu_cp_ue_e1ap_id = 1 << 20,
		.gnb_cu_up_ue_e1ap_id = 1 << 20,
		.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_NORMAL_RELEASE) };
	struct cucp_e1_context *first;

	begin();
	assert_true(e1_line_connect(&l));
	first = l.cp.context;
	for (int i = 1; i < 8; i++) {
		l.cp.context = NULL;
		assert_true(e1_line_connect(&l));
	}
	e1_line_run(&l, 50);
	assert_true(cuup_node_contexts(l.nodes[0]) == 8 && cuup_node_is_overloaded(l.nodes[0]));
	l.cp.context = NULL;
	assert_true(!e1_line_connect(&l) && cucp_e1ap_stats(l.e1ap).no_cuup == 1); /* 8.2.8 */
	e1_line_e1ap(&l, false, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMMAND, &gone);   /* not the CU-CP's */
	e1_line_run(&l, 50);
	assert_int_equal(cuup_node_contexts(l.nodes[0]), 7);
	cucp_e1_context_release(first);
	e1_line_run(&l, 50);
	assert_int_equal(cucp_e1_contexts(l.e1ap), 7);
	assert_true(cuup_node_is_overloaded(l.nodes[0]));
	cuup_node_reset(l.nodes[0]);
	e1_line_run(&l, 50);
	assert_false(cuup_node_is_overloaded(l.nodes[0]));
	l.cp.context = NULL;
	assert_true(e1_line_connect(&l));
	e1_line_run(&l, 50);
	cucp_e1_reset(l.e1ap, 0);
	l.cp.context = NULL;
	e1_line_run(&l, 50);
	end();
}

/* Released before the CU-UP has answered: as soon as it has. */
static void test_hasty(void **state)
{
	begin();
	assert_true(e1_line_connect(&l));
	e1_line_release(&l);
	e1_line_run(&l, 20);
	assert_true(e1_line_is_down(&l) && cucp_e1ap_stats(l.e1ap).timeouts == 0 && l.cp.answered == 0);
	end();
}

/* 8.2.2: either end has no such context. */
static void test_error_indication(void **state)
{
	struct e1ap_cause cause =
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID);
	struct e1ap_error_indication m = { .has_gnb_cu_cp_ue_e1ap_id = true,
		.gnb_cu_cp_ue_e1ap_id = 1 << 20,
		.has_gnb_cu_up_ue_e1ap_id = true,
		.gnb_cu_up_ue_e1ap_id = 1 << 20,
		.cause = &cause };

	begin();
	connect_up();
	e1_line_e1ap(&l, false, E1AP_MSG_ERROR_INDICATION, &m);
	e1_line_run(&l, 20);
	assert_true(cuup_node_contexts(l.nodes[0]) == 0 && cucp_e1_contexts(l.e1ap) == 1);
	e1_line_e1ap(&l, true, E1AP_MSG_ERROR_INDICATION, &m);
	e1_line_run(&l, 20);
	assert_true(e1_line_is_down(&l) && l.cp.lost == 1);
	end();
}

/* Who has the place of another is not taken for it, at either end. */
static void test_generations(void **state)
{
	struct e1ap_bearer_context_inactivity_notification quiet = { .gnb_cu_cp_ue_e1ap_id = 1 << 20,
		.gnb_cu_up_ue_e1ap_id = 2 << 20,
		.activity_information = { .tag = E1AP_ACTIVITY_INFORMATION_TAG_UE_ACTIVITY,
			.u.ue_activity = E1AP_UE_ACTIVITY_NOT_ACTIVE } };
	struct e1ap_bearer_context_release_command gone = { .gnb_cu_cp_ue_e1ap_id = 1 << 20,
		.gnb_cu_up_ue_e1ap_id = 2 << 20,
		.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_NORMAL_RELEASE) };

	begin();
	connect_up();
	e1_line_release(&l);
	e1_line_run(&l, 20);
	connect_up();
	e1_line_e1ap(&l, false, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMMAND, &gone);
	e1_line_run(&l, 20);
	assert_int_equal(cuup_node_contexts(l.nodes[0]), 1);
	e1_line_e1ap(&l, true, E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION, &quiet);
	e1_line_run(&l, 20);
	assert_int_equal(l.cp.silent, 0);
	quiet.gnb_cu_cp_ue_e1ap_id = 2 << 20;
	e1_line_e1ap(&l, true, E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION, &quiet);
	e1_line_run(&l, 20);
	assert_int_equal(l.cp.silent, 1);
	end();
}

/* Reports that are older than others, or of what was never sent, change nothing. */
static void test_odd_reports(void **state)
{
	static const uint32_t sns[] = { 3, 1000, 0x3ffff };
	uint8_t container[NR_UP_OCTETS_MAX], datagram[GTPU_HEADER_MAX];

	begin();
	connect_up();
	data_passes(1, 10);
	for (size_t i = 0; i < ARRAY_LEN(sns); i++) {
		struct nr_up_pdu frame = { .type = NR_UP_DL_DATA_DELIVERY_STATUS,
			.status = { .desired_buffer_octets = E1_BUFFER, .delivered = { true, sns[i] } } };
		struct gtpu_header h = { .type = GTPU_G_PDU, .teid = l.cp.first_ul.teid };
		struct writer w = writer_of(container, sizeof(container));

		assert_true(nr_up_encode(&frame, &w));
		h.nr_ran_container = writer_bytes(&w);
		e1_line_datagram(&l, E1_F1U_UP, bytes_of(datagram, gtpu_header_encode(&h, 0, datagram)));
		e1_line_run(&l, 20);
		data_passes(1, 10);
	}
	end();
}

/* Names that are nobody's, octets that are no message, and hosts that have no business here. */
static void test_strangers(void **state)
{
	static const uint8_t rubbish[] = { 0x99, 1, 2, 3 };
	struct addr stranger = addr_from_v4(0x0a0000ee, GTPU_UDP_PORT);
	struct e1ap_bearer_context_modification_request mod = { .gnb_cu_cp_ue_e1ap_id = 1,
		.gnb_cu_up_ue_e1ap_id = 2 };
	struct e1ap_bearer_context_inactivity_notification quiet = { .gnb_cu_cp_ue_e1ap_id = 1,
		.gnb_cu_up_ue_e1ap_id = 2,
		.activity_information = { .tag = E1AP_ACTIVITY_INFORMATION_TAG_UE_ACTIVITY } };
	struct gtpu_header h = { .type = GTPU_G_PDU };
	uint8_t datagram[32] = { 0 };

	begin();
	connect_up();
	e1_line_e1ap(&l, false, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUEST, &mod);
	e1_line_e1ap(&l, true, E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION, &quiet);
	cuup_node_e1ap_received(l.nodes[0], BYTES(rubbish));
	cucp_e1ap_received(l.e1ap, 0, BYTES(rubbish));
	cucp_e1ap_received(l.e1ap, 1, BYTES(rubbish));
	e1_line_run(&l, 50);
	assert_true(
		cuup_node_stats(l.nodes[0]).unknown_ue >= 1 && cuup_node_stats(l.nodes[0]).e1ap_faults == 1);
	assert_true(cucp_e1ap_stats(l.e1ap).unknown_ue >= 1 && cucp_e1ap_stats(l.e1ap).faults == 2);
	h.teid = l.cp.n3_dl[E1_PSI];
	cuup_node_n3_received(
		l.nodes[0], &stranger, bytes_of(datagram, gtpu_header_encode(&h, 4, datagram) + 4));
	h.teid = du_f1u_teid(l.drbs[1].f1u);
	du_f1u_received(l.f1u, &stranger, bytes_of(datagram, gtpu_header_encode(&h, 4, datagram) + 4));
	assert_true(cuup_node_stats(l.nodes[0]).foreign == 1 && du_f1u_stats(l.f1u).foreign == 1);
	data_passes(1, 5);
	end();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest captured[] = { cmocka_unit_test(test_vertical), cmocka_unit_test(test_window),
		cmocka_unit_test(test_discard), cmocka_unit_test(test_interface),
		cmocka_unit_test(test_activity), cmocka_unit_test(test_usage),
		cmocka_unit_test(test_tunnels_lost), cmocka_unit_test(test_protection),
		cmocka_unit_test(test_full), cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_part_refused), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_strangers), cmocka_unit_test(test_cuup_forgets),
		cmocka_unit_test(test_outage) };
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_vertical), cmocka_unit_test(test_window),
		cmocka_unit_test(test_discard), cmocka_unit_test(test_datagrams_lost),
		cmocka_unit_test(test_outage), cmocka_unit_test(test_mute_du), cmocka_unit_test(test_hasty),
		cmocka_unit_test(test_error_indication), cmocka_unit_test(test_interface),
		cmocka_unit_test(test_expected), cmocka_unit_test(test_same_id),
		cmocka_unit_test(test_choice), cmocka_unit_test(test_silent), cmocka_unit_test(test_activity),
		cmocka_unit_test(test_usage), cmocka_unit_test(test_tunnels_lost),
		cmocka_unit_test(test_cuup_forgets), cmocka_unit_test(test_protection),
		cmocka_unit_test(test_full), cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_part_refused), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_strangers), cmocka_unit_test(test_generations),
		cmocka_unit_test(test_odd_reports), cmocka_unit_test(test_each_lost),
		cmocka_unit_test(test_each_twice), cmocka_unit_test(test_each_damaged),
		cmocka_unit_test(test_each_break), cmocka_unit_test(test_each_restart) };
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
