// The record that was chosen while typing opens beside this one.
'use strict';

document.querySelectorAll('form[data-merge]').forEach((form) => {
  form.addEventListener('ortaq:order', ({ detail }) => {
    const uri = detail.order.split('=')[1];
    if (uri) window.location.assign(form.dataset.merge + uri.replace('urn:ortaq:', ''));
  });
});
