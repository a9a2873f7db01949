/* The associations of the user-space SCTP: handles, and what their users hear. */
#include <stdlib.h>

#include "io/sctp/user.h"

#define LOG_ROOM "sctp"

struct sctp_user_assoc *sctp_assoc_find(struct sctp_user *u, uint64_t handle)
{
	uint32_t slot = sctp_handle_slot(handle);
	struct sctp_user_assoc *a = slot < u->assocs_high ? u->assocs[slot] : NULL;

	return a && a->handle == handle ? a : NULL;
}

struct sctp_user_assoc *sctp_assoc_new(
	struct sctp_user *u, struct sctp_user_socket *s, struct sctp_peer *peer)
{
	struct sctp_user_assoc *a;
	uint32_t slot = 0;

	while (slot < u->assocs_high && u->assocs[slot])
		slot++;
	a = slot < u->base.config.assocs_max + SCTP_ASSOCS_SPARE ? calloc(1, sizeof(*a)) : NULL;
	if (!a)
		return NULL;
	*a = (struct sctp_user_assoc){ .handle = sctp_handle(++u->serial, slot), .socket = s, .peer = peer };
	u->assocs[slot] = a;
	u->assocs_high = slot >= u->assocs_high ? slot + 1 : u->assocs_high;
	u->assoc_count++;
	peer->assoc = a;
	return a;
}

static struct addr sctp_assoc_address(const struct sctp_peer *peer)
{
	struct addr a = peer->paths[peer->current].addr;

	a.port = peer->remote_port;
	return a;
}

void sctp_assoc_end(struct sctp_user *u, struct sctp_user_assoc *a, enum io_sctp_down why, bool tell)
{
	struct sctp_user_socket *s = a->socket;

	u->assocs[sctp_handle_slot(a->handle)] = NULL;
	u->assoc_count--;
	if (a->up)
		u->base.stats.assocs--;
	sctp_user_owe_sack(u, a->peer, false);
	sctp_peers_leave(&u->peers, a->peer);
	if (s->client == a) {
		s->client = NULL;
		s->closing = tell; /* if not, the caller frees it */
		u->pending |= tell;
	}
	if (tell && !a->untold && !u->shutting_down)
		s->user.down(s->user.arg, a->handle, why);
	sctp_queue_drop(&a->queue, &u->base);
	free(a->partial);
	free(a);
}

static void sctp_assoc_tell_up(struct sctp_user_assoc *a, uint16_t out_streams, uint16_t in_streams)
{
	struct io_sctp_up up = { sctp_assoc_address(a->peer), out_streams, in_streams };

	a->out_streams = out_streams;
	a->socket->user.up(a->socket->user.arg, a->handle, &up);
}

/* Of those that listen on the port: the one at the address that the peer speaks to. */
static struct sctp_user_socket *sctp_assoc_listener(struct sctp_user_socket *s, const struct sctp_peer *peer)
{
	for (struct sctp_user_socket *l = s->stack->sockets; l; l = l->next)
		if (l->first == s && l->service == peer->local_end >> 16)
			return l;
	return s;
}

/* libusrsctp tells of a by the socket s. */
static bool sctp_assoc_is_of(const struct sctp_user_assoc *a, const struct sctp_user_socket *s)
{
	return a->socket == s || a->socket->first == s;
}

void sctp_assoc_up(struct sctp_user_socket *s, struct sctp_peer *peer, uint32_t id, uint16_t out_streams,
	uint16_t in_streams)
{
	struct sctp_user *u = s->stack;
	struct sctp_user_assoc *a = peer->assoc;
	/*
	 * Refused when there are too many, or when the cookie's peer is not the sender: it was given to
	 * a half-open peer whose place has been taken since. Whoever it was asks again.
	 */
	bool refused = !a && (peer != u->input_peer || u->assoc_count >= u->base.config.assocs_max);

	if (refused)
		u->base.stats.assocs_refused++;
	if (!a)
		a = sctp_assoc_new(u, sctp_assoc_listener(s, peer), peer);
	if (!a || a->up)
		return;
	a->id = id;
	a->up = true;
	u->base.stats.assocs++;
	sctp_peers_promote(&u->peers, peer);
	if (refused) {
		a->untold = a->abort_wanted = true;
		u->pending = true;
	} else {
		sctp_assoc_tell_up(a, out_streams, in_streams);
	}
}

void sctp_assoc_restart(
	struct sctp_user_socket *s, struct sctp_peer *peer, uint16_t out_streams, uint16_t in_streams)
{
	struct sctp_user *u = s->stack;
	struct sctp_user_assoc *a = peer->assoc;

	if (!a || !a->up)
		return;
	u->base.stats.restarts++;
	a->socket->user.down(a->socket->user.arg, a->handle, IO_SCTP_DOWN_RESTART);
	a->handle = sctp_handle(++u->serial, sctp_handle_slot(a->handle));
	sctp_queue_drop(&a->queue, &u->base);
	free(a->partial);
	a->partial = NULL;
	a->partial_len = 0;
	sctp_peers_promote(&u->peers, peer);
	sctp_assoc_tell_up(a, out_streams, in_streams);
}

void sctp_assoc_gone(struct sctp_user_socket *s, struct sctp_peer *peer, enum io_sctp_down why)
{
	struct sctp_user_assoc *a = peer->assoc;

	if (a && sctp_assoc_is_of(a, s))
		sctp_assoc_end(s->stack, a, a->abort_wanted ? IO_SCTP_DOWN_ABORTED : why, true);
}

/* Appends a piece; false when the whole is too long or memory is out. */
static bool sctp_assoc_append(struct sctp_user_assoc *a, struct bytes piece)
{
	uint8_t *grown;

	if (piece.len > IO_SCTP_MSG_MAX - a->partial_len)
		return false;
	grown = realloc(a->partial, a->partial_len + piece.len + 1);
	if (!grown)
		return false;
	a->partial = grown;
	bytes_copy(grown + a->partial_len, piece.len, piece);
	a->partial_len += piece.len;
	return true;
}

void sctp_assoc_message(struct sctp_user_socket *s, struct sctp_peer *peer, struct bytes data,
	uint16_t stream, uint32_t ppid, bool last)
{
	struct sctp_user_assoc *a = peer->assoc;

	if (!a || !a->up || a->abort_wanted || !sctp_assoc_is_of(a, s))
		return;
	if (!last || a->partial_len > 0) {
		if (!sctp_assoc_append(a, data)) {
			log_warn(s->stack->base.log, "message longer than %d octets: association aborted",
				IO_SCTP_MSG_MAX);
			a->abort_wanted = s->stack->pending = true; /* not here, inside a callback */
			return;
		}
		if (!last)
			return;
		data = bytes_of(a->partial, a->partial_len);
	}
	s->stack->base.stats.messages_in++;
	s->stack->base.waited_us = s->stack->wire.waited_us;
	a->partial_len = 0;
	a->socket->user.data(a->socket->user.arg, a->handle, stream, ppid, data);
}
