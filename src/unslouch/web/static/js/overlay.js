/** A thin skeleton over the picture, drawn where the picture is shown. SVG: a canvas of this size costs 6 ms a frame. */
import { makeSvg } from "./dom.js";

const MIN_VISIBILITY = 0.5;
const LARGEST_CROP = 0.3;

export class Overlay {
  constructor(stage, video, drawing) {
    this.stage = stage;
    this.video = video;
    this.drawing = drawing;
    this.bones = [];
    this.paths = ["bones casing", "bones", "joints casing", "joints"].map((name) => makeSvg("path", { class: name }));
    drawing.append(...this.paths);
    new ResizeObserver(() => this.fit()).observe(stage);
  }

  clear() {
    for (const path of this.paths) path.setAttribute("d", "");
  }

  /** The picture fills the screen, unless that would cut away too much of it. */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || !width) return;
    const across = width / videoWidth;
    const down = height / videoHeight;
    const fills = 1 - Math.min(across, down) / Math.max(across, down) <= LARGEST_CROP;
    this.stage.classList.toggle("whole", !fills);
    const scale = fills ? Math.max(across, down) : Math.min(across, down);
    const [shownWidth, shownHeight] = [videoWidth * scale, videoHeight * scale];
    this.shown = { width: shownWidth, height: shownHeight, left: (width - shownWidth) / 2, top: (height - shownHeight) / 2 };
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /** @param points 33 times [x, y, visibility] in shares of the picture, or null */
  draw(points) {
    if (!points || !this.shown) return this.clear();
    const seen = points.map((point) => (point && point[2] >= MIN_VISIBILITY ? this.#place(point) : null));
    const bones = this.bones.filter(([a, b]) => seen[a] && seen[b]).map(([a, b]) => `M${seen[a]}L${seen[b]}`).join("");
    const joints = [...new Set(this.bones.flat())].filter((i) => seen[i]).map((i) => `M${seen[i]}h0`).join("");
    [bones, bones, joints, joints].forEach((d, i) => this.paths[i].setAttribute("d", d));
    return undefined;
  }

  #place([x, y]) {
    const { left, top, width, height } = this.shown;
    return `${(left + x * width).toFixed(1)} ${(top + y * height).toFixed(1)}`;
  }
}
