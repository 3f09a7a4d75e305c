/* Contrast of every text and every mark as it is shown; over the camera the worst of black and white behind it counts. */
window.measureContrast = (root) => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const over = (top, below) => top.rgb.map((c, i) => c * top.a + below[i] * (1 - top.a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const grounds = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      if (e.id === "live") return [[0, 0, 0], [255, 255, 255]].map((camera) => layers.reduceRight((below, top) => over(top, below), camera));
      const layer = parse(getComputedStyle(e).backgroundColor);
      if (layer.a > 0) layers.push(layer);
      if (layer.a === 1) break;
    }
    return [layers.reduceRight((below, top) => over(top, below), [255, 255, 255])];
  };
  const worst = (colour, element) => Math.min(...grounds(element).map((ground) => ratio(over(parse(colour), ground), ground)));
  const found = [];
  for (const element of document.querySelectorAll(`${root}, ${root} *`)) {
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const what = element.classList[element.classList.contains("mark") ? 1 : 0] ?? element.localName;
    if (own) found.push({ kind: "text", what, ratio: worst(style.color, element) });
    if (element.classList.contains("mark")) found.push({ kind: "mark", what, ratio: worst(style.color, element) });
    if (element.classList.contains("fill")) found.push({ kind: "mark", what, ratio: worst(style.backgroundColor, element.parentElement) });
  }
  return found;
};
