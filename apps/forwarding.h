/* net.ipv4.ip_forward and net.ipv6.conf.all.forwarding of the network namespace: switched on when a UPF's
 * packets need them, and put back. */
#pragma once

#include "base/log.h"

enum forwarding_family { FORWARDING_V4, FORWARDING_V6, FORWARDING_FAMILIES };

struct forwarding {
	/* Of each a child that puts it back when it is asked: the confined process may not; -1: there is
	 * none. */
	int janitor[FORWARDING_FAMILIES];
};

void forwarding_init(struct forwarding *f);
/* On, if it is not; a change is logged. False: errno. */
MUST_USE bool forwarding_begin(struct forwarding *f, enum forwarding_family family, struct log *log);

/* At a clean end: off again if it was. After a crash it stays on, since the UPF comes back. */
void forwarding_end(struct forwarding *f, struct log *log);
