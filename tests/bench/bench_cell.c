/*
 * A cell at full load both ways, one UE, in lock step over samples: CPU-seconds of each end for a second of
 * air, and what goes through, as a share of what transport blocks of the highest MCS in every slot would
 * carry (of 64QAM). Prints `name value unit` lines.
 */
#include <stdio.h>
#include <time.h>

#include "base/room.h"
#include "radio/cell/grant.h"
#include "tests/cell_bed.h"

enum { AIR_MS = 1000, PACKET = 1400, KEPT = 200, MCS = 28 };

static uint64_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* Packets wait at both ends, always. */
static void fill(struct cell_bed *b, uint64_t *down, uint64_t *up)
{
	while (*down - b->got_down < (uint64_t)KEPT * PACKET) {
		cell_bed_send(b, true, PACKET);
		*down += PACKET;
	}
	while (*up - b->got_up < (uint64_t)KEPT * PACKET) {
		cell_bed_send(b, false, PACKET);
		*up += PACKET;
	}
}

struct load {
	uint64_t gnb_ns, ue_ns, down, up;
};

static struct load run(struct cell_bed *b, unsigned ms)
{
	uint64_t down = b->got_down, up = b->got_up;
	struct load l = { 0, 0, b->got_down, b->got_up };

	/* No channel between them, not even its latency. */
	for (size_t left = (size_t)(b->rate_hz / 1000 * ms), n; left > 0; left -= n) {
		uint64_t at[4];

		n = left < BED_BLOCK ? left : BED_BLOCK;
		if (b->connected)
			fill(b, &down, &up);
		at[0] = cpu_now();
		cell_bed_gnb_send(b, n);
		at[1] = cpu_now();
		cell_bed_ue(b, n);
		at[2] = cpu_now();
		cell_bed_gnb_receive(b, n);
		at[3] = cpu_now();
		l.gnb_ns += at[1] - at[0] + at[3] - at[2];
		l.ue_ns += at[2] - at[1];
	}
	l.down = b->got_down - l.down;
	l.up = b->got_up - l.up;
	return l;
}

/* Of a second of air: PDSCH over the whole part in each slot that has a time for it, PUSCH beside PUCCH. */
static struct load most_of(const struct served_cell *s)
{
	const struct cell *c = &s->cell;
	struct load l = { .down = 0 };
	struct cell_own own;

	if (!served_cell_own(&own, s, 0))
		return l;
	own.spaces[0].space.ue_specific = true; /* so that all blocks can be named */
	for (unsigned slot = 0; slot < AIR_MS << c->mu; slot++) {
		struct slot_time t = slot_time_of(c->mu, slot);
		struct phy_dci down = { .kind = PHY_DCI_1_0_C }, up = { .kind = PHY_DCI_0_0 };
		struct cell_pdsch_grant pdsch;
		struct cell_pusch_grant pusch;
		uint8_t row;
		uint16_t prbs = (uint16_t)(c->uplink.bwp_prbs - 2 * SERVED_CELL_PUCCH_PRBS);

		down.field[PHY_DCI_MCS] = up.field[PHY_DCI_MCS] = MCS;
		if (served_cell_pdsch_row(s, t.sfn, t.slot, &row) &&
			cell_pdsch_riv(
				&down.field[PHY_DCI_FREQUENCY], c, &own.spaces[0], 0, c->downlink.bwp_prbs)) {
			down.field[PHY_DCI_TIME] = row;
			if (cell_pdsch_grant(&pdsch, c, &own, &own.spaces[0], 1, &down) == PHY_PDSCH_OK)
				l.down += cell_pdsch_octets(&pdsch.config);
		}
		if (cell_slot_is_uplink(c, t.sfn, t.slot) &&
			phy_dci_riv(&up.field[PHY_DCI_FREQUENCY], 0, prbs, c->uplink.bwp_prbs) &&
			cell_pusch_grant(&pusch, c, &own, &own.spaces[0], 1, &up))
			l.up += cell_pusch_octets(&pusch.config);
	}
	return l;
}

static void bench(const char *name, struct served_cell_config c, bool qam256)
{
	const struct du_capability capable = { qam256, qam256 };
	static struct cell_bed b;
	struct load l, most;

	cell_bed_begin(&b, &c, &(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = 40 });
	for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
		run(&b, 10);
	if (b.connected && du_ue_adapt(b.du, b.place, &capable)) {
		cell_bed_configure(&b);
		du_ue_reconfigured(b.du, b.place);
	}
	run(&b, AIR_MS); /* until it has found its MCS */
	l = run(&b, AIR_MS);
	most = most_of(du_cell(b.du));
	if (!b.connected || most.down == 0 || most.up == 0)
		return;
	printf("cell_%s_gnb_cpu_s_per_air_s %.3f s\n", name, (double)l.gnb_ns / 1e6 / AIR_MS);
	printf("cell_%s_ue_cpu_s_per_air_s %.3f s\n", name, (double)l.ue_ns / 1e6 / AIR_MS);
	printf("cell_%s_downlink %.1f Mb/s\n", name, (double)l.down * 8 / 1e3 / AIR_MS);
	printf("cell_%s_uplink %.1f Mb/s\n", name, (double)l.up * 8 / 1e3 / AIR_MS);
	printf("cell_%s_downlink_share %.1f %%\n", name, 100.0 * (double)l.down / (double)most.down);
	printf("cell_%s_uplink_share %.1f %%\n", name, 100.0 * (double)l.up / (double)most.up);
	for (unsigned i = 0; i < DU_STATS; i++)
		fprintf(stderr, "%u ", (unsigned)du_stat(b.du, i));
	fprintf(stderr, "\n");
	cell_bed_end(&b);
}

int main(void)
{
	struct served_cell_config paired = cell_bed_config();

	bench("10mhz", paired, false);
	paired.bandwidth_mhz = 20;
	bench("20mhz", paired, false);
	paired.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	paired.ssb_period_ms = 20;
	bench("20mhz_own_space", paired, false);
	bench("20mhz_256qam", paired, true);
	bench("tdd_20mhz", cell_bed_tdd(20, "DDDSU"), false);
	bench("tdd_40mhz", cell_bed_tdd(40, "DDDSU"), false);
	return 0;
}
