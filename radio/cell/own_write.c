#include "radio/cell/own_read.h"
#include "wire/rrc/number.h"

enum { SR_RESOURCE = CELL_PUCCH_SET, MORE_RESOURCE, CSI_RESOURCE };

static unsigned candidates_value(unsigned count)
{
	return count == 8 ? 7 : count; /* n0 to n6, n8 */
}

static void write_space(struct cell_own_message *m, const struct cell_space *s)
{
	m->monitoring.tag = RRC_SEARCH_SPACE_MONITORING_SLOT_PERIODICITY_AND_OFFSET_TAG_SL1;
	m->candidates = (struct rrc_search_space_nrof_candidates){ candidates_value(s->space.candidates[0]),
		candidates_value(s->space.candidates[1]), candidates_value(s->space.candidates[2]),
		candidates_value(s->space.candidates[3]), candidates_value(s->space.candidates[4]) };
	m->type.tag = s->space.ue_specific ? RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_TAG_UE_SPECIFIC
					   : RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_TAG_COMMON;
	if (!s->space.ue_specific)
		m->type.u.common.has_dci_format0_0_and_format1_0 = true;
	else if (s->configured)
		m->type.u.ue_specific.dci_formats =
			RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_UE_SPECIFIC_DCI_FORMATS_FORMATS0_1_AND_1_1;
	m->space = (struct rrc_search_space){ .search_space_id = s->id,
		.has_control_resource_set_id = true,
		.control_resource_set_id = s->coreset_id,
		.monitoring_slot_periodicity_and_offset = &m->monitoring,
		.has_monitoring_symbols_within_slot = true,
		.monitoring_symbols_within_slot =
			(uint16_t)cell_bits_turned(s->space.symbols, PHY_SYMBOLS_MAX),
		.nrof_candidates = &m->candidates,
		.search_space_type = &m->type };
	m->spaces = (struct rrc_pdcch_config_search_spaces_to_add_mod_list){ 1, &m->space };
}

static void write_coreset(struct cell_own_message *m, const struct cell_space *s)
{
	m->coreset = (struct rrc_control_resource_set){ .control_resource_set_id = s->coreset_id,
		.frequency_domain_resources = cell_bits_turned(s->coreset.groups, PHY_CORESET_GROUPS),
		.duration = s->coreset.n_symb,
		.cce_reg_mapping_type.tag = RRC_CONTROL_RESOURCE_SET_CCE_REG_MAPPING_TYPE_TAG_NON_INTERLEAVED,
		.precoder_granularity = RRC_CONTROL_RESOURCE_SET_PRECODER_GRANULARITY_SAME_AS_REG_BUNDLE };
	m->coresets = (struct rrc_pdcch_config_control_resource_set_to_add_mod_list){ 1, &m->coreset };
}

static void write_downlink(struct cell_own_message *m, const struct cell_own *o)
{
	bool ok = true;

	m->pdcch.tag = RRC_SETUP_RELEASE_PDCCH_CONFIG_TAG_SETUP;
	write_space(m, &o->spaces[0]);
	m->pdcch.u.setup.search_spaces_to_add_mod_list = &m->spaces;
	if (o->spaces[0].coreset_id != 0) {
		write_coreset(m, &o->spaces[0]);
		m->pdcch.u.setup.control_resource_set_to_add_mod_list = &m->coresets;
	}
	m->pdsch = (struct rrc_setup_release_pdsch_config){ RRC_SETUP_RELEASE_PDSCH_CONFIG_TAG_SETUP,
		.u.setup = &m->pdsch_config };
	m->pdsch_config.has_data_scrambling_identity_pdsch = o->has_pdsch_n_id;
	m->pdsch_config.data_scrambling_identity_pdsch = o->pdsch_n_id;
	m->pdsch_config.has_mcs_table = o->pdsch.shared.mcs_table == PHY_MCS_256QAM;
	m->pdsch_config.mcs_table = RRC_PDSCH_CONFIG_MCS_TABLE_QAM256;
	m->pdsch_config.resource_allocation = RRC_PDSCH_CONFIG_RESOURCE_ALLOCATION_RESOURCE_ALLOCATION_TYPE1;
	m->pdsch_config.prb_bundling_type.tag = RRC_PDSCH_CONFIG_PRB_BUNDLING_TYPE_TAG_STATIC_BUNDLING;
	if (o->pdsch.prg[0] == 0) {
		m->pdsch_config.prb_bundling_type.u.static_bundling.has_bundle_size = true;
		m->pdsch_config.prb_bundling_type.u.static_bundling.bundle_size =
			RRC_PDSCH_CONFIG_PRB_BUNDLING_TYPE_STATIC_BUNDLING_BUNDLE_SIZE_WIDEBAND;
	}
	m->pdsch_dmrs.tag =
		RRC_SETUP_RELEASE_DMRS_DOWNLINK_CONFIG_TAG_SETUP; /* all as it is without a word */
	m->pdsch_config.dmrs_downlink_for_pdsch_mapping_type_a = &m->pdsch_dmrs;
	m->downlink.pdcch_config = &m->pdcch;
	m->downlink.pdsch_config = &m->pdsch;
	m->serving.initial_downlink_bwp = &m->downlink;
	m->pdsch_cell.tag = RRC_SETUP_RELEASE_PDSCH_SERVING_CELL_CONFIG_TAG_SETUP;
	m->pdsch_cell.u.setup.has_max_mimo_layers = true;
	m->pdsch_cell.u.setup.max_mimo_layers = 1;
	if (o->harqs != 8) {
		m->pdsch_cell.u.setup.has_nrof_harq_processes_for_pdsch = true;
		m->pdsch_cell.u.setup.nrof_harq_processes_for_pdsch = rrc_value_at(
			&rrc_pdsch_serving_cell_config_type, "nrofHARQ-ProcessesForPDSCH", o->harqs, &ok);
	}
	m->serving.pdsch_serving_cell_config = &m->pdsch_cell;
}

