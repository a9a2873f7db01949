/*
 * Flows of operators at the control port: the same that an application asks for by N5 (29.514). A request is
 * the command, the IMSI, then a line for each word "key=value" (core/pcf/flow_text.c).
 */
#include "base/text.h"
#include "core/internal.h"

/* Reads the order; false with what is wrong answered. */
static bool flow_read(struct cursor *in, struct pcf_order *o, struct writer *w)
{
	char error[PCF_ERROR_SIZE];
	struct supi supi;

	if (!core_control_supi(in, &supi, w))
		return false;
	pcf_order_begin(o, &supi);
	while (cursor_left(in) > 0) {
		struct bytes word = core_control_line(in);

		if (word.len == 0 || pcf_order_take(o, word, error))
			continue;
		text_put(w, "error\n%s\n", error);
		return false;
	}
	return true;
}

typedef bool flow_change(struct pcf *pcf, const struct pcf_order *o, char error[PCF_ERROR_SIZE]);

static void flow_do(struct core *core, const struct msg *m, const struct pcf_order *o, flow_change *change,
	struct writer *w)
{
	char error[PCF_ERROR_SIZE];

	if (!core_control_expect_commit(core, m->assoc, w))
		return;
	if (change(core->pcf, o, error)) {
		text_put(w, "ok\nflow %s\n", o->flow.name);
		core_settle(core);
		return;
	}
	core->client_count--;
	text_put(w, "error\n%s\n", error);
}

static void flow_add(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	char error[PCF_ERROR_SIZE];
	struct pcf_order o;

	if (!flow_read(in, &o, w))
		return;
	if (pcf_order_complete(&o, error))
		flow_do(core, m, &o, pcf_flow_add, w);
	else
		text_put(w, "error\n%s\n", error);
}

static void flow_delete(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct pcf_order o;

	if (!flow_read(in, &o, w))
		return;
	if (o.flow.name[0])
		flow_do(core, m, &o, pcf_flow_remove, w);
	else
		text_put(w, "error\nname: expected the name of the flow\n");
}

const struct core_command core_flow_commands[CORE_FLOW_COMMANDS] = {
	{ "flow add", flow_add },
	{ "flow delete", flow_delete },
};

bool core_flow(struct core *core, bool add, const struct supi *supi, struct bytes words)
{
	struct cursor in = cursor_of(words);
	char error[PCF_ERROR_SIZE];
	struct pcf_order o;
	bool done;

	pcf_order_begin(&o, supi);
	while (cursor_left(&in) > 0)
		if (!pcf_order_take(&o, core_control_line(&in), error))
			return false;
	done = add ? pcf_order_complete(&o, error) && pcf_flow_add(core->pcf, &o, error)
		   : pcf_flow_remove(core->pcf, &o, error);
	core_settle(core);
	return done;
}
