/* IPv6 of PDU sessions: the address, and a prefix for networks behind the UE. For the UE's files. */
#pragma once

#include "ue/internal.h"

/* router_solicitation.c */
/* The session has user plane, or its type is known: a router is solicited, if its prefix is not known yet. */
void ue_ipv6_begin(struct ue_session *s);
/* Takes a router advertisement; false: the packet is none. */
bool ue_ipv6_receive(struct ue_session *s, struct bytes packet);

/* prefix_delegation.c */
/* It has its address, or user plane again: a prefix is asked for, if it is to have one. */
void ue_delegation_begin(struct ue_session *s);
void ue_delegation_end(struct ue_session *s);
/* Takes a server's message to the UE itself; false: the packet is none. */
bool ue_delegation_receive(struct ue_session *s, struct bytes packet);
