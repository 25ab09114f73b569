// The picture: groups, their members and lines as SVG, of which only what is in the window is made.

const FAR = 0.36;
const BEYOND = 200;
const FEW_MOVE = 400;
const FRAME_FROM = 7;
const BADGE = 38;
const picture = {
  shown: [], target: new Map(), now: new Map(), frames: [], lines: [],
  selected: null, related: null, found: new Set(),
};
const drawnGroups = new Map();
let isDrawingSoon = false;

// Show what is folded and unfolded now; what stays moves to its new place.
function refold() {
  const before = picture.now;
  picture.shown = shownGroups();
  picture.target = arranged(picture.shown);
  picture.frames = framesNow();
  picture.now = new Map(picture.target);
  relink();
  const moved = [...picture.target].filter(([group, box]) => hasMoved(before.get(group), box));
  if (moved.length === 0 || moved.length > FEW_MOVE) drawSoon();
  else animate("groups", (part) => move(moved, before, part));
}

function hasMoved(old, box) {
  return old && ["x", "y", "width", "height"].some((side) => old[side] !== box[side]);
}

function move(moved, before, part) {
  for (const [group, box] of moved) {
    const old = before.get(group);
    const between = (side) => old[side] + (box[side] - old[side]) * part;
    picture.now.set(group, {
      x: between("x"), y: between("y"), width: between("width"), height: between("height"),
    });
  }
  traceLines();
  draw();
}

// The shelves of which several groups are shown, as frames that share one line of the tree.
function framesNow() {
  const frames = new Map();
  for (const group of picture.shown) {
    if (group.shelf < 0) continue;
    if (!frames.has(group.shelf)) frames.set(group.shelf, new Set());
    frames.get(group.shelf).add(group);
  }
  return [...frames]
    .filter(([, shelved]) => shelved.size >= FRAME_FROM)
    .map(([shelf, shelved]) => {
      const [first] = shelved;
      return { isFrame: true, number: shelf, groups: shelved, first, parent: first.parent.group };
    });
}

function isInFrame(group) {
  return picture.frames.some((frame) => frame.groups.has(group));
}

// Make the lines anew: something was folded, a kind was switched, or the selection changed.
function relink() {
  const { selected } = picture;
  picture.related = selected && !selected.isGroup ? relatedTo(selected) : null;
  const lines = linesNow(picture.shown);
  const strong = picture.related ? linesOf(selected) : [];
  picture.lines = [
    ...lines.map((line) => ({ ...line, element: lineElement(line) })),
    ...strong.map((line) => ({ ...line, element: lineElement(line) })),
  ];
  const elements = picture.lines.map((line) => line.element);
  $("lines").replaceChildren(...elements.slice(0, lines.length));
  $("strong").replaceChildren(...elements.slice(lines.length));
  $("drawing").classList.toggle("focused", Boolean(picture.related));
  traceLines();
  drawSoon();
}

function lineElement(line) {
  const { kind } = line;
  const arrow = kind.arrow && !kind.tree ? `url(#arrow-${kind.index})` : null;
  const marks = [line.isPart && "part", kind.tree && "tree", line.change].filter(Boolean);
  const group = svg("g", { class: ["line", `k${kind.index}`, ...marks].join(" ") });
  group.append(
    svg("title", {}, lineTitle(line)),
    svg("path", { class: "wide" }),
    svg("path", { class: "ink", "marker-end": arrow }),
  );
  return group;
}

// Lead each line from where its ends are to where they are.
function traceLines() {
  for (const line of picture.lines) {
    const path = asPath(pathOf(line));
    line.element.children[1].setAttribute("d", path);
    line.element.children[2].setAttribute("d", path);
  }
  traceFrames();
}

