#include "io/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TICK_MS = 20 };

/* Input is less than a pipe holds (pipe(7): 4096 at least), so nobody waits for a reader. */
enum { INPUT_MAX = 4096 };

static void begin(char *const argv[], int in)
{
	char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	char *const env[] = { path, NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		_exit(126);
	execve(argv[0], argv, env);
	_exit(127);
}

/* Its status; false: it is killed, since it does not end. */
static bool wait_for(pid_t pid, int *status)
{
	for (int ms = 0; ms < COMMAND_S * 1000; ms += TICK_MS) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		poll(NULL, 0, TICK_MS);
	}
	kill(pid, SIGKILL);
	waitpid(pid, status, 0);
	return false;
}

static bool say(const char *path, int status, char *error, size_t size)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		snprintf(error, size, "%s cannot be run", path);
	else if (WIFEXITED(status))
		snprintf(error, size, "%s ended with %d", path, WEXITSTATUS(status));
	else
		snprintf(error, size, "%s ended by signal %d", path, WTERMSIG(status));
	return false;
}

bool command_run(char *const argv[], struct bytes input, char *error, size_t error_size)
{
	int in[2], status = 0;
	bool ended;
	pid_t pid;

	if (input.len > INPUT_MAX || pipe2(in, O_CLOEXEC) != 0) {
		snprintf(error, error_size, "%s: %s", argv[0],
			input.len > INPUT_MAX ? "too much input" : strerror(errno));
		return false;
	}
	pid = fork();
	if (pid == 0)
		begin(argv, in[0]);
	close(in[0]);
	if (pid > 0 && write(in[1], input.data, input.len) < 0 && errno != EPIPE)
		snprintf(error, error_size, "%s: %m", argv[0]);
	close(in[1]);
	if (pid < 0) {
		snprintf(error, error_size, "%s: %m", argv[0]);
		return false;
	}
	ended = wait_for(pid, &status);
	if (!ended)
		snprintf(error, error_size, "%s has not ended within %d s", argv[0], COMMAND_S);
	return ended && say(argv[0], status, error, error_size);
}
