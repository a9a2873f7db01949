#include "apps/forwarding.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ops/confinement.h"

#define LOG_ROOM "upf"

static const struct {
	const char *path, *name;
} settings[FORWARDING_FAMILIES] = {
	[FORWARDING_V4] = { "/proc/sys/net/ipv4/ip_forward", "net.ipv4.ip_forward" },
	[FORWARDING_V6] = { "/proc/sys/net/ipv6/conf/all/forwarding", "net.ipv6.conf.all.forwarding" },
};

const char *forwarding_name(enum forwarding_family family)
{
	return settings[family].name;
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

static bool janitor_begin(struct forwarding_setting *f)
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

void forwarding_init(struct forwarding *f)
{
	for (int i = 0; i < FORWARDING_FAMILIES; i++)
		f->of[i] = (struct forwarding_setting){ .setting = -1, .janitor = -1 };
}

bool forwarding_prepare(struct forwarding *f, enum forwarding_family family)
{
	struct forwarding_setting *s = &f->of[family];
	int fd = open(settings[family].path, O_RDONLY | O_CLOEXEC);
	char now = '0';
	bool ok = fd >= 0 && pread(fd, &now, 1, 0) == 1;

	if (fd >= 0)
		close(fd);
	if (!ok || now != '0')
		return ok;
	s->setting = open(settings[family].path, O_WRONLY | O_CLOEXEC);
	return s->setting >= 0 && janitor_begin(s);
}

bool forwarding_begin(struct forwarding *f, enum forwarding_family family, struct log *log)
{
	struct forwarding_setting *s = &f->of[family];
	bool ok;

	if (s->setting < 0)
		return true;
	ok = set(s->setting, '1');
	close(s->setting);
	s->setting = -1;
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

static void setting_end(struct forwarding_setting *s, const char *name, struct log *log)
{
	char octet = 1;

	if (s->setting >= 0) /* it was never switched on */
		close(s->setting);
	else if (s->janitor < 0)
		return;
	else if (write(s->janitor, &octet, 1) == 1 && read(s->janitor, &octet, 1) == 1 && octet == 0)
		log_info(log, "%s is off again", name);
	else
		log_warn(log, "%s stays on", name);
	if (s->janitor >= 0)
		close(s->janitor);
}

void forwarding_end(struct forwarding *f, struct log *log)
{
	for (int i = 0; i < FORWARDING_FAMILIES; i++)
		setting_end(&f->of[i], settings[i].name, log);
	forwarding_init(f);
}
