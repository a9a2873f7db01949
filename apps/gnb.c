/* freehold gnb: gNBs as a process; freehold cucp: the CU-CPs of those that are split. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "apps/cell_show.h"
#include "apps/gnb_radio.h"
#include "apps/gnb_trace.h"
#include "apps/metrics.h"
#include "apps/ports.h"
#include "ops/process.h"
#include "wire/e1ap/e1ap.h"
#include "wire/f1ap/f1ap.h"
#include "wire/gtpu/gtpu.h"

static const char gnb_help[] =
	"freehold gnb [NAME] [-c network.yaml] [--record FILE | --trace FILE --schedule FILE | "
	"--show-cell]\n\n"
	"Runs the gNBs of gnbs, or the one of this name, until Ctrl-C or SIGTERM. Each connects to its\n"
	"amf_addresses and carries user packets between its n3_address and the UEs that find it at its\n"
	"air_address (radio: {air: ...}: by messages, or by samples through CU-CP, CU-UP and a DU a cell).\n"
	"--record, with one gNB by messages, writes all that it hears for freehold replay; it holds keys.\n"
	"--trace, by samples, writes F1AP, RRC in plain, MAC, RLC and PDCP as pcapng for tshark "
	"(--enable-heuristic\n"
	"mac_nr_udp, rlc_nr_udp): for test networks only. --schedule writes who got which resource blocks,\n"
	"and why, as CSV.\n"
	"--show-cell prints what follows from band, arfcn, bandwidth_mhz and scs_khz of each cell - point "
	"A,\n"
	"SS/PBCH block, CORESET 0, SIB1, random access, paging, peak rates - and runs nothing.\n"
	"A gNB with f1_address is split, and run by freehold cucp, cuup and du.\n";

static const char cucp_help[] =
	"freehold cucp [NAME] [-c network.yaml] [--trace FILE | --show-cell]\n\n"
	"Runs the CU-CPs of the gnbs that have an f1_address, or of the one of this name, until Ctrl-C or\n"
	"SIGTERM: RRC, NGAP and XnAP. DUs connect to its f1_address (SCTP port 38472), CU-UPs to its\n"
	"e1_address (38462): those of dus and cuups (freehold du, freehold cuup), or another vendor's.\n"
	"--trace and --show-cell are those of freehold gnb; MAC, RLC and PDCP are in the trace of freehold "
	"du.\n";

static const struct gnb_command {
	const char *name, *help;
	enum confined confined;
	bool split; /* it runs gNBs that are */
} gnb_command = { "gnb", gnb_help, CONFINED_GNB, false },
  cucp_command = { "cucp", cucp_help, CONFINED_CUCP, true };

/* Of one AMF: one that is up and those before it whose end has not been confirmed. */
enum { GNB_ASSOCS_PER_AMF = 4, GNB_ASSOCS_PER_NEIGHBOUR = 2 };

struct gnb_part {
	struct process_part part;
	const struct network_gnb *is;
	struct gnb *gnb;
	struct io_sctp *sctp;
	struct gnb_radio radio;
	struct figures figures;
};

struct gnb_process {
	const struct gnb_command *command;
	struct process p;
	struct network network;
	struct io_sctp *sctp;
	struct gnb_part parts[NETWORK_GNBS_MAX];
	size_t count;
	const char *record, *file; /* --record; the configuration's */
	struct gnb_trace trace;
};

/* Xn, which either end opens. */
static bool gnb_bind_xn(struct gnb_process *g, struct gnb_part *part, const struct network_gnb *n)
{
	struct addr server = n->xn_address;
	struct room room = gnb_room(part->gnb);

	server.port = IO_SCTP_PORT_XNAP;
	return bind_sctp_server(
		       part->part.bind, &room, GNB_PORT_XN_SERVER, g->sctp, &server, 1, IO_SCTP_PPID_XNAP) &&
	       bind_sctp_client(part->part.bind, &room, GNB_PORT_XN, g->sctp, &n->xn_address,
		       (uint16_t)(GNB_ASSOCS_PER_NEIGHBOUR * n->config.neighbour_count), IO_SCTP_PPID_XNAP);
}

/* F1-C and E1, which DUs and CU-UPs open. */
static bool gnb_bind_split(struct gnb_process *g, struct gnb_part *part, const struct network_gnb *n)
{
	struct addr f1 = n->f1_address, e1 = n->e1_address;
	struct room room = gnb_room(part->gnb);
	bool ok;

	f1.port = F1AP_SCTP_PORT;
	e1.port = E1AP_SCTP_PORT;
	ok = bind_sctp_server(part->part.bind, &room, GNB_PORT_F1, g->sctp, &f1, 1, F1AP_PPID);
	if (!ok)
		process_cannot_open(&g->p, g->command->name, &n->f1_address);
	else if (!(ok = bind_sctp_server(part->part.bind, &room, GNB_PORT_E1, g->sctp, &e1, 1, E1AP_PPID)))
		process_cannot_open(&g->p, g->command->name, &n->e1_address);
	return ok;
}

