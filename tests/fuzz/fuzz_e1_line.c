/*
 * A hostile end of E1, F1-U or N3: whatever CU-CP, CU-UP, DU or UPF say at any time, by commands that are
 * lines of an input: an octet that says which and one for the length, then the octets. When that is over E1
 * is set up again, and an honest UE has its bearer; nothing of what was is left.
 */
#include <stdlib.h>

#include "tests/e1_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	INPUT_MAX = 4096,
	STEP_MS = 10,
	SETUP_MS = 5500,
	GUARD_MS = 2500 /* until E1 is tried again; an answer that is missing */
};

enum command {
	E1AP_TO_CUCP,
	E1AP_TO_CUUP,
	N3_TO_CUUP, /* datagrams as they are */
	F1U_TO_CUUP,
	F1U_TO_DU,
	N3_PACKET,  /* of the tunnel there is: a QFI, a packet */
	F1U_STATUS, /* likewise: an NR RAN Container that goes up */
	F1U_UPLINK, /* a PDCP PDU */
	F1U_DATA,   /* a container of six octets that goes down, a PDCP PDU */
	CONNECT,
	ADD,
	REMOVE,
	REKEY,
	SUSPEND,
	RESUME,
	RELEASE,
	DATA,
	TIME,
	DAMAGE, /* the E1AP message after next */
	COMMANDS
};

static struct e1_line l;

static void datagram(enum e1_kind kind, struct gtpu_header h, struct bytes payload)
{
	uint8_t octets[GTPU_HEADER_MAX + 256];
	size_t size;
	struct writer w;

	h.type = GTPU_G_PDU;
	size = gtpu_header_encode(&h, payload.len, octets);
	w = writer_of(octets + size, sizeof(octets) - size);
	writer_put(&w, payload);
	if (size > 0 && !w.failed)
		e1_line_datagram(&l, kind, bytes_of(octets, size + payload.len));
}

/* The longest start of it that a container may have. */
static struct bytes container_of_input(struct bytes octets)
{
	size_t len = octets.len < NR_UP_OCTETS_MAX ? octets.len : NR_UP_OCTETS_MAX;

	return len < 2 ? BYTES_NONE : bytes_of(octets.data, (len - 2) / 4 * 4 + 2);
}

static void user_data(enum command c, struct bytes octets)
{
	uint32_t ul = l.cp.first_ul.teid;
	struct bytes rest = octets.len > 6 ? bytes_of(octets.data + 6, octets.len - 6) : BYTES_NONE;
	struct gtpu_header down = { .teid = l.cp.n3_dl[E1_PSI],
		.has_pdu_session = true,
		.pdu_session.qfi = octets.len ? octets.data[0] & 63 : 1 };

	switch (c) {
	case N3_PACKET:
		datagram(E1_N3_DOWN, down, octets);
		break;
	case F1U_STATUS:
		datagram(E1_F1U_UP,
			(struct gtpu_header){ .teid = ul, .nr_ran_container = container_of_input(octets) },
			BYTES_NONE);
		break;
	case F1U_UPLINK:
		datagram(E1_F1U_UP, (struct gtpu_header){ .teid = ul }, octets);
		break;
	default:
		if (l.drbs[1].there && l.drbs[1].f1u)
			datagram(E1_F1U_DOWN,
				(struct gtpu_header){ .teid = du_f1u_teid(l.drbs[1].f1u),
					.nr_ran_container = container_of_input(octets) },
				rest);
	}
}

static void honest(enum command c, size_t n)
{
	switch (c) {
	case CONNECT:
		may_fail(e1_line_connect(&l));
		break;
	case ADD:
		e1_line_add(&l);
		break;
	case REMOVE:
		e1_line_remove(&l);
		break;
	case REKEY:
		e1_line_rekey(&l);
		break;
	case SUSPEND:
	case RESUME:
		e1_line_status(&l, c == SUSPEND ? CUCP_E1_SUSPEND : CUCP_E1_RESUME);
		break;
	case RELEASE:
		e1_line_release(&l);
		break;
	case DATA:
		e1_line_down(&l, n & 1 ? E1_PSI : E1_PSI_UM, (uint32_t)n);
		e1_line_up(&l, n & 1 ? 1 : 2, 3);
		break;
	case DAMAGE:
		l.fault = E1_DAMAGED;
		l.fault_at = l.sent + 2;
		break;
	default:
		e1_line_run(&l, (uint32_t)n * 50);
	}
}

static void command(uint8_t which, struct bytes octets)
{
	static const enum e1_kind kinds[] = { E1_UP, E1_DOWN, E1_N3_DOWN, E1_F1U_UP, E1_F1U_DOWN };
	enum command c = which % COMMANDS;

	if (c <= F1U_TO_DU)
		e1_line_datagram(&l, kinds[c], octets);
	else if (c <= F1U_DATA)
		user_data(c, octets);
	else
		honest(c, octets.len);
	e1_line_run(&l, STEP_MS);
}

static void afterwards(void)
{
	uint32_t got;

	l.fault_at = 0;
	l.breaks = true;
	e1_line_run(&l, SETUP_MS);
	e1_line_release(&l);
	e1_line_run(&l, GUARD_MS);
	if (!e1_line_is_down(&l) || !e1_line_connect(&l))
		abort();
	e1_line_run(&l, 100);
	got = l.drbs[1].got;
	e1_line_down(&l, E1_PSI, 5);
	e1_line_run(&l, 100);
	if (l.drbs[1].got - got != 5)
		abort();
	e1_line_release(&l);
	e1_line_run(&l, 100);
	if (!e1_line_is_down(&l))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(bytes_of(data, size));

	if (size > INPUT_MAX)
		return 0;
	e1_line_begin(&l, 3);
	l.foreign = true;
	e1_line_set_up(&l);
	while (cursor_left(&c) >= 2) {
		uint8_t which = cursor_u8(&c), len = cursor_u8(&c);

		command(which, cursor_bytes(&c, len < cursor_left(&c) ? len : cursor_left(&c)));
	}
	afterwards();
	e1_line_end(&l);
	return 0;
}
