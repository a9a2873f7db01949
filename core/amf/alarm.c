/* What an AMF tells of alarms (core/nf/alarm.h): gNBs that go and come. */
#include <inttypes.h>
#include <stdio.h>

#include "core/amf/internal.h"

void amf_gnb_alarm(struct amf *amf, const struct amf_gnb *gnb, bool away)
{
	char object[ALARM_OBJECT_SIZE];

	if (gnb->node_id == 0)
		return;
	snprintf(object, sizeof(object), "gNB %" PRIx64 ", AMF %.63s", gnb->node_id, amf->config.name);
	nf_alarm(&amf->nf, ALARM_GNB_AWAY, object, gnb->name, away);
}
