#include "apps/gnb_trace.h"

#include <stdio.h>

#include "gnb/gnb.h"

static bool file_begin(struct gnb_trace *t)
{
	if (!pcapng_open(&t->file, t->path, "freehold gnb")) {
		fprintf(stderr, "freehold gnb: --trace %s: %m\n", t->path);
		return false;
	}
	t->f1ap = pcapng_interface(&t->file, PCAPNG_LINK_UPPER_PDU, "F1AP");
	t->rrc = pcapng_interface(&t->file, PCAPNG_LINK_UPPER_PDU, "RRC in plain");
	return true;
}

bool gnb_trace_begin(struct gnb_trace *t, struct loop *loop)
{
	t->loop = loop;
	if (t->path && !file_begin(t))
		return false;
	t->schedule = t->schedule_path ? du_trace_schedule_open(t->schedule_path) : NULL;
	return t->schedule || !t->schedule_path;
}

/* At the CU-CP's end, wherever the DU is. */
static void on_msg(void *arg, bool in, const struct msg *m)
{
	struct gnb_trace *t = arg;

	if (m->kind == MSG_DATA && m->port == GNB_PORT_F1)
		may_fail(pcapng_pdu(&t->file, t->f1ap, loop_utc_ms(t->loop) * NS_PER_MS, "f1ap", m->data,
			in ? "from a DU" : "to a DU")); /* the file remembers */
}

static void on_rrc(void *arg, bool uplink, struct bytes message)
{
	struct gnb_trace *t = arg;

	may_fail(pcapng_pdu(&t->file, t->rrc, loop_utc_ms(t->loop) * NS_PER_MS,
		uplink ? "nr-rrc.ul.dcch" : "nr-rrc.dl.dcch", message,
		uplink ? "uplink, in plain" : "downlink, in plain")); /* the file remembers */
}

bool gnb_trace_bind(struct gnb_trace *t, struct bind *bind, struct gnb *gnb)
{
	if (!t->path)
		return true;
	gnb_set_rrc_tap(gnb, on_rrc, t);
	return bind_tap_add(bind, &(struct bind_tap){ .msg = on_msg, .arg = t });
}

void gnb_trace_dus(struct gnb_trace *t, const struct gnb_radio *r)
{
	for (size_t i = 0; (t->path || t->schedule) && i < r->count && t->du_count < GNB_CELLS_MAX; i++) {
		struct du_trace *d = &t->dus[t->du_count++];

		*d = (struct du_trace){ .loop = t->loop,
			.file = t->path ? &t->file : NULL,
			.schedule = t->schedule,
			.node = du_room_node(r->dus[i].room) };
		du_trace_begin(d);
	}
}

void gnb_trace_end(struct gnb_trace *t)
{
	if (t->loop && t->path && !pcapng_close(&t->file))
		fprintf(stderr, "freehold gnb: the trace could not be written whole: %m\n");
	if (t->schedule)
		(void)du_trace_schedule_close(t->schedule);
	t->schedule = NULL;
	t->loop = NULL;
}
