/** The one WebSocket to the coach; comes back by itself. Events: "open", "lost", "message" (detail: the answer). */

const RETRY_MS = [250, 500, 1000, 2000];

export class Link extends EventTarget {
  constructor() {
    super();
    this.tries = 0;
    this.connect();
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    this.socket = new WebSocket(`ws://${location.host}/live`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.tries = 0;
      this.dispatchEvent(new Event("open"));
    };
    this.socket.onmessage = ({ data }) => this.dispatchEvent(new CustomEvent("message", { detail: JSON.parse(data) }));
    this.socket.onclose = () => {
      if (this.tries === 0) this.dispatchEvent(new Event("lost"));
      setTimeout(() => this.connect(), RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)]);
    };
  }

  /** Send an object as JSON, or bytes as they are; false when nobody listens. */
  send(message) {
    if (!this.open) return false;
    this.socket.send(message instanceof ArrayBuffer ? message : JSON.stringify(message));
    return true;
  }
}
