#include <stdio.h>

#include "air/waveform.h"
#include "radio/phy/search/band.h"

static const char *const patterns = "ABCDE";

static uint64_t point_a_hz(const struct waveform_cell *c)
{
	const struct phy_waveform_config *w = &c->config;

	return c->dl_hz - (w->first_crb * 12ull + w->prbs * 6ull) * c->scs_khz * 1000ull;
}

static uint64_t ssb_hz(const struct waveform_cell *c)
{
	return c->dl_hz + (uint64_t)c->config.ssb_offset_hz;
}

uint64_t waveform_uplink_hz(const struct waveform_cell *c)
{
	const struct phy_band_raster *b = phy_band_find(c->band);

	return c->dl_hz + b->ul_low_khz * UINT64_C(1000) - b->dl_low_khz * UINT64_C(1000);
}

static void print_sib1(const struct waveform_cell *c)
{
	const struct phy_coreset0 *z = &c->place.coreset0;

	printf("CORESET 0        controlResourceSetZero %u: %u blocks from common block %u on, %u symbols, "
	       "pattern %u\n",
		c->config.coreset_zero, z->n_rb, c->place.coreset_crb, z->n_symb, z->pattern);
	printf("SIB1             %zu octets, searchSpaceZero %u, %s\n", c->config.sib1.len,
		c->config.search_space_zero,
		c->schedule.with_ssb ? "in frames with SS/PBCH blocks" : "every 20 ms");
	for (unsigned i = 0; i < c->schedule.n; i++) {
		const struct phy_sib1_sending *s = &c->schedule.at[i];

		printf("  for index %-4u ", s->ssb_index);
		if (!c->schedule.with_ssb)
			printf(" SFN %s,", s->sfn_odd ? "odd" : "even");
		printf(" slot %u: PDCCH of %u CCEs; PDSCH %s%u to %u, %u blocks from %u on, MCS %u, %u "
		       "octets\n",
			s->slot, s->al, s->allocation.k0 ? "in the next slot, symbols " : "symbols ",
			s->allocation.s, s->allocation.s + s->allocation.l - 1, s->rbs, s->first_rb, s->mcs,
			s->octets);
	}
}

static void print_text(
	const struct waveform_options *o, const struct waveform_cell *c, const struct waveform_written *w)
{
	const struct phy_waveform_config *f = &c->config;

	printf("carrier          n%u, %u MHz: %u blocks of %u kHz around %.6f MHz (ARFCN %u)\n", c->band,
		c->bandwidth_mhz, f->prbs, c->scs_khz, (double)c->dl_hz / 1e6, c->arfcn);
	if (o->frc || c->test_preamble || o->preambles)
		printf("uplink           around %.6f MHz\n", (double)waveform_uplink_hz(c) / 1e6);
	printf("point A          %.6f MHz, offsetToPointA %u\n", (double)point_a_hz(c) / 1e6,
		c->place.offset_to_point_a);
	if (f->tdd.period_slots > 0)
		printf("TDD              period of %u slots: %u and %u symbols downlink, %u symbols and %u "
		       "slots uplink\n",
			f->tdd.period_slots, f->tdd.dl_slots, f->tdd.dl_symbols, f->tdd.ul_symbols,
			f->tdd.ul_slots);
	if (o->frc)
		printf("reference        %s: %u blocks, %u layers, %u bits a slot\n", o->frc->name,
			o->frc->n_rb, o->frc->layers, o->frc->payload_bits);
	else if (f->model == PHY_TEST_MODEL_NONE && !c->test_preamble)
		printf("SS/PBCH block    GSCN %u, %.6f MHz, case %c of %u kHz, L_max %u, every %u ms, k_SSB "
		       "%u\n",
			c->gscn, (double)ssb_hz(c) / 1e6, patterns[f->pattern], c->ssb_scs_khz, f->l_max,
			f->period_ms, c->place.k_ssb);
	printf("cell             identity %u, SFN %u on\n", f->n_cell_id, f->sfn);
	if (f->sib1.len > 0)
		print_sib1(c);
	printf("samples          %llu at %.6f MHz, %s, mean %.1f dBFS", (unsigned long long)w->samples,
		(double)c->rate_hz / 1e6, o->int16 ? "ci16" : "cf32", w->power_dbfs);
	if (w->files > 1)
		printf(", in %u files", w->files);
	if (o->int16)
		printf(", %llu clipped", (unsigned long long)w->clipped);
	printf("\n");
}

