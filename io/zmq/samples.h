/*
 * A stream of radio samples to and from another process, as open radio stacks join theirs for tests: fc32
 * (float I and Q one after the other, in the machine's order) over ZeroMQ. The transmit side listens as REP:
 * a request is answered with a block of samples; the receive side asks as REQ for one block after the other.
 * There are no time stamps: two ends in lock step each send as many samples as they take, plus a lead.
 */
#pragma once

#include "base/addr.h"
#include "base/stats.h"
#include "io/loop.h"

enum {
	SAMPLES_OCTETS = 8,             /* of one: float I, float Q */
	SAMPLES_BLOCK_MAX = 1 << 20,    /* octets of a block that is received */
	SAMPLES_ANSWER_MAX = 256 << 10, /* and of one that is sent */
	SAMPLES_QUEUE_MAX = 4 << 20,    /* octets that wait to be asked for */
};

/* Either may be of length 0: that side is not there. Port 0 of transmit: any. */
struct samples_config {
	struct addr transmit; /* where we listen */
	struct addr receive;  /* whom we ask */
};
