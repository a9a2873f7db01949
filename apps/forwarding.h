/* net.ipv4.ip_forward of the network namespace: switched on when a UPF's packets need it, and put back. */
#pragma once

#include "base/log.h"

struct forwarding {
	int setting; /* open, to be switched on; -1: it is on */
	int janitor; /* a child that puts it back when it is asked: the confined process may not; -1: there is
			none */
};

/*
 * The child, before any socket is opened, since it would keep it in use: false: the reason was printed.
 * Nothing changes yet.
 */
MUST_USE bool forwarding_prepare(struct forwarding *f);

/* On, if it is not; a change is logged. False: the reason was printed. */
MUST_USE bool forwarding_begin(struct forwarding *f, struct log *log);

/* At a clean end: off again if it was. After a crash it stays on, since the UPF comes back. */
void forwarding_end(struct forwarding *f, struct log *log);
