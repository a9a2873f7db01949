/* Usage measured by URRs, 29.244 5.2.2. Workers count, here is what is made of it. */
#include "core/upf/internal.h"

#include "core/upf/match.h"

/* Octets counted since the last report, or the monitoring time. */
static uint64_t urr_counted(const struct upf_urr *u, enum upf_volume_kind volume)
{
	const struct upf_count *from = u->more && u->more->split ? &u->more->before : &u->reported;

	return upf_count_of(&u->count, volume) - upf_count_of(from, volume);
}

static void urr_times(struct upf_urr *u, uint64_t now_ns)
{
	const struct upf_urr_config *c = &u->config;

	u->period_at_ns = c->triggers & PFCP_TRIGGER_PERIO ? now_ns + c->period_s * NS_PER_S : NEVER;
	upf_urr_time_threshold(u);
}

void upf_urr_later(struct upf_urr *u, uint64_t now_ns)
{
	if (u->period_at_ns <= now_ns)
		u->period_at_ns = now_ns + u->config.period_s * NS_PER_S;
	if (u->time_at_ns <= now_ns)
		u->time_at_ns = now_ns + u->config.time_threshold_s * NS_PER_S;
}

void upf_urr_configure(struct upf *upf, struct upf_urr *u, bool created, bool new_quota)
{
	const struct upf_urr_config *c = &u->config;
	uint64_t now_ns = env_now_ns(upf->env);

	if (created) {
		u->mark = 1;
		u->start_time = pfcp_time(upf->env);
		u->start_ns = c->information & UPF_MEASURE_START_NOW ? now_ns : 0;
	}
	if (created || new_quota)
		upf_urr_set_quota(u);
	UPF_WRITE(u->inactive, c->information & UPF_MEASURE_INACTIVE);
	u->wants_start = c->triggers & PFCP_TRIGGER_START;
	upf_urr_limits(u);
	urr_times(u, now_ns);
}

void upf_urr_look(struct upf *upf, struct upf_urr *u)
{
	const struct upf_urr_config *c = &u->config;

	if (upf_urr_has_packet(u) && u->wants_start) {
		u->alarms |= PFCP_USAGE_START;
		u->wants_start = false;
	}
	if (upf_urr_has_packet(u) && u->start_ns == 0) {
		u->start_ns = env_now_ns(upf->env);
		upf_urr_time_threshold(u);
		if (u->more)
			upf_urr_more_started(u, u->start_ns);
	}
	UPF_WRITE(u->note_first, u->wants_start || u->start_ns == 0);
	for (int v = 0; v < UPF_VOLUMES; v++) {
		uint64_t count = upf_count_of(&u->count, v);

		if (count < u->note_at[v])
			continue;
		if (upf_urr_has_threshold(c, v) && urr_counted(u, v) >= c->threshold[v])
			u->alarms |= PFCP_USAGE_VOLTH;
		if (count >= u->quota_at[v]) {
			u->alarms |= PFCP_USAGE_VOLQU;
			u->exhausted = true;
		}
		UPF_WRITE(u->note_at[v], UINT64_MAX); /* noticed once */
	}
	if (u->more)
		upf_urr_more_look(upf, u);
}

uint64_t upf_urr_trigger(const struct upf_urr *u, uint64_t now_ns)
{
	uint64_t t = u->alarms;

	t |= now_ns >= u->period_at_ns ? PFCP_USAGE_PERIO : 0;
	t |= now_ns >= u->time_at_ns ? PFCP_USAGE_TIMTH : 0;
	return t;
}

