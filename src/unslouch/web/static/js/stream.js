/** Sends the newest picture of a <video> to the coach: one in flight, the rest are dropped, never queued. */
import { JpegEncoder } from "./jpeg.js";
import { stats } from "./stats.js";

const LONG_SIDE_PX = 960;
const ANSWER_TIMEOUT_MS = 4000;

export class Stream {
  /** @param video the <video> that plays; @param link where frames go */
  constructor(video, link) {
    this.video = video;
    this.link = link;
    this.encode = makeEncoder((encoded) => this.#send(encoded));
    this.running = false;
    this.generation = 0;
    this.seq = 0;
    this.inFlight = null;
    this.waitingMs = null;
  }

  /** @param isCamera whether time is the camera's own or the recording's */
  start(isCamera) {
    this.isCamera = isCamera;
    this.running = true;
    this.inFlight = null;
    this.waitingMs = null;
    this.#await(++this.generation);
  }

  stop() {
    this.running = false;
    this.generation += 1;
  }

  /** The coach answered a frame: the next goes, at once if one came in between. */
  answered(seq) {
    if (this.inFlight?.seq !== seq) return;
    stats.answered(performance.now() - this.inFlight.grabbed);
    this.inFlight = null;
    if (this.running && this.waitingMs !== null) this.#grab(this.waitingMs);
  }

  #await(generation) {
    const next = (tMs) => {
      if (generation !== this.generation) return;
      this.#await(generation);
      this.#frame(tMs);
    };
    if (this.video.requestVideoFrameCallback) {
      this.video.requestVideoFrameCallback((now, frame) => next(this.isCamera ? (frame.captureTime ?? now) : frame.mediaTime * 1000));
    } else {
      requestAnimationFrame((now) => next(this.isCamera ? now : this.video.currentTime * 1000));
    }
  }

  /** A new picture is on the screen; while one is in flight only its time is kept, and the newest replaces it. */
  #frame(tMs) {
    if (!this.link.open || tMs === this.lastMs) return;
    const busy = this.inFlight && performance.now() - this.inFlight.grabbed < ANSWER_TIMEOUT_MS;
    if (!busy) {
      this.#grab(tMs);
      return;
    }
    if (this.waitingMs !== null) stats.dropped();
    this.waitingMs = tMs;
  }

  async #grab(tMs) {
    const seq = ++this.seq;
    this.inFlight = { seq, grabbed: performance.now() };
    this.lastMs = tMs;
    this.waitingMs = null;
    try {
      this.encode({ bitmap: await createImageBitmap(this.video, this.#size()), tMs, seq });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.inFlight = null; // the picture is gone: the camera was closed in between
    }
  }

  #size() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, LONG_SIDE_PX / Math.max(width, height));
    if (scale === 1) return {};
    return { resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale), resizeQuality: "medium" };
  }

  #send({ seq, message }) {
    if (this.inFlight?.seq !== seq) return;
    if (!this.running || !this.link.send(message)) this.inFlight = null;
  }
}

/** Encode in a worker; in the page itself where the browser cannot. */
function makeEncoder(done) {
  if (typeof OffscreenCanvas !== "undefined") {
    const worker = new Worker("/static/js/encoder.js", { type: "module" });
    worker.onmessage = ({ data }) => done(data);
    return (picture) => worker.postMessage(picture, [picture.bitmap]);
  }
  const encoder = new JpegEncoder((width, height) => Object.assign(document.createElement("canvas"), { width, height }));
  return async (picture) => done({ seq: picture.seq, message: await encoder.encode(picture) });
}
