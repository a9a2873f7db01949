/*
 * Fuzz target: the physical layer. The first octet chooses a door, the second the level of the kernels, the
 * rest are the numbers that come through it: configurations built field by field, and samples, LLRs and
 * grids of any floats where any are allowed.
 */
#include "tests/fuzz/fuzz_phy.h"

#include <stdlib.h>

#include "radio/phy/search/band.h"
#include "radio/phy/search/carrier.h"
#include "radio/phy/channels/dci.h"
#include "radio/phy/mapping/dmrs.h"
#include "radio/phy/signals/fft16.h"
#include "radio/phy/channels/mcs.h"
#include "radio/phy/channels/mib.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/signals/resample.h"
#include "radio/phy/codes/sch.h"
#include "radio/phy/codes/smallblock.h"
#include "sim/channel/channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void layout_door(struct fuzz *f)
{
	enum phy_dci_kind kind = (enum phy_dci_kind)fuzz_upto(f, PHY_DCI_KINDS);
	struct phy_dci_bandwidth b = { fuzz_u16(f) % 300, fuzz_u16(f) % 300, fuzz_u16(f) % 300,
		fuzz_u16(f) % 300, fuzz_bool(f) };
	uint8_t width[PHY_DCI_FIELDS], again[PHY_DCI_OCTETS], *bits = fuzz_octets(f, PHY_DCI_OCTETS);
	struct phy_dci_layout l;
	struct phy_dci dci;
	uint8_t how = fuzz_u8(f);
	bool ok;

	for (unsigned i = 0; i < PHY_DCI_FIELDS; i++)
		width[i] = how % 3 == 2 && fuzz_bool(f) ? (uint8_t)fuzz_upto(f, 16) : 0;
	ok = how % 3 == 0   ? phy_dci_layout_common(&l, kind, &b)
	     : how % 3 == 1 ? phy_dci_layout_specific(&l, kind, &b)
			    : phy_dci_layout_configured(&l, kind, width, fuzz_u16(f), fuzz_u8(f));
	if (!ok)
		return;
	l.tolerant = fuzz_bool(f);
	l.hop_bits = (uint8_t)fuzz_upto(f, 2);
	if (phy_dci_unpack(&l, bits, &dci) && dci.kind == l.kind) {
		if (!phy_dci_pack(&l, &dci, again))
			abort();
		for (unsigned i = 0; i < l.bits; i++) {
			if ((bits[i / 8] ^ again[i / 8]) >> (7 - i % 8) & 1)
				abort();
		}
	}
	dci.kind = kind;
	for (unsigned i = 0; i < PHY_DCI_FIELDS; i++)
		dci.field[i] = fuzz_upto(f, 20);
	(void)phy_dci_pack(&l, &dci, again);
}

/* Whether a decoder takes it: each bit of what it finds. */
static bool sometimes(const void *arg, const uint8_t *bits, unsigned k)
{
	return (bits[0] ^ bits[k - 1]) == *(const uint8_t *)arg;
}

static void polar_door(struct fuzz *f)
{
	static struct phy_polar code;
	static struct phy_polar_decoder decoder;
	unsigned k = fuzz_upto(f, 1030), e = fuzz_upto(f, 8200), list = fuzz_upto(f, 9);
	uint8_t want = fuzz_u8(f) & 1, *in, *out;
	int32_t metric;

	if (!phy_polar_init(&code, (enum phy_polar_use)fuzz_upto(f, 1), k, e))
		return;
	in = fuzz_octets(f, k);
	out = fuzz_room(f, e);
	phy_polar_encode(&code, out, in);
	(void)phy_polar_decode(&decoder, &code, &f->kern, in, (const int8_t *)fuzz_octets(f, e), list,
		sometimes, &want, &metric);
}

static void small_door(struct fuzz *f)
{
	unsigned k = fuzz_upto(f, 12), qm = fuzz_upto(f, 10);
	size_t e = fuzz_u16(f);
	struct phy_small_result result;

	(void)phy_small_encode(fuzz_room(f, e), e, k, qm, fuzz_u32(f));
	(void)phy_small_decode(&result, (const int8_t *)fuzz_octets(f, e), e, k, qm);
}

