#!/bin/sh
# Packs what `make install` puts under a staging directory as a Debian package: deb.sh STAGE OUTPUT-DIRECTORY.
# The same commit gives the same octets: no time but the commit's, no owner but root.
set -eu
stage=$1
out=$2
root=$(cd "$(dirname "$0")/.." && pwd)
from="$root/ops/deploy/debian"
doc="$stage/usr/share/doc/freehold"
version=$(sh "$root/tools/deb_version.sh")
arch=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=$(sh "$root/tools/deb_version.sh" --seconds)
export SOURCE_DATE_EPOCH
umask 022

strip --strip-unneeded "$stage/usr/bin/freehold"
install -D -m 0640 "$root/ops/deploy/network.yaml" "$stage/etc/freehold/network.yaml"
install -D -m 0644 "$from/copyright" "$doc/copyright"
# What is linked in has its own licence.
sed 's/^/ /; s/^ $/ ./' /usr/share/doc/libusrsctp-dev/copyright >"$stage/usrsctp"
{ printf '\nComment:\n usrsctp is linked into the program:\n .\n'; cat "$stage/usrsctp"; } >>"$doc/copyright"
rm "$stage/usrsctp"
{
	printf 'freehold (%s) unstable; urgency=medium\n\n' "$version"
	printf '  * What has changed is in CHANGELOG.md.gz.\n\n'
	sed -n 's/^Maintainer: / -- /p' "$from/control.in" | tr -d '\n'
	date -u -R -d "@$SOURCE_DATE_EPOCH" | sed 's/^/  /'
} | gzip -9n >"$doc/changelog.gz"
gzip -9nc "$root/CHANGELOG.md" >"$doc/CHANGELOG.md.gz"
if [ -d "$stage/usr/share/man" ]; then
	find "$stage/usr/share/man" -type f -exec gzip -9nf {} +
fi
if [ -d "$stage/usr/share/zsh/site-functions" ]; then # where Debian has those of packages
	mv "$stage/usr/share/zsh/site-functions" "$stage/usr/share/zsh/vendor-completions"
fi

mkdir -p "$stage/DEBIAN" "$out"
mkdir "$stage/debian" # dpkg-shlibdeps wants one
touch "$stage/debian/control"
depends=$(cd "$stage" && dpkg-shlibdeps -O usr/bin/freehold 2>/dev/null | sed 's/^shlibs:Depends=//')
rm -r "$stage/debian"
size=$(du -k -s --apparent-size "$stage" | cut -f1)
sed "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@SIZE@/$size/; s/@DEPENDS@/$depends/" "$from/control.in" >"$stage/DEBIAN/control"
echo /etc/freehold/network.yaml >"$stage/DEBIAN/conffiles"
for script in postinst prerm postrm; do
	install -m 0755 "$from/$script" "$stage/DEBIAN/$script"
done
(cd "$stage" && find usr etc -type f | LC_ALL=C sort | xargs md5sum) >"$stage/DEBIAN/md5sums"
find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --uniform-compression -Zxz --build "$stage" "$out/freehold_${version}_$arch.deb"
