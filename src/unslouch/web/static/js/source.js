/** Where pictures come from: the camera or a recording; both play in the same <video>, so all that follows is the same. */
import { closeCamera, openCamera, UNPLUGGED } from "./camera.js";

export class ClipError extends Error {}

/** Events: "lost" (detail: a sentence), "ended". */
export class CameraSource extends EventTarget {
  mirrored = true;
  isCamera = true;

  constructor(video) {
    super();
    this.video = video;
  }

  async open() {
    this.stream = await openCamera();
    const [track] = this.stream.getVideoTracks();
    track.onended = () => this.dispatchEvent(new CustomEvent("lost", { detail: UNPLUGGED }));
    this.video.srcObject = this.stream;
    await ready(this.video);
  }

  play() {
    return this.video.play();
  }

  pause() {}

  close() {
    closeCamera(this.stream);
    this.stream = null;
    this.video.srcObject = null;
  }
}

export class ClipSource extends EventTarget {
  mirrored = false;
  isCamera = false;

  /** @param clip an address on this server, or a File that never leaves the page */
  constructor(video, clip) {
    super();
    this.video = video;
    this.clip = clip;
  }

  async open() {
    this.url = this.clip instanceof File ? URL.createObjectURL(this.clip) : null;
    this.video.srcObject = null;
    this.video.src = this.url ?? this.clip;
    this.video.onended = () => this.dispatchEvent(new Event("ended"));
    await ready(this.video);
  }

  play() {
    return this.video.play();
  }

  pause() {
    this.video.pause();
  }

  close() {
    this.video.onended = null;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    if (this.url) URL.revokeObjectURL(this.url);
  }
}

function ready(video) {
  return new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new ClipError("This browser cannot play that video. An MP4 (H.264) or WebM file works."));
    if (video.readyState >= video.HAVE_CURRENT_DATA) resolve();
  });
}