static void sch_door(struct fuzz *f)
{
	static struct phy_sch_encoder *encoder;
	static struct phy_sch_decoder *decoder;
	struct phy_sch s = { .a = fuzz_u32(f), .g = fuzz_u32(f), .lbrm_bits = fuzz_upto(f, 60000) };
	struct phy_sch_result result;
	struct phy_harq *harq;
	uint8_t *tb;

	s.rate_x2048 = (uint16_t)fuzz_upto(f, 2050);
	s.q_m = (uint8_t)fuzz_upto(f, 10);
	s.layers = (uint8_t)fuzz_upto(f, 5);
	s.a = s.a >> 31 ? s.a : s.a % 40000;
	s.g %= 60000;
	if (s.q_m > 0 && s.layers > 0 && fuzz_u8(f) < 250)
		s.g -= s.g % (s.q_m * s.layers);
	encoder = encoder ? encoder : phy_sch_encoder_new();
	decoder = decoder ? decoder : phy_sch_decoder_new();
	tb = fuzz_octets(f, s.a < 50000 ? (s.a + 7) / 8 : 1);
	harq = phy_harq_new(s.a > 0 && s.a < 50000 ? s.a + fuzz_u8(f) : fuzz_upto(f, 40000));
	for (unsigned i = 0; harq && i < 2; i++) {
		s.rv = (uint8_t)fuzz_upto(f, 4);
		(void)phy_sch_encode(encoder, &f->kern, &s, tb, fuzz_room(f, (s.g + 7) / 8));
		(void)phy_sch_decode(decoder, &f->kern, &s, fuzz_u8(f) % 6,
			(const int8_t *)fuzz_octets(f, s.g), harq,
			fuzz_room(f, s.a < 50000 ? (s.a + 7) / 8 : 1), &result);
	}
	phy_harq_free(harq);
}

static void sizes_door(struct fuzz *f)
{
	const struct phy_mcs *mcs =
		phy_mcs_row((enum phy_mcs_table)fuzz_upto(f, PHY_MCS_TABLES), fuzz_upto(f, 32));
	struct phy_tbs t = { fuzz_u16(f) % 300, fuzz_u8(f) % 18, fuzz_u8(f), fuzz_u8(f) % 24,
		mcs ? mcs->q_m : fuzz_u8(f), mcs ? mcs->rate_x2048 : fuzz_u16(f), fuzz_u8(f) % 6,
		(enum phy_tb_scaling)fuzz_upto(f, 3) };
	uint32_t bits = phy_tbs_bits(&t), riv;
	unsigned start, length;

	if (bits > 0 && (bits < 24 || (bits + 24) % 8))
		abort();
	(void)phy_tbs_lbrm(fuzz_upto(f, 280), fuzz_upto(f, 5), fuzz_upto(f, 11));
	(void)phy_tbs_from_info(fuzz_u64(f) >> 30, fuzz_upto(f, 2048));
	length = fuzz_upto(f, 276);
	if (phy_dci_riv_range(fuzz_u32(f) >> fuzz_u8(f) % 32, length, &start, &length) &&
		phy_dci_riv(&riv, start, length, fuzz_upto(f, 276)) && length > 275)
		abort();
}

