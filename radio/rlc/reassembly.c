#include "radio/rlc/reassembly.h"

static struct rlc_hole *hole_new(struct rlc_reception *r, uint32_t sn, uint32_t count)
{
	struct rlc_hole *h = r->holes < RLC_HOLES_MAX ? pool_alloc(&r->memory->holes) : NULL;

	if (h) {
		h->sn = sn;
		h->count = count;
		r->holes++;
	}
	return h;
}

static void hole_free(struct rlc_reception *r, struct rlc_hole *h)
{
	if (h->sdu)
		r->partial--;
	sdu_free(&r->memory->sdus, h->sdu);
	pool_free(&r->memory->holes, h);
	r->holes--;
}

static void hole_insert(struct rlc_reception *r, struct rlc_hole *after, struct rlc_hole *h)
{
	struct rlc_hole **at = after ? &after->next : &r->first;

	h->next = *at;
	*at = h;
	if (!h->next)
		r->last = h;
}

static void hole_remove(struct rlc_reception *r, struct rlc_hole *before, struct rlc_hole *h)
{
	*(before ? &before->next : &r->first) = h->next;
	if (!h->next)
		r->last = before;
	hole_free(r, h);
}

/* The hole that has sn, and the one before it; NULL: it has come, or is not below highest. */
static struct rlc_hole *hole_of(const struct rlc_reception *r, uint32_t sn, struct rlc_hole **before)
{
	struct rlc_hole *h = r->first;

	*before = NULL;
	while (h && !rlc_before(sn, h->sn + h->count)) {
		*before = h;
		h = h->next;
	}
	return h && !rlc_before(sn, h->sn) ? h : NULL;
}

/* Makes a hole of sn alone out of one with more. False: no memory. */
static bool hole_split(struct rlc_reception *r, struct rlc_hole **before, struct rlc_hole **hole, uint32_t sn)
{
	struct rlc_hole *h = *hole, *rest;

	if (h->sn != sn) {
		rest = hole_new(r, sn, h->count - (sn - h->sn));
		if (!rest)
			return false;
		h->count = sn - h->sn;
		hole_insert(r, h, rest);
		*before = h;
		*hole = h = rest;
	}
	if (h->count == 1)
		return true;
	rest = hole_new(r, sn + 1, h->count - 1);
	if (!rest)
		return false; /* two holes side by side say the same as one */
	h->count = 1;
	hole_insert(r, h, rest);
	return true;
}

/* Takes sn out of its hole. False: no memory for the second half. */
static bool hole_close(struct rlc_reception *r, struct rlc_hole *before, struct rlc_hole *h, uint32_t sn)
{
	if (h->count == 1) {
		hole_remove(r, before, h);
		return true;
	}
	if (sn == h->sn) {
		h->sn++;
		h->count--;
		return true;
	}
	if (sn == h->sn + h->count - 1) {
		h->count--;
		return true;
	}
	if (!hole_split(r, &before, &h, sn))
		return false;
	hole_remove(r, before, h);
	return true;
}

/* All below sn become known: what is between is missing. */
static bool extend(struct rlc_reception *r, uint32_t sn)
{
	struct rlc_hole *last = r->last, *h;
	uint32_t count = sn - r->highest;

	if (count == 0)
		return true;
	if (last && !last->sdu && last->sn + last->count == r->highest) {
		last->count += count;
	} else {
		h = hole_new(r, r->highest, count);
		if (!h)
			return false;
		hole_insert(r, last, h);
	}
	r->highest = sn;
	return true;
}

/* Copies octets [from, to) of the SDU, of which data has all from offset on, where they are not had yet. */
static void copy_new(struct rlc_hole *h, uint32_t from, uint32_t to, uint32_t offset, struct bytes data)
{
	uint32_t at = from;

	for (uint8_t i = 0; i <= h->piece_count && at < to; i++) {
		uint32_t stop = i < h->piece_count && h->pieces[i].from < to ? h->pieces[i].from : to;

		if (at < stop)
			may_fail(bytes_copy(h->sdu->data + at, stop - at,
				bytes_of(data.data + (at - offset), stop - at)));
		if (i < h->piece_count && h->pieces[i].to > at)
			at = h->pieces[i].to;
	}
}

/* The pieces with [from, to) among them. False: they would be too many. */
static bool pieces_add(struct rlc_hole *h, uint16_t from, uint16_t to)
{
	uint8_t first = 0, behind;

	while (first < h->piece_count && h->pieces[first].to < from)
		first++;
	for (behind = first; behind < h->piece_count && h->pieces[behind].from <= to; behind++) {
		from = h->pieces[behind].from < from ? h->pieces[behind].from : from;
		to = h->pieces[behind].to > to ? h->pieces[behind].to : to;
	}
	if (first == behind && h->piece_count == RLC_PIECES_MAX)
		return false;
	memmove(&h->pieces[first + 1], &h->pieces[behind], (h->piece_count - behind) * sizeof(h->pieces[0]));
	h->pieces[first] = (struct sdu_range){ from, to };
	h->piece_count = (uint8_t)(h->piece_count + 1 - (behind - first));
	return true;
}

static bool pieces_have(const struct rlc_hole *h, uint32_t from, uint32_t to)
{
	for (uint8_t i = 0; i < h->piece_count; i++)
		if (h->pieces[i].from <= from && to <= h->pieces[i].to)
			return true;
	return false;
}

