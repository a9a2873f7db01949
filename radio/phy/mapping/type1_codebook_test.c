/* The codebook against the formulas of 38.214 5.2.2.2.1, which the tables were not read from here. */
#include "base/test.h"

#include <complex.h>
#include <math.h>

#include "radio/phy/mapping/type1_codebook.h"

enum { N = PHY_CSI_PORTS_MAX };

/* v_l of N1 = 2, N2 = 1, O1 = 4, and phi_n. */
static double complex v(unsigned l, unsigned port)
{
	return cexp(I * 2 * M_PI * l * (port % 2) / 8);
}

static double complex four(unsigned layers, struct phy_pmi i, unsigned port, unsigned layer)
{
	unsigned k1 = layers == 2 ? 4 * i.i13 : 4, l = layer % 2 ? i.i11 + k1 : i.i11;
	double complex phi = cexp(I * M_PI * i.i2 / 2);
	bool minus = layers == 2 ? layer == 1 : layers >= 3 && layer >= 2;

	return v(l, port) * (port < 2 ? 1 : phi) * (port >= 2 && minus ? -1 : 1) / sqrt(4.0 * layers);
}

static void formulas(void **state)
{
	static const unsigned i11s[] = { 0, 8, 8, 8, 8 }, i13s[] = { 0, 1, 2, 1, 1 },
			      i2s[] = { 0, 4, 2, 2, 2 };
	struct phy_cf w[N][N];

	for (unsigned layers = 1; layers <= 4; layers++) {
		assert_int_equal(phy_type1_count(4, layers), i11s[layers] * i13s[layers] * i2s[layers]);
		for (unsigned i = 0; i < phy_type1_count(4, layers); i++) {
			struct phy_pmi pmi = phy_type1_precoder(w, 4, layers, i);
			size_t at;

			assert_true(phy_type1_find(4, layers, &pmi, &at) && at == i);
			for (unsigned p = 0; p < 4; p++)
				for (unsigned l = 0; l < layers; l++)
					assert_true(cabs(w[p][l].re + I * w[p][l].im -
							    four(layers, pmi, p, l)) < 1e-6);
		}
	}
}

/* Table 5.2.2.2.1-1, and one port. */
static void two_ports(void **state)
{
	static const double complex one[] = { 1, I, -1, -I }, two[] = { 1, I };
	struct phy_cf w[N][N];
	size_t at;

	assert_int_equal(phy_type1_count(2, 1), 4);
	assert_int_equal(phy_type1_count(2, 2), 2);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(phy_type1_precoder(w, 2, 1, i).i2, i);
		assert_true(cabs(w[0][0].re + I * w[0][0].im - sqrt(0.5)) < 1e-6);
		assert_true(cabs(w[1][0].re + I * w[1][0].im - sqrt(0.5) * one[i]) < 1e-6);
	}
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(phy_type1_precoder(w, 2, 2, i).i2, i);
		for (unsigned l = 0; l < 2; l++) {
			assert_true(cabs(w[0][l].re + I * w[0][l].im - 0.5) < 1e-6);
			assert_true(cabs(w[1][l].re + I * w[1][l].im - (l ? -0.5 : 0.5) * two[i]) < 1e-6);
		}
	}
	assert_int_equal(phy_type1_count(1, 1), 1);
	assert_int_equal(phy_type1_precoder(w, 1, 1, 0).i2, 0);
	assert_true(fabsf(w[0][0].re - 1) < 1e-6f);
	assert_int_equal(phy_type1_count(1, 2), 0);
	assert_int_equal(phy_type1_count(3, 1), 0);
	assert_int_equal(phy_type1_count(4, 5), 0);
	assert_false(phy_type1_find(2, 1, &(struct phy_pmi){ .i2 = 4 }, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formulas),
		cmocka_unit_test(two_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
