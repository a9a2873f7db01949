/* freehold load: a crowd of UEs over a few gNBs, to load an AMF - ours or another's - over real SCTP. */
#include <stdio.h>
#include <stdlib.h>

#include <unistd.h>

#include "apps/app.h"
#include "apps/load_mix.h"
#include "ops/process.h"
#include "base/text.h"
#include "crypto/aka_function.h"
#include "sim/crowd.h"
#include "wire/gtpu/gtpu.h"

#define LOG_ROOM "load"

static const char help[] =
	"freehold load [-c network.yaml] [--ues 1000] [--gnbs 4] [--in-flight 200] [--rate N]\n"
	"              [--profile NAME [--seconds 60] | --mix TEXT] [--no-sessions] [--hold]\n"
	"              [--snr DB] [--snr-best DB] [--print-subscribers]\n\n"
	"Registers UEs (SUPIs counting on from the imsi of the first of ues, all with its k and opc, SUCI "
	"by\n"
	"its profile) at the AMFs of the first of gnbs, each with a PDU session, and prints what came of "
	"it.\n"
	"With --print-subscribers it prints the lines for `freehold subscriber import` instead. With --hold "
	"it\n"
	"stays until Ctrl-C. SUCIs are computed before it begins.\n\n"
	"With radio: {air: mac} in network.yaml gNBs and UEs have RRC, PDCP, RLC and MAC, over a model of "
	"the\n"
	"physical layer: a cell of the first one's carrier for each gNB, up to 256 UEs connected in it. "
	"--snr DB\n"
	"(30) is that of the UEs, up to --snr-best DB of the last. UEs stay in their cell, and become idle "
	"by\n"
	"inactivity_ms (10000 if the gNB has none).\n\n"
	"--rate lets so many UEs begin a second, whatever becomes of those before, and ends with the last:\n"
	"what came of it then, how often a UE was told to come later, and how long 50 and 99 of 100 that "
	"were\n"
	"served took.\n\n"
	"Then the UEs live: --profile phones, commuters or sensors, or --mix with phases, each of so many\n"
	"seconds with so much of each a second, as in --mix '10: service=200 page=50 idle=250; 5: "
	"handover=20':\n"
	"  register    one that left registers, until it has its session\n"
	"  idle        its gNB releases it for inactivity\n"
	"  service     an idle one has something to send, until its user plane is there\n"
	"  page        a datagram for an idle one, until it is there: sent by this host, which needs a "
	"route\n"
	"  handover    to the next gNB by N2, until the UE is there\n"
	"  path-switch to the next gNB by Xn, likewise\n"
	"  traffic     a datagram of a UE to another one and back\n"
	"  deregister  until the network has accepted it\n"
	"Of each it prints how many began, were done, failed (or took 30 s), found no UE that could, and how "
	"long\n"
	"50, 90 and 99 of 100 took.\n";

enum {
	LOAD_TICK_MS = 5,
	LOAD_STALL_S = 60,
	LOAD_SHOW_MS = 200,
	LOAD_BAR = 40,
	LOAD_UES_MAX = 1 << 24,
	LOAD_ASSOCS = 4, /* of a gNB: see apps/gnb.c */
	SNR_DB = 30,
	INACTIVITY_MS = 10000,
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
	struct load_mix mix;
	unsigned phase; /* of it: the next one */
	uint64_t progress;
	uint64_t shown_ns; /* the progress bar */
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
			(unsigned)(crowd_times_us(crowd_served(l->crowd), 500) / 1000),
			(unsigned)(crowd_times_us(crowd_served(l->crowd), 990) / 1000));
	printf("ues %u\nregistered %u\nsessions %u\nfailed %u\nseconds %.3f\nper_second %.0f\n", n.begun,
		n.registered, n.sessions, n.failed, seconds, n.registered / seconds);
	fflush(stdout);
	l->ok = n.failed == 0;
}

