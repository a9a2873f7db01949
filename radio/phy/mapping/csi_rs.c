#include "radio/phy/mapping/csi_rs.h"

#include "radio/phy/codes/bits.h"
#include "radio/phy/mapping/tables.h"

const char *phy_csi_rs_error_text(enum phy_csi_rs_error e)
{
	static const char *const text[PHY_CSI_RS_ERRORS] = {
		[PHY_CSI_RS_OK] = "fine",
		[PHY_CSI_RS_ROW] = "no such row of 38.211 Table 7.4.1.5.3-1",
		[PHY_CSI_RS_DENSITY] = "the row has no such density",
		[PHY_CSI_RS_FREQUENCY] =
			"the frequency domain allocation has not as many bits as the row needs",
		[PHY_CSI_RS_OVERLAP] = "two CDM groups lie on the same resource elements",
		[PHY_CSI_RS_TIME] = "symbols outside the slot",
		[PHY_CSI_RS_PRBS] = "no resource blocks, or outside a carrier",
		[PHY_CSI_RS_IDENTITY] = "the scrambling identity is above 1023",
	};

	return (unsigned)e < PHY_CSI_RS_ERRORS ? text[e] : "unknown";
}

/* f(i) of 7.4.1.5.3: k_0, k_1 .. from the bits that are set. How many; -1: the row has no such bits. */
static int k_values(const struct phy_csi_rs_config *c, uint8_t k[6])
{
	unsigned bits = c->row == 1 ? 4 : c->row == 2 ? 12 : c->row == 4 ? 3 : 6;
	unsigned apart = c->row <= 2 ? 1 : c->row == 4 ? 4 : 2;
	int n = 0;

	if (c->frequency >> bits || __builtin_popcount(c->frequency) > 6)
		return -1;
	for (unsigned b = 0; b < bits; b++)
		if (c->frequency >> b & 1)
			k[n++] = (uint8_t)(apart * b);
	return n;
}

static bool density_is_of(const struct phy_csi_rs_row *row, enum phy_csi_rs_density d)
{
	static const uint8_t bit[] = { [PHY_CSI_RS_ONE] = 1,
		[PHY_CSI_RS_THREE] = 2,
		[PHY_CSI_RS_HALF_EVEN] = 4,
		[PHY_CSI_RS_HALF_ODD] = 4 };

	return (unsigned)d < sizeof(bit) && row->densities & bit[d];
}

/* Where each CDM group lies. */
static enum phy_csi_rs_error place(struct phy_csi_rs *p, const struct phy_csi_rs_row *row)
{
	const struct phy_csi_rs_config *c = &p->config;
	unsigned symbols = c->extended ? 12 : 14;
	uint8_t k[6] = { 0 };
	int have = k_values(c, k), need = 0;

	for (unsigned i = 0; i < row->places; i++)
		need = row->place[i].k + 1 > need ? row->place[i].k + 1 : need;
	if (have != need)
		return PHY_CSI_RS_FREQUENCY;
	for (unsigned i = 0; i < row->places; i++) {
		unsigned l0 = row->place[i].l ? c->l1 : c->l0;
		unsigned at_k = k[row->place[i].k] + row->place[i].more_k, at_l = l0 + row->place[i].more_l;

		if (row->place[i].l && (c->l1 < 2 || c->l1 > 12))
			return PHY_CSI_RS_TIME;
		if (at_l + row->cdm_t > symbols || at_k + row->cdm_f > PHY_SC_PER_PRB)
			return at_l + row->cdm_t > symbols ? PHY_CSI_RS_TIME : PHY_CSI_RS_FREQUENCY;
		p->k[i] = (uint8_t)at_k;
		p->l[i] = (uint8_t)at_l;
		for (unsigned l = at_l; l < at_l + row->cdm_t; l++) {
			uint16_t mask = (uint16_t)(((1u << row->cdm_f) - 1) << at_k);

			if (p->re[l] & mask)
				return PHY_CSI_RS_OVERLAP;
			p->re[l] |= mask;
			p->symbols |= (uint16_t)(1u << l);
		}
	}
	return PHY_CSI_RS_OK;
}

enum phy_csi_rs_error phy_csi_rs_init(struct phy_csi_rs *p, const struct phy_csi_rs_config *c)
{
	const struct phy_csi_rs_row *row;

