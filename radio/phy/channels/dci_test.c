/* DCI formats beside numbers counted from 38.212 by hand, round trips, and what is refused. */
#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/dci.h"
#include "radio/phy/phy_test.h"

/* Every range of every bandwidth has its own value, in one piece from 0 on; the formula as 38.214 writes it.
 */
static void test_riv(void **state)
{
	static bool used[38000];

	for (unsigned n = 1; n <= PHY_DCI_RB_MAX; n++) {
		unsigned start, length;
		uint32_t riv = 0;

		memset(used, 0, sizeof(used));
		for (unsigned s = 0; s < n; s++) {
			for (unsigned l = 1; l <= n - s; l++) {
				unsigned want =
					l - 1 <= n / 2 ? n * (l - 1) + s : n * (n - l + 1) + n - 1 - s;

				assert_true(phy_dci_riv(&riv, s, l, n));
				assert_int_equal(riv, want);
				assert_true(riv < n * (n + 1) / 2 && !used[riv]);
				used[riv] = true;
				assert_true(phy_dci_riv_range(riv, n, &start, &length));
				assert_true(start == s && length == l);
			}
			assert_false(phy_dci_riv(&riv, s, n - s + 1, n));
		}
		assert_false(phy_dci_riv(&riv, 0, 0, n));
		assert_false(phy_dci_riv(&riv, n, 1, n));
		assert_false(phy_dci_riv_range(n * (n + 1) / 2, n, &start, &length));
		assert_true(1u << phy_dci_riv_bits(n) >= n * (n + 1) / 2);
		assert_true(n == 1 || 1u << (phy_dci_riv_bits(n) - 1) < n * (n + 1) / 2);
	}
	assert_int_equal(phy_dci_riv_scale(100, 24), 4);
	assert_int_equal(phy_dci_riv_scale(273, 24), 8);
	assert_int_equal(phy_dci_riv_scale(24, 48), 1);
	assert_int_equal(phy_dci_riv_scale(48, 24), 2);
}

static const struct phy_dci_bandwidth wide = { 48, 106, 106, 106, false }, narrow = { 48, 24, 51, 24, false };

/* 1_0 has 28 bits and the frequency assignment, 0_0 20 and it: 48 blocks take 11 bits, 106 take 13, 24
 * take 9. */
static void test_sizes(void **state)
{
	struct phy_dci_layout l;
	struct phy_dci_bandwidth b = wide;

	for (enum phy_dci_kind k = PHY_DCI_0_0; k <= PHY_DCI_1_0_ORDER; k++) {
		assert_true(phy_dci_layout_common(&l, k, &wide));
		assert_int_equal(l.bits, 39);
		assert_true(phy_dci_layout_common(&l, k, &narrow));
		assert_int_equal(l.bits, 39);
	}
	assert_true(phy_dci_layout_specific(&l, PHY_DCI_1_0_C, &wide));
	assert_int_equal(l.bits, 41);
	assert_true(phy_dci_layout_specific(&l, PHY_DCI_0_0, &wide));
	assert_int_equal(l.bits, 41);
	b.initial_dl = 1; /* 1_0 28 bits; 0_0 of 275 blocks 36, cut by 8 of 16 at the front */
	b.initial_ul = 275;
	assert_true(phy_dci_layout_common(&l, PHY_DCI_0_0, &b));
	assert_int_equal(l.bits, 28);
	assert_int_equal(l.item[1].field, PHY_DCI_FREQUENCY);
	assert_int_equal(l.item[1].width, 8);
	b = (struct phy_dci_bandwidth){ 48, 48, 6, 275, true }; /* 1_0 33 bits, 0_0 36 */
	assert_true(phy_dci_layout_specific(&l, PHY_DCI_1_0_C, &b));
	assert_int_equal(l.bits, 36);
	assert_true(phy_dci_layout_specific(&l, PHY_DCI_0_0, &b));
	assert_int_equal(l.bits, 36);
	assert_true(phy_dci_layout_common(&l, PHY_DCI_0_0, &b)); /* 31 bits, 7 of padding, the carrier last */
	assert_int_equal(l.bits, 39);
	assert_int_equal(l.item[l.items - 1].field, PHY_DCI_UL_SUL);
	assert_int_equal(l.item[l.items - 2].width, 7);
	b.initial_dl = 0;
	assert_false(phy_dci_layout_common(&l, PHY_DCI_1_0_SI, &b));
	b.initial_dl = 276;
	assert_false(phy_dci_layout_common(&l, PHY_DCI_0_0, &b));
	assert_false(phy_dci_layout_common(&l, PHY_DCI_1_1, &wide));
	assert_false(phy_dci_layout_common(&l, PHY_DCI_KINDS, &wide));
	assert_false(phy_dci_layout_specific(&l, PHY_DCI_1_0_SI, &wide));
}

