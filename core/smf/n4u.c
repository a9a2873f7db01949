/*
 * Packets between the SMF and a UE through its UPF, by GTP-U: 29.244 5.3, 29.281.
 *
 *   UE      UPF                              SMF
 *    |------>|-- G-PDU (SMF's TEID) --------->|    what PDR_TO_SMF matches: router solicitations, DHCP
 *    |       |                                |    and downlink data for an idle one (downlink_buffer.c)
 *    |<------|<- G-PDU (UPF's TEID) ----------|    PDR_FROM_SMF: container and QFI are the UPF's to add
 */
#include "core/smf/downlink_buffer.h"
#include "core/smf/router.h"

/* What is a UE's comes from the UPF of its session (law 3). */
static struct smf_session *n4u_session(struct smf *smf, const struct msg *m, uint32_t teid)
{
	struct smf_session *s = smf_session_by_teid(smf, teid);

	return s && s->state >= SM_ACCEPTING && s->state < SM_RELEASING &&
			       ip_equal(ip_from_addr(&m->peer), s->control.ip)
		       ? s
		       : NULL;
}

/* 29.281 7.2.2, for UPFs only. */
static bool n4u_echo(struct smf *smf, const struct msg *m, const struct gtpu_header *h)
{
	struct gtpu_msg answer = {
		.header = { .type = GTPU_ECHO_RESPONSE, .has_sequence = true, .sequence = h->sequence }
	};
	uint8_t octets[GTPU_HEADER_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	bool known = false;

	for (uint8_t i = 0; i < smf->config.upf_count; i++)
		known |= addr_same_host(&smf->config.upfs[i].address, &m->peer);
	return known && gtpu_encode(&answer, &w) &&
	       outbox_send_to(smf->nf.env->outbox, SMF_PORT_N4U, &m->peer, writer_bytes(&w));
}

static bool n4u_receive(struct smf *smf, const struct msg *m)
{
	struct smf_session *s;
	struct gtpu_header h;
	struct bytes packet;

	if (gtpu_header_decode(m->data, &h, &packet) != GTPU_OK)
		return false;
	if (h.type == GTPU_ECHO_REQUEST)
		return n4u_echo(smf, m, &h);
	s = h.type == GTPU_G_PDU ? n4u_session(smf, m, h.teid) : NULL;
	return s && (smf_downlink_receive(smf, s, &h, packet) || smf_advertise_solicited(smf, s, packet) ||
			    smf_advertise_neighbor(smf, s, packet) || smf_dhcp_receive(smf, s, packet) ||
			    smf_delegation_receive(smf, s, packet));
}

void smf_on_n4u(struct smf *smf, const struct msg *m)
{
	if (m->kind == MSG_DATA && !n4u_receive(smf, m))
		smf->stat[SMF_STAT_N4U_REFUSED]++;
}
