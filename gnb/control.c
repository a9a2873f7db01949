/*
 * The control port: what operators ask of the running gNB. One message is a request: a command, then lines of
 * arguments; the answer begins with "ok" or "error", then a line (as the core's, core/control.c).
 *
 *   cell-trace, id of a cell, address of a trace collection entity or nothing: no more
 *   xn-reset or xn-remove, name of a neighbour
 *   e1-reset, gNB-CU-UP ID of a CU-UP
 *   handover, address of the UE on the air, name of the gNB, id of its cell or 0, "n2", "xn" or nothing
 */
#include "base/text.h"
#include "gnb/internal.h"

enum { LINE_MAX_OCTETS = 128 };

static bool line_take(struct cursor *in, char out[LINE_MAX_OCTETS])
{
	size_t n = 0;

	while (cursor_left(in) > 0) {
		uint8_t c = cursor_u8(in);

		if (c == '\n')
			break;
		if (c < ' ' || c > '~' || n == LINE_MAX_OCTETS - 1)
			return false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return true;
}

static const char *handover(struct gnb *gnb, struct cursor *in)
{
	char address[LINE_MAX_OCTETS], name[LINE_MAX_OCTETS], cell[LINE_MAX_OCTETS], way[LINE_MAX_OCTETS];
	struct gnb_handover_order o = { .any_index = true, .gnb = name };
	uint64_t id;

	if (!line_take(in, address) || !line_take(in, name) || !line_take(in, cell) || !line_take(in, way))
		return "expected lines of printable characters";
	if (!addr_parse(address, &o.ue))
		return "expected the address of a UE on the air";
	if (!text_uint(bytes_of_str(cell), UINT16_MAX, &id))
		return "expected the id of a cell";
	o.cell = (uint16_t)id;
	o.n2 = !strcmp(way, "n2");
	o.xn = !strcmp(way, "xn");
	return o.n2 || o.xn || way[0] == '\0' ? gnb_handover_begin(gnb, &o) : "expected n2, xn or nothing";
}

static const char *xn_command(
	struct gnb *gnb, struct cursor *in, const char *(*command)(struct gnb *gnb, const char *neighbour))
{
	char name[LINE_MAX_OCTETS];

	return line_take(in, name) ? command(gnb, name) : "expected the name of a neighbour";
}

static const char *cell_trace(struct gnb *gnb, struct cursor *in)
{
	char cell[LINE_MAX_OCTETS], address[LINE_MAX_OCTETS];
	struct addr collector;
	uint64_t id;

	if (!line_take(in, cell) || !line_take(in, address) ||
		!text_uint(bytes_of_str(cell), UINT16_MAX, &id))
		return "expected the id of a cell";
	if (address[0] && !addr_parse(address, &collector))
		return "expected the address of a trace collection entity, or nothing";
	return gnb_cell_trace(gnb, (uint16_t)id, address[0] ? &collector : NULL);
}

static const char *e1_reset(struct gnb *gnb, struct cursor *in)
{
	char text[LINE_MAX_OCTETS];
	uint64_t id;

	if (!line_take(in, text) || !text_uint(bytes_of_str(text), UINT64_MAX, &id))
		return "expected the gNB-CU-UP ID of a CU-UP";
	return gnb_e1_reset(gnb, id);
}

static const char *run(struct gnb *gnb, const char *command, struct cursor *in)
{
	if (!strcmp(command, "handover"))
		return handover(gnb, in);
	if (!strcmp(command, "cell-trace"))
		return cell_trace(gnb, in);
	if (!strcmp(command, "e1-reset"))
		return e1_reset(gnb, in);
	if (!strcmp(command, "xn-reset"))
		return xn_command(gnb, in, gnb_xn_reset);
	if (!strcmp(command, "xn-remove"))
		return xn_command(gnb, in, gnb_xn_remove);
	return "unknown command";
}

void gnb_control_on_msg(struct gnb *gnb, const struct msg *m)
{
	struct cursor in = cursor_of(m->data);
	char command[LINE_MAX_OCTETS], answer[256];
	struct writer w = writer_of(answer, sizeof(answer));
	const char *why;

	if (m->kind != MSG_DATA)
		return;
	why = line_take(&in, command) ? run(gnb, command, &in) : "unknown command";
	text_put(&w, why ? "error\n%s\n" : "ok\n", why);
	may_fail(outbox_send(
		gnb->env->outbox, GNB_PORT_CONTROL, m->assoc, 0, writer_bytes(&w))); /* it asks again */
}
