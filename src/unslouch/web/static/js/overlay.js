/** A thin skeleton over the picture, drawn where the picture is shown. */

const MIN_VISIBILITY = 0.5;
const LARGEST_CROP = 0.3;

export class Overlay {
  constructor(stage, video, canvas) {
    this.stage = stage;
    this.video = video;
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.bones = [];
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(stage);
  }

  close() {
    this.observer.disconnect();
    this.clear();
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** The picture fills the screen, unless that would cut away too much of it. */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    const { videoWidth, videoHeight } = this.video;
    const density = Math.min(devicePixelRatio, 2);
    this.canvas.width = width * density;
    this.canvas.height = height * density;
    if (!videoWidth || !width) return;
    const across = width / videoWidth;
    const down = height / videoHeight;
    const fills = 1 - Math.min(across, down) / Math.max(across, down) <= LARGEST_CROP;
    this.stage.classList.toggle("whole", !fills);
    const scale = (fills ? Math.max(across, down) : Math.min(across, down)) * density;
    this.shown = {
      width: videoWidth * scale,
      height: videoHeight * scale,
      left: (this.canvas.width - videoWidth * scale) / 2,
      top: (this.canvas.height - videoHeight * scale) / 2,
      thin: 1.75 * density,
    };
  }

  draw(points) {
    this.clear();
    if (!points || !this.shown) return;
    const seen = points.map((p) => (p && p[2] >= MIN_VISIBILITY ? this.#place(p) : null));
    const lines = new Path2D();
    const joints = new Path2D();
    for (const [a, b] of this.bones) {
      if (!seen[a] || !seen[b]) continue;
      lines.moveTo(...seen[a]);
      lines.lineTo(...seen[b]);
    }
    const radius = this.shown.thin * 1.8;
    for (const index of new Set(this.bones.flat())) {
      if (!seen[index]) continue;
      const [x, y] = seen[index];
      joints.moveTo(x + radius, y);
      joints.arc(x, y, radius, 0, 2 * Math.PI);
    }
    this.#stroke(lines, joints);
  }

  #place([x, y]) {
    return [this.shown.left + x * this.shown.width, this.shown.top + y * this.shown.height];
  }

  #stroke(lines, joints) {
    const { context } = this;
    context.lineCap = "round";
    context.strokeStyle = "rgb(20 25 27 / 0.55)";
    context.lineWidth = this.shown.thin * 2.4;
    context.stroke(lines);
    context.strokeStyle = "#ECE6DB";
    context.lineWidth = this.shown.thin;
    context.stroke(lines);
    context.fillStyle = "#ECE6DB";
    context.strokeStyle = "rgb(20 25 27 / 0.55)";
    context.stroke(joints);
    context.fill(joints);
  }
}
