#include "radio/phy/channels/pusch_uci.h"

#include "radio/phy/channels/tables.h"
#include "radio/phy/codes/segment.h"

enum { ACK_SMALL = 2, DATA = PHY_PUSCH_UCI_PARTS, HOPS = 2 };

/* What is being laid out. */
struct layout {
	struct phy_pusch_uci *u;
	const struct phy_pusch_uci_config *c;
	const struct phy_pusch_uci_place *at;
	uint32_t first[PHY_SYMBOLS_MAX + 1]; /* REs before each symbol's */
	uint32_t uci_re[PHY_SYMBOLS_MAX];    /* M_sc^UCI: none where DM-RS is */
	uint32_t all;                        /* their sum */
	uint8_t hops, begin[HOPS], end[HOPS];
	uint8_t after_dmrs[HOPS], no_dmrs[HOPS]; /* l^(i) and l_CSI^(i) of 6.2.7 */
};

/* 38.213 Tables 9.3-1 and -2, in thousandths; 0 for what they do not have. */
static uint32_t beta_of(const struct phy_pusch_uci_config *c, unsigned part)
{
	if (c->beta[part] > 31)
		return 0;
	return part == PHY_PUSCH_ACK ? phy_beta_offsets_ack[c->beta[part]]
				     : phy_beta_offsets_csi[c->beta[part]];
}

/* 6.3.1.2.1, and 6.3.2.4: CRC bits of a part. */
static unsigned crc_bits(unsigned bits)
{
	return bits < 12 ? 0 : bits < 20 ? 6 : 11;
}

static void find_symbols(struct layout *l)
{
	const struct phy_pusch_uci_place *at = l->at;
	unsigned middle = at->hop_symbol < at->end ? at->hop_symbol : at->end;

	l->hops = middle < at->end ? 2 : 1;
	l->begin[0] = at->s;
	l->end[0] = l->begin[1] = (uint8_t)middle;
	l->end[1] = at->end;
	l->all = l->first[0] = 0;
	for (unsigned s = 0; s < PHY_SYMBOLS_MAX; s++) {
		l->first[s + 1] = l->first[s] + at->plan->symbol_re[s];
		l->uci_re[s] = at->dmrs_symbols >> s & 1 ? 0 : at->plan->symbol_re[s];
		l->all += l->uci_re[s];
	}
	for (unsigned h = 0; h < l->hops; h++) {
		unsigned s = l->begin[h];

		while (s < l->end[h] && at->dmrs_symbols >> s & 1)
			s++;
		l->no_dmrs[h] = (uint8_t)s;
		for (s = l->begin[h]; s < l->end[h] && !(at->dmrs_symbols >> s & 1);)
			s++;
		for (; s < l->end[h] && at->dmrs_symbols >> s & 1;)
			s++;
		l->after_dmrs[h] = (uint8_t)s;
	}
}

/* alpha times so many REs, rounded up. */
static uint32_t scaled(const struct layout *l, uint32_t re)
{
	static const uint8_t percent[] = { 50, 65, 80, 100 };

	return (uint32_t)(((uint64_t)re * percent[l->c->alpha] + 99) / 100);
}

