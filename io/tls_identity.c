#include "io/tls_identity.h"

#include <errno.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <unistd.h>

#include "base/addr.h"
#include "io/file.h"

enum { PEM_MAX = 1 << 16, NAMES_TEXT_MAX = 2048, SERIAL_BITS = 127, DAY_S = 86400 };

struct authority {
	X509 *certificate;
	EVP_PKEY *key;
};

static void authority_free(struct authority *a)
{
	X509_free(a->certificate);
	EVP_PKEY_free(a->key);
}

static BIO *open_pem(const char *path)
{
	return BIO_new_file(path, "r");
}

static X509 *read_certificate(const char *path)
{
	BIO *b = open_pem(path);
	X509 *x = b ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;

	BIO_free(b);
	return x;
}

static EVP_PKEY *read_key(const char *path)
{
	BIO *b = open_pem(path);
	EVP_PKEY *k = b ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : NULL;

	BIO_free(b);
	return k;
}

/* Whole or not at all, and what is secret for its owner alone. */
static bool write_pem(BIO *b, const char *path, unsigned mode)
{
	char *data;
	long len = BIO_get_mem_data(b, &data);

	return len > 0 && file_write_atomic(path, bytes_of(data, (size_t)len), mode);
}

static bool write_key(EVP_PKEY *key, const char *path)
{
	BIO *b = BIO_new(BIO_s_secmem());
	bool ok = b && PEM_write_bio_PKCS8PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1 &&
		  write_pem(b, path, 0600);

	BIO_free(b);
	return ok;
}

/* The leaf first, then who issued it (RFC 8446 4.4.2). */
bool tls_certificate_end(const char *path, uint64_t *utc_s)
{
	X509 *x = read_certificate(path);
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool ok =
		x && epoch && ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(x)) == 1 && days >= 0;

	*utc_s = ok ? (uint64_t)days * DAY_S + (uint64_t)seconds : 0;
	ASN1_TIME_free(epoch);
	X509_free(x);
	return ok;
}

static bool write_chain(X509 *leaf, X509 *issuer, const char *path)
{
	BIO *b = BIO_new(BIO_s_mem());
	bool ok = b && PEM_write_bio_X509(b, leaf) == 1 && (!issuer || PEM_write_bio_X509(b, issuer) == 1) &&
		  write_pem(b, path, 0644);

	BIO_free(b);
	return ok;
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *e;
	X509V3_CTX context;
	bool ok;

	X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	ok = e && X509_add_ext(x, e, -1) == 1;
	X509_EXTENSION_free(e);
	return ok;
}

/* RFC 5280 4.1.2.2: nobody can foresee it. */
static bool set_serial(X509 *x)
{
	BIGNUM *n = BN_new();
	bool ok = n && BN_rand(n, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
		  BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;

	BN_free(n);
	return ok;
}

/* A certificate of the key that waits for its extensions; issuer NULL: of its own. */
static X509 *begin_certificate(EVP_PKEY *key, const char *name, X509 *issuer, int days)
{
	X509 *x = X509_new();
	X509_NAME *subject = x ? X509_get_subject_name(x) : NULL;

	if (x && X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
		X509_gmtime_adj(X509_getm_notBefore(x), -DAY_S) &&
		X509_gmtime_adj(X509_getm_notAfter(x), (long)days * DAY_S) && X509_set_pubkey(x, key) == 1 &&
		X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const uint8_t *)name, -1, -1, 0) ==
			1 &&
		X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : subject) == 1)
		return x;
	X509_free(x);
	return NULL;
}

