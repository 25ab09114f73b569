// The address: what stands after its # is the selection, what is folded and which kinds are off.

const address = { written: "" };

// What is shown, as the text after the #.
function asHash() {
  const state = new URLSearchParams();
  if (picture.selected) state.set("at", picture.selected.id);
  if (picture.selected?.isGroup) state.set("group", "1");
  if (folds.level !== "auto") state.set("level", folds.level);
  for (const item of folds.turned) state.append(item.isGroup ? "g" : "n", item.id);
  for (const kind of KINDS) if (kind.isShown !== isShownAtFirst(kind)) state.append("kind", kind.name);
  return state.toString();
}

// Write the address; a step that the button "back" takes back is one of its own.
function writeAddress(isStep = false) {
  const written = asHash();
  if (written === address.written) return;
  address.written = written;
  const target = written ? `#${written}` : location.pathname + location.search;
  history[isStep ? "pushState" : "replaceState"](null, "", target);
}

// Take from the address what it says; what it names and is not there is passed over.
function readAddress() {
  const state = new URLSearchParams(location.hash.slice(1));
  address.written = location.hash.slice(1);
  setLevel(levelFrom(state.get("level")));
  for (const id of state.getAll("g")) turnIfThere(groupAt(id));
  for (const id of state.getAll("n")) turnIfThere(nodeAt(id));
  const turnedKinds = new Set(state.getAll("kind"));
  for (const kind of KINDS) kind.isShown = isShownAtFirst(kind) !== turnedKinds.has(kind.name);
  const at = state.get("at");
  picture.selected = (state.get("group") ? groupAt(at) : nodeAt(at)) ?? null;
  // A link that says nothing of folds, as one that was written by hand, still shows its item.
  const saysFolds = ["g", "n", "level"].some((name) => state.has(name));
  if (picture.selected && !saysFolds) reveal(picture.selected);
}

function turnIfThere(item) {
  if (item && canFold(item)) folds.turned.add(item);
}

function groupAt(id) {
  return groups.find((group) => group.id === id);
}

function nodeAt(id) {
  return nodes.find((node) => node.id === id);
}

function levelFrom(text) {
  const isKnown = text === "all" || text === "none" || (Number(text) >= 1 && Number(text) <= deepest);
  return isKnown ? text : "auto";
}

async function copyLink() {
  writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
    toast("Link copied");
  } catch {
    toast("The link is in the address bar");
  }
}
