/*
 * Public warnings (38.331 5.2.2.3, 23.041): SIB6, SIB7 and SIB8 in SI messages of their own, scheduled in
 * SIB1 as long as there are any. UEs hear of them by short messages in each paging occasion of a cycle; a
 * warning is broadcast from its beginning to its end, all its segments in turn.
 */
#include <stdlib.h>

#include "gnb/du/parts.h"

enum {
	SI_RNTI = 0xffff,
	P_RNTI = 0xfffe,
	MCS_MAX = 9,      /* QPSK: 38.214 5.1.3.1 */
	SHORT_ONLY = 2,   /* 38.212 Table 7.3.1.2.1-1 */
	WARNING = 1 << 6, /* etwsAndCmasIndication: 38.331 6.5, bit 2 of 8 */
	FRAME_MS = 10,
	ONCE_CYCLES = 2, /* of paging, that a warning lasts which is broadcast once */
};

static uint64_t cycle_ns(const struct du *d)
{
	return d->cell.cell.pcch.cycle * (uint64_t)FRAME_MS * 1000000;
}

/* SIB1 says of all kinds that there are. False: it cannot. */
static bool inform(struct du *d)
{
	uint8_t sibs[PHY_SIB1_SI_MAX], n = 0;

	for (uint8_t sib = 6; sib <= 8; sib++)
		for (uint8_t i = 0; i < DU_WARNINGS_MAX; i++)
			if (d->warnings[i].octets && d->warnings[i].sib == sib) {
				sibs[n++] = sib;
				break;
			}
	return served_cell_inform(&d->cell, sibs, n);
}

static void end(struct du *d, struct du_warning_kept *w)
{
	free(w->octets);
	*w = (struct du_warning_kept){ .octets = NULL };
	may_fail(inform(d)); /* fewer fit where more have */
}

static struct du_warning_kept *find(struct du *d, uint8_t sib, uint16_t id, uint16_t serial)
{
	for (uint8_t i = 0; i < DU_WARNINGS_MAX; i++)
		if (d->warnings[i].octets && d->warnings[i].sib == sib && d->warnings[i].id == id &&
			d->warnings[i].serial == serial)
			return &d->warnings[i];
	return NULL;
}

static struct du_warning_kept *room(struct du *d)
{
	for (uint8_t i = 0; i < DU_WARNINGS_MAX; i++)
		if (!d->warnings[i].octets)
			return &d->warnings[i];
	return NULL;
}

static bool keep(struct du_warning_kept *w, const struct du_warning *in)
{
	size_t at = 0;

	for (size_t i = 0; i < in->n; i++)
		at += in->messages[i].len;
	w->octets = in->n > 0 && in->n <= DU_SEGMENTS_MAX ? malloc(at) : NULL;
	if (!w->octets)
		return false;
	w->n = (uint8_t)in->n;
	for (size_t i = 0; i < in->n; i++) {
		w->at[i + 1] = (uint16_t)(w->at[i] + in->messages[i].len);
		if (!bytes_copy(w->octets + w->at[i], in->messages[i].len, in->messages[i]))
			return false;
	}
	return true;
}

bool du_warn(struct du *d, const struct du_warning *in)
{
	struct du_warning_kept *w = find(d, in->sib, in->id, in->serial);

	if (w) /* what goes on is not begun again */
		return true;
	w = room(d);
	for (size_t i = 0; i < in->n; i++)
		if (in->messages[i].len > DU_SI_MAX)
			return false;
	if (!w || !keep(w, in))
		return false;
	w->sib = in->sib;
	w->id = in->id;
	w->serial = in->serial;
	w->begun_ns = d->now_ns;
	w->period_ns = in->period_s * UINT64_C(1000000000);
	w->times = in->times;
	if (!inform(d)) {
		end(d, w);
		return false;
	}
	return true;
}

