/* Doors to CSI-RS and what is made of them, and to DCI for groups and slot formats. */
#include "tests/fuzz/fuzz_phy_configs.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/channels/dci_group.h"
#include "radio/phy/mapping/slot_format.h"
#include "radio/phy/receivers/csi_measure.h"
#include "radio/phy/receivers/csi_report.h"

enum { BLOCKS_MAX = 24, ANTENNAS = 2 };

struct phy_csi_rs_config fuzz_csi_rs_config(struct fuzz *f)
{
	return (struct phy_csi_rs_config){ .row = (uint8_t)(1 + fuzz_upto(f, PHY_CSI_RS_ROWS - 1)),
		.density = (enum phy_csi_rs_density)fuzz_upto(f, 3),
		.frequency = (uint16_t)fuzz_upto(f, 63),
		.l0 = (uint8_t)fuzz_upto(f, 13),
		.l1 = (uint8_t)fuzz_upto(f, 12),
		.extended = fuzz_u8(f) > 230,
		.first_crb = (uint16_t)fuzz_upto(f, 4),
		.prbs = (uint16_t)fuzz_upto(f, BLOCKS_MAX),
		.n_id = (uint16_t)fuzz_upto(f, 1023) };
}

static void report(struct fuzz *f, const struct phy_csi_rs *p, const struct phy_cf *const *h)
{
	struct phy_csi_channel c = { .ports = p->ports,
		.antennas = ANTENNAS,
		.n = phy_csi_rs_values(p),
		.h = { h[0], h[1] },
		.noise = fuzz_float(f),
		.rank_max = fuzz_upto(f, 4),
		.table = (enum phy_cqi_table)fuzz_upto(f, 3),
		.gap_db = fuzz_float(f) };
	struct phy_csi csi;

	if (phy_csi_report(&csi, &c) &&
		(csi.rank < 1 || csi.rank > PHY_CSI_LAYERS_MAX || csi.cqi >= PHY_CQI_ROWS))
		abort();
}

void fuzz_csi(struct fuzz *f)
{
	static struct phy_csi_rs_work work;
	struct phy_csi_rs_config c = fuzz_csi_rs_config(f);
	struct phy_grid grid[PHY_CSI_RS_PORTS_MAX];
	const struct phy_cf *h[ANTENNAS];
	struct phy_csi_measurement m;
	unsigned slot = fuzz_upto(f, 159);
	struct phy_csi_rs p;

	if (phy_csi_rs_init(&p, &c) != PHY_CSI_RS_OK || c.prbs > BLOCKS_MAX || !phy_csi_rs_work_init(&work))
		return;
	for (unsigned i = 0; i < p.ports; i++) {
		grid[i] = (struct phy_grid){ NULL, (uint16_t)(c.prbs + fuzz_upto(f, 2)), c.first_crb,
			c.extended ? 12 : 14 };
		grid[i].re = fuzz_room(
			f, (size_t)grid[i].symbols * grid[i].prbs * PHY_SC_PER_PRB * sizeof(*grid[i].re));
	}
	(void)phy_csi_rs_send(&work, &f->kern, &p, slot, fuzz_float(f), grid);
	for (unsigned a = 0; a < ANTENNAS; a++) {
		struct phy_cf *to = fuzz_room(f, p.ports * phy_csi_rs_values(&p) * sizeof(*to));

		grid[a] = grid[0];
		grid[a].re = fuzz_samples(f, (size_t)grid[0].symbols * grid[0].prbs * PHY_SC_PER_PRB);
		h[a] = to;
		if (!phy_csi_rs_receive(&work, &f->kern, &p, slot, &grid[a], to))
			return;
	}
	if (phy_csi_measure(&m, &p, 15e3 * (1u << fuzz_upto(f, 3)), grid, h, ANTENNAS) &&
		!(m.noise > 0 && m.sinr > 0))
		abort();
	report(f, &p, h);
}

void fuzz_group(struct fuzz *f)
{
	struct phy_dci_srs_layout l = { fuzz_bool(f), (uint8_t)fuzz_upto(f, 8), fuzz_u8(f) };
	struct phy_tdd t = { (uint8_t)fuzz_upto(f, 3), fuzz_bool(f), (uint8_t)fuzz_upto(f, 2), { { 0 } } };
	unsigned size = fuzz_upto(f, PHY_DCI_BITS_MAX), at = fuzz_upto(f, 140);
	uint8_t *bits = fuzz_octets(f, PHY_DCI_OCTETS);
	struct phy_dci_srs srs;
	struct phy_dci_tpc tpc;
	uint32_t v;

	if (phy_dci_srs_get(bits, size, at, &l, &srs) && !phy_dci_srs_set(bits, size, at, &l, &srs))
		abort();
	(void)phy_dci_tpc_get(bits, size, at, fuzz_bool(f), &tpc);
	(void)phy_dci_group_get(bits, size, at, fuzz_upto(f, 32), &v);
	for (unsigned i = 0; i < 2; i++)
		t.pattern[i] = (struct phy_tdd_pattern){ (uint16_t)(fuzz_bool(f) ? 2500 : fuzz_u16(f)),
			(uint16_t)fuzz_upto(f, 6), (uint16_t)fuzz_upto(f, 6), (uint8_t)fuzz_upto(f, 13),
			(uint8_t)fuzz_upto(f, 13) };
	if (phy_tdd_legal(&t)) {
		unsigned mu = t.mu + fuzz_u8(f) % (4 - t.mu);
		struct phy_slot_format s = phy_tdd_slot(&t, mu, fuzz_u16(f));

		if (s.downlink & s.uplink)
			abort();
	}
}
