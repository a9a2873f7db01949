/*
 * Sessions that an SMF has put into a set, by a connection set identifier (FQ-CSID), and gives up together
 * when a part of it has failed, or gives to another SMF: 23.527 4.6, 29.244 6.2.10, 7.4.6, 7.4.7 and 8.2.45.
 *
 *   SMF                                   UPF                          another SMF
 *    |-- Session Set Deletion Request ----->|                             |    every session of these sets
 *    |<- Session Set Deletion Response -----|                             |
 *    |-- Session Set Modification Request ->|                             |    these, or all of this SMF
 *    |<- ... Response ----------------------|-- reports ----------------->|    whose they are from now on
 *
 * Of the SMF that asks alone, and to one that is associated.
 */
#include "core/upf/internal.h"

_Static_assert((int)UPF_CSIDS_MAX <= 64, "a set has a bit of a word");

/* Node, and how many identifiers of it stand behind; false: it is not whole, or of no kind that is known. */
static bool fq_csid_begin(struct cursor *c, struct upf_csid *node, uint8_t *count)
{
	static const uint8_t octets[] = { 4, 16, 4 }; /* IPv4, IPv6, PLMN and number */
	uint8_t head = cursor_u8(c), type = head >> 4;

	*node = (struct upf_csid){ .node_type = type };
	*count = head & 15;
	return type < ARRAY_LEN(octets) &&
	       bytes_copy(node->node, sizeof(node->node), cursor_bytes(c, octets[type])) && !c->failed;
}

static bool csid_equal(const struct upf_csid *a, const struct upf_csid *b)
{
	return a->node_type == b->node_type && a->id == b->id && bytes_equal(BYTES(a->node), BYTES(b->node));
}

/* Its place + 1; 0: no session has it. */
static uint8_t csid_find(const struct upf_smf *smf, const struct upf_csid *wanted)
{
	for (uint8_t i = 0; i < UPF_CSIDS_MAX; i++)
		if (smf->csids[i].sessions && csid_equal(&smf->csids[i], wanted))
			return (uint8_t)(i + 1);
	return 0;
}

bool upf_csid_of(struct upf_draft *d, const struct bytes *list, size_t count, uint8_t *csid)
{
	struct upf_smf *smf = d->smf;
	struct upf_csid wanted;
	struct cursor c;
	uint8_t ids;

	*csid = 0;
	if (count == 0)
		return true;
	c = cursor_of(list[0]); /* on N4 there is no other: that of the SMF */
	if (!fq_csid_begin(&c, &wanted, &ids) || ids == 0)
		return upf_refuse(d, PFCP_CAUSE_MANDATORY_IE_INCORRECT, UPF_IE_FQ_CSID);
	wanted.id = cursor_u16(&c);
	if (c.failed)
		return upf_refuse(d, PFCP_CAUSE_MANDATORY_IE_INCORRECT, UPF_IE_FQ_CSID);
	*csid = csid_find(smf, &wanted);
	for (uint8_t i = 0; i < UPF_CSIDS_MAX && !*csid; i++) {
		if (smf->csids[i].sessions)
			continue;
		smf->csids[i] = wanted;
		*csid = (uint8_t)(i + 1);
	}
	return *csid || upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
}

/* Bit n: the nth of the SMF's. */
static uint64_t named(const struct upf_smf *smf, const struct bytes *list, size_t list_count)
{
	uint64_t sets = 0;

	for (size_t i = 0; i < list_count; i++) {
		struct cursor c = cursor_of(list[i]);
		struct upf_csid one;
		uint8_t count;

		if (!fq_csid_begin(&c, &one, &count))
			continue;
		for (; count > 0; count--) {
			uint8_t place;

			one.id = cursor_u16(&c);
			place = c.failed ? 0 : csid_find(smf, &one);
			sets |= place ? UINT64_C(1) << (place - 1) : 0;
		}
	}
	return sets;
}

void upf_on_session_set_deletion(
	struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *request)
{
	struct upf_smf *smf = upf_smf_of(from->peer);
	const struct pfcp_session_set_deletion_request *r = &request->session_set_deletion_request;
	uint64_t sets = named(smf, r->fq_csid, r->fq_csid_count);

	if (!smf->associated) {
		pfcp_respond_cause(from, 0, PFCP_CAUSE_NO_ASSOCIATION, 0);
		return;
	}
	list_each(l, tmp, &smf->sessions)
	{
		struct upf_session *s = container_of(l, struct upf_session, by_smf);

		if (!s->csid || !(sets >> (s->csid - 1) & 1))
			continue;
		upf->stat[UPF_STAT_DELETED]++;
		upf_session_free(upf, s, NULL);
	}
	pfcp_respond_cause(from, 0, PFCP_CAUSE_ACCEPTED, 0);
}

