/* Counter check (38.331 5.3.6): the network compares the COUNTs of DRBs, since what an intruder adds counts
 * too. */
#include "ue/rrc/internal.h"

enum {
	LSB_BITS = 7, /* what countMSB leaves out */
	DRB_MAX = 29  /* maxDRB of 6.4 */
};

static const enum rrc_counter_check_response_critical_extensions_tag is_response =
	RRC_COUNTER_CHECK_RESPONSE_CRITICAL_EXTENSIONS_TAG_COUNTER_CHECK_RESPONSE;

static const struct rrc_drb_count_msb_info *info_of(
	const struct rrc_drb_count_msb_info_list *list, uint8_t drb)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].drb_identity == drb)
			return &list->items[i];
	return NULL;
}

/* DRBs of which the network was not right: those it has not named, and whose COUNTs are others. */
static size_t own_fill(struct ue_rrc_connection *c, const struct rrc_drb_count_msb_info_list *in,
	struct rrc_drb_count_info *out)
{
	size_t n = 0;

	for (uint8_t drb = 1; drb <= UE_RRC_DRBS_MAX && n < DRB_MAX; drb++) {
		const struct rrc_drb_count_msb_info *theirs = info_of(in, drb);
		struct rrc_drb_count_info own = { .drb_identity = drb };

		if (!c->drbs[drb].there)
			continue;
		c->config.lower.drb_counts(c->config.lower.arg, drb, &own.count_uplink, &own.count_downlink);
		if (!theirs || own.count_uplink >> LSB_BITS != theirs->count_msb_uplink ||
			own.count_downlink >> LSB_BITS != theirs->count_msb_downlink)
			out[n++] = own;
	}
	return n;
}

void ue_rrc_counter_check(struct ue_rrc_connection *c, const struct rrc_counter_check *m)
{
	const struct rrc_drb_count_msb_info_list *in =
		&m->critical_extensions.u.counter_check.drb_count_msb_info_list;
	struct rrc_drb_count_info items[DRB_MAX];
	struct rrc_ul_dcch_message_type_c1 out = {
		.tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_COUNTER_CHECK_RESPONSE,
		.u.counter_check_response = { .rrc_transaction_identifier = m->rrc_transaction_identifier,
			.critical_extensions.tag = is_response }
	};
	struct rrc_drb_count_info_list *list = &out.u.counter_check_response.critical_extensions.u
							.counter_check_response.drb_count_info_list;

	if (m->critical_extensions.tag != RRC_COUNTER_CHECK_CRITICAL_EXTENSIONS_TAG_COUNTER_CHECK ||
		!c->as.active) {
		c->stats.not_comprehended++;
		return;
	}
	list->items = items;
	list->count = own_fill(c, in, items);
	for (size_t i = 0; i < in->count && list->count < DRB_MAX;
		i++) { /* those that there are not, as the network has them */
		const struct rrc_drb_count_msb_info *theirs = &in->items[i];

		if (!c->drbs[theirs->drb_identity].there)
			items[list->count++] = (struct rrc_drb_count_info){ theirs->drb_identity,
				theirs->count_msb_uplink << LSB_BITS,
				theirs->count_msb_downlink << LSB_BITS };
	}
	may_fail(ue_rrc_send_on(c, 1, &out));
}
