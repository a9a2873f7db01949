/* RRC over the simulated link. */
#include "radio/uu.h"
#include "radio/uu_rrc.h"
#include "ue/rrc_ops.h"
#include "ue/rrc_sim.h"

_Static_assert((int)UU_DATA_HEADER_LEN <= (int)UE_HEADROOM, "the link's header must fit");
_Static_assert(UU_HEADER_LEN + UU_RRC_OVERHEAD_MAX <= UE_RRC_OVERHEAD_MAX, "a message must fit");

/* NULL: none, or of an earlier connection. */
static struct ue *ue_of_link(struct ue_host *host, uint32_t index)
{
	struct ue *ue = pool_at(&host->ues, uu_ue_of(index));

	return ue && ue->radio.connected && ue_link_index(ue) == index ? ue : NULL;
}

/* An operator who waits is told what for, once a minute at most. */
static void silent(void *owner, struct timer *t)
{
	struct ue_host *host = owner;
	struct ue *ue = container_of(t, struct ue, radio.silence);
	uint64_t now_ns = env_now_ns(host->env);
	char text[ADDR_STR_SIZE];

	if (host->silence_said && now_ns - host->silence_said_ns < (uint64_t)UE_SILENCE_AGAIN_MS * NS_PER_MS)
		return;
	host->silence_said = true;
	host->silence_said_ns = now_ns;
	log_warn(host->env->log,
		"imsi-%s: no gNB answers at %s: is it running, and is this the air_address and air_port of "
		"its cell?",
		ue->usim.supi.imsi, addr_str(&ue->radio.gnb, text));
}

static void keepalive(void *owner, struct timer *t);

static void keepalive_start(struct ue *ue)
{
	if (ue->profile->keepalive_ms)
		ue_timer_set(ue, &ue->radio.keepalive, ue->profile->keepalive_ms, 0, keepalive);
}

static void keepalive(void *owner, struct timer *t)
{
	struct ue *ue = container_of(t, struct ue, radio.keepalive);

	if (ue->radio.keepalives_lost++ == UE_KEEPALIVES_LOST_MAX) {
		ue_link_failed(ue);
		return;
	}
	ue_link_send(ue, UU_LINK_KEEPALIVE);
	keepalive_start(ue);
}

static bool sim_connect(struct ue *ue, const struct ue_rrc_request *r)
{
	struct uu_rrc_msg m = { .type = UU_RRC_SETUP_REQUEST,
		.cause = r->emergency   ? UU_RRC_EMERGENCY
			 : r->paged     ? UU_RRC_MT_ACCESS
			 : r->user_data ? UU_RRC_MO_DATA
					: UU_RRC_MO_SIGNALLING,
		.has_s_tmsi = r->has_s_tmsi,
		.s_tmsi = r->s_tmsi,
		.nas = r->nas };

	ue->radio.connection++;
	ue->radio.as = (struct ue_as){ .c_rnti = (uint16_t)ue_link_index(ue) };
	if (!ue_rrc_send(ue, &m))
		return false;
	ue->radio.connected = true;
	ue->radio.keepalives_lost = 0;
	ue_timer_set(ue, &ue->radio.silence, UE_SILENCE_MS, 0, silent);
	keepalive_start(ue);
	return true;
}

static bool sim_send_nas(struct ue *ue, struct bytes nas)
{
	return ue->radio.connected &&
	       ue_rrc_send(ue, &(struct uu_rrc_msg){ .type = UU_RRC_UPLINK_NAS, .nas = nas });
}

static void sim_leave(struct ue *ue, bool tell)
{
	if (tell)
		ue_link_send(ue, UU_LINK_LOST);
	ue_link_end(ue);
}

bool ue_is_user_data(struct bytes datagram)
{
	uint32_t index;
	uint8_t bearer;

	return uu_peek(datagram, &bearer, &index) && uu_is_drb(bearer);
}

static bool sim_data_take(struct ue_host *host, struct ue_packet *p, struct ue_rrc_data *out)
{
	uint32_t index;

	out->ue = uu_data_read(bytes_of(p->data, p->len), &index, &out->drb, &out->qfi)
			  ? ue_of_link(host, index)
			  : NULL;
	if (!out->ue)
		return false;
	out->rqi = out->qfi & UU_RQI;
	out->qfi &= UU_QFI_MAX;
	out->ue->radio.keepalives_lost = 0;
	p->data += UU_DATA_HEADER_LEN;
	p->len -= UU_DATA_HEADER_LEN;
	return true;
}