	*p = (struct phy_csi_rs){ .config = *c };
	if (c->row < 1 || c->row > PHY_CSI_RS_ROWS)
		return PHY_CSI_RS_ROW;
	row = &phy_csi_rs_locations[c->row - 1];
	if (!density_is_of(row, c->density))
		return PHY_CSI_RS_DENSITY;
	if (c->prbs == 0 || c->prbs > PHY_PRB_MAX || c->first_crb > PHY_CSI_RS_CRB_MAX - PHY_PRB_MAX)
		return PHY_CSI_RS_PRBS;
	if (c->n_id > 1023)
		return PHY_CSI_RS_IDENTITY;
	p->ports = row->ports;
	p->cdm_f = row->cdm_f;
	p->cdm_t = row->cdm_t;
	p->places = row->places;
	p->groups = (uint8_t)(row->ports / (row->cdm_f * row->cdm_t));
	return place(p, row);
}

bool phy_csi_rs_in(const struct phy_csi_rs *p, unsigned crb)
{
	const struct phy_csi_rs_config *c = &p->config;

	if (crb < c->first_crb || crb >= (unsigned)c->first_crb + c->prbs)
		return false;
	return c->density < PHY_CSI_RS_HALF_EVEN || crb % 2 == (c->density == PHY_CSI_RS_HALF_ODD);
}

size_t phy_csi_rs_values(const struct phy_csi_rs *p)
{
	unsigned blocks = 0;

	for (unsigned crb = p->config.first_crb; crb < (unsigned)p->config.first_crb + p->config.prbs; crb++)
		blocks += phy_csi_rs_in(p, crb);
	return (size_t)blocks * (p->places / p->groups);
}

bool phy_csi_rs_work_init(struct phy_csi_rs_work *w)
{
	return phy_constellation_init(&w->qpsk, PHY_QPSK);
}

/* 7.4.1.5.2: the sequence of a symbol, as bits from common resource block 0 on. */
static void symbol_bits(struct phy_csi_rs_work *w, const struct kern *k, const struct phy_csi_rs *p,
	unsigned slot, unsigned symbol)
{
	uint64_t n_id = p->config.n_id, time = (uint64_t)(p->config.extended ? 12 : 14) * slot + symbol + 1;
	uint32_t c_init = (uint32_t)((time * (2 * n_id + 1) << 10) + n_id) & 0x7fffffff;
	size_t octets = bits_octets((p->config.first_crb + p->config.prbs) * 6u) + 1;

	memset(w->bits, 0, octets);
	phy_scramble_packed(k, w->bits, octets * 8, c_init);
}

static struct phy_cf value(const struct phy_csi_rs_work *w, size_t m)
{
	return w->qpsk.point[w->bits[m / 4] >> (6 - 2 * (m % 4)) & 3];
}

/* m' of 7.4.1.5.3 for k' = 0: a block has alpha values of the sequence, which is 3, 1 or 1/2 with one port,
 * else 2 or 1. */
static size_t first_value(const struct phy_csi_rs *p, unsigned crb, unsigned k)
{
	bool half = p->config.density >= PHY_CSI_RS_HALF_EVEN;

	if (p->config.density == PHY_CSI_RS_THREE)
		return 3 * (size_t)crb + k / 4;
	if (p->ports == 1)
		return half ? crb / 2 : crb;
	return half ? crb : 2 * (size_t)crb;
}

/* The cover of sequence s of a group (Tables 7.4.1.5.3-2 to -5): Walsh functions, over frequency first. */
static float cover(unsigned s, unsigned k, unsigned l)
{
	return __builtin_parity((s & k) ^ (s >> 1 & l)) ? -1.0f : 1.0f;
}

static bool fits(const struct phy_csi_rs *p, const struct phy_grid *g)
{
	return g->symbols == (p->config.extended ? 12 : 14) && g->first_crb <= p->config.first_crb &&
	       g->first_crb + g->prbs >= p->config.first_crb + p->config.prbs;
}

/* A resource element: in which of the blocks with CSI-RS, where within its group, and what it is multiplied
 * by. */
struct spot {
	unsigned block, place, k, l;
	struct phy_cf r;
	size_t at; /* of the grid */
};

typedef void spot_fn(void *arg, const struct phy_csi_rs *p, const struct spot *s);

