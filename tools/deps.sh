#!/bin/sh
# Installs what building and testing need: Debian packages, and nothing else; those of the arguments too. Without root it
# uses sudo, or prints the one line that somebody with root runs.
set -u
packages="gcc meson ninja-build pkg-config python3 libssl-dev libargon2-dev libnghttp2-dev libusrsctp-dev libsoapysdr-dev liblmdb-dev libyaml-dev libcmocka-dev \
iproute2 iputils-ping curl nftables tshark clang libclang-rt-14-dev clang-format-19 clang-tidy-19 cppcheck valgrind strace gcovr ccache gdb dpkg-dev mmdebstrap zsh groff-base python3-prometheus-client python3-yaml python3-zmq chromium chromium-driver $*"
# A guest whose kernel has SCTP, for its tests, and ciphers of many packets at a time: both for x86 alone.
[ "$(dpkg --print-architecture)" = amd64 ] && packages="$packages user-mode-linux libipsec-mb-dev"
missing=""
for p in $packages; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
	as=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
	as="sudo"
else
	echo "Freehold needs Debian packages; run as root, then call make again:"
	echo "    apt-get update && $install"
	exit 1
fi
echo "installing:$missing"
$as apt-get update -q || echo "the package lists are not new; going on with the old ones"
# shellcheck disable=SC2086
$as env DEBIAN_FRONTEND=noninteractive $install || {
	echo "could not install; try: $as apt-get update && $as $install"
	exit 1
}
