/* QoS flow descriptions, session AMBR and bit rates (TS 24.501 clauses 9.11.4.12, 9.11.4.14). */
#include "wire/nas/ie.h"

enum { FLOW_E_BIT = 0x40, FLOW_PARAMETERS = 0x3f, UNIT_MAX = 25 };

/* Parameter identifiers (table 9.11.4.12.1). */
enum {
	FLOW_5QI = 1,
	FLOW_GFBR_UPLINK = 2,
	FLOW_GFBR_DOWNLINK = 3,
	FLOW_MFBR_UPLINK = 4,
	FLOW_MFBR_DOWNLINK = 5,
	FLOW_AVERAGING_WINDOW = 6,
	FLOW_EPS_BEARER = 7,
};

static struct nas_bit_rate bit_rate_read(struct cursor *c)
{
	struct nas_bit_rate rate = { .unit = cursor_u8(c) };

	rate.value = cursor_u16(c);
	return rate;
}

static void bit_rate_write(struct writer *w, struct nas_bit_rate rate)
{
	writer_u8(w, rate.unit);
	writer_u16(w, rate.value);
}

/* Unknown parameters are skipped. */
static void parameter_read(uint8_t id, struct cursor *c, struct nas_qos_flow *f)
{
	switch (id) {
	case FLOW_5QI:
		f->has_five_qi = true;
		f->five_qi = cursor_u8(c);
		break;
	case FLOW_GFBR_UPLINK:
		f->has_gfbr_uplink = true;
		f->gfbr_uplink = bit_rate_read(c);
		break;
	case FLOW_GFBR_DOWNLINK:
		f->has_gfbr_downlink = true;
		f->gfbr_downlink = bit_rate_read(c);
		break;
	case FLOW_MFBR_UPLINK:
		f->has_mfbr_uplink = true;
		f->mfbr_uplink = bit_rate_read(c);
		break;
	case FLOW_MFBR_DOWNLINK:
		f->has_mfbr_downlink = true;
		f->mfbr_downlink = bit_rate_read(c);
		break;
	case FLOW_AVERAGING_WINDOW:
		f->has_averaging_window = true;
		f->averaging_window_ms = cursor_u16(c);
		break;
	case FLOW_EPS_BEARER:
		f->has_eps_bearer = true;
		f->eps_bearer = cursor_u8(c) >> 4;
		break;
	default:
		break;
	}
}

static enum tlv_fault_kind flow_read(struct cursor *c, struct nas_qos_flow *f)
{
	uint8_t n;

	f->qfi = cursor_u8(c) & 63;
	f->operation = cursor_u8(c) >> 5;
	n = cursor_u8(c);
	f->replaces = n & FLOW_E_BIT;
	if (!c->failed && (f->operation < NAS_QOS_FLOW_CREATE || f->operation > NAS_QOS_FLOW_MODIFY))
		return TLV_BAD_MANDATORY;
	for (n &= FLOW_PARAMETERS; n > 0 && !c->failed; n--) {
		uint8_t id = cursor_u8(c);
		struct cursor in = cursor_sub(c, cursor_u8(c));

		parameter_read(id, &in, f);
		c->failed = c->failed || in.failed;
	}
	return TLV_OK;
}

static size_t flows_count(struct cursor c)
{
	size_t n = 0;

	for (; !c.failed && cursor_left(&c) > 0; n++) {
		cursor_skip(&c, 2);
		for (uint8_t k = cursor_u8(&c) & FLOW_PARAMETERS; k > 0 && !c.failed; k--) {
			cursor_skip(&c, 1);
			cursor_skip(&c, cursor_u8(&c));
		}
	}
	return n;
}

static enum tlv_fault_kind nas_qos_flows_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_qos_flows *flows = value;
	enum tlv_fault_kind kind = TLV_OK;

	flows->count = flows_count(*c);
	flows->items = tlv_array(arena, flows->count, sizeof(*flows->items));
	if (!flows->items)
		return flows->count ? TLV_NO_MEMORY : TLV_BAD_LENGTH;
	for (size_t i = 0; i < flows->count && kind == TLV_OK; i++)
		kind = flow_read(c, &flows->items[i]);
	return kind;
}

static void rate_parameter(struct writer *w, uint8_t id, bool has, struct nas_bit_rate rate)
{
	if (!has)
		return;
	writer_u8(w, id);
	writer_u8(w, 3);
	bit_rate_write(w, rate);
}

/* The parameters a flow has, in the order of their identifiers. */
static void parameters_write(struct writer *w, const struct nas_qos_flow *f)
{
	if (f->has_five_qi) {
		writer_u8(w, FLOW_5QI);
		writer_u8(w, 1);
		writer_u8(w, f->five_qi);
	}
	rate_parameter(w, FLOW_GFBR_UPLINK, f->has_gfbr_uplink, f->gfbr_uplink);
	rate_parameter(w, FLOW_GFBR_DOWNLINK, f->has_gfbr_downlink, f->gfbr_downlink);
	rate_parameter(w, FLOW_MFBR_UPLINK, f->has_mfbr_uplink, f->mfbr_uplink);
	rate_parameter(w, FLOW_MFBR_DOWNLINK, f->has_mfbr_downlink, f->mfbr_downlink);
	if (f->has_averaging_window) {
		writer_u8(w, FLOW_AVERAGING_WINDOW);
		writer_u8(w, 2);
		writer_u16(w, f->averaging_window_ms);
	}
	if (f->has_eps_bearer) {
		writer_u8(w, FLOW_EPS_BEARER);
		writer_u8(w, 1);
		writer_u8(w, (uint8_t)(f->eps_bearer << 4));
	}
}

