/*
 * Npcf_PolicyAuthorization_Notify, 29.514 4.2.5: what became of an application's flows, and of its session.
 *
 *   SMF -> PCF   Npcf_SMPolicyControl_Update    29.512 4.2.4.15, 4.2.4.20: rules that failed, are there, are
 * not met PCF -> AF    POST {notifUri}/notify         4.2.5.2: those of its flows, if it has subscribed PCF
 * -> AF    POST {notifUri}/terminate      4.2.5.3: the last flow is lost, or the PDU session
 */
#include <stdio.h>

#include "core/pcf/internal.h"

/* Beside the name of the resource. */
enum { URI_SIZE = APP_SESSION_ID_SIZE + 64 };

static void call(struct pcf *pcf, const struct pcf_application *app, enum sbi_op_id op, const void *req)
{
	struct sbi_token token = { .context = supi_key(&app->supi), .whose = supi_key(&app->supi) };

	sbi_call(pcf->nf.self, sbi_peer_read(pcf->nf.bus, app->af), op, req, token);
}

static void uri_of(const struct pcf_application *app, const char *below, char out[URI_SIZE])
{
	char name[APP_SESSION_ID_SIZE];

	pcf_application_name(app, name);
	snprintf(out, URI_SIZE, "/npcf-policyauthorization/v1/app-sessions/%s%s", name, below);
}

static void tell(struct pcf *pcf, const struct pcf_application *app, enum pcf_event event,
	const struct media_flows *flows, uint32_t count, bool met)
{
	const struct media_flows_list list = { count, flows };
	struct resources_allocation_info info = { met ? MEDIA_COMPONENT_RESOURCES_STATUS_ACTIVE
						      : MEDIA_COMPONENT_RESOURCES_STATUS_INACTIVE,
		list };
	struct media_qos_notification qos = { met ? QOS_NOTIF_TYPE_GUARANTEED : QOS_NOTIF_TYPE_NOT_GUARANTEED,
		list };
	struct af_event_notification what = { .flows = list };
	char uri[URI_SIZE];
	struct npcf_app_session_notify_req req = { app->events_callback,
		{ .ev_subs_uri = uri, .ev_notifs = { 1, &what } } };

	uri_of(app, "/events-subscription", uri);
	if (event == PCF_EVENT_QOS) {
		what.event = AF_EVENT_QOS_NOTIF;
		req.data.qnc_reports = (struct media_qos_notification_list){ 1, &qos };
	} else if (event == PCF_EVENT_FAILED) {
		what.event = AF_EVENT_FAILED_RESOURCES_ALLOCATION;
		req.data.failed_resourc_alloc_reports = (struct resources_allocation_info_list){ 1, &info };
	} else {
		what.event = AF_EVENT_SUCCESSFUL_RESOURCES_ALLOCATION;
		req.data.succ_resourc_alloc_reports = (struct resources_allocation_info_list){ 1, &info };
	}
	pcf->stat[PCF_STAT_APP_NOTIFIED]++;
	call(pcf, app, SBI_AF_EVENT_NOTIFY, &req);
}

/* Of one application: its flows of the set. */
static void tell_one(struct pcf *pcf, const struct pcf_association *a, uint8_t number, enum pcf_event event,
	const struct pcf_flow_set *set, bool met)
{
	struct media_flows flows[PCF_FLOWS_MAX];
	uint32_t subs[PCF_FLOWS_MAX], count = 0;
	struct pcf_application app;

	for (uint8_t i = 0; i < a->flow_count; i++) {
		const struct pcf_flow *f = &a->flows[i];

		if (!set->which[i] || f->application != number)
			continue;
		subs[count] = f->sub;
		flows[count] = (struct media_flows){ f->component, { 1, &subs[count] } };
		count++;
	}
	if (count > 0 && pcf_application_of(pcf, a, number, &app) && app.events & event)
		tell(pcf, &app, event, flows, count, met);
}

void pcf_application_tell(struct pcf *pcf, const struct pcf_association *a, enum pcf_event event,
	const struct pcf_flow_set *set, bool met)
{
	for (uint8_t n = 1; n <= PCF_APPLICATIONS_MAX; n++)
		if (a->applications >> (n - 1) & 1)
			tell_one(pcf, a, n, event, set, met);
}

void pcf_application_used(struct pcf *pcf, const struct pcf_association *a, uint8_t number, uint64_t octets)
{
	static const struct af_event_notification what = { .event = AF_EVENT_USAGE_REPORT };
	struct accumulated_usage usage = { .has_total_volume = true };
	struct pcf_application app;
	char uri[URI_SIZE];
	struct npcf_app_session_notify_req req = { app.events_callback,
		{ .ev_subs_uri = uri, .ev_notifs = { 1, &what }, .usg_rep = &usage } };

	if (!pcf_application_of(pcf, a, number, &app) || !(app.events & PCF_EVENT_USAGE))
		return;
	app.used += octets;
	if (app.usage_threshold && app.used >= app.usage_threshold) {
		usage.total_volume = app.used;
		app.used = 0;
		uri_of(&app, "/events-subscription", uri);
		pcf->stat[PCF_STAT_APP_NOTIFIED]++;
		call(pcf, &app, SBI_AF_EVENT_NOTIFY, &req);
	}
	may_fail(pcf_application_put(pcf, &app)); /* a refused put dooms the turn by itself */
}

void pcf_application_terminate(
	struct pcf *pcf, const struct pcf_application *app, enum termination_cause cause)
{
	char uri[URI_SIZE];
	struct npcf_app_session_terminate_req req = { app->callback, { cause, uri } };

	uri_of(app, "", uri);
	pcf->stat[PCF_STAT_APP_TERMINATED]++;
	pcf_application_delete(pcf, app);
	call(pcf, app, SBI_AF_TERMINATE, &req);
}

void pcf_applications_without_flows(struct pcf *pcf, struct pcf_association *a)
{
	uint8_t left = 0;

	for (uint8_t i = 0; i < a->flow_count; i++)
		if (a->flows[i].application)
			left |= (uint8_t)(1u << (a->flows[i].application - 1));
	for (uint8_t n = 1; n <= PCF_APPLICATIONS_MAX; n++) {
		struct pcf_application app;

		if (!((a->applications & ~left) >> (n - 1) & 1))
			continue;
		a->applications &= (uint8_t)~(1u << (n - 1));
		if (pcf_application_of(pcf, a, n, &app))
			pcf_application_terminate(
				pcf, &app, TERMINATION_CAUSE_INSUFFICIENT_QOS_FLOW_RESOURCES);
	}
}
