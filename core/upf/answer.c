/*
 * The response to a session modification or deletion. A URR that is taken away is still counted into by
 * workers that look at the old rules: its last report, and an end marker after the last packet of a tunnel,
 * come when they no longer do.
 */
#include "core/upf/internal.h"

#include <stdlib.h>

struct upf_answer_usage {
	struct upf_urr *urr;
	uint64_t trigger;
	uint32_t reference;
	bool has_reference;
};

struct upf_answer {
	struct upf_retired retired;
	struct upf *upf;
	struct pfcp_origin to;
	uint64_t seid;
	uint8_t created_count, usage_count, marker_count;
	struct pfcp_created_pdr created[UPF_PDRS_MAX];
	struct upf_answer_usage usage[UPF_URRS_MAX];
	struct upf_tunnel marker[UPF_FARS_MAX];
};

struct upf_answer *upf_answer_new(struct upf *upf, const struct pfcp_origin *to, uint64_t seid)
{
	struct upf_answer *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->upf = upf;
	a->to = *to;
	a->seid = seid;
	return a;
}

void upf_answer_free(struct upf_answer *a)
{
	free(a);
}

void upf_answer_created(struct upf_answer *a, const struct upf_draft *d)
{
	a->created_count = (uint8_t)upf_created_pdrs(d, a->created, UPF_PDRS_MAX);
}

void upf_answer_usage(struct upf_answer *a, struct upf_urr *u, uint64_t trigger, const uint32_t *reference)
{
	if (a->usage_count < UPF_URRS_MAX)
		a->usage[a->usage_count++] = (struct upf_answer_usage){ u, trigger,
			reference ? *reference : 0, reference != NULL };
}

void upf_answer_end_marker(struct upf_answer *a, struct ip ip, uint32_t teid)
{
	if (a->marker_count < UPF_FARS_MAX)
		a->marker[a->marker_count++] = (struct upf_tunnel){ ip, teid };
}

static void send_end_marker(struct upf *upf, const struct upf_tunnel *t)
{
	uint8_t buf[UPF_REPLY_MAX];
	struct writer w = writer_of(buf, sizeof(buf));
	struct gtpu_msg m = { .header = { .type = GTPU_END_MARKER, .teid = t->teid } };
	struct addr to = ip_to_addr(t->ip, GTPU_UDP_PORT);

	if (gtpu_encode(&m, &w))
		may_fail(outbox_send_to(
			upf->env->outbox, UPF_PORT_N3, &to, writer_bytes(&w))); /* best effort */
}

static void release_answer(void *owner, struct upf_retired *r)
{
	struct upf_answer *a = container_of(r, struct upf_answer, retired);
	struct pfcp_usage_report usage[UPF_URR_REPORTS * UPF_URRS_MAX];
	struct pfcp_msg m = { .has_seid = true, .seid = a->seid };
	size_t count = 0;

	for (uint8_t i = 0; i < a->marker_count; i++)
		send_end_marker(a->upf, &a->marker[i]);
	for (uint8_t i = 0; i < a->usage_count; i++) {
		const struct upf_answer_usage *from = &a->usage[i];

		for (size_t n = upf_urr_report(a->upf, from->urr, from->trigger, &usage[count]); n; n--) {
			usage[count].has_query_urr_reference = from->has_reference;
			usage[count++].query_urr_reference = from->reference;
		}
	}
	if (a->to.type == PFCP_SESSION_DELETION_REQUEST) {
		m.session_deletion_response = (struct pfcp_session_deletion_response){
			.cause = PFCP_CAUSE_ACCEPTED, .usage_report = usage, .usage_report_count = count
		};
	} else {
		m.session_modification_response =
			(struct pfcp_session_modification_response){ .cause = PFCP_CAUSE_ACCEPTED,
				.created_pdr = a->created,
				.created_pdr_count = a->created_count,
				.usage_report = usage,
				.usage_report_count = count };
	}
	pfcp_respond(&a->to, &m);
	free(a);
}

void upf_answer_send(struct upf_answer *a)
{
	upf_epoch_retire(&a->upf->data.epoch, &a->retired, release_answer);
}
