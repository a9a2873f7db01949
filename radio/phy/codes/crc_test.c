#include "base/test.h"
#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/crc.h"
#include "radio/phy/codes/segment.h"
#include "radio/phy/codes/tables.h"

/* Division by the polynomials of 5.1, written from the clause and not from the table. */
static uint32_t divide(enum crc_kind kind, const uint8_t *bits, size_t n)
{
	static const uint32_t polys[] = { 0x864cfb, 0x800063, 0xb2b117, 0x1021, 0x621, 0x21 };
	static const unsigned lengths[] = { 24, 24, 24, 16, 11, 6 };
	uint32_t reg = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t out = (reg >> (lengths[kind] - 1) & 1) ^ bits_get(bits, i);

		reg = (reg << 1 & ((1u << lengths[kind]) - 1)) ^ (out ? polys[kind] : 0);
	}
	return reg;
}

static void test_every_length(void **state)
{
	uint8_t bits[512 + 4];
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	for (size_t i = 0; i < sizeof(bits); i++)
		bits[i] = (uint8_t)(i * 151 + 77);
	for (enum crc_kind kind = CRC_24A; kind < CRC_NONE; kind++) {
		for (size_t n = 0; n <= 512; n++)
			assert_int_equal(crc_of(kind, bits, n), divide(kind, bits, n));
		for (size_t n = 1; n <= 4096; n += 13)
			assert_int_equal(crc_of_long(&k, kind, bits, n), divide(kind, bits, n));
	}
}

static void test_append(void **state)
{
	for (enum crc_kind kind = CRC_24A; kind < CRC_NONE; kind++) {
		for (size_t n = 1; n < 100; n++) {
			uint8_t bits[20] = { 0xa5, 0x31, 0x77, 0, 0x12, 0xff, 0x80, 9, 8, 7, 6, 5, 4 };
			size_t all = n + crc_length(kind);

			crc_append(kind, bits, n);
			assert_true(crc_agrees(kind, bits, all));
			bits_set(bits, n / 2, !bits_get(bits, n / 2));
			assert_false(crc_agrees(kind, bits, all));
		}
	}
}

/* "123456789": the catalogued check values of CRC-24/LTE-A, CRC-24/LTE-B and CRC-16/XMODEM. */
static void test_known(void **state)
{
	const uint8_t *text = (const uint8_t *)"123456789";

	assert_int_equal(crc_of(CRC_24A, text, 72), 0xcde703);
	assert_int_equal(crc_of(CRC_24B, text, 72), 0x23ef52);
	assert_int_equal(crc_of(CRC_16, text, 72), 0x31c3);
}

static void test_bits_copy(void **state)
{
	uint8_t src[20], dst[20], was[20];

	for (size_t i = 0; i < sizeof(src); i++)
		src[i] = (uint8_t)(i * 73 + 5);
	for (size_t from = 0; from < 17; from++) {
		for (size_t to = 0; to < 17; to++) {
			for (size_t n = 0; n < 100; n++) {
				memset(dst, (int)n, sizeof(dst));
				memset(was, (int)n, sizeof(was));
				bits_copy(dst, to, src, from, n);
				for (size_t i = 0; i < n; i++)
					bits_set(was, to + i, bits_get(src, from + i));
				assert_memory_equal(dst, was, sizeof(dst));
			}
		}
	}
}

