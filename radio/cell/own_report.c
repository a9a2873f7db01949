/*
 * CSI-ReportConfig: periodic reports on PUCCH, of the CQI of the whole band, from CSI-RS of one port
 * (38.214 5.2.1, 5.2.2). Both ends number all that goes with it 0.
 */
#include "radio/cell/own_read.h"

/* As RRC counts: CSI-ReportPeriodicityAndOffset, and CSI-ResourcePeriodicityAndOffset. */
static const uint16_t report_periods[] = { 4, 5, 8, 10, 16, 20, 40, 80, 160, 320 };
static const uint16_t resource_periods[] = { 4, 5, 8, 10, 16, 20, 32, 40, 64, 80, 160, 320, 640 };

static unsigned row_of(const uint16_t *periods, unsigned n, unsigned period)
{
	unsigned row = 0;

	while (row + 1 < n && periods[row] != period)
		row++;
	return row;
}

const struct rrc_nzp_csi_rs_resource_set *cell_csi_set(
	const struct rrc_csi_meas_config *m, unsigned config_id, unsigned part, unsigned nth)
{
	const struct rrc_csi_meas_config_csi_resource_config_to_add_mod_list *l =
		m->csi_resource_config_to_add_mod_list;
	const struct rrc_csi_meas_config_nzp_csi_rs_resource_set_to_add_mod_list *sets =
		m->nzp_csi_rs_resource_set_to_add_mod_list;
	const struct rrc_csi_resource_config_csi_rs_resource_set_list *found = NULL;

	for (size_t i = 0; l && i < l->count; i++)
		if (l->items[i].csi_resource_config_id == config_id && l->items[i].bwp_id == part)
			found = &l->items[i].csi_rs_resource_set_list;
	if (!found || found->tag != RRC_CSI_RESOURCE_CONFIG_CSI_RS_RESOURCE_SET_LIST_TAG_NZP_CSI_RS_SSB ||
		!found->u.nzp_csi_rs_ssb.nzp_csi_rs_resource_set_list ||
		nth >= found->u.nzp_csi_rs_ssb.nzp_csi_rs_resource_set_list->count)
		return NULL;
	for (size_t i = 0; sets && i < sets->count; i++)
		if (sets->items[i].nzp_csi_resource_set_id ==
			found->u.nzp_csi_rs_ssb.nzp_csi_rs_resource_set_list->items[nth])
			return &sets->items[i];
	return NULL;
}

bool cell_csi_measured(uint8_t *place, const struct cell_own *o, const struct rrc_nzp_csi_rs_resource_set *s)
{
	if (!s || s->nzp_csi_rs_resources.count != 1)
		return false;
	for (uint8_t i = 0; i < CELL_CSI_RS_MAX; i++) {
		const struct cell_csi_rs *r = &o->csi_rs[i];

		if (r->there && !r->zero_power && r->id == s->nzp_csi_rs_resources.items[0] &&
			r->plan.ports == 1) {
			*place = i;
			return true;
		}
	}
	return false;
}

static bool is_of_the_whole_band(const struct rrc_csi_report_config *r)
{
	const struct rrc_csi_report_config_report_freq_configuration *f = r->report_freq_configuration;

	return !f || !f->has_cqi_format_indicator ||
	       f->cqi_format_indicator ==
		       RRC_CSI_REPORT_CONFIG_REPORT_FREQ_CONFIGURATION_CQI_FORMAT_INDICATOR_WIDEBAND_CQI;
}

bool cell_csi_begin(struct cell_csi_report *out, const struct rrc_csi_report_config *r)
{
	static const enum phy_cqi_table cqi_tables[] = { PHY_CQI_64QAM, PHY_CQI_256QAM,
		PHY_CQI_64QAM_LOW_SE };

	*out = (struct cell_csi_report){ .there = true,
		.id = r->report_config_id,
		.table =
			r->has_cqi_table ? cqi_tables[r->cqi_table % ARRAY_LEN(cqi_tables)] : PHY_CQI_64QAM };
	return r->report_quantity.tag == RRC_CSI_REPORT_CONFIG_REPORT_QUANTITY_TAG_CRI_RI_PMI_CQI ||
	       r->report_quantity.tag == RRC_CSI_REPORT_CONFIG_REPORT_QUANTITY_TAG_CRI_RI_CQI;
}

