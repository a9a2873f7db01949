#include "wire/gtpu/nr_up.h"

/* Bits of the first octet below the type, and of the second. */
enum { DISCARD_BLOCKS = 4, FLUSH = 2, POLL = 1 };
enum { OUT_OF_SEQUENCE = 16, REPORT_DELIVERED = 8, USER_DATA = 4, ASSISTANCE_POLL = 2, RETRANSMISSION = 1 };
enum { TRANSMITTED = 8, DELIVERED = 4, FINAL_FRAME = 2, LOST = 1 };
enum { RANGES = 16, DATA_RATE = 8, RETRANSMITTED = 4, DELIVERED_RETRANSMITTED = 2, CAUSE = 1 };
enum { DUPLICATION = 8, INFORMATION = 4, UL_DELAY = 2, DL_DELAY = 1 };

static struct nr_up_sn sn_read(struct cursor *c, bool there)
{
	return (struct nr_up_sn){ there, there ? cursor_u24(c) : 0 };
}

static void sn_write(struct writer *w, const struct nr_up_sn *s)
{
	if (s->there)
		writer_u24(w, s->sn);
}

static void list_read(struct cursor *c, bool there, struct nr_up_list *out)
{
	uint8_t count = there ? cursor_u8(c) : 0;

	for (uint8_t i = 0; i < count && !c->failed; i++) {
		struct nr_up_range r = { cursor_u24(c), 0 };

		r.end = cursor_u24(c);
		if (out->count < NR_UP_LIST_MAX)
			out->ranges[out->count++] = r;
	}
}

static void list_write(struct writer *w, bool there, const struct nr_up_list *l)
{
	if (!there)
		return;
	writer_u8(w, l->count);
	for (uint8_t i = 0; i < l->count; i++) {
		writer_u24(w, l->ranges[i].start);
		writer_u24(w, l->ranges[i].end);
	}
}

static void user_data_read(struct cursor *c, uint8_t first, struct nr_up_dl_user_data *d)
{
	uint8_t flags = cursor_u8(c), count;

	d->report_polling = first & POLL;
	d->request_out_of_sequence = flags & OUT_OF_SEQUENCE;
	d->user_data_existence = flags & USER_DATA;
	d->assistance_polling = flags & ASSISTANCE_POLL;
	d->retransmission = flags & RETRANSMISSION;
	d->sn = cursor_u24(c);
	d->flush = sn_read(c, first & FLUSH);
	count = first & DISCARD_BLOCKS ? cursor_u8(c) : 0;
	for (uint8_t i = 0; i < count && !c->failed; i++) {
		struct nr_up_block b = { cursor_u24(c), 0 };

		b.size = cursor_u8(c);
		if (d->discard_count < NR_UP_LIST_MAX)
			d->discard[d->discard_count++] = b;
	}
	d->delivered = sn_read(c, flags & REPORT_DELIVERED);
}

static void user_data_write(struct writer *w, const struct nr_up_dl_user_data *d)
{
	writer_u8(w, (uint8_t)((d->discard_count ? DISCARD_BLOCKS : 0) | (d->flush.there ? FLUSH : 0) |
			       (d->report_polling ? POLL : 0)));
	writer_u8(w, (uint8_t)((d->request_out_of_sequence ? OUT_OF_SEQUENCE : 0) |
			       (d->delivered.there ? REPORT_DELIVERED : 0) |
			       (d->user_data_existence ? USER_DATA : 0) |
			       (d->assistance_polling ? ASSISTANCE_POLL : 0) |
			       (d->retransmission ? RETRANSMISSION : 0)));
	writer_u24(w, d->sn);
	sn_write(w, &d->flush);
	if (d->discard_count)
		writer_u8(w, d->discard_count);
	for (uint8_t i = 0; i < d->discard_count; i++) {
		writer_u24(w, d->discard[i].start);
		writer_u8(w, d->discard[i].size);
	}
	sn_write(w, &d->delivered);
}

static void status_read(struct cursor *c, uint8_t first, struct nr_up_delivery_status *s)
{
	uint8_t flags = cursor_u8(c);

	s->final_frame = first & FINAL_FRAME;
	s->desired_buffer_octets = cursor_u32(c);
	s->has_desired_rate = flags & DATA_RATE;
	s->desired_rate = s->has_desired_rate ? cursor_u32(c) : 0;
	list_read(c, first & LOST, &s->lost);
	s->delivered = sn_read(c, first & DELIVERED);
	s->transmitted = sn_read(c, first & TRANSMITTED);
	s->has_cause = flags & CAUSE;
	s->cause = s->has_cause ? cursor_u8(c) : 0;
	s->delivered_retransmitted = sn_read(c, flags & DELIVERED_RETRANSMITTED);
	s->retransmitted = sn_read(c, flags & RETRANSMITTED);
	s->has_out_of_sequence = flags & RANGES;
	list_read(c, s->has_out_of_sequence, &s->out_of_sequence);
}

