/* What an AMF counts. Registrations are TS 28.552 5.2.1 and 5.2.2. */
#include <stdio.h>

#include "base/text.h"
#include "core/amf/internal.h"

static const struct stat_def stat_defs[AMF_STAT_COUNT] = {
	[AMF_STAT_NGAP_RECEIVED] = { "ngap_received", "NGAP messages received" },
	[AMF_STAT_NGAP_REFUSED] = { "ngap_refused", "NGAP messages refused by 38.413 clause 10" },
	[AMF_STAT_NGAP_UNEXPECTED] = { "ngap_unexpected", "NGAP messages without a handler or a context" },
	[AMF_STAT_NG_SETUPS] = { "ng_setups", "gNBs set up" },
	[AMF_STAT_NG_SETUP_FAILURES] = { "ng_setup_failures", "NG Setups refused" },
	[AMF_STAT_NAS_RECEIVED] = { "nas_received", "NAS messages received" },
	[AMF_STAT_NAS_REFUSED] = { "nas_refused", "NAS messages refused by 24.501 clause 7" },
	[AMF_STAT_NAS_INTEGRITY] = { "nas_integrity", "NAS messages without the integrity they need" },
	[AMF_STAT_NAS_UNEXPECTED] = { "nas_unexpected", "NAS messages not compatible with the state" },
	[AMF_STAT_REGISTRATIONS] = { "registrations", "registrations accepted" },
	[AMF_STAT_REGISTRATION_REJECTS] = { "registration_rejects", "registrations rejected" },
	[AMF_STAT_AUTH_REQ] = { "auth_req", "AUTHENTICATION REQUESTs, without repetitions",
		"AMF.AuthReq 5.2" },
	[AMF_STAT_AUTH_REJECT] = { "auth_reject", "UEs that did not prove who they are",
		"AMF.AuthReject 5.2" },
	[AMF_STAT_SECURITY_MODE_REJECTS] = { "security_mode_rejects", "UEs that refused the security mode" },
	[AMF_STAT_CONF_UPDATE] = { "mm_conf_update", "CONFIGURATION UPDATE COMMANDs", "MM.ConfUpdate 5.2" },
	[AMF_STAT_CONF_UPDATES_COMPLETED] = { "mm_conf_update_succ",
		"those that were acknowledged, as was asked for", "MM.ConfUpdateSucc 5.2" },
	[AMF_STAT_PAGINGS] = { "mm_paging_5g_req", "UEs that were paged, however often",
		"MM.Paging5GReq 5.2" },
	[AMF_STAT_PAGINGS_ANSWERED] = { "mm_paging_5g_succ", "of those, UEs that answered",
		"MM.Paging5GSucc 5.2" },
	[AMF_STAT_PAGINGS_FAILED] = { "mm_paging_5g_fail", "of those, UEs that did not" },
	[AMF_STAT_HANDOVERS] = { "handovers", "N2 handovers that a gNB required" },
	[AMF_STAT_HANDOVERS_DONE] = { "handovers_done", "of those, UEs that arrived" },
	[AMF_STAT_HANDOVERS_FAILED] = { "handovers_failed", "of those, refused or given up" },
	[AMF_STAT_HANDOVERS_CANCELLED] = { "handovers_cancelled", "of those, cancelled by the gNB" },
	[AMF_STAT_MODIFY_INDICATIONS] = { "modify_indications",
		"other tunnels for sessions, indicated by gNBs" },
	[AMF_STAT_MODIFY_INDICATIONS_FAILED] = { "modify_indications_failed",
		"sessions of these, of which that came to nothing" },
	[AMF_STAT_PATH_SWITCHES] = { "path_switches", "path switches that a gNB asked for" },
	[AMF_STAT_PATH_SWITCHES_DONE] = { "path_switches_done", "of those, with at least one session" },
	[AMF_STAT_PATH_SWITCHES_FAILED] = { "path_switches_failed", "of those, refused" },
	[AMF_STAT_CAPABILITIES_DIFFER] = { "capabilities_differ",
		"path switches with other security capabilities than the UE's own" },
	[AMF_STAT_DEREGISTRATIONS] = { "deregistrations", "registered UEs that left" },
	[AMF_STAT_SESSIONS] = { "sessions", "PDU sessions asked of an SMF" },
	[AMF_STAT_EXHAUSTED] = { "exhausted", "requests refused for want of room" },
	[AMF_STAT_OVERLOADS] = { "overloads", "times that load control began" },
	[AMF_STAT_PUT_OFF] = { "put_off", "UEs refused by load control" },
	[AMF_STAT_YIELDED] = { "yielded", "UEs not yet authenticated that gave way to others" },
	[AMF_STAT_TRANSFERS_WAITED] = { "transfers_waited", "N1N2 transfers held up by another procedure" },
	[AMF_STAT_N2_INFO_REFUSED] = { "n2_info_refused",
		"N1 or N2 information of a kind that is not served" },
	[AMF_STAT_UNPROVED] = { "unproved", "registrations for emergency services without authentication" },
	[AMF_STAT_REAUTHENTICATIONS] = { "reauthentications", "registered UEs that authenticated again" },
	[AMF_STAT_STEERINGS] = { "steerings", "lists of preferred PLMNs sent to UEs" },
	[AMF_STAT_PARAMETERS_UPDATES] = { "parameters_updates", "updates of UE parameters sent to UEs" },
	[AMF_STAT_CONTEXT_MODIFICATIONS] = { "context_modifications",
		"UE contexts that gNBs were asked to modify" },
	[AMF_STAT_CONTEXT_MODIFICATIONS_FAILED] = { "context_modifications_failed", "that they did not" },
	[AMF_STAT_RELAYS] = { "relays", "RAN configuration and RIM transfers brought to another gNB" },
	[AMF_STAT_RELAYS_LOST] = { "relays_lost", "those whose target is not set up here" },
	[AMF_STAT_UPDATES] = { "configuration_updates", "AMF CONFIGURATION UPDATEs sent to gNBs" },
	[AMF_STAT_UPDATES_FAILED] = { "configuration_updates_failed",
		"those that a gNB refused or did not answer" },
	[AMF_STAT_LOCATION_REPORTS] = { "location_reports", "where UEs are, reported by gNBs" },
	[AMF_STAT_LOCATION_FAILURES] = { "location_failures", "what a gNB was asked to report and does not" },
	[AMF_STAT_RAN_TRACES] = { "ran_traces", "traces of UEs that gNBs were asked to start" },
	[AMF_STAT_RAN_TRACE_FAILURES] = { "ran_trace_failures", "those that a gNB did not start or stop" },
	[AMF_STAT_CELL_TRACES] = { "cell_traces", "UEs that gNBs trace with their cell" },
	[AMF_STAT_WARNINGS] = { "warnings", "public warnings that operators began" },
	[AMF_STAT_WARNINGS_FAILED] = { "warnings_failed",
		"those that a gNB does not broadcast, or does no more" },
	[AMF_STAT_NOT_RESTORED] = { "not_restored", "stored UE contexts that could not be read" },
};
const struct stat_group amf_stat_group = { "amf", stat_defs, AMF_STAT_COUNT };

