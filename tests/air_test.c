/* A cell on the air: UEs' whole lives through samples - search, RRC, F1AP, security, a DRB, release, paging.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/test.h"

#include "tests/air_bed.h"
#include "tests/upper_pdu.h"
#include "ue/stack/parts.h"

enum { PACKETS = 40, PING = 84, ROUND_TRIP_MS = 13, HARQ_SLOTS = 40, HARQ_MS = 50 };

static const uint8_t nas[AIR_NAS_OCTETS] = { 0x7e };

/* Packets of all, both ways at once. */
static void exchange(struct air *a, unsigned ms)
{
	for (unsigned i = 0; i < a->ue_n; i++) {
		struct air_context *x = air_context_of(a, i);

		assert_non_null(x);
		for (unsigned k = 0; k < PACKETS; k++) {
			air_down(x, AIR_PACKET);
			assert_true(ue_stack_send(a->ues[i].stack, AIR_PSI, AIR_QFI, BYTES(air_packet)));
		}
		assert_true(cucp_nas_send(x->ue, BYTES(nas)));
		assert_true(ue_rrc_nas_send(ue_stack_rrc(a->ues[i].stack), BYTES(nas)));
	}
	air_run(a, ms);
	air_report(a);
	for (unsigned i = 0; i < a->ue_n; i++) {
		const struct air_context *x = air_context_of(a, i);

		assert_int_equal(a->ues[i].got, PACKETS * AIR_PACKET);
		assert_int_equal(x->got, PACKETS * AIR_PACKET);
		assert_true(a->ues[i].nas == 2 && x->nas == 1 && x->secured == 1 && x->capabilities == 1);
	}
}

static void release(struct air *a)
{
	for (unsigned i = 0; i < a->ue_n; i++) {
		air_up_release(air_context_of(a, i));
		cucp_release(air_context_of(a, i)->ue, 0, false);
	}
	air_run(a, 150);
	for (unsigned i = 0; i < a->ue_n; i++) {
		assert_int_equal(a->ues[i].ended, 1);
		assert_int_equal(a->ues[i].ending, UE_RRC_RELEASED);
		assert_int_equal(ue_rrc_state(ue_stack_rrc(a->ues[i].stack)), UE_RRC_IDLE);
	}
	assert_int_equal(du_f1ap_ues(du_node_f1ap(a->node)), 0);
	assert_int_equal(cuup_node_contexts(a->up_node), 0);
}

/* Within a cycle of 1.28 s; a record of another is not for it. */
static void page(struct air *a)
{
	struct s_tmsi other = a->ues[0].identity;

	other.tmsi += 1024; /* heard in the same occasions */
	ue_stack_paged_as(a->ues[0].stack, &a->ues[0].identity);
	cucp_page(a->cucp, &a->ues[0].identity, &air_area);
	cucp_page(a->cucp, &other, &air_area);
	air_run(a, 2600);
	assert_int_equal(a->ues[0].paged, 1);
	assert_int_equal(du_stat(du_node_mac(a->node), DU_STAT_PAGINGS), 2);
}

static void whole_life(uint8_t bandwidth_mhz, unsigned ues, const struct air_way *w)
{
	static struct air a;

	air_begin(&a, bandwidth_mhz, ues, w);
	if (!air_connect(&a, 2000)) {
		air_report(&a);
		fail_msg("not all came in");
	}
	air_run(&a, 60);
	exchange(&a, 300 + 150 * ues);
	/* What the UE is capable of has gone up, over F1 to the DU, and has come back as what it is to use.
	 */
	if (w->space == SERVED_CELL_SPACE_UE_SPECIFIC)
		assert_true(du_ue_own(du_node_mac(a.node), 0)->pdsch.shared.mcs_table == PHY_MCS_256QAM &&
			    a.ues[0].stack->parts.own[0].pusch.shared.mcs_table == PHY_MCS_256QAM);
	release(&a);
	if (ues == 1 && w->profile != CHANNEL_AWGN)
		page(&a);
	air_end(&a);
}

static void test_clear(void **state)
{
	whole_life(10, 1, &(struct air_way){ CHANNEL_AWGN, 30, 0, 0 });
}

