#include "ue/phy/harq_ack.h"

bool ue_acks_add(struct ue_acks *a, unsigned dai, bool ack)
{
	unsigned missed = (dai + UE_DAIS - 1 - a->n % UE_DAIS) % UE_DAIS;

	if (a->n + missed >= UE_ACKS_MAX)
		return false;
	while (missed-- > 0)
		a->bits[a->n++] = 0;
	a->bits[a->n++] = ack;
	return true;
}

bool ue_acks_fill(struct ue_acks *a, unsigned dai)
{
	unsigned missed = (dai + UE_DAIS - a->n % UE_DAIS) % UE_DAIS;

	if (a->n + missed > UE_ACKS_MAX)
		return false;
	while (missed-- > 0)
		a->bits[a->n++] = 0;
	return true;
}

bool ue_acks_of_two(struct ue_acks *a)
{
	struct ue_acks two = { .n = (uint8_t)(2 * a->n) };

	if (two.n > UE_ACKS_MAX)
		return false;
	for (unsigned i = 0; i < UE_ACKS_MAX / 2; i++)
		two.bits[2 * i] = a->bits[i];
	*a = two;
	return true;
}
