#include "ops/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/file.h"
#include "io/realtime.h"
#include "ops/children.h"
#include "ops/log_levels.h"
#include "ops/network.h"
#include "ops/process_thread.h"
#include "ops/network_live.h"

#define LOG_ROOM "process"

enum {
	LINGER_MS = 40,
	LINGER_SCTP_MS = 500,
	RAN_HEARTBEAT_MS = 1000,
	RAN_RTO_MAX_MS = 2000,
	RAN_RETRANS_MAX = 4,
};

static void process_signal(void *arg, int signal)
{
	struct process *p = arg;
	char error[CONFIG_ERROR_SIZE];

	if (signal == SIGHUP)
		process_read_again(p, error); /* it is in the log */
	else if (signal == SIGUSR2 && p->leave)
		p->leave(p->leave_arg);
}

static void name_difference(void *arg, const char *key, bool live)
{
	struct process *p = arg;

	if (live)
		log_info(&p->log.log, "%s has changed, and is taken", key);
	else if (!strcmp(key, "plmn") || strstr(key, ".pool"))
		log_warn(&p->log.log,
			"%s has changed: taken at the next start, from which UEs and sessions of the old one "
			"have no "
			"service until they register again",
			key);
	else
		log_warn(&p->log.log, "%s has changed: taken at the next start", key);
}

static void take_log(struct process *p)
{
	struct log_room rooms[LOG_ROOMS_MAX];
	size_t count = network_log_levels(p->network, rooms);

	log_set_levels(&p->log.log, (enum log_level)p->network->log_level, rooms, count);
	p->log.log.mask_supi = p->network->log_mask_supi;
	p->log.format = (enum io_log_format)p->network->log_format;
	process_threads_log(p);
}

static void take(struct process *p, struct network *again)
{
	if (p->forget)
		p->forget(again);
	config_differences(&network_section, p->network, again, name_difference, p);
	config_take_live(&network_section, p->network, again);
	network_hand_round(p->network, again);
	take_log(p);
	if (p->reload)
		p->reload(p->reload_arg);
	log_info(&p->log.log, "%s is read again; log_level %s", p->file,
		log_level_name((enum log_level)p->network->log_level));
}

bool process_read_again(struct process *p, char error[CONFIG_ERROR_SIZE])
{
	struct network *n = calloc(1, sizeof(*n));
	struct bytes text;
	bool ok;

	if (p->network->log_file[0] && !io_log_file(&p->log, p->network->log_file))
		log_error(&p->log.log, "log_file %s cannot be opened again: %m", p->network->log_file);
	if (!n || !file_read(p->file, PROCESS_CONFIG_MAX, &text)) {
		snprintf(error, CONFIG_ERROR_SIZE, "%s cannot be read again: %m", p->file);
		log_error(&p->log.log, "%s", error);
		free(n);
		return false;
	}
	ok = network_load(p->file, text, n, error);
	if (ok)
		take(p, n);
	else
		log_error(&p->log.log, "%s; the configuration stays as it was", error);
	file_free(&text);
	explicit_bzero(n, sizeof(*n));
	free(n);
	return ok;
}

struct bytes process_answer(struct process *p, struct bytes request)
{
	static const char word[] = "reload";
	static char answer[4096];
	struct writer w = writer_of(answer, sizeof(answer));
	char error[CONFIG_ERROR_SIZE];

	while (request.len > 0 && request.data[request.len - 1] == '\n')
		request.len--;
	if (log_levels_answer(p, request, &w))
		return writer_bytes(&w);
	if (!bytes_equal(request, bytes_of_str(word)))
		return BYTES_NONE;
	if (process_read_again(p, error))
		return bytes_of_str("ok\n");
	snprintf(answer, sizeof(answer), "error\n%s\n", error);
	return bytes_of_str(answer);
}

static bool log_begin(struct process *p)
{
	const char *file = p->network->log_file;

	io_log_init(&p->log, p->loop, (enum log_level)p->network->log_level, STDERR_FILENO);
	take_log(p);
	if (!file[0] || io_log_file(&p->log, file))
		return true;
	fprintf(stderr, "freehold: log_file %s: %m\n", file);
	return false;
}

