/* Measurement reporting (38.331 5.5.5): what a MeasurementReport says of the serving cell. */
#include <math.h>

#include "ue/rrc/internal.h"
#include "ue/rrc/measurement.h"

enum { RSRP_TOP = 126, RSRQ_TOP = 127, SINR_TOP = 127 };

static uint8_t step_of(float value, float first, float steps_a_db, int top)
{
	float step = floorf((value - first) * steps_a_db) + 1;

	return (uint8_t)(step<0 ? 0 : step>(float) top ? top : (int)step);
}

/* 38.133 Tables 10.1.6.1-1, 10.1.11.1-1, 10.1.16.1-1. */
static struct rrc_meas_quantity_results results_of(
	const float value[UE_MEAS_QUANTITIES], const struct rrc_meas_report_quantity *of)
{
	return (struct rrc_meas_quantity_results){ .has_rsrp = of->rsrp,
		.rsrp = step_of(value[UE_MEAS_RSRP], -156, 1, RSRP_TOP),
		.has_rsrq = of->rsrq,
		.rsrq = step_of(value[UE_MEAS_RSRQ], -43, 2, RSRQ_TOP),
		.has_sinr = of->sinr,
		.sinr = step_of(value[UE_MEAS_SINR], -23, 2, SINR_TOP) };
}

static bool message_send(struct ue_rrc_connection *c, uint8_t number)
{
	static const struct rrc_meas_report_quantity all = { true, true, true };
	const struct ue_meas_id *id = &c->meas.id[number];
	const struct ue_meas_report *r = &c->meas.report[id->report];
	const float *value = c->meas.value[c->meas.object[id->object].quantity_config];
	struct rrc_meas_quantity_results cell = results_of(value, &all),
					 block = results_of(value, &r->index_quantities);
	struct rrc_results_per_ssb_index index = { c->meas.ssb_index, r->index_values ? &block : NULL };
	struct rrc_results_per_ssb_index_list indexes = { 1, &index };
	struct rrc_meas_result_nr_meas_result_rs_index_results by_index = { .results_ssb_indexes = &indexes };
	struct rrc_meas_result_serv_mo serving = {
		.serv_cell_id = 0,
		.meas_result_serving_cell = { .has_phys_cell_id = true,
			.phys_cell_id = c->cell.pci,
			.meas_result = { .cell_results.results_ssb_cell = &cell,
				.rs_index_results = r->by_index ? &by_index : NULL } },
	};
	struct rrc_ul_dcch_message_type_c1 m = { .tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_MEASUREMENT_REPORT };
	struct rrc_measurement_report_critical_extensions *e = &m.u.measurement_report.critical_extensions;

	e->tag = RRC_MEASUREMENT_REPORT_CRITICAL_EXTENSIONS_TAG_MEASUREMENT_REPORT;
	e->u.measurement_report.meas_results.meas_id = number;
	e->u.measurement_report.meas_results.meas_result_serving_mo_list =
		(struct rrc_meas_result_serv_mo_list){ 1, &serving };
	return ue_rrc_send_on(c, 1, &m);
}

static void next_due(void *owner, struct timer *t)
{
	struct ue_rrc_connection *c = owner;
	const struct ue_meas_id *id = container_of(t, struct ue_meas_id, next);

	ue_meas_report_send(c, (uint8_t)(id - c->meas.id));
}

/* Nothing is said while the connection ends, or is being re-established. */
void ue_meas_report_send(struct ue_rrc_connection *c, uint8_t number)
{
	struct ue_meas_id *id = &c->meas.id[number];
	const struct ue_meas_report *r = &c->meas.report[id->report];

	if (c->state != UE_RRC_CONNECTED || timer_is_set(&c->timer[T_RELEASE]))
		return;
	if (message_send(c, number))
		c->stats.measurement_reports++;
	id->sent++;
	if (id->sent < r->amount)
		timer_set(&c->timers, &id->next, env_now_ns(c->config.env) + r->interval_ms * NS_PER_MS,
			next_due);
	else if (r->kind == UE_MEAS_PERIODICAL)
		ue_meas_id_remove(c, number);
}
