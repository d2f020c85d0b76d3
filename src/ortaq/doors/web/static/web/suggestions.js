// Names while typing: an editable combobox with a listbox (WAI-ARIA 1.2). Without this script the box is a plain form.
'use strict';

(() => {
  const WAIT_MS = 140;

  class Suggestions {
    constructor(form) {
      this.form = form;
      this.input = form.querySelector('input[type=search]');
      this.list = form.querySelector('[role=listbox]');
      this.active = -1;
      this.input.setAttribute('role', 'combobox');
      this.input.setAttribute('aria-autocomplete', 'list');
      this.input.setAttribute('aria-controls', this.list.id);
      this.input.setAttribute('aria-expanded', 'false');
      this.input.addEventListener('input', () => this.soon());
      this.input.addEventListener('keydown', (event) => this.key(event));
      this.input.addEventListener('blur', () => setTimeout(() => this.close(), 150));
      this.list.addEventListener('mousedown', (event) => this.pick(event));
    }

    soon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT_MS);
    }

    async ask() {
      const text = this.input.value.trim();
      if (this.request) this.request.abort();
      if (!text) return this.close();
      this.request = new AbortController();
      try {
        const address = `${this.form.dataset.suggestions}?q=${encodeURIComponent(text)}`;
        const answer = await fetch(address, { signal: this.request.signal, credentials: 'same-origin' });
        if (answer.ok && this.input.value.trim() === text) this.show(await answer.text());
      } catch (error) {
        if (error.name !== 'AbortError') this.close();
      }
    }

    show(html) {
      this.list.innerHTML = html;
      this.options = [...this.list.querySelectorAll('[role=option]')];
      this.options.forEach((option, place) => { option.id = `${this.list.id}-${place}`; });
      this.active = -1;
      const isOpen = this.options.length > 0 && document.activeElement === this.input;
      this.list.hidden = !isOpen;
      this.input.setAttribute('aria-expanded', String(isOpen));
      this.input.removeAttribute('aria-activedescendant');
    }

    close() {
      this.list.hidden = true;
      this.active = -1;
      this.input.setAttribute('aria-expanded', 'false');
      this.input.removeAttribute('aria-activedescendant');
    }

    key(event) {
      if (event.key === 'Escape' && !this.list.hidden) { event.preventDefault(); this.close(); return; }
      if (this.list.hidden) { if (event.key === 'ArrowDown') this.ask(); return; }
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        this.move(event.key === 'ArrowDown' ? 1 : -1);
      } else if (event.key === 'Enter' && this.active >= 0) {
        event.preventDefault();
        this.open(this.options[this.active]);
      }
    }

    move(step) {
      const count = this.options.length;
      this.active = this.active < 0 ? (step > 0 ? 0 : count - 1) : (this.active + step + count) % count;
      this.options.forEach((option, place) => option.setAttribute('aria-selected', String(place === this.active)));
      const chosen = this.options[this.active];
      chosen.scrollIntoView({ block: 'nearest' });
      this.input.setAttribute('aria-activedescendant', chosen.id);
    }

    pick(event) {
      const option = event.target.closest('[role=option]');
      if (option && event.button === 0) { event.preventDefault(); this.open(option); }
    }

    open(option) { window.location.assign(option.dataset.address); }
  }

  const start = (root) => root.querySelectorAll('form[data-suggestions]').forEach((form) => {
    if (!form.dataset.ready) { form.dataset.ready = 'yes'; new Suggestions(form); }
  });
  start(document);
  document.addEventListener('htmx:load', (event) => start(event.target.parentNode || document));
})();
