/* The sizes of DCIs and their fields: 38.212 7.3.1.0, 7.3.1.1.2, 7.3.1.2.2. */
#include "radio/cell/antenna_ports.h"
#include "radio/cell/grant.h"
#include "radio/cell/own_read.h"
#include "radio/cell/parts.h"

enum {
	HARQ_BITS = 4,
	SRS_REQUEST_BITS = 2,
	DAI_BITS = 2, /* a dynamic codebook, one cell; a semi-static one has 0 in DCI 1_1 and 1 in 0_1 */
	TIMES_DEFAULT = 16,
	SIZES_MAX = 3, /* with the C-RNTI (7.3.1.0 step 3) */
};

/* ceil(log2(n)) */
static uint8_t bits_for(unsigned n)
{
	uint8_t bits = 0;

	while (1u << bits < n)
		bits++;
	return bits;
}

/* Up to three beside the initial one are told from that too; four are told from one another. */
static uint8_t bwp_bits(const struct cell_shared *s)
{
	unsigned n = (unsigned)__builtin_popcount(s->bwps);

	return bits_for(n <= 3 ? n + 1 : n);
}

static uint8_t frequency_bits(const struct cell_shared *s, const struct cell_carrier *at)
{
	unsigned groups = phy_rbg_count(at->bwp_start, at->bwp_prbs, s->rbg_config),
		 riv = phy_dci_riv_bits(at->bwp_prbs);

	if (s->allocation == CELL_ALLOCATION_SWITCH)
		return (uint8_t)((groups > riv ? groups : riv) + 1);
	return (uint8_t)(s->allocation == CELL_ALLOCATION_TYPE0 ? groups : riv);
}

/* The wider of both mapping types', of those that are configured. */
static uint8_t ports_bits(enum cell_ports_of of, const struct cell_shared *s)
{
	unsigned a = cell_ports_bits(of, &s->dmrs[0]), b = cell_ports_bits(of, &s->dmrs[1]);

	if (!s->dmrs[1].there || (s->dmrs[0].there && a > b))
		return (uint8_t)a;
	return (uint8_t)b;
}

static uint8_t times_bits(unsigned own, unsigned common)
{
	return bits_for(own > 0 ? own : common > 0 ? common : TIMES_DEFAULT);
}

static void widths_1_1(
	uint8_t width[PHY_DCI_FIELDS], const struct cell *c, const struct cell_own *o, bool tci)
{
	const struct cell_pdsch *p = &o->pdsch;

	width[PHY_DCI_BWP] = bwp_bits(&p->shared);
	width[PHY_DCI_FREQUENCY] = frequency_bits(&p->shared, &c->downlink);
	width[PHY_DCI_TIME] = times_bits(o->pdsch_times_n, c->pdsch_times_n);
	width[PHY_DCI_VRB_TO_PRB] =
		p->interleaver != PHY_VRB_DIRECT && p->shared.allocation != CELL_ALLOCATION_TYPE0;
	width[PHY_DCI_PRB_BUNDLING] = p->bundling_indicated;
	if (p->two_codewords) {
		width[PHY_DCI_MCS_2] = 5;
		width[PHY_DCI_NDI_2] = 1;
		width[PHY_DCI_RV_2] = 2;
	}
	width[PHY_DCI_HARQ_PROCESS] = HARQ_BITS;
	width[PHY_DCI_DAI] = o->semi_static ? 0 : DAI_BITS;
	width[PHY_DCI_HARQ_TIMING] = bits_for(p->k1_n);
	width[PHY_DCI_ANTENNA_PORTS] = ports_bits(CELL_PORTS_PDSCH, &p->shared);
	width[PHY_DCI_TCI] = tci ? 3 : 0;
	width[PHY_DCI_SRS_REQUEST] = SRS_REQUEST_BITS;
}

static void widths_0_1(uint8_t width[PHY_DCI_FIELDS], const struct cell *c, const struct cell_own *o)
{
	const struct cell_pusch *p = &o->pusch;
	bool precoded = cell_own_precodes(c, o);

	width[PHY_DCI_BWP] = bwp_bits(&p->shared);
	width[PHY_DCI_FREQUENCY] = frequency_bits(&p->shared, &c->uplink);
	width[PHY_DCI_TIME] = times_bits(o->pusch_times_n, c->pusch_times_n);
	width[PHY_DCI_HOPPING] = p->hopping && p->shared.allocation != CELL_ALLOCATION_TYPE0;
	width[PHY_DCI_HARQ_PROCESS] = HARQ_BITS;
	width[PHY_DCI_DAI] = o->semi_static ? 1 : DAI_BITS;
	width[PHY_DCI_SRS_RESOURCE] = bits_for(p->srs_resources);
	width[PHY_DCI_ANTENNA_PORTS] =
		ports_bits(precoded ? CELL_PORTS_PRECODED_PUSCH : CELL_PORTS_PUSCH, &p->shared);
	width[PHY_DCI_SRS_REQUEST] = SRS_REQUEST_BITS;
	width[PHY_DCI_CSI_REQUEST] = p->csi_request_bits;
	width[PHY_DCI_BETA_OFFSET] = p->beta_indicated ? 2 : 0;
	width[PHY_DCI_DMRS_INIT] = !precoded;
}

/* 38.212 7.3.1.1.1, 7.3.1.1.2: bits that choose the offset of a hop; before any is configured as for Msg3. */
static uint8_t cell_hop_bits(const struct cell *c, const struct cell_own *o)
{
	if (!o || o->pusch.hops == 0)
		return c->uplink.bwp_prbs < 50 ? 1 : 2;
	return o->pusch.hops > 2 ? 2 : 1;
}

/* Of 0_0 and 1_0 in a UE-specific space, which step 3 keeps 0_1 and 1_1 apart from; 0: nothing to keep apart.
 */