/* A buffer that can hold the SDU up to `to`: where it outgrows the one it has, a larger. */
static bool make_room(struct rlc_reception *r, struct rlc_hole *h, uint32_t to)
{
	struct sdu *s;

	if (h->sdu && to <= sdu_room(h->sdu))
		return true;
	s = h->sdu || r->partial < RLC_PARTIAL_MAX ? sdu_new(&r->memory->sdus, to) : NULL;
	if (!s)
		return false;
	if (h->sdu)
		may_fail(bytes_copy(s->data, to, bytes_of(h->sdu->data, h->pieces[h->piece_count - 1].to)));
	else
		r->partial++;
	sdu_free(&r->memory->sdus, h->sdu);
	h->sdu = s;
	return true;
}

static bool contradicts(const struct rlc_hole *h, uint32_t to, bool last)
{
	uint32_t known = h->piece_count > 0 ? h->pieces[h->piece_count - 1].to : 0;

	return to > SDU_LEN_MAX || (h->end && to > h->end) ||
	       (last && (known > to || (h->end && h->end != to)));
}

/* A segment of the SDU of hole h. */
static enum rlc_placed place_segment(
	struct rlc_reception *r, struct rlc_hole *h, const struct rlc_header *header, struct bytes data)
{
	uint32_t from = header->so, to = from + (uint32_t)data.len;
	bool last = header->si == RLC_SI_LAST;

	if (contradicts(h, to, last))
		return RLC_CONTRADICTION;
	if (pieces_have(h, from, to) && (!last || h->end))
		return RLC_DUPLICATE;
	if (!make_room(r, h, to))
		return RLC_NO_ROOM;
	copy_new(h, from, to, from, data);
	if (!pieces_add(h, (uint16_t)from, (uint16_t)to))
		return RLC_NO_ROOM;
	if (last)
		h->end = to;
	return h->end && h->piece_count == 1 && h->pieces[0].from == 0 && h->pieces[0].to == h->end
		       ? RLC_COMPLETED
		       : RLC_PLACED;
}

static enum rlc_placed place_whole(struct rlc_reception *r, uint32_t sn, struct bytes data, struct sdu **sdu)
{
	struct rlc_hole *before, *h = hole_of(r, sn, &before);
	struct sdu *s;

	if (!h && rlc_before(sn, r->highest))
		return RLC_DUPLICATE;
	if (data.len > SDU_LEN_MAX)
		return RLC_CONTRADICTION;
	s = sdu_of(&r->memory->sdus, data);
	if (!s)
		return RLC_NO_ROOM;
	if (h ? !hole_close(r, before, h, sn) : !extend(r, sn)) {
		sdu_free(&r->memory->sdus, s);
		return RLC_NO_ROOM;
	}
	if (!h)
		r->highest = sn + 1;
	*sdu = s;
	return RLC_COMPLETED;
}

enum rlc_placed rlc_place(struct rlc_reception *r, uint32_t sn, const struct rlc_header *header,
	struct bytes data, struct sdu **sdu)
{
	struct rlc_hole *before, *h;
	enum rlc_placed placed;

	if (header->si == RLC_SI_COMPLETE)
		return place_whole(r, sn, data, sdu);
	h = hole_of(r, sn, &before);
	if (!h && rlc_before(sn, r->highest))
		return RLC_DUPLICATE;
	/* An SDU with a hole of its own; where nothing of it can be kept after all, it is missing, which is
	 * true. */
	if (h ? !hole_split(r, &before, &h, sn) : !extend(r, sn))
		return RLC_NO_ROOM;
	if (!h) {
		h = hole_new(r, sn, 1);
		if (!h)
			return RLC_NO_ROOM;
		before = r->last;
		hole_insert(r, before, h);
		r->highest = sn + 1;
	}
	placed = place_segment(r, h, header, data);
	if (placed == RLC_COMPLETED) {
		*sdu = h->sdu;
		(*sdu)->len = h->end;
		h->sdu = NULL;
		r->partial--;
		hole_remove(r, before, h);
	}
	return placed;
}

bool rlc_was_placed(struct rlc_stats *stats, enum rlc_placed placed)
{
	switch (placed) {
	case RLC_PLACED:
	case RLC_COMPLETED:
		return true;
	case RLC_DUPLICATE:
		stats->rx_duplicates++;
		return false;
	case RLC_NO_ROOM:
		stats->rx_refused++;
		return false;
	case RLC_CONTRADICTION:
		stats->rx_invalid++;
		return false;
	}
	return false;
}

uint32_t rlc_first_missing(const struct rlc_reception *r, uint32_t sn)
{
	for (const struct rlc_hole *h = r->first; h; h = h->next)
		if (rlc_before(sn, h->sn + h->count))
			return rlc_before(sn, h->sn) ? h->sn : sn;
	return r->highest;
}

bool rlc_has_gap(const struct rlc_reception *r, uint32_t sn)
{
	struct rlc_hole *before, *h = hole_of(r, sn, &before);

	return h && h->piece_count > 0 && (h->piece_count > 1 || h->pieces[0].from > 0);
}

uint32_t rlc_forget_below(struct rlc_reception *r, uint32_t sn)
{
	uint32_t forgotten = 0;

	for (struct rlc_hole *h = r->first; h && rlc_before(h->sn, sn); h = r->first) {
		uint32_t below = sn - h->sn;

		if (below < h->count) {
			h->sn += below;
			h->count -= below;
			return forgotten + below;
		}
		forgotten += h->count;
		hole_remove(r, NULL, h);
	}
	if (rlc_before(r->highest, sn))
		r->highest = sn;
	return forgotten;
}

void rlc_reception_clear(struct rlc_reception *r)
{
	while (r->first)
		hole_remove(r, NULL, r->first);
	r->highest = 0;
}
