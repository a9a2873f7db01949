#include "console/operations.h"

static const struct query page_queries[] = {
	{ "limit",
		"rows wanted, 256 unless told; pages of the core are given whole, so it may be some more" },
	{ "after", "where to go on: `next` of the answer before; of events also -100, for the last hundred" },
};
static const struct query search_queries[] = {
	{ "q", "digits that the IMSI has somewhere" },
	{ "limit", "rows wanted, 256 unless told" },
	{ "after", "where to go on: `next` of the answer before" },
};
static const struct query export_queries[] = {
	{ "after", "where to go on: `next` of the answer before; without it: from the first" },
};
static const struct query ladder_queries[] = {
	{ "after", "\"-600\" from ten minutes ago, a message's number, or `next` of the answer before" },
	{ "detail", "yes: the first message whole, as text" },
	{ "octets", "yes: messages with their octets, in hexadecimal, and what Wireshark calls them" },
	{ "from", "seconds since 1970: what the disk has from then on (console.signalling_mib); `next` is "
		  "one, too" },
};
static const struct query live_queries[] = {
	{ "watch", "what: status, alarms, gnbs, upfs, ues, sessions, events, commas between" },
	{ "ladder", "an IMSI: also when there is signalling of it, which a role must be allowed to see" },
	{ "seconds", "how long, 60 unless told" },
};
static const struct query figures_queries[] = {
	{ "range", "hour (by the minute), day (10 minutes), month (3 hours) or year (days, 15 months)" },
};
static const struct query audit_queries[] = {
	{ "limit", "entries wanted, 100 unless told" },
	{ "after", "where to go on: `next` of the answer before" },
};

#define QUERIES(list) .queries = (list), .query_count = ARRAY_LEN(list)
#define TABLE(name, text)                                                                                    \
	{ HTTP_GET, "/api/v1/" name, "list-" name, text, VIEWERS, false, run_table, .table = name,           \
		QUERIES(page_queries) }

