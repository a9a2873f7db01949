#include "base/fsm.h"

static enum fsm_outcome row_run(
	const struct fsm_row *row, uint8_t *state, void *room, void *context, const void *arg)
{
	enum fsm_outcome outcome;

	if (row->next != FSM_SAME)
		*state = row->next;
	outcome = row->action ? row->action(room, context, arg) : FSM_OK;
	if (outcome == FSM_OK || outcome == FSM_GONE)
		return outcome;
	if (row->on_error != FSM_SAME)
		*state = row->on_error;
	return FSM_REFUSED;
}

enum fsm_outcome fsm_event(
	const struct fsm *fsm, uint8_t *state, uint8_t event, void *room, void *context, const void *arg)
{
	for (size_t i = 0; i < fsm->row_count; i++)
		if (fsm->rows[i].state == *state && fsm->rows[i].event == event)
			return row_run(&fsm->rows[i], state, room, context, arg);
	return FSM_UNLISTED;
}
