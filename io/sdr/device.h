/*
 * A radio device with time stamps, by SoapySDR: as a stream of samples (io/zmq/samples.h) that has a clock of
 * its own. A thread of its own reads and writes the device; what was lost is silence, so that the number of a
 * sample is its time; what comes too late to be sent is not, and counted. The n-th sample that is sent goes
 * out when the n-th that came was received: who sends must be ahead of who receives, by more than the device
 * and its bus take.
 */
#pragma once

#include "base/bytes.h"
#include "base/log.h"
#include "base/stats.h"
#include "io/loop.h"

enum {
	DEVICE_BLOCKS_S = 4000, /* a second: what the device is read by */
	DEVICE_RING = 64,       /* blocks that wait, each way */
	DEVICE_GAP_MS = 1000,   /* that are made up for by silence; after a longer one both ways begin anew */
	DEVICE_SILENT_MS = 1000, /* a device that gives nothing any more */
};

/* Texts outlive it; "" is the device's own choice. */
struct device_config {
	const char *library; /* NULL: SoapySDR's */
	const char *args;    /* which: "driver=uhd,serial=..." */
	const char *receive_antenna, *transmit_antenna;
	double rate_hz, receive_hz, transmit_hz;
	double receive_gain_db, transmit_gain_db;
	double level_db;     /* by which what is sent is raised; 1.0 is the device's full scale */
	uint32_t advance_ns; /* by which it goes out earlier: what converters and cables take */
};

struct device_stats {        /* the figures of device_stat_group, in their order */
	uint64_t in, out;    /* samples */
	uint64_t overflows;  /* of the device: it was not read in time */
	uint64_t behind;     /* blocks that the loop did not take in time */
	uint64_t filled;     /* samples of silence in place of what was lost */
	uint64_t late;       /* blocks whose time was over before they were sent */
	uint64_t refused;    /* blocks that the device or its queue did not take */
	uint64_t underflows; /* of the device */
	uint64_t clipped;    /* values above full scale */
	uint64_t tamed;      /* values that were no number, or absurd */
	uint64_t begun;      /* times that the stream began */
};

extern const struct stat_group device_stat_group, device_time_group, device_worst_group;

/* Calls of the loop's callbacks; data is of whole samples, aligned to 64 octets, and valid during the call.
 */
struct device_user {
	void (*up)(void *arg);
	void (*data)(void *arg, struct bytes data);
	void (*down)(void *arg);
	void *arg;
};

struct device;

/* Before the process is confined. NULL, with the reason logged. A device that fails later ends the loop with
 * EIO: only a process that begins anew can open it again. */
MUST_USE struct device *device_open(
	struct loop *l, struct log *log, const struct device_config *c, const struct device_user *user);
void device_free(struct device *d);

/* Whole samples. False: no more are kept. */
MUST_USE bool device_send(struct device *d, struct bytes data);
struct device_stats device_stats(const struct device *d);
/* Those and the groups of times.h; valid until the next call. */
void device_figures(struct device *d, struct stats_list *l);