bool process_begin(struct process *p, struct network *n, const char *file)
{
	child_ready_begin();
	p->file = file;
	p->network = n;
	p->loop = loop_new();
	if (!p->loop) {
		fprintf(stderr, "freehold: event loop: %m\n");
		return false;
	}
	if (!log_begin(p))
		return false;
	outbox_init(&p->outbox, PROCESS_OUTBOX_MAX);
	io_env_init(&p->env, p->loop, NULL, &p->log.log, &p->outbox);
	p->recorder.fd = -1;
	p->bind = bind_new(p->loop, &p->env.env);
	if (p->bind && loop_take_signals(p->loop, process_signal, p))
		return true;
	fprintf(stderr, "freehold: signals or memory: %m\n");
	return false;
}

void process_end(struct process *p)
{
	recorder_end(&p->recorder);
	if (p->bind)
		bind_free(p->bind);
	io_env_fini(&p->env);
	outbox_fini(&p->outbox);
	if (p->loop)
		loop_free(p->loop);
}

void process_cannot_open(const struct process *p, const char *role, const struct addr *member)
{
	const char *why = errno == EADDRNOTAVAIL ? "no interface of this host has it"
			  : errno == EADDRINUSE  ? "another process has it, or one that ended just now had"
						 : strerror(errno);
	char where[CONFIG_ERROR_SIZE] = "", text[ADDR_STR_SIZE];
	struct bytes file;

	if (file_read(p->file, PROCESS_CONFIG_MAX, &file)) {
		config_where(&network_section, p->file, file, sizeof(*p->network),
			(size_t)((const char *)member - (const char *)p->network), where);
		file_free(&file);
	}
	fprintf(stderr, "freehold %s: %s%s%s: %s\n", role, where, where[0] ? ": " : "",
		addr_str(member, text), why);
}

bool process_part_begin(struct process *p, struct process_part *part)
{
	outbox_init(&part->outbox, PROCESS_OUTBOX_MAX);
	io_env_init(&part->env, p->loop, NULL, &p->log.log, &part->outbox);
	part->recorder.fd = -1;
	part->bind = bind_new(p->loop, &part->env.env);
	if (!part->bind)
		fprintf(stderr, "freehold: memory is out\n");
	return part->bind != NULL;
}

void process_part_end(struct process_part *part)
{
	recorder_end(&part->recorder);
	if (part->bind)
		bind_free(part->bind);
	io_env_fini(&part->env);
	outbox_fini(&part->outbox);
}

bool process_record(struct recorder *r, const struct process_room *room, const char *path,
	struct record_head *head, const char *file)
{
	bool ok;

	if (!path)
		return true;
	if (!file_read(file, PROCESS_CONFIG_MAX, &head->config)) {
		fprintf(stderr, "freehold: %s: %m\n", file);
		return false;
	}
	head->start_ns = loop_now_ns(room->loop);
	ok = recorder_open(r, path, room->loop, room->env);
	if (!ok)
		fprintf(stderr, "freehold: --record %s: %m\n", path);
	ok = ok && recorder_begin(r, room->bind, head);
	file_free(&head->config);
	log_warn(room->env->log, "recording into %s: it holds keys, as the store does", path);
	return ok;
}

void process_folder_of(const char *file, char folder[NETWORK_PATH_SIZE])
{
	const char *slash = strrchr(file, '/');
	size_t len = slash ? (size_t)(slash - file) : 0;

	str_copy(folder, NETWORK_PATH_SIZE, slash ? "/" : ".");
	if (len > 0 && len < NETWORK_PATH_SIZE)
		str_copy(folder, len + 1, file);
}

/* What every process may still open: its configuration, and its log file, which somebody may have moved away.
 */
static void add_own_files(const struct process *p, struct sandbox *may,
	struct sandbox_path paths[SANDBOX_PATHS_MAX], char folders[2][NETWORK_PATH_SIZE])
{
	for (size_t i = 0; i < may->path_count; i++)
		paths[i] = may->paths[i];
	process_folder_of(p->file, folders[0]);
	paths[may->path_count++] = (struct sandbox_path){ folders[0], SANDBOX_TO_READ };
	if (p->network->log_file[0]) {
		process_folder_of(p->network->log_file, folders[1]);
		paths[may->path_count++] = (struct sandbox_path){ folders[1], SANDBOX_TO_MAKE };
	}
	may->paths = paths;
}

