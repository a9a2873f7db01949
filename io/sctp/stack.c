/* libusrsctp itself: its settings, its callbacks, its sockets. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <usrsctp.h>

#include "base/reserve.h"
#include "io/sctp/user.h"

enum {
	SCTP_CHUNKS_QUEUED = 8192, /* of one association, either way */
	SCTP_SACK_PACKETS = 8,     /* at most, before a SACK goes in the middle of a turn */
	SCTP_FINISH_TRIES = 50,
	SCTP_FINISH_TICK_MS = 100,
	IPV6_HEADER_LEN = 40, /* the longer of the two: one socket has peers of both */
	UDP_HEADER_LEN = 8,   /* RFC 6951 */
	SCTP_HEADER_LEN = 12, /* RFC 9260 3.1 */
};

/* libusrsctp is one per process. */
static struct sctp_user *sctp_stack_user;

/* An opaque address is the peer's slot, counted from 1. */
static void *sctp_stack_addr(const struct sctp_peer *peer)
{
	return (void *)(uintptr_t)(peer->slot + 1);
}

static struct sctp_peer *sctp_stack_peer_of(struct sctp_user *u, const void *addr)
{
	return sctp_peers_at(&u->peers, (uint32_t)(uintptr_t)addr - 1);
}

static void sctp_stack_register(struct sctp_peer *peer)
{
	if (!peer->registered)
		usrsctp_register_address(sctp_stack_addr(peer));
	peer->registered = true;
}

/* A packet from libusrsctp. */
static int sctp_stack_output(void *addr, void *buf, size_t len, uint8_t tos, uint8_t set_df)
{
	struct sctp_user *u = sctp_stack_user;
	struct sctp_peer *peer = u ? sctp_stack_peer_of(u, addr) : NULL;
	struct sctp_wire_route route;
	struct sctp_packet p;

	if (!peer)
		return 0;
	if (sctp_packet_parse(bytes_of(buf, len), &p)) {
		if (p.initiate_tag)
			peer->offered_tag = p.initiate_tag;
		if (p.chunk == SCTP_CHUNK_SACK)
			sctp_user_owe_sack(u, peer, false);
	}
	u->active_ns = loop_now_ns(u->base.loop);
	route = (struct sctp_wire_route){ peer->socket, peer->paths[peer->current].addr, peer->local };
	sctp_wire_send(&u->wire, &route, bytes_of(buf, len));
	return 0;
}

void sctp_stack_input(struct sctp_user *u, struct sctp_peer *peer, struct bytes packet)
{
	if (reserve_is_low())
		return; /* as if it had been lost on the way */
	sctp_stack_register(peer);
	u->active_ns = loop_now_ns(u->base.loop);
	u->input_peer = peer;
	usrsctp_conninput(sctp_stack_addr(peer), packet.data, packet.len, 0);
	u->input_peer = NULL;
}

static void sctp_stack_notification(
	struct sctp_user_socket *s, struct sctp_peer *peer, const union sctp_notification *n, size_t len)
{
	const struct sctp_assoc_change *c = &n->sn_assoc_change;

	if (len < sizeof(*c) || n->sn_header.sn_type != SCTP_ASSOC_CHANGE)
		return;
	switch (c->sac_state) {
	case SCTP_COMM_UP:
		sctp_assoc_up(s, peer, c->sac_assoc_id, c->sac_outbound_streams, c->sac_inbound_streams);
		break;
	case SCTP_RESTART:
		sctp_assoc_restart(s, peer, c->sac_outbound_streams, c->sac_inbound_streams);
		break;
	case SCTP_COMM_LOST:
		/* By a packet: an ABORT, ours or theirs. By a timer: nobody answers. */
		sctp_assoc_gone(s, peer, s->stack->input_peer ? IO_SCTP_DOWN_ABORTED : IO_SCTP_DOWN_LOST);
		break;
	case SCTP_SHUTDOWN_COMP:
		sctp_assoc_gone(s, peer, IO_SCTP_DOWN_CLOSED);
		break;
	case SCTP_CANT_STR_ASSOC:
		sctp_assoc_gone(s, peer, IO_SCTP_DOWN_FAILED);
		break;
	default:
		break;
	}
}