static void allocation_door(struct fuzz *f)
{
	struct phy_vrb v = { fuzz_u16(f), (uint16_t)fuzz_upto(f, 276), (uint16_t)fuzz_upto(f, 276),
		(uint16_t)fuzz_upto(f, 30), (enum phy_vrb_mapping)fuzz_upto(f, 3), fuzz_bool(f) };
	struct phy_dmrs d = { fuzz_bool(f), fuzz_bool(f), fuzz_bool(f), (uint8_t)fuzz_upto(f, 4),
		(uint8_t)fuzz_upto(f, 4), (uint8_t)fuzz_upto(f, 4), (uint8_t)fuzz_upto(f, 12),
		(uint8_t)fuzz_upto(f, 2) };
	struct phy_time_domain t = { fuzz_bool(f), fuzz_u8(f), fuzz_u8(f) % 16, fuzz_u8(f) % 16 };
	struct phy_prbs p;
	uint8_t s, l;

	if (phy_prbs_type1(&p, &v, fuzz_upto(f, 276), fuzz_upto(f, 276)) && (p.n < 1 || p.n > PHY_PRB_MAX))
		abort();
	for (unsigned i = 0; i < p.n && i < PHY_PRB_MAX && v.size >= 1; i++)
		(void)p.at[i];
	(void)phy_prbs_type0(&p, &v, fuzz_upto(f, 3), fuzz_octets(f, 276 / 8 + 1));
	(void)phy_dmrs_pdsch_symbols(&d, &t);
	if (phy_dmrs_legal(&d) && (phy_dmrs_own_mask(&d) == 0 || phy_dmrs_own_mask(&d) >> 12))
		abort();
	(void)phy_time_legal(&t, fuzz_bool(f), fuzz_upto(f, 3));
	if (phy_sliv_split(fuzz_upto(f, 128), &s, &l) && s + l > 14)
		abort();
	(void)phy_time_default(
		&t, (enum phy_time_table)fuzz_upto(f, 3), fuzz_bool(f), fuzz_upto(f, 16), fuzz_upto(f, 4));
}

static void ofdm_door(struct fuzz *f)
{
	static const unsigned sizes[] = { 128, 256, 384, 512, 768, 1024 };
	struct phy_ofdm_config c = { fuzz_upto(f, 4), fuzz_bool(f), fuzz_upto(f, 60), fuzz_u32(f),
		(int)fuzz_u32(f) >> fuzz_u8(f) % 32, fuzz_u64(f) >> fuzz_u8(f) % 64 };
	unsigned slot = fuzz_upto(f, 9), samples;
	struct phy_cf *grid;
	struct phy_ofdm o;

	c.fft_size = c.fft_size >> 31 ? c.fft_size : sizes[c.fft_size % ARRAY_LEN(sizes)];
	if (!phy_ofdm_init(&o, &c))
		return;
	samples = phy_ofdm_slot_samples(&o, slot);
	if (samples < 100000) {
		grid = fuzz_samples(f, (size_t)o.symbols * c.prbs * PHY_SC_PER_PRB);
		phy_ofdm_modulate(&o, &f->kern, fuzz_room(f, samples * sizeof(*grid)), grid, slot);
		phy_ofdm_demodulate(&o, &f->kern, grid, fuzz_samples(f, samples), slot);
	}
	phy_ofdm_fini(&o);
}

static void fft_door(struct fuzz *f)
{
	unsigned n = fuzz_u8(f) < 20 ? fuzz_u32(f) : (fuzz_bool(f) ? 3u : 1u) << fuzz_u8(f) % 18;
	bool inverse = fuzz_bool(f);
	struct phy_fft fft;
	struct phy_fft16 fft16;

	if (phy_fft_init(&fft, n, inverse) && n <= 8192)
		phy_fft_run(&fft, &f->kern, fuzz_room(f, n * sizeof(struct phy_cf)), fuzz_samples(f, n),
			fuzz_room(f, n * sizeof(struct phy_cf)));
	phy_fft_fini(&fft);
	if (phy_fft16_init(&fft16, n, inverse) && n <= 8192)
		(void)phy_fft16_run(&fft16, &f->kern, fuzz_room(f, n * sizeof(struct phy_ci16)),
			(struct phy_ci16 *)fuzz_octets(f, n * sizeof(struct phy_ci16)),
			fuzz_room(f, n * sizeof(struct phy_ci16)));
	phy_fft16_fini(&fft16);
}

static void mib_door(struct fuzz *f)
{
	struct phy_mib mib = { (uint16_t)fuzz_upto(f, 1024), fuzz_bool(f), fuzz_bool(f),
		(uint8_t)fuzz_upto(f, 32), (uint8_t)fuzz_upto(f, 4), (uint8_t)fuzz_upto(f, 16),
		(uint8_t)fuzz_upto(f, 16), fuzz_bool(f), fuzz_bool(f), fuzz_bool(f) };
	struct phy_pbch_payload p = { .ssb_index = 0 };
	struct phy_mib back;

	if (phy_mib_encode(&mib, fuzz_upto(f, 64), &p) && (!phy_mib_decode(&back, &p) || back.sfn != mib.sfn))
		abort();
	for (unsigned i = 0; i < sizeof(p.mib); i++)
		p.mib[i] = fuzz_u8(f);
	(void)phy_mib_decode(&back, &p);
}

