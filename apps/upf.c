/* freehold upf: the user plane as a process. */
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "apps/forwarding.h"
#include "apps/metrics.h"
#include "apps/ports.h"
#include "apps/upf_host.h"
#include "io/netlink.h"
#include "ops/capacity.h"
#include "ops/process.h"
#include "plane/upf.h"
#include "wire/pfcp/pfcp.h"

#define LOG_ROOM "upf"

static const char help[] = "freehold upf [NAME] [-c network.yaml]\n\n"
			   "Runs a UPF of upfs, the only one or that of this name, until Ctrl-C or SIGTERM: "
			   "the SMF commands it at its\n"
			   "n4_address, gNBs send to its n3_address, UEs' packets leave through the "
			   "interface tun, which gets the first\n"
			   "address of each pool of its dnns. Needs CAP_NET_ADMIN and /dev/net/tun; with nat "
			   "the program nft (package\n"
			   "nftables). SIGUSR2: its SMFs release it with its sessions, whose UEs ask for "
			   "others; the log says when it has\n"
			   "left, and it comes back when it is started again.\n";

enum { LEAVE_S = 5 };

struct upf_process {
	struct process p;
	struct network network;
	const struct network_upf *is; /* which of its UPFs; while it runs, own */
	struct network_upf own;
	bool gone; /* the configuration has it no more, and it ends then */
	uint64_t gone_ns;
	struct loop_hook going;
	struct upf *upf;
	struct plane_upf *plane;
	struct forwarding forwarding;
	struct upf_host host;
	bool no_ipv6; /* this host has none */
	struct figures figures;
};

static bool forwards(const struct upf_process *u, enum forwarding_family family)
{
	const struct upf_config *c = &u->is->config;

	return u->is->forwarding && (family == FORWARDING_V4 ? c->pool_count : c->pool6_count) > 0;
}

static bool cannot_forward(void)
{
	fprintf(stderr,
		"freehold upf: net.ipv4.ip_forward: %m; switch it on yourself, or set forwarding: no\n");
	return false;
}

/* A host without IPv6 serves the rest of its UEs. */
static void cannot_forward6(struct upf_process *u)
{
	log_warn(u->p.env.env.log,
		"net.ipv6.conf.all.forwarding: %m; UEs reach nothing but this host by IPv6");
	u->no_ipv6 = true;
}

/* The children that will put back what this process changes of the host: before there is a socket that they
 * would keep. */
static bool prepare_host(struct upf_process *u)
{
	if (forwards(u, FORWARDING_V4) && !forwarding_prepare(&u->forwarding, FORWARDING_V4))
		return cannot_forward();
	if (forwards(u, FORWARDING_V6) && !forwarding_prepare(&u->forwarding, FORWARDING_V6))
		cannot_forward6(u);
	return upf_host_prepare(&u->host, u->is);
}

static bool forward(struct upf_process *u)
{
	struct log *log = &u->p.log.log;

	if (forwards(u, FORWARDING_V4) && !forwarding_begin(&u->forwarding, FORWARDING_V4, log))
		return cannot_forward();
	if (forwards(u, FORWARDING_V6) && !u->no_ipv6 &&
		!forwarding_begin(&u->forwarding, FORWARDING_V6, log))
		cannot_forward6(u);
	return true;
}

/* A host without IPv6 serves the rest of its UEs. */
static void set_up_tun6(struct upf_process *u)
{
	char text[PREFIX_STR_SIZE];

	for (uint8_t i = 0; !u->no_ipv6 && i < u->is->config.pool6_count; i++) {
		const struct prefix *pool = &u->is->config.pools6[i];
		struct addr gateway = ip_to_addr((struct ip){ pool->ip.high, 1 }, 0);

		if (netlink_addr_add(u->is->tun, &gateway, pool->bits))
			continue;
		log_warn(u->p.env.env.log,
			"%s has no IPv6 here (%s: %m): UEs are given prefixes of it that lead nowhere; "
			"remove it "
			"from the pools of dnns, or let this host have IPv6",
			u->is->tun, prefix_str(pool, text));
		u->no_ipv6 = true;
	}
}

/* The networks behind UEs lead to it, too. */
static bool set_up_routes(struct upf_process *u)
{
	char text[PREFIX_STR_SIZE];

	for (uint8_t i = 0; i < u->is->framed_count; i++) {
		const struct prefix *p = &u->is->framed[i];
		struct addr to = ip_to_addr(p->ip, 0);

		if ((u->no_ipv6 && to.len == 16) || netlink_route_add(&to, p->bits, NULL, u->is->tun))
			continue;
		fprintf(stderr, "freehold upf: route %s to %s: %m\n", prefix_str(p, text), u->is->tun);
		return false;
	}
	return true;
}

