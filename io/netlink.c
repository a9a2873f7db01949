#include "io/netlink.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NETLINK_REQUEST_SIZE = 512 };

/* A request under construction; attributes are appended after the fixed part. */
struct netlink_request {
	struct nlmsghdr header;
	union {
		struct ifinfomsg link;
		struct ifaddrmsg addr;
		struct rtmsg route;
		uint8_t rest[NETLINK_REQUEST_SIZE];
	};
};

static void netlink_start(struct netlink_request *r, uint16_t type, uint16_t flags, size_t fixed)
{
	memset(r, 0, sizeof(*r));
	r->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(fixed);
	r->header.nlmsg_type = type;
	r->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
}

/* Appends an attribute and returns it; those nested in it follow, then netlink_end. */
static struct rtattr *netlink_put(struct netlink_request *r, uint16_t type, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(r->header.nlmsg_len);
	struct rtattr *a = (struct rtattr *)((uint8_t *)r + at);

	if (at + RTA_SPACE(len) > sizeof(*r))
		return NULL;
	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(len);
	if (len > 0)
		memcpy(RTA_DATA(a), data, len);
	r->header.nlmsg_len = (uint32_t)(at + RTA_SPACE(len));
	return a;
}

static void netlink_end(struct netlink_request *r, struct rtattr *nested)
{
	if (nested)
		nested->rta_len = (unsigned short)((uint8_t *)r + r->header.nlmsg_len - (uint8_t *)nested);
}

static void netlink_put_name(struct netlink_request *r, uint16_t type, const char *name)
{
	netlink_put(r, type, name, strnlen(name, IFNAMSIZ - 1) + 1);
}

union netlink_answer {
	struct nlmsghdr header;
	uint8_t buf[8192];
};

/* Sends the request and waits for the first message of the answer. */
static bool netlink_ask(struct netlink_request *r, union netlink_answer *answer)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t n;

	if (fd < 0)
		return false;
	n = sendto(fd, r, r->header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	if (n > 0)
		n = recv(fd, answer, sizeof(*answer), 0);
	close(fd);
	if (n >= (ssize_t)NLMSG_LENGTH(sizeof(struct ifinfomsg)))
		return true;
	errno = n < 0 ? errno : EPROTO;
	return false;
}

/* Sends the request and waits for its acknowledgement. */
static bool netlink_talk(struct netlink_request *r)
{
	union netlink_answer answer;

	if (!netlink_ask(r, &answer))
		return false;
	if (answer.header.nlmsg_type != NLMSG_ERROR) {
		errno = EPROTO;
		return false;
	}
	errno = -((struct nlmsgerr *)NLMSG_DATA(&answer.header))->error;
	return errno == 0;
}

/* 0 with errno when there is none of the name. */
static int netlink_index(const char *name)
{
	union netlink_answer answer;
	struct netlink_request r;

	netlink_start(&r, RTM_GETLINK, 0, sizeof(r.link));
	r.header.nlmsg_flags = NLM_F_REQUEST; /* the answer is all we want */
	netlink_put_name(&r, IFLA_IFNAME, name);
	if (!netlink_ask(&r, &answer))
		return 0;
	if (answer.header.nlmsg_type == RTM_NEWLINK)
		return ((struct ifinfomsg *)NLMSG_DATA(&answer.header))->ifi_index;
	errno = ENODEV;
	return 0;
}

static bool netlink_start_link(struct netlink_request *r, uint16_t type, const char *name)
{
	netlink_start(r, type, 0, sizeof(r->link));
	r->link.ifi_index = netlink_index(name);
	return r->link.ifi_index != 0;
}

bool netlink_link_up(const char *name)
{
	struct netlink_request r;

	if (!netlink_start_link(&r, RTM_NEWLINK, name))
		return false;
	r.link.ifi_flags = r.link.ifi_change = IFF_UP;
	return netlink_talk(&r);
}

bool netlink_link_running(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq r = { 0 };
	bool ok;

	str_copy(r.ifr_name, sizeof(r.ifr_name), name);
	ok = fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &r) == 0 && r.ifr_flags & IFF_RUNNING;
	if (fd >= 0)
		close(fd);
	return ok;
}

bool netlink_link_mtu(const char *name, uint32_t mtu)
{
	struct netlink_request r;

	if (!netlink_start_link(&r, RTM_NEWLINK, name))
		return false;
	netlink_put(&r, IFLA_MTU, &mtu, sizeof(mtu));
	return netlink_talk(&r);
}