static void test_fading(void **state)
{
	whole_life(10, 1, &(struct air_way){ CHANNEL_TDLC300, 15, 250, 3 });
}

/* A UE at a radio device: what it sends is made two slots and three quarters before its time. */
static void test_ahead(void **state)
{
	whole_life(10, 1, &(struct air_way){ CHANNEL_TDLC300, 15, 250, 3, .ahead = 11520 * 11 / 4 });
}

/* They come at the same moment. */
static void test_several(void **state)
{
	whole_life(10, 4, &(struct air_way){ CHANNEL_TDLC300, 20, 100, 5 });
}

/* A load both ways for so long: nobody is lost, and of what was sent most arrives. */
static void sustained(unsigned seconds, const struct air_way *w)
{
	static struct air a;
	uint64_t down = 0, up = 0;

	air_begin(&a, 10, 1, w);
	assert_true(air_connect(&a, 4000));
	for (unsigned ms = 0; ms < 1000 * seconds; ms += 10) {
		struct air_context *x = air_context_of(&a, 0);

		if (!x || a.ues[0].ended) {
			air_report(&a);
			fail_msg("the UE is lost after %u ms", ms);
		}
		for (unsigned k = 0; k < 8; k++, down++)
			air_down(x, AIR_PACKET);
		for (unsigned k = 0; k < 4; k++)
			up += ue_stack_send(a.ues[0].stack, AIR_PSI, AIR_QFI, BYTES(air_packet));
		air_run(&a, 10);
	}
	air_report(&a);
	assert_true(a.ues[0].got > down * AIR_PACKET * 9 / 10);
	assert_true(air_context_of(&a, 0)->got > up * AIR_PACKET * 9 / 10);
	air_end(&a);
}

/* The echoes come and go; the timing follows them, whichever way they lead. */
static void test_sustained(void **state)
{
	sustained(4, &(struct air_way){ CHANNEL_TDLC300, 25, 300, 3 });
}

/* Milliseconds until octets have become more; 100: never. */
static unsigned until_more(struct air *a, const uint64_t *octets)
{
	uint64_t before = *octets;
	unsigned ms = 0;

	for (; *octets == before && ms < 100; ms++)
		air_run(a, 1);
	return ms;
}

/* A ping and its answer over an idle cell, at any time of the scheduling requests' period. */
static void test_round_trip(void **state)
{
	static struct air a;
	const struct bytes ping = bytes_of(air_packet, PING);
	struct air_context *x;
	unsigned sum = 0, most = 0, rounds = 40;

	air_begin(&a, 10, 1, &(struct air_way){ CHANNEL_AWGN, 30, 0, 0 });
	assert_true(air_connect(&a, 2000));
	x = air_context_of(&a, 0);
	for (unsigned i = 0; i < rounds; i++) {
		unsigned ms;

		air_run(&a, 50 + i % 11);
		assert_true(ue_stack_send(a.ues[0].stack, AIR_PSI, AIR_QFI, ping));
		ms = until_more(&a, &x->got);
		air_down(x, ping.len);
		ms += until_more(&a, &a.ues[0].got);
		sum += ms;
		most = ms > most ? ms : most;
	}
	print_message("round trip %.1f ms, at most %u\n", (double)sum / rounds, most);
	assert_true(sum <= ROUND_TRIP_MS * rounds);
	air_end(&a);
}

static void send_some(struct air *a)
{
	for (unsigned k = 0; k < PACKETS; k++) {
		air_down(air_context_of(a, 0), AIR_PACKET);
		assert_true(ue_stack_send(a->ues[0].stack, AIR_PSI, AIR_QFI, BYTES(air_packet)));
	}
}

