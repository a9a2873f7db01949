/* freehold gnb: one gNB as a process; its air is UDP. */
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "apps/gnb_config.h"
#include "apps/ports.h"
#include "ops/process.h"
#include "wire/gtpu/gtpu.h"

static const char help[] = "freehold gnb [-c network.yaml] [--record FILE]\n\n"
			   "Runs the gNB of the section gnb: connects to the AMF at gnb.amf_address, carries "
			   "user packets between\n"
			   "gnb.n3_address and UEs that find it at gnb.air_address (the radio layers' "
			   "place). Until Ctrl-C or SIGTERM.\n"
			   "--record writes all that it hears for freehold replay; it holds keys.\n";

struct gnb_process {
	struct process p;
	struct network network;
	struct gnb *gnb;
	struct io_sctp *sctp;
};

void gnb_config_from(const struct network *n, struct gnb_config *c)
{
	*c = (struct gnb_config){
		.gnb_id = n->gnb.id,
		.gnb_id_bits = n->gnb.id_bits,
		.cell_id = 1,
		.plmn = n->plmn,
		.tac_count = n->tac_count,
		.slice_count = n->slice_count,
		.amf_count = 1,
		.amfs = { n->gnb.amf_address },
		.n3_address = n->gnb.n3_address,
		.ciphering_count = n->core.amf.ciphering_count,
		.integrity_count = n->core.amf.integrity_count,
	};
	str_copy(c->name, sizeof(c->name), n->gnb.name);
	c->amfs[0].port = n->gnb.amf_port;
	for (uint8_t i = 0; i < n->tac_count; i++)
		c->tacs[i] = n->tacs[i];
	for (uint8_t i = 0; i < n->slice_count; i++)
		c->slices[i] = n->slices[i];
	bytes_copy(c->ciphering_order, sizeof(c->ciphering_order), BYTES(n->core.amf.ciphering));
	bytes_copy(c->integrity_order, sizeof(c->integrity_order), BYTES(n->core.amf.integrity));
}

static bool gnb_bind(struct gnb_process *g)
{
	struct addr n2 = g->network.gnb.n2_address, n3 = g->network.gnb.n3_address,
		    air = g->network.gnb.air_address;
	struct udp_config offload = { .offload = true, .datagram_max = 65535 };
	struct room room = gnb_room(g->gnb);
	char text[ADDR_STR_SIZE];

	n3.port = GTPU_UDP_PORT;
	air.port = g->network.gnb.air_port;
	g->sctp = process_sctp(&g->p, g->network.gnb.transport, 0, g->network.gnb.sctp_udp_port);
	if (!g->sctp || !bind_room(g->p.bind, &room) ||
		!bind_sctp_client(g->p.bind, &room, GNB_PORT_N2, g->sctp, &n2, IO_SCTP_PPID_NGAP))
		return false;
	if (!bind_udp(g->p.bind, &room, GNB_PORT_N3, &n3, &offload)) {
		fprintf(stderr, "freehold gnb: N3 %s: %m\n", addr_str(&n3, text));
		return false;
	}
	if (!bind_udp(g->p.bind, &room, GNB_PORT_AIR, &air, &offload)) {
		fprintf(stderr, "freehold gnb: air %s: %m\n", addr_str(&air, text));
		return false;
	}
	return true;
}

int app_gnb(struct options *args)
{
	static const int caps[] = { CAP_NET_RAW }; /* SCTP over raw IP, for associations to come */
	static const struct sandbox may = { .caps = caps, .cap_count = ARRAY_LEN(caps), .sockets = true };
	struct gnb_config config;
	struct record_head head = { .role = "gnb" };
	const char *record;
	struct gnb_process *g;
	bool ok;

	if (options_help(args, help))
		return 0;
	g = calloc(1, sizeof(*g));
	if (!g)
		return 1;
	record = options_text(args, "--record");
	if (!options_network(args, &g->network)) {
		free(g);
		return 2;
	}
	gnb_config_from(&g->network, &config);
	ok = process_begin(&g->p, (enum log_level)g->network.log_level) &&
	     process_record(&g->p, record, &head, options_network_file(args));
	if (ok) {
		g->gnb = gnb_new(&config, &g->p.env.env);
		ok = g->gnb != NULL;
		if (!ok)
			fprintf(stderr,
				"freehold gnb: the section gnb is not complete (gNB ID within its bits?)\n");
	}
	process_made(&g->p);
	ok = ok && gnb_bind(g) && process_show_messages(&g->p, gnb_ports) && process_run(&g->p, "gnb", &may);
	gnb_free(g->gnb);
	if (g->sctp)
		io_sctp_free(g->sctp);
	process_end(&g->p);
	free(g);
	return ok ? 0 : 1;
}
