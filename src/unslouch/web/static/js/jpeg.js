/** A picture as the coach takes it: capture time (float64, ms), sequence number (uint32), JPEG. */

const HEADER_BYTES = 12;
const QUALITY = 0.9;

export class JpegEncoder {
  /** @param makeCanvas (width, height) => a canvas of either kind */
  constructor(makeCanvas) {
    this.makeCanvas = makeCanvas;
    this.canvas = null;
  }

  async encode({ bitmap, tMs, seq }) {
    const { width, height } = bitmap;
    if (this.canvas?.width !== width || this.canvas?.height !== height) {
      this.canvas = this.makeCanvas(width, height);
      this.context = this.canvas.getContext("2d", { alpha: false });
    }
    this.context.drawImage(bitmap, 0, 0);
    bitmap.close();
    const blob = await toJpeg(this.canvas);
    const bytes = new Uint8Array(HEADER_BYTES + blob.size);
    const header = new DataView(bytes.buffer);
    header.setFloat64(0, tMs, true);
    header.setUint32(8, seq, true);
    bytes.set(new Uint8Array(await blob.arrayBuffer()), HEADER_BYTES);
    return bytes.buffer;
  }
}

function toJpeg(canvas) {
  if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
