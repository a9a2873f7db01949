/*
 * The control socket: SOCK_SEQPACKET, so one send is one message; mode 0600 and only our own user or
 * root is heard (SO_PEERCRED). A server in the loop, and a client that waits.
 */
#pragma once

#include "io/loop.h"

enum {
	UNIX_MSG_MAX = 65536,
	UNIX_CLIENTS_MAX = 64,
	UNIX_SILENT_MS =
		1000, /* when all are there, who has not asked or been sent anything for so long gives way */
};

struct unix_server;

/* Who is at the other end, as the kernel knows it (SO_PEERCRED). */
struct unix_peer {
	uint32_t uid, pid;
};

/* request: one message of a client; answer with unix_reply, now or later, while `closed` was not called. */
struct unix_user {
	void (*request)(void *arg, uint32_t client, struct bytes message);
	void (*closed)(void *arg, uint32_t client); /* may be NULL */
	void *arg;
};

/* Removes a stale socket at path first; EADDRINUSE when a live process listens there. NULL with errno. */
MUST_USE struct unix_server *unix_listen(struct loop *l, const char *path, const struct unix_user *user);
void unix_free(struct unix_server *s);

/* False when the client is gone or does not read (it is then dropped). */
MUST_USE bool unix_reply(struct unix_server *s, uint32_t client, struct bytes message);
/* Of a client that is there. */
struct unix_peer unix_client_peer(const struct unix_server *s, uint32_t client);
/* Drops the client when what was sent is delivered. */
void unix_drop(struct unix_server *s, uint32_t client);

/* Client side, blocking: a descriptor or -1. */
int unix_connect(const char *path);
MUST_USE bool unix_send(int fd, struct bytes message);
/* One message into buf; its length, 0 when the other end closed, -1 on error or after timeout_ms (-1: none).
 */
int64_t unix_recv(int fd, void *buf, size_t cap, int timeout_ms);
