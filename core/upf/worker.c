#include "core/upf/lan.h"
#include "core/upf/worker.h"

struct upf_worker *upf_worker_new(struct upf_plane *plane, uint8_t index)
{
	struct upf_worker *w = aligned_alloc(64, (sizeof(*w) + 63) & ~(size_t)63);
	uint32_t octets = plane->config->packet_max;
	uint32_t count = octets > UPF_PACKET_OCTETS ? UPF_HANDOVERS_LONG : UPF_HANDOVERS;
	bool ok;

	if (!w)
		return NULL;
	memset(w, 0, sizeof(*w));
	w->plane = plane;
	w->index = index;
	w->reader = upf_epoch_reader(&plane->epoch);
	upf_shaper_init(&w->shaper, plane->config, plane->worker_count);
	_Static_assert(
		UPF_NOTES > 0 && (UPF_NOTES & (UPF_NOTES - 1)) == 0, "a ring's size is a power of two");
	_Static_assert((int)UPF_READERS_MAX >= (int)UPF_WORKERS_MAX, "each worker is a reader");
	_Static_assert(UPF_WORKERS_MAX <= 32, "`handed` has a bit for each");
	ok = w->reader && upf_buffer_init(&w->buffer, plane->config) &&
	     upf_ring_init(&w->notes, UPF_NOTES, sizeof(uint64_t)) &&
	     upf_ring_init(&w->looks, UPF_LOOKS, sizeof(struct upf_look));
	if (ok && plane->config->lan_count)
		ok = upf_ring_init(&w->mac_notes, UPF_MAC_NOTES, sizeof(struct upf_mac_note));
	/* Copies of frames for several sessions of its own go through a ring too. */
	for (uint8_t i = 0; ok && i < plane->worker_count; i++)
		if (i != index || plane->config->lan_count)
			ok = upf_ring_init(&w->from[i], count,
				(uint32_t)sizeof(struct upf_handover) + ((octets + 7) & ~7u));
	if (ok)
		return w;
	upf_worker_free(w);
	return NULL;
}

void upf_worker_free(struct upf_worker *w)
{
	if (!w)
		return;
	upf_shaper_fini(&w->shaper);
	upf_ring_fini(&w->notes);
	upf_ring_fini(&w->looks);
	upf_ring_fini(&w->mac_notes);
	upf_buffer_fini(&w->buffer);
	for (int i = 0; i < UPF_WORKERS_MAX; i++)
		upf_ring_fini(&w->from[i]);
	free(w);
}

void upf_worker_begin(struct upf_worker *w, uint64_t now_ns)
{
	upf_reader_enter(&w->plane->epoch, w->reader);
	w->now_q8 = now_ns << 8;
	w->now_s = (uint32_t)(now_ns / NS_PER_S) + 1;
}

void upf_worker_end(struct upf_worker *w)
{
	upf_reader_leave(w->reader);
}

/*
 * Who sets the first bit puts the session into the ring; what comes before the control plane has looked is
 * found with it. Without room all sessions are looked at, so that no note is lost for good.
 */
void upf_worker_note(struct upf_worker *w, struct upf_session *s, enum upf_event event)
{
	uint64_t *seid;

	if (__atomic_fetch_or(&s->notes, (uint8_t)event, __ATOMIC_ACQ_REL))
		return;
	w->noted = true;
	seid = upf_ring_next(&w->notes);
	if (!seid) {
		upf_worker_stat(w, UPF_STAT_NOTES_CROWDED, 1);
		__atomic_store_n(&w->notes_lost, true, __ATOMIC_RELEASE);
		return;
	}
	*seid = s->seid;
	upf_ring_push(&w->notes);
}

bool upf_worker_noted(struct upf_worker *w)
{
	bool noted = w->noted;

	w->noted = false;
	return noted;
}

uint32_t upf_worker_handed(struct upf_worker *w)
{
	uint32_t handed = w->handed;

	w->handed = 0;
	return handed;
}

bool upf_worker_copy(struct upf_worker *w, const struct upf_packet *p, uint8_t owner, enum upf_source source)
{
	struct upf_ring *r = &w->plane->workers[owner]->from[w->index];
	uint32_t max = w->plane->config->packet_max;
	struct upf_handover *h = p->len <= max ? upf_ring_next(r) : NULL;

	if (!h)
		return false;
	h->peer = p->peer;
	h->peer_port = p->peer_port;
	h->source = (uint8_t)source;
	h->lan = p->lan;
	h->to = p->to;
	h->tos = p->tos;
	h->len = p->len;
	upf_packet_copy(p, h->data, max);
	upf_ring_push(r);
	w->handed |= 1u << owner;
	return true;
}

void upf_worker_hand_over(struct upf_worker *w, struct upf_packet *p, uint8_t owner, enum upf_source source)
{
	bool put = upf_worker_copy(w, p, owner, source);

	upf_worker_drop(w, p, put ? UPF_STAT_HANDED_OVER : UPF_STAT_HANDOVER_FULL);
}
