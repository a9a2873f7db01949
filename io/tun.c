#include "io/tun.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef TUN_F_USO4 /* Linux 6.2 */
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

enum { TUN_PIECES_MAX = 72, IPV4_DESTINATION = 16, IPV6_DESTINATION = 24 };

bool tun_open(struct tun *t, const struct tun_config *config)
{
	struct ifreq req = { .ifr_flags = (short)((config->tap ? IFF_TAP : IFF_TUN) |
						  (config->any ? 0 : IFF_NO_PI)) };
	int header = sizeof(struct virtio_net_hdr);
	unsigned tso = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;

	*t = (struct tun){ .fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK) };
	if (t->fd < 0)
		return false;
	t->vnet_hdr = config->vnet_hdr || config->offload;
	t->any = config->any;
	if (t->vnet_hdr)
		req.ifr_flags |= IFF_VNET_HDR;
	if (config->multi_queue)
		req.ifr_flags |= IFF_MULTI_QUEUE;
	if (config->name)
		str_copy(req.ifr_name, sizeof(req.ifr_name), config->name);
	if (ioctl(t->fd, TUNSETIFF, &req) != 0 ||
		(t->vnet_hdr && ioctl(t->fd, TUNSETVNETHDRSZ, &header) != 0)) {
		tun_close(t);
		return false;
	}
	str_copy(t->name, sizeof(t->name), req.ifr_name);
	if (config->offload) {
		t->uso = ioctl(t->fd, TUNSETOFFLOAD, tso | TUN_F_USO4 | TUN_F_USO6) == 0;
		t->tso = t->uso || ioctl(t->fd, TUNSETOFFLOAD, tso) == 0;
	}
	return true;
}

void tun_close(struct tun *t)
{
	int error = errno;

	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	errno = error;
}

bool tun_steer(struct tun *t, uint32_t count)
{
	const struct bpf_insn code[] = {
		/* r6 = the packet, from which the loads below read */
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_6, .src_reg = BPF_REG_1 },
		{ .code = BPF_LD | BPF_ABS | BPF_B, .imm = 0 },
		{ .code = BPF_ALU64 | BPF_RSH | BPF_K, .dst_reg = BPF_REG_0, .imm = 4 },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .imm = 6, .off = 2 },
		/* BPF_LD and BPF_W are both 0 */
		{ .code = BPF_LD | BPF_ABS | BPF_W, /* NOLINT(misc-redundant-expression) */
			.imm = IPV4_DESTINATION },
		{ .code = BPF_JMP | BPF_JA, .off = 1 },
		{ .code = BPF_LD | BPF_ABS | BPF_W, /* NOLINT(misc-redundant-expression) */
			.imm = IPV6_DESTINATION + 4 },
		{ .code = BPF_ALU | BPF_MOD | BPF_K, .dst_reg = BPF_REG_0, .imm = (int)count },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uint64_t)(uintptr_t)code,
		.insn_cnt = ARRAY_LEN(code),
		.license = (uint64_t)(uintptr_t)"Apache-2.0" };
	int fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	bool ok = fd >= 0 && ioctl(t->fd, TUNSETSTEERINGEBPF, &fd) == 0;
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return ok;
}

size_t tun_read_burst(
	struct tun *t, void *buf, size_t cap, size_t mtu, struct tun_packet *packets, size_t max)
{
	size_t longest = t->tso ? TUN_PACKET_MAX : mtu;
	size_t head = t->vnet_hdr ? sizeof(struct virtio_net_hdr) : t->any ? sizeof(struct tun_pi) : 0;
	uint8_t *at = buf;
	size_t count = 0;

	while (count < max && cap - (size_t)(at - (uint8_t *)buf) >= longest) {
		struct tun_packet *p = &packets[count];
		struct iovec iov[2] = { { &p->vnet, head }, { at, longest } };
		ssize_t n = readv(t->fd, iov, ARRAY_LEN(iov));

		if (n <= 0)
			break;
		if (!t->vnet_hdr)
			memset(&p->vnet, 0, sizeof(p->vnet));
		n -= (ssize_t)head;
		if (n <= 0)
			continue;
		p->data = bytes_of(at, (size_t)n);
		at += ((size_t)n + 7) & ~(size_t)7;
		count++;
		if (at >= (uint8_t *)buf + cap)
			break;
	}
	t->in += count;
	return count;
}

bool tun_write_pieces(
	struct tun *t, const struct virtio_net_hdr *vnet, const struct bytes *pieces, size_t count)
{
	static const struct virtio_net_hdr none;
	const struct tun_pi any = { .proto = htons(TUN_ANY_PROTOCOL) };
	struct iovec iov[TUN_PIECES_MAX + 1];
	int n = 0;

	if (count > TUN_PIECES_MAX)
		return false;
	if (t->any)
		iov[n++] = (struct iovec){ (void *)&any, sizeof(any) };
	else if (t->vnet_hdr)
		iov[n++] = (struct iovec){ (void *)(vnet ? vnet : &none), sizeof(none) };
	for (size_t i = 0; i < count; i++)
		iov[n++] = (struct iovec){ (void *)pieces[i].data, pieces[i].len };
	if (writev(t->fd, iov, n) < 0) {
		t->write_failed++;
		return false;
	}
	t->out++;
	return true;
}

bool tun_write(struct tun *t, const struct virtio_net_hdr *vnet, struct bytes packet)
{
	return tun_write_pieces(t, vnet, &packet, 1);
}
