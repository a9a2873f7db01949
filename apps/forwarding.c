#include "apps/forwarding.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ops/confinement.h"

#define LOG_ROOM "upf"

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

static bool janitor_begin(int *end, int setting)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		janitor(setting, ends[1]);
	}
	close(ends[1]);
	if (pid < 0)
		close(ends[0]);
	else
		*end = ends[0];
	return pid > 0;
}

static const struct {
	const char *path, *name;
} settings[FORWARDING_FAMILIES] = {
	[FORWARDING_V4] = { "/proc/sys/net/ipv4/ip_forward", "net.ipv4.ip_forward" },
	[FORWARDING_V6] = { "/proc/sys/net/ipv6/conf/all/forwarding", "net.ipv6.conf.all.forwarding" },
};

void forwarding_init(struct forwarding *f)
{
	for (int i = 0; i < FORWARDING_FAMILIES; i++)
		f->of[i].setting = f->of[i].janitor = -1;
}

bool forwarding_prepare(struct forwarding *f, enum forwarding_family family)
{
	const char *path = settings[family].path;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char now = '0';
	bool ok = fd >= 0 && pread(fd, &now, 1, 0) == 1;

	if (fd >= 0)
		close(fd);
	if (!ok || now != '0')
		return ok;
	f->of[family].setting = open(path, O_WRONLY | O_CLOEXEC);
	return f->of[family].setting >= 0 && janitor_begin(&f->of[family].janitor, f->of[family].setting);
}

bool forwarding_begin(struct forwarding *f, enum forwarding_family family, struct log *log)
{
	int fd = f->of[family].setting;
	bool ok;

	if (fd < 0)
		return true;
	ok = set(fd, '1');
	close(fd);
	f->of[family].setting = -1;
	if (ok)
		log_info(log,
			"%s is switched on for the packets of UEs (upfs: forwarding), until the UPF ends",
			settings[family].name);
	if (ok && family == FORWARDING_V6)
		log_info(log,
			"interfaces of this host that have their own addresses by router advertisements "
			"keep them only with accept_ra = 2");
	return ok;
}

static void put_back(int janitor_end, const char *name, struct log *log)
{
	char octet = 1;

	if (write(janitor_end, &octet, 1) == 1 && read(janitor_end, &octet, 1) == 1 && octet == 0)
		log_info(log, "%s is off again", name);
	else
		log_warn(log, "%s stays on", name);
}

void forwarding_end(struct forwarding *f, bool needed, struct log *log)
{
	for (int i = 0; i < FORWARDING_FAMILIES; i++) {
		if (f->of[i].setting >= 0) /* it was never switched on */
			close(f->of[i].setting);
		else if (f->of[i].janitor >= 0 && needed)
			log_info(log, "%s stays on for other UPFs", settings[i].name);
		else if (f->of[i].janitor >= 0)
			put_back(f->of[i].janitor, settings[i].name, log);
		if (f->of[i].janitor >= 0)
			close(f->of[i].janitor);
	}
	forwarding_init(f);
}
