/*
 * State machines as tables. A row says: in this state, on this event, do this, then be there; or, when
 * the action fails, be elsewhere. Only fsm_event() writes a state. A pair that no row lists is counted
 * and reported to the caller, who answers the peer as its protocol prescribes.
 */
#pragma once

#include "base/bytes.h"

/* True on success. arg is what the event carries. */
typedef bool fsm_action(void *room, void *context, const void *arg);

/* next or on_error of FSM_SAME: the state stays (or the action freed the context). */
enum { FSM_SAME = 0xff };

struct fsm_row {
	uint8_t state, event;
	fsm_action *action; /* NULL: only change the state */
	uint8_t next, on_error;
};

struct fsm {
	const char *name;
	const char *const *state_names;
	const char *const *event_names;
	const struct fsm_row *rows;
	size_t row_count;
};

enum fsm_result {
	FSM_DONE,
	FSM_FAILED,   /* the action returned false */
	FSM_UNLISTED, /* no such row; nothing was done */
};

/*
 * Runs one event of `context`, whose state is *state. The next state is written before the action runs,
 * so the action may raise further events or free the context; when the action fails, on_error is
 * written, unless it is FSM_SAME, in which case the context must not be touched any more.
 */
enum fsm_result fsm_event(
	const struct fsm *fsm, uint8_t *state, uint8_t event, void *room, void *context, const void *arg);
