/* Usage reporting rules, 29.244 7.5.2.4. */
#include "core/upf/internal.h"

enum {
	PERIOD_S_MIN = 1,
	TRIGGERS_KNOWN = PFCP_TRIGGER_PERIO | PFCP_TRIGGER_VOLTH | PFCP_TRIGGER_TIMTH | PFCP_TRIGGER_START |
			 PFCP_TRIGGER_VOLQU | PFCP_TRIGGER_MACAR,
};

struct upf_draft_urr *upf_draft_urr(struct upf_draft *d, uint32_t id)
{
	for (uint8_t i = 0; i < d->urr_count; i++)
		if (d->urrs[i].config.id == id)
			return &d->urrs[i];
	return NULL;
}

static void urr_volume(uint64_t to[UPF_VOLUMES], const struct pfcp_volume *v)
{
	to[UPF_VOLUME_TOTAL] = v->has_total ? v->total : 0;
	to[UPF_VOLUME_UL] = v->has_uplink ? v->uplink : 0;
	to[UPF_VOLUME_DL] = v->has_downlink ? v->downlink : 0;
}

/* What a trigger asks for must come with it. */
static bool urr_check(struct upf_draft *d, const struct upf_urr_config *c)
{
	bool has_threshold = c->threshold[0] || c->threshold[1] || c->threshold[2];

	if (c->triggers & PFCP_TRIGGER_PERIO && c->period_s < PERIOD_S_MIN)
		return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_MEASUREMENT_PERIOD);
	if (c->triggers & PFCP_TRIGGER_VOLTH && !has_threshold)
		return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_VOLUME_THRESHOLD);
	if (c->method & PFCP_MEASURE_EVENT || c->method == 0 || c->triggers & ~(uint32_t)TRIGGERS_KNOWN)
		return upf_refuse_rule(d, PFCP_RULE_URR, c->id);
	return true;
}

static bool urr_set_volume_quota(struct upf_urr_config *c, bool has, const struct pfcp_volume *v)
{
	if (has) {
		urr_volume(c->quota, v);
		c->has_quota = true;
	}
	return has;
}

bool upf_urr_create(struct upf_draft *d, const struct pfcp_create_urr *c)
{
	struct upf_draft_urr *u = &d->urrs[d->urr_count];

	if (upf_draft_urr(d, c->urr_id))
		return upf_refuse_rule(d, PFCP_RULE_URR, c->urr_id);
	if (d->urr_count == UPF_URRS_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	*u = (struct upf_draft_urr){ .config = { .id = c->urr_id,
					     .method = (uint8_t)c->measurement_method.bits,
					     .triggers = (uint32_t)c->reporting_triggers.bits } };
	d->urr_count++;
	if (c->has_measurement_period)
		u->config.period_s = c->measurement_period;
	if (c->has_time_threshold)
		u->config.time_threshold_s = c->time_threshold;
	if (c->has_volume_threshold)
		urr_volume(u->config.threshold, &c->volume_threshold);
	if (c->has_measurement_information)
		u->config.information = (uint8_t)c->measurement_information.bits;
	if (c->has_ethernet_inactivity_timer)
		u->config.mac_inactivity_s = c->ethernet_inactivity_timer;
	urr_set_volume_quota(&u->config, c->has_volume_quota, &c->volume_quota);
	return urr_check(d, &u->config);
}

bool upf_urr_update(struct upf_draft *d, const struct pfcp_update_urr *c)
{
	struct upf_draft_urr *u = upf_draft_urr(d, c->urr_id);

	if (!u)
		return upf_refuse_rule(d, PFCP_RULE_URR, c->urr_id);
	u->changed = true;
	if (c->has_measurement_method)
		u->config.method = (uint8_t)c->measurement_method.bits;
	if (c->has_reporting_triggers)
		u->config.triggers = (uint32_t)c->reporting_triggers.bits;
	if (c->has_measurement_period)
		u->config.period_s = c->measurement_period;
	if (c->has_time_threshold)
		u->config.time_threshold_s = c->time_threshold;
	if (c->has_volume_threshold)
		urr_volume(u->config.threshold, &c->volume_threshold);
	if (c->has_measurement_information)
		u->config.information = (uint8_t)c->measurement_information.bits;
	if (c->has_ethernet_inactivity_timer)
		u->config.mac_inactivity_s = c->ethernet_inactivity_timer;
	u->new_quota = urr_set_volume_quota(&u->config, c->has_volume_quota, &c->volume_quota);
	return urr_check(d, &u->config);
}

bool upf_urr_remove(struct upf_draft *d, uint32_t id)
{
	struct upf_draft_urr *u = upf_draft_urr(d, id);

	if (!u)
		return upf_refuse_rule(d, PFCP_RULE_URR, id);
	*u = d->urrs[--d->urr_count];
	return true;
}
