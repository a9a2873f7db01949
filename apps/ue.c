/* freehold ue: one UE as a process, with its PDU session as a network interface. */
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "ops/process.h"
#include "apps/ue_config.h"
#include "io/netlink.h"

#define LOG_ROOM "ue"

static const char help[] = "freehold ue [-c network.yaml] [--record FILE]\n\n"
			   "Registers the UE of the section ue and establishes a PDU session, which becomes "
			   "the interface ue.tun.\n"
			   "Says on standard output what happens. Ctrl-C or SIGTERM de-registers.\n"
			   "--record writes all that it hears, and its keys, for freehold replay.\n";

enum { UE_TUN_MTU_MAX = 2048, UE_SWITCH_OFF_NS = 300000000 };

struct ue_process {
	struct process p;
	struct network network;
	struct ue_profile profile;
	struct ue_host *host;
	struct ue *ue;
	struct tun tun;
	const char *record, *file; /* --record; the configuration's */
};

static void session_up(struct ue_process *u, uint8_t psi)
{
	struct ue_session_info info;
	struct addr address;
	char text[ADDR_STR_SIZE];

	if (!ue_session_info(u->ue, psi, &info))
		return;
	address = addr_from_v4(info.ipv4, 0);
	if (!netlink_link_mtu(u->tun.name, info.mtu ? info.mtu : 1400) || !netlink_link_up(u->tun.name) ||
		!netlink_addr_add(u->tun.name, &address, 32))
		log_error(u->p.env.env.log, "%s cannot be set up: %m", u->tun.name);
	else if (u->network.ue.default_route && !netlink_route_add(&(struct addr){ 0 }, 0, NULL, u->tun.name))
		log_error(u->p.env.env.log, "no default route by %s: %m", u->tun.name);
	printf("session %u: address %s dnn %s qfi %u mtu %u ambr %llu/%llu kbit/s interface %s\n", psi,
		addr_str(&address, text), info.dnn, info.qfi, info.mtu,
		(unsigned long long)info.ambr_uplink_kbps, (unsigned long long)info.ambr_downlink_kbps,
		u->tun.name);
}

static void on_event(void *arg, struct ue *ue, const struct ue_event_info *e)
{
	struct ue_process *u = arg;

	printf("%s\n", e->text);
	if (e->event == UE_EVENT_SESSION_UP)
		session_up(u, e->psi);
}

/* Each NAS message by name: what the demo shows. */
static void on_nas(void *arg, struct ue *ue, bool uplink, struct bytes plain)
{
	struct arena arena;
	struct nas_msg msg;
	struct tlv_fault fault;
	const char *name;

	message_log_nas(((struct ue_process *)arg)->p.env.env.log, uplink, plain);
	arena_init(&arena, NULL, 0, 65536);
	name = nas_decode(plain, &arena, &msg, &fault) ? nas_msg_name(msg.type) : NULL;
	printf("nas %s %s\n", uplink ? "->" : "<-", name ? name : "?");
	arena_fini(&arena);
}

static void ue_profile_from(const struct network *n, struct ue_profile *p)
{
	*p = (struct ue_profile){ .home = n->plmn,
		.slice_count = 1,
		.slices = { n->ue.slice },
		.auto_register = true,
		.auto_session = true };
	p->suci.scheme = (enum suci_scheme)n->ue.profile;
	p->suci.home_network_key_id = n->ue.hn_key_id;
	bytes_copy(p->suci.home_network_key, sizeof(p->suci.home_network_key), BYTES(n->ue.hn_public_key));
	p->suci.home_network_key_len = n->ue.hn_public_key_len;
	str_copy(p->suci.routing_indicator, sizeof(p->suci.routing_indicator), "0");
	str_copy(p->dnn, sizeof(p->dnn), n->ue.dnn);
}

