/*
 * The F-TEIDs of UPFs that choose none (29.244 8.2.25 FTUP): the SMF does, as in 5.5.2 of Release 15, out of
 * what the UPF has said is its. Each has one owner, from before the UPF hears of it until its rule is gone
 * there.
 */
#pragma once

#include "core/smf/internal.h"

struct smf_teid {
	struct hash_node node; /* (TEID, UPF) */
	const struct smf_session *owner;
};

enum { SMF_SESSION_TEIDS_MAX = 3 }; /* uplink, of what the SMF sends, of what a source gNB forwards */

/* The UPF's element that the SMF can use. False: there is none. */
bool smf_teid_range_take(struct smf_upf *u, const struct pfcp_user_plane_resource *resources, size_t count);
/* Those that the session's rules need and have not got; nothing where the UPF chooses. False: there is no
 * room. */
MUST_USE bool smf_teids_take(struct smf *smf, struct smf_session *s);
/* Those that it had before the process began. False: there is no room. */
MUST_USE bool smf_teids_keep(struct smf *smf, struct smf_session *s);
/* Is none, from now on. */
void smf_teid_give(struct smf *smf, const struct smf_session *s, struct smf_tunnel *t);
