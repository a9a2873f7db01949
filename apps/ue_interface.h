/*
 * The network interfaces of UEs get their addresses and routes from a child process, so that the one which
 * hears the network needs no privilege. It ends with its parent.
 */
#pragma once

#include "base/addr.h"
#include "ops/network.h"

struct ue_interfaces {
	int fd; /* -1: not begun */
};

/* Forks it, for the interfaces of these UEs alone. Before anything else is opened: it would keep it. False
 * with errno. */
MUST_USE bool ue_interfaces_begin(struct ue_interfaces *i, struct network *n);
void ue_interfaces_end(struct ue_interfaces *i);

/* Sets up the interface of the UE at index ue of the network; waits for the kernel's answer. False with
 * errno. */
MUST_USE bool ue_interface_up(
	struct ue_interfaces *i, uint32_t ue, const struct addr *address, uint32_t mtu, bool default_route);
/* Takes an address away from it. */
MUST_USE bool ue_interface_down(struct ue_interfaces *i, uint32_t ue, const struct addr *address);
