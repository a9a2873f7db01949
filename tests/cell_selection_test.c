/* Cell selection (38.304 5.2.3): of several cells on a frequency the strongest suitable one, whatever else is
 * stronger. */
#include "base/test.h"

#include "gnb/du/cell/served_cell.h"
#include "radio/phy/waveform/waveform.h"
#include "ue/stack/parts.h"

enum { SUBFRAMES = 60, SAMPLES_MAX = 7680 * SUBFRAMES };

static struct served_cell_config config = {
	.band = 3, .arfcn = 368500, .bandwidth_mhz = 5, .mcc = { 0, 0, 1 }, .mnc_digits = 2, .tac = 7
};
static struct phy_cf samples[SAMPLES_MAX];
static size_t count;
static double rate_hz, centre_hz;

/* Another cell on the air, of PLMN 001 with this MNC, so many times as strong; its frames begin so much
 * later, since cells that are not of one operator have no common time. */
static void put_cell(uint16_t pci, uint8_t mnc, float amplitude, unsigned late_ms)
{
	static struct served_cell served;
	static struct phy_cf out[SAMPLES_MAX / SUBFRAMES];
	enum phy_waveform_error error;
	struct phy_waveform *w;
	struct kern kern;
	size_t n;

	config.pci = pci;
	config.mnc[1] = mnc;
	config.cell_identity = pci;
	assert_null(served_cell_init(&served, &config));
	served.broadcast.amplitude = amplitude;
	w = phy_waveform_new(&served.broadcast, &error);
	assert_non_null(w);
	kern_init(&kern, KERN_LEVELS - 1);
	n = phy_waveform_subframe_samples(w);
	assert_true(n <= ARRAY_LEN(out));
	for (unsigned s = late_ms; s < SUBFRAMES; s++) {
		phy_waveform_run(w, &kern, out);
		for (size_t i = 0; i < n; i++) {
			samples[s * n + i].re += out[i].re;
			samples[s * n + i].im += out[i].im;
		}
	}
	count = n * SUBFRAMES;
	rate_hz = (double)n * 1000;
	centre_hz = (double)served.broadcast.carrier_hz;
	phy_waveform_free(w);
}

static bool search(uint8_t mnc, struct ue_found *f)
{
	static struct phy_cf copy[SAMPLES_MAX];
	struct ue_stack stack = { .config.plmn = { .mcc = { 0, 0, 1 }, .mnc = { 0, mnc, PLMN_NO_DIGIT } } };
	struct kern kern;

	kern_init(&kern, KERN_LEVELS - 1);
	for (size_t i = 0; i < count; i++)
		copy[i] = samples[i];
	return ue_cell_search(f, &kern, copy, count, rate_hz, centre_hz, stack_cell_is_suitable, &stack);
}

static void test_strongest_suitable(void **state)
{
	static struct ue_found f;

	put_cell(1, 2, 1, 0);
	put_cell(2, 1, 0.4f, 3);
	assert_true(search(2, &f));
	assert_int_equal(f.found.pci, 1);
	assert_true(search(1, &f));
	assert_int_equal(f.found.pci, 2);
	assert_false(search(3, &f));
	assert_true(f.found.ssb_hz > 0); /* and what there is is told */
}

/* SIB1 of the cell as it is, with a word of reservation. */
static bool is_suitable(void (*reserve)(struct rrc_sib1 *sib1))
{
	static struct served_cell served;
	static struct ue_found f;
	struct ue_stack stack = { .config.plmn = { .mcc = { 0, 0, 1 }, .mnc = { 0, 1, PLMN_NO_DIGIT } } };
	struct rrc_bcch_dl_sch_message m;
	struct writer w = writer_of(f.sib1, sizeof(f.sib1));
	struct per_diag diag;
	struct arena arena;
	bool suitable;

	config.mnc[1] = 1;
	assert_null(served_cell_init(&served, &config));
	arena_init(&arena, NULL, 0, 1 << 16);
	assert_true(rrc_decode(&rrc_bcch_dl_sch_message_type, served.broadcast.sib1, &arena, &m, &diag));
	reserve(&m.message.u.c1.u.system_information_block_type1);
	assert_true(rrc_encode(&rrc_bcch_dl_sch_message_type, &m, &w));
	f.sib1_octets = (uint16_t)w.len;
	suitable = stack_cell_is_suitable(&stack, &f);
	arena_fini(&arena);
	return suitable;
}

static void nothing(struct rrc_sib1 *sib1)
{
}

static void for_operator(struct rrc_sib1 *sib1)
{
	sib1->cell_access_related_info.plmn_identity_info_list.items[0].cell_reserved_for_operator_use =
		RRC_PLMN_IDENTITY_INFO_CELL_RESERVED_FOR_OPERATOR_USE_RESERVED;
}

static void for_others(struct rrc_sib1 *sib1)
{
	sib1->cell_access_related_info.has_cell_reserved_for_other_use = true;
}

static void for_future(struct rrc_sib1 *sib1)
{
	sib1->cell_access_related_info.has_cell_reserved_for_future_use_r16 = true;
}

static void test_reservations(void **state)
{
	assert_true(is_suitable(nothing));
	assert_false(is_suitable(for_operator));
	assert_false(is_suitable(for_others));
	assert_false(is_suitable(for_future));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strongest_suitable),
		cmocka_unit_test(test_reservations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
