#include "ue/mac/downlink.h"

#include "radio/mac/pdu.h"
#include "ue/mac/entity.h"

void ue_downlink_init(
	struct ue_downlink *d, const struct ue_downlink_upper *upper, uint8_t tag_id, uint32_t alignment_ms)
{
	*d = (struct ue_downlink){ .upper = *upper, .tag_id = tag_id, .alignment_ms = alignment_ms };
}

static void aligned(struct ue_downlink *d, uint64_t now_ns)
{
	d->aligned_until_ns = ue_mac_after(now_ns, d->alignment_ms);
	d->ended = false;
}

/* True: it was for this UE. */
static bool element(struct ue_downlink *d, const struct mac_subpdu *s, uint64_t now_ns)
{
	struct mac_timing_advance ta;
	struct mac_sp_csi sp;

	switch (s->lcid) {
	case MAC_DL_TIMING_ADVANCE:
		if (!mac_timing_advance_read(s->data, &ta) || ta.tag_id != d->tag_id ||
			d->aligned_until_ns == 0)
			return false; /* no N_TA is maintained */
		d->upper.timing_advance(d->upper.arg, ta.command);
		aligned(d, now_ns);
		return true;
	case MAC_DL_DRX_COMMAND:
	case MAC_DL_LONG_DRX_COMMAND:
		d->upper.drx_command(d->upper.arg, s->lcid == MAC_DL_LONG_DRX_COMMAND);
		return true;
	case MAC_DL_SP_CSI_ON_PUCCH:
		if (!mac_sp_csi_read(s->data, &sp) || sp.serving_cell != 0)
			return false;
		d->upper.sp_csi(d->upper.arg, &sp);
		return true;
	case MAC_DL_CONTENTION_RESOLUTION:
		return true;
	default:
		return false; /* of a size that is known, so the rest of the PDU is safe */
	}
}

static void sdu(struct ue_downlink *d, const struct mac_subpdu *s, uint64_t now_ns)
{
	if (s->lcid == MAC_CCCH)
		d->upper.ccch(d->upper.arg, s->data);
	else if (d->rlc[s->lcid])
		rlc_receive(d->rlc[s->lcid], s->data, now_ns);
	else
		d->stats.unconfigured++;
}

void ue_downlink_receive(
	struct ue_downlink *d, struct bytes pdu, bool only_identity, struct bytes *identity, uint64_t now_ns)
{
	struct cursor c = cursor_of(pdu);
	struct mac_subpdu s;
	enum mac_read read;

	*identity = BYTES_NONE;
	d->stats.pdus += !only_identity;
	while ((read = mac_read(&c, MAC_DL_SCH, &s)) == MAC_SUBPDU) {
		if (s.lcid == MAC_DL_CONTENTION_RESOLUTION)
			*identity = s.data;
		if (only_identity || s.lcid == MAC_PADDING)
			continue;
		if (mac_is_sdu(MAC_DL_SCH, s.lcid)) {
			d->stats.sdus++;
			sdu(d, &s, now_ns);
		} else {
			d->stats.elements++;
			d->stats.unconfigured += !element(d, &s, now_ns);
		}
	}
	d->stats.unknown += read != MAC_END && !only_identity;
}

void ue_downlink_alignment(struct ue_downlink *d, uint32_t alignment_ms)
{
	d->alignment_ms = alignment_ms;
}

bool ue_downlink_alignment_ended(struct ue_downlink *d, uint64_t now_ns)
{
	bool ends = d->aligned_until_ns != 0 && d->aligned_until_ns <= now_ns && !d->ended;

	d->ended = d->ended || ends;
	return ends;
}

void ue_downlink_reset(struct ue_downlink *d)
{
	d->aligned_until_ns = 0;
	d->aligned_by_contention = false;
}

bool ue_downlink_response(struct ue_downlink *d, bool contention_free, uint64_t now_ns)
{
	if (!contention_free && ue_downlink_is_aligned(d, now_ns))
		return false;
	d->aligned_by_contention = !contention_free;
	aligned(d, now_ns);
	return true;
}

void ue_downlink_contention(struct ue_downlink *d, bool won)
{
	if (!won && d->aligned_by_contention)
		d->aligned_until_ns = 0;
	d->aligned_by_contention = false;
}
