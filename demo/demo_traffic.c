/* The demo's traffic: ping, and a download by curl from a web server in the data network. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "demo/internal.h"
#include "io/file.h"
#include "io/netlink.h"

/* Runs a program in a host's namespace, its output to ours or a file; its exit status, -1 when it takes too
 * long. */
static int run(
	struct demo *d, enum demo_host host, const char *output, int timeout_ms, const char *const *argv)
{
	double end = demo_now_ms() + timeout_ms;
	pid_t pid = fork();
	int status = -1, fd;

	if (pid == 0) {
		fd = output ? open(output, O_WRONLY | O_CREAT | O_TRUNC, 0644) : STDOUT_FILENO;
		if (fd >= 0 && netns_enter(d->network.host[host]) && dup2(fd, STDOUT_FILENO) >= 0)
			execvp(argv[0], (char **)argv);
		fprintf(stderr, "freehold demo: %s: %m\n", argv[0]);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, WNOHANG) == 0) {
		if (demo_now_ms() > end) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		demo_pump(d, 10);
	}
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool demo_ping(struct demo *d)
{
	const char *argv[] = { "ping", "-c", "5", "-i", "0.2", "-W", "2", DEMO_DN_ADDRESS, NULL };

	demo_say(d, "ping %s from the UE's interface", DEMO_DN_ADDRESS);
	if (run(d, DEMO_UE, NULL, STEP_MS, argv) == 0)
		return true;
	fprintf(stderr, "freehold demo: no answer to ping through the network\n");
	return false;
}

/* A file of pseudo-random octets in the data network's web root. */
static bool make_file(struct demo *d, const char *path)
{
	static uint64_t block[8192];
	uint64_t x = 88172645463325252u;
	FILE *f = fopen(path, "we");
	size_t blocks = (size_t)(d->size_mb * 1e6 / sizeof(block)) + 1;

	for (size_t b = 0; f && b < blocks; b++) {
		for (size_t i = 0; i < ARRAY_LEN(block); i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			block[i] = x;
		}
		if (fwrite(block, sizeof(block), 1, f) != 1)
			break;
	}
	return f && fclose(f) == 0;
}

static pid_t start_web_server(struct demo *d, const char *root)
{
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		if (null >= 0 && netns_enter(d->network.host[DEMO_DN]) && dup2(null, STDERR_FILENO) >= 0 &&
			dup2(null, STDOUT_FILENO) >= 0)
			execlp("python3", "python3", "-m", "http.server", "-b", DEMO_DN_ADDRESS, "-d", root,
				"8080", (char *)NULL);
		_exit(127);
	}
	return pid;
}

static bool same_file(struct demo *d, const char *a, const char *b)
{
	const char *argv[] = { "cmp", a, b, NULL };

	return run(d, DEMO_DN, NULL, STEP_MS, argv) == 0;
}

static bool sha256(struct demo *d, const char *path, char out[65])
{
	const char *argv[] = { "sha256sum", path, NULL };
	char output[160];
	struct bytes text;
	bool ok;

	snprintf(output, sizeof(output), "%s/sha256", d->dir);
	if (run(d, DEMO_DN, output, STEP_MS, argv) != 0 || !file_read(output, 4096, &text))
		return false;
	ok = text.len > 64;
	if (ok)
		str_copy(out, 65, (const char *)text.data);
	file_free(&text);
	return ok;
}

bool demo_download(struct demo *d)
{
	char root[160], served[200], got[160], sum_served[65], sum_got[65];
	const char *argv[] = { "curl", "-sS", "--fail", "--retry", "20", "--retry-connrefused",
		"--retry-delay", "1", "-o", got, ("http://" DEMO_DN_ADDRESS ":8080/file"), NULL };
	double before;
	pid_t server;
	bool ok;

	snprintf(root, sizeof(root), "%s/web", d->dir);
	snprintf(served, sizeof(served), "%s/file", root);
	snprintf(got, sizeof(got), "%s/downloaded", d->dir);
	if (!file_make_dirs(root) || !make_file(d, served))
		return false;
	server = start_web_server(d, root);
	for (int i = 0; i < 30; i++) /* the server needs a moment */
		demo_pump(d, 20);
	demo_say(d, "HTTP download of %.0f MB by curl from %s", d->size_mb, DEMO_DN_ADDRESS);
	before = demo_now_ms();
	ok = run(d, DEMO_UE, NULL, DOWNLOAD_MS, argv) == 0;
	d->phase_ms[5] = demo_now_ms() - before;
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	ok = ok && same_file(d, served, got) && sha256(d, served, sum_served) && sha256(d, got, sum_got) &&
	     !strcmp(sum_served, sum_got);
	unlink(served);
	unlink(got);
	if (ok)
		demo_say(d, "sha256 %s at both ends, %.0f Mb/s", sum_got, d->size_mb * 8e3 / d->phase_ms[5]);
	else
		fprintf(stderr, "freehold demo: the download failed or differs\n");
	return ok;
}
