/* Events in plain words, and what an operator can do; the first row that fits counts. */
#include "ops/why.h"

static const struct why_words all[] = {
	{ "registered", NULL, NULL, "registered at {gnb}", NULL },
	{ "registration-rejected", "unknown-subscriber", NULL, "refused: there is no such subscriber",
		"freehold subscriber add imsi={imsi} k=... opc=..." },
	{ "registration-rejected", "other-network", NULL, "refused: its home network is another one",
		"plmn of network.yaml is what USIMs must have; roaming is not served" },
	{ "registration-rejected", "home-network-key", NULL,
		"refused: its concealed identity does not open with this network's keys",
		"freehold subscriber keys prints the public keys: the USIM must have one of them, under its "
		"id" },
	{ "registration-rejected", "wrong-key", NULL, "refused: the USIM's answer is wrong, K or OPc differ",
		"freehold subscriber add imsi={imsi} k=... opc=... with the keys of the USIM" },
	{ "registration-rejected", "no-algorithm", NULL, "refused: no security algorithm in common",
		"see ciphering and integrity of core.amfs; a test UE may know the null algorithm alone" },
	{ "registration-rejected", "no-slice", NULL, "refused: none of its slices is served",
		"freehold subscriber show {imsi} has its slices, slices of network.yaml those of the "
		"network" },
	{ "registration-rejected", "tracking-area", NULL, "refused: the tracking area is not served",
		"tacs of network.yaml must have the tac of the cell; freehold gnbs has those of {gnb}" },
	{ "registration-rejected", "overload", NULL, "put off: the core has too much to do",
		"it tries again by itself; freehold status has amf_overloads and amf_put_off" },
	{ "registration-rejected", "exhausted", NULL, "refused: no room",
		"freehold status has amf_exhausted; see core.amfs: ues_max, and the memory" },
	{ "registration-rejected", "fault", NULL, "refused: a function of the core failed or did not answer",
		"see the core's log at this time, and whether the disk of core.store is full" },
	{ "registration-rejected", NULL, NULL, "registration refused", "see the core's log at this time" },
	{ "authentication-failed", "wrong-key", NULL,
		"authentication failed: K or OPc of the USIM differ from the subscriber's",
		"freehold subscriber add imsi={imsi} k=... opc=... with the keys of the USIM (op= if that is "
		"what "
		"you have)" },
	{ "authentication-failed", "synchronisation", NULL,
		"authentication failed: the USIM finds the sequence number out of range again and again",
		"sqn_ind_bits of core must be what the USIM has; is the same USIM in two phones?" },
	{ "authentication-failed", "by-ue", NULL, "the UE refused the security mode",
		"see ciphering and integrity of core.amfs; a UE refuses what it does not find protected" },
	{ "authentication-failed", NULL, NULL, "authentication failed", "see the core's log at this time" },
	{ "no-answer", NULL, NULL, "the UE did not answer during its registration at {gnb}",
		"weak radio, or it left the cell: see what {gnb} logs" },
	{ "de-registered", "by-ue", NULL, "switched off or left by itself", NULL },
	{ "de-registered", "by-network", NULL, "de-registered by the network",
		"so it is when its subscriber was removed" },
	{ "de-registered", "unreachable", NULL, "de-registered: not heard of for too long",
		"out of coverage, or without power; it comes back by itself" },
	{ "de-registered", "moved", NULL, "moved to another AMF", NULL },
	{ "de-registered", "replaced", NULL, "registered again elsewhere, which ended this registration",
		NULL },
	{ "de-registered", NULL, NULL, "de-registered", NULL },
	{ "service-accepted", NULL, NULL, "became active again at {gnb}", NULL },
	{ "service-rejected", "not-registered", NULL, "asked for service without being registered",
		"it registers by itself" },
	{ "service-rejected", "overload", NULL, "service put off: the core has too much to do",
		"it tries again by itself" },
	{ "service-rejected", NULL, NULL, "service refused", "it registers again by itself" },
	{ "connection-released", NULL, "NGAP radioNetwork: user-inactivity", "idle: nothing to send", NULL },
	{ "connection-released", NULL, "NGAP nas: normal-release", "idle", NULL },
	{ "connection-released", NULL, "NGAP radioNetwork: radio-connection-with-ue-lost",
		"{gnb} lost the radio connection", "weak radio, or it left the cell" },
	{ "connection-released", NULL, NULL, "its connection at {gnb} was released", NULL },
	{ "session-established", NULL, NULL, "session {session}: DNN {dnn} in slice {slice} is up", NULL },
	{ "session-rejected", "dnn-not-subscribed", NULL,
		"session {session} refused: asked for DNN {dnn} in slice {slice}: not subscribed",
		"freehold subscriber add imsi={imsi} dnn={dnn}@{slice} ... (add replaces: give its keys and "
		"all its "
		"DNNs), or set the DNN in the phone; freehold subscriber show {imsi} has what is "
		"subscribed" },
	{ "session-rejected", "dnn-not-served", NULL,
		"session {session} refused: DNN {dnn} in slice {slice} is not of this network",
		"dnns of network.yaml has those that there are; or set the DNN in the phone" },
	{ "session-rejected", "slice-not-allowed", NULL,
		"session {session} refused: slice {slice} is not allowed to it",
		"freehold subscriber show {imsi} has its slices; dnn=NAME@{slice} adds one" },
	{ "session-rejected", "session-type", NULL,
		"session {session} refused: a type of session that is not served",
		"set IPv4 or IPv4v6, and SSC mode 1, in the phone" },
	{ "session-rejected", "no-upf", NULL, "session {session} refused: no UPF for DNN {dnn}",
		"freehold upfs: is one associated, and does its list of dnns have {dnn}?" },
	{ "session-rejected", "no-address", NULL,
		"session {session} refused: the pool of DNN {dnn} is used up",
		"a larger pool in dnns of network.yaml; freehold sessions has who has addresses" },
	{ "session-rejected", "static-address", NULL,
		"session {session} refused: its static address was somebody else's, whose session is ended "
		"now",
		"it tries again by itself" },
	{ "session-rejected", "upf-refused", NULL, "session {session} given up: the UPF refused or is silent",
		"see freehold upfs, and the UPF's log at this time" },
	{ "session-rejected", "gnb-refused", NULL,
		"session {session} given up: the gNB has no resources or is silent",
		"see the gNB's log; can it reach the UPF's n3_address, and has it the slice {slice}?" },
	{ "session-rejected", "undelivered", NULL, "session {session} given up: the UE was not to be reached",
		NULL },
	{ "session-rejected", "exhausted", NULL, "session {session} refused: no room",
		"see sessions_max of core, and the memory" },
	{ "session-rejected", "fault", NULL,
		"session {session} refused: a function of the core failed or did not answer",
		"see the core's log at this time" },
	{ "session-rejected", NULL, NULL, "session {session} for DNN {dnn} in slice {slice} refused",
		"see the core's log at this time" },
	{ "session-released", "by-ue", NULL, "session {session} (DNN {dnn}) ended by the UE", NULL },
	{ "session-released", "by-network", NULL, "session {session} (DNN {dnn}) ended by the network",
		NULL },
	{ "session-released", NULL, NULL, "session {session} (DNN {dnn}) ended with the registration", NULL },
	{ NULL, NULL, NULL, "an event that this version does not know", NULL },
};

const struct why_words *why_words(const char *event, const char *reason, const char *cause)
{
	size_t i = 0;

	while ((all[i].event && strcmp(all[i].event, event)) ||
		(all[i].reason && strcmp(all[i].reason, reason)) ||
		(all[i].cause && strncmp(all[i].cause, cause, strlen(all[i].cause))))
		i++;
	return &all[i];
}
