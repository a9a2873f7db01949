/* User packets of the UE, upwards: from the TUN device to a session. */
#include "ue/internal.h"

enum { IPV4_VERSION = 4, IPV4_HEADER_MIN = 20, IPV4_SOURCE = 12 };

/* The session whose address the packet has as its source. */
static struct ue_session *session_of_packet(const struct ue *ue, struct bytes packet)
{
	struct cursor c = cursor_of(packet);
	uint32_t source;

	if (packet.len < IPV4_HEADER_MIN || cursor_u8(&c) >> 4 != IPV4_VERSION)
		return NULL;
	cursor_skip(&c, IPV4_SOURCE - 1);
	source = cursor_u32(&c);
	for (struct ue_session *s = ue->sessions; s; s = s->next)
		if (s->state == SM_ACTIVE && s->info.ipv4 == source)
			return s;
	return NULL;
}

bool ue_uplink(struct ue *ue, struct ue_packet *p)
{
	struct ue_host *host = ue->host;
	struct ue_session *s = session_of_packet(ue, bytes_of(p->data, p->len));

	if (s && !s->info.has_user_plane)
		ue_mm_event(ue, MM_EV_SERVICE, NULL); /* 5.6.1.1 d: uplink user data is pending */
	if (!s || !s->info.has_user_plane) {
		host->stat[UE_STAT_PACKETS_DROPPED]++;
		return false;
	}
	p->data -= UU_DATA_HEADER_LEN;
	p->len += UU_DATA_HEADER_LEN;
	uu_data_header_write(p->data, ue_air_index(ue), s->info.psi, s->info.qfi);
	host->stat[UE_STAT_PACKETS_UP]++;
	return true;
}

void ue_tun_on_msg(struct ue_host *host, const struct msg *m)
{
	struct ue *ue = m->assoc < UE_MAX ? pool_at(&host->ues, (uint32_t)m->assoc) : NULL;
	struct ue_packet p = { host->air + UU_DATA_HEADER_LEN, m->data.len };

	if (!ue || !bytes_copy(p.data, UE_IP_PACKET_MAX, m->data) || !ue_uplink(ue, &p))
		return;
	outbox_send_to(host->env->outbox, UE_PORT_AIR, &ue->gnb, bytes_of(p.data, p.len));
}
