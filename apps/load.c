/* freehold load: a crowd of UEs over a few gNBs, to load an AMF - ours or another's - over real SCTP. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "ops/process.h"
#include "base/text.h"
#include "crypto/aka_function.h"
#include "sim/crowd.h"

#define LOG_ROOM "load"

static const char help[] =
	"freehold load [-c network.yaml] [--ues 1000] [--gnbs 4] [--in-flight 200] [--rate N] "
	"[--no-sessions] [--handovers N] [--hold]\n"
	"              [--print-subscribers]\n\n"
	"Registers UEs (SUPIs counting on from the imsi of the first of ues, all with its k and opc, SUCI by "
	"its\n"
	"profile) at the AMFs of the first of gnbs, each with a PDU session, and prints what came of it. "
	"With\n"
	"--print-subscribers it prints the lines for `freehold subscriber import` instead. With --hold it "
	"stays until\n"
	"Ctrl-C. SUCIs are computed before it begins.\n"
	"--rate lets so many UEs begin a second, whatever becomes of those before, and ends with the last: "
	"what came\n"
	"of it then, how often a UE was told to come later, and how long 50 and 99 of 100 that were served "
	"took.\n"
	"--handovers lets the UEs go from gNB to gNB by N2, one after the other, once all are served: so "
	"many in "
	"all.\n";

enum {
	LOAD_TICK_MS = 5,
	LOAD_STALL_S = 60,
	LOAD_UES_MAX = 1 << 24,
	LOAD_ASSOCS = 4 /* of a gNB: see apps/gnb.c */
};

struct load {
	struct process p;
	struct network network;
	struct crowd_config config;
	struct crowd *crowd;
	const char *file; /* the configuration's */
	struct io_sctp *sctp;
	struct loop_hook hook;
	uint64_t begin_ns, end_ns, tick_ns, progress_ns;
	uint64_t moves_ns; /* when the handovers began */
	uint64_t progress;
	bool hold, ok, over;
};

static bool number_option(struct options *args, const char *name, uint64_t max, uint64_t *out)
{
	const char *text = options_text(args, name);
	char expected[40];

	if (!text || (text_uint(bytes_of_str(text), max, out) && *out > 0))
		return true;
	snprintf(expected, sizeof(expected), "a number from 1 to %llu", (unsigned long long)max);
	return options_refuse(args, name, expected, text);
}

static void print_subscribers(const struct network *n, uint32_t count)
{
	const struct ue_config *ue = &n->ues[0].config;
	size_t opc_len = aka_function(ue->key.alg)->opc_len;
	char k[65], opc[65];
	struct writer w = writer_of(k, sizeof(k) - 1);

	text_hex(&w, bytes_of(ue->key.k, ue->key.k_len));
	k[w.len] = '\0';
	w = writer_of(opc, sizeof(opc) - 1);
	text_hex(&w, bytes_of(ue->key.opc, opc_len));
	opc[w.len] = '\0';
	for (uint32_t i = 0; i < count; i++)
		printf("imsi=%0*llu k=%s opc=%s\n", (int)strlen(ue->supi.imsi),
			strtoull(ue->supi.imsi, NULL, 10) + i, k, opc);
}

static void report(struct load *l)
{
	struct crowd_numbers n = crowd_numbers(l->crowd);
	double seconds = (double)(l->end_ns - l->begin_ns) / 1e9;

	if (l->config.per_second)
		printf("put_off %u\nserved_p50_ms %u\nserved_p99_ms %u\n", n.put_off,
			crowd_served_within_ms(l->crowd, 500), crowd_served_within_ms(l->crowd, 990));
	printf("ues %u\nregistered %u\nsessions %u\nfailed %u\nseconds %.3f\nper_second %.0f\n", n.begun,
		n.registered, n.sessions, n.failed, seconds, n.registered / seconds);
	fflush(stdout);
	l->ok = n.failed == 0;
}

static void report_moves(struct load *l, uint64_t now_ns)
{
	struct crowd_numbers n = crowd_numbers(l->crowd);
	double seconds = (double)(now_ns - l->moves_ns) / 1e9;

	printf("handovers %u\nhandovers_failed %u\nhandover_seconds %.3f\nhandovers_per_second %.0f\n",
		n.handed_over, n.moves_failed, seconds, n.handed_over / seconds);
	fflush(stdout);
	l->ok &= n.moves_failed == 0;
}

/* All have what they were to get: they are handed over, where they are to be. True: it is all over. */
static bool load_moves(struct load *l, uint64_t now_ns)
{
	if (!l->config.handovers)
		return true;
	if (!l->moves_ns) {
		l->moves_ns = now_ns;
		crowd_hand_over(l->crowd);
	}
	if (!crowd_handed_over(l->crowd))
		return false;
	report_moves(l, now_ns);
	return true;
}

static uint64_t load_next_ns(void *arg)
{
	return ((struct load *)arg)->tick_ns;
}

static bool load_is_served(const struct load *l, const struct crowd_numbers *n)
{
	return l->begin_ns &&
	       (crowd_done(l->crowd) || (l->config.per_second && n->begun == l->config.ue_count));
}

