/* freehold console: what operators see and do in a browser, as a process. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/app.h"
#include "apps/console_facts.h"
#include "apps/console_keeper.h"
#include "apps/console_outlets.h"
#include "apps/metrics.h"
#include "apps/version.h"
#include "console/console.h"
#include "io/file.h"
#include "io/store/lmdb.h"
#include "io/tls.h"
#include "io/tls_identity.h"
#include "io/unix_link.h"
#include "ops/process.h"

#define LOG_ROOM "console"

static const char help[] =
	"freehold console [-c network.yaml] [--new-administrator]\n"
	"freehold console --openapi\n\n"
	"Serves the console at console.address until Ctrl-C or SIGTERM: the network in a browser, and the\n"
	"API below it, by HTTPS. It asks the core by core.control, and keeps users and audit log in\n"
	"console.store, and there ca.pem, its own certification authority, for browsers to trust.\n"
	"While there is no user the link that makes the first administrator is printed at the start; with\n"
	"--new-administrator always: for whoever has this host, and no administrator's password any more.\n"
	"--openapi prints what the API is, and runs nothing.\n";

enum { STORE_SIZE_MAX = 1 << 30, OPENAPI_MAX = 512 << 10, HOST_SIZE = 64 };

/* To who sends alarms to an outlet, for what becomes of them. */
struct outlet_link {
	struct console_process *console;
	struct unix_link *link;
	enum notice_outlet outlet;
};

struct console_process {
	struct process p;
	struct network network;
	struct store *store;
	struct console *console;
	struct tls_server *tls;
	struct unix_link *core, *keeper;
	struct console_keeper files;
	struct console_outlets outlets;
	struct outlet_link outlet_links[NOTICE_OUTLETS];
	struct console_facts facts;
	struct tls_identity identity;
	struct figures figures;
	bool new_administrator; /* --new-administrator */
};

/* Keys of subscribers stand in the file too: none stays in this process. */
static void forget_keys(struct network *n)
{
	explicit_bzero(&n->core.udm, sizeof(n->core.udm));
	explicit_bzero(n->ues, sizeof(n->ues));
	n->ue_count = 0;
}

/* Nor that of the webhook, which its sender has. */
static void forget_all_keys(struct network *n)
{
	forget_keys(n);
	explicit_bzero(
		n->console.config.alarms.webhook_token, sizeof(n->console.config.alarms.webhook_token));
}

static bool begin_children(struct console_process *c, const char *file)
{
	bool ok = console_outlets_begin(&c->outlets, &c->network.console.config.alarms);

	forget_all_keys(&c->network);
	return ok && console_keeper_begin(&c->files, &c->network, file);
}

static void deliver(struct console_process *c, enum msg_kind kind, enum console_port port, uint64_t assoc,
	const struct addr *peer, struct bytes data)
{
	struct msg m = { .kind = kind, .port = (uint16_t)port, .assoc = assoc, .data = data };

	if (peer)
		m.peer = *peer;
	bind_deliver(c->p.bind, &m);
}

static void http_up(void *arg, uint64_t assoc, const struct addr *peer)
{
	deliver(arg, MSG_UP, CONSOLE_PORT_HTTP, assoc, peer, BYTES_NONE);
}

static void http_data(void *arg, uint64_t assoc, struct bytes data)
{
	deliver(arg, MSG_DATA, CONSOLE_PORT_HTTP, assoc, NULL, data);
}

static void http_down(void *arg, uint64_t assoc)
{
	deliver(arg, MSG_DOWN, CONSOLE_PORT_HTTP, assoc, NULL, BYTES_NONE);
}

static bool http_send(void *arg, const struct msg *m)
{
	struct console_process *c = arg;

	if (m->kind == MSG_DATA)
		return tls_send(c->tls, m->assoc, m->data);
	tls_close(c->tls, m->assoc);
	return true;
}

static void core_message(void *arg, struct bytes message)
{
	deliver(arg, MSG_DATA, CONSOLE_PORT_CORE, 0, NULL, message);
}

static void core_closed(void *arg)
{
	deliver(arg, MSG_DOWN, CONSOLE_PORT_CORE, 0, NULL, BYTES_NONE);
}

static bool core_send(void *arg, const struct msg *m)
{
	struct console_process *c = arg;

	if (m->kind == MSG_DATA)
		unix_link_send(c->core, m->data);
	else
		unix_link_close(c->core);
	return true;
}

static void keeper_message(void *arg, struct bytes message)
{
	deliver(arg, MSG_DATA, CONSOLE_PORT_KEEPER, 0, NULL, message);
}

