#include "io/sctp/test_node.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * libusrsctp does not survive a fork, so children come from a process that never opens it. It reads
 * jobs and answers with pids.
 */
static int node_zygote = -1;

static void node_up(void *arg, uint64_t assoc, const struct io_sctp_up *up)
{
	struct node *n = arg;

	n->assoc = assoc;
	n->up = *up;
	n->ups++;
	memset(n->next, 0, sizeof(n->next));
}

static void node_down(void *arg, uint64_t assoc, enum io_sctp_down why)
{
	struct node *n = arg;

	n->downs++;
	n->why = why;
	if (n->assoc == assoc)
		n->assoc = 0;
}

static void node_data(void *arg, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	struct node *n = arg;
	uint32_t number = 0;

	n->messages++;
	n->ppid = ppid;
	n->last_len = data.len;
	if (n->echo) {
		may_fail(io_sctp_send(n->sctp, assoc, stream, ppid, data)); /* the other end counts echoes */
		return;
	}
	if (data.len >= sizeof(number))
		memcpy(&number, data.data, sizeof(number));
	n->disorder += number != n->next[stream % NODE_ECHO_STREAMS]++;
}

static void node_addr_change(void *arg, uint64_t assoc, const struct addr *now)
{
	struct node *n = arg;

	n->moves++;
	n->moved_to = *now;
}

bool node_open(struct node *n, const struct io_sctp_config *config)
{
	*n = (struct node){ .loop = loop_new() };
	n->sctp = n->loop ? io_sctp_open(n->loop, config, NULL) : NULL;
	n->user = (struct io_sctp_user){ node_up, node_down, node_data, node_addr_change, n };
	return n->sctp != NULL;
}

void node_close(struct node *n)
{
	io_sctp_free(n->sctp);
	loop_free(n->loop);
}

bool node_wait(struct node *n, const unsigned *counter, unsigned value, unsigned timeout_ms)
{
	uint64_t end = loop_now_ns(n->loop) + (uint64_t)timeout_ms * NS_PER_MS;

	while (*counter < value) {
		uint64_t now = loop_now_ns(n->loop);

		if (now >= end || !loop_turn(n->loop, end - now))
			return false;
	}
	return true;
}

void node_run(struct node *n, unsigned ms)
{
	static const unsigned never;

	node_wait(n, &never, 1, ms);
}

struct addr node_addr(const char *text, uint16_t port)
{
	struct addr a;

	if (!addr_parse(text, &a))
		abort();
	a.port = port;
	return a;
}

/* What a child does: echoes on `local`, or connects to `peer` from `local` and keeps quiet. */
struct node_job {
	struct io_sctp_config config;
	struct addr local, peer;
};

static void node_child(const struct node_job *job, int ready)
{
	struct node n;
	bool ok;

	signal(SIGSEGV, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!node_open(&n, &job->config))
		_exit(1);
	n.echo = true;
	ok = job->peer.len ? io_sctp_connect(n.sctp, &job->local, &job->peer, &n.user) != 0
			   : io_sctp_listen(n.sctp, &job->local, 1, &n.user);
	if (!ok || write(ready, "r", 1) != 1)
		_exit(2);
	_exit(loop_run(n.loop) ? 0 : 2);
}

static void node_zygote_run(int fd)
{
	struct node_job job;

	signal(SIGCHLD, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(fd, &job, sizeof(job)) == sizeof(job)) {
		int ready[2];
		char octet = 0;
		pid_t pid = pipe(ready) == 0 ? fork() : -1;

		if (pid == 0) {
			close(fd);
			close(ready[0]);
			node_child(&job, ready[1]);
		}
		close(ready[1]);
		if (read(ready[0], &octet, 1) != 1)
			pid = -1;
		close(ready[0]);
		if (write(fd, &pid, sizeof(pid)) != sizeof(pid))
			break;
	}
	_exit(0);
}

bool node_zygote_start(void)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		node_zygote_run(pair[1]);
	}
	close(pair[1]);
	node_zygote = pair[0];
	return pid > 0;
}

pid_t node_fork(const struct io_sctp_config *config, const struct addr *local, const struct addr *peer)
{
	struct node_job job = { .config = *config, .local = *local };
	pid_t pid = -1;

	if (peer)
		job.peer = *peer;
	if (write(node_zygote, &job, sizeof(job)) != sizeof(job) ||
		read(node_zygote, &pid, sizeof(pid)) != sizeof(pid))
		return -1;
	return pid;
}

void node_kill(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	while (kill(pid, 0) == 0)
		usleep(1000);
}