static struct rrc_pucch_resource resource_of(const struct phy_pucch_config *p, unsigned id)
{
	struct rrc_pucch_resource r = { .pucch_resource_id = (uint8_t)id,
		.starting_prb = p->first_prb,
		.has_intra_slot_frequency_hopping = p->hopping,
		.has_second_hop_prb = p->hopping,
		.second_hop_prb = p->second_prb };

	if (p->format == 0) {
		r.format.tag = RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT0;
		r.format.u.format0 =
			(struct rrc_pucch_format0){ p->initial_shift, p->symbols, p->first_symbol };
	} else if (p->format == 2) {
		r.has_second_hop_prb = p->hopping;
		r.format.tag = RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT2;
		r.format.u.format2 = (struct rrc_pucch_format2){ p->prbs, p->symbols, p->first_symbol };
	} else {
		r.format.tag = RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT1;
		r.format.u.format1 =
			(struct rrc_pucch_format1){ p->initial_shift, p->symbols, p->first_symbol, p->occ };
	}
	return r;
}

static void write_request(struct cell_own_message *m, const struct cell_sr *sr)
{
	static const uint16_t periods[] = { 1, 2, 4, 5, 8, 10, 16, 20, 40, 80, 160, 320, 640 };
	unsigned row = 0;

	while (row + 1 < ARRAY_LEN(periods) && periods[row] != sr->period)
		row++;
	m->request_at.tag = (enum rrc_scheduling_request_resource_config_periodicity_and_offset_tag)(
		RRC_SCHEDULING_REQUEST_RESOURCE_CONFIG_PERIODICITY_AND_OFFSET_TAG_SL1 + row);
	if (sr->period <= 160)
		m->request_at.u.sl160 = (uint8_t)sr->offset;
	else
		m->request_at.u.sl320 = sr->offset;
	m->request = (struct rrc_scheduling_request_resource_config){ .scheduling_request_resource_id = 1,
		.scheduling_request_id = sr->id,
		.periodicity_and_offset = &m->request_at,
		.has_resource = true,
		.resource = SR_RESOURCE };
	m->requests = (struct rrc_pucch_config_scheduling_request_resource_to_add_mod_list){ 1, &m->request };
	m->pucch_config.scheduling_request_resource_to_add_mod_list = &m->requests;
}

/* Resource sets 0, of up to two bits, and 1, of one resource. */
static size_t write_sets(struct cell_own_message *m, const struct cell_own *o)
{
	size_t n = 0;

	for (; n < o->ack_n; n++) {
		m->resource[n] = resource_of(&o->ack[n], (unsigned)n);
		m->set_ids[n] = (uint8_t)n;
	}
	m->set[0] = (struct rrc_pucch_resource_set){ 0, { o->ack_n, m->set_ids } };
	m->sets = (struct rrc_pucch_config_resource_set_to_add_mod_list){ 1, m->set };
	m->format1.tag = m->format2.tag = RRC_SETUP_RELEASE_PUCCH_FORMAT_CONFIG_TAG_SETUP;
	m->pucch_config.format1 = &m->format1;
	if (o->more_n > 0) {
		m->set_ids[CELL_PUCCH_SET] = MORE_RESOURCE;
		m->resource[n++] = resource_of(&o->more[0], MORE_RESOURCE);
		m->set[m->sets.count++] =
			(struct rrc_pucch_resource_set){ 1, { 1, &m->set_ids[CELL_PUCCH_SET] } };
		m->format2.u.setup.has_max_code_rate = true;
		m->format2.u.setup.max_code_rate = RRC_PUCCH_MAX_CODE_RATE_ZERO_DOT35;
		m->format2.u.setup.has_simultaneous_harq_ack_csi = o->acks_with_csi;
		m->pucch_config.format2 = &m->format2;
	}
	return n;
}

