/* The system calls that confined processes may make, who may, and with which arguments: data, for the filter
 * (io/seccomp.c), for `freehold sandbox` and for the test that compares it with what processes do. */
#pragma once

#include "base/bytes.h"

enum syscall_check {
	SYSCALL_ANY,
	SYSCALL_EQUAL,   /* the argument is the value */
	SYSCALL_WITH,    /* has all its bits */
	SYSCALL_WITHOUT, /* has none of them */
	SYSCALL_SELF,    /* is this process */
};

/* The lower 32 bits of an argument; wider ones are not checked. */
struct syscall_arg {
	enum syscall_check check;
	uint8_t index;
	uint32_t value;
};

enum { SYSCALL_ARGS_MAX = 2 };

struct syscall_rule {
	int number;
	const char *name;
	uint32_t who;     /* SANDBOX_... bits, each of which may */
	const char *only; /* the arguments' meaning, for people; NULL: any */
	struct syscall_arg args[SYSCALL_ARGS_MAX];
	int error; /* instead of being allowed it fails with this, for the libc to go another way */
};

/* The first that fits decides; what fits none is refused. */
const struct syscall_rule *syscall_rules(size_t *count);