static uint16_t broadcasts(const struct du *d, const struct du_warning_kept *w)
{
	uint64_t n = w->period_ns > 0 ? (d->now_ns - w->begun_ns) / w->period_ns + 1 : 1;

	return (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
}

bool du_warn_end(struct du *d, uint16_t id, uint16_t serial, uint16_t *sent)
{
	bool found = false;

	for (uint8_t i = 0; i < DU_WARNINGS_MAX; i++) {
		struct du_warning_kept *w = &d->warnings[i];

		if (!w->octets || w->id != id || w->serial != serial)
			continue;
		*sent = broadcasts(d, w);
		end(d, w);
		found = true;
	}
	return found;
}

void du_warn_end_all(struct du *d)
{
	for (uint8_t i = 0; i < DU_WARNINGS_MAX; i++)
		if (d->warnings[i].octets)
			end(d, &d->warnings[i]);
}

bool du_has_warnings(const struct du *d)
{
	return d->cell.si_n > 0;
}

/* It lasts as many periods as it is to be broadcast times, a single one as long as all need to hear of it. */
static void watch_ends(struct du *d)
{
	for (uint8_t i = 0; i < DU_WARNINGS_MAX; i++) {
		struct du_warning_kept *w = &d->warnings[i];
		uint64_t lasts_ns = w->times * w->period_ns;

		if (lasts_ns < ONCE_CYCLES * cycle_ns(d))
			lasts_ns = ONCE_CYCLES * cycle_ns(d);
		if (w->octets && (w->times > 0 || w->period_ns == 0) && d->now_ns - w->begun_ns >= lasts_ns)
			end(d, w);
	}
}

uint8_t du_short_message(const struct du *d)
{
	for (uint8_t i = 0; i < DU_WARNINGS_MAX; i++)
		if (d->warnings[i].octets && d->now_ns - d->warnings[i].begun_ns < cycle_ns(d))
			return WARNING;
	return 0;
}

/* To UEs of whatever index are paged in this slot. */
static void send_short_message(struct du *d)
{
	const struct cell *c = &d->cell.cell;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_P };
	unsigned index = d->now.sfn % c->pcch.frames;

	dci.field[PHY_DCI_SHORT_INDICATOR] = SHORT_ONLY;
	dci.field[PHY_DCI_SHORT_MESSAGES] = du_short_message(d);
	if (dci.field[PHY_DCI_SHORT_MESSAGES] != 0 && !d->short_message_sent &&
		cell_is_paging_slot(c, index, d->now.sfn, d->now.slot))
		may_fail(du_dci_put(d, &c->paging, P_RNTI, &dci) >= 0); /* others follow */
}

/* The next segment of those of one kind: all of one warning, then of the next. */
static struct bytes next_segment(struct du *d, uint8_t sib)
{
	for (uint8_t i = 0; i <= DU_WARNINGS_MAX; i++) {
		uint8_t *at = &d->warning_at[sib - 6];
		struct du_warning_kept *w = &d->warnings[*at];

		if (w->octets && w->sib == sib && w->next < w->n) {
			uint16_t first = w->at[w->next++];

			return bytes_of(w->octets + first, (size_t)(w->at[w->next] - first));
		}
		w->next = w->sib == sib ? 0 : w->next;
		*at = (uint8_t)((*at + 1) % DU_WARNINGS_MAX);
	}
	return BYTES_NONE;
}

/* As few blocks as it fits in, at the lowest rate that does. */
static bool allocate(const struct du *d, struct phy_dci *dci, size_t octets, size_t *block)
{
	const struct cell *c = &d->cell.cell;
	struct cell_pdsch_grant grant;

	for (unsigned mcs = 0; mcs <= MCS_MAX; mcs++)
		for (unsigned prbs = 1; prbs <= c->type0.table.n_rb; prbs++) {
			dci->field[PHY_DCI_MCS] = mcs;
			if (!phy_dci_riv(&dci->field[PHY_DCI_FREQUENCY], 0, prbs, c->type0.table.n_rb) ||
				cell_pdsch_grant(&grant, c, NULL, &c->information, SI_RNTI, dci) !=
					PHY_PDSCH_OK)
				return false;
			*block = cell_pdsch_octets(&grant.config);
			if (*block >= octets)
				return *block <= sizeof(d->information);
		}
	return false;
}

static bool send_message(struct du *d, struct bytes message)
{
	const struct cell *c = &d->cell.cell;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_SI };
	struct cell_pdsch_grant grant;
	size_t block = 0;
	int at;

	dci.field[PHY_DCI_SI] = 1;
	if (!allocate(d, &dci, message.len, &block))
		return false;
	at = du_dci_put(d, &c->information, SI_RNTI, &dci);
	if (at < 0 || du_pdsch_put(d, at, NULL, &c->information, SI_RNTI, &dci, &grant) == 0)
		return false;
	for (size_t i = 0; i < block; i++) /* RRC's padding, 38.331 8.5 */
		d->information[i] = i < message.len ? message.data[i] : 0;
	du_pdsch_fill(d, bytes_of(d->information, block));
	du_pdsch_is_common(d);
	return true;
}

/* One SI message in each of its windows, in the first slot that has room. */
static void send_windows(struct du *d)
{
	const struct cell *c = &d->cell.cell;
	unsigned frame_slots = cell_frame_slots(c);

	for (unsigned i = 0; i < d->cell.si_n && du_is_free_for_all(d); i++) {
		uint64_t window = (d->slots + SLOT_SFNS * frame_slots - i * c->si.window_slots) /
				  (c->si.message[i].period * frame_slots);
		struct bytes message;

		if (d->window_sent[i] == window + 1 ||
			!cell_si_in_window(&c->si, i, d->now.sfn, d->now.slot, frame_slots))
			continue;
		message = next_segment(d, d->cell.si_sib[i]);
		if (message.len > 0 && send_message(d, message))
			d->window_sent[i] = window + 1;
	}
}

void du_warnings_send(struct du *d)
{
	if (!du_has_warnings(d))
		return;
	watch_ends(d);
	send_short_message(d);
	send_windows(d);
}