static void report_task(struct load *l, enum crowd_task task)
{
	const struct crowd_task_numbers *n = crowd_task_numbers(l->crowd, task);

	if (n->begun + n->nobody == 0)
		return;
	printf("%s begun %u done %u failed %u nobody %u p50_us %llu p90_us %llu p99_us %llu\n",
		crowd_task_names[task], n->begun, n->done, n->failed, n->nobody,
		(unsigned long long)crowd_times_us(&n->took, 500),
		(unsigned long long)crowd_times_us(&n->took, 900),
		(unsigned long long)crowd_times_us(&n->took, 990));
	l->ok &= n->failed == 0;
}

/* All have what they were to get: they live, phase by phase. True: it is all over. */
static bool load_lives(struct load *l)
{
	if (l->mix.count == 0)
		return true;
	if (l->phase > 0 && !crowd_lived(l->crowd))
		return false;
	if (l->phase > 0)
		printf("phase %u ends\n", l->phase);
	if (l->phase == l->mix.count) {
		for (unsigned task = 0; task < CROWD_TASKS; task++)
			report_task(l, (enum crowd_task)task);
		fflush(stdout);
		return true;
	}
	crowd_live(l->crowd, &l->mix.phases[l->phase++]);
	printf("phase %u begins\n", l->phase);
	fflush(stdout);
	return false;
}

/* On a terminal: how far it is. */
static void show(struct load *l, const struct crowd_numbers *n, uint64_t now_ns, bool end)
{
	uint32_t done = n->registered + n->failed, all = l->config.ue_count;
	uint64_t tasks = 0;

	if (!isatty(STDERR_FILENO) || (!end && now_ns < l->shown_ns + LOAD_SHOW_MS * NS_PER_MS))
		return;
	l->shown_ns = now_ns;
	for (unsigned task = 0; task < CROWD_TASKS; task++)
		tasks += crowd_task_numbers(l->crowd, (enum crowd_task)task)->done;
	if (end)
		fprintf(stderr, "\r\033[K");
	else if (l->phase == 0)
		fprintf(stderr, "\rregistering [%-*.*s] %u of %u", LOAD_BAR,
			(int)((uint64_t)done * LOAD_BAR / all), "########################################",
			done, all);
	else
		fprintf(stderr, "\rphase %u of %u: %llu done\033[K", l->phase, l->mix.count,
			(unsigned long long)tasks);
}

static uint64_t progress_of(const struct load *l, const struct crowd_numbers *n)
{
	uint64_t progress = n->gnbs_ready + n->begun + n->registered + n->sessions + n->failed + l->phase;

	for (unsigned task = 0; task < CROWD_TASKS; task++) {
		const struct crowd_task_numbers *t = crowd_task_numbers(l->crowd, (enum crowd_task)task);

		progress += t->begun + t->done + t->failed + t->nobody;
	}
	return progress;
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
	uint64_t progress = progress_of(l, &n);
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
	show(l, &n, now_ns, false);
	if (l->over || (!stalls && !load_is_served(l, &n)))
		return;
	if (!l->end_ns) {
		l->end_ns = now_ns;
		show(l, &n, now_ns, true);
		report(l);
	}
	if (stalls)
		fprintf(stderr, "freehold load: nothing moves any more\n");
	l->over = load_lives(l) || stalls;
	if (l->over)
		show(l, &n, now_ns, true);
	l->ok &= !stalls;
	if (l->over && !l->hold)
		loop_stop(l->p.loop);
}

/* N3 of a gNB, where there is user data; with the first, the socket of the data network. */
static bool load_bind_data(struct load *l, const struct room *room, uint8_t gnb)
{
	struct addr n3 = l->network.gnbs[0].config.n3_address, any = addr_from_v4(0, 0);
	struct udp_config config = { 0 };

	if (l->mix.count == 0)
		return true;
	n3 = addr_from_v4(addr_v4(&n3) + gnb, GTPU_UDP_PORT);
	if (bind_udp(l->p.bind, room, crowd_port(GNB_PORT_N3, gnb), &n3, &config) &&
		(gnb > 0 || bind_udp(l->p.bind, room, CROWD_PORT_DN, &any, &config)))
		return true;
	process_cannot_open(&l->p, "load", &n3);
	return false;
}

