/* PUSCH-Config and PUSCH-ServingCellConfig, and what DCI 0_1 has of SRS-Config and CSI-MeasConfig. */
#include "radio/cell/own_read.h"

static const uint8_t positions[] = { 0, 1, 3 }; /* pos0, pos1, pos3 */

static void read_precoded(
	struct cell_dmrs *d, const struct rrc_dmrs_uplink_config_transform_precoding_enabled *e)
{
	d->has_low_papr_n_id = e->has_npusch_identity;
	d->low_papr_n_id = e->npusch_identity;
	d->has_hopping = e->has_sequence_group_hopping || e->has_sequence_hopping;
	d->hopping = e->has_sequence_hopping ? PHY_SEQUENCE_HOPS : PHY_SEQUENCE_STAYS;
}

static const char *read_dmrs(struct cell_dmrs *d, const struct rrc_setup_release_dmrs_uplink_config *in)
{
	const struct rrc_dmrs_uplink_config *s;
	const struct rrc_dmrs_uplink_config_transform_precoding_disabled *plain;

	if (!in)
		return NULL;
	*d = (struct cell_dmrs){ .additional = 2 };
	if (in->tag != RRC_SETUP_RELEASE_DMRS_UPLINK_CONFIG_TAG_SETUP)
		return NULL;
	s = &in->u.setup;
	plain = s->transform_precoding_disabled;
	if (s->phase_tracking_rs &&
		s->phase_tracking_rs->tag == RRC_SETUP_RELEASE_PTRS_UPLINK_CONFIG_TAG_SETUP)
		return "phase tracking signals in PUSCH";
	d->there = true;
	d->type2 = s->has_dmrs_type;
	d->pairs = s->has_max_length;
	if (s->has_dmrs_additional_position)
		d->additional = positions[s->dmrs_additional_position % ARRAY_LEN(positions)];
	if (s->transform_precoding_enabled)
		read_precoded(d, s->transform_precoding_enabled);
	if (!plain)
		return NULL;
	d->has_n_id[0] = plain->has_scrambling_id0;
	d->has_n_id[1] = plain->has_scrambling_id1;
	d->n_id[0] = plain->scrambling_id0;
	d->n_id[1] = plain->scrambling_id1;
	return plain->has_dmrs_uplink_r16 ? "DM-RS sequences by CDM group in PUSCH" : NULL;
}

static void read_beta(struct cell_own *o, size_t indicator, const struct rrc_beta_offsets *b)
{
	uint8_t *ack = o->beta_ack[indicator % 4];

	o->beta_csi[indicator % 4] =
		b->has_beta_offset_csi_part1_index1 ? b->beta_offset_csi_part1_index1 : 13;
	o->beta_csi_more[indicator % 4] =
		b->has_beta_offset_csi_part1_index2 ? b->beta_offset_csi_part1_index2 : 13;
	ack[0] = b->has_beta_offset_ack_index1 ? b->beta_offset_ack_index1 : 11;
	ack[1] = b->has_beta_offset_ack_index2 ? b->beta_offset_ack_index2 : 11;
	ack[2] = b->has_beta_offset_ack_index3 ? b->beta_offset_ack_index3 : 11;
}

static void read_uci(struct cell_own *o, const struct rrc_uci_on_pusch *u)
{
	const struct rrc_uci_on_pusch_beta_offsets *b = u->beta_offsets;

	o->pusch.alpha = (enum phy_uci_alpha)u->scaling;
	if (!b)
		return;
	o->pusch.beta_indicated = b->tag == RRC_UCI_ON_PUSCH_BETA_OFFSETS_TAG_DYNAMIC;
	if (!o->pusch.beta_indicated)
		read_beta(o, 0, &b->u.semi_static);
	for (size_t i = 0; o->pusch.beta_indicated && i < b->u.dynamic.count; i++)
		read_beta(o, i, &b->u.dynamic.items[i]);
}

