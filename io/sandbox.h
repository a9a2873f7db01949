/*
 * What a process may still do after its start: law 7. Declared in a struct; everything else is
 * given up for good. A system call outside the list fails with EPERM and is not fatal, so a missed
 * one degrades instead of killing a network; `kill_on_violation` is for tests.
 */
#pragma once

#include "base/bytes.h"

enum { SANDBOX_PATHS_MAX = 16, SANDBOX_CAPS_MAX = 16 };

enum sandbox_access {
	SANDBOX_TO_READ,
	SANDBOX_TO_MAKE,  /* and to make files and write them, but not to remove any */
	SANDBOX_TO_WRITE, /* and to remove and rename them */
};

struct sandbox_path {
	const char *path;
	uint8_t access; /* enum sandbox_access */
};

/* What a process may do beyond working with what is open; the calls of each are in io/syscalls.c. */
enum sandbox_may {
	SANDBOX_BASE = 1u << 0,    /* everybody */
	SANDBOX_OPEN = 1u << 1,    /* open and make files, where its paths let it */
	SANDBOX_FILES = 1u << 6,   /* rename and remove files, where its paths let it */
	SANDBOX_THREADS = 1u << 2, /* start threads */
	SANDBOX_ACCEPT = 1u << 3,  /* accept connections where it listens */
	SANDBOX_SCTP = 1u << 4,    /* open sockets of the kernel's SCTP */
	SANDBOX_NETLINK =
		1u << 5,       /* ask and change the network's configuration, as its capabilities let it */
	SANDBOX_ASK = 1u << 9, /* connect to sockets of this host's processes */
	SANDBOX_PROGRAMS = 1u << 7, /* run programs, with the capabilities that are kept */
	SANDBOX_CONNECT = 1u << 8,  /* connect the sockets it has, also again */
	SANDBOX_REACH = 1u << 11,   /* open sockets of TCP, UDP and this host's processes, and connect them */
	SANDBOX_DEVICE = 1u << 10,  /* what the driver of a radio device asks of it, which is open */
};

struct sandbox {
	const char *name;                 /* the process is shown as freehold-NAME; NULL: as it was */
	const struct sandbox_path *paths; /* what stays visible of the file system; others cannot be opened */
	size_t path_count;
	const int *caps; /* capabilities kept (CAP_NET_RAW ...); the others are dropped */
	size_t cap_count;
	uint32_t may;   /* SANDBOX_... */
	bool all_paths; /* files are not confined: paths is not looked at */
	bool kill_on_violation;
};

/* What came of it, for the log. */
struct sandbox_result {
	bool caps, no_new_privs, seccomp, landlock; /* in force */
	int landlock_abi;                           /* 0: the kernel has none */
};

/* Call it last, in the only thread, when all sockets and files are open. False (errno): something the kernel
 * offers could not be put in force. */
MUST_USE bool sandbox_enter(const struct sandbox *s, struct sandbox_result *result);