/* Dark for a while: what was sent meanwhile arrives later, once. */
static void test_dark_for_a_while(void **state)
{
	static struct air a;

	air_begin(&a, 10, 1, &(struct air_way){ CHANNEL_AWGN, 25, 0, 1 });
	assert_true(air_connect(&a, 2000));
	air_run(&a, 60);
	a.dark = true;
	send_some(&a);
	air_run(&a, 150);
	a.dark = false;
	air_run(&a, 800);
	air_report(&a);
	assert_int_equal(a.ues[0].got, PACKETS * AIR_PACKET);
	assert_int_equal(air_context_of(&a, 0)->got, PACKETS * AIR_PACKET);
	assert_int_equal(a.ues[0].ended, 0);
	air_end(&a);
}

/* For too long: both ends give up, nothing is left of the connection, and the UE comes in again. */
static void test_dark_for_long(void **state)
{
	static struct air a;

	air_begin(&a, 5, 1, &(struct air_way){ CHANNEL_AWGN, 25, 0, 2 });
	assert_true(air_connect(&a, 2000));
	air_run(&a, 60);
	a.dark = true;
	send_some(&a);
	air_run(&a, 4000);
	air_report(&a);
	assert_int_equal(a.ues[0].ended, 1);
	assert_int_equal(a.ues[0].ending, UE_RRC_FAILURE);
	assert_null(air_context_of(&a, 0));
	assert_int_equal(du_f1ap_ues(du_node_f1ap(a.node)), 0);
	a.dark = false;
	a.ues[0].bearers = 0;
	assert_true(air_connect(&a, 2000));
	air_run(&a, 60);
	send_some(&a);
	air_run(&a, 400);
	assert_int_equal(a.ues[0].got, PACKETS * AIR_PACKET);
	air_end(&a);
}

static void nas_both_ways(struct air *a)
{
	struct air_context *x = air_context_of(a, 0);
	unsigned up = x->nas, down = a->ues[0].nas;

	assert_true(cucp_nas_send(x->ue, BYTES(nas)));
	assert_true(ue_rrc_nas_send(ue_stack_rrc(a->ues[0].stack), BYTES(nas)));
	air_run(a, 150);
	assert_true(x->nas == up + 1 && a->ues[0].nas == down + 1);
}

/* T310 is over while it is dark, and T311 is not yet when there is light again. What was sent meanwhile comes
 * by the new keys, each once. */
static void reestablished(uint8_t bandwidth_mhz, const char *tdd)
{
	static struct air a;

	air_begin(&a, bandwidth_mhz, 1, &(struct air_way){ CHANNEL_AWGN, 25, 100, 6, .tdd = tdd });
	assert_true(air_connect(&a, 2000));
	air_run(&a, 60);
	a.dark = true;
	send_some(&a);
	air_run(&a, 1300);
	a.dark = false;
	air_run(&a, 400);
	air_report(&a);
	assert_true(air_context_of(&a, 0) && air_context_of(&a, 0)->returned == 1);
	assert_true(a.ues[0].camped == 2 && a.ues[0].ended == 0);
	assert_int_equal(ue_rrc_state(ue_stack_rrc(a.ues[0].stack)), UE_RRC_CONNECTED);
	assert_int_equal(ue_rrc_stats(ue_stack_rrc(a.ues[0].stack)).reestablishments, 1);
	nas_both_ways(&a);
	/* From the reconfiguration on it has requests for SRB1 too. */
	assert_true(cucp_capability_enquire(air_context_of(&a, 0)->ue));
	air_run(&a, 150);
	assert_int_equal(air_context_of(&a, 0)->capabilities, 2);
	assert_int_equal(du_stat(du_node_mac(a.node), DU_STAT_RETURNS), 0);
	send_some(&a);
	air_run(&a, 400);
	assert_int_equal(a.ues[0].got, 2 * PACKETS * AIR_PACKET);
	assert_int_equal(air_context_of(&a, 0)->got, 2 * PACKETS * AIR_PACKET);
	assert_int_equal(du_f1ap_ues(du_node_f1ap(a.node)), 1);
	air_end(&a);
}

/* Where its search space was common, and its own. */
static void test_reestablishment(void **state)
{
	reestablished(5, NULL);
	reestablished(10, "DDDSU");
}

/* Its uplink is no longer aligned: a UE that has something to say comes back by random access, and is given
 * anew what it has let go of (38.331 5.3.12, 38.473 8.3.5). */
