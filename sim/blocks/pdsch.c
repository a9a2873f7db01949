/* Transport blocks of a PDSCH, with HARQ of soft combining. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/mapping/type1_codebook.h"
#include "sim/blocks/parts.h"

struct pdsch {
	struct phy_pdsch plan[BLOCKS_TRANSMISSIONS_MAX];
	struct phy_chest_filters *filters;
	struct phy_pdsch_sender *sender;
	struct phy_pdsch_receiver *receiver;
	struct phy_harq *harq;
	unsigned ports, antennas;
	struct phy_precoding w[PHY_PRGS_MAX];
	struct phy_grid sent[PHY_CSI_PORTS_MAX], received[CHANNEL_ANTENNAS_MAX];
	struct phy_cf *re; /* of all of them */
	uint8_t *tb, *back;
	unsigned slot;
};

/* Resource elements of a grid. */
static size_t grid_re(const struct phy_grid *g)
{
	return (size_t)g->symbols * g->prbs * PHY_SC_PER_PRB;
}

static void pdsch_close(struct blocks *b)
{
	struct pdsch *p = b->own;

	if (!p)
		return;
	phy_pdsch_sender_free(p->sender);
	phy_pdsch_receiver_free(p->receiver);
	phy_chest_filters_free(p->filters);
	phy_harq_free(p->harq);
	free(p->re);
	free(p->tb);
	free(p->back);
	free(p);
}

/* The grids of ports and antennas; with one of each they are the same. */
static bool open_grids(struct pdsch *p, const struct phy_pdsch_config *c)
{
	struct phy_grid g = { NULL, c->bwp_prbs, c->bwp_start, c->extended ? 12 : 14 };
	bool same = p->ports == 1 && p->antennas == 1;

	p->re = calloc(grid_re(&g) * (p->ports + p->antennas), sizeof(*p->re));
	for (unsigned i = 0; p->re && i < p->ports + p->antennas; i++) {
		g.re = p->re + grid_re(&g) * (same ? 0 : i);
		*(i < p->ports ? &p->sent[i] : &p->received[i - p->ports]) = g;
	}
	return p->re;
}

static bool allocate(struct pdsch *p)
{
	uint32_t a = p->plan[0].sch[0].a;

	p->filters = phy_chest_filters_new();
	p->sender = phy_pdsch_sender_new();
	p->receiver =
		p->filters ? phy_pdsch_receiver_new(p->filters, p->antennas, p->plan[0].config.layers) : NULL;
	p->harq = phy_harq_new(a);
	p->tb = calloc(1, bits_octets(a));
	p->back = calloc(1, bits_octets(a));
	return p->sender && p->receiver && p->harq && p->tb && p->back;
}

static bool make_plans(struct pdsch *p, const struct blocks *b, const char **why)
{
	for (unsigned i = 0; i < b->config.transmissions; i++) {
		struct phy_pdsch_config c = b->config.pdsch;
		enum phy_pdsch_error e;

		c.codeword[0].rv = blocks_rv[i];
		e = phy_pdsch_init(&p->plan[i], &c);
		if (e == PHY_PDSCH_OK)
			continue;
		*why = phy_pdsch_error_text(e);
		return false;
	}
	return true;
}

static bool pdsch_open(struct blocks *b, const char **why)
{
	const struct phy_pdsch_config *c = &b->config.pdsch;
	struct phy_ofdm_config ofdm = { .mu = c->mu, .extended = c->extended, .prbs = c->bwp_prbs };
	struct pdsch *p = calloc(1, sizeof(*p));

	b->own = p;
	if (!p || !make_plans(p, b, why))
		return false;
	p->ports = b->config.ports ? b->config.ports : 1;
	p->antennas = b->config.antennas ? b->config.antennas : 1;
	*why = "1, 2 or 4 ports send as many layers at most, and 1 to 8 antennas receive";
	if (phy_type1_count(p->ports, c->layers) == 0 || p->antennas > CHANNEL_ANTENNAS_MAX)
		return false;
	*why = "out of memory";
	if (!open_grids(p, c) || !allocate(p))
		return false;
	phy_pdsch_receiver_search(p->receiver, b->config.search);
	b->size = (struct blocks_size){ .bits = p->plan[0].sch[0].a,
		.coded = p->plan[0].sch[0].a + (p->plan[0].sch[0].a > 3824 ? 24 : 16), /* 38.212 7.2.1 */
		.symbols = p->plan[0].plan.re * c->layers,
		.modulation = p->plan[0].modulation[0],
		.slot_s = 1e-3 / (1u << c->mu) };
	b->air = air_new_array(&b->config.air, &ofdm, p->ports, p->antennas, why);
	return b->air != NULL;
}

static void pdsch_begin(struct blocks *b)
{
	struct pdsch *p = b->own;

	blocks_draw_bits(&b->random, p->tb, p->plan[0].sch[0].a);
	p->slot = (unsigned)(blocks_draw(&b->random) % (10u << b->config.pdsch.mu));
	phy_harq_reset(p->harq);
}

/* A precoder for each PRG. */
static const struct phy_precoding *draw_precoders(struct blocks *b, const struct phy_pdsch *plan)
{
	struct pdsch *p = b->own;
	unsigned layers = plan->config.layers;

	for (unsigned i = 0; p->ports > 1 && i < phy_pdsch_prgs(plan); i++)
		blocks_draw_precoder(&b->random, &p->w[i], p->ports, layers);
	return p->ports > 1 ? p->w : NULL;
}

static bool pdsch_send(struct blocks *b, unsigned transmission)
{
	struct pdsch *p = b->own;
	const struct phy_pdsch *plan = &p->plan[transmission];
	const struct phy_time_domain *t = &plan->config.time;
	unsigned slot = (p->slot + 8 * transmission) % (10u << plan->config.mu);
	struct phy_pdsch_result result;
	const uint8_t *tb = p->tb;

	memset(p->re, 0, grid_re(p->sent) * p->ports * sizeof(*p->re));
	if (!phy_pdsch_send(p->sender, &b->kern, plan, slot, &tb, draw_precoders(b, plan), p->sent))
		return false;
	air_pass_array(b->air, &b->kern, p->sent, p->received, slot, t->s, t->l);
	return phy_pdsch_receive(p->receiver, &b->kern, plan, slot, p->received, p->antennas, &p->harq,
		       &p->back, &result) &&
	       result.ok &&
	       bytes_equal(bytes_of(p->tb, bits_octets(plan->sch[0].a)),
		       bytes_of(p->back, bits_octets(plan->sch[0].a)));
}

const struct blocks_kind_ops blocks_pdsch = { pdsch_open, pdsch_close, pdsch_begin, pdsch_send, 0 };