static void expect_bits(const uint8_t *bits, const char *text)
{
	unsigned at = 0;

	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (bits_get(bits, at) != (unsigned)(*text - '0'))
			fail_msg("bit %u", at);
		at++;
	}
}

static void test_known(void **state)
{
	struct phy_dci_layout l;
	struct phy_dci d = { .kind = PHY_DCI_1_0_SI }, back;
	uint8_t bits[PHY_DCI_OCTETS];

	assert_true(phy_dci_layout_common(&l, PHY_DCI_1_0_SI, &wide));
	assert_true(phy_dci_riv(&d.field[PHY_DCI_FREQUENCY], 3, 12, 48)); /* 48 * 11 + 3 = 531 */
	d.field[PHY_DCI_TIME] = 9;
	d.field[PHY_DCI_VRB_TO_PRB] = 1;
	d.field[PHY_DCI_MCS] = 5;
	d.field[PHY_DCI_RV] = 2;
	assert_true(phy_dci_pack(&l, &d, bits));
	expect_bits(bits, "01000010011 1001 1 00101 10 0 000000000000000");
	assert_true(phy_dci_unpack(&l, bits, &back));
	assert_int_equal(back.field[PHY_DCI_MCS], 5);

	d = (struct phy_dci){ .kind = PHY_DCI_0_0 };
	assert_true(
		phy_dci_layout_common(&l, PHY_DCI_0_0, &narrow)); /* 9 bits for 24 blocks, 10 of padding */
	assert_true(phy_dci_riv(&d.field[PHY_DCI_FREQUENCY], 0, 24, 24)); /* 24 + 23 */
	d.field[PHY_DCI_HOPPING] = 1;
	d.field[PHY_DCI_MCS] = 31;
	d.field[PHY_DCI_NDI] = 1;
	d.field[PHY_DCI_HARQ_PROCESS] = 6;
	d.field[PHY_DCI_TPC] = 1;
	assert_true(phy_dci_pack(&l, &d, bits));
	expect_bits(bits, "0 000101111 0000 1 11111 1 00 0110 01 0000000000");

	d = (struct phy_dci){ .kind = PHY_DCI_1_0_ORDER };
	assert_true(phy_dci_layout_specific(&l, PHY_DCI_1_0_ORDER, &wide));
	d.field[PHY_DCI_PREAMBLE] = 33;
	d.field[PHY_DCI_SSB] = 5;
	d.field[PHY_DCI_PRACH_MASK] = 1;
	assert_true(phy_dci_pack(&l, &d, bits));
	expect_bits(bits, "1 1111111111111 100001 0 000101 0001 0000000000");
	assert_true(phy_dci_layout_specific(&l, PHY_DCI_1_0_C, &wide));
	assert_true(phy_dci_unpack(&l, bits, &back));
	assert_int_equal(back.kind, PHY_DCI_1_0_ORDER);
	assert_int_equal(back.field[PHY_DCI_PREAMBLE], 33);
}