static void unaligned(enum served_cell_space space)
{
	static struct air a;
	struct ue_stack *s;

	air_begin(&a, 5, 1, &(struct air_way){ CHANNEL_AWGN, 25, 0, 31, .space = space });
	assert_true(air_connect(&a, 2000));
	air_run(&a, 60);
	s = a.ues[0].stack;
	assert_true(s->parts.own[0].sr.there && s->parts.own[0].report.there);
	ue_phy_downlink(s->phy)->aligned_until_ns = 1;
	air_run(&a, 3);
	assert_int_equal(ue_phy_stat(s->phy, UE_PHY_STAT_ALIGNMENTS_ENDED), 1);
	assert_false(s->parts.own[0].sr.there || s->parts.own[0].report.there);
	assert_true(ue_rrc_nas_send(ue_stack_rrc(s), BYTES(nas)));
	air_run(&a, 150);
	air_report(&a);
	assert_int_equal(du_stat(du_node_mac(a.node), DU_STAT_RETURNS), 1);
	assert_int_equal(du_stat(du_node_mac(a.node), DU_STAT_PREAMBLES), 2);
	assert_true(cucp_stats(a.cucp).required == 1 && cucp_stats(a.cucp).required_refused == 0);
	assert_true(s->parts.own[0].sr.there && s->parts.own[0].report.there && a.ues[0].ended == 0);
	assert_int_equal(air_context_of(&a, 0)->nas, 1);
	nas_both_ways(&a);
	send_some(&a);
	air_run(&a, 400);
	assert_int_equal(a.ues[0].got, PACKETS * AIR_PACKET);
	assert_int_equal(du_stat(du_node_mac(a.node), DU_STAT_PREAMBLES), 2);
	assert_int_equal(du_stat(du_node_mac(a.node), DU_STAT_UES_LOST), 0);
	air_end(&a);
}

static void test_unaligned(void **state)
{
	unaligned(SERVED_CELL_SPACE_COMMON);
	unaligned(SERVED_CELL_SPACE_UE_SPECIFIC);
}

/* Another gNB where there was one, which knows nobody: in the middle of a connection, and while idle. */
static void restarted(uint16_t pci, bool idle)
{
	static struct air a;

	air_begin(&a, 5, 1, &(struct air_way){ CHANNEL_AWGN, 25, -100, 7u + pci });
	assert_true(idle || air_connect(&a, 2000));
	air_run(&a, 133);
	assert_int_equal(a.ues[0].camped, 1);
	air_restart(&a, pci);
	a.ues[0].bearers = 0;
	air_run(&a, idle ? 2750 : 1400);
	assert_int_equal(a.ues[0].camped, 2);
	if (!air_connect(&a, 1000)) {
		air_report(&a);
		fail_msg("it did not come back");
	}
	air_run(&a, 60);
	nas_both_ways(&a);
	air_end(&a);
}

static void test_gnb_restarts(void **state)
{
	restarted(1, false);
	restarted(2, false);
}

static void test_out_of_service(void **state)
{
	restarted(2, true);
}

static uint64_t du_count(const struct air *a, enum du_stat s)
{
	return du_stat(du_node_mac(a->node), s);
}

/* Slot by slot until the DU has counted one. */
static void await(struct air *a, enum du_stat s)
{
	for (unsigned ms = 0; ms < 100 && du_count(a, s) == 0; ms++)
		air_run(a, 1);
	assert_int_equal(du_count(a, s), 1);
}

static void dark_for(struct air *a, unsigned ms)
{
	a->dark = true;
	air_run(a, ms);
	a->dark = false;
}

/* What is lost of random access comes again, without another preamble: Msg3 by its DCI, Msg4 for want of an
 * answer, and if the answer alone was lost. */
