/* The door to whole slots: any description to each of the four ends of a small carrier, and any samples. */
#include <stdlib.h>

#include "radio/phy/slot/slot_downlink.h"
#include "radio/phy/slot/slot_uplink.h"
#include "tests/fuzz/fuzz_phy_configs.h"

enum { PRBS = 40, FIRST_CRB = 3, ANTENNAS = 2, MOST = 3, TB_BITS = 60000 };

/* The carrier of 15 kHz that most of the input is made to fit. */
static const struct phy_slot_config end = {
	.carrier = { .first_crb = FIRST_CRB, .prbs = PRBS, .fft_size = 512, .carrier_hz = 700000000 },
	.antennas = ANTENNAS,
	.layers = 2,
	.shared = MOST,
	.pucch = MOST,
	.srs = MOST,
	.csi_rs = MOST,
	.prach = MOST,
	.harqs = 4,
	.tb_bits = TB_BITS,
	.preambles = { .format = PHY_PRACH_B4, .l_ra = 139, .root_index = 5, .zone = 8 },
	.kern_level = KERN_LEVELS - 1,
};

/* Mostly the carrier's. */
static void fit(struct fuzz *f, uint8_t *mu, bool *extended, uint16_t *bwp_start, uint16_t *bwp_prbs)
{
	if (fuzz_u8(f) > 240)
		return;
	*mu = 0;
	*extended = false;
	*bwp_start = FIRST_CRB;
	*bwp_prbs = PRBS;
}

static struct slot_time time_of(struct fuzz *f)
{
	return (struct slot_time){ (uint8_t)(fuzz_u8(f) > 250), (uint16_t)fuzz_upto(f, 1023),
		(uint16_t)fuzz_upto(f, 9) };
}

static uint16_t symbols_of(struct fuzz *f)
{
	return fuzz_u8(f) > 230 ? fuzz_u16(f) : 0;
}

static size_t count_of(struct fuzz *f)
{
	return fuzz_u8(f) % (MOST + 2);
}

static struct phy_cf *const *outputs(struct fuzz *f)
{
	static struct phy_cf *out[ANTENNAS];
	size_t n = phy_slot_samples(&end.carrier, 0);

	for (unsigned a = 0; a < ANTENNAS; a++)
		out[a] = fuzz_room(f, n * sizeof(*out[a]));
	return out;
}

/* What was sent, or anything. */
static const struct phy_cf *const *inputs(struct fuzz *f, struct phy_cf *const *sent)
{
	static const struct phy_cf *in[ANTENNAS];

	for (unsigned a = 0; a < ANTENNAS; a++)
		in[a] = fuzz_bool(f) ? sent[a] : fuzz_samples(f, phy_slot_samples(&end.carrier, 0));
	return in;
}

static struct phy_pdsch_config pdsch_of(struct fuzz *f)
{
	struct phy_pdsch_config c = { .mu = 0,
		.time = { fuzz_bool(f), 0, (uint8_t)fuzz_upto(f, 13), (uint8_t)fuzz_upto(f, 14) },
		.rnti = fuzz_u16(f),
		.n_id = (uint16_t)fuzz_upto(f, 1023),
		.codeword = { { .mcs = (uint8_t)fuzz_upto(f, 28) } } };
	unsigned first = fuzz_upto(f, PRBS - 1);

	fit(f, &c.mu, &c.extended, &c.bwp_start, &c.bwp_prbs);
	c.dmrs = (struct phy_dmrs){
		.additional = (uint8_t)fuzz_upto(f, 3), .type_a_position = 2, .groups_without_data = 2
	};
	c.prbs.n = (uint16_t)(fuzz_upto(f, PRBS) % PHY_PRB_MAX);
	for (unsigned i = 0; i < c.prbs.n; i++)
		c.prbs.at[i] = (uint16_t)(first + i);
	c.layers = (uint8_t)(1 + fuzz_upto(f, 2));
	for (unsigned i = 0; i < c.layers; i++)
		c.ports[i] = (uint8_t)i;
	c.ptrs = (struct phy_ptrs_config){ .time_density = (uint8_t)fuzz_upto(f, 4), .frequency_density = 2 };
	return c;
}

