/*
 * Session reports, 29.244 7.5.8: what workers noted, and what is due by time.
 *
 *   SMF                                UPF
 *    |<- Session Report Request ---------|    usage, downlink data, Error Indication of the gNB
 *    |-- Session Report Response ------->|    7.5.9; Session Context Not Found: the session goes
 */
#include "core/upf/internal.h"

static bool in_list(const struct pfcp_usage_report *list, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].urr_id == id)
			return true;
	return false;
}

/* What is linked to those that are reported (29.244 8.2.55), into the list behind them; the count. */
static size_t usage_linked(
	struct upf *upf, const struct upf_rules *r, struct pfcp_usage_report *list, size_t count)
{
	size_t more = 0;

	for (uint8_t i = 0; r && i < r->urr_count; i++) {
		struct upf_urr *u = upf_rules_urrs(r)[i];
		bool linked = false;

		for (size_t k = 0; k < count && !in_list(list, count, u->config.id); k++)
			linked |= upf_urr_is_linked(u, list[k].urr_id);
		if (linked)
			more += upf_urr_report(upf, u, PFCP_USAGE_LIUSA, &list[count + more]);
	}
	return more;
}

/* The reports that are due; the count. */
static size_t usage_due(struct upf *upf, struct upf_session *s, struct pfcp_usage_report *list)
{
	const struct upf_rules *r = s->rules;
	uint64_t now_ns = env_now_ns(upf->env);
	size_t count = 0;

	for (uint8_t i = 0; r && i < r->urr_count; i++) {
		struct upf_urr *u = upf_rules_urrs(r)[i];
		uint64_t trigger;

		upf_urr_look(upf, u);
		trigger = upf_urr_trigger(u, now_ns);
		if (trigger && s->smf->associated)
			count += upf_urr_report(upf, u, trigger, &list[count]);
		else if (trigger)
			upf_urr_later(u, now_ns); /* nobody listens: it goes on counting */
	}
	return count + usage_linked(upf, r, list, count);
}

static void send_report(struct upf *upf, struct upf_session *s, struct pfcp_msg *m, bool macs)
{
	m->type = PFCP_SESSION_REPORT_REQUEST;
	m->has_seid = true;
	m->seid = s->cp_seid;
	if (upf->reports_pending < UPF_REPORTS_PENDING_MAX &&
		pfcp_request(s->smf->peer, m, (struct pfcp_token){ .context = s->seid, .step = macs })) {
		upf->reports_pending++;
		s->macs_told |= macs;
		upf->stat[UPF_STAT_REPORTS]++;
	} else {
		upf->stat[UPF_STAT_REPORTS_LOST]++;
	}
}

/* FARs into a tunnel that the gNB does not know drop from now on, but those that keep packets since. */
static void tunnel_gone(
	struct upf *upf, struct upf_session *s, const struct upf_tunnel *t, struct pfcp_f_teid *gone)
{
	struct upf_draft *d = &upf->draft;
	struct addr ip = ip_to_addr(t->ip, 0);

	*gone = (struct pfcp_f_teid){ .has_ipv4 = true, .teid = t->teid };
	bytes_copy(gone->ipv4, 4, bytes_of(ip.ip, 4));
	upf_draft_init(d, upf, s);
	for (uint8_t i = 0; i < d->far_count; i++) {
		struct upf_far *f = &d->fars[i];

		if (f->action & PFCP_APPLY_FORW && f->has_tunnel && ip_equal(f->ip, t->ip) &&
			f->teid == t->teid) {
			f->action = PFCP_APPLY_DROP;
			f->has_tunnel = false;
		}
	}
	if (upf_draft_finish(d))
		upf_session_publish(upf, s, d, NULL);
}

/* The first packet for an idle UE. */
struct downlink {
	uint16_t pdr;
	uint8_t dscp, qfi;
};

/* The PDR's FAR buffers and wants it reported; NULL: there is none such any more. */
static const struct upf_far *notifying_far(const struct upf_rules *r, uint16_t pdr)
{
	for (uint8_t i = 0; r && i < r->pdr_count; i++)
		if (r->pdrs[i].id == pdr && upf_rules_fars(r)[r->pdrs[i].far].action & PFCP_APPLY_NOCP)
			return &upf_rules_fars(r)[r->pdrs[i].far];
	return NULL;
}

/*
 * Downlink data is reported at once, or after the BAR's delay, in which the UE may come by itself (29.244
 * 8.2.28): then it no longer needs to be.
 */
