#!/bin/sh
# usage: usrsctp.sh ARCHIVE OBJECT. One object of libusrsctp.a whose memory comes from base/reserve.c, and of whose names only
# usrsctp_* are seen.
set -e
ld -r --whole-archive "$1" -o "$2.all"
objcopy --redefine-sym malloc=reserve_malloc --redefine-sym calloc=reserve_calloc \
	--redefine-sym free=reserve_free --wildcard --keep-global-symbol='usrsctp_*' "$2.all" "$2"
rm -f "$2.all"
