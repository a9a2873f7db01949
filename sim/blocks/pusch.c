/* Transport blocks of a PUSCH at several antennas, with HARQ of soft combining. */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "sim/blocks/parts.h"

struct pusch {
	struct phy_pusch plan[BLOCKS_TRANSMISSIONS_MAX];
	struct phy_chest_filters *filters;
	struct phy_dfts *dfts;
	struct phy_pusch_sender *sender;
	struct phy_pusch_receiver *receiver;
	struct phy_harq *harq;
	struct phy_grid ports[PHY_UL_PORTS_MAX], antennas[CHANNEL_ANTENNAS_MAX];
	struct phy_cf *re; /* of all of them */
	uint8_t *tb, *back;
	unsigned slot;
};

/* Resource elements of a grid. */
static size_t grid_re(const struct phy_grid *g)
{
	return (size_t)g->symbols * g->prbs * PHY_SC_PER_PRB;
}

static void pusch_close(struct blocks *b)
{
	struct pusch *p = b->own;

	if (!p)
		return;
	phy_pusch_sender_free(p->sender);
	phy_pusch_receiver_free(p->receiver);
	phy_chest_filters_free(p->filters);
	phy_dfts_free(p->dfts);
	phy_harq_free(p->harq);
	free(p->re);
	free(p->tb);
	free(p->back);
	free(p);
}

static void open_grids(struct pusch *p, const struct blocks *b)
{
	const struct phy_pusch_config *c = &b->config.pusch;
	struct phy_cf *re = p->re;

	for (unsigned i = 0; i < PHY_UL_PORTS_MAX + b->config.antennas; i++) {
		struct phy_grid *g = i < PHY_UL_PORTS_MAX ? &p->ports[i] : &p->antennas[i - PHY_UL_PORTS_MAX];

		*g = (struct phy_grid){ re, c->bwp_prbs, c->bwp_start, c->extended ? 12 : 14 };
		re += grid_re(g);
	}
}

static bool allocate(struct pusch *p, const struct blocks *b)
{
	uint32_t a = p->plan[0].sch.a;
	size_t re = (size_t)PHY_SYMBOLS_MAX * b->config.pusch.bwp_prbs * PHY_SC_PER_PRB;

	p->filters = phy_chest_filters_new();
	p->dfts = phy_dfts_new();
	p->sender = p->dfts ? phy_pusch_sender_new(p->dfts) : NULL;
	p->receiver = p->filters && p->dfts ? phy_pusch_receiver_new(p->filters, p->dfts, b->config.antennas,
						      b->config.pusch.layers)
					    : NULL;
	p->harq = phy_harq_new(a);
	p->re = calloc(re * (PHY_UL_PORTS_MAX + b->config.antennas), sizeof(*p->re));
	p->tb = calloc(1, bits_octets(a));
	p->back = calloc(1, bits_octets(a));
	return p->sender && p->receiver && p->harq && p->re && p->tb && p->back;
}

static bool make_plans(struct pusch *p, const struct blocks *b, const char **why)
{
	for (unsigned i = 0; i < b->config.transmissions; i++) {
		struct phy_pusch_config c = b->config.pusch;
		enum phy_pusch_error e;

		c.rv = blocks_rv[i];
		e = phy_pusch_init(&p->plan[i], &c);
		if (e == PHY_PUSCH_OK)
			continue;
		*why = phy_pusch_error_text(e);
		return false;
	}
	return true;
}

static bool pusch_open(struct blocks *b, const char **why)
{
	const struct phy_pusch_config *c = &b->config.pusch;
	struct phy_ofdm_config ofdm = { .mu = c->mu, .extended = c->extended, .prbs = c->bwp_prbs };
	struct pusch *p = calloc(1, sizeof(*p));

	b->own = p;
	if (!p || !make_plans(p, b, why))
		return false;
	*why = "1 to 8 antennas receive";
	if (b->config.antennas < 1 || b->config.antennas > CHANNEL_ANTENNAS_MAX)
		return false;
	*why = "out of memory";
	if (!allocate(p, b))
		return false;
	open_grids(p, b);
	b->size = (struct blocks_size){ .bits = p->plan[0].sch.a,
		.coded = p->plan[0].sch.a + (p->plan[0].sch.a > 3824 ? 24 : 16), /* 38.212 7.2.1 */
		.symbols = p->plan[0].plan.re * c->layers,
		.modulation = p->plan[0].modulation,
		.slot_s = 1e-3 / (1u << c->mu) };
	b->config.air.uplink = true;
	b->air = air_new_array(&b->config.air, &ofdm, p->plan[0].precoding.ports, b->config.antennas, why);
	return b->air != NULL;
}

static void pusch_begin(struct blocks *b)
{
	struct pusch *p = b->own;

	blocks_draw_bits(&b->random, p->tb, p->plan[0].sch.a);
	p->slot = (unsigned)(blocks_draw(&b->random) % (10u << b->config.pusch.mu));
	phy_harq_reset(p->harq);
}

/* All ports together to a power of 1 on a resource element, which is what SNR goes by. */
static void normalize(struct pusch *p, const struct phy_pusch *plan)
{
	const struct phy_precoding *w = &plan->precoding;
	float power = 0, scale;

	for (unsigned i = 0; i < w->ports * w->layers; i++) {
		struct phy_cf v = w->w[i / w->layers][i % w->layers];

		power += v.re * v.re + v.im * v.im;
	}
	scale = 1 / sqrtf(power);
	for (size_t i = 0; power != 1 && i < grid_re(p->ports) * w->ports; i++) {
		p->re[i].re *= scale;
		p->re[i].im *= scale;
	}
}

static bool pusch_send(struct blocks *b, unsigned transmission)
{
	struct pusch *p = b->own;
	const struct phy_pusch *plan = &p->plan[transmission];
	const struct phy_time_domain *t = &plan->config.time;
	unsigned slot = (p->slot + 8 * transmission) % (10u << plan->config.mu);
	struct phy_pusch_result result;

	memset(p->re, 0, grid_re(p->ports) * plan->precoding.ports * sizeof(*p->re));
	if (!phy_pusch_send(p->sender, &b->kern, plan, slot, p->tb, p->ports))
		return false;
	normalize(p, plan);
	air_pass_array(b->air, &b->kern, p->ports, p->antennas, slot, t->s, t->l);
	return phy_pusch_receive(p->receiver, &b->kern, plan, slot, p->antennas, b->config.antennas, p->harq,
		       p->back, &result) &&
	       result.ok &&
	       bytes_equal(bytes_of(p->tb, bits_octets(plan->sch.a)),
		       bytes_of(p->back, bits_octets(plan->sch.a)));
}

const struct blocks_kind_ops blocks_pusch = { pusch_open, pusch_close, pusch_begin, pusch_send, 0 };