static bool make_authority(struct authority *a)
{
	static const char name[] = "Freehold console CA";

	a->key = EVP_EC_gen("P-256");
	a->certificate = a->key ? begin_certificate(a->key, name, NULL, TLS_AUTHORITY_DAYS) : NULL;
	return a->certificate &&
	       add_extension(
		       a->certificate, a->certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
	       add_extension(a->certificate, a->certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
	       add_extension(a->certificate, a->certificate, NID_subject_key_identifier, "hash") &&
	       X509_sign(a->certificate, a->key, EVP_sha256()) > 0;
}

/* "DNS:localhost,IP:127.0.0.1" */
static bool names_text(const char *const *names, size_t count, char *text, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < count && at < size; i++) {
		struct addr a;

		/* A comma would begin another entry. */
		if (names[i][strcspn(names[i], ",:\n")] && !addr_parse(names[i], &a))
			return false;
		at += (size_t)snprintf(text + at, size - at, "%s%s:%s", i ? "," : "",
			addr_parse(names[i], &a) ? "IP" : "DNS", names[i]);
	}
	return count > 0 && at < size;
}

static X509 *make_leaf(EVP_PKEY *key, const struct authority *a, const char *const *names, size_t count)
{
	char text[NAMES_TEXT_MAX];
	X509 *x = names_text(names, count, text, sizeof(text))
			  ? begin_certificate(key, "Freehold console", a->certificate, TLS_CERTIFICATE_DAYS)
			  : NULL;

	if (x && add_extension(x, a->certificate, NID_basic_constraints, "critical,CA:FALSE") &&
		add_extension(x, a->certificate, NID_key_usage, "critical,digitalSignature") &&
		add_extension(x, a->certificate, NID_ext_key_usage, "serverAuth") &&
		add_extension(x, a->certificate, NID_subject_alt_name, text) &&
		add_extension(x, a->certificate, NID_authority_key_identifier, "keyid:always") &&
		X509_sign(x, a->key, EVP_sha256()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

static bool lasts(const X509 *x, int days)
{
	int left_days, left_s;

	return ASN1_TIME_diff(&left_days, &left_s, NULL, X509_get0_notAfter(x)) == 1 && left_days >= days;
}

static bool has_names(X509 *x, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (X509_check_ip_asc(x, names[i], 0) != 1 &&
			X509_check_host(x, names[i], strlen(names[i]), 0, NULL) != 1)
			return false;
	return true;
}

/* What is there is good for these names, and for a while. */
static bool leaf_is_good(
	const struct tls_identity *id, const struct authority *a, const char *const *names, size_t count)
{
	X509 *x = read_certificate(id->certificate);
	EVP_PKEY *key = read_key(id->key);
	bool ok = x && key && X509_check_private_key(x, key) == 1 && X509_verify(x, a->key) == 1 &&
		  lasts(x, TLS_RENEW_DAYS) && has_names(x, names, count);

	X509_free(x);
	EVP_PKEY_free(key);
	return ok;
}

static bool renew_leaf(
	struct tls_identity *id, const struct authority *a, const char *const *names, size_t count)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = key ? make_leaf(key, a, names, count) : NULL;
	bool ok = x && write_key(key, id->key) && write_chain(x, a->certificate, id->certificate);

	X509_free(x);
	EVP_PKEY_free(key);
	id->made = ok;
	return ok;
}

/* A new authority is one that nobody trusts yet: one that is damaged is not replaced by itself. */
static bool load_authority(const struct tls_identity *id, const char *key_path, struct authority *a)
{
	if (access(id->authority, F_OK) != 0 && access(key_path, F_OK) != 0)
		return make_authority(a) && write_key(a->key, key_path) &&
		       write_chain(a->certificate, NULL, id->authority);
	a->certificate = read_certificate(id->authority);
	a->key = read_key(key_path);
	return a->certificate && a->key && X509_check_private_key(a->certificate, a->key) == 1 &&
	       lasts(a->certificate, TLS_CERTIFICATE_DAYS);
}

bool tls_identity_make(const char *directory, const char *const *names, size_t count,
	struct tls_identity *out, char *error, size_t error_size)
{
	char key_path[TLS_IDENTITY_PATH_SIZE];
	struct authority a = { 0 };
	bool ok;

	*out = (struct tls_identity){ 0 };
	snprintf(out->authority, sizeof(out->authority), "%s/ca.pem", directory);
	snprintf(out->certificate, sizeof(out->certificate), "%s/certificate.pem", directory);
	snprintf(out->key, sizeof(out->key), "%s/certificate-key.pem", directory);
	snprintf(key_path, sizeof(key_path), "%s/ca-key.pem", directory);
	ERR_clear_error();
	ok = load_authority(out, key_path, &a);
	if (!ok)
		snprintf(error, error_size,
			"%s and its key %s are damaged, near their end, or cannot be written; without both, "
			"new "
			"ones are made",
			out->authority, key_path);
	else if (!leaf_is_good(out, &a, names, count) && !renew_leaf(out, &a, names, count)) {
		ok = false;
		snprintf(error, error_size,
			"%s cannot be made: is each name a DNS name or an address, and "
			"is the disk full?",
			out->certificate);
	}
	authority_free(&a);
	ERR_clear_error();
	return ok;
}
