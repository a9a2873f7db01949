#!/usr/bin/env python3
"""An OCI image of the one program, without a registry or a daemon: image.py FREEHOLD VERSION SECONDS OUTPUT.tar.

Its root is the program, the libraries that the dynamic linker finds for it on this Debian, and a user. The same program gives the same octets: no
time but SECONDS, no owner but root. What reads it: skopeo copy oci-archive:OUTPUT.tar ..., podman load, docker load (25 or later).
"""
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import time

UID = 65532  # of nobody else on a host, as images have it
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
FILES = {
    "etc/passwd": "root:x:0:0:root:/:/sbin/nologin\nfreehold:x:%d:%d:Freehold:/var/lib/freehold:/sbin/nologin\n" % (UID, UID),
    "etc/group": "root:x:0:\nfreehold:x:%d:\n" % UID,
}
# Those that a volume or tmpfs is put at belong to the user, who may write there.
FOLDERS = {"etc/freehold": (0, 0o755), "run/freehold": (UID, 0o755), "tmp": (0, 0o1777), "proc": (0, 0o555), "dev": (0, 0o755), "sys": (0, 0o555),
           "var/lib/freehold": (UID, 0o700)}


def libraries(program):
    """Where each is looked for, the dynamic linker first: (name in the image, file here)."""
    out = subprocess.run(["ldd", program], stdout=subprocess.PIPE, text=True, check=True).stdout
    paths = re.findall(r"(?m)^\s+(?:\S+ => )?(/\S+) \(0x", out)
    return sorted((p.lstrip("/"), os.path.realpath(p)) for p in paths)


def member(tar, name, data, seconds, mode=0o644, owner=0, kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime, info.type = len(data), mode, seconds, kind
    info.uid = info.gid = owner
    tar.addfile(info, io.BytesIO(data))


def parents(names):
    return sorted({"/".join(n.split("/")[:i]) for n in names for i in range(1, n.count("/") + 1)})


def stripped(program):
    out = program + ".stripped"
    subprocess.run(["strip", "--strip-unneeded", "-o", out, program], check=True)
    with open(out, "rb") as f:
        data = f.read()
    os.remove(out)
    return data


def layer(program, seconds):
    files = {name: (text.encode(), 0o644) for name, text in FILES.items()}
    for name, path in libraries(program):
        with open(path, "rb") as f:
            files[name] = (f.read(), 0o755)
    files["usr/bin/freehold"] = (stripped(program), 0o755)
    folders = dict({p: (0, 0o755) for p in parents(list(files) + list(FOLDERS))}, **FOLDERS)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, (owner, mode) in sorted(folders.items()):
            member(tar, name, b"", seconds, mode, owner, tarfile.DIRTYPE)
        for name, (data, mode) in sorted(files.items()):
            member(tar, name, data, seconds, mode)
    return out.getvalue()


class Layout:
    """An OCI image layout: blobs by their digest."""

    def __init__(self):
        self.blobs = {}

    def add(self, data, kind):
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return {"mediaType": "application/vnd.oci.image." + kind, "digest": "sha256:" + digest, "size": len(data)}

    def add_json(self, value, kind):
        return self.add(json.dumps(value, sort_keys=True).encode(), kind)

    def write(self, path, index, seconds):
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
            member(tar, "oci-layout", b'{"imageLayoutVersion": "1.0.0"}', seconds)
            member(tar, "index.json", json.dumps(index, sort_keys=True).encode(), seconds)
            for digest, data in sorted(self.blobs.items()):
                member(tar, "blobs/sha256/" + digest, data, seconds)


def config(digest, version, seconds):
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    return {
        "architecture": ARCHITECTURES[os.uname().machine], "os": "linux", "created": created,
        "config": {
            "User": "%d:%d" % (UID, UID), "Entrypoint": ["/usr/bin/freehold"], "Cmd": ["core", "-c", "/etc/freehold/network.yaml"],
            "Env": ["PATH=/usr/bin"], "WorkingDir": "/etc/freehold", "StopSignal": "SIGTERM",
            "Volumes": {"/var/lib/freehold": {}},
            # Of the core; what runs another part has a check of its own, or none.
            "Healthcheck": {"Test": ["CMD", "/usr/bin/freehold", "status", "--control", "/run/freehold/core.sock"], "Interval": 10 * 10**9,
                            "Timeout": 5 * 10**9, "StartPeriod": 30 * 10**9, "Retries": 3},
            "Labels": {"org.opencontainers.image.title": "freehold", "org.opencontainers.image.version": version,
                       "org.opencontainers.image.licenses": "Apache-2.0"},
        },
        "rootfs": {"type": "layers", "diff_ids": [digest]},
        "history": [{"created": created, "created_by": "tools/image.py"}],
    }


def main():
    program, version, seconds, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    layout = Layout()
    root = layout.add(layer(program, seconds), "layer.v1.tar")
    manifest = layout.add_json({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": layout.add_json(config(root["digest"], version, seconds), "config.v1+json"), "layers": [root]}, "manifest.v1+json")
    # A name, so that what loads it knows what to call it; a tag has no "+".
    manifest["annotations"] = {"org.opencontainers.image.ref.name": version.replace("+", "-"),
                               "io.containerd.image.name": "localhost/freehold:" + version.replace("+", "-")}
    layout.write(out, {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [manifest]}, seconds)
    print(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
