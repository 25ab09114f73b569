// The legend: what colours and lines mean, what has changed, with a switch for each kind of link.

function setUpLegend() {
  $("layers").replaceChildren(...DATA.layers.map(layerRow));
  $("changes").replaceChildren(...changesShown().map(changeRow));
  $("kinds").replaceChildren(...KINDS.map(kindRow));
  document.querySelector("#drawing defs").append(...KINDS.map(arrowOf));
}

function layerRow(layer, index) {
  const count = groups.reduce((sum, group) => sum + (group.layer === index ? group.members.length : 0), 0);
  const sample = svg("svg", { class: `sample l${index}${index === groups[0]?.layer ? " root" : ""}`, viewBox: "-1 -1 30 18", "aria-hidden": "true" },
    svg("path", { class: "box", transform: "scale(0.4)", d: shapeOf(index, 70, 40) }));
  return html("p", {}, sample, html("span", { class: "label" }, shown(layer)), html("span", { class: "side" }, number(count)));
}

// The changes that something on the page has, with how many integrations have each.
function changesShown() {
  const counts = new Map(Object.keys(DATA.signs).map((change) => [change, 0]));
  for (const { change } of nodes) if (change) counts.set(change, (counts.get(change) ?? 0) + 1);
  const ofLinks = new Set(DATA.drawn.map(([, , , , change]) => change));
  return [...counts].filter(([change, count]) => count || ofLinks.has(change));
}

function changeRow([change, count]) {
  const sample = svg("svg", { class: "sample", viewBox: "-1 -1 30 18", "aria-hidden": "true" },
    svg("g", { class: change }, svg("path", { class: "box", d: "M0 0H28V16H0z" })));
  const words = [DATA.signs[change], shown(change)].filter(Boolean).join(" ");
  return html("p", {}, sample, html("span", { class: "label" }, words), html("span", { class: "side" }, number(count)));
}

function kindRow(kind) {
  const input = html("input", { type: "checkbox", id: `kind-${kind.index}`, checked: kind.isShown });
  input.addEventListener("change", () => switchKind(kind, input.checked));
  const words = kind.group || kind.words;
  return html("label", { class: `k${kind.index}`, for: input.id },
    input, kindSample(kind), html("span", {}, shown(kind.name)),
    words === kind.name ? null : html("span", { class: "words" }, shown(words)));
}

function kindSample(kind) {
  const isArrow = kind.arrow && !kind.tree;
  const arrow = isArrow ? `url(#arrow-${kind.index})` : null;
  return svg("svg", { class: `sample line${kind.tree ? " tree" : ""}`, viewBox: "0 0 30 10", "aria-hidden": "true" },
    svg("path", { class: "ink", d: "M3 5H27", "marker-end": arrow, "marker-start": kind.mutual ? arrow : null }));
}

function arrowOf(kind) {
  return svg("marker", {
    id: `arrow-${kind.index}`, class: `k${kind.index}`, viewBox: "0 0 8 8", refX: 7, refY: 4,
    markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse",
  }, svg("path", { class: "tip", d: "M0 0.5 8 4 0 7.5z" }));
}

// Show or hide the links of a kind, in the picture and of what is selected.
function switchKind(kind, isShown) {
  kind.isShown = isShown;
  $(`kind-${kind.index}`).checked = isShown;
  redrawGroups();
  relink();
  say(`${shown(kind.name)} links ${isShown ? "shown" : "hidden"}`);
  writeAddress();
}
