# SPDX-License-Identifier: Apache-2.0
"""Copies what the web door serves from node_modules/ into the git-ignored folder static/vendor/, licences included.

Runs in .venv: cutting the fonts needs fonttools.
"""

import re
import shutil
from pathlib import Path

from fonts import write_fonts
from land import write_land

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src/ortaq/doors/web/static/vendor"


def copy_static() -> None:
    """Fill static/vendor/ anew from node_modules/."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    copy_tus(MODULES / "tus-js-client", fresh / "tus")
    copy_leaflet(MODULES / "leaflet", fresh / "leaflet")
    copy_openseadragon(MODULES / "openseadragon", fresh / "openseadragon")
    write_fonts(MODULES, fresh / "fonts")
    copy_land(MODULES / "world-atlas", fresh)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def copy_leaflet(package: Path, target: Path) -> None:
    """Leaflet's script without the line that names its source map (which is not shipped), style and pictures."""
    shutil.copytree(package / "dist/images", target / "images")
    shutil.copy(package / "dist/leaflet.css", target)
    shutil.copy(package / "LICENSE", target)
    script = (package / "dist/leaflet.js").read_text(encoding="utf-8")
    (target / "leaflet.js").write_text(re.sub(r"\n//# sourceMappingURL=\S+", "", script), encoding="utf-8")


def copy_openseadragon(package: Path, target: Path) -> None:
    """The viewer of images, without its buttons, which are ours, and without the line that names its source map."""
    target.mkdir()
    shutil.copy(package / "LICENSE.txt", target)
    script = (package / "build/openseadragon/openseadragon.min.js").read_text(encoding="utf-8")
    (target / "openseadragon.min.js").write_text(re.sub(r"\n//# sourceMappingURL=\S+", "", script), encoding="utf-8")


def copy_tus(package: Path, target: Path) -> None:
    """The client of resumable uploads, without the line that names its source map."""
    target.mkdir()
    shutil.copy(package / "LICENSE", target)
    script = (package / "dist/tus.min.js").read_text(encoding="utf-8")
    (target / "tus.min.js").write_text(re.sub(r"\n//# sourceMappingURL=\S+", "", script), encoding="utf-8")


def copy_land(package: Path, target: Path) -> None:
    """The outlines of the region as `land.geojson`."""
    (target / "world-atlas").mkdir()
    shutil.copy(package / "LICENSE", target / "world-atlas")
    write_land(package / "land-50m.json", target / "land.geojson")


if __name__ == "__main__":
    copy_static()
