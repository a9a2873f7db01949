#include "io/syscalls.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/prctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "io/sandbox.h"

enum {
	BASE = SANDBOX_BASE,
	FILES = SANDBOX_FILES,
	OPEN = SANDBOX_OPEN,
	THREADS = SANDBOX_THREADS,
	ACCEPT = SANDBOX_ACCEPT,
	SCTP = SANDBOX_SCTP,
	NETLINK = SANDBOX_NETLINK,
	PROGRAMS = SANDBOX_PROGRAMS,
	CONNECT = SANDBOX_CONNECT,
	ASK = SANDBOX_ASK,
	DEVICE = SANDBOX_DEVICE,
	REACH = SANDBOX_REACH,
};

/* clang-format off */
#define CALL(name, who) { SYS_##name, #name, who, NULL, { { 0 } }, 0 }
#define CALL_IF(name, who, only, ...) { SYS_##name, #name, who, only, { __VA_ARGS__ }, 0 }

static const struct syscall_rule rules[] = {
	/* descriptors that are open */
	CALL(read, BASE),
	CALL(write, BASE),
	CALL(readv, BASE),
	CALL(writev, BASE),
	CALL(pread64, BASE),
	CALL(pwrite64, BASE),
	CALL(pwritev, BASE),
	CALL(close, BASE),
	CALL(lseek, BASE),
	CALL(fcntl, BASE),
	CALL(fstat, BASE),
	CALL(newfstatat, BASE),
	CALL(epoll_ctl, BASE),
	CALL(epoll_pwait, BASE),
	CALL(epoll_pwait2, BASE),
	CALL(ppoll, BASE),
	/* sockets that are open */
	CALL(recvfrom, BASE),
	CALL(recvmsg, BASE),
	CALL(recvmmsg, BASE),
	CALL(sendto, BASE),
	CALL(sendmsg, BASE),
	CALL(sendmmsg, BASE),
	CALL(shutdown, BASE),
	CALL(getsockname, BASE),
	CALL(getpeername, BASE),
	CALL(getsockopt, BASE),
	CALL(setsockopt, BASE),
	/* memory that is never executable, or becomes it */
	CALL_IF(mmap, BASE, "not executable", { SYSCALL_WITHOUT, 2, PROT_EXEC }),
	CALL_IF(mprotect, BASE, "not executable", { SYSCALL_WITHOUT, 2, PROT_EXEC }),
	CALL(munmap, BASE),
	CALL(mremap, BASE),
	CALL(madvise, BASE),
	CALL(brk, BASE),
	/* time, chance, the process itself */
	CALL(clock_gettime, BASE),
	CALL(clock_nanosleep, BASE),
	CALL(gettimeofday, BASE),
	CALL(nanosleep, BASE),
	CALL(getrandom, BASE),
	CALL(getpid, BASE),
	CALL(gettid, BASE),
	CALL(getrusage, BASE),
	CALL(sysinfo, BASE),
	CALL(futex, BASE),
	CALL(rt_sigaction, BASE),
	CALL(rt_sigprocmask, BASE),
	CALL(rt_sigreturn, BASE),
	CALL(sigaltstack, BASE), /* sanitizers, where a thread ends */
	CALL(restart_syscall, BASE),
	CALL_IF(tgkill, BASE, "itself, to abort", { SYSCALL_SELF, 0, 0 }),
	CALL_IF(prctl, BASE, "a thread's name", { SYSCALL_EQUAL, 0, PR_SET_NAME }),
	CALL(set_robust_list, BASE), /* a thread that a library began right before */
	CALL(rseq, BASE),
#ifdef __SANITIZE_ADDRESS__ /* which asks in such a thread where its stack is */
	CALL(sched_getaffinity, BASE),
#endif
	CALL(exit, BASE),
	CALL(exit_group, BASE),
#ifdef __x86_64__ /* older calls that a libc may still use */
	CALL(poll, BASE),
	CALL(epoll_wait, BASE),
	CALL(time, BASE),
#endif

	/* files: which ones, Landlock decides; nobody changes modes or owners */
	CALL(openat, OPEN),
	CALL(dup3, OPEN), /* a log file that begins again takes the old one's number */
	CALL(fsync, FILES),
	CALL(fdatasync, FILES),
	CALL(ftruncate, FILES),
	CALL(fallocate, FILES), /* room for an import is kept ahead */
	CALL(msync, FILES),
	CALL(unlinkat, FILES),
	CALL(renameat, FILES),
	CALL(renameat2, FILES),
	CALL(statfs, FILES),
	CALL(fstatfs, FILES),
	CALL(uname, FILES), /* LMDB asks for the kernel's version */
#ifdef __x86_64__
	CALL(open, OPEN),
	CALL(stat, FILES),
	CALL(unlink, FILES),
	CALL(rename, FILES),
#endif

	/* threads, but no processes: clone3 hides its flags in memory, so the libc is sent back to clone */
	CALL_IF(clone, THREADS, "threads only", { SYSCALL_WITH, 0, CLONE_THREAD }),
	{ SYS_clone3, "clone3", THREADS, "never", { { 0 } }, ENOSYS },
	CALL(sched_yield, THREADS),
	CALL(sched_getaffinity, THREADS),

	CALL(accept4, ACCEPT),

	/* associations of the kernel's SCTP: each has a socket of its own */
	CALL_IF(socket, SCTP, "SCTP only", { SYSCALL_EQUAL, 2, IPPROTO_SCTP }),
	CALL(bind, SCTP),
	CALL(connect, SCTP | CONNECT),
	CALL(accept4, SCTP),

	CALL_IF(socket, NETLINK, "routing only", { SYSCALL_EQUAL, 0, AF_NETLINK },
		{ SYSCALL_EQUAL, 2, NETLINK_ROUTE }),

	CALL_IF(socket, ASK, "Unix sockets only", { SYSCALL_EQUAL, 0, AF_UNIX }),
	CALL(connect, ASK),

	/* to hosts and ports that nobody knows before: a name is asked for first */
	CALL_IF(socket, REACH, "not SCTP", { SYSCALL_EQUAL, 0, AF_INET }, { SYSCALL_WITHOUT, 2, 0x80 }),
	CALL_IF(socket, REACH, "not SCTP", { SYSCALL_EQUAL, 0, AF_INET6 }, { SYSCALL_WITHOUT, 2, 0x80 }),
	CALL_IF(socket, REACH, "Unix sockets", { SYSCALL_EQUAL, 0, AF_UNIX }),
	CALL(connect, REACH),
	CALL(uname, REACH), /* this host's name: in lines of syslog, and the resolver's domain */
	CALL(ioctl, DEVICE),
	CALL(sched_setscheduler, DEVICE), /* without the capability, to a lower one alone */

	/* what programs need to begin: the supervisor's alone, and its children's until they give it up */
	CALL(execve, PROGRAMS),
	CALL(clone, PROGRAMS),
	CALL(clone3, PROGRAMS),
	CALL(wait4, PROGRAMS),
	CALL(waitid, PROGRAMS),
	CALL(kill, PROGRAMS),
	CALL(tgkill, PROGRAMS),
	CALL(tkill, PROGRAMS),
	CALL(mmap, PROGRAMS),
	CALL(mprotect, PROGRAMS),
	CALL(mincore, PROGRAMS),
	CALL(mlock, PROGRAMS),
	CALL(munlock, PROGRAMS),
	CALL(prctl, PROGRAMS),
	CALL(prlimit64, PROGRAMS),
	CALL(capget, PROGRAMS),
	CALL(capset, PROGRAMS),
	CALL(seccomp, PROGRAMS),
	CALL(landlock_create_ruleset, PROGRAMS),
	CALL(landlock_add_rule, PROGRAMS),
	CALL(landlock_restrict_self, PROGRAMS),
	CALL(setns, PROGRAMS),
	CALL(bpf, PROGRAMS),
	CALL(socket, PROGRAMS),
	CALL(socketpair, PROGRAMS),
	CALL(bind, PROGRAMS),
	CALL(listen, PROGRAMS),
	CALL(connect, PROGRAMS),
	CALL(accept4, PROGRAMS),
	CALL(ioctl, PROGRAMS),
	CALL(dup, PROGRAMS),
	CALL(dup3, PROGRAMS),
	CALL(pipe2, PROGRAMS),
	CALL(eventfd2, PROGRAMS),
	CALL(timerfd_create, PROGRAMS),
	CALL(timerfd_settime, PROGRAMS),
	CALL(signalfd4, PROGRAMS),
	CALL(epoll_create1, PROGRAMS),
	CALL(pselect6, PROGRAMS),
	CALL(openat, PROGRAMS),
	CALL(fsync, PROGRAMS),
	CALL(fdatasync, PROGRAMS),
	CALL(ftruncate, PROGRAMS),
	CALL(fallocate, PROGRAMS),
	CALL(flock, PROGRAMS),
	CALL(unlinkat, PROGRAMS),
	CALL(renameat, PROGRAMS),
	CALL(renameat2, PROGRAMS),
	CALL(mkdirat, PROGRAMS),
	CALL(fchmod, PROGRAMS),
	CALL(fchmodat, PROGRAMS),
	CALL(getdents64, PROGRAMS),
	CALL(faccessat, PROGRAMS),
	CALL(faccessat2, PROGRAMS),
	CALL(readlinkat, PROGRAMS),
	CALL(statx, PROGRAMS),
	CALL(statfs, PROGRAMS),
	CALL(fstatfs, PROGRAMS),
	CALL(getcwd, PROGRAMS),
	CALL(umask, PROGRAMS),
	CALL(msync, PROGRAMS),
	CALL(preadv, PROGRAMS),
	CALL(fadvise64, PROGRAMS),
	CALL(uname, PROGRAMS),
	CALL(getppid, PROGRAMS),
	CALL(getpgid, PROGRAMS),
	CALL(getsid, PROGRAMS),
	CALL(getuid, PROGRAMS),
	CALL(geteuid, PROGRAMS),
	CALL(getgid, PROGRAMS),
	CALL(getegid, PROGRAMS),
	CALL(getresuid, PROGRAMS),
	CALL(getresgid, PROGRAMS),
	CALL(getgroups, PROGRAMS),
	CALL(clock_getres, PROGRAMS),
	CALL(set_tid_address, PROGRAMS),
	CALL(membarrier, PROGRAMS),
	CALL(sched_yield, PROGRAMS),
	CALL(sched_getaffinity, PROGRAMS),
	CALL(rt_sigtimedwait, PROGRAMS),
	CALL(rt_sigpending, PROGRAMS),
	CALL(rt_sigsuspend, PROGRAMS),
#ifdef __x86_64__
	CALL(fork, PROGRAMS),
	CALL(vfork, PROGRAMS),
	CALL(arch_prctl, PROGRAMS),
	CALL(open, PROGRAMS),
	CALL(stat, PROGRAMS),
	CALL(lstat, PROGRAMS),
	CALL(access, PROGRAMS),
	CALL(select, PROGRAMS),
	CALL(dup2, PROGRAMS),
	CALL(pipe, PROGRAMS),
	CALL(unlink, PROGRAMS),
	CALL(rename, PROGRAMS),
	CALL(mkdir, PROGRAMS),
	CALL(rmdir, PROGRAMS),
	CALL(readlink, PROGRAMS),
	CALL(chmod, PROGRAMS),
	CALL(getpgrp, PROGRAMS),
#endif
};
/* clang-format on */

const struct syscall_rule *syscall_rules(size_t *count)
{
	*count = ARRAY_LEN(rules);
	return rules;
}
