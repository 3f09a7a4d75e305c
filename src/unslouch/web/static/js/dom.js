/** Small helpers round the document. */

export const byId = (id) => document.getElementById(id);

/** Make an element: make("li", { className: "x" }, "text", child). */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Make an SVG element with attributes. */
export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Show one screen and hide the others. */
export function showScreen(id) {
  for (const screen of document.querySelectorAll("main")) screen.hidden = screen.id !== id;
  window.scrollTo(0, 0);
}

/** A sentence at the top of the page; null takes it away. */
export function notice(sentence) {
  const box = byId("notice");
  box.hidden = !sentence;
  box.textContent = sentence ?? "";
}