static void carrier_door(struct fuzz *f)
{
	struct phy_cell cell = { .scs_hz = fuzz_double(f), .frequency_hz = fuzz_double(f) };
	struct phy_carrier c;
	unsigned gscn;

	cell.frequency_error_hz = fuzz_double(f);
	cell.turn_rad = fuzz_float(f);
	c = phy_carrier_fit(&cell, fuzz_double(f));
	(void)c;
	gscn = phy_gscn_near(fuzz_double(f), false);
	if (gscn > 0 && phy_gscn_near(phy_gscn_hz(gscn), false) != gscn)
		abort();
	(void)phy_gscn_hz(fuzz_u32(f));
}

static void resample_door(struct fuzz *f)
{
	size_t count = fuzz_u16(f) % 1000, n = fuzz_u16(f) % 600;
	double in_hz = fuzz_double(f), out_hz = fuzz_double(f);
	struct phy_recording in = { fuzz_samples(f, count), count, fuzz_double(f) };
	struct phy_resampler r;

	if (in_hz > 20 * out_hz || out_hz > 20 * in_hz) /* more than that is allowed, but slow */
		out_hz = fuzz_bool(f) ? in_hz * 1.5 : in_hz / 2.5;
	if (!phy_resampler_init(&r, in_hz, out_hz))
		return;
	phy_resample(&r, &f->kern, &in, fuzz_double(f), fuzz_double(f),
		fuzz_room(f, n * sizeof(struct phy_cf)), n);
	phy_resampler_fini(&r);
}

static void channel_door(struct fuzz *f)
{
	struct channel_config c = { (enum channel_profile)fuzz_upto(f, CHANNEL_PROFILES),
		(enum channel_correlation)fuzz_upto(f, CHANNEL_CORRELATIONS), fuzz_bool(f),
		(uint8_t)fuzz_upto(f, CHANNEL_ANTENNAS_MAX + 1),
		(uint8_t)fuzz_upto(f, CHANNEL_ANTENNAS_MAX + 1), fuzz_double(f), fuzz_double(f),
		fuzz_double(f), fuzz_double(f), fuzz_double(f), fuzz_double(f), fuzz_double(f),
		fuzz_double(f), fuzz_u64(f) };
	size_t n = fuzz_u16(f) % 500;
	struct channel *ch = channel_new(&c);
	const struct phy_cf *in[CHANNEL_ANTENNAS_MAX];
	struct phy_cf *out[CHANNEL_ANTENNAS_MAX];

	for (unsigned i = 0; i < CHANNEL_ANTENNAS_MAX; i++) {
		in[i] = fuzz_samples(f, n);
		out[i] = fuzz_room(f, n * sizeof(*out[i]));
	}
	if (!ch)
		return;
	channel_run(ch, out, in, n);
	channel_run(ch, out, (const struct phy_cf *const *)out, n);
	channel_free(ch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const doors[])(struct fuzz *) = { layout_door, fuzz_pdcch, fuzz_pdsch, fuzz_fallback,
		sch_door, fuzz_pbch, fuzz_ssb, polar_door, small_door, sizes_door, allocation_door, ofdm_door,
		fft_door, mib_door, carrier_door, resample_door, channel_door, fuzz_cell_search, fuzz_sib1,
		fuzz_scan, fuzz_waveform, fuzz_pusch, fuzz_uci, fuzz_pucch, fuzz_prach, fuzz_srs, fuzz_csi,
		fuzz_group, fuzz_slot, fuzz_measure, fuzz_rach, fuzz_follow };
	struct fuzz f = { .c = cursor_of(bytes_of(data, size)) };
	uint8_t door = fuzz_u8(&f);

	kern_init(&f.kern, (enum kern_level)(fuzz_u8(&f) % KERN_LEVELS));
	doors[door % ARRAY_LEN(doors)](&f);
	while (f.rooms > 0)
		free(f.room[--f.rooms]);
	return 0;
}