bool cell_csi_period(struct cell_csi_report *out, const struct rrc_csi_report_periodicity_and_offset *p)
{
	unsigned row = (unsigned)p->tag - RRC_CSI_REPORT_PERIODICITY_AND_OFFSET_TAG_SLOTS4;

	if (row >= ARRAY_LEN(report_periods))
		return false;
	out->period = report_periods[row];
	out->offset = out->period <= 160 ? p->u.slots160 : p->u.slots320;
	return true;
}

/* Of the resources that it lists that of the uplink's part. */
bool cell_csi_on_pucch(struct cell_csi_report *out, const struct cell_own *o, const struct cell *c,
	const struct rrc_pucch_config *pucch, const struct rrc_pucch_csi_resource *items, size_t n)
{
	struct phy_pucch plan;
	size_t i = 0;

	while (i < n && items[i].uplink_bandwidth_part_id != o->uplink_id)
		i++;
	if (i == n || !pucch || !cell_own_read_resource(&out->at, c, pucch, items[i].pucch_resource) ||
		out->at.format != 2)
		return false;
	out->at.bits = CELL_CQI_BITS;
	return phy_pucch_init(&plan, &out->at) == PHY_PUCCH_OK;
}

/* What can be reported. */
static bool read_report(struct cell_csi_report *out, const struct cell_own *o, const struct cell *c,
	const struct rrc_csi_meas_config *m, const struct rrc_csi_report_config *r,
	const struct rrc_pucch_config *pucch)
{
	const struct rrc_csi_report_config_report_config_type_periodic *p = &r->report_config_type.u.periodic;

	if (r->report_config_type.tag != RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_PERIODIC ||
		!is_of_the_whole_band(r) || !pucch || !cell_csi_begin(out, r) ||
		!cell_csi_period(out, &p->report_slot_config))
		return false;
	return cell_csi_measured(&out->csi_rs, o,
		       cell_csi_set(m, r->resources_for_channel_measurement, o->downlink_id, 0)) &&
	       o->csi_rs[out->csi_rs].period > 0 &&
	       cell_csi_on_pucch(
		       out, o, c, pucch, p->pucch_csi_resource_list.items, p->pucch_csi_resource_list.count);
}

void cell_own_read_report(struct cell_own *o, const struct cell *c, const struct rrc_csi_meas_config *m,
	const struct rrc_pucch_config *pucch)
{
	const struct rrc_csi_meas_config_csi_report_config_to_add_mod_list *l =
		m->csi_report_config_to_add_mod_list;
	const struct rrc_csi_meas_config_csi_report_config_to_release_list *gone =
		m->csi_report_config_to_release_list;
	struct cell_csi_report read;

	for (size_t i = 0; gone && i < gone->count; i++)
		o->report.there = o->report.there && o->report.id != gone->items[i];
	for (size_t i = 0; l && i < l->count; i++) {
		if (read_report(&read, o, c, m, &l->items[i], pucch))
			o->report = read;
		else if (o->report.id == l->items[i].report_config_id)
			o->report.there = false;
	}
}

static struct rrc_csi_frequency_occupation band_of(const struct phy_csi_rs_config *c)
{
	unsigned first = c->first_crb / 4 * 4, n = (c->first_crb + c->prbs - first + 3) / 4 * 4;

	return (struct rrc_csi_frequency_occupation){ (uint16_t)first, (uint16_t)n };
}

