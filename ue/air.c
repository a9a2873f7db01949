/* The UE's end of the air link: the connection, the bearers, the user packets. */
#include "ue/internal.h"

uint32_t ue_air_index(const struct ue *ue)
{
	return (uint32_t)ue->connection << UU_UE_BITS | ue_index(ue);
}

struct ue *ue_of_air_index(struct ue_host *host, uint32_t index)
{
	struct ue *ue = pool_at(&host->ues, uu_ue_of(index));

	return ue && ue->connected && ue_air_index(ue) == index ? ue : NULL;
}

static bool air_send(struct ue *ue, struct uu_msg *m)
{
	struct ue_host *host = ue->host;
	struct writer w = writer_of(host->air, sizeof(host->air));

	m->ue = ue_air_index(ue);
	return uu_encode(m, &w) && outbox_send_to(host->env->outbox, UE_PORT_AIR, &ue->gnb, writer_bytes(&w));
}

static void air_keepalive(void *owner, struct timer *t);

static void air_keepalive_start(struct ue *ue)
{
	if (ue->profile->keepalive_ms)
		ue_timer_set(ue, &ue->keepalive, ue->profile->keepalive_ms, 0, air_keepalive);
}

/* The connection is no more; what was pending is judged by the event. */
static void air_gone(struct ue *ue, enum mm_event event)
{
	if (!ue->connected)
		return;
	ue->connected = ue->secured = false;
	timer_stop(&ue->host->timers, &ue->keepalive);
	timer_stop(&ue->host->timers, &ue->t3520);
	ue_session_user_plane_gone(ue);
	if (event == MM_EV_FAILED)
		ue->host->stat[UE_STAT_CONNECTION_FAILURES]++;
	ue_say(ue, UE_EVENT_IDLE, 0, 0, event == MM_EV_FAILED ? "connection failed" : "connection released");
	ue_mm_event(ue, event, NULL);
}

static void air_keepalive(void *owner, struct timer *t)
{
	struct ue *ue = container_of(t, struct ue, keepalive);
	struct uu_msg m = { .type = UU_KEEPALIVE };

	if (ue->keepalives_lost++ == UE_KEEPALIVES_LOST_MAX) {
		air_gone(ue, MM_EV_FAILED);
		return;
	}
	air_send(ue, &m);
	air_keepalive_start(ue);
}

/* 38.331 5.3.3: the first message sets the connection up. The gNB finds the AMF by the 5G-S-TMSI. */
static bool air_setup(struct ue *ue, struct bytes pdu)
{
	struct uu_msg m = { .type = UU_SETUP_REQUEST, .cause = UU_MO_SIGNALLING, .payload = pdu };

	if (ue->state == MM_SERVICE_REQUEST_INITIATED)
		m.cause = UU_MO_DATA;
	m.has_s_tmsi = ue->has_guti;
	if (ue->has_guti)
		m.s_tmsi = (struct uu_s_tmsi){ ue->guti.guami.amf_set_id, ue->guti.guami.amf_pointer,
			ue->guti.tmsi };
	ue->connection = (ue->connection + 1) & UE_CONNECTION_MAX;
	if (!air_send(ue, &m))
		return false;
	ue->connected = true;
	ue->secured = false;
	ue->keepalives_lost = 0;
	timer_stop(&ue->host->timers, &ue->t3512);
	air_keepalive_start(ue);
	ue_say(ue, UE_EVENT_CONNECTED, 0, 0, "connection requested");
	return true;
}

bool ue_air_send_nas(struct ue *ue, struct bytes pdu)
{
	struct uu_msg m = { .type = UU_UPLINK_NAS, .payload = pdu };

	return ue->connected ? air_send(ue, &m) : air_setup(ue, pdu);
}

void ue_air_release(struct ue *ue, bool tell)
{
	struct uu_msg m = { .type = UU_RELEASE, .cause = UU_RELEASE_NORMAL };

	if (!ue->connected)
		return;
	if (tell)
		air_send(ue, &m);
	ue->connected = ue->secured = false;
	timer_stop(&ue->host->timers, &ue->keepalive);
	timer_stop(&ue->host->timers, &ue->t3520);
	ue_session_user_plane_gone(ue);
	ue_say(ue, UE_EVENT_IDLE, 0, 0, "connection left");
}