static bool load_bind(struct load *l)
{
	struct room room = crowd_room(l->crowd);
	bool ok = bind_room(l->p.bind, &room);

	l->sctp = process_sctp(&l->p, &l->network.gnbs[0].sctp, false);
	for (uint8_t i = 0; ok && l->sctp && i < l->config.gnb_count; i++)
		ok = load_bind_data(l, &room, i) &&
		     bind_sctp_client(l->p.bind, &room, crowd_port(GNB_PORT_N2, i), l->sctp,
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
	l->config.moves = load_mix_has(&l->mix, CROWD_HANDOVER) || load_mix_has(&l->mix, CROWD_PATH_SWITCH);
}

/* radio: {air: mac} */
static bool load_radio(struct load *l)
{
	if (l->network.radio.air != NETWORK_AIR_MAC)
		return true;
	if (l->config.moves)
		fprintf(stderr, "freehold load: no handover and path-switch with radio: {air: mac}\n");
	l->config.cell = l->network.gnbs[0].cells[0].radio;
	if (l->config.gnb.inactivity_ms == 0)
		l->config.gnb.inactivity_ms = INACTIVITY_MS;
	return !l->config.moves;
}

/* The first gNB and the first UE are the pattern. */
static bool load_network(struct load *l, struct options *args)
{
	l->file = options_network_file(args);
	if (!options_network(args, &l->network))
		return false;
	if (l->network.gnb_count && l->network.ue_count && !l->network.ues[0].profile.no_usim)
		return true;
	fprintf(stderr,
		"freehold load: %s: gnbs and ues need an entry each, which is the pattern (of a UE with "
		"USIM)\n",
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

/* --mix or --profile; false with a message. */
static bool load_mix_option(struct load *l, struct options *args, uint32_t ues, bool sessions)
{
	const char *mix = options_text(args, "--mix"), *profile = options_text(args, "--profile");
	uint64_t seconds = 60;

	if (!number_option(args, "--seconds", 864000, &seconds))
		return false;
	if (mix && !load_mix_read(mix, &l->mix))
		return options_refuse(args, "--mix", "SECONDS: TASK=RATE ...[; ...] (see --help)", mix);
	if (profile && (mix || !load_mix_profile(profile, ues, (uint32_t)seconds, &l->mix)))
		return options_refuse(
			args, "--profile", "phones, commuters or sensors, without --mix", profile);
	if (l->mix.count > 0 && !sessions)
		return options_refuse(args, "--no-sessions", "sessions, with --mix or --profile", "none");
	return true;
}

int app_load(struct options *args)
{
	uint64_t ues = 1000, gnbs = 4, in_flight = 200, rate = 0;
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
	l->config.snr_db = SNR_DB;
	ok = number_option(args, "--ues", LOAD_UES_MAX, &ues) &&
	     number_option(args, "--gnbs", CROWD_GNBS_MAX, &gnbs) &&
	     number_option(args, "--in-flight", UINT32_MAX, &in_flight) &&
	     number_option(args, "--rate", 1000000, &rate) &&
	     options_number(args, "--snr", -20, 60, &l->config.snr_db) &&
	     options_number(args, "--snr-best", -20, 60, &l->config.snr_most_db) &&
	     load_mix_option(l, args, (uint32_t)ues, sessions) && load_network(l, args);
	l->config.per_second = (uint32_t)rate;
	if (ok && print) {
		print_subscribers(&l->network, (uint32_t)ues);
	} else if (ok) {
		load_configure(l, (uint32_t)ues, (uint32_t)gnbs, (uint32_t)in_flight, sessions);
		ok = load_radio(l);
		status = ok && load_run(l) ? 0 : 1;
	}
	explicit_bzero(l, sizeof(*l));
	free(l);
	return ok ? status : 2;
}
