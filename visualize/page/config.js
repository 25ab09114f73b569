// Where the values of config keys come from, in the order in which they are looked up.

// The configs that an integration looks in, nearest first: [{owner, words, keys}].
function lookUp(node) {
  const places = [];
  for (let owner = node; owner; owner = owner.parent) {
    places.push({ owner, words: owner === node ? "its own" : "", keys: owner.keys });
    places.push({ owner: owner.group, words: "", keys: owner.group.keys });
  }
  return places.filter((place) => place.keys.length > 0);
}

// The keys of each of these configs, with the nearer owner that hides one: [{owner, keys}].
function configOf(node) {
  const nearest = new Map();
  return lookUp(node).map(({ owner, words, keys }) => {
    const seen = keys.map((key) => ({ ...key, hiddenBy: nearest.get(key.name.toLowerCase()) }));
    for (const key of keys) {
      const name = key.name.toLowerCase();
      if (!nearest.has(name)) nearest.set(name, owner);
    }
    return { owner, words, keys: seen };
  });
}

// The part of the details that lists them; values stay in the workflow file.
function configPart(node) {
  const found = configOf(node);
  const count = found.flatMap((each) => each.keys).filter((key) => !key.hiddenBy).length;
  return part(
    "Config", count,
    found.map((each) => html(
      "section", { class: "from" },
      html("h4", {}, ...ownerWords(each)),
      html("ul", { class: "keys" }, each.keys.map((key) => keyElement(key))),
    )),
    found.length ? null : html("p", { class: "none" }, "No key is set here or above."),
    html("p", { class: "note" },
      "In look-up order. Defaults of classes, then the environment, are looked up when it is built. Values are not shown."),
  );
}

function ownerWords({ owner, words }) {
  if (words) return ["Its own"];
  if (owner.isGroup) return ["Layer ", itemLink(owner)];
  return ["Inherited from ", itemLink(owner)];
}

function keyElement({ name, place, hiddenBy }) {
  const hider = hiddenBy && (hiddenBy.isGroup ? groupTitle(hiddenBy) : shown(hiddenBy.name));
  return html(
    "li", { class: hiddenBy ? "hides" : null },
    html("code", {}, shown(name)),
    hider ? html("span", { class: "why" }, `set nearer, in ${hider}`) : null,
    place ? placeElement(place) : null,
  );
}
