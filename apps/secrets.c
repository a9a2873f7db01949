#include "apps/secrets.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "io/file.h"

enum secrets_found { SECRETS_MADE, SECRETS_READ, SECRETS_DAMAGED, SECRETS_FAILED };

static enum secrets_found read_file(const char *path, uint8_t secrets[SECRETS_SIZE])
{
	struct bytes file;
	bool whole;

	if (!file_read(path, SECRETS_SIZE, &file))
		return errno == EFBIG ? SECRETS_DAMAGED : SECRETS_FAILED;
	whole = file.len == SECRETS_SIZE && bytes_copy(secrets, SECRETS_SIZE, file);
	explicit_bzero((uint8_t *)file.data, file.len);
	file_free(&file);
	return whole ? SECRETS_READ : SECRETS_DAMAGED;
}

static enum secrets_found make_file(const char *path, struct env *env, uint8_t secrets[SECRETS_SIZE])
{
	env_random(env, secrets, SECRETS_SIZE);
	return file_write_atomic(path, bytes_of(secrets, SECRETS_SIZE), 0600) ? SECRETS_MADE : SECRETS_FAILED;
}

static void take(const uint8_t secrets[SECRETS_SIZE], bool own_hn_keys, struct core_config *config)
{
	bytes_copy(config->udm.seal_key, SEAL_KEY_LEN, bytes_of(secrets, SEAL_KEY_LEN));
	for (uint8_t i = 0; i < CORE_AMFS_MAX; i++)
		bytes_copy(config->amfs[i].seal_key, SEAL_KEY_LEN, bytes_of(secrets, SEAL_KEY_LEN));
	for (uint8_t i = 0; own_hn_keys && i < SECRETS_HN_KEYS; i++) {
		struct udm_hn_key *k = &config->udm.hn_keys[config->udm.hn_key_count++];

		k->id = (uint8_t)(i + 1);
		k->scheme = i == 0 ? SUCI_PROFILE_A : SUCI_PROFILE_B;
		bytes_copy(k->private_key, SUCI_PRIVATE_LEN,
			bytes_of(secrets + SEAL_KEY_LEN + i * SUCI_PRIVATE_LEN, SUCI_PRIVATE_LEN));
	}
}

bool secrets_take(struct bytes file, bool own_hn_keys, struct core_config *config)
{
	if (file.len == SECRETS_SIZE)
		take(file.data, own_hn_keys, config);
	return file.len == SECRETS_SIZE;
}

bool secrets_load(const char *path, struct env *env, bool own_hn_keys, struct core_config *config,
	char error[SECRETS_ERROR_SIZE])
{
	static const char remedy[] =
		"restore it from a backup; or remove the store and add all subscribers again";
	uint8_t secrets[SECRETS_SIZE] = { 0 };
	enum secrets_found found;
	bool ok = false, exists = access(path, F_OK) == 0 || errno != ENOENT;

	if (!exists && core_seal_check(env, secrets) != CORE_SEAL_NONE) {
		snprintf(error, SECRETS_ERROR_SIZE,
			"%s is missing, and the store's keys are sealed with it: %s", path, remedy);
		return false;
	}
	found = exists ? read_file(path, secrets) : make_file(path, env, secrets);
	if (found == SECRETS_FAILED)
		snprintf(error, SECRETS_ERROR_SIZE, "%s: %s", path, strerror(errno));
	else if (found == SECRETS_DAMAGED)
		snprintf(error, SECRETS_ERROR_SIZE, "%s is damaged: %s", path, remedy);
	else if (core_seal_check(env, secrets) == CORE_SEAL_DIFFERS)
		snprintf(error, SECRETS_ERROR_SIZE,
			"%s is not the one that the store's keys are sealed with: %s", path, remedy);
	else
		ok = true;
	if (ok)
		take(secrets, own_hn_keys, config);
	explicit_bzero(secrets, sizeof(secrets));
	return ok;
}