static void keeper_closed(void *arg)
{
	deliver(arg, MSG_DOWN, CONSOLE_PORT_KEEPER, 0, NULL, BYTES_NONE);
}

static bool keeper_send(void *arg, const struct msg *m)
{
	struct console_process *c = arg;

	if (m->kind == MSG_DATA)
		unix_link_send(c->keeper, m->data);
	else
		unix_link_close(c->keeper);
	return true;
}

static void outlet_message(void *arg, struct bytes message)
{
	const struct outlet_link *o = arg;

	deliver(o->console, MSG_DATA, CONSOLE_PORT_NOTICES, 0, NULL, message);
}

static void outlet_closed(void *arg)
{
	struct outlet_link *o = arg;

	o->console->outlets.fds[o->outlet] = -1;
	log_error(o->console->p.env.env.log, "who sends alarms to %s has ended: restart the console",
		notice_outlet_names[o->outlet]);
}

static bool notice_send(void *arg, const struct msg *m)
{
	struct console_process *c = arg;

	return console_outlets_send(&c->outlets, m->assoc, m->data);
}

static bool open_store(struct console_process *c)
{
	struct store_lmdb_config config = { .dir = c->network.console.config.store,
		.durability = STORE_LMDB_POWER,
		.map_size = STORE_SIZE_MAX };
	enum store_lmdb_found found;
	char error[NETWORK_PATH_SIZE + 256];

	if (!file_make_dirs(config.dir)) {
		fprintf(stderr, "freehold console: console.store %s: %m\n", config.dir);
		return false;
	}
	c->store = store_lmdb_open(&config, &found, error, sizeof(error));
	if (!c->store) {
		fprintf(stderr, "freehold console: %s\n", error);
		return false;
	}
	c->p.env.env.store = c->store;
	log_info(c->p.env.env.log, "store %s: %s", config.dir, store_lmdb_found_name(found));
	return true;
}

/* The names that the certificate is for: those of the configuration, and what is always right. */
_Static_assert((int)CONSOLE_PATH_SIZE <= (int)TLS_IDENTITY_PATH_SIZE, "a path of the configuration fits");

static bool make_identity(struct console_process *c)
{
	const struct console_config *config = &c->network.console.config;
	const char *names[CONSOLE_NAMES_MAX + 4];
	char error[512], host[HOST_SIZE] = "", address[ADDR_STR_SIZE];
	struct addr bare = config->address;
	size_t count = 0;

	if (config->certificate[0]) {
		str_copy(c->identity.certificate, sizeof(config->certificate), config->certificate);
		str_copy(c->identity.key, sizeof(config->key), config->key);
		return true;
	}
	bare.port = 0;
	names[count++] = addr_str(&bare, address);
	names[count++] = "localhost";
	if (gethostname(host, sizeof(host) - 1) == 0 && host[0])
		names[count++] = host;
	for (uint8_t i = 0; i < config->name_count; i++)
		names[count++] = config->names[i];
	if (!tls_identity_make(config->store, names, count, &c->identity, error, sizeof(error))) {
		fprintf(stderr, "freehold console: %s\n", error);
		return false;
	}
	if (c->identity.made)
		log_info(&c->p.log.log, "a certificate is made for %s; browsers trust it once they trust %s",
			address, c->identity.authority);
	return true;
}

static bool link_outlets(struct console_process *c)
{
	for (unsigned i = 0; i < NOTICE_OUTLETS; i++) {
		struct outlet_link *o = &c->outlet_links[i];
		struct unix_link_user user = { outlet_message, outlet_closed, o };

		*o = (struct outlet_link){ .console = c, .outlet = (enum notice_outlet)i };
		if (c->outlets.fds[i] < 0)
			continue;
		o->link = unix_link_on(c->p.loop, c->outlets.fds[i], &user);
		if (!o->link)
			return false;
	}
	return true;
}

static bool bind_console(struct console_process *c)
{
	struct room room = console_room(c->console);
	struct tls_user user = { http_up, http_data, http_down, c };
	struct unix_link_user core = { core_message, core_closed, c };
	struct unix_link_user keeper = { keeper_message, keeper_closed, c };
	struct addr local = c->network.console.config.address;
	char error[256];

	local.port = c->network.console.config.port;
	c->core = unix_link_new(c->p.loop, c->network.core.control, &core);
	c->keeper = unix_link_on(c->p.loop, c->files.fd, &keeper);
	c->tls = tls_listen(
		c->p.loop, &local, c->identity.certificate, c->identity.key, &user, error, sizeof(error));
	if (!c->tls)
		fprintf(stderr, "freehold console: %s\n", error);
	return c->core && c->keeper && link_outlets(c) && c->tls && bind_room(c->p.bind, &room) &&
	       bind_custom(c->p.bind, &room, CONSOLE_PORT_HTTP, http_send, c) &&
	       bind_custom(c->p.bind, &room, CONSOLE_PORT_CORE, core_send, c) &&
	       bind_custom(c->p.bind, &room, CONSOLE_PORT_KEEPER, keeper_send, c) &&
	       bind_custom(c->p.bind, &room, CONSOLE_PORT_NOTICES, notice_send, c);
}