static void air_bearer_setup(struct ue *ue, const struct uu_msg *m)
{
	struct uu_msg answer = { .type = UU_BEARER_SETUP_RESPONSE, .pdu_session_id = m->pdu_session_id };
	struct ue_session *s;

	if (m->payload.len > 0)
		ue_nas_receive(ue, m->payload);
	/* A bearer of a session there is not (any more) is refused. */
	s = ue_session_find(ue, m->pdu_session_id);
	answer.accepted = s && s->state != SM_INACTIVE;
	if (s)
		s->info.has_user_plane = answer.accepted;
	air_send(ue, &answer);
}

static void air_bearer_release(struct ue *ue, const struct uu_msg *m)
{
	struct ue_session *s = ue_session_find(ue, m->pdu_session_id);

	if (s)
		s->info.has_user_plane = false;
	if (m->payload.len > 0)
		ue_nas_receive(ue, m->payload);
}

static void air_receive(struct ue *ue, const struct uu_msg *m)
{
	struct uu_msg answer = { 0 };

	switch (m->type) {
	case UU_DOWNLINK_NAS:
		ue_nas_receive(ue, m->payload);
		break;
	case UU_SECURITY_ACTIVATE:
		answer.type = UU_SECURITY_COMPLETE;
		air_send(ue, &answer);
		break;
	case UU_CAPABILITY_ENQUIRY:
		answer.type = UU_CAPABILITY;
		air_send(ue, &answer);
		break;
	case UU_BEARER_SETUP:
		air_bearer_setup(ue, m);
		break;
	case UU_BEARER_RELEASE:
		air_bearer_release(ue, m);
		break;
	case UU_RELEASE:
		air_gone(ue, m->cause == UU_RELEASE_NORMAL ? MM_EV_RELEASED : MM_EV_FAILED);
		break;
	case UU_KEEPALIVE:
		break;
	default:
		ue->host->stat[UE_STAT_AIR_REFUSED]++;
	}
}

static void air_on_data(struct ue_host *host, const struct msg *m)
{
	struct ue_packet p = { host->air, m->data.len };
	struct msg out = { .kind = MSG_DATA, .port = UE_PORT_TUN };
	struct ue *ue;

	if (!bytes_copy(host->air, sizeof(host->air), m->data) || !ue_downlink(host, &p, &ue))
		return;
	out.assoc = ue_index(ue);
	out.data = bytes_of(p.data, p.len);
	outbox_put(host->env->outbox, &out);
}

void ue_air_on_msg(struct ue_host *host, const struct msg *m)
{
	struct uu_msg uu;
	struct ue *ue;

	if (ue_is_user_data(m->data)) {
		air_on_data(host, m);
		return;
	}
	ue = uu_decode(m->data, &uu) ? ue_of_air_index(host, uu.ue) : NULL;
	if (!ue || !addr_equal(&m->peer, &ue->gnb)) {
		host->stat[UE_STAT_AIR_REFUSED]++;
		return;
	}
	ue->keepalives_lost = 0;
	air_receive(ue, &uu);
}

bool ue_is_user_data(struct bytes datagram)
{
	uint32_t ue;
	uint8_t type;

	return uu_peek(datagram, &type, &ue) && type == UU_DATA;
}

bool ue_downlink(struct ue_host *host, struct ue_packet *p, struct ue **out)
{
	uint32_t index;
	uint8_t psi, qfi;
	struct ue *ue = uu_data_read(bytes_of(p->data, p->len), &index, &psi, &qfi)
				? ue_of_air_index(host, index)
				: NULL;
	struct ue_session *s = ue ? ue_session_find(ue, psi) : NULL;

	if (!s || s->state == SM_INACTIVE) {
		host->stat[UE_STAT_PACKETS_DROPPED]++;
		return false;
	}
	ue->keepalives_lost = 0;
	p->data += UU_DATA_HEADER_LEN;
	p->len -= UU_DATA_HEADER_LEN;
	host->stat[UE_STAT_PACKETS_DOWN]++;
	*out = ue;
	return true;
}