/* The interface of N6: the first address of each pool is its own. */
static bool set_up_tun(struct upf_process *u, uint32_t mtu)
{
	const char *tun = u->is->tun;
	bool ok = netlink_link_mtu(tun, mtu) && netlink_link_queue(tun, u->is->tun_queue) &&
		  netlink_link_up(tun);

	for (uint8_t i = 0; ok && i < u->is->config.pool_count; i++) {
		struct addr gateway = addr_from_v4(u->is->config.pools[i].ip + 1, 0);

		ok = netlink_addr_add(tun, &gateway, u->is->config.pools[i].bits);
	}
	if (!ok)
		fprintf(stderr, "freehold upf: tun %s: %m\n", tun);
	else
		set_up_tun6(u);
	return ok;
}

/* The ports of the LANs, without addresses of their own. */
static bool set_up_lans(struct upf_process *u)
{
	for (uint8_t i = 0; i < u->is->config.lan_count; i++) {
		const struct network_dnn *d = u->is->lans[i];

		if (netlink_link_mtu(d->ethernet, d->mtu) && netlink_link_up(d->ethernet) &&
			(!d->ethernet_bridge[0] || netlink_link_to_bridge(d->ethernet, d->ethernet_bridge)))
			continue;
		fprintf(stderr, "freehold upf: tap %s: %m\n", d->ethernet);
		return false;
	}
	return true;
}

static bool bind_upf(struct upf_process *u)
{
	struct plane_upf_config config = { .n3_address = u->is->config.n3_address,
		.tun = u->is->tun,
		.mtu = u->is->mtu,
		.workers = u->is->config.workers,
		.lan_count = u->is->config.lan_count };
	struct addr n4 = u->is->config.n4_address;
	struct room room = upf_room(u->upf);
	char text[ADDR_STR_SIZE], text2[ADDR_STR_SIZE], offload[32];

	for (uint8_t i = 0; i < config.lan_count; i++) {
		config.lans[i] = u->is->lans[i]->ethernet;
		config.lan_mtu[i] = u->is->lans[i]->mtu;
	}
	n4.port = PFCP_UDP_PORT;
	if (!bind_room(u->p.bind, &room) ||
		!bind_udp(u->p.bind, &room, UPF_PORT_N4, &n4, &(struct udp_config){ 0 })) {
		process_cannot_open(&u->p, "upf", &u->is->config.n4_address);
		return false;
	}
	u->plane = plane_upf_new(&config, u->upf, u->p.loop, u->p.bind, u->p.env.env.log);
	if (!u->plane && (errno == EADDRNOTAVAIL || errno == EADDRINUSE)) {
		process_cannot_open(&u->p, "upf", &u->is->config.n3_address);
		return false;
	}
	if (!u->plane) {
		fprintf(stderr,
			"freehold upf: N3 %s or N6 %s: %m (it needs CAP_NET_ADMIN and /dev/net/tun)\n",
			addr_str(&config.n3_address, text), config.tun);
		return false;
	}
	log_info(u->p.env.env.log, "N4 %s, N3 %s, N6 %s (offload: %s)", addr_str(&n4, text),
		addr_str(&config.n3_address, text2), config.tun, plane_upf_offload(u->plane, offload));
	return set_up_tun(u, config.mtu) && set_up_routes(u) && set_up_lans(u) && forward(u) &&
	       upf_host_apply(&u->host, u->is);
}

static bool is_of_pools(const struct upf_config *c, struct ip ip)
{
	for (uint8_t i = 0; i < c->pool_count; i++)
		if (prefix4_has(&c->pools[i], ip_v4(ip)))
			return true;
	for (uint8_t i = 0; i < c->pool6_count; i++)
		if (prefix_has(&c->pools6[i], ip))
			return true;
	return false;
}

/* No UE may send to it; false: there are too many. Loopback and link-local ones are out of reach anyway. */
static bool protect_one(struct upf_config *c, struct ip ip)
{
	if (is_of_pools(c, ip) || ip_is_loopback(ip) || ip.high >> 54 == 0xfe80 >> 6)
		return true;
	if (ip_family(ip) == IP_FAMILY_V4 && c->protected_count < UPF_PROTECTED_MAX - 2 - UPF_SMFS_MAX)
		c->protected[c->protected_count++] = (struct prefix4){ ip_v4(ip), 32 };
	else if (ip_family(ip) == IP_FAMILY_V6 && c->protected6_count < UPF_PROTECTED_MAX)
		c->protected6[c->protected6_count++] = ip;
	else
		return false;
	return true;
}

/* The addresses that this host has before it has those of the pools. */
static bool protect_host(struct upf_config *c)
{
	struct ifaddrs *list, *i;
	bool ok = true;

	if (getifaddrs(&list) != 0)
		return false;
	for (i = list; i && ok; i = i->ifa_next) {
		const void *a = i->ifa_addr;
		int family = i->ifa_addr ? i->ifa_addr->sa_family : AF_UNSPEC;

		if (family == AF_INET)
			ok = protect_one(
				c, ip_from_v4(ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr)));
		else if (family == AF_INET6)
			ok = protect_one(c, ip_from_v6(((const struct sockaddr_in6 *)a)->sin6_addr.s6_addr));
	}
	freeifaddrs(list);
	errno = ENOSPC;
	return ok;
}

