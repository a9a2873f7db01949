/* UE contexts: their pool, their index by the air link, their signs of life; UE Context Modification. */
#include "gnb/internal.h"

/* An address as a key: exact for IPv4; IPv6 ones that fall together are told apart after the find. */
static uint64_t peer_key(const struct addr *peer)
{
	struct cursor c = cursor_of(bytes_of(peer->ip, peer->len));
	uint64_t high, low;

	if (peer->len == 4)
		return (uint64_t)cursor_u32(&c) << 16 | peer->port;
	high = cursor_u64(&c);
	low = cursor_u64(&c);
	return (high * UINT64_C(0x9e3779b97f4a7c15) ^ low) + peer->port;
}

struct gnb_ue *gnb_ue_earlier(struct gnb *gnb, const struct addr *peer, uint32_t ue_index)
{
	struct gnb_ue *ue =
		hash_get(&gnb->ue_by_link, peer_key(peer), uu_ue_of(ue_index), struct gnb_ue, by_link);

	return ue && addr_equal(&ue->peer, peer) ? ue : NULL;
}

struct gnb_ue *gnb_ue_by_link(struct gnb *gnb, const struct addr *peer, uint32_t ue_index)
{
	struct gnb_ue *ue = gnb_ue_earlier(gnb, peer, ue_index);

	return ue && ue->ue_index == ue_index ? ue : NULL;
}

struct gnb_ue *gnb_ue_new(struct gnb *gnb, struct gnb_amf *amf, const struct addr *peer, uint32_t ue_index)
{
	struct gnb_ue *ue;

	if (hash_find(&gnb->ue_by_link, peer_key(peer), uu_ue_of(ue_index)))
		return NULL; /* IPv6 keys fall together */
	ue = pool_alloc(&gnb->ues);
	if (!ue) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return NULL;
	}
	ue->amf = amf;
	ue->peer = *peer;
	ue->ue_index = ue_index;
	ue->on_air = true;
	ue->ran_ue_ngap_id = ++gnb->generation << GNB_UE_INDEX_BITS | pool_index(&gnb->ues, ue);
	/* 38.412 7: UE-associated signalling on streams of its own, the same one for all of a UE. */
	ue->stream = amf->streams > 1 ? (uint16_t)(1 + amf->next_stream++ % (amf->streams - 1)) : 0;
	list_init(&ue->procedures);
	list_append(&amf->ues, &ue->link);
	hash_insert(&gnb->ue_by_link, &ue->by_link, peer_key(peer), uu_ue_of(ue_index));
	ue->heard_ns = ue->active_ns = env_now_ns(gnb->env);
	gnb_ue_timer_start(gnb, ue);
	return ue;
}

/* From now on another connection may use the same name on the link. */
static void leave_link(struct gnb *gnb, struct gnb_ue *ue)
{
	if (ue->on_air)
		hash_remove(&gnb->ue_by_link, &ue->by_link);
	ue->on_air = false;
}

void gnb_ue_leave_air(struct gnb *gnb, struct gnb_ue *ue, enum uu_release_cause cause)
{
	struct uu_msg m = { .type = UU_RELEASE, .ue = ue->ue_index, .cause = (uint8_t)cause };

	if (ue->on_air)
		gnb_air_send(gnb, &ue->peer, &m);
	leave_link(gnb, ue);
}

void gnb_ue_free(struct gnb *gnb, struct gnb_ue *ue)
{
	list_each(l, next, &ue->procedures)
		gnb_procedure_free(gnb, container_of(l, struct gnb_procedure, link));
	for (uint8_t psi = 0; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi])
			gnb_session_free(gnb, ue->sessions[psi]);
	leave_link(gnb, ue);
	timer_stop(&gnb->timers, &ue->timer);
	list_remove(&ue->link);
	gnb->contexts -= ue->context;
	gnb->stat[GNB_STAT_RELEASES]++;
	explicit_bzero(ue->k_gnb, sizeof(ue->k_gnb));
	pool_free(&gnb->ues, ue);
}

/* When the UE would have been silent, or inactive, for too long; NEVER if that does not matter. */
static uint64_t due_ns(uint64_t since_ns, uint32_t ms)
{
	return ms ? since_ns + (uint64_t)ms * NS_PER_MS : NEVER;
}

static void ue_timer(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;
	struct gnb_ue *ue = container_of(t, struct gnb_ue, timer);
	uint64_t now = env_now_ns(gnb->env);

	if (due_ns(ue->heard_ns, gnb->config.ue_lost_ms) <= now) {
		gnb->stat[GNB_STAT_UES_LOST]++;
		gnb_ue_leave_air(gnb, ue, UU_RELEASE_FAILURE);
		gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
	} else if (due_ns(ue->active_ns, gnb->config.inactivity_ms) <= now) {
		gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_USER_INACTIVITY);
	} else {
		gnb_ue_timer_start(gnb, ue);
	}
}

void gnb_ue_timer_start(struct gnb *gnb, struct gnb_ue *ue)
{
	uint64_t lost = due_ns(ue->heard_ns, gnb->config.ue_lost_ms);
	uint64_t inactive = due_ns(ue->active_ns, gnb->config.inactivity_ms);
	uint64_t due = lost < inactive ? lost : inactive;

	if (due != NEVER)
		timer_set(&gnb->timers, &ue->timer, due, ue_timer);
}

/* 8.3.4 */
void gnb_n2_ue_context_modification_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_ue_context_modification_request *m = pdu->u.ue_context_modification_request;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct ngap_ue_context_modification_response r = { 0 };

	if (!ue)
		return;
	if (m->has_security_key)
		bytes_copy(ue->k_gnb, sizeof(ue->k_gnb),
			bytes_of(m->security_key.data, m->security_key.len_bits / 8));
	if (m->has_new_amf_ue_ngap_id)
		ue->amf_ue_ngap_id = m->new_amf_ue_ngap_id;
	r.amf_ue_ngap_id = ue->amf_ue_ngap_id;
	r.ran_ue_ngap_id = ue->ran_ue_ngap_id;
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE, &r);
}
