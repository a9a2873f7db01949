/* What the rooms of a crowd have for the world. */
#include "sim/crowd_internal.h"

static struct env *parent_of(struct env *env)
{
	return container_of(env, struct crowd_env, env)->parent;
}

static uint64_t crowd_now(struct env *env)
{
	return env_now_ns(parent_of(env));
}

static uint64_t crowd_utc(struct env *env)
{
	return env_utc_ms(parent_of(env));
}

static void crowd_random(struct env *env, void *buf, size_t len)
{
	env_random(parent_of(env), buf, len);
}

void crowd_env_init(struct crowd_env *e, struct env *parent)
{
	static const struct env_ops ops = { crowd_now, crowd_utc, crowd_random };

	outbox_init(&e->outbox, CROWD_OUTBOX_MAX);
	e->parent = parent;
	e->env = (struct env){ .ops = &ops, .log = parent->log, .outbox = &e->outbox };
}

void crowd_out(struct crowd_cell *cell, const struct msg *m)
{
	struct msg out = *m;

	out.port = crowd_port((enum gnb_port)m->port, cell->index);
	may_fail(outbox_put(cell->crowd->env->outbox, &out)); /* as if lost on the way */
}
