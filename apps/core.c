/* freehold core: the control plane as a process. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/app.h"
#include "apps/metrics.h"
#include "apps/ports.h"
#include "apps/secrets.h"
#include "ops/capacity.h"
#include "ops/process.h"
#include "io/capture.h"
#include "io/file.h"
#include "io/store/lmdb.h"
#include "wire/gtpu/gtpu.h"
#include "wire/pfcp/pfcp.h"

#define LOG_ROOM "core"

static const char help[] =
	"freehold core [-c network.yaml] [--nas-tap SOCKET] [--record FILE] [--empty-store]\n\n"
	"Runs all AMFs, SMF, AUSF, UDM, UDR, PCF, NSSF and NRF until Ctrl-C or SIGTERM. gNBs connect by SCTP "
	"to\n"
	"the n2_address of core.amfs, UPFs are commanded from core.n4_address. What must survive lies in "
	"core.store.\n"
	"--nas-tap sends every NAS message in plain to a socket: for traces of test networks only.\n"
	"--record writes all that the core hears, with its store and secrets, for freehold replay: keep it "
	"as the store.\n";

struct core_process {
	struct process p; /* loop, env, log, binding */
	struct network network;
	struct core_config config;
	struct store *store;
	struct core *core;
	struct io_sctp *sctp;
	struct figures figures;
	struct loop_hook checkpoint;
	uint64_t checkpoint_ns, checkpoint_began_ns;
	bool checkpoint_wanted;
	int nas_tap;
	const char *record, *file; /* --record; the configuration's */
	bool empty_store;          /* --empty-store */
};

enum {
	TURN_US = 500, /* while there is much to do: a commit costs the same for one message and for ten */
	CHECKPOINT_S = 5,
	CHECKPOINT_TICK_MS = 50, /* how often its end is looked for */
	CHECKPOINT_PAUSE = 4,    /* times what the last one took, until the next: the disk is others' too */
	CHECKPOINT_AGAIN_S = 60, /* after one that failed */
};

static bool load_secrets(struct core_process *c)
{
	char path[NETWORK_PATH_SIZE + 16], error[SECRETS_ERROR_SIZE];

	snprintf(path, sizeof(path), "%s/secrets", c->network.core.store);
	if (secrets_load(path, &c->p.env.env, c->network.core.udm.hn_key_count == 0, &c->config, error))
		return true;
	fprintf(stderr, "freehold core: %s\n", error);
	return false;
}

/* A store that was damaged is an alarm: what was confirmed to operators and UEs may be gone. */
static void warn_of_loss(struct core_process *c, enum store_lmdb_found found)
{
	const char *dir = c->network.core.store;

	if (found == STORE_LMDB_CHECKPOINT)
		log_error(c->p.env.env.log,
			"store %s was damaged; its last checkpoint is in use: subscribers added or removed "
			"since may be lost, UEs that registered since must do so again, and all must "
			"authenticate; the damaged file is kept as store.damaged",
			dir);
	else if (found == STORE_LMDB_RESTORED)
		log_warn(c->p.env.env.log,
			"store %s is a backup that was restored: what came after it is not in it, and all "
			"UEs must authenticate",
			dir);
	else if (found == STORE_LMDB_LOST)
		log_error(c->p.env.env.log,
			"store %s was damaged and had no sound checkpoint; it begins empty, as --empty-store "
			"allows: all subscribers, registrations and sessions are lost; the damaged file is "
			"kept as store.damaged",
			dir);
}

static bool open_store(struct core_process *c, enum store_lmdb_found *found)
{
	struct store_lmdb_config config = {
		.dir = c->network.core.store,
		.durability = c->network.core.sync ? STORE_LMDB_POWER : STORE_LMDB_PROCESS,
		.may_be_lost = c->empty_store,
	};
	char error[NETWORK_PATH_SIZE + 256];

	if (!file_make_dirs(config.dir)) {
		fprintf(stderr, "freehold core: core.store %s: %m\n", config.dir);
		return false;
	}
	c->store = store_lmdb_open(&config, found, error, sizeof(error));
	if (!c->store) {
		fprintf(stderr, "freehold core: %s\n", error);
		return false;
	}
	c->p.env.env.store = c->store;
	log_info(c->p.env.env.log, "store %s: %s", config.dir, store_lmdb_found_name(*found));
	warn_of_loss(c, *found);
	return true;
}

static void nas_tap(void *arg, bool uplink, struct bytes plain)
{
	struct core_process *c = arg;

	if (c->nas_tap >= 0)
		capture_tap_send(c->nas_tap, uplink, plain);
	message_log_nas(c->p.env.env.log, uplink, plain);
}

/* The store and the secrets are as they are now: nothing has been changed by the core yet. */
static bool record_core(struct core_process *c, bool counts_lost)
{
	struct process_room room = { c->p.loop, &c->p.env.env, c->p.bind };
	struct record_head head = { .role = "core", .counts_lost = counts_lost };
	char path[NETWORK_PATH_SIZE + 16];
	bool ok;

	if (!c->record)
		return true;
	snprintf(path, sizeof(path), "%s/secrets", c->network.core.store);
	if (!file_read(path, SECRETS_SIZE, &head.secrets)) {
		fprintf(stderr, "freehold core: %s: %m\n", path);
		return false;
	}
	ok = process_record(&c->p.recorder, &room, c->record, &head, c->file);
	file_free(&head.secrets);
	return ok;
}

