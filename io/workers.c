#include "io/workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

struct worker {
	struct workers *pool;
	unsigned index;
	pthread_t thread;
};

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t begins, ended;
	unsigned count, started;
	/* Under the lock. */
	unsigned run;  /* counts runs; its change wakes */
	unsigned busy; /* threads that are in one */
	bool stop;
	void (*work)(void *arg, unsigned worker);
	void *arg;
	struct worker workers[]; /* the first is the caller's */
};

static void *worker_main(void *arg)
{
	struct worker *me = arg;
	struct workers *w = me->pool;
	unsigned seen = 0;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (w->run == seen && !w->stop)
			pthread_cond_wait(&w->begins, &w->lock);
		if (w->stop)
			break;
		seen = w->run;
		pthread_mutex_unlock(&w->lock);
		w->work(w->arg, me->index);
		pthread_mutex_lock(&w->lock);
		if (--w->busy == 0)
			pthread_cond_signal(&w->ended);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct workers *workers_new(unsigned count)
{
	struct workers *w = count > 0 ? calloc(1, sizeof(*w) + count * sizeof(*w->workers)) : NULL;

	if (!w)
		return NULL;
	w->count = count;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->begins, NULL);
	pthread_cond_init(&w->ended, NULL);
	for (w->started = 1; w->started < count; w->started++) {
		struct worker *it = &w->workers[w->started];

		it->pool = w;
		it->index = w->started;
		if (pthread_create(&it->thread, NULL, worker_main, it) != 0) {
			workers_free(w);
			return NULL;
		}
	}
	return w;
}

void workers_free(struct workers *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_broadcast(&w->begins);
	pthread_mutex_unlock(&w->lock);
	for (unsigned i = 1; i < w->started; i++)
		pthread_join(w->workers[i].thread, NULL);
	pthread_cond_destroy(&w->begins);
	pthread_cond_destroy(&w->ended);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

void workers_run(void *self, void (*work)(void *arg, unsigned worker), void *arg)
{
	struct workers *w = self;

	pthread_mutex_lock(&w->lock);
	w->work = work;
	w->arg = arg;
	w->busy = w->count - 1;
	w->run++;
	pthread_cond_broadcast(&w->begins);
	pthread_mutex_unlock(&w->lock);
	work(arg, 0);
	pthread_mutex_lock(&w->lock);
	while (w->busy > 0)
		pthread_cond_wait(&w->ended, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

void workers_wait(void *self)
{
	(void)self;
	sched_yield();
}
