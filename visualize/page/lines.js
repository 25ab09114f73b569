// Lines between groups: the tree, who is given what, and those of what is selected.

// The lines that are drawn now: [{from, to, kind, isPart}], each between groups or folded boxes.
function linesNow(shownNow) {
  const lines = new Map();
  const isShown = new Set(shownNow);
  for (const group of shownNow) {
    if (group.parent && !isInFrame(group)) addLine(lines, group.parent, group, treeKind(), false);
  }
  for (const frame of picture.frames) addLine(lines, frame.parent, frame, treeKind(), false);
  for (const [source, target, kind, whole, change] of DATA.drawn) {
    if (KINDS[kind].mutual || !isShown.has(groups[source])) continue;
    const end = standIn(groups[target]);
    if (end !== groups[source]) addLine(lines, groups[source], end, KINDS[kind], !whole, change);
  }
  return [...lines.values()].filter((line) => line.kind.isShown);
}

function treeKind() {
  return KINDS.find((kind) => kind.tree);
}

// A line that leads to a part of what is folded is one like any other, and drawn once.
function addLine(lines, from, to, kind, isPart, change = "") {
  const key = `${idOf(from)} ${idOf(to)} ${kind.index} ${change}`;
  const known = lines.get(key);
  if (known) known.isPart = known.isPart && isPart;
  else lines.set(key, { from, to, kind, isPart, change });
}

function idOf(end) {
  if (end.isFrame) return `f${end.number}`;
  return `${end.isGroup ? "g" : "n"}${end.index}`;
}

// The lines of a selected integration: from where it is given something, and to whom it is given.
function linesOf(node) {
  const lines = new Map();
  // Lines end at its group, so that none lies over the names in there.
  const end = standIn(node.group);
  const own = end.isGroup ? end : end.group;
  const add = (source, target, kind) => {
    if (source !== target && kind.isShown) addLine(lines, source, target, kind, false);
  };
  for (const { link, given } of givenTo(node)) {
    if (given.length) add(standIn(link.source), own, link.kind);
  }
  for (const source of node.wrappedBy) add(standIn(source.group), own, wrappingKind());
  for (const target of node.wraps) add(own, standIn(target.group), wrappingKind());
  for (const link of receiversOf(node)) add(own, standIn(link.target), link.kind);
  for (const group of node.below) add(standIn(node), standIn(group), treeKind());
  return thinned([...lines.values()]);
}

// Of very many lines, those to the frames that the groups stand in.
function thinned(lines) {
  const kept = new Map();
  for (const line of lines) {
    const frame = line.to.isGroup && picture.frames.find((each) => each.groups.has(line.to));
    addLine(kept, line.from, frame || line.to, line.kind, line.isPart);
  }
  return [...kept.values()];
}

// Where a line goes: from the side of one rectangle to the side of the other.
function pathOf(line) {
  const [from, to] = [rectangleOf(line.from), rectangleOf(line.to)];
  return isAcross ? routed(from, to, line) : turned(routed(mirrored(from), mirrored(to), line));
}

function rectangleOf(end) {
  if (end.isFrame) return boundsOf([...end.groups].map((group) => picture.now.get(group)));
  if (end.isGroup) return picture.now.get(end);
  const [box, cell] = [picture.now.get(end.group), cellOf(end)];
  return { ...cell, x: box.x + cell.x, y: box.y + cell.y };
}

function mirrored({ x, y, width, height }) {
  return { x: y, y: x, width: height, height: width };
}

function turned(points) {
  return points.map(([command, ...pairs]) => [command, ...pairs.map(([x, y]) => [y, x])]);
}

// The points of a line in a picture that grows to the right.
function routed(from, to, line) {
  const isTree = line.kind.tree;
  const [right, left] = [from.x + from.width, to.x];
  const start = from.y + from.height / 2 + (isTree ? 0 : Math.min(8, from.height / 4));
  const end = isTree ? to.y + to.height / 2 : to.y + Math.min(HEADING / 2, to.height / 2);
  if (left >= right + 8) {
    const bend = Math.max(28, (left - right) * 0.5);
    return [["M", [right, start]], ["C", [right + bend, start], [left - bend, end], [left, end]]];
  }
  return besides(from, to);
}

// Within one rank: straight from edge to edge where nothing is between, or around on the left.
function besides(from, to) {
  const isBelow = to.y >= from.y + from.height;
  const isAbove = to.y + to.height <= from.y;
  const x = Math.max(from.x, to.x) + 30;
  const fits = x < Math.min(from.x + from.width, to.x + to.width);
  if ((isBelow || isAbove) && fits && !isBlocked(from, to)) {
    const [start, end] = isBelow ? [from.y + from.height, to.y] : [from.y, to.y + to.height];
    return [["M", [x, start]], ["L", [x, end]]];
  }
  const [start, end] = [from.y + from.height / 2, to.y + Math.min(HEADING / 2, to.height / 2)];
  const out = Math.min(from.x, to.x) - 26 - Math.min(60, Math.abs(end - start) / 12);
  return [["M", [from.x, start]], ["C", [out, start], [out, end], [to.x, end]]];
}

// Whether a third group stands between two of one rank.
function isBlocked(from, to) {
  const [top, bottom] = from.y < to.y ? [from.y + from.height, to.y] : [to.y + to.height, from.y];
  for (const box of picture.now.values()) {
    const { x, y, width, height } = isAcross ? box : mirrored(box);
    const isBetween = y >= top - 1 && y + height <= bottom + 1;
    if (isBetween && x < from.x + 60 && x + width > from.x) return true;
  }
  return false;
}

// Points as the text of an SVG path.
function asPath(points) {
  return points
    .map(([command, ...pairs]) => command + pairs.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join(" "))
    .join("");
}

// What a line says to those who point at it.
function lineTitle({ from, to, kind, isPart, change }) {
  const name = (end) => (end.isFrame || end.isGroup ? groupTitle(end.first ?? end) : shown(end.id));
  return `${change && `${change}: `}${name(from)} ${(isPart && kind.part) || kind.group || kind.words}: ${name(to)}`;
}
