#include "io/http_post.h"

#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/addr.h"

enum { HEAD_SIZE = 1024, PORT_SIZE = 8, STATUS_SIZE = 128 };

/* One that is under way. */
struct post {
	const struct url *to;
	int fd;
	SSL_CTX *context; /* NULL: plain */
	SSL *ssl;
	char *error;
	size_t error_size;
};

static bool say(struct post *p, const char *what, const char *why)
{
	snprintf(p->error, p->error_size, "%s: %s", what, why);
	return false;
}

static bool say_tls(struct post *p, const char *what)
{
	unsigned long code = ERR_get_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;
	long verified = p->ssl ? SSL_get_verify_result(p->ssl) : X509_V_OK;

	ERR_clear_error();
	if (verified != X509_V_OK)
		reason = X509_verify_cert_error_string(verified);
	return say(p, what, reason ? reason : errno ? strerror(errno) : "the connection was closed");
}

static int connect_one(const struct addrinfo *a)
{
	struct timeval limit = { .tv_sec = HTTP_POST_S };
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0 &&
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0 &&
		connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error == EINPROGRESS ? ETIMEDOUT : error;
	return -1;
}

static bool reach(struct post *p)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	char port[PORT_SIZE];
	int wrong;

	snprintf(port, sizeof(port), "%u", p->to->port);
	wrong = getaddrinfo(p->to->host, port, &hints, &list);
	if (wrong)
		return say(p, p->to->host, gai_strerror(wrong));
	for (const struct addrinfo *a = list; a && p->fd < 0; a = a->ai_next)
		p->fd = connect_one(a);
	freeaddrinfo(list);
	return p->fd >= 0 || say(p, p->to->host, strerror(errno));
}

/* The certificate's name is the host's, or its address. */
static bool expect_host(SSL *ssl, const char *host)
{
	struct addr address;

	if (addr_parse(host, &address))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
	return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static bool shake(struct post *p, const char *ca)
{
	ERR_clear_error();
	p->context = SSL_CTX_new(TLS_client_method());
	if (!p->context || SSL_CTX_set_min_proto_version(p->context, TLS1_2_VERSION) != 1)
		return say_tls(p, "TLS");
	if ((ca ? SSL_CTX_load_verify_file(p->context, ca) : SSL_CTX_set_default_verify_paths(p->context)) !=
		1)
		return say_tls(p, ca ? ca : "the authorities of this host");
	SSL_CTX_set_verify(p->context, SSL_VERIFY_PEER, NULL);
	p->ssl = SSL_new(p->context);
	if (!p->ssl || !expect_host(p->ssl, p->to->host) || SSL_set_fd(p->ssl, p->fd) != 1)
		return say_tls(p, "TLS");
	errno = 0;
	return SSL_connect(p->ssl) == 1 || say_tls(p, p->to->host);
}

static bool put(struct post *p, struct bytes b)
{
	while (b.len > 0) {
		ssize_t n = p->ssl ? SSL_write(p->ssl, b.data, (int)b.len)
				   : send(p->fd, b.data, b.len, MSG_NOSIGNAL);

		if (n <= 0)
			return p->ssl ? say_tls(p, p->to->host) : say(p, p->to->host, strerror(errno));
		b = bytes_of(b.data + n, b.len - (size_t)n);
	}
	return true;
}

static time_t now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* The status line is enough: 2xx is taken. It is all there in time, however many pieces it comes in. */
static bool is_taken(struct post *p)
{
	time_t until_s = now_s() + HTTP_POST_S;
	char line[STATUS_SIZE] = "";
	size_t len = 0;

	while (len < sizeof(line) - 1 && !memchr(line, '\n', len)) {
		size_t room = sizeof(line) - 1 - len;
		ssize_t n =
			p->ssl ? SSL_read(p->ssl, line + len, (int)room) : recv(p->fd, line + len, room, 0);

		if (n <= 0)
			return p->ssl ? say_tls(p, p->to->host)
				      : say(p, p->to->host,
						n < 0 ? strerror(errno) : "closed without an answer");
		if (now_s() > until_s)
			return say(p, p->to->host, "the answer takes too long");
		len += (size_t)n;
	}
	line[strcspn(line, "\r\n")] = '\0';
	for (char *c = line; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return (!strncmp(line, "HTTP/1.", 7) && !strncmp(line + 8, " 2", 2)) || say(p, "answers", line);
}

static bool ask(struct post *p, const char *token, struct bytes json)
{
	bool v6 = strchr(p->to->host, ':') != NULL;
	char head[HEAD_SIZE];
	int len = snprintf(head, sizeof(head),
		"POST %s HTTP/1.1\r\nHost: %s%s%s:%u\r\nContent-Type: application/json\r\nContent-Length: "
		"%zu\r\n"
		"Connection: close\r\n%s%s%s\r\n",
		p->to->path, v6 ? "[" : "", p->to->host, v6 ? "]" : "", p->to->port, json.len,
		token ? "Authorization: Bearer " : "", token ? token : "", token ? "\r\n" : "");
	bool ok;

	if (len < 0 || (size_t)len >= sizeof(head))
		return say(p, p->to->host, "the request is too long");
	ok = put(p, bytes_of(head, (size_t)len)) && put(p, json) && is_taken(p);
	explicit_bzero(head, sizeof(head));
	return ok;
}

bool http_post(const struct url *to, const char *ca, const char *token, struct bytes json, char *error,
	size_t error_size)
{
	struct post p = { .to = to, .fd = -1, .error = error, .error_size = error_size };
	bool ok = reach(&p) && (!to->tls || shake(&p, ca)) && ask(&p, token, json);

	SSL_free(p.ssl);
	SSL_CTX_free(p.context);
	if (p.fd >= 0)
		close(p.fd);
	ERR_clear_error();
	return ok;
}

void http_post_prepare(void)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;

	OPENSSL_init_ssl(0, NULL);
	if (getaddrinfo("localhost", "80", &hints, &list) == 0)
		freeaddrinfo(list);
}
