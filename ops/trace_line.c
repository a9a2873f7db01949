#include "ops/trace_line.h"

#include "base/text.h"
#include "wire/text/text.h"

const char *const trace_column_names[TRACE_COLUMNS] = { "UE", "gNB", "AMF", "AUSF", "UDM", "PCF", "NRF",
	"SMF", "UPF" };

static enum trace_column column_of(uint8_t nf)
{
	switch (nf) {
	case NF_AMF:
		return TRACE_COLUMN_AMF;
	case NF_SMF:
		return TRACE_COLUMN_SMF;
	case NF_AUSF:
		return TRACE_COLUMN_AUSF;
	case NF_UDM:
	case NF_UDR:
		return TRACE_COLUMN_UDM;
	case NF_PCF:
		return TRACE_COLUMN_PCF;
	default:
		return TRACE_COLUMN_NRF; /* and NSSF */
	}
}

/* Between which columns it goes. */
void trace_line_ends(const struct trace_message *m, enum trace_column *from, enum trace_column *to)
{
	static const enum trace_column ends[][2] = {
		[TRACE_N1] = { TRACE_COLUMN_UE, TRACE_COLUMN_AMF },
		[TRACE_N2] = { TRACE_COLUMN_GNB, TRACE_COLUMN_AMF },
		[TRACE_N4] = { TRACE_COLUMN_UPF, TRACE_COLUMN_SMF },
	};
	enum trace_column a, b;

	if (m->kind == TRACE_SBI) {
		a = column_of(m->consumer);
		b = column_of(m->producer);
	} else {
		a = ends[m->kind][0];
		b = ends[m->kind][1];
	}
	*from = m->in ? a : b;
	*to = m->in ? b : a;
}

size_t trace_line_text(const struct trace_message *m, char *out, size_t size)
{
	static const char *const protocols[] = { "N1 ", "N2 ", "N4 ", "" };
	struct writer w = writer_of(out, size - 1);
	struct writer rest;

	text_put(&w, "%s%s", m->lost ? "(not sent: the store refused) " : "", protocols[m->kind]);
	rest = writer_of(out + w.len, size - 1 - w.len);
	if (m->kind == TRACE_SBI)
		text_put(&rest, "%.*s", (int)m->title.len, (const char *)m->title.data);
	else if (m->kind == TRACE_N1)
		nas_text(PRINT_LINE, m->plain, &rest);
	else if (m->kind == TRACE_N2)
		ngap_text(PRINT_LINE, m->octets, &rest);
	else
		pfcp_text(PRINT_LINE, m->octets, &rest);
	out[w.len + rest.len] = '\0';
	return w.len + rest.len;
}

size_t trace_line_detail(const struct trace_message *m, char *out, size_t size)
{
	struct writer w = writer_of(out, size - 1);

	if (m->kind == TRACE_SBI)
		writer_put(&w, m->octets.len < size ? m->octets : BYTES_NONE);
	else if (m->kind == TRACE_N1)
		nas_text(PRINT_FULL, m->plain, &w);
	else if (m->kind == TRACE_N2)
		ngap_text(PRINT_FULL, m->octets, &w);
	else
		pfcp_text(PRINT_FULL, m->octets, &w);
	out[w.len] = '\0';
	return w.len;
}