static bool sim_data_put(const struct ue_rrc_data *d, struct ue_packet *p)
{
	p->data -= UU_DATA_HEADER_LEN;
	p->len += UU_DATA_HEADER_LEN;
	uu_data_header_write(p->data, ue_link_index(d->ue), d->drb, d->qfi);
	return true;
}

static void bearer_set(struct ue *ue, const struct uu_rrc_msg *m)
{
	struct uu_rrc_msg answer = { .type = UU_RRC_BEARER_SETUP_RESPONSE, .drb = m->drb };
	uint16_t connection = ue->radio.connection;

	if (m->nas.len > 0)
		ue->host->rrc->nas_received(ue, m->nas);
	/* The NAS may have left this connection for another. */
	if (!ue->radio.connected || ue->radio.connection != connection)
		return;
	answer.accepted =
		ue->host->rrc->bearer_set(ue, &(struct ue_bearer){ m->pdu_session_id, m->drb, false, false });
	ue_rrc_send(ue, &answer);
}

static void rrc_receive(struct ue *ue, const struct uu_rrc_msg *m)
{
	const struct ue_rrc_user *user = ue->host->rrc;

	switch (m->type) {
	case UU_RRC_DOWNLINK_NAS:
		user->nas_received(ue, m->nas);
		break;
	case UU_RRC_SECURITY_MODE_COMMAND:
		if (m->ia == 0 && !user->is_unproved(ue)) { /* not answered: the gNB gives up */
			ue->host->stat[UE_STAT_AIR_REFUSED]++;
			break;
		}
		ue_as_begin(ue, m->ia);
		ue_rrc_send(ue, &(struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
		break;
	case UU_RRC_CAPABILITY_ENQUIRY:
		ue_rrc_send(ue, &(struct uu_rrc_msg){ .type = UU_RRC_CAPABILITY });
		break;
	case UU_RRC_BEARER_SETUP:
		bearer_set(ue, m);
		break;
	case UU_RRC_BEARER_RELEASE:
		user->bearer_released(ue, m->drb);
		if (m->nas.len > 0)
			user->nas_received(ue, m->nas);
		break;
	case UU_RRC_RELEASE:
	case UU_RRC_REJECT:
		if (m->type == UU_RRC_REJECT)
			ue->radio.barred_until_ns = env_now_ns(ue->host->env) + m->wait_s * NS_PER_S;
		ue_link_end(ue);
		user->connection_ended(ue, m->type == UU_RRC_REJECT);
		break;
	case UU_RRC_RECONFIGURATION:
		ue_rrc_reconfigured(ue, m->rrc);
		break;
	case UU_RRC_REESTABLISHMENT:
		ue_rrc_reestablished(ue, m->ncc);
		break;
	default:
		ue->host->stat[UE_STAT_AIR_REFUSED]++;
	}
}

static void sim_on_msg(struct ue_host *host, const struct msg *m)
{
	struct uu_rrc_msg rrc = { 0 };
	struct uu_pdu p;
	struct ue *ue = NULL;

	if (uu_decode(m->data, &p) && (p.bearer > UU_SRB3 || uu_rrc_decode(p.bearer, p.pdu, &rrc))) {
		if (p.bearer == UU_SRB0 && rrc.type == UU_RRC_PAGING) {
			host->rrc->paged(host, &m->peer, &rrc.s_tmsi);
			return;
		}
		if (p.bearer == UU_SRB0 && rrc.type == UU_RRC_WARNING) {
			host->rrc->warned(host, &(struct ue_rrc_warning){ rrc.warning_id, rrc.warning_serial,
							rrc.warning_dcs, rrc.rrc });
			return;
		}
		ue = ue_of_link(host, p.ue);
	}
	if (!ue || !addr_equal(&m->peer, &ue->radio.gnb)) {
		host->stat[UE_STAT_AIR_REFUSED]++;
		return;
	}
	ue->radio.keepalives_lost = 0;
	timer_stop(&host->timers, &ue->radio.silence);
	if (p.bearer != UU_LINK || p.pdu.data[0] != UU_LINK_LOST)
		ue_move_heard(ue);
	if (p.bearer != UU_LINK)
		rrc_receive(ue, &rrc);
	else if (p.pdu.data[0] == UU_LINK_LOST && !ue_move_refused(ue))
		ue_link_failed(ue);
}

const struct ue_rrc_ops ue_rrc_sim = { sim_connect, sim_send_nas, sim_leave, sim_data_take, sim_data_put,
	sim_on_msg };
