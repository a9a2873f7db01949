/* Inside a device: what its thread and the loop share. */
#pragma once

#include <pthread.h>

#include "io/sdr/device.h"
#include "io/sdr/ring.h"
#include "io/sdr/soapy.h"
#include "io/sdr/times.h"

enum { DEVICE_STATS = sizeof(struct device_stats) / sizeof(uint64_t) };

#define DEVICE_STAT(member) (offsetof(struct device_stats, member) / sizeof(uint64_t))

struct device {
	struct loop *loop;
	struct log *log;
	struct device_config config;
	struct device_user user;
	struct soapy soapy;
	SoapySDRDevice *sdr;
	SoapySDRStream *in, *out;
	size_t block; /* samples */
	float gain;   /* of level_db */
	struct ring received, sent;
	_Atomic uint64_t stats[DEVICE_STATS];
	struct device_times times;
	struct device_stats shown;
	/* The thread's. */
	pthread_t thread;
	bool running;
	atomic_bool stop;
	bool timed;                /* it has a first time */
	long long first_ns;        /* device time of sample 0 */
	uint64_t next;             /* sample that is read next */
	unsigned silent;           /* reads in a row that brought nothing */
	float *burst;              /* a block: what is written, in full scale; what is read and dropped */
	const char *_Atomic wrong; /* why it ended; NULL: it runs */
	/* The loop's. */
	struct loop_watch watch; /* of an eventfd: blocks have come, or it ended */
	float *silence;
	bool up;
	uint64_t expected; /* sample that comes next */
	uint64_t next_out; /* number of the next that is sent */
	uint64_t work_ns;  /* on the millisecond under way */
};

static inline void device_count(struct device *d, size_t stat, uint64_t n)
{
	atomic_fetch_add_explicit(&d->stats[stat], n, memory_order_relaxed);
}

/* thread.c: there is something for the loop. */
void device_tell_loop(struct device *d);
/* Reads and writes until stop, or until wrong. */
void *device_main(void *arg);
