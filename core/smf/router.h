/* The SMF as the router of a UE's link: what it does with the packets that UEs send it. */
#pragma once

#include "core/smf/internal.h"

/* Its link-local address is fe80::1; no UE is given this identifier. */
enum { ROUTER_ID = 1 };

/* router_advertisement.c */
/* False: the packet is no router solicitation. */
bool smf_advertise_solicited(struct smf *smf, struct smf_session *s, struct bytes packet);
/* Likewise no neighbour solicitation for the router. */
bool smf_advertise_neighbor(struct smf *smf, struct smf_session *s, struct bytes packet);

/* prefix_delegation.c */
/* False: the packet is nothing that a DHCPv6 server of the session answers. */
bool smf_delegation_receive(struct smf *smf, struct smf_session *s, struct bytes packet);

/* dhcp.c */
/* False: the packet is nothing that a DHCP server of the session answers. */
bool smf_dhcp_receive(struct smf *smf, struct smf_session *s, struct bytes packet);
