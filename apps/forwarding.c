#include "apps/forwarding.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ops/confinement.h"

#define LOG_ROOM "upf"

static const char path[] = "/proc/sys/net/ipv4/ip_forward";

static void forwarding_refused(void)
{
	fprintf(stderr,
		"freehold upf: net.ipv4.ip_forward: %m; switch it on yourself, or set forwarding: no\n");
}

static bool set(int fd, char on)
{
	return pwrite(fd, &on, 1, 0) == 1;
}

/* Waits for an octet, which asks for the setting to be put back, or for the end of the process. */
static void janitor(int setting, int asked)
{
	struct sandbox may = confinement(CONFINED_UPF_FORWARDING);
	struct sandbox_result result;
	char octet;
	ssize_t n;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	if (!sandbox_enter(&may, &result))
		_exit(1);
	while ((n = read(asked, &octet, 1)) < 0 && errno == EINTR)
		;
	if (n == 1) {
		octet = set(setting, '0') ? 0 : 1;
		n = write(asked, &octet, 1);
	}
	_exit(n == 1 ? 0 : 1);
}

static bool janitor_begin(struct forwarding *f)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		janitor(f->setting, ends[1]);
	}
	close(ends[1]);
	if (pid < 0)
		close(ends[0]);
	else
		f->janitor = ends[0];
	return pid > 0;
}

bool forwarding_prepare(struct forwarding *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char now = '0';
	bool ok = fd >= 0 && pread(fd, &now, 1, 0) == 1;

	f->setting = -1;
	f->janitor = -1;
	if (fd >= 0)
		close(fd);
	if (ok && now == '0') {
		f->setting = open(path, O_WRONLY | O_CLOEXEC);
		ok = f->setting >= 0 && janitor_begin(f);
	}
	if (!ok)
		forwarding_refused();
	return ok;
}

bool forwarding_begin(struct forwarding *f, struct log *log)
{
	bool ok;

	if (f->setting < 0)
		return true;
	ok = set(f->setting, '1');
	if (!ok)
		forwarding_refused();
	close(f->setting);
	f->setting = -1;
	if (ok)
		log_info(log,
			"net.ipv4.ip_forward is switched on for the packets of UEs (upfs: forwarding), until "
			"the UPF ends");
	return ok;
}

void forwarding_end(struct forwarding *f, struct log *log)
{
	char octet = 1;

	if (f->setting >= 0) { /* it was never switched on */
		close(f->setting);
		close(f->janitor);
		return;
	}
	if (f->janitor < 0)
		return;
	if (write(f->janitor, &octet, 1) == 1 && read(f->janitor, &octet, 1) == 1 && octet == 0)
		log_info(log, "net.ipv4.ip_forward is off again");
	else
		log_warn(log, "net.ipv4.ip_forward stays on");
	close(f->janitor);
	f->janitor = -1;
}
