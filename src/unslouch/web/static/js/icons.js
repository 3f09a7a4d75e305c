/** The few signs on the live screen's buttons. */
import { makeSvg } from "./dom.js";

const PATHS = {
  sound: "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4.200 4.200 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11",
  muted: "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM16 9.500l5 5M21 9.500l-5 5",
  pause: "M8.500 6v12M15.500 6v12",
  play: "M8 5.500v13l10-6.500z",
  end: "M6.500 6.500l11 11M17.500 6.500l-11 11",
};

export function makeIcon(name) {
  const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };
  return makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", ...stroke }, makeSvg("path", { d: PATHS[name] }));
}
