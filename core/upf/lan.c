/*
 * Frames between the sessions of a LAN and its N6: 23.501 5.8.2.5.3.
 *
 *   UE ---- N3 ---> source learnt, PDR, QERs, URRs ---> switch ---> another session, N6, or all ports
 *   N6 -----------> source learnt ------------------> switch ---> a session (PDR, QERs, URRs), or all
 *
 * A copy for another session goes through its worker's ring, also to this worker itself.
 */
#include "core/upf/lan.h"

#include "core/upf/act.h"
#include "core/upf/match.h"
#include "core/upf/source.h"
#include "core/upf/worker.h"

/* Once a second is enough, should a note find no room. */
static void note(struct upf_worker *w, struct upf_key key, uint64_t seid)
{
	struct upf_key at = { key.ip, seid };
	struct upf_mac_note *n;

	if (upf_key_equal(&at, &w->mac_noted) && w->mac_noted_s == w->now_s)
		return;
	w->mac_noted = at;
	w->mac_noted_s = w->now_s;
	n = upf_ring_next(&w->mac_notes);
	if (!n)
		return;
	*n = (struct upf_mac_note){ key, seid };
	upf_ring_push(&w->mac_notes);
	w->noted = true;
}

/* s NULL: on N6. False: it is one too many. */
static bool learn(struct upf_worker *w, const struct upf_session *s, uint32_t teid, struct upf_key key)
{
	struct upf_mac *m = upf_table_find(&w->plane->by_mac, key);

	if (m && m->teid == teid) {
		UPF_WRITE(m->last_s, w->now_s);
		return true;
	}
	if (s && UPF_READ(s->port->macs_full))
		return false;
	note(w, key, s ? s->seid : 0);
	return true;
}

static void give(struct upf_worker *w, struct upf_packet *p, uint8_t worker, uint32_t teid)
{
	p->to = teid;
	if (worker == w->index)
		upf_lan_downlink(w, p);
	else
		upf_worker_hand_over(w, p, worker, UPF_FROM_LAN);
}

/* To all sessions but the one with the tunnel `from`. */
static void flood(struct upf_worker *w, struct upf_packet *p, uint32_t from)
{
	const struct upf_lan *lan = w->plane->lans[p->lan - 1];
	uint32_t high = UPF_READ(lan->high);

	for (uint32_t i = 0; i < high; i++) {
		uint64_t member = UPF_READ(lan->members[i]);

		p->to = (uint32_t)member;
		if (!member || p->to == from)
			continue;
		upf_worker_stat(w,
			upf_worker_copy(w, p, (uint8_t)(member >> 32), UPF_FROM_LAN) ? UPF_STAT_FLOODED
										     : UPF_STAT_HANDOVER_FULL,
			1);
	}
	p->to = 0;
}

/* Where a frame of the session with the tunnel `from` (0: of N6) goes. */
static void switch_frame(struct upf_worker *w, struct upf_packet *p, const struct upf_frame *f, uint32_t from)
{
	struct upf_key key = upf_key_mac(p->lan, upf_frame_vid(f), f->destination);
	const struct upf_mac *m =
		upf_mac_is_group(f->destination) ? NULL : upf_table_find(&w->plane->by_mac, key);

	if (m && m->teid == from) {
		upf_worker_drop(w, p, UPF_STAT_LAN);
		return;
	}
	if (m && m->teid) {
		p->from_ue = from != 0;
		p->waiting = false; /* it may have to, once more, for the other's rate */
		give(w, p, m->worker, m->teid);
		return;
	}
	p->from_ue = from != 0;
	if (!m)
		flood(w, p, from);
	p->verdict = from ? UPF_TO_N6 : UPF_DROP;
	p->head_len = 0;
}

void upf_lan_uplink(struct upf_worker *w, struct upf_packet *p, const struct upf_rules *r, uint32_t teid,
	const struct gtpu_header *h)
{
	const struct upf_pdr *pdr;
	struct upf_frame frame;
	struct upf_flow flow;

	if (!upf_frame_read(p->data, p->len, &frame, &flow)) {
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
		return;
	}
	pdr = upf_match(r, &flow, teid, p->qfi, UPF_UPLINK);
	if (h && p->of_smf)
		upf_worker_drop(w, p, UPF_STAT_FOREIGN);
	else if (h && !upf_container_fits(r, h))
		upf_worker_drop(w, p, UPF_STAT_CONTAINER);
	else if (!pdr)
		upf_worker_drop(w, p, UPF_STAT_NO_PDR);
	else if (upf_mac_is_group(frame.source) || frame.source == 0)
		upf_worker_drop(w, p, UPF_STAT_LAN);
	else if (!learn(w, p->session, r->teid, upf_key_mac(r->lan, upf_frame_vid(&frame), frame.source)))
		upf_worker_drop(w, p, UPF_STAT_MACS_OUT);
	else if (upf_act(w, p, p->session, r, pdr, &flow, UPF_UPLINK)) {
		p->lan = r->lan;
		switch_frame(w, p, &frame, r->teid);
	}
}

void upf_lan_downlink(struct upf_worker *w, struct upf_packet *p)
{
	struct upf_session *s = upf_table_find(&w->plane->by_teid, upf_key_teid(p->to));
	const struct upf_rules *r = s ? __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE) : NULL;
	const struct upf_pdr *pdr;
	struct upf_frame frame;
	struct upf_flow flow;

	p->head_len = 0;
	p->session = s;
	/* The TEID may be another session's meanwhile. */
	if (!r || r->lan != p->lan || s->worker != w->index) {
		upf_worker_drop(w, p, UPF_STAT_NO_SESSION);
		return;
	}
	if (!upf_frame_read(p->data, p->len, &frame, &flow)) {
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
		return;
	}
	pdr = upf_match(r, &flow, 0, UINT8_MAX, UPF_DOWNLINK);
	if (!pdr)
		upf_worker_drop(w, p, UPF_STAT_NO_PDR);
	else if (upf_act(w, p, s, r, pdr, &flow, UPF_DOWNLINK))
		upf_worker_drop(w, p, UPF_STAT_DISCARDED); /* back to the LAN it would come again */
	else if (p->from_ue)
		upf_worker_stat(w, UPF_STAT_HAIRPIN, p->verdict == UPF_TO_N3);
}

void upf_lan_from_n6(struct upf_worker *w, struct upf_packet *p)
{
	struct upf_frame frame;
	struct upf_flow flow;

	p->head_len = 0;
	p->session = NULL;
	if (!upf_frame_read(p->data, p->len, &frame, &flow)) {
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
		return;
	}
	if (upf_mac_is_group(frame.source)) {
		upf_worker_drop(w, p, UPF_STAT_LAN);
		return;
	}
	learn(w, NULL, 0, upf_key_mac(p->lan, upf_frame_vid(&frame), frame.source));
	switch_frame(w, p, &frame, 0);
}
