/* A radio device of network.yaml, bound to whoever has the samples. */
#pragma once

#include "io/bind.h"
#include "ops/network.h"

struct radio_tuning {
	double rate_hz, receive_hz, transmit_hz;
};

static inline bool radio_device_is(const struct network_device *d)
{
	return d->args[0] != 0;
}

/* False, logged. */
MUST_USE bool radio_device_bind(struct bind *bind, const struct room *room, uint16_t port,
	const struct network_device *d, const struct radio_tuning *t);
