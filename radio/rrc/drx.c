#include "radio/rrc/drx.h"

#include "wire/rrc/number.h"

#define NUMBER(path, v, ok) rrc_number_at(&rrc_drx_config_type, path, v, ok)
#define VALUE(path, n, ok)  rrc_value_at(&rrc_drx_config_type, path, n, ok)

enum { STEPS_MS = 32 /* of drx-SlotOffset and subMilliSeconds in a millisecond */ };

/* The alternatives of drx-LongCycleStartOffset, in their order: the offset is the value, an octet up to 256.
 */
static const uint16_t cycles_ms[] = { 10, 20, 32, 40, 60, 64, 70, 80, 128, 160, 256, 320, 512, 640, 1024,
	1280, 2048, 2560, 5120, 10240 };
enum { OCTET_MAX_MS = 256 };

static void read_short(struct mac_drx_config *out, const struct rrc_drx_config_short_drx *s, bool *ok)
{
	if (!s)
		return;
	out->short_ms = NUMBER("shortDRX/drx-ShortCycle", s->drx_short_cycle, ok);
	out->short_cycles = s->drx_short_cycle_timer;
}

bool rrc_drx_read(struct mac_drx_config *out, const struct rrc_drx_config *in)
{
	const struct rrc_drx_config_drx_on_duration_timer *on = &in->drx_on_duration_timer;
	const struct rrc_drx_config_drx_long_cycle_start_offset *at = &in->drx_long_cycle_start_offset;
	unsigned row = (unsigned)at->tag - RRC_DRX_CONFIG_DRX_LONG_CYCLE_START_OFFSET_TAG_MS10;
	bool ok = row < ARRAY_LEN(cycles_ms);

	*out = (struct mac_drx_config){ .there = true,
		.slot_offset_us = in->drx_slot_offset * 1000u / STEPS_MS,
		.rtt_dl_symbols = in->drx_harq_rtt_timer_dl,
		.rtt_ul_symbols = in->drx_harq_rtt_timer_ul };
	if (!ok)
		return false;
	out->cycle_ms = cycles_ms[row];
	out->offset_ms = out->cycle_ms <= OCTET_MAX_MS ? at->u.ms256 : at->u.ms320;
	out->on_us = on->tag == RRC_DRX_CONFIG_DRX_ON_DURATION_TIMER_TAG_SUB_MILLI_SECONDS
			     ? on->u.sub_milli_seconds * 1000u / STEPS_MS
			     : 1000 * NUMBER("drx-onDurationTimer/milliSeconds", on->u.milli_seconds, &ok);
	out->inactivity_ms = NUMBER("drx-InactivityTimer", in->drx_inactivity_timer, &ok);
	out->again_dl_slots =
		(uint16_t)NUMBER("drx-RetransmissionTimerDL", in->drx_retransmission_timer_dl, &ok);
	out->again_ul_slots =
		(uint16_t)NUMBER("drx-RetransmissionTimerUL", in->drx_retransmission_timer_ul, &ok);
	read_short(out, in->short_drx, &ok);
	return ok && out->offset_ms < out->cycle_ms;
}

bool rrc_drx_make(const struct mac_drx_config *in, struct rrc_drx_config *out,
	struct rrc_drx_config_short_drx *short_drx)
{
	unsigned row = 0;
	bool ok = true;

	while (row + 1 < ARRAY_LEN(cycles_ms) && cycles_ms[row] != in->cycle_ms)
		row++;
	*out = (struct rrc_drx_config){ .drx_slot_offset = (uint8_t)(in->slot_offset_us * STEPS_MS / 1000),
		.drx_harq_rtt_timer_dl = in->rtt_dl_symbols,
		.drx_harq_rtt_timer_ul = in->rtt_ul_symbols,
		.drx_on_duration_timer.tag = RRC_DRX_CONFIG_DRX_ON_DURATION_TIMER_TAG_MILLI_SECONDS,
		.drx_long_cycle_start_offset.tag = (enum rrc_drx_config_drx_long_cycle_start_offset_tag)(
			RRC_DRX_CONFIG_DRX_LONG_CYCLE_START_OFFSET_TAG_MS10 + row) };
	out->drx_on_duration_timer.u.milli_seconds =
		VALUE("drx-onDurationTimer/milliSeconds", in->on_us / 1000, &ok);
	out->drx_inactivity_timer = VALUE("drx-InactivityTimer", in->inactivity_ms, &ok);
	out->drx_retransmission_timer_dl = VALUE("drx-RetransmissionTimerDL", in->again_dl_slots, &ok);
	out->drx_retransmission_timer_ul = VALUE("drx-RetransmissionTimerUL", in->again_ul_slots, &ok);
	if (in->cycle_ms <= OCTET_MAX_MS)
		out->drx_long_cycle_start_offset.u.ms256 = (uint8_t)in->offset_ms;
	else
		out->drx_long_cycle_start_offset.u.ms320 = (uint16_t)in->offset_ms;
	if (in->short_ms > 0) {
		*short_drx = (struct rrc_drx_config_short_drx){
			(enum rrc_drx_config_short_drx_drx_short_cycle)VALUE(
				"shortDRX/drx-ShortCycle", in->short_ms, &ok),
			in->short_cycles
		};
		out->short_drx = short_drx;
	}
	return ok && cycles_ms[row] == in->cycle_ms && in->offset_ms < in->cycle_ms;
}
