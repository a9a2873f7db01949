/* What every process of the network has: a loop, an env, a log on stderr, an outbox and a binding. */
#pragma once

#include "io/bind.h"
#include "io/env.h"
#include "io/record.h"
#include "ops/confinement.h"
#include "ops/message_log.h"
#include "ops/network.h"

enum { PROCESS_OUTBOX_MAX = 64 << 20, PROCESS_CONFIG_MAX = 1 << 20 };

struct process_thread;

struct process {
	struct loop *loop;
	struct io_env env;
	struct io_log log;
	struct outbox outbox;
	struct bind *bind;
	struct recorder recorder;
	struct message_log messages;
	const char *file;        /* of the configuration, which SIGHUP reads again */
	struct network *network; /* as it is in force */
	/* Wipes in a configuration read again what `network` has no longer; NULL: nothing. */
	void (*forget)(struct network *again);
	void (*reload)(void *arg); /* network has taken its live keys anew; NULL: log_level was all */
	void *reload_arg;
	void (*leave)(void *arg); /* on SIGUSR2 the part is to be without users; NULL: it ends with them */
	void *leave_arg;
	bool realtime; /* a radio's slots are run by its threads, or without any by its loop */
	struct process_thread *threads;
	struct loop_hook watchdog; /* reports to systemd that the loop turns */
	uint64_t alive_ns;         /* when it is due */
};

/* Another room in the same process, with an env, an outbox and a binding of its own. */
struct process_part {
	struct io_env env;
	struct outbox outbox;
	struct bind *bind;
	struct recorder recorder;
	struct message_log messages;
};

bool process_part_begin(struct process *p, struct process_part *part);
void process_part_end(struct process_part *part);

/* The log begins, in log_file where there is one. file is n's. False with a message on stderr. */
bool process_begin(struct process *p, struct network *n, const char *file);
void process_end(struct process *p);

/*
 * Records a room into a new file at path (NULL: not at all), called right before the room is made; head
 * without its configuration, which is read from file. recorder_ready follows once the room is. False with a
 * message on stderr.
 */
struct process_room {
	struct loop *loop;
	struct env *env;
	struct bind *bind;
};
bool process_record(struct recorder *r, const struct process_room *room, const char *path,
	struct record_head *head, const char *file);

/* The directory of a file. */
void process_folder_of(const char *file, char folder[NETWORK_PATH_SIZE]);

/* Says on stderr that an address of the configuration, `member` of its struct, could not be opened: where the
 * file has it, and by errno why. */
void process_cannot_open(const struct process *p, const char *role, const struct addr *member);

/* What SIGHUP asks for: the log file is opened again, and the configuration read: its live keys are taken,
 * every other key that differs is named as one for the next start. */
/* False with what is wrong in error: the configuration stays as it was. */
bool process_read_again(struct process *p, char error[CONFIG_ERROR_SIZE]);
/* Answers a control socket's request "reload", for the same; BYTES_NONE: it is another. The answer is valid
 * until the next call. */
struct bytes process_answer(struct process *p, struct bytes request);

/* Gives up what `may` does not name (law 7), then runs until SIGINT or SIGTERM. */
bool process_run(struct process *p, const struct sandbox *may);
/* After that, a moment for what the rooms still had to send. */
void process_linger(struct process *p);
/* Likewise, until its associations have ended or half a second has passed. */
void process_linger_sctp(struct process *p, const struct io_sctp *sctp);

/* SCTP as configured, to listen (its UDP port is our own) or to connect (it is the peer's). NULL with a
 * message on stderr. */
struct network_sctp;
struct io_sctp *process_sctp(struct process *p, const struct network_sctp *c, bool listens);
