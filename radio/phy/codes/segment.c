#include "radio/phy/codes/segment.h"

#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/tables.h"

enum ldpc_bg segment_base_graph(uint32_t a, unsigned rate_x2048)
{
	bool low = rate_x2048 * 100 <= 67 * 2048; /* R <= 0.67 */

	if (a <= 292 || (a <= 3824 && low) || rate_x2048 <= 512)
		return LDPC_BG2;
	return LDPC_BG1;
}

/* K_b of 5.2.2: the columns that the smallest lifting size is chosen for. */
static unsigned columns_used(enum ldpc_bg bg, uint32_t b)
{
	if (bg == LDPC_BG1)
		return 22;
	return b > 640 ? 10 : b > 560 ? 9 : b > 192 ? 8 : 6;
}

bool segment_init(struct segmentation *s, enum ldpc_bg bg, uint32_t a)
{
	uint32_t k_cb = bg == LDPC_BG1 ? 8448 : 3840;
	uint32_t with_crc;
	unsigned i = 0;

	if (a == 0 || a > SEGMENT_A_MAX)
		return false;
	*s = (struct segmentation){ .bg = bg, .a = a, .blocks = 1, .cb_crc = CRC_NONE };
	s->tb_crc = a > 3824 ? CRC_24A : CRC_16;
	s->b = with_crc = a + crc_length(s->tb_crc);
	if (s->b > k_cb) {
		s->blocks = (uint16_t)((s->b + k_cb - 24 - 1) / (k_cb - 24));
		s->cb_crc = CRC_24B;
		with_crc += 24u * s->blocks;
	}
	if (with_crc % s->blocks)
		return false;
	s->k_prime = (uint16_t)(with_crc / s->blocks);
	while (columns_used(bg, s->b) * ldpc_z[i] < s->k_prime)
		i++;
	s->z = ldpc_z[i];
	s->k = (uint16_t)((bg == LDPC_BG1 ? 22 : 10) * s->z);
	s->n = (uint16_t)((bg == LDPC_BG1 ? 66 : 50) * s->z);
	s->filler = (uint16_t)(s->k - s->k_prime);
	return true;
}

void segment_block(
	const struct kern *k, const struct segmentation *s, const uint8_t *tb, unsigned r, uint8_t *out)
{
	size_t payload = s->k_prime - crc_length(s->cb_crc);

	memset(out, 0, bits_octets(s->k));
	bits_copy(out, 0, tb, r * payload, payload);
	crc_append_long(k, s->cb_crc, out, payload);
}

void segment_join(const struct segmentation *s, uint8_t *tb, unsigned r, const uint8_t *block)
{
	size_t payload = s->k_prime - crc_length(s->cb_crc);

	bits_copy(tb, r * payload, block, 0, payload);
}
