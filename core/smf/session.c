/* Sessions: made, found and freed, with their addresses. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/text.h"
#include "core/smf/modification.h"
#include "core/smf/teid.h"

/* DNNs are compared as domain names are, 23.003 9.1. */
const struct smf_dnn *smf_dnn_find(const struct smf *smf, const char *dnn, const struct snssai *snssai)
{
	for (uint8_t i = 0; i < smf->config.dnn_count; i++) {
		const struct smf_dnn *d = &smf->config.dnns[i];

		if (!d->withdrawn && dnn_equal(d->dnn, dnn) && (!snssai || snssai_equal(&d->snssai, snssai)))
			return d;
	}
	return NULL;
}

void smf_session_index(struct smf *smf, struct smf_session *s)
{
	hash_insert(&smf->by_supi, &s->by_supi, supi_key(&s->supi), s->pdu_session_id);
	s->indexed = true;
}

struct smf_session *smf_session_new(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id)
{
	struct smf_session *s = pool_alloc(&smf->sessions);

	if (!s) {
		smf->stat[SMF_STAT_EXHAUSTED]++;
		return NULL;
	}
	s->supi = *supi;
	s->pdu_session_id = pdu_session_id;
	s->upf = SMF_UPF_NONE;
	do
		env_random(smf->nf.env, &s->seid, sizeof(s->seid));
	while (smf_session_teid(s) == 0 || smf_session_by_teid(smf, smf_session_teid(s)));
	smf_session_index_seid(smf, s);
	smf_session_index(smf, s);
	return s;
}

struct smf_session *smf_session_find(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id)
{
	return hash_get(&smf->by_supi, supi_key(supi), pdu_session_id, struct smf_session, by_supi);
}

/* The low half of the SEID alone is the key, as it is the SMF's TEID; but for one that was stored when it was
 * not yet, and has it in common with another. */
void smf_session_index_seid(struct smf *smf, struct smf_session *s)
{
	uint32_t teid = smf_session_teid(s);

	hash_insert(&smf->by_seid, &s->by_seid, teid, smf_session_by_teid(smf, teid) ? s->seid : 0);
}

struct smf_session *smf_session_by_teid(struct smf *smf, uint32_t teid)
{
	return hash_get(&smf->by_seid, teid, 0, struct smf_session, by_seid);
}

struct smf_session *smf_session_by_seid(struct smf *smf, uint64_t seid)
{
	struct smf_session *s = smf_session_by_teid(smf, (uint32_t)seid);

	return !s || s->seid == seid
		       ? s
		       : hash_get(&smf->by_seid, (uint32_t)seid, seid, struct smf_session, by_seid);
}

void smf_session_ref(const struct smf_session *s, char out[SM_CONTEXT_REF_SIZE])
{
	snprintf(out, SM_CONTEXT_REF_SIZE, "%016" PRIx64, s->seid);
}

struct smf_session *smf_session_by_ref(struct smf *smf, const char *ref)
{
	uint8_t octets[8];
	struct cursor c = cursor_of(BYTES(octets));
	size_t len;

	if (!text_unhex(bytes_of(ref, strnlen(ref, SM_CONTEXT_REF_SIZE)), octets, sizeof(octets), &len) ||
		len != 8)
		return NULL;
	return smf_session_by_seid(smf, cursor_u64(&c));
}

void smf_session_unindex(struct smf *smf, struct smf_session *s)
{
	if (!s->indexed)
		return;
	hash_remove(&smf->by_supi, &s->by_supi);
	s->indexed = false;
}

static uint32_t now_s(const struct smf *smf)
{
	return (uint32_t)(env_now_ns(smf->nf.env) / NS_PER_S);
}

static struct address_pool *session_pool(struct smf *smf, const struct smf_session *s, uint8_t i)
{
	return &smf->pools[smf->pool_of[s->dnn - smf->config.dnns][i]];
}

/* One that is free, of the first pool that has any, and leads to the UPF (SMF_UPF_NONE: to any). */
static bool take_dynamic(struct smf *smf, struct smf_session *s, uint8_t family, uint8_t upf)
{
	const struct smf_reserved *reserved = smf->reserved.is ? &smf->reserved : NULL;

	for (uint8_t i = 0; i < s->dnn->pool_count; i++) {
		struct address_pool *p = session_pool(smf, s, i);
		bool leads = upf == SMF_UPF_NONE || !s->dnn->behind[i] || s->dnn->behind[i] >> upf & 1;

		if (leads && smf_address_pool_family(p) == family &&
			smf_address_pool_take(p, reserved, now_s(smf), &s->ue))
			return true;
	}
	return false;
}

