/* The fields of the formats, 38.212 7.3.1.1.1, 7.3.1.1.2, 7.3.1.2.1 and 7.3.1.2.2, without those that only
 * shared spectrum, several cells or several TRPs have; and the alignment of their sizes, 7.3.1.0. */
#include "radio/phy/channels/dci.h"

#define W(n)    (1u << (n))
#define UPTO(n) ((2u << (n)) - 1)

enum { RIV = 0 }; /* as widths: that of a resource indication value */

struct rule {
	uint8_t field;
	uint32_t widths; /* bit n: it may have n bits */
};

static const struct rule rules_0_0[] = {
	{ PHY_DCI_IDENTIFIER, W(1) },
	{ PHY_DCI_FREQUENCY, RIV },
	{ PHY_DCI_TIME, W(4) },
	{ PHY_DCI_HOPPING, W(1) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_NDI, W(1) },
	{ PHY_DCI_RV, W(2) },
	{ PHY_DCI_HARQ_PROCESS, W(4) },
	{ PHY_DCI_TPC, W(2) },
};

static const struct rule rules_1_0_si[] = {
	{ PHY_DCI_FREQUENCY, RIV },
	{ PHY_DCI_TIME, W(4) },
	{ PHY_DCI_VRB_TO_PRB, W(1) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_RV, W(2) },
	{ PHY_DCI_SI, W(1) },
	{ PHY_DCI_RESERVED, W(15) },
};

static const struct rule rules_1_0_p[] = {
	{ PHY_DCI_SHORT_INDICATOR, W(2) },
	{ PHY_DCI_SHORT_MESSAGES, W(8) },
	{ PHY_DCI_FREQUENCY, RIV },
	{ PHY_DCI_TIME, W(4) },
	{ PHY_DCI_VRB_TO_PRB, W(1) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_TB_SCALING, W(2) },
	{ PHY_DCI_RESERVED, W(6) },
};

static const struct rule rules_1_0_ra[] = {
	{ PHY_DCI_FREQUENCY, RIV },
	{ PHY_DCI_TIME, W(4) },
	{ PHY_DCI_VRB_TO_PRB, W(1) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_TB_SCALING, W(2) },
	{ PHY_DCI_RESERVED, W(16) },
};

static const struct rule rules_1_0_msgb[] = {
	{ PHY_DCI_FREQUENCY, RIV },
	{ PHY_DCI_TIME, W(4) },
	{ PHY_DCI_VRB_TO_PRB, W(1) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_TB_SCALING, W(2) },
	{ PHY_DCI_SFN_LSB, W(2) },
	{ PHY_DCI_RESERVED, W(14) },
};

static const struct rule rules_1_0_tc[] = {
	{ PHY_DCI_IDENTIFIER, W(1) },
	{ PHY_DCI_FREQUENCY, RIV },
	{ PHY_DCI_TIME, W(4) },
	{ PHY_DCI_VRB_TO_PRB, W(1) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_NDI, W(1) },
	{ PHY_DCI_RV, W(2) },
	{ PHY_DCI_HARQ_PROCESS, W(4) },
	{ PHY_DCI_RESERVED, W(2) },
	{ PHY_DCI_TPC, W(2) },
	{ PHY_DCI_PUCCH_RESOURCE, W(3) },
	{ PHY_DCI_HARQ_TIMING, W(3) },
};

static const struct rule rules_1_0_c[] = {
	{ PHY_DCI_IDENTIFIER, W(1) },
	{ PHY_DCI_FREQUENCY, RIV },
	{ PHY_DCI_TIME, W(4) },
	{ PHY_DCI_VRB_TO_PRB, W(1) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_NDI, W(1) },
	{ PHY_DCI_RV, W(2) },
	{ PHY_DCI_HARQ_PROCESS, W(4) },
	{ PHY_DCI_DAI, W(2) },
	{ PHY_DCI_TPC, W(2) },
	{ PHY_DCI_PUCCH_RESOURCE, W(3) },
	{ PHY_DCI_HARQ_TIMING, W(3) },
};

static const struct rule rules_1_0_order[] = {
	{ PHY_DCI_IDENTIFIER, W(1) },
	{ PHY_DCI_FREQUENCY, RIV },
	{ PHY_DCI_PREAMBLE, W(6) },
	{ PHY_DCI_UL_SUL, W(1) },
	{ PHY_DCI_SSB, W(6) },
	{ PHY_DCI_PRACH_MASK, W(4) },
	{ PHY_DCI_RESERVED, W(10) },
};

