/*
 * Sessions that an SMF has put into a set, by a connection set identifier (FQ-CSID), and gives up together
 * when a part of it has failed: 23.527 4.6, 29.244 7.4.6 and 8.2.45.
 *
 *   SMF                                   UPF
 *    |-- Session Set Deletion Request ----->|    every session of these sets, of this SMF alone
 *    |<- Session Set Deletion Response -----|
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
static uint64_t named(const struct upf_smf *smf, const struct pfcp_session_set_deletion_request *r)
{
	uint64_t sets = 0;

	for (size_t i = 0; i < r->fq_csid_count; i++) {
		struct cursor c = cursor_of(r->fq_csid[i]);
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
	uint64_t sets = named(smf, &request->session_set_deletion_request);

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
