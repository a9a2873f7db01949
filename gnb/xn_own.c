/* What neighbours hear of this gNB: its ID, tracking areas, AMF regions (38.423 9.2.3.83), and cells
 * (9.2.2.11). */
#include "gnb/xn.h"
#include "radio/uu.h"
#include "wire/rrc/rrc.h"

enum { BAND_N78 = 78 };

static void regions_fill(struct gnb *gnb, struct gnb_xn_own *s)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++) {
		const struct gnb_amf *amf = &gnb->amfs[i];

		for (uint8_t k = 0; amf->state == NG_READY && k < amf->guami_count; k++)
			s->regions[s->region_list.count++] = (struct xnap_global_amf_region_information){
				ngap_plmn_of(&amf->guamis[k].plmn, &gnb->arena), amf->guamis[k].amf_region_id
			};
	}
	s->region_list.items = s->regions;
}

/* 38.331 11.2.2: all that the simulated radio has of measurement timing is nothing. */
static struct bytes timing(struct gnb *gnb)
{
	struct rrc_measurement_timing_configuration m = {
		.critical_extensions.tag = RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_TAG_C1
	};
	uint8_t octets[16];
	struct writer w = writer_of(octets, sizeof(octets));

	m.critical_extensions.u.c1.tag =
		RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_C1_TAG_MEAS_TIMING_CONF;
	return rrc_encode(&rrc_measurement_timing_configuration_type, &m, &w)
		       ? arena_bytes(&gnb->arena, writer_bytes(&w))
		       : BYTES_NONE;
}

static bool cells_fill(struct gnb *gnb, struct gnb_xn_own *s)
{
	struct bytes timing_octets = timing(gnb);

	s->band.nr_frequency_band = BAND_N78;
	for (uint8_t i = 0; i < gnb->config.cell_count; i++) {
		struct xnap_served_cell_information_nr *c = &s->cells[i].served_cell_info_nr;
		struct xnap_nr_mode_info_tdd *tdd = &c->nr_mode_info.u.tdd;
		struct ngap_tai tai;

		if (!ngap_tai_of(&gnb->places[i].tai, &gnb->arena, &tai))
			return false;
		c->nr_pci = gnb->config.cells[i].pci;
		c->cell_id = (struct xnap_nr_cgi){ tai.plmn_identity, gnb->places[i].ncgi.nci };
		c->tac = tai.tac;
		c->broadcast_plmn = (struct xnap_broadcast_plmns){ 1, &s->plmn_octets };
		c->nr_mode_info.tag = XNAP_NR_MODE_INFO_TAG_TDD;
		tdd->nr_frequency_info.nr_arfcn = UU_SSB_ARFCN;
		tdd->nr_frequency_info.frequency_band_list =
			(struct xnap_nr_frequency_band_list){ 1, &s->band };
		tdd->nr_transmisson_bandwidth =
			(struct xnap_nr_transmission_bandwidth){ XNAP_NRSCS_SCS30, XNAP_NRNRB_NRB273 };
		c->measurement_timing_configuration = timing_octets;
		c->connectivity_support.endc_support = XNAP_CONNECTIVITY_SUPPORT_ENDC_SUPPORT_NOT_SUPPORTED;
	}
	s->cell_list = (struct xnap_served_cells_nr){ gnb->config.cell_count, s->cells };
	return timing_octets.data;
}

static bool areas_fill(struct gnb *gnb, struct gnb_xn_own *s)
{
	const struct gnb_config *c = &gnb->config;
	uint32_t tacs[GNB_CELLS_MAX];

	for (uint8_t i = 0; i < c->slice_count; i++) {
		struct ngap_s_nssai slice;

		if (!ngap_s_nssai_of(&c->slices[i], &gnb->arena, &slice))
			return false;
		s->slices[i] = (struct xnap_s_nssai){ slice.sst, slice.has_sd, slice.sd };
	}
	s->plmn = (struct xnap_broadcast_plmn_in_tai_support_item){ s->plmn_octets,
		{ c->slice_count, s->slices }, NULL };
	s->ta_list = (struct xnap_tai_support_list){ gnb_cell_tacs(c, tacs), s->tas };
	for (size_t i = 0; i < s->ta_list.count; i++) {
		struct tai tai = { c->plmn, tacs[i] };
		struct ngap_tai t;

		if (!ngap_tai_of(&tai, &gnb->arena, &t))
			return false;
		s->tas[i] = (struct xnap_tai_support_item){ t.tac, { 1, &s->plmn } };
	}
	return true;
}

const struct gnb_xn_own *gnb_xn_own(struct gnb *gnb)
{
	struct gnb_xn_own *s = arena_alloc(&gnb->arena, sizeof(*s));
	struct writer w;

	if (!s)
		return NULL;
	*s = (struct gnb_xn_own){ .plmn_octets = ngap_plmn_of(&gnb->config.plmn, &gnb->arena) };
	w = writer_of(s->id, sizeof(s->id));
	writer_u32(&w, gnb->config.gnb_id << (32 - gnb->config.gnb_id_bits));
	s->node.tag = XNAP_GLOBAL_NG_RAN_NODE_ID_TAG_GNB;
	s->node.u.gnb.plmn_id = s->plmn_octets;
	s->node.u.gnb.gnb_id.tag = XNAP_GNB_ID_CHOICE_TAG_GNB_ID;
	s->node.u.gnb.gnb_id.u.gnb_id = (struct per_bits){ s->id, gnb->config.gnb_id_bits };
	regions_fill(gnb, s);
	return s->plmn_octets.data && areas_fill(gnb, s) && cells_fill(gnb, s) ? s : NULL;
}
