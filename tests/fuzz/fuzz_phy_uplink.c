/* Doors to the control and access channels of the uplink. */
#include "tests/fuzz/fuzz_phy_configs.h"

#include <stdlib.h>

#include "radio/phy/channels/pucch.h"
#include "radio/phy/channels/srs.h"
#include "radio/phy/prach/prach.h"

void fuzz_uci(struct fuzz *f)
{
	static struct phy_uci_codec *codec;
	unsigned a = fuzz_upto(f, PHY_UCI_BITS_MAX + 1), q_m = fuzz_upto(f, 10);
	uint32_t e = fuzz_upto(f, fuzz_bool(f) ? 2 * a + 100 : PHY_UCI_POLAR_E_MAX + 10);
	struct phy_uci_result r;
	struct phy_uci u;
	uint8_t *bits;

	codec = codec ? codec : phy_uci_codec_new();
	if (phy_uci_init(&u, a, e, q_m) != PHY_UCI_OK)
		return;
	bits = fuzz_octets(f, a);
	phy_uci_encode(codec, &u, bits, fuzz_room(f, e));
	r = phy_uci_decode(codec, &f->kern, &u, (const int8_t *)fuzz_octets(f, e), bits);
	for (unsigned i = 0; i < a; i++) {
		if (bits[i] > 1)
			abort();
	}
	if (r.ok && !(r.sigmas > 0))
		abort();
}

struct phy_pucch_config fuzz_pucch_config(struct fuzz *f)
{
	struct phy_pucch_config c = { .format = (uint8_t)fuzz_upto(f, 4), .mu = (uint8_t)fuzz_upto(f, 3) };

	c.extended = fuzz_u8(f) > 200;
	c.bwp_start = (uint16_t)fuzz_upto(f, 4);
	c.bwp_prbs = (uint16_t)fuzz_upto(f, 24);
	c.first_prb = (uint16_t)fuzz_upto(f, 10);
	c.second_prb = (uint16_t)fuzz_upto(f, 10);
	c.hopping = fuzz_bool(f);
	c.prbs = (uint8_t)(c.format == 2 || c.format == 3 ? fuzz_upto(f, 16) : 1);
	c.first_symbol = (uint8_t)fuzz_upto(f, 12);
	c.symbols = (uint8_t)(c.format % 2 || c.format == 4 ? fuzz_upto(f, 14) : fuzz_upto(f, 2));
	c.groups = (enum phy_pucch_groups)fuzz_upto(f, 2);
	c.hopping_id = (uint16_t)fuzz_upto(f, 1023);
	c.initial_shift = (uint8_t)fuzz_upto(f, 11);
	c.occ_length = (uint8_t)(fuzz_bool(f) ? 2 : 4);
	c.occ = (uint8_t)fuzz_upto(f, 3);
	c.additional_dmrs = fuzz_bool(f);
	c.pi2_bpsk = fuzz_bool(f);
	c.rnti = fuzz_u16(f);
	c.n_id = (uint16_t)fuzz_upto(f, 1023);
	c.dmrs_id = fuzz_u16(f);
	c.bits = (uint16_t)fuzz_upto(f, c.format < 2 ? 2 : 100);
	c.sr = c.format == 0 && fuzz_bool(f);
	return c;
}

void fuzz_pucch(struct fuzz *f)
{
	static const struct phy_pucch_tables *tables;
	static struct phy_pucch_work *work;
	struct phy_pucch_config c = fuzz_pucch_config(f);
	struct phy_pucch_user users[3] = { 0 };
	unsigned slot = fuzz_upto(f, (10u << c.mu % 4) - 1), antennas = fuzz_upto(f, 3),
		 count = fuzz_upto(f, 3);
	struct phy_pucch p[3];
	struct phy_grid grid[4];

	tables = tables ? tables : phy_pucch_tables_new();
	work = work ? work : phy_pucch_work_new(tables);
	for (unsigned u = 0; u < 3; u++) {
		if (phy_pucch_init(&p[u], &c) != PHY_PUCCH_OK)
			return;
		users[u] = (struct phy_pucch_user){ .pucch = &p[u], .uci = fuzz_octets(f, c.bits) };
		c.initial_shift = (uint8_t)fuzz_upto(f, 11);
		c.first_prb = (uint16_t)(fuzz_u8(f) > 240 ? fuzz_upto(f, 10) : c.first_prb);
	}
	for (unsigned a = 0; a < 4; a++) {
		grid[a] = (struct phy_grid){ NULL, (uint16_t)fuzz_upto(f, 30), 0, c.extended ? 12 : 14 };
		grid[a].prbs = grid[a].prbs < 28 ? 28 : grid[a].prbs % (PHY_PRB_MAX + 1);
		grid[a].re = fuzz_samples(f, (size_t)grid[a].symbols * grid[a].prbs * PHY_SC_PER_PRB);
	}
	for (unsigned i = 0; i < c.bits; i++)
		users[0].uci[i] &= 1;
	(void)phy_pucch_send(work, &f->kern, &p[0], slot, users[0].uci, fuzz_bool(f), &grid[0]);
	(void)phy_pucch_receive(
		work, &f->kern, slot, grid, antennas <= 4 ? antennas : 9, users, count <= 3 ? count : 99);
}