/* Fields at random within what is legal come back, and bits that unpack are packed the same. */
static void round_trip(struct phy_dci_layout *l)
{
	struct phy_dci d = { .kind = l->kind }, back;
	uint8_t bits[PHY_DCI_OCTETS], again[PHY_DCI_OCTETS];

	for (unsigned i = 0; i < l->items; i++) {
		unsigned f = l->item[i].field;

		d.field[f] = (uint32_t)(draw() & ((1u << l->item[i].width) - 1));
		if (f == PHY_DCI_FREQUENCY && l->n_rb > 0)
			d.field[f] = (uint32_t)(draw() % (l->n_rb * (l->n_rb + 1u) / 2)) &
				     ((1u << l->item[i].width) - 1);
		if (f == PHY_DCI_FREQUENCY && l->kind == PHY_DCI_1_0_ORDER)
			d.field[f] = (1u << l->item[i].width) - 1;
		if (f == PHY_DCI_RESERVED || f == PHY_DCI_PADDING)
			d.field[f] = 0;
		if (f == PHY_DCI_SHORT_INDICATOR)
			d.field[f] = 1 + draw() % 3;
		if (f == PHY_DCI_TB_SCALING)
			d.field[f] = draw() % 3;
		if (f == PHY_DCI_IDENTIFIER)
			d.field[f] = l->kind != PHY_DCI_0_0 && l->kind != PHY_DCI_0_1;
	}
	assert_true(phy_dci_pack(l, &d, bits));
	assert_true(phy_dci_unpack(l, bits, &back));
	assert_memory_equal(&d, &back, sizeof(d));
	for (unsigned t = 0; t < 20; t++) { /* anything either is refused or is encoded again as it was */
		for (unsigned i = 0; i < PHY_DCI_OCTETS; i++)
			bits[i] = i < bits_octets(l->bits) ? (uint8_t)draw() : 0;
		for (unsigned i = l->bits; i < 8 * PHY_DCI_OCTETS; i++)
			bits_set(bits, i, 0);
		if (phy_dci_unpack(l, bits, &back) && back.kind == l->kind) {
			assert_true(phy_dci_pack(l, &back, again));
			assert_memory_equal(bits, again, sizeof(bits));
		}
	}
}

static void test_fallback(void **state)
{
	for (unsigned t = 0; t < 3000; t++) {
		struct phy_dci_bandwidth b = { (uint16_t)(6 + draw() % 270), (uint16_t)(1 + draw() % 275),
			(uint16_t)(1 + draw() % 275), (uint16_t)(1 + draw() % 275), draw() & 1 };
		struct phy_dci_layout l, up;
		enum phy_dci_kind kind = draw() % (PHY_DCI_1_0_ORDER + 1);

		assert_true(phy_dci_layout_common(&l, kind, &b));
		l.tolerant = draw() & 1;
		round_trip(&l);
		assert_true(phy_dci_layout_specific(&l, PHY_DCI_1_0_C, &b));
		assert_true(phy_dci_layout_specific(&up, PHY_DCI_0_0, &b));
		assert_int_equal(l.bits, up.bits);
		round_trip(&l);
		round_trip(&up);
	}
}

/* 1_1 and 0_1 as a cell of one BWP has them: the widths are those of 38.212 for 106 blocks of type 1. */
static void test_configured(void **state)
{
	uint8_t down[PHY_DCI_FIELDS] = { 0 }, up[PHY_DCI_FIELDS] = { 0 };
	struct phy_dci_layout l;

	down[PHY_DCI_FREQUENCY] = up[PHY_DCI_FREQUENCY] = 13;
	down[PHY_DCI_TIME] = up[PHY_DCI_TIME] = 2;
	down[PHY_DCI_HARQ_PROCESS] = up[PHY_DCI_HARQ_PROCESS] = 4;
	down[PHY_DCI_DAI] = up[PHY_DCI_DAI] = 2;
	down[PHY_DCI_HARQ_TIMING] = 3;
	down[PHY_DCI_ANTENNA_PORTS] = 4;
	up[PHY_DCI_ANTENNA_PORTS] = 3;
	down[PHY_DCI_SRS_REQUEST] = up[PHY_DCI_SRS_REQUEST] = 2;
	up[PHY_DCI_CSI_REQUEST] = 1;
	assert_true(phy_dci_layout_configured(&l, PHY_DCI_1_1, down, 106, 0));
	/* 1 + 13 + 2 + 5 + 1 + 2 + 4 + 2 + 2 + 3 + 3 + 4 + 2 + 1 */
	assert_int_equal(l.bits, 45);
	round_trip(&l);
	assert_true(phy_dci_layout_configured(&l, PHY_DCI_1_1, down, 106, 45));
	assert_int_equal(l.bits, 46);
	round_trip(&l);
	assert_true(phy_dci_layout_configured(&l, PHY_DCI_0_1, up, 106, 41));
	/* 1 + 13 + 2 + 5 + 1 + 2 + 4 + 2 + 2 + 3 + 2 + 1 + 1 */
	assert_int_equal(l.bits, 39);
	for (unsigned t = 0; t < 1000; t++)
		round_trip(&l);
	assert_false(phy_dci_layout_configured(&l, PHY_DCI_1_0_C, down, 106, 0));
	assert_false(phy_dci_layout_configured(&l, PHY_DCI_1_1, down, 275, 0)); /* 16 bits */
	down[PHY_DCI_TCI] = 2;
	assert_false(phy_dci_layout_configured(&l, PHY_DCI_1_1, down, 106, 0));
	down[PHY_DCI_TCI] = 0;
	down[PHY_DCI_CSI_REQUEST] = 1; /* of the other format */
	assert_false(phy_dci_layout_configured(&l, PHY_DCI_1_1, down, 106, 0));
	down[PHY_DCI_CSI_REQUEST] = 0;
	down[PHY_DCI_MCS] = 255;
	assert_false(phy_dci_layout_configured(&l, PHY_DCI_1_1, down, 106, 0));
}

