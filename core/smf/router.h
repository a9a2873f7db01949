/* The SMF as the router of a UE's link: what it does with the packets that UEs send it. */
#pragma once

#include "core/smf/internal.h"

/* router_advertisement.c */
/* False: the packet is no router solicitation. */
bool smf_advertise_solicited(struct smf *smf, struct smf_session *s, struct bytes packet);
/* Likewise no neighbour solicitation for the router. */
bool smf_advertise_neighbor(struct smf *smf, struct smf_session *s, struct bytes packet);

/* dhcp.c */
/* False: the packet is nothing that a DHCP server of the session answers. */
bool smf_dhcp_receive(struct smf *smf, struct smf_session *s, struct bytes packet);
