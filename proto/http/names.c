/* Names of methods and status codes (RFC 9110 clauses 9 and 15), and values in queries and cookies. */
#include "proto/http/internal.h"

static const char *const methods[] = { [HTTP_GET] = "GET",
	[HTTP_HEAD] = "HEAD",
	[HTTP_POST] = "POST",
	[HTTP_PUT] = "PUT",
	[HTTP_PATCH] = "PATCH",
	[HTTP_DELETE] = "DELETE",
	[HTTP_OTHER] = "another" };

const char *http_method_name(enum http_method method)
{
	return methods[method];
}

static const struct {
	enum http_code code;
	const char *text;
} codes[] = {
	{ HTTP1_CONTINUE, "100 Continue" },
	{ HTTP1_OK, "200 OK" },
	{ HTTP1_CREATED, "201 Created" },
	{ HTTP1_NO_CONTENT, "204 No Content" },
	{ HTTP1_NOT_MODIFIED, "304 Not Modified" },
	{ HTTP1_BAD_REQUEST, "400 Bad Request" },
	{ HTTP1_UNAUTHORIZED, "401 Unauthorized" },
	{ HTTP1_FORBIDDEN, "403 Forbidden" },
	{ HTTP1_NOT_FOUND, "404 Not Found" },
	{ HTTP1_METHOD_NOT_ALLOWED, "405 Method Not Allowed" },
	{ HTTP1_TIMEOUT, "408 Request Timeout" },
	{ HTTP1_CONFLICT, "409 Conflict" },
	{ HTTP1_CONTENT_TOO_LARGE, "413 Content Too Large" },
	{ HTTP1_TARGET_TOO_LONG, "414 URI Too Long" },
	{ HTTP1_UNSUPPORTED_TYPE, "415 Unsupported Media Type" },
	{ HTTP1_EXPECTATION_FAILED, "417 Expectation Failed" },
	{ HTTP1_TOO_MANY, "429 Too Many Requests" },
	{ HTTP1_FIELDS_TOO_LARGE, "431 Request Header Fields Too Large" },
	{ HTTP1_INTERNAL_ERROR, "500 Internal Server Error" },
	{ HTTP1_NOT_IMPLEMENTED, "501 Not Implemented" },
	{ HTTP1_BAD_GATEWAY, "502 Bad Gateway" },
	{ HTTP1_UNAVAILABLE, "503 Service Unavailable" },
	{ HTTP1_GATEWAY_TIMEOUT, "504 Gateway Timeout" },
	{ HTTP1_VERSION_NOT_SUPPORTED, "505 HTTP Version Not Supported" },
};

const char *http1_code_text(enum http_code code)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (codes[i].code == code)
			return codes[i].text;
	return "500 Internal Server Error";
}

/* NAME=value among parts that the separator ends. */
static bool value_of(struct bytes all, uint8_t separator, const char *name, struct bytes *out)
{
	bool found = false, last = false;

	while (!last) {
		struct bytes part, key;

		last = !http_split(&all, separator, &part);
		if (last)
			part = all;
		part = http_trim(part);
		key = part;
		if (http_split(&part, '=', &key) && bytes_equal(key, bytes_of_str(name))) {
			if (found)
				return false;
			found = true;
			*out = part;
		}
	}
	return found;
}

bool http_query_value(struct bytes query, const char *name, struct bytes *out)
{
	return value_of(query, '&', name, out);
}

bool http_cookie(struct bytes cookies, const char *name, struct bytes *out)
{
	return value_of(cookies, ';', name, out);
}
