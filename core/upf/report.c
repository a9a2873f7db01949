/* Usage measured by URRs (29.244 5.2.2) and session reports (7.5.8). */
#include "core/upf/internal.h"

static void urr_limits(struct upf_urr *u)
{
	const struct upf_urr_config *c = &u->config;

	for (int v = 0; v < UPF_VOLUMES; v++) {
		uint64_t limit = UINT64_MAX, left;

		if (c->triggers & PFCP_TRIGGER_VOLTH && c->threshold[v])
			limit = c->threshold[v];
		if (c->has_quota && c->quota[v] && !u->exhausted) {
			left = c->quota[v] -
			       u->used[v]; /* used may be below zero: what was counted before the quota */
			limit = left < limit ? left : limit;
		}
		u->limit[v] = u->inactive ? UINT64_MAX : limit;
	}
}

static void urr_times(struct upf_urr *u, uint64_t now_ns)
{
	const struct upf_urr_config *c = &u->config;

	u->period_at_ns = c->triggers & PFCP_TRIGGER_PERIO ? now_ns + c->period_s * NS_PER_S : NEVER;
	u->time_at_ns = c->triggers & PFCP_TRIGGER_TIMTH && c->time_threshold_s && u->start_ns
				? u->start_ns + c->time_threshold_s * NS_PER_S
				: NEVER;
}

/* Times that are over come again, whatever the threshold says: never at once. */
static void urr_later(struct upf_urr *u, uint64_t now_ns)
{
	if (u->period_at_ns <= now_ns)
		u->period_at_ns = now_ns + u->config.period_s * NS_PER_S;
	if (u->time_at_ns <= now_ns)
		u->time_at_ns = now_ns + u->config.time_threshold_s * NS_PER_S;
}

static uint64_t urr_counted(const struct upf_urr *u, int volume)
{
	uint64_t ul = u->count.octets[UPF_UPLINK], dl = u->count.octets[UPF_DOWNLINK];

	return volume == UPF_VOLUME_TOTAL ? ul + dl : volume == UPF_VOLUME_UL ? ul : dl;
}

void upf_urr_configure(struct upf *upf, struct upf_urr *u, bool created, bool new_quota)
{
	const struct upf_urr_config *c = &u->config;
	uint64_t now_ns = env_now_ns(upf->env);

	if (created) {
		u->start_time = pfcp_time(upf->env);
		u->start_ns = c->information & UPF_MEASURE_START_NOW ? now_ns : 0;
	}
	if (created || new_quota) {
		u->exhausted = c->has_quota && !c->quota[0] && !c->quota[1] && !c->quota[2];
		for (int v = 0; v < UPF_VOLUMES; v++)
			u->used[v] = 0 - urr_counted(u, v);
	}
	u->inactive = c->information & UPF_MEASURE_INACTIVE;
	u->wants_start = c->triggers & PFCP_TRIGGER_START;
	urr_limits(u);
	urr_times(u, now_ns);
}

bool upf_urr_noted(struct upf *upf, struct upf_urr *u)
{
	const struct upf_urr_config *c = &u->config;

	if (u->count.packets[UPF_UPLINK] + u->count.packets[UPF_DOWNLINK] == 1 && u->wants_start)
		u->alarms |= UPF_ALARM_START;
	if (u->start_ns == 0) {
		u->start_ns = env_now_ns(upf->env);
		urr_times(u, u->start_ns);
		u->alarms |= UPF_ALARM_ARM;
	}
	for (int v = 0; v < UPF_VOLUMES; v++) {
		if (urr_counted(u, v) < u->limit[v])
			continue;
		if (c->triggers & PFCP_TRIGGER_VOLTH && c->threshold[v] &&
			urr_counted(u, v) >= c->threshold[v])
			u->alarms |= UPF_ALARM_THRESHOLD;
		if (c->has_quota && c->quota[v] &&
			(int64_t)(u->used[v] + urr_counted(u, v) - c->quota[v]) >= 0) {
			u->alarms |= UPF_ALARM_QUOTA;
			u->exhausted = true;
		}
		u->limit[v] = UINT64_MAX; /* told once */
	}
	return u->alarms != 0;
}