static const struct stat_def gauge_defs[AMF_GAUGE_COUNT] = {
	[AMF_GAUGE_GNBS] = { "gnbs", "gNBs that are associated, set up or not", NULL, STAT_GAUGE },
	[AMF_GAUGE_CONNECTIONS] = { "connections", "UE-associated N2 connections", NULL, STAT_GAUGE },
	[AMF_GAUGE_UES] = { "ues", "UE contexts", NULL, STAT_GAUGE },
	[AMF_GAUGE_REGISTERED] = { "ues_registered", "UEs that are registered", NULL, STAT_GAUGE },
	[AMF_GAUGE_SESSIONS] = { "ue_sessions", "PDU sessions of its UEs", NULL, STAT_GAUGE },
	[AMF_GAUGE_UNDER_WAY] = { "registrations_under_way", "registrations and service requests under way",
		NULL, STAT_GAUGE },
	[AMF_GAUGE_OVERLOADED] = { "overloaded", "1 while load control puts UEs off", NULL, STAT_GAUGE },
	[AMF_GAUGE_PASSED] = { "overload_passed_ratio",
		"share of new connections that the gNBs are told to let through", NULL, STAT_GAUGE, "ratio",
		2 },
};
const struct stat_group amf_gauge_group = { "amf", gauge_defs, AMF_GAUGE_COUNT };

