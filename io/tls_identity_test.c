/* The console's certificate: made once, kept, made again for other names, and never by an authority that is
 * damaged. */
#include "io/tls_identity.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "base/test.h"
#include "io/file.h"

static char directory[64];
static const char *const names[] = { "127.0.0.1", "localhost", "core.example", "2001:db8::1" };

static int begin(void **state)
{
	str_copy(directory, sizeof(directory), "/tmp/tls_identity_XXXXXX");
	return mkdtemp(directory) ? 0 : -1;
}

static int end(void **state)
{
	static const char *const files[] = { "ca.pem", "ca-key.pem", "certificate.pem",
		"certificate-key.pem" };
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, files[i]);
		unlink(path);
	}
	return rmdir(directory);
}

static bool make(const char *const *list, size_t count, struct tls_identity *id)
{
	char error[512];

	return tls_identity_make(directory, list, count, id, error, sizeof(error));
}

static X509 *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	X509 *x = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;

	if (f)
		fclose(f);
	assert_non_null(x);
	return x;
}

/* As a browser that trusts the authority sees it. */
static void is_good_for(const struct tls_identity *id, const char *host, bool good)
{
	X509 *authority = read_file(id->authority), *leaf = read_file(id->certificate);
	X509_STORE *trusted = X509_STORE_new();
	X509_STORE_CTX *check = X509_STORE_CTX_new();
	bool ok;

	assert_int_equal(X509_STORE_add_cert(trusted, authority), 1);
	assert_int_equal(X509_STORE_CTX_init(check, trusted, leaf, NULL), 1);
	X509_STORE_CTX_set_purpose(check, X509_PURPOSE_SSL_SERVER);
	ok = X509_verify_cert(check) == 1 &&
	     (X509_check_host(leaf, host, 0, 0, NULL) == 1 || X509_check_ip_asc(leaf, host, 0) == 1);
	assert_int_equal(ok, good);
	X509_STORE_CTX_free(check);
	X509_STORE_free(trusted);
	X509_free(leaf);
	X509_free(authority);
}

static void is_made_once(void **state)
{
	struct tls_identity id;

	assert_true(make(names, 3, &id) && id.made);
	is_good_for(&id, "core.example", true);
	is_good_for(&id, "127.0.0.1", true);
	is_good_for(&id, "2001:db8::1", false);
	assert_true(make(names, 3, &id) && !id.made);
	assert_true(make(names, 4, &id) && id.made);
	is_good_for(&id, "2001:db8::1", true);
}

static void refuses_bad_names(void **state)
{
	static const char *const bad[] = { "a,IP:10.0.0.1", "a\nDNS:b", "a:b" };
	struct tls_identity id;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(make(&bad[i], 1, &id));
}

static void keeps_a_damaged_authority(void **state)
{
	struct tls_identity id;
	char key[128];

	assert_true(make(names, 1, &id));
	snprintf(key, sizeof(key), "%s/ca-key.pem", directory);
	assert_true(file_write_atomic(key, bytes_of_str("nothing"), 0600));
	assert_false(make(names, 1, &id));
	assert_int_equal(unlink(key), 0);
	assert_false(make(names, 1, &id));
	is_good_for(&id, "127.0.0.1", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_made_once, begin, end),
		cmocka_unit_test_setup_teardown(refuses_bad_names, begin, end),
		cmocka_unit_test_setup_teardown(keeps_a_damaged_authority, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
