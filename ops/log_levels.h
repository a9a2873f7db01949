/* Levels of the log that an operator changes while a process runs: until it reads its configuration again. */
#pragma once

#include "ops/process.h"

/* Answers "log", and "log\nROOM LEVEL" (ROOM all: every room), into w. False: it is another request. */
MUST_USE bool log_levels_answer(struct process *p, struct bytes request, struct writer *w);
