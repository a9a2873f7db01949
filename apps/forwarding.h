/* net.ipv4.ip_forward and net.ipv6.conf.all.forwarding of the network namespace: switched on when a UPF's
 * packets need them, and put back. */
#pragma once

#include "base/log.h"

enum forwarding_family { FORWARDING_V4, FORWARDING_V6, FORWARDING_FAMILIES };

struct forwarding_setting {
	int setting; /* open, to be switched on; -1: it is on */
	int janitor; /* a child that puts it back when it is asked: the confined process may not; -1: there is
			none */
};

struct forwarding {
	struct forwarding_setting of[FORWARDING_FAMILIES];
};

void forwarding_init(struct forwarding *f);

/*
 * The child, before any socket is opened, since it would keep it in use. False: errno. Nothing changes yet.
 */
MUST_USE bool forwarding_prepare(struct forwarding *f, enum forwarding_family family);

/* On, if it is not and was prepared; a change is logged. False: errno. */
MUST_USE bool forwarding_begin(struct forwarding *f, enum forwarding_family family, struct log *log);
/* Of what a call refused. */
const char *forwarding_name(enum forwarding_family family);

/* At a clean end: off again if it was. After a crash it stays on, since the UPF comes back. */
void forwarding_end(struct forwarding *f, struct log *log);
