/* UCI on a PUCCH at several antennas; what is not detected is lost. */
#include <stdlib.h>

#include "radio/phy/codes/crc.h"
#include "sim/blocks/parts.h"

struct pucch {
	struct phy_pucch plan;
	struct phy_pucch_tables *tables;
	struct phy_pucch_work *work;
	struct phy_grid port, antennas[CHANNEL_ANTENNAS_MAX];
	struct phy_cf *re; /* of all of them */
	uint8_t uci[PHY_UCI_BITS_MAX], back[PHY_UCI_BITS_MAX];
	unsigned slot;
};

static void pucch_close(struct blocks *b)
{
	struct pucch *p = b->own;

	if (!p)
		return;
	phy_pucch_work_free(p->work);
	phy_pucch_tables_free(p->tables);
	free(p->re);
	free(p);
}

static bool allocate(struct pucch *p, const struct blocks *b)
{
	const struct phy_pucch_config *c = &b->config.pucch;
	uint8_t symbols = c->extended ? 12 : 14;
	size_t n = (size_t)symbols * c->bwp_prbs * PHY_SC_PER_PRB;

	p->tables = phy_pucch_tables_new();
	p->work = p->tables ? phy_pucch_work_new(p->tables) : NULL;
	p->re = calloc(n * (1 + b->config.antennas), sizeof(*p->re));
	p->port = (struct phy_grid){ p->re, c->bwp_prbs, c->bwp_start, symbols };
	for (unsigned a = 0; p->re && a < b->config.antennas; a++)
		p->antennas[a] = (struct phy_grid){ p->re + (1 + a) * n, c->bwp_prbs, c->bwp_start, symbols };
	return p->work && p->re;
}

static struct blocks_size size_of(const struct phy_pucch *p)
{
	const struct phy_pucch_config *c = &p->config;
	struct blocks_size s = { c->bits > 0 ? c->bits : 1, c->bits > 0 ? c->bits : 1,
		(uint32_t)c->symbols * PHY_SC_PER_PRB, PHY_QPSK, 1e-3 / (1u << c->mu) };

	if (c->format >= 2) {
		s.coded += p->uci.blocks * crc_length((enum crc_kind)p->uci.crc);
		s.symbols = c->format >= 3 && c->pi2_bpsk ? p->uci.e : p->uci.e / 2;
		s.modulation = c->format >= 3 && c->pi2_bpsk ? PHY_PI2_BPSK : PHY_QPSK;
	}
	return s;
}

static bool pucch_open(struct blocks *b, const char **why)
{
	const struct phy_pucch_config *c = &b->config.pucch;
	struct phy_ofdm_config ofdm = { .mu = c->mu, .extended = c->extended, .prbs = c->bwp_prbs };
	struct pucch *p = calloc(1, sizeof(*p));
	enum phy_pucch_error e;

	b->own = p;
	if (!p)
		return false;
	e = phy_pucch_init(&p->plan, c);
	*why = e == PHY_PUCCH_OK ? "UCI is sent once" : phy_pucch_error_text(e);
	if (e != PHY_PUCCH_OK || b->config.transmissions != 1)
		return false;
	*why = "1 to 8 antennas receive";
	if (b->config.antennas < 1 || b->config.antennas > CHANNEL_ANTENNAS_MAX)
		return false;
	*why = "out of memory";
	if (!allocate(p, b))
		return false;
	b->size = size_of(&p->plan);
	b->config.air.uplink = true;
	b->air = air_new_array(&b->config.air, &ofdm, 1, b->config.antennas, why);
	return b->air != NULL;
}

static void pucch_begin(struct blocks *b)
{
	struct pucch *p = b->own;

	for (unsigned i = 0; i < p->plan.config.bits; i++)
		p->uci[i] = blocks_draw(&b->random) & 1;
	p->slot = (unsigned)(blocks_draw(&b->random) % (10u << p->plan.config.mu));
}

static bool pucch_send(struct blocks *b, unsigned transmission)
{
	struct pucch *p = b->own;
	const struct phy_pucch_config *c = &p->plan.config;
	struct phy_pucch_user user = { .pucch = &p->plan, .uci = p->back };

	memset(p->re, 0, (size_t)p->port.symbols * p->port.prbs * PHY_SC_PER_PRB * sizeof(*p->re));
	if (!phy_pucch_send(p->work, &b->kern, &p->plan, p->slot, p->uci, true, &p->port))
		return false;
	air_pass_array(b->air, &b->kern, &p->port, p->antennas, p->slot, c->first_symbol, c->symbols);
	return phy_pucch_receive(p->work, &b->kern, p->slot, p->antennas, b->config.antennas, &user, 1) &&
	       user.detected && bytes_equal(bytes_of(p->uci, c->bits), bytes_of(p->back, c->bits));
}

const struct blocks_kind_ops blocks_pucch = { pucch_open, pucch_close, pucch_begin, pucch_send, 0 };
