// The tree: what the picture shows, in words; of its rows only those in sight are made.

const ROW = 28;
const AROUND = 12;
const tree = { rows: [], active: 0, typed: "", typedAt: 0 };

// List the rows anew: something was folded or unfolded.
function relist() {
  const active = tree.rows[tree.active]?.item;
  tree.rows = [];
  const roots = groups.filter((group) => !group.parent);
  for (const root of roots) listRows(root, 1, roots.indexOf(root), roots.length);
  tree.active = Math.max(0, rowOf(active));
  drawTree();
}

// A group of one bare root is no row of its own.
function listRows(item, level, position, size) {
  const inside = itemsIn(item);
  if (item.isBare) {
    listRows(inside[0], level, position, size);
    return;
  }
  tree.rows.push({ item, level, position: position + 1, size });
  if (!isOpen(item)) return;
  inside.forEach((below, index) => listRows(below, level + 1, index, inside.length));
}

// The row of an item, or of the nearest one above it that has one.
function rowOf(item) {
  for (let wanted = item; wanted; wanted = itemAbove(wanted)) {
    const row = tree.rows.findIndex((each) => each.item === wanted);
    if (row >= 0) return row;
  }
  return -1;
}

// Make the rows in sight, and room for the others.
function drawTree() {
  if (tree.rows.length === 0) return;
  const box = $("tree");
  const first = Math.max(0, Math.floor(box.scrollTop / ROW) - AROUND);
  const last = Math.min(tree.rows.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + AROUND);
  const wanted = [...Array(Math.max(0, last - first)).keys()].map((i) => first + i);
  // The active row is always there, for those who are told of it.
  if (tree.active < first) wanted.unshift(tree.active);
  if (tree.active >= last) wanted.push(tree.active);
  const space = html("div", { role: "presentation", class: "space" }, wanted.map(rowElement));
  space.style.height = `${tree.rows.length * ROW}px`;
  box.replaceChildren(space);
  box.setAttribute("aria-activedescendant", `row-${tree.active}`);
}

function rowElement(index) {
  const { item, level, position, size } = tree.rows[index];
  const element = html("div", {
    role: "treeitem",
    id: `row-${index}`,
    class: `row l${item.layer}${index === tree.active ? " active" : ""}${item.isGroup ? " of-group" : ""}`,
    "aria-level": level,
    "aria-posinset": position,
    "aria-setsize": size,
    "aria-selected": String(item === picture.selected),
    "aria-expanded": canFold(item) ? String(isOpen(item)) : null,
    "aria-label": rowLabel(item),
    title: shown(item.id),
  }, ...rowContent(item));
  element.style.top = `${index * ROW}px`;
  element.style.paddingLeft = `${8 + Math.min(level - 1, 12) * 14}px`;
  return element;
}

function rowLabel(item) {
  if (item.isGroup) return `${groupTitle(item)}, ${counted(item.members.length, "integration")}`;
  return [shown(item.name), shown(shortClass(item.className))].filter(Boolean).join(", ");
}

function rowContent(item) {
  const twisty = html("span", { class: canFold(item) ? `fold${isOpen(item) ? " open" : ""}` : "fold none" });
  if (item.isGroup) {
    return [
      twisty,
      html("span", { class: "label" }, shown(item.name)),
      html("span", { class: "side" }, number(item.members.length)),
    ];
  }
  return [
    twisty,
    html("span", { class: "chip" }),
    html("span", { class: "label" }, shown(item.name)),
    html("span", { class: "side" }, shown(shortClass(item.className))),
  ];
}

// Make a row the active one, and bring it into sight.
function activate(index) {
  tree.active = Math.min(tree.rows.length - 1, Math.max(0, index));
  const box = $("tree");
  const top = tree.active * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW - box.clientHeight;
  drawTree();
}

function onTreeClick(event) {
  const row = event.target.closest(".row");
  if (!row) return;
  const index = Number(row.id.slice(4));
  const { item } = tree.rows[index];
  activate(index);
  if (event.target.closest(".fold") || item.isGroup) fold(item);
  else select(item);
}

function onTreeKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const act = TREE_KEYS[event.key];
  const { item } = tree.rows[tree.active];
  if (act) act(item);
  else if (event.key.length === 1 && event.key !== "/" && event.key !== "?") typeAhead(event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

const TREE_KEYS = {
  ArrowDown: () => activate(tree.active + 1),
  ArrowUp: () => activate(tree.active - 1),
  Home: () => activate(0),
  End: () => activate(tree.rows.length - 1),
  PageDown: () => activate(tree.active + pageOfRows()),
  PageUp: () => activate(tree.active - pageOfRows()),
  ArrowRight: (item) => {
    if (canFold(item) && !isOpen(item)) fold(item);
    else if (canFold(item)) activate(tree.active + 1);
  },
  ArrowLeft: (item) => {
    if (canFold(item) && isOpen(item)) fold(item);
    else activate(rowOf(itemAbove(item)));
  },
  Enter: (item) => (item.isGroup ? fold(item) : select(item)),
  " ": (item) => (item.isGroup ? fold(item) : select(item)),
  "*": (item) => {
    const above = itemAbove(item);
    for (const beside of above ? itemsIn(above) : [item]) setOpen(beside, true);
    changed();
  },
};

function pageOfRows() {
  return Math.max(1, Math.floor($("tree").clientHeight / ROW) - 1);
}

// Go to the next row whose name begins with what was typed within a second.
function typeAhead(letter) {
  const now = Date.now();
  const isNew = now - tree.typedAt > 1000;
  tree.typed = isNew ? letter : tree.typed + letter;
  tree.typedAt = now;
  const wanted = tree.typed.toLowerCase();
  for (let step = isNew ? 1 : 0; step <= tree.rows.length; step += 1) {
    const index = (tree.active + step) % tree.rows.length;
    if (tree.rows[index].item.name.toLowerCase().startsWith(wanted)) {
      activate(index);
      return;
    }
  }
}

function setUpTree() {
  const box = $("tree");
  box.addEventListener("click", onTreeClick);
  box.addEventListener("dblclick", (event) => {
    const row = event.target.closest(".row");
    const item = row && tree.rows[Number(row.id.slice(4))].item;
    if (item && !item.isGroup && canFold(item)) fold(item);
  });
  box.addEventListener("keydown", onTreeKey);
  box.addEventListener("scroll", drawTree);
  new ResizeObserver(drawTree).observe(box);
}
