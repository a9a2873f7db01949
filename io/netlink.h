/*
 * Network interfaces, addresses, routes and namespaces by rtnetlink, without the `ip` program. All
 * act in the calling thread's network namespace, wait for the kernel's answer, and return false with errno.
 */
#pragma once

#include "base/addr.h"

/* For up to a second after it the kernel may still drop what leaves the interface. */
MUST_USE bool netlink_link_up(const char *name);
MUST_USE bool netlink_link_running(const char *name); /* up, and the kernel has seen its other end */
MUST_USE bool netlink_link_mtu(const char *name, uint32_t mtu);
MUST_USE bool netlink_link_queue(
	const char *name, uint32_t packets); /* that wait to be sent or, of a TUN, read */
MUST_USE bool netlink_link_delete(const char *name);
MUST_USE bool netlink_link_to_netns(const char *name, int netns_fd);
/* A pair of virtual Ethernet interfaces, both here and down. */
MUST_USE bool netlink_veth_create(const char *name, const char *peer);
MUST_USE bool netlink_bridge_create(const char *name);
MUST_USE bool netlink_link_to_bridge(const char *name, const char *bridge);
/* addr's port is ignored. An address that is there already is success. */
MUST_USE bool netlink_addr_add(const char *name, const struct addr *addr, uint8_t prefix_bits);
MUST_USE bool netlink_addr_del(const char *name, const struct addr *addr, uint8_t prefix_bits);
/* destination of len 0 with bits 0 is the default route; via may be NULL (on link). */
MUST_USE bool netlink_route_add(
	const struct addr *destination, uint8_t bits, const struct addr *via, const char *name);

/* A new namespace with its loopback up, not entered; its descriptor or -1. name may be NULL; a name also
 * mounts it at /run/netns/name, where other tools look. */
int netns_create(const char *name);
/* The calling thread's namespace; -1 on failure. */
int netns_current(void);
int netns_open(const char *name);
MUST_USE bool netns_enter(int netns_fd);
/* Unmounts the name; the namespace goes with its last process and descriptor. */
MUST_USE bool netns_remove(const char *name);
/* The calling thread leaves for a new namespace with its loopback up. */
MUST_USE bool netns_unshare(void);
