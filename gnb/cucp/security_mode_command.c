/* Initial AS security activation at the gNB (38.331 5.3.4). */
#include "gnb/cucp/internal.h"

/* 5.3.4.2: the command is protected and not ciphered, and the answer will be so. */
bool cucp_security_activate(
	struct cucp_ue *ue, const uint8_t k_gnb[KDF_KEY_LEN], enum nea_alg ea, enum nia_alg ia)
{
	struct rrc_dl_dcch_message_type_c1 m = {
		.tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_SECURITY_MODE_COMMAND
	};
	struct rrc_security_mode_command *command = &m.u.security_mode_command;
	struct pdcp_security keys;
	bool ok;

	if (!ue->known || ue->secured || ue->procedure != CUCP_NONE ||
		!rrc_srb_security(k_gnb, ea, ia, &keys))
		return false;
	ue->transaction = (ue->transaction + 1) & 3;
	command->rrc_transaction_identifier = ue->transaction;
	command->critical_extensions.tag =
		RRC_SECURITY_MODE_COMMAND_CRITICAL_EXTENSIONS_TAG_SECURITY_MODE_COMMAND;
	command->critical_extensions.u.security_mode_command.security_config_smc.security_algorithm_config =
		(struct rrc_security_algorithm_config){ (enum rrc_ciphering_algorithm)ea, true,
			(enum rrc_integrity_prot_algorithm)ia };
	ok = bytes_copy(ue->k_gnb, sizeof(ue->k_gnb), bytes_of(k_gnb, KDF_KEY_LEN)) &&
	     pdcp_secure(ue->srb[1].pdcp, &keys, PDCP_TX_INTEGRITY) && cucp_send_on(ue, 1, &m);
	explicit_bzero(&keys, sizeof(keys));
	ue->ea = ea;
	ue->ia = ia;
	if (ok)
		cucp_guard(ue, CUCP_SECURITY, CUCP_RRC_MS);
	return ok;
}

/* A failure comes unprotected, a completion must not: it is verified here, as its keys are not on yet. */
static bool is_answer(struct cucp_ue *ue, const struct sdu *sdu, bool completed, struct pdcp_security *keys)
{
	return rrc_srb_security(ue->k_gnb, ue->ea, ue->ia, keys) &&
	       (!completed || pdcp_verify(ue->srb[1].pdcp, keys, sdu));
}

void cucp_security_answered(struct cucp_ue *ue, uint8_t transaction, const struct sdu *sdu, bool completed)
{
	const struct cucp_upper *upper = &ue->c->config.upper;
	struct pdcp_security keys;
	bool ok;

	if (ue->procedure != CUCP_SECURITY || transaction != ue->transaction) {
		ue->c->stats.not_comprehended++;
		return;
	}
	ok = is_answer(ue, sdu, completed, &keys);
	if (!ok) {
		ue->c->stats.integrity_failures++;
		explicit_bzero(&keys, sizeof(keys));
		return;
	}
	ue->secured = completed && pdcp_secure(ue->srb[1].pdcp, &keys, PDCP_ALL_SECURITY);
	explicit_bzero(&keys, sizeof(keys));
	upper->security_completed(upper->arg, ue->user, ue->secured);
	if (ue->procedure == CUCP_SECURITY)
		cucp_done(ue);
}
