/* Downlink packets that wait in the SMF: the oldest goes where there is no room. */
#include "core/smf/held.h"

#include <stdlib.h>

struct smf_held {
	struct link of_all, of_session;
	struct smf_session *session;
	uint16_t len;
	uint8_t octets[];
};

struct smf_held_queue {
	struct link packets; /* struct smf_held.of_session, the oldest first */
	uint16_t count;
};

static void held_free(struct smf *smf, struct smf_held *h)
{
	list_remove(&h->of_all);
	list_remove(&h->of_session);
	h->session->held->count--;
	smf->held_count--;
	free(h);
}

static struct smf_held *first_of(const struct smf_session *s)
{
	return s->held && s->held->count ? container_of(s->held->packets.next, struct smf_held, of_session)
					 : NULL;
}

void smf_held_drop(struct smf *smf, struct smf_session *s)
{
	if (!s->held)
		return;
	list_each(l, next, &s->held->packets)
	{
		smf->stat[SMF_STAT_HELD_DROPPED]++;
		held_free(smf, container_of(l, struct smf_held, of_session));
	}
	free(s->held);
	s->held = NULL;
}

static void oldest_drop(struct smf *smf, struct smf_held *h)
{
	smf->stat[SMF_STAT_HELD_DROPPED]++;
	held_free(smf, h);
}

static struct smf_held_queue *queue_of(struct smf_session *s)
{
	if (!s->held) {
		s->held = calloc(1, sizeof(*s->held));
		if (s->held)
			list_init(&s->held->packets);
	}
	return s->held;
}

void smf_held_put(struct smf *smf, struct smf_session *s, struct bytes packet)
{
	struct smf_held *h = packet.len <= SMF_N4U_PACKET_MAX ? malloc(sizeof(*h) + packet.len) : NULL;

	if (!h || !queue_of(s)) {
		smf->stat[SMF_STAT_HELD_DROPPED]++;
		free(h);
		return;
	}
	if (s->held->count == SMF_HELD_SESSION_MAX)
		oldest_drop(smf, first_of(s));
	if (smf->held_count == SMF_HELD_MAX)
		oldest_drop(smf, container_of(smf->held.next, struct smf_held, of_all));
	*h = (struct smf_held){ .session = s, .len = (uint16_t)packet.len };
	bytes_copy(h->octets, packet.len, packet);
	list_append(&smf->held, &h->of_all);
	list_append(&s->held->packets, &h->of_session);
	s->held->count++;
	smf->held_count++;
	smf->stat[SMF_STAT_HELD]++;
}

struct bytes smf_held_first(const struct smf_session *s)
{
	const struct smf_held *h = first_of(s);

	return h ? bytes_of(h->octets, h->len) : BYTES_NONE;
}

void smf_held_pop(struct smf *smf, struct smf_session *s)
{
	held_free(smf, first_of(s));
}