static const char *cannot(const struct rrc_pusch_config *p)
{
	if (p->has_pusch_aggregation_factor)
		return "PUSCH in several slots";
	if (p->has_frequency_hopping && p->frequency_hopping != RRC_PUSCH_CONFIG_FREQUENCY_HOPPING_INTRA_SLOT)
		return "PUSCH that hops between slots";
	if (p->has_max_rank && p->max_rank > 1)
		return "more than one layer of PUSCH";
	if (p->has_tp_pi2_bpsk)
		return "pi/2-BPSK in PUSCH";
	if (p->minimum_scheduling_offset_k2_r16 || p->minimum_scheduling_offset_k2_r17 ||
		p->pusch_time_domain_allocation_list_dci_0_1_r16 ||
		p->pusch_time_domain_allocation_list_for_multi_pusch_r16 ||
		p->has_priority_indicator_dci_0_1_r16 ||
		p->has_invalid_symbol_pattern_indicator_dci_0_1_r16 ||
		p->has_pusch_rep_type_indicator_dci_0_1_r16 || p->has_second_tpc_field_dci_0_1_r17 ||
		p->ul_access_config_list_dci_0_1_r16 || p->pusch_power_control_v1610)
		return "DCI 0_1 of a later release";
	return NULL;
}

/* mcs-Table and mcs-TableTransformPrecoder: qam256, then qam64LowSE. */
static void read_tables(struct cell_own *o, const struct rrc_pusch_config *p)
{
	static const enum phy_mcs_table plain[] = { PHY_MCS_256QAM, PHY_MCS_64QAM_LOW_SE },
					precoded[] = { PHY_MCS_256QAM, PHY_MCS_TP_64QAM_LOW_SE };

	o->pusch.shared.mcs_table = p->has_mcs_table ? plain[p->mcs_table % ARRAY_LEN(plain)] : PHY_MCS_64QAM;
	o->pusch.precoded_table = p->has_mcs_table_transform_precoder
					  ? precoded[p->mcs_table_transform_precoder % ARRAY_LEN(precoded)]
					  : PHY_MCS_TP_64QAM;
}

static void read_power(struct cell_power *o, const struct rrc_pusch_power_control *p)
{
	static const uint8_t alphas[] = { 0, 4, 5, 6, 7, 8, 9, 10 }; /* tenths */
	const struct rrc_p0_pusch_alpha_set *set = p->p0_alpha_sets ? &p->p0_alpha_sets->items[0] : NULL;

	o->absolute = p->has_tpc_accumulation;
	o->delta_mcs = p->has_delta_mcs;
	o->p0_pusch_db = set && set->has_p0 ? set->p0 : 0;
	o->alpha_tenths = set && set->has_alpha ? alphas[set->alpha % ARRAY_LEN(alphas)] : 10;
}

static const char *read_config(struct cell_own *o, const struct cell *c, const struct rrc_pusch_config *p)
{
	const struct rrc_setup_release_pusch_time_domain_resource_allocation_list *t =
		p->pusch_time_domain_allocation_list;
	const struct rrc_pusch_config_frequency_hopping_offset_lists *hops =
		p->frequency_hopping_offset_lists;
	struct cell_shared *s = &o->pusch.shared;
	const char *wrong = cannot(p);

	o->has_pusch_n_id = p->has_data_scrambling_identity_pusch;
	o->pusch_n_id = p->data_scrambling_identity_pusch;
	o->has_transform_precoding = p->has_transform_precoder;
	o->transform_precoding = p->transform_precoder == RRC_PUSCH_CONFIG_TRANSFORM_PRECODER_ENABLED;
	s->allocation = (enum cell_allocation)p->resource_allocation;
	s->rbg_config = p->has_rbg_size ? 2 : 1;
	read_tables(o, p);
	if (p->pusch_power_control)
		read_power(&o->power, p->pusch_power_control);
	o->pusch.hopping = p->has_frequency_hopping;
	for (size_t i = 0; hops && i < hops->count; i++)
		o->pusch.hop[i] = hops->items[i];
	if (hops)
		o->pusch.hops = (uint8_t)hops->count;
	if (p->uci_on_pusch && p->uci_on_pusch->tag == RRC_SETUP_RELEASE_UCI_ON_PUSCH_TAG_SETUP)
		read_uci(o, &p->uci_on_pusch->u.setup);
	if (!wrong)
		wrong = read_dmrs(&s->dmrs[0], p->dmrs_uplink_for_pusch_mapping_type_a);
	if (!wrong)
		wrong = read_dmrs(&s->dmrs[1], p->dmrs_uplink_for_pusch_mapping_type_b);
	if (!wrong && t && t->tag == RRC_SETUP_RELEASE_PUSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_LIST_TAG_SETUP &&
		!cell_pusch_times_read(o->pusch_times, &o->pusch_times_n, &t->u.setup, c->mu))
		wrong = "a PUSCH time that cannot be";
	return wrong;
}

