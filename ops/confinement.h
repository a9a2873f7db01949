/* What each of our processes may still do after its start: law 7 as one table. */
#pragma once

#include "io/sandbox.h"
#include "io/sctp/sctp.h"

enum confined {
	CONFINED_CORE,
	CONFINED_UPF,
	CONFINED_UPF_HOST,       /* changes the host for the UPF, and undoes it when that has ended */
	CONFINED_UPF_FORWARDING, /* the same of a sysctl */
	CONFINED_GNB,
	CONFINED_CUCP,
	CONFINED_CUUP,
	CONFINED_DU,
	CONFINED_UE,
	CONFINED_UE_INTERFACE, /* gives the UE's interface its addresses */
	CONFINED_LOAD,
	CONFINED_CONSOLE,
	CONFINED_CONSOLE_KEEPER, /* reads and writes the configuration for it */
	CONFINED_CONSOLE_SENDER, /* sends alarms to syslog or a webhook */
	CONFINED_CONSOLE_RUNNER, /* runs the operator's command for alarms */
	CONFINED_UP,
	CONFINED_SCAN,
	CONFINED_AIR,
	CONFINED_COUNT,
};

/* Its paths are for the caller to add, where the process has some. */
struct sandbox confinement(enum confined who);
struct network_metrics;
/* Of one that may serve figures, and then accepts connections. */
struct sandbox confinement_with_metrics(enum confined who, const struct network_metrics *metrics);
/* Of one that connects by SCTP. */
struct sandbox confinement_by_sctp(enum confined who, enum io_sctp_mode mode);
