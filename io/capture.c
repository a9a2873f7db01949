#include "io/capture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int capture_open(const char *name)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int size = 64 << 20, on = 1;
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));

	if (fd < 0)
		return -1;
	address.sll_ifindex = (int)if_nametoindex(name);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	(void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	if (address.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static uint64_t message_time_ns(struct msghdr *m)
{
	struct timespec now;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct timespec t;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&t, CMSG_DATA(c), sizeof(t));
		return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

bool capture_read(int fd, void *buf, size_t cap, struct bytes *packet, uint64_t *utc_ns)
{
	struct sockaddr_ll from;
	char control[64];
	struct iovec iov = { buf, cap };
	struct msghdr m = { .msg_name = &from, .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };

	for (;;) {
		ssize_t n;

		m.msg_namelen = sizeof(from);
		m.msg_controllen = sizeof(control);
		n = recvmsg(fd, &m, 0);
		if (n < 0)
			return false;
		if (ntohs(from.sll_protocol) != ETH_P_IP && ntohs(from.sll_protocol) != ETH_P_IPV6)
			continue;
		*packet = bytes_of(buf, (size_t)n);
		*utc_ns = message_time_ns(&m);
		return true;
	}
}

static bool tap_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	str_copy(address->sun_path, sizeof(address->sun_path), path);
	return true;
}

int capture_tap_listen(const char *path)
{
	struct sockaddr_un address;
	int fd, size = 8 << 20, on = 1;

	if (!tap_address(path, &address))
		return -1;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	(void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int capture_tap_connect(const char *path)
{
	struct sockaddr_un address;
	int fd;

	if (!tap_address(path, &address))
		return -1;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void capture_tap_send(int fd, uint8_t label, struct bytes pdu)
{
	struct iovec iov[2] = { { &label, 1 }, { (void *)pdu.data, pdu.len } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };

	(void)sendmsg(fd, &m, MSG_DONTWAIT);
}

bool capture_tap_read(int fd, void *buf, size_t cap, uint8_t *label, struct bytes *pdu, uint64_t *utc_ns)
{
	uint8_t *octets = buf;
	char control[64];
	struct iovec iov = { buf, cap };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
	};
	ssize_t n = recvmsg(fd, &m, 0);

	if (n < 1)
		return false;
	*utc_ns = message_time_ns(&m);
	*label = octets[0];
	*pdu = bytes_of(octets + 1, (size_t)n - 1);
	return true;
}
