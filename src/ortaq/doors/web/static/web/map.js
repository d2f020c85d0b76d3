// Maps: land and sea, points, no borders, nothing from another host. The list beside a map says the same in words.
'use strict';

(() => {
  const REGION = [[34, 24], [56, 92]];
  const EDGE = [[5, 0], [70, 110]]; // of the land in land.geojson
  const GATHER_PX = 34;
  let land;

  const landOf = (address) => {
    land = land || fetch(address).then((answer) => answer.json());
    return land;
  };

  const begin = (box) => {
    box.textContent = '';
    const map = L.map(box, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, maxBounds: EDGE, maxBoundsViscosity: 1,
      minZoom: 2, maxZoom: 12, zoomSnap: 0.25, worldCopyJump: false, keyboard: true,
    });
    map.setMinZoom(map.getBoundsZoom(EDGE, true));
    L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
    map.on('focus', () => map.scrollWheelZoom.enable());
    map.on('blur', () => map.scrollWheelZoom.disable());
    landOf(box.dataset.land).then((shape) => L.geoJSON(shape, { interactive: false, style: { className: 'land' } }).addTo(map).bringToBack());
    return map;
  };

  const one = (box, map) => {
    const where = [Number(box.dataset.lat), Number(box.dataset.lon)];
    const metres = Number(box.dataset.precision) || 0;
    map.setView(where, metres > 50000 ? 4 : 5.25, { animate: false });
    if (metres > 5000) L.circle(where, { radius: metres, className: 'around', interactive: false }).addTo(map);
    L.circleMarker(where, { radius: 7, className: 'dot', interactive: false }).addTo(map);
  };

  // Points that would lie on each other are one marker; each joins the first group within reach.
  const gathered = (map, points) => {
    const groups = [];
    points.forEach((point) => {
      const at = map.project([point.lat, point.lon]);
      const near = groups.find((group) => group.at.distanceTo(at) < GATHER_PX);
      if (near) near.points.push(point); else groups.push({ at, points: [point] });
    });
    return groups;
  };

  const marker = (group, box, map) => {
    const count = group.points.length;
    const size = count === 1 ? 16 : Math.min(44, 22 + Math.log2(count) * 4);
    const pin = document.createElement('span');
    pin.className = 'pin';
    if (count > 1) pin.textContent = String(count);
    const point = group.points[0];
    const title = count === 1 ? `${point.title} (${point.kind})` : `${count} ${box.dataset.many}`;
    const mark = L.marker(map.unproject(group.at), {
      icon: L.divIcon({ html: pin, className: '', iconSize: [size, size] }), alt: title, keyboard: true,
    });
    mark.bindTooltip(() => {
      const text = document.createElement('span');
      if (count === 1) text.lang = point.lang;
      text.textContent = count === 1 ? point.title : group.points.slice(0, 4).map((each) => each.title).join(', ') + (count > 4 ? ' …' : '');
      return text;
    }, { direction: 'top', offset: [0, -size / 2] });
    const isSpot = group.points.every((each) => each.lat === point.lat && each.lon === point.lon);
    mark.on('click', () => {
      if (count === 1) return window.location.assign(point.address);
      if (!isSpot && map.getZoom() < map.getMaxZoom()) {
        return map.fitBounds(group.points.map((each) => [each.lat, each.lon]), { padding: [40, 40], maxZoom: map.getZoom() + 3 });
      }
      return mark.unbindPopup().bindPopup(() => links(group.points)).openPopup();
    });
    mark.on('add', () => {
      const icon = mark.getElement();
      icon.setAttribute('role', count === 1 ? 'link' : 'button');
      icon.setAttribute('aria-label', title);
      icon.removeAttribute('title');
    });
    return mark;
  };

  const links = (points) => {
    const list = document.createElement('ul');
    list.className = 'plain-list';
    points.slice(0, 30).forEach((point) => {
      const link = document.createElement('a');
      link.href = point.address;
      link.lang = point.lang;
      link.textContent = point.title;
      list.appendChild(document.createElement('li')).appendChild(link);
    });
    return list;
  };

  const many = async (box, map) => {
    map.fitBounds(REGION, { animate: false });
    const answer = await fetch(box.dataset.points, { credentials: 'same-origin' });
    if (!answer.ok) return;
    const { points } = await answer.json();
    const layer = L.layerGroup().addTo(map);
    const draw = () => {
      layer.clearLayers();
      const seen = map.getBounds().pad(0.3);
      gathered(map, points.filter((point) => seen.contains([point.lat, point.lon]))).forEach((group) => marker(group, box, map).addTo(layer));
    };
    if (points.length) map.fitBounds(points.map((point) => [point.lat, point.lon]), { padding: [36, 36], maxZoom: 5.5, animate: false });
    map.panInsideBounds(EDGE, { animate: false });
    draw();
    map.on('moveend', draw);
    if (box.dataset.search) searchHere(box, map);
  };

  const searchHere = (box, map) => {
    const link = document.createElement('a');
    link.className = 'button map-search';
    link.textContent = box.dataset.searchLabel;
    link.rel = 'nofollow';
    link.hidden = true;
    L.DomEvent.disableClickPropagation(link);
    const clamp = (value, edge) => Math.max(-edge, Math.min(edge, value)).toFixed(3);
    const follow = () => {
      const seen = map.getBounds();
      const edges = [clamp(seen.getWest(), 180), clamp(seen.getSouth(), 90), clamp(seen.getEast(), 180), clamp(seen.getNorth(), 90)];
      link.href = `${box.dataset.search}&box=${edges.join(',')}`;
    };
    follow();
    box.appendChild(link);
    map.on('moveend', () => {
      follow();
      link.hidden = false;
    });
  };

  const start = (root) => root.querySelectorAll('.map').forEach((box) => {
    if (box.dataset.ready || !window.L) return;
    box.dataset.ready = 'yes';
    const map = begin(box);
    if (box.dataset.lat) one(box, map); else many(box, map);
  });
  start(document);
  document.addEventListener('htmx:load', (event) => start(event.target.parentNode || document));
})();
