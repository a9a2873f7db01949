#include "apps/passphrase.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* One line, without its end; false if it is too long, or there is none. */
static bool read_line(FILE *f, char out[PASSPHRASE_SIZE])
{
	size_t len;

	if (!fgets(out, PASSPHRASE_SIZE, f))
		return false;
	len = strcspn(out, "\r\n");
	if (len == PASSPHRASE_SIZE - 1)
		return false;
	out[len] = '\0';
	return true;
}

/* Signals are let through with the echo off: a shell puts its terminal right again. */
static bool ask(FILE *terminal, const char *question, char out[PASSPHRASE_SIZE])
{
	struct termios as_was, quiet;
	bool ok;

	if (tcgetattr(fileno(terminal), &as_was) != 0)
		return false;
	quiet = as_was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	/* What was typed before the question is dropped. */
	ok = tcsetattr(fileno(terminal), TCSAFLUSH, &quiet) == 0;
	if (ok) {
		dprintf(fileno(terminal), "%s", question); /* the stream is read from alone */
		ok = read_line(terminal, out);
	}
	tcsetattr(fileno(terminal), TCSAFLUSH, &as_was);
	dprintf(fileno(terminal), "\n");
	return ok;
}

static bool ask_terminal(bool new, char out[PASSPHRASE_SIZE])
{
	char again[PASSPHRASE_SIZE] = "";
	FILE *terminal = fopen("/dev/tty", "r+e");
	bool ok;

	if (!terminal) {
		fprintf(stderr,
			"freehold: there is no terminal to ask for the passphrase: --passphrase-file\n");
		return false;
	}
	setvbuf(terminal, NULL, _IONBF, 0);
	ok = ask(terminal, "Passphrase: ", out) && (!new || ask(terminal, "Again: ", again));
	fclose(terminal);
	if (ok && new && strcmp(out, again) != 0) {
		fprintf(stderr, "freehold: the two are not the same\n");
		ok = false;
	}
	explicit_bzero(again, sizeof(again));
	return ok;
}

static bool read_file(const char *file, char out[PASSPHRASE_SIZE])
{
	FILE *f = fopen(file, "re");
	bool ok;

	if (!f) {
		fprintf(stderr, "freehold: %s: %m\n", file);
		return false;
	}
	setvbuf(f, NULL, _IONBF, 0); /* no copy stays in a buffer */
	ok = read_line(f, out);
	fclose(f);
	if (!ok)
		fprintf(stderr, "freehold: %s: expected a line of up to %d octets\n", file,
			PASSPHRASE_SIZE - 2);
	return ok;
}

bool passphrase_read(const char *file, bool new, char out[PASSPHRASE_SIZE])
{
	bool ok = file ? read_file(file, out) : ask_terminal(new, out);

	if (!ok || !new || strlen(out) >= PASSPHRASE_MIN)
		return ok;
	fprintf(stderr, "freehold: the passphrase has less than %d characters\n", PASSPHRASE_MIN);
	return false;
}
