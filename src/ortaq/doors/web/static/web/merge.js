// The record that was chosen while typing opens beside this one.
'use strict';

document.addEventListener('ortaq:order', (event) => {
  const form = event.target.closest('[data-merge]');
  const uri = form && event.detail.order.split('=')[1];
  if (uri) window.location.assign(form.dataset.merge + uri.replace('urn:ortaq:', ''));
});
