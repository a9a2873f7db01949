#include "io/sctp/port.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SCTP_PORT_FILTER_MAX = 1024, SCTP_PORT_INSNS_MAX = 2 * SCTP_PORT_FILTER_MAX + 3 };

/* IPv4 raw sockets see the IP header before SCTP's, IPv6 ones do not. The destination port is at octet 2. */
bool sctp_port_filter(int fd, uint8_t ip_len, const uint16_t *ports, size_t count)
{
	struct sock_filter code[SCTP_PORT_INSNS_MAX];
	struct sock_fprog prog = { .filter = code };
	unsigned short n = 0;

	if (count > SCTP_PORT_FILTER_MAX) {
		errno = ENOSPC;
		return false;
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LDX | BPF_IMM, 0);
	if (ip_len == 4)
		code[n - 1] = (struct sock_filter)BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2);
	for (size_t i = 0; i < count; i++) {
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ports[i], 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	prog.len = n;
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) == 0;
}

/* An abstract Unix socket: such names belong to the network namespace and end with the process. Of a kind
 * that sends nothing unless it is connected, which a confined process cannot do. */
int sctp_port_claim(const struct addr *local, uint16_t port)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct addr host = *local;
	char text[ADDR_STR_SIZE];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int len;

	if (fd < 0)
		return -1;
	host.port = 0;
	len = snprintf(
		sun.sun_path + 1, sizeof(sun.sun_path) - 1, "sctp-port %s %u", addr_str(&host, text), port);
	if (bind(fd, (struct sockaddr *)&sun,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len)) == 0)
		return fd;
	close(fd);
	errno = EADDRINUSE;
	return -1;
}
