/*
 * One end of GTP-U paths (29.281 clauses 7.2 and 7.3) for whoever has tunnels: it answers Echo Requests,
 * tells peers of tunnels and extension headers that are not known here, and hands on what concerns a tunnel.
 * What it sends leaves at once by the caller's function.
 */
#pragma once

#include "base/addr.h"
#include "base/env.h"
#include "wire/gtpu/gtpu.h"

enum {
	GTPU_PATH_ANSWERS_MAX = 100 /* of each kind in a second: strangers do not make us talk without end */
};

struct gtpu_path_stats {
	uint64_t malformed, unknown_teid, not_comprehended, error_indications, end_markers;
};

struct gtpu_path {
	struct env *env;
	struct addr own; /* told in Error Indications */
	void *arg;
	void (*send)(void *arg, const struct addr *to, struct bytes datagram);
	struct bytes extensions; /* types known here, enum gtpu_extension_type an octet each */
	uint64_t second;
	uint32_t echoes, errors;
	struct gtpu_path_stats stats;
};

enum gtpu_path_event {
	GTPU_PATH_DONE,   /* nothing is left to do */
	GTPU_PATH_PACKET, /* of the tunnel h->teid of ours */
	GTPU_PATH_END_MARKER,
	GTPU_PATH_ERROR, /* the peer has no tunnel h->teid, to which we send */
};

enum gtpu_path_event gtpu_path_receive(struct gtpu_path *p, const struct addr *from, struct bytes datagram,
	struct gtpu_header *h, struct bytes *payload);
/* 7.3.1 */
void gtpu_path_unknown_teid(struct gtpu_path *p, const struct addr *from, uint32_t teid);
