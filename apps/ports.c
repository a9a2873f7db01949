#include "apps/ports.h"

#include "core/core.h"
#include "core/upf/upf.h"
#include "gnb/gnb.h"

const struct port_text core_ports[] = { { CORE_PORT_N2, CORE_PORT_N2, "N2", ngap_text },
	{ CORE_PORT_N2_MORE, CORE_PORT_N2_MORE + CORE_AMFS_MAX - 2, "N2", ngap_text },
	{ CORE_PORT_N4, CORE_PORT_N4, "N4", pfcp_text }, { 0, 0, NULL, NULL } };
const struct port_text upf_ports[] = { { UPF_PORT_N4, UPF_PORT_N4, "N4", pfcp_text }, { 0, 0, NULL, NULL } };
/* User packets on N3 are too many for a log. */
const struct port_text gnb_ports[] = { { GNB_PORT_N2, GNB_PORT_N2, "N2", ngap_text },
	{ GNB_PORT_XN, GNB_PORT_XN_SERVER, "Xn", xnap_text }, { 0, 0, NULL, NULL } };