static void print_json(
	const struct waveform_options *o, const struct waveform_cell *c, const struct waveform_written *w)
{
	const struct phy_waveform_config *f = &c->config;

	printf("{\"band\":%u,\"bandwidth_mhz\":%u,\"scs_khz\":%u,\"n_rb\":%u,\"carrier_hz\":%llu,\"arfcn\":%"
	       "u,\"point_a_hz\":%llu,"
	       "\"offset_to_point_a\":%u,\"offset_to_carrier\":%u,\"gscn\":%u,\"ssb_hz\":%llu,\"ssb_scs_"
	       "khz\":%u,\"ssb_case\":\"%c\","
	       "\"l_max\":%u,\"ssb_period_ms\":%u,\"k_ssb\":%u,\"pci\":%u,\"sfn\":%u,",
		c->band, c->bandwidth_mhz, c->scs_khz, f->prbs, (unsigned long long)c->dl_hz, c->arfcn,
		(unsigned long long)point_a_hz(c), c->place.offset_to_point_a, f->first_crb, c->gscn,
		(unsigned long long)ssb_hz(c), c->ssb_scs_khz, patterns[f->pattern], f->l_max, f->period_ms,
		c->place.k_ssb, f->n_cell_id, f->sfn);
	printf("\"ssb_index\":[");
	for (unsigned i = 0, n = 0; i < f->l_max && f->model == PHY_TEST_MODEL_NONE; i++)
		if (f->sent >> i & 1)
			printf("%s%u", n++ ? "," : "", i);
	printf("],\"sib1\":");
	if (f->sib1.len > 0) {
		const struct phy_coreset0 *z = &c->place.coreset0;

		printf("{\"octets\":%zu,\"coreset0\":%u,\"searchspace0\":%u,\"coreset0_n_rb\":%u,\"coreset0_"
		       "symbols\":%u,\"pattern\":%u,"
		       "\"hex\":\"",
			f->sib1.len, f->coreset_zero, f->search_space_zero, z->n_rb, z->n_symb, z->pattern);
		for (size_t i = 0; i < f->sib1.len; i++)
			printf("%02x", f->sib1.data[i]);
		printf("\",\"at\":[");
		for (unsigned i = 0; i < c->schedule.n; i++) {
			const struct phy_sib1_sending *s = &c->schedule.at[i];

			printf("%s{\"ssb_index\":%u,\"sfn_odd\":%u,\"slot\":%u,\"al\":%u,\"k0\":%u,"
			       "\"symbol\":%u,\"symbols\":%u,"
			       "\"rb\":%u,\"rbs\":%u,\"mcs\":%u,\"tb_octets\":%u}",
				i ? "," : "", s->ssb_index, s->sfn_odd, s->slot, s->al, s->allocation.k0,
				s->allocation.s, s->allocation.l, s->first_rb, s->rbs, s->mcs, s->octets);
		}
		printf("]}");
	} else {
		printf("null");
	}
	printf(",\"rate_hz\":%llu,\"samples\":%llu,\"files\":%u,\"format\":\"%s\",\"power_dbfs\":%.2f,"
	       "\"clipped\":%llu}\n",
		(unsigned long long)c->rate_hz, (unsigned long long)w->samples, w->files,
		o->int16 ? "ci16" : "cf32", w->power_dbfs, (unsigned long long)w->clipped);
}

void waveform_report(
	const struct waveform_options *o, const struct waveform_cell *c, const struct waveform_written *w)
{
	if (o->json)
		print_json(o, c, w);
	else
		print_text(o, c, w);
}