static bool take_static(struct smf *smf, struct smf_session *s, uint8_t family)
{
	for (uint8_t i = 0; i < s->dnn->pool_count; i++) {
		struct address_pool *p = session_pool(smf, s, i);

		if (smf_address_pool_family(p) != family || !smf_address_pool_has(p, &s->ue))
			continue;
		if (family == SMF_V6 && !s->stored)
			s->ue.prefix_bits = (uint8_t)(64 - p->shift);
		return smf_address_pool_take_static(p, &s->ue);
	}
	return true; /* outside of all: nobody else gives it */
}

/* Not that of the router (router_advertisement.c), and no EUI-64: it names no device. */
static uint64_t interface_id_new(struct smf *smf)
{
	uint64_t id;

	do {
		env_random(smf->nf.env, &id, sizeof(id));
		id &= ~(UINT64_C(3) << 56);
	} while (id >> 32 == 0);
	return id;
}

void smf_session_take_static(struct smf_session *s, const struct ip_address_list *list)
{
	struct prefix prefix;

	for (uint32_t i = 0; i < list->count; i++) {
		const struct ip_address *a = &list->items[i];

		if (a->ipv4_addr && smf_session_address_families(s) & SMF_V4) {
			s->ue.ipv4 = a->ipv4_addr;
			s->static_address |= SMF_V4;
		}
		if (a->ipv6_prefix && smf_session_address_families(s) & SMF_V6 &&
			prefix_parse(a->ipv6_prefix, &prefix) && prefix.bits == 64) {
			s->ue.ipv6_prefix = prefix.ip.high;
			s->static_address |= SMF_V6;
		}
	}
}

bool smf_session_set_routes(struct smf_session *s, const struct smf_routes *routes)
{
	s->routes = malloc(sizeof(*s->routes));
	if (s->routes)
		*s->routes = *routes;
	return s->routes != NULL;
}

/* Framed routes of the families that the session has. False: out of memory. */
bool smf_session_take_routes(struct smf_session *s, const struct dnn_configuration *d)
{
	struct smf_routes routes = { 0 };
	uint8_t families = smf_session_families(s);
	const struct frame_route_info_list *v4 = &d->ipv4_frame_route_list, *v6 = &d->ipv6_frame_route_list;

	for (uint32_t i = 0; families & SMF_V4 && i < v4->count && routes.count < SMF_ROUTES_MAX; i++)
		routes.count += v4->items[i].ipv4_mask &&
				prefix_parse(v4->items[i].ipv4_mask, &routes.list[routes.count]);
	for (uint32_t i = 0; families & SMF_V6 && i < v6->count && routes.count < SMF_ROUTES_MAX; i++)
		routes.count += v6->items[i].ipv6_prefix &&
				prefix_parse(v6->items[i].ipv6_prefix, &routes.list[routes.count]);
	return routes.count == 0 || smf_session_set_routes(s, &routes);
}

void smf_relocation_end(struct smf *smf, struct smf_session *s)
{
	if (!s->relocation)
		return;
	timer_stop(&smf->nf.timers, &s->relocation->timer);
	free(s->relocation);
	s->relocation = NULL;
}

/* All that lead to that UPF, or none. */
static bool take_of_upf(struct smf *smf, struct smf_session *s, uint8_t upf)
{
	uint8_t dynamic = smf_session_address_families(s) & (uint8_t)~s->static_address;

	for (uint8_t family = SMF_V4; family <= SMF_V6; family++) {
		if (!(dynamic & family))
			continue;
		if (!take_dynamic(smf, s, family, upf)) {
			smf_session_give_address(smf, s, dynamic);
			s->ue.ipv4 = dynamic & SMF_V4 ? 0 : s->ue.ipv4;
			s->ue.ipv6_prefix = dynamic & SMF_V6 ? 0 : s->ue.ipv6_prefix;
			return false;
		}
		s->address_taken |= family;
	}
	return true;
}

/* Of the least loaded UPF that has any. Where there is no UPF, of any: it is not for want of addresses that
 * the session is refused then. */
static bool take_dynamics(struct smf *smf, struct smf_session *s)
{
	uint16_t tried = 0;
	uint8_t upf = smf_upf_select(smf, s, tried);

	if (upf == SMF_UPF_NONE)
		return take_of_upf(smf, s, upf);
	for (; upf != SMF_UPF_NONE; upf = smf_upf_select(smf, s, tried)) {
		if (take_of_upf(smf, s, upf))
			return true;
		tried |= (uint16_t)(1u << upf);
	}
	return false;
}

