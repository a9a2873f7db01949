/* Usage reporting rules, 29.244 7.5.2.4. */
#include "core/upf/internal.h"

enum {
	PERIOD_S_MIN = 1,
	TRIGGERS_KNOWN = PFCP_TRIGGER_PERIO | PFCP_TRIGGER_VOLTH | PFCP_TRIGGER_TIMTH | PFCP_TRIGGER_QUHTI |
			 PFCP_TRIGGER_START | PFCP_TRIGGER_STOPT | PFCP_TRIGGER_DROTH | PFCP_TRIGGER_LIUSA |
			 PFCP_TRIGGER_VOLQU | PFCP_TRIGGER_TIMQU | PFCP_TRIGGER_QUVTI | PFCP_TRIGGER_MACAR,
	/* for which there is struct upf_urr_more */
	TRIGGERS_MORE = PFCP_TRIGGER_QUHTI | PFCP_TRIGGER_STOPT | PFCP_TRIGGER_DROTH | PFCP_TRIGGER_LIUSA |
			PFCP_TRIGGER_TIMQU | PFCP_TRIGGER_QUVTI,
	/* 8.2.49 */
	DROP_PACKETS = 1,
	DROP_OCTETS = 2,
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
static bool urr_check(struct upf_draft *d, const struct upf_urr_config *c, const struct upf_urr_asked *m)
{
	const struct {
		uint32_t trigger;
		bool there;
		uint16_t ie;
	} due[] = {
		{ PFCP_TRIGGER_TIMQU, m->has_time_quota, UPF_IE_TIME_QUOTA },
		{ PFCP_TRIGGER_QUHTI, m->holding_s, UPF_IE_QUOTA_HOLDING_TIME },
		{ PFCP_TRIGGER_QUVTI, m->validity_s, UPF_IE_QUOTA_VALIDITY_TIME },
		{ PFCP_TRIGGER_DROTH, m->drop_packets || m->drop_octets, UPF_IE_DROPPED_DL_THRESHOLD },
		{ PFCP_TRIGGER_LIUSA, m->linked_count, UPF_IE_LINKED_URR_ID },
	};
	bool has_threshold = c->threshold[0] || c->threshold[1] || c->threshold[2];

	if (c->triggers & PFCP_TRIGGER_PERIO && c->period_s < PERIOD_S_MIN)
		return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_MEASUREMENT_PERIOD);
	if (c->triggers & PFCP_TRIGGER_VOLTH && !has_threshold)
		return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_VOLUME_THRESHOLD);
	for (size_t i = 0; i < ARRAY_LEN(due); i++)
		if (c->triggers & due[i].trigger && !due[i].there)
			return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, due[i].ie);
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

/* 8.2.49: a threshold of packets, of octets, or of both. */
static bool urr_dropped(struct upf_urr_asked *m, struct bytes threshold)
{
	struct cursor c = cursor_of(threshold);
	uint8_t flags = cursor_u8(&c);

	m->drop_packets = flags & DROP_PACKETS ? cursor_u64(&c) : 0;
	m->drop_octets = flags & DROP_OCTETS ? cursor_u64(&c) : 0;
	return !c.failed;
}

static void urr_linked(struct upf_urr_asked *m, const uint32_t *ids, size_t count)
{
	m->linked_count = (uint8_t)count;
	for (size_t i = 0; i < count; i++)
		m->linked[i] = ids[i];
}

/* Elements of the same names in Create URR and Update URR (7.5.2.4, 7.5.4.4); what is not there is as before.
 */
#define URR_TAKE(d, u, c)                                                                                    \
	do {                                                                                                 \
		struct upf_urr_config *to = &(u)->config;                                                    \
		struct upf_urr_asked *more = &(u)->more;                                                     \
                                                                                                             \
		if ((c)->has_measurement_period)                                                             \
			to->period_s = (c)->measurement_period;                                              \
		if ((c)->has_time_threshold)                                                                 \
			to->time_threshold_s = (c)->time_threshold;                                          \
		if ((c)->has_volume_threshold)                                                               \
			urr_volume(to->threshold, &(c)->volume_threshold);                                   \
		if ((c)->has_measurement_information)                                                        \
			to->information = (uint8_t)(c)->measurement_information.bits;                        \
		if ((c)->has_ethernet_inactivity_timer)                                                      \
			to->mac_inactivity_s = (c)->ethernet_inactivity_timer;                               \
		(u)->new_quota = urr_set_volume_quota(to, (c)->has_volume_quota, &(c)->volume_quota);        \
		(u)->new_time_quota = (c)->has_time_quota;                                                   \
		more->has_time_quota |= (c)->has_time_quota;                                                 \
		if ((c)->has_time_quota)                                                                     \
			more->time_quota_s = (c)->time_quota;                                                \
		if ((c)->has_quota_holding_time)                                                             \
			more->holding_s = (c)->quota_holding_time;                                           \
		if ((c)->has_quota_validity_time)                                                            \
			more->validity_s = (c)->quota_validity_time;                                         \
		if ((c)->has_inactivity_detection_time)                                                      \
			more->inactivity_s = (c)->inactivity_detection_time;                                 \
		if ((c)->has_dropped_dl_traffic_threshold &&                                                 \
			!urr_dropped(more, (c)->dropped_dl_traffic_threshold))                               \
			return upf_refuse(d, PFCP_CAUSE_INVALID_LENGTH, UPF_IE_DROPPED_DL_THRESHOLD);        \
		if ((c)->linked_urr_id_count > UPF_LINKED_URRS_MAX)                                          \
			return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);                                    \
		if ((c)->linked_urr_id_count)                                                                \
			urr_linked(more, (c)->linked_urr_id, (c)->linked_urr_id_count);                      \
		(u)->new_monitoring = (c)->has_monitoring_time;                                              \
		if ((c)->has_monitoring_time) {                                                              \
			more->monitoring_time = (c)->monitoring_time;                                        \
			more->next_time_threshold_s =                                                        \
				(c)->has_subsequent_time_threshold ? (c)->subsequent_time_threshold : 0;     \
			more->next_time_quota_s =                                                            \
				(c)->has_subsequent_time_quota ? (c)->subsequent_time_quota : 0;             \
			more->has_next_quota = (c)->has_subsequent_volume_quota;                             \
			urr_volume(more->next_threshold, &(c)->subsequent_volume_threshold);                 \
			urr_volume(more->next_quota, &(c)->subsequent_volume_quota);                         \
		}                                                                                            \
		(u)->has_more |= to->triggers & TRIGGERS_MORE || more->has_time_quota ||                     \
				 more->monitoring_time || more->inactivity_s || more->holding_s;             \
	} while (0)

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
	URR_TAKE(d, u, c);
	return urr_check(d, &u->config, &u->more);
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
	URR_TAKE(d, u, c);
	return urr_check(d, &u->config, &u->more);
}

bool upf_urr_remove(struct upf_draft *d, uint32_t id)
{
	struct upf_draft_urr *u = upf_draft_urr(d, id);

	if (!u)
		return upf_refuse_rule(d, PFCP_RULE_URR, id);
	*u = d->urrs[--d->urr_count];
	return true;
}
