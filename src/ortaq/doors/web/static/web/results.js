// On narrow screens the facets start folded; after a choice they stay as the reader left them.
'use strict';

(() => {
  const narrow = window.matchMedia('(max-width: 60rem)');
  let isOpen = !narrow.matches;
  const fold = () => {
    const box = document.querySelector('.narrow-fold');
    if (!box) return;
    box.open = isOpen;
    box.addEventListener('toggle', () => { isOpen = box.open; });
  };
  fold();
  narrow.addEventListener('change', () => { isOpen = !narrow.matches; fold(); });
  document.addEventListener('htmx:afterSettle', fold);
  document.addEventListener('htmx:load', () => document.documentElement.classList.add('scripted'));
  document.documentElement.classList.add('scripted');
})();