/* The spots of a place in one symbol. */
static void walk_place(const struct phy_csi_rs_work *w, const struct phy_csi_rs *p, const struct phy_grid *g,
	unsigned symbol, struct spot s, spot_fn *fn, void *arg)
{
	const struct phy_csi_rs_config *c = &p->config;

	for (unsigned crb = c->first_crb; crb < (unsigned)c->first_crb + c->prbs; crb++) {
		size_t m = first_value(p, crb, p->k[s.place]);

		if (!phy_csi_rs_in(p, crb))
			continue;
		for (s.k = 0; s.k < p->cdm_f; s.k++) {
			unsigned sc = (crb - g->first_crb) * PHY_SC_PER_PRB + p->k[s.place] + s.k;

			s.r = value(w, m + s.k);
			s.at = (size_t)symbol * g->prbs * PHY_SC_PER_PRB + sc;
			fn(arg, p, &s);
		}
		s.block++;
	}
}

static void walk(struct phy_csi_rs_work *w, const struct kern *k, const struct phy_csi_rs *p, unsigned slot,
	const struct phy_grid *g, spot_fn *fn, void *arg)
{
	for (unsigned symbol = 0; symbol < g->symbols; symbol++) {
		if (!(p->symbols >> symbol & 1))
			continue;
		symbol_bits(w, k, p, slot, symbol);
		for (unsigned i = 0; i < p->places; i++)
			if (symbol >= p->l[i] && symbol - p->l[i] < p->cdm_t)
				walk_place(w, p, g, symbol,
					(struct spot){ .place = i, .l = symbol - p->l[i] }, fn, arg);
	}
}

struct sending {
	const struct phy_grid *grids;
	float amplitude;
};

/* The port of sequence s in the group of a place; all places of row 1 are of one. */
static unsigned port_of(const struct phy_csi_rs *p, unsigned place, unsigned s)
{
	return s + (p->groups == 1 ? 0 : place) * p->cdm_f * p->cdm_t;
}

static void send_spot(void *arg, const struct phy_csi_rs *p, const struct spot *s)
{
	const struct sending *to = arg;

	for (unsigned i = 0; i < (unsigned)p->cdm_f * p->cdm_t; i++) {
		float a = to->amplitude * cover(i, s->k, s->l);

		to->grids[port_of(p, s->place, i)].re[s->at] = (struct phy_cf){ a * s->r.re, a * s->r.im };
	}
}

bool phy_csi_rs_send(struct phy_csi_rs_work *w, const struct kern *k, const struct phy_csi_rs *p,
	unsigned slot, float amplitude, const struct phy_grid *grids)
{
	struct sending to = { grids, amplitude };

	for (unsigned i = 0; i < p->ports; i++)
		if (!fits(p, &grids[i]) || grids[i].prbs != grids[0].prbs ||
			grids[i].first_crb != grids[0].first_crb)
			return false;
	walk(w, k, p, slot, &grids[0], send_spot, &to);
	return true;
}

struct receiving {
	const struct phy_cf *re;
	struct phy_cf *h;
	size_t n; /* values a port */
};

static void receive_spot(void *arg, const struct phy_csi_rs *p, const struct spot *s)
{
	const struct receiving *from = arg;
	unsigned size = (unsigned)p->cdm_f * p->cdm_t, per_block = p->places / p->groups;
	struct phy_cf y = from->re[s->at];
	float re = (y.re * s->r.re + y.im * s->r.im) / (float)size,
	      im = (y.im * s->r.re - y.re * s->r.im) / (float)size;
	size_t i = (size_t)s->block * per_block + (per_block > 1 ? s->place : 0);

	for (unsigned seq = 0; seq < size; seq++) {
		struct phy_cf *h = &from->h[port_of(p, s->place, seq) * from->n + i];
		float sign = cover(seq, s->k, s->l);

		h->re += sign * re;
		h->im += sign * im;
	}
}

bool phy_csi_rs_receive(struct phy_csi_rs_work *w, const struct kern *k, const struct phy_csi_rs *p,
	unsigned slot, const struct phy_grid *grid, struct phy_cf *h)
{
	struct receiving from = { grid->re, h, phy_csi_rs_values(p) };

	if (!fits(p, grid))
		return false;
	memset(h, 0, p->ports * from.n * sizeof(*h));
	walk(w, k, p, slot, grid, receive_spot, &from);
	return true;
}