static const struct rule rules_0_1[] = {
	{ PHY_DCI_IDENTIFIER, W(1) },
	{ PHY_DCI_CARRIER, W(0) | W(3) },
	{ PHY_DCI_UL_SUL, UPTO(1) },
	{ PHY_DCI_BWP, UPTO(2) },
	{ PHY_DCI_FREQUENCY, UPTO(19) },
	{ PHY_DCI_TIME, UPTO(6) },
	{ PHY_DCI_HOPPING, UPTO(1) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_NDI, W(1) },
	{ PHY_DCI_RV, W(2) },
	{ PHY_DCI_HARQ_PROCESS, W(4) | W(5) },
	{ PHY_DCI_DAI, W(1) | W(2) | W(4) },
	{ PHY_DCI_DAI_2, W(0) | W(2) | W(4) },
	{ PHY_DCI_TPC, W(2) },
	{ PHY_DCI_SRS_RESOURCE, UPTO(6) },
	{ PHY_DCI_PRECODING, UPTO(6) },
	{ PHY_DCI_ANTENNA_PORTS, UPTO(5) & ~UPTO(1) },
	{ PHY_DCI_SRS_REQUEST, W(2) | W(3) },
	{ PHY_DCI_CSI_REQUEST, UPTO(6) },
	{ PHY_DCI_CBGTI, W(0) | W(2) | W(4) | W(6) | W(8) },
	{ PHY_DCI_PTRS_DMRS, W(0) | W(2) },
	{ PHY_DCI_BETA_OFFSET, W(0) | W(2) },
	{ PHY_DCI_DMRS_INIT, UPTO(1) },
	{ PHY_DCI_UL_SCH, W(1) },
	{ PHY_DCI_OPEN_LOOP, UPTO(2) },
	{ PHY_DCI_PRIORITY, UPTO(1) },
	{ PHY_DCI_INVALID_SYMBOLS, UPTO(1) },
	{ PHY_DCI_MIN_OFFSET, UPTO(1) },
};

static const struct rule rules_1_1[] = {
	{ PHY_DCI_IDENTIFIER, W(1) },
	{ PHY_DCI_CARRIER, W(0) | W(3) },
	{ PHY_DCI_BWP, UPTO(2) },
	{ PHY_DCI_FREQUENCY, UPTO(19) },
	{ PHY_DCI_TIME, UPTO(6) },
	{ PHY_DCI_VRB_TO_PRB, UPTO(1) },
	{ PHY_DCI_PRB_BUNDLING, UPTO(1) },
	{ PHY_DCI_RATE_MATCHING, UPTO(2) },
	{ PHY_DCI_ZP_CSI_RS, UPTO(2) },
	{ PHY_DCI_MCS, W(5) },
	{ PHY_DCI_NDI, W(1) },
	{ PHY_DCI_RV, W(2) },
	{ PHY_DCI_MCS_2, W(0) | W(5) },
	{ PHY_DCI_NDI_2, UPTO(1) },
	{ PHY_DCI_RV_2, W(0) | W(2) },
	{ PHY_DCI_HARQ_PROCESS, W(4) | W(5) },
	{ PHY_DCI_DAI, W(0) | W(2) | W(4) | W(6) },
	{ PHY_DCI_TPC, W(2) },
	{ PHY_DCI_PUCCH_RESOURCE, W(3) },
	{ PHY_DCI_HARQ_TIMING, UPTO(3) },
	{ PHY_DCI_ANTENNA_PORTS, W(4) | W(5) | W(6) },
	{ PHY_DCI_TCI, W(0) | W(3) },
	{ PHY_DCI_SRS_REQUEST, W(2) | W(3) },
	{ PHY_DCI_CBGTI, W(0) | W(2) | W(4) | W(6) | W(8) },
	{ PHY_DCI_CBGFI, UPTO(1) },
	{ PHY_DCI_DMRS_INIT, W(1) },
	{ PHY_DCI_PRIORITY, UPTO(1) },
	{ PHY_DCI_MIN_OFFSET, UPTO(1) },
};

#define RULES(a) { a, ARRAY_LEN(a) }
static const struct {
	const struct rule *rule;
	uint8_t count;
} formats[PHY_DCI_KINDS] = {
	[PHY_DCI_0_0] = RULES(rules_0_0),
	[PHY_DCI_1_0_SI] = RULES(rules_1_0_si),
	[PHY_DCI_1_0_P] = RULES(rules_1_0_p),
	[PHY_DCI_1_0_RA] = RULES(rules_1_0_ra),
	[PHY_DCI_1_0_MSGB] = RULES(rules_1_0_msgb),
	[PHY_DCI_1_0_TC] = RULES(rules_1_0_tc),
	[PHY_DCI_1_0_C] = RULES(rules_1_0_c),
	[PHY_DCI_1_0_ORDER] = RULES(rules_1_0_order),
	[PHY_DCI_0_1] = RULES(rules_0_1),
	[PHY_DCI_1_1] = RULES(rules_1_1),
};