static void add_figures(void *arg, struct stats_list *l)
{
	struct console_process *c = arg;
	struct stats s;

	console_stats(c->console, &s);
	stats_add(l, s);
	tls_stats(c->tls, &s);
	stats_add(l, s);
	store_lmdb_figures(c->store, l);
}

static bool begin_figures(struct console_process *c)
{
	struct figures_build build = app_build("console", NULL);

	c->figures.more = add_figures;
	c->figures.arg = c;
	return figures_begin(&c->figures, &c->p, c->p.bind, &build, &c->network.console.metrics);
}

/* On the terminal, not in the log: who reads the log later finds it used, or of a process that has ended. */
static void print_link(const struct console_process *c)
{
	struct addr local = c->network.console.config.address;
	const char *link = console_first_link(c->console);
	char address[ADDR_STR_SIZE];
	bool v6 = local.len == 16;

	local.port = 0;
	addr_str(&local, address);
	fprintf(stderr, "freehold console: https://%s%s%s:%u/%s%s\n", v6 ? "[" : "", address, v6 ? "]" : "",
		c->network.console.config.port, link ? "first#" : "", link ? link : "");
	if (link)
		fprintf(stderr, "freehold console: this link makes an administrator, once\n");
}

static bool run(struct console_process *c)
{
	struct sandbox_path paths[] = { { c->network.console.config.store, SANDBOX_TO_WRITE } };
	struct sandbox may = confinement(CONFINED_CONSOLE);

	may.paths = paths;
	may.path_count = ARRAY_LEN(paths);
	c->p.forget = forget_all_keys;
	print_link(c);
	return process_run(&c->p, &may);
}

static void end(struct console_process *c)
{
	figures_end(&c->figures);
	tls_free(c->tls);
	unix_link_free(c->core);
	unix_link_free(c->keeper);
	for (unsigned i = 0; i < NOTICE_OUTLETS; i++)
		unix_link_free(c->outlet_links[i].link);
	console_free(c->console);
	if (c->store && !store_lmdb_close(c->store))
		fprintf(stderr, "freehold console: the store was not closed cleanly; its commits are kept\n");
	process_end(&c->p);
	free(c);
}

static int print_openapi(struct console_process *c)
{
	char *text = options_memory(OPENAPI_MAX);
	struct writer w = writer_of(text, text ? OPENAPI_MAX - 1 : 0);
	bool ok = text != NULL;

	if (ok) {
		console_openapi(&c->facts, &w);
		ok = !w.failed && puts(text) >= 0;
	}
	free(text);
	free(c);
	return ok ? 0 : 1;
}

static bool start(struct console_process *c)
{
	if (!tls_certificate_end(c->identity.certificate, &c->facts.certificate_until_s))
		log_warn(&c->p.log.log, "%s: when it ends is not known", c->identity.certificate);
	c->console = console_new(&c->network.console.config, &c->facts, &c->p.env.env);
	if (!c->console)
		fprintf(stderr, "freehold console: memory is out, or console.store does not read\n");
	return c->console && (!c->new_administrator || console_offer_link(c->console));
}

int app_console(struct options *args)
{
	struct console_process *c;
	const char *file;
	bool ok;

	if (options_help(args, help))
		return 0;
	c = options_memory(sizeof(*c));
	if (!c)
		return 1;
	c->facts = console_facts(FREEHOLD_VERSION);
	if (options_flag(args, "--openapi"))
		return print_openapi(c);
	umask(077);
	c->new_administrator = options_flag(args, "--new-administrator");
	file = options_network_file(args);
	if (!options_network(args, &c->network)) {
		free(c);
		return 2;
	}
	forget_keys(&c->network);
	if (c->network.console.config.address.len == 0) {
		fprintf(stderr, "freehold console: %s: console: address is missing\n", file);
		free(c);
		return 2;
	}
	ok = begin_children(c, file) && process_begin(&c->p, &c->network, file) && open_store(c) &&
	     make_identity(c) && start(c) && bind_console(c) && begin_figures(c) && run(c);
	end(c);
	return ok ? 0 : 1;
}
