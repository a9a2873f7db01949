/* MAC PDUs for a UE: control elements first (38.321 6.1.2), then SDUs in the order of priority. */
#include "gnb/du/mac/mac.h"
#include "radio/mac/pdu.h"

enum { PRIORITY_MAX = 16, LONG_SDU = 256 };

void du_contention_resolved(struct du_ue *u, const uint8_t identity[MAC_CONTENTION_RESOLUTION_LEN])
{
	u->has_identity =
		bytes_copy(u->identity, sizeof(u->identity), bytes_of(identity, sizeof(u->identity)));
}

void du_timing_advance(struct du_ue *u, struct mac_timing_advance ta)
{
	u->has_timing_advance = true;
	u->timing_advance = ta;
}

static size_t elements_size(const struct du_ue *u)
{
	return (u->has_identity ? mac_subpdu_size(MAC_DL_SCH, MAC_DL_CONTENTION_RESOLUTION,
					  MAC_CONTENTION_RESOLUTION_LEN)
				: 0) +
	       (u->has_timing_advance ? mac_subpdu_size(MAC_DL_SCH, MAC_DL_TIMING_ADVANCE, 1) : 0);
}

size_t du_downlink_wanted(const struct du_ue *u, uint64_t now_ns)
{
	size_t wanted = elements_size(u);

	for (uint8_t lcid = 1; lcid < DU_LCIDS; lcid++) {
		size_t data = u->channels[lcid].rlc ? rlc_data_volume(u->channels[lcid].rlc, now_ns) : 0;

		/* A subheader for each PDU of a usual size. */
		wanted += data ? data + 3 * (1 + data / 1400) : 0;
	}
	return wanted;
}

static void put_elements(struct du_ue *u, struct writer *w)
{
	uint8_t octet;
	struct writer ce = writer_of(&octet, 1);
	size_t left = w->cap - w->len;

	if (u->has_identity &&
		left >= mac_subpdu_size(MAC_DL_SCH, MAC_DL_CONTENTION_RESOLUTION, sizeof(u->identity))) {
		mac_write(w, MAC_DL_SCH, MAC_DL_CONTENTION_RESOLUTION, BYTES(u->identity));
		u->has_identity = false;
	}
	if (!u->has_timing_advance || w->cap - w->len < mac_subpdu_size(MAC_DL_SCH, MAC_DL_TIMING_ADVANCE, 1))
		return;
	mac_timing_advance_write(&ce, &u->timing_advance);
	mac_write(w, MAC_DL_SCH, MAC_DL_TIMING_ADVANCE, bytes_of(&octet, 1));
	u->has_timing_advance = false;
}

/* All that a channel has and that fits. */
static void put_channel(const struct du_channel *c, uint8_t lcid, struct writer *w, uint64_t now_ns)
{
	for (;;) {
		size_t left = w->cap - w->len, header = left < LONG_SDU + 2 ? 2 : 3, n;
		uint8_t *at = left > header ? mac_sdu_begin(w, lcid, left - header) : NULL;

		if (!at)
			return;
		n = rlc_pull(c->rlc, at, left - header, now_ns);
		if (n == 0)
			return;
		mac_sdu_end(w, lcid, at, n);
	}
}

bool du_downlink_build(struct du_ue *u, struct bytes ccch, uint8_t *out, size_t octets, uint64_t now_ns)
{
	struct writer w = writer_of(out, octets);

	if (ccch.len > 0 && elements_size(u) + mac_subpdu_size(MAC_DL_SCH, MAC_CCCH, ccch.len) > octets)
		return false;
	put_elements(u, &w);
	if (ccch.len > 0)
		mac_write(&w, MAC_DL_SCH, MAC_CCCH, ccch);
	for (uint8_t priority = 1; priority <= PRIORITY_MAX; priority++)
		for (uint8_t lcid = 1; lcid < DU_LCIDS; lcid++)
			if (u->channels[lcid].rlc && u->channels[lcid].priority == priority)
				put_channel(&u->channels[lcid], lcid, &w, now_ns);
	if (w.len == 0)
		return false;
	u->stats.dl_pdus++;
	u->stats.dl_octets += octets;
	u->stats.dl_padding += w.cap - w.len;
	mac_pad(&w);
	return !w.failed;
}
