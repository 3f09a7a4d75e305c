/** One set from its first picture to its summary: joins the source, the coach's answers and the screen. */
import { Board } from "./board.js";
import { CameraError } from "./camera.js";
import { byId } from "./dom.js";
import { RangeBars } from "./rangebar.js";
import { ClipError } from "./source.js";

const SILENT_COACH = "The coach does not answer. If it was stopped, start it again; this page finds it by itself.";

export class CoachedSet {
  /** @param screen the live screen's parts, see live.js; @param done called once with the summary, or null */
  constructor(screen, exercise, source, done) {
    Object.assign(this, { screen, exercise, source, done });
    this.id = crypto.randomUUID();
    this.state = "opening";
    this.board = new Board(byId("board"), { oneSided: exercise.one_sided });
    this.bars = new RangeBars(byId("bars"));
    this.reps = 0;
    this.begun = false;
    source.addEventListener("lost", ({ detail }) => {
      this.unplugged = true;
      this.#trouble(detail);
    });
    source.addEventListener("ended", () => this.stop());
  }

  async open() {
    this.screen.link.send({ type: "prepare" });
    this.state = "opening";
    try {
      await this.source.open();
    } catch (error) {
      if (!(error instanceof CameraError || error instanceof ClipError)) throw error;
      this.#trouble(error.message);
      return;
    }
    if (this.state === "finished") return this.source.close();
    this.screen.showSource(this.source);
    this.begin();
  }

  /** Ask the coach to begin, or to go on with this set. */
  begin() {
    this.state = "asking";
    const asked = this.screen.link.send({ type: "start", exercise: this.exercise.id, set: this.id });
    if (!asked) this.lost();
  }

  /** One answer of the coach. */
  hear(answer) {
    if (this.state === "finished" || (answer.set && answer.set !== this.id)) return;
    if (answer.type === "started") this.#started(answer);
    if (answer.type === "frame") this.#frame(answer);
    if (answer.type === "idle") this.screen.stream.answered(answer.seq);
    if (answer.type === "events") this.#events(answer.events);
    if (answer.type === "trouble") this.#trouble(answer.sentence);
    if (answer.type === "finished") this.#finish(answer.summary);
  }

  /** The connection is gone; who waits for the person anyway asks for it again later. */
  lost() {
    if (!["asking", "running", "stopping"].includes(this.state)) return;
    this.#halt("lost", SILENT_COACH, [["End the set", () => this.#finish(null)]]);
  }

  /** The connection is back. */
  found() {
    if (this.state !== "lost") return;
    this.screen.halt.hide();
    this.begin();
  }

  togglePause() {
    if (this.state === "running") this.pause("Paused.");
    else if (this.state === "paused") this.resume();
  }

  pause(sentence) {
    const actions = [["Go on", () => this.resume()], ["End the set", () => this.stop()]];
    this.#halt("paused", sentence, actions);
  }

  resume() {
    this.screen.halt.hide();
    if (this.source.isCamera && !this.source.stream) this.open();
    else this.begin();
  }

  /** A camera was plugged in or out. */
  camerasChanged() {
    if (this.state === "trouble" && this.unplugged) this.#retry();
  }

  /** The page is out of sight: off means off. */
  rest() {
    if (this.state !== "running" && this.state !== "paused") return;
    this.pause(this.source.isCamera ? "Paused. The camera is off while this page is out of sight." : "Paused.");
    if (this.source.isCamera) this.source.close();
    this.screen.showCamera(this.source);
  }

  /** End the set; the coach's summary follows. */
  stop() {
    if (this.state === "finished") return;
    this.screen.stream.stop();
    if (!this.begun || !this.screen.link.send({ type: "stop" })) this.#finish(null);
    else this.state = "stopping";
  }

  #run() {
    this.state = "running";
    this.source.play();
    this.screen.stream.start(this.source.isCamera);
    this.screen.showRunning(true);
  }

  #started(answer) {
    this.begun = true;
    this.screen.overlay.bones = answer.skeleton;
    if (answer.reps.length < this.reps) this.#finish(null); // another coach, who saw nothing of this set
    else if (this.state === "asking") this.#run();
  }

  #frame({ seq, points, status, events }) {
    this.screen.stream.answered(seq);
    if (this.state === "running") this.screen.overlay.draw(points);
    this.bars.show(status);
    this.#events(events);
    if (status.seen && status.view_ok) this.screen.captions.settle();
  }

  #events(events) {
    const { captions, voice, guide } = this.screen;
    for (const event of events) {
      if (event.event === "rep") this.#rep(event.rep);
      if (event.event === "set_started") guide.hidden = true;
      if (event.event !== "spoken") continue;
      voice.say(event.kind, event.text);
      if (event.kind !== "number" && event.text) captions.show(event.kind, event.text);
    }
  }

  #rep(rep) {
    this.reps += 1;
    this.board.add(rep);
  }

  #trouble(sentence) {
    if (this.state === "finished") return;
    this.source.close();
    this.screen.showCamera(this.source);
    const again = this.source.isCamera ? [["Try again", () => this.#retry()]] : [];
    this.#halt("trouble", sentence, [...again, ["End the set", () => this.stop()]], { chooser: this.source.isCamera });
  }

  #retry() {
    this.unplugged = false;
    this.screen.halt.hide();
    this.open();
  }

  #halt(state, sentence, actions, options) {
    this.state = state;
    this.screen.stream.stop();
    this.source.pause();
    this.screen.overlay.clear();
    this.screen.captions.clear();
    this.screen.voice.silence();
    this.screen.showRunning(false);
    this.screen.halt.show(sentence, actions, options);
  }

  #finish(summary) {
    this.state = "finished";
    this.screen.stream.stop();
    this.source.close();
    this.screen.halt.hide();
    this.done(summary, this.reps);
  }
}
