/* Applications that ask the PCF for QoS (29.514), by the core's own application function. */
#include "base/cursor.h"
#include "tests/scenario/scenario.h"

static bool ask(
	struct scn *s, const struct supi *supi, const struct scn_args *a, bool ends, bool may_be_refused)
{
	uint8_t words[SCN_FLOW_WORDS_MAX];
	enum sbi_cause cause = SBI_CAUSE_COUNT;

	if (s->core && !sim_is_alive(s->core_node)) /* at a commit of this doing */
		scn_run(s, NULL, NULL, 1);
	if (s->core)
		cause = core_application(s->core, supi, s->application, ends, scn_flow_words(a, words));
	sim_settle(s->core_node);
	if (ends && cause == SBI_OK)
		s->application[0] = '\0';
	return cause == SBI_OK || may_be_refused ||
	       scn_fail(s, "%s", cause < SBI_CAUSE_COUNT ? sbi_cause_name(cause) : "not answered");
}

static bool add(struct scn *s, const struct scn_args *a, bool may_be_refused)
{
	struct supi supi = scn_supi(s, a->n[0]);

	s->application[0] = '\0';
	return ask(s, &supi, a, false, may_be_refused);
}

static bool change(struct scn *s, const struct scn_args *a, bool ends, bool may_be_refused)
{
	struct supi nobody = { "" };

	if (!s->application[0]) /* a core that was killed did not say what it has made */
		return may_be_refused || scn_fail(s, "there is no application session");
	return ask(s, &nobody, a, ends, may_be_refused);
}

bool scn_application_add(struct scn *s, const struct scn_args *a)
{
	return add(s, a, false);
}

bool scn_application_add_again(struct scn *s, const struct scn_args *a)
{
	return add(s, a, true);
}

bool scn_application_change(struct scn *s, const struct scn_args *a)
{
	return change(s, a, false, false);
}

bool scn_application_change_again(struct scn *s, const struct scn_args *a)
{
	return change(s, a, false, true);
}

bool scn_application_end(struct scn *s, const struct scn_args *a)
{
	return change(s, a, true, false);
}

bool scn_application_end_again(struct scn *s, const struct scn_args *a)
{
	return change(s, a, true, true);
}
