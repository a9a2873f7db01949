#include "radio/cell/system_information.h"

#include "wire/rrc/number.h"

enum { SIB2_TO_9 = 8 };

static uint16_t sibs_of(const struct rrc_scheduling_info *in)
{
	uint16_t sibs = 0;

	if (in->si_broadcast_status != RRC_SCHEDULING_INFO_SI_BROADCAST_STATUS_BROADCASTING)
		return 0;
	for (size_t i = 0; i < in->sib_mapping_info.count; i++)
		if ((unsigned)in->sib_mapping_info.items[i].type < SIB2_TO_9)
			sibs |= (uint16_t)(1u << (in->sib_mapping_info.items[i].type + 2));
	return sibs;
}

void cell_si_read(struct cell_si *out, const struct rrc_si_scheduling_info *in)
{
	bool ok = true;

	*out = (struct cell_si){ .n = 0 };
	if (!in)
		return;
	out->window_slots = (uint16_t)rrc_number_at(&rrc_si_scheduling_info_type, "si-WindowLength",
				    in->si_window_length, &ok) /
			    1000;
	for (size_t i = 0; i < in->scheduling_info_list.count && i < CELL_SI_MESSAGES_MAX; i++) {
		out->message[i].period = (uint16_t)rrc_number_at(&rrc_scheduling_info_type, "si-Periodicity",
			in->scheduling_info_list.items[i].si_periodicity, &ok);
		out->message[i].sibs = sibs_of(&in->scheduling_info_list.items[i]);
		out->n++;
	}
	if (!ok || out->window_slots == 0)
		out->n = 0;
}

bool cell_si_in_window(const struct cell_si *s, unsigned i, unsigned sfn, unsigned slot, unsigned frame_slots)
{
	unsigned x = i * s->window_slots, period = s->message[i].period;
	unsigned at = sfn % period * frame_slots + slot, length = period * frame_slots;

	return (at + length - x % length) % length < s->window_slots;
}

uint16_t cell_si_sibs(const struct cell_si *s, unsigned sfn, unsigned slot, unsigned frame_slots)
{
	uint16_t sibs = 0;

	for (unsigned i = 0; i < s->n; i++)
		if (cell_si_in_window(s, i, sfn, slot, frame_slots))
			sibs |= s->message[i].sibs;
	return sibs;
}