/* Begins when all gNBs are set up; ends when the crowd is done, or nothing moves any more. */
static void load_tick(void *arg, uint64_t now_ns)
{
	struct load *l = arg;
	struct crowd_numbers n = crowd_numbers(l->crowd);
	uint64_t progress = n.gnbs_ready + n.begun + n.registered + n.sessions + n.failed + n.moves +
			    n.handed_over + n.moves_failed;
	bool stalls;

	l->tick_ns = now_ns + LOAD_TICK_MS * NS_PER_MS;
	if (progress != l->progress || !l->progress_ns) { /* the UEs' SUCIs may have taken minutes */
		l->progress = progress;
		l->progress_ns = now_ns;
	}
	if (!l->begin_ns && n.gnbs_ready == l->config.gnb_count) {
		l->begin_ns = now_ns;
		crowd_start(l->crowd);
	}
	stalls = now_ns - l->progress_ns > LOAD_STALL_S * NS_PER_S;
	if (l->over || (!stalls && !load_is_served(l, &n)))
		return;
	if (!l->end_ns) {
		l->end_ns = now_ns;
		report(l);
	}
	if (stalls)
		fprintf(stderr, "freehold load: nothing moves any more\n");
	l->over = load_moves(l, now_ns) || stalls;
	l->ok &= !stalls;
	if (l->over && !l->hold)
		loop_stop(l->p.loop);
}

static bool load_bind(struct load *l)
{
	struct room room = crowd_room(l->crowd);
	bool ok = bind_room(l->p.bind, &room);

	l->sctp = process_sctp(&l->p, &l->network.gnbs[0].sctp, false);
	for (uint8_t i = 0; ok && l->sctp && i < l->config.gnb_count; i++)
		ok = bind_sctp_client(l->p.bind, &room, crowd_port(GNB_PORT_N2, i), l->sctp,
			&l->network.gnbs[0].n2_address, LOAD_ASSOCS, IO_SCTP_PPID_NGAP);
	l->hook = (struct loop_hook){ .next_ns = load_next_ns, .due = load_tick, .arg = l };
	loop_hook_add(l->p.loop, &l->hook);
	return ok && l->sctp;
}

static void load_configure(struct load *l, uint32_t ues, uint32_t gnbs, uint32_t in_flight, bool sessions)
{
	const struct network_ue *ue = &l->network.ues[0];

	l->config.gnb = l->network.gnbs[0].config;
	l->config.profile = ue->profile;
	l->config.key = ue->config.key;
	l->config.first = ue->config.supi;
	l->config.gnb_count = (uint8_t)gnbs;
	l->config.ue_count = ues;
	l->config.in_flight_max = in_flight;
	l->config.sessions = sessions;
	l->config.prepare = true;
}

/* The first gNB and the first UE are the pattern. */
static bool load_network(struct load *l, struct options *args)
{
	l->file = options_network_file(args);
	if (!options_network(args, &l->network))
		return false;
	if (l->network.gnb_count && l->network.ue_count)
		return true;
	fprintf(stderr, "freehold load: %s: gnbs and ues need an entry each, which is the pattern\n",
		options_network_file(args));
	return false;
}

static bool load_run(struct load *l)
{
	bool ok = process_begin(&l->p, &l->network, l->file);
	struct sandbox may;

	if (ok) {
		l->crowd = crowd_new(&l->config, &l->p.env.env);
		ok = l->crowd != NULL;
		if (!ok)
			fprintf(stderr, "freehold load: memory is out, or a gNB has more than %d UEs\n",
				UE_MAX);
	}
	ok = ok && load_bind(l);
	if (ok) {
		may = confinement_by_sctp(CONFINED_LOAD, io_sctp_mode(l->sctp));
		ok = process_run(&l->p, &may);
	}
	crowd_free(l->crowd);
	if (l->sctp)
		io_sctp_free(l->sctp);
	process_end(&l->p);
	return ok && l->ok;
}

int app_load(struct options *args)
{
	uint64_t ues = 1000, gnbs = 4, in_flight = 200, rate = 0, handovers = 0;
	bool sessions, print, ok;
	struct load *l;
	int status = 0;

	if (options_help(args, help))
		return 0;
	l = options_memory(sizeof(*l));
	if (!l)
		return 1;
	sessions = !options_flag(args, "--no-sessions");
	print = options_flag(args, "--print-subscribers");
	l->hold = options_flag(args, "--hold");
	ok = number_option(args, "--ues", LOAD_UES_MAX, &ues) &&
	     number_option(args, "--gnbs", CROWD_GNBS_MAX, &gnbs) &&
	     number_option(args, "--in-flight", UINT32_MAX, &in_flight) &&
	     number_option(args, "--handovers", UINT32_MAX, &handovers) &&
	     number_option(args, "--rate", 1000000, &rate) && load_network(l, args);
	l->config.per_second = (uint32_t)rate;
	l->config.handovers = (uint32_t)handovers;
	if (ok && print) {
		print_subscribers(&l->network, (uint32_t)ues);
	} else if (ok) {
		load_configure(l, (uint32_t)ues, (uint32_t)gnbs, (uint32_t)in_flight, sessions);
		status = load_run(l) ? 0 : 1;
	}
	explicit_bzero(l, sizeof(*l));
	free(l);
	return ok ? status : 2;
}
