#include "demo/demo_network.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/text.h"
#include "crypto/suci.h"
#include "io/file.h"
#include "io/netlink.h"

enum { PORT_WAIT_MS = 3000 };

/* Without root: a user namespace where we are it. */
static bool become_root(void)
{
	unsigned uid = geteuid(), gid = getegid();
	char map[48];

	if (uid == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) /* a network namespace we may come back to */
		return false;
	snprintf(map, sizeof(map), "0 %u 1\n", uid);
	if (!file_write_existing("/proc/self/setgroups", "deny") ||
		!file_write_existing("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof(map), "0 %u 1\n", gid);
	return file_write_existing("/proc/self/gid_map", map);
}

/* A link between two hosts, up at both ends. It is made at b, where the switch's ports are, so that no two
 * ends have one index: of such the kernel takes notice a second later only. */
static bool link_hosts(
	struct demo_network *n, enum demo_host a, const char *a_link, enum demo_host b, const char *b_link)
{
	return netns_enter(n->host[b]) && netlink_veth_create(b_link, a_link) &&
	       netlink_link_to_netns(a_link, n->host[a]) && netlink_link_up(b_link) &&
	       netns_enter(n->host[a]) && netlink_link_up(a_link);
}

static bool address(struct demo_network *n, enum demo_host host, const char *link, const char *text)
{
	struct addr a;

	return addr_parse(text, &a) && netns_enter(n->host[host]) &&
	       netlink_addr_add(link, &a, a.len == 4 ? 24 : 64);
}

static bool attach(
	struct demo_network *n, enum demo_host host, const char *link, const char *port, const char *text)
{
	return link_hosts(n, host, link, DEMO_SWITCH, port) && netns_enter(n->host[DEMO_SWITCH]) &&
	       netlink_link_to_bridge(port, "br0") && address(n, host, link, text);
}

/* The data network reaches the UEs through the UPF. */
static bool route_to_ues(struct demo_network *n)
{
	struct addr pool, via;

	return addr_parse("10.45.0.0", &pool) && addr_parse(DEMO_N6_ADDRESS, &via) &&
	       netns_enter(n->host[DEMO_DN]) && netlink_route_add(&pool, 16, &via, "dn0");
}

/* The same of IPv6. A kernel that has none does without: the UE's prefix then leads nowhere. */
static bool link_ipv6(struct demo_network *n)
{
	struct addr pool, via;

	return addr_parse("fd00:45::", &pool) && addr_parse(DEMO_N6_ADDRESS6, &via) &&
	       address(n, DEMO_UPF, "n6", DEMO_N6_ADDRESS6) && address(n, DEMO_DN, "dn0", DEMO_DN_ADDRESS6) &&
	       netns_enter(n->host[DEMO_DN]) && netlink_route_add(&pool, 48, &via, "dn0");
}

/* The switch passes nothing until the kernel has taken notice that its ports are up; what the parts send
 * before, their first ARP request, would be lost, and come again a second later. */
static bool wait_for_ports(struct demo_network *n)
{
	static const char *const ports[] = { "swc", "swu", "swg" };

	if (!netns_enter(n->host[DEMO_SWITCH]))
		return false;
	for (size_t i = 0, tried = 0; i < ARRAY_LEN(ports); tried++) {
		if (netlink_link_running(ports[i]))
			i++;
		else if (tried < PORT_WAIT_MS)
			usleep(1000);
		else
			return false;
	}
	return true;
}

static bool make_links(struct demo_network *n)
{
	return netns_enter(n->host[DEMO_SWITCH]) && netlink_bridge_create("br0") && netlink_link_up("br0") &&
	       attach(n, DEMO_CORE, DEMO_CORE_LINK, "swc", DEMO_CORE_ADDRESS) &&
	       attach(n, DEMO_UPF, DEMO_UPF_LINK, "swu", DEMO_UPF_ADDRESS) &&
	       attach(n, DEMO_GNB, "gnb0", "swg", DEMO_GNB_ADDRESS) &&
	       link_hosts(n, DEMO_GNB, "air0", DEMO_UE, "air1") &&
	       address(n, DEMO_GNB, "air0", DEMO_GNB_AIR_ADDRESS) &&
	       address(n, DEMO_UE, "air1", DEMO_UE_AIR_ADDRESS) &&
	       link_hosts(n, DEMO_UPF, "n6", DEMO_DN, "dn0") && address(n, DEMO_UPF, "n6", DEMO_N6_ADDRESS) &&
	       address(n, DEMO_DN, "dn0", DEMO_DN_ADDRESS) && route_to_ues(n) && wait_for_ports(n);
}

bool demo_network_make(struct demo_network *n)
{
	bool ok = true;

	n->outside = -1;
	for (size_t i = 0; i < DEMO_HOSTS; i++)
		n->host[i] = -1;
	if (access("/dev/net/tun", R_OK | W_OK) != 0) {
		fprintf(stderr, "freehold demo: needs root, or /dev/net/tun for everybody (mode 0666, as "
				"Debian has it)\n");
		return false;
	}
	if (!become_root()) {
		fprintf(stderr, "freehold demo: needs root, or a kernel that lets users make namespaces "
				"(sysctl kernel.unprivileged_userns_clone=1)\n");
		return false;
	}
	n->outside = netns_current();
	for (size_t i = 0; i < DEMO_HOSTS && ok; i++) {
		n->host[i] = netns_create(NULL);
		ok = n->host[i] >= 0;
	}
	ok = ok && make_links(n);
	if (ok)
		may_fail(link_ipv6(n));
	if (!ok)
		fprintf(stderr, "freehold demo: the namespaces cannot be made: %m\n");
	if (!netns_enter(n->outside))
		return false;
	return ok;
}

void demo_network_remove(struct demo_network *n)
{
	for (size_t i = 0; i < DEMO_HOSTS; i++)
		if (n->host[i] >= 0)
			close(n->host[i]);
	if (n->outside >= 0)
		close(n->outside);
}

/* 16 or 32 fresh octets as hex. */
static bool fresh_key(uint8_t *key, size_t len, struct writer *hex)
{
	if (getrandom(key, len, 0) != (ssize_t)len)
		return false;
	text_hex(hex, bytes_of(key, len));
	writer_u8(hex, 0);
	return !hex->failed;
}

/* By samples: a cell of 10 MHz, and the channel between it and the UE (`freehold air`, at the gNB's host). */
static void put_radio(struct writer *w, bool samples)
{
	static const char carrier[] = ", band: 3, arfcn: 368500, bandwidth_mhz: 10";

	text_put(w, "gnbs:\n  - {n2_address: %s, n3_address: %s, cells: [{air_address: %s%s}]}\n",
		DEMO_GNB_ADDRESS, DEMO_GNB_ADDRESS, DEMO_GNB_AIR_ADDRESS, samples ? carrier : "");
	if (samples)
		text_put(w, "radio: {air: samples}\n"
			    "air: {ues: [{profile: tdlc300, doppler_hz: 5, snr_db: 25, cfo_hz: 300}]}\n");
}

static bool write_yaml(const char *dir, bool samples, const char *k, const char *opc, const char *hn_private,
	const char *hn_public)
{
	static uint8_t text[8192];
	struct writer w = writer_of(text, sizeof(text));
	char path[160];
	bool ok;

	text_put(&w, "# The demo's network; its keys are fresh at each run.\nplmn: \"00101\"\ntacs: "
		     "[1]\nslices: [1-010203]\n");
	text_put(&w,
		"dnns:\n  - {name: internet, pool: [10.45.0.0/16, \"fd00:45::/48\"], dns: [%s, \"%s\"], "
		"mtu: 1400, p_cscf: [%s, \"2001:db8::5060\"]}\n",
		DEMO_DN_ADDRESS, DEMO_DN_ADDRESS6, DEMO_DN_ADDRESS);
	text_put(&w, "core:\n  store: %s/core-store\n  control: %s/core.sock\n", dir, dir);
	text_put(&w, "  home_network_keys: [{id: 1, profile: A, private_key: %s}]\n", hn_private);
	text_put(&w,
		"  amfs:\n    - {n2_address: %s, ims_voice: true, full_name: Freehold demo, short_name: "
		"\"F{5G}\",\n"
		"       time_zone: \"+05:45\", daylight_saving_h: 1}\n  n4_address: %s\n",
		DEMO_CORE_ADDRESS, DEMO_CORE_ADDRESS);
	text_put(&w, "upfs:\n  - {n4_address: %s, n3_address: %s, gnbs: [%s/32]}\n", DEMO_UPF_ADDRESS,
		DEMO_UPF_ADDRESS, DEMO_GNB_ADDRESS);
	put_radio(&w, samples);
	text_put(&w, "ues:\n  - imsi: \"%s\"\n    k: \"%s\"\n    opc: \"%s\"\n", DEMO_IMSI, k, opc);
	text_put(&w, "    profile: A\n    hn_key_id: 1\n    hn_public_key: \"%s\"\n", hn_public);
	text_put(&w, "    air_address: %s\n    default_route: true\n", DEMO_UE_AIR_ADDRESS);
	snprintf(path, sizeof(path), "%s/network.yaml", dir);
	ok = !w.failed && file_write_atomic(path, writer_bytes(&w), 0600);
	explicit_bzero(text, sizeof(text));
	return ok;
}

bool demo_network_configure(const char *dir, bool samples, char *line, size_t cap)
{
	char k[65], opc[65], hn_private[65], hn_public[80];
	uint8_t key[32];
	struct writer w = writer_of(k, sizeof(k));
	struct suci_key *hn;
	bool ok = fresh_key(key, 16, &w);

	w = writer_of(opc, sizeof(opc));
	ok = ok && fresh_key(key, 16, &w);
	w = writer_of(hn_private, sizeof(hn_private));
	ok = ok && fresh_key(key, 32, &w);
	hn = ok ? suci_key_new(SUCI_PROFILE_A, key) : NULL;
	if (!hn)
		return false;
	w = writer_of(hn_public, sizeof(hn_public));
	text_hex(&w, suci_key_public(hn));
	writer_u8(&w, 0);
	suci_key_free(hn);
	ok = write_yaml(dir, samples, k, opc, hn_private, hn_public);
	snprintf(line, cap, "imsi=%s k=%s opc=%s msisdn=" DEMO_MSISDN, DEMO_IMSI, k, opc);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(k, sizeof(k));
	explicit_bzero(opc, sizeof(opc));
	if (!ok)
		fprintf(stderr, "freehold demo: %s/network.yaml: %m\n", dir);
	return ok;
}