/* One for all blocks, or none. */
static const struct phy_precoding *precoder_of(struct fuzz *f, struct phy_precoding *w)
{
	*w = (struct phy_precoding){ .ports = (uint8_t)fuzz_upto(f, 3), .layers = (uint8_t)fuzz_upto(f, 3) };
	for (unsigned i = 0; i < 4; i++)
		w->w[i / 2][i % 2] = (struct phy_cf){ fuzz_float(f), fuzz_float(f) };
	return fuzz_bool(f) ? w : NULL;
}

static struct phy_slot_ssb_place ssb_place(struct fuzz *f)
{
	return (struct phy_slot_ssb_place){ (uint16_t)fuzz_upto(f, 1007), (uint8_t)(fuzz_bool(f) ? 4 : 64),
		(uint8_t)fuzz_upto(f, 10), (uint16_t)fuzz_upto(f, 250), fuzz_bool(f) };
}

/* Takes element i out of n. False when there is none, and so another cause than a part. */
static bool drop(void *array, size_t *n, size_t size, size_t i)
{
	if (i >= *n)
		return false;
	--*n;
	memmove((uint8_t *)array + i * size, (uint8_t *)array + (i + 1) * size, (*n - i) * size);
	return true;
}

#define DROP(array, n, i) drop(array, n, sizeof(*(array)), i)

/* Without what was refused the rest is tried again. */
static bool drop_dl(struct phy_dl_slot_rx *s, const struct phy_slot_refusal *r)
{
	switch (r->pdu) {
	case PHY_SLOT_SSB:
		return DROP(s->ssb, &s->ssb_n, r->index);
	case PHY_SLOT_PDCCH:
		return DROP(s->pdcch, &s->pdcch_n, r->index);
	case PHY_SLOT_PDSCH:
		return DROP(s->pdsch, &s->pdsch_n, r->index);
	default:
		return DROP(s->csi_rs, &s->csi_rs_n, r->index);
	}
}

static bool drop_ul(struct phy_ul_slot_rx *s, const struct phy_slot_refusal *r)
{
	switch (r->pdu) {
	case PHY_SLOT_PUSCH:
		return DROP(s->pusch, &s->pusch_n, r->index);
	case PHY_SLOT_PUCCH:
		return DROP(s->pucch, &s->pucch_n, r->index);
	case PHY_SLOT_SRS:
		return DROP(s->srs, &s->srs_n, r->index);
	default:
		return DROP((struct phy_ul_prach_place *)s->prach, &s->prach_n, r->index);
	}
}

struct dl_parts {
	struct phy_coreset coreset;
	struct phy_dl_ssb ssb[2];
	struct phy_dl_pdcch pdcch[2];
	struct phy_dl_pdsch pdsch[MOST + 1];
	struct phy_dl_csi_rs csi_rs[MOST + 1];
	struct phy_dl_ssb_rx ssb_rx[2];
	struct phy_dl_pdcch_rx pdcch_rx;
	struct phy_dl_pdsch_rx pdsch_rx[MOST + 1];
	struct phy_dl_csi_rs_rx csi_rs_rx[MOST + 1];
};

static void control_of(struct fuzz *f, struct dl_parts *d)
{
	d->coreset = (struct phy_coreset){ .groups = fuzz_u8(f),
		.first_crb = (uint16_t)(FIRST_CRB + fuzz_upto(f, 3)),
		.n_symb = (uint8_t)(1 + fuzz_u8(f) % 3),
		.bundle = 6,
		.wideband = fuzz_bool(f) };
	for (unsigned i = 0; i < 2; i++) {
		d->ssb[i] = (struct phy_dl_ssb){ ssb_place(f), { .ssb_index = (uint8_t)fuzz_upto(f, 3) },
			fuzz_float(f), 1, (uint8_t)fuzz_upto(f, 1) };
		d->ssb_rx[i] = (struct phy_dl_ssb_rx){ .place = d->ssb[i].place };
		d->pdcch[i] = (struct phy_dl_pdcch){ { &d->coreset, 0, (uint8_t)fuzz_upto(f, 3), 1, 0 },
			{ (uint8_t)fuzz_upto(f, 8), (uint8_t)(1u << fuzz_u8(f) % 5) }, 7,
			(uint8_t)fuzz_upto(f, 60), { 0x55 }, fuzz_float(f), (uint8_t)fuzz_upto(f, 1) };
	}
	d->pdcch_rx.search = (struct phy_pdcch_search){ .occasion = d->pdcch[0].occasion,
		.candidate = { d->pdcch[0].at, d->pdcch[1].at },
		.candidates = 2,
		.sizes = 1,
		.size = { d->pdcch[0].bits },
		.rntis = 1,
		.rnti = { 7 } };
}

