#include "ops/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "io/file.h"
#include "ops/children.h"
#include "ops/network.h"

#define LOG_ROOM "process"

static void process_signal(void *arg, int signal)
{
	struct process *p = arg;

	if (signal != SIGHUP)
		return;
	if (p->reload)
		p->reload(p->reload_arg);
	else
		log_warn(&p->log.log, "the configuration is read at the start only: restart for its changes");
}

static void name_difference(void *arg, const char *key)
{
	struct process *p = arg;

	if (strcmp(key, "log_level") != 0)
		log_warn(&p->log.log, "%s has changed: taken at the next start", key);
}

void process_read_again(
	struct process *p, const char *file, struct network *now, void (*forget)(struct network *n))
{
	struct network *n = calloc(1, sizeof(*n));
	char error[CONFIG_ERROR_SIZE];
	struct bytes text;

	if (!n || !file_read(file, PROCESS_CONFIG_MAX, &text)) {
		log_error(&p->log.log, "%s cannot be read again: %m", file);
		free(n);
		return;
	}
	if (network_load(file, text, n, error)) {
		if (forget)
			forget(n);
		config_differences(&network_section, now, n, name_difference, p);
		now->log_level = n->log_level;
		p->log.log.level = (enum log_level)n->log_level;
		log_info(&p->log.log, "%s is read again; log_level %s", file,
			log_level_name(p->log.log.level));
	} else {
		log_error(&p->log.log, "%s; the configuration stays as it was", error);
	}
	file_free(&text);
	explicit_bzero(n, sizeof(*n));
	free(n);
}

bool process_begin(struct process *p, enum log_level level)
{
	p->loop = loop_new();
	if (!p->loop) {
		fprintf(stderr, "freehold: event loop: %m\n");
		return false;
	}
	io_log_init(&p->log, p->loop, level, STDERR_FILENO);
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

static bool process_give_up(struct process *p, const struct sandbox *may)
{
	struct sandbox_result r = { 0 };
	bool ok = sandbox_enter(may, &r);

	if (!ok)
		log_error(&p->log.log, "the process cannot be confined: %m");
	log_info(&p->log.log, "confined: capabilities %s, system calls %s, files %s",
		r.caps ? "dropped" : "kept", r.seccomp ? "listed" : "all",
		r.landlock ? "listed" : "all (the kernel has no Landlock)");
	return ok;
}

/* What ps, ss and pidof show: `freehold up` starts its parts as /proc/self/exe, which would name them "exe".
 */
static void process_name(const char *name)
{
	char text[16]; /* prctl(2): with the end */

	snprintf(text, sizeof(text), "freehold-%s", name);
	prctl(PR_SET_NAME, text);
}

bool process_run(struct process *p, const char *name, const struct sandbox *may)
{
	bool ok;

	if (!process_give_up(p, may))
		return false;
	process_name(name);
	log_info(&p->log.log, "%s is up (pid %d)", name, (int)getpid());
	child_say_ready();
	ok = loop_run(p->loop);
	if (!ok)
		log_error(&p->log.log, "%s cannot go on: %m", name);
	recorder_end(&p->recorder);
	log_info(&p->log.log, "%s ends", name);
	return ok;
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
	struct io_sctp *s = io_sctp_open(p->loop, &config, &p->log.log);

	if (!s)
		fprintf(stderr, "freehold: SCTP (%s): %m; without CAP_NET_RAW use transport udp\n",
			io_sctp_mode_name(config.mode));
	return s;
}
