/* What the two kinds of SCTP share behind io/sctp.h. */
#pragma once

#include "io/sctp/sctp.h"

struct io_sctp_ops {
	void (*free)(struct io_sctp *s);
	bool (*listen)(
		struct io_sctp *s, const struct addr *local, size_t count, const struct io_sctp_user *user);
	bool (*reserve)(
		struct io_sctp *s, const struct addr *local, uint16_t count); /* NULL: needs nothing */
	uint64_t (*connect)(struct io_sctp *s, const struct addr *local, const struct addr *peer,
		const struct io_sctp_user *user);
	bool (*send)(struct io_sctp *s, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data);
	void (*shutdown)(struct io_sctp *s, uint64_t assoc);
	void (*abort)(struct io_sctp *s, uint64_t assoc);
};

struct io_sctp {
	const struct io_sctp_ops *ops;
	enum io_sctp_mode mode;
	struct io_sctp_config config; /* with no zeros left */
	struct io_sctp_stats stats;
	struct loop *loop;
	struct log *log;
	size_t queued;      /* octets in the queues of all associations */
	uint32_t waited_us; /* of the message being handed over */
};

/* Handles: a slot of a table in the low bits, a count that never repeats above. */
enum { SCTP_SLOT_BITS = 20 };

static inline uint64_t sctp_handle(uint64_t serial, uint32_t slot)
{
	return serial << SCTP_SLOT_BITS | slot;
}

static inline uint32_t sctp_handle_slot(uint64_t handle)
{
	return (uint32_t)handle & ((1u << SCTP_SLOT_BITS) - 1);
}

/* Both take a config without zeros and the mode decided. NULL with errno. */
MUST_USE struct io_sctp *sctp_user_open(struct loop *l, const struct io_sctp_config *config, struct log *log);
MUST_USE struct io_sctp *sctp_kernel_open(
	struct loop *l, const struct io_sctp_config *config, struct log *log);

/* Whether the running kernel has SCTP. Asking may load its module. */
bool sctp_kernel_present(void);
/* Does it know all that we ask of it. */
bool sctp_kernel_usable(const struct io_sctp_config *config);