static void data_of(struct fuzz *f, struct dl_parts *d)
{
	static struct phy_precoding precoders[MOST + 1];
	static struct phy_pdsch plan;

	for (unsigned i = 0; i <= MOST; i++) {
		const uint8_t *tb = fuzz_octets(f, TB_BITS / 8);

		d->pdsch[i] =
			(struct phy_dl_pdsch){ .config = pdsch_of(f), .antenna = (uint8_t)fuzz_upto(f, 1) };
		d->pdsch[i].precoders = precoder_of(f, &precoders[i]);
		if (phy_pdsch_init(&plan, &d->pdsch[i].config) == PHY_PDSCH_OK && plan.sch[0].a <= TB_BITS)
			d->pdsch[i].tb[0] = bytes_of(tb, (plan.sch[0].a + 7) / 8);
		d->pdsch_rx[i] = (struct phy_dl_pdsch_rx){ .config = d->pdsch[i].config,
			.harq_process = (uint8_t)(fuzz_u8(f) % 4),
			.new_data = { fuzz_bool(f) } };
		d->csi_rs[i] = (struct phy_dl_csi_rs){ fuzz_csi_rs_config(f), fuzz_float(f) };
		d->csi_rs_rx[i] = (struct phy_dl_csi_rs_rx){ .config = d->csi_rs[i].config };
	}
}

static void downlink(struct fuzz *f)
{
	static struct phy_dl_sender *sender;
	static struct phy_dl_receiver *receiver;
	static struct dl_parts d;
	struct phy_dl_slot sent = { time_of(f), symbols_of(f), d.ssb, d.pdcch, d.pdsch, d.csi_rs };
	struct phy_dl_slot_rx expected = { sent.time, sent.symbols, d.ssb_rx, &d.pdcch_rx, d.pdsch_rx,
		d.csi_rs_rx };
	struct phy_cf *const *out = outputs(f);
	const struct phy_cf *const *in;
	struct phy_slot_refusal r;

	sender = sender ? sender : phy_dl_sender_new(&end);
	receiver = receiver ? receiver : phy_dl_receiver_new(&end);
	control_of(f, &d);
	data_of(f, &d);
	if (!phy_coreset_init(&d.coreset))
		return;
	sent.ssb_n = expected.ssb_n = fuzz_u8(f) % 3;
	sent.pdcch_n = fuzz_u8(f) % 3;
	expected.pdcch_n = fuzz_u8(f) % 2;
	sent.pdsch_n = expected.pdsch_n = count_of(f);
	sent.csi_rs_n = expected.csi_rs_n = count_of(f);
	(void)phy_dl_send(sender, &sent, out, &r);
	in = inputs(f, out);
	while (!phy_dl_receive(receiver, &expected, in, &r)) {
		if (!drop_dl(&expected, &r))
			return;
	}
	expected.ssb_n = 0;
	(void)phy_dl_receive(receiver, &expected, NULL, &r);
}

static struct phy_ul_prach_place prach_place(struct fuzz *f)
{
	return (struct phy_ul_prach_place){ { .format = fuzz_u8(f) > 250 ? PHY_PRACH_0 : PHY_PRACH_B4,
						    .start_tc = fuzz_bool(f) ? fuzz_u32(f) % 1000000 : 0,
						    .extra_tc = fuzz_bool(f) ? 1024 : fuzz_u32(f) },
		(uint16_t)fuzz_upto(f, PRBS) };
}

