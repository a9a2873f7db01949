/* Buffering action rules, 29.244 7.5.2.6, 7.5.4.11 and 7.5.9.2. */
#include "core/upf/internal.h"

/* 8.2.29: five bits count units of so many seconds; the last unit is for ever. */
enum { DURATION_BITS = 5, DURATION_FOR_EVER = 7 };

struct upf_bar *upf_draft_bar(struct upf_draft *d, uint8_t id)
{
	for (uint8_t i = 0; i < d->bar_count; i++)
		if (d->bars[i].id == id)
			return &d->bars[i];
	return NULL;
}

bool upf_bar_create(struct upf_draft *d, const struct pfcp_create_bar *c)
{
	if (upf_draft_bar(d, c->bar_id))
		return upf_refuse_rule(d, PFCP_RULE_BAR, c->bar_id);
	if (d->bar_count == UPF_BARS_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	d->bars[d->bar_count++] = (struct upf_bar){ .id = c->bar_id,
		.delay = c->has_downlink_data_notification_delay ? c->downlink_data_notification_delay : 0,
		.has_count = c->has_suggested_buffering_packets_count,
		.count = c->suggested_buffering_packets_count };
	return true;
}

/* Seconds, from now on; 0: it ends. */
static uint32_t duration_s(uint8_t octet)
{
	static const uint32_t unit_s[] = { 2, 60, 600, 3600, 36000, 60, 60 }; /* others: 1 minute */
	uint8_t unit = octet >> DURATION_BITS, value = octet & ((1u << DURATION_BITS) - 1);

	return unit == DURATION_FOR_EVER ? UINT32_MAX : unit_s[unit] * value;
}

static void extend(struct upf_draft *d, struct upf_bar *b, const struct pfcp_update_bar *u)
{
	uint32_t now_s = (uint32_t)(env_now_ns(d->upf->env) / NS_PER_S) + 1,
		 more_s = duration_s(u->dl_buffering_duration);
	struct bytes count = u->dl_buffering_suggested_packet_count;

	b->until_s = more_s > UINT32_MAX - now_s ? UINT32_MAX : more_s ? now_s + more_s : 0;
	b->extended_count = 0;
	for (size_t i = 0; u->has_dl_buffering_suggested_packet_count && i < count.len && i < 2; i++)
		b->extended_count = (uint16_t)(b->extended_count << 8 | count.data[i]);
}

bool upf_bar_update(struct upf_draft *d, const struct pfcp_update_bar *u)
{
	struct upf_bar *b = upf_draft_bar(d, u->bar_id);

	if (!b)
		return upf_refuse_rule(d, PFCP_RULE_BAR, u->bar_id);
	if (u->has_downlink_data_notification_delay)
		b->delay = u->downlink_data_notification_delay;
	if (u->has_suggested_buffering_packets_count) {
		b->has_count = true;
		b->count = u->suggested_buffering_packets_count;
	}
	if (u->has_dl_buffering_duration)
		extend(d, b, u);
	return true;
}

/* What was buffered by it is by no BAR from then on. */
bool upf_bar_remove(struct upf_draft *d, uint8_t id)
{
	struct upf_bar *b = upf_draft_bar(d, id);

	if (!b)
		return upf_refuse_rule(d, PFCP_RULE_BAR, id);
	*b = d->bars[--d->bar_count];
	for (uint8_t i = 0; i < d->far_count; i++)
		d->fars[i].has_bar = d->fars[i].has_bar && d->fars[i].bar != id;
	return true;
}