static int sctp_stack_receive(struct socket *so, union sctp_sockstore addr, void *data, size_t len,
	struct sctp_rcvinfo info, int flags, void *arg)
{
	struct sctp_user_socket *s = arg;
	struct sctp_peer *peer;

	if (!data)
		return 1;
	if (!s) {
		reserve_free(data);
		return 1;
	}
	peer = addr.sa.sa_family == AF_CONN ? sctp_stack_peer_of(s->stack, addr.sconn.sconn_addr) : NULL;
	if (peer && !s->stack->shutting_down) {
		if (flags & MSG_NOTIFICATION)
			sctp_stack_notification(s, peer, data, len);
		else
			sctp_assoc_message(s, peer, bytes_of(data, len), info.rcv_sid, ntohl(info.rcv_ppid),
				(flags & MSG_EOR) != 0);
	}
	reserve_free(data);
	return 1;
}

static void sctp_stack_settings(const struct io_sctp_config *c)
{
	usrsctp_init_nothreads(0, sctp_stack_output, NULL);
	usrsctp_enable_crc32c_offload(); /* we do the checksums */
	usrsctp_sysctl_set_sctp_blackhole(0);
	usrsctp_sysctl_set_sctp_ecn_enable(0);
	usrsctp_sysctl_set_sctp_asconf_enable(0);
	usrsctp_sysctl_set_sctp_auto_asconf(0);
	usrsctp_sysctl_set_sctp_auth_enable(0);
	usrsctp_sysctl_set_sctp_reconfig_enable(0);
	usrsctp_sysctl_set_sctp_nrsack_enable(0);
	usrsctp_sysctl_set_sctp_pktdrop_enable(0);
	usrsctp_sysctl_set_sctp_pr_enable(0);
	usrsctp_sysctl_set_sctp_rto_initial_default(c->rto_initial_ms);
	usrsctp_sysctl_set_sctp_rto_min_default(c->rto_min_ms);
	usrsctp_sysctl_set_sctp_rto_max_default(c->rto_max_ms);
	usrsctp_sysctl_set_sctp_init_rto_max_default(c->rto_max_ms);
	usrsctp_sysctl_set_sctp_assoc_rtx_max_default(c->assoc_retrans_max);
	usrsctp_sysctl_set_sctp_path_rtx_max_default(c->assoc_retrans_max);
	usrsctp_sysctl_set_sctp_init_rtx_max_default(c->init_retrans_max);
	usrsctp_sysctl_set_sctp_heartbeat_interval_default(c->heartbeat_ms);
	usrsctp_sysctl_set_sctp_max_chunks_on_queue(SCTP_CHUNKS_QUEUED);
	usrsctp_sysctl_set_sctp_sendspace(c->send_buffer);
	usrsctp_sysctl_set_sctp_recvspace(c->recv_buffer);
}

static bool sctp_stack_set(struct socket *so, int option, const void *value, socklen_t len)
{
	return usrsctp_setsockopt(so, IPPROTO_SCTP, option, value, len) == 0;
}

static bool sctp_stack_options(struct socket *so, const struct io_sctp_config *c)
{
	static const uint16_t events[] = { SCTP_ASSOC_CHANGE, SCTP_SHUTDOWN_EVENT };
	uint32_t on = 1, whole = c->recv_buffer;
	/* libusrsctp adds the common header to what it is told. */
	uint32_t overhead = IPV6_HEADER_LEN + (c->mode == IO_SCTP_UDP ? UDP_HEADER_LEN : 0) + SCTP_HEADER_LEN;
	struct sctp_initmsg init = { c->out_streams, c->in_streams, c->init_retrans_max,
		(uint16_t)c->rto_max_ms };
	struct sctp_sack_info sack = { .sack_delay = 1, .sack_freq = SCTP_SACK_PACKETS };
	struct sctp_paddrparams path = { .spp_hbinterval = c->heartbeat_ms,
		.spp_pathmtu = c->mtu - overhead,
		.spp_flags = SPP_HB_ENABLE | SPP_PMTUD_DISABLE,
		.spp_pathmaxrxt = c->assoc_retrans_max };
	bool ok = true;

	path.spp_address.ss_family = AF_CONN;
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		struct sctp_event ev = { .se_assoc_id = SCTP_ALL_ASSOC, .se_type = events[i], .se_on = 1 };

		ok &= sctp_stack_set(so, SCTP_EVENT, &ev, sizeof(ev));
	}
	ok &= sctp_stack_set(so, SCTP_INITMSG, &init, sizeof(init));
	ok &= sctp_stack_set(so, SCTP_NODELAY, &on, sizeof(on));
	ok &= sctp_stack_set(so, SCTP_DELAYED_SACK, &sack, sizeof(sack));
	ok &= sctp_stack_set(so, SCTP_PEER_ADDR_PARAMS, &path, sizeof(path));
	/* Messages are to come whole; what is longer still comes in pieces, which are joined. */
	sctp_stack_set(so, SCTP_PARTIAL_DELIVERY_POINT, &whole, sizeof(whole));
	return ok && usrsctp_set_non_blocking(so, 1) == 0;
}