/* N3, and the air by messages. */
static bool gnb_bind_user_plane(struct gnb_process *g, struct gnb_part *part, const struct network_gnb *n)
{
	struct addr n3 = n->config.n3_address;
	struct udp_config offload = { .offload = true, .datagram_max = 65535 };
	struct room room = gnb_room(part->gnb), n3_room = room;
	struct bind *bind = part->part.bind;
	bool dus = n->config.radio == GNB_RADIO_DUS;

	n3.port = GTPU_UDP_PORT;
	if (dus && !gnb_radio_begin(&part->radio,
			   &(struct gnb_radio_upper){ &g->p, bind, &part->part.env.env, room,
				   g->trace.path || g->trace.schedule_path },
			   n))
		return false;
	if (dus)
		n3_room = cuup_room_of(part->radio.cuup);
	if (!bind_udp(
		    bind, &n3_room, dus ? GNB_RADIO_CUUP_PORT + CUUP_PORT_N3 : GNB_PORT_N3, &n3, &offload)) {
		process_cannot_open(&g->p, "gnb", &n->config.n3_address);
		return false;
	}
	for (uint8_t i = 0; !dus && i < n->cell_count; i++) {
		struct addr air = n->cells[i].air_address;

		air.port = n->cells[i].air_port;
		if (bind_udp(bind, &room, GNB_PORT_AIR + i, &air, &offload))
			continue;
		process_cannot_open(&g->p, "gnb", &n->cells[i].air_address);
		return false;
	}
	return true;
}

static bool gnb_bind(struct gnb_process *g, struct gnb_part *part, const struct network_gnb *n)
{
	struct room room = gnb_room(part->gnb);
	struct bind *bind = part->part.bind;

	if (!bind_room(bind, &room))
		return false;
	if (!bind_sctp_client(bind, &room, GNB_PORT_N2, g->sctp, &n->n2_address,
		    (uint16_t)(GNB_ASSOCS_PER_AMF * n->config.amf_count), IO_SCTP_PPID_NGAP)) {
		process_cannot_open(&g->p, g->command->name, &n->n2_address);
		return false;
	}
	if (n->xn_address.len > 0 && !gnb_bind_xn(g, part, n)) {
		process_cannot_open(&g->p, g->command->name, &n->xn_address);
		return false;
	}
	if (n->control[0] && !bind_unix(bind, &room, GNB_PORT_CONTROL, n->control)) {
		fprintf(stderr, "freehold %s: control %s: %m\n", g->command->name, n->control);
		return false;
	}
	return g->command->split ? gnb_bind_split(g, part, n) : gnb_bind_user_plane(g, part, n);
}

static void add_figures(void *arg, struct stats_list *l)
{
	struct gnb_part *part = arg;

	gnb_figures(part->gnb, l);
	gnb_radio_figures(&part->radio, l);
	io_sctp_figures(part->sctp, l);
}

static bool begin_figures(struct gnb_process *g, struct gnb_part *part)
{
	struct figures_build build = app_build(g->command->name, part->is->config.name);

	part->figures.more = add_figures;
	part->figures.arg = part;
	return figures_begin(&part->figures, &g->p, part->part.bind, &build, &part->is->metrics);
}

static bool gnb_add(struct gnb_process *g, const struct network_gnb *n)
{
	struct gnb_part *part = &g->parts[g->count++];
	struct record_head head = { .role = "gnb", .part = (uint8_t)(n - g->network.gnbs) };
	struct process_room room;

	part->is = n;
	part->sctp = g->sctp;
	if (!process_part_begin(&g->p, &part->part))
		return false;
	room = (struct process_room){ g->p.loop, &part->part.env.env, part->part.bind };
	if (!process_record(&part->part.recorder, &room, g->record, &head, g->file))
		return false;
	part->gnb = gnb_new(&n->config, &part->part.env.env);
	if (!part->gnb) {
		fprintf(stderr, "freehold %s: %s cannot start: memory is out\n", g->command->name,
			n->config.name);
		return false;
	}
	recorder_ready(&part->part.recorder);
	if (!gnb_trace_bind(&g->trace, part->part.bind, part->gnb) || !gnb_bind(g, part, n))
		return false;
	gnb_trace_dus(&g->trace, &part->radio);
	return begin_figures(g, part) &&
	       message_log_begin(&part->part.messages, part->part.bind, &g->p.log.log, gnb_ports);
}

/* Each is split or whole, as the command wants it, and a process carries SCTP in one way. */
static bool are_ours(const struct gnb_command *command, const struct network_gnb *gnbs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if ((gnbs[i].f1_address.len > 0) != command->split) {
			fprintf(stderr, "freehold %s: %s %s\n", command->name, gnbs[i].config.name,
				command->split ? "has no f1_address: it is whole, and run by freehold gnb"
					       : "has an f1_address: it is split, and run by freehold cucp, "
						 "cuup and du");
			return false;
		}
		if (gnbs[i].sctp.transport == gnbs[0].sctp.transport &&
			gnbs[i].sctp.udp_port == gnbs[0].sctp.udp_port)
			continue;
		fprintf(stderr, "freehold %s: %s has another transport than %s: run each by its name\n",
			command->name, gnbs[i].config.name, gnbs[0].config.name);
		return false;
	}
	return true;
}

