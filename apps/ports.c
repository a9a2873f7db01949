#include "apps/ports.h"

#include "core/core.h"
#include "core/upf/upf.h"
#include "gnb/cuup/room.h"
#include "gnb/du/room.h"
#include "gnb/gnb.h"

const struct port_text core_ports[] = { { CORE_PORT_N2, CORE_PORT_N2, "N2", ngap_text },
	{ CORE_PORT_N2_MORE, CORE_PORT_N2_MORE + CORE_AMFS_MAX - 2, "N2", ngap_text },
	{ CORE_PORT_N4, CORE_PORT_N4, "N4", pfcp_text }, { 0, 0, NULL, NULL } };
const struct port_text upf_ports[] = { { UPF_PORT_N4, UPF_PORT_N4, "N4", pfcp_text }, { 0, 0, NULL, NULL } };
/* User packets on N3 are too many for a log. */
const struct port_text gnb_ports[] = { { GNB_PORT_N2, GNB_PORT_N2, "N2", ngap_text },
	{ GNB_PORT_XN, GNB_PORT_XN_SERVER, "Xn", xnap_text }, { GNB_PORT_F1, GNB_PORT_F1, "F1", f1ap_text },
	{ GNB_PORT_E1, GNB_PORT_E1, "E1", e1ap_text }, { 0, 0, NULL, NULL } };
/* Of processes of their own, whose rooms' ports begin with 0. */
const struct port_text cuup_ports[] = { { CUUP_PORT_E1, CUUP_PORT_E1, "E1", e1ap_text },
	{ 0, 0, NULL, NULL } };
const struct port_text du_ports[] = { { DU_PORT_F1, DU_PORT_F1, "F1", f1ap_text }, { 0, 0, NULL, NULL } };
