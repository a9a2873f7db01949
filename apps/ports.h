/* What the ports of each room carry, for logs and replays. */
#pragma once

#include "ops/message_log.h"

extern const struct port_text core_ports[], upf_ports[], gnb_ports[], cuup_ports[], du_ports[];
