/* The PBCH of SS/PBCH blocks of known cell and timing, whose index mostly is not known; bursts are decoded
 * together. */
#include <stdlib.h>

#include "radio/phy/channels/ssb_receive.h"
#include "sim/blocks/parts.h"

enum {
	PAYLOAD = 32,     /* bits, 38.212 7.1.1 */
	FIRST_SYMBOL = 2, /* of case A, block 0 */
	FRAMES = 2,       /* from burst to burst */
	BURSTS_MAX = PHY_PBCH_BURSTS_MAX,
	MIB_SFN = 0x7e, /* the places of systemFrameNumber in the first octet */
};

struct pbch {
	struct phy_pbch coder;
	struct phy_pbch_payload payload; /* of the first burst */
	unsigned cell, l_max;
	struct phy_cf re[PHY_SYMBOLS_MAX * PHY_SSB_SUBCARRIERS]; /* as sent */
	unsigned antennas;
	struct phy_cf at_antenna[BURSTS_MAX][PHY_SYMBOLS_MAX * PHY_SSB_SUBCARRIERS];
	/* Of each burst each antenna's, which are decoded together as bursts are. */
	struct phy_ssb received[BURSTS_MAX];
	struct phy_pbch_burst burst[BURSTS_MAX];
	float share[PHY_SSB_I_BARS]; /* over all bursts, what of the energy each i_bar explains */
};

static bool pbch_open(struct blocks *b, const char **why)
{
	struct phy_ofdm_config ofdm = { .mu = b->config.pbch_mu, .prbs = PHY_SSB_PRB };
	struct pbch *p;

	*why = "an SS/PBCH block has 15, 30 or 120 kHz";
	if (ofdm.mu != 0 && ofdm.mu != 1 && ofdm.mu != 3)
		return false;
	*why = "out of memory";
	b->own = p = calloc(1, sizeof(*p));
	if (!p)
		return false;
	phy_pbch_init(&p->coder);
	p->antennas = b->config.antennas ? b->config.antennas : 1;
	*why = "bursts times antennas are 32 at most";
	if (p->antennas > PHY_SSB_ANTENNAS_MAX || p->antennas * b->config.transmissions > BURSTS_MAX)
		return false;
	p->l_max = ofdm.mu == 3 ? 64 : 8;
	b->size = (struct blocks_size){ PAYLOAD, PAYLOAD + 24, PHY_PBCH_SYMBOLS, PHY_QPSK,
		1e-3 / (1u << ofdm.mu) };
	b->air = air_new_array(&b->config.air, &ofdm, 1, p->antennas, why);
	return b->air != NULL;
}

static void pbch_close(struct blocks *b)
{
	free(b->own);
}

static void pbch_begin(struct blocks *b)
{
	struct pbch *p = b->own;

	memset(p->share, 0, sizeof(p->share));
	p->cell = (unsigned)(blocks_draw(&b->random) % 1008);
	p->payload = (struct phy_pbch_payload){ .sfn = (uint16_t)(blocks_draw(&b->random) % 1024),
		.half_frame = blocks_draw(&b->random) & 1,
		.ssb_index = (uint8_t)(blocks_draw(&b->random) % p->l_max) };
	blocks_draw_bits(&b->random, p->payload.mib, 8 * PHY_PBCH_MIB_OCTETS);
	p->payload.mib[0] &= (uint8_t)~MIB_SFN;
}

/* One burst through the air. */
static bool pass(struct blocks *b, unsigned n)
{
	struct pbch *p = b->own;
	struct phy_grid sent = { p->re, PHY_SSB_PRB, 0, PHY_SYMBOLS_MAX }, antennas[BURSTS_MAX];
	struct phy_pbch_payload payload = p->payload;
	struct phy_ssb ssb;
	struct phy_cf *at = phy_grid_at(&sent, FIRST_SYMBOL, 0);

	payload.sfn = (uint16_t)((payload.sfn + FRAMES * n) % 1024);
	if (!phy_ssb_transmit(&p->coder, &ssb, &payload, p->l_max, p->cell, 1))
		return false;
	memset(p->re, 0, sizeof(p->re));
	bytes_copy(at, sizeof(ssb.re), bytes_of(ssb.re, sizeof(ssb.re)));
	for (unsigned a = 0; a < p->antennas; a++)
		antennas[a] = (struct phy_grid){ p->at_antenna[a], PHY_SSB_PRB, 0, PHY_SYMBOLS_MAX };
	air_pass_array(b->air, &b->kern, &sent, antennas, 0, FIRST_SYMBOL, PHY_SSB_SYMBOLS);
	for (unsigned a = 0; a < p->antennas; a++) {
		struct phy_ssb *to = &p->received[n * p->antennas + a];
		float shares[PHY_SSB_I_BARS];

		*to = ssb;
		bytes_copy(to->re, sizeof(to->re),
			bytes_of(phy_grid_at(&antennas[a], FIRST_SYMBOL, 0), sizeof(to->re)));
		phy_ssb_dmrs_correlate(shares, to, p->cell);
		for (unsigned i = 0; i < PHY_SSB_I_BARS; i++)
			p->share[i] += shares[i];
	}
	return true;
}

static bool same(const struct phy_pbch_payload *a, const struct phy_pbch_payload *b)
{
	return a->sfn == b->sfn && a->half_frame == b->half_frame && a->ssb_index == b->ssb_index &&
	       a->k_ssb_msb == b->k_ssb_msb && ((a->mib[0] ^ b->mib[0]) & ~MIB_SFN) == 0 &&
	       a->mib[1] == b->mib[1] && a->mib[2] == b->mib[2];
}

/* The LLRs of a burst at all antennas. */
static bool hear(struct pbch *p, unsigned burst, unsigned i_bar)
{
	const struct phy_ssb *rx[PHY_SSB_ANTENNAS_MAX];
	float *llr[PHY_SSB_ANTENNAS_MAX];
	struct phy_ssb_measure measure[PHY_SSB_ANTENNAS_MAX];

	for (unsigned a = 0; a < p->antennas; a++) {
		unsigned n = burst * p->antennas + a;

		p->burst[n].half_frames_on = 2 * FRAMES * burst;
		rx[a] = &p->received[n];
		llr[a] = p->burst[n].llr;
	}
	return phy_ssb_receive_array(rx, p->antennas, p->cell, i_bar, llr, measure) ==
	       (1u << p->antennas) - 1;
}

static bool pbch_send(struct blocks *b, unsigned transmission)
{
	struct pbch *p = b->own;
	struct phy_pbch_payload payload;
	unsigned i_bar = 0, bursts = (transmission + 1) * p->antennas;

	if (!pass(b, transmission))
		return false;
	for (unsigned i = 1; i < PHY_SSB_I_BARS; i++)
		i_bar = p->share[i] > p->share[i_bar] ? i : i_bar;
	if (b->config.pbch_known)
		i_bar = phy_pbch_i_bar(p->l_max, p->payload.ssb_index, p->payload.half_frame);
	for (unsigned n = 0; n <= transmission; n++) {
		if (!hear(p, n, i_bar))
			return false;
	}
	return phy_pbch_receive(&p->coder, &b->kern, p->burst, bursts, p->l_max, p->cell, i_bar, &payload) &&
	       same(&payload, &p->payload);
}

const struct blocks_kind_ops blocks_pbch = { pbch_open, pbch_close, pbch_begin, pbch_send, 20e-3 };
