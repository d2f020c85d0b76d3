# SPDX-License-Identifier: Apache-2.0
"""Copies what the web door serves from node_modules/ into the git-ignored folder static/vendor/, licences included."""

import re
import shutil
from pathlib import Path

from land import write_land

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src/ortaq/doors/web/static/vendor"

# The subsets that hold every letter of the eight languages, with ə ŋ ʻ and ә ғ қ ң ө ұ ү һ і ҹ ҝ ў ҳ җ (looked up in the
# character maps of the files of Inter 5.3.0). Source Serif 5.3.1 lacks ҹ and ҝ of old Azerbaijani: Inter stands in.
FONT_SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")


def copy_static() -> None:
    """Fill static/vendor/ anew from node_modules/."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    copy_leaflet(MODULES / "leaflet", fresh / "leaflet")
    copy_font(MODULES / "@fontsource-variable", fresh, "inter")
    copy_font(MODULES / "@fontsource-variable", fresh, "source-serif-4")
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


def copy_font(packages: Path, target: Path, name: str) -> None:
    """The upright variable font *name* in the subsets that we need, with `NAME.css` that names only these."""
    package, folder = packages / name, target / name
    (folder / "files").mkdir(parents=True)
    shutil.copy(package / "LICENSE", folder)
    faces = re.findall(r"@font-face \{.*?\}", (package / "wght.css").read_text(encoding="utf-8"), re.DOTALL)
    wanted = [face for face in faces if any(f"/{name}-{subset}-wght-normal.woff2" in face for subset in FONT_SUBSETS)]
    (folder / f"{name}.css").write_text("\n\n".join(wanted) + "\n", encoding="utf-8")
    for subset in FONT_SUBSETS:
        shutil.copy(package / f"files/{name}-{subset}-wght-normal.woff2", folder / "files")


def copy_land(package: Path, target: Path) -> None:
    """The outlines of the region as `land.geojson`."""
    (target / "world-atlas").mkdir()
    shutil.copy(package / "LICENSE", target / "world-atlas")
    write_land(package / "land-50m.json", target / "land.geojson")


if __name__ == "__main__":
    copy_static()
