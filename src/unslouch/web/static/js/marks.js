/** One repetition's mark: filled for good, a ring for an attempt, hatched for not seen. Shape first, colour second. */
import { makeSvg } from "./dom.js";

export const VERDICT_WORDS = { good: "good", attempt: "attempt", not_seen: "not seen" };

export function makeMark(verdict, label = "") {
  const mark = makeSvg("svg", { viewBox: "0 0 24 24", class: `mark ${verdict}` });
  if (label) {
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", label);
  } else {
    mark.setAttribute("aria-hidden", "true");
  }
  if (verdict === "good") {
    mark.append(makeSvg("circle", { cx: 12, cy: 12, r: 11, fill: "currentColor" }));
  } else {
    const width = verdict === "attempt" ? 4 : 2;
    mark.append(makeSvg("circle", { cx: 12, cy: 12, r: 11 - width / 2, fill: "none", stroke: "currentColor", "stroke-width": width }));
  }
  if (verdict === "not_seen") {
    const lines = "M4.500 16.500 16.500 4.500M7.500 19.500 19.500 7.500M2.800 10.800 10.800 2.800M13.200 21.200 21.200 13.200";
    mark.append(makeSvg("path", { d: lines, stroke: "currentColor", "stroke-width": 2 }));
  }
  return mark;
}

/** What a mark means, in words, for those who do not see it. */
export const markLabel = (rep) => `Repetition ${rep.index}: ${VERDICT_WORDS[rep.verdict]}`;
