/*
 * What a process may still do after its start: law 7. Declared in a struct; everything else is
 * given up for good. A system call outside the list fails with EPERM and is not fatal, so a missed
 * one degrades instead of killing a network; `kill_on_violation` is for tests.
 */
#pragma once

#include "base/bytes.h"

enum { SANDBOX_PATHS_MAX = 16, SANDBOX_CAPS_MAX = 8 };

struct sandbox_path {
	const char *path;
	bool write; /* else read only */
};

struct sandbox {
	const struct sandbox_path *paths; /* what stays visible of the file system; others cannot be opened */
	size_t path_count;
	const int *caps; /* capabilities kept (CAP_NET_RAW ...); the others are dropped */
	size_t cap_count;
	bool threads; /* may start threads */
	bool sockets; /* may open further sockets */
	bool exec;    /* may run programs and fork */
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