static void prach_samples(struct fuzz *f, const struct phy_prach *p)
{
	static const unsigned sizes[] = { 128, 256, 384, 512, 768 };
	static struct phy_prach_received received;
	struct phy_prach_place place = { fuzz_upto(f, 3), fuzz_upto(f, 40), fuzz_upto(f, 20),
		sizes[fuzz_u8(f) % 5], fuzz_bool(f) ? fuzz_double(f) : fuzz_u8(f) / 7.0, fuzz_upto(f, 4096) };
	struct phy_prach_signal *s = phy_prach_signal_new(p, place.pusch_mu, place.fft_size);
	struct phy_prach_found found[PHY_PRACH_PREAMBLES];
	struct phy_prach_detector *d;
	struct phy_cf *samples;
	size_t n;

	if (!s)
		return;
	n = place.start >= 0 && place.start < 1e5 && place.extra_tc <= 4096 ? phy_prach_samples(p, &place)
									    : 1;
	samples = fuzz_room(f, n * sizeof(*samples));
	if (phy_prach_send(s, &f->kern, fuzz_upto(f, 63), &place, samples) && fuzz_bool(f))
		samples = fuzz_samples(f, n);
	if (n > 1 && phy_prach_receive(s, &f->kern, &place,
			     (const struct phy_cf *const[]){ samples, samples }, 2, &received)) {
		d = phy_prach_detector_new(p);
		for (unsigned i = 0; d && i < phy_prach_detect(d, &f->kern, &received, found); i++) {
			if (found[i].preamble >= PHY_PRACH_PREAMBLES || !(found[i].delay_s >= 0))
				abort();
		}
		phy_prach_detector_free(d);
	}
	phy_prach_signal_free(s);
}

void fuzz_prach(struct fuzz *f)
{
	static const uint16_t lengths[] = { 139, 571, 839, 1151 };
	struct phy_prach_config c = { (enum phy_prach_format)fuzz_upto(f, PHY_PRACH_FORMATS),
		lengths[fuzz_u8(f) % 4], (uint8_t)fuzz_upto(f, 6), (uint16_t)fuzz_upto(f, 1151),
		(uint8_t)fuzz_upto(f, 16), (enum phy_prach_set)fuzz_upto(f, 3) };
	struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];
	struct phy_prach p;

	c.l_ra = c.format <= PHY_PRACH_3 && fuzz_u8(f) < 250 ? 839 : c.l_ra;
	if (phy_prach_occasions((enum phy_prach_table)fuzz_upto(f, 3), fuzz_upto(f, 263), fuzz_upto(f, 6),
		    fuzz_upto(f, 1023), fuzz_upto(f, 40), o) > PHY_PRACH_OCCASIONS_MAX)
		abort();
	if (phy_prach_init(&p, &c) == PHY_PRACH_OK)
		prach_samples(f, &p);
}

struct phy_srs_config fuzz_srs_config(struct fuzz *f)
{
	static const uint8_t combs[] = { 2, 4, 8, 3 }, port_counts[] = { 1, 2, 4, 3 };
	struct phy_srs_config c = { .mu = (uint8_t)fuzz_upto(f, 3), .extended = fuzz_u8(f) > 200 };

	c.bwp_start = (uint16_t)fuzz_upto(f, 5);
	c.bwp_prbs = (uint16_t)fuzz_upto(f, 60);
	c.ports = port_counts[fuzz_u8(f) % 4];
	c.symbols = (uint8_t)fuzz_upto(f, 14);
	c.start = (uint8_t)fuzz_upto(f, 13);
	c.repetition = (uint8_t)fuzz_upto(f, 4);
	c.comb = combs[fuzz_u8(f) % 4];
	c.comb_offset = (uint8_t)fuzz_upto(f, 7);
	c.cyclic_shift = (uint8_t)fuzz_upto(f, 11);
	c.c_srs = (uint8_t)fuzz_upto(f, 20);
	c.b_srs = (uint8_t)fuzz_upto(f, 3);
	c.b_hop = (uint8_t)fuzz_upto(f, 3);
	c.position = (uint8_t)fuzz_upto(f, 67);
	c.freq_shift = (uint16_t)fuzz_upto(f, 268);
	c.hopping = (enum phy_srs_hopping)fuzz_upto(f, 2);
	c.n_id = (uint16_t)fuzz_upto(f, 1023);
	c.period = (uint16_t)fuzz_upto(f, 40);
	c.offset = (uint16_t)fuzz_upto(f, 40);
	return c;
}

void fuzz_srs(struct fuzz *f)
{
	static struct phy_srs_estimate estimate;
	static struct phy_srs_work *work;
	struct phy_srs_config c = fuzz_srs_config(f);
	unsigned frame, slot, antennas = fuzz_upto(f, 4), l;
	struct phy_grid grid[4];
	struct phy_srs p;

	frame = fuzz_upto(f, 1023);
	slot = fuzz_upto(f, 9);
	l = fuzz_upto(f, 3);
	work = work ? work : phy_srs_work_new();
	if (phy_srs_init(&p, &c) != PHY_SRS_OK)
		return;
	for (unsigned a = 0; a < 4; a++) {
		grid[a] = (struct phy_grid){ NULL, 70, 0, c.extended ? 12 : 14 };
		grid[a].re = fuzz_samples(f, (size_t)grid[a].symbols * grid[a].prbs * PHY_SC_PER_PRB);
	}
	(void)phy_srs_send(&p, frame, slot, grid);
	(void)phy_srs_receive(
		work, &f->kern, &p, frame, slot, l, grid, antennas <= 4 ? antennas : 9, &estimate);
}
