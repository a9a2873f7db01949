/* The door of fuzz_phy for PUSCH: any configuration; what is legal is sent, spoilt and received. */
#include <stdlib.h>

#include "radio/phy/channels/pusch.h"
#include "tests/fuzz/fuzz_phy_configs.h"

enum { PRBS = 30, ANTENNAS = 3, LAYERS = PHY_UL_LAYERS_MAX };

static struct phy_dmrs dmrs_of(struct fuzz *f)
{
	struct phy_dmrs d = { .type2 = fuzz_bool(f),
		.double_symbol = fuzz_bool(f),
		.per_group = fuzz_u8(f) > 200,
		.additional = (uint8_t)fuzz_upto(f, 3),
		.type_a_position = (uint8_t)(2 + fuzz_upto(f, 1)),
		.groups_without_data = (uint8_t)fuzz_upto(f, 3),
		.n_scid = (uint8_t)fuzz_upto(f, 1),
		.n_id = { fuzz_u16(f), fuzz_u16(f) },
		.reference_crb = (uint16_t)(fuzz_u8(f) > 200 ? fuzz_upto(f, 30) : 0) };

	d.low_papr.pi2_bpsk = fuzz_bool(f);
	d.low_papr.hopping = (enum phy_sequence_hopping)fuzz_upto(f, 2);
	d.low_papr.n_id = (uint16_t)fuzz_upto(f, 1007);
	return d;
}

static void prbs_of(struct fuzz *f, struct phy_prbs *p)
{
	unsigned step = fuzz_u8(f) < 220 ? 1 : 2 + fuzz_u8(f) % 3, at = fuzz_u8(f) % 8;

	for (unsigned n = fuzz_upto(f, PRBS); p->n < n && p->n < PHY_PRB_MAX; at += step)
		p->at[p->n++] = (uint16_t)(fuzz_u8(f) < 253 ? at : fuzz_u16(f));
	p->n = fuzz_u8(f) < 253 ? p->n : fuzz_u16(f);
}

struct phy_pusch_config fuzz_pusch_config(struct fuzz *f)
{
	struct phy_pusch_config c = { .mu = (uint8_t)fuzz_upto(f, 3), .extended = fuzz_u8(f) > 200 };

	c.bwp_start = (uint16_t)fuzz_upto(f, 30);
	c.bwp_prbs = (uint16_t)fuzz_upto(f, PRBS + 10);
	c.time = (struct phy_time_domain){ fuzz_bool(f), 0, (uint8_t)fuzz_upto(f, 13),
		(uint8_t)fuzz_upto(f, 14) };
	prbs_of(f, &c.prbs);
	c.hopping = (enum phy_pusch_hopping)(fuzz_u8(f) > 100 ? fuzz_upto(f, 2) : 0);
	c.hop_offset = (uint16_t)fuzz_upto(f, PRBS);
	c.dmrs = dmrs_of(f);
	c.layers = (uint8_t)fuzz_upto(f, LAYERS);
	for (unsigned i = 0; i < LAYERS; i++)
		c.ports[i] = (uint8_t)(fuzz_bool(f) ? i : fuzz_upto(f, 11));
	c.codebook = fuzz_bool(f);
	c.antenna_ports = (uint8_t)(fuzz_bool(f) ? fuzz_upto(f, 4) : c.layers);
	c.tpmi = (uint8_t)fuzz_upto(f, 27);
	c.transform_precoding = fuzz_u8(f) > 180;
	c.ptrs = fuzz_ptrs(f);
	c.ptrs_layer = (uint8_t)fuzz_upto(f, LAYERS);
	c.rnti = fuzz_u16(f);
	c.n_id = (uint16_t)fuzz_upto(f, 1023);
	c.mcs_table = (enum phy_mcs_table)fuzz_upto(f, PHY_MCS_TABLES);
	c.mcs = (uint8_t)fuzz_upto(f, 31);
	c.rv = (uint8_t)fuzz_upto(f, 3);
	c.overhead = (uint8_t)(6 * fuzz_upto(f, 3));
	if (fuzz_u8(f) > 200) {
		c.kept_tbs = fuzz_upto(f, 60000);
		c.kept_rate_x2048 = (uint16_t)fuzz_upto(f, 2048);
	}
	c.lbrm_bits = fuzz_u8(f) < 200 ? 0 : fuzz_u32(f) >> fuzz_u8(f) % 32;
	for (unsigned i = 0; fuzz_u8(f) > 128 && i < PHY_PUSCH_UCI_PARTS; i++) {
		c.uci.bits[i] = (uint16_t)fuzz_upto(f, 40);
		c.uci.beta[i] = (uint8_t)fuzz_upto(f, 20);
	}
	c.uci.alpha = (enum phy_uci_alpha)fuzz_upto(f, 3);
	c.uci.no_data = fuzz_u8(f) > 200;
	return c;
}

