/* freehold ue: UEs as a process, each with its PDU session as a network interface. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "apps/metrics.h"
#include "apps/radio_device.h"
#include "apps/ue_interface.h"
#include "apps/ue_live.h"
#include "ops/process.h"
#include "radio/phy/search/band.h"
#include "ue/air.h"

#define LOG_ROOM "ue"

static const char help[] = "freehold ue [NAME] [-c network.yaml] [--record FILE | --live]\n\n"
			   "Registers the UEs of ues, or the one of this name, and establishes a PDU session "
			   "for each, which becomes the\n"
			   "interface tun. Writes on standard output what happens, with several UEs each "
			   "line after its name. Ctrl-C or\n"
			   "SIGTERM de-registers. --record, with one UE, writes all that it hears, and its "
			   "keys, for freehold replay.\n--live, with radio: {air: samples}, adds a line a "
			   "second: cell, SNR, frequency offset, timing\n"
			   "advance, rates, block errors.\n";

enum {
	UE_SWITCH_OFF_NS = 300000000,
	FRAME_HEADER_MAX = 22 /* with two VLAN tags */,
	UE_ADVANCE_QUARTERS = 1 /* of a slot: the timing advance at most */
};

struct ue_part {
	const struct network_ue *is;
	const char *prefix; /* of its lines: its name, if there are several */
	struct process_part part;
	struct ue_host *host;
	struct ue *ue;
	struct tun tun;
	bool by_samples;
	struct ue_live live;
	struct figures figures;
	const struct network *network;
	struct ue_interfaces *interfaces;
	uint32_t index; /* of this UE there */
	/* Of its interface, by session, of IPv4 and IPv6; len 0: none. */
	struct addr addresses[PDU_SESSIONS_MAX + 1][2];
};

struct ue_process {
	struct process p;
	struct network network;
	struct ue_part parts[NETWORK_UES_MAX];
	size_t count;
	struct ue_interfaces interfaces;
	const char *record, *file; /* --record; the configuration's */
	bool live;
};

