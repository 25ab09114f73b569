// Search as you type: by name, class, layer, path and config key; the best come first.

const ROWS_SHOWN = 60;
const search = { found: [], at: -1 };
let lowered = null;

// What is searched in, in lower case, made at the first search.
function searchable() {
  lowered ??= nodes.map((node) => ({
    node,
    name: node.name.toLowerCase(),
    rest: [
      [node.id, "path"], [node.className, "class"], [node.group.name, "layer"],
      ...node.keys.map((key) => [key.name, "config key"]),
    ].map(([text, what]) => ({ text: text.toLowerCase(), what })),
  }));
  return lowered;
}

// How well an integration fits what was typed, 0 being best, and by what; null if it does not.
function fitness(entry, typed) {
  const position = entry.name.indexOf(typed);
  if (entry.name === typed) return { rank: 0, by: "name" };
  if (position >= 0) return { rank: position === 0 ? 1 : 2, by: "name" };
  const index = entry.rest.findIndex(({ text }) => text.includes(typed));
  return index < 0 ? null : { rank: 3 + index, by: entry.rest[index].what };
}

function onQuery() {
  const typed = $("query").value.trim().toLowerCase();
  search.at = -1;
  search.found = typed ? ranked(typed) : [];
  picture.found = new Set(search.found.filter((each) => each.by !== "path").map((each) => each.node));
  showFound(Boolean(typed));
  drawSoon();
}

function ranked(typed) {
  const found = [];
  for (const entry of searchable()) {
    const how = fitness(entry, typed);
    if (how) found.push({ node: entry.node, ...how });
  }
  return found.sort((a, b) => a.rank - b.rank || a.node.index - b.node.index);
}

function showFound(isSearching) {
  const list = $("results");
  const isListed = isSearching && search.found.length > 0;
  list.hidden = !isListed;
  $("query").setAttribute("aria-expanded", String(isListed));
  document.body.classList.toggle("searching", isSearching);
  drawResults();
  tellFound(isSearching);
}

// The results around the one that Enter went to.
function drawResults() {
  const start = Math.max(0, Math.min(search.at - ROWS_SHOWN / 2, search.found.length - ROWS_SHOWN));
  const rows = search.found.slice(start, start + ROWS_SHOWN);
  $("results").replaceChildren(...rows.map((each, i) => resultElement(each, start + i)));
  const input = $("query");
  if (search.at < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", `found-${search.at}`);
  $(`found-${search.at}`)?.scrollIntoView({ block: "nearest" });
}

function resultElement({ node, by }, index) {
  const where = node.parent ? shown(node.parent.id) : "";
  return html(
    "div",
    {
      role: "option", id: `found-${index}`, class: `result l${node.layer}`,
      "aria-selected": String(index === search.at), "aria-posinset": index + 1,
      "aria-setsize": search.found.length, title: shown(node.id),
    },
    html("span", { class: "chip" }),
    html("span", { class: "label" }, shown(node.name)),
    html("span", { class: "side" }, by === "name" || by === "path" ? shown(shortClass(node.className)) : by),
    html("span", { class: "where" }, where),
  );
}

function tellFound(isSearching) {
  const count = search.found.length;
  const text = count ? (search.at < 0 ? `${number(count)} found` : `${search.at + 1} of ${number(count)}`) : "nothing found";
  $("found").textContent = isSearching ? text : "";
  if (!isSearching) return;
  const at = search.found[search.at]?.node;
  say(at ? `${text}: ${shown(at.id)}` : text);
}

// Go to a result: select it where it is, unfolding what hides it.
function goToResult(index) {
  const count = search.found.length;
  if (count === 0) return;
  search.at = (index + count) % count;
  drawResults();
  select(search.found[search.at].node, { isQuiet: true });
  tellFound(true);
}

function endSearch() {
  $("query").value = "";
  onQuery();
}

function onQueryKey(event) {
  const keys = {
    Enter: () => goToResult(search.at + (event.shiftKey ? -1 : 1)),
    ArrowDown: () => goToResult(search.at + 1),
    ArrowUp: () => goToResult(search.at - 1),
    Escape: endSearch,
  };
  if (!keys[event.key] || (event.key === "Escape" && !$("query").value)) return;
  event.preventDefault();
  event.stopPropagation();
  keys[event.key]();
}

function setUpSearch() {
  $("query").addEventListener("input", onQuery);
  $("query").addEventListener("keydown", onQueryKey);
  // The field keeps the focus, so that Enter goes on from there.
  $("results").addEventListener("mousedown", (event) => event.preventDefault());
  $("results").addEventListener("click", (event) => {
    const row = event.target.closest(".result");
    if (row) goToResult(Number(row.id.slice(6)));
  });
}