/* The REs a part of `bits` wants: with UL-SCH measured by its code blocks, else by the code rate. */
static uint32_t wanted(const struct layout *l, unsigned part, unsigned bits)
{
	const struct phy_sch *sch = l->at->sch;
	uint64_t over, under;
	struct segmentation seg;

	if (bits == 0)
		return 0;
	over = (uint64_t)(bits + crc_bits(bits)) * beta_of(l->c, part);
	if (l->c->no_data) {
		over *= 2048;
		under = 1000u * (uint64_t)sch->rate_x2048 * sch->q_m;
	} else {
		if (!segment_init(&seg, segment_base_graph(sch->a, sch->rate_x2048), sch->a))
			return 0;
		over *= l->all;
		under = 1000u * (uint64_t)seg.blocks * seg.k;
	}
	return (uint32_t)((over + under - 1) / under);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

enum { RESERVED = 0x40, KIND = 0x3f, ALL = 0xff }; /* of re[] while it is laid out */

/* Which REs a placement takes, and what they become: those bits of re[] are set anew. */
struct rule {
	uint8_t mask, value;
	uint8_t clear, set;
};

/*
 * A placement of 6.2.7: so many REs of a hop from a symbol on, evenly over a symbol that has more than are
 * left. Returns how many found no place.
 */
static uint32_t place(struct layout *l, unsigned hop, unsigned symbol, uint32_t count, const struct rule *r)
{
	uint8_t *re = l->u->re;

	for (; symbol < l->end[hop] && count > 0; symbol++) {
		uint32_t have = 0, taken = 0, step, n;

		for (uint32_t i = l->first[symbol]; l->uci_re[symbol] && i < l->first[symbol + 1]; i++)
			have += (re[i] & r->mask) == r->value;
		if (have == 0)
			continue;
		step = count >= have ? 1 : have / count;
		n = count >= have ? have : count;
		for (uint32_t i = l->first[symbol], k = 0; i < l->first[symbol + 1] && taken < n; i++) {
			if ((re[i] & r->mask) != r->value)
				continue;
			if (k++ % step == 0) {
				re[i] = (uint8_t)((re[i] & ~r->clear) | r->set);
				taken++;
			}
		}
		count -= taken;
	}
	return count;
}

/* The same over the hops, half each, the odd one in the second; true if all found a place. */
static bool place_all(struct layout *l, const uint8_t *symbol, uint32_t count, const struct rule *r)
{
	uint32_t first = l->hops > 1 ? count / 2 : count;

	return place(l, 0, symbol[0], first, r) == 0 &&
	       (l->hops == 1 || place(l, 1, symbol[1], count - first, r) == 0);
}

/* REs of each part, and what is reserved for HARQ-ACK. */
static void count_re(const struct layout *l, uint32_t q[PHY_PUSCH_UCI_PARTS], uint32_t *reserved)
{
	const struct phy_pusch_uci_config *c = l->c;
	unsigned ack = c->bits[PHY_PUSCH_ACK];
	uint32_t behind = 0, held, most = c->no_data ? l->all : scaled(l, l->all), room;

	for (unsigned s = l->after_dmrs[0]; s < PHY_SYMBOLS_MAX; s++)
		behind += l->uci_re[s];
	q[PHY_PUSCH_ACK] = least(wanted(l, PHY_PUSCH_ACK, ack), scaled(l, behind));
	*reserved = ack > ACK_SMALL ? 0 : least(wanted(l, PHY_PUSCH_ACK, ACK_SMALL), scaled(l, behind));
	held = ack > ACK_SMALL ? q[PHY_PUSCH_ACK] : *reserved;
	room = most > held ? most - held : 0;
	q[PHY_PUSCH_CSI_1] = least(wanted(l, PHY_PUSCH_CSI_1, c->bits[PHY_PUSCH_CSI_1]), room);
	if (c->no_data && c->bits[PHY_PUSCH_CSI_2] == 0)
		q[PHY_PUSCH_CSI_1] = room;
	held = (ack > ACK_SMALL ? q[PHY_PUSCH_ACK] : 0) + q[PHY_PUSCH_CSI_1];
	room = most > held ? most - held : 0;
	q[PHY_PUSCH_CSI_2] =
		c->no_data ? room : least(wanted(l, PHY_PUSCH_CSI_2, c->bits[PHY_PUSCH_CSI_2]), room);
	if (c->bits[PHY_PUSCH_CSI_2] == 0)
		q[PHY_PUSCH_CSI_2] = 0;
}

/* Steps 1 to 5 of 6.2.7. Part 2 of CSI may stand where HARQ-ACK will puncture: the reservation stays with it.
 */
static bool lay_out(struct layout *l, const uint32_t q[PHY_PUSCH_UCI_PARTS], uint32_t reserved)
{
	static const struct rule reserve = { ALL, DATA, 0, RESERVED },
				 ack = { ALL, DATA, KIND, PHY_PUSCH_ACK },
				 csi_1 = { ALL, DATA, KIND, PHY_PUSCH_CSI_1 },
				 csi_2 = { KIND, DATA, KIND, PHY_PUSCH_CSI_2 },
				 puncture = { RESERVED, RESERVED, RESERVED, PHY_PUSCH_UCI_PUNCTURED };
	bool small = l->c->bits[PHY_PUSCH_ACK] <= ACK_SMALL;

	memset(l->u->re, DATA, l->first[PHY_SYMBOLS_MAX]);
	if (small ? !place_all(l, l->after_dmrs, reserved, &reserve)
		  : !place_all(l, l->after_dmrs, q[PHY_PUSCH_ACK], &ack))
		return false;
	return place_all(l, l->no_dmrs, q[PHY_PUSCH_CSI_1], &csi_1) &&
	       place_all(l, l->no_dmrs, q[PHY_PUSCH_CSI_2], &csi_2) &&
	       (!small || place_all(l, l->after_dmrs, q[PHY_PUSCH_ACK], &puncture));
}

static bool config_legal(const struct phy_pusch_uci_config *c)
{
	bool any = false;

	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		any |= c->bits[i] > 0;
		if (c->bits[i] > PHY_UCI_BITS_MAX || (c->bits[i] > 0 && beta_of(c, i) == 0))
			return false;
	}
	return any && (unsigned)c->alpha <= PHY_ALPHA_1 && beta_of(c, PHY_PUSCH_ACK) > 0 &&
	       (c->bits[PHY_PUSCH_CSI_1] > 0 || (c->bits[PHY_PUSCH_CSI_2] == 0 && !c->no_data));
}