static const struct stat_def slice_defs[AMF_SLICE_STAT_COUNT] = {
	[AMF_SLICE_REGISTERED] = { "rm_registered_sub_nbr", "registered UEs, in each of their allowed slices",
		"RM.RegisteredSubNbrMean 5.2.1.1", STAT_GAUGE },
	[AMF_SLICE_INIT_REQ] = { "rm_reg_init_req",
		"initial registrations that were decided, by the first slice allowed, else asked for",
		"RM.RegInitReq 5.2.2.1" },
	[AMF_SLICE_MOB_REQ] = { "rm_reg_mob_req", "mobility registration updates likewise",
		"RM.RegMobReq 5.2.2" },
	[AMF_SLICE_PERIOD_REQ] = { "rm_reg_period_req", "periodic registration updates likewise",
		"RM.RegPeriodReq 5.2.2" },
	[AMF_SLICE_INIT_SUCC] = { "rm_reg_init_succ", "initial registrations accepted",
		"RM.RegInitSucc 5.2.2.2" },
	[AMF_SLICE_MOB_SUCC] = { "rm_reg_mob_succ", "mobility registration updates accepted",
		"RM.RegMobSucc 5.2.2" },
	[AMF_SLICE_PERIOD_SUCC] = { "rm_reg_period_succ", "periodic registration updates accepted",
		"RM.RegPeriodSucc 5.2.2" },
};
const struct stat_group amf_slice_group = { "amf", slice_defs, AMF_SLICE_STAT_COUNT, "snssai" };

static const struct stat_def cause_defs[AMF_CAUSE_STAT_COUNT] = {
	[AMF_CAUSE_INIT_FAIL] = { "rm_reg_init_fail", "initial registrations refused, by 5GMM cause",
		"RM.RegInitFail 5.2.2" },
	[AMF_CAUSE_MOB_FAIL] = { "rm_reg_mob_fail", "mobility registration updates refused",
		"RM.RegMobFail 5.2.2" },
	[AMF_CAUSE_PERIOD_FAIL] = { "rm_reg_period_fail", "periodic registration updates refused",
		"RM.RegPeriodFail 5.2.2" },
	[AMF_CAUSE_AUTH_FAIL] = { "auth_fail", "AUTHENTICATION FAILUREs of UEs", "AMF.AuthFail 5.2" },
};
const struct stat_group amf_cause_group = { "amf", cause_defs, AMF_CAUSE_STAT_COUNT, "cause, text" };

static const struct stat_def ngap_cause_defs[AMF_NGAP_CAUSE_STAT_COUNT] = {
	[AMF_NGAP_CAUSE_HANDOVER_FAIL] = { "handover_fail", "N2 handovers that failed, by NGAP cause" },
	[AMF_NGAP_CAUSE_PATH_SWITCH_FAIL] = { "path_switch_fail",
		"path switches that failed, by NGAP cause" },
};
const struct stat_group amf_ngap_cause_group = { "amf", ngap_cause_defs, AMF_NGAP_CAUSE_STAT_COUNT, "cause" };

static const struct stat_def time_defs[AMF_TIME_COUNT] = {
	[AMF_TIME_REGISTRATION] = { "rm_reg_time_seconds",
		"from the REGISTRATION REQUEST to the REGISTRATION ACCEPT", "RM.RegTimeMean 5.2.2",
		STAT_COUNTER, "seconds", 6 },
	[AMF_TIME_WAITED] = { "n2_wait_seconds", "how long messages on N2 waited before the AMF took them",
		NULL, STAT_COUNTER, "seconds", 6 },
};
const struct stat_group amf_time_group = { "amf", time_defs, AMF_TIME_COUNT, NULL, &histogram_procedure_us };

static void slice_label(const void *arg, size_t row, struct writer *w)
{
	const struct amf *amf = arg;
	char text[SNSSAI_STR_SIZE];

	stat_label(w, "snssai",
		row < amf->config.slice_count ? snssai_str(&amf->config.slices[row], text) : "other");
}

static void cause_label(const void *arg, size_t row, struct writer *w)
{
	stat_cause_label(w, row, nas_5gmm_cause_name((uint8_t)row));
}

/* A radio network cause has the row of its number; of the other kinds each kind has one. */
enum { NGAP_CAUSE_ROWS_RADIO = 240 };

static uint8_t ngap_cause_row(const struct ngap_cause *c)
{
	if (c->tag != NGAP_CAUSE_TAG_RADIO_NETWORK)
		return (uint8_t)(NGAP_CAUSE_ROWS_RADIO + (c->tag < NGAP_CAUSE_TAG_N ? c->tag : 0));
	return (unsigned)c->u.radio_network < NGAP_CAUSE_ROWS_RADIO ? (uint8_t)c->u.radio_network
								    : (uint8_t)NGAP_CAUSE_ROWS_RADIO;
}

