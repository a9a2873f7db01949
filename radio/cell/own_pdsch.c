/* PDSCH-Config and PDSCH-ServingCellConfig. */
#include "radio/cell/own_read.h"
#include "wire/rrc/number.h"

static const uint8_t positions[] = { 0, 1, 3 }; /* pos0, pos1, pos3 */

static const char *read_dmrs(struct cell_dmrs *d, const struct rrc_setup_release_dmrs_downlink_config *in)
{
	const struct rrc_dmrs_downlink_config *s;

	if (!in)
		return NULL;
	*d = (struct cell_dmrs){ .additional = 2 };
	if (in->tag != RRC_SETUP_RELEASE_DMRS_DOWNLINK_CONFIG_TAG_SETUP)
		return NULL;
	s = &in->u.setup;
	if (s->phase_tracking_rs &&
		s->phase_tracking_rs->tag == RRC_SETUP_RELEASE_PTRS_DOWNLINK_CONFIG_TAG_SETUP)
		return "phase tracking signals in PDSCH";
	if (s->has_dmrs_downlink_r16)
		return "DM-RS sequences by CDM group in PDSCH";
	d->there = true;
	d->type2 = s->has_dmrs_type;
	d->pairs = s->has_max_length;
	if (s->has_dmrs_additional_position)
		d->additional = positions[s->dmrs_additional_position % ARRAY_LEN(positions)];
	d->has_n_id[0] = s->has_scrambling_id0;
	d->has_n_id[1] = s->has_scrambling_id1;
	d->n_id[0] = s->scrambling_id0;
	d->n_id[1] = s->scrambling_id1;
	return NULL;
}

/* 38.214 5.1.2.3, as RRC's enumerations count: n4 and wideband, then n2 and n4 beside wideband. */
static void read_bundling(struct cell_pdsch *d, const struct rrc_pdsch_config_prb_bundling_type *t)
{
	static const uint8_t sizes[] = { 4, 0, 2, 4 };
	const struct rrc_pdsch_config_prb_bundling_type_dynamic_bundling *b = &t->u.dynamic_bundling;

	d->prg[0] = d->prg[1] = 2;
	d->prg_widens = false;
	d->bundling_indicated = t->tag == RRC_PDSCH_CONFIG_PRB_BUNDLING_TYPE_TAG_DYNAMIC_BUNDLING;
	if (!d->bundling_indicated) {
		if (t->u.static_bundling.has_bundle_size)
			d->prg[0] = sizes[t->u.static_bundling.bundle_size % 2];
		return;
	}
	if (b->has_bundle_size_set2)
		d->prg[0] = sizes[b->bundle_size_set2 % 2];
	if (b->has_bundle_size_set1) {
		d->prg[1] = sizes[b->bundle_size_set1 % 4];
		d->prg_widens = b->bundle_size_set1 > 1;
	}
}

static const char *cannot(const struct rrc_pdsch_config *p)
{
	if (p->has_pdsch_aggregation_factor)
		return "PDSCH in several slots";
	if (p->rate_match_pattern_to_add_mod_list || p->rate_match_pattern_group1 ||
		p->rate_match_pattern_group2)
		return "PDSCH around a pattern";
	if (p->aperiodic_zp_csi_rs_resource_sets_to_add_mod_list ||
		p->sp_zp_csi_rs_resource_sets_to_add_mod_list)
		return "zero-power CSI-RS on demand";
	if (p->has_mcs_table_r17)
		return "1024QAM";
	if (p->has_harq_process_number_size_dci_1_1_r17)
		return "more than 16 HARQ processes";
	if (p->has_priority_indicator_dci_1_1_r16 || p->minimum_scheduling_offset_k0_r16 ||
		p->minimum_scheduling_offset_k0_r17 || p->pdsch_time_domain_allocation_list_r16 ||
		p->pdsch_time_domain_allocation_list_for_multi_pdsch_r17 || p->repetition_scheme_config_r16 ||
		p->repetition_scheme_config_v1630)
		return "DCI 1_1 of a later release";
	return NULL;
}

