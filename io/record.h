/* A recording (base/recording.h) of the rooms of a binding into a file, made with mode 0600: it holds keys.
 */
#pragma once

#include "base/recording.h"
#include "io/bind.h"

#define RECORD_FILE_MAX (UINT64_C(1) << 30) /* octets; then it ends, and the process goes on */

struct recorder {
	struct recording recording; /* first */
	struct bind_tap tap;
	struct loop *loop;
	struct env *env;
	int fd;
};

/* Makes the file, which must not exist. False with errno. */
bool recorder_open(struct recorder *r, const char *path, struct loop *l, struct env *env);

/*
 * From now on: the head, the store if env has one, what env answers, and what passes b. Call it right before
 * the room is made, then recorder_ready once it is.
 */
bool recorder_begin(struct recorder *r, struct bind *b, const struct record_head *head);
void recorder_ready(struct recorder *r);

/* What follows is not recorded: before the process touches its rooms by other ways than messages. */
void recorder_end(struct recorder *r);
