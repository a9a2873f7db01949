#include "tests/trace_check.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "wire/ngap/ngap.h"
#include "wire/pfcp/pfcp.h"

enum { SUBSCRIBERS_MAX = 64, NAMES_MAX = 4096 };

static char found[512];

/* What names a UE on an interface, and whose it is. */
struct name {
	uint64_t value, whose;
	uint8_t space;
};

struct names {
	size_t count;
	struct name all[NAMES_MAX];
	bool seids;
};

bool trace_page(struct core *core, const char *imsi, const char *place, struct trace_page *out)
{
	static uint8_t answer[CORE_CONTROL_MESSAGE_MAX];
	struct writer w = writer_of(answer, sizeof(answer));
	struct msg m = { .kind = MSG_DATA, .port = CORE_PORT_CONTROL, .assoc = 77 };
	char request[64], known[16] = "", more[16] = "", head[128];
	struct cursor in;
	size_t len;

	snprintf(request, sizeof(request), "%s\n%s\n", imsi, place);
	in = cursor_of(bytes_of_str(request));
	core_trace_command(core, &m, &in, &w);
	out->messages = cursor_of(writer_bytes(&w));
	if (w.len < 3 || memcmp(answer, "ok\n", 3) != 0)
		return false;
	cursor_skip(&out->messages, 3);
	len = (size_t)((uint8_t *)memchr(answer + 3, '\n', w.len - 3) - answer) - 3;
	snprintf(head, sizeof(head), "%.*s", (int)len, (char *)answer + 3);
	cursor_skip(&out->messages, len + 1);
	if (sscanf(head, "%" SCNu64 " %" SCNu64 " %15s %15s", &out->place, &out->lost, known, more) != 4)
		return false;
	out->known = !strcmp(known, "known");
	out->more = !strcmp(more, "more");
	return true;
}

/* A name of one UE that another one has is a fault. */
static bool is_theirs(struct names *names, uint8_t space, uint64_t value, uint64_t whose)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct name *n = &names->all[i];

		if (n->space == space && n->value == value)
			return n->whose == whose;
	}
	if (names->count < NAMES_MAX)
		names->all[names->count++] = (struct name){ value, whose, space };
	return true;
}

/* A SUPI in a service operation that is not the subscriber's. */
static bool names_another(struct bytes text, const char *imsi)
{
	size_t own = strlen(imsi);
	struct bytes rest = text;
	const uint8_t *at;

	while ((at = memmem(rest.data, rest.len, "imsi-", 5)) != NULL) {
		rest = bytes_of(at + 5, (size_t)(rest.data + rest.len - at) - 5);
		if (rest.len < own || memcmp(rest.data, imsi, own) != 0)
			return true;
	}
	return false;
}

static bool check_n2(struct names *names, const struct trace_message *m, uint64_t whose)
{
	struct per_diag diag;
	struct ngap_pdu pdu;
	const uint64_t *id;
	struct arena arena;
	bool ok = true;

	arena_init(&arena, NULL, 0, 1 << 20);
	if (ngap_decode(m->octets, &arena, &pdu, &diag)) {
		id = ngap_amf_ue_ngap_id(&pdu, &diag);
		ok = pdu.message != NGAP_MSG_NG_SETUP_REQUEST && (!id || is_theirs(names, 0, *id, whose));
	}
	arena_fini(&arena);
	return ok;
}

static bool check_n4(struct names *names, const struct trace_message *m, uint64_t whose)
{
	struct tlv_fault fault = { 0 };
	struct pfcp_msg msg = { 0 };
	struct arena arena;
	bool ok = true;

	arena_init(&arena, NULL, 0, 1 << 20);
	if (pfcp_decode(m->octets, &arena, &msg, &fault))
		ok = msg.has_seid &&
		     (!msg.seid || !names->seids || is_theirs(names, m->in ? 1 : 2, msg.seid, whose));
	arena_fini(&arena);
	return ok;
}

static bool check_message(
	struct names *names, const struct trace_message *m, const char *imsi, uint64_t whose)
{
	bool ok = true;

	if (m->kind == TRACE_N2)
		ok = check_n2(names, m, whose);
	else if (m->kind == TRACE_N4)
		ok = check_n4(names, m, whose);
	else if (m->kind == TRACE_SBI)
		ok = !names_another(m->octets, imsi) && (m->octets.len > 0 || m->title.len == 0);
	if (!ok)
		snprintf(found, sizeof(found), "trace of imsi-%s: message %" PRIu64 ", kind %u, %.*s: %.*s",
			imsi, m->number, m->kind, (int)m->title.len, (const char *)m->title.data,
			m->kind == TRACE_SBI ? (int)m->octets.len : 0, (const char *)m->octets.data);
	return ok;
}

static bool check_subscriber(struct core *core, struct names *names, uint64_t whose)
{
	struct trace_page page = { .more = true };
	char imsi[32], place[24] = "0";
	struct trace_message m;

	snprintf(imsi, sizeof(imsi), "%0*" PRIu64, (int)(whose & 15), whose >> 4);
	while (page.more) {
		if (!trace_page(core, imsi, place, &page)) {
			snprintf(found, sizeof(found), "trace of imsi-%s: refused", imsi);
			return false;
		}
		while (cursor_left(&page.messages) > 0)
			if (!trace_message_read(&page.messages, &m) || !check_message(names, &m, imsi, whose))
				return false;
		snprintf(place, sizeof(place), "%" PRIu64, page.place);
	}
	return true;
}

const char *trace_check(struct core *core, bool seids)
{
	static uint64_t subscribers[SUBSCRIBERS_MAX];
	static struct names names;
	const struct trace_ring *r = &core->trace.ring;
	size_t count = 0, k;

	names.count = 0;
	names.seids = seids;
	for (uint64_t n = r->first; n < r->next && count < SUBSCRIBERS_MAX; n++) {
		uint64_t whose = trace_ring_at(r, n)->whose;

		for (k = 0; k < count && subscribers[k] != whose; k++) {
		}
		if (k == count && whose && !(whose & WHOSE_UNKNOWN))
			subscribers[count++] = whose;
	}
	for (size_t i = 0; i < count; i++)
		if (!check_subscriber(core, &names, subscribers[i]))
			return found;
	core_trace_ends(core, 77);
	return NULL;
}
