/*
 * DRB identities (38.331 6.3.2), one a session. An identity is an input of ciphering beside the key and
 * COUNT, which begins at 0 with each DRB, so none is given twice under one key (38.331 5.3.1.2).
 */
#include "gnb/user_plane.h"

static void take(struct gnb_session *s, uint8_t drb)
{
	s->drb = drb;
	s->ue->psi_of_drb[drb] = s->psi;
	s->ue->drbs_used |= UINT32_C(1) << (drb - 1);
}

bool gnb_drb_take(struct gnb_session *s)
{
	uint8_t drb = 1;

	while (drb <= GNB_DRBS_MAX && s->ue->drbs_used >> (drb - 1) & 1)
		drb++;
	if (drb > GNB_DRBS_MAX) {
		s->ue->drbs_spent = true;
		return false;
	}
	take(s, drb);
	return true;
}

void gnb_drb_give(struct gnb_session *s)
{
	s->ue->psi_of_drb[s->drb] = 0;
}

void gnb_drb_set(struct gnb_session *s, int64_t drb)
{
	if (drb < 1 || drb > GNB_DRBS_MAX || s->ue->psi_of_drb[drb])
		return;
	gnb_drb_give(s);
	take(s, (uint8_t)drb);
}

void gnb_drbs_key_is_new(struct gnb_ue *ue)
{
	ue->drbs_used = 0;
	ue->drbs_spent = false;
	for (uint8_t drb = 1; drb <= GNB_DRBS_MAX; drb++)
		if (ue->psi_of_drb[drb])
			ue->drbs_used |= UINT32_C(1) << (drb - 1);
}

struct gnb_session *gnb_session_of_drb(const struct gnb_ue *ue, int64_t drb)
{
	return drb >= 1 && drb <= GNB_DRBS_MAX ? ue->sessions[ue->psi_of_drb[drb]] : NULL;
}
