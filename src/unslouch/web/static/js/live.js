/** The live screen: its parts, its keys, and the set that runs on it. */
import { Captions } from "./captions.js";
import { byId, make, showScreen } from "./dom.js";
import { Halt } from "./halt.js";
import { makeIcon } from "./icons.js";
import { Overlay } from "./overlay.js";
import { CoachedSet } from "./set.js";
import { Stream } from "./stream.js";

export class LiveScreen {
  constructor(link, voice) {
    this.link = link;
    this.voice = voice;
    this.video = byId("video");
    this.guide = byId("guide");
    this.stream = new Stream(this.video, link);
    this.overlay = new Overlay(byId("stage"), this.video, byId("overlay"));
    this.captions = new Captions(byId("caption"));
    this.halt = new Halt();
    this.set = null;
    this.#listen();
    this.#showMuted();
    byId("end").append(makeIcon("end"));
  }

  /** Run a set. @param source a CameraSource or ClipSource; @param done called with the summary */
  start(exercise, source, done) {
    this.voice.unlock();
    showScreen("live");
    document.title = `${exercise.name} · Unslouch`;
    this.captions.clear();
    this.halt.hide();
    this.#showGuide(exercise);
    this.showRunning(true);
    this.showCamera(source);
    this.set = new CoachedSet(this, exercise, source, (summary, reps) => {
      this.set = null;
      this.captions.clear();
      this.wake?.release();
      document.title = "Unslouch";
      done(summary, reps);
    });
    this.#keepAwake();
    this.set.open();
  }

  showSource(source) {
    byId("stage").classList.toggle("mirrored", source.mirrored);
    this.overlay.fit();
    this.showCamera(source);
  }

  showCamera(source) {
    const on = Boolean(source.stream);
    byId("eye").classList.toggle("on", on);
    byId("eye").textContent = source.isCamera ? `Camera ${on ? "on" : "off"}` : "Playing a video";
  }

  showRunning(running) {
    byId("pause").replaceChildren(makeIcon(running ? "pause" : "play"));
    byId("pause").setAttribute("aria-label", running ? "Pause" : "Go on");
  }

  #showGuide(exercise) {
    this.guide.querySelector("h2").textContent = exercise.name;
    this.guide.querySelector("ol").replaceChildren(...exercise.setup.map((step) => make("li", { textContent: step })));
    this.guide.hidden = false;
  }

  #showMuted() {
    const { muted } = this.voice;
    byId("mute").setAttribute("aria-pressed", String(muted));
    byId("mute").replaceChildren(makeIcon(muted ? "muted" : "sound"));
  }

  #listen() {
    this.link.addEventListener("message", ({ detail }) => this.set?.hear(detail));
    this.link.addEventListener("lost", () => this.set?.lost());
    this.link.addEventListener("open", () => this.set?.found());
    byId("mute").onclick = () => {
      this.voice.setMuted(!this.voice.muted);
      this.#showMuted();
    };
    byId("pause").onclick = () => this.set?.togglePause();
    byId("end").onclick = () => this.set?.stop();
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.set?.rest();
    });
    navigator.mediaDevices?.addEventListener("devicechange", () => this.set?.camerasChanged());
    window.addEventListener("pagehide", () => this.set?.source.close());
  }

  #key(event) {
    if (!this.set || event.repeat) return;
    if (event.key === "Escape") this.set.stop();
    else if ((event.key === " " || event.key === "Enter") && !event.target.closest("button, select")) this.set.togglePause();
    else return;
    event.preventDefault();
  }

  async #keepAwake() {
    try {
      this.wake = await navigator.wakeLock?.request("screen");
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // refused on low battery: the set runs all the same
    }
  }
}