static void ngap_cause_label(const void *arg, size_t row, struct writer *w)
{
	static const char *const kinds[] = { "other", "radio-network", "transport", "nas", "protocol",
		"misc" };
	struct ngap_cause cause = ngap_cause_radio((enum ngap_cause_radio_network)row);
	char text[NGAP_CAUSE_TEXT_SIZE];
	size_t kind = row - NGAP_CAUSE_ROWS_RADIO;

	if (row < NGAP_CAUSE_ROWS_RADIO)
		stat_label(w, "cause", ngap_cause_text(&cause, text));
	else
		stat_label(w, "cause", kind < ARRAY_LEN(kinds) ? kinds[kind] : kinds[0]);
}

/* The row of a slice: the last one is that of all that are not configured. */
static uint8_t slice_row(const struct amf *amf, const struct snssai *s)
{
	uint8_t i = 0;

	while (i < amf->config.slice_count && !snssai_equal(&amf->config.slices[i], s))
		i++;
	return i;
}

static uint8_t slice_row_of_ue(
	const struct amf *amf, const struct amf_ue *ue, const struct amf_registration *p)
{
	if (ue->allowed_nssai.count > 0)
		return slice_row(amf, &ue->allowed_nssai.items[0]);
	if (p->requested_nssai.count > 0)
		return slice_row(amf, &p->requested_nssai.items[0]);
	return amf->config.slice_count;
}

/* The kind of a registration, as an offset among three figures. */
static int kind_of(uint8_t registration_type)
{
	switch (registration_type) {
	case NAS_REGISTRATION_MOBILITY:
		return AMF_SLICE_MOB_REQ - AMF_SLICE_INIT_REQ;
	case NAS_REGISTRATION_PERIODIC:
		return AMF_SLICE_PERIOD_REQ - AMF_SLICE_INIT_REQ;
	default:
		return 0;
	}
}

void amf_count_handover_failure(struct amf *amf, const struct ngap_cause *cause)
{
	amf->figures.by_ngap_cause[ngap_cause_row(cause)][AMF_NGAP_CAUSE_HANDOVER_FAIL]++;
}

void amf_count_path_switch_failure(struct amf *amf, const struct ngap_cause *cause)
{
	amf->figures.by_ngap_cause[ngap_cause_row(cause)][AMF_NGAP_CAUSE_PATH_SWITCH_FAIL]++;
}

void amf_count_request(struct amf *amf, const struct amf_ue *ue, struct amf_registration *p)
{
	if (!p->counted)
		amf->figures.by_slice[slice_row_of_ue(amf, ue, p)]
				     [AMF_SLICE_INIT_REQ + kind_of(p->registration_type)]++;
	p->counted = true;
}

void amf_count_accept(struct amf *amf, const struct amf_ue *ue, struct amf_registration *p)
{
	amf_count_request(amf, ue, p);
	amf->figures
		.by_slice[slice_row_of_ue(amf, ue, p)][AMF_SLICE_INIT_SUCC + kind_of(p->registration_type)]++;
	histogram_add(&amf->figures.times[AMF_TIME_REGISTRATION], amf_time_group.bounds,
		(env_now_ns(amf->nf.env) - p->begun_ns) / 1000);
}

void amf_count_reject(struct amf *amf, const struct amf_ue *ue, struct amf_registration *p, uint8_t cause)
{
	amf_count_request(amf, ue, p);
	amf->figures.by_cause[cause][AMF_CAUSE_INIT_FAIL + kind_of(p->registration_type)]++;
}

void amf_count_waited(struct amf *amf, uint32_t waited_us)
{
	histogram_add(&amf->figures.times[AMF_TIME_WAITED], amf_time_group.bounds, waited_us);
}

void amf_count_authentication_failure(struct amf *amf, uint8_t cause)
{
	amf->figures.by_cause[stat_cause_row(cause, nas_5gmm_cause_name(cause))][AMF_CAUSE_AUTH_FAIL]++;
}

void amf_count_turned_away(struct amf *amf, const struct nas_registration_request *m, uint8_t cause)
{
	int kind = kind_of(m->registration_type & NAS_REGISTRATION_TYPE_MASK);

	amf->figures.by_slice[amf->config.slice_count][AMF_SLICE_INIT_REQ + kind]++;
	amf->figures.by_cause[cause][AMF_CAUSE_INIT_FAIL + kind]++;
}

