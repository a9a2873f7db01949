/* freehold subscriber, freehold status: questions to the running core's control socket. */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"
#include "ops/subscriber_import.h"
#include "base/text.h"
#include "core/subscriber_line.h"
#include "io/unix_socket.h"

static const char help[] =
	"freehold subscriber add KEY=VALUE...    add or replace a subscriber\n"
	"freehold subscriber set IMSI KEY=VALUE...\n"
	"                                        change what is given, and nothing else: the SQN and keys "
	"stay;\n"
	"                                        dnn= gives all its DNNs, add_dnn= one more\n"
	"freehold subscriber list\n"
	"freehold subscriber show IMSI           (keys are never shown)\n"
	"freehold subscriber remove IMSI         its UE, if registered, is de-registered\n"
	"freehold subscriber import [--dry-run] FILE\n"
	"                                        - is stdin; all or nothing; dry: what each would do. Lines "
	"as for add (# begins a\n"
	"                                        comment), or CSV whose header has the keys of add, or JSON\n"
	"                                        documents of other cores: {imsi, security {k, opc or op, "
	"amf,\n"
	"                                        sqn}, ambr, slice [{sst, sd, session}]}, or {ueId, "
	"permanentKey,\n"
	"                                        opc, sequenceNumber, authenticationManagementField}; or the "
	"YAML\n"
	"                                        file of a test UE: supi, key, op, opType, amf, sessions\n"
	"freehold subscriber export [--keys]     all subscribers, a line each as for add; without --keys "
	"nothing\n"
	"                                        secret is in it, and import refuses it (umask 077 first)\n"
	"freehold subscriber keys                the home network's public keys, for USIMs\n\n"
	"Keys of add: imsi k opc (or op) [algorithm=milenage] [authentication=5g-aka, eap-aka-prime] "
	"[amf=8000]\n"
	"[sqn=0] [ambr_uplink=1Gbps]\n"
	"[ambr_downlink=1Gbps] [dnn=NAME[@SLICE]]... [five_qi=9] [arp=8] [ip=ADDRESS]\n"
	"[prefix=IPV6/64] [types=TYPE[+TYPE]...], types IPv4, IPv6 and IPv4v6, the first is the default\n"
	"[t3512_s=S] [mico=yes] [active_time_s=S] [allowed_areas=TAC[+TAC]...] [non_allowed_areas=...]\n"
	"[msisdn=NUMBER], which the phone may ask for\n"
	"[areas_max=N] [forbidden_areas=...] [no_access=nr+5gc]: how phones may be reached, and where\n"
	"they may be served\n"
	"A dnn may have values of its own: dnn=ims@1:five_qi=5:arp=1:ambr_uplink=3Mbps:ambr_downlink=3Mbps:"
	"ip=ADDRESS:prefix=[IPV6/64]\n"
	"Without dnn: all data networks in all slices of the network. A slice is SST or SST-SD, like "
	"1-010203.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

static bool print(bool ok, struct bytes body)
{
	if (ok)
		fwrite(body.data, 1, body.len, stdout);
	return ok;
}

/* The words from `first` on as the lines of a command. */
static bool tell(int fd, struct options *args, const char *command, const char *head, int first)
{
	static char line[SUBSCRIBER_LINE_MAX];
	struct writer w = writer_of(line, sizeof(line));
	struct bytes body;
	bool ok;

	text_put(&w, "%s", head);
	for (int i = first; i < args->argc; i++)
		text_put(&w, "%s ", args->argv[i]);
	writer_u8(&w, 0);
	if (w.failed)
		fprintf(stderr, "freehold: the line is too long\n");
	ok = !w.failed && print(control_ask_line(fd, command, line, &body), body);
	explicit_bzero(line, sizeof(line));
	return ok;
}

static bool add(int fd, struct options *args)
{
	return tell(fd, args, "subscriber add", "", 2);
}

static bool set(int fd, struct options *args)
{
	char imsi[40];

	snprintf(imsi, sizeof(imsi), "%.32s\n", args->argv[2]);
	return tell(fd, args, "subscriber set", imsi, 3);
}

