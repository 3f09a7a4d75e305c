/** The plate in the middle of the live screen: one sentence and what can be done about it. */
import { byId, make } from "./dom.js";
import { fillChooser, rememberId } from "./camera.js";

export class Halt {
  constructor() {
    this.box = byId("halt");
    this.select = byId("halt-cameras");
    this.select.onchange = () => {
      const [option] = this.select.selectedOptions;
      rememberId(option.value, option.textContent);
    };
  }

  get shown() {
    return !this.box.hidden;
  }

  /** @param actions [[label, what to do], …]; the first is the one that Enter takes */
  async show(sentence, actions, { chooser = false } = {}) {
    byId("halt-text").textContent = sentence;
    byId("halt-actions").replaceChildren(
      ...actions.map(([label, act], i) =>
        make("button", { className: i === 0 ? "button first" : "button", textContent: label, onclick: act }),
      ),
    );
    byId("halt-chooser").hidden = true;
    this.box.hidden = false;
    byId("halt-actions").querySelector("button")?.focus();
    if (chooser) await fillChooser(byId("halt-chooser"), this.select);
  }

  hide() {
    this.box.hidden = true;
  }
}
