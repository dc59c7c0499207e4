"""Peers that Debian's packages do not put side by side: mail servers that exclude each other, and Node's packages."""

import os
import pathlib
import pwd

from peer import program


def npm(bench, cache, package, *options, place="npm"):
    """The package, installed below the cache; gives the folder of all of them in that place."""
    folder = pathlib.Path(cache) / place
    if not (folder / "node_modules" / package).exists():
        folder.mkdir(parents=True, exist_ok=True)
        bench.run(program("npm", "npm"), "install", "--no-audit", "--no-fund", "--prefix", folder, *options, package,
                  timeout=600)
    return folder / "node_modules"


def apart(bench, cache, package):
    """A copy of this system (an overlay) in which the package is installed: mail servers exclude each other."""
    place = pathlib.Path(cache) / package
    for part in ("upper", "work", "root"):
        (place / part).mkdir(parents=True, exist_ok=True)
    root = place / "root"
    bench.run("mount", "-t", "overlay", "overlay", "-o",
              f"lowerdir=/,upperdir={place / 'upper'},workdir={place / 'work'}", root)
    bench.endings.append(lambda: bench.run("umount", "-R", "-l", root, code=None))
    for part in ("proc", "dev", "sys"):
        bench.run("mount", "--rbind", f"/{part}", root / part)
        bench.run("mount", "--make-rslave", root / part)
    if not (place / "installed").exists():
        (root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (root / "usr/sbin/policy-rc.d").chmod(0o755)
        # This system's own dpkg may have been interrupted, and apt-get refuses to work on such a state.
        bench.run("chroot", root, "dpkg", "--configure", "-a", timeout=600, env={"DEBIAN_FRONTEND": "noninteractive"})
        bench.run("chroot", root, "apt-get", "install", "-q", "-y", "--no-install-recommends", package, timeout=600,
                  env={"DEBIAN_FRONTEND": "noninteractive"})
        (place / "installed").touch()
    # A look-up of the client's name fails at once in place of after a time-out.
    (root / "etc" / "resolv.conf").unlink(missing_ok=True)
    (root / "etc" / "resolv.conf").write_text("lookup file bind\nnameserver 127.0.0.1\n")
    (root / "mail").mkdir(exist_ok=True)
    os.chown(root / "mail", pwd.getpwnam("nobody").pw_uid, -1)
    return root
