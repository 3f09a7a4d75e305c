/** How far the movement is, and on the way back the pace it should have. */
import { make } from "./dom.js";

const TOP = 1.15; // of a full movement: room above the line that marks it

export class RangeBars {
  constructor(box) {
    this.box = box;
    this.bars = new Map();
    box.replaceChildren();
  }

  #bar(side) {
    if (!this.bars.has(side)) {
      const element = make("div", { className: "bar" });
      const fill = make("div", { className: "fill" });
      const line = make("div", { className: "pace" });
      element.append(fill, make("div", { className: "full" }), line);
      this.box.append(element);
      this.bars.set(side, { element, fill, line, phase: "rest", pullStart: null, pull: 1.5, release: null, top: 0 });
    }
    return this.bars.get(side);
  }

  show(status) {
    for (const [side, { phase, range_fraction: fraction }] of Object.entries(status.sides)) {
      const bar = this.#bar(side);
      this.#follow(bar, phase, fraction ?? 0, status.t_s);
    }
  }

  #follow(bar, phase, fraction, t) {
    if (phase !== bar.phase) {
      if (phase === "concentric") Object.assign(bar, { pullStart: t, top: 0 });
      if (phase !== "concentric" && bar.phase === "concentric") bar.pull = Math.max(t - bar.pullStart, 0.5);
      if (phase === "eccentric") bar.release = t;
      bar.phase = phase;
    }
    if (phase !== "eccentric") bar.top = Math.max(bar.top, fraction);
    const releasing = phase === "eccentric" && bar.release !== null;
    const pace = releasing ? Math.max(0, bar.top * (1 - (t - bar.release) / bar.pull)) : 0;
    const { classList } = bar.element;
    classList.toggle("releasing", releasing);
    classList.toggle("hurried", releasing && fraction < pace - 0.15);
    bar.fill.style.transform = `scaleY(${share(fraction)})`;
    if (releasing) bar.line.style.top = `${100 * (1 - share(pace))}%`;
  }
}

const share = (fraction) => (Math.min(Math.max(fraction, 0), TOP) / TOP).toFixed(3);