void amf_count_registered(struct amf *amf, struct amf_ue *ue)
{
	uint16_t rows = 0;

	for (uint8_t i = 0; ue->registered && i < ue->allowed_nssai.count; i++)
		rows |= (uint16_t)(1u << slice_row(amf, &ue->allowed_nssai.items[i]));
	for (uint8_t i = 0; i <= amf->config.slice_count; i++)
		amf->figures.by_slice[i][AMF_SLICE_REGISTERED] +=
			(uint64_t)(rows >> i & 1) - (ue->counted_slices >> i & 1);
	ue->counted_slices = rows;
}

/* What a slice has counted that goes is of all others from now on; UEs are counted anew. */
static void move_rows(struct amf_figures *f, const struct amf_config *before, const struct amf_config *c)
{
	uint64_t old[SNSSAI_MAX + 1][AMF_SLICE_STAT_COUNT];
	uint8_t to;

	for (size_t i = 0; i <= SNSSAI_MAX; i++)
		for (size_t k = 0; k < AMF_SLICE_STAT_COUNT; k++) {
			old[i][k] = f->by_slice[i][k];
			f->by_slice[i][k] = 0;
		}
	for (uint8_t i = 0; i <= before->slice_count; i++) {
		for (to = 0; to < c->slice_count; to++)
			if (i < before->slice_count && snssai_equal(&before->slices[i], &c->slices[to]))
				break;
		for (size_t k = 0; k < AMF_SLICE_STAT_COUNT; k++)
			f->by_slice[to][k] += k == AMF_SLICE_REGISTERED ? 0 : old[i][k];
	}
}

void amf_slices_take(struct amf *amf, const struct amf_config *c)
{
	struct amf_ue *ue;

	if (snssais_equal(c->slices, c->slice_count, amf->config.slices, amf->config.slice_count))
		return;
	move_rows(&amf->figures, &amf->config, c);
	for (amf->config.slice_count = 0; amf->config.slice_count < c->slice_count; amf->config.slice_count++)
		amf->config.slices[amf->config.slice_count] = c->slices[amf->config.slice_count];
	for (uint32_t i = 0; (ue = pool_next(&amf->ues, &i)) != NULL; i++) {
		ue->counted_slices = 0;
		amf_count_registered(amf, ue);
	}
}

struct amf_numbers amf_numbers(const struct amf *amf)
{
	return (struct amf_numbers){ (uint32_t)amf->gnb_by_assoc.count, amf->connections.used,
		amf->ues.used - amf->gone, amf->registered, amf->sessions.used };
}

static void take_gauges(struct amf *amf)
{
	struct amf_numbers n = amf_numbers(amf);
	uint64_t *gauge = amf->figures.gauge;

	gauge[AMF_GAUGE_GNBS] = n.gnbs;
	gauge[AMF_GAUGE_CONNECTIONS] = n.connections;
	gauge[AMF_GAUGE_UES] = n.ues;
	gauge[AMF_GAUGE_REGISTERED] = n.registered;
	gauge[AMF_GAUGE_SESSIONS] = n.sessions;
	gauge[AMF_GAUGE_UNDER_WAY] =
		amf->procedures[AMF_REGISTRATION].used + amf->procedures[AMF_SERVICE_REQUEST].used;
	gauge[AMF_GAUGE_OVERLOADED] = timer_is_set(&amf->load.tick);
	gauge[AMF_GAUGE_PASSED] = amf->load.passed;
}

void amf_stats(const struct amf *amf, struct stats *out)
{
	*out = (struct stats){ .group = &amf_stat_group,
		.values = amf->stat,
		.label = "amf",
		.name = amf->config.name,
		.number = amf->config.number };
}

void amf_figures(struct amf *amf, struct stats_list *l)
{
	const struct amf_figures *f = &amf->figures;
	struct stats s;

	amf_stats(amf, &s);
	stats_add(l, s);
	take_gauges(amf);
	s.group = &amf_gauge_group;
	s.values = f->gauge;
	stats_add(l, s);
	s.group = &amf_time_group;
	s.values = f->times[0].words;
	stats_add(l, s);
	s.arg = amf;
	s.group = &amf_slice_group;
	s.values = f->by_slice[0];
	s.rows = amf->config.slice_count + 1u;
	s.shown = amf->config.slice_count;
	s.labels = slice_label;
	stats_add(l, s);
	s.group = &amf_cause_group;
	s.values = f->by_cause[0];
	s.rows = ARRAY_LEN(f->by_cause);
	s.shown = 0;
	s.labels = cause_label;
	stats_add(l, s);
	s.group = &amf_ngap_cause_group;
	s.values = f->by_ngap_cause[0];
	s.rows = ARRAY_LEN(f->by_ngap_cause);
	s.labels = ngap_cause_label;
	stats_add(l, s);
}
