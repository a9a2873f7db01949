/* Usage measured by URRs, 29.244 5.2.2. Workers count, here is what is made of it. */
#include "core/upf/internal.h"

#include "core/upf/match.h"

/* Octets counted since the last report. */
static uint64_t urr_counted(const struct upf_urr *u, enum upf_volume_kind volume)
{
	return upf_count_of(&u->count, volume) - upf_count_of(&u->reported, volume);
}

static bool urr_has_threshold(const struct upf_urr_config *c, int volume)
{
	return c->triggers & PFCP_TRIGGER_VOLTH && c->threshold[volume];
}

/* Never, where an SMF asks for more octets than there are. */
static uint64_t later(uint64_t count, uint64_t more)
{
	return more > UINT64_MAX - count ? UINT64_MAX : count + more;
}

/* A quota begins: where nothing passes any more. One without a volume is used up at once. */
static void urr_quota(struct upf_urr *u)
{
	const struct upf_urr_config *c = &u->config;
	bool none = c->has_quota && !c->quota[0] && !c->quota[1] && !c->quota[2];

	u->exhausted = none;
	for (int v = 0; v < UPF_VOLUMES; v++) {
		uint64_t at = none ? 0 : UINT64_MAX;

		if (c->has_quota && c->quota[v])
			at = later(upf_count_of(&u->count, v), c->quota[v]);
		UPF_WRITE(u->quota_at[v], at);
	}
}

/* Where the worker is to leave a note. */
static void urr_limits(struct upf_urr *u)
{
	for (int v = 0; v < UPF_VOLUMES; v++) {
		uint64_t note = UINT64_MAX;

		if (urr_has_threshold(&u->config, v))
			note = later(upf_count_of(&u->reported, v), u->config.threshold[v]);
		note = !u->exhausted && u->quota_at[v] < note ? u->quota_at[v] : note;
		UPF_WRITE(u->note_at[v], u->inactive ? UINT64_MAX : note);
	}
	UPF_WRITE(u->note_first, u->wants_start || u->start_ns == 0);
}

static void urr_times(struct upf_urr *u, uint64_t now_ns)
{
	const struct upf_urr_config *c = &u->config;

	u->period_at_ns = c->triggers & PFCP_TRIGGER_PERIO ? now_ns + c->period_s * NS_PER_S : NEVER;
	u->time_at_ns = c->triggers & PFCP_TRIGGER_TIMTH && c->time_threshold_s && u->start_ns
				? u->start_ns + c->time_threshold_s * NS_PER_S
				: NEVER;
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
		urr_quota(u);
	UPF_WRITE(u->inactive, c->information & UPF_MEASURE_INACTIVE);
	u->wants_start = c->triggers & PFCP_TRIGGER_START;
	urr_limits(u);
	urr_times(u, now_ns);
}

/* Whether a packet has been counted since the last report. */
static bool urr_has_packet(const struct upf_urr *u)
{
	return UPF_READ(u->mark_seen) == u->mark;
}

void upf_urr_look(struct upf *upf, struct upf_urr *u)
{
	const struct upf_urr_config *c = &u->config;

	if (urr_has_packet(u) && u->wants_start) {
		u->alarms |= UPF_ALARM_START;
		u->wants_start = false;
	}
	if (urr_has_packet(u) && u->start_ns == 0) {
		u->start_ns = env_now_ns(upf->env);
		urr_times(u, u->start_ns);
	}
	UPF_WRITE(u->note_first, u->wants_start || u->start_ns == 0);
	for (int v = 0; v < UPF_VOLUMES; v++) {
		uint64_t count = upf_count_of(&u->count, v);

		if (count < u->note_at[v])
			continue;
		if (urr_has_threshold(c, v) && urr_counted(u, v) >= c->threshold[v])
			u->alarms |= UPF_ALARM_THRESHOLD;
		if (count >= u->quota_at[v]) {
			u->alarms |= UPF_ALARM_QUOTA;
			u->exhausted = true;
		}
		UPF_WRITE(u->note_at[v], UINT64_MAX); /* noticed once */
	}
}

uint64_t upf_urr_trigger(const struct upf_urr *u, uint64_t now_ns)
{
	uint64_t t = 0;

	t |= u->alarms & UPF_ALARM_THRESHOLD ? PFCP_USAGE_VOLTH : 0;
	t |= u->alarms & UPF_ALARM_QUOTA ? PFCP_USAGE_VOLQU : 0;
	t |= u->alarms & UPF_ALARM_START ? PFCP_USAGE_START : 0;
	t |= now_ns >= u->period_at_ns ? PFCP_USAGE_PERIO : 0;
	t |= now_ns >= u->time_at_ns ? PFCP_USAGE_TIMTH : 0;
	return t;
}

/* The worker may count meanwhile: what is read here is reported, the rest is for the next report. */
static struct upf_count urr_read(const struct upf_urr *u)
{
	struct upf_count c;

	for (int dir = 0; dir < UPF_DIRECTIONS; dir++) {
		c.octets[dir] = UPF_READ(u->count.octets[dir]);
		c.packets[dir] = UPF_READ(u->count.packets[dir]);
	}
	return c;
}

static void urr_volume(const struct upf_urr *u, const struct upf_count *now, struct pfcp_volume *v)
{
	const struct upf_count *then = &u->reported;

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

void upf_urr_report(struct upf *upf, struct upf_urr *u, uint64_t trigger, struct pfcp_usage_report *out)
{
	uint64_t now_ns = env_now_ns(upf->env);
	uint32_t now = pfcp_time(upf->env), now_s = (uint32_t)(now_ns / NS_PER_S) + 1;
	struct upf_count count = urr_read(u);

	*out = (struct pfcp_usage_report){ .urr_id = u->config.id,
		.ur_seqn = u->sequence++,
		.usage_report_trigger = { trigger, 3 },
		.has_start_time = true,
		.start_time = u->start_time,
		.has_end_time = true,
		.end_time = now };
	if (u->config.method & PFCP_MEASURE_VOLUME) {
		out->has_volume_measurement = true;
		urr_volume(u, &count, &out->volume_measurement);
	}
	if (u->config.method & PFCP_MEASURE_DURATION) {
		out->has_duration_measurement = true;
		out->duration_measurement =
			u->start_ns ? (uint32_t)((now_ns - u->start_ns + NS_PER_S / 2) / NS_PER_S) : 0;
	}
	if (urr_has_packet(u)) {
		out->has_time_of_first_packet = out->has_time_of_last_packet = true;
		out->time_of_first_packet = now - (now_s - UPF_READ(u->first_s));
		out->time_of_last_packet = now - (now_s - UPF_READ(u->last_s));
	}
	u->reported = count;
	UPF_WRITE(u->mark, u->mark + 1);
	u->alarms = 0;
	u->start_time = now;
	u->start_ns = u->start_ns ? now_ns : 0;
	u->wants_start = false;
	urr_limits(u);
	urr_times(u, now_ns);
}
