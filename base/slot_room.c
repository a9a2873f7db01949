#include "base/slot_room.h"

struct slot_time slot_time_of(uint8_t numerology, uint64_t slots)
{
	uint64_t per_frame = (uint64_t)SLOT_FRAME_SLOTS << numerology;

	return (struct slot_time){ numerology, (uint16_t)(slots / per_frame % SLOT_SFNS),
		(uint16_t)(slots % per_frame) };
}

void slot_box_init(
	struct slot_box *b, struct slot_unit *units, size_t units_max, uint8_t *octets, size_t octets_max)
{
	*b = (struct slot_box){
		.units = units, .units_max = units_max, .octets = octets, .octets_max = octets_max
	};
}

void slot_box_reset(struct slot_box *b)
{
	b->count = b->used = 0;
}

bool slot_box_put(struct slot_box *b, const struct slot_unit *u)
{
	struct slot_unit *to = &b->units[b->count];

	if (b->count == b->units_max || !bytes_copy(b->octets + b->used, b->octets_max - b->used, u->data)) {
		b->refused++;
		return false;
	}
	*to = *u;
	to->data = bytes_of(b->octets + b->used, u->data.len);
	b->used += u->data.len;
	b->count++;
	return true;
}
