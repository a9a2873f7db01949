/* freehold upf: the user plane as a process. */
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "apps/forwarding.h"
#include "apps/metrics.h"
#include "apps/nat.h"
#include "apps/ports.h"
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
			   "nftables).\n";

struct upf_process {
	struct process p;
	struct network network;
	const struct network_upf *is; /* which of its UPFs */
	struct upf *upf;
	struct plane_upf *plane;
	struct forwarding forwarding;
	struct nat nat;
	struct figures figures;
};

/* The children that will put back what this process changes of the host: before there is a socket that they
 * would keep. */
static bool prepare_host(struct upf_process *u)
{
	return (!u->is->forwarding || forwarding_prepare(&u->forwarding)) && nat_prepare(&u->nat, u->is);
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
	return ok;
}

static bool bind_upf(struct upf_process *u)
{
	struct plane_upf_config config = { .n3_address = u->is->config.n3_address,
		.tun = u->is->tun,
		.mtu = u->is->mtu,
		.workers = u->is->config.workers };
	struct addr n4 = u->is->config.n4_address;
	struct room room = upf_room(u->upf);
	char text[ADDR_STR_SIZE], text2[ADDR_STR_SIZE], offload[32];

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
	return set_up_tun(u, config.mtu) &&
	       (!u->is->forwarding || forwarding_begin(&u->forwarding, &u->p.log.log)) &&
	       nat_begin(&u->nat, u->is);
}

/* The addresses that this host has before it has those of the pools: no UE may send to them. */
static bool protect_host(struct upf_config *c)
{
	struct ifaddrs *list, *i;
	size_t room = UPF_PROTECTED_MAX - 2 - UPF_SMFS_MAX;

	if (getifaddrs(&list) != 0)
		return false;
	for (i = list; i && c->protected_count < room; i = i->ifa_next) {
		const struct sockaddr_in *sin = (const struct sockaddr_in *)(const void *)i->ifa_addr;
		bool pool = false;

		if (!sin || sin->sin_family != AF_INET)
			continue;
		for (uint8_t k = 0; k < c->pool_count; k++)
			pool |= prefix4_has(&c->pools[k], ntohl(sin->sin_addr.s_addr));
		if (!pool)
			c->protected[c->protected_count++] =
				(struct prefix4){ ntohl(sin->sin_addr.s_addr), 32 };
	}
	freeifaddrs(list);
	errno = ENOSPC;
	return !i;
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

static void upf_process_end(struct upf_process *u)
{
	figures_end(&u->figures);
	forwarding_end(&u->forwarding, &u->p.log.log);
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
	bool ok;

	if (options_help(args, help))
		return 0;
	u = options_memory(sizeof(*u));
	if (!u)
		return 1;
	u->forwarding = (struct forwarding){ .setting = -1, .janitor = -1 };
	u->nat.janitor = -1;
	file = options_network_file(args);
	u->is = options_network_part(args, &u->network, NETWORK_UPF);
	if (!u->is) {
		free(u);
		return 2;
	}
	may = confinement_with_metrics(CONFINED_UPF, &u->is->metrics);
	ok = process_begin(&u->p, &u->network, file) && prepare_host(u) && start_upf(u) && bind_upf(u) &&
	     begin_figures(u) && message_log_begin(&u->p.messages, u->p.bind, &u->p.log.log, upf_ports) &&
	     process_run(&u->p, &may);
	upf_process_end(u);
	return ok ? 0 : 1;
}
