#include "air/scan_uplink.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "radio/phy/search/rach.h"

/* A preamble that begins in a frame ends so long after the frame's beginning at the latest. */
static const double frame_s = 0.01, reach_s = 0.016;

static const double light_m_s = 299792458;

struct listening {
	const struct scan_uplink *u;
	struct phy_rach rach;
	struct phy_rach_ear *ear;
	struct kern kern;
	struct phy_cf *samples;
	struct phy_recording in; /* of a frame */
	double start;            /* the frame's, within it */
	unsigned sfn;
	unsigned occasions, preambles;
};

static void print_preamble(const struct listening *l, unsigned slot, const struct phy_prach_occasion *o,
	unsigned fdm, const struct phy_prach_found *f)
{
	unsigned subframe = slot / (l->rach.slots / 10u), rnti = phy_rach_rnti(&l->rach, slot, o, fdm);
	double delay_s = (double)f->delay_s, snr_db = 10 * log10(fmax((double)f->snr, 1e-9));

	if (l->u->json)
		printf("{\"sfn\":%u,\"subframe\":%u,\"slot\":%u,\"symbol\":%u,\"fdm\":%u,\"preamble\":%u,"
		       "\"delay_us\":%.3f,"
		       "\"snr_db\":%.1f,\"ra_rnti\":%u}\n",
			l->sfn, subframe, o->slot, o->symbol, fdm, f->preamble, delay_s * 1e6, snr_db, rnti);
	else
		printf("SFN %4u subframe %u, slot %u symbol %2u, occasion %u: preamble %2u, %6.2f us late "
		       "(%.0f m), "
		       "SNR %.1f dB, RA-RNTI %u\n",
			l->sfn, subframe, o->slot, o->symbol, fdm, f->preamble, delay_s * 1e6,
			delay_s * light_m_s / 2, snr_db, rnti);
}

/* An occasion that the recording holds. */
static void listen(struct listening *l, unsigned slot, const struct phy_prach_occasion *o, unsigned fdm)
{
	struct phy_prach_found found[PHY_PRACH_PREAMBLES];
	unsigned n = phy_rach_hear(l->ear, &l->kern, &l->in, l->start, slot, o, fdm, found);

	l->occasions++;
	l->preambles += n;
	for (unsigned i = 0; i < n; i++)
		print_preamble(l, slot, o, fdm, &found[i]);
}

static void listen_frame(struct listening *l)
{
	struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];

	for (unsigned slot = 0; slot < l->rach.slots; slot++) {
		unsigned n = phy_rach_occasions(&l->rach, l->sfn, slot, o);

		for (unsigned i = 0; i < n; i++)
			for (unsigned fdm = 0; fdm < l->rach.fdm; fdm++)
				listen(l, slot, &o[i], fdm);
	}
}

/* Frame by frame, the first of which may have begun before the recording. */
static int listen_all(struct listening *l)
{
	const struct scan_uplink *u = l->u;
	double frame = frame_s * u->rate_hz, before = ceil(u->at / frame);
	size_t room = (size_t)(reach_s * u->rate_hz) + 2;

	l->samples = malloc(room * sizeof(*l->samples));
	if (!l->samples) {
		fprintf(stderr, "freehold scan: out of memory for %zu samples\n", room);
		return 2;
	}
	l->sfn = (unsigned)fmod(u->sfn + 1024 - fmod(before, 1024), 1024);
	for (double start = u->at - before * frame; start < (double)u->file->count; start += frame) {
		uint64_t first = start > 0 ? (uint64_t)start : 0;
		size_t n = u->file->count - first < room ? (size_t)(u->file->count - first) : room;

		if (!iq_file_read(u->file, first, n, &l->samples->re, u->odd)) {
			fprintf(stderr, "freehold scan: reading: %s\n",
				errno ? strerror(errno) : "the file became shorter");
			return 2;
		}
		l->in = (struct phy_recording){ l->samples, n, u->rate_hz };
		l->start = start - (double)first;
		listen_frame(l);
		l->sfn = (l->sfn + 1) % 1024;
	}
	if (!u->json)
		printf("%u preambles in %u occasions\n", l->preambles, l->occasions);
	return l->preambles > 0 ? 0 : 1;
}

int scan_uplink(const struct scan_uplink *u)
{
	struct listening *l = calloc(1, sizeof(*l));
	enum phy_rach_error e = PHY_RACH_OK;
	int status = 2;

	if (l) {
		l->u = u;
		kern_init(&l->kern, KERN_LEVELS - 1);
		e = phy_rach_init(&l->rach, u->sib1);
		l->ear = e == PHY_RACH_OK ? phy_rach_ear_new(&l->rach, u->rate_hz) : NULL;
	}
	if (e != PHY_RACH_OK)
		fprintf(stderr, "freehold scan: --sib1: %s\n", phy_rach_error_text(e));
	else if (!l || !l->ear)
		fprintf(stderr, "freehold scan: out of memory, or --rate too far from the preambles'\n");
	else
		status = listen_all(l);
	if (l) {
		phy_rach_ear_free(l->ear);
		free(l->samples);
	}
	free(l);
	return status;
}