/* Leaves the AMFs, with a moment for them to answer. */
static void gnb_leave(struct gnb_process *g)
{
	for (size_t i = 0; i < g->count; i++) {
		recorder_end(&g->parts[i].part.recorder); /* what follows is no message */
		gnb_close(g->parts[i].gnb);
	}
	process_linger_sctp(&g->p, g->sctp);
}

static void gnb_reload(void *arg)
{
	struct gnb_process *g = arg;

	for (size_t i = 0; i < g->count; i++)
		gnb_take_config(g->parts[i].gnb, &g->parts[i].is->config);
}

static bool part_has_samples(const struct network_gnb *n)
{
	return n->config.radio == GNB_RADIO_DUS && n->f1_address.len == 0;
}

static bool gnb_run(struct gnb_process *g, const struct network_gnb *gnbs, size_t count)
{
	bool ok = process_begin(&g->p, &g->network, g->file);
	struct sandbox may;

	g->sctp = ok ? process_sctp(&g->p, &gnbs[0].sctp, false) : NULL;
	ok = g->sctp != NULL && gnb_trace_begin(&g->trace, g->p.loop);
	for (size_t i = 0; ok && i < count; i++)
		ok = gnb_add(g, &gnbs[i]);
	if (!ok)
		return false;
	g->p.reload = gnb_reload;
	g->p.reload_arg = g;
	may = confinement_by_sctp(g->command->confined, io_sctp_mode(g->sctp));
	for (size_t i = 0; i < count; i++) {
		may.may |= gnbs[i].metrics.address.len > 0 || gnbs[i].control[0] ? SANDBOX_ACCEPT : 0;
		may.may |= part_has_samples(&gnbs[i]) ? gnb_radio_may(&gnbs[i]) : 0;
	}
	g->p.realtime = may.may & SANDBOX_DEVICE;
	ok = process_run(&g->p, &may);
	if (ok)
		gnb_leave(g);
	return ok;
}

static void gnb_process_end(struct gnb_process *g)
{
	for (size_t i = 0; i < g->count; i++) {
		figures_end(&g->parts[i].figures);
		gnb_radio_end(&g->parts[i].radio); /* with last reports of DUs */
		gnb_free(g->parts[i].gnb);
		process_part_end(&g->parts[i].part);
	}
	gnb_trace_end(&g->trace);
	if (g->sctp)
		io_sctp_free(g->sctp);
	process_end(&g->p);
	explicit_bzero(&g->network, sizeof(g->network));
	free(g);
}

static bool show_cells(const struct network_gnb *gnbs, size_t count)
{
	bool ok = true;

	for (size_t i = 0; i < count; i++)
		for (uint8_t k = 0; k < gnbs[i].cell_count; k++)
			ok = cell_show(&gnbs[i], &gnbs[i].cells[k]) && ok;
	return ok;
}

static int run(struct options *args, const struct gnb_command *command)
{
	const struct network_gnb *gnbs;
	struct gnb_process *g;
	size_t count;
	bool ok, show;

	if (options_help(args, command->help))
		return 0;
	g = options_memory(sizeof(*g));
	if (!g)
		return 1;
	g->command = command;
	show = options_flag(args, "--show-cell");
	g->record = command->split ? NULL : options_text(args, "--record");
	g->trace.path = options_text(args, "--trace");
	g->trace.schedule_path = command->split ? NULL : options_text(args, "--schedule");
	g->file = options_network_file(args);
	gnbs = options_network_parts(args, &g->network, NETWORK_GNB, &count);
	if (gnbs && g->record && count > 1)
		fprintf(stderr, "freehold gnb: --record needs the name of one gNB\n");
	if (gnbs && g->record && gnbs->config.radio == GNB_RADIO_DUS)
		fprintf(stderr, "freehold gnb: --record is of the radio by messages\n");
	if (!gnbs || !options_air_of_processes(args, &g->network) ||
		(g->record && (count > 1 || gnbs->config.radio == GNB_RADIO_DUS)) ||
		!are_ours(command, gnbs, count)) {
		free(g);
		return 2;
	}
	if (show) {
		ok = show_cells(gnbs, count);
		explicit_bzero(&g->network, sizeof(g->network));
		free(g);
		return ok ? 0 : 1;
	}
	ok = gnb_run(g, gnbs, count);
	gnb_process_end(g);
	return ok ? 0 : 1;
}

int app_gnb(struct options *args)
{
	return run(args, &gnb_command);
}

int app_cucp(struct options *args)
{
	return run(args, &cucp_command);
}