static bool start_core(struct core_process *c, enum store_lmdb_found found, const char *tap)
{
	bool counts_lost =
		found == STORE_LMDB_CHECKED || found == STORE_LMDB_CHECKPOINT || found == STORE_LMDB_RESTORED;

	if (!record_core(c, counts_lost))
		return false;
	c->core = core_new(&c->config, counts_lost, &c->p.env.env);
	explicit_bzero(&c->network.core.udm, sizeof(c->network.core.udm));
	core_wipe_secrets(&c->config);
	if (!c->core) {
		fprintf(stderr,
			"freehold core: cannot start: a home network key is not valid, or memory is out\n");
		return false;
	}
	recorder_ready(&c->p.recorder);
	c->nas_tap = tap ? capture_tap_connect(tap) : -1;
	core_set_nas_tap(c->core, nas_tap, c);
	return true;
}

/* The control socket, in a directory that is made if need be. */
static bool bind_control(struct core_process *c, const struct room *room)
{
	const char *path = c->network.core.control, *slash = strrchr(path, '/');
	size_t len = slash ? (slash == path ? 1 : (size_t)(slash - path)) : 1;
	char dir[NETWORK_PATH_SIZE];

	_Static_assert((int)CORE_CONTROL_MESSAGE_MAX == (int)UNIX_MSG_MAX, "an answer is one message");
	str_copy(dir, len + 1, slash ? path : ".");
	if (!file_make_dirs(dir))
		fprintf(stderr, "freehold core: %s: %m\n", dir);
	if (bind_unix(c->p.bind, room, CORE_PORT_CONTROL, path))
		return true;
	fprintf(stderr, "freehold core: core.control %s: %m\n", path);
	return false;
}

static bool bind_amf(struct core_process *c, const struct room *room, uint8_t i)
{
	const struct network_amf *amf = &c->network.core.amfs[i];
	struct addr n2 = amf->n2_address;
	char text[ADDR_STR_SIZE];

	n2.port = amf->n2_port;
	if (!bind_sctp_server(c->p.bind, room, core_port_n2(i), c->sctp, &n2, 1, IO_SCTP_PPID_NGAP)) {
		process_cannot_open(&c->p, "core", &amf->n2_address);
		return false;
	}
	log_info(c->p.env.env.log, "%s: N2 listens on %s (%s SCTP)", amf->config.name, addr_str(&n2, text),
		io_sctp_mode_name(io_sctp_mode(c->sctp)));
	return true;
}

/* PFCP, and GTP-U with the UPFs, by which UEs get router advertisements. */
static bool bind_upfs(struct core_process *c, const struct room *room, uint16_t port, const struct addr *at,
	uint16_t udp_port)
{
	struct addr listen = *at;

	listen.port = udp_port;
	if (bind_udp(c->p.bind, room, port, &listen, &(struct udp_config){ 0 }))
		return true;
	process_cannot_open(&c->p, "core", at);
	return false;
}

static bool bind_core(struct core_process *c)
{
	const struct smf_config *smf = &c->network.core.smf;
	struct room room = core_room(c->core);
	bool ok;

	c->sctp = process_sctp(&c->p, &c->network.core.amfs[0].sctp, true); /* network_check: all the same */
	ok = c->sctp && bind_room(c->p.bind, &room);
	for (uint8_t i = 0; ok && i < c->network.core.amf_count; i++)
		ok = bind_amf(c, &room, i);
	return ok && bind_upfs(c, &room, CORE_PORT_N4, &smf->n4_address, PFCP_UDP_PORT) &&
	       bind_upfs(c, &room, CORE_PORT_N4U, smf->n4u_address.len ? &smf->n4u_address : &smf->n4_address,
		       GTPU_UDP_PORT) &&
	       bind_control(c, &room);
}

static void add_figures(void *arg, struct stats_list *l)
{
	struct core_process *c = arg;

	core_figures(c->core, l);
	io_sctp_figures(c->sctp, l);
	store_lmdb_figures(c->store, l);
}

static bool begin_figures(struct core_process *c)
{
	struct figures_build build = app_build("core", NULL);

	c->figures.more = add_figures;
	c->figures.arg = c;
	if (!figures_begin(&c->figures, &c->p, c->p.bind, &build, &c->network.core.metrics))
		return false;
	figures_on_control(&c->figures, CORE_PORT_CONTROL);
	return true;
}

static void core_process_end(struct core_process *c)
{
	figures_end(&c->figures);
	if (c->sctp)
		io_sctp_free(c->sctp);
	core_free(c->core);
	if (c->store && !store_lmdb_close(c->store))
		fprintf(stderr, "freehold core: the store was not closed cleanly; its commits are kept\n");
	process_end(&c->p);
	explicit_bzero(&c->network, sizeof(c->network));
	free(c);
}