static void test_random_access_repeats(void **state)
{
	static struct air a;

	for (unsigned lost = 0; lost < 3; lost++) {
		air_begin(&a, 5, 1, &(struct air_way){ CHANNEL_AWGN, 25, 0, 20 + lost });
		air_run(&a, 70);
		air_establish(&a);
		if (lost == 0) {
			await(&a, DU_STAT_RESPONSES);
			air_run(&a, 5); /* K2 and Delta of Msg3 are 4 and 2 */
			dark_for(&a, 1);
		} else {
			await(&a, DU_STAT_MSG3);
			air_run(&a, lost == 1 ? 0 : 4);
			dark_for(&a, 3);
		}
		assert_true(air_connect(&a, 500));
		air_report(&a);
		assert_int_equal(du_count(&a, DU_STAT_PREAMBLES), 1);
		assert_int_equal(du_count(&a, DU_STAT_MSG3_RETRANSMISSIONS), lost == 0);
		assert_true(lost == 0 || du_count(&a, DU_STAT_DL_RETRANSMISSIONS) > 0);
		assert_true(du_count(&a, DU_STAT_UES_LOST) == 0 && du_count(&a, DU_STAT_MSG3_LOST) == 0);
		air_end(&a);
	}
}

/* A slot at a time is lost, at each point of the way of a packet up and one down: HARQ brings what is
 * missing, long before RLC would ask for it (its t-Reassembly is 35 ms). */
static void test_harq_repeats(void **state)
{
	static struct air a;

	air_begin(&a, 5, 1, &(struct air_way){ CHANNEL_AWGN, 25, 0, 41 });
	assert_true(air_connect(&a, 2000));
	air_run(&a, 60);
	for (unsigned at = 1; at <= HARQ_SLOTS; at++) {
		struct air_context *x = air_context_of(&a, 0);

		air_down(x, AIR_PACKET);
		assert_true(ue_stack_send(a.ues[0].stack, AIR_PSI, AIR_QFI, BYTES(air_packet)));
		air_run(&a, at);
		dark_for(&a, 1);
		air_run(&a, HARQ_MS);
		if (a.ues[0].got != at * AIR_PACKET || x->got != at * AIR_PACKET)
			fail_msg("lost at slot %u: down %ju, up %ju octets", at, (uintmax_t)a.ues[0].got,
				(uintmax_t)x->got);
	}
	air_report(&a);
	assert_true(
		du_count(&a, DU_STAT_DL_RETRANSMISSIONS) > 2 && du_count(&a, DU_STAT_UL_RETRANSMISSIONS) > 3);
	assert_true(du_count(&a, DU_STAT_DL_LOST) == 0 && du_count(&a, DU_STAT_UL_LOST) == 0);
	air_end(&a);
}

/* Two UEs draw one preamble. The louder one wins the contention, and of two that are alike at most one; who
 * loses draws again. */
static void contend(float gain)
{
	static struct air a;

	air_begin(&a, 5, 2, &(struct air_way){ CHANNEL_AWGN, 30, 0, 30 });
	air_run(&a, 70);
	a.ues[1].gain = gain;
	a.ues[1].chance = a.ues[0].chance;
	air_establish(&a);
	await(&a, DU_STAT_RESPONSES);
	a.ues[1].chance ^= 0x5a5a00;
	if (gain < 1) {
		await(&a, DU_STAT_MSG3);
		air_run(&a, 12);
		assert_true(a.ues[0].connected == 1 && a.ues[1].connected == 0);
	}
	a.ues[1].gain = 1;
	if (!air_connect(&a, 1000)) {
		air_report(&a);
		fail_msg("not both came in");
	}
	air_report(&a);
	assert_true(du_count(&a, DU_STAT_PREAMBLES) >= 2);
	assert_int_equal(du_count(&a, DU_STAT_CONTENTIONS_RESOLVED), 2);
	air_run(&a, 60);
	exchange(&a, 450);
	air_end(&a);
}

static void test_contention(void **state)
{
	contend(0.2f);
	contend(1);
}

static void test_bandwidths(void **state)
{
	static const uint8_t mhz[] = { 3, 5, 15, 20 };

	for (unsigned i = 0; i < ARRAY_LEN(mhz); i++)
		whole_life(mhz[i], 1, &(struct air_way){ CHANNEL_AWGN, 25, -150, mhz[i] });
}

