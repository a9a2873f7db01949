/* Values of simple elements, as enums (TS 24.501 clause 9.11). */
#pragma once

/* 9.11.3.7; bit 4 is follow-on request pending. */
enum nas_registration_type {
	NAS_REGISTRATION_INITIAL = 1,
	NAS_REGISTRATION_MOBILITY = 2,
	NAS_REGISTRATION_PERIODIC = 3,
	NAS_REGISTRATION_EMERGENCY = 4,
	NAS_REGISTRATION_SNPN_ONBOARDING = 5,
	NAS_REGISTRATION_DISASTER_MOBILITY = 6,
	NAS_REGISTRATION_DISASTER_INITIAL = 7,
	NAS_REGISTRATION_TYPE_MASK = 7,
	NAS_REGISTRATION_FOLLOW_ON = 8,
};

/* 9.11.3.32; bit 4 is TSC: 1 for a mapped security context. */
enum nas_ksi { NAS_KSI_NONE = 7, NAS_KSI_MASK = 7, NAS_KSI_MAPPED = 8 };

/* 9.11.3.6, octet 3. */
enum nas_registration_result {
	NAS_RESULT_3GPP = 1,
	NAS_RESULT_NON_3GPP = 2,
	NAS_RESULT_BOTH = 3,
	NAS_RESULT_ACCESS_MASK = 7,
	NAS_RESULT_SMS_ALLOWED = 8,
	NAS_RESULT_NSSAA_PERFORMED = 0x10,
	NAS_RESULT_EMERGENCY = 0x20,
	NAS_RESULT_DISASTER = 0x40,
};

/* 9.11.3.20 */
enum nas_deregistration_type {
	NAS_DEREGISTRATION_3GPP = 1,
	NAS_DEREGISTRATION_NON_3GPP = 2,
	NAS_DEREGISTRATION_BOTH = 3,
	NAS_DEREGISTRATION_ACCESS_MASK = 3,
	NAS_DEREGISTRATION_REREGISTER = 4,
	NAS_DEREGISTRATION_SWITCH_OFF = 8,
};

/* 9.11.3.50 */
enum nas_service_type {
	NAS_SERVICE_SIGNALLING = 0,
	NAS_SERVICE_DATA = 1,
	NAS_SERVICE_MOBILE_TERMINATED = 2,
	NAS_SERVICE_EMERGENCY = 3,
	NAS_SERVICE_EMERGENCY_FALLBACK = 4,
	NAS_SERVICE_HIGH_PRIORITY = 5,
	NAS_SERVICE_ELEVATED_SIGNALLING = 6,
};

/* 9.11.3.40 */
enum { NAS_UPDATE_NG_RAN_RCU = 2 }; /* 5GS update type, 24.501 9.11.3.9A */

enum { NAS_SLICING_DEFAULT_CONFIGURED = 2 }; /* DCNI of network slicing indication, 24.501 9.11.3.36 */

/* Headers of what the home network sends: bit 1 is the data type. */
enum { NAS_HOME_ACKNOWLEDGEMENT = 0x01 };
enum { NAS_UPU_ACKNOWLEDGE = 0x02, NAS_UPU_RE_REGISTER = 0x04 }; /* figure 9.11.3.53A.1 */
enum {                                                           /* figure 9.11.3.51.5 */
	NAS_SOR_LIST = 0x02,                                     /* there is one */
	NAS_SOR_PLMNS = 0x04,                                    /* of PLMNs, and not a secured packet */
	NAS_SOR_ACKNOWLEDGE = 0x08,
	NAS_SOR_ADDITIONAL = 0x10,
};

/* Access technology identifier, 31.102 4.2.5; some have a place of two bits that says more. */
enum nas_access {
	NAS_ACCESS_UTRA = 0x8000,
	NAS_ACCESS_EUTRA = 0x4000,
	NAS_ACCESS_EUTRA_WB = 0x2000, /* this one alone, */
	NAS_ACCESS_EUTRA_NB = 0x1000, /* or this one; both or none: both */
	NAS_ACCESS_NR = 0x0800,
	NAS_ACCESS_GSM = 0x0080,
	NAS_ACCESS_GSM_COMPACT = 0x0040,
	NAS_ACCESS_CDMA_HRPD = 0x0020,
	NAS_ACCESS_CDMA_1XRTT = 0x0010,
	NAS_ACCESS_GSM_EC = 0x0008, /* likewise */
	NAS_ACCESS_GSM_NOT_EC = 0x0004,
};

