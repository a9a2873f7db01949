/* Transport blocks of a PDSCH, with HARQ of soft combining. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "sim/blocks/parts.h"

struct pdsch {
	struct phy_pdsch plan[BLOCKS_TRANSMISSIONS_MAX];
	struct phy_chest_filters *filters;
	struct phy_pdsch_sender *sender;
	struct phy_pdsch_receiver *receiver;
	struct phy_harq *harq;
	struct phy_grid grid;
	uint8_t *tb, *back;
	unsigned slot;
};

static size_t grid_octets(const struct phy_grid *g)
{
	return (size_t)g->symbols * g->prbs * PHY_SC_PER_PRB * sizeof(*g->re);
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
	free(p->grid.re);
	free(p->tb);
	free(p->back);
	free(p);
}

static bool allocate(struct pdsch *p)
{
	uint32_t a = p->plan[0].sch[0].a;

	p->filters = phy_chest_filters_new();
	p->sender = phy_pdsch_sender_new();
	p->receiver = p->filters ? phy_pdsch_receiver_new(p->filters, 1, 1) : NULL;
	p->harq = phy_harq_new(a);
	p->grid.re = calloc(1, grid_octets(&p->grid));
	p->tb = calloc(1, bits_octets(a));
	p->back = calloc(1, bits_octets(a));
	return p->sender && p->receiver && p->harq && p->grid.re && p->tb && p->back;
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
	p->grid = (struct phy_grid){ NULL, c->bwp_prbs, c->bwp_start, c->extended ? 12 : 14 };
	if (!allocate(p))
		return false;
	b->size = (struct blocks_size){ .bits = p->plan[0].sch[0].a,
		.coded = p->plan[0].sch[0].a + (p->plan[0].sch[0].a > 3824 ? 24 : 16), /* 38.212 7.2.1 */
		.symbols = p->plan[0].plan.re,
		.modulation = p->plan[0].modulation[0],
		.slot_s = 1e-3 / (1u << c->mu) };
	b->air = air_new(&b->config.air, &ofdm, why);
	return b->air != NULL;
}

static void pdsch_begin(struct blocks *b)
{
	struct pdsch *p = b->own;

	blocks_draw_bits(&b->random, p->tb, p->plan[0].sch[0].a);
	p->slot = (unsigned)(blocks_draw(&b->random) % (10u << b->config.pdsch.mu));
	phy_harq_reset(p->harq);
}

static bool pdsch_send(struct blocks *b, unsigned transmission)
{
	struct pdsch *p = b->own;
	const struct phy_pdsch *plan = &p->plan[transmission];
	const struct phy_time_domain *t = &plan->config.time;
	unsigned slot = (p->slot + 8 * transmission) % (10u << plan->config.mu);
	struct phy_pdsch_result result;
	const uint8_t *tb = p->tb;

	memset(p->grid.re, 0, grid_octets(&p->grid));
	if (!phy_pdsch_send(p->sender, &b->kern, plan, slot, &tb, NULL, &p->grid))
		return false;
	air_pass(b->air, &b->kern, &p->grid, slot, t->s, t->l);
	return phy_pdsch_receive(
		       p->receiver, &b->kern, plan, slot, &p->grid, 1, &p->harq, &p->back, &result) &&
	       result.ok &&
	       bytes_equal(bytes_of(p->tb, bits_octets(plan->sch[0].a)),
		       bytes_of(p->back, bits_octets(plan->sch[0].a)));
}

const struct blocks_kind_ops blocks_pdsch = { pdsch_open, pdsch_close, pdsch_begin, pdsch_send, 0 };
