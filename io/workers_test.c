/* A pool of threads: each of them works at each run, all at once, and the run ends with the last. */
#include "io/workers.h"

#include "base/test.h"

#include <pthread.h>
#include <stdatomic.h>

enum { COUNT = 4, RUNS = 50 };

struct meeting {
	atomic_uint here, worked[COUNT];
	pthread_t thread[COUNT];
};

/* Returns when all of the run are here. */
static void meet(void *arg, unsigned worker)
{
	struct meeting *m = arg;

	m->thread[worker] = pthread_self();
	m->worked[worker]++;
	m->here++;
	while (m->here < COUNT)
		workers_wait(NULL);
}

static void at_the_same_time(void **state)
{
	struct workers *w = workers_new(COUNT);
	struct meeting m = { 0 };

	assert_non_null(w);
	for (unsigned run = 1; run <= RUNS; run++) {
		m.here = 0;
		workers_run(w, meet, &m);
		assert_int_equal(m.here, COUNT);
		for (unsigned i = 0; i < COUNT; i++)
			assert_int_equal(m.worked[i], run);
	}
	assert_true(pthread_equal(m.thread[0], pthread_self()));
	for (unsigned i = 1; i < COUNT; i++)
		for (unsigned k = 0; k < i; k++)
			assert_false(pthread_equal(m.thread[i], m.thread[k]));
	workers_free(w);
}

static void count_one(void *arg, unsigned worker)
{
	*(unsigned *)arg += worker + 1;
}

static void alone_or_not_at_all(void **state)
{
	struct workers *w = workers_new(1);
	unsigned n = 0;

	assert_non_null(w);
	workers_run(w, count_one, &n);
	assert_int_equal(n, 1);
	workers_free(w);
	assert_null(workers_new(0));
	workers_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(at_the_same_time),
		cmocka_unit_test(alone_or_not_at_all) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
