#include "io/seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define SECCOMP_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SECCOMP_ARCH AUDIT_ARCH_AARCH64
#else
#error "no seccomp filter for this architecture"
#endif

enum { SECCOMP_CODE_MAX = 512 };

/* What any of our processes does after its start. */
static const int seccomp_base[] = {
	/* descriptors */
	SYS_read,
	SYS_write,
	SYS_readv,
	SYS_writev,
	SYS_pread64,
	SYS_pwrite64,
	SYS_preadv,
	SYS_pwritev,
	SYS_close,
	SYS_lseek,
	SYS_fcntl,
	SYS_dup,
	SYS_dup3,
	SYS_pipe2,
	SYS_eventfd2,
	SYS_timerfd_create,
	SYS_timerfd_settime,
	SYS_signalfd4,
	SYS_epoll_create1,
	SYS_epoll_ctl,
	SYS_epoll_pwait,
	SYS_epoll_pwait2,
	SYS_ppoll,
	SYS_pselect6,
	/* sockets that are open */
	SYS_recvfrom,
	SYS_recvmsg,
	SYS_recvmmsg,
	SYS_sendto,
	SYS_sendmsg,
	SYS_sendmmsg,
	SYS_accept,
	SYS_accept4,
	SYS_shutdown,
	SYS_getsockname,
	SYS_getpeername,
	SYS_getsockopt,
	SYS_setsockopt,
	/* files; which ones, Landlock decides */
	SYS_openat,
	SYS_fstat,
	SYS_newfstatat,
	SYS_statx,
	SYS_fsync,
	SYS_fdatasync,
	SYS_ftruncate,
	SYS_fallocate,
	SYS_flock,
	SYS_unlinkat,
	SYS_renameat,
	SYS_renameat2,
	SYS_mkdirat,
	SYS_getdents64,
	SYS_faccessat,
	SYS_faccessat2,
	SYS_readlinkat,
	SYS_getcwd,
	SYS_umask,
	SYS_fchmod,
	SYS_statfs,
	SYS_fstatfs,
	/* memory */
	SYS_mmap,
	SYS_mprotect,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_brk,
	SYS_msync,
	SYS_mincore,
	/* time, chance, the process itself */
	SYS_clock_gettime,
	SYS_clock_getres,
	SYS_clock_nanosleep,
	SYS_gettimeofday,
	SYS_nanosleep,
	SYS_getrandom,
	SYS_getpid,
	SYS_gettid,
	SYS_getppid,
	SYS_getuid,
	SYS_geteuid,
	SYS_getgid,
	SYS_getegid,
	SYS_getrusage,
	SYS_uname,
	SYS_sysinfo,
	SYS_prlimit64,
	SYS_prctl,
	SYS_futex,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_membarrier,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_rt_sigtimedwait,
	SYS_sigaltstack,
	SYS_restart_syscall,
	SYS_tgkill,
	SYS_exit,
	SYS_exit_group,
#ifdef __x86_64__ /* older calls that its libc may still use */
	SYS_open,
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_poll,
	SYS_select,
	SYS_epoll_wait,
	SYS_dup2,
	SYS_pipe,
	SYS_unlink,
	SYS_rename,
	SYS_mkdir,
	SYS_rmdir,
	SYS_readlink,
	SYS_chmod,
	SYS_time,
#endif
};

static const int seccomp_sockets[] = {
	SYS_socket,
	SYS_socketpair,
	SYS_bind,
	SYS_listen,
	SYS_connect,
	SYS_ioctl,
};

static const int seccomp_exec[] = {
	SYS_clone,
	SYS_clone3,
	SYS_execve,
	SYS_execveat,
	SYS_wait4,
	SYS_waitid,
	SYS_kill,
#ifdef __x86_64__
	SYS_fork,
	SYS_vfork,
#endif
};

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

/* If the accumulator is `value`, ends with `verdict`. */
static void seccomp_if(struct seccomp_code *c, uint32_t value, uint32_t verdict)
{
	seccomp_put(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
	seccomp_put(c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

static void seccomp_allow(struct seccomp_code *c, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		seccomp_if(c, (uint32_t)calls[i], SECCOMP_RET_ALLOW);
}

static void seccomp_load(struct seccomp_code *c, uint32_t offset)
{
	seccomp_put(c, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

/* Threads, but no processes: clone3 hides its flags in memory, so the libc is sent back to clone. */
static void seccomp_threads(struct seccomp_code *c, uint32_t refuse)
{
	seccomp_if(c, SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
	seccomp_put(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4));
	seccomp_load(c, offsetof(struct seccomp_data, args[0]));
	seccomp_put(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1));
	seccomp_put(c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	seccomp_put(c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refuse));
}

bool seccomp_enter(const struct sandbox *s)
{
	uint32_t refuse = s->kill_on_violation ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM;
	struct seccomp_code c = { .len = 0 };
	struct sock_fprog prog;

	seccomp_load(&c, offsetof(struct seccomp_data, arch));
	seccomp_put(&c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SECCOMP_ARCH, 1, 0));
	seccomp_put(&c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
	seccomp_load(&c, offsetof(struct seccomp_data, nr));
	seccomp_allow(&c, seccomp_base, ARRAY_LEN(seccomp_base));
	if (s->sockets)
		seccomp_allow(&c, seccomp_sockets, ARRAY_LEN(seccomp_sockets));
	if (s->exec)
		seccomp_allow(&c, seccomp_exec, ARRAY_LEN(seccomp_exec));
	else if (s->threads)
		seccomp_threads(&c, refuse);
	seccomp_put(&c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refuse));
	if (c.full) {
		errno = ENOSPC;
		return false;
	}
	prog = (struct sock_fprog){ c.len, c.at };
	/* For threads that libraries may have started, too. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &prog) == 0;
}