static const char *read_config(struct cell_own *o, const struct cell *c, const struct rrc_pdsch_config *p)
{
	static const enum phy_mcs_table tables[] = { PHY_MCS_256QAM, PHY_MCS_64QAM_LOW_SE };
	static const enum phy_vrb_mapping bundles[] = { PHY_VRB_INTERLEAVED_2, PHY_VRB_INTERLEAVED_4 };
	const struct rrc_setup_release_pdsch_time_domain_resource_allocation_list *t =
		p->pdsch_time_domain_allocation_list;
	struct cell_shared *s = &o->pdsch.shared;
	const char *wrong = cannot(p);

	o->has_pdsch_n_id = p->has_data_scrambling_identity_pdsch;
	o->pdsch_n_id = p->data_scrambling_identity_pdsch;
	s->allocation = (enum cell_allocation)p->resource_allocation;
	s->rbg_config = p->rbg_size == RRC_PDSCH_CONFIG_RBG_SIZE_CONFIG2 ? 2 : 1;
	s->mcs_table = p->has_mcs_table ? tables[p->mcs_table % ARRAY_LEN(tables)] : PHY_MCS_64QAM;
	o->pdsch.interleaver = p->has_vrb_to_prb_interleaver
				       ? bundles[p->vrb_to_prb_interleaver % ARRAY_LEN(bundles)]
				       : PHY_VRB_DIRECT;
	o->pdsch.two_codewords = p->has_max_nrof_code_words_scheduled_by_dci &&
				 p->max_nrof_code_words_scheduled_by_dci ==
					 RRC_PDSCH_CONFIG_MAX_NROF_CODE_WORDS_SCHEDULED_BY_DCI_N2;
	read_bundling(&o->pdsch, &p->prb_bundling_type);
	if (!wrong)
		wrong = cell_own_read_zp_csi_rs(o, c, p);
	if (!wrong)
		wrong = read_dmrs(&s->dmrs[0], p->dmrs_downlink_for_pdsch_mapping_type_a);
	if (!wrong)
		wrong = read_dmrs(&s->dmrs[1], p->dmrs_downlink_for_pdsch_mapping_type_b);
	if (!wrong && t && t->tag == RRC_SETUP_RELEASE_PDSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_LIST_TAG_SETUP &&
		!cell_pdsch_times_read(o->pdsch_times, &o->pdsch_times_n, &t->u.setup, c->type_a_position))
		wrong = "a PDSCH time that cannot be";
	return wrong;
}

/* xOverhead counts from 6 in steps of 6; absent it is none. */
static const char *read_serving(struct cell_own *o, const struct rrc_pdsch_serving_cell_config *p)
{
	bool ok = true;

	if (p->code_block_group_transmission &&
		p->code_block_group_transmission->tag ==
			RRC_SETUP_RELEASE_PDSCH_CODE_BLOCK_GROUP_TRANSMISSION_TAG_SETUP)
		return "code block groups in PDSCH";
	o->pdsch.shared.overhead = p->has_x_overhead ? (uint8_t)(6 + 6 * p->x_overhead) : 0;
	if (p->has_max_mimo_layers)
		o->layers = p->max_mimo_layers;
	if (p->has_nrof_harq_processes_for_pdsch)
		o->harqs = (uint8_t)rrc_number_at(&rrc_pdsch_serving_cell_config_type,
			"nrofHARQ-ProcessesForPDSCH", p->nrof_harq_processes_for_pdsch, &ok);
	return ok ? NULL : "so many HARQ processes";
}

/* 38.212 5.4.2.1: at most four layers, and 256QAM where it is configured. */
static void set_buffer(struct cell_own *o, const struct cell *c)
{
	unsigned q_m = o->pdsch.shared.mcs_table == PHY_MCS_256QAM ? 8 : 6;

	o->lbrm_bits = phy_tbs_lbrm(c->downlink.widest_prbs, o->layers < 4 ? o->layers : 4, q_m);
}

const char *cell_own_read_pdsch(struct cell_own *o, const struct cell *c,
	const struct rrc_serving_cell_config *s, const struct rrc_bwp_downlink_dedicated *d)
{
	const struct rrc_setup_release_pdsch_serving_cell_config *p = s->pdsch_serving_cell_config;
	const char *wrong = NULL;

	if (d && d->pdsch_config && d->pdsch_config->tag == RRC_SETUP_RELEASE_PDSCH_CONFIG_TAG_SETUP)
		wrong = read_config(o, c, d->pdsch_config->u.setup);
	if (!wrong && p && p->tag == RRC_SETUP_RELEASE_PDSCH_SERVING_CELL_CONFIG_TAG_SETUP)
		wrong = read_serving(o, &p->u.setup);
	set_buffer(o, c);
	return wrong;
}
