// What people do with the page, each deed in one place, and its beginning.

// Show anew what depends on folds: the picture, the tree, the details, the address.
function changed() {
  refold();
  relist();
  showPanel(picture.selected);
  $("level").value = folds.turned.size ? "" : String(folds.level);
  writeAddress();
}

// Fold an item, or unfold it.
function fold(item) {
  if (!canFold(item)) return;
  turn(item);
  keepInPlace(item, changed);
  if (isOpen(item)) showWithContent(item);
  say(`${item.isGroup ? groupTitle(item) : shown(item.name)} ${isOpen(item) ? "unfolded" : "folded"}`);
}

// Do something that moves groups, and keep an item where it is in the window.
function keepInPlace(item, act) {
  const before = picture.target.size ? boundsOfItem(item) : null;
  act();
  if (!before) return;
  const after = boundsOfItem(item);
  glide({
    x: aim.x + (before.x - after.x) * aim.scale,
    y: aim.y + (before.y - after.y) * aim.scale,
    scale: aim.scale,
  });
}

// Move or zoom out so that what was unfolded is in the window together with its item.
function showWithContent(item) {
  const inside = itemsIn(item).filter((below) => below.isGroup).map(boundsOfItem);
  const bounds = boundsOf([boundsOfItem(item), ...inside]);
  bringIntoView(bounds, Math.max(FAR, Math.min(eye.scale, fitOf(bounds).scale)), true);
}

// Fold and unfold to a level, and fit what is shown in the window.
function foldTo(level) {
  setLevel(level);
  changed();
  fit();
  say(`${counted(shownCount(), "integration")} shown`);
}

function shownCount() {
  return picture.shown.reduce((sum, group) => sum + (isOpen(group) ? group.members.length : 0), 0);
}

// Select an item and go to it; null lets go of what is selected.
function select(item, { isQuiet = false } = {}) {
  picture.selected = item;
  if (item) reveal(item);
  redrawGroups();
  writeAddress(true);
  changed();
  goToSelected();
  if (!isQuiet) say(item ? `${shown(item.id)} selected` : "Nothing selected");
}

// Bring an item into the window, unless it is in there and large enough.
function centre(item, leastScale = 0.75) {
  const bounds = boundsOfItem(item);
  if (item.isGroup) {
    const { scale } = fitOf(bounds);
    bringIntoView(bounds, Math.min(leastScale, scale));
  } else bringIntoView(bounds, leastScale);
}

// Forget what is drawn, so that marks and roles are drawn anew.
function redrawGroups() {
  for (const drawn of drawnGroups.values()) drawn.form = "";
}

function onPictureClick(event) {
  if (wasDragged()) return;
  const found = hit(pointIn(event));
  if (!found) {
    if (picture.selected) select(null);
  } else if (found.part === "fold") fold(found.item);
  else if (found.item !== picture.selected) select(found.item);
}

function onPictureDoubleClick(event) {
  const found = hit(pointIn(event));
  if (found && found.part === "box") fold(found.item);
}

function onPictureHover(event) {
  if (event.buttons) return;
  $("picture").classList.toggle("over", Boolean(hit(pointIn(event))));
}

function onKey(event) {
  const isTyping = event.target.closest("input, select, textarea, dialog");
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping) return;
  if (event.target === $("picture") && onPictureKey(event)) {
    event.preventDefault();
    return;
  }
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

const KEYS = {
  "/": () => {
    showSide(true);
    $("query").focus();
    $("query").select();
  },
  "?": () => $("keys").showModal(),
  "+": () => zoomBy(STEP),
  "=": () => zoomBy(STEP),
  "-": () => zoomBy(1 / STEP),
  0: () => fit(),
  f: () => picture.selected && fold(picture.selected),
  F: () => foldTo(folds.level === "none" ? "all" : "none"),
  Escape: () => picture.selected && select(null),
};

function showSide(isShown) {
  document.body.classList.toggle("without-side", !isShown);
  $("show-side").setAttribute("aria-expanded", String(isShown));
  drawTree();
}

function setUpLevels() {
  const levels = [["auto", "automatically"], ["none", "nothing"]];
  for (let level = 1; level < deepest; level += 1) levels.push([level, counted(level, "level")]);
  levels.push(["all", "everything"]);
  const select = $("level");
  select.replaceChildren(
    html("option", { value: "", hidden: true }, "as chosen"),
    ...levels.map(([value, words]) => html("option", { value }, words)),
  );
  select.addEventListener("change", () => foldTo(select.value));
}

function setUpTheme() {
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const apply = (isDark) => {
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    $("theme").setAttribute("aria-pressed", String(isDark));
  };
  const first = DATA.view.theme === "dark" || prefersDark.matches;
  apply(first);
  prefersDark.addEventListener("change", (event) => apply(event.matches));
  $("theme").addEventListener("click", () => apply($("theme").getAttribute("aria-pressed") !== "true"));
}

function setUpAbout() {
  const name = shown(DATA.title) || "Workflow";
  $("title").textContent = name.split(/[\\/]/).pop();
  $("title").title = name;
  $("counts").textContent = [
    counted(nodes.length, "integration"), counted(groups.length, "group"),
    DATA.view.isPart ? "a part of the workflow" : DATA.edges && counted(DATA.edges, "link"),
  ].filter(Boolean).join(" · ");
}

function setUpPicture() {
  const area = $("picture");
  area.addEventListener("click", onPictureClick);
  area.addEventListener("dblclick", onPictureDoubleClick);
  area.addEventListener("pointermove", onPictureHover);
  new ResizeObserver(drawSoon).observe(area);
}

// Show what the address says, at the beginning and whenever it is changed.
function restore() {
  readAddress();
  for (const kind of KINDS) $(`kind-${kind.index}`).checked = kind.isShown;
  redrawGroups();
  changed();
}

function begin() {
  findReadableLevel();
  setUpAbout();
  setUpTheme();
  setUpLevels();
  setUpLegend();
  setUpZoom();
  setUpTree();
  setUpSearch();
  setUpPicture();
  showSide(!matchMedia("(max-width: 760px)").matches);
  $("show-side").addEventListener("click", () => showSide(document.body.classList.contains("without-side")));
  $("copy").addEventListener("click", copyLink);
  $("help").addEventListener("click", () => $("keys").showModal());
  $("close-keys").addEventListener("click", () => $("keys").close());
  addEventListener("keydown", onKey);
  addEventListener("hashchange", () => location.hash.slice(1) !== address.written && visit());
  restore();
  start();
}

// Go to what a changed address says.
function visit() {
  restore();
  if (picture.selected) goToSelected();
  else fit();
}

function goToSelected() {
  if (!picture.selected) return;
  activate(rowOf(picture.selected));
  centre(picture.selected, 0.6);
}

// The first look: everything, and then what is selected.
function start() {
  const { x, y, scale } = fitOf(boundsOf([...picture.target.values()]));
  look(x, y, scale);
  goToSelected();
  document.documentElement.dataset.ready = "true";
}

begin();
