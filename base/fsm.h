/*
 * State machines as tables. A row reads: in this state, on this event, do this, then be there; or, when
 * the action refuses, be elsewhere. Only fsm_event() writes a state. A pair that no row lists is counted
 * and reported to the caller, who answers the peer as its protocol prescribes.
 */
#pragma once

#include "base/bytes.h"

enum fsm_outcome {
	FSM_OK,
	FSM_REFUSED,  /* the action could not do it; the state is the row's on_error */
	FSM_GONE,     /* the context is, or may be, freed: it must not be touched any more */
	FSM_UNLISTED, /* of fsm_event() only: no such row; nothing was done */
};

/*
 * What an action did. It may return what an event it raised itself gave; an unlisted one counts as
 * refused. arg is what the event carries.
 */
typedef enum fsm_outcome fsm_action(void *room, void *context, const void *arg);

static inline enum fsm_outcome fsm_outcome_of(bool done)
{
	return done ? FSM_OK : FSM_REFUSED;
}

/* next or on_error of FSM_SAME: the state stays. */
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

/*
 * Runs one event of `context`, whose state is *state. The next state is written before the action runs,
 * so the action may raise further events; on_error is written when it refuses.
 */
enum fsm_outcome fsm_event(
	const struct fsm *fsm, uint8_t *state, uint8_t event, void *room, void *context, const void *arg);
