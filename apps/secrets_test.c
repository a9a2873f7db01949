/* Secrets that do not fit the store stop the start. */
#include "apps/secrets.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/commit.h"
#include "base/store_mem.h"
#include "base/test.h"
#include "core/nf/sealed.h"

struct bed {
	struct env env;
	struct outbox outbox;
	struct turn turn;
	struct log log;
	uint8_t next;
	char dir[64], path[80], error[SECRETS_ERROR_SIZE];
	struct core_config config;
};

static uint64_t zero(struct env *env)
{
	return 0;
}

static uint64_t log_zero(void *arg)
{
	return 0;
}

static void no_sink(void *arg, enum log_level level, const char *room, const char *line)
{
}

static void count_up(struct env *env, void *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)buf)[i] = ++container_of(env, struct bed, env)->next;
}

static void nothing_leaves(void *arg, struct outbox *o)
{
}

static int setup(void **state)
{
	static const struct env_ops ops = { zero, zero, count_up };
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	log_init(&b->log, LOG_ERROR, no_sink, log_zero, NULL);
	outbox_init(&b->outbox, 1 << 20);
	b->env = (struct env){ &ops, store_mem_new(0), &b->log, &b->outbox, NULL };
	turn_init(&b->turn, &b->env, nothing_leaves, b);
	snprintf(b->dir, sizeof(b->dir), "/tmp/secrets_test.XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	snprintf(b->path, sizeof(b->path), "%s/secrets", b->dir);
	assert_true(plmn_parse("00101", &b->config.plmn));
	b->config.amf_count = 1;
	b->config.udm.plmn = b->config.amfs[0].guami.plmn = b->config.smf.plmn = b->config.plmn;
	b->config.nssf.plmn = b->config.pcf.plmn = b->config.plmn;
	assert_true(addr_parse("10.0.0.1", &b->config.smf.n4_address));
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	unlink(b->path);
	rmdir(b->dir);
	store_mem_free(b->env.store);
	turn_fini(&b->turn);
	outbox_fini(&b->outbox);
	free(b);
	return 0;
}

static bool load(struct bed *b)
{
	b->config.udm.hn_key_count = 0;
	explicit_bzero(b->config.udm.seal_key, SEAL_KEY_LEN);
	b->error[0] = '\0';
	return secrets_load(b->path, &b->env, true, &b->config, b->error);
}

/* A network that has run once, with a subscriber. */
static void run_once(struct bed *b)
{
	static const uint8_t k[16] = { 1 }, opc[16] = { 2 };
	struct subscriber s = { .imsi = "001010000000001", .amf = { 0x80, 0 } };
	struct core *core;

	assert_true(load(b));
	core = core_new(&b->config, false, &b->env);
	assert_non_null(core);
	assert_true(core_subscriber_add(core, &s, BYTES(k), BYTES(opc), 0));
	may_fail(turn_end(&b->turn));
	core_free(core);
}

static void write_file(struct bed *b, const uint8_t *octets, size_t len)
{
	FILE *f = fopen(b->path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(octets, 1, len, f), len);
	fclose(f);
}

static void test_made_and_read(void **state)
{
	struct bed *b = *state;
	uint8_t seal_key[SEAL_KEY_LEN];
	struct stat st;

	run_once(b);
	bytes_copy(seal_key, SEAL_KEY_LEN, BYTES(b->config.udm.seal_key));
	assert_int_equal(stat(b->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(load(b));
	assert_memory_equal(b->config.udm.seal_key, seal_key, SEAL_KEY_LEN);
	assert_memory_equal(b->config.amfs[0].seal_key, seal_key, SEAL_KEY_LEN);
	assert_int_equal(b->config.udm.hn_key_count, 2);
}

/* An empty file has no key: not even with home network keys configured may what lies on the stack seal. */
static void test_damaged(void **state)
{
	struct bed *b = *state;
	static const uint8_t octets[200] = { 1 };

	for (size_t len = 0; len <= sizeof(octets); len += 50) {
		write_file(b, octets, len);
		assert_false(load(b));
		assert_non_null(strstr(b->error, "is damaged: restore it from a backup"));
		b->config.udm.hn_key_count = 0;
		assert_false(secrets_load(b->path, &b->env, false, &b->config, b->error));
	}
}

static void test_lost(void **state)
{
	struct bed *b = *state;

	run_once(b);
	unlink(b->path);
	assert_false(load(b));
	assert_non_null(strstr(b->error, "is missing"));
	assert_int_equal(access(b->path, F_OK), -1); /* and no other one has been made */
}

static void test_of_another_store(void **state)
{
	struct bed *b = *state;
	uint8_t other[96] = { 7 };

	run_once(b);
	write_file(b, other, sizeof(other));
	assert_false(load(b));
	assert_non_null(strstr(b->error, "is not the one"));
	/* also for a store of a version that kept no proof */
	assert_true(store_del(b->env.store, STORE_META, bytes_of_str("seal_proof")));
	assert_false(load(b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_made_and_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_of_another_store, setup, teardown),
	};

	return cmocka_run_group_tests_name("apps/secrets", tests, NULL, NULL);
}