static void urr_volume(const struct upf_urr *u, struct pfcp_volume *v)
{
	*v = (struct pfcp_volume){ .has_total = true,
		.total = urr_counted(u, UPF_VOLUME_TOTAL),
		.has_uplink = true,
		.uplink = u->count.octets[UPF_UPLINK],
		.has_downlink = true,
		.downlink = u->count.octets[UPF_DOWNLINK] };
	if (!(u->config.information & UPF_MEASURE_PACKETS))
		return;
	v->has_total_packets = v->has_uplink_packets = v->has_downlink_packets = true;
	v->uplink_packets = u->count.packets[UPF_UPLINK];
	v->downlink_packets = u->count.packets[UPF_DOWNLINK];
	v->total_packets = v->uplink_packets + v->downlink_packets;
}

void upf_urr_report(struct upf *upf, struct upf_urr *u, uint64_t trigger, struct pfcp_usage_report *out)
{
	uint64_t now_ns = env_now_ns(upf->env);
	uint32_t now = pfcp_time(upf->env), now_s = (uint32_t)(now_ns / NS_PER_S) + 1;

	*out = (struct pfcp_usage_report){ .urr_id = u->config.id,
		.ur_seqn = u->sequence++,
		.usage_report_trigger = { trigger, 3 },
		.has_start_time = true,
		.start_time = u->start_time,
		.has_end_time = true,
		.end_time = now };
	if (u->config.method & PFCP_MEASURE_VOLUME) {
		out->has_volume_measurement = true;
		urr_volume(u, &out->volume_measurement);
	}
	if (u->config.method & PFCP_MEASURE_DURATION) {
		out->has_duration_measurement = true;
		out->duration_measurement =
			u->start_ns ? (uint32_t)((now_ns - u->start_ns + NS_PER_S / 2) / NS_PER_S) : 0;
	}
	if (u->count.first_s) {
		out->has_time_of_first_packet = out->has_time_of_last_packet = true;
		out->time_of_first_packet = now - (now_s - u->count.first_s);
		out->time_of_last_packet = now - (now_s - u->count.last_s);
	}
	for (int v = 0; v < UPF_VOLUMES; v++)
		u->used[v] += urr_counted(u, v);
	u->count = (struct upf_count){ 0 };
	u->alarms = 0;
	u->start_time = now;
	u->start_ns = u->start_ns ? now_ns : 0;
	u->wants_start = false;
	urr_limits(u);
	urr_times(u, now_ns);
}

static uint64_t urr_trigger(const struct upf_urr *u, uint64_t now_ns)
{
	uint64_t t = 0;

	t |= u->alarms & UPF_ALARM_THRESHOLD ? PFCP_USAGE_VOLTH : 0;
	t |= u->alarms & UPF_ALARM_QUOTA ? PFCP_USAGE_VOLQU : 0;
	t |= u->alarms & UPF_ALARM_START ? PFCP_USAGE_START : 0;
	t |= now_ns >= u->period_at_ns ? PFCP_USAGE_PERIO : 0;
	t |= now_ns >= u->time_at_ns ? PFCP_USAGE_TIMTH : 0;
	return t;
}

/* The reports that are due; the count. */
static size_t usage_due(struct upf *upf, struct upf_session *s, struct pfcp_usage_report *list)
{
	const struct upf_rules *r = s->rules;
	uint64_t now_ns = env_now_ns(upf->env);
	size_t count = 0;

	for (uint8_t i = 0; r && i < r->urr_count; i++) {
		struct upf_urr *u = upf_rules_urrs(r)[i];
		uint64_t trigger = urr_trigger(u, now_ns);

		u->alarms &= (uint8_t)~UPF_ALARM_ARM;
		if (trigger && s->smf->associated)
			upf_urr_report(upf, u, trigger, &list[count++]);
		else if (trigger)
			urr_later(u, now_ns); /* nobody listens: it goes on counting */
	}
	return count;
}

static void send_report(struct upf *upf, struct upf_session *s, struct pfcp_msg *m)
{
	m->type = PFCP_SESSION_REPORT_REQUEST;
	m->has_seid = true;
	m->seid = s->cp_seid;
	if (upf->reports_pending < UPF_REPORTS_PENDING_MAX &&
		pfcp_request(s->smf->peer, m, (struct pfcp_token){ .context = s->seid })) {
		upf->reports_pending++;
		upf->stat[UPF_STAT_REPORTS]++;
	} else {
		upf->stat[UPF_STAT_REPORTS_LOST]++;
	}
}

