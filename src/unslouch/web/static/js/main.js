/** The page: choose, prepare, do, look back. */
import { fillChooser, rememberId } from "./camera.js";
import { byId, make, notice, showScreen } from "./dom.js";
import { Link } from "./link.js";
import { LiveScreen } from "./live.js";
import { CameraSource, ClipSource } from "./source.js";
import { Voice } from "./speech.js";
import { showSummary } from "./summary.js";

const UNREACHABLE = "The coach does not answer. If it was stopped, start it again; this page finds it by itself.";

const link = new Link();
const live = new LiveScreen(link, new Voice());
let clips = [];
let chosen = null;

async function load(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

const count = ({ reps: [low, high] }) => (low === high ? `${low}` : `${low}–${high}`);
const eachSide = (exercise) => (exercise.one_sided ? " each side" : "");

function listExercises(exercises) {
  const rows = exercises.map((exercise) => {
    const button = make("button", { onclick: () => prepare(exercise) });
    button.dataset.exercise = exercise.id;
    button.append(
      make("span", { className: "name", textContent: exercise.name }),
      make("span", { className: "dose quiet", textContent: count(exercise) + eachSide(exercise) }),
      make("span", { className: "purpose quiet", textContent: exercise.purpose }),
    );
    return make("li", {}, button);
  });
  byId("exercises").replaceChildren(...rows);
}

function listClips(exercises) {
  const byExercise = new Map(exercises.map((exercise) => [exercise.id, exercise]));
  const entries = clips.filter((clip) => byExercise.has(clip.exercise));
  byId("home-clips").hidden = entries.length === 0;
  byId("home-clips").querySelector("ul").replaceChildren(
    ...entries.map((clip) => {
      const watch = () => run(byExercise.get(clip.exercise), () => new ClipSource(live.video, clip.url));
      return make("li", {}, make("button", { className: "link", textContent: clip.title, onclick: watch }));
    }),
  );
}

function prepare(exercise) {
  chosen = exercise;
  byId("prepare-name").textContent = exercise.name;
  byId("prepare-purpose").textContent = exercise.purpose;
  byId("prepare-dose").textContent = `${count(exercise)} good repetitions${eachSide(exercise)}.`;
  byId("prepare-steps").replaceChildren(...exercise.setup.map((step) => make("li", { textContent: step })));
  byId("watch-clip").hidden = !clips.some((clip) => clip.exercise === exercise.id);
  fillChooser(byId("chooser"), byId("cameras"));
  showScreen("prepare");
  byId("start-camera").focus();
}

/** Do a set; `again` starts it with a fresh source. */
function run(exercise, makeSource) {
  live.start(exercise, makeSource(), (summary, reps) => {
    if (!summary) {
      if (reps) notice("The coach was stopped, so this set has no summary.");
      return home();
    }
    byId("again").onclick = () => run(exercise, makeSource);
    return showSummary(exercise, summary);
  });
}

function home() {
  showScreen("home");
}

function listen() {
  byId("prepare-back").onclick = home;
  byId("another").onclick = home;
  byId("start-camera").onclick = () => run(chosen, () => new CameraSource(live.video));
  byId("watch-clip").onclick = () => {
    const { url } = clips.find((clip) => clip.exercise === chosen.id);
    run(chosen, () => new ClipSource(live.video, url));
  };
  byId("own-clip").onclick = () => byId("own-file").click();
  byId("own-file").onchange = ({ target }) => {
    const [file] = target.files;
    target.value = "";
    if (file) run(chosen, () => new ClipSource(live.video, file));
  };
  byId("cameras").onchange = ({ target }) => rememberId(target.value, target.selectedOptions[0].textContent);
  link.addEventListener("lost", () => notice(live.set ? null : UNREACHABLE));
  link.addEventListener("open", () => notice(null));
}

async function start() {
  listen();
  const [exercises, bundled] = await Promise.all([load("/api/exercises"), load("/api/clips")]);
  clips = bundled;
  listExercises(exercises);
  listClips(exercises);
  home();
  performance.mark("ready");
}

start().catch((error) => {
  notice(`The page could not be loaded: ${error.message}. Reload it once the coach runs.`);
});
