"""The OCI image: image_test.py IMAGE.tar. What a runtime reads of it fits together, and by its configuration the core runs as a user without any
capability, its root read-only, and is found healthy. Needs root, for a root directory of its own."""
import hashlib
import json
import os
import shlex
import subprocess
import sys
import tarfile
import tempfile

CONFIG = """plmn: "00101"
tacs: [1]
slices: [1]
dnns: [{name: internet, pool: 10.45.0.0/16}]
core: {n4_address: 127.0.0.1, amfs: [{n2_address: 127.0.0.1, n2_transport: udp}]}
upfs: [{n4_address: 127.0.0.2, n3_address: 127.0.0.2}]
"""
# As a runtime does it: volumes of the user for store and socket, all else read-only; the health check; SIGTERM.
RUN = """set -e
root=%(root)s
mount --bind $root $root
mount -o remount,ro,bind $root
mount -t tmpfs -o uid=%(uid)d,mode=0700 tmpfs $root/var/lib/freehold
mount -t tmpfs -o uid=%(uid)d tmpfs $root/run/freehold
mount -t proc proc $root/proc
ip link set lo up
in_root="setpriv --no-new-privs --bounding-set=-all,+sys_chroot,+setuid,+setgid env -i %(env)s /usr/sbin/chroot --userspec=%(user)s $root"
! $in_root %(health)s 2>/dev/null || { echo "healthy before it runs"; exit 1; }
$in_root %(command)s 2>/tmp/image-log.$$ & core=$!
for i in $(seq 50); do $in_root %(health)s >/dev/null 2>&1 && break; sleep 0.1; done
$in_root %(health)s >/dev/null || {  cat /tmp/image-log.$$; exit 1; }
[ "$(awk '/^Uid/{print $3} /^CapPrm/{print $2}' /proc/$core/status | tr '\\n' ' ')" = "%(uid)d 0000000000000000 " ]
[ -f $root/var/lib/freehold/core/secrets ]
! touch $root/usr/x 2>/dev/null
kill $core
wait $core
rm /tmp/image-log.$$
"""


def blob(tar, d):
    data = tar.extractfile("blobs/" + d["digest"].replace(":", "/")).read()
    assert len(data) == d["size"] and "sha256:" + hashlib.sha256(data).hexdigest() == d["digest"], d
    return data


def unpack(image, root):
    """Its configuration; the layer is unpacked."""
    with tarfile.open(image) as tar:
        assert json.load(tar.extractfile("oci-layout")) == {"imageLayoutVersion": "1.0.0"}
        index = json.load(tar.extractfile("index.json"))
        manifest = json.loads(blob(tar, index["manifests"][0]))
        config = json.loads(blob(tar, manifest["config"]))
        layer = blob(tar, manifest["layers"][0])
    assert config["rootfs"]["diff_ids"] == [manifest["layers"][0]["digest"]]
    with tempfile.NamedTemporaryFile() as f:
        f.write(layer)
        f.flush()
        subprocess.run(["tar", "-x", "-p", "--numeric-owner", "-f", f.name, "-C", root], check=True)
    return config["config"]


def main():
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        config = unpack(sys.argv[1], root)
        programs = [os.path.join(d, n) for d, _, names in os.walk(root) for n in names if "lib" not in d]
        assert {p[len(root):] for p in programs} == {"/usr/bin/freehold", "/etc/passwd", "/etc/group"}, programs
        uid = int(config["User"].split(":")[0])
        assert uid != 0
        with open(root + "/etc/freehold/network.yaml", "w", encoding="utf-8") as f:
            f.write(CONFIG)
        script = RUN % {"root": root, "uid": uid, "user": config["User"], "env": shlex.join(config["Env"]),
                        "health": shlex.join(config["Healthcheck"]["Test"][1:]), "command": shlex.join(config["Entrypoint"] + config["Cmd"])}
        p = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert p.returncode == 0, p.stdout
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