/* DCI 0_1 and 1_1, DAIs on PUSCH included; without it, in the others, 0_0 and 1_0. */
static void test_own_space(void **state)
{
	whole_life(20, 1,
		&(struct air_way){ CHANNEL_TDLC300, 18, 300, 9, .space = SERVED_CELL_SPACE_UE_SPECIFIC });
}

/* The UE hears of DRX by RRCSetup: signalling and packets come through as ever, and it sleeps most of the
 * rest. */
static void test_drx(void **state)
{
	static struct air a;
	uint64_t slept;

	whole_life(5, 2, &(struct air_way){ CHANNEL_TDLC300, 20, 100, 9, .drx_ms = 80 });
	air_begin(&a, 5, 1, &(struct air_way){ CHANNEL_AWGN, 20, 0, 9, .drx_ms = 80 });
	assert_true(air_connect(&a, 2000));
	air_run(&a, 100);
	slept = ue_stack_state(a.ues[0].stack).stat[UE_PHY_STAT_SLOTS_SLEPT];
	air_run(&a, 400);
	slept = ue_stack_state(a.ues[0].stack).stat[UE_PHY_STAT_SLOTS_SLEPT] - slept;
	assert_in_range(slept, 300, 360);
	air_end(&a);
}

static void test_tdd(void **state)
{
	whole_life(20, 1, &(struct air_way){ CHANNEL_TDLC300, 18, 300, 9, .tdd = "DDDSU" });
}

/* How many of so many seeds have their DRB within two seconds of power on, over TDL-C 300 ns, 5 Hz. */
static int sweep(unsigned seeds, double snr_db, uint8_t bandwidth_mhz, const char *tdd)
{
	static struct air a;
	unsigned came = 0;

	for (unsigned seed = 0; seed < seeds; seed++) {
		air_begin(&a, bandwidth_mhz, 1,
			&(struct air_way){
				CHANNEL_TDLC300, snr_db, 100.0 * (seed % 7) - 300, seed, .tdd = tdd });
		if (air_connect(&a, 2000)) {
			came++;
		} else {
			printf("seed %u: ", seed);
			air_report(&a);
		}
		air_end(&a);
	}
	printf("%u of %u at %.1f dB\n", came, seeds, snr_db);
	return came == seeds ? 0 : 1;
}

static int captured(const char *path)
{
	FILE *capture = upper_pdu_begin(path);

	if (!capture)
		return 1;
	whole_life(10, 1, &(struct air_way){ CHANNEL_TDLC300, 20, 0, 4, capture });
	whole_life(10, 1,
		&(struct air_way){ CHANNEL_AWGN, 20, 0, 5, capture, .space = SERVED_CELL_SPACE_UE_SPECIFIC,
			.sounding = true });
	return fclose(capture) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_fading),
		cmocka_unit_test(test_ahead),
		cmocka_unit_test(test_sustained),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_dark_for_a_while),
		cmocka_unit_test(test_dark_for_long),
		cmocka_unit_test(test_random_access_repeats),
		cmocka_unit_test(test_harq_repeats),
		cmocka_unit_test(test_contention),
		cmocka_unit_test(test_reestablishment),
		cmocka_unit_test(test_unaligned),
		cmocka_unit_test(test_gnb_restarts),
		cmocka_unit_test(test_out_of_service),
		cmocka_unit_test(test_bandwidths),
		cmocka_unit_test(test_own_space),
		cmocka_unit_test(test_tdd),
		cmocka_unit_test(test_drx),
	};

	if (argc == 2) /* FILE: a capture of F1AP */
		return captured(argv[1]);
	if (argc == 4 && strcmp(argv[1], "load") == 0) { /* load SECONDS DB */
		sustained((unsigned)strtoul(argv[2], NULL, 10),
			&(struct air_way){ CHANNEL_TDLC300, strtod(argv[3], NULL), 300, 3 });
		return 0;
	}
	if (argc >= 3) /* SEEDS DB [MHZ [PATTERN]] */
		return sweep((unsigned)strtoul(argv[1], NULL, 10), strtod(argv[2], NULL),
			argc > 3 ? (uint8_t)strtoul(argv[3], NULL, 10) : 10, argc > 4 ? argv[4] : NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
