// A map further down a page: its script, style and points are fetched when the reader comes near it, not before.
'use strict';

(() => {
  const add = (name, attributes) => new Promise((done) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.addEventListener('load', done);
    document.head.appendChild(element);
  });
  const fetchMap = async (box) => {
    await add('link', { rel: 'stylesheet', href: box.dataset.laterStyles });
    for (const src of box.dataset.laterScripts.split(' ')) await add('script', { src });
  };
  const boxes = document.querySelectorAll('.map[data-later-scripts]');
  const near = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    near.unobserve(entry.target);
    fetchMap(entry.target);
  }), { rootMargin: '200px' });
  boxes.forEach((box) => near.observe(box));
})();
