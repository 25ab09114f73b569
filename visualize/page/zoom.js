// The window onto the picture: moving and zooming it by pointer, wheel, buttons and keys.

const NEAREST = 3;
const FARTHEST = 0.01;
const LARGEST_FIT = 1.15;
const MARGIN = 36;
const STEP = 1.3;
const eye = { x: 0, y: 0, scale: 1 };
// Where the window is on its way to.
let aim = eye;
const pointers = new Map();
let dragged = 0;

// Put the window somewhere, and let the picture draw what is in it.
function look(x, y, scale) {
  Object.assign(eye, { x, y, scale: Math.min(NEAREST, Math.max(FARTHEST, scale)) });
  $("world").setAttribute("transform", `translate(${eye.x} ${eye.y}) scale(${eye.scale})`);
  $("percent").textContent = `${Math.round(eye.scale * 100)}%`;
  drawSoon();
}

// Zoom by a factor about a point of the window, its middle if none is given.
function zoomBy(factor, point = middleOfWindow()) {
  stopGliding();
  const scale = Math.min(NEAREST, Math.max(FARTHEST, eye.scale * factor));
  const real = scale / eye.scale;
  look(point.x - (point.x - eye.x) * real, point.y - (point.y - eye.y) * real, scale);
}

function windowSize() {
  const { clientWidth, clientHeight } = $("picture");
  return { width: clientWidth, height: clientHeight };
}

// The part of the window that no panel lies over.
function roomSize() {
  const { width, height } = windowSize();
  const panel = $("panel").getBoundingClientRect();
  const covered = $("picture").getBoundingClientRect().bottom - panel.top;
  const isOver = !$("panel").hidden && panel.width >= width;
  return { width, height: isOver ? Math.max(80, height - covered) : height };
}

function middleOfWindow() {
  const { width, height } = windowSize();
  return { x: width / 2, y: height / 2 };
}

// The window that shows a rectangle of the picture as large as is sensible.
function fitOf(bounds) {
  const { width, height } = roomSize();
  const room = { width: Math.max(40, width - 2 * MARGIN), height: Math.max(40, height - 2 * MARGIN) };
  const scale = Math.min(LARGEST_FIT, room.width / bounds.width, room.height / bounds.height);
  const x = (width - bounds.width * scale) / 2 - bounds.x * scale;
  const y = (height - bounds.height * scale) / 2 - bounds.y * scale;
  return { x, y, scale: Math.max(FARTHEST, scale) };
}

function fit() {
  glide(fitOf(boundsOf([...picture.target.values()])));
}

// Move no more than is needed for a rectangle to be in the window, and large enough to be read.
function bringIntoView(bounds, leastScale = 0.75, mayShrink = false) {
  const { width, height } = roomSize();
  const scale = mayShrink ? leastScale : Math.max(aim.scale, leastScale);
  const middle = { x: width / 2, y: height / 2 };
  const grown = scale / aim.scale;
  const x = middle.x - (middle.x - aim.x) * grown;
  const y = middle.y - (middle.y - aim.y) * grown;
  const to = {
    x: x + shiftInto(bounds.x * scale + x, bounds.width * scale, width),
    y: y + shiftInto(bounds.y * scale + y, bounds.height * scale, height),
    scale,
  };
  if (to.x !== aim.x || to.y !== aim.y || scale !== aim.scale) glide(to);
}

// How far something has to move to be between 0 and `room`; what is too long shows its beginning.
function shiftInto(start, length, room) {
  const edge = Math.min(MARGIN, Math.max(0, (room - length) / 2));
  if (start < edge || length > room) return edge - start;
  return Math.min(0, room - edge - start - length);
}

// Travel to another window, or be there at once for those who prefer stillness.
function glide(to) {
  const from = { ...eye };
  aim = to;
  animate("eye", (part) => look(
    from.x + (to.x - from.x) * part,
    from.y + (to.y - from.y) * part,
    from.scale * (to.scale / from.scale) ** part,
  ));
}

const running = new Map();

// Call `step` with a part of the way from 0 to 1 until it is done; a later call of a name ends it.
function animate(name, step, duration = 260) {
  cancelAnimationFrame(running.get(name));
  running.delete(name);
  if (prefersStillness() || document.hidden) {
    step(1);
    return;
  }
  const start = performance.now();
  const frame = (now) => {
    const part = Math.min(1, Math.max(0, (now - start) / duration));
    step(1 - (1 - part) ** 3);
    if (part < 1) running.set(name, requestAnimationFrame(frame));
    else running.delete(name);
  };
  running.set(name, requestAnimationFrame(frame));
}

function stopGliding() {
  aim = eye;
  cancelAnimationFrame(running.get("eye"));
  running.delete("eye");
}

function pointIn(event) {
  const box = $("picture").getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function onWheel(event) {
  event.preventDefault();
  stopGliding();
  const lines = event.deltaMode === 1 ? 16 : 1;
  // Pinching a touchpad comes as a wheel with the control key and small steps.
  zoomBy(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018)), pointIn(event));
}

function onPointerDown(event) {
  if (event.button > 0) return;
  stopGliding();
  if (pointers.size === 0) dragged = 0;
  pointers.set(event.pointerId, pointIn(event));
}

function onPointerMove(event) {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const now = pointIn(event);
  const other = [...pointers].find(([id]) => id !== event.pointerId);
  dragged += Math.hypot(now.x - before.x, now.y - before.y);
  if (dragged > 3) $("picture").classList.add("moving");
  pointers.set(event.pointerId, now);
  if (other) pinch(before, now, other[1]);
  else if (dragged > 3) look(eye.x + now.x - before.x, eye.y + now.y - before.y, eye.scale);
}

// Two fingers: the point between them stays under them.
function pinch(before, now, other) {
  const distance = (point) => Math.max(10, Math.hypot(point.x - other.x, point.y - other.y));
  const moved = { x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 };
  look(eye.x + moved.x, eye.y + moved.y, eye.scale);
  zoomBy(distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
}

function onPointerUp(event) {
  pointers.delete(event.pointerId);
  if (pointers.size === 0) $("picture").classList.remove("moving");
}

// Whether the pointer was moved since it was pressed, so that its release is no click.
function wasDragged() {
  return dragged > 3;
}

// Keys of the picture itself; true if the key was one of them.
function onPictureKey(event) {
  const step = event.shiftKey ? 240 : 80;
  const moves = {
    ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step],
  };
  const move = moves[event.key];
  if (move) stopGliding();
  if (move) look(eye.x + move[0], eye.y + move[1], eye.scale);
  return Boolean(move);
}

function setUpZoom() {
  const area = $("picture");
  area.addEventListener("wheel", onWheel, { passive: false });
  area.addEventListener("pointerdown", onPointerDown);
  addEventListener("pointermove", onPointerMove);
  addEventListener("pointerup", onPointerUp);
  addEventListener("pointercancel", onPointerUp);
  $("zoom-in").addEventListener("click", () => zoomBy(STEP));
  $("zoom-out").addEventListener("click", () => zoomBy(1 / STEP));
  $("zoom-fit").addEventListener("click", fit);
}