static void test_refused(void **state)
{
	struct phy_dci_layout l;
	struct phy_dci d = { .kind = PHY_DCI_1_0_SI }, back;
	uint8_t bits[PHY_DCI_OCTETS];

	assert_true(phy_dci_layout_common(&l, PHY_DCI_1_0_SI, &wide));
	assert_true(phy_dci_pack(&l, &d, bits));
	bits_set(bits, 38, 1); /* reserved */
	assert_false(phy_dci_unpack(&l, bits, &back));
	l.tolerant = true;
	assert_true(phy_dci_unpack(&l, bits, &back));
	d.field[PHY_DCI_FREQUENCY] = 48 * 49 / 2;
	assert_false(phy_dci_pack(&l, &d, bits));
	d.field[PHY_DCI_FREQUENCY] = 0;
	d.field[PHY_DCI_MCS] = 32;
	assert_false(phy_dci_pack(&l, &d, bits));
	d.kind = PHY_DCI_1_0_RA;
	assert_false(phy_dci_pack(&l, &d, bits));

	d = (struct phy_dci){ .kind = PHY_DCI_0_0 };
	assert_true(phy_dci_layout_common(&l, PHY_DCI_0_0, &narrow));
	assert_true(phy_dci_pack(&l, &d, bits));
	bits_set(bits, 38, 1); /* padding */
	assert_false(phy_dci_unpack(&l, bits, &back));
	bits_set(bits, 38, 0);
	bits_set(bits, 0, 1); /* identifier */
	assert_false(phy_dci_unpack(&l, bits, &back));
	d.field[PHY_DCI_FREQUENCY] = 300; /* too much for 24 blocks, but the hopping bits are none of it */
	assert_false(phy_dci_pack(&l, &d, bits));
	d.field[PHY_DCI_HOPPING] = 1;
	l.hop_bits = 1;
	assert_true(phy_dci_pack(&l, &d, bits));

	d = (struct phy_dci){ .kind = PHY_DCI_1_0_P };
	assert_true(phy_dci_layout_common(&l, PHY_DCI_1_0_P, &wide));
	assert_false(phy_dci_pack(&l, &d, bits)); /* the indicator 0 is reserved */
	d.field[PHY_DCI_SHORT_INDICATOR] = 2;
	d.field[PHY_DCI_SHORT_MESSAGES] = 0x80;
	d.field[PHY_DCI_FREQUENCY] = 2047;
	assert_true(phy_dci_pack(&l, &d, bits));
	expect_bits(bits, "10 10000000 11111111111");
	d.field[PHY_DCI_SHORT_INDICATOR] = 3;
	assert_false(phy_dci_pack(&l, &d, bits));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_riv),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_fallback),
		cmocka_unit_test(test_configured),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
