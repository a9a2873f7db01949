/*
 * Restoration at a UPF: 23.527 4.3 (it restarted), and what was under way when the SMF itself did.
 *
 *   SMF                         UPF
 *    |<- other stamp, no retention --|    29.244 6.2.2, 5.22
 *    |-- Est (RESTI, old F-TEID) --->|    29.244 8.2.136, a session that is lost there
 *    |-- Mod, or Del --------------->|    one whose request may not have arrived
 */
#include "core/smf/internal.h"

enum fsm_outcome smf_restore(void *room, void *context, const void *arg)
{
	struct smf_session *s = context;
	bool lost = smf_session_is_lost(room, s);

	return fsm_outcome_of(lost ? smf_n4_establish(room, s) : smf_n4_modify(room, s));
}
