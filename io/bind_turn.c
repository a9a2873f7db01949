/* Messages between sockets and rooms, and the turn's end. */
#include <stdlib.h>

#include "io/bind_impl.h"

#define LOG_ROOM "io"

static bool bind_token_add(struct bind *b, uint64_t assoc, uint32_t token)
{
	if (b->token_count == b->token_cap) {
		size_t cap = b->token_cap ? b->token_cap * 2 : 8;
		struct bind_token *grown =
			cap <= BIND_TOKENS_MAX ? realloc(b->tokens, cap * sizeof(*grown)) : NULL;

		if (!grown)
			return false;
		b->tokens = grown;
		b->token_cap = cap;
	}
	b->tokens[b->token_count++] = (struct bind_token){ assoc, token };
	return true;
}

static struct bind_token *bind_token_find(struct bind *b, uint64_t assoc)
{
	for (size_t i = 0; i < b->token_count; i++)
		if (b->tokens[i].assoc == assoc)
			return &b->tokens[i];
	return NULL;
}

static uint32_t bind_token_of(struct bind *b, uint64_t assoc)
{
	struct bind_token *t = bind_token_find(b, assoc);

	return t ? t->token : 0;
}

static void bind_sctp_up(void *arg, uint64_t assoc, const struct io_sctp_up *up)
{
	struct bind_port *p = arg;
	struct msg m = { .kind = MSG_UP,
		.port = p->port,
		.assoc = assoc,
		.peer = up->peer,
		.out_streams = up->out_streams,
		.in_streams = up->in_streams,
		.token = bind_token_of(p->bind, assoc) };

	bind_hand(p, &m);
}

static void bind_sctp_down(void *arg, uint64_t assoc, enum io_sctp_down why)
{
	struct bind_port *p = arg;
	struct bind_token *t = bind_token_find(p->bind, assoc);
	struct msg m = { .kind = MSG_DOWN, .port = p->port, .assoc = assoc, .token = t ? t->token : 0 };

	if (t)
		*t = p->bind->tokens[--p->bind->token_count];
	bind_hand(p, &m);
}

static void bind_sctp_data(void *arg, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	struct bind_port *p = arg;
	struct msg m = { .kind = MSG_DATA,
		.port = p->port,
		.stream = stream,
		.assoc = assoc,
		.waited_us = io_sctp_waited_us(p->sctp),
		.busy_permille = loop_busy_permille(p->bind->loop),
		.data = data };

	if (ppid == p->ppid) {
		bind_hand(p, &m);
		return;
	}
	p->bind->stats.foreign_ppid++;
	log_warn(p->bind->env->log, "SCTP message of payload protocol %u dropped: %u is expected", ppid,
		p->ppid);
}

struct io_sctp_user bind_sctp_user(struct bind_port *p)
{
	return (struct io_sctp_user){ bind_sctp_up, bind_sctp_down, bind_sctp_data, NULL, p };
}

void bind_udp_ready(void *arg, uint32_t events)
{
	struct bind_port *p = arg;
	struct udp_packet packets[UDP_BURST];
	size_t n, total = 0;

	do {
		n = udp_recv_burst(p->udp, packets, UDP_BURST);
		for (size_t i = 0; i < n; i++) {
			struct msg m = { .kind = MSG_DATA,
				.port = p->port,
				.peer = packets[i].peer,
				.data = packets[i].data };

			bind_hand(p, &m);
		}
		total += n;
	} while (n == UDP_BURST && total < BIND_TURN_MAX);
}

void bind_tun_ready(void *arg, uint32_t events)
{
	struct bind_port *p = arg;
	struct tun_packet packets[UDP_BURST];
	size_t n = tun_read_burst(p->tun, p->tun_buf, BIND_TUN_BUF, p->mtu, packets, UDP_BURST);

	for (size_t i = 0; i < n; i++) {
		struct msg m = { .kind = MSG_DATA, .port = p->port, .data = packets[i].data };

		bind_hand(p, &m);
	}
}

void bind_unix_request(void *arg, uint32_t client, struct bytes message)
{
	struct bind_port *p = arg;
	struct unix_peer peer = unix_client_peer(p->unix_server, client);
	struct msg m = { .kind = MSG_DATA,
		.port = p->port,
		.assoc = client,
		.uid = peer.uid,
		.pid = peer.pid,
		.data = message };
	struct bytes own = p->own ? p->own(p->own_arg, message) : BYTES_NONE;

	if (own.len > 0) {
		may_fail(unix_reply(p->unix_server, client, own)); /* one that has gone hears nothing */
		return;
	}
	bind_hand(p, &m);
}

void bind_unix_closed(void *arg, uint32_t client)
{
	struct bind_port *p = arg;
	struct msg m = { .kind = MSG_DOWN, .port = p->port, .assoc = client };

	bind_hand(p, &m);
}

static bool bind_say_unix(struct bind_port *p, const struct msg *m)
{
	if (m->kind == MSG_DATA)
		return unix_reply(p->unix_server, (uint32_t)m->assoc, m->data);
	unix_drop(p->unix_server, (uint32_t)m->assoc);
	return true;
}

static void bind_samples_hand(struct bind_port *p, enum msg_kind kind, struct bytes data)
{
	struct msg m = { .kind = kind,
		.port = p->port,
		.busy_permille = loop_busy_permille(p->bind->loop),
		.data = data };

	bind_hand(p, &m);
}

static void bind_samples_up(void *arg)
{
	bind_samples_hand(arg, MSG_UP, BYTES_NONE);
}

static void bind_samples_data(void *arg, struct bytes data)
{
	bind_samples_hand(arg, MSG_DATA, data);
}

