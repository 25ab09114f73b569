// Who is given what: answered from the links between groups and the names in them.

const homes = new Map();

for (const node of nodes) {
  if (!homes.has(node.name)) homes.set(node.name, new Set());
  homes.get(node.name).add(node.group);
}

// What an integration is given, nearest group first: [{link, given, hidden}] with hidden as
// pairs of an integration and the nearer one that is given in its place.
function givenTo(node) {
  const nearest = new Map();
  const found = [];
  for (const link of node.group.linked) {
    if (link.kind.tree || link.kind.mutual) continue;
    const [given, hidden] = [[], []];
    for (const member of link.source.members) {
      if (!nearest.has(member.name)) given.push(member);
      else hidden.push([member, nearest.get(member.name)]);
    }
    for (const member of given) nearest.set(member.name, member);
    found.push({ link, given, hidden });
  }
  return found;
}

// The groups whose members an integration is given to: [link].
function receiversOf(node) {
  return node.group.links.filter(
    (link) => !link.kind.tree && !link.kind.mutual && !isHidden(node, link.target),
  );
}

// Whether a group is given something nearer of an integration's name.
function isHidden(node, target) {
  const named = homes.get(node.name);
  if (named.size === 1) return false;
  for (const link of target.linked) {
    if (link.source === node.group) return false;
    if (!link.kind.tree && !link.kind.mutual && named.has(link.source)) return true;
  }
  return false;
}

// The members of its group that an integration sees: [{link, peers}], one for each such kind.
function peersOf(node) {
  return node.group.linked
    .filter((link) => link.kind.mutual && link.source === node.group)
    .map((link) => ({ link, peers: node.group.members.filter((member) => member !== node) }));
}

// Those that have to do with an integration, each with what it is to it.
function relatedTo(node) {
  const related = new Map([[node, "selected"]]);
  const add = (other, role) => related.has(other) || related.set(other, role);
  if (isKindShown((kind) => kind.tree)) {
    if (node.parent) add(node.parent, "family");
    for (const group of node.below) for (const child of group.members) add(child, "family");
  }
  for (const { link, given } of givenTo(node)) {
    if (link.kind.isShown) for (const source of given) add(source, "given");
  }
  for (const { link, peers } of peersOf(node)) {
    if (link.kind.isShown) for (const peer of peers) add(peer, "peer");
  }
  for (const link of receiversOf(node)) {
    if (link.kind.isShown) for (const target of link.target.members) add(target, "receiver");
  }
  return related;
}

function isKindShown(test) {
  return KINDS.some((kind) => test(kind) && kind.isShown);
}
