#include "io/seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io/syscalls.h"

#if defined(__x86_64__)
#define SECCOMP_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SECCOMP_ARCH AUDIT_ARCH_AARCH64
#else
#error "no seccomp filter for this architecture"
#endif

enum { SECCOMP_CODE_MAX = 1024 };

struct seccomp_code {
	struct sock_filter at[SECCOMP_CODE_MAX];
	unsigned short len;
	bool full;
};

static void seccomp_put(struct seccomp_code *c, struct sock_filter insn)
{
	if (c->len < SECCOMP_CODE_MAX)
		c->at[c->len++] = insn;
	else
		c->full = true;
}

static void seccomp_load(struct seccomp_code *c, uint32_t offset)
{
	seccomp_put(c, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void seccomp_return(struct seccomp_code *c, uint32_t verdict)
{
	seccomp_put(c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

/* Goes on in the next line where the accumulator, an argument, is as it must be; else `skip` lines further.
 */
static void seccomp_check(struct seccomp_code *c, const struct syscall_arg *a, uint8_t skip)
{
	uint32_t value = a->check == SYSCALL_SELF ? (uint32_t)getpid() : a->value;

	if (a->check == SYSCALL_WITHOUT)
		seccomp_put(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, value, skip, 0));
	else if (a->check == SYSCALL_WITH)
		seccomp_put(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, value, 0, skip));
	else
		seccomp_put(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip));
}

/* The accumulator is the call's number before and after it. */
static void seccomp_rule(struct seccomp_code *c, const struct syscall_rule *r)
{
	uint8_t checks = 0, rest;

	while (checks < SYSCALL_ARGS_MAX && r->args[checks].check != SYSCALL_ANY)
		checks++;
	rest = checks ? 2 * checks + 2 : 1; /* the checks, the verdict, the number again */
	seccomp_put(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)r->number, 0, rest));
	for (uint8_t i = 0; i < checks; i++) {
		seccomp_load(c, (uint32_t)offsetof(struct seccomp_data, args[0]) + 8u * r->args[i].index);
		seccomp_check(c, &r->args[i], (uint8_t)(2 * (checks - i) - 1));
	}
	seccomp_return(c, r->error ? SECCOMP_RET_ERRNO | (uint32_t)r->error : SECCOMP_RET_ALLOW);
	if (checks)
		seccomp_load(c, offsetof(struct seccomp_data, nr));
}

bool seccomp_enter(const struct sandbox *s)
{
	uint32_t refuse = s->kill_on_violation ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM;
	struct seccomp_code c = { .len = 0 };
	struct sock_fprog prog;
	size_t count;
	const struct syscall_rule *rules = syscall_rules(&count);

	seccomp_load(&c, offsetof(struct seccomp_data, arch));
	seccomp_put(&c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SECCOMP_ARCH, 1, 0));
	seccomp_return(&c, SECCOMP_RET_KILL_PROCESS);
	seccomp_load(&c, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		if (rules[i].who & (s->may | SANDBOX_BASE))
			seccomp_rule(&c, &rules[i]);
	seccomp_return(&c, refuse);
	if (c.full) {
		errno = ENOSPC;
		return false;
	}
	prog = (struct sock_fprog){ c.len, c.at };
	/* For threads that libraries may have started, too. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &prog) == 0;
}