static const char *read_serving(
	struct cell_own *o, const struct cell *c, const struct rrc_pusch_serving_cell_config *p)
{
	bool qam256 =
		o->pusch.shared.mcs_table == PHY_MCS_256QAM || o->pusch.precoded_table == PHY_MCS_256QAM;

	if (p->code_block_group_transmission &&
		p->code_block_group_transmission->tag ==
			RRC_SETUP_RELEASE_PUSCH_CODE_BLOCK_GROUP_TRANSMISSION_TAG_SETUP)
		return "code block groups in PUSCH";
	if (p->has_max_mimo_layers && p->max_mimo_layers > 1)
		return "more than one layer of PUSCH";
	o->pusch.shared.overhead = p->has_x_overhead ? (uint8_t)(6 + 6 * p->x_overhead) : 0;
	o->pusch.lbrm_bits =
		p->has_rate_matching ? phy_tbs_lbrm(c->uplink.widest_prbs, 1, qam256 ? 8 : 6) : 0;
	return NULL;
}

/* 38.212 7.3.1.1.2: the SRS resource indicator chooses in the set of this use. SRS itself is not sent. */
static void read_srs(
	struct cell_own *o, const struct rrc_srs_config *srs, enum rrc_pusch_config_tx_config use)
{
	const struct rrc_srs_config_srs_resource_set_to_add_mod_list *l =
		srs->srs_resource_set_to_add_mod_list;
	enum rrc_srs_resource_set_usage usage = use == RRC_PUSCH_CONFIG_TX_CONFIG_CODEBOOK
							? RRC_SRS_RESOURCE_SET_USAGE_CODEBOOK
							: RRC_SRS_RESOURCE_SET_USAGE_NON_CODEBOOK;

	for (size_t i = 0; l && i < l->count; i++)
		if (l->items[i].usage == usage && l->items[i].srs_resource_id_list)
			o->pusch.srs_resources = (uint8_t)l->items[i].srs_resource_id_list->count;
}

static bool has_more_ports(const struct rrc_srs_config *srs)
{
	for (size_t i = 0; srs->srs_resource_to_add_mod_list && i < srs->srs_resource_to_add_mod_list->count;
		i++)
		if (srs->srs_resource_to_add_mod_list->items[i].nrof_srs_ports !=
			RRC_SRS_RESOURCE_NROF_SRS_PORTS_PORT1)
			return true;
	return false;
}

static const char *read_part(
	struct cell_own *o, const struct cell *c, const struct rrc_bwp_uplink_dedicated *b)
{
	const struct rrc_pusch_config *p =
		b->pusch_config && b->pusch_config->tag == RRC_SETUP_RELEASE_PUSCH_CONFIG_TAG_SETUP
			? b->pusch_config->u.setup
			: NULL;

	if (b->has_use_interlace_pucch_pusch_r16)
		return "interlaced PUSCH";
	if (b->srs_config && b->srs_config->tag == RRC_SETUP_RELEASE_SRS_CONFIG_TAG_SETUP) {
		if (has_more_ports(&b->srs_config->u.setup))
			return "more than one antenna port of SRS";
		if (p && p->has_tx_config)
			read_srs(o, &b->srs_config->u.setup, p->tx_config);
	}
	return p ? read_config(o, c, p) : NULL;
}

const char *cell_own_read_pusch(struct cell_own *o, const struct cell *c,
	const struct rrc_serving_cell_config *s, const struct rrc_bwp_uplink_dedicated *u)
{
	const struct rrc_setup_release_pusch_serving_cell_config *p =
		s->uplink_config ? s->uplink_config->pusch_serving_cell_config : NULL;
	const struct rrc_setup_release_csi_meas_config *m = s->csi_meas_config;
	const char *wrong = NULL;

	if (m && m->tag == RRC_SETUP_RELEASE_CSI_MEAS_CONFIG_TAG_SETUP && m->u.setup.has_report_trigger_size)
		o->pusch.csi_request_bits = m->u.setup.report_trigger_size;
	if (u)
		wrong = read_part(o, c, u);
	if (!wrong && p && p->tag == RRC_SETUP_RELEASE_PUSCH_SERVING_CELL_CONFIG_TAG_SETUP)
		wrong = read_serving(o, c, &p->u.setup);
	return wrong;
}
