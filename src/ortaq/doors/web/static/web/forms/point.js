// A point on the map of a form: click, drag, or move the map by the keyboard and press Enter. The two boxes beside it say the same.
'use strict';

(() => {
  const REGION = [[34, 24], [56, 92]];
  const EDGE = [[-60, -175], [78, 190]];

  class PointMap {
    constructor(part) {
      this.box = part.querySelector('.point-map');
      [this.lat, this.lon] = part.querySelectorAll('[data-hint=point]');
      this.box.hidden = false;
      this.map = L.map(this.box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, maxBounds: EDGE, minZoom: 2, maxZoom: 14, zoomSnap: 0.25, keyboard: true });
      L.control.zoom({ zoomInTitle: this.box.dataset.zoomIn, zoomOutTitle: this.box.dataset.zoomOut }).addTo(this.map);
      this.box.setAttribute('role', 'application');
      this.box.setAttribute('aria-label', this.box.dataset.label);
      fetch(this.box.dataset.land).then((answer) => answer.json()).then((land) => L.geoJSON(land, { interactive: false, style: { className: 'land' } }).addTo(this.map).bringToBack()).catch(() => {});
      this.map.fitBounds(REGION, { animate: false });
      this.show(true);
      this.map.on('click', (event) => this.set(event.latlng));
      this.map.on('focus', () => this.map.scrollWheelZoom.enable());
      this.map.on('blur', () => this.map.scrollWheelZoom.disable());
      this.box.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || event.target !== this.box) return;
        event.preventDefault();
        this.set(this.map.getCenter());
      });
      part.addEventListener('ortaq:understood', () => this.show(false));
    }

    // Where the point lies as the node has understood the boxes, else as they are plain numbers.
    where() {
      const told = this.box.parentElement.querySelector('[data-lat]');
      const [lat, lon] = told ? [told.dataset.lat, told.dataset.lon] : [this.lat.value, this.lon.value];
      const isThere = String(lat).trim() !== '' && String(lon).trim() !== '' && Number.isFinite(Number(lat)) && Number.isFinite(Number(lon)) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
      return isThere ? L.latLng(Number(lat), Number(lon)) : null;
    }

    show(isFirst) {
      const at = this.where();
      if (!at) { if (this.marker) this.marker.remove(); this.marker = null; return; }
      const isNew = isFirst || !this.marker;
      this.mark(at);
      if (isNew) this.map.setView(at, Math.max(6, this.map.getZoom()), { animate: false });
      else if (!this.map.getBounds().contains(at)) this.map.panTo(at);
    }

    mark(at) {
      if (this.marker) { this.marker.setLatLng(at); return; }
      const pin = document.createElement('span');
      pin.className = 'pin';
      this.marker = L.marker(at, { icon: L.divIcon({ html: pin, className: '', iconSize: [20, 20] }), draggable: true, keyboard: false }).addTo(this.map);
      this.marker.on('dragend', () => this.set(this.marker.getLatLng()));
    }

    set(at) {
      const exact = at.wrap();
      this.lat.value = exact.lat.toFixed(5);
      this.lon.value = exact.lng.toFixed(5);
      this.mark(exact);
      this.lat.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  const start = (root) => {
    if (!window.L) return;
    root.querySelectorAll('[data-point]').forEach((part) => { if (!part.onMap) part.onMap = new PointMap(part); });
  };
  document.addEventListener('ortaq:drawn', ({ detail }) => start(detail.field));
  start(document);
})();
