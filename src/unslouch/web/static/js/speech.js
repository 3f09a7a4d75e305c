/** The voice: one thing at a time, numbers first, nothing stale. */

const STALE_MS = 1500;
const TICK = { hz: 660, s: 0.06, loudness: 0.08 };

export class Voice {
  constructor() {
    this.synth = globalThis.speechSynthesis ?? null;
    this.muted = localStorage.getItem("muted") === "yes";
    this.saying = null;
    this.waiting = null;
    this.audio = null;
  }

  /** Browsers let a page speak only after a click; call this inside one. */
  unlock() {
    this.synth?.resume();
    if (!this.audio && globalThis.AudioContext) this.audio = new AudioContext();
    this.audio?.resume();
  }

  setMuted(muted) {
    this.muted = muted;
    localStorage.setItem("muted", muted ? "yes" : "no");
    if (muted) this.silence();
  }

  silence() {
    this.waiting = null;
    this.saying = null;
    this.synth?.cancel();
  }

  /** Say it now, after what is being said, or not at all. A number interrupts words; words wait for at most 1.5 s. */
  say(kind, text) {
    if (kind === "tick") return this.tick();
    if (this.muted || !this.synth) return undefined;
    const wish = { kind, text, asked: performance.now() };
    if (kind === "number") {
      this.waiting = null;
      if (this.saying) this.synth.cancel();
      return this.#speak(wish);
    }
    if (!this.saying) return this.#speak(wish);
    this.waiting = wish;
    return undefined;
  }

  tick() {
    if (this.muted || this.audio?.state !== "running") return;
    const now = this.audio.currentTime;
    const tone = new OscillatorNode(this.audio, { frequency: TICK.hz });
    const gain = new GainNode(this.audio, { gain: 0 });
    gain.gain.setValueAtTime(TICK.loudness, now);
    gain.gain.exponentialRampToValueAtTime(0.0001, now + TICK.s);
    tone.connect(gain).connect(this.audio.destination);
    tone.start(now);
    tone.stop(now + TICK.s);
  }

  #speak(wish) {
    const utterance = new SpeechSynthesisUtterance(wish.text);
    utterance.lang = document.documentElement.lang;
    utterance.rate = wish.kind === "number" ? 1.1 : 1;
    this.saying = wish;
    const done = () => {
      if (this.saying !== wish) return;
      this.saying = null;
      const next = this.waiting;
      this.waiting = null;
      if (next && performance.now() - next.asked <= STALE_MS) this.#speak(next);
    };
    utterance.onend = done;
    utterance.onerror = done;
    this.synth.speak(utterance);
  }
}