static void uplink(struct fuzz *f)
{
	static struct phy_ul_sender *sender;
	static struct phy_ul_receiver *receiver;
	static struct phy_srs_estimate estimates[MOST + 1][PHY_SYMBOLS_MAX];
	static const uint8_t bits[PHY_UCI_BITS_MAX] = { 1, 0, 1 };
	static struct phy_ul_pusch pusch[MOST + 1];
	static struct phy_ul_pusch_rx pusch_rx[MOST + 1];
	static struct phy_pusch plan;
	struct phy_ul_pucch pucch[MOST + 1] = { 0 };
	struct phy_ul_pucch_rx pucch_rx[MOST + 1] = { 0 };
	struct phy_srs_config srs[MOST + 1];
	struct phy_ul_srs_rx srs_rx[MOST + 1];
	struct phy_ul_prach prach = { prach_place(f), (uint8_t)fuzz_upto(f, 63), fuzz_float(f) };
	struct phy_ul_prach_place places[MOST + 1];
	struct phy_ul_slot sent = { time_of(f), symbols_of(f), pusch, pucch, srs,
		fuzz_bool(f) ? &prach : NULL };
	struct phy_ul_slot_rx expected = { sent.time, sent.symbols, pusch_rx, pucch_rx, srs_rx, places };
	struct phy_cf *const *out = outputs(f);
	const struct phy_cf *const *in;
	struct phy_slot_refusal r;

	sender = sender ? sender : phy_ul_sender_new(&end);
	receiver = receiver ? receiver : phy_ul_receiver_new(&end);
	for (unsigned i = 0; i <= MOST; i++) {
		struct phy_pusch_config c = fuzz_pusch_config(f);

		fit(f, &c.mu, &c.extended, &c.bwp_start, &c.bwp_prbs);
		pusch[i] = (struct phy_ul_pusch){ c, BYTES_NONE, { bits, bits, fuzz_bool(f) ? bits : NULL } };
		if (phy_pusch_init(&plan, &c) == PHY_PUSCH_OK && plan.sch.a <= TB_BITS)
			pusch[i].tb = bytes_of(fuzz_octets(f, TB_BITS / 8), (plan.sch.a + 7) / 8);
		pusch_rx[i] = (struct phy_ul_pusch_rx){
			.config = c, .harq_process = (uint8_t)(fuzz_u8(f) % 4), .new_data = fuzz_bool(f)
		};
		pucch[i] = (struct phy_ul_pucch){ fuzz_pucch_config(f), fuzz_u8(f) > 10 ? bits : NULL,
			fuzz_bool(f) };
		fit(f, &pucch[i].config.mu, &pucch[i].config.extended, &pucch[i].config.bwp_start,
			&pucch[i].config.bwp_prbs);
		pucch_rx[i].config = pucch[i].config;
		srs[i] = fuzz_srs_config(f);
		fit(f, &srs[i].mu, &srs[i].extended, &srs[i].bwp_start, &srs[i].bwp_prbs);
		srs_rx[i] = (struct phy_ul_srs_rx){ srs[i], estimates[i] };
		places[i] = fuzz_bool(f) ? prach.place : prach_place(f);
	}
	sent.pusch_n = expected.pusch_n = count_of(f);
	sent.pucch_n = expected.pucch_n = count_of(f);
	sent.srs_n = expected.srs_n = count_of(f);
	expected.prach_n = count_of(f);
	(void)phy_ul_send(sender, &sent, out, &r);
	in = inputs(f, out);
	while (!phy_ul_receive(receiver, &expected, in, &r)) {
		if (!drop_ul(&expected, &r))
			return;
	}
	for (size_t i = 0; i < expected.rach_n; i++) {
		if (expected.rach[i].found_n > PHY_PRACH_PREAMBLES)
			abort();
	}
}

void fuzz_slot(struct fuzz *f)
{
	if (fuzz_bool(f))
		downlink(f);
	else
		uplink(f);
}