static void bind_samples_down(void *arg)
{
	bind_samples_hand(arg, MSG_DOWN, BYTES_NONE);
}

struct samples_user bind_samples_user(struct bind_port *p)
{
	return (struct samples_user){ bind_samples_up, bind_samples_data, bind_samples_down, p };
}

struct device_user bind_device_user(struct bind_port *p)
{
	return (struct device_user){ bind_samples_up, bind_samples_data, bind_samples_down, p };
}

static bool bind_open_assoc(struct bind_port *p, const struct msg *m)
{
	struct bind *b = p->bind;
	struct io_sctp_user user = bind_sctp_user(p);
	struct bind_failed failed = { p, m->token };
	uint64_t assoc = io_sctp_connect(p->sctp, &p->local, &m->peer, &user);

	if (assoc && bind_token_add(b, assoc, m->token))
		return true;
	if (assoc) /* its MSG_DOWN goes without a token; this one comes with */
		io_sctp_abort(p->sctp, assoc);
	/* The room hears of it in the next turn: what it sends now would go out with this commit. */
	if (b->failed_count < BIND_FAILED_MAX)
		b->failed[b->failed_count++] = failed;
	return false;
}

static bool bind_say_sctp(struct bind_port *p, const struct msg *m)
{
	switch (m->kind) {
	case MSG_DATA:
		return io_sctp_send(p->sctp, m->assoc, m->stream, p->ppid, m->data);
	case MSG_UP:
		return p->kind == BIND_SCTP_CLIENT && bind_open_assoc(p, m);
	case MSG_DOWN:
		io_sctp_shutdown(p->sctp, m->assoc);
		return true;
	}
	return false;
}

static bool bind_say(struct bind_port *p, const struct msg *m)
{
	switch (p->kind) {
	case BIND_SCTP_SERVER:
	case BIND_SCTP_CLIENT:
		return bind_say_sctp(p, m);
	case BIND_TUN:
		return m->kind == MSG_DATA && tun_write(p->tun, NULL, m->data);
	case BIND_UNIX:
		return bind_say_unix(p, m);
	case BIND_SAMPLES:
		return m->kind == MSG_DATA && samples_send(p->samples, m->data);
	case BIND_DEVICE:
		return m->kind == MSG_DATA && device_send(p->device, m->data);
	case BIND_WIRE:
		return bind_wire_say(p, m);
	case BIND_CUSTOM:
		return p->send(p->send_arg, m);
	case BIND_UDP:
		break;
	}
	return false;
}

/* Sends the run of datagrams of one port that starts at item; the item after it. */
static struct outbox_item *bind_say_udp(struct bind *b, struct bind_port *p, struct outbox_item *item)
{
	struct udp_packet packets[UDP_BURST];
	size_t n = 0, sent;

	for (; item && item->msg.port == p->port && n < UDP_BURST; item = item->next) {
		if (item->msg.kind != MSG_DATA)
			continue;
		packets[n++] = (struct udp_packet){ item->msg.peer, BYTES_NONE, item->msg.data };
	}
	sent = udp_send_burst(p->udp, packets, n);
	b->stats.out += sent;
	b->stats.unsendable += n - sent;
	return item;
}

void bind_leave(void *arg, struct outbox *o)
{
	struct bind *b = arg;
	struct outbox_item *item = o->head;

	for (struct outbox_item *i = o->head; i && b->tap_count > 0; i = i->next)
		bind_tell_taps(b, false, &i->msg);
	while (item) {
		struct bind_port *p = bind_find(b, item->msg.port);

		if (p && p->kind == BIND_UDP) {
			item = bind_say_udp(b, p, item);
			continue;
		}
		if (p && bind_say(p, &item->msg))
			b->stats.out++;
		else
			b->stats.unsendable++;
		item = item->next;
	}
}

/* Law 2: commit, then send. */
void bind_turn_end(void *arg)
{
	struct bind *b = arg;
	size_t count = b->env->outbox->count;
	uint64_t epoch = b->turn.epoch;

	bool kept = turn_end(&b->turn);

	for (size_t i = 0; i < b->tap_count && b->turn.epoch != epoch; i++)
		if (b->taps[i].turn)
			b->taps[i].turn(b->taps[i].arg, kept);
	if (!kept)
		log_error(b->env->log,
			"the store did not take a turn's changes, %zu messages dropped: is the disk full?",
			count);
	b->stats.turns += b->turn.epoch - epoch;
}

uint64_t bind_next_ns(void *arg)
{
	struct bind *b = arg;
	uint64_t next = NEVER;

	if (b->failed_count > 0 || b->wired.count > 0)
		return 0;
	for (size_t i = 0; i < b->room_count; i++) {
		uint64_t at = b->rooms[i].ops->next_deadline_ns(b->rooms[i].self);

		next = at < next ? at : next;
	}
	return next;
}

void bind_due(void *arg, uint64_t now_ns)
{
	struct bind *b = arg;
	size_t failed_count = b->failed_count;

	bind_wire_due(b);
	b->failed_count = 0;
	for (size_t i = 0; i < failed_count; i++) {
		struct bind_port *p = b->failed[i].port;
		struct msg m = { .kind = MSG_DOWN, .port = p->port, .token = b->failed[i].token };

		bind_hand(p, &m);
	}
	for (size_t i = 0; i < b->room_count; i++) {
		struct room *room = &b->rooms[i];

		if (room->ops->next_deadline_ns(room->self) > now_ns)
			continue;
		for (size_t k = 0; k < b->tap_count; k++)
			if (b->taps[k].deadline)
				b->taps[k].deadline(b->taps[k].arg, now_ns);
		room->ops->on_deadline(room->self, now_ns);
	}
}