function traceFrames() {
  const margin = 14;
  $("frames").replaceChildren(...picture.frames.map((frame) => {
    const { x, y, width, height } = rectangleOf(frame);
    const place = { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
    return svg("rect", { class: "frame", rx: 14, ...place });
  }));
}

// The smallest rectangle around others.
function boundsOf(boxes) {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
  return { x, y, width, height };
}

function drawSoon() {
  if (isDrawingSoon) return;
  isDrawingSoon = true;
  requestAnimationFrame(() => {
    isDrawingSoon = false;
    draw();
  });
}

// Make what is in the window, and take away what is not.
function draw() {
  const seen = windowInPicture();
  const isFar = eye.scale < FAR;
  const wanted = new Set();
  for (const group of picture.shown) {
    const box = picture.now.get(group);
    if (!overlaps(box, seen)) continue;
    wanted.add(group);
    drawGroup(group, box, seen, isFar);
  }
  for (const [group, drawn] of drawnGroups) {
    if (wanted.has(group)) continue;
    drawn.element.remove();
    drawnGroups.delete(group);
  }
}

function windowInPicture() {
  const { width, height } = windowSize();
  return {
    x: (-eye.x - BEYOND) / eye.scale,
    y: (-eye.y - BEYOND) / eye.scale,
    width: (width + 2 * BEYOND) / eye.scale,
    height: (height + 2 * BEYOND) / eye.scale,
  };
}

function overlaps(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function drawGroup(group, box, seen, isFar) {
  const open = isOpen(group);
  const form = `${open} ${isFar}`;
  let drawn = drawnGroups.get(group);
  if (!drawn || drawn.form !== form) {
    drawn?.element.remove();
    drawn = { form, ...groupElement(group, open, isFar), cells: new Map() };
    drawnGroups.set(group, drawn);
    $("boxes").append(drawn.element);
  }
  drawn.element.setAttribute("transform", `translate(${box.x} ${box.y})`);
  if (drawn.frame) resize(drawn.frame, box);
  if (!open) return;
  if (isFar) drawAfar(group, box, drawn);
  else drawCells(group, box, seen, drawn);
}

function resize(element, { width, height }) {
  element.setAttribute("width", width);
  element.setAttribute("height", height);
}

// The element of a group without its members, and its parts that change.
function groupElement(group, open, isFar) {
  const element = svg("g", { class: `group l${group.layer}${open ? "" : " folded"}${isFar ? " far" : ""}` });
  const frame = group.isBare ? null : svg("rect", { class: "around", rx: open ? 10 : 8 });
  if (frame) element.append(svg("title", {}, groupTip(group)), frame);
  const inside = svg("g");
  if (!group.isBare && !(isFar && open)) element.append(...headingOf(group, open));
  element.append(inside);
  return { element, frame, inside };
}

function groupTip(group) {
  const marks = marksOf(group).join(", ");
  return `${groupTitle(group)} · ${counted(group.members.length, "integration")}${marks && ` · ${marks}`}`;
}

// The marks of the kinds by which the members of a group are linked with each other.
function marksOf(group) {
  return group.linked
    .filter(({ kind, source }) => kind.mutual && kind.isShown && source === group)
    .map(({ kind }) => kind.mark || kind.name);
}

function headingOf(group, open) {
  const room = openSize(group).width - 2 * PADDING;
  const count = `${number(open ? group.members.length : group.total)}`;
  const marks = marksOf(group);
  const rest = [count, ...(open ? marks : [])].join(" · ");
  const title = open ? fitted(groupTitle(group), "group", room - textWidth(rest, "group") - 30) : groupTitle(group);
  const y = open ? 20 : FOLDED_HEIGHT / 2 + 4;
  const start = PADDING + 14;
  return [
    svg("path", { class: "twisty", d: open ? `M${PADDING} ${y - 7}h8l-4 6z` : `M${PADDING} ${y - 8}v8l6-4z` }),
    svg("text", { class: "heading", x: start, y }, title),
    svg("text", { class: "count", x: start + textWidth(title, "group") + 8, y }, rest),
  ];
}

// From afar: the members of each role in one path, and the group's title as large as fits.
function drawAfar(group, box, drawn) {
  const paths = new Map();
  for (const node of group.members) {
    const role = roleOf(node);
    const { x, y, width, height } = cellOf(node);
    paths.set(role, `${paths.get(role) ?? ""}M${x} ${y}h${width}v${height}h${-width}z`);
  }
  const title = groupTitle(group);
  const perPixel = textWidth(title, "group") / 12;
  const size = Math.min(16 / eye.scale, (box.width * 0.9) / perPixel, box.height * 0.6);
  const middle = { x: box.width / 2, y: box.height / 2 + size / 3 };
  drawn.inside.replaceChildren(
    ...[...paths].map(([role, d]) => svg("path", { class: `cells ${role}`, d })),
    svg("text", { class: "afar", "font-size": size, "stroke-width": size / 4, ...middle }, title),
  );
}

// Near by: a box for each member in the window.
function drawCells(group, box, seen, drawn) {
  const wanted = new Set();
  for (const node of membersIn(group, box, seen)) {
    wanted.add(node);
    let cell = drawn.cells.get(node);
    const form = `${isOpen(node)} ${roleOf(node)}`;
    if (cell?.form === form) continue;
    cell?.element.remove();
    cell = { form, element: cellElement(node) };
    drawn.cells.set(node, cell);
    drawn.inside.append(cell.element);
  }
  for (const [node, cell] of drawn.cells) {
    if (wanted.has(node)) continue;
    cell.element.remove();
    drawn.cells.delete(node);
  }
}

// The members of a group whose row is in the window.
function* membersIn(group, box, seen) {
  const pitch = CELL + GAP;
  const first = Math.max(0, Math.floor((seen.y - box.y - HEADING) / pitch));
  const last = Math.ceil((seen.y + seen.height - box.y) / pitch);
  const upTo = Math.min(group.members.length, (last + 1) * group.columns);
  for (let i = first * group.columns; i < upTo; i += 1) {
    const { x, width } = cellOf(group.members[i]);
    if (box.x + x < seen.x + seen.width && box.x + x + width > seen.x) yield group.members[i];
  }
}

// What an integration is to the selected one, and whether it is among those searched for.
function roleOf(node) {
  const role = picture.related?.get(node) ?? (picture.related ? "other" : "");
  const change = node.change && ` ${node.change}`;
  return `${role}${change}${node.isContext ? " context" : ""}${picture.found.has(node) ? " found" : ""}`;
}

function cellElement(node) {
  const { x, y, width, height } = cellOf(node);
  const badge = badgeOf(node, width);
  const room = width - 22 - (badge.length ? BADGE : 0);
  const signed = [DATA.signs[node.change], shown(node.name)].filter(Boolean).join(" ");
  const name = fitted(signed, "name", room);
  const className = node.className && fitted(shown(shortClass(node.className)), "class", room);
  const element = svg("g", { class: `node l${node.layer}${node.parent ? "" : " root"} ${roleOf(node)}`, transform: `translate(${x} ${y})` });
  element.append(
    svg("title", {}, [shown(node.id), shown(node.className)].filter(Boolean).join("\n")),
    svg("path", { class: "box", d: shapeOf(node.layer, width, height) }),
    svg("text", { class: "name", x: 11, y: className ? 18 : 26 }, name),
  );
  if (className) element.append(svg("text", { class: "class", x: 11, y: 33 }, className));
  element.append(...badge);
  return element;
}

// The sign at the end of a box by which what is below it is unfolded and folded.
function badgeOf(node, width) {
  if (!canFold(node)) return [];
  const open = isOpen(node);
  const text = open ? "" : number(node.total);
  const middle = { x: width - 20, y: CELL / 2 };
  const d = open
    ? `M${middle.x - 1} ${middle.y - 4}h8l-4 6z`
    : `M${middle.x} ${middle.y - 13}v8l6-4z`;
  return [
    svg("rect", { class: open ? "badge open" : "badge", x: width - BADGE, y: 4, width: BADGE - 4, height: CELL - 8, rx: 6 }),
    svg("path", { class: "twisty", d }),
    svg("text", { class: "below", x: width - BADGE / 2 - 2, y: CELL / 2 + 9 }, text),
  ];
}

// The outline of the boxes of a layer.
function shapeOf(layer, width, height) {
  const slope = height / 3;
  const shapes = {
    round: `M9 0H${width - 9}q9 0 9 9V${height - 9}q0 9-9 9H9q-9 0-9-9V9q0-9 9-9z`,
    box: `M2 0H${width - 2}q2 0 2 2V${height - 2}q0 2-2 2H2q-2 0-2-2V2q0-2 2-2z`,
    hexagon: `M${slope / 2} 0H${width - slope / 2}L${width} ${height / 2}L${width - slope / 2} ${height}H${slope / 2}L0 ${height / 2}z`,
    octagon: `M7 0H${width - 7}L${width} 7V${height - 7}L${width - 7} ${height}H7L0 ${height - 7}V7z`,
    note: `M0 0H${width - 9}L${width} 9V${height}H0z`,
    parallelogram: `M7 0H${width}L${width - 7} ${height}H0z`,
  };
  return shapes[DATA.shapes[layer]] ?? shapes.box;
}

// What is at a point of the window: {item, part}, or null.
function hit(point) {
  const [x, y] = [(point.x - eye.x) / eye.scale, (point.y - eye.y) / eye.scale];
  for (const group of picture.shown) {
    const box = picture.now.get(group);
    const inside = { x: x - box.x, y: y - box.y };
    if (inside.x < 0 || inside.y < 0 || inside.x > box.width || inside.y > box.height) continue;
    return hitInGroup(group, inside);
  }
  return null;
}

function hitInGroup(group, { x, y }) {
  if (!isOpen(group)) return { item: group, part: "fold" };
  for (const node of group.members) {
    const cell = cellOf(node);
    const isIn = x >= cell.x && x <= cell.x + cell.width && y >= cell.y && y <= cell.y + cell.height;
    const isBadge = isIn && canFold(node) && x > cell.x + cell.width - BADGE && eye.scale >= FAR;
    if (isIn) return { item: node, part: isBadge ? "fold" : "box" };
  }
  return { item: group, part: y < HEADING && eye.scale >= FAR ? "fold" : "area" };
}

// The rectangle of an item or, where it is folded away, of what stands for it.
function boundsOfItem(item) {
  const end = standIn(item);
  if (end.isGroup) return picture.target.get(end);
  const [box, cell] = [picture.target.get(end.group), cellOf(end)];
  return { ...cell, x: box.x + cell.x, y: box.y + cell.y };
}
