/*
 * What a UPF changes of its host while it runs: the addresses of its interface, and a table of nft by which
 * what leaves for other networks leaves with this host's address (nat). A child does it, which keeps the
 * right to; the UPF itself has none once it is confined.
 */
#pragma once

#include "ops/network.h"

struct upf_host {
	int fd; /* to the child: orders and answers, a message each; -1: there is none */
};

/*
 * Before any socket is opened, since the child would keep it in use; false: the reason was printed. It waits
 * for the end of the child of a UPF that was there before.
 */
MUST_USE bool upf_host_prepare(struct upf_host *h, const struct network_upf *is);
/* Has the pools' addresses and the table as `is` wants them, and waits for it. False: the reason was printed.
 */
MUST_USE bool upf_host_apply(struct upf_host *h, const struct network_upf *is);
