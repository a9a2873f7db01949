/*
 * libFuzzer: what comes as HTTP/2, behind its preface, in pieces of the length that the first octet says.
 * Each request is answered at once, later, or in parts, by its stream; nothing may fall, and what is held is
 * bounded.
 */
#include <stdlib.h>

#include "proto/http/http2.h"

enum { LATER_MAX = 64, TAKEN_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bed {
	struct http2 *h;
	uint32_t later[LATER_MAX];
	size_t later_count;
} bed;

static void must(bool condition)
{
	if (!condition)
		abort();
}

static const char fields[] = "Content-Type: text/plain\r\nConnection: close\r\nX-A: b\r\n";

static void request(void *arg, uint32_t stream, const struct http1_request *r)
{
	struct bytes cookie;

	must(http2_has(bed.h, stream) && r->path.len > 0 && r->path.data[0] == '/');
	must(r->content.len <= 4096 && r->field_count <= HTTP1_FIELDS_MAX);
	may_fail(http_cookie(http1_field(r, "cookie"), "a", &cookie));
	if (stream % 3 == 0 && bed.later_count < LATER_MAX)
		bed.later[bed.later_count++] = stream;
	else
		may_fail(http2_answer(
			bed.h, stream, HTTP1_OK, bytes_of_str(fields), r->path, stream % 5 != 0));
}

static void closed(void *arg, uint32_t stream)
{
	must(http2_has(bed.h, stream));
}

static void answer_later(void)
{
	for (size_t i = 0; i < bed.later_count; i++) {
		may_fail(
			http2_answer(bed.h, bed.later[i], HTTP1_OK, bytes_of_str(fields), BYTES_NONE, false));
		may_fail(http2_more(bed.h, bed.later[i], bytes_of_str("more"), true));
		must(!http2_more(bed.h, bed.later[i], bytes_of_str("none"), true));
	}
	bed.later_count = 0;
}

static void take_all(void)
{
	size_t taken = 0;
	struct bytes out;

	while ((out = http2_take(bed.h)).len > 0)
		taken += out.len;
	must(taken < TAKEN_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http2_user user = { request, closed, NULL };
	size_t step = size > 0 && data[0] ? data[0] : size + 1;
	bool ok;

	bed = (struct bed){ .h = http2_new(&user, 4096) };
	must(bed.h != NULL);
	ok = http2_receive(bed.h, bytes_of_str(http2_preface));
	must(ok);
	for (size_t at = 1; ok && at < size; at += step) {
		ok = http2_receive(bed.h, bytes_of(data + at, size - at < step ? size - at : step));
		take_all();
		answer_later();
	}
	take_all();
	http2_free(bed.h);
	return 0;
}
