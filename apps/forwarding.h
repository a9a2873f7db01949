/* net.ipv4.ip_forward of the network namespace: switched on when a UPF's packets need it, and put back. */
#pragma once

#include "base/log.h"

struct forwarding {
	int janitor; /* a child that puts it back when it is asked: the confined process may not; -1: there is
			none */
};

/* On, if it is not; a change is logged. False: errno. */
MUST_USE bool forwarding_begin(struct forwarding *f, struct log *log);

/* At a clean end: off again if it was. After a crash it stays on, since the UPF comes back. */
void forwarding_end(struct forwarding *f, struct log *log);
