/* RRC over the simulated link: the gNB's only file that knows it. */
#include "gnb/rrc_ops.h"
#include "radio/uu.h"
#include "radio/uu_rrc.h"

_Static_assert(UU_DATA_HEADER_LEN <= (int)GNB_HEADROOM, "the link's header must fit");
_Static_assert(sizeof(((struct gnb *)0)->buffer) >= UU_HEADER_LEN + UU_RRC_OVERHEAD_MAX + UU_RRC_NAS_MAX,
	"a message must fit");

/* An address as a key: exact for IPv4; IPv6 ones that fall together are distinguished after the find. */
static uint64_t peer_key(const struct addr *peer)
{
	struct cursor c = cursor_of(bytes_of(peer->ip, peer->len));
	uint64_t high, low;

	if (peer->len == 4)
		return (uint64_t)cursor_u32(&c) << 16 | peer->port;
	high = cursor_u64(&c);
	low = cursor_u64(&c);
	return (high * UINT64_C(0x9e3779b97f4a7c15) ^ low) + peer->port;
}

/* The same UE, perhaps by an earlier connection. */
static struct gnb_ue *ue_earlier(struct gnb *gnb, const struct addr *peer, uint32_t index)
{
	struct gnb_ue *ue =
		hash_get(&gnb->ue_by_link, peer_key(peer), uu_ue_of(index), struct gnb_ue, radio.by_link);

	return ue && addr_equal(&ue->radio.peer, peer) ? ue : NULL;
}

static struct gnb_ue *ue_by_link(struct gnb *gnb, const struct addr *peer, uint32_t index)
{
	struct gnb_ue *ue = ue_earlier(gnb, peer, index);

	return ue && ue->radio.index == index ? ue : NULL;
}

static bool rrc_send(struct gnb *gnb, const struct gnb_radio *at, const struct uu_rrc_msg *m)
{
	struct writer w = writer_of(gnb->buffer + UU_HEADER_LEN, sizeof(gnb->buffer) - UU_HEADER_LEN);
	struct writer head = writer_of(gnb->buffer, UU_HEADER_LEN);

	writer_u8(&head, uu_rrc_srb(m->type));
	writer_u32(&head, at->index);
	return uu_rrc_encode(m, &w) && outbox_send_to(gnb->env->outbox, GNB_PORT_AIR + at->cell, &at->peer,
					       bytes_of(gnb->buffer, UU_HEADER_LEN + writer_bytes(&w).len));
}

static bool rrc_send_ue(struct gnb *gnb, const struct gnb_ue *ue, const struct uu_rrc_msg *m)
{
	return ue->radio.on_air && rrc_send(gnb, &ue->radio, m);
}

static void link_send(
	struct gnb *gnb, uint16_t port, const struct addr *peer, uint32_t index, enum uu_link what)
{
	struct writer w = writer_of(gnb->buffer, sizeof(gnb->buffer));

	if (uu_link_encode(index, what, &w))
		may_fail(outbox_send_to(
			gnb->env->outbox, port, peer, writer_bytes(&w))); /* as if lost on the way */
}