bool smf_session_take_address(struct smf *smf, struct smf_session *s)
{
	for (uint8_t family = SMF_V4; family <= SMF_V6; family++) {
		if (!(smf_session_address_families(s) & s->static_address & family))
			continue;
		if (!take_static(smf, s, family))
			return false;
		s->address_taken |= family;
	}
	if (smf_session_address_families(s) & SMF_V6)
		s->ue.interface_id = interface_id_new(smf);
	return take_dynamics(smf, s);
}

/* s has an address of that family, and the asker one of its own. */
static bool both_have(const struct smf_session *s, const struct smf_session *asker, uint8_t family)
{
	return s->address_taken & asker->static_address & family;
}

struct smf_session *smf_session_by_address(struct smf *smf, const struct smf_session *asker)
{
	struct prefix wanted = smf_session_prefix(asker);
	struct smf_session *s;

	for (uint32_t i = 0; (s = pool_next(&smf->sessions, &i)) != NULL; i++) {
		struct prefix has = smf_session_prefix(s);

		if (s != asker && ((both_have(s, asker, SMF_V4) && s->ue.ipv4 == asker->ue.ipv4) ||
					  (both_have(s, asker, SMF_V6) && prefix_overlap(&has, &wanted))))
			return s;
	}
	return NULL;
}

void smf_set_reserved(struct smf *smf, const struct smf_reserved *reserved)
{
	smf->reserved = *reserved;
}

void smf_session_keep_address(struct smf *smf, struct smf_session *s, uint8_t families)
{
	for (uint8_t family = SMF_V4; family <= SMF_V6; family++)
		if (smf_session_address_families(s) & families & family && take_static(smf, s, family))
			s->address_taken |= family;
	for (uint8_t i = 0; i < s->dnn->pool_count; i++) {
		struct address_pool *p = session_pool(smf, s, i);

		if (!(s->static_address & smf_address_pool_family(p)))
			smf_address_pool_resume(p, &s->ue, s->accepted_s);
	}
}

/* A static address within another data network's pool is none of that pool. */
static bool may_be_of(struct smf *smf, const struct smf_session *s, const struct address_pool *p)
{
	bool own = p->gone || !(s->static_address & smf_address_pool_family(p));

	for (uint8_t i = 0; i < s->dnn->pool_count; i++)
		own |= p == session_pool(smf, s, i);
	return own;
}

/* Its pool may be another data network's by now, or gone. */
void smf_session_give_address(struct smf *smf, struct smf_session *s, uint8_t families)
{
	for (uint8_t i = 0; i < smf->pool_count; i++) {
		struct address_pool *p = &smf->pools[i];

		if (s->address_taken & families & smf_address_pool_family(p) && may_be_of(smf, s, p))
			smf_address_pool_give(p, &s->ue, now_s(smf));
	}
	s->address_taken &= (uint8_t)~families;
}

void smf_session_set_access(struct smf *smf, struct smf_session *s, enum smf_access access)
{
	s->n4_reported = s->n4_reported && access != ACCESS_FORWARD;
	smf->active -= s->access == ACCESS_FORWARD;
	smf->active += access == ACCESS_FORWARD;
	s->access = (uint8_t)access;
	if (access == ACCESS_DROP && s->held)
		smf_held_drop(smf, s);
}

void smf_session_dirty(struct smf *smf, struct smf_session *s)
{
	mark_set(&smf->sessions_to_store, &s->mark);
}

void smf_session_free(struct smf *smf, struct smf_session *s)
{
	/* Nobody else's before the record is gone, which a restart would take it from; a static one is its
	 * owner's alone in any case. */
	smf_session_give_address(smf, s, s->stored ? s->static_address : SMF_V4 | SMF_V6);
	smf_session_set_access(smf, s, ACCESS_DROP);
	smf_count_session(smf, s, false);
	smf_guarantee_count_all(smf, s, false);
	smf_flows_fini(&s->flows);
	smf_handover_free(smf, s);
	smf_teid_give(smf, s, &s->uplink);
	smf_teid_give(smf, s, &s->control);
	smf_relocation_end(smf, s);
	free(s->ethernet);
	free(s->routes);
	s->ethernet = NULL;
	s->routes = NULL;
	free(s->secondary);
	s->secondary = NULL;
	smf_session_unindex(smf, s);
	hash_remove(&smf->by_seid, &s->by_seid);
	timer_stop(&smf->nf.timers, &s->timer);
	if (s->upf != SMF_UPF_NONE)
		smf->upfs[s->upf].sessions--;
	if (!s->stored) {
		mark_clear(&s->mark);
		pool_free(&smf->sessions, s);
		return;
	}
	s->gone = true;
	s->upf = SMF_UPF_NONE;
	smf->gone++;
	mark_set(&smf->sessions_to_store, &s->mark);
}