bool ue_config_from(const struct network *n, struct ue_profile *profile, struct ue_config *c)
{
	const struct network_ue *u = &n->ue;

	ue_profile_from(n, profile);
	*c = (struct ue_config){ .profile = profile, .gnb = u->gnb_address };
	c->gnb.port = u->gnb_port;
	c->key.alg = u->algorithm ? AKA_TUAK : AKA_MILENAGE;
	c->key.k_len = u->k_len;
	bytes_copy(c->key.k, sizeof(c->key.k), BYTES(u->k));
	bytes_copy(c->key.opc, sizeof(c->key.opc), BYTES(u->opc));
	str_copy(c->imeisv, sizeof(c->imeisv), u->imeisv);
	if (supi_parse(u->imsi, &c->supi) && u->k_len && u->opc_len &&
		(u->profile == 0 || u->hn_public_key_len))
		return true;
	fprintf(stderr,
		"freehold: the section ue needs imsi, k, opc and, with profile A or B, hn_public_key\n");
	return false;
}

static bool ue_make(struct ue_process *u)
{
	struct ue_config config;
	struct record_head head = { .role = "ue" };
	bool ok = ue_config_from(&u->network, &u->profile, &config) &&
		  process_record(&u->p, u->record, &head, u->file);

	explicit_bzero(u->network.ue.k, sizeof(u->network.ue.k));
	u->host = ok ? ue_host_new(&u->p.env.env, 1) : NULL;
	if (u->host) {
		ue_host_set_event(u->host, on_event, u);
		ue_host_set_nas_tap(u->host, on_nas, u);
		u->ue = ue_new(u->host, &config);
	}
	process_made(&u->p);
	explicit_bzero(&config, sizeof(config));
	if (ok && !u->ue)
		fprintf(stderr, "freehold ue: the keys of the section ue are not valid\n");
	return u->ue != NULL;
}

static bool ue_bind(struct ue_process *u)
{
	struct tun_config tun = { .name = u->network.ue.tun };
	struct addr air = u->network.ue.air_address;
	struct room room = ue_host_room(u->host);
	char text[ADDR_STR_SIZE];

	if (!tun_open(&u->tun, &tun)) {
		fprintf(stderr, "freehold ue: interface %s: %m (needs CAP_NET_ADMIN)\n", u->network.ue.tun);
		return false;
	}
	if (!bind_room(u->p.bind, &room) ||
		!bind_udp(u->p.bind, &room, UE_PORT_AIR, &air, &(struct udp_config){ 0 }) ||
		!bind_tun(u->p.bind, &room, UE_PORT_TUN, &u->tun, UE_TUN_MTU_MAX)) {
		fprintf(stderr, "freehold ue: air %s: %m\n", addr_str(&air, text));
		return false;
	}
	return true;
}

/* Says goodbye to the network, and gives it a moment to be heard. */
static void ue_switch_off(struct ue_process *u)
{
	uint64_t end_ns;

	ue_deregister(u->ue, true);
	end_ns = loop_now_ns(u->p.loop) + UE_SWITCH_OFF_NS;
	while (loop_now_ns(u->p.loop) < end_ns && loop_turn(u->p.loop, UE_SWITCH_OFF_NS / 10))
		;
}

int app_ue(struct options *args)
{
	static const int caps[] = { CAP_NET_ADMIN }; /* its interface gets address and routes later */
	static const struct sandbox may = { .caps = caps, .cap_count = ARRAY_LEN(caps), .sockets = true };
	struct ue_process *u;
	bool ok;

	if (options_help(args, help))
		return 0;
	u = calloc(1, sizeof(*u));
	if (!u)
		return 1;
	u->tun.fd = -1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	u->record = options_text(args, "--record");
	u->file = options_network_file(args);
	if (!options_network(args, &u->network)) {
		free(u);
		return 2;
	}
	ok = process_begin(&u->p, (enum log_level)u->network.log_level) && ue_make(u) && ue_bind(u) &&
	     process_run(&u->p, "ue", &may);
	if (ok)
		ue_switch_off(u);
	ue_host_free(u->host);
	process_end(&u->p);
	if (u->tun.fd >= 0)
		tun_close(&u->tun);
	free(u);
	return ok ? 0 : 1;
}
