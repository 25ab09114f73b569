// The details of what is selected: what it is, its config, and who is given what.

const FIRST_SHOWN = 12;

// Show the details of an item, or none.
function showPanel(item) {
  const panel = $("panel");
  panel.hidden = !item;
  document.body.classList.toggle("with-panel", Boolean(item));
  if (!item) return;
  panel.replaceChildren(...(item.isGroup ? groupDetails(item) : details(item)));
  panel.scrollTop = 0;
}

function details(node) {
  return [
    top(node, shown(node.name)),
    html("dl", { class: "facts" },
      ...fact("Path", html("code", { class: "path" }, shown(node.id))),
      ...fact("Layer", itemLink(node.group, shown(node.group.name))),
      ...fact("Class", html("code", {}, shown(node.className) || "the base class")),
      ...(node.place ? fact("Declared", placeElement(node.place)) : []),
      ...(node.change ? fact(node.hooks.length ? "Hooks" : "Change", [node.change, ...node.hooks.map(shown)].join(" \u00b7 ")) : []),
    ),
    configPart(node),
    wrapsPart("Wrapped by, outermost first", node.wrappedBy),
    wrapsPart("Wraps methods of", node.wraps),
    givenPart(node),
    peersPart(node),
    childrenPart(node),
    receiversPart(node),
    DATA.view.isPart
      ? html("p", { class: "note" }, "This page holds a part of the workflow; links with the rest of it are left out.")
      : null,
  ].filter(Boolean);
}

function groupDetails(group) {
  return [
    top(group, groupTitle(group)),
    html("dl", { class: "facts" },
      ...fact("Layer", shown(group.name)),
      ...(group.parent ? fact("Declared by", itemLink(group.parent)) : []),
      ...fact("In and below it", counted(group.total, "integration")),
      ...(marksOf(group).length ? fact("Links", marksOf(group).join(", ")) : []),
    ),
    part("Members", group.members.length, listed(group.members)),
    group.keys.length
      ? part("Config of the layer", group.keys.length, html("ul", { class: "keys" }, group.keys.map(keyElement)))
      : null,
  ].filter(Boolean);
}

function top(item, title) {
  return html("div", { class: `top l${item.layer}` },
    html("span", { class: "chip" }),
    html("h2", { id: "panel-title" }, title),
    canFold(item)
      ? html("button", { type: "button", class: "quiet", click: () => fold(item) }, isOpen(item) ? "Fold" : "Unfold")
      : null,
    html("button", { type: "button", class: "quiet", "aria-label": "Centre it", title: "Centre it", click: () => centre(item) }, "◎"),
    html("button", { type: "button", class: "quiet", id: "close-panel", "aria-label": "Close details", title: "Close (Esc)", click: () => select(null) }, "✕"),
  );
}

function fact(name, ...value) {
  return [html("dt", {}, name), html("dd", {}, ...value)];
}

// One part of the details: a heading with a count, and what stands below it.
function part(title, count, ...content) {
  return html("section", { class: "part" },
    html("h3", {}, title, html("span", { class: "count" }, number(count))), ...content);
}

function givenPart(node) {
  const found = givenTo(node);
  const count = found.reduce((sum, each) => sum + each.given.length, 0);
  if (found.length === 0) return null;
  return part("Is given", count, found.map(({ link, given, hidden }) => html(
    "section", { class: `from k${link.kind.index}` },
    html("h4", {}, itemLink(link.source)),
    ruleElement(link),
    listed(given),
    hidden.length ? html("ul", { class: "items" }, hidden.map(hiddenElement)) : null,
  )));
}

// By which rule the members of one group are given to those of another.
function ruleElement({ rule, kind, place }) {
  return html("p", { class: "rule" },
    html("span", { class: "kind" }, shown(kind.name)),
    ` ${rule ? shown(rule) : kind.words}`,
    place ? placeElement(place) : null);
}

function hiddenElement([node, nearer]) {
  return html("li", { class: "hides" }, itemLink(node, shown(node.name)),
    html("span", { class: "why" }, "hidden by ",
      nearer.isAbsent ? html("code", {}, shown(nearer.id)) : itemLink(nearer)));
}

function peersPart(node) {
  const found = peersOf(node);
  if (found.length === 0) return null;
  const count = found.reduce((sum, each) => sum + each.peers.length, 0);
  return part("Peers", count, found.map(({ link, peers }) => html(
    "section", { class: `from k${link.kind.index}` }, ruleElement(link), listed(peers),
  )));
}

function wrapsPart(title, found) {
  if (found.length === 0) return null;
  return part(title, found.length, html("section", { class: `from k${wrappingKind().index}` },
    longList(found, (each) => html("li", {}, itemLink(each, shown(each.id))))));
}

function childrenPart(node) {
  const count = node.below.reduce((sum, group) => sum + group.members.length, 0);
  if (count === 0) return null;
  return part("Children", count, node.below.map((group) => html(
    "section", { class: "from" }, html("h4", {}, itemLink(group, shown(group.name))), listed(group.members),
  )));
}

function receiversPart(node) {
  const found = receiversOf(node);
  if (found.length === 0) return null;
  const count = found.reduce((sum, link) => sum + link.target.members.length, 0);
  return part("Is given to", count, longList(found, (link) => html(
    "li", {}, itemLink(link.target), html("span", { class: "why" }, number(link.target.members.length)),
  )));
}

function listed(items) {
  return longList(items, (item) => html("li", {}, itemLink(item, shown(item.name))));
}

// A list of which the first are shown, and the others when they are asked for.
function longList(items, element) {
  const list = html("ul", { class: "items" }, items.slice(0, FIRST_SHOWN).map(element));
  const rest = items.slice(FIRST_SHOWN);
  if (rest.length === 0) return list;
  const more = html("button", { type: "button", class: "more" }, `${number(rest.length)} more`);
  more.addEventListener("click", () => {
    const added = rest.map(element);
    more.closest("li").replaceWith(...added);
    added[0].querySelector("button").focus();
  });
  list.append(html("li", {}, more));
  return list;
}

// A button that selects an item, in words of one's own or in its usual ones.
function itemLink(item, words = item.isGroup ? groupTitle(item) : shown(item.id)) {
  return html("button", { type: "button", class: `link l${item.layer}`, title: shown(item.id), click: () => select(item) }, words);
}
