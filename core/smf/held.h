/* Downlink packets that wait in the SMF (downlink_buffer.c): a part of internal.h. */
#pragma once

#include "core/smf/internal.h"

enum {
	SMF_HELD_SESSION_MAX = 64, /* packets of a session */
	SMF_HELD_MAX = 4096,       /* of all */
};

/* Without memory, or room for so long a packet, it is dropped. */
void smf_held_put(struct smf *smf, struct smf_session *s, struct bytes packet);
/* The oldest; none: nothing waits. */
struct bytes smf_held_first(const struct smf_session *s);
void smf_held_pop(struct smf *smf, struct smf_session *s);
