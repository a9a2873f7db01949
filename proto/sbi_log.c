/* Service operations as lines of the log at level debug. */
#include "proto/sbi_internal.h"
#include "wire/text/text.h"

enum { SBI_LOG_TEXT = 400 }; /* octets of a log line */

void sbi_log_event(struct sbi_bus *bus, const struct sbi_event *e)
{
	const struct sbi_answer *a = &e->answer;
	char text[SBI_LOG_TEXT];
	struct writer w = writer_of(text, sizeof(text));

	if (e->kind == SBI_EVENT_REQUEST) {
		sbi_request_text(PRINT_LINE, e->request.op, e->request.body, &w);
		log_debug(bus->env->log, "SBI request to %s: %.*s", nf_type_name(e->to->peer->type),
			(int)w.len, text);
	} else {
		sbi_response_text(PRINT_LINE, a->op, a->cause, a->body, &w);
		log_debug(bus->env->log, "SBI answer to %s: %.*s", nf_type_name(e->to->peer->type),
			(int)w.len, text);
	}
}
