/* What the running core answers on its control socket: provisioning and counters. */
#pragma once

#include "core/core.h"
#include "io/loop.h"

struct core_control;

/* NULL with errno when the socket cannot be opened. What it is given must outlive it. */
struct core_control *core_control_new(struct loop *loop, const char *path, struct core *core,
	const struct core_config *config, struct env *env);

/* Subscribers changed since it was last asked. */
bool core_control_take_changed(struct core_control *c);
void core_control_free(struct core_control *c);
