// Names while typing. Without this script the box is a plain form.
'use strict';

// An editable combobox with a listbox (WAI-ARIA 1.2). Who extends it says where the options come from, and what choosing one does.
class Combobox {
  static WAIT_MS = 140;

  constructor(input, list) {
    this.input = input;
    this.list = list;
    this.options = [];
    this.active = -1;
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-expanded', 'false');
    input.addEventListener('input', () => this.soon());
    input.addEventListener('keydown', (event) => this.key(event));
    input.addEventListener('blur', () => setTimeout(() => this.close(), 150));
    list.addEventListener('mousedown', (event) => this.pick(event));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), Combobox.WAIT_MS);
  }

  async ask() {
    const text = this.input.value.trim();
    if (this.request) this.request.abort();
    if (!text) { this.close(); return; }
    this.request = new AbortController();
    try {
      const answer = await fetch(this.address(encodeURIComponent(text)), { signal: this.request.signal, credentials: 'same-origin' });
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
    const isOpen = document.activeElement === this.input;
    this.list.hidden = !isOpen || !this.list.childElementCount;
    this.input.setAttribute('aria-expanded', String(isOpen && this.options.length > 0));
    this.input.removeAttribute('aria-activedescendant');
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  key(event) {
    if (event.key === 'Escape' && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === 'Enter') {
      this.enter(event);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (this.list.hidden) this.ask(); else this.move(event.key === 'ArrowDown' ? 1 : -1);
    }
  }

  enter(event) {
    if (this.list.hidden || this.active < 0) return;
    event.preventDefault();
    this.choose(this.options[this.active]);
  }

  move(step) {
    const count = this.options.length;
    if (!count) return;
    this.active = this.active < 0 ? (step > 0 ? 0 : count - 1) : (this.active + step + count) % count;
    this.options.forEach((option, place) => option.setAttribute('aria-selected', String(place === this.active)));
    this.options[this.active].scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', this.options[this.active].id);
  }

  pick(event) {
    const option = event.target.closest('[role=option]');
    if (option && event.button === 0) { event.preventDefault(); this.choose(option); }
  }
}

(() => {
  class Suggestions extends Combobox {
    constructor(form) {
      super(form.querySelector('input[type=search]'), form.querySelector('[role=listbox]'));
      this.form = form;
    }

    address(text) { return `${this.form.dataset.suggestions}?q=${text}`; }

    choose(option) { window.location.assign(option.dataset.address); }
  }

  const start = (root) => root.querySelectorAll('form[data-suggestions]').forEach((form) => {
    if (!form.dataset.ready) { form.dataset.ready = 'yes'; new Suggestions(form); }
  });
  start(document);
  document.addEventListener('htmx:load', (event) => start(event.target.parentNode || document));
})();
