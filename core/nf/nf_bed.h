/* A bus with a consumer that asks one function at a time, and producers that a test scripts. */
#pragma once

#include "base/test_env.h"

#include "core/nf/nf.h"

struct nf_bed;

/* A scripted producer: answers by sbi_answer(). */
typedef void nf_bed_play_fn(struct nf_bed *b, const struct sbi_request *r);

struct nf_bed {
	struct test_env t;
	struct sbi_bus *bus;
	struct plmn plmn;
	struct supi supi; /* 001010000000001 */
	struct sbi_nf *asker;
	nf_bed_play_fn *play;
	unsigned played; /* requests that the scripted producers got */
	/* the last answer */
	unsigned answers;
	enum sbi_cause cause;
	const void *body; /* a copy, NULL: none; valid until the next question */
	struct arena arena;
};

void nf_bed_init(struct nf_bed *b);
/* Another bus over the same store, once the functions on the one before have been freed. */
void nf_bed_restart(struct nf_bed *b);
/* After the functions on it have been freed. */
void nf_bed_fini(struct nf_bed *b);

/* Answers for functions of this type. */
void nf_bed_play(struct nf_bed *b, enum nf_type type, nf_bed_play_fn *play);

/* Asks whoever serves op, and runs the bus; the cause of the answer, SBI_CAUSE_COUNT when there was none. */
enum sbi_cause nf_bed_ask(struct nf_bed *b, enum sbi_op_id op, const void *req);
