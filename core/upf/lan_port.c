/* Sessions as ports of a LAN: they join it, and leave it with the addresses behind them. */
#include <stdlib.h>

#include "core/upf/internal.h"

static void mac_release(void *owner, struct upf_retired *r)
{
	struct upf *upf = owner;

	pool_free(&upf->macs, container_of(r, struct upf_mac, retired));
}

void upf_mac_free(struct upf *upf, struct upf_mac *m)
{
	list_remove(&m->by_session);
	upf_epoch_retire(&upf->data.epoch, &m->retired, mac_release);
}

static uint64_t member_of(const struct upf_session *s, uint32_t teid)
{
	return (uint64_t)s->worker << 32 | teid;
}

/* The place of the member, or of none (0). */
static uint32_t member_place(const struct upf_lan *lan, uint64_t member)
{
	uint32_t i = 0;

	while (i < UPF_LAN_SESSIONS_MAX && lan->members[i] != member)
		i++;
	return i;
}

bool upf_lan_reserve(const struct upf *upf, struct upf_session *s, const struct upf_draft *d)
{
	if (!d->lan || s->port)
		return true;
	if (member_place(upf->data.lans[d->lan - 1], 0) == UPF_LAN_SESSIONS_MAX)
		return false;
	s->port = calloc(1, sizeof(*s->port));
	if (s->port)
		list_init(&s->port->macs);
	return s->port != NULL;
}

static void member_set(struct upf_lan *lan, uint64_t from, uint64_t to)
{
	uint32_t at = member_place(lan, from);

	if (at == UPF_LAN_SESSIONS_MAX)
		return;
	UPF_WRITE(lan->members[at], to);
	if (at >= lan->high)
		UPF_WRITE(lan->high, at + 1);
}

static void macs_forget(struct upf *upf, struct upf_session *s)
{
	struct link *l;

	while ((l = list_first(&s->port->macs))) {
		struct upf_mac *m = container_of(l, struct upf_mac, by_session);

		if (m->state != UPF_MAC_GONE)
			upf_table_remove(&upf->data.by_mac, m->key);
		upf_mac_free(upf, m);
	}
	s->port->mac_count = 0;
	UPF_WRITE(s->port->macs_full, false);
}

/* With another tunnel its addresses are to be found by that: they are learnt again. */
void upf_lan_join(struct upf *upf, struct upf_session *s, uint32_t old, const struct upf_rules *r)
{
	if (!r->lan || old == r->teid)
		return;
	member_set(upf->data.lans[r->lan - 1], old ? member_of(s, old) : 0, member_of(s, r->teid));
	macs_forget(upf, s);
}

void upf_lan_leave(struct upf *upf, struct upf_session *s, const struct upf_rules *r)
{
	if (!r->lan)
		return;
	member_set(upf->data.lans[r->lan - 1], member_of(s, r->teid), 0);
	macs_forget(upf, s);
}