bool phy_pusch_uci_init(struct phy_pusch_uci *u, const struct phy_pusch_uci_config *c,
	const struct phy_pusch_uci_place *place)
{
	struct layout l = { .u = u, .c = c, .at = place };
	uint32_t q[PHY_PUSCH_UCI_PARTS], reserved;
	unsigned bits_a_re = place->sch->q_m * place->sch->layers;

	u->used = true;
	if (!config_legal(c))
		return false;
	find_symbols(&l);
	/* without UL-SCH nothing stands beside DM-RS, and hops share by other rules, which are not offered */
	if (c->no_data && (l.hops > 1 || l.all != l.first[PHY_SYMBOLS_MAX]))
		return false;
	count_re(&l, q, &reserved);
	if (!lay_out(&l, q, reserved))
		return false;
	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		u->code[i] = (struct phy_uci){ 0 };
		if (c->bits[i] > 0 && phy_uci_init(&u->code[i], c->bits[i], q[i] * bits_a_re,
					      place->sch->q_m) != PHY_UCI_OK)
			return false;
	}
	u->data_re = 0;
	for (uint32_t i = 0; i < l.first[PHY_SYMBOLS_MAX]; i++) {
		u->re[i] &= (uint8_t)~RESERVED;
		u->data_re += (u->re[i] & KIND) == DATA;
	}
	if (c->no_data)
		u->data_re = 0;
	return c->no_data || u->data_re > 0;
}

/* How many REs from i on are of one kind, and not punctured but for the first. */
static uint32_t run_of(const struct phy_pusch_uci *u, uint32_t i, uint32_t re)
{
	uint32_t end = i + 1;

	while (end < re && u->re[end] == u->re[i] && !(u->re[i] & PHY_PUSCH_UCI_PUNCTURED))
		end++;
	return end - i;
}

void phy_pusch_uci_join(const struct phy_pusch_uci *u, uint32_t re, unsigned bits_a_re,
	const uint8_t *const part[PHY_PUSCH_UCI_PARTS], const uint8_t *data, uint8_t *out)
{
	size_t at[PHY_PUSCH_UCI_PARTS + 1] = { 0 }, bits;

	for (uint32_t i = 0, n; i < re; i += n, out += bits) {
		unsigned kind = u->re[i] & KIND;
		const uint8_t *from = kind < DATA ? part[kind] : data;

		n = run_of(u, i, re);
		bits = (size_t)n * bits_a_re;
		if (kind < DATA || u->data_re > 0)
			(void)bytes_copy(out, bits, bytes_of(from + at[kind], bits));
		else
			memset(out, 0, bits);
		at[kind] += bits;
		if (!(u->re[i] & PHY_PUSCH_UCI_PUNCTURED))
			continue;
		(void)bytes_copy(out, bits, bytes_of(part[PHY_PUSCH_ACK] + at[PHY_PUSCH_ACK], bits));
		at[PHY_PUSCH_ACK] += bits;
	}
}

void phy_pusch_uci_split(const struct phy_pusch_uci *u, uint32_t re, unsigned bits_a_re, const int8_t *llr,
	int8_t *const part[PHY_PUSCH_UCI_PARTS], int8_t *data)
{
	size_t at[PHY_PUSCH_UCI_PARTS + 1] = { 0 }, bits;

	for (uint32_t i = 0, n; i < re; i += n, llr += bits) {
		unsigned kind = u->re[i] & KIND;
		int8_t *to = (kind < DATA ? part[kind] : data) + at[kind];

		n = run_of(u, i, re);
		bits = (size_t)n * bits_a_re;
		at[kind] += bits;
		if (!(u->re[i] & PHY_PUSCH_UCI_PUNCTURED)) {
			memmove(to, llr, bits);
			continue;
		}
		memmove(part[PHY_PUSCH_ACK] + at[PHY_PUSCH_ACK], llr, bits);
		at[PHY_PUSCH_ACK] += bits;
		memset(to, 0, bits);
	}
}