static bool is_at(const struct upf_smf *smf, const struct pfcp_addresses *a)
{
	return a->has_ipv4 && addr_v4(&smf->peer->addr) == gtpu_be32(a->ipv4);
}

static struct upf_smf *associated_at(struct upf *upf, const struct pfcp_addresses *a)
{
	for (size_t i = 0; i < ARRAY_LEN(upf->smfs); i++)
		if (upf->smfs[i].peer && upf->smfs[i].associated && is_at(&upf->smfs[i], a))
			return &upf->smfs[i];
	return NULL;
}

/* Their places at the other SMF, + 1; false: it has no room for them all. */
static bool places_find(
	const struct upf_smf *from, const struct upf_smf *to, uint64_t sets, uint8_t places[UPF_CSIDS_MAX])
{
	uint64_t taken = 0;

	for (; sets; sets &= sets - 1) {
		uint8_t set = (uint8_t)__builtin_ctzll(sets), at = csid_find(to, &from->csids[set]);

		for (uint8_t i = 0; i < UPF_CSIDS_MAX && !at; i++)
			if (!to->csids[i].sessions && !(taken >> i & 1))
				at = (uint8_t)(i + 1);
		if (!at)
			return false;
		taken |= UINT64_C(1) << (at - 1);
		places[set] = at;
	}
	return true;
}

static void session_give(struct upf_session *s, struct upf_smf *to, const uint8_t places[UPF_CSIDS_MAX])
{
	struct upf_smf *from = s->smf;
	uint8_t set = s->csid;

	upf_csid_count(s, 0);
	list_remove(&s->by_smf);
	from->session_count--;
	s->smf = to;
	list_append(&to->sessions, &s->by_smf);
	to->session_count++;
	if (!set)
		return;
	if (!to->csids[places[set - 1] - 1].sessions) {
		to->csids[places[set - 1] - 1] = from->csids[set - 1];
		to->csids[places[set - 1] - 1].sessions = 0;
	}
	upf_csid_count(s, places[set - 1]);
}

/* Without sets all of the SMF, where its address stands in their place. Groups are not kept. */
static uint8_t change(struct upf *upf, struct upf_smf *smf, const struct pfcp_session_change_info *c)
{
	bool all = c->fq_csid_count == 0 && c->has_cp_ip_address && is_at(smf, &c->cp_ip_address);
	uint64_t sets = all ? UINT64_MAX : named(smf, c->fq_csid, c->fq_csid_count), used = 0;
	struct upf_smf *to = associated_at(upf, &c->alternative_smf_ip_address);
	uint8_t places[UPF_CSIDS_MAX] = { 0 };

	if (c->group_id_count > 0)
		return PFCP_CAUSE_REJECTED;
	if (!to)
		return PFCP_CAUSE_NO_ASSOCIATION;
	for (uint8_t i = 0; i < UPF_CSIDS_MAX; i++)
		used |= (uint64_t)(smf->csids[i].sessions > 0) << i;
	if (to != smf && !places_find(smf, to, sets & used, places))
		return PFCP_CAUSE_NO_RESOURCES;
	list_each(l, tmp, &smf->sessions)
	{
		struct upf_session *s = container_of(l, struct upf_session, by_smf);

		if (to != smf && (s->csid ? sets >> (s->csid - 1) & 1 : all))
			session_give(s, to, places);
	}
	return PFCP_CAUSE_ACCEPTED;
}

void upf_on_session_set_modification(
	struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *request)
{
	const struct pfcp_session_set_modification_request *r = &request->session_set_modification_request;
	struct upf_smf *smf = upf_smf_of(from->peer);
	uint8_t cause = smf->associated ? PFCP_CAUSE_ACCEPTED : PFCP_CAUSE_NO_ASSOCIATION;

	for (size_t i = 0; i < r->session_change_info_count && cause == PFCP_CAUSE_ACCEPTED; i++)
		cause = change(upf, smf, &r->session_change_info[i]);
	pfcp_respond_cause(from, 0, cause, 0);
}
