/** Every spoken word is also written; one caption at a time. */

const SHOWN_MS = { cue: 4500, praise: 3000 };

export class Captions {
  constructor(box) {
    this.box = box;
    this.timer = 0;
    this.clear();
  }

  /** Guidance stays until something else is said or `settle()`; a cue leaves by itself. */
  show(kind, text) {
    clearTimeout(this.timer);
    this.box.className = `caption plate say-${kind}`;
    this.box.textContent = text;
    if (SHOWN_MS[kind]) this.timer = setTimeout(() => this.clear(), SHOWN_MS[kind]);
  }

  /** The set began: guidance has done its work. */
  settle() {
    if (this.box.classList.contains("say-guide")) this.clear();
  }

  clear() {
    clearTimeout(this.timer);
    this.box.textContent = "";
  }
}
