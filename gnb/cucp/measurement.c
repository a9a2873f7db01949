/*
 * Measurements of UEs (38.331 5.5): each reports its serving cell at intervals. The DU is told what is
 * configured, since ServingCellConfig names the object (38.473 8.3.1.2).
 */
#include "gnb/cucp/internal.h"
#include "wire/rrc/number.h"

enum { OBJECT = 1, REPORT = 1, IDENTITY = 1, QUANTITIES = 1 };

bool cucp_measurement_due(const struct cucp_ue *ue)
{
	return ue->c->config.report_interval_ms > 0 && !ue->measures && cucp_cell_at(ue)->ssb_arfcn > 0;
}

static void object_fill(struct cucp_measurement *m, const struct cucp_cell *cell)
{
	m->window = cell->ssb_window;
	m->mobility.derive_ssb_index_from_cell = true; /* all cells of a carrier have one timing */
	m->object = (struct rrc_meas_object_to_add_mod){ .meas_object_id = OBJECT,
		.meas_object = { .tag = RRC_MEAS_OBJECT_TO_ADD_MOD_MEAS_OBJECT_TAG_MEAS_OBJECT_NR,
			.u.meas_object_nr = { .has_ssb_frequency = true,
				.ssb_frequency = cell->ssb_arfcn,
				.has_ssb_subcarrier_spacing = true,
				.ssb_subcarrier_spacing = cell->ssb_spacing,
				.smtc1 = &m->window,
				.reference_signal_config.ssb_config_mobility = &m->mobility,
				.quantity_config_index = QUANTITIES,
				.offset_mo = { RRC_Q_OFFSET_RANGE_DB0, RRC_Q_OFFSET_RANGE_DB0,
					RRC_Q_OFFSET_RANGE_DB0, RRC_Q_OFFSET_RANGE_DB0,
					RRC_Q_OFFSET_RANGE_DB0, RRC_Q_OFFSET_RANGE_DB0 } } } };
	m->objects = (struct rrc_meas_object_to_add_mod_list){ 1, &m->object };
}

static bool report_fill(struct cucp_measurement *m, uint32_t interval_ms)
{
	bool ok = true;
	unsigned interval =
		rrc_value_at(&rrc_periodical_report_config_type, "reportInterval", interval_ms, &ok);

	m->report = (struct rrc_report_config_to_add_mod){ .report_config_id = REPORT,
		.report_config = { .tag = RRC_REPORT_CONFIG_TO_ADD_MOD_REPORT_CONFIG_TAG_REPORT_CONFIG_NR,
			.u.report_config_nr.report_type = {
				.tag = RRC_REPORT_CONFIG_NR_REPORT_TYPE_TAG_PERIODICAL,
				.u.periodical = { .rs_type = RRC_NR_RS_TYPE_SSB,
					.report_interval = (enum rrc_report_interval)interval,
					.report_amount = RRC_PERIODICAL_REPORT_CONFIG_REPORT_AMOUNT_INFINITY,
					.report_quantity_cell = { true, true, true },
					.max_report_cells = 1 } } } };
	m->reports = (struct rrc_report_config_to_add_mod_list){ 1, &m->report };
	return ok;
}

bool cucp_measurement_fill(struct cucp_measurement *m, const struct cucp_ue *ue)
{
	static const struct rrc_filter_config filter = { RRC_FILTER_COEFFICIENT_FC4,
		RRC_FILTER_COEFFICIENT_FC4, RRC_FILTER_COEFFICIENT_FC4 };

	*m = (struct cucp_measurement){ .quantity.quantity_config_cell = { filter, filter } };
	object_fill(m, cucp_cell_at(ue));
	m->quantity_list = (struct rrc_quantity_config_quantity_config_nr_list){ 1, &m->quantity };
	m->quantities.quantity_config_nr_list = &m->quantity_list;
	m->identity = (struct rrc_meas_id_to_add_mod){ IDENTITY, OBJECT, REPORT };
	m->identities = (struct rrc_meas_id_to_add_mod_list){ 1, &m->identity };
	m->config = (struct rrc_meas_config){ .meas_object_to_add_mod_list = &m->objects,
		.report_config_to_add_mod_list = &m->reports,
		.meas_id_to_add_mod_list = &m->identities,
		.quantity_config = &m->quantities };
	return report_fill(m, ue->c->config.report_interval_ms);
}

/* 38.133 Tables 10.1.6.1-1, 10.1.11.1-1, 10.1.16.1-1: the lower end of what a step stands for. */
static struct cucp_serving_cell serving_of(const struct rrc_meas_quantity_results *r)
{
	return (struct cucp_serving_cell){ .has_rsrp = r->has_rsrp,
		.rsrp_dbm = (int16_t)(r->rsrp - 157),
		.has_rsrq = r->has_rsrq,
		.rsrq_db = (float)(r->rsrq - 87) / 2,
		.has_sinr = r->has_sinr,
		.sinr_db = (float)(r->sinr - 47) / 2 };
}

void cucp_measurement_report(struct cucp_ue *ue, const struct rrc_measurement_report *m)
{
	const struct cucp_upper *upper = &ue->c->config.upper;
	const struct rrc_meas_results *results = &m->critical_extensions.u.measurement_report.meas_results;
	const struct rrc_meas_result_serv_mo *first;
	const struct rrc_meas_quantity_results *ssb;
	struct cucp_serving_cell cell;

	if (!ue->known || !ue->secured ||
		m->critical_extensions.tag !=
			RRC_MEASUREMENT_REPORT_CRITICAL_EXTENSIONS_TAG_MEASUREMENT_REPORT ||
		results->meas_id != IDENTITY) {
		ue->c->stats.not_comprehended++;
		return;
	}
	first = &results->meas_result_serving_mo_list.items[0];
	ssb = first->meas_result_serving_cell.meas_result.cell_results.results_ssb_cell;
	if (!ssb || first->serv_cell_id != 0)
		return;
	cell = serving_of(ssb);
	upper->measured(upper->arg, ue->user, &cell);
}
