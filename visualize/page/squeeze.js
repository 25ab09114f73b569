// Where groups stand: what is folded leaves empty bands, which are squeezed; nothing changes order.

const { cell: CELL, gap: GAP, heading: HEADING, padding: PADDING } = DATA.metrics;
const FOLDED_HEIGHT = 34;
const BAND = { across: 96, along: 30 };
const isAcross = DATA.view.direction === "LR";

// The size of a group as it is shown now.
function sizeOf(group) {
  return isOpen(group) ? openSize(group) : { width: foldedWidth(group), height: FOLDED_HEIGHT };
}

function openSize(group) {
  const rows = Math.ceil(group.members.length / group.columns);
  const width = group.columns * (group.cell + GAP) - GAP;
  const height = rows * (CELL + GAP) - GAP;
  if (group.isBare) return { width, height };
  return { width: width + 2 * PADDING, height: height + HEADING + PADDING };
}

function foldedWidth(group) {
  return Math.round(textWidth(groupTitle(group), "group") + textWidth(number(group.total), "group")) + 64;
}

// The rectangle of each shown group, by group, after the empty bands are squeezed.
function arranged(shownNow) {
  const boxes = new Map();
  for (const group of shownNow) boxes.set(group, unsqueezed(group));
  const all = [...boxes.values()];
  const x = squeezed(all.map((box) => [box.x, box.x + box.width]), isAcross ? BAND.across : BAND.along);
  const y = squeezed(all.map((box) => [box.y, box.y + box.height]), isAcross ? BAND.along : BAND.across);
  for (const box of all) {
    box.x = x(box.x);
    box.y = y(box.y);
  }
  return boxes;
}

// A folded group stands where the middle of it was, in the direction that its rank runs.
function unsqueezed(group) {
  const size = sizeOf(group);
  const full = openSize(group);
  const x = isAcross ? group.x : group.x + (full.width - size.width) / 2;
  const y = isAcross ? group.y + (full.height - size.height) / 2 : group.y;
  return { x, y, ...size };
}

// A function that moves coordinates so that no gap between the spans is wider than `widest`.
function squeezed(spans, widest) {
  const starts = [];
  const shifts = [];
  let [end, shift] = [null, 0];
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    if (end === null) shift = from;
    else if (from - end > widest) shift += from - end - widest;
    starts.push(from);
    shifts.push(shift);
    end = end === null ? to : Math.max(end, to);
  }
  return (value) => value - shifts[lastAtMost(starts, value)];
}

// The index of the last of the sorted values that is not above `value`.
function lastAtMost(values, value) {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

// The place of a member within its group's rectangle.
function cellOf(node) {
  const { group } = node;
  const position = node.index - group.members[0].index;
  const [left, top] = group.isBare ? [0, 0] : [PADDING, HEADING];
  return {
    x: left + (position % group.columns) * (group.cell + GAP),
    y: top + Math.floor(position / group.columns) * (CELL + GAP),
    width: group.cell,
    height: CELL,
  };
}
