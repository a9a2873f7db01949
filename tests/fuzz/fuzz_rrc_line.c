/*
 * A hostile end of RRC and F1AP: whatever UE, DU or CU say at any time, by commands that are lines of an
 * input: an octet that says which and one for the length, then the octets. When that is over F1 is set up
 * again, and an honest UE connects; nothing of what was is left.
 */
#include <stdlib.h>

#include "gnb/cucp/internal.h"
#include "tests/rrc_line.h"
#include "ue/rrc/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 4096, STEP_MS = 25, AFTERWARDS_MS = 20000 };

enum command {
	DCCH_TO_UE,   /* an RRC message by the CU-CP's PDCP, protected as that is */
	DCCH_TO_CUCP, /* by the UE's */
	SRB_TO_UE,    /* PDCP PDUs as they are */
	SRB_TO_CUCP,
	CCCH_TO_UE,
	CCCH_TO_CUCP,
	PCCH_TO_UE,
	F1AP_TO_CUCP,
	F1AP_TO_DU,
	CONNECT,
	LINK_FAILS,
	NAS,
	TIME,
	DAMAGE, /* the message after next of the line itself */
	BCCH_TO_UE,
	MEASURED, /* as many blocks, of this power and noise */
	COMMANDS
};

static struct line l;

static void dcch(struct rrc_srb *s, struct bytes octets)
{
	struct sdu *sdu = s->pdcp && !s->suspended ? sdu_of(&l.pool, octets) : NULL;

	if (sdu)
		may_fail(pdcp_send(s->pdcp, sdu, l.env.now_ns));
}

static void srb_to_ue(uint8_t srb, struct bytes octets)
{
	struct sdu *sdu = sdu_of(&l.pool, octets);

	if (sdu)
		ue_rrc_srb_received(l.ue.rrc, srb, sdu);
}

static void to_gnb(enum command c, uint8_t srb, struct bytes octets)
{
	switch (c) {
	case DCCH_TO_CUCP:
		dcch(&l.ue.rrc->srb[srb], octets);
		break;
	case SRB_TO_CUCP:
		du_f1ap_srb_received(l.du.f1ap, l.ue.c_rnti, srb, octets);
		break;
	case CCCH_TO_CUCP:
		line_ccch(&l, octets);
		break;
	case F1AP_TO_CUCP:
		cucp_f1ap_received(l.cucp, 0, octets);
		break;
	default:
		du_f1ap_received(l.du.f1ap, octets);
	}
}

static void bcch_to_ue(struct bytes octets)
{
	struct rrc_bcch_dl_sch_message m;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, NULL, 0, 1 << 20);
	if (rrc_decode(&rrc_bcch_dl_sch_message_type, octets, &arena, &m, &diag) &&
		m.message.tag == RRC_BCCH_DL_SCH_MESSAGE_TYPE_TAG_C1 &&
		m.message.u.c1.tag == RRC_BCCH_DL_SCH_MESSAGE_TYPE_C1_TAG_SYSTEM_INFORMATION)
		ue_rrc_system_information(l.ue.rrc, &m.message.u.c1.u.system_information);
	arena_fini(&arena);
}

static void measured(struct bytes octets)
{
	for (size_t i = 0; i + 1 < octets.len; i += 2) {
		ue_rrc_measured(l.ue.rrc, &(struct ue_rrc_block){ octets.data[i], octets.data[i + 1], 0 });
		line_run(&l, STEP_MS);
	}
}

static void to_ue(enum command c, uint8_t srb, struct bytes octets)
{
	switch (c) {
	case DCCH_TO_UE:
		if (l.gnb.ue)
			dcch(&l.gnb.ue->srb[srb], octets);
		break;
	case SRB_TO_UE:
		srb_to_ue(srb, octets);
		break;
	case CCCH_TO_UE:
		ue_rrc_ccch_received(l.ue.rrc, octets);
		break;
	default:
		ue_rrc_pcch_received(l.ue.rrc, octets);
	}
}

static void command(uint8_t which, struct bytes octets)
{
	enum command c = which % COMMANDS;
	uint8_t srb = which >= 0x80 ? 2 : 1;

	switch (c) {
	case DCCH_TO_UE:
	case SRB_TO_UE:
	case CCCH_TO_UE:
	case PCCH_TO_UE:
		to_ue(c, srb, octets);
		break;
	case DCCH_TO_CUCP:
	case SRB_TO_CUCP:
	case CCCH_TO_CUCP:
	case F1AP_TO_CUCP:
	case F1AP_TO_DU:
		to_gnb(c, srb, octets);
		break;
	case CONNECT:
		may_fail(line_connect(&l));
		break;
	case LINK_FAILS:
		ue_rrc_radio_problem(l.ue.rrc);
		break;
	case BCCH_TO_UE:
		bcch_to_ue(octets);
		break;
	case MEASURED:
		measured(octets);
		break;
	case NAS:
		may_fail(ue_rrc_nas_send(l.ue.rrc, octets));
		break;
	case DAMAGE:
		l.fault = LINE_DAMAGED;
		l.fault_at = l.sent + 2;
		break;
	default:
		line_run(&l, (uint32_t)octets.len * STEP_MS * 8);
	}
	line_run(&l, STEP_MS);
}

static void afterwards(void)
{
	l.fault_at = 0;
	l.breaks = true;
	line_run(&l, AFTERWARDS_MS);
	ue_rrc_abort(l.ue.rrc);
	l.ue.c_rnti = 0;
	if (!line_camp(&l, NULL) || !line_connect(&l))
		abort();
	line_run(&l, 400);
	if (!line_is_up(&l))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(bytes_of(data, size));

	if (size > INPUT_MAX)
		return 0;
	line_begin(&l, 3);
	l.foreign = true;
	line_set_up(&l);
	while (cursor_left(&c) >= 2) {
		uint8_t which = cursor_u8(&c), len = cursor_u8(&c);

		command(which, cursor_bytes(&c, len < cursor_left(&c) ? len : cursor_left(&c)));
	}
	afterwards();
	line_end(&l);
	return 0;
}
