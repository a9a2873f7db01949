#include "radio/phy/channels/dci_riv.h"

unsigned phy_dci_riv_bits(unsigned n_rb)
{
	unsigned bits = 0;

	if (n_rb > PHY_DCI_RB_MAX)
		return 0;
	while (1u << bits < n_rb * (n_rb + 1) / 2)
		bits++;
	return bits;
}

bool phy_dci_riv(uint32_t *riv, unsigned start, unsigned length, unsigned n_rb)
{
	if (n_rb > PHY_DCI_RB_MAX || length < 1 || length > n_rb || start > n_rb - length)
		return false;
	if (length - 1 <= n_rb / 2)
		*riv = n_rb * (length - 1) + start;
	else
		*riv = n_rb * (n_rb - length + 1) + (n_rb - 1 - start);
	return true;
}

bool phy_dci_riv_range(uint32_t riv, unsigned n_rb, unsigned *start, unsigned *length)
{
	if (n_rb < 1 || n_rb > PHY_DCI_RB_MAX || riv >= n_rb * (n_rb + 1) / 2)
		return false;
	*length = riv / n_rb + 1;
	*start = riv % n_rb;
	if (*start + *length > n_rb) {
		*length = n_rb + 2 - *length;
		*start = n_rb - 1 - *start;
	}
	return true;
}

unsigned phy_dci_riv_scale(unsigned n_active, unsigned n_initial)
{
	unsigned k = 1;

	while (k < 8 && n_initial > 0 && 2 * k <= n_active / n_initial)
		k *= 2;
	return k;
}
