/* SCTP ports of raw sockets: the kernel does not keep them apart for us. */
#pragma once

#include "base/addr.h"

/* Lets only packets to these SCTP ports into the raw socket of an IP version (ip_len 4 or 16); none with
 * count 0. */
MUST_USE bool sctp_port_filter(int fd, uint8_t ip_len, const uint16_t *ports, size_t count);

/*
 * Claims an address and port for this process as long as the descriptor returned is open; -1 with
 * EADDRINUSE when another process of the network namespace has it.
 */
int sctp_port_claim(const struct addr *local, uint16_t port);
