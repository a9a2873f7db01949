#include "apps/metrics.h"

#include "apps/version.h"
#include "base/openmetrics.h"
#include "console/console.h"
#include "core/core.h"
#include "core/nrf/nrf.h"
#include "core/af/af.h"
#include "core/ausf/ausf.h"
#include "gnb/cuup/room.h"
#include "gnb/du/room.h"
#include "gnb/gnb.h"
#include "io/store/lmdb.h"
#include "io/tls.h"
#include "plane/upf.h"
#include "sim/medium/medium.h"
#include "proto/pfcp.h"

struct figures_build app_build(const char *part, const char *name)
{
	return (struct figures_build){ FREEHOLD_VERSION, FREEHOLD_COMMIT, FREEHOLD_BUILD, part, name };
}

enum whose {
	OF_CORE = 1,
	OF_UPF = 2,
	OF_GNB = 4,
	OF_AIR = 8,
	OF_CONSOLE = 16,
	OF_CUCP = 32,
	OF_CUUP = 64,
	OF_DU = 128,
	OF_UE = 256,
	OF_ALL = OF_CORE | OF_UPF | OF_GNB | OF_AIR | OF_CONSOLE | OF_CUCP | OF_CUUP | OF_DU | OF_UE
};

static const struct {
	const struct stat_group *group;
	enum whose whose;
	const char *label; /* of each instance; NULL: none */
} groups[] = {
	{ &amf_stat_group, OF_CORE, "amf" },
	{ &amf_gauge_group, OF_CORE, "amf" },
	{ &amf_slice_group, OF_CORE, "amf" },
	{ &amf_cause_group, OF_CORE, "amf" },
	{ &amf_ngap_cause_group, OF_CORE, "amf" },
	{ &amf_time_group, OF_CORE, "amf" },
	{ &smf_stat_group, OF_CORE, NULL },
	{ &smf_gauge_group, OF_CORE, NULL },
	{ &smf_dnn_group, OF_CORE, NULL },
	{ &smf_cause_group, OF_CORE, NULL },
	{ &smf_n4_cause_group, OF_CORE, NULL },
	{ &smf_time_group, OF_CORE, NULL },
	{ &pfcp_stat_group, OF_CORE | OF_UPF, NULL },
	{ &ausf_stat_group, OF_CORE, NULL },
	{ &udm_stat_group, OF_CORE, NULL },
	{ &udr_stat_group, OF_CORE, NULL },
	{ &pcf_stat_group, OF_CORE, NULL },
	{ &af_stat_group, OF_CORE, NULL },
	{ &nssf_stat_group, OF_CORE, NULL },
	{ &nrf_stat_group, OF_CORE, NULL },
	{ &sbi_stat_group, OF_CORE, NULL },
	{ &sbi_op_group, OF_CORE, NULL },
	{ &core_event_stat_group, OF_CORE, NULL },
	{ &core_alarm_stat_group, OF_CORE, NULL },
	{ &core_trace_stat_group, OF_CORE, NULL },
	{ &store_lmdb_group, OF_CORE | OF_CONSOLE, NULL },
	{ &store_lmdb_time_group, OF_CORE | OF_CONSOLE, NULL },
	{ &upf_stat_group, OF_UPF, NULL },
	{ &upf_gauge_group, OF_UPF, NULL },
	{ &upf_drop_group, OF_UPF, NULL },
	{ &upf_row_group, OF_UPF, NULL },
	{ &upf_qfi_group, OF_UPF, NULL },
	{ &upf_cause_group, OF_UPF, NULL },
	{ &plane_upf_group, OF_UPF, NULL },
	{ &gnb_stat_group, OF_GNB | OF_CUCP, "gnb" },
	{ &gnb_gauge_group, OF_GNB | OF_CUCP, "gnb" },
	{ &gnb_slice_group, OF_GNB | OF_CUCP, "gnb" },
	{ &gnb_cause_group, OF_GNB | OF_CUCP, "gnb" },
	{ &gnb_rsrp_group, OF_GNB | OF_CUCP, "gnb" },
	{ &cucp_stat_group, OF_GNB | OF_CUCP, "gnb" },
	{ &cuup_stat_group, OF_GNB | OF_CUUP, "cuup" },
	{ &du_stat_group, OF_GNB | OF_DU, "du" },
	{ &du_f1_stat_group, OF_GNB | OF_DU, "du" },
	{ &du_cqi_group, OF_GNB | OF_DU, "du" },
	{ &du_mcs_group, OF_GNB | OF_DU, "du" },
	{ &medium_stat_group, OF_AIR, NULL },
	{ &medium_gauge_group, OF_AIR, NULL },
	{ &io_sctp_group, OF_CORE | OF_GNB | OF_CUCP | OF_CUUP | OF_DU, NULL },
	{ &console_stat_group, OF_CONSOLE, NULL },
	{ &tls_stat_group, OF_CONSOLE, NULL },
	{ &bind_stat_group, OF_ALL, NULL },
	{ &bind_udp_group, OF_ALL, NULL },
	{ &samples_stat_group, OF_GNB | OF_DU | OF_AIR | OF_UE, NULL },
	{ &device_stat_group, OF_GNB | OF_DU | OF_UE, "device" },
	{ &device_time_group, OF_GNB | OF_DU | OF_UE, "device" },
	{ &device_worst_group, OF_GNB | OF_DU | OF_UE, "device" },
	{ &loop_gauge_group, OF_ALL, NULL },
	{ &loop_time_group, OF_ALL, NULL },
	{ &log_stat_group, OF_ALL, NULL },
	{ &log_level_group, OF_ALL, NULL },
	{ &http_stat_group, OF_ALL, NULL },
	{ &io_process_group, OF_ALL, NULL },
	{ &figures_build_group, OF_ALL, NULL },
};

static const struct {
	enum whose whose;
	const char *name;
} parts[] = {
	{ OF_CORE, "core" },
	{ OF_UPF, "upf" },
	{ OF_GNB, "gnb" },
	{ OF_CUCP, "cucp" },
	{ OF_CUUP, "cuup" },
	{ OF_DU, "du" },
	{ OF_UE, "ue" },
	{ OF_AIR, "air" },
	{ OF_CONSOLE, "console" },
};

static void print_family(size_t i, const struct stat_def *d, FILE *to)
{
	const struct stat_group *g = groups[i].group;
	const char *type = openmetrics_type(g, d);
	char name[OPENMETRICS_NAME_SIZE];

	openmetrics_family(g, d, name);
	fprintf(to, "%s%s\n    %s", name,
		d->type == STAT_INFO       ? "_info"
		: !strcmp(type, "counter") ? "_total"
					   : "",
		type);
	if (groups[i].label || g->labels)
		fprintf(to, " by %s%s%s", groups[i].label ? groups[i].label : "",
			groups[i].label && g->labels ? ", " : "", g->labels ? g->labels : "");
	fprintf(to, "; of");
	for (size_t k = 0; k < ARRAY_LEN(parts); k++)
		if (groups[i].whose & parts[k].whose)
			fprintf(to, " %s", parts[k].name);
	fprintf(to, "\n    %s\n", d->help);
	if (d->measurement)
		fprintf(to, "    TS 28.552: %s\n", d->measurement);
}

void metrics_reference(FILE *to)
{
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		for (size_t k = 0; k < groups[i].group->count; k++)
			print_family(i, &groups[i].group->defs[k], to);
}