static void test_segmentation(void **state)
{
	struct segmentation s;

	assert_int_equal(segment_base_graph(292, 1900), LDPC_BG2);
	assert_int_equal(segment_base_graph(293, 1373), LDPC_BG1);
	assert_int_equal(segment_base_graph(3824, 1372), LDPC_BG2);
	assert_int_equal(segment_base_graph(3832, 1372), LDPC_BG1);
	assert_int_equal(segment_base_graph(100000, 512), LDPC_BG2);
	assert_false(segment_init(&s, LDPC_BG1, 0));
	assert_false(segment_init(&s, LDPC_BG1, SEGMENT_A_MAX + 1));
	assert_true(segment_init(&s, LDPC_BG1, 8424));
	assert_int_equal(s.blocks, 1);
	assert_int_equal(s.k_prime, 8448);
	assert_int_equal(s.z, 384);
	assert_int_equal(s.filler, 0);
	assert_true(segment_init(&s, LDPC_BG2, 24));
	assert_int_equal(s.b, 40);
	assert_int_equal(s.z, 7);
	assert_int_equal(s.k, 70);
	assert_int_equal(s.filler, 30);
	assert_true(segment_init(&s, LDPC_BG1, SEGMENT_A_MAX));
	assert_int_equal(s.blocks, 152);
	assert_int_equal(s.k_prime, 8432);
	assert_int_equal(s.filler, 16);
}

static void test_blocks(void **state)
{
	static const uint32_t sizes[] = { 24, 640, 3824, 3840, 8424, 8456, 14344, 26120, 83976 };
	static uint8_t tb[12000], back[12000], block[SEGMENT_K_MAX / 8];
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	for (enum ldpc_bg bg = LDPC_BG1; bg <= LDPC_BG2; bg++) {
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			struct segmentation s;

			if (!segment_init(&s, bg, sizes[i]))
				continue;
			for (size_t j = 0; j < sizeof(tb); j++)
				tb[j] = (uint8_t)(j * 167 + i);
			crc_append(s.tb_crc, tb, s.a);
			for (unsigned r = 0; r < s.blocks; r++) {
				segment_block(&k, &s, tb, r, block);
				assert_true(crc_agrees(s.cb_crc, block, s.k_prime));
				segment_join(&s, back, r, block);
			}
			assert_memory_equal(back, tb, s.b / 8);
			assert_true(crc_agrees(s.tb_crc, back, s.b));
		}
	}
}

/* The sets of Table 5.3.2-1 are a * 2^j, and the tables have the sizes that 5.3.2 states. */
static void test_tables(void **state)
{
	static const uint16_t a[] = { 2, 3, 5, 7, 9, 11, 13, 15 };

	for (size_t i = 0; i < LDPC_SIZES; i++) {
		unsigned z = ldpc_z[i];

		assert_true(i == 0 || z > ldpc_z[i - 1]);
		while (z > a[ldpc_z_set[i]])
			z /= 2;
		assert_int_equal(z, a[ldpc_z_set[i]]);
	}
	assert_int_equal(ldpc_z[LDPC_SIZES - 1], 384);
	for (size_t i = 0; i < LDPC_BG1_ENTRIES; i++)
		assert_true(ldpc_bg1_entries[i].row < 46 && ldpc_bg1_entries[i].col < 68);
	for (size_t i = 0; i < LDPC_BG2_ENTRIES; i++)
		assert_true(ldpc_bg2_entries[i].row < 42 && ldpc_bg2_entries[i].col < 52);
}

/* Bits one an octet and back, of any number; what lies behind is as it was. */
static void test_bits_pack(void **state)
{
	uint8_t bits[6], octets[41], back[6];

	(void)state;
	for (size_t n = 0; n <= 40; n++) {
		for (size_t i = 0; i < sizeof(bits); i++)
			bits[i] = (uint8_t)(37 * i + 11 * n + 5);
		memset(octets, 7, sizeof(octets));
		bits_unpack(octets, bits, n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(octets[i], bits_get(bits, i));
		assert_int_equal(octets[n], 7);
		memset(back, 0xee, sizeof(back));
		bits_pack(back, octets, n);
		for (size_t i = 0; i < bits_octets(n) * 8; i++)
			assert_int_equal(bits_get(back, i), i < n ? bits_get(bits, i) : 0);
		assert_int_equal(back[bits_octets(n)], 0xee);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_bits_copy),
		cmocka_unit_test(test_bits_pack),
		cmocka_unit_test(test_segmentation),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