static void write_measured(struct cell_csi_message *m, const struct cell_csi_rs *r)
{
	const struct phy_csi_rs_config *c = &r->plan.config;

	m->at.tag = (enum rrc_csi_resource_periodicity_and_offset_tag)(
		RRC_CSI_RESOURCE_PERIODICITY_AND_OFFSET_TAG_SLOTS4 +
		row_of(resource_periods, ARRAY_LEN(resource_periods), r->period));
	m->at.u.slots160 = (uint8_t)r->offset;
	m->nzp = (struct rrc_nzp_csi_rs_resource){
		.resource_mapping = { .first_ofdm_symbol_in_time_domain = c->l0,
			.density.tag = RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_ONE,
			.freq_band = band_of(c) },
		.scrambling_id = c->n_id,
		.periodicity_and_offset = &m->at
	};
	m->nzp.resource_mapping.frequency_domain_allocation.tag =
		RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW2;
	m->nzp.resource_mapping.frequency_domain_allocation.u.row2 = c->frequency;
	m->nzps = (struct rrc_csi_meas_config_nzp_csi_rs_resource_to_add_mod_list){ 1, &m->nzp };
	m->nzp_set.nzp_csi_rs_resources =
		(struct rrc_nzp_csi_rs_resource_set_nzp_csi_rs_resources){ 1, &m->first };
	m->nzp_sets = (struct rrc_csi_meas_config_nzp_csi_rs_resource_set_to_add_mod_list){ 1, &m->nzp_set };
}

/* CSI-IM on four REs (38.214 5.2.2.4), which PDSCHs go around as zero-power CSI-RS. */
static void write_interference(struct cell_csi_message *m, const struct cell_csi_rs *r)
{
	const struct phy_csi_rs_config *c = &r->plan.config;

	m->pattern.tag = RRC_CSI_IM_RESOURCE_CSI_IM_RESOURCE_ELEMENT_PATTERN_TAG_PATTERN1;
	m->pattern.u.pattern1 = (struct rrc_csi_im_resource_csi_im_resource_element_pattern_pattern1){
		(enum rrc_csi_im_resource_csi_im_resource_element_pattern_pattern1_subcarrier_location_p1)
			__builtin_ctz(c->frequency),
		c->l0
	};
	m->band = band_of(c);
	m->im = (struct rrc_csi_im_resource){ 0, &m->pattern, &m->band, &m->at };
	m->ims = (struct rrc_csi_meas_config_csi_im_resource_to_add_mod_list){ 1, &m->im };
	m->im_set.csi_im_resources = (struct rrc_csi_im_resource_set_csi_im_resources){ 1, &m->first };
	m->im_sets = (struct rrc_csi_meas_config_csi_im_resource_set_to_add_mod_list){ 1, &m->im_set };
	m->zp = (struct rrc_zp_csi_rs_resource){ .resource_mapping = m->nzp.resource_mapping,
		.periodicity_and_offset = &m->at };
	m->zp.resource_mapping.frequency_domain_allocation.tag =
		RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW4;
	m->zp.resource_mapping.frequency_domain_allocation.u.row4 = (uint8_t)c->frequency;
	m->zp.resource_mapping.nrof_ports = RRC_CSI_RS_RESOURCE_MAPPING_NROF_PORTS_P4;
	m->zp.resource_mapping.cdm_type = RRC_CSI_RS_RESOURCE_MAPPING_CDM_TYPE_FD_CDM2;
	m->zps = (struct rrc_pdsch_config_zp_csi_rs_resource_to_add_mod_list){ 1, &m->zp };
	m->zp_set = (struct rrc_setup_release_zp_csi_rs_resource_set){
		RRC_SETUP_RELEASE_ZP_CSI_RS_RESOURCE_SET_TAG_SETUP,
		.u.setup.zp_csi_rs_resource_id_list = { 1, &m->first }
	};
}

