/** After the set: one sentence, the marks, left against right, the one thing for next time, what could not be judged. */
import { byId, make, showScreen } from "./dom.js";
import { makeMark, markLabel, VERDICT_WORDS } from "./marks.js";

const SIDE_WORDS = { left: "Left", right: "Right", both: "Both" };

export function showSummary(exercise, summary) {
  byId("summary-name").textContent = exercise.name;
  byId("summary-sentence").textContent = summary.sentence;
  byId("summary-sides").replaceChildren(...sideRows(summary));
  byId("summary-key").replaceChildren(...keyEntries(summary));
  byId("summary-notes").replaceChildren(...notes(summary));
  showScreen("summary");
  byId("again").focus();
}

function sideRows({ counts, reps }) {
  const alone = Object.keys(counts).length === 1;
  return Object.entries(counts).map(([side, count]) => {
    const marks = reps.filter((rep) => rep.side === side).map((rep) => makeMark(rep.verdict, markLabel(rep)));
    const row = make("div", { className: "side-row" });
    row.append(make("span", { textContent: alone && side === "both" ? "Good" : SIDE_WORDS[side] }));
    row.append(make("span", { className: "count", textContent: String(count.good) }));
    row.append(make("span", { className: "marks" }, ...marks));
    row.dataset.side = side;
    return row;
  });
}

function keyEntries({ reps }) {
  const present = new Set(reps.map((rep) => rep.verdict));
  return Object.entries(VERDICT_WORDS)
    .filter(([verdict]) => present.has(verdict))
    .map(([verdict, words]) => make("span", {}, makeMark(verdict), words));
}

function notes({ turn, faults, not_judged: unseen }) {
  const paragraphs = [];
  if (turn) paragraphs.push(note("From this camera angle it cannot be counted", turn));
  if (faults.length) paragraphs.push(note("For next time", faults[0].show));
  if (unseen.length) paragraphs.push(note("Could not be judged from here", unseen.map(({ show, why }) => `${show} (${why})`).join(" ")));
  return paragraphs;
}

const note = (title, text) => make("section", {}, make("h2", { textContent: title }), make("p", { textContent: text }));
