/*
 * What a room knows of the world: time, chance, its store, its log and its outbox. apps/ fills it
 * from io/, sim/ from a seed. Rooms use nothing else, so every run replays.
 */
#pragma once

#include "base/log.h"
#include "base/recording.h"
#include "base/room.h"
#include "base/store.h"

struct env;
struct turn;

struct env_ops {
	uint64_t (*now_ns)(struct env *env);                    /* monotonic; constant within a loop turn */
	uint64_t (*utc_ms)(struct env *env);                    /* milliseconds since 1970 */
	void (*random)(struct env *env, void *buf, size_t len); /* unpredictable octets, ephemeral keys too */
};

struct env {
	const struct env_ops *ops;
	struct store *store; /* NULL in rooms that keep nothing */
	struct log *log;
	struct outbox *outbox;
	struct turn *turn;           /* base/turn.h */
	struct recording *recording; /* hears what the world answers; NULL: nobody does */
};

static inline uint64_t env_now_ns(struct env *env)
{
	return env->ops->now_ns(env);
}

static inline uint64_t env_utc_ms(struct env *env)
{
	uint64_t ms = env->ops->utc_ms(env);

	if (env->recording)
		recording_mark(env->recording, RECORD_UTC, ms);
	return ms;
}

static inline void env_random(struct env *env, void *buf, size_t len)
{
	env->ops->random(env, buf, len);
	if (env->recording)
		recording_random(env->recording, bytes_of(buf, len));
}

static inline uint32_t env_random_u32(struct env *env)
{
	uint32_t v;

	env_random(env, &v, sizeof(v));
	return v;
}
