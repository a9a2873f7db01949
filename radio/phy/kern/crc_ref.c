/* The reference of the kernel of cyclic redundancy checks. */
#include "radio/phy/kern/kern.h"

uint32_t kern_crc_by_table(const uint8_t *at, size_t n, const struct kern_crc *c)
{
	const uint32_t(*t)[256] = c->slices;
	uint32_t reg = 0;

	for (; n >= 8; n -= 8, at += 8) {
		reg = t[7][reg >> 24 ^ at[0]] ^ t[6][(reg >> 16 & 255) ^ at[1]] ^
		      t[5][(reg >> 8 & 255) ^ at[2]] ^ t[4][(reg & 255) ^ at[3]] ^ t[3][at[4]] ^ t[2][at[5]] ^
		      t[1][at[6]] ^ t[0][at[7]];
	}
	for (; n > 0; n--)
		reg = reg << 8 ^ t[0][reg >> 24 ^ *at++];
	return reg;
}

void kern_ref_crc(struct kern *k)
{
	k->crc = kern_crc_by_table;
}
