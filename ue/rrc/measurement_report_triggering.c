/* Measurement report triggering (38.331 5.5.4): when the serving cell's values are worth a report. */
#include "ue/rrc/internal.h"
#include "ue/rrc/measurement.h"

static uint8_t id_of(const struct ue_rrc_connection *c, const struct ue_meas_id *id)
{
	return (uint8_t)(id - c->meas.id);
}

/* 5.5.4.2 and 5.5.4.3: inequalities A1-1 and A2-1, or A1-2 and A2-2 once it has entered. */
static bool is_fulfilled(const struct ue_meas_report *r, float value, bool leaving)
{
	bool above = (r->kind == UE_MEAS_A1) != leaving;

	return above ? value - r->hysteresis > r->threshold : value + r->hysteresis < r->threshold;
}

/* VarMeasReportList has it from now on, or no more. */
static void turn(struct ue_rrc_connection *c, struct ue_meas_id *id)
{
	const struct ue_meas_report *r = &c->meas.report[id->report];

	timer_stop(&c->timers, &id->trigger);
	id->triggered = !id->triggered;
	if (id->triggered) {
		id->sent = 0;
		ue_meas_report_send(c, id_of(c, id));
		return;
	}
	if (r->on_leave)
		ue_meas_report_send(c, id_of(c, id));
	ue_meas_id_forget(c, id_of(c, id));
}

static void time_to_trigger_over(void *owner, struct timer *t)
{
	turn(owner, container_of(t, struct ue_meas_id, trigger));
}

static void evaluate_event(struct ue_rrc_connection *c, struct ue_meas_id *id, const struct ue_meas_report *r)
{
	float value = c->meas.value[c->meas.object[id->object].quantity_config][r->quantity];

	if (!is_fulfilled(r, value, id->triggered))
		timer_stop(&c->timers, &id->trigger);
	else if (r->time_to_trigger_ms == 0)
		turn(c, id);
	else if (!timer_is_set(&id->trigger))
		timer_set(&c->timers, &id->trigger,
			env_now_ns(c->config.env) + r->time_to_trigger_ms * NS_PER_MS, time_to_trigger_over);
}

static void evaluate(struct ue_rrc_connection *c, struct ue_meas_id *id)
{
	const struct ue_meas_report *r = &c->meas.report[id->report];

	if (r->kind == UE_MEAS_PERIODICAL && !id->triggered)
		turn(c, id);
	else if ((r->kind == UE_MEAS_A1 || r->kind == UE_MEAS_A2) &&
		 c->meas.object[id->object].ssb_arfcn == c->cell.ssb_arfcn) /* 5.5.4.1 */
		evaluate_event(c, id, r);
}

void ue_meas_evaluate(struct ue_rrc_connection *c)
{
	for (uint8_t i = 1; i <= UE_MEAS_MAX; i++)
		if (c->meas.id[i].there)
			evaluate(c, &c->meas.id[i]);
}
