#include "proto/http/http2_internal.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "proto/http/internal.h"

enum { ANSWER_FIELDS_MAX = 24, NAME_MAX_LEN = 64, BODY_FIRST = 1024 };

const char http2_preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
_Static_assert(sizeof(http2_preface) - 1 == HTTP2_PREFACE_LEN, "RFC 9113 3.4");

static struct stream *stream_of(const struct http2 *h, uint32_t id)
{
	struct stream *s = h->streams;

	while (s && s->id != id)
		s = s->next;
	return s;
}

static bool body_add(struct http2 *h, struct body *b, struct bytes more)
{
	size_t cap = b->cap ? b->cap : BODY_FIRST;
	uint8_t *grown;

	while (cap < b->len + more.len && cap < HTTP2_HELD_MAX)
		cap *= 2;
	if (cap < b->len + more.len || h->held - b->cap + cap > HTTP2_HELD_MAX)
		return false;
	if (cap != b->cap) {
		grown = realloc(b->octets, cap);
		if (!grown)
			return false;
		h->held += cap - b->cap;
		b->octets = grown;
		b->cap = cap;
	}
	bytes_copy(b->octets + b->len, cap - b->len, more);
	b->len += more.len;
	return true;
}

/* Requests carry passwords. */
static void body_free(struct http2 *h, struct body *b)
{
	if (b->octets)
		explicit_bzero(b->octets, b->cap);
	free(b->octets);
	h->held -= b->cap;
	*b = (struct body){ 0 };
}

static void stream_free(struct http2 *h, struct stream *s)
{
	struct stream **at = &h->streams;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	body_free(h, &s->in);
	body_free(h, &s->out);
	explicit_bzero(s->head, s->head_len);
	free(s);
}

static int on_begin(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct http2 *h = arg;
	struct stream *s;

	if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0;
	s = calloc(1, sizeof(*s));
	if (!s)
		return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
	s->id = (uint32_t)frame->hd.stream_id;
	s->next = h->streams;
	h->streams = s;
	return 0;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
	size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags, void *arg)
{
	struct stream *s = stream_of(arg, (uint32_t)frame->hd.stream_id);

	if (s && !s->asked)
		s->bad |= !http2_keep_field(s, bytes_of(name, name_len), bytes_of(value, value_len));
	return 0;
}

static int on_data(
	nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data, size_t len, void *arg)
{
	struct http2 *h = arg;
	struct stream *s = stream_of(h, (uint32_t)id);

	if (s && !s->too_large)
		s->too_large = s->in.len + len > h->body_max || !body_add(h, &s->in, bytes_of(data, len));
	return 0;
}

static void ask(struct http2 *h, struct stream *s)
{
	struct http1_request r;
	enum http_code code = HTTP1_OK;
	struct bytes text;

	s->asked = true;
	if (s->too_large)
		code = HTTP1_CONTENT_TOO_LARGE;
	else if (!http2_take_request(s, &r))
		code = s->bad ? HTTP1_FIELDS_TOO_LARGE : HTTP1_BAD_REQUEST;
	if (code == HTTP1_OK) {
		h->user.request(h->user.arg, s->id, &r);
		return;
	}
	text = bytes_of_str(http1_code_text(code));
	may_fail(http2_answer(
		h, s->id, code, bytes_of_str("Content-Type: text/plain; charset=utf-8\r\n"), text, true));
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct http2 *h = arg;
	struct stream *s = stream_of(h, (uint32_t)frame->hd.stream_id);

	if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) && s && !s->asked &&
		(frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
		ask(h, s);
	return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *arg)
{
	struct http2 *h = arg;
	struct stream *s = stream_of(h, (uint32_t)id);

	if (!s)
		return 0;
	if (s->asked)
		h->user.closed(h->user.arg, s->id);
	stream_free(h, s);
	return 0;
}

static bool set_up(struct http2 *h)
{
	static const nghttp2_settings_entry settings[] = {
		{ NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, HTTP2_STREAMS_MAX },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, HTTP1_HEAD_MAX },
	};
	nghttp2_session_callbacks *callbacks;
	bool ok = nghttp2_session_callbacks_new(&callbacks) == 0;

	if (!ok)
		return false;
	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
	ok = nghttp2_session_server_new(&h->session, callbacks, h) == 0;
	nghttp2_session_callbacks_del(callbacks);
	return ok &&
	       nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, settings, ARRAY_LEN(settings)) == 0;
}