static void session_due(void *owner, struct timer *t)
{
	struct upf_session *s = container_of(t, struct upf_session, timer);
	struct pfcp_usage_report list[UPF_URRS_MAX];
	struct upf *upf = owner;
	struct pfcp_msg m = { 0 };
	struct pfcp_session_report_request *r = &m.session_report_request;

	r->usage_report_count = usage_due(upf, s, list);
	r->usage_report = list;
	r->report_type.bits = PFCP_REPORT_USAR;
	if (r->usage_report_count)
		send_report(upf, s, &m);
	upf_session_arm(upf, s);
}

void upf_session_arm(struct upf *upf, struct upf_session *s)
{
	const struct upf_rules *r = s->rules;
	uint64_t next = NEVER;

	for (uint8_t i = 0; r && i < r->urr_count; i++) {
		const struct upf_urr *u = upf_rules_urrs(r)[i];

		next = u->period_at_ns < next ? u->period_at_ns : next;
		next = u->time_at_ns < next ? u->time_at_ns : next;
	}
	if (next == NEVER)
		timer_stop(&upf->timers, &s->timer);
	else
		timer_set(&upf->timers, &s->timer, next, session_due);
}

/* FARs into a tunnel that the gNB does not know drop from now on. */
static void tunnel_gone(struct upf *upf, struct upf_session *s, struct pfcp_f_teid *gone)
{
	struct upf_draft *d = &upf->draft;
	struct addr ip = addr_from_v4(s->gone_ip, 0);

	*gone = (struct pfcp_f_teid){ .has_ipv4 = true, .teid = s->gone_teid };
	bytes_copy(gone->ipv4, 4, bytes_of(ip.ip, 4));
	upf_draft_init(d, upf, s);
	for (uint8_t i = 0; i < d->far_count; i++) {
		struct upf_far *f = &d->fars[i];

		if (f->has_tunnel && f->ip == s->gone_ip && f->teid == s->gone_teid) {
			f->action = PFCP_APPLY_DROP;
			f->has_tunnel = false;
		}
	}
	if (upf_draft_finish(d))
		upf_session_publish(upf, s, d);
}

static void tell(struct upf *upf, struct upf_session *s)
{
	struct pfcp_usage_report list[UPF_URRS_MAX];
	struct pfcp_f_teid gone;
	struct pfcp_msg m = { 0 };
	struct pfcp_session_report_request *r = &m.session_report_request;
	uint8_t events = s->events;

	s->events = 0;
	if (events & UPF_EVENT_USAGE) {
		r->usage_report_count = usage_due(upf, s, list);
		r->usage_report = list;
		r->report_type.bits |= r->usage_report_count ? PFCP_REPORT_USAR : 0;
		upf_session_arm(upf, s);
	}
	if (events & UPF_EVENT_DL_DATA) {
		r->report_type.bits |= PFCP_REPORT_DLDR;
		r->has_downlink_data_report = true;
		r->downlink_data_report.pdr_id_count = 1;
		r->downlink_data_report.pdr_id = &s->dl_pdr;
	}
	if (events & UPF_EVENT_TUNNEL_GONE) {
		tunnel_gone(upf, s, &gone);
		r->report_type.bits |= PFCP_REPORT_ERIR;
		r->has_error_indication_report = true;
		r->error_indication_report.remote_f_teid_count = 1;
		r->error_indication_report.remote_f_teid = &gone;
	}
	if (r->report_type.bits)
		send_report(upf, s, &m);
}

void upf_tell(struct upf *upf)
{
	struct link *l;

	while ((l = list_first(&upf->pending))) {
		list_remove(l);
		tell(upf, container_of(l, struct upf_session, pending));
	}
	upf_epoch_collect(&upf->data.epoch);
}

/* An SMF that does not know the session will never end it. */
void upf_on_report_response(
	struct upf *upf, struct pfcp_peer *peer, struct pfcp_token token, const struct pfcp_msg *m)
{
	struct upf_session *s = upf_session_find(upf, upf_smf_of(peer), token.context);

	upf->reports_pending--;
	if (!m)
		upf->stat[UPF_STAT_REPORTS_LOST]++;
	if (!s || !m || m->session_report_response.cause != PFCP_CAUSE_SESSION_NOT_FOUND)
		return;
	log_warn(upf->env->log, "session %llx is unknown to its SMF: deleted", (unsigned long long)s->seid);
	upf->stat[UPF_STAT_DELETED]++;
	upf_session_free(upf, s);
	upf_epoch_collect(&upf->data.epoch);
}