/* From then on another connection may use the same name on the link. */
static void sim_end(struct gnb *gnb, struct gnb_ue *ue, enum gnb_rrc_end how)
{
	if (!ue->radio.linked)
		return;
	if (how == GNB_RRC_RELEASED)
		rrc_send_ue(gnb, ue, &(struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	else if (how == GNB_RRC_FAILED && ue->radio.on_air)
		link_send(gnb, GNB_PORT_AIR + ue->radio.cell, &ue->radio.peer, ue->radio.index, UU_LINK_LOST);
	ue->radio.on_air = false;
	if (how == GNB_RRC_AWAY)
		return;
	hash_remove(&gnb->ue_by_link, &ue->radio.by_link);
	ue->radio.linked = false;
}

static bool sim_accept(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at)
{
	struct gnb_ue *other = ue_earlier(gnb, &at->peer, at->index);

	if (other && !other->radio.on_air) /* it was sent away, and is here again */
		sim_end(gnb, other, GNB_RRC_FORGOTTEN);
	if (hash_find(&gnb->ue_by_link, peer_key(&at->peer), uu_ue_of(at->index)))
		return false; /* IPv6 keys fall together */
	if (!ue->c_rnti)      /* of a handover it is given before */
		ue->c_rnti = (uint16_t)at->index;
	ue->radio.peer = at->peer;
	ue->radio.index = at->index;
	ue->radio.cell = at->cell;
	ue->radio.on_air = ue->radio.linked = true;
	hash_insert(&gnb->ue_by_link, &ue->radio.by_link, peer_key(&at->peer), uu_ue_of(at->index));
	return true;
}

static void sim_reject(struct gnb *gnb, const struct gnb_radio *at, uint8_t wait_s)
{
	rrc_send(gnb, at, &(struct uu_rrc_msg){ .type = UU_RRC_REJECT, .wait_s = wait_s });
}

static bool sim_send_nas(struct gnb *gnb, struct gnb_ue *ue, struct bytes nas)
{
	return rrc_send_ue(gnb, ue, &(struct uu_rrc_msg){ .type = UU_RRC_DOWNLINK_NAS, .nas = nas });
}

static bool sim_activate_security(struct gnb *gnb, struct gnb_ue *ue)
{
	return rrc_send_ue(gnb, ue,
		&(struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMMAND, .ea = ue->ea, .ia = ue->ia });
}

static bool sim_enquire_capability(struct gnb *gnb, struct gnb_ue *ue)
{
	return rrc_send_ue(gnb, ue, &(struct uu_rrc_msg){ .type = UU_RRC_CAPABILITY_ENQUIRY });
}

static void sim_capability_known(struct gnb *gnb, struct gnb_ue *ue, struct bytes containers)
{
}

static bool sim_set_bearer(struct gnb *gnb, struct gnb_session *s, struct bytes nas)
{
	struct uu_rrc_msg m = {
		.type = UU_RRC_BEARER_SETUP, .pdu_session_id = s->psi, .drb = s->drb, .nas = nas
	};

	for (uint8_t qfi = 0; qfi <= UU_QFI_MAX; qfi++)
		if (s->flows >> qfi & 1)
			m.qfis[m.qfi_count++] = qfi;
	return rrc_send_ue(gnb, s->ue, &m);
}

static bool sim_release_bearer(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, struct bytes nas)
{
	return rrc_send_ue(
		gnb, ue, &(struct uu_rrc_msg){ .type = UU_RRC_BEARER_RELEASE, .drb = drb, .nas = nas });
}

/* By looking at all: it is an operator who asks. */
static struct gnb_ue *sim_find(struct gnb *gnb, const struct addr *peer, const uint32_t *index)
{
	struct gnb_ue *found = NULL;

	for (uint32_t i = 0;; i++) {
		struct gnb_ue *ue = pool_next(&gnb->ues, &i);

		if (!ue)
			return found;
		if (!ue->radio.on_air || !addr_same_host(&ue->radio.peer, peer) ||
			(peer->port && peer->port != ue->radio.peer.port) ||
			(index && uu_ue_of(ue->radio.index) != *index))
			continue;
		if (found)
			return NULL;
		found = ue;
	}
}

static bool sim_hand_over(struct gnb *gnb, struct gnb_ue *ue, struct bytes reconfiguration)
{
	bool sent = rrc_send_ue(
		gnb, ue, &(struct uu_rrc_msg){ .type = UU_RRC_RECONFIGURATION, .rrc = reconfiguration });

	if (sent)
		ue->radio.on_air = false;
	return sent;
}

static bool sim_reestablish(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at)
{
	sim_end(gnb, ue, GNB_RRC_FORGOTTEN);
	return sim_accept(gnb, ue, at) &&
	       rrc_send_ue(gnb, ue, &(struct uu_rrc_msg){ .type = UU_RRC_REESTABLISHMENT, .ncc = ue->ncc });
}

static enum gnb_verdict sim_data_take(struct gnb *gnb, struct gnb_packet *p, struct gnb_rrc_data *out)
{
	struct bytes datagram = bytes_of(p->data, p->len);
	uint32_t index;
	uint8_t bearer;

	if (!uu_peek(datagram, &bearer, &index) || !uu_is_drb(bearer))
		return GNB_CONTROL;
	if (!uu_data_read(datagram, &index, &out->drb, &out->qfi))
		return GNB_DROP;
	out->qfi &= UU_QFI_MAX;
	out->rqi = false;
	out->ue = ue_by_link(gnb, &p->peer, index);
	if (!out->ue)
		return GNB_CONTROL;
	out->ue->heard_ns = env_now_ns(gnb->env);
	p->data += UU_DATA_HEADER_LEN;
	p->len -= UU_DATA_HEADER_LEN;
	return GNB_SEND;
}

static enum gnb_verdict sim_data_put(struct gnb *gnb, const struct gnb_rrc_data *d, struct gnb_packet *p)
{
	p->data -= UU_DATA_HEADER_LEN;
	p->len += UU_DATA_HEADER_LEN;
	uu_data_header_write(p->data, d->ue->radio.index, d->drb, d->rqi ? d->qfi | UU_RQI : d->qfi);
	p->peer = d->ue->radio.peer;
	p->cell = d->ue->radio.cell;
	return GNB_SEND;
}

/* A host of UEs, which hears what is sent to all; where there are too many, the one heard longest ago goes.
 */
static void listener_note(struct gnb *gnb, const struct msg *from)
{
	struct gnb_listener *at = &gnb->listeners[0];
	uint8_t cell = (uint8_t)(from->port - GNB_PORT_AIR);

	for (uint32_t i = 0; i < gnb->listener_count; i++) {
		struct gnb_listener *l = &gnb->listeners[i];

		if (l->cell == cell && addr_equal(&l->peer, &from->peer)) {
			l->heard_ns = env_now_ns(gnb->env);
			return;
		}
		if (l->heard_ns < at->heard_ns)
			at = l;
	}
	if (gnb->listener_count < GNB_LISTENERS_MAX)
		at = &gnb->listeners[gnb->listener_count++];
	*at = (struct gnb_listener){ from->peer, cell, env_now_ns(gnb->env) };
}

static void broadcast(struct gnb *gnb, uint8_t cell, const struct uu_rrc_msg *m)
{
	for (uint32_t i = 0; i < gnb->listener_count; i++) {
		const struct gnb_listener *l = &gnb->listeners[i];
		struct gnb_radio at = { .peer = l->peer, .cell = cell };

		if (l->cell == cell)
			rrc_send(gnb, &at, m);
	}
}

static void sim_page(struct gnb *gnb, uint8_t cell, const struct s_tmsi *s_tmsi)
{
	broadcast(gnb, cell, &(struct uu_rrc_msg){ .type = UU_RRC_PAGING, .s_tmsi = *s_tmsi });
}

static void sim_warn(struct gnb *gnb, uint8_t cell, const struct gnb_rrc_warning *warning)
{
	broadcast(gnb, cell,
		&(struct uu_rrc_msg){ .type = UU_RRC_WARNING,
			.warning_id = warning->id,
			.warning_serial = warning->serial,
			.warning_dcs = warning->dcs,
			.rrc = warning->contents });
}

static void sim_warn_end(struct gnb *gnb, uint8_t cell, uint16_t id, uint16_t serial)
{
}

static void connection_requested(
	struct gnb *gnb, const struct msg *from, uint32_t index, const struct uu_rrc_msg *m)
{
	struct gnb_rrc_request r = { .at.peer = from->peer,
		.at.cell = (uint8_t)(from->port - GNB_PORT_AIR),
		.at.index = index,
		.earlier = ue_earlier(gnb, &from->peer, index),
		.cause = (enum ngap_rrc_establishment_cause)m->cause,
		.has_s_tmsi = m->has_s_tmsi,
		.s_tmsi = m->s_tmsi,
		.nas = m->nas };

	listener_note(gnb, from);
	gnb->rrc->connection_requested(gnb, &r);
}

static struct gnb_radio radio_at(const struct msg *from, uint32_t index)
{
	return (struct gnb_radio){
		.peer = from->peer, .cell = (uint8_t)(from->port - GNB_PORT_AIR), .index = index
	};
}

/* 5.3.5.3: the UE repeats itself until it hears something. */
static bool arrival(struct gnb *gnb, const struct msg *from, uint32_t index, const struct uu_rrc_msg *m)
{
	struct gnb_rrc_arrival a = { radio_at(from, index), m->c_rnti, m->mac };

	listener_note(gnb, from);
	if (!gnb->rrc->arrived(gnb, &a))
		return false;
	link_send(gnb, from->port, &from->peer, index, UU_LINK_KEEPALIVE);
	return true;
}

/* 5.3.7.4, of a UE that was known by another index of its own. */
static void return_requested(
	struct gnb *gnb, const struct msg *from, uint32_t index, const struct uu_rrc_msg *m)
{
	struct gnb_ue *ue = ue_earlier(gnb, &from->peer, index);
	struct gnb_rrc_return r = { radio_at(from, index), m->c_rnti, m->pci, m->short_mac };

	listener_note(gnb, from);
	if (ue && ue->radio.cell == r.at.cell && gnb->rrc->reestablishment_requested(gnb, ue, &r))
		return;
	if (gnb->rrc->reestablishment_of_another(gnb, &r))
		return;
	gnb->stat[GNB_STAT_REESTABLISHMENT_REFUSED]++;
	link_send(gnb, from->port, &from->peer, index, UU_LINK_LOST);
}

static void rrc_receive(struct gnb *gnb, struct gnb_ue *ue, const struct uu_rrc_msg *m)
{
	switch (m->type) {
	case UU_RRC_UPLINK_NAS:
		gnb->rrc->nas_received(gnb, ue, m->nas);
		break;
	case UU_RRC_SECURITY_MODE_COMPLETE:
		gnb->rrc->security_completed(gnb, ue);
		break;
	case UU_RRC_BEARER_SETUP_RESPONSE:
		gnb->rrc->bearer_answered(gnb, ue, m->drb, m->accepted);
		break;
	case UU_RRC_RECONFIGURATION_COMPLETE: /* repeated: our answer was lost */
		link_send(gnb, GNB_PORT_AIR + ue->radio.cell, &ue->radio.peer, ue->radio.index,
			UU_LINK_KEEPALIVE);
		break;
	case UU_RRC_REESTABLISHMENT_COMPLETE:
		break;
	case UU_RRC_CAPABILITY: /* nothing to report to the AMF */
		break;
	default:
		gnb->stat[GNB_STAT_AIR_REFUSED]++;
	}
}

static void link_receive(struct gnb *gnb, struct gnb_ue *ue, uint8_t what)
{
	if (what == UU_LINK_KEEPALIVE) {
		link_send(gnb, GNB_PORT_AIR + ue->radio.cell, &ue->radio.peer, ue->radio.index,
			UU_LINK_KEEPALIVE);
		return;
	}
	sim_end(gnb, ue, GNB_RRC_FORGOTTEN);
	gnb->rrc->connection_lost(gnb, ue);
}

/* A UE that believes in a connection that there is not is released; the release itself is never answered. */
static void link_unknown(struct gnb *gnb, const struct msg *from, const struct uu_pdu *p)
{
	gnb->stat[GNB_STAT_AIR_REFUSED]++;
	if (p->bearer != UU_LINK || p->pdu.data[0] != UU_LINK_LOST)
		link_send(gnb, from->port, &from->peer, p->ue, UU_LINK_LOST);
}

static void sim_on_msg(struct gnb *gnb, const struct msg *m)
{
	struct uu_rrc_msg rrc = { 0 };
	struct gnb_ue *ue;
	struct uu_pdu p;

	if (!uu_decode(m->data, &p) || (p.bearer <= UU_SRB3 && !uu_rrc_decode(p.bearer, p.pdu, &rrc)) ||
		(p.bearer == UU_SRB0 && rrc.type != UU_RRC_SETUP_REQUEST &&
			rrc.type != UU_RRC_REESTABLISHMENT_REQUEST)) {
		gnb->stat[GNB_STAT_AIR_REFUSED]++;
		return;
	}
	if (p.bearer == UU_SRB0) {
		if (rrc.type == UU_RRC_SETUP_REQUEST)
			connection_requested(gnb, m, p.ue, &rrc);
		else
			return_requested(gnb, m, p.ue, &rrc);
		return;
	}
	ue = ue_by_link(gnb, &m->peer, p.ue);
	if (!ue) {
		if (rrc.type != UU_RRC_RECONFIGURATION_COMPLETE || !arrival(gnb, m, p.ue, &rrc))
			link_unknown(gnb, m, &p);
		return;
	}
	ue->heard_ns = env_now_ns(gnb->env);
	if (p.bearer == UU_LINK)
		link_receive(gnb, ue, p.pdu.data[0]);
	else
		rrc_receive(gnb, ue, &rrc);
}

static void sim_session_ended(struct gnb *gnb, struct gnb_session *s)
{
}

const struct gnb_rrc_ops gnb_rrc_sim = { sim_accept, sim_reject, sim_page, sim_warn, sim_warn_end,
	sim_send_nas, sim_activate_security, sim_enquire_capability, sim_capability_known, sim_set_bearer,
	sim_release_bearer, sim_session_ended, sim_find, sim_hand_over, sim_reestablish, sim_end,
	sim_data_take, sim_data_put, sim_on_msg };
