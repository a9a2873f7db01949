/* freehold air: the radio channel between processes that are joined by samples. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "apps/metrics.h"
#include "ops/figures.h"
#include "ops/process.h"
#include "sim/medium/medium.h"

static const char help[] = "freehold air [-c network.yaml]\n\n"
			   "Runs the radio channel of air in network.yaml between a gNB and up to eight UEs, "
			   "ours or others', that are\n"
			   "joined by streams of samples over ZeroMQ (fc32), until Ctrl-C or SIGTERM. Each "
			   "UE hears the gNB through a\n"
			   "channel of its own (SNR, fading, delay, frequency offset), what the UEs send "
			   "adds up at the gNB. Ends may\n"
			   "come and go: who is not there is silent, who is there is waited for. No faster "
			   "than the clock, unless\n"
			   "air.realtime says no.\n";

struct air_process {
	struct process p;
	struct network network;
	struct medium *medium;
	struct figures figures;
};

static bool bind_end(
	struct air_process *a, const struct room *room, uint16_t port, const struct medium_end *e)
{
	struct samples_config c = { e->transmit_address, e->receive_address };

	c.transmit.port = e->transmit_port;
	c.receive.port = e->receive_port;
	if (bind_samples(a->p.bind, room, port, &c))
		return true;
	process_cannot_open(&a->p, "air", &e->transmit_address);
	return false;
}

static bool bind_ends(struct air_process *a)
{
	const struct medium_config *c = &a->network.medium.config;
	struct room room = medium_room(a->medium);
	bool ok = bind_room(a->p.bind, &room) && bind_end(a, &room, MEDIUM_PORT_GNB, &c->gnb);

	for (uint8_t i = 0; i < c->ue_count && ok; i++)
		ok = bind_end(a, &room, (uint16_t)(MEDIUM_PORT_UE + i), &c->ues[i].end);
	return ok;
}

static void add_figures(void *arg, struct stats_list *l)
{
	struct air_process *a = arg;

	medium_figures(a->medium, l);
}

static bool begin_figures(struct air_process *a)
{
	struct figures_build build = app_build("air", NULL);

	a->figures.more = add_figures;
	a->figures.arg = a;
	return figures_begin(&a->figures, &a->p, a->p.bind, &build, &a->network.medium.metrics);
}

static bool air_run(struct air_process *a, const char *file)
{
	struct sandbox may = confinement_with_metrics(CONFINED_AIR, &a->network.medium.metrics);

	if (!process_begin(&a->p, &a->network, file))
		return false;
	a->medium = medium_new(&a->network.medium.config, &a->p.env.env);
	if (!a->medium) {
		fprintf(stderr, "freehold air: memory is out\n");
		return false;
	}
	return bind_ends(a) && begin_figures(a) && process_run(&a->p, &may);
}

int app_air(struct options *args)
{
	struct air_process *a;
	const char *file;
	bool ok = false;
	int status = 2;

	if (options_help(args, help))
		return 0;
	a = options_memory(sizeof(*a));
	if (!a)
		return 1;
	file = options_network_file(args);
	if (options_network(args, &a->network)) {
		ok = a->network.medium.config.ue_count > 0;
		if (!ok)
			fprintf(stderr, "freehold air: %s: air.ues has no entry\n", file);
	}
	if (ok) {
		status = air_run(a, file) ? 0 : 1;
		figures_end(&a->figures);
		process_end(&a->p);
		medium_free(a->medium);
	}
	explicit_bzero(&a->network, sizeof(a->network));
	free(a);
	return status;
}
