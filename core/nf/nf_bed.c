#include "core/nf/nf_bed.h"

#include "wire/sbi/sbi_json.h"

static void asker_request(void *self, const struct sbi_request *r)
{
	fail_msg("nobody asks the consumer");
}

static void asker_answer(void *self, const struct sbi_answer *a)
{
	struct nf_bed *b = self;

	b->answers++;
	b->cause = a->cause;
	b->body = a->body ? sbi_response_copy(a->op, a->body, &b->arena) : NULL;
	assert_true(!a->body || b->body);
}

static void played_request(void *self, const struct sbi_request *r)
{
	struct nf_bed *b = self;

	b->played++;
	b->play(b, r);
}

static void bus_begins(struct nf_bed *b)
{
	static const struct sbi_nf_ops ops = { asker_request, asker_answer };

	b->bus = sbi_bus_new(&b->t.env);
	assert_non_null(b->bus);
	b->asker = sbi_attach(b->bus, NF_AMF, "6b35ad7a-0000-4000-8000-000000000001", &ops, b);
	assert_non_null(b->asker);
}

void nf_bed_restart(struct nf_bed *b)
{
	sbi_bus_free(b->bus);
	bus_begins(b);
}

void nf_bed_init(struct nf_bed *b)
{
	*b = (struct nf_bed){ 0 };
	test_env_init(&b->t, 7, true);
	bus_begins(b);
	assert_true(plmn_parse("00101", &b->plmn));
	assert_true(supi_parse("001010000000001", &b->supi));
	arena_init(&b->arena, NULL, 0, 1 << 20);
}

void nf_bed_fini(struct nf_bed *b)
{
	sbi_bus_free(b->bus);
	arena_fini(&b->arena);
	test_env_fini(&b->t);
}

void nf_bed_play(struct nf_bed *b, enum nf_type type, nf_bed_play_fn *play)
{
	static const struct sbi_nf_ops ops = { played_request, NULL };

	b->play = play;
	assert_non_null(sbi_attach(b->bus, type, "6b35ad7a-0000-4000-8000-000000000002", &ops, b));
}

enum sbi_cause nf_bed_ask(struct nf_bed *b, enum sbi_op_id op, const void *req)
{
	unsigned before = b->answers;

	arena_reset(&b->arena);
	b->body = NULL;
	b->cause = SBI_CAUSE_COUNT;
	sbi_call(b->asker, sbi_any(b->bus, sbi_ops[op].server), op, req, (struct sbi_token){ 0 });
	sbi_run(b->bus);
	assert_true(b->answers <= before + 1);
	return b->cause;
}
