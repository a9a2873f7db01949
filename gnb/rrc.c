/* The verbs of rrc.h, handed to what stands below. */
#include "gnb/rrc_ops.h"

bool gnb_rrc_accept(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at)
{
	return gnb->radio->accept(gnb, ue, at);
}

void gnb_rrc_reject(struct gnb *gnb, const struct gnb_radio *at, uint8_t wait_s)
{
	gnb->radio->reject(gnb, at, wait_s);
}

void gnb_rrc_page(struct gnb *gnb, uint8_t cell, const struct s_tmsi *s_tmsi)
{
	gnb->radio->page(gnb, cell, s_tmsi);
}

void gnb_rrc_warn(struct gnb *gnb, uint8_t cell, const struct gnb_rrc_warning *warning)
{
	gnb->radio->warn(gnb, cell, warning);
}

void gnb_rrc_warn_end(struct gnb *gnb, uint8_t cell, uint16_t id, uint16_t serial)
{
	gnb->radio->warn_end(gnb, cell, id, serial);
}

bool gnb_rrc_send_nas(struct gnb *gnb, struct gnb_ue *ue, struct bytes nas)
{
	return gnb->radio->send_nas(gnb, ue, nas);
}

bool gnb_rrc_activate_security(struct gnb *gnb, struct gnb_ue *ue)
{
	return gnb->radio->activate_security(gnb, ue);
}

bool gnb_rrc_enquire_capability(struct gnb *gnb, struct gnb_ue *ue)
{
	return gnb->radio->enquire_capability(gnb, ue);
}

void gnb_rrc_capability_known(struct gnb *gnb, struct gnb_ue *ue, struct bytes containers)
{
	gnb->radio->capability_known(gnb, ue, containers);
}

bool gnb_rrc_set_bearer(struct gnb *gnb, struct gnb_session *s, struct bytes nas)
{
	return gnb->radio->set_bearer(gnb, s, nas);
}

bool gnb_rrc_release_bearer(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, struct bytes nas)
{
	return gnb->radio->release_bearer(gnb, ue, drb, nas);
}

void gnb_rrc_session_ended(struct gnb *gnb, struct gnb_session *s)
{
	gnb->radio->session_ended(gnb, s);
}

struct gnb_ue *gnb_rrc_find(struct gnb *gnb, const struct addr *peer, const uint32_t *index)
{
	return gnb->radio->find(gnb, peer, index);
}

bool gnb_rrc_hand_over(struct gnb *gnb, struct gnb_ue *ue, struct bytes reconfiguration)
{
	return gnb->radio->hand_over(gnb, ue, reconfiguration);
}

bool gnb_rrc_reestablish(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at)
{
	return gnb->radio->reestablish(gnb, ue, at);
}

void gnb_rrc_end(struct gnb *gnb, struct gnb_ue *ue, enum gnb_rrc_end how)
{
	gnb->radio->end(gnb, ue, how);
}

enum gnb_verdict gnb_rrc_data_take(struct gnb *gnb, struct gnb_packet *p, struct gnb_rrc_data *out)
{
	return gnb->radio->data_take(gnb, p, out);
}

enum gnb_verdict gnb_rrc_data_put(struct gnb *gnb, const struct gnb_rrc_data *d, struct gnb_packet *p)
{
	return gnb->radio->data_put(gnb, d, p);
}

void gnb_rrc_on_msg(struct gnb *gnb, const struct msg *m)
{
	gnb->radio->on_msg(gnb, m);
}
