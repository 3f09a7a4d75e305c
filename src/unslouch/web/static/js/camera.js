/** The person's own camera: opened, remembered, and every way it can fail said in words. */

const REMEMBERED = "camera";

const SENTENCES = {
  NotAllowedError: "The browser may not use the camera. Allow it by the camera sign beside the address, then try again.",
  NotFoundError: "No camera was found. Plug one in, then try again.",
  NotReadableError: "The camera is busy in another program. Close that program, then try again.",
  AbortError: "The camera did not start. Try again, or unplug it and plug it in.",
  OverconstrainedError: "The camera cannot give a picture that fits. Choose another one.",
};
export const UNPLUGGED = "The camera is gone. Plug it in again; your repetitions are kept.";

export class CameraError extends Error {}

/** Open the chosen camera, or the remembered one, or any. */
export async function openCamera(deviceId = null) {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("This browser gives no page a camera. Use a current Chrome, Edge, Firefox or Safari.");
  const wanted = deviceId ?? (await rememberedId());
  const video = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
  if (wanted) video.deviceId = deviceId ? { exact: wanted } : { ideal: wanted };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    remember(stream.getVideoTracks()[0]);
    return stream;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new CameraError(SENTENCES[error.name] ?? `The camera cannot be opened (${error.name}). Try again or choose another one.`);
  }
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
export async function fillChooser(label, select, currentId = null) {
  const cameras = await listCameras();
  const chosen = currentId ?? (await rememberedId());
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
