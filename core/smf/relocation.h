/* SSC modes, and the change of a session's anchor. For the SMF's files. */
#pragma once

#include "core/smf/internal.h"

/* relocation.c */
/* Sets mode and allowed modes by subscription, type and addresses; false: the mode asked for is not allowed.
 */
bool smf_ssc_select(struct smf_session *s, const struct ssc_modes *modes, uint8_t asked);
/* The UE is to be told of it. */
static inline bool smf_relocation_is_due(const struct smf_session *s)
{
	return s->relocation && !s->relocation->until_s;
}
/* The UE has been told, if that was due. */
void smf_relocation_told(struct smf *smf, struct smf_session *s);
bool smf_relocation_restore(struct smf *smf, struct smf_session *s, uint64_t until_s);
