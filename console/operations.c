#include "console/operations.h"

static const struct query page_queries[] = {
	{ "limit", "rows wanted, 256 unless told; pages of the core are given whole, so it may be some more" },
	{ "after", "where to go on: `next` of the answer before" },
};

#define PAGES .queries = page_queries, .query_count = ARRAY_LEN(page_queries)
#define TABLE(name, path, text, may)                                                                         \
	{ HTTP_GET, path, "list-" name, text, may, false, run_table, .table = name, PAGES }

const struct operation operations[] = {
	{ HTTP_POST, "/api/v1/first", "first", "makes the first administrator, by the link printed at the start",
		OPEN, false, run_first, .takes = &first_table, .gives = &session_table },
	{ HTTP_POST, "/api/v1/session", "login", "logs in: a cookie, and what X-CSRF-Token is to be", OPEN, false,
		run_login, .takes = &login_table, .gives = &session_table },
	{ HTTP_GET, "/api/v1/session", "session", "who is logged in", VIEWERS, false, run_session,
		.gives = &session_table },
	{ HTTP_DELETE, "/api/v1/session", "logout", "logs out", VIEWERS, false, run_logout },
	{ HTTP_PUT, "/api/v1/session/password", "change-password", "changes one's own password", VIEWERS, false,
		run_password, .takes = &password_table },
	{ HTTP_GET, "/api/v1/status", "status", "the network at a glance, and what the core counts", VIEWERS, false,
		run_status },
	TABLE("ues", "/api/v1/ues", "UEs that the core knows", VIEWERS),
	TABLE("sessions", "/api/v1/sessions", "PDU sessions", VIEWERS),
	TABLE("flows", "/api/v1/flows", "PCC rules and QoS flows of PDU sessions", VIEWERS),
	TABLE("gnbs", "/api/v1/gnbs", "gNBs", VIEWERS),
	TABLE("upfs", "/api/v1/upfs", "UPFs", VIEWERS),
	TABLE("warnings", "/api/v1/warnings", "public warnings", VIEWERS),
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
