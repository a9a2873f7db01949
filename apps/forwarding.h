/* Forwarding of the network namespace, IPv4 and IPv6: switched on when a UPF's packets need it, and put back.
 */
#pragma once

#include "base/log.h"

enum forwarding_family { FORWARDING_V4, FORWARDING_V6, FORWARDING_FAMILIES };

struct forwarding {
	struct {
		int setting; /* open, to be switched on; -1: it is on, or not ours */
		int janitor; /* a child that puts it back when it is asked: the confined process may not; -1:
				there is none */
	} of[FORWARDING_FAMILIES];
};

void forwarding_init(struct forwarding *f);

/*
 * The child, before any socket is opened, since it would keep it in use: false: errno. Nothing changes yet.
 */
MUST_USE bool forwarding_prepare(struct forwarding *f, enum forwarding_family family);

/* On, if it is not; a change is logged. False: errno. */
MUST_USE bool forwarding_begin(struct forwarding *f, enum forwarding_family family, struct log *log);

/* At a clean end: off again if it was, unless others need it. After a crash it stays on, since the UPF comes
 * back. */
void forwarding_end(struct forwarding *f, bool needed, struct log *log);
