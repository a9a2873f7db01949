/* Inside the DU's end of F1AP. */
#pragma once

#include "base/hash.h"
#include "base/pool.h"
#include "base/timers.h"
#include "gnb/du/f1ap.h"

enum {
	DU_F1AP_ARENA_OCTETS = 16384,
	DU_F1AP_ARENA_LIMIT = 1 << 20,
	DU_F1AP_PDU_MAX = 16384,
	DU_F1AP_SETUP_MS = 5000, /* between two attempts at F1 Setup */
	DU_F1AP_CU_MS = 5000,    /* for the CU's first word of a UE */
	DU_F1AP_GENERATION_SHIFT = 20,
};

struct du_f1ap_ue {
	struct hash_node by_c_rnti;
	struct timer silence; /* runs until the CU has named it */
	uint32_t id;          /* gNB-DU UE F1AP ID: a place, and how often it was taken */
	bool has_cu_id;
	uint32_t cu_id;
	uint16_t c_rnti;
};

struct du_f1ap {
	struct du_f1ap_config config;
	struct pool ues;
	struct hash by_c_rnti;
	uint32_t *generations;
	struct timers timers;
	struct timer setup;
	bool up, removing;
	uint16_t active; /* bit n: the n-th cell */
	uint8_t transaction;
	struct du_f1ap_stats stats;
};

/* f1ap.c */
bool du_f1ap_send(struct du_f1ap *f, enum f1ap_message message, const void *body);
/* NULL, counted: there is none of that name. The first message that names the CU's fixes the pair. */
struct du_f1ap_ue *du_f1ap_ue_find(struct du_f1ap *f, uint32_t cu_id, uint32_t id);
struct du_f1ap_ue *du_f1ap_ue_by_c_rnti(const struct du_f1ap *f, uint16_t c_rnti);
void du_f1ap_ue_free(struct du_f1ap *f, struct du_f1ap_ue *ue);
/* Likewise, and the layers below let go of it. */
void du_f1ap_ue_release(struct du_f1ap *f, struct du_f1ap_ue *ue);
void du_f1ap_unknown_ue(struct du_f1ap *f, uint32_t cu_id, uint32_t id);

/* f1ap_setup.c */
void du_f1ap_setup_send(struct du_f1ap *f);
void du_f1ap_setup_response(struct du_f1ap *f, const struct f1ap_f1_setup_response *m);
void du_f1ap_setup_failure(struct du_f1ap *f, const struct f1ap_f1_setup_failure *m);
void du_f1ap_reset(struct du_f1ap *f, const struct f1ap_reset *m);

/* f1ap_configuration_update.c */
/* False: it is none of ours, or is to be one that it is not. */
bool du_f1ap_cell_activate(struct du_f1ap *f, const struct f1ap_cells_to_be_activated_list_item *in);
void du_f1ap_cu_configuration_update(struct du_f1ap *f, const struct f1ap_gnb_cu_configuration_update *m);

/* f1ap_removal.c */
void du_f1ap_removal_request(struct du_f1ap *f, const struct f1ap_f1_removal_request *m);
void du_f1ap_removal_answered(struct du_f1ap *f);

/* f1ap_ue_context.c */
void du_f1ap_context_setup(struct du_f1ap *f, const struct f1ap_ue_context_setup_request *m);
void du_f1ap_context_modification(struct du_f1ap *f, const struct f1ap_ue_context_modification_request *m);
void du_f1ap_context_release(struct du_f1ap *f, const struct f1ap_ue_context_release_command *m);

/* f1ap_ue_context_required.c */
void du_f1ap_modification_answered(struct du_f1ap *f, uint32_t cu_id, uint32_t id, bool confirmed);

/* f1ap_warning.c */
void du_f1ap_write_replace(struct du_f1ap *f, const struct f1ap_write_replace_warning_request *m);
void du_f1ap_pws_cancel(struct du_f1ap *f, const struct f1ap_pws_cancel_request *m);

/* f1ap_rrc.c, f1ap_paging.c */
void du_f1ap_dl_rrc(struct du_f1ap *f, const struct f1ap_dl_rrc_message_transfer *m);
void du_f1ap_paging(struct du_f1ap *f, const struct f1ap_paging *m);
