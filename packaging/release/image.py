# SPDX-License-Identifier: MIT
"""An OCI image of nothing but the static command, for two machines, as a tar in the OCI layout."""

import datetime
import hashlib
import json

from . import archives, binaries

PLATFORMS = {"amd64": "x86_64-linux-musl", "arm64": "aarch64-linux-musl"}
TYPE = "application/vnd.oci.image"
# nobody that a system knows
USER = "65532:65532"


def text_of(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


class Layout:
    """The blobs of a layout, by their hashes."""

    def __init__(self):
        self.blobs = {}

    def add(self, kind, data, **more):
        """Keeps a blob; returns its descriptor."""
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[f"blobs/sha256/{digest}"] = data
        return {"mediaType": f"{TYPE}.{kind}", "digest": f"sha256:{digest}", "size": len(data), **more}

    def entries(self, index):
        yield from ((name, b"", 0o755) for name in ("blobs/", "blobs/sha256/"))
        yield "oci-layout", text_of({"imageLayoutVersion": "1.0.0"}), 0o644
        yield "index.json", text_of(index), 0o644
        yield from ((name, data, 0o644) for name, data in self.blobs.items())


def layer(command, licence, epoch):
    entries = [(name, b"", 0o755) for name in ("usr/", "usr/bin/", "usr/share/", "usr/share/licenses/", "data/")]
    entries += [("usr/bin/sessionlint", command, 0o755), ("usr/share/licenses/sessionlint", licence, 0o644)]
    return archives.tar_bytes(entries, epoch)


def manifest(layout, release, machine, command, licence):
    """Adds the image for one machine; returns the descriptor of its manifest."""
    created = datetime.datetime.fromtimestamp(release.epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    unpacked = layer(command, licence, release.epoch)
    labels = {"title": "sessionlint", "version": release.version, "licenses": release.facts["license"],
              "description": release.facts["summary"], "url": release.facts["homepage"]}
    labels = {f"org.opencontainers.image.{name}": text for name, text in labels.items()}
    config = {
        "created": created, "architecture": machine, "os": "linux",
        "config": {"User": USER, "Entrypoint": ["/usr/bin/sessionlint"], "Cmd": ["--help"], "WorkingDir": "/data",
                   "Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(unpacked).hexdigest()]},
        "history": [{"created": created, "created_by": "./dev release"}],
    }
    return layout.add("manifest.v1+json", text_of({
        "schemaVersion": 2, "mediaType": f"{TYPE}.manifest.v1+json",
        "config": layout.add("config.v1+json", text_of(config)),
        "layers": [layout.add("layer.v1.tar+gzip", archives.gzip_bytes(unpacked))],
        "annotations": labels,
    }), platform={"architecture": machine, "os": "linux"})


def make(release):
    commands = {machine: release.need(binaries.command(release, target)) for machine, target in PLATFORMS.items()}
    licence = (release.source / "LICENSE").read_bytes()
    layout = Layout()
    both = {"schemaVersion": 2, "mediaType": f"{TYPE}.index.v1+json",
            "manifests": [manifest(layout, release, machine, path.read_bytes(), licence) for machine, path in commands.items()]}
    name = {"org.opencontainers.image.ref.name": release.version}
    index = {"schemaVersion": 2, "mediaType": f"{TYPE}.index.v1+json",
             "manifests": [layout.add("index.v1+json", text_of(both), annotations=name)]}
    data = archives.tar_bytes(layout.entries(index), release.epoch)
    (release.dist / f"{release.stem}-oci.tar").write_bytes(data)
