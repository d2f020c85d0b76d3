// What is typed into a working copy is saved while one types. Until the node has it, it lies in this browser, under the person's own
// key; a node that does not answer is asked again with growing pauses. Without this script the form is sent by its buttons.
'use strict';

(() => {
  const PAUSE_MS = 1000;
  const LONGEST_WAIT_MS = 5000;
  const KEEP_MS = 200;
  const HINT_MS = 600;
  const FIRST_RETRY_MS = 2000;
  const LAST_RETRY_MS = 60000;
  const MOST_AT_UNLOAD = 60000; // browsers refuse more than 64 kB from a page that is closing

  const keyOf = (element, copy) => `ortaq draft ${element.dataset.person} ${copy}`;

  // Kept twice: localStorage takes it at once, even from a page that is closing, but a browser writes that to the disk minutes later;
  // IndexedDB has it safe after some milliseconds, even if the browser is killed.
  const STORE = 'drafts';
  const database = new Promise((done) => {
    try {
      const asked = indexedDB.open('ortaq', 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(null);
    } catch { done(null); }
  });
  const inStore = async (mode, act) => {
    const found = await database;
    if (!found) return null;
    return new Promise((done) => {
      try {
        const asked = act(found.transaction(STORE, mode).objectStore(STORE));
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => done(null);
      } catch { done(null); }
    });
  };

  class Kept {
    constructor(key) { this.key = key; }

    async read() {
      let quick = null;
      try { quick = JSON.parse(localStorage.getItem(this.key)); } catch { /* what cannot be read is not there */ }
      const safe = await inStore('readonly', (store) => store.get(this.key));
      return safe && (!quick || safe.at > quick.at) ? safe : quick;
    }

    write(revision, pairs, sent) {
      const draft = { revision, pairs, sent, at: Date.now() };
      inStore('readwrite', (store) => store.put(draft, this.key));
      try { localStorage.setItem(this.key, JSON.stringify(draft)); return true; } catch { return false; }
    }

    remove() {
      inStore('readwrite', (store) => store.delete(this.key));
      try { localStorage.removeItem(this.key); } catch { /* nothing was kept then */ }
    }
  }

  class Draft {
    constructor(form) {
      this.form = form;
      this.says = form.dataset;
      this.status = document.getElementById('saved');
      this.revision = form.querySelector('[name=_revision]');
      this.token = form.querySelector('[name=csrfmiddlewaretoken]');
      this.kept = new Kept(keyOf(form, form.dataset.key));
      this.lastSave = `ortaq last save ${form.dataset.key}`;
      this.saved = this.text();
      this.retry = FIRST_RETRY_MS;
      form.addEventListener('input', (event) => this.typed(event));
      form.addEventListener('change', (event) => this.typed(event));
      form.addEventListener('submit', (event) => this.submit(event));
      form.addEventListener('ortaq:order', (event) => this.order(event.detail));
      document.addEventListener('visibilitychange', () => this.looked());
      window.addEventListener('pagehide', () => this.leave());
      window.addEventListener('online', () => this.save());
      window.addEventListener('focus', () => { if (this.isWaiting) this.save(); });
      this.recover();
    }

    pairs() {
      return [...new FormData(this.form)].filter(([name, value]) => typeof value === 'string' && name !== 'csrfmiddlewaretoken' && name !== '_revision' && name !== '_do' && !name.startsWith('_with:'));
    }

    text() { return JSON.stringify(this.pairs()); }

    isDirty() { return this.text() !== this.saved; }

    // What an earlier page could not save any more: the node gets it, and draws the form with it.
    async recover() {
      if (sessionStorage.getItem('ortaq restored') === this.kept.key) {
        sessionStorage.removeItem('ortaq restored');
        this.say(this.says.restored);
      }
      if (this.isDrawnBeforeLastSave()) { window.location.reload(); return; }
      const found = await this.kept.read();
      if (!found || !Array.isArray(found.pairs)) return;
      if (JSON.stringify(found.pairs) === this.saved) { this.kept.remove(); return; }
      const tried = sessionStorage.getItem('ortaq tried') === this.kept.key;
      sessionStorage.removeItem('ortaq tried');
      const data = new FormData();
      found.pairs.forEach(([name, value]) => data.append(name, value));
      // What the node has may be what the earlier page had sent, though the answer never came: then nobody else wrote.
      data.append('_revision', found.sent === this.saved ? this.revision.value : found.revision);
      const answer = await this.post(data);
      if (answer && answer.state === 'saved') {
        this.kept.remove();
        sessionStorage.setItem('ortaq restored', this.kept.key);
        window.location.reload();
      } else if (answer && answer.state === 'stale' && !tried) {
        sessionStorage.setItem('ortaq tried', this.kept.key); // perhaps it arrived after all, only the answer did not
        window.location.reload();
      } else if (answer && answer.state === 'stale') {
        this.isStale = true;
        this.say(answer.say, this.button(() => this.showBoth(found.pairs)));
      }
    }

    // A page asked for while the one before it was still saving.
    isDrawnBeforeLastSave() {
      const last = Number(sessionStorage.getItem(this.lastSave));
      sessionStorage.removeItem(this.lastSave); // once only
      return last > Number(this.revision.value);
    }

    typed(event) {
      if (event.target.name && event.target.name.startsWith('_with:')) return;
      if (event.target.matches('[data-hint]') && event.type === 'input') this.hint(event.target);
      clearTimeout(this.keeping);
      this.keeping = setTimeout(() => this.keep(), KEEP_MS);
      clearTimeout(this.timer);
      this.since = this.since || Date.now();
      this.timer = setTimeout(() => this.save(), Date.now() - this.since > LONGEST_WAIT_MS ? 0 : PAUSE_MS);
    }

    keep() {
      clearTimeout(this.keeping);
      if (!this.isStale && !this.isSent && this.isDirty()) this.isKept = this.kept.write(this.revision.value, this.pairs(), this.sent);
    }

    data(order, value) {
      const data = new FormData();
      this.pairs().forEach(([name, text]) => data.append(name, text));
      data.append('_revision', this.revision.value);
      if (order) data.append('_do', order);
      if (order && value !== undefined) data.append(`_with:${order}`, value);
      return data;
    }

    // Saves one after another. True: the node has all of it.
    save() {
      clearTimeout(this.timer);
      this.since = 0;
      this.queue = (this.queue || Promise.resolve()).then(() => (this.isDirty() ? this.send() : true), () => false);
      return this.queue;
    }

    async send(order, value) {
      if (this.isStale || this.isGone) return false;
      const sent = this.text();
      this.sent = sent;
      this.keep();
      const slow = setTimeout(() => this.say(this.says.saving), 1200);
      const answer = await this.post(this.data(order, value));
      clearTimeout(slow);
      if (!answer) return this.later();
      return this.answered(answer, sent);
    }

    answered(answer, sent) {
      this.isWaiting = false;
      if (answer.state === 'saved') {
        this.retry = FIRST_RETRY_MS;
        this.revision.value = answer.revision;
        sessionStorage.setItem(this.lastSave, answer.revision);
        this.saved = sent;
        if (!this.isDirty()) this.kept.remove(); else this.keep();
        this.say(answer.say);
        return answer;
      }
      if (answer.state === 'signed-out') {
        this.isWaiting = true;
        this.say(answer.say || this.says.signedOut, this.link(answer.address || this.says.signInAddress, answer.link || this.says.signIn));
      } else if (answer.state === 'stale') {
        this.isStale = true;
        this.say(answer.say, this.button(() => this.showBoth(this.pairs())));
      } else {
        this.isGone = answer.state === 'gone';
        this.say(answer.say);
      }
      return false;
    }

    async post(data, isSecond) {
      try {
        const answer = await fetch(this.says.save, { method: 'POST', body: data, credentials: 'same-origin', headers: { 'X-CSRFToken': this.token.value, Accept: 'application/json' } });
        if (answer.status === 403 && !isSecond) {
          await this.renewToken();
          return this.post(data, true);
        }
        if (answer.status === 403) return { state: 'signed-out' };
        return (answer.headers.get('Content-Type') || '').includes('json') && answer.status < 500 ? await answer.json() : null;
      } catch {
        return null;
      }
    }

    // Signing in changes the token; any page with a form has the new one.
    async renewToken() {
      const answer = await fetch(this.says.signInAddress, { credentials: 'same-origin' });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const found = page.querySelector('[name=csrfmiddlewaretoken]');
      if (!found) return;
      this.token.value = found.value;
      document.querySelectorAll('[data-uploader]').forEach((one) => { one.dataset.token = found.value; });
    }

    later() {
      this.isWaiting = true;
      this.say(this.says.offline);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), this.retry);
      this.retry = Math.min(this.retry * 1.7, LAST_RETRY_MS);
      return false;
    }

    looked() {
      if (document.visibilityState === 'hidden') this.leave();
      else if (this.isWaiting) this.save();
    }

    leave() {
      if (this.isStale || this.isGone || this.isSent || !this.isDirty()) return;
      this.keep();
      if (document.visibilityState !== 'hidden' && this.isKept) return; // the next page saves it
      if (this.text().length < MOST_AT_UNLOAD / 3) {
        fetch(this.says.save, { method: 'POST', body: this.data(), credentials: 'same-origin', keepalive: true, headers: { 'X-CSRFToken': this.token.value } })
          .then((answer) => answer.json()).then((answer) => this.answered(answer, this.text())).catch(() => {});
      }
    }

    async submit(event) {
      const button = event.submitter;
      const wish = button ? button.value : 'save';
      event.preventDefault();
      if (wish.includes(':')) {
        const choice = this.form.elements.namedItem(`_with:${wish}`);
        this.order({ order: wish, value: choice ? choice.value : undefined });
        return;
      }
      if (this.isSent) return;
      const isSaved = await this.save();
      if (wish === 'save' || (!isSaved && !this.isStale)) return;
      this.isSent = true;
      this.go(wish);
    }

    go(wish) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = '_do';
      field.value = wish;
      this.form.append(field);
      this.form.submit();
    }

    showBoth(pairs) {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = this.form.action;
      form.enctype = 'multipart/form-data';
      form.hidden = true;
      [...pairs, ['_do', 'both'], ['csrfmiddlewaretoken', this.token.value]].forEach(([name, value]) => {
        const field = document.createElement('textarea');
        field.name = name;
        field.value = value;
        form.append(field);
      });
      document.body.append(form);
      this.kept.remove();
      this.isSent = true;
      form.submit();
    }

    // The node adds, removes, moves, chooses; one field comes back drawn anew. Until then it takes no keys: they would be lost.
    order({ order, value }) {
      clearTimeout(this.timer);
      const path = order.split('=')[0].slice(order.indexOf(':') + 1);
      const old = document.getElementById(`f-${path.split('.')[0]}-field`);
      const focused = document.activeElement;
      if (old) old.inert = true;
      const act = () => this.ordered(order, value, path).catch(() => false).then((isDrawn) => {
        if (isDrawn || !old) return;
        old.inert = false;
        if (old.contains(focused)) focused.focus();
      });
      this.queue = (this.queue || Promise.resolve()).then(act, act);
    }

    async ordered(order, value, path) {
      const name = path.split('.')[0];
      const before = this.othersThan(name);
      const answer = await this.send(order, value);
      const old = document.getElementById(`f-${name}-field`);
      if (!answer || !answer.html || !old) return false;
      const drawn = document.createElement('template');
      drawn.innerHTML = answer.html.trim();
      const field = drawn.content.firstElementChild;
      old.replaceWith(field);
      if (this.othersThan(name) === before) {
        this.saved = this.text();
        this.kept.remove();
      } else {
        this.saved = ''; // something else was typed meanwhile: the node has not got it yet
        this.save();
      }
      document.dispatchEvent(new CustomEvent('ortaq:drawn', { detail: { field, order, path } }));
      return true;
    }

    othersThan(name) {
      return JSON.stringify(this.pairs().filter(([one]) => one !== name && !one.startsWith(`${name}.`)));
    }

    hint(control) {
      clearTimeout(control.hinting);
      control.hinting = setTimeout(async () => {
        const block = control.closest('[data-block]');
        const data = new FormData();
        data.append('about', control.dataset.hint);
        data.append('name', control.name);
        data.append('text', control.value);
        if (block) data.append('tag', block.querySelector('[data-language]').value);
        let place = control.id;
        if (control.dataset.hint === 'point') {
          const [lat, lon] = control.closest('[data-point]').querySelectorAll('[data-hint=point]');
          data.set('text', lat.value);
          data.append('lon', lon.value);
          place = lat.id;
        }
        try {
          const answer = await fetch(this.says.hint, { method: 'POST', body: data, credentials: 'same-origin', headers: { 'X-CSRFToken': this.token.value } });
          const below = document.getElementById(`${place}-hints`);
          if (!answer.ok || !below) return;
          below.innerHTML = await answer.text();
          below.dispatchEvent(new CustomEvent('ortaq:understood', { bubbles: true }));
        } catch { /* a hint that does not come is no loss */ }
      }, HINT_MS);
    }

    say(text, more) {
      if (this.status.textContent.trim() !== text.trim()) this.status.replaceChildren(text);
      if (more) this.status.append(' ', more);
      this.status.classList.toggle('saved-not', Boolean(this.isWaiting || this.isStale || this.isGone));
    }

    link(address, text) {
      const link = document.createElement('a');
      link.href = address;
      link.target = '_blank';
      link.rel = 'opener';
      link.textContent = text;
      return link;
    }

    button(act) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button button-small button-second';
      button.textContent = this.says.both;
      button.addEventListener('click', act);
      return button;
    }
  }

  document.querySelectorAll('form.work-form').forEach((form) => { form.draft = new Draft(form); });
  document.querySelectorAll('form[data-forget]').forEach((form) => {
    form.addEventListener('submit', () => new Kept(keyOf(form, form.dataset.forget)).remove());
  });
})();
