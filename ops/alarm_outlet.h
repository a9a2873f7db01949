/* A notice of an alarm, sent where console.alarms says: by the console's senders, and by `freehold alarms
 * --test`. */
#pragma once

#include "console/notice.h"

/* Waits until it is there. False with a message. */
MUST_USE bool alarm_outlet_send(const struct notice_config *c, enum notice_outlet outlet,
	const struct notice *n, char *error, size_t error_size);