static void append(struct phy_dci_layout *l, unsigned field, unsigned width)
{
	if (width == 0)
		return;
	l->item[l->items].field = (uint8_t)field;
	l->item[l->items++].width = (uint8_t)width;
	l->bits = (uint8_t)(l->bits + width);
}

/* 0_0 or 1_0 as it is before alignment; cut: bits that the frequency assignment loses at its front. */
static bool lay_fallback(struct phy_dci_layout *l, enum phy_dci_kind kind, unsigned n_rb, unsigned cut)
{
	unsigned riv = phy_dci_riv_bits(n_rb);

	if ((unsigned)kind > PHY_DCI_1_0_ORDER || n_rb < 1 || n_rb > PHY_DCI_RB_MAX || cut > riv)
		return false;
	*l = (struct phy_dci_layout){ .kind = kind, .n_rb = (uint16_t)n_rb };
	for (unsigned i = 0; i < formats[kind].count; i++) {
		const struct rule *r = &formats[kind].rule[i];

		append(l, r->field, r->widths == RIV ? riv - cut : (unsigned)__builtin_ctz(r->widths));
	}
	return true;
}

/* Pads to a size, and names the uplink carrier behind the padding if there was any (7.3.1.1.1). */
static void align(struct phy_dci_layout *l, unsigned bits, bool sul)
{
	bool named = sul && l->kind == PHY_DCI_0_0 && l->bits < bits;

	if (l->bits < bits)
		append(l, PHY_DCI_PADDING, bits - l->bits - named);
	if (named)
		append(l, PHY_DCI_UL_SUL, 1);
}

bool phy_dci_layout_common(
	struct phy_dci_layout *l, enum phy_dci_kind kind, const struct phy_dci_bandwidth *b)
{
	struct phy_dci_layout other;

	if (kind != PHY_DCI_0_0)
		return lay_fallback(l, kind, b->initial_dl, 0);
	if (!lay_fallback(&other, PHY_DCI_1_0_C, b->initial_dl, 0) ||
		!lay_fallback(l, PHY_DCI_0_0, b->initial_ul, 0))
		return false;
	if (l->bits > other.bits)
		return lay_fallback(l, PHY_DCI_0_0, b->initial_ul, l->bits - other.bits);
	align(l, other.bits, b->sul);
	return true;
}

bool phy_dci_layout_specific(
	struct phy_dci_layout *l, enum phy_dci_kind kind, const struct phy_dci_bandwidth *b)
{
	struct phy_dci_layout other;
	bool up = kind == PHY_DCI_0_0;

	if (!up && kind != PHY_DCI_1_0_C && kind != PHY_DCI_1_0_ORDER)
		return false;
	if (!lay_fallback(l, kind, up ? b->active_ul : b->active_dl, 0) ||
		!lay_fallback(&other, up ? PHY_DCI_1_0_C : PHY_DCI_0_0, up ? b->active_dl : b->active_ul, 0))
		return false;
	align(l, other.bits, b->sul);
	return true;
}

bool phy_dci_layout_configured(struct phy_dci_layout *l, enum phy_dci_kind kind,
	const uint8_t width[PHY_DCI_FIELDS], unsigned riv_rb, unsigned fallback_bits)
{
	bool known[PHY_DCI_FIELDS] = { false };

	if ((kind != PHY_DCI_0_1 && kind != PHY_DCI_1_1) || riv_rb > PHY_DCI_RB_MAX)
		return false;
	*l = (struct phy_dci_layout){ .kind = kind, .n_rb = (uint16_t)riv_rb };
	for (unsigned i = 0; i < formats[kind].count; i++) {
		const struct rule *r = &formats[kind].rule[i];
		unsigned w = width[r->field];

		if (w == 0 && (r->widths & (r->widths - 1)) == 0)
			w = (unsigned)__builtin_ctz(r->widths);
		if (w > 19 || !(r->widths >> w & 1))
			return false;
		known[r->field] = true;
		append(l, r->field, w);
	}
	for (unsigned i = 0; i < PHY_DCI_FIELDS; i++) {
		if (width[i] > 0 && !known[i])
			return false;
	}
	if (riv_rb > 0 && width[PHY_DCI_FREQUENCY] < phy_dci_riv_bits(riv_rb))
		return false;
	if (l->bits == fallback_bits)
		append(l, PHY_DCI_PADDING, 1);
	return l->bits <= PHY_DCI_BITS_MAX;
}
