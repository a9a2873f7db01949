/*
 * A DU's cell over streams of samples, one antenna each way: what it sends, slot after slot, and what it
 * hears. Uplink begins N_TA,offset before the downlink of its slot (38.211 4.3.1), as UEs send it.
 */
#pragma once

#include "gnb/du/du.h"

struct du_stream;

/* d must outlive it; rate_hz: of both ways. NULL: a rate that the carrier cannot have, or out of memory. */
MUST_USE struct du_stream *du_stream_new(struct du *d, double rate_hz);
void du_stream_free(struct du_stream *s);

/* Streams are of one time: what comes may be up to two slots behind what is sent. */
void du_stream_send(struct du_stream *s, struct phy_cf *out, size_t n);
void du_stream_receive(struct du_stream *s, const struct phy_cf *in, size_t n);

/* Both ways begin anew, with the next slot: of what was sent before nothing comes any more. */
void du_stream_restart(struct du_stream *s);

size_t du_stream_slot_samples(const struct du_stream *s);
/* Slots that the physical layer refused: a mistake of ours. *last: of the last one; NULL: there was none. */
uint64_t du_stream_refused(const struct du_stream *s, const struct phy_slot_refusal **last);
/* Of the slot that is sent next. */
uint64_t du_stream_now_ns(const struct du_stream *s);
