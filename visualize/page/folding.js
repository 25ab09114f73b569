// What is folded: a level to which everything is unfolded, and the items that differ from it.

const READABLE = 150;
const FEWEST_LEVELS = 2;
const LEAST_SCALE = 0.4;
const USUAL_WINDOW = { width: 1100, height: 800 };
const folds = { level: "auto", turned: new Set() };
const deepest = groups.reduce((depth, group) => Math.max(depth, group.depth), 0) + 1;
const collapsed = new Set(DATA.view.collapse);
let autoLevel = DATA.view.depth ?? deepest;

// Begin with the most levels of the tree that can be read in a window of the usual size, so that
// a page begins alike in all windows, and a link means the same in them.
function findReadableLevel() {
  if (DATA.view.depth !== null) return;
  while (autoLevel > FEWEST_LEVELS && !isReadable()) autoLevel -= 1;
}

function isReadable() {
  const boxes = arranged(shownGroups());
  const count = [...boxes.keys()].reduce((sum, group) => sum + group.members.length, 0);
  const { width, height } = boundsOf([...boxes.values()]);
  const scale = Math.min(USUAL_WINDOW.width / width, USUAL_WINDOW.height / height);
  return count <= READABLE && scale >= LEAST_SCALE;
}

// Whether what is in or below an item is shown, if the item is.
function isOpen(item) {
  return folds.turned.has(item) !== isOpenAtLevel(item);
}

function isOpenAtLevel(item) {
  if (folds.level === "all") return true;
  if (folds.level === "none") return item.depth === 0;
  if (folds.level === "auto") return isOpenAtFirst(item);
  return item.isGroup || item.depth < Number(folds.level) - 1;
}

// What the page begins with: the view that it was made with, or what can be read at once.
function isOpenAtFirst(item) {
  if (collapsed.has(item.id)) return false;
  if (!item.isGroup) return item.depth < autoLevel - 1;
  return DATA.view.depth !== null || item.members.length <= READABLE;
}

// Whether there is anything to fold.
function canFold(item) {
  return itemsIn(item).length > 0 && !item.isBare;
}

function setOpen(item, wanted) {
  if (canFold(item) && isOpen(item) !== wanted) turn(item);
}

function turn(item) {
  if (!folds.turned.delete(item)) folds.turned.add(item);
}

// Unfold to a level: a number of levels, "auto", "none" or "all".
function setLevel(level) {
  folds.level = level;
  folds.turned.clear();
}

// Unfold everything above an item, so that it is shown.
function reveal(item) {
  for (let above = itemAbove(item); above; above = itemAbove(above)) setOpen(above, true);
}

// The groups that are shown, folded or not, each before those below it.
function shownGroups() {
  const found = [];
  const hidden = new Set();
  for (const group of groups) {
    const isShown = !group.parent || (!hidden.has(group.parent.group) && isOpen(group.parent));
    if (isShown) found.push(group);
    if (!isShown || !isOpen(group)) hidden.add(group);
  }
  return found;
}

// What stands for an item in the picture: itself, or the folded item that it is in.
function standIn(item) {
  let visible = item;
  for (let above = itemAbove(item); above; above = itemAbove(above)) {
    if (!isOpen(above)) visible = above;
  }
  return visible;
}
