/* Extended protocol configuration options of sessions. */
#pragma once

#include "core/smf/session.h"

/* What an answer is made of. */
enum { SMF_EPCO_ITEMS = 2 * SMF_DNS_MAX + 5 + SMF_P_CSCF_MAX };
struct smf_epco {
	size_t count;
	struct nas_pco_item items[SMF_EPCO_ITEMS];
	struct writer w;
	uint8_t octets[SMF_EPCO_ITEMS * 16];
};
void smf_epco_take(struct smf_session *s, const struct nas_pco *epco);
/* A view of out. */
struct nas_pco smf_epco_answer(const struct smf_session *s, struct smf_epco *out);
