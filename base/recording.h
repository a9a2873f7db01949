/*
 * What a room heard of the world, in order: messages, time, chance, and what it sent; with the configuration
 * and the store it began with, so that it can be run again over the same (sim/replay.h). Pure: the octets go
 * to a function and come from memory. A recording holds the store, chance and messages in plain, so every key
 * can be found from it: whoever keeps one keeps it as the store itself.
 */
#pragma once

#include "base/cursor.h"
#include "base/room.h"
#include "base/store.h"

enum record_kind {
	RECORD_HEAD =
		1,    /* text: the role; configuration, secrets; start_ns; what else the start depends on */
	RECORD_ENTRY, /* of the store at the start: table, key, value */
	RECORD_READY, /* the room is made */
	RECORD_IN,    /* now_ns, message */
	RECORD_DEADLINE, /* now_ns */
	RECORD_UTC,      /* number: ms since 1970 */
	RECORD_RANDOM,   /* octets */
	RECORD_OUT,      /* message, as it left */
	RECORD_TURN,     /* number: 1 the turn is kept, 0 lost */
	RECORD_FULL,     /* the limit is reached: nothing follows */
	RECORD_END,      /* the process ended as it was asked to */
};

enum { RECORD_ROLE_SIZE = 16, RECORD_MAX = 1 << 24 }; /* octets of one record */

/* How a room began. */
struct record_head {
	char role[RECORD_ROLE_SIZE]; /* "core", "gnb", "ue" */
	uint64_t start_ns;
	bool counts_lost;     /* core_new */
	uint8_t part;         /* which of the configuration's gNBs or UEs */
	struct bytes config;  /* network.yaml */
	struct bytes secrets; /* the file beside the store; empty where there is none */
};

/* One record; which members are set follows from its kind. Views point into the recording. */
struct record_item {
	enum record_kind kind;
	uint64_t now_ns, number;
	struct record_head head;
	enum store_table table;
	struct bytes key, value; /* value: also the octets of chance */
	struct msg msg;
};

/* The writing end. */
struct recording {
	/* False: it could not be written; nothing is recorded from then on. */
	bool (*write)(void *arg, struct bytes octets);
	void *arg;
	uint64_t left; /* octets that it may still become */
	bool ended;    /* by its limit, a failure or RECORD_END */
};

void recording_init(
	struct recording *r, uint64_t limit, bool (*write)(void *arg, struct bytes octets), void *arg);

void recording_head(struct recording *r, const struct record_head *head);
/* What the store holds; false when it cannot be read whole. */
MUST_USE bool recording_store(struct recording *r, struct store *store);
void recording_in(struct recording *r, uint64_t now_ns, const struct msg *m);
void recording_out(struct recording *r, const struct msg *m);
void recording_random(struct recording *r, struct bytes octets);
/* RECORD_READY, _DEADLINE, _UTC, _TURN, _END: with what number means for them. */
void recording_mark(struct recording *r, enum record_kind kind, uint64_t number);

/* The next record of what `c` is over. False at the end, or (failed) where it is damaged or cut short. */
bool recording_next(struct cursor *c, struct record_item *item);
/* Whether it is one, of this form; c stands at its first record then. */
bool recording_begins(struct cursor *c);
