/** Worker: encodes pictures away from the page's own thread. */
import { JpegEncoder } from "./jpeg.js";

const encoder = new JpegEncoder((width, height) => new OffscreenCanvas(width, height));

onmessage = async ({ data }) => {
  const message = await encoder.encode(data);
  postMessage({ seq: data.seq, message }, [message]);
};
