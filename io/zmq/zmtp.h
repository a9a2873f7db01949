/*
 * ZMTP, what ZeroMQ speaks on a connection (rfc.zeromq.org 23/ZMTP 3.0 and 37/ZMTP 3.1): greeting, handshake
 * without security (NULL), commands and messages, of a REQ that talks to a REP or the other way round
 * (28/REQREP). Pure: octets in, octets out. Messages have one frame behind their envelope.
 */
#pragma once

#include "base/cursor.h"

enum {
	ZMTP_GREETING_OCTETS = 64,
	ZMTP_COMMAND_MAX = 1024, /* octets of a command, its name with it */
	ZMTP_ENVELOPE_MAX = 256, /* octets of the frames before a request's body, with their heads */
	ZMTP_CONTEXT_MAX = 16,   /* octets that a PING wants back: 37/ZMTP, heartbeats */
	/* What stands before a message's body, at most: the envelope and a long frame's head. */
	ZMTP_HEAD_MAX = ZMTP_ENVELOPE_MAX + 9,
	ZMTP_REPLY_HEAD = 2 + 9, /* octets before a long reply */
};

enum zmtp_role { ZMTP_REQ, ZMTP_REP };

enum zmtp_state { ZMTP_GREETING, ZMTP_HANDSHAKE, ZMTP_TRAFFIC };

/* One end of a connection. */
struct zmtp {
	uint8_t role;       /* enum zmtp_role */
	uint8_t state;      /* enum zmtp_state */
	bool within;        /* a message: its envelope has begun */
	bool delimited;     /* and is whole */
	bool asked;         /* a REP's peer waits for a reply */
	size_t message_max; /* octets of a body that is taken */
	const char *why;    /* of ZMTP_BAD */
	size_t envelope_len;
	uint8_t envelope[ZMTP_ENVELOPE_MAX]; /* as frames: of the last message */
};

enum zmtp_got {
	ZMTP_MORE,    /* nothing is whole: read more octets */
	ZMTP_GREETED, /* the peer's greeting: zmtp_put_ready() answers it */
	ZMTP_READY,   /* the handshake is done */
	ZMTP_MESSAGE, /* out: its body */
	ZMTP_PING,    /* out: what zmtp_put_pong() wants */
	ZMTP_OTHER,   /* nothing that concerns the caller */
	ZMTP_BAD,     /* the connection has to end: why says the reason */
};

struct zmtp zmtp_of(enum zmtp_role role, size_t message_max);

/* The next of what came, which is consumed; `in` stays where it is for ZMTP_MORE. *out is a view of it. */
enum zmtp_got zmtp_read(struct zmtp *z, struct cursor *in, struct bytes *out);

void zmtp_put_greeting(struct writer *w);
void zmtp_put_ready(const struct zmtp *z, struct writer *w);
/* What stands before a request of len octets, or before the reply to the last one, which is answered then. */
void zmtp_put_head(struct zmtp *z, uint64_t len, struct writer *w);
void zmtp_put_pong(struct bytes context, struct writer *w);
