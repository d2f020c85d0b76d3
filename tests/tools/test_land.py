# SPDX-License-Identifier: Apache-2.0
"""TopoJSON becomes GeoJSON: steps added up, arcs stitched, rings cut at the edges of the region."""

import json
from pathlib import Path

import land

# A square of two arcs around 30..40 E, 40..50 N; the second arc is walked backwards.
SQUARE = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [[[30, 40], [10, 0], [0, 10]], [[30, 40], [0, 10], [10, 0]]],
    "objects": {"land": {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "arcs": [[[0, -2]]]}]}},
}
CLOSED_SQUARE = [(30.0, 40.0), (40.0, 40.0), (40.0, 50.0), (30.0, 50.0), (30.0, 40.0)]


def test_arcs_are_stitched_to_a_closed_ring() -> None:
    assert land.land_polygons(SQUARE) == [[CLOSED_SQUARE]]


def test_ring_is_cut_at_the_edge_of_the_region() -> None:
    ring = [(land.WEST - 10, 40.0), (30.0, 40.0), (30.0, 50.0), (land.WEST - 10, 50.0), (land.WEST - 10, 40.0)]
    assert set(land.closed(land.clipped(ring))) == {(land.WEST, 40.0), (30.0, 40.0), (30.0, 50.0), (land.WEST, 50.0)}


def test_land_outside_the_region_is_left_out() -> None:
    assert land.region([[[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]]]) == []


def test_written_file_is_one_multipolygon(tmp_path: Path) -> None:
    (tmp_path / "land.json").write_text(json.dumps(SQUARE))
    land.write_land(tmp_path / "land.json", tmp_path / "land.geojson")
    feature = json.loads((tmp_path / "land.geojson").read_text())
    assert feature["geometry"] == {"type": "MultiPolygon", "coordinates": [[[list(point) for point in CLOSED_SQUARE]]]}


def test_ring_across_the_180th_meridian_has_no_edge_around_the_world() -> None:
    ring = [(-170.0, 65.0), (175.0, 60.0), (60.0, 50.0), (175.0, 70.0), (-170.0, 65.0)]
    assert land.unwrapped(ring) == [(190.0, 65.0), (175.0, 60.0), (60.0, 50.0), (175.0, 70.0), (190.0, 65.0)]
