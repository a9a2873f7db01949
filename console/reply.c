/* An answer as octets, with what keeps a browser from doing more with it than it should. */
#include "base/text.h"
#include "console/internal.h"

enum { HEAD_SIZE = 2048 };

/*
 * No script, style or connection but our own, no frame around us, nothing guessed from content, nothing told
 * to other sites, (OWASP secure headers; 33.117 4.3.4.11: and nothing of who we are). No
 * Strict-Transport-Security: this port has no other form than TLS, and it would be of all ports of the host.
 */
static const char security[] =
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
	"X-Frame-Options: DENY\r\n"
	"X-Content-Type-Options: nosniff\r\n"
	"Referrer-Policy: no-referrer\r\n"
	"Cross-Origin-Opener-Policy: same-origin\r\n"
	"Cross-Origin-Resource-Policy: same-origin\r\n"
	"Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";

static void put_fields(const struct reply *r, struct writer *w)
{
	text_put(w, "%s", security);
	/* What is not cached is not found by the next who has the browser; pages are asked for again. */
	text_put(w, "Cache-Control: %s\r\n", r->etag ? "no-cache" : "no-store");
	if (r->etag)
		text_put(w, "ETag: \"%s\"\r\n", r->etag);
	if (r->allow)
		text_put(w, "Allow: %s\r\n", r->allow);
	if (r->retry_after_s)
		text_put(w, "Retry-After: %u\r\n", r->retry_after_s);
	if (r->set_cookie)
		text_put(w, "Set-Cookie: %s\r\n", r->set_cookie);
	if (r->type)
		text_put(w, "Content-Type: %s\r\n", r->type);
	if (!r->stream && r->code != HTTP1_NO_CONTENT && r->code != HTTP1_NOT_MODIFIED)
		text_put(w, "Content-Length: %zu\r\n", r->body.len);
}

static void send_http1(struct console *c, uint64_t assoc, const struct reply *r, struct bytes fields)
{
	struct msg close = { .kind = MSG_DOWN, .port = CONSOLE_PORT_HTTP, .assoc = assoc };
	char head[HEAD_SIZE];
	struct writer w = writer_of(head, sizeof(head));
	bool ok;

	text_put(&w, "HTTP/1.1 %s\r\nConnection: %s\r\n", http1_code_text(r->code),
		r->keep_alive ? "keep-alive" : "close");
	writer_put(&w, fields);
	text_put(&w, "\r\n");
	ok = !w.failed && outbox_send(c->env->outbox, CONSOLE_PORT_HTTP, assoc, 0, writer_bytes(&w));
	if (ok && !r->head && r->body.len > 0)
		ok = outbox_send(c->env->outbox, CONSOLE_PORT_HTTP, assoc, 0, r->body);
	if (!ok || (!r->keep_alive && !r->stream))
		may_fail(outbox_put(
			c->env->outbox, &close)); /* a full outbox is counted: the peer times out */
}

/* While octets of the peer are read nothing is taken out. */
void reply_flush(struct console *c, struct connection *k)
{
	struct bytes octets;

	while (!k->receiving && (octets = http2_take(k->h2)).len > 0)
		may_fail(outbox_send(c->env->outbox, CONSOLE_PORT_HTTP, k->assoc, 0, octets));
}

void reply_send(struct console *c, struct connection *k, uint32_t stream, const struct reply *r)
{
	char fields[HEAD_SIZE - 256];
	struct writer w = writer_of(fields, sizeof(fields));

	put_fields(r, &w);
	if (!k->h2) {
		send_http1(c, k->assoc, r, writer_bytes(&w));
		return;
	}
	/* A stream that is reset tells the client by itself. */
	may_fail(http2_answer(
		k->h2, stream, r->code, writer_bytes(&w), r->head ? BYTES_NONE : r->body, !r->stream));
	reply_flush(c, k);
}

void reply_more(struct console *c, uint64_t assoc, uint32_t stream, struct bytes text, bool end)
{
	struct connection *k = connection_of(c, assoc);

	if (!k)
		return;
	if (!k->h2) {
		may_fail(outbox_send(c->env->outbox, CONSOLE_PORT_HTTP, assoc, 0, text));
		return;
	}
	may_fail(http2_more(k->h2, stream, text, end));
	reply_flush(c, k);
}