static unsigned fallback_bits(const struct cell *c, const struct cell_own *o)
{
	struct phy_dci_layout l;

	for (unsigned i = 0; i < CELL_SPACES_MAX && !o->sizes_cut; i++)
		if (o->spaces[i].there && o->spaces[i].space.ue_specific && !o->spaces[i].configured)
			return phy_dci_layout_specific(&l, PHY_DCI_1_0_C, &c->bandwidth) ? l.bits : 0;
	return 0;
}

static bool layout_configured(struct phy_dci_layout *l, const struct cell *c, const struct cell_own *o,
	const struct cell_space *s, enum phy_dci_kind kind)
{
	uint8_t width[PHY_DCI_FIELDS] = { 0 };
	const struct cell_shared *shared = kind == PHY_DCI_1_1 ? &o->pdsch.shared : &o->pusch.shared;
	const struct cell_carrier *at = kind == PHY_DCI_1_1 ? &c->downlink : &c->uplink;

	if (kind == PHY_DCI_1_1)
		widths_1_1(width, c, o, s->tci);
	else if (kind == PHY_DCI_0_1)
		widths_0_1(width, c, o);
	/* The assignment of a DCI that may indicate another bandwidth part is of that one's blocks. */
	if (!phy_dci_layout_configured(l, kind, width,
		    shared->allocation == CELL_ALLOCATION_TYPE1 && shared->bwps == 0 ? at->bwp_prbs : 0,
		    fallback_bits(c, o)))
		return false;
	if (kind == PHY_DCI_0_1)
		l->hop_bits = cell_hop_bits(c, o);
	return true;
}

/* What is narrower is read with zeros before it, of what is wider the last bits count. */
void cell_dci_fit(struct phy_dci *d, const struct cell *c, const struct cell_own *own, bool tci)
{
	const struct cell_space from = { .tci = tci };
	struct phy_dci whole = *d;
	struct phy_dci_layout l;

	if (!layout_configured(&l, c, own, &from, d->kind))
		return;
	*d = (struct phy_dci){ .kind = whole.kind };
	for (unsigned i = 0; i < l.items; i++)
		d->field[l.item[i].field] =
			whole.field[l.item[i].field] & (uint32_t)((UINT64_C(1) << l.item[i].width) - 1);
}

bool cell_dci_layout(struct phy_dci_layout *l, const struct cell *c, const struct cell_own *own,
	const struct cell_space *s, enum phy_dci_kind kind)
{
	bool cut = own && own->sizes_cut;

	if (s && s->configured)
		return own && layout_configured(l, c, own, s, kind);
	if (!(s && s->space.ue_specific && !cut ? phy_dci_layout_specific(l, kind, &c->bandwidth)
						: phy_dci_layout_common(l, kind, &c->bandwidth)))
		return false;
	if (kind == PHY_DCI_0_0)
		l->hop_bits = cell_hop_bits(c, own);
	return true;
}

static void add_size(unsigned *n, uint8_t sizes[SIZES_MAX + 1], uint8_t bits)
{
	for (unsigned i = 0; i < *n; i++)
		if (sizes[i] == bits)
			return;
	if (*n <= SIZES_MAX)
		sizes[(*n)++] = bits;
}

/* How many sizes there are, more than SIZES_MAX or not; 0: a DCI cannot be. Common spaces have 1_0 in any
 * case. */
static unsigned sizes_of(const struct cell_own *o, const struct cell *c)
{
	static const enum phy_dci_kind kinds[] = { PHY_DCI_0_0, PHY_DCI_1_0_C, PHY_DCI_0_1, PHY_DCI_1_1 };
	uint8_t sizes[SIZES_MAX + 1];
	struct phy_dci_layout l;
	unsigned n = 0;

	if (cell_dci_layout(&l, c, o, &c->random_access, PHY_DCI_1_0_C))
		add_size(&n, sizes, l.bits);
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++) {
		const struct cell_space *s = &o->spaces[i];

		for (unsigned k = 0; s->there && k < ARRAY_LEN(kinds); k++)
			if (s->configured != (kinds[k] >= PHY_DCI_0_1))
				continue;
			else if (!cell_dci_layout(&l, c, o, s, kinds[k]))
				return 0;
			else
				add_size(&n, sizes, l.bits);
	}
	return n;
}

/* What step 4 must not make: 0_0 and 1_0 of a UE-specific space of the size of 0_1 or 1_1. */
static bool is_ambiguous(const struct cell_own *o, const struct cell *c)
{
	bool fallback = false, same = false;
	struct phy_dci_layout l, cut;

	if (!phy_dci_layout_common(&cut, PHY_DCI_1_0_C, &c->bandwidth))
		return true;
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++) {
		const struct cell_space *s = &o->spaces[i];

		fallback = fallback || (s->there && s->space.ue_specific && !s->configured);
		for (enum phy_dci_kind k = PHY_DCI_0_1; s->there && s->configured && k <= PHY_DCI_1_1; k++)
			same = same || !cell_dci_layout(&l, c, o, s, k) || l.bits == cut.bits;
	}
	return fallback && same;
}

/* More sizes than a UE looks for are cut: 0_0 and 1_0 of UE-specific spaces to those of common ones (step 4).
 */
const char *cell_own_sizes(struct cell_own *o, const struct cell *c)
{
	unsigned n;

	o->sizes_cut = false;
	n = sizes_of(o, c);
	if (n > SIZES_MAX) {
		o->sizes_cut = true;
		n = sizes_of(o, c);
		if (is_ambiguous(o, c))
			return "DCIs of one size that cannot be told apart";
	}
	if (n == 0)
		return "a DCI that cannot be";
	return n > SIZES_MAX ? "more than three sizes of DCI" : NULL;
}
