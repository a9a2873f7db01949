/* What the worker is to stop at, and to leave a note for, of what a URR counts. */
#include "core/upf/internal.h"

#include "core/upf/match.h"

bool upf_urr_has_threshold(const struct upf_urr_config *c, int volume)
{
	return c->triggers & PFCP_TRIGGER_VOLTH && c->threshold[volume];
}

/* Never, where an SMF asks for more octets than there are. */
static uint64_t later(uint64_t count, uint64_t more)
{
	return more > UINT64_MAX - count ? UINT64_MAX : count + more;
}

/* A quota begins: where nothing passes any more. One without a volume is used up at once. */
void upf_urr_set_quota(struct upf_urr *u)
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
void upf_urr_limits(struct upf_urr *u)
{
	const struct upf_count *from = u->more && u->more->split ? &u->more->before : &u->reported;

	for (int v = 0; v < UPF_VOLUMES; v++) {
		uint64_t note = UINT64_MAX;

		if (upf_urr_has_threshold(&u->config, v))
			note = later(upf_count_of(from, v), u->config.threshold[v]);
		note = !u->exhausted && u->quota_at[v] < note ? u->quota_at[v] : note;
		UPF_WRITE(u->note_at[v], u->inactive ? UINT64_MAX : note);
	}
	UPF_WRITE(u->note_first, u->wants_start || u->start_ns == 0);
}

/* What was measured before a silence counts (struct upf_urr_more). */
void upf_urr_time_threshold(struct upf_urr *u)
{
	const struct upf_urr_config *c = &u->config;
	uint64_t all_ns = c->time_threshold_s * NS_PER_S, spent_ns = u->more ? u->more->active_ns : 0;

	u->time_at_ns = c->triggers & PFCP_TRIGGER_TIMTH && c->time_threshold_s && u->start_ns
				? u->start_ns + (all_ns > spent_ns ? all_ns - spent_ns : 0)
				: NEVER;
}

void upf_urr_arm(struct upf_urr *u)
{
	upf_urr_limits(u);
	upf_urr_time_threshold(u);
}

/* The worker may count meanwhile: what is read here is reported, the rest is for the next report. */
struct upf_count upf_urr_read(const struct upf_urr *u)
{
	struct upf_count c;

	for (int dir = 0; dir < UPF_DIRECTIONS; dir++) {
		c.octets[dir] = UPF_READ(u->count.octets[dir]);
		c.packets[dir] = UPF_READ(u->count.packets[dir]);
	}
	return c;
}
