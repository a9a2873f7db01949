/*
 * A cell at full load both ways, one UE, in lock step over samples: CPU-seconds of each end for a second of
 * air, and what goes through, as a share of what transport blocks of the highest MCS in every slot would
 * carry. Prints `name value unit` lines.
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

static void bench(const char *name, uint8_t mhz, enum served_cell_space space, uint8_t ssb_period_ms)
{
	static struct cell_bed b;
	struct served_cell_config c = cell_bed_config();
	struct cell_pdsch_grant down = { .k0 = 0 };
	struct cell_pusch_grant up = { .k2 = 0 };
	struct phy_dci dci = { .kind = PHY_DCI_1_0_C }, grant = { .kind = PHY_DCI_0_0 };
	const struct cell *cell;
	struct cell_own own;
	struct load l;

	c.bandwidth_mhz = mhz;
	c.space = space;
	c.ssb_period_ms = ssb_period_ms;
	cell_bed_begin(&b, &c, &(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = 40 });
	for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
		run(&b, 10);
	run(&b, AIR_MS); /* until it has found its MCS */
	l = run(&b, AIR_MS);
	cell = &du_cell(b.du)->cell;
	if (!b.connected || !served_cell_own(&own, du_cell(b.du), 0) ||
		!phy_dci_riv(
			&dci.field[PHY_DCI_FREQUENCY], 0, cell->downlink.bwp_prbs, cell->downlink.bwp_prbs) ||
		!phy_dci_riv(
			&grant.field[PHY_DCI_FREQUENCY], 0, cell->uplink.bwp_prbs - 4, cell->uplink.bwp_prbs))
		return;
	own.space.space.ue_specific = true; /* so that all blocks can be named */
	dci.field[PHY_DCI_MCS] = grant.field[PHY_DCI_MCS] = MCS;
	if (cell_pdsch_grant(&down, cell, &own, &own.space, 1, &dci) != PHY_PDSCH_OK ||
		!cell_pusch_grant(&up, cell, &own, &own.space, 1, &grant))
		return;
	printf("cell_%s_gnb_cpu_s_per_air_s %.3f s\n", name, (double)l.gnb_ns / 1e6 / AIR_MS);
	printf("cell_%s_ue_cpu_s_per_air_s %.3f s\n", name, (double)l.ue_ns / 1e6 / AIR_MS);
	printf("cell_%s_downlink %.1f Mb/s\n", name, (double)l.down * 8 / 1e3 / AIR_MS);
	printf("cell_%s_uplink %.1f Mb/s\n", name, (double)l.up * 8 / 1e3 / AIR_MS);
	printf("cell_%s_downlink_share %.1f %%\n", name,
		100.0 * (double)l.down / (double)(AIR_MS * cell_pdsch_octets(&down.config)));
	printf("cell_%s_uplink_share %.1f %%\n", name,
		100.0 * (double)l.up / (double)(AIR_MS * cell_pusch_octets(&up.config)));
	for (unsigned i = 0; i < DU_STATS; i++)
		fprintf(stderr, "%u ", (unsigned)du_stat(b.du, i));
	fprintf(stderr, "\n");
	cell_bed_end(&b);
}

int main(void)
{
	bench("10mhz", 10, SERVED_CELL_SPACE_COMMON, 10);
	bench("20mhz", 20, SERVED_CELL_SPACE_COMMON, 10);
	bench("20mhz_own_space", 20, SERVED_CELL_SPACE_UE_SPECIFIC, 20);
	return 0;
}