static void urr_volume(const struct upf_urr *u, const struct upf_count *then, const struct upf_count *now,
	struct pfcp_volume *v)
{
	*v = (struct pfcp_volume){ .has_total = true,
		.has_uplink = true,
		.uplink = now->octets[UPF_UPLINK] - then->octets[UPF_UPLINK],
		.has_downlink = true,
		.downlink = now->octets[UPF_DOWNLINK] - then->octets[UPF_DOWNLINK] };
	v->total = v->uplink + v->downlink;
	if (!(u->config.information & UPF_MEASURE_PACKETS))
		return;
	v->has_total_packets = v->has_uplink_packets = v->has_downlink_packets = true;
	v->uplink_packets = now->packets[UPF_UPLINK] - then->packets[UPF_UPLINK];
	v->downlink_packets = now->packets[UPF_DOWNLINK] - then->packets[UPF_DOWNLINK];
	v->total_packets = v->uplink_packets + v->downlink_packets;
}

/* A measurement from one moment to another, of which so long counts. */
struct span {
	const struct upf_count *from, *to;
	uint32_t begin, end; /* pfcp_time */
	uint64_t ns;
};

static void urr_measured(
	struct upf_urr *u, uint64_t trigger, const struct span *m, struct pfcp_usage_report *out)
{
	*out = (struct pfcp_usage_report){ .urr_id = u->config.id,
		.ur_seqn = u->sequence++,
		.usage_report_trigger = { trigger, 3 },
		.has_start_time = true,
		.start_time = m->begin,
		.has_end_time = true,
		.end_time = m->end };
	if (u->config.method & PFCP_MEASURE_VOLUME) {
		out->has_volume_measurement = true;
		urr_volume(u, m->from, m->to, &out->volume_measurement);
	}
	if (u->config.method & PFCP_MEASURE_DURATION) {
		out->has_duration_measurement = true;
		out->duration_measurement = (uint32_t)((m->ns + NS_PER_S / 2) / NS_PER_S);
	}
}

/* 8.2.79: usage information, before and after the monitoring time. */
enum { USAGE_BEFORE = 1, USAGE_AFTER = 2 };

static void urr_informed(struct pfcp_usage_report *r, uint8_t information)
{
	r->has_usage_information = true;
	r->usage_information = (struct tlv_flags){ information, 1 };
}

static void urr_begin_again(struct upf_urr *u, const struct upf_count *count, uint32_t now, uint64_t now_ns)
{
	u->reported = *count;
	UPF_WRITE(u->mark, u->mark + 1);
	u->wants_start = u->wants_start && u->alarms & PFCP_USAGE_STOPT; /* it begins again */
	u->alarms = 0;
	u->start_time = now;
	u->start_ns = u->start_ns ? now_ns : 0;
	if (u->more)
		upf_urr_more_reported(u);
	upf_urr_limits(u);
	urr_times(u, now_ns);
}

size_t upf_urr_report(struct upf *upf, struct upf_urr *u, uint64_t trigger, struct pfcp_usage_report *out)
{
	uint64_t now_ns = env_now_ns(upf->env);
	uint32_t now = pfcp_time(upf->env), now_s = (uint32_t)(now_ns / NS_PER_S) + 1;
	struct upf_count count = upf_urr_read(u);
	const struct upf_urr_more *m = u->more;
	struct span span = { &u->reported, &count, u->start_time, now,
		(m ? m->active_ns : 0) + (u->start_ns ? now_ns - u->start_ns : 0) };
	size_t n = 0;

	if (m && m->split) {
		urr_measured(u, PFCP_USAGE_MONIT,
			&(struct span){
				&u->reported, &m->before, u->start_time, m->split_time, m->before_ns },
			&out[n]);
		urr_informed(&out[n++], USAGE_BEFORE);
		span.from = &m->before;
		span.begin = m->split_time;
	}
	urr_measured(u, trigger, &span, &out[n]);
	if (n)
		urr_informed(&out[n], USAGE_AFTER);
	if (upf_urr_has_packet(u)) {
		out[n].has_time_of_first_packet = out[n].has_time_of_last_packet = true;
		out[n].time_of_first_packet = now - (now_s - UPF_READ(u->first_s));
		out[n].time_of_last_packet = now - (now_s - UPF_READ(u->last_s));
	}
	urr_begin_again(u, &count, now, now_ns);
	return n + 1;
}
