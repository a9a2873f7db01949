/* The tunnel that a session moves to, or has moved from, which is heard beside its own: other_tunnel.c. */
#pragma once

#include "gnb/internal.h"

/* The session whose other tunnel that is, which by a packet of the UPF is its own; NULL: none. */
struct gnb_session *gnb_session_of_other_tunnel(struct gnb *gnb, const struct addr *upf, uint32_t teid);
/* The UPF sends no more by the tunnel before; false: it is none. */
bool gnb_other_tunnel_end_marker(struct gnb *gnb, const struct addr *upf, uint32_t teid);
void gnb_other_tunnel_drop(struct gnb *gnb, struct gnb_session *s);
/* It moves to that one, once the UPF has shown, or the AMF says, that it does. */
void gnb_other_tunnel_indicate(struct gnb *gnb, struct gnb_session *s, uint32_t teid);
/* The UPF has it: it is the session's own now. */
void gnb_other_tunnel_use(struct gnb *gnb, struct gnb_session *s);
