/* What phy_waveform_* sends is found again by cell search and SIB1 reading. --full [cells]: many cells. */
#include <math.h>
#include <stdlib.h>

#include "base/test.h"
#include "radio/phy/band.h"
#include "radio/phy/sib1.h"
#include "radio/phy/waveform.h"

static struct kern kern;

static const struct phy_waveform_config n78 = {
	.n_cell_id = 42,
	.mu = 1,
	.prbs = 51,
	.fft_size = 1024,
	.carrier_hz = UINT64_C(3489420000),
	.pattern = PHY_SSB_CASE_C,
	.l_max = 8,
	.period_ms = 20,
	.sent = 1,
	.ssb_offset_hz = 180000, /* GSCN 7839, 3489.6 MHz */
	.band = PHY_BAND_5_MHZ,
	.dmrs_type_a_position = 2,
	.coreset_zero = 14,
	.search_space_zero = 4,
	.sib1 = { (const uint8_t *)"a message that stands in for SIB1, as any octets do", 52 },
	.amplitude = 0.1f,
};

static bool found_again(const struct phy_waveform_config *c, unsigned ms)
{
	enum phy_waveform_error e;
	struct phy_waveform *w = phy_waveform_new(c, &e);
	unsigned n, scs = 15000u << phy_ssb_mu(c->pattern);
	struct phy_cell_search *s;
	struct phy_sib1_reader *reader = phy_sib1_reader_new();
	struct phy_recording in;
	struct phy_cells cells = { 0 };
	struct phy_cf *samples;
	struct phy_mib mib;
	struct phy_sib1 sib1;
	struct phy_carrier carrier;
	struct phy_sib1_place place;
	enum phy_sib1_outcome outcome;
	bool ok;

	if (!w)
		print_message("%s\n", phy_waveform_error_text(e));
	assert_non_null(w);
	n = phy_waveform_subframe_samples(w);
	samples = calloc(n * (size_t)ms, sizeof(*samples));
	assert_non_null(samples);
	for (unsigned i = 0; i < ms; i++)
		phy_waveform_run(w, &kern, samples + (size_t)i * n);
	phy_waveform_free(w);
	in = (struct phy_recording){ samples, (size_t)n * ms, n * 1000.0 };
	s = phy_cell_search_new(in.rate_hz, scs, in.count);
	assert_non_null(s);
	phy_cell_search_run(s, &kern, &in, -in.rate_hz / 2, in.rate_hz / 2, c->l_max == 64 ? 64 : 8, &cells);
	phy_cell_search_free(s);
	print_message("cells %u", cells.count);
	ok = cells.count == 1 && cells.cell[0].n_cell_id == c->n_cell_id &&
	     phy_mib_decode(&mib, &cells.cell[0].payload);
	if (ok) {
		carrier = phy_carrier_fit(&cells.cell[0], (double)c->carrier_hz);
		place = (struct phy_sib1_place){ &cells.cell[0], &mib, &carrier, c->pattern, c->band };
		outcome = phy_sib1_read(reader, &kern, &in, &place, &sib1);
		print_message(" pci %u ssb %u l_max %u sfn %u k_ssb %u f %.0f: %s, coreset0 %u x %u at %.0f, "
			      "al %u mcs %u octets %u slot %u\n",
			cells.cell[0].n_cell_id, cells.cell[0].payload.ssb_index, cells.cell[0].l_max,
			mib.sfn, mib.k_ssb, cells.cell[0].frequency_hz, phy_sib1_outcome_text(outcome),
			sib1.coreset0.n_rb, sib1.coreset0.n_symb, sib1.coreset0_hz, sib1.al, sib1.mcs,
			sib1.octets, sib1.slot);
		ok = outcome == PHY_SIB1_READ && sib1.octets >= c->sib1.len &&
		     memcmp(sib1.data, c->sib1.data, c->sib1.len) == 0;
	}
	phy_sib1_reader_free(reader);
	free(samples);
	return ok;
}

static void test_n78(void **state)
{
	struct phy_waveform_config c = n78;

	(void)state;
	assert_true(found_again(&c, 40));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_n78),
	};

	(void)argc;
	(void)argv;
	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