bool netlink_link_queue(const char *name, uint32_t packets)
{
	struct netlink_request r;

	if (!netlink_start_link(&r, RTM_NEWLINK, name))
		return false;
	netlink_put(&r, IFLA_TXQLEN, &packets, sizeof(packets));
	return netlink_talk(&r);
}

bool netlink_link_delete(const char *name)
{
	struct netlink_request r;

	return netlink_start_link(&r, RTM_DELLINK, name) && netlink_talk(&r);
}

bool netlink_link_to_netns(const char *name, int netns_fd)
{
	struct netlink_request r;

	if (!netlink_start_link(&r, RTM_NEWLINK, name))
		return false;
	netlink_put(&r, IFLA_NET_NS_FD, &netns_fd, sizeof(netns_fd));
	return netlink_talk(&r);
}

bool netlink_link_to_bridge(const char *name, const char *bridge)
{
	struct netlink_request r;
	int master = netlink_index(bridge);

	if (master == 0 || !netlink_start_link(&r, RTM_NEWLINK, name))
		return false;
	netlink_put(&r, IFLA_MASTER, &master, sizeof(master));
	return netlink_talk(&r);
}

bool netlink_bridge_create(const char *name)
{
	struct netlink_request r;
	struct rtattr *info;

	netlink_start(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(r.link));
	netlink_put_name(&r, IFLA_IFNAME, name);
	info = netlink_put(&r, IFLA_LINKINFO, NULL, 0);
	netlink_put_name(&r, IFLA_INFO_KIND, "bridge");
	netlink_end(&r, info);
	return netlink_talk(&r);
}

bool netlink_veth_create(const char *name, const char *peer)
{
	static const struct ifinfomsg none;
	struct netlink_request r;
	struct rtattr *info, *data, *other;

	netlink_start(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(r.link));
	netlink_put_name(&r, IFLA_IFNAME, name);
	info = netlink_put(&r, IFLA_LINKINFO, NULL, 0);
	netlink_put_name(&r, IFLA_INFO_KIND, "veth");
	data = netlink_put(&r, IFLA_INFO_DATA, NULL, 0);
	other = netlink_put(&r, VETH_INFO_PEER, &none, sizeof(none));
	netlink_put_name(&r, IFLA_IFNAME, peer);
	netlink_end(&r, other);
	netlink_end(&r, data);
	netlink_end(&r, info);
	return netlink_talk(&r);
}

static bool netlink_addr(
	uint16_t type, uint16_t flags, const char *name, const struct addr *addr, uint8_t prefix_bits)
{
	struct netlink_request r;

	netlink_start(&r, type, flags, sizeof(r.addr));
	r.addr.ifa_family = addr->len == 4 ? AF_INET : AF_INET6;
	r.addr.ifa_prefixlen = prefix_bits;
	r.addr.ifa_flags = addr->len == 4 ? 0 : IFA_F_NODAD;
	r.addr.ifa_index = (unsigned)netlink_index(name);
	if (r.addr.ifa_index == 0)
		return false;
	if (addr->len == 16) /* no second to wait for others that might have it: they are the network's own */
		r.addr.ifa_flags = IFA_F_NODAD;
	netlink_put(&r, IFA_LOCAL, addr->ip, addr->len);
	netlink_put(&r, IFA_ADDRESS, addr->ip, addr->len);
	return netlink_talk(&r);
}

bool netlink_addr_add(const char *name, const struct addr *addr, uint8_t prefix_bits)
{
	return netlink_addr(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, name, addr, prefix_bits) ||
	       errno == EEXIST;
}

bool netlink_addr_del(const char *name, const struct addr *addr, uint8_t prefix_bits)
{
	return netlink_addr(RTM_DELADDR, 0, name, addr, prefix_bits);
}

bool netlink_route_add(const struct addr *destination, uint8_t bits, const struct addr *via, const char *name)
{
	struct netlink_request r;
	int index = netlink_index(name);
	uint8_t len = destination->len ? destination->len : via ? via->len : 4;

	if (index == 0)
		return false;
	netlink_start(&r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, sizeof(r.route));
	r.route.rtm_family = len == 4 ? AF_INET : AF_INET6;
	r.route.rtm_dst_len = bits;
	r.route.rtm_table = RT_TABLE_MAIN;
	r.route.rtm_protocol = RTPROT_STATIC;
	r.route.rtm_scope = via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	r.route.rtm_type = RTN_UNICAST;
	if (bits > 0)
		netlink_put(&r, RTA_DST, destination->ip, destination->len);
	if (via)
		netlink_put(&r, RTA_GATEWAY, via->ip, via->len);
	netlink_put(&r, RTA_OIF, &index, sizeof(index));
	return netlink_talk(&r);
}
