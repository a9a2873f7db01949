#include "air/scan_follow.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A cell that is not heard for so long is lost; as often SIB1 is read, and figures are told. */
static const double second_s = 1;

static const double sib1_s =
	0.06; /* of a recording hold a SIB1 that is sent in each 20 ms, before and behind */

struct following {
	const struct scan_follow *s;
	struct phy_follow *follow;
	struct kern kern;
	struct phy_cf *samples;
	size_t room;
	struct phy_sib1 sib1; /* as it was read last */
	struct phy_followed at;
	double silent_s;                             /* since a block was heard */
	unsigned of, heard;                          /* of this second */
	unsigned blocks, all, jumps, reads, changes; /* of all */
};

static double time_of(const struct following *f)
{
	return f->at.start / f->s->rate_hz;
}

/* Samples from this one on; *n is cut at the end of the file. False with a message. */
static bool load(struct following *f, uint64_t first, size_t *n)
{
	const struct iq_file *file = f->s->file;

	if (first >= file->count)
		*n = 0;
	else if (file->count - first < *n)
		*n = (size_t)(file->count - first);
	if (*n > f->room)
		*n = f->room;
	if (*n > 0 && !iq_file_read(file, first, *n, &f->samples->re, f->s->odd)) {
		fprintf(stderr, "freehold scan: reading: %s\n",
			errno ? strerror(errno) : "the file became shorter");
		return false;
	}
	f->kern.cf_scale(&f->samples->re, &f->samples->re, *n, (float)f->s->gain, 0);
	return true;
}

static void print_sib1(const struct following *f, const char *what)
{
	printf(f->s->json ? "{\"time_s\": %.3f, \"event\": \"sib1\", \"what\": \"%s\", \"sib1\": \""
			  : "  %.3f s: SIB1 %s: ",
		time_of(f), what);
	for (unsigned i = 0; i < f->sib1.octets; i++)
		printf("%02x", f->sib1.data[i]);
	printf(f->s->json ? "\"}\n" : "\n");
}

static bool same(const struct phy_sib1 *a, const struct phy_sib1 *b)
{
	return a->octets == b->octets && memcmp(a->data, b->data, a->octets) == 0;
}

/* SIB1 around the last block, told where it is another one. False with a message. */
static bool read_sib1(struct following *f)
{
	double from = f->at.start - sib1_s / 2 * f->s->rate_hz;
	uint64_t first = from > 0 ? (uint64_t)from : 0;
	size_t n = (size_t)(sib1_s * f->s->rate_hz);
	struct phy_recording in = { f->samples, 0, f->s->rate_hz };
	struct phy_sib1 now;

	if (!load(f, first, &n))
		return false;
	in.count = n;
	if (phy_follow_sib1(f->follow, &f->kern, &in, first, &now) != PHY_SIB1_READ)
		return true;
	f->reads++;
	if (same(&now, &f->sib1))
		return true;
	f->changes += f->sib1.octets > 0;
	f->sib1 = now;
	print_sib1(f, f->reads > 1 || f->changes > 0 ? "changed" : "read");
	return true;
}

static void print_second(struct following *f)
{
	printf(f->s->json ? "{\"time_s\": %.3f, \"sfn\": %u, \"cfo_hz\": %.1f, \"clock_ppm\": %.2f, "
			    "\"snr_db\": %.1f, "
			    "\"heard\": %u, \"of\": %u}\n"
			  : "  %.3f s: SFN %u, frequency offset %+.0f Hz, clock %+.2f ppm, SNR %.1f dB, "
			    "heard %u of %u\n",
		time_of(f), f->at.sfn, f->at.cfo_hz, f->at.clock_ppm, (double)f->at.snr_db, f->heard, f->of);
	f->heard = f->of = 0;
}

static void print_event(const struct following *f, const char *event, const char *text)
{
	if (f->s->json)
		printf("{\"time_s\": %.3f, \"event\": \"%s\", \"sfn\": %u}\n", time_of(f), event, f->at.sfn);
	else
		printf("  %.3f s: %s (SFN %u)\n", time_of(f), text, f->at.sfn);
}

/* The next block. False at the end of what is followed, with *failed after a message. */
static bool step(struct following *f, bool *failed)
{
	struct phy_recording in = { f->samples, 0, f->s->rate_hz };
	struct phy_followed next;
	uint64_t first;
	size_t n, wanted;

	phy_follow_next(f->follow, &first, &n);
	wanted = n;
	*failed = !load(f, first, &n);
	if (*failed || n < wanted || (double)first > f->s->seconds * f->s->rate_hz)
		return false;
	in.count = n;
	phy_follow_block(f->follow, &f->kern, &in, first, &next);
	if (!next.heard)
		next.snr_db = f->at.snr_db;
	f->silent_s = next.heard ? 0 : f->silent_s + (next.start - f->at.start) / f->s->rate_hz;
	f->at = next;
	f->of++;
	f->blocks++;
	f->heard += next.heard;
	f->all += next.heard;
	f->jumps += next.jumped;
	if (next.jumped)
		print_event(f, "sfn", "another SFN than was counted");
	return true;
}

static int conclude(const struct following *f, bool lost)
{
	if (lost)
		print_event(f, "lost", "lost");
	printf(f->s->json ? "{\"time_s\": %.3f, \"event\": \"end\", \"heard\": %u, \"of\": %u, "
			    "\"sfn_jumps\": %u, "
			    "\"sib1_read\": %u, \"sib1_changes\": %u}\n"
			  : "followed for %.3f s: heard %u of %u blocks, %u jumps of the SFN, SIB1 read %u "
			    "times, changed "
			    "%u times\n",
		time_of(f), f->all, f->blocks, f->jumps, f->reads, f->changes);
	return lost ? 1 : 0;
}

static int follow(struct following *f)
{
	double told = 0;
	bool failed = false;

	while (f->silent_s < second_s && step(f, &failed)) {
		if (time_of(f) < told + second_s)
			continue;
		told += second_s;
		if (f->at.heard && !read_sib1(f))
			return 2;
		print_second(f);
	}
	return failed ? 2 : conclude(f, f->silent_s >= second_s);
}

int scan_follow(const struct scan_follow *s)
{
	struct following *f = calloc(1, sizeof(*f));
	int status = 2;

	if (f) {
		f->s = s;
		kern_init(&f->kern, KERN_LEVELS - 1);
		f->sib1 = s->cell->sib1;
		f->at.start = s->cell->cell.start;
		f->room = (size_t)(sib1_s * s->rate_hz) + 1;
		f->follow = phy_follow_new(s->cell, s->rate_hz);
		f->samples = malloc(f->room * sizeof(*f->samples));
	}
	if (f && f->follow && f->samples)
		status = follow(f);
	else
		fprintf(stderr, "freehold scan: out of memory\n");
	if (f) {
		phy_follow_free(f->follow);
		free(f->samples);
	}
	free(f);
	return status;
}
