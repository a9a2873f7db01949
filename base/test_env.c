#include "base/test_env.h"

#include "base/list.h"
#include "base/store_mem.h"
#include "base/text.h"

static struct test_env *test_env_of(struct env *env)
{
	return container_of(env, struct test_env, env);
}

static uint64_t test_now(struct env *env)
{
	return *test_env_of(env)->clock;
}

static uint64_t test_utc(struct env *env)
{
	return UINT64_C(1700000000000) + test_now(env) / NS_PER_MS;
}

/* splitmix64: the same run each time. */
static void test_random(struct env *env, void *buf, size_t len)
{
	struct test_env *t = test_env_of(env);
	uint8_t *out = buf;

	for (size_t i = 0; i < len; i++) {
		uint64_t z = (t->random += UINT64_C(0x9e3779b97f4a7c15));

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		out[i] = (uint8_t)(z >> 31);
	}
}

static void test_log(void *arg, enum log_level level, const char *room, const char *line)
{
	struct test_env *t = arg;

	str_copy(t->lines[t->line_count++ % TEST_ENV_LOG_LINES], LOG_LINE_MAX, line);
	if (getenv("TEST_LOG"))
		fprintf(stderr, "%10.3f %-5s %s: %s\n", (double)*t->clock / 1e9, log_level_name(level), room,
			line);
}

static uint64_t test_log_now(void *arg)
{
	return *((struct test_env *)arg)->clock;
}

void test_env_init(struct test_env *t, uint64_t seed, bool with_store)
{
	static const struct env_ops ops = { test_now, test_utc, test_random };

	*t = (struct test_env){ .now_ns = NS_PER_S, .random = seed };
	t->clock = &t->now_ns;
	log_init(&t->log, LOG_DEBUG, test_log, test_log_now, t);
	outbox_init(&t->outbox, 64 << 20);
	t->env = (struct env){ &ops, NULL, &t->log, &t->outbox, NULL };
	if (with_store) {
		t->env.store = store_mem_new(0);
		assert_non_null(t->env.store);
	}
}

void test_env_fini(struct test_env *t)
{
	outbox_fini(&t->outbox);
	if (t->env.store)
		store_mem_free(t->env.store);
}

const struct msg *test_env_next(struct test_env *t, uint16_t port)
{
	struct outbox_item *i = t->seen ? t->seen->next : t->outbox.head;

	for (; i; i = i->next) {
		if (i->msg.port != port)
			continue;
		t->seen = i;
		return &i->msg;
	}
	return NULL;
}

void test_env_forget(struct test_env *t)
{
	outbox_reset(&t->outbox);
	t->seen = NULL;
}

bool test_env_logged(const struct test_env *t, const char *text)
{
	for (size_t i = 0; i < TEST_ENV_LOG_LINES && i < t->line_count; i++)
		if (strstr(t->lines[i], text))
			return true;
	return false;
}

void test_record_text(struct bytes record, const uint8_t *skip, char *out, size_t size)
{
	struct cursor c = cursor_of(record);
	struct writer w = writer_of(out, size);

	while (cursor_left(&c) > 0) {
		uint8_t tag = cursor_u8(&c);
		struct bytes value = cursor_bytes(&c, cursor_u16(&c));
		const uint8_t *s = skip;

		while (*s && *s != tag)
			s++;
		if (*s)
			continue;
		text_put(&w, "%u:", tag);
		text_hex(&w, value);
		text_put(&w, " ");
	}
	writer_u8(&w, 0);
	assert_false(c.failed || w.failed);
}

void test_env_pass(struct test_env *t, struct room room, uint32_t ms)
{
	t->now_ns += (uint64_t)ms * NS_PER_MS;
	room.ops->on_deadline(room.self, t->now_ns);
}
