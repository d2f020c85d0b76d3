// An image closely: its parts come from /iiif/image/, drawn by OpenSeadragon, which is fetched when it is first needed.
'use strict';

(() => {
  const dialog = document.getElementById('viewer');
  const links = [...document.querySelectorAll('a[data-image]')];
  if (!dialog || !dialog.showModal || !links.length) return;
  const [box, state, count, name] = ['image', 'state', 'count', 'name'].map((part) => document.getElementById(`viewer-${part}`));
  const MOST_TRIES = 120;
  const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  let script, viewer, shown = 0, asked = 0;

  const fetched = () => {
    script = script || new Promise((done, failed) => {
      const tag = document.createElement('script');
      tag.src = dialog.dataset.script;
      tag.onload = done;
      tag.onerror = () => { script = undefined; failed(new Error(tag.src)); };
      document.head.append(tag);
    });
    return script;
  };

  // OpenSeadragon adds a style of its own unless it finds one, and the policy of our pages refuses it: it finds this, which is none.
  const keepPolicy = () => {
    const none = document.createElementNS(null, 'style');
    none.setAttribute('data-openseadragon-mobile-css', 'true');
    document.head.append(none);
  };

  // It warns of every part that comes after its image was left, which happens whenever somebody goes on fast.
  const keepQuiet = () => {
    const none = () => {};
    window.OpenSeadragon.console = { assert: none, debug: none, info: none, log: none, warn: none, error: (...said) => console.error(...said) };
  };

  const made = () => {
    if (!viewer) { keepPolicy(); keepQuiet(); }
    viewer = viewer || window.OpenSeadragon({
      element: box, drawer: 'canvas', showNavigationControl: false, imageLoaderLimit: 4, tileRetryMax: 3, tileRetryDelay: 3000,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true }, maxZoomPixelRatio: 4, minZoomImageRatio: 0.8,
      visibilityRatio: 0.5, animationTime: isCalm ? 0 : 0.5, immediateRender: isCalm,
    });
    return viewer;
  };

  const wait = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });

  // A large image is prepared when it is first asked for: a small one of it tells when that is done.
  const isReady = async (address, mine) => {
    for (let tries = 0; tries < MOST_TRIES && mine === asked; tries += 1) {
      const answer = await fetch(`${address}/full/!64,64/0/default.jpg`);
      if (answer.status !== 503) return answer.ok;
      state.textContent = dialog.dataset.preparing;
      await wait(Number(answer.headers.get('Retry-After')) || 5);
    }
    return false;
  };

  // At either end the button that leads on is off; who has just pressed it stays among the buttons.
  const bound = (number) => {
    const [before, after, close] = ['before', 'after', 'close'].map((deed) => dialog.querySelector(`[data-do=${deed}]`));
    const had = document.activeElement;
    before.disabled = number === 0;
    after.disabled = number === links.length - 1;
    if (had && had.disabled) (had === before && !after.disabled ? after : before.disabled ? close : before).focus();
  };

  const show = async (number, isFirst) => {
    const link = links[number];
    const mine = asked += 1;
    shown = number;
    name.textContent = link.dataset.name;
    count.textContent = links.length > 1 ? `${number + 1} / ${links.length}` : '';
    state.textContent = '';
    bound(number);
    try {
      const [isThere] = await Promise.all([isReady(link.dataset.image, mine), fetched()]);
      if (mine !== asked || !dialog.open) return;
      state.textContent = isThere ? '' : dialog.dataset.failed;
      if (!isThere) { if (viewer) viewer.close(); return; }
      made().viewport.setRotation(0, true);
      viewer.open(`${link.dataset.image}/info.json`);
      viewer.canvas.setAttribute('role', 'img');
      viewer.canvas.setAttribute('aria-label', link.dataset.name);
      viewer.canvas.setAttribute('aria-describedby', 'viewer-help');
      if (isFirst) viewer.canvas.focus();
    } catch (error) {
      if (mine === asked) state.textContent = dialog.dataset.failed;
    }
  };

  const zoom = (by) => viewer && viewer.viewport.zoomBy(by).applyConstraints();
  const deeds = {
    before: () => show(shown - 1),
    after: () => show(shown + 1),
    in: () => zoom(1.5),
    out: () => zoom(1 / 1.5),
    whole: () => viewer && viewer.viewport.goHome(),
    turn: () => viewer && viewer.viewport.rotateBy(90),
    close: () => dialog.close(),
  };

  dialog.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-do]');
    if (button) deeds[button.dataset.do]();
  });
  // Keys do the same wherever the focus is; over the image OpenSeadragon takes them itself.
  dialog.addEventListener('keydown', (event) => {
    if (!viewer || viewer.canvas.contains(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const pan = { ArrowLeft: [-40, 0], ArrowRight: [40, 0], ArrowUp: [0, -40], ArrowDown: [0, 40] }[event.key];
    const deed = { '+': 'in', '=': 'in', '-': 'out', 0: 'whole', r: 'turn', R: 'turn' }[event.key];
    if (pan) viewer.viewport.panBy(viewer.viewport.deltaPointsFromPixels(new window.OpenSeadragon.Point(...pan))).applyConstraints();
    if (deed) deeds[deed]();
    if (pan || deed) event.preventDefault();
  });
  dialog.addEventListener('close', () => {
    asked += 1;
    if (viewer) viewer.close();
    links[shown].focus();
  });
  links.forEach((link, number) => {
    link.setAttribute('aria-haspopup', 'dialog');
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector('[data-do=close]').focus();
      show(number, true);
    });
  });
})();
