#include "core/smf/teid.h"

enum { TEID_TRIES = 64, TEID_BITS = 32 };

/* Of the N3 interface, or of all (8.2.82 of Release 15). */
bool smf_teid_range_take(struct smf_upf *u, const struct pfcp_user_plane_resource *resources, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct pfcp_user_plane_resource *r = &resources[i];

		if (!r->has_ipv4 || (r->has_source_interface && r->source_interface != PFCP_INTERFACE_ACCESS))
			continue;
		u->teids = (struct smf_teid_range){ ip_from_v4(v4_of(r->ipv4)), r->teid_range_bits,
			r->teid_range };
		return true;
	}
	return false;
}

static struct smf_teid *teid_find(const struct smf *smf, uint8_t upf, uint32_t teid)
{
	return hash_get(&smf->by_teid, teid, upf, struct smf_teid, node);
}

/* One that nobody has and nobody can guess, of the UPF's range: its first bits are given. 0: none was found.
 */
static uint32_t teid_choose(struct smf *smf, uint8_t upf)
{
	const struct smf_teid_range *r = &smf->upfs[upf].teids;
	uint32_t mask = r->bits ? UINT32_MAX << (TEID_BITS - r->bits) : 0;
	uint32_t first = r->bits ? (uint32_t)r->value << (TEID_BITS - r->bits) : 0;

	for (int i = 0; i < TEID_TRIES; i++) {
		uint32_t teid = (env_random_u32(smf->nf.env) & ~mask) | first;

		if (teid && !teid_find(smf, upf, teid))
			return teid;
	}
	return 0;
}

/* One that is another's already is the UPF's to refuse. */
static bool teid_own(struct smf *smf, const struct smf_session *s, uint32_t teid)
{
	struct smf_teid *t;

	if (teid_find(smf, s->upf, teid))
		return true;
	t = pool_alloc(&smf->teids);
	if (!t) {
		smf->stat[SMF_STAT_EXHAUSTED]++;
		return false;
	}
	t->owner = s;
	hash_insert(&smf->by_teid, &t->node, teid, s->upf);
	return true;
}

static bool tunnel_take(struct smf *smf, const struct smf_session *s, struct smf_tunnel *t)
{
	struct smf_tunnel chosen = *t;

	if (!chosen.teid)
		chosen = (struct smf_tunnel){ smf->upfs[s->upf].teids.ip, teid_choose(smf, s->upf) };
	if (!chosen.teid || !teid_own(smf, s, chosen.teid))
		return false;
	*t = chosen;
	return true;
}

bool smf_teids_take(struct smf *smf, struct smf_session *s)
{
	if (smf->upfs[s->upf].features & PFCP_UP_FTUP)
		return true;
	s->smf_teids = true;
	return tunnel_take(smf, s, &s->uplink) &&
	       (!smf_rules_have_control_plane(s) || tunnel_take(smf, s, &s->control)) &&
	       (!s->handover || !s->handover->forward_to.teid ||
		       tunnel_take(smf, s, &s->handover->forwarding));
}

bool smf_teids_keep(struct smf *smf, struct smf_session *s)
{
	return !s->smf_teids || ((!s->uplink.teid || teid_own(smf, s, s->uplink.teid)) &&
					(!s->control.teid || teid_own(smf, s, s->control.teid)) &&
					(!s->handover || teid_own(smf, s, s->handover->forwarding.teid)));
}

void smf_teid_give(struct smf *smf, const struct smf_session *s, struct smf_tunnel *tunnel)
{
	struct smf_teid *t = s->smf_teids ? teid_find(smf, s->upf, tunnel->teid) : NULL;

	*tunnel = (struct smf_tunnel){ 0 };
	if (!t || t->owner != s)
		return;
	hash_remove(&smf->by_teid, &t->node);
	pool_free(&smf->teids, t);
}
