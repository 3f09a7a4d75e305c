/** Every spoken word is also written; one caption at a time. */

const SHOWN_MS = { cue: 4500, praise: 3000 };
const GUIDE_AT_LEAST_MS = 3000;

export class Captions {
  constructor(box) {
    this.box = box;
    this.timer = 0;
    this.clear();
  }

  /** Guidance stays until it is followed; a cue leaves by itself. */
  show(kind, text) {
    clearTimeout(this.timer);
    this.box.className = `caption plate say-${kind}`;
    this.box.textContent = text;
    this.shownAt = performance.now();
    if (SHOWN_MS[kind]) this.timer = setTimeout(() => this.clear(), SHOWN_MS[kind]);
  }

  /** Nothing is in the way any more: guidance has done its work, once it could be read. */
  settle() {
    const read = performance.now() - this.shownAt > GUIDE_AT_LEAST_MS;
    if (read && this.box.classList.contains("say-guide")) this.clear();
  }

  clear() {
    clearTimeout(this.timer);
    this.box.textContent = "";
  }
}
