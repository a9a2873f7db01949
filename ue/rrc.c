/* The verbs of rrc.h, handed to what stands below. */
#include "ue/rrc_ops.h"

bool ue_rrc_connect(struct ue *ue, const struct ue_rrc_request *r)
{
	return ue->host->radio->connect(ue, r);
}

bool ue_rrc_send_nas(struct ue *ue, struct bytes nas)
{
	return ue->host->radio->send_nas(ue, nas);
}

void ue_rrc_leave(struct ue *ue, bool tell)
{
	ue->host->radio->leave(ue, tell);
}

bool ue_rrc_data_take(struct ue_host *host, struct ue_packet *p, struct ue_rrc_data *out)
{
	return host->radio->data_take(host, p, out);
}

bool ue_rrc_data_put(const struct ue_rrc_data *d, struct ue_packet *p)
{
	return d->ue->host->radio->data_put(d, p);
}

void ue_rrc_on_msg(struct ue_host *host, const struct msg *m)
{
	host->radio->on_msg(host, m);
}