static void print(const struct ue_part *u, const char *format, ...)
{
	va_list args;

	if (u->prefix)
		printf("%s: ", u->prefix);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

/* The interface has the MTU of both, where they differ the smaller. */
static uint32_t mtu_of(const struct ue_session_info *info)
{
	uint32_t mtu = info->mtu ? info->mtu : 1400;

	if (info->mtu6 && info->mtu6 < mtu)
		mtu = info->mtu6;
	return mtu < NETWORK_MTU_MAX ? mtu : NETWORK_MTU_MAX;
}

/* Its session has no address: the interface is up as long as it has one. */
static bool is_link(const struct network_ue *n)
{
	return n->profile.session_type > NAS_PDU_IPV4V6;
}

static void link_up(struct ue_part *u, const struct ue_session_info *info)
{
	if (!ue_interface_up(u->interfaces, u->index, &(struct addr){ 0 }, mtu_of(info), false))
		log_error(u->part.env.env.log, "%s cannot be set up: %m", u->tun.name);
	print(u, "session %u: dnn %s qfi %u mtu %u ambr %llu/%llu kbit/s interface %s", info->psi, info->dnn,
		info->qfi, mtu_of(info), (unsigned long long)info->ambr_uplink_kbps,
		(unsigned long long)info->ambr_downlink_kbps, u->tun.name);
}

static void address_down(struct ue_part *u, uint8_t psi, int family)
{
	struct addr *address = &u->addresses[psi][family];

	if (address->len && !ue_interface_down(u->interfaces, u->index, address))
		log_error(u->part.env.env.log, "%s keeps the address of session %u: %m", u->tun.name, psi);
	*address = (struct addr){ 0 };
}

static void address_up(
	struct ue_part *u, const struct ue_session_info *info, int family, const struct addr *address)
{
	address_down(u, info->psi, family);
	if (address->len == 0)
		return;
	u->addresses[info->psi][family] = *address;
	if (!ue_interface_up(u->interfaces, u->index, address, mtu_of(info), u->is->default_route))
		log_error(u->part.env.env.log, "%s cannot be set up: %m", u->tun.name);
}

static void session_up(struct ue_part *u, uint8_t psi)
{
	struct ue_session_info info;
	struct addr address;
	char text[ADDR_STR_SIZE];

	if (!ue_session_info(u->ue, psi, &info))
		return;
	if (is_link(u->is)) {
		link_up(u, &info);
		return;
	}
	address = info.ipv4 ? addr_from_v4(info.ipv4, 0) : (struct addr){ 0 };
	address_up(u, &info, 0, &address);
	print(u, "session %u: address %s dnn %s qfi %u mtu %u ambr %llu/%llu kbit/s interface %s", psi,
		addr_str(&address, text), info.dnn, info.qfi, info.mtu,
		(unsigned long long)info.ambr_uplink_kbps, (unsigned long long)info.ambr_downlink_kbps,
		u->tun.name);
	for (uint8_t i = 0; i < info.p_cscf_count; i++)
		print(u, "session %u: P-CSCF %s", psi, addr_str(&info.p_cscfs[i], text));
}

/* By a router advertisement. */
static void session_address(struct ue_part *u, uint8_t psi)
{
	struct ue_session_info info;
	struct addr address;

	if (!ue_session_info(u->ue, psi, &info))
		return;
	address = ip_to_addr(info.ipv6, 0);
	address_up(u, &info, 1, &address);
}

/* Nothing leaves any more from an address that is not the UE's. */
static void session_down(struct ue_part *u, uint8_t psi)
{
	address_down(u, psi, 0);
	address_down(u, psi, 1);
}

static void on_event(void *arg, struct ue *ue, const struct ue_event_info *e)
{
	struct ue_part *u = arg;

	print(u, "%s", e->text);
	if (e->event == UE_EVENT_SESSION_UP)
		session_up(u, e->psi);
	else if (e->event == UE_EVENT_SESSION_ADDRESS)
		session_address(u, e->psi);
	else if (e->event == UE_EVENT_SESSION_DOWN)
		session_down(u, e->psi);
}

/* Each NAS message by name: what the demo shows. */
static void on_nas(void *arg, struct ue *ue, bool uplink, struct bytes plain)
{
	struct arena arena;
	struct nas_msg msg;
	struct tlv_fault fault;
	const char *name;

	message_log_nas(((struct ue_part *)arg)->part.env.env.log, uplink, plain);
	arena_init(&arena, NULL, 0, 65536);
	name = nas_decode(plain, &arena, &msg, &fault) ? nas_msg_name(msg.type) : NULL;
	print(arg, "nas %s %s", uplink ? "->" : "<-", name ? name : "?");
	arena_fini(&arena);
}

/* Uplink is made so much ahead of its time for a radio device, less what the timing advance takes: a cell of
 * ours tells all of it by then. */
static size_t ahead_of(const struct ue_part *u, double rate_hz)
{
	double slot = rate_hz / (1000u << u->is->radio.mu);

	return radio_device_is(&u->is->device)
		       ? (size_t)(slot * (4 * u->is->device.lead_slots - UE_ADVANCE_QUARTERS) / 4)
		       : 0;
}

/* The radio by samples. */
static bool set_air(struct ue_part *u)
{
	const struct served_cell_config *r = &u->is->radio;
	struct ue_air_config c = {
		.downlink_hz = phy_arfcn_hz(r->arfcn), .band = r->band, .plmn = u->is->profile.home
	};
	c.rate_hz = network_rate_hz(r);
	c.ahead = ahead_of(u, c.rate_hz);
	if (c.rate_hz > 0 && ue_host_set_air(u->host, &c))
		return true;
	fprintf(stderr, "freehold ue: %s: no such carrier: band, arfcn, bandwidth_mhz, scs_khz\n",
		u->is->name);
	return false;
}

/* By its radio device, tuned to the cell's carriers; or by TCP. */
static bool bind_air(struct ue_part *u, const struct room *room)
{
	const struct network_ue *is = u->is;
	const struct phy_band_raster *band = phy_band_find(is->radio.band);
	struct samples_config samples = { is->air_address, is->config.gnb };
	struct radio_tuning tuning = { .rate_hz = network_rate_hz(&is->radio),
		.receive_hz = (double)phy_arfcn_hz(is->radio.arfcn) };

	samples.transmit.port = is->samples_port;
	if (!radio_device_is(&is->device))
		return bind_samples(u->part.bind, room, UE_PORT_SAMPLES, &samples);
	tuning.transmit_hz = tuning.receive_hz; /* in paired spectrum by the band's distance */
	if (band && band->duplex == PHY_DUPLEX_FDD)
		tuning.transmit_hz -= 1e3 * band->dl_low_khz - 1e3 * band->ul_low_khz;
	return radio_device_bind(u->part.bind, room, UE_PORT_SAMPLES, &is->device, &tuning);
}

static bool ue_make(struct ue_part *u)
{
	struct ue_config config = u->is->config;

	config.profile = &u->is->profile;
	u->host = ue_host_new(&u->part.env.env, 1);
	if (u->host && u->by_samples && !set_air(u))
		return false;
	if (u->host) {
		ue_host_set_cells(u->host, u->network->air, u->network->air_count);
		ue_host_set_event(u->host, on_event, u);
		ue_host_set_nas_tap(u->host, on_nas, u);
		u->ue = ue_new(u->host, &config);
	}
	explicit_bzero(&config, sizeof(config));
	if (!u->ue)
		fprintf(stderr, "freehold ue: %s: its keys are not valid, or memory is out\n", u->is->name);
	return u->ue != NULL;
}

static bool ue_bind(const struct process *p, struct ue_part *u)
{
	bool link = is_link(u->is);
	struct tun_config tun = { .name = u->is->tun,
		.tap = u->is->profile.session_type == NAS_PDU_ETHERNET,
		.any = u->is->profile.session_type == NAS_PDU_UNSTRUCTURED };
	struct addr air = u->is->air_address;
	struct room room = ue_host_room(u->host);
	struct bind *bind = u->part.bind;

	if (!tun_open(&u->tun, &tun)) {
		fprintf(stderr, "freehold ue: interface %s: %m (needs CAP_NET_ADMIN)\n", u->is->tun);
		return false;
	}
	air.port = 0;
	if (!bind_room(bind, &room) ||
		!(u->by_samples ? bind_air(u, &room)
				: bind_udp(bind, &room, UE_PORT_AIR, &air, &(struct udp_config){ 0 }))) {
		process_cannot_open(p, "ue", &u->is->air_address);
		return false;
	}
	return bind_tun(
		bind, &room, link ? UE_PORT_LINK : UE_PORT_TUN, &u->tun, NETWORK_MTU_MAX + FRAME_HEADER_MAX);
}

static bool ue_add(struct ue_process *u, const struct network_ue *n, bool alone)
{
	struct ue_part *part = &u->parts[u->count++];
	struct record_head head = { .role = "ue", .part = (uint8_t)(n - u->network.ues) };
	struct figures_build build;
	struct process_room room;

	part->is = n;
	part->network = &u->network;
	part->interfaces = &u->interfaces;
	part->index = (uint32_t)(n - u->network.ues);
	part->prefix = alone ? NULL : n->name;
	part->tun.fd = -1;
	part->by_samples = u->network.radio.air == NETWORK_AIR_SAMPLES;
	if (!process_part_begin(&u->p, &part->part))
		return false;
	room = (struct process_room){ u->p.loop, &part->part.env.env, part->part.bind };
	if (!process_record(&part->part.recorder, &room, u->record, &head, u->file) || !ue_make(part))
		return false;
	recorder_ready(&part->part.recorder);
	if (!ue_bind(&u->p, part))
		return false;
	if (u->live && part->by_samples)
		ue_live_begin(&part->live, u->p.loop, part->host, part->prefix);
	build = app_build("ue", n->name);
	return figures_begin(&part->figures, &u->p, part->part.bind, &build, &n->metrics);
}

/* Leaves the network, with a moment for the messages to go. */
static void ue_switch_off(struct ue_process *u)
{
	uint64_t end_ns = loop_now_ns(u->p.loop) + UE_SWITCH_OFF_NS;

	for (size_t i = 0; i < u->count; i++) {
		recorder_end(&u->parts[i].part.recorder); /* what follows is no message */
		ue_deregister(u->parts[i].ue, true);
	}
	while (loop_now_ns(u->p.loop) < end_ns && loop_turn(u->p.loop, UE_SWITCH_OFF_NS / 10))
		;
}

static bool ue_run(struct ue_process *u, const struct network_ue *ues, size_t count)
{
	struct sandbox may = confinement(CONFINED_UE);
	bool by_samples = u->network.radio.air == NETWORK_AIR_SAMPLES;
	bool ok = ue_interfaces_begin(&u->interfaces, &u->network);

	for (size_t i = 0; i < count; i++) {
		may.may |= ues[i].metrics.address.len > 0 ? SANDBOX_ACCEPT : 0;
		if (by_samples)
			may.may |= radio_device_is(&ues[i].device) ? SANDBOX_DEVICE
								   : SANDBOX_ACCEPT | SANDBOX_CONNECT;
	}
	if (!ok)
		fprintf(stderr, "freehold ue: no process for its interfaces: %m\n");
	ok = ok && process_begin(&u->p, &u->network, u->file);
	u->p.realtime = may.may & SANDBOX_DEVICE;

	for (size_t i = 0; ok && i < count; i++)
		ok = ue_add(u, &ues[i], count == 1);
	ok = ok && process_run(&u->p, &may);
	if (ok)
		ue_switch_off(u);
	return ok;
}

static void ue_process_end(struct ue_process *u)
{
	for (size_t i = 0; i < u->count; i++) {
		struct ue_part *part = &u->parts[i];

		figures_end(&part->figures);
		ue_live_end(&part->live);
		ue_host_free(part->host);
		process_part_end(&part->part);
		if (part->tun.fd >= 0)
			tun_close(&part->tun);
	}
	process_end(&u->p);
	ue_interfaces_end(&u->interfaces);
	explicit_bzero(u, sizeof(*u));
	free(u);
}

/* Cells may be in other tracking areas. */
static void ue_reload(void *arg)
{
	struct ue_process *u = arg;

	for (size_t i = 0; i < u->count; i++)
		ue_host_cells_changed(u->parts[i].host);
}

int app_ue(struct options *args)
{
	const struct network_ue *ues;
	struct ue_process *u;
	size_t count;
	bool ok;

	if (options_help(args, help))
		return 0;
	u = options_memory(sizeof(*u));
	if (!u)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	u->record = options_text(args, "--record");
	u->live = options_flag(args, "--live");
	u->file = options_network_file(args);
	ues = options_network_parts(args, &u->network, NETWORK_UE, &count);
	if (ues && u->record && count > 1)
		fprintf(stderr, "freehold ue: --record needs the name of one UE\n");
	if (ues && u->record && u->network.radio.air == NETWORK_AIR_SAMPLES)
		fprintf(stderr, "freehold ue: --record is of the radio by messages\n");
	if (!ues || !options_air_of_processes(args, &u->network) ||
		(u->record && (count > 1 || u->network.radio.air == NETWORK_AIR_SAMPLES))) {
		free(u);
		return 2;
	}
	u->p.reload = ue_reload;
	u->p.reload_arg = u;
	ok = ue_run(u, ues, count);
	ue_process_end(u);
	return ok ? 0 : 1;
}
