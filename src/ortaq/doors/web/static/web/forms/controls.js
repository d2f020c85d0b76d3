// The controls of a form: records found while one types, tabs of languages, links of the summary, where the focus goes.
'use strict';

(() => {
  // What is chosen is an order to the form. Combobox: web/suggestions.js.
  class Finder extends Combobox {
    constructor(box) {
      super(box.querySelector('input'), box.querySelector('[role=listbox]'));
      this.box = box;
    }

    address(text) { return `${this.box.dataset.finder}q=${text}`; }

    enter(event) {
      event.preventDefault(); // Enter in this box chooses; it never sends the form
      if (this.active >= 0) this.choose(this.options[this.active]);
      else if (!this.list.hidden && this.options.length === 1) this.choose(this.options[0]);
    }

    choose(option) {
      this.close();
      const detail = { order: `choose:${this.input.name}=${option.dataset.uri}` };
      this.box.closest('form').dispatchEvent(new CustomEvent('ortaq:order', { detail }));
    }
  }

  // Blocks of languages become tabs as soon as there are two.
  class Tabs {
    constructor(box, wanted) {
      this.box = box;
      this.blocks = [...box.querySelectorAll(':scope > [data-block]')];
      if (this.blocks.length < 2) return;
      this.list = document.createElement('div');
      this.list.className = 'tabs language-tabs';
      this.list.setAttribute('role', 'tablist');
      const legend = box.closest('fieldset').querySelector('legend');
      this.list.setAttribute('aria-label', legend.textContent.trim());
      this.tabs = this.blocks.map((block) => this.tab(block));
      this.list.append(...this.tabs);
      box.prepend(this.list);
      box.tabs = this;
      const wrong = this.blocks.findIndex((block) => block.classList.contains('block-wrong'));
      this.select(wanted !== undefined && wanted < this.blocks.length ? wanted : Math.max(0, wrong));
      this.list.addEventListener('keydown', (event) => this.key(event));
    }

    tab(block) {
      const tab = document.createElement('button');
      tab.type = 'button';
      tab.id = `${block.id}-tab`;
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', block.id);
      tab.textContent = block.dataset.name + (block.classList.contains('block-wrong') ? ' (!)' : '');
      tab.addEventListener('click', () => this.select(this.tabs.indexOf(tab)));
      block.setAttribute('role', 'tabpanel');
      block.setAttribute('aria-labelledby', tab.id);
      block.classList.add('block-in-tabs');
      const language = block.querySelector('[data-language]');
      language.addEventListener('change', () => { tab.textContent = language.selectedOptions[0].textContent; });
      return tab;
    }

    select(place) {
      this.present = place;
      this.tabs.forEach((tab, at) => {
        tab.setAttribute('aria-selected', String(at === place));
        tab.tabIndex = at === place ? 0 : -1;
        this.blocks[at].hidden = at !== place;
      });
    }

    key(event) {
      const last = this.tabs.length - 1;
      const to = { ArrowRight: this.present === last ? 0 : this.present + 1, ArrowLeft: this.present === 0 ? last : this.present - 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.select(to);
      this.tabs[to].focus();
    }
  }

  const reveal = (element) => {
    for (let box = element.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    const block = element.closest('[data-block]');
    const texts = block && block.parentElement;
    if (texts && texts.tabs) texts.tabs.select(texts.tabs.blocks.indexOf(block));
  };

  const goTo = (id) => {
    const element = id && document.getElementById(id);
    if (!element) return false;
    reveal(element);
    const control = element.matches('input, select, textarea, button, [tabindex]') ? element : element.querySelector('input:not([type=hidden]), select, textarea, button');
    (control || element).focus();
    (control || element).scrollIntoView({ block: 'center' });
    return true;
  };

  const idOf = (path) => `f-${path.replace(/[^\p{L}\p{N}_]/gu, '-')}`;

  // After the form was drawn anew the focus goes to what came, or stays beside what went.
  const follow = (field, order, path) => {
    const what = order.slice(0, order.indexOf(':'));
    const steps = path.split('.');
    const place = Number(steps[steps.length - 1]);
    const around = [...steps.slice(0, -1)].join('.');
    const adder = field.querySelector(`button[value="add:${CSS.escape(around)}"]`) || field.querySelector('button[value^="add:"]');
    if (what === 'add') {
      const items = [...field.querySelectorAll('.item')].filter((item) => item.id.startsWith(`${idOf(path)}-`) && item.id.slice(idOf(path).length).match(/^-\d+-item$/));
      const control = items.length && items[items.length - 1].querySelector('input:not([type=hidden]), select, textarea');
      (control || adder || field).focus();
    } else if (what === 'up' || what === 'down') {
      const at = `${around}.${place + (what === 'up' ? -1 : 1)}`;
      const tool = field.querySelector(`button[value="${what}:${CSS.escape(at)}"]`) || field.querySelector(`[id="${idOf(at)}-item"] .tool`);
      if (tool) tool.focus();
    } else if (what === 'language' || what === 'variant' || what === 'rename' || what === 'mend' || what.startsWith('drop')) {
      const blocks = [...field.querySelectorAll('[data-block]')];
      const wanted = what === 'language' ? blocks.length - 1 : Math.min(Number(steps[1]) || 0, blocks.length - 1);
      const texts = blocks[wanted] ? [...blocks[wanted].querySelectorAll('[data-hint=text]')] : [];
      if (blocks[wanted]) reveal(blocks[wanted]);
      if (texts.length) texts[what === 'variant' ? texts.length - 1 : 0].focus();
    } else if (!goTo(idOf(path)) && adder) {
      adder.focus();
    }
  };

  const start = (root, wanted) => {
    root.querySelectorAll('[data-finder]').forEach((box) => { if (!box.finder) box.finder = new Finder(box); });
    root.querySelectorAll('[data-texts]').forEach((box) => { if (!box.tabs) new Tabs(box, wanted); });
  };

  document.addEventListener('ortaq:drawn', ({ detail }) => {
    start(detail.field);
    follow(detail.field, detail.order, detail.path);
  });
  document.addEventListener('change', (event) => {
    if (!event.target.matches('[data-language]')) return;
    event.target.closest('[data-block]').querySelectorAll('[data-hint=text]').forEach((text) => {
      text.lang = event.target.value;
      text.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('.summary-faults a[href^="#"], .side-nav a[href^="#"]');
    if (link && goTo(link.hash.slice(1))) event.preventDefault();
  });
  start(document);
  if (window.location.hash.startsWith('#f-')) goTo(window.location.hash.slice(1));
})();
