#!/usr/bin/env python3
"""Manual pages and completions of bash and zsh from what the program itself prints: manual.py FREEHOLD OUTPUT-DIRECTORY.

`freehold help` has the commands, `freehold help COMMAND` each one's options, `freehold help keys` the keys of network.yaml, `freehold help families` the figures:
the tables and texts
of the program are the one place of each. The same program gives the same octets.
"""
import os
import re
import subprocess
import sys

EXIT = [("0", "done"), ("1", "failed: what was asked could not be done, or ended with a fault"), ("2", "asked wrongly: arguments, or network.yaml")]
FILES = [("/etc/freehold/network.yaml", "the network: for the units, and for commands without -c FILE where there is no ./network.yaml"),
         ("/var/lib/freehold/core", "the store (core.store): subscribers, registrations, sessions and the network's own keys"),
         ("/run/freehold/core.sock", "the control socket (core.control)")]


def ask(freehold, *words):
    return subprocess.run([freehold, "help", *words], stdout=subprocess.PIPE, text=True, check=True).stdout


def roff(text):
    """Text as troff reads it: no character of its own, no request at a line's beginning."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"(?m)^\.", "\\&.", text)


def body(text):
    """Paragraphs are filled; a paragraph that lays something out, by an indented line or wide gaps, stays as it is."""
    out = []
    for paragraph in text.strip("\n").split("\n\n"):
        paragraph = re.sub(r"(?m)^(?=Options:)", "\0", paragraph).strip("\0")
        laid_out = re.search(r"(?m)^ |\S {2,}\S", paragraph)
        out.append("%s%s%s" % (".nf\n" if laid_out else "", roff(paragraph).replace("\0", ".br\n"), "\n.fi" if laid_out else ""))
    return "\n.PP\n".join(out) + "\n"


def tagged(pairs):
    return "".join(".TP\n.B %s\n%s\n" % (roff(name), roff(text)) for name, text in pairs)


def page(name, section, short, synopsis, *parts):
    text = '.TH "%s" %d "" freehold Freehold\n.SH NAME\n%s \\- %s\n' % (roff(name.upper()), section, roff(name), roff(short))
    if synopsis:
        text += ".SH SYNOPSIS\n.nf\n%s\n.fi\n" % roff(synopsis)
    return text + "".join(".SH %s\n%s" % part for part in parts if part[1])


class Command:
    """One command, by its help: the synopsis up to the first empty line, its options, its words."""

    def __init__(self, name, short, text):
        self.name, self.short = name, short
        self.synopsis, _, self.text = text.partition("\n\n")
        # Prose names options of other commands too.
        stated = text if "[options]" in self.synopsis else self.synopsis + "".join(re.findall(r"(?m)^Options:.*$", text))
        self.options = sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*(?<!-)", stated)) | {"--help"})
        if re.search(r"(?<!\w)-c\b", stated):
            self.options.append("-c")
        self.words = re.findall(r"(?m)^freehold %s ([a-z]+)" % name, text)
        named = re.search(r"(?m)^PROTOCOL: ((?:[a-z0-9-]+\s+)+)", text)
        self.words += named.group(1).split() if named else []
        # Of an option with a few words as its value: which.
        self.values = dict(re.findall(r"(--[a-z0-9-]+) +([\w-]+(?:\|[\w-]+)+)", text))

    def page(self):
        exits = ("EXIT STATUS", tagged(EXIT)) if not re.search(r"Exit status:|Status 0:", self.text) else ("", "")
        return page("freehold-" + self.name, 1, self.short, self.synopsis, ("DESCRIPTION", body(self.text)), exits,
                    ("SEE ALSO", ".BR freehold (1),\n.BR network.yaml (5)\n"))


def main_page(commands):
    listed = "".join(".TP\n.BR freehold\\-%s (1)\n%s\n" % (roff(c.name), roff(c.short)) for c in commands)
    about = ("One program is the whole network: core, user plane, gNB and test UE, and what operates them. "
             "What a network is stands in one file, network.yaml.")
    return page("freehold", 1, "a 5G standalone network",
                "freehold COMMAND [options]\nfreehold help [COMMAND | keys | families]\nfreehold --version", ("DESCRIPTION", roff(about) + "\n"),
                ("COMMANDS", listed), ("FILES", tagged(FILES)), ("EXIT STATUS", tagged(EXIT)), ("SEE ALSO", ".BR network.yaml (5)\n"))


def entries_of(text):
    """Names at the beginning of lines, each with the indented lines below it, tagged."""
    entries = []
    for line in text.splitlines():
        if line[:1] != " ":
            entries.append((line, []))
        else:
            entries[-1][1].append(roff(line.strip()))
    return "".join(".TP\n.B %s\n%s\n" % (roff(name), "\n.br\n".join(lines) or "\\&") for name, lines in entries)


def families_page(text):
    about = ("What freehold metrics prints, and what a part of the network serves where metrics_address is set in network.yaml: OpenMetrics text. "
             "Slices and data networks are those of the configuration; all others together are \"other\". "
             "A series of a cause stands there once the cause has been counted. Names are those of 3GPP TS 28.552 where it has one, in lower case with underscores.")
    return page("freehold-metrics", 5, "the figures of a Freehold network", "", ("DESCRIPTION", roff(about) + "\n"), ("FAMILIES", entries_of(text)),
                ("SEE ALSO", ".BR freehold\\-metrics (1)\n"))


def keys_page(text):
    about = ("YAML. A key below is its path in the file; [] is each item of a list. "
             "What is not known, or not within its range, is refused with file, line, key and what was expected.")
    return page("network.yaml", 5, "the configuration of a Freehold network", "", ("DESCRIPTION", roff(about) + "\n"), ("KEYS", entries_of(text)),
                ("FILES", tagged(FILES[:1])), ("SEE ALSO", ".BR freehold (1)\n"))


def bash(commands):
    names = " ".join(c.name for c in commands)
    out = ['_freehold()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n'
           '\tif [ "$COMP_CWORD" = 1 ]; then\n\t\twords="%s help --help --version"\n\telse\n\t\tcase "${COMP_WORDS[1]} $prev" in\n' % names,
           '\t\t*" -c") ;;\n\t\t"help "*) words="%s keys families" ;;\n' % names]
    for c in commands:
        out += ['\t\t"%s %s") words="%s" ;;\n' % (c.name, option, values.replace("|", " ")) for option, values in sorted(c.values.items())]
    out += ['\t\t"%s "*) words="%s" ;;\n' % (c.name, " ".join(c.words + c.options)) for c in commands]
    out.append('\t\tesac\n\tfi\n\tCOMPREPLY=($(compgen -W "$words" -- "$cur"))\n}\ncomplete -o default -F _freehold freehold\n')
    return "".join(out)


def zsh(commands):
    def quoted(text):
        return "'%s'" % text.replace("'", "'\\''")

    listed = " ".join(quoted("%s:%s" % (c.name, c.short)) for c in commands)
    out = ["#compdef freehold\nlocal -a commands=(%s)\n" % listed,
           "if (( CURRENT == 2 )); then\n\tcommands+=('help:more of a command, of the keys of network.yaml, of the figures' --help --version)\n"
           "\t_describe command commands\n\treturn\nfi\nlocal -a words_of=()\ncase \"$words[2] $words[CURRENT-1]\" in\n",
           '*" -c") _files; return ;;\n"help "*) commands+=(keys families); _describe command commands; return ;;\n']
    for c in commands:
        out += ['"%s %s") words_of=(%s) ;;\n' % (c.name, option, values.replace("|", " ")) for option, values in sorted(c.values.items())]
    out += ['"%s "*) words_of=(%s) ;;\n' % (c.name, " ".join(c.words + c.options)) for c in commands]
    out.append('esac\n[[ "$PREFIX" == -* ]] || _files\ncompadd -- $words_of\n')
    return "".join(out)


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    freehold, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    listed = re.findall(r"(?m)^  ([a-z]+) +(\S.*)$", ask(freehold))
    commands = [Command(name, short, ask(freehold, name)) for name, short in listed]
    write(folder, "man/man1/freehold.1", main_page(commands))
    for c in commands:
        write(folder, "man/man1/freehold-%s.1" % c.name, c.page())
    write(folder, "man/man5/network.yaml.5", keys_page(ask(freehold, "keys")))
    write(folder, "man/man5/freehold-metrics.5", families_page(ask(freehold, "families")))
    write(folder, "bash-completion/completions/freehold", bash(commands))
    write(folder, "zsh/site-functions/_freehold", zsh(commands))
    return 0


if __name__ == "__main__":
    sys.exit(main())
