/*
 * Profiles: what many subscribers have in common, as a line of `subscriber set`. Whoever is given a profile
 * is changed by its line, and again whenever it changes, sessions included; what it does not name is the
 * subscriber's own. Kept in the store, by their names.
 */
#pragma once

#include "base/store.h"
#include "base/table.h"
#include "core/udr/subscriber.h"
#include "wire/id.h"

struct core;

enum core_profile_limit {
	CORE_PROFILE_LINE_SIZE = 1024,
	CORE_PROFILES_MAX = 64,
	CORE_PROFILE_BATCH = 64, /* subscribers looked at in a turn, when one has changed */
	CORE_PROFILE_PAUSE_MS = 5,
};

/* As the store has it. */
struct core_profile {
	char line[CORE_PROFILE_LINE_SIZE];
	uint64_t changed_ms;
	bool pending; /* not everybody has it yet */
};
extern const struct record_def core_profile_def;

/* A change that goes round. */
struct core_profiles {
	uint64_t next_ns; /* NEVER: none does; 0: it is not known yet */
	char name[SUBSCRIBER_PROFILE_SIZE];
	bool begun; /* after counts */
	struct supi after;
	uint64_t changed, refused; /* subscribers, by this change */
};

/* Also what was under way when the process began. */
void core_profiles_run(struct core *core, uint64_t now_ns);
/* NULL: it is taken, and goes round; else why not. */
const char *core_profile_set(struct core *core, const char *name, struct bytes line);
/* Subscribers keep what they have. False: there is none, or the store refuses. */
MUST_USE bool core_profile_remove(struct core *core, const char *name);
MUST_USE bool core_profile_exists(struct core *core, const char *name);
/* The subscriber has got it: it is changed by it. NULL, or why not. */
const char *core_profile_apply(struct core *core, const struct supi *supi, const char *name);

/* profile_table.c */
extern const struct table core_profile_table;
bool core_profile_row(struct core *core, uint64_t *at, struct writer *w);
