// What someone writes is kept in the browser's tab until it is published, so that nothing is lost with a session.
'use strict';

(() => {
  document.querySelectorAll('form[data-draft]').forEach((form) => {
    const key = `draft ${form.dataset.draft}`;
    const text = form.querySelector('textarea');
    if (!text) return;
    const kept = sessionStorage.getItem(key);
    if (kept && !text.value) text.value = kept;
    text.addEventListener('input', () => sessionStorage.setItem(key, text.value));
    // Kept while it is under way too: it is forgotten on the page that says it was published.
    form.addEventListener('submit', (event) => {
      if (event.submitter && event.submitter.name === 'preview') return;
      sessionStorage.setItem('draft sent', key);
    });
  });
  if (document.querySelector('.notice-success')) {
    const sent = sessionStorage.getItem('draft sent');
    if (sent) {
      sessionStorage.removeItem(sent);
      document.querySelectorAll('form[data-draft] textarea').forEach((text) => {
        if (`draft ${text.form.dataset.draft}` === sent && text.defaultValue === '') text.value = '';
      });
    }
    sessionStorage.removeItem('draft sent');
  }
})();