bool sctp_stack_start(struct sctp_user *u)
{
	if (sctp_stack_user) {
		errno = EBUSY;
		return false;
	}
	sctp_stack_user = u;
	sctp_stack_settings(&u->base.config);
	return true;
}

void sctp_stack_stop(void)
{
	for (int i = 0; i < SCTP_FINISH_TRIES && usrsctp_finish() != 0; i++)
		usrsctp_handle_timers(SCTP_FINISH_TICK_MS);
	sctp_stack_user = NULL;
}

struct socket *sctp_stack_socket(struct sctp_user_socket *s, const struct io_sctp_config *config)
{
	struct socket *so =
		usrsctp_socket(AF_CONN, SOCK_SEQPACKET, IPPROTO_SCTP, sctp_stack_receive, NULL, 0, s);

	if (so && sctp_stack_options(so, config))
		return so;
	if (so)
		usrsctp_close(so);
	return NULL;
}

void sctp_stack_close(struct socket *so)
{
	struct linger abort_it = { .l_onoff = 1 };

	usrsctp_setsockopt(so, SOL_SOCKET, SO_LINGER, &abort_it, sizeof(abort_it));
	usrsctp_set_ulpinfo(so, NULL);
	usrsctp_close(so);
}

bool sctp_stack_bind(struct socket *so, uint16_t port)
{
	struct sockaddr_conn any = { .sconn_family = AF_CONN, .sconn_port = htons(port) };

	return usrsctp_bind(so, (struct sockaddr *)&any, sizeof(any)) == 0;
}

bool sctp_stack_listen(struct socket *so)
{
	return usrsctp_listen(so, 1) == 0;
}

bool sctp_stack_connect(struct socket *so, struct sctp_peer *peer)
{
	struct sockaddr_conn to = { .sconn_family = AF_CONN, .sconn_port = htons(peer->remote_port) };

	sctp_stack_register(peer);
	to.sconn_addr = sctp_stack_addr(peer);
	return usrsctp_connect(so, (struct sockaddr *)&to, sizeof(to)) == 0 || errno == EINPROGRESS;
}

static bool sctp_stack_sendv(
	struct sctp_user_assoc *a, uint16_t stream, uint32_t ppid, uint16_t flags, struct bytes data)
{
	struct sctp_sndinfo info = {
		.snd_sid = stream, .snd_flags = flags, .snd_ppid = htonl(ppid), .snd_assoc_id = a->id
	};

	return !reserve_is_low() &&
	       usrsctp_sendv(a->socket->so, data.len > 0 ? data.data : (const uint8_t *)"", data.len, NULL, 0,
		       &info, sizeof(info), SCTP_SENDV_SNDINFO, 0) >= 0;
}

bool sctp_stack_send(struct sctp_user_assoc *a, uint16_t stream, uint32_t ppid, struct bytes data)
{
	return sctp_stack_sendv(a, stream, ppid, 0, data);
}

bool sctp_stack_shutdown(struct sctp_user_assoc *a)
{
	return sctp_stack_sendv(a, 0, 0, SCTP_EOF, BYTES_NONE);
}

void sctp_stack_abort(struct sctp_user_assoc *a)
{
	sctp_stack_sendv(a, 0, 0, SCTP_ABORT, BYTES_NONE);
}

void sctp_stack_tick(uint32_t elapsed_ms)
{
	if (!reserve_is_low())
		usrsctp_handle_timers(elapsed_ms);
}