static struct phy_grid grid_of(struct fuzz *f, const struct phy_pusch_config *c)
{
	unsigned symbols = c->extended ? 12 : 14;

	return (struct phy_grid){ fuzz_samples(f, (size_t)c->bwp_prbs * PHY_SC_PER_PRB * symbols),
		c->bwp_prbs, c->bwp_start, (uint8_t)symbols };
}

static void repetitions(struct fuzz *f)
{
	struct phy_repetition out[PHY_REPETITIONS_MAX];
	uint16_t invalid[4] = { fuzz_u16(f), fuzz_u16(f), fuzz_u16(f), fuzz_u16(f) };

	(void)phy_pusch_repetitions_b(out, fuzz_u8(f) % PHY_REPETITIONS_MAX, fuzz_upto(f, 13),
		fuzz_upto(f, 14), fuzz_upto(f, 32), invalid, fuzz_u8(f) % 5);
}

void fuzz_pusch(struct fuzz *f)
{
	static struct phy_pusch plan;
	static struct phy_dfts *dfts;
	static struct phy_pusch_sender *sender;
	static struct phy_pusch_receiver *receiver;
	struct phy_pusch_config c = fuzz_pusch_config(f);
	struct phy_grid ports[LAYERS], antennas[ANTENNAS];
	struct phy_pusch_result result;
	unsigned slot = fuzz_upto(f, 80);
	static const uint8_t bits[PHY_UCI_BITS_MAX] = { 1, 0, 1 };
	const uint8_t *const uci[PHY_PUSCH_UCI_PARTS] = { bits, bits, bits };
	struct phy_harq *harq;
	uint8_t *tb;

	repetitions(f);
	dfts = dfts ? dfts : phy_dfts_new();
	sender = sender ? sender : phy_pusch_sender_new(dfts);
	receiver =
		receiver ? receiver : phy_pusch_receiver_new(phy_chest_filters_new(), dfts, ANTENNAS, LAYERS);
	if (phy_pusch_init(&plan, &c) != PHY_PUSCH_OK || plan.sch.a > 60000 || c.bwp_prbs > 3 * PRBS)
		return;
	for (unsigned i = 0; i < LAYERS; i++)
		ports[i] = grid_of(f, &c);
	for (unsigned i = 0; i < ANTENNAS; i++)
		antennas[i] = fuzz_u8(f) > 100 ? ports[i] : grid_of(f, &c);
	tb = fuzz_octets(f, (plan.sch.a + 7) / 8);
	harq = phy_harq_new(plan.sch.a);
	if (fuzz_bool(f))
		(void)phy_pusch_send_uci(sender, &f->kern, &plan, slot, tb, uci, ports);
	if (harq)
		(void)phy_pusch_receive(receiver, &f->kern, &plan, slot, antennas, 1 + fuzz_u8(f) % ANTENNAS,
			harq, tb, &result);
	phy_harq_free(harq);
}
