/* Runs before the page: writes down what is said, what is written under the picture, and what the coach answers. */
window.spy = { said: [], captions: [], answers: [] };

Object.defineProperty(window, "speechSynthesis", {
  value: {
    speak(utterance) {
      window.spy.said.push({ text: utterance.text, at: performance.now() });
      this.timer = setTimeout(() => utterance.onend?.(new Event("end")), 150 + 20 * utterance.text.length);
    },
    cancel() {
      clearTimeout(this.timer);
    },
    resume() {},
  },
});

const RealSocket = window.WebSocket;
window.WebSocket = class extends RealSocket {
  constructor(...args) {
    super(...args);
    window.spy.socket = this;
    this.addEventListener("message", ({ data }) => window.spy.answers.push(data));
  }
};

document.addEventListener("DOMContentLoaded", () => {
  const caption = document.getElementById("caption");
  const write = () => caption.textContent && window.spy.captions.push(caption.textContent);
  new MutationObserver(write).observe(caption, { childList: true, characterData: true, subtree: true });
});
