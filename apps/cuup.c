/* freehold cuup: a CU-UP as a process (38.401 6.1.2): E1 to its CU-CP, N3, and F1-U. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "apps/gnb_radio.h"
#include "apps/metrics.h"
#include "apps/ports.h"
#include "ops/process.h"
#include "wire/e1ap/e1ap.h"
#include "wire/gtpu/gtpu.h"

#define LOG_ROOM "gnb"

static const char help[] =
	"freehold cuup [NAME] [-c network.yaml]\n\n"
	"Runs the CU-UP of this name, or the only one of cuups, until Ctrl-C or SIGTERM: PDCP and SDAP of\n"
	"user data between its n3_address and its f1u_address. It connects to the e1_address of its gNB,\n"
	"again and again while nobody is there. SIGTERM releases E1, and the UEs go on at another CU-UP.\n"
	"SIGUSR2 makes it empty: its UEs go to other CU-UPs, no further come until SIGHUP, which reads\n"
	"capacity again.\n";

/* One that is up, and one before it whose end has not been confirmed. */
enum { CUUP_ASSOCS = 2 };

struct cuup_process {
	struct process p;
	struct network network;
	const struct network_cuup *is;
	struct io_sctp *sctp;
	struct cuup_room *room;
	struct figures figures;
};

static bool start(struct cuup_process *u)
{
	const struct network_cuup *is = u->is;
	struct cuup_room_config c = gnb_radio_cuup_of(is->of);

	c.node.env = &u->p.env.env;
	c.node.id = is->id;
	c.node.name = is->name;
	c.node.capacity = is->capacity;
	c.node.n3 = is->n3_address;
	c.node.f1u = is->f1u_address;
	c.node.n3.port = c.node.f1u.port = GTPU_UDP_PORT;
	c.cp = is->of->e1_address;
	c.cp.port = E1AP_SCTP_PORT;
	u->room = cuup_room_new(&c);
	if (!u->room)
		fprintf(stderr, "freehold cuup: %s cannot start: memory is out\n", is->name);
	return u->room != NULL;
}

static bool bind_all(struct cuup_process *u)
{
	const struct udp_config offload = { .offload = true, .datagram_max = 65535 };
	struct room room = cuup_room_of(u->room);
	const struct network_cuup *is = u->is;
	const struct {
		uint16_t port;
		const struct addr *at;
	} udp[] = { { CUUP_PORT_N3, &is->n3_address }, { CUUP_PORT_F1U, &is->f1u_address } };

	if (!bind_room(u->p.bind, &room))
		return false;
	if (!bind_sctp_client(
		    u->p.bind, &room, CUUP_PORT_E1, u->sctp, &is->e1_address, CUUP_ASSOCS, E1AP_PPID)) {
		process_cannot_open(&u->p, "cuup", &is->e1_address);
		return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(udp); i++) {
		struct addr at = *udp[i].at;

		at.port = GTPU_UDP_PORT;
		if (bind_udp(u->p.bind, &room, udp[i].port, &at, &offload))
			continue;
		process_cannot_open(&u->p, "cuup", udp[i].at);
		return false;
	}
	return true;
}

static void add_figures(void *arg, struct stats_list *l)
{
	struct cuup_process *u = arg;

	cuup_room_figures(u->room, l);
	io_sctp_figures(u->sctp, l);
}

static bool begin_figures(struct cuup_process *u)
{
	struct figures_build build = app_build("cuup", u->is->name);

	u->figures.more = add_figures;
	u->figures.arg = u;
	return figures_begin(&u->figures, &u->p, u->p.bind, &build, &u->is->metrics);
}

static void take_capacity(void *arg)
{
	struct cuup_process *u = arg;

	cuup_node_set_capacity(cuup_room_node(u->room), u->is->capacity);
}

static void leave(void *arg)
{
	struct cuup_process *u = arg;

	log_info(&u->p.log.log, "%s: %u UEs go to other CU-UPs", u->is->name,
		cuup_node_contexts(cuup_room_node(u->room)));
	cuup_node_set_capacity(cuup_room_node(u->room), 0);
	cuup_node_reset(cuup_room_node(u->room));
}

static bool run(struct cuup_process *u, const char *file)
{
	bool ok = process_begin(&u->p, &u->network, file);
	struct sandbox may;

	u->sctp = ok ? process_sctp(&u->p, &u->is->of->sctp, false) : NULL;
	if (!u->sctp || !start(u) || !bind_all(u) || !begin_figures(u) ||
		!message_log_begin(&u->p.messages, u->p.bind, &u->p.log.log, cuup_ports))
		return false;
	u->p.reload = take_capacity;
	u->p.leave = leave;
	u->p.reload_arg = u->p.leave_arg = u;
	may = confinement_by_sctp(CONFINED_CUUP, io_sctp_mode(u->sctp));
	may.may |= u->is->metrics.address.len > 0 ? SANDBOX_ACCEPT : 0;
	ok = process_run(&u->p, &may);
	if (ok) {
		cuup_room_leave(u->room);
		process_linger_sctp(&u->p, u->sctp);
	}
	return ok;
}

int app_cuup(struct options *args)
{
	struct cuup_process *u;
	const char *file;
	bool ok;

	if (options_help(args, help))
		return 0;
	u = options_memory(sizeof(*u));
	if (!u)
		return 1;
	file = options_network_file(args);
	u->is = options_network_part(args, &u->network, NETWORK_CUUP);
	if (!u->is) {
		free(u);
		return 2;
	}
	ok = run(u, file);
	figures_end(&u->figures);
	if (u->sctp)
		io_sctp_free(u->sctp);
	cuup_room_free(u->room);
	process_end(&u->p);
	explicit_bzero(&u->network, sizeof(u->network));
	free(u);
	return ok ? 0 : 1;
}
