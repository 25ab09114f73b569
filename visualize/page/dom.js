// Making elements: texts become text nodes alone, so that no name is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";
const FAMILY = getComputedStyle(document.documentElement).fontFamily;
const FONTS = {
  name: `600 13px ${FAMILY}`,
  class: `11px ${FAMILY}`,
  group: `600 12px ${FAMILY}`,
};
const measuring = document.createElement("canvas").getContext("2d");
const widths = new Map();

// The element of the page with an id.
function $(id) {
  return document.getElementById(id);
}

// An HTML element with attributes and content; what is false, null or undefined is left out.
function html(tag, attributes = {}, ...content) {
  return filled(document.createElement(tag), attributes, content);
}

// The same for SVG.
function svg(tag, attributes = {}, ...content) {
  return filled(document.createElementNS(SVG, tag), attributes, content);
}

function filled(element, attributes, content) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...content.flat().filter((part) => part || part === 0));
  return element;
}

// How wide a text is in one of the fonts of the picture.
function textWidth(text, font) {
  const key = `${font} ${text}`;
  if (!widths.has(key)) {
    measuring.font = FONTS[font];
    widths.set(key, measuring.measureText(text).width);
  }
  return widths.get(key);
}

// As much of a text as there is room for; a longer one keeps its two ends.
function fitted(text, font, room) {
  if (textWidth(text, font) <= room) return text;
  const letters = [...text];
  let [low, high] = [1, Math.min(letters.length, 200)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(shortened(letters, middle), font) <= room) low = middle;
    else high = middle - 1;
  }
  return shortened(letters, low);
}

function shortened(letters, kept) {
  const front = Math.ceil(kept / 2);
  return `${letters.slice(0, front).join("")}…${letters.slice(letters.length - kept + front).join("")}`;
}

// A place, without the folders of its file, which are shown to those who point at it.
function placeElement(place) {
  return html("code", { class: "place", title: shown(place) }, shown(place.split(/[\\/]/).pop()));
}

// Tell those who hear the page what has happened.
function say(text) {
  $("said").textContent = text;
}

// Show a word for a moment to those who see the page, and tell the others.
function toast(text) {
  say(text);
  const box = $("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => {
    box.hidden = true;
  }, 2500);
}

function prefersStillness() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