static void write_pucch(struct cell_own_message *m, const struct cell_own *o)
{
	size_t n = write_sets(m, o);

	if (o->sr.there) {
		m->resource[n++] = resource_of(&o->sr.at, SR_RESOURCE);
		write_request(m, &o->sr);
	}
	if (o->report.there)
		m->resource[n++] = resource_of(&o->report.at, CSI_RESOURCE);
	m->resources = (struct rrc_pucch_config_resource_to_add_mod_list){ n, m->resource };
	m->pucch_config.resource_set_to_add_mod_list = &m->sets;
	m->pucch_config.resource_to_add_mod_list = &m->resources;
	for (uint8_t i = 0; i < o->pdsch.k1_n; i++)
		m->timings[i] = o->pdsch.k1[i];
	m->timing = (struct rrc_pucch_config_dl_data_to_ul_ack){ o->pdsch.k1_n, m->timings };
	m->pucch_config.dl_data_to_ul_ack = &m->timing;
	m->pucch = (struct rrc_setup_release_pucch_config){ RRC_SETUP_RELEASE_PUCCH_CONFIG_TAG_SETUP,
		.u.setup = &m->pucch_config };
	m->bwp.pucch_config = &m->pucch;
}

static void write_pusch(struct cell_own_message *m, const struct cell_own *o)
{
	struct rrc_beta_offsets *b = &m->beta.u.semi_static;

	m->pusch = (struct rrc_setup_release_pusch_config){ RRC_SETUP_RELEASE_PUSCH_CONFIG_TAG_SETUP,
		.u.setup = &m->pusch_config };
	m->pusch_config.has_data_scrambling_identity_pusch = o->has_pusch_n_id;
	m->pusch_config.data_scrambling_identity_pusch = o->pusch_n_id;
	m->pusch_config.has_mcs_table = o->pusch.shared.mcs_table == PHY_MCS_256QAM;
	m->pusch_config.mcs_table = RRC_PUSCH_CONFIG_MCS_TABLE_QAM256;
	m->pusch_config.resource_allocation = RRC_PUSCH_CONFIG_RESOURCE_ALLOCATION_RESOURCE_ALLOCATION_TYPE1;
	m->pusch_config.has_transform_precoder = o->has_transform_precoding;
	m->pusch_config.transform_precoder = o->transform_precoding
						     ? RRC_PUSCH_CONFIG_TRANSFORM_PRECODER_ENABLED
						     : RRC_PUSCH_CONFIG_TRANSFORM_PRECODER_DISABLED;
	m->pusch_dmrs.tag = RRC_SETUP_RELEASE_DMRS_UPLINK_CONFIG_TAG_SETUP;
	m->pusch_dmrs.u.setup.transform_precoding_disabled = &m->no_transform;
	m->pusch_config.dmrs_uplink_for_pusch_mapping_type_a = &m->pusch_dmrs;
	m->beta.tag = RRC_UCI_ON_PUSCH_BETA_OFFSETS_TAG_SEMI_STATIC;
	*b = (struct rrc_beta_offsets){ true, o->beta_ack[0][0], true, o->beta_ack[0][1], true,
		o->beta_ack[0][2], true, o->beta_csi[0], true, o->beta_csi[0], true, 13, true, 13 };
	m->uci.tag = RRC_SETUP_RELEASE_UCI_ON_PUSCH_TAG_SETUP;
	m->uci.u.setup.beta_offsets = &m->beta;
	m->uci.u.setup.scaling = RRC_UCI_ON_PUSCH_SCALING_F1;
	m->pusch_config.uci_on_pusch = &m->uci;
	m->bwp.pusch_config = &m->pusch;
}

void cell_own_write(struct cell_own_message *m, struct rrc_cell_group_config *g, const struct cell *c,
	const struct cell_own *o)
{
	*m = (struct cell_own_message){
		.physical.pdsch_harq_ack_codebook =
			RRC_PHYSICAL_CELL_GROUP_CONFIG_PDSCH_HARQ_ACK_CODEBOOK_DYNAMIC
	};
	write_downlink(m, o);
	write_pucch(m, o);
	write_pusch(m, o);
	if (o->report.there)
		cell_csi_write(&m->csi, &m->serving, &m->pdsch_config, o, CSI_RESOURCE);
	if (o->srs[0].there) {
		cell_srs_write(&m->srs, &o->srs[0]);
		m->bwp.srs_config = &m->srs.config;
	}
	m->uplink.initial_uplink_bwp = &m->bwp;
	m->uplink.has_first_active_uplink_bwp_id = true;
	m->serving.uplink_config = &m->uplink;
	m->serving.has_first_active_downlink_bwp_id = true;
	m->sp_cell.sp_cell_config_dedicated = &m->serving;
	g->physical_cell_group_config = &m->physical;
	g->sp_cell_config = &m->sp_cell;
}
