#include "radio/phy/channels/dci.h"

#include "radio/phy/codes/bits.h"

static bool uplink(enum phy_dci_kind kind)
{
	return kind == PHY_DCI_0_0 || kind == PHY_DCI_0_1;
}

static unsigned width_of(const struct phy_dci_layout *l, enum phy_dci_field field)
{
	for (unsigned i = 0; i < l->items; i++) {
		if (l->item[i].field == field)
			return l->item[i].width;
	}
	return 0;
}

static uint32_t ones(unsigned width)
{
	return (uint32_t)((UINT64_C(1) << width) - 1);
}

/* Paging that schedules nothing: what would schedule is reserved. */
static bool only_short(const struct phy_dci *dci)
{
	return dci->kind == PHY_DCI_1_0_P && dci->field[PHY_DCI_SHORT_INDICATOR] == 2;
}

/* Whether the frequency assignment indicates blocks, or, in an order, is what makes it one. */
static bool legal_frequency(const struct phy_dci_layout *l, const struct phy_dci *dci)
{
	unsigned width = width_of(l, PHY_DCI_FREQUENCY), whole = phy_dci_riv_bits(l->n_rb), start, length;
	uint32_t value = dci->field[PHY_DCI_FREQUENCY];

	if (dci->kind == PHY_DCI_1_0_ORDER)
		return value == ones(width);
	if (l->n_rb == 0 || only_short(dci))
		return true;
	if (dci->field[PHY_DCI_HOPPING])
		value &= ones(whole > l->hop_bits ? whole - l->hop_bits
						  : 0); /* a field that is cut has lost them */
	return phy_dci_riv_range(value, l->n_rb, &start, &length);
}

/* Table 7.3.1.2.1-1, and 38.214 Table 5.1.3.2-2 for what is scheduled. */
static bool legal_indicators(const struct phy_dci_layout *l, const struct phy_dci *dci)
{
	if (l->kind == PHY_DCI_1_0_P && dci->field[PHY_DCI_SHORT_INDICATOR] == 0)
		return false;
	return dci->field[PHY_DCI_TB_SCALING] != 3 || only_short(dci);
}

static bool legal(const struct phy_dci_layout *l, const struct phy_dci *dci)
{
	if (width_of(l, PHY_DCI_IDENTIFIER) > 0 && dci->field[PHY_DCI_IDENTIFIER] != !uplink(l->kind))
		return false;
	if (dci->field[PHY_DCI_PADDING] != 0 || (dci->field[PHY_DCI_RESERVED] != 0 && !l->tolerant))
		return false;
	return legal_indicators(l, dci) && legal_frequency(l, dci);
}

bool phy_dci_pack(const struct phy_dci_layout *l, const struct phy_dci *dci, uint8_t bits[PHY_DCI_OCTETS])
{
	struct phy_dci sent = *dci;
	unsigned at = 0;

	if (dci->kind != l->kind)
		return false;
	sent.field[PHY_DCI_IDENTIFIER] = !uplink(l->kind);
	if (l->kind == PHY_DCI_1_0_ORDER)
		sent.field[PHY_DCI_FREQUENCY] = ones(width_of(l, PHY_DCI_FREQUENCY));
	if (!legal(l, &sent))
		return false;
	memset(bits, 0, PHY_DCI_OCTETS);
	for (unsigned i = 0; i < l->items; i++) {
		uint32_t v = sent.field[l->item[i].field];
		unsigned width = l->item[i].width;

		if (v > ones(width))
			return false;
		for (unsigned b = width; b-- > 0;)
			bits_set(bits, at++, v >> b & 1);
	}
	return true;
}

/* The order that has the same size and whose padding stands where that of *l does. */
static void lay_order(struct phy_dci_layout *order, const struct phy_dci_layout *l)
{
	static const struct phy_dci_bandwidth none;
	struct phy_dci_bandwidth b = none;

	b.initial_dl = l->n_rb;
	(void)phy_dci_layout_common(order, PHY_DCI_1_0_ORDER, &b);
	order->tolerant = l->tolerant;
	if (order->bits < l->bits) {
		order->item[order->items].field = PHY_DCI_PADDING;
		order->item[order->items++].width = (uint8_t)(l->bits - order->bits);
		order->bits = l->bits;
	}
}

static void read_fields(const struct phy_dci_layout *l, const uint8_t *bits, struct phy_dci *dci)
{
	unsigned at = 0;

	*dci = (struct phy_dci){ .kind = l->kind };
	for (unsigned i = 0; i < l->items; i++) {
		uint32_t v = 0;

		for (unsigned b = 0; b < l->item[i].width; b++)
			v = v << 1 | bits_get(bits, at++);
		dci->field[l->item[i].field] = v;
	}
}

bool phy_dci_unpack(const struct phy_dci_layout *l, const uint8_t *bits, struct phy_dci *dci)
{
	struct phy_dci_layout order;
	unsigned width = width_of(l, PHY_DCI_FREQUENCY);

	read_fields(l, bits, dci);
	if (l->kind == PHY_DCI_1_0_C && width > 0 && dci->field[PHY_DCI_FREQUENCY] == ones(width)) {
		lay_order(&order, l);
		read_fields(&order, bits, dci);
		return legal(&order, dci);
	}
	return legal(l, dci);
}