/* All pages of a command whose lines begin with `before` and an IMSI. */
static bool pages(int fd, const char *command, const char *before)
{
	char last[40] = "";
	struct bytes body;

	for (;;) {
		size_t start;

		if (!control_ask_line(fd, command, last, &body))
			return false;
		if (body.len == 0)
			return fflush(stdout) == 0;
		fwrite(body.data, 1, body.len, stdout);
		start = body.len - 1;
		while (start > 0 && body.data[start - 1] != '\n')
			start--;
		start += strlen(before);
		if (start > body.len)
			start = body.len;
		str_copy(last, body.len - start < sizeof(last) ? body.len - start + 1 : sizeof(last),
			(const char *)body.data + start);
		last[strcspn(last, " \n")] = '\0';
	}
}

/* With the keys, whoever reads the file has the SIMs. */
static void warn_of_readers(void)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077))
		fprintf(stderr, "freehold: warning: others may read the file with the keys; chmod 600 it, "
				"and run `umask 077` before\n");
}

static bool export(int fd, bool keys)
{
	if (keys)
		warn_of_readers();
	return pages(fd, keys ? "subscriber export keys" : "subscriber export", "imsi=");
}

static bool list(int fd, struct options *args)
{
	return pages(fd, "subscriber list", "");
}

static bool keys(int fd, struct options *args)
{
	struct bytes body;

	return print(control_ask_line(fd, "keys", "", &body), body);
}

static bool show(int fd, struct options *args)
{
	struct bytes body;

	return print(control_ask_line(fd, "subscriber show", args->argv[2], &body), body);
}

static bool remove_one(int fd, struct options *args)
{
	struct bytes body;

	return print(control_ask_line(fd, "subscriber remove", args->argv[2], &body), body);
}

static bool import(int fd, struct options *args)
{
	return subscriber_import(fd, args->argv[2], false);
}

static bool import_dry(int fd, struct options *args)
{
	return subscriber_import(fd, args->argv[2], true);
}

static bool export_plain(int fd, struct options *args)
{
	return export(fd, false);
}

static bool export_keys(int fd, struct options *args)
{
	return export(fd, true);
}

/* The words of a command line, `subscriber` and the command's own among them. */
static const struct verb {
	const char *name;
	bool (*run)(int fd, struct options *args);
	int min, max;
	const char *expected;
} verbs[] = {
	{ "add", add, 3, INT_MAX, "KEY=VALUE..." },
	{ "set", set, 4, INT_MAX, "IMSI KEY=VALUE..." },
	{ "list", list, 2, 2, "" },
	{ "show", show, 3, 3, "IMSI" },
	{ "remove", remove_one, 3, 3, "IMSI" },
	{ "import", import, 3, 3, "FILE" },
	{ "export", export_plain, 2, 2, "" },
	{ "keys", keys, 2, 2, "" },
};
static const struct verb with_keys = { "export", export_keys, 2, 2, "" };
static const struct verb dry = { "import", import_dry, 3, 3, "FILE" };

/* NULL, with a message, when there is no such command, or too few words or too many. */
static const struct verb *verb_of(struct options *args)
{
	const char *what = args->argc > 1 ? args->argv[1] : NULL;
	const struct verb *verb = NULL;

	for (size_t i = 0; what && i < ARRAY_LEN(verbs); i++)
		if (!strcmp(what, verbs[i].name))
			verb = &verbs[i];
	if (!what)
		fprintf(stderr, "%s", help);
	else if (!verb)
		fprintf(stderr, "freehold subscriber: unknown command \"%s\" (see --help)\n", what);
	if (!verb)
		return NULL;
	if (verb->run == export_plain && options_flag(args, "--keys"))
		verb = &with_keys;
	else if (verb->run == import && options_flag(args, "--dry-run"))
		verb = &dry;
	if (args->argc < verb->min) {
		fprintf(stderr, "freehold subscriber %s: expected %s (see --help)\n", what, verb->expected);
		return NULL;
	}
	return control_words(args, verb->max) ? verb : NULL;
}

int ops_subscriber(struct options *args)
{
	const struct verb *verb;
	struct control_place place;
	bool ok;
	int fd;

	if (options_help(args, help))
		return 0;
	place = control_take(args);
	verb = verb_of(args);
	if (!verb)
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = verb->run(fd, args);
	close(fd);
	return ok ? 0 : 1;
}

int ops_status(struct options *args)
{
	struct control_place place;
	struct bytes body;
	bool ok;
	int fd;

	if (options_help(args,
		    "freehold status [-c network.yaml | --control SOCKET]\n\nPrints what the running "
		    "core has and counts.\n"))
		return 0;
	place = control_take(args);
	if (!control_words(args, 1))
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = print(control_ask_line(fd, "status", "", &body), body);
	close(fd);
	return ok ? 0 : 1;
}
