/** The number that is read from three metres, and a mark for every repetition; sides apart where they count apart. */
import { make } from "./dom.js";
import { makeMark, markLabel } from "./marks.js";

const SIDE_WORDS = { left: "left", right: "right", both: "both arms" };

export class Board {
  constructor(box, { oneSided }) {
    this.box = box;
    this.tallies = new Map();
    box.replaceChildren();
    this.oneSided = oneSided;
    for (const side of oneSided ? ["left", "right"] : ["both"]) this.#tally(side);
  }

  #tally(side) {
    if (this.tallies.has(side)) return this.tallies.get(side);
    const count = make("span", { className: "count", textContent: "0" });
    const marks = make("span", { className: "marks" });
    const row = make("div", { className: "tally" }, count, marks);
    row.dataset.side = side;
    if (this.oneSided) row.prepend(make("span", { className: "side", textContent: SIDE_WORDS[side] }));
    this.box.append(row);
    const tally = { row, count, marks, good: 0 };
    this.tallies.set(side, tally);
    return tally;
  }

  add(rep) {
    const tally = this.#tally(rep.side);
    if (rep.verdict === "good") tally.good += 1;
    tally.count.textContent = String(tally.good);
    tally.marks.append(makeMark(rep.verdict, markLabel(rep)));
    for (const [side, other] of this.tallies) {
      other.row.classList.toggle("resting", side !== rep.side);
      other.row.hidden = rep.side === "both" && other.marks.childElementCount === 0;
    }
  }
}
