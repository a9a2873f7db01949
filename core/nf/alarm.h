/*
 * What stands in the way of the network, as ITU-T X.733 and 3GPP TS 28.532 have alarms: core/alarm.c keeps
 * them. A function tells only what nobody else sees (nf_alarm); the rest is looked at once a second.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { ALARM_OBJECT_SIZE = 96, ALARM_DETAIL_SIZE = 96, ALARM_USER_SIZE = 64 };

/* Never renumber: the numbers are in the store. */
enum alarm_kind {
	ALARM_UPF_AWAY = 1,
	ALARM_GNB_AWAY,
	ALARM_POOL_NEAR_FULL,
	ALARM_STORE_FAILS,
	ALARM_OVERLOAD,
	ALARM_NO_ANSWER,   /* of a function */
	ALARM_CERTIFICATE, /* of a server beside the core: reported */
	ALARM_DISK,        /* likewise */
	ALARM_CLOCK,
	ALARM_KIND_COUNT
};

/* X.733 8.1.2.3, likewise. */
enum alarm_severity { ALARM_CLEARED, ALARM_WARNING, ALARM_MINOR, ALARM_MAJOR, ALARM_CRITICAL };

/* Who keeps alarms. stands: there it is; false: there it is no more. */
struct alarm_sink {
	void (*take)(void *arg, enum alarm_kind kind, const char *object, const char *detail, bool stands);
	void *arg;
};
