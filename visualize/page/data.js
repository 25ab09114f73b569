// The workflow: tables of numbers and texts, made into groups and integrations that know each other.

const DATA = JSON.parse(document.getElementById("data").textContent);
const KINDS = DATA.kinds.map((kind, index) => ({ ...kind, index, isShown: isShownAtFirst(kind) }));
const groups = [];
const nodes = [];
const byId = new Map();

readTables();

// Whether the view that the page was made with shows a kind of link.
function isShownAtFirst(kind) {
  return kind.tree || DATA.view.links !== "none";
}

function readTables() {
  for (const row of DATA.groups) groups.push(readGroup(row, groups.length));
  for (const group of groups) addToParent(group);
  for (const [source, target, kind, words, place] of DATA.links) {
    const rule = words === undefined ? "" : DATA.texts[words];
    const link = { source: groups[source], target: groups[target], kind: KINDS[kind], rule };
    link.place = place ? readPlace(place) : null;
    link.source.links.push(link);
    link.target.linked.push(link);
  }
  // The nearest group comes first: it is the one that appears last.
  for (const group of groups) group.linked.sort((a, b) => b.source.index - a.source.index);
  for (const [decorators, wrapped] of DATA.wrapped) readWrapped(decorators, wrapped);
  // Of what is left out of the page, the names that hide others.
  for (const row of DATA.absent) readAbsent(row);
  DATA.shelves.forEach((shelf, number) => {
    for (const index of shelf) groups[index].shelf = number;
  });
  for (const group of [...groups].reverse()) countBelow(group);
}

function readGroup([id, layer, parent, size, keys, columns, cell, x, y], index) {
  const group = { isGroup: true, index, layer, columns, cell, x, y, shelf: -1 };
  group.parent = parent < 0 ? null : nodes[parent];
  group.name = DATA.layers[layer];
  group.id = id || (group.parent ? `${group.parent.id}/${group.name}` : group.name);
  group.depth = group.parent ? group.parent.depth + 1 : 0;
  group.keys = keys.map(readKey);
  group.links = [];
  group.linked = [];
  group.linkedFromAbsent = [];
  group.members = [];
  for (let i = 0; i < size; i += 1) group.members.push(readNode(DATA.nodes[nodes.length], group));
  group.isBare = !group.parent && size === 1 && group.members[0].name === group.name;
  register(group);
  return group;
}

function readNode([name, path, className, place, keys, change, isContext, hooks], group) {
  const node = { isGroup: false, index: nodes.length, name, group, below: [], wrappedBy: [], wraps: [] };
  node.id = path || (group.parent ? `${group.parent.id}.${name}` : name);
  node.parent = group.parent;
  node.depth = group.depth;
  node.layer = group.layer;
  node.className = className < 0 ? "" : DATA.texts[className];
  node.place = readPlace(place);
  node.keys = keys.map(readKey);
  node.change = change || "";
  node.isContext = Boolean(isContext);
  node.hooks = (hooks || []).map((text) => DATA.texts[text]);
  nodes.push(node);
  register(node);
  return node;
}

// An integration and a group with one id are told apart: the integration has it.
function register(item) {
  if (!item.isGroup || !byId.has(item.id)) byId.set(item.id, item);
}

function readAbsent([index, members, targets]) {
  const source = { isAbsent: true, index };
  source.members = members.map(([name, path]) => ({
    isAbsent: true, name: DATA.texts[name], id: DATA.texts[path], group: source,
  }));
  for (const target of targets) groups[target].linkedFromAbsent.push(source);
}

// The decorators of some integrations, the outermost first.
function readWrapped(decorators, wrapped) {
  for (const index of wrapped) {
    nodes[index].wrappedBy = decorators.map((each) => nodes[each]);
    for (const each of decorators) nodes[each].wraps.push(nodes[index]);
  }
}

function readKey([text, place]) {
  return { name: DATA.texts[text], place: readPlace(place) };
}

// A place in words, such as `workflow.yaml:4:3`; the empty text where none is known.
function readPlace([text, line, column]) {
  if (text === undefined) return "";
  return line ? `${DATA.texts[text]}:${line}:${column}` : DATA.texts[text];
}

function addToParent(group) {
  if (group.parent) group.parent.below.push(group);
}

// How many integrations stand below each member, and in and below the group.
function countBelow(group) {
  group.total = 0;
  for (const member of group.members) {
    member.total = member.below.reduce((sum, below) => sum + below.total, 0);
    group.total += member.total + 1;
  }
}

// What stands directly in or below an item of the tree.
function itemsIn(item) {
  return item.isGroup ? item.members : item.below;
}

// The item above: a member's group, a group's parent.
function itemAbove(item) {
  return item.isGroup ? item.parent : item.group;
}

// A group in words: its layer, and whose it is.
function groupTitle(group) {
  return group.parent ? `${shown(group.name)} of ${shown(group.parent.name)}` : shown(group.name);
}

// A class's own name, without its module.
function shortClass(className) {
  if (className.includes("$")) return className;
  return className.slice(Math.max(className.lastIndexOf("."), className.lastIndexOf(":")) + 1);
}

// A text without what would turn or break the line that it stands in.
function shown(text) {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}|\p{Cn}/gu,
    (character) => (character < " " ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : "\ufffd"),
  );
}

// A number with its thousands apart.
function number(count) {
  return count.toLocaleString("en");
}

// A count with its word: "1 group", "2 groups".
function counted(count, word) {
  return `${number(count)} ${word}${count === 1 ? "" : "s"}`;
}