static bool downlink_due(struct upf *upf, struct upf_session *s, uint16_t pdr, bool noted)
{
	const struct upf_far *far = notifying_far(s->rules, pdr);
	const struct upf_bar *bar = far ? upf_rules_bar(s->rules, far) : NULL;
	uint64_t now_ns = env_now_ns(upf->env);

	if (noted && !s->dl_at_ns)
		s->dl_at_ns = now_ns + (bar ? bar->delay : 0) * (uint64_t)UPF_DELAY_MS * NS_PER_MS;
	if (!s->dl_at_ns || s->dl_at_ns > now_ns)
		return false;
	s->dl_at_ns = 0;
	return far != NULL;
}

static void add_downlink(struct pfcp_session_report_request *r, struct downlink *dl)
{
	r->report_type.bits |= PFCP_REPORT_DLDR;
	r->has_downlink_data_report = true;
	r->downlink_data_report.pdr_id_count = 1;
	r->downlink_data_report.pdr_id = &dl->pdr;
	r->downlink_data_report.has_downlink_data_service_information = true;
	r->downlink_data_report.downlink_data_service_information = (struct pfcp_dl_data_service_information){
		.has_paging_policy = true, .paging_policy = dl->dscp, .has_qfi = dl->qfi != 0, .qfi = dl->qfi
	};
}

/* Extended buffering is over (8.2.29): what waits may go, and what comes then is reported again. */
static void end_extended(struct upf *upf, struct upf_session *s)
{
	uint32_t now_s = (uint32_t)(env_now_ns(upf->env) / NS_PER_S) + 1;
	struct upf_draft *d = &upf->draft;
	bool over = false;

	upf_draft_init(d, upf, s);
	for (uint8_t i = 0; i < d->bar_count; i++) {
		if (!d->bars[i].until_s || d->bars[i].until_s > now_s)
			continue;
		d->bars[i].until_s = 0;
		over = true;
	}
	if (!over)
		return;
	d->dl_notice++;
	d->discards++;
	if (upf_draft_finish(d))
		upf_session_publish(upf, s, d, NULL);
}

/*
 * Takes the notes away, first what goes with them, then the bits, and only then is looked at what they are
 * about: what a worker notes from then on is a note again. The session's own events come with them.
 */
static uint8_t take_notes(struct upf_session *s, struct upf_tunnel *gone, struct downlink *dl)
{
	uint8_t notes, events = s->events;

	s->events = 0;
	do {
		notes = __atomic_load_n(&s->notes, __ATOMIC_ACQUIRE);
		if (notes & UPF_EVENT_TUNNEL_GONE)
			*gone = s->gone;
		if (notes & UPF_EVENT_DL_DATA)
			*dl = (struct downlink){ UPF_READ(s->dl_pdr), UPF_READ(s->dl_dscp),
				UPF_READ(s->dl_qfi) };
		events |= notes;
	} while (__atomic_and_fetch(&s->notes, (uint8_t)~notes, __ATOMIC_ACQ_REL));
	return events;
}

static void report(struct upf *upf, struct upf_session *s)
{
	struct pfcp_usage_report list[UPF_URR_REPORTS * UPF_URRS_MAX + 1];
	struct upf_mac_report addresses;
	struct upf_tunnel tunnel = { 0 };
	struct pfcp_f_teid gone;
	struct downlink dl = { UPF_READ(s->dl_pdr), UPF_READ(s->dl_dscp), UPF_READ(s->dl_qfi) };
	struct pfcp_msg m = { 0 };
	struct pfcp_session_report_request *r = &m.session_report_request;
	uint8_t events = take_notes(s, &tunnel, &dl);
	bool macs = false;

	if (events & (UPF_EVENT_USAGE | UPF_EVENT_TIME)) {
		r->usage_report_count = usage_due(upf, s, list);
		r->usage_report = list;
		r->report_type.bits |= r->usage_report_count ? PFCP_REPORT_USAR : 0;
		upf_session_arm(upf, s);
	}
	/* That an address came and that it went are one after the other, or the older one might come last. */
	if (events & UPF_EVENT_MACS && !s->macs_told)
		macs = upf_lan_report(upf, s, &addresses, &list[r->usage_report_count]);
	if (macs) {
		r->usage_report = list;
		r->usage_report_count++;
		r->report_type.bits |= PFCP_REPORT_USAR;
	}
	if (events & (UPF_EVENT_DL_DATA | UPF_EVENT_TIME)) {
		if (downlink_due(upf, s, dl.pdr, events & UPF_EVENT_DL_DATA))
			add_downlink(r, &dl);
		upf_session_arm(upf, s);
	}
	if (events & UPF_EVENT_TIME)
		end_extended(upf, s);
	if (events & UPF_EVENT_TUNNEL_GONE) {
		tunnel_gone(upf, s, &tunnel, &gone);
		r->report_type.bits |= PFCP_REPORT_ERIR;
		r->has_error_indication_report = true;
		r->error_indication_report.remote_f_teid_count = 1;
		r->error_indication_report.remote_f_teid = &gone;
	}
	if (r->report_type.bits)
		send_report(upf, s, &m, macs);
}

