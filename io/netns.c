#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/netlink.h"

#define NETNS_DIR "/run/netns"

enum { NETNS_PATH_SIZE = 256 };

static bool netns_path(const char *name, char path[NETNS_PATH_SIZE])
{
	int n = snprintf(path, NETNS_PATH_SIZE, NETNS_DIR "/%s", name);

	if (n > 0 && n < NETNS_PATH_SIZE && name[0] != '\0' && !strchr(name, '/'))
		return true;
	errno = EINVAL;
	return false;
}

int netns_current(void)
{
	return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

int netns_open(const char *name)
{
	char path[NETNS_PATH_SIZE];

	return netns_path(name, path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

bool netns_enter(int netns_fd)
{
	return setns(netns_fd, CLONE_NEWNET) == 0;
}

bool netns_unshare(void)
{
	return unshare(CLONE_NEWNET) == 0 && netlink_link_up("lo");
}

/* Mounts the calling thread's namespace at its name. */
static bool netns_mount(const char *name)
{
	char path[NETNS_PATH_SIZE];
	int fd;

	if (!netns_path(name, path) || (mkdir(NETNS_DIR, 0755) != 0 && errno != EEXIST))
		return false;
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0)
		return false;
	close(fd);
	if (mount("/proc/thread-self/ns/net", path, "none", MS_BIND, NULL) == 0)
		return true;
	unlink(path);
	return false;
}

bool netns_remove(const char *name)
{
	char path[NETNS_PATH_SIZE];

	if (!netns_path(name, path))
		return false;
	if (umount2(path, MNT_DETACH) != 0 && errno != EINVAL)
		return false;
	return unlink(path) == 0;
}

int netns_create(const char *name)
{
	int old = netns_current();
	int fresh = -1;

	if (old < 0)
		return -1;
	if (netns_unshare() && (!name || netns_mount(name)))
		fresh = netns_current();
	if (!netns_enter(old) && fresh >= 0) {
		close(fresh);
		fresh = -1;
	}
	close(old);
	return fresh;
}
