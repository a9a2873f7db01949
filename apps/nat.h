/* What leaves a UPF's address pools for other interfaces leaves with the address of those: a table of nft. */
#pragma once

#include "ops/network.h"

struct nat {
	int janitor; /* a child that takes the table away when this process has ended; -1: there is none */
};

/*
 * Before any socket is opened, since the child would keep it in use; false: the reason was printed. It waits
 * for the end of the child of a UPF that was there before.
 */
MUST_USE bool nat_prepare(struct nat *nat, const struct network_upf *is);
/* False: the reason was printed. */
MUST_USE bool nat_begin(struct nat *nat, const struct network_upf *is);
