/*
 * What carries requests and answers between the instances of buses: the local one queues events, another
 * (HTTP/2) talks to other processes. A transport knows the bodies as structs and owns their form on the way.
 */
#pragma once

#include "proto/sbi.h"

struct sbi_transport;

struct sbi_transport_ops {
	/* It has a way to this peer. */
	bool (*reaches)(struct sbi_transport *t, const struct sbi_peer *to);
	/* False when it has no room; then nothing comes of it. id goes with the answer to sbi_deliver_answer.
	 */
	bool (*request)(struct sbi_transport *t, uint64_t id, const struct sbi_peer *from,
		const struct sbi_peer *to, enum sbi_op_id op, const void *body);
	/* Of a request that it delivered by sbi_deliver_request, under its own route. */
	void (*answer)(struct sbi_transport *t, uint64_t route, enum sbi_op_id op, enum sbi_cause cause,
		const void *body);
};

struct sbi_transport {
	const struct sbi_transport_ops *ops;
};

/* Asked in this order, after the local one. False at the limit. */
MUST_USE bool sbi_transport_add(struct sbi_bus *bus, struct sbi_transport *t);

/*
 * A request for an instance of this bus. It is answered by t->ops->answer, by time-out if need be. False when
 * nobody serves it or there is no room: then it will not be.
 */
MUST_USE bool sbi_deliver_request(struct sbi_bus *bus, struct sbi_transport *t, uint64_t route,
	const struct sbi_peer *from, const struct sbi_peer *to, enum sbi_op_id op, const void *body);

/* The answer to request `id`, from the peer that has the resource (NULL: the one that was called). */
void sbi_deliver_answer(struct sbi_bus *bus, uint64_t id, const struct sbi_peer *from, enum sbi_cause cause,
	const void *body);