static bool start_upf(struct upf_process *u)
{
	struct upf_config config = u->is->config;

	capacity_upf(&config, io_memory_octets());
	if (!protect_host(&config)) {
		fprintf(stderr, "freehold upf: the host's addresses: %m\n");
		return false;
	}
	u->upf = upf_new(&config, &u->p.env.env);
	if (!u->upf)
		fprintf(stderr, "freehold upf: cannot start: n4_address and n3_address must be IPv4, "
				"or memory is out\n");
	return u->upf != NULL;
}

static void add_figures(void *arg, struct stats_list *l)
{
	struct upf_process *u = arg;

	upf_figures(u->upf, l);
	plane_upf_figures(u->plane, l);
}

static bool begin_figures(struct upf_process *u)
{
	struct figures_build build = app_build("upf", u->is->name);

	u->figures.more = add_figures;
	u->figures.arg = u;
	return figures_begin(&u->figures, &u->p, u->p.bind, &build, &u->is->metrics);
}

static void leave(void *arg)
{
	upf_leave(((struct upf_process *)arg)->upf);
}

/* As the configuration has it now; false: it has it no more. */
static bool take_own(struct upf_process *u)
{
	for (uint8_t i = 0; i < u->network.upf_count; i++)
		if (!strcmp(u->network.upfs[i].name, u->own.name)) {
			u->own = u->network.upfs[i];
			return true;
		}
	return false;
}

/* The host first: what a UE is given by a new pool is to find its way. */
static void reload(void *arg)
{
	struct upf_process *u = arg;

	u->gone = !take_own(u);
	u->gone_ns = u->gone ? loop_now_ns(u->p.loop) + LEAVE_S * NS_PER_S : UINT64_MAX;
	if (u->gone) {
		log_warn(u->p.env.env.log,
			"UPF %s is not in the configuration any more: it ends in %d s, in which its SMF "
			"makes its "
			"sessions elsewhere",
			u->own.name, LEAVE_S);
		u->own.config.pool_count = u->own.config.pool6_count = 0; /* they lead to others now */
		u->own.nat = false;
	}
	if (!upf_host_apply(&u->host, u->is))
		log_error(u->p.env.env.log, "the host has not all that the configuration wants of N6");
	if (!u->gone)
		upf_take_config(u->upf, &u->is->config);
}

static uint64_t going_next_ns(void *arg)
{
	return ((struct upf_process *)arg)->gone_ns;
}

static void going_due(void *arg, uint64_t now_ns)
{
	loop_stop(((struct upf_process *)arg)->p.loop);
}

/* What it is may lie elsewhere in the configuration when that is read again. */
static bool run(struct upf_process *u, const struct sandbox *may)
{
	u->own = *u->is;
	u->is = &u->own;
	u->gone_ns = UINT64_MAX;
	u->going = (struct loop_hook){ .next_ns = going_next_ns, .due = going_due, .arg = u };
	loop_hook_add(u->p.loop, &u->going);
	return process_run(&u->p, may);
}

/* Another UPF of this host goes on. */
static bool others_forward(const struct upf_process *u)
{
	for (uint8_t i = 0; i < u->network.upf_count; i++)
		if (u->network.upfs[i].forwarding && !strcmp(u->network.upfs[i].netns, u->own.netns))
			return true;
	return false;
}

static void upf_process_end(struct upf_process *u)
{
	figures_end(&u->figures);
	forwarding_end(&u->forwarding, u->gone && others_forward(u), &u->p.log.log);
	plane_upf_free(u->plane);
	upf_free(u->upf);
	process_end(&u->p);
	free(u);
}

int app_upf(struct options *args)
{
	struct sandbox may;
	const char *file;
	struct upf_process *u;
	bool ok, gone;

	if (options_help(args, help))
		return 0;
	u = options_memory(sizeof(*u));
	if (!u)
		return 1;
	forwarding_init(&u->forwarding);
	u->host.fd = -1;
	file = options_network_file(args);
	u->is = options_network_part(args, &u->network, NETWORK_UPF);
	if (!u->is) {
		free(u);
		return 2;
	}
	u->p.leave = leave;
	u->p.reload = reload;
	u->p.reload_arg = u;
	u->p.leave_arg = u;
	may = confinement_with_metrics(CONFINED_UPF, &u->is->metrics);
	ok = process_begin(&u->p, &u->network, file) && prepare_host(u) && start_upf(u) && bind_upf(u) &&
	     begin_figures(u) && message_log_begin(&u->p.messages, u->p.bind, &u->p.log.log, upf_ports) &&
	     run(u, &may);
	gone = u->gone;
	upf_process_end(u);
	return gone ? 2 : ok ? 0 : 1;
}
