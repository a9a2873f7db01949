/*
 * The API is one table: method, path, who may, what it takes and gives. It is run by this table, the roles
 * are held against it, and the OpenAPI document is printed from it. Inside console/.
 */
#pragma once

#include "console/internal.h"

struct query {
	const char *name, *help;
};

struct operation {
	enum http_method method;
	const char *path; /* "/api/v1/subscribers/{imsi}": one parameter at most */
	const char *id;   /* in the document, the audit log and refusals */
	const char *summary;
	uint32_t who;  /* bits of roles; OPEN */
	bool personal; /* each use is written down (33.117 4.2.3.2.5) */
	void (*run)(struct call *call);
	const struct json_object *takes, *gives; /* bodies; NULL: none, or that of `table` */
	const struct query *queries;
	size_t query_count;
	const char *table;              /* of the core, whose rows it gives; NULL */
	const struct json_object *item; /* likewise, of the console's own rows */
};

extern const struct operation operations[];
extern const size_t operation_count;

/* The operation of method and path, whose parameter is put into param as it was sent. NULL: there is none;
 * *allow then tells methods that the path has ("GET, POST"), if any. */
const struct operation *operation_find(
	enum http_method method, struct bytes path, struct bytes *param, char allow[64]);

/* openapi.c */
void openapi_print(const struct operation *operations, size_t count, const struct console_facts *facts,
	struct writer *w);

/* What they do, by their files. */
void run_first(struct call *call); /* login.c */
void run_login(struct call *call);
void run_logout(struct call *call);
void run_session(struct call *call);
void run_password(struct call *call);
void run_status(struct call *call);
void run_table(struct call *call);
void run_live(struct call *call);
void run_figures(struct call *call);
void run_events(struct call *call);
void run_subscriber_events(struct call *call);
/* Whether the path has an IMSI, or imei- and an IMEI; if not, it is answered. */
MUST_USE bool subscriber_of_path(struct call *call);
void run_subscribers(struct call *call);
void run_export(struct call *call);
void run_import(struct call *call);
void run_subscriber(struct call *call);
void run_subscriber_add(struct call *call);
void run_subscriber_change(struct call *call);
void run_subscriber_remove(struct call *call);
void run_ladder(struct call *call);
void run_deregister(struct call *call);
void run_reauthenticate(struct call *call);
void run_upf_change(struct call *call);
void run_alarm_acknowledge(struct call *call);
void run_alarm_clear(struct call *call);
void run_profile_set(struct call *call);
void run_profile_remove(struct call *call);
void run_log_levels(struct call *call);
void run_log_level(struct call *call);
void run_outlets(struct call *call);
void run_outlet_test(struct call *call);
void run_network(struct call *call);
void run_network_check(struct call *call);
void run_network_change(struct call *call);
void run_network_versions(struct call *call);
void run_network_version(struct call *call);
void run_network_return(struct call *call);
void run_backup(struct call *call);
void run_backups(struct call *call);
void run_backup_read(struct call *call);
void run_backup_remove(struct call *call);
void run_restore_put(struct call *call);
void run_restore(struct call *call);
void run_diagnostics(struct call *call);
void run_users(struct call *call);
void run_user_add(struct call *call);
void run_user_change(struct call *call);
void run_user_remove(struct call *call);
void run_tokens(struct call *call);
void run_token_add(struct call *call);
void run_token_remove(struct call *call);
void run_audit(struct call *call);
void run_openapi(struct call *call);

/* What bodies are, by the file of the operation that takes or gives them. */
#define BODY(name, ...)                                                                                      \
	static const struct json_field name##_fields[] = { __VA_ARGS__ };                                    \
	const struct json_object name = { name##_fields, ARRAY_LEN(name##_fields) }
extern const struct json_object export_table, backup_order_table, backup_table, backup_piece_table,
	diagnostics_table, figures_table, import_table, planned_table, network_table, network_check_table,
	network_change_table, network_written_table, network_version_table, first_table, login_table,
	password_table, session_table, subscriber_table, deregister_table, upf_table, new_user_table,
	user_change_table, user_table, new_token_table, token_table, audit_table, message_table, outlet_table,
	log_level_table, restore_piece_table, restore_order_table, restore_table;
