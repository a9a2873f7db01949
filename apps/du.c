/* freehold du: the DU of a cell as a process (38.401 6.1.2): F1 to its CU-CP, F1-U, and samples. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "apps/du_trace.h"
#include "apps/gnb_radio.h"
#include "apps/metrics.h"
#include "apps/ports.h"
#include "apps/radio_device.h"
#include "ops/process.h"
#include "wire/f1ap/f1ap.h"
#include "wire/gtpu/gtpu.h"

static const char help[] =
	"freehold du [NAME] [-c network.yaml] [--trace FILE] [--schedule FILE]\n\n"
	"Runs the DU of this name, or the only one of dus, until Ctrl-C or SIGTERM: RLC, MAC and the\n"
	"physical layer of its cell, by samples. It connects to the f1_address of its gNB, again and again\n"
	"while nobody is there, and is silent on the air meanwhile. SIGTERM removes F1: the UEs of the\n"
	"cell are released. --trace writes MAC, RLC and PDCP, --schedule decisions, as freehold gnb does.\n";

/* One that is up, and one before it whose end has not been confirmed. */
enum { DU_ASSOCS = 2 };

struct du_process {
	struct process p;
	struct network network;
	const struct network_du *is;
	struct io_sctp *sctp;
	struct du_room *room;
	struct figures figures;
	const char *trace_path, *schedule_path; /* NULL: none */
	struct pcapng file;
	struct du_trace trace;
};

static bool start(struct du_process *d)
{
	const struct network_du *is = d->is;
	struct du_room_config c = gnb_radio_du_of(is->of, is->at);
	const char *wrong;

	c.env = &d->p.env.env;
	c.name = is->name;
	c.f1u = is->f1u_address;
	c.f1u.port = GTPU_UDP_PORT;
	c.cu = is->of->f1_address;
	c.cu.port = F1AP_SCTP_PORT;
	d->room = du_room_new(&c, &wrong);
	if (!d->room)
		fprintf(stderr, "freehold du: %s cannot start: %s\n", is->name,
			wrong ? wrong : "memory is out");
	return d->room != NULL;
}

static bool bind_all(struct du_process *d)
{
	const struct udp_config offload = { .offload = true, .datagram_max = 65535 };
	struct room room = du_room_of(d->room);
	struct bind *bind = d->p.bind;
	struct addr f1u = d->is->f1u_address;
	const struct addr *at;

	f1u.port = GTPU_UDP_PORT;
	if (!bind_room(bind, &room))
		return false;
	if (!bind_sctp_client(bind, &room, DU_PORT_F1, d->sctp, &d->is->f1_address, DU_ASSOCS, F1AP_PPID))
		at = &d->is->f1_address;
	else if (!bind_udp(bind, &room, DU_PORT_F1U, &f1u, &offload))
		at = &d->is->f1u_address;
	else
		return gnb_radio_bind_samples(bind, d->room, DU_PORT_SAMPLES, d->is->at);
	process_cannot_open(&d->p, "du", at);
	return false;
}

static bool trace_begin(struct du_process *d)
{
	d->trace = (struct du_trace){ .loop = d->p.loop, .node = du_room_node(d->room) };
	if (d->trace_path && !pcapng_open(&d->file, d->trace_path, "freehold du")) {
		fprintf(stderr, "freehold du: --trace %s: %m\n", d->trace_path);
		return false;
	}
	d->trace.file = d->trace_path ? &d->file : NULL;
	d->trace.schedule = d->schedule_path ? du_trace_schedule_open(d->schedule_path) : NULL;
	du_trace_begin(&d->trace);
	return d->trace.schedule || !d->schedule_path;
}

static void trace_end(struct du_process *d)
{
	if (d->trace.file && !pcapng_close(d->trace.file))
		fprintf(stderr, "freehold du: the trace could not be written whole: %m\n");
	if (d->trace.schedule)
		(void)du_trace_schedule_close(d->trace.schedule);
}

static void add_figures(void *arg, struct stats_list *l)
{
	struct du_process *d = arg;

	du_room_figures(d->room, l);
	io_sctp_figures(d->sctp, l);
}

static bool begin_figures(struct du_process *d)
{
	struct figures_build build = app_build("du", d->is->name);

	d->figures.more = add_figures;
	d->figures.arg = d;
	return figures_begin(&d->figures, &d->p, d->p.bind, &build, &d->is->metrics);
}

static bool run(struct du_process *d, const char *file)
{
	bool ok = process_begin(&d->p, &d->network, file);
	struct sandbox may;

	d->sctp = ok ? process_sctp(&d->p, &d->is->of->sctp, false) : NULL;
	if (!d->sctp || !start(d) || !trace_begin(d) || !bind_all(d) || !begin_figures(d) ||
		!message_log_begin(&d->p.messages, d->p.bind, &d->p.log.log, du_ports))
		return false;
	may = confinement_by_sctp(CONFINED_DU, io_sctp_mode(d->sctp));
	d->p.realtime = radio_device_is(&d->is->at->device);
	may.may |= d->p.realtime ? SANDBOX_DEVICE : 0;
	ok = process_run(&d->p, &may);
	if (ok) {
		du_room_leave(d->room);
		process_linger_sctp(&d->p, d->sctp);
	}
	return ok;
}

int app_du(struct options *args)
{
	struct du_process *d;
	const char *file;
	bool ok;

	if (options_help(args, help))
		return 0;
	d = options_memory(sizeof(*d));
	if (!d)
		return 1;
	d->trace_path = options_text(args, "--trace");
	d->schedule_path = options_text(args, "--schedule");
	file = options_network_file(args);
	d->is = options_network_part(args, &d->network, NETWORK_DU);
	if (!d->is) {
		free(d);
		return 2;
	}
	ok = run(d, file);
	figures_end(&d->figures);
	if (d->sctp)
		io_sctp_free(d->sctp);
	du_room_free(d->room); /* with last reports */
	trace_end(d);
	process_end(&d->p);
	explicit_bzero(&d->network, sizeof(d->network));
	free(d);
	return ok ? 0 : 1;
}
