/** The person's own camera: opened, remembered, and every way it can fail said in words. */

const REMEMBERED = "camera";

const SENTENCES = {
  NotAllowedError: "The browser may not use the camera. Allow it by the camera sign beside the address, then try again.",
  NotFoundError: "No camera was found. Plug one in, then try again.",
  NotReadableError: "The camera is busy in another program. Close that program, then try again.",
  AbortError: "The camera did not start. Try again, or unplug it and plug it in.",
  OverconstrainedError: "The camera cannot give a picture that fits. Choose another one.",
};
const NO_CAMERAS_HERE = "This browser gives no page a camera. Use a current Chrome, Edge, Firefox or Safari.";
export const UNPLUGGED = "The camera is gone. Plug it in again; your repetitions are kept.";

export class CameraError extends Error {}

/** Open the remembered camera, or any where that one is not plugged in. */
export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError(NO_CAMERAS_HERE);
  const wanted = await rememberedId();
  try {
    const stream = await request(wanted).catch((error) => {
      if (wanted && error.name === "OverconstrainedError") return request(null);
      throw error;
    });
    remember(stream.getVideoTracks()[0]);
    return stream;
  } catch (error) {
    if (!(error instanceof DOMException || error.name === "OverconstrainedError")) throw error;
    throw new CameraError(SENTENCES[error.name] ?? `The camera cannot be opened (${error.name}). Try again or choose another one.`);
  }
}

function request(deviceId) {
  const video = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
  if (deviceId) video.deviceId = { exact: deviceId };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

export function closeCamera(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Cameras by name; empty before the browser was allowed to tell. */
export async function listCameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind, label }) => kind === "videoinput" && label);
}

/** Fill a <select>; hidden while there is nothing to choose. */
export async function fillChooser(label, select) {
  const cameras = await listCameras();
  const chosen = await rememberedId();
  select.replaceChildren(...cameras.map((c) => new Option(c.label, c.deviceId, false, c.deviceId === chosen)));
  label.hidden = cameras.length < 2;
}

export function rememberId(deviceId, label) {
  localStorage.setItem(REMEMBERED, JSON.stringify({ deviceId, label }));
}

function remember(track) {
  rememberId(track.getSettings().deviceId, track.label);
}

/** The id changes when the browser forgets it; the camera's name finds it again. */
async function rememberedId() {
  const stored = JSON.parse(localStorage.getItem(REMEMBERED) ?? "null");
  if (!stored) return null;
  const cameras = await listCameras();
  const match = cameras.find((c) => c.deviceId === stored.deviceId) ?? cameras.find((c) => c.label === stored.label);
  return match?.deviceId ?? stored.deviceId;
}
