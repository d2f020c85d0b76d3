// Menus of the top line: they open and close by themselves; this closes them by Escape, by a click beside them and when the focus leaves.
'use strict';

(() => {
  const open = () => document.querySelectorAll('details.menu[open]');
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open().forEach((menu) => {
      const hadFocus = menu.contains(document.activeElement);
      menu.open = false;
      if (hadFocus) menu.querySelector('summary').focus();
    });
  });
  const closeAllBut = (target) => open().forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
  document.addEventListener('click', (event) => closeAllBut(event.target));
  document.addEventListener('focusin', (event) => closeAllBut(event.target));
})();