static void status_write(struct writer *w, const struct nr_up_delivery_status *s)
{
	writer_u8(w, (uint8_t)(NR_UP_DL_DATA_DELIVERY_STATUS << 4 | (s->transmitted.there ? TRANSMITTED : 0) |
			       (s->delivered.there ? DELIVERED : 0) | (s->final_frame ? FINAL_FRAME : 0) |
			       (s->lost.count ? LOST : 0)));
	writer_u8(w, (uint8_t)((s->has_out_of_sequence ? RANGES : 0) | (s->has_desired_rate ? DATA_RATE : 0) |
			       (s->retransmitted.there ? RETRANSMITTED : 0) |
			       (s->delivered_retransmitted.there ? DELIVERED_RETRANSMITTED : 0) |
			       (s->has_cause ? CAUSE : 0)));
	writer_u32(w, s->desired_buffer_octets);
	if (s->has_desired_rate)
		writer_u32(w, s->desired_rate);
	list_write(w, s->lost.count > 0, &s->lost);
	sn_write(w, &s->delivered);
	sn_write(w, &s->transmitted);
	if (s->has_cause)
		writer_u8(w, s->cause);
	sn_write(w, &s->delivered_retransmitted);
	sn_write(w, &s->retransmitted);
	list_write(w, s->has_out_of_sequence, &s->out_of_sequence);
}

static void assistance_read(struct cursor *c, uint8_t first, struct nr_up_assistance *a)
{
	const uint8_t *from;

	a->has_duplication = first & DUPLICATION;
	a->duplicate = cursor_u8(c) & 1;
	a->information_count = first & INFORMATION ? cursor_u8(c) : 0;
	from = c->at;
	for (uint8_t i = 0; i < a->information_count; i++) {
		(void)cursor_u8(c);
		cursor_skip(c, cursor_u8(c));
	}
	a->information = bytes_of(from, (size_t)(c->at - from));
	a->has_ul_delay = first & UL_DELAY;
	a->has_dl_delay = first & DL_DELAY;
	a->ul_delay = a->has_ul_delay ? cursor_u32(c) : 0;
	a->dl_delay = a->has_dl_delay ? cursor_u32(c) : 0;
}

static void assistance_write(struct writer *w, const struct nr_up_assistance *a)
{
	writer_u8(
		w, (uint8_t)(NR_UP_ASSISTANCE_INFORMATION_DATA << 4 | (a->has_duplication ? DUPLICATION : 0) |
			     (a->information_count ? INFORMATION : 0) | (a->has_ul_delay ? UL_DELAY : 0) |
			     (a->has_dl_delay ? DL_DELAY : 0)));
	writer_u8(w, a->has_duplication && a->duplicate);
	if (a->information_count) {
		writer_u8(w, a->information_count);
		writer_put(w, a->information);
	}
	if (a->has_ul_delay)
		writer_u32(w, a->ul_delay);
	if (a->has_dl_delay)
		writer_u32(w, a->dl_delay);
}

bool nr_up_decode(struct bytes container, struct nr_up_pdu *out)
{
	struct cursor c = cursor_of(container);
	uint8_t first = cursor_u8(&c);

	*out = (struct nr_up_pdu){ .type = (enum nr_up_type)(first >> 4) };
	switch (first >> 4) {
	case NR_UP_DL_USER_DATA:
		user_data_read(&c, first, &out->dl_user_data);
		break;
	case NR_UP_DL_DATA_DELIVERY_STATUS:
		status_read(&c, first, &out->status);
		break;
	case NR_UP_ASSISTANCE_INFORMATION_DATA:
		assistance_read(&c, first, &out->assistance);
		break;
	default:
		return false;
	}
	return !c.failed;
}

bool nr_up_encode(const struct nr_up_pdu *pdu, struct writer *w)
{
	size_t from = w->len;

	if (pdu->type == NR_UP_DL_USER_DATA)
		user_data_write(w, &pdu->dl_user_data);
	else if (pdu->type == NR_UP_DL_DATA_DELIVERY_STATUS)
		status_write(w, &pdu->status);
	else
		assistance_write(w, &pdu->assistance);
	while (!w->failed && (w->len - from + 2) % 4 != 0)
		writer_u8(w, 0);
	return !w->failed;
}
