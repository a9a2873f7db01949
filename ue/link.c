/* A UE's connection on the simulated link, as what stands above it on the link uses it. */
#include "radio/uu.h"
#include "radio/uu_rrc.h"
#include "ue/internal.h"
#include "ue/rrc_sim.h"

enum { CONNECTION_MAX = (1 << (32 - UU_UE_BITS)) - 1 };

uint32_t ue_link_index(const struct ue *ue)
{
	return (uint32_t)(ue->radio.connection & CONNECTION_MAX) << UU_UE_BITS | ue_index(ue);
}

bool ue_rrc_send(struct ue *ue, const struct uu_rrc_msg *m)
{
	struct ue_host *host = ue->host;
	struct writer w = writer_of(host->air + UU_HEADER_LEN, sizeof(host->air) - UU_HEADER_LEN);
	struct writer head = writer_of(host->air, UU_HEADER_LEN);

	writer_u8(&head, uu_rrc_srb(m->type));
	writer_u32(&head, ue_link_index(ue));
	return uu_rrc_encode(m, &w) && outbox_send_to(host->env->outbox, UE_PORT_AIR, &ue->radio.gnb,
					       bytes_of(host->air, UU_HEADER_LEN + writer_bytes(&w).len));
}

void ue_link_send(struct ue *ue, enum uu_link what)
{
	struct writer w = writer_of(ue->host->air, sizeof(ue->host->air));

	if (uu_link_encode(ue_link_index(ue), what, &w))
		may_fail(outbox_send_to(ue->host->env->outbox, UE_PORT_AIR, &ue->radio.gnb,
			writer_bytes(&w))); /* as if lost on the way */
}

void ue_move_end(struct ue *ue)
{
	struct ue_move *v = ue->radio.move;

	if (!v)
		return;
	timer_stop(&ue->host->timers, &v->timer);
	timer_stop(&ue->host->timers, &v->repeat);
	ue->radio.move = NULL;
	pool_free(&ue->host->moves, v);
}

void ue_link_end(struct ue *ue)
{
	ue->radio.connected = false;
	ue->radio.as.active = false;
	ue_move_end(ue);
	timer_stop(&ue->host->timers, &ue->radio.silence);
	timer_stop(&ue->host->timers, &ue->radio.keepalive);
}

void ue_link_failed(struct ue *ue)
{
	ue_link_end(ue);
	ue->host->rrc->connection_ended(ue, true);
}