static void nas_qos_flows_encode(struct writer *w, const void *value)
{
	const struct nas_qos_flows *flows = value;

	for (size_t i = 0; i < flows->count; i++) {
		const struct nas_qos_flow *f = &flows->items[i];
		unsigned n = f->has_five_qi + f->has_gfbr_uplink + f->has_gfbr_downlink + f->has_mfbr_uplink +
			     f->has_mfbr_downlink + f->has_averaging_window + f->has_eps_bearer;

		writer_u8(w, f->qfi & 63);
		writer_u8(w, (uint8_t)(f->operation << 5));
		writer_u8(w, (uint8_t)((f->replaces ? FLOW_E_BIT : 0) | n));
		parameters_write(w, f);
	}
}

#define VAL struct nas_bit_rate
static const struct tlv_field bit_rate_fields[] = { TLV_SHOW(unit, tlv_u8), TLV_SHOW(value, tlv_u16) };
#undef VAL
const struct tlv_codec nas_bit_rate_shown = NAS_SHOWN_ITEMS(struct nas_bit_rate, bit_rate);
#define VAL struct nas_qos_flow
static const struct tlv_field flow_fields[] = {
	TLV_SHOW(qfi, tlv_u8),
	TLV_SHOW(operation, tlv_u8),
	TLV_SHOW(replaces, tlv_bool),
	TLV_SHOW_IF(five_qi, has_five_qi, tlv_u8),
	TLV_SHOW_IF(gfbr_uplink, has_gfbr_uplink, nas_bit_rate_shown),
	TLV_SHOW_IF(gfbr_downlink, has_gfbr_downlink, nas_bit_rate_shown),
	TLV_SHOW_IF(mfbr_uplink, has_mfbr_uplink, nas_bit_rate_shown),
	TLV_SHOW_IF(mfbr_downlink, has_mfbr_downlink, nas_bit_rate_shown),
	TLV_SHOW_IF(averaging_window_ms, has_averaging_window, tlv_u16),
	TLV_SHOW_IF(eps_bearer, has_eps_bearer, tlv_u8),
};
#undef VAL
static const struct tlv_codec flow_shown = NAS_SHOWN_ITEMS(struct nas_qos_flow, flow);
#define VAL struct nas_qos_flows
static const struct tlv_field nas_qos_flows_fields[] = { TLV_SHOW_LIST(items, count, flow_shown) };
#undef VAL
const struct tlv_codec nas_qos_flows = TLV_VALUE_CODEC(struct nas_qos_flows, nas_qos_flows);

static enum tlv_fault_kind nas_session_ambr_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_session_ambr *ambr = value;

	ambr->downlink = bit_rate_read(c);
	ambr->uplink = bit_rate_read(c);
	return TLV_OK;
}

static void nas_session_ambr_encode(struct writer *w, const void *value)
{
	const struct nas_session_ambr *ambr = value;

	bit_rate_write(w, ambr->downlink);
	bit_rate_write(w, ambr->uplink);
}

#define VAL struct nas_session_ambr
static const struct tlv_field nas_session_ambr_fields[] = {
	TLV_SHOW(downlink, nas_bit_rate_shown),
	TLV_SHOW(uplink, nas_bit_rate_shown),
};
#undef VAL
const struct tlv_codec nas_session_ambr = TLV_VALUE_CODEC(struct nas_session_ambr, nas_session_ambr);

/* kbit/s of unit 1 to 25: 1, 4, 16, 64 and 256 of kbit/s, Mbit/s, Gbit/s, Tbit/s and Pbit/s. */
static uint64_t unit_kbps(unsigned unit)
{
	uint64_t kbps = (uint64_t)1 << (2 * ((unit - 1) % 5));

	for (unsigned i = (unit - 1) / 5; i > 0; i--)
		kbps *= 1000;
	return kbps;
}

uint64_t nas_bit_rate_kbps(struct nas_bit_rate rate)
{
	if (rate.unit == 0)
		return 0;
	return rate.value * unit_kbps(rate.unit < UNIT_MAX ? rate.unit : UNIT_MAX);
}

struct nas_bit_rate nas_bit_rate_of(uint64_t kbps)
{
	unsigned unit;

	for (unit = UNIT_MAX; unit > 1; unit--)
		if (kbps >= unit_kbps(unit) && kbps % unit_kbps(unit) == 0 &&
			kbps / unit_kbps(unit) <= UINT16_MAX)
			return (struct nas_bit_rate){ (uint8_t)unit, (uint16_t)(kbps / unit_kbps(unit)) };
	while (unit < UNIT_MAX && (kbps - 1) / unit_kbps(unit) >= UINT16_MAX && kbps > 0)
		unit++;
	return (struct nas_bit_rate){ (uint8_t)unit,
		(uint16_t)(kbps / unit_kbps(unit) + (kbps % unit_kbps(unit) != 0)) };
}
