/* freehold check: what a network.yaml makes, and what one may hold. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/env.h"
#include "ops/capacity.h"
#include "ops/check_change.h"
#include "ops/ops.h"
#include "ops/reference.h"
#include "wire/e1ap/e1ap.h"
#include "wire/f1ap/f1ap.h"
#include "wire/gtpu/gtpu.h"
#include "wire/pfcp/pfcp.h"

static const char help[] =
	"freehold check [-c network.yaml]\n"
	"freehold check --change FILE [-c network.yaml] [--control SOCKET]\n"
	"freehold check --example\n\n"
	"Reads the file as the processes would: what is wrong, with file and line (exit status 1), or what "
	"network it\n"
	"makes on this machine: parts with their addresses, address pools, how many UEs and sessions fit.\n"
	"--change says what FILE in place of network.yaml would change: what is taken while the network "
	"runs, what at a\n"
	"restart, and how many UEs and sessions that interrupts by now.\n"
	"--example prints a file with all keys (freehold help keys), as comments but for a smallest "
	"network.\n";

/* The port in force, where 0 stands for a standard one. */
static const char *place(struct addr a, uint16_t port, char text[ADDR_STR_SIZE])
{
	a.port = port;
	return addr_str(&a, text);
}

static void show_network(const struct network *n)
{
	char plmn[PLMN_STR_SIZE], slice[SNSSAI_STR_SIZE];

	printf("network %s, tracking areas", plmn_str(&n->plmn, plmn));
	for (uint8_t i = 0; i < n->tac_count; i++)
		printf(" %u", n->tacs[i]);
	printf(", slices");
	for (uint8_t i = 0; i < n->slice_count; i++)
		printf(" %s", snssai_str(&n->slices[i], slice));
	printf("\n");
}

static void show_core(const struct network *n, const struct core_config *c)
{
	static const char *const transports[] = { "auto", "kernel", "raw", "udp" };
	char text[ADDR_STR_SIZE];

	printf("core: store %s (%s), control %s, N4 %s, %u sessions\n", n->core.store,
		n->core.sync ? "survives power loss" : "survives kill -9", n->core.control,
		place(n->core.smf.n4_address, PFCP_UDP_PORT, text), c->smf.sessions_max);
	for (uint8_t i = 0; i < n->core.amf_count; i++) {
		const struct network_amf *amf = &n->core.amfs[i];

		printf("AMF %s: N2 %s, SCTP %s, %u UEs\n", amf->config.name,
			place(amf->n2_address, amf->n2_port, text), transports[amf->sctp.transport],
			c->amfs[i].ues_max);
	}
}

static void show_upfs(struct network *n)
{
	char n4[ADDR_STR_SIZE], n3[ADDR_STR_SIZE], text[PREFIX_STR_SIZE];

	for (uint8_t i = 0; i < n->upf_count; i++) {
		struct network_upf *u = &n->upfs[i];

		capacity_upf(&u->config, io_memory_octets());
		printf("UPF %s: N4 %s, N3 %s, N6 %s%s, %u sessions, DNNs", u->name,
			place(u->config.n4_address, PFCP_UDP_PORT, n4),
			place(u->config.n3_address, GTPU_UDP_PORT, n3), u->tun, u->nat ? " with NAT" : "",
			u->config.sessions_max);
		for (uint8_t k = 0; k < u->dnn_count; k++)
			printf(" %s", u->dnns[k]);
		printf("%s", u->dnn_count || u->pool_count ? "" : " (all)");
		for (uint8_t k = 0; k < u->pool_count; k++)
			printf("%s %s",
				k              ? ","
				: u->dnn_count ? ", pools"
					       : " of pools",
				prefix_str(&u->pools[k], text));
		printf("\n");
	}
}

/* For UEs: without the network's, the gateway's and the broadcast address, of IPv6 /64s but the first. */
static uint64_t addresses(const struct prefix *pool)
{
	bool v4 = ip_family(pool->ip) == IP_FAMILY_V4;
	uint64_t size = UINT64_C(1) << ((v4 ? 32 : 64) - pool->bits);

	return v4 ? (size >= 4 ? size - 3 : size) : size - 1;
}

static void show_dnns(const struct network *n)
{
	char text[PREFIX_STR_SIZE];

	char slice[SNSSAI_STR_SIZE];

	for (uint8_t i = 0; i < n->dnn_count; i++) {
		const struct network_dnn *d = &n->dnns[i];

		printf("DNN %s:", d->name);
		for (uint8_t k = 0; k < d->pool_count; k++) {
			const struct network_pool *p = &d->pools[k];

			printf(" pool %s, %" PRIu64 " %s%s%s,", prefix_str(&p->prefix, text),
				addresses(&p->prefix),
				ip_family(p->prefix.ip) == IP_FAMILY_V4 ? "addresses" : "prefixes",
				p->of_slice ? " of slice " : "",
				p->of_slice ? snssai_str(&p->slice, slice) : "");
		}
		printf(" MTU %u\n", d->mtu);
	}
}

