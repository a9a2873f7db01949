#include "apps/radio_device.h"

bool radio_device_bind(struct bind *bind, const struct room *room, uint16_t port,
	const struct network_device *d, const struct radio_tuning *t)
{
	return bind_device(bind, room, port,
		&(struct device_config){ .args = d->args,
			.receive_antenna = d->receive_antenna,
			.transmit_antenna = d->transmit_antenna,
			.rate_hz = t->rate_hz,
			.receive_hz = t->receive_hz,
			.transmit_hz = t->transmit_hz,
			.receive_gain_db = d->receive_gain_db,
			.transmit_gain_db = d->transmit_gain_db,
			.level_db = d->level_db,
			.advance_ns = d->advance_ns });
}