/* What is measured, and what beside it: resource configurations 0 and 1. */
static void write_resources(struct cell_csi_message *m)
{
	struct rrc_csi_resource_config *r = m->resources;

	m->measured = (struct
		rrc_csi_resource_config_csi_rs_resource_set_list_nzp_csi_rs_ssb_nzp_csi_rs_resource_set_list){
		1, &m->first
	};
	r[0].csi_rs_resource_set_list.tag =
		RRC_CSI_RESOURCE_CONFIG_CSI_RS_RESOURCE_SET_LIST_TAG_NZP_CSI_RS_SSB;
	r[0].csi_rs_resource_set_list.u.nzp_csi_rs_ssb.nzp_csi_rs_resource_set_list = &m->measured;
	r[1].csi_resource_config_id = 1;
	r[1].csi_rs_resource_set_list.tag =
		RRC_CSI_RESOURCE_CONFIG_CSI_RS_RESOURCE_SET_LIST_TAG_CSI_IM_RESOURCE_SET_LIST;
	r[1].csi_rs_resource_set_list.u.csi_im_resource_set_list =
		(struct rrc_csi_resource_config_csi_rs_resource_set_list_csi_im_resource_set_list){ 1,
			&m->first };
	r[0].resource_type = r[1].resource_type = RRC_CSI_RESOURCE_CONFIG_RESOURCE_TYPE_PERIODIC;
	m->resource_list = (struct rrc_csi_meas_config_csi_resource_config_to_add_mod_list){ 2, r };
}

static void write_report(struct cell_csi_message *m, const struct cell_csi_report *o, uint8_t pucch_resource)
{
	struct rrc_csi_report_config *r = &m->report;
	struct rrc_csi_report_config_report_config_type_periodic *p = &r->report_config_type.u.periodic;

	r->report_config_id = o->id;
	r->has_csi_im_resources_for_interference = true;
	r->csi_im_resources_for_interference = 1;
	r->report_config_type.tag = RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_PERIODIC;
	p->report_slot_config.tag = (enum rrc_csi_report_periodicity_and_offset_tag)(
		RRC_CSI_REPORT_PERIODICITY_AND_OFFSET_TAG_SLOTS4 +
		row_of(report_periods, ARRAY_LEN(report_periods), o->period));
	p->report_slot_config.u.slots160 = (uint8_t)o->offset;
	m->pucch.pucch_resource = pucch_resource;
	p->pucch_csi_resource_list =
		(struct rrc_csi_report_config_report_config_type_periodic_pucch_csi_resource_list){ 1,
			&m->pucch };
	r->report_quantity.tag = RRC_CSI_REPORT_CONFIG_REPORT_QUANTITY_TAG_CRI_RI_PMI_CQI;
	m->wideband.has_cqi_format_indicator = m->wideband.has_pmi_format_indicator = true;
	r->report_freq_configuration = &m->wideband;
	r->group_based_beam_reporting.tag = RRC_CSI_REPORT_CONFIG_GROUP_BASED_BEAM_REPORTING_TAG_DISABLED;
	r->has_cqi_table = true;
	r->cqi_table = o->table == PHY_CQI_256QAM ? RRC_CSI_REPORT_CONFIG_CQI_TABLE_TABLE2
						  : RRC_CSI_REPORT_CONFIG_CQI_TABLE_TABLE1;
	m->reports = (struct rrc_csi_meas_config_csi_report_config_to_add_mod_list){ 1, r };
}

void cell_csi_write(struct cell_csi_message *m, struct rrc_serving_cell_config *s,
	struct rrc_pdsch_config *pdsch, const struct cell_own *o, uint8_t pucch_resource)
{
	struct rrc_csi_meas_config *c = &m->config.u.setup;

	write_measured(m, &o->csi_rs[0]);
	write_interference(m, &o->csi_rs[1]);
	write_resources(m);
	write_report(m, &o->report, pucch_resource);
	m->config.tag = RRC_SETUP_RELEASE_CSI_MEAS_CONFIG_TAG_SETUP;
	c->nzp_csi_rs_resource_to_add_mod_list = &m->nzps;
	c->nzp_csi_rs_resource_set_to_add_mod_list = &m->nzp_sets;
	c->csi_im_resource_to_add_mod_list = &m->ims;
	c->csi_im_resource_set_to_add_mod_list = &m->im_sets;
	c->csi_resource_config_to_add_mod_list = &m->resource_list;
	c->csi_report_config_to_add_mod_list = &m->reports;
	s->csi_meas_config = &m->config;
	pdsch->zp_csi_rs_resource_to_add_mod_list = &m->zps;
	pdsch->p_zp_csi_rs_resource_set = &m->zp_set;
}