const struct operation operations[] = {
	{ HTTP_POST, "/api/v1/first", "first",
		"makes the first administrator, by the link printed at the start", OPEN, false, run_first,
		.takes = &first_table, .gives = &session_table },
	{ HTTP_POST, "/api/v1/session", "login", "logs in: a cookie, and what X-CSRF-Token is to be", OPEN,
		false, run_login, .takes = &login_table, .gives = &session_table },
	{ HTTP_GET, "/api/v1/session", "session", "who is logged in", VIEWERS, false, run_session,
		.gives = &session_table },
	{ HTTP_DELETE, "/api/v1/session", "logout", "logs out", VIEWERS, false, run_logout },
	{ HTTP_PUT, "/api/v1/session/password", "change-password", "changes one's own password", VIEWERS,
		false, run_password, .takes = &password_table },
	{ HTTP_GET, "/api/v1/status", "status", "the network at a glance, and what the core counts", VIEWERS,
		false, run_status },
	{ HTTP_GET, "/api/v1/live", "live",
		"Server-Sent Events: the name of what has changed, looked at once a second; what it is now "
		"is asked for",
		VIEWERS, false, run_live, QUERIES(live_queries) },
	{ HTTP_GET, "/api/v1/figures", "figures",
		"what the core counted over time, and success rates, use and times from it", VIEWERS, false,
		run_figures, .item = &figures_table, QUERIES(figures_queries) },
	TABLE("ues", "UEs that the core knows"),
	TABLE("sessions", "PDU sessions"),
	TABLE("flows", "PCC rules and QoS flows of PDU sessions"),
	TABLE("gnbs", "gNBs"),
	TABLE("upfs", "UPFs"),
	TABLE("warnings", "public warnings"),
	TABLE("alarms", "what stands in the way of the network, and what to do"),
	{ HTTP_POST, "/api/v1/alarms/{id}/acknowledge", "acknowledge-alarm",
		"notes that somebody looks after an alarm", OPERATORS, false, run_alarm_acknowledge },
	{ HTTP_POST, "/api/v1/alarms/{id}/clear", "clear-alarm",
		"the alarm of a gNB that will not come again is over", OPERATORS, false, run_alarm_clear },
	{ HTTP_GET, "/api/v1/alarm-outlets", "list-alarm-outlets",
		"where alarms go beside the page, and whether they arrive", OPERATORS, false, run_outlets,
		.item = &outlet_table },
	{ HTTP_POST, "/api/v1/alarm-outlets/{name}/test", "test-alarm-outlet",
		"sends a notice that is no alarm; what became of it list-alarm-outlets shows", OPERATORS,
		false, run_outlet_test },
	{ HTTP_GET, "/api/v1/events", "list-events", "what happened to subscribers, in plain words", VIEWERS,
		false, run_events, .table = "events", QUERIES(page_queries) },
	{ HTTP_PATCH, "/api/v1/upfs/{name}", "change-upf",
		"keeps new sessions from a UPF, or lets it have them again", OPERATORS, false, run_upf_change,
		.takes = &upf_table },
	{ HTTP_GET, "/api/v1/subscribers", "list-subscribers", "subscribers, by digits of their IMSI",
		OPERATORS, false, run_subscribers, .table = "subscribers", QUERIES(search_queries) },
	{ HTTP_GET, "/api/v1/subscriber-export", "export-subscribers",
		"subscribers as lines of freehold subscriber export, without keys, page by page", OPERATORS,
		true, run_export, .gives = &export_table, QUERIES(export_queries) },
	{ HTTP_POST, "/api/v1/subscriber-import", "import-subscribers",
		"subscribers of a file, a piece at a time: what each line would do, and, unless dry_run, all "
		"of "
		"them or none; lines, CSV, JSON of other cores, YAML of a test UE",
		OPERATORS, false, run_import, .takes = &import_table, .item = &planned_table },
	{ HTTP_POST, "/api/v1/subscribers", "add-subscriber",
		"adds a subscriber; its keys are never shown again", OPERATORS, false, run_subscriber_add,
		.takes = &subscriber_table, .gives = &subscriber_table },
	{ HTTP_GET, "/api/v1/subscribers/{imsi}", "subscriber", "a subscriber, without keys", OPERATORS, true,
		run_subscriber, .gives = &subscriber_table },
	{ HTTP_PATCH, "/api/v1/subscribers/{imsi}", "change-subscriber",
		"changes what is given; sessions follow at once", OPERATORS, false, run_subscriber_change,
		.takes = &subscriber_table, .gives = &subscriber_table },
	{ HTTP_DELETE, "/api/v1/subscribers/{imsi}", "remove-subscriber",
		"removes a subscriber; its UE is de-registered", OPERATORS, false, run_subscriber_remove },
	{ HTTP_GET, "/api/v1/subscribers/{imsi}/events", "subscriber-events",
		"what happened to it, in plain words", OPERATORS, true, run_subscriber_events,
		.table = "events", QUERIES(page_queries) },
	{ HTTP_GET, "/api/v1/subscribers/{imsi}/ladder", "subscriber-ladder",
		"its signalling, as the core's memory has it, or the disk: N1, N2, N4 and service operations",
		OPERATORS, true, run_ladder, .item = &message_table, QUERIES(ladder_queries) },
	{ HTTP_GET, "/api/v1/profiles", "list-profiles", "what many subscribers have in common", OPERATORS,
		false, run_table, .table = "profiles", QUERIES(page_queries) },
	{ HTTP_PUT, "/api/v1/profiles/{name}", "set-profile",
		"makes a profile, or another one of it: its subscribers follow, sessions included", OPERATORS,
		false, run_profile_set, .takes = &subscriber_table },
	{ HTTP_DELETE, "/api/v1/profiles/{name}", "remove-profile",
		"removes a profile; its subscribers keep what they have", OPERATORS, false,
		run_profile_remove },
	{ HTTP_POST, "/api/v1/subscribers/{imsi}/deregister", "deregister",
		"tells its UE to leave the network, or to register again", OPERATORS, false, run_deregister,
		.takes = &deregister_table },
	{ HTTP_POST, "/api/v1/subscribers/{imsi}/reauthenticate", "reauthenticate",
		"has its UE authenticate again, with new keys", OPERATORS, false, run_reauthenticate },
	{ HTTP_GET, "/api/v1/network", "network",
		"network.yaml, with tags where keys are, and which version it is", OPERATORS, false,
		run_network, .gives = &network_table },
	{ HTTP_POST, "/api/v1/network/check", "check-network",
		"what a text would change of network.yaml: what is taken at once, and what a restart "
		"interrupts",
		OPERATORS, false, run_network_check, .takes = &network_check_table,
		.item = &network_change_table },
	{ HTTP_PUT, "/api/v1/network", "change-network",
		"replaces the version of network.yaml that is named, once the text has been checked; what is "
		"live is "
		"taken at once",
		ADMINISTRATORS, false, run_network_change, .takes = &network_table,
		.gives = &network_written_table },
	{ HTTP_GET, "/api/v1/network/versions", "list-network-versions",
		"versions of network.yaml, the newest first; without who: it was edited elsewhere", OPERATORS,
		false, run_network_versions, .item = &network_version_table },
	{ HTTP_GET, "/api/v1/network/versions/{id}", "network-version", "one version, with its text",
		OPERATORS, false, run_network_version, .gives = &network_version_table },
	{ HTTP_POST, "/api/v1/network/versions/{id}/restore", "restore-network-version",
		"makes network.yaml that version again, with the keys that the file has", ADMINISTRATORS,
		false, run_network_return, .gives = &network_written_table },
	{ HTTP_GET, "/api/v1/backups", "list-backups", "backups that are kept", ADMINISTRATORS, false,
		run_backups, .item = &backup_table },
	{ HTTP_POST, "/api/v1/backups", "make-backup",
		"all that the core keeps, as it is now, sealed with a passphrase; ten are kept. `freehold "
		"restore` "
		"takes it",
		ADMINISTRATORS, false, run_backup, .takes = &backup_order_table, .gives = &backup_table },
	{ HTTP_GET, "/api/v1/backups/{name}", "backup", "octets of a backup, a piece at a time",
		ADMINISTRATORS, true, run_backup_read, .gives = &backup_piece_table,
		QUERIES(export_queries) },
	{ HTTP_DELETE, "/api/v1/backups/{name}", "remove-backup", "removes a backup", ADMINISTRATORS, false,
		run_backup_remove },
	{ HTTP_PUT, "/api/v1/restore-file", "upload-backup",
		"octets of a backup that is to be restored, a piece at a time: after is how many there are "
		"already, 0 begins anew",
		ADMINISTRATORS, false, run_restore_put, .takes = &restore_piece_table },
	{ HTTP_POST, "/api/v1/restore", "restore-backup",
		"opens what was uploaded by its passphrase and tells what is lost by it; unless dry_run the "
		"core "
		"begins anew with it, where freehold up runs it",
		ADMINISTRATORS, false, run_restore, .takes = &restore_order_table, .gives = &restore_table },
	{ HTTP_GET, "/api/v1/diagnostics", "diagnostics",
		"state, tables, alarms, figures and network.yaml as one document, without keys and SUPIs",
		OPERATORS, false, run_diagnostics, .gives = &diagnostics_table },
	{ HTTP_GET, "/api/v1/log-levels", "list-log-levels", "what the rooms of the core log", OPERATORS,
		false, run_log_levels, .item = &log_level_table },
	{ HTTP_PUT, "/api/v1/log-levels", "set-log-level",
		"what a room of the core logs, or all of them, until it is restarted or reads network.yaml "
		"again",
		ADMINISTRATORS, false, run_log_level, .takes = &log_level_table },
	{ HTTP_GET, "/api/v1/users", "list-users", "users of the console", ADMINISTRATORS, false, run_users,
		.item = &user_table },
	{ HTTP_POST, "/api/v1/users", "add-user", "adds a user of the console", ADMINISTRATORS, false,
		run_user_add, .takes = &new_user_table, .gives = &user_table },
	{ HTTP_PATCH, "/api/v1/users/{name}", "change-user",
		"changes role or password of a user, who is then logged out, or disables it", ADMINISTRATORS,
		false, run_user_change, .takes = &user_change_table, .gives = &user_table },
	{ HTTP_DELETE, "/api/v1/users/{name}", "remove-user", "removes a user, with its sessions and tokens",
		ADMINISTRATORS, false, run_user_remove },
	{ HTTP_GET, "/api/v1/tokens", "list-tokens", "one's API tokens; of an administrator everybody's",
		VIEWERS, false, run_tokens, .item = &token_table },
	{ HTTP_POST, "/api/v1/tokens", "add-token", "makes an API token, which is shown this once", VIEWERS,
		false, run_token_add, .takes = &new_token_table, .gives = &token_table },
	{ HTTP_DELETE, "/api/v1/tokens/{id}", "remove-token", "removes an API token", VIEWERS, false,
		run_token_remove },
	{ HTTP_GET, "/api/v1/audit", "audit", "what was done, by whom, the newest first", AUDITORS, false,
		run_audit, .item = &audit_table, QUERIES(audit_queries) },
	{ HTTP_GET, "/api/v1/openapi.json", "openapi", "this document", VIEWERS, false, run_openapi },
};
const size_t operation_count = ARRAY_LEN(operations);

/* Whether the path is the operation's; of "{...}" the part goes into param. */
static bool is_path(const char *form, struct bytes path, struct bytes *param)
{
	size_t at = 0;

	while (*form) {
		size_t start = at;

		if (*form != '{') {
			if (at == path.len || path.data[at++] != (uint8_t)*form++)
				return false;
			continue;
		}
		while (at < path.len && path.data[at] != '/')
			at++;
		if (at == start)
			return false;
		*param = bytes_of(path.data + start, at - start);
		form += strcspn(form, "}") + 1;
	}
	return at == path.len;
}

const struct operation *operation_find(
	enum http_method method, struct bytes path, struct bytes *param, char allow[64])
{
	const struct operation *found = NULL;
	struct writer w = writer_of(allow, 63);
	struct bytes part = BYTES_NONE;

	for (size_t i = 0; i < operation_count; i++) {
		if (!is_path(operations[i].path, path, &part))
			continue;
		text_put(&w, "%s%s", w.len ? ", " : "", http_method_name(operations[i].method));
		if (operations[i].method == method && !found) {
			found = &operations[i];
			*param = part;
		}
	}
	allow[w.len] = '\0';
	return found;
}