enum nas_payload_container_type {
	NAS_PAYLOAD_N1_SM = 1,
	NAS_PAYLOAD_SMS = 2,
	NAS_PAYLOAD_LPP = 3,
	NAS_PAYLOAD_SOR = 4,
	NAS_PAYLOAD_UE_POLICY = 5,
	NAS_PAYLOAD_UE_PARAMETERS = 6,
	NAS_PAYLOAD_LOCATION = 7,
	NAS_PAYLOAD_CIOT = 8,
	NAS_PAYLOAD_SERVICE_LEVEL_AA = 9,
	NAS_PAYLOAD_EVENT_NOTIFICATION = 10,
	NAS_PAYLOAD_MULTIPLE = 15,
};

/* 9.11.3.47 */
enum nas_request_type {
	NAS_REQUEST_INITIAL = 1,
	NAS_REQUEST_EXISTING = 2,
	NAS_REQUEST_INITIAL_EMERGENCY = 3,
	NAS_REQUEST_EXISTING_EMERGENCY = 4,
	NAS_REQUEST_MODIFICATION = 5,
	NAS_REQUEST_MA_PDU = 6,
};

/* 9.11.2.1A */
enum nas_access_type { NAS_ACCESS_3GPP = 1, NAS_ACCESS_NON_3GPP = 2 };

/* 9.11.3.18: bits of the configuration update indication. */
enum nas_configuration_update { NAS_UPDATE_ACKNOWLEDGE = 1, NAS_UPDATE_REGISTRATION = 2 };

/* 9.11.3.31: bits of the MICO indication. */
enum nas_mico { NAS_MICO_RAAI = 1, NAS_MICO_SPRTI = 2 };

/* 9.11.3.28 */
enum nas_imeisv_request { NAS_IMEISV_NOT_REQUESTED = 0, NAS_IMEISV_REQUESTED = 1 };

/* 9.11.3.12: bits of additional 5G security information. */
enum nas_additional_security { NAS_SECURITY_HDP = 1, NAS_SECURITY_RINMR = 2 };

/* 9.11.3.1: bits of the 5GMM capability (struct tlv_flags). */
enum nas_5gmm_capability {
	NAS_5GMM_S1_MODE = 1 << 0,
	NAS_5GMM_HO_ATTACH = 1 << 1,
	NAS_5GMM_LPP = 1 << 2,
	NAS_5GMM_RESTRICT_EC = 1 << 3,
	NAS_5GMM_CP_CIOT = 1 << 4,
	NAS_5GMM_N3_DATA = 1 << 5,
	NAS_5GMM_IPHC_CP_CIOT = 1 << 6,
	NAS_5GMM_SGC = 1 << 7,
	NAS_5GMM_SRVCC = 1 << 8,
	NAS_5GMM_UP_CIOT = 1 << 9,
	NAS_5GMM_NSSAA = 1 << 14,
	NAS_5GMM_RACS = 1 << 15,
	NAS_5GMM_CAG = 1 << 16,
	NAS_5GMM_ER_NSSAI = 1 << 20,
};

/* 9.11.3.5: bits of the 5GS network feature support (struct tlv_flags, 1 to 3 octets). */
enum nas_network_features {
	NAS_FEATURE_IMS_VOPS_3GPP = 1 << 0,
	NAS_FEATURE_IMS_VOPS_N3GPP = 1 << 1,
	NAS_FEATURE_EMC_NR = 1 << 2,
	NAS_FEATURE_EMF_NR = 1 << 4,
	NAS_FEATURE_IWK_N26 = 1 << 6,
	NAS_FEATURE_MPSI = 1 << 7,
	NAS_FEATURE_EMCN3 = 1 << 8,
	NAS_FEATURE_MCSI = 1 << 9,
	NAS_FEATURE_RESTRICT_EC = 1 << 10,
	NAS_FEATURE_CP_CIOT = 1 << 12,
	NAS_FEATURE_N3_DATA = 1 << 13,
	NAS_FEATURE_IPHC_CP_CIOT = 1 << 14,
	NAS_FEATURE_UP_CIOT = 1 << 15,
};

/* 9.11.4.1: bits of the 5GSM capability. */
enum nas_5gsm_capability { NAS_5GSM_RQOS = 1, NAS_5GSM_MH6_PDU = 2 };

/* 9.11.4.16 */
enum nas_ssc_mode { NAS_SSC_1 = 1, NAS_SSC_2 = 2, NAS_SSC_3 = 3 };

/* 9.11.4.21: the back-off timer is of all PLMNs. */
enum nas_congestion_reattempt { NAS_CONGESTION_ABO = 1 };

/* 9.11.4.17 */
enum nas_reattempt { NAS_REATTEMPT_RATC = 1, NAS_REATTEMPT_EPLMNC = 2 };