/* What is in the store cannot be trusted: the next start finds what is sound. */
static void end_if_damaged(void *arg)
{
	struct core_process *c = arg;

	if (!store_lmdb_stats(c->store).damaged)
		return;
	log_error(c->p.env.env.log,
		"store %s: an entry is not as it was written; the core ends, and its next start looks for a "
		"sound "
		"store",
		c->network.core.store);
	loop_stop(c->p.loop);
}

static uint64_t checkpoint_next_ns(void *arg)
{
	return ((struct core_process *)arg)->checkpoint_ns;
}

static void checkpoint_ended(struct core_process *c, bool ok, uint64_t now_ns)
{
	uint64_t pause_ns = (now_ns - c->checkpoint_began_ns) * CHECKPOINT_PAUSE;

	if (!ok)
		log_error(c->p.env.env.log, "no checkpoint of the store: %m; is the disk full?");
	if (!ok || pause_ns < CHECKPOINT_S * NS_PER_S)
		pause_ns = (ok ? CHECKPOINT_S : CHECKPOINT_AGAIN_S) * NS_PER_S;
	c->checkpoint_wanted |= !ok;
	c->checkpoint_ns = now_ns + pause_ns;
}

/* What operators entered survives a power loss too, soon after, also without core.sync. */
static void checkpoint_due(void *arg, uint64_t now_ns)
{
	struct core_process *c = arg;
	enum store_lmdb_progress progress = store_lmdb_checkpoint_end(c->store);

	if (progress == STORE_LMDB_DONE || progress == STORE_LMDB_FAILED) {
		checkpoint_ended(c, progress == STORE_LMDB_DONE, now_ns);
		return;
	}
	c->checkpoint_wanted |= core_take_provisioned(c->core);
	c->checkpoint_ns = now_ns + CHECKPOINT_TICK_MS * NS_PER_MS;
	if (progress == STORE_LMDB_UNDER_WAY)
		return;
	if (!c->checkpoint_wanted) {
		c->checkpoint_ns = now_ns + CHECKPOINT_S * NS_PER_S;
		return;
	}
	c->checkpoint_wanted = false;
	c->checkpoint_began_ns = now_ns;
	if (!store_lmdb_checkpoint_begin(c->store))
		checkpoint_ended(c, false, now_ns);
}

/* What the core keeps no longer is not compared. */
static void forget_keys(struct network *n)
{
	explicit_bzero(&n->core.udm, sizeof(n->core.udm));
}

static void core_reload(void *arg)
{
	struct core_process *c = arg;
	struct core_config *config = calloc(1, sizeof(*config));

	if (!config)
		return;
	network_core_config(&c->network, config);
	core_take_config(c->core, config);
	core_wipe_secrets(config);
	free(config);
}

/* Confined to its store, beside what every process may open. */
static bool run_core(struct core_process *c)
{
	struct sandbox_path paths[] = { { c->network.core.store, SANDBOX_TO_WRITE } };
	struct sandbox may = confinement(CONFINED_CORE);

	may.paths = paths;
	may.path_count = ARRAY_LEN(paths);
	c->p.reload = core_reload;
	c->p.reload_arg = c;
	c->p.forget = forget_keys;
	c->checkpoint = (struct loop_hook){ .next_ns = checkpoint_next_ns,
		.due = checkpoint_due,
		.turn_end = end_if_damaged,
		.phase = LOOP_FLUSH,
		.arg = c };
	c->checkpoint_ns = loop_now_ns(c->p.loop) + CHECKPOINT_S * NS_PER_S;
	loop_hook_add(c->p.loop, &c->checkpoint);
	loop_pace(c->p.loop, TURN_US * 1000ull);
	if (!process_run(&c->p, &may))
		return false;
	core_close(c->core);
	process_linger(&c->p);
	return true;
}

static bool take_trace_users(struct core_process *c)
{
	const char *unknown;

	if (network_trace_users(&c->network, &c->config, &unknown))
		return true;
	fprintf(stderr, "freehold core: core.trace_users: there is no user \"%s\"\n", unknown);
	return false;
}

int app_core(struct options *args)
{
	struct core_process *c;
	enum store_lmdb_found found;
	const char *tap;
	bool ok;

	if (options_help(args, help))
		return 0;
	c = options_memory(sizeof(*c));
	if (!c)
		return 1;
	umask(077); /* whatever it writes holds secrets */
	tap = options_text(args, "--nas-tap");
	c->record = options_text(args, "--record");
	c->empty_store = options_flag(args, "--empty-store");
	c->file = options_network_file(args);
	if (!options_network(args, &c->network)) {
		free(c);
		return 2;
	}
	network_core_config(&c->network, &c->config);
	capacity_core(&c->config, io_memory_octets());
	ok = take_trace_users(c) && process_begin(&c->p, &c->network, c->file) && open_store(c, &found) &&
	     load_secrets(c) && start_core(c, found, tap) && bind_core(c) && begin_figures(c) &&
	     message_log_begin(&c->p.messages, c->p.bind, &c->p.log.log, core_ports) && run_core(c);
	core_process_end(c);
	return ok ? 0 : 1;
}
