#include "ops/message_log.h"

#define LOG_ROOM "msg"

enum { MESSAGE_TEXT_SIZE = 400 }; /* of a log line */

const struct port_text *port_text_find(const struct port_text *ports, uint16_t port)
{
	for (; ports && ports->name; ports++)
		if (ports->first <= port && port <= ports->last)
			return ports;
	return NULL;
}

static void message_log_msg(void *arg, bool in, const struct msg *m)
{
	struct message_log *ml = arg;
	const struct port_text *p = m->kind == MSG_DATA ? port_text_find(ml->ports, m->port) : NULL;
	char text[MESSAGE_TEXT_SIZE], peer[ADDR_STR_SIZE];
	struct writer w = writer_of(text, sizeof(text));

	if (!p || !log_wants(ml->log, LOG_DEBUG, LOG_ROOM))
		return;
	p->fn(PRINT_LINE, m->data, &w);
	if (m->assoc)
		log_debug(ml->log, "%s %s association %llu: %.*s", p->name, in ? "in" : "out",
			(unsigned long long)m->assoc, (int)w.len, text);
	else
		log_debug(ml->log, "%s %s %s: %.*s", p->name, in ? "in" : "out", addr_str(&m->peer, peer),
			(int)w.len, text);
}

bool message_log_begin(struct message_log *m, struct bind *b, struct log *log, const struct port_text *ports)
{
	struct bind_tap tap = { .msg = message_log_msg, .arg = m };

	*m = (struct message_log){ log, ports };
	return bind_tap_add(b, &tap); /* its level may change */
}

void message_log_nas(struct log *log, bool uplink, struct bytes plain)
{
	char text[MESSAGE_TEXT_SIZE];
	struct writer w = writer_of(text, sizeof(text));

	if (!log_wants(log, LOG_DEBUG, LOG_ROOM))
		return;
	nas_text(PRINT_LINE, plain, &w);
	log_debug(log, "N1 %s: %.*s", uplink ? "uplink" : "downlink", (int)w.len, text);
}