void upf_report_all(struct upf *upf)
{
	struct link *l;

	while ((l = list_first(&upf->pending))) {
		list_remove(l);
		report(upf, container_of(l, struct upf_session, pending));
	}
}

static void collect_of(struct upf *upf, struct upf_worker *w)
{
	const uint64_t *seid;

	while ((seid = upf_ring_peek(&w->notes, 0))) {
		uint32_t index = (uint32_t)*seid;
		struct upf_session *s = index ? pool_at(&upf->sessions, index - 1) : NULL;

		if (s && s->seid == *seid && s->smf)
			upf_session_pend(upf, s, 0);
		upf_ring_pop(&w->notes, 1);
	}
	if (!__atomic_exchange_n(&w->notes_lost, false, __ATOMIC_ACQ_REL))
		return;
	for (int i = 0; i < UPF_SMFS_MAX; i++)
		list_each(l, next, &upf->smfs[i].sessions)
		{
			struct upf_session *s = container_of(l, struct upf_session, by_smf);

			if (__atomic_load_n(&s->notes, __ATOMIC_ACQUIRE))
				upf_session_pend(upf, s, 0);
		}
}

void upf_collect_notes(struct upf *upf)
{
	for (uint8_t i = 0; i < upf->data.worker_count; i++)
		collect_of(upf, upf->data.workers[i]);
	upf_lan_collect(upf);
	upf_report_all(upf);
	upf_collect(upf);
}

/* What the response asks for of what waits: another BAR, or that it is dropped (29.244 7.5.9). */
static void response_of_buffering(
	struct upf *upf, struct upf_session *s, const struct pfcp_session_report_response *r)
{
	bool drops = r->has_srrsp_flags && r->srrsp_flags.bits & PFCP_SRRSP_DROBU;
	struct upf_draft *d = &upf->draft;

	if (!drops && !r->has_update_bar)
		return;
	upf_draft_init(d, upf, s);
	d->discards += drops;
	if ((r->has_update_bar && !upf_bar_update(d, &r->update_bar)) || !upf_draft_finish(d) ||
		!upf_session_publish(upf, s, d, NULL))
		log_warn(upf->env->log, "session %llx: the BAR of a report's response is not taken: %s",
			(unsigned long long)s->seid, pfcp_cause_name(d->cause));
}

/* An SMF that does not know the session will never end it. */
void upf_on_report_response(
	struct upf *upf, struct pfcp_peer *peer, struct pfcp_token token, const struct pfcp_msg *m)
{
	struct upf_session *s = upf_session_find(upf, upf_smf_of(peer), token.context);

	upf->reports_pending--;
	if (!m)
		upf->stat[UPF_STAT_REPORTS_LOST]++;
	else if (m->session_report_response.cause == PFCP_CAUSE_ACCEPTED)
		upf->stat[UPF_STAT_REPORTS_TAKEN]++;
	if (s && m && m->session_report_response.cause == PFCP_CAUSE_ACCEPTED)
		response_of_buffering(upf, s, &m->session_report_response);
	if (!s)
		return;
	if (m && m->session_report_response.cause == PFCP_CAUSE_SESSION_NOT_FOUND) {
		log_warn(upf->env->log, "session %llx is unknown to its SMF: deleted",
			(unsigned long long)s->seid);
		upf->stat[UPF_STAT_DELETED]++;
		upf_session_free(upf, s, NULL);
	} else if (token.step) { /* what came and went since */
		s->macs_told = false;
		upf_session_pend(upf, s, UPF_EVENT_MACS);
		upf_report_all(upf);
	}
}
