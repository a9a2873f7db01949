#include "base/fsm.h"

enum fsm_result fsm_event(
	const struct fsm *fsm, uint8_t *state, uint8_t event, void *room, void *context, const void *arg)
{
	for (size_t i = 0; i < fsm->row_count; i++) {
		const struct fsm_row *row = &fsm->rows[i];

		if (row->state != *state || row->event != event)
			continue;
		if (row->next != FSM_SAME)
			*state = row->next;
		if (!row->action || row->action(room, context, arg))
			return FSM_DONE;
		if (row->on_error != FSM_SAME)
			*state = row->on_error;
		return FSM_FAILED;
	}
	return FSM_UNLISTED;
}