static bool process_give_up(struct process *p, const struct sandbox *may)
{
	struct sandbox_path paths[SANDBOX_PATHS_MAX];
	char folders[2][NETWORK_PATH_SIZE];
	struct sandbox all = *may;
	struct sandbox_result r = { 0 };
	bool ok;

	add_own_files(p, &all, paths, folders);
	ok = sandbox_enter(&all, &r);
	if (!ok)
		log_error(&p->log.log, "the process cannot be confined: %m");
	log_info(&p->log.log, "confined: capabilities %s, system calls %s, files %s",
		r.caps ? "dropped" : "kept", r.seccomp ? "listed" : "all",
		r.landlock ? "listed" : "all (the kernel has no Landlock)");
	return ok;
}

static uint64_t alive_next_ns(void *arg)
{
	return ((struct process *)arg)->alive_ns;
}

static void alive_due(void *arg, uint64_t now_ns)
{
	struct process *p = arg;

	p->alive_ns = now_ns + child_alive_every_ns();
	child_say_alive();
}

/* What is stuck does not turn its loop, and is ended and started again. */
static void watchdog_begin(struct process *p)
{
	if (!child_alive_every_ns())
		return;
	p->watchdog = (struct loop_hook){ .next_ns = alive_next_ns, .due = alive_due, .arg = p };
	loop_hook_add(p->loop, &p->watchdog);
}

/* What may not be is told, and gone without. */
static void realtime_begin(struct process *p)
{
	if (!realtime_raise(REALTIME_SLOTS))
		log_warn(&p->log.log,
			"the radio's slots run at normal priority, and may be late when others work: %m "
			"(needs CAP_SYS_NICE or a limit of RTPRIO)");
	if (!realtime_lock_memory())
		log_warn(&p->log.log,
			"memory of the radio's slots may be paged out: %m (needs CAP_IPC_LOCK or no "
			"limit of MEMLOCK)");
}

bool process_run(struct process *p, const struct sandbox *may)
{
	const char *name = may->name;
	bool ok;

	if (p->realtime)
		realtime_begin(p);
	if (!process_give_up(p, may) || !process_threads_start(p))
		return false;
	if (p->threads)
		realtime_lower(); /* they have inherited it */
	log_info(&p->log.log, "%s is up (pid %d)", name, (int)getpid());
	child_say_ready();
	watchdog_begin(p);
	ok = loop_run(p->loop);
	if (!ok)
		log_error(&p->log.log, "%s cannot go on: %m", name);
	recorder_end(&p->recorder);
	log_info(&p->log.log, "%s ends", name);
	return ok;
}

void process_linger(struct process *p)
{
	uint64_t end_ns = loop_now_ns(p->loop) + LINGER_MS * NS_PER_MS;

	while (loop_now_ns(p->loop) < end_ns && loop_turn(p->loop, LINGER_MS * NS_PER_MS / 4))
		;
}

void process_linger_sctp(struct process *p, const struct io_sctp *sctp)
{
	uint64_t end_ns = loop_now_ns(p->loop) + LINGER_SCTP_MS * (uint64_t)NS_PER_MS;

	while (io_sctp_stats(sctp).assocs > 0 && loop_now_ns(p->loop) < end_ns &&
		loop_turn(p->loop, LINGER_SCTP_MS * (uint64_t)NS_PER_MS / 20))
		;
}

struct io_sctp *process_sctp(struct process *p, const struct network_sctp *c, bool listens)
{
	static const enum io_sctp_mode modes[] = {
		[TRANSPORT_AUTO] = IO_SCTP_AUTO,
		[TRANSPORT_KERNEL] = IO_SCTP_KERNEL,
		[TRANSPORT_RAW] = IO_SCTP_RAW,
		[TRANSPORT_UDP] = IO_SCTP_UDP,
	};
	struct io_sctp_config config = { .mode = modes[c->transport],
		.udp_port = listens ? c->udp_port : 0,
		.udp_peer_port = listens ? 0 : c->udp_port };
	struct io_sctp *s;

	if (!listens) { /* parts of a RAN notice within some 10 s that another is gone: UEs wait for it */
		config.heartbeat_ms = RAN_HEARTBEAT_MS;
		config.rto_max_ms = RAN_RTO_MAX_MS;
		config.assoc_retrans_max = RAN_RETRANS_MAX;
	}
	s = io_sctp_open(p->loop, &config, &p->log.log);
	if (!s)
		fprintf(stderr, "freehold: SCTP (%s): %m; without CAP_NET_RAW use transport udp\n",
			io_sctp_mode_name(config.mode));
	return s;
}
