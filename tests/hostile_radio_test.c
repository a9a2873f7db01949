/* A hostile radio: noise far above everything, preambles without end, samples that are no numbers, both ways.
 * The cell goes on, holds no more than before, and a UE comes in when it is over. */
#include <malloc.h>
#include <math.h>
#include <stdlib.h>

#include "base/test.h"

#include "tests/air_bed.h"
#include "ue/phy/ue_phy.h"

enum {
	PACKETS = 10,
	CAMP_MS = 100,
	SETTLE_MS = 200,
	RETURN_MS = 2000,
	GROWTH_MAX = 4 << 20, /* octets while it lasts: UEs that are waited for */
	REST_MAX = 256 << 10, /* that stay */
	FLOOD = 6,            /* preambles an occasion */
	LOG_LINES_MAX = 40,
};

struct hostile {
	struct air air;
	uint32_t random;
	float power;
	/* Preambles. */
	struct phy_ul_sender *sender;
	struct phy_cf *slot, *one;
	size_t slot_samples;
	uint64_t at; /* samples since it began, with a slot */
};

static float noise(struct hostile *h)
{
	h->random = h->random * 1664525 + 1013904223;
	return (float)(int32_t)h->random / (float)INT32_MAX * h->power;
}

static void jam_noise(void *arg, struct phy_cf *down, struct phy_cf *up, size_t n)
{
	struct hostile *h = arg;

	for (size_t i = 0; i < n; i++) {
		down[i].re += noise(h);
		down[i].im += noise(h);
		up[i].re += noise(h);
		up[i].im += noise(h);
	}
}

static void jam_no_numbers(void *arg, struct phy_cf *down, struct phy_cf *up, size_t n)
{
	static const float none[] = { NAN, INFINITY, -INFINITY, 3e38f, -3e38f };
	struct hostile *h = arg;

	for (size_t i = 0; i < n; i++) {
		(void)noise(h);
		down[i].re = up[i].im = none[(h->random >> 16) % ARRAY_LEN(none)];
	}
}

static void flood_slot(struct hostile *h)
{
	const struct cell *c = &du_cell(du_node_mac(h->air.node))->cell;
	struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];
	struct phy_slot_refusal refusal;
	struct phy_cf *out[] = { h->one };
	struct phy_ul_slot s = { .time = slot_time_of(c->mu, h->at / h->slot_samples) };
	struct phy_ul_prach p = { .amplitude = 1 };

	for (size_t i = 0; i < h->slot_samples; i++)
		h->slot[i] = (struct phy_cf){ 0, 0 };
	if (cell_rach_occasions(c, s.time.sfn, s.time.slot, at) == 0)
		return;
	p.place = (struct phy_ul_prach_place){ at[0], (uint16_t)c->rach.first_prb };
	s.prach = &p;
	for (unsigned k = 0; k < FLOOD; k++) {
		(void)noise(h);
		p.preamble = (uint8_t)(h->random >> 26);
		assert_true(phy_ul_send(h->sender, &s, out, &refusal));
		for (size_t i = 0; i < h->slot_samples; i++) {
			h->slot[i].re += h->one[i].re;
			h->slot[i].im += h->one[i].im;
		}
	}
}

static void jam_preambles(void *arg, struct phy_cf *down, struct phy_cf *up, size_t n)
{
	struct hostile *h = arg;

	for (size_t i = 0; i < n; i++, h->at++) {
		if (h->at % h->slot_samples == 0)
			flood_slot(h);
		up[i].re += h->slot[h->at % h->slot_samples].re;
		up[i].im += h->slot[h->at % h->slot_samples].im;
	}
}

static void begin(struct hostile *h)
{
	struct phy_slot_config c;
	const struct served_cell *cell;

	*h = (struct hostile){ .random = 1, .power = 30 };
	air_begin(&h->air, 5, 1, &(struct air_way){ CHANNEL_AWGN, 25, 100, 50 });
	cell = du_cell(du_node_mac(h->air.node));
	c = ue_phy_uplink_config(&cell->cell, cell->broadcast.fft_size, 64);
	h->sender = phy_ul_sender_new(&c);
	h->slot_samples = phy_slot_samples(&c.carrier, 0);
	h->slot = calloc(h->slot_samples, sizeof(*h->slot));
	h->one = calloc(h->slot_samples + 1, sizeof(*h->one));
	assert_true(h->sender && h->slot && h->one);
}

static void end(struct hostile *h)
{
	phy_ul_sender_free(h->sender);
	free(h->slot);
	free(h->one);
	air_end(&h->air);
}

static void connect_and_exchange(struct hostile *h)
{
	struct air *a = &h->air;
	uint64_t had = a->ues[0].got;
	struct air_context *x;

	if (!air_connect(a, 6000)) {
		air_report(a);
		fail_msg("it does not come in");
	}
	air_run(a, 60);
	x = air_context_of(a, 0);
	assert_non_null(x);
	had -= x->got;
	for (unsigned k = 0; k < PACKETS; k++) {
		air_down(x, AIR_PACKET);
		assert_true(ue_stack_send(a->ues[0].stack, AIR_PSI, AIR_QFI, BYTES(air_packet)));
	}
	air_run(a, 200);
	assert_int_equal(a->ues[0].got - x->got, had);
	assert_true(x->got >= PACKETS * AIR_PACKET);
}

/* First over an idle cell, then over a connection, which may break. */
static void attacked(air_jam_fn *jam, unsigned ms)
{
	static struct hostile h;
	const struct du_f1ap *f1ap;
	size_t before;

	begin(&h);
	f1ap = du_node_f1ap(h.air.node);
	h.air.jam_arg = &h;
	air_run(&h.air, CAMP_MS);
	before = mallinfo2().uordblks;
	h.air.jam = jam;
	air_run(&h.air, ms);
	assert_true(mallinfo2().uordblks < before + GROWTH_MAX);
	h.air.jam = NULL;
	air_run(&h.air, SETTLE_MS);
	assert_true(mallinfo2().uordblks < before + REST_MAX);
	assert_true(du_f1ap_ues(f1ap) == 0 && h.air.context_n == 0);
	connect_and_exchange(&h);
	before = mallinfo2().uordblks;
	h.air.jam = jam;
	air_run(&h.air, ms);
	h.air.jam = NULL;
	air_run(&h.air, RETURN_MS);
	air_report(&h.air);
	h.air.ues[0].bearers = 0;
	if (ue_rrc_state(ue_stack_rrc(h.air.ues[0].stack)) == UE_RRC_IDLE)
		connect_and_exchange(&h);
	/* That of a connection that the UE gave up is left to inactivity, which is above. */
	assert_in_range(du_f1ap_ues(f1ap), 1, 2);
	assert_true(mallinfo2().uordblks < before + REST_MAX);
	assert_true(h.air.env.line_count < LOG_LINES_MAX);
	end(&h);
}

static void test_noise(void **state)
{
	attacked(jam_noise, 2000);
}

static void test_preambles(void **state)
{
	attacked(jam_preambles, 1000);
}

static void test_no_numbers(void **state)
{
	attacked(jam_no_numbers, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_noise), cmocka_unit_test(test_preambles),
		cmocka_unit_test(test_no_numbers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
