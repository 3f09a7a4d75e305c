/** After the set: one sentence, the marks, left against right, the one thing for next time, what could not be judged. */
import { byId, make, showScreen } from "./dom.js";
import { makeMark, markLabel, VERDICT_WORDS } from "./marks.js";

const SIDE_WORDS = { left: "Left", right: "Right", both: "Both arms" };

export function showSummary(exercise, summary) {
  byId("summary-name").textContent = exercise.name;
  byId("summary-sentence").textContent = summary.sentence;
  byId("summary-sides").replaceChildren(...sideRows(summary, exercise));
  byId("summary-key").replaceChildren(...keyEntries(summary));
  byId("summary-notes").replaceChildren(...notes(summary));
  showScreen("summary");
  byId("again").focus();
}

function sideRows({ counts, reps }, { one_sided: oneSided }) {
  return Object.entries(counts).map(([side, count]) => {
    const marks = reps.filter((rep) => rep.side === side).map((rep) => makeMark(rep.verdict, markLabel(rep)));
    const row = make("div", { className: "side-row" });
    row.append(make("span", { textContent: oneSided ? SIDE_WORDS[side] : "Good" }));
    row.append(make("span", { className: "count", textContent: String(count.good) }));
    row.append(make("span", { className: "marks" }, ...marks));
    row.dataset.side = side;
    return row;
  });
}

function keyEntries({ reps }) {
  const present = new Set(reps.map((rep) => rep.verdict));
  if (present.size < 2) return [];
  return Object.entries(VERDICT_WORDS)
    .filter(([verdict]) => present.has(verdict))
    .map(([verdict, words]) => make("span", {}, makeMark(verdict), words));
}

function notes({ turn, faults, not_judged: unseen }) {
  const paragraphs = [];
  if (turn) paragraphs.push(note("From this camera angle it cannot be counted", turn));
  if (faults.length) paragraphs.push(note("For next time", faults[0].show));
  for (const why of new Set(unseen.map((check) => check.why))) {
    const shown = unseen.filter((check) => check.why === why).map((check) => check.show);
    paragraphs.push(note(`Not judged: ${why}`, shown.join(" ")));
  }
  return paragraphs;
}

const note = (title, text) => make("section", {}, make("h2", { textContent: title }), make("p", { textContent: text }));