struct http2 *http2_new(const struct http2_user *user, size_t body_max)
{
	struct http2 *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->user = *user;
	h->body_max = body_max;
	if (set_up(h))
		return h;
	http2_free(h);
	return NULL;
}

void http2_free(struct http2 *h)
{
	if (!h)
		return;
	nghttp2_session_del(h->session);
	while (h->streams)
		stream_free(h, h->streams);
	free(h);
}

bool http2_receive(struct http2 *h, struct bytes in)
{
	ssize_t n = nghttp2_session_mem_recv(h->session, in.data, in.len);

	return n == (ssize_t)in.len &&
	       (nghttp2_session_want_read(h->session) || nghttp2_session_want_write(h->session));
}

static ssize_t read_out(nghttp2_session *session, int32_t id, uint8_t *buf, size_t cap, uint32_t *flags,
	nghttp2_data_source *source, void *arg)
{
	struct stream *s = stream_of(arg, (uint32_t)id);
	size_t left = s ? s->out.len - s->out.at : 0, n = left < cap ? left : cap;

	if (!s)
		return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
	if (n == 0 && !s->ends)
		return NGHTTP2_ERR_DEFERRED;
	bytes_copy(buf, cap, bytes_of(s->out.octets + s->out.at, n));
	s->out.at += n;
	if (s->out.at == s->out.len) {
		body_free(arg, &s->out);
		*flags |= s->ends ? NGHTTP2_DATA_FLAG_EOF : 0;
	}
	return (ssize_t)n;
}

/* "Name: value" lines as fields, whose names are of small letters; those of the connection are not of the
 * stream (RFC 9113 8.2.2). */
static size_t take_fields(struct bytes lines, char names[ANSWER_FIELDS_MAX][NAME_MAX_LEN],
	nghttp2_nv out[ANSWER_FIELDS_MAX], size_t count)
{
	struct bytes line, name;

	while (count < ANSWER_FIELDS_MAX && http_next_line(&lines, &line) == HTTP_LINE) {
		if (!http_split(&line, ':', &name) || name.len >= NAME_MAX_LEN ||
			http_text_is(name, "connection"))
			continue;
		for (size_t i = 0; i < name.len; i++)
			names[count][i] =
				(char)(name.data[i] >= 'A' && name.data[i] <= 'Z' ? name.data[i] + 32
										  : name.data[i]);
		while (line.len > 0 && line.data[0] == ' ')
			line = bytes_of(line.data + 1, line.len - 1);
		out[count] = (nghttp2_nv){ .name = (uint8_t *)names[count],
			.namelen = name.len,
			.value = (uint8_t *)line.data,
			.valuelen = line.len };
		count++;
	}
	return count;
}

bool http2_answer(struct http2 *h, uint32_t stream, enum http_code code, struct bytes fields,
	struct bytes body, bool ends)
{
	struct stream *s = stream_of(h, stream);
	nghttp2_data_provider provider = { .read_callback = read_out };
	char names[ANSWER_FIELDS_MAX][NAME_MAX_LEN], status[8];
	nghttp2_nv nv[ANSWER_FIELDS_MAX];
	size_t count;

	if (!s)
		return false;
	snprintf(status, sizeof(status), "%d", (int)code);
	nv[0] = (nghttp2_nv){
		.name = (uint8_t *)":status", .namelen = 7, .value = (uint8_t *)status, .valuelen = 3
	};
	count = take_fields(fields, names, nv, 1);
	body_free(h, &s->in);
	s->ends = ends;
	if (body_add(h, &s->out, body) &&
		nghttp2_submit_response(h->session, (int32_t)stream, nv, count, &provider) == 0)
		return true;
	may_fail(nghttp2_submit_rst_stream(
			 h->session, NGHTTP2_FLAG_NONE, (int32_t)stream, NGHTTP2_INTERNAL_ERROR) == 0);
	return false;
}

bool http2_more(struct http2 *h, uint32_t stream, struct bytes body, bool ends)
{
	struct stream *s = stream_of(h, stream);

	if (!s || s->ends)
		return false;
	s->ends = ends;
	return body_add(h, &s->out, body) && nghttp2_session_resume_data(h->session, (int32_t)stream) == 0;
}

bool http2_has(const struct http2 *h, uint32_t stream)
{
	return stream_of(h, stream) != NULL;
}

struct bytes http2_take(struct http2 *h)
{
	const uint8_t *octets;
	ssize_t n = nghttp2_session_mem_send(h->session, &octets);

	return n > 0 ? bytes_of(octets, (size_t)n) : BYTES_NONE;
}