static void show_split(const struct network *n)
{
	char c[ADDR_STR_SIZE], n3[ADDR_STR_SIZE], f1u[ADDR_STR_SIZE];

	for (uint8_t i = 0; i < n->cuup_count; i++) {
		const struct network_cuup *u = &n->cuups[i];

		printf("CU-UP %s of %s: E1 from %s, N3 %s, F1-U %s\n", u->name, u->of->config.name,
			place(u->e1_address, 0, c), place(u->n3_address, GTPU_UDP_PORT, n3),
			place(u->f1u_address, GTPU_UDP_PORT, f1u));
	}
	for (uint8_t i = 0; i < n->du_count; i++) {
		const struct network_du *d = &n->dus[i];

		printf("DU %s of %s, cell %u: F1 from %s, F1-U %s\n", d->name, d->of->config.name,
			d->at->config.id, place(d->f1_address, 0, c),
			place(d->f1u_address, GTPU_UDP_PORT, f1u));
	}
}

static void show_gnbs(const struct network *n)
{
	char n2[ADDR_STR_SIZE], n3[ADDR_STR_SIZE], air[ADDR_STR_SIZE], supi[SUPI_STR_SIZE];

	for (uint8_t i = 0; i < n->gnb_count; i++) {
		const struct network_gnb *g = &n->gnbs[i];

		if (g->f1_address.len > 0)
			printf("gNB %s: N2 from %s, F1 %s, E1 %s, cells", g->config.name,
				place(g->n2_address, 0, n2), place(g->f1_address, F1AP_SCTP_PORT, n3),
				place(g->e1_address, E1AP_SCTP_PORT, air));
		else
			printf("gNB %s: N2 from %s, N3 %s, cells", g->config.name,
				place(g->n2_address, 0, n2), place(g->config.n3_address, GTPU_UDP_PORT, n3));
		for (uint8_t k = 0; k < g->cell_count; k++)
			printf(" %s", place(g->cells[k].air_address, g->cells[k].air_port, air));
		printf("\n");
	}
	show_split(n);
	for (uint8_t i = 0; i < n->ue_count; i++)
		printf("UE %s: %s\n", n->ues[i].name, supi_str(&n->ues[i].config.supi, supi));
}

static void show_end(const char *name, const struct medium_end *e)
{
	char transmit[ADDR_STR_SIZE], receive[ADDR_STR_SIZE];

	printf("air: %s is heard at %s, and hears from %s\n", name,
		place(e->receive_address, e->receive_port, receive),
		place(e->transmit_address, e->transmit_port, transmit));
}

static void show_air(const struct network *n)
{
	const struct medium_config *c = &n->medium.config;

	if (c->ue_count > 0)
		show_end("gNB", &c->gnb);
	for (uint8_t i = 0; i < c->ue_count; i++) {
		char name[16];

		snprintf(name, sizeof(name), "UE %u", i + 1u);
		show_end(name, &c->ues[i].end);
	}
}

static void show_console(const struct console_config *c)
{
	char text[ADDR_STR_SIZE];

	if (c->address.len > 0)
		printf("console: https://%s, store %s, certificate %s\n", place(c->address, c->port, text),
			c->store, c->certificate[0] ? c->certificate : "of an own authority");
}

static void show_port(const char *part, const char *name, const struct network_metrics *m)
{
	char text[ADDR_STR_SIZE];

	if (m->address.len > 0)
		printf("figures of %s%s%s: http://%s/metrics\n", part, name[0] ? " " : "", name,
			place(m->address, m->port, text));
}

static void show_metrics(const struct network *n)
{
	show_port("core", "", &n->core.metrics);
	show_port("console", "", &n->console.metrics);
	for (uint8_t i = 0; i < n->upf_count; i++)
		show_port("UPF", n->upfs[i].name, &n->upfs[i].metrics);
	for (uint8_t i = 0; i < n->gnb_count; i++)
		show_port("gNB", n->gnbs[i].config.name, &n->gnbs[i].metrics);
	for (uint8_t i = 0; i < n->cuup_count; i++)
		show_port("CU-UP", n->cuups[i].name, &n->cuups[i].metrics);
	for (uint8_t i = 0; i < n->du_count; i++)
		show_port("DU", n->dus[i].name, &n->dus[i].metrics);
	show_port("air", "", &n->medium.metrics);
}

static int check(struct network *n)
{
	struct core_config *c = options_memory(sizeof(*c));
	const char *unknown;

	if (!c)
		return 1;
	network_core_config(n, c);
	if (!network_trace_users(n, c, &unknown)) {
		fprintf(stderr, "freehold check: core.trace_users: there is no user \"%s\"\n", unknown);
		core_wipe_secrets(c);
		free(c);
		return 1;
	}
	capacity_core(c, io_memory_octets());
	show_network(n);
	show_core(n, c);
	show_upfs(n);
	show_dnns(n);
	show_gnbs(n);
	show_air(n);
	show_console(&n->console.config);
	show_metrics(n);
	core_wipe_secrets(c);
	free(c);
	return 0;
}

int ops_check(struct options *args)
{
	struct network *n;
	int status = 1;
	struct control_place place;
	const char *change;
	bool example;

	if (options_help(args, help))
		return 0;
	example = options_flag(args, "--example");
	change = options_text(args, "--change");
	place.control = options_text(args, "--control");
	place.file = options_network_file(args);
	if (args->argc > 1) {
		fprintf(stderr, "freehold check: unknown argument \"%s\" (see --help)\n", args->argv[1]);
		return 2;
	}
	if (example) {
		reference_example(&network_section, network_example, network_example_count, stdout);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	n = options_memory(sizeof(*n));
	if (n && options_network(args, n))
		status = change ? check_change(&place, n, change) : check(n);
	if (n)
		explicit_bzero(n, sizeof(*n));
	free(n);
	return status;
}
