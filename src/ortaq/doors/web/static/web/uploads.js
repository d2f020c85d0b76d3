// Sends files in pieces (tus), several at once: progress, pause, go on, retry, cancel. A cut connection, a restarted server and
// a reloaded page go on where they stopped; after a reload the same file has to be chosen again, since pages may not keep files.
'use strict';

(() => {
  const PIECE = 8 * 1024 * 1024;
  const AT_ONCE = 3;
  const RETRIES = [0, 1000, 3000, 5000, 10000, 20000, 30000];
  const MAY_RETRY = [0, 408, 409, 423, 429, 460];

  const filled = (text, facts) => text.replace(/%\((\w+)\)s/g, (_, name) => facts[name] ?? '').replace('%%', '%');

  class Uploader {
    constructor(root) {
      this.root = root;
      this.about = root.dataset;
      this.say = JSON.parse(root.dataset.texts);
      this.list = root.querySelector('[data-uploads]');
      this.rows = [];
      this.next = this.list.querySelectorAll('[data-upload]').length;
      const choose = root.querySelector('[data-choose]');
      choose.addEventListener('change', () => { this.add(choose.files); choose.value = ''; });
      this.list.addEventListener('click', (event) => {
        const button = event.target.closest('button[data-remove][type="submit"]');
        if (!button) return;
        event.preventDefault();
        this.removeRow(button.closest('[data-upload]'), choose);
      });
      this.dropping(root.querySelector('[data-drop]'));
    }

    dropping(place) {
      place.hidden = false;
      const hasFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes('Files');
      for (const name of ['dragenter', 'dragover']) {
        place.addEventListener(name, (event) => {
          if (!hasFiles(event)) return;
          event.preventDefault();
          place.classList.add('upload-over');
        });
      }
      place.addEventListener('dragleave', (event) => {
        if (!place.contains(event.relatedTarget)) place.classList.remove('upload-over');
      });
      place.addEventListener('drop', (event) => {
        place.classList.remove('upload-over');
        if (!hasFiles(event)) return;
        event.preventDefault();
        this.add(event.dataTransfer.files);
      });
    }

    add(files) {
      for (const file of files) this.rows.push(new Row(this, file));
      this.pump();
    }

    // Starts what waits, as long as not too many are under way.
    pump() {
      let running = this.rows.filter((row) => row.state === 'sending').length;
      for (const row of this.rows) {
        if (running >= AT_ONCE) break;
        if (row.state !== 'waiting') continue;
        row.start();
        running += 1;
      }
      this.summarise();
    }

    summarise() {
      const all = this.rows.filter((row) => row.state !== 'gone');
      const done = all.filter((row) => row.state === 'done').length;
      if (all.length) this.root.querySelector('[data-summary]').textContent = filled(this.say.all, { done, all: all.length });
    }

    get isSending() { return this.rows.some((row) => row.state === 'sending' || row.state === 'waiting'); }

    // Files came or went: whoever keeps drafts of the form wants to know.
    changed() { this.list.dispatchEvent(new Event('change', { bubbles: true })); }

    removeRow(element, focus) {
      const neighbour = element.nextElementSibling || element.previousElementSibling;
      element.remove();
      (neighbour?.querySelector('button:not([hidden])') || focus).focus();
      this.changed();
    }
  }

  class Row {
    constructor(uploader, file) {
      this.uploader = uploader;
      this.file = file;
      this.say = uploader.say;
      this.about = uploader.about;
      this.element = uploader.root.querySelector('template[data-row]').content.firstElementChild.cloneNode(true);
      this.part('name').textContent = file.name;
      this.part('bar').setAttribute('aria-label', file.name);
      this.part('pause').addEventListener('click', () => this.pause());
      this.part('resume').addEventListener('click', () => this.resume());
      this.part('cancel').addEventListener('click', () => this.cancel());
      this.part('remove').addEventListener('click', () => this.cancel());
      for (const name of ['pause', 'resume', 'cancel', 'remove']) {
        const words = document.createElement('span');
        words.className = 'unseen';
        words.textContent = ` ${file.name}`;
        this.part(name).append(words);
      }
      uploader.list.append(this.element);
      const limit = Number(this.about.maxBytes);
      if (limit && file.size > limit) {
        this.refuse(filled(this.say.tooLarge, { size: this.size(file.size), limit: this.size(limit) }));
        return;
      }
      this.turn('waiting', this.say.waiting);
    }

    part(name) { return this.element.querySelector(`[data-${name}]`); }

    size(bytes) {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
      const step = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log(bytes) / Math.log(1024)));
      const number = bytes / 1024 ** step;
      const shape = { style: 'unit', unit: units[step], maximumFractionDigits: number < 10 && step ? 1 : 0 };
      return new Intl.NumberFormat(this.about.language || 'en', shape).format(number);
    }

    time(seconds) {
      const [unit, number] = seconds < 90 ? ['second', seconds] : seconds < 5400 ? ['minute', seconds / 60] : ['hour', seconds / 3600];
      return new Intl.NumberFormat(this.about.language || 'en', { style: 'unit', unit, unitDisplay: 'long' }).format(Math.max(1, Math.round(number)));
    }

    turn(state, words) {
      this.state = state;
      this.element.dataset.state = state;
      this.part('state').textContent = words;
      this.part('pause').hidden = state !== 'sending';
      this.part('resume').hidden = state !== 'paused' && state !== 'failed';
      this.part('cancel').hidden = state === 'done' || state === 'refused';
      this.part('remove').hidden = state !== 'done' && state !== 'refused';
      this.part('bar').hidden = state === 'done' || state === 'refused';
      if (state !== 'failed' && state !== 'refused') this.part('fault').hidden = true;
    }

    fault(words) {
      this.part('fault').textContent = words;
      this.part('fault').hidden = false;
    }

    async start() {
      this.turn('sending', this.say.waiting);
      this.begun = null;
      if (!this.upload) {
        this.upload = this.made();
        const before = await this.upload.findPreviousUploads();
        if (before.length) this.upload.resumeFromPreviousUpload(before[before.length - 1]);
        if (this.state !== 'sending') return;
      }
      this.upload.start();
    }

    made() {
      return new tus.Upload(this.file, {
        endpoint: this.about.address,
        chunkSize: PIECE,
        retryDelays: RETRIES,
        removeFingerprintOnSuccess: true,
        metadata: { filename: this.file.name, filetype: this.file.type },
        onBeforeRequest: (request) => { request.setHeader('X-CSRFToken', this.token()); },
        onShouldRetry: (error) => {
          const may = this.mayRetry(error);
          if (may) this.part('state').textContent = this.say.again;
          return may;
        },
        onProgress: (sent, all) => this.progress(sent, all),
        onSuccess: () => this.arrived(),
        onError: (error) => this.failed(error),
      });
    }

    token() { return this.about.token; }

    // Signing in anew in another tab changes the token: the page of one's files has the present one.
    async renewToken() {
      const answer = await fetch(this.about.page, { credentials: 'same-origin' });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const found = page.querySelector('[data-uploader]');
      if (found) this.about.token = found.dataset.token;
    }

    mayRetry(error) {
      const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
      return MAY_RETRY.includes(status) || (status >= 500 && status !== 507);
    }

    progress(sent, all) {
      if (this.state !== 'sending') return;
      const now = performance.now();
      if (!this.begun) this.begun = { at: now, sent };
      const percent = all ? Math.floor((100 * sent) / all) : 100;
      this.percent = percent;
      this.part('bar').value = percent;
      let words = filled(this.say.sending, { percent, size: this.size(all) });
      const seconds = (now - this.begun.at) / 1000;
      const speed = (sent - this.begun.sent) / seconds;
      if (seconds > 3 && speed > 0 && sent < all) words += `, ${filled(this.say.left, { time: this.time((all - sent) / speed) })}`;
      this.part('state').textContent = sent < all ? words : this.say.checking;
    }

    pause() {
      this.turn('paused', filled(this.say.paused, { percent: this.percent || 0 }));
      this.upload.abort();
      this.part('resume').focus();
      this.uploader.pump();
    }

    async resume() {
      this.turn('waiting', this.say.waiting);
      this.part('cancel').focus();
      if (this.isSignedOut) {
        await this.renewToken().catch(() => {});
        this.isSignedOut = false;
      }
      this.uploader.pump();
    }

    async cancel() {
      const wasDone = this.state === 'done';
      this.turn('gone', '');
      this.uploader.removeRow(this.element, this.uploader.root.querySelector('[data-choose]'));
      if (!wasDone && this.upload) {
        try { await this.upload.abort(true); } catch { /* it runs out by itself */ }
      } else if (wasDone && !this.about.field) {
        await this.ask('DELETE').catch(() => {});
      }
      this.uploader.pump();
    }

    ask(method) {
      return fetch(this.upload.url, { method, headers: { 'X-CSRFToken': this.token(), 'Tus-Resumable': '1.0.0' }, credentials: 'same-origin', keepalive: true });
    }

    async arrived() {
      this.part('state').textContent = this.say.checking;
      try {
        const answer = await this.ask('GET');
        if (!answer.ok) throw new Error(String(answer.status));
        this.show(await answer.json());
      } catch {
        this.turn('failed', this.say.failed);
      }
      this.uploader.pump();
    }

    show(found) {
      this.turn('done', `${found.type}, ${this.size(found.bytes)}${found.width ? `, ${found.width} × ${found.height}` : ''}`);
      this.element.classList.add('upload-done');
      this.part('name').textContent = found.name;
      if (found.picture) {
        this.part('picture').src = found.picture;
        this.part('picture').hidden = false;
      }
      const notices = this.part('notices');
      for (const words of found.notices) {
        const item = document.createElement('li');
        item.textContent = words;
        notices.append(item);
      }
      notices.hidden = !found.notices.length;
      if (this.about.field) this.fill(found);
      else document.querySelectorAll('[data-none-yet]').forEach((none) => { none.hidden = true; });
      this.uploader.changed();
    }

    // What the form posts of the file.
    fill(found) {
      const place = this.uploader.next;
      this.uploader.next += 1;
      for (const name of ['digest', 'name', 'media_type', 'bytes']) {
        const input = document.createElement('input');
        input.type = 'hidden';
        input.name = `${this.about.field}.${place}.${name}`;
        input.value = found[name];
        this.element.append(input);
      }
    }

    failed(error) {
      if (this.state === 'gone' || this.state === 'paused') return;
      const response = error.originalResponse;
      const status = response ? response.getStatus() : 0;
      let told = {};
      try { told = JSON.parse(response.getBody()); } catch { /* no problem details: the connection was cut */ }
      if (told.code === 'person.sign-in-required' || told.code === 'api.csrf') {
        this.isSignedOut = true;
        this.turn('failed', '');
        this.fault(this.say.signedOut);
      } else if (told.detail && !this.mayRetry(error) && status !== 507) {
        this.refuse(told.detail);
      } else {
        this.turn('failed', filled(this.say.paused, { percent: this.percent || 0 }));
        this.fault(told.detail || this.say.failed);
      }
      this.uploader.pump();
    }

    refuse(words) {
      this.turn('refused', '');
      this.fault(words);
    }
  }

  const uploaders = [];
  const begun = new WeakSet();
  const begin = (part) => {
    part.querySelectorAll('[data-uploader]').forEach((root) => {
      if (begun.has(root)) return;
      begun.add(root);
      uploaders.push(new Uploader(root));
    });
  };
  begin(document);
  document.addEventListener('htmx:load', (event) => begin(event.target.parentNode || document));
  const every = () => uploaders.flatMap((one) => one.rows);
  window.addEventListener('online', () => {
    every().filter((row) => row.state === 'failed').forEach((row) => row.resume());
  });
  window.addEventListener('beforeunload', (event) => {
    if (uploaders.some((one) => one.isSending)) event.preventDefault();
  });
})();
